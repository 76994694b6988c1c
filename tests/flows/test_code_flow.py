"""A patient shows the SMS of a payment: what Safaricom says of its code decides, never the SMS."""

import asyncio
from datetime import timedelta

import pytest

from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.command_desk import CommandDesk
from hmis_pos.simulators.daraja.commands.script import CommandScript, CommandSubmit
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from tests.support.house import opened

PAID_BY = "254722000111"
LOST = PaymentBehaviour(deliveries=())


@pytest.fixture
async def house(sqlite_url):
    async with opened(sqlite_url, c2b_confirmation_url="ours") as house:
        yield house
        assert await house.breaches(settled=False) == []


async def show(house, code, number="INV-20931"):
    """The cashier types a code; returns what the screen would know once Safaricom has answered."""
    invoice = await house.invoice(number)
    answer = await house.post("/api/payments/mpesa/code", {"invoice_id": invoice["id"], "code": code})
    assert answer.status_code in (200, 202), answer.text
    await house.settle()
    return await house.get(f"/api/payments/mpesa/code/{answer.json()['check_uid']}")


async def test_a_lost_confirmation_is_proven_by_its_code(house):
    payment = await house.pay(4850, "MAMA WANJIKU", PAID_BY, behaviour=LOST)
    assert (await house.invoice("INV-20931"))["payable"] == "4850.00"
    check = await show(house, payment.receipt.lower())
    assert (check["state"], check["reason"]) == ("proven", "")
    paid = await house.transaction(check["payment_uid"])
    assert (paid["channel"], paid["received"], paid["processed_by"]) == ("code", "4850.00", "cashier")
    assert (await house.invoice("INV-20931"))["payable"] == "0.00"
    assert await house.breaches() == []


async def test_a_code_used_before_is_told_with_where_when_and_by_whom(house):
    payment = await house.pay(4850, "X", PAID_BY, behaviour=LOST)
    first = await show(house, payment.receipt)
    again = await show(house, payment.receipt, "INV-20934")
    assert (again["state"], again["reason"]) == ("refused", "used")
    used = again["used"]
    assert (used["invoice_number"], used["amount"], used["by"]) == ("INV-20931", "4850.00", "Achieng O.")
    assert used["payment_uid"] == first["payment_uid"]
    assert used["at"]
    assert used["patient_name"]
    assert (await house.invoice("INV-20934"))["paid"] == "0.00"


async def test_money_that_waits_unmatched_is_placed_by_its_code(house):
    payment = await house.pay(850, "WANJIKU", PAID_BY)
    assert len(await house.unmatched()) == len(house.seeded_unmatched) + 1
    check = await show(house, payment.receipt)
    assert check["state"] == "proven"
    assert (await house.invoice("INV-20931"))["payable"] == "4000.00"
    assert await house.unmatched() == house.seeded_unmatched


async def test_a_forged_code_is_refused_once_safaricom_says_twice_that_it_knows_none(house):
    check = await show(house, "TAB1CD2EFG")
    assert check["state"] == "waiting"
    await house.pass_time(61)
    await house.pass_time(300)
    check = await house.get(f"/api/payments/mpesa/code/{check['check_uid']}")
    assert (check["state"], check["reason"]) == ("refused", "unknown")


async def test_two_rounds_at_once_count_as_one_question(sqlite_url):
    """Safaricom says that it knows no such code, twice at the same instant: it may still be a minute behind."""
    async with opened(sqlite_url, mpesa={"pull": False}, c2b_confirmation_url="ours") as house:
        house.daraja.commands.script("status", CommandScript(submit=CommandSubmit(fault="unavailable", accepted=False)))
        check = await show(house, "TAB1CD2EFG")
        unheard = len(house.daraja.commands.all("status"))
        house.daraja.commands.script("status", CommandScript())
        house.clock.at += timedelta(seconds=61)
        await asyncio.gather(*(house.step("checks") for _ in range(2)))
        await house.settle()
        assert len(house.daraja.commands.all("status")) == unheard + 2
        check = await house.get(f"/api/payments/mpesa/code/{check['check_uid']}")
        assert check["state"] == "waiting"
        await house.pass_time(300)
        check = await house.get(f"/api/payments/mpesa/code/{check['check_uid']}")
        assert (check["state"], check["reason"]) == ("refused", "unknown")


async def test_a_fault_of_ours_with_one_code_holds_up_no_other(sqlite_url, monkeypatch):
    ask = CommandDesk.ask_status

    async def faulty(desk, question):
        if question.receipt_no == "TAB1CD2EFG":
            raise RuntimeError("nobody foresaw this")
        return await ask(desk, question)

    async with opened(sqlite_url, mpesa={"pull": False}, c2b_confirmation_url="ours") as house:
        payment = await house.pay(4850, "X", PAID_BY, behaviour=LOST)
        house.daraja.commands.script("status", CommandScript(submit=CommandSubmit(fault="unavailable", accepted=False)))
        waiting = [await show(house, code) for code in ("TAB1CD2EFG", payment.receipt)]
        house.daraja.commands.script("status", CommandScript())
        monkeypatch.setattr(CommandDesk, "ask_status", faulty)
        await house.pass_time(61)
        states = [(await house.get(f"/api/payments/mpesa/code/{one['check_uid']}"))["state"] for one in waiting]
        assert states == ["waiting", "proven"]
        assert await house.step("checks") == 0  # its turn comes again, and not at once
        assert await house.breaches() == []


async def test_a_payment_to_somebody_else_is_not_ours(sqlite_url):
    """Another shop's receipt: completed, and to another shortcode."""
    off = {"pull": False}
    async with opened(sqlite_url, mpesa=off, tills=("5555555",), c2b_confirmation_url="ours") as house:
        payment = await house.pay(4850, "", PAID_BY, till="5555555", behaviour=LOST)
        check = await show(house, payment.receipt)
        assert (check["state"], check["reason"]) == ("refused", "not-ours")
        assert (await house.invoice("INV-20931"))["payable"] == "4850.00"


async def test_a_code_of_another_invoice_is_refused_and_the_money_goes_where_its_payer_said(house):
    payment = await house.pay(850, "INV-20934", PAID_BY, behaviour=LOST)
    check = await show(house, payment.receipt, "INV-20931")
    assert (check["state"], check["reason"]) == ("refused", "other-invoice")
    assert check["used"]["invoice_number"] == "INV-20934"
    assert (await house.invoice("INV-20931"))["payable"] == "4850.00"


async def test_an_old_code_is_left_to_a_supervisor(house):
    payment = await house.pay(4850, "X", PAID_BY, behaviour=LOST)
    await house.pass_time(8 * 86_400)
    check = await show(house, payment.receipt)
    assert (check["state"], check["reason"]) == ("refused", "too-old")
    assert len(await house.unmatched()) == len(house.seeded_unmatched) + 1


async def test_a_code_whose_payment_was_not_completed_is_refused(sqlite_url):
    async with opened(sqlite_url, mpesa={"pull": False}, c2b_confirmation_url="ours") as house:
        payment = await house.pay(4850, "X", PAID_BY, behaviour=LOST)
        house.daraja.commands.script("status", CommandScript(status="Cancelled"))
        check = await show(house, payment.receipt)
        assert (check["state"], check["reason"]) == ("refused", "not-completed")


@pytest.mark.parametrize("code", ["", "TAB1", "not a code at all", "TAB1CD2EF/", "TAB1CD2EFÜ"])
async def test_what_is_no_code_is_refused_with_its_form(house, code):
    invoice = await house.invoice("INV-20931")
    answer = await house.post("/api/payments/mpesa/code", {"invoice_id": invoice["id"], "code": code})
    assert answer.status_code in (400, 422), answer.text
    assert "code" in answer.text


async def test_without_status_rights_the_list_proves_it(sqlite_url):
    off = {"initiator": "", "initiator_password": "", "certificate": ""}
    async with opened(sqlite_url, mpesa=off, c2b_confirmation_url="ours") as house:
        payment = await house.pay(4850, "X", PAID_BY, behaviour=LOST)
        assert (await show(house, payment.receipt))["state"] == "proven"
        assert (await house.invoice("INV-20931"))["payable"] == "0.00"
        assert await house.breaches() == []


async def test_a_payment_that_the_list_shows_late_is_proven_when_it_comes(sqlite_url):
    off = {"initiator": "", "initiator_password": "", "certificate": ""}
    async with opened(sqlite_url, mpesa=off, c2b_confirmation_url="ours") as house:
        house.daraja.fail("pull_query", "unavailable", "unavailable")
        payment = await house.pay(4850, "X", PAID_BY, behaviour=LOST)
        assert (await show(house, payment.receipt))["state"] == "waiting"
        await house.pass_time(700)
        await house.pass_time(700)
        assert (await house.invoice("INV-20931"))["payable"] == "0.00"
        assert await house.breaches() == []


async def test_a_confirmation_above_the_limit_counts_once_safaricom_agrees(sqlite_url):
    async with opened(sqlite_url, rules={"confirm_above": Money.whole(1000)}, c2b_confirmation_url="ours") as house:
        await house.pay(850, "INV-20931", PAID_BY)
        assert (await house.invoice("INV-20931"))["payable"] == "4000.00"
        await house.pay(4000, "INV-20931", PAID_BY)
        assert (await house.invoice("INV-20931"))["payable"] == "4000.00"
        await house.work("checks")
        assert (await house.invoice("INV-20931"))["payable"] == "0.00"
        assert await house.breaches() == []


async def test_a_forged_confirmation_above_the_limit_never_counts(sqlite_url):
    forged = PaymentBehaviour(deliveries=("forged",))
    async with opened(sqlite_url, rules={"confirm_above": Money.whole(1000)}, c2b_confirmation_url="ours") as house:
        await house.pay(4850, "INV-20931", PAID_BY, behaviour=forged)
        for _ in range(5):
            await house.pass_time(10 * 3600)
        # What really came was found by the list; the forged receipt stays a task for a person.
        (payment,) = await house.payments((await house.invoice("INV-20931"))["id"])
        assert payment["received"] == "4850.00"
        assert "claim" in await house.tasks()
        assert await house.breaches() == []


async def test_a_push_above_the_limit_completes_with_its_receipt_once_the_query_agrees(sqlite_url):
    async with opened(sqlite_url, rules={"confirm_above": Money.whole(1000)}) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", "0712345418")).json()["transaction_id"]
        await house.settle()
        assert (await house.transaction(uid))["status"] == "unknown"
        await house.work("chase")
        payment = await house.transaction(uid)
        assert payment["status"] == "completed"
        assert payment["provider_receipt"]
        assert await house.breaches() == []
