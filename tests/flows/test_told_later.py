"""What is told of money after the books know it: without its receipt number, with another amount, or a day late."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.config import TransactionType
from hmis_pos.simulators.daraja import Behaviour, Delivery
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from hmis_pos.simulators.daraja.statement_files import as_csv
from tests.support.complaints import PAYER, PHONE, asked, new_unmatched, open_tasks, release
from tests.support.house import C2B_TOKEN, opened

#: Paid, and its callback is lost: the query says so, without a receipt number.
SILENT = Behaviour(outcome="pay", deliveries=())
TILL = {"transaction_type": TransactionType.TILL, "party_b": "5555555", "pull": False}


async def show(house, code, number):
    """A cashier types the code of an SMS for an invoice; the check once Safaricom has answered."""
    invoice = await house.invoice(number)
    answer = await house.post("/api/payments/mpesa/code", {"invoice_id": invoice["id"], "code": code})
    await house.settle()
    return await house.get(f"/api/payments/mpesa/code/{answer.json()['check_uid']}")


async def assured(house, number="INV-20931", amount="4850", phone=PHONE):
    """A prompt that the query calls paid; returns (its payment's uid, the receipt number on the patient's phone)."""
    before = {movement.receipt for movement in house.daraja.state.ledger.movements()}
    uid = await asked(house, number, amount, phone)
    house.clock.at += timedelta(seconds=30)
    await house.work("chase")
    payment = await house.transaction(uid)
    assert (payment["status"], payment["provider_receipt"]) == ("completed", "")
    (receipt,) = {movement.receipt for movement in house.daraja.state.ledger.movements()} - before
    return uid, receipt


# ---------------------------------------------------------------- without its receipt number


@pytest.fixture
async def counter(url):
    """Every callback is lost, and Safaricom's list is not read: only queries and codes tell of money."""
    async with opened(url, mpesa={"pull": False}, default_behaviour=SILENT) as house:
        yield house
        assert await house.breaches() == []


async def test_the_code_of_a_prompt_that_was_paid_does_not_pay_another_invoice_too(counter):
    uid, receipt = await assured(counter)
    check = await show(counter, receipt, "INV-20934")
    assert (check["state"], check["reason"]) == ("refused", "other-invoice")
    assert check["used"]["payment_uid"] == uid
    assert (await counter.transaction(uid))["provider_receipt"] == receipt
    assert (await counter.invoice("INV-20934"))["paid"] == "0.00"


async def test_the_code_of_a_prompt_shown_for_its_own_invoice_brings_its_receipt_number(counter):
    uid, receipt = await assured(counter)
    check = await show(counter, receipt, "INV-20931")
    assert (check["state"], check["payment_uid"]) == ("proven", uid)
    payment = await counter.transaction(uid)
    assert (payment["provider_receipt"], payment["received"], payment["deposited"]) == (receipt, "4850.00", "0.00")


async def test_another_phones_money_is_not_the_prompts(counter):
    """The same amount in the same minute, by somebody who was not asked."""
    uid, _ = await assured(counter)
    payment = await counter.pay(4850, "", PAYER, behaviour=PaymentBehaviour(deliveries=()))
    check = await show(counter, payment.receipt, "INV-20934")
    assert (check["state"], (await counter.transaction(uid))["provider_receipt"]) == ("proven", "")


async def test_of_several_prompts_that_were_paid_a_person_decides(sqlite_url):
    """One phone paid the same amount for two invoices, and the code may be of either; the list names the account in the end."""
    async with opened(sqlite_url, default_behaviour=SILENT) as house:
        first, early = await assured(house, amount="500")
        house.clock.at += timedelta(minutes=3)
        second, late = await assured(house, "INV-20934", "500")
        for receipt in (early, late):
            house.daraja.pull.hide(receipt, 900)
        for _ in range(2):  # nor does showing it again let the code decide
            check = await show(house, late, "INV-20943")
            assert (check["state"], check["reason"]) == ("refused", "")
        assert [one["amount"] for one in await new_unmatched(house)] == ["500.00"]
        assert any("INV-20931 or INV-20934" in text for text in await open_tasks(house, "unmatched"))
        assert (await house.invoice("INV-20943"))["paid"] == "0.00"
        await house.pass_time(1000)
        found = [(await house.transaction(uid))["provider_receipt"] for uid in (first, second)]
        assert (found, await new_unmatched(house)) == ([early, late], [])
        assert await house.breaches() == []


@pytest.mark.parametrize("first", ["query", "confirmation"])
async def test_a_tills_confirmation_and_its_prompts_query_are_one_payment(sqlite_url, first):
    """The twin names no account; the callback is lost. Whichever is heard first, the money is one."""
    behaviour = Behaviour(outcome="pay", deliveries=(Delivery(say="twin", held=True),))
    async with opened(
        sqlite_url, mpesa=TILL, tills=("5555555",), c2b_confirmation_url="ours", default_behaviour=behaviour
    ) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        house.clock.at += timedelta(seconds=30)
        if first == "query":
            await house.work("chase")
            await release(house)
        else:
            await release(house)
            await house.work("chase")
        if first == "confirmation":
            check = await show(house, (await new_unmatched(house))[0]["receipt_no"], "INV-20934")
            assert (check["state"], check["reason"]) == ("refused", "other-invoice")
        payment = await house.transaction(uid)
        assert (payment["status"], payment["received"]) == ("completed", "4850.00")
        assert payment["provider_receipt"]
        assert await new_unmatched(house) == []
        assert (await house.invoice("INV-20934"))["paid"] == "0.00"
        assert await house.breaches() == []


@pytest.mark.parametrize("first", ["query", "twin"])
async def test_the_twin_of_a_large_push_leaves_no_claim_behind(sqlite_url, first):
    """Above the limit both the result and its C2B twin are doubted; without Status and list the query alone proves them."""
    held = Behaviour(outcome="pay", deliveries=(Delivery(say="twin", held=True),))  # its own result is lost
    usual = Behaviour(outcome="pay", deliveries=("twin", "truth"))
    async with opened(
        sqlite_url,
        mpesa={"pull": False, "initiator": "", "initiator_password": "", "certificate": ""},
        rules={"confirm_above": Money.whole(1000)},
        c2b_confirmation_url="ours",
        default_behaviour=held if first == "query" else usual,
    ) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        house.clock.at += timedelta(seconds=30)
        await house.work("chase")
        if first == "query":
            await release(house)
        payment = await house.transaction(uid)
        assert (payment["status"], bool(payment["provider_receipt"])) == ("completed", True)
        for _ in range(6):
            await house.pass_time(10 * 3600)
        assert "claim" not in await house.tasks()
        assert await house.breaches() == []


# ---------------------------------------------------------------- with another amount


async def test_less_than_was_refunded_cannot_have_come(sqlite_url):
    """All of 1,000 came and went back; a second confirmation of the same receipt says 999."""
    async with opened(sqlite_url, mpesa={"pull": False}, c2b_confirmation_url="ours") as house:
        paid = await house.pay(1000, "INV-20931", PAYER)
        (payment,) = await house.payments((await house.invoice("INV-20931"))["id"])
        body = {"transaction_id": payment["transaction_id"], "amount": "1000", "reason": "paid for the wrong visit"}
        refund = (await house.post("/api/payments/refund", body)).json()
        await house.sign_in("supervisor")
        await house.post(f"/api/refunds/{refund['refund_uid']}/approve", {"note": "seen"})
        await house.work("refunds")
        for receipt, amount in ((paid.receipt, "999.00"), ("TOTHER0001", "500.00")):
            said = {
                "TransactionType": "Pay Bill",
                "TransID": receipt,
                "TransTime": "20261122143000",
                "TransAmount": amount,
                "BusinessShortCode": house.relay.settings.mpesa.shortcode,
                "BillRefNumber": "INV-20931",
            }
            await house.http.post(f"/cb/{C2B_TOKEN}", content=json.dumps(said))
        await house.settle()
        assert await house.database.read(lambda books: books.inbox.depth()) == 0
        after = await house.transaction(payment["transaction_id"])
        assert (after["status"], after["received"]) == ("refunded", "1000.00")
        (task,) = await open_tasks(house, "amount-differs")
        assert "1,000.00 of this payment was refunded" in task
        assert "999.00" in task
        assert (await house.invoice("INV-20931"))["paid"] == "500.00"  # the one behind it is read


# ---------------------------------------------------------------- a day late


async def test_a_prompt_proven_a_day_later_was_paid_when_it_was_paid(sqlite_url):
    """Neither callback nor query told of it; the next day's statement must not miss what the first day's statement proved."""
    lost = Behaviour(outcome="pay", deliveries=(), query=("unavailable",))
    async with opened(sqlite_url, mpesa={"pull": False}, default_behaviour=lost) as house:
        uid = await asked(house)
        when = house.clock.now()
        await house.pass_time(86_400)
        await house.import_statement()
        payment = await house.transaction(uid)
        assert (payment["status"], payment["paid_at"]) == ("completed", when.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        since = house.clock.now()
        await house.pass_time(86_400)
        await house.pay(100, "INV-20934", PAYER)
        await house.pass_time(86_400)
        found = await house.import_statement(as_csv(house.daraja.statement(since, house.clock.now())), "next.csv")
        assert "MISSING_THERE" not in [count["line_class"] for count in found["counts"]]
        assert await open_tasks(house, "missing-there") == []


@pytest.mark.parametrize(
    ("said", "believed"), [("20261122143140", True), ("20251122143140", False), ("20271122143140", False)]
)
async def test_a_time_that_cannot_be_is_not_believed(sqlite_url, said, believed):
    async with opened(sqlite_url, default_behaviour=Behaviour(outcome="pay", deliveries=())) as house:
        uid = await asked(house)
        record = await house.database.read(lambda books: books.payments.get(UUID(uid)))
        assert record is not None
        items = [
            {"Name": "Amount", "Value": 4850},
            {"Name": "MpesaReceiptNumber", "Value": "SLI7XK2QPT"},
            {"Name": "TransactionDate", "Value": int(said)},
        ]
        result = {
            "MerchantRequestID": "m",
            "CheckoutRequestID": record.provider_request,
            "ResultCode": 0,
            "ResultDesc": "-",
            "CallbackMetadata": {"Item": items},
        }
        await house.http.post(f"/cb/{record.callback_token}", json={"Body": {"stkCallback": result}})
        await house.settle()
        payment = await house.transaction(uid)
        assert (payment["status"], payment["paid_at"]) == (
            "completed",
            "2026-11-22T11:31:40.000000Z" if believed else "",
        )
