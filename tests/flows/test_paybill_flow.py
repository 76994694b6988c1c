"""Patients who pay the Paybill by themselves: what they type, what Safaricom tells of it, and where the money ends."""

import pytest

from hmis_pos.simulators.daraja import Delivery
from hmis_pos.simulators.daraja.confirmations import ConfirmationShape, PaymentBehaviour
from tests.support.house import opened

PAID_BY = "254722000111"


@pytest.fixture
async def paybill(sqlite_url):
    async with opened(sqlite_url, c2b_confirmation_url="ours") as house:
        yield house
        assert await house.breaches() == []


@pytest.mark.parametrize(
    "typed",
    ["INV-20931", "inv-20931", "INV 20931", "inv20931", "20931", "2O931", " INV--20931 ", "Inv.20931", "INV/2O931"],
)
async def test_an_account_settles_its_invoice_however_it_is_written(paybill, typed):
    await paybill.pay(4850, typed, PAID_BY)
    invoice = await paybill.invoice("INV-20931")
    assert (invoice["payable"], invoice["status"]) == ("0.00", "paid")
    (payment,) = [p for p in await paybill.payments(invoice["id"]) if p["channel"] == "paybill"]
    assert (payment["status"], payment["received"], payment["processed_by"]) == ("completed", "4850.00", "")
    assert payment["account_typed"] == typed.strip()
    assert await paybill.unmatched() == paybill.seeded_unmatched


@pytest.mark.parametrize("typed", ["LAB-20931", "A/C 20931", "OP20931"])
async def test_other_letters_in_front_settle_nothing_and_propose_the_invoice(paybill, typed):
    await paybill.pay(4850, typed, PAID_BY)
    assert (await paybill.invoice("INV-20931"))["paid"] == "0.00"
    (waiting,) = [one for one in await paybill.unmatched() if one not in paybill.seeded_unmatched]
    best = (await paybill.get(f"/api/unmatched/{waiting['unmatched_id']}"))["suggestions"][0]
    assert best["invoice"]["number"] == "INV-20931"


async def test_a_patient_number_settles_the_patients_only_open_invoice(paybill):
    invoice = await paybill.invoice("INV-20931")
    await paybill.pay(1000, invoice["patient_no"].lower(), PAID_BY)
    assert (await paybill.invoice("INV-20931"))["payable"] == "3850.00"


async def test_an_underpayment_is_a_part_payment(paybill):
    await paybill.pay(850, "INV-20931", PAID_BY)
    invoice = await paybill.invoice("INV-20931")
    assert (invoice["payable"], invoice["status"], invoice["paid"]) == ("4000.00", "open", "850.00")


async def test_what_is_over_becomes_a_deposit_with_a_task(paybill):
    await paybill.pay(5000, "INV-20931", PAID_BY)
    invoice = await paybill.invoice("INV-20931")
    (payment,) = await paybill.payments(invoice["id"])
    assert (payment["allocated"], payment["deposited"]) == ("4850.00", "150.00")
    assert "overpaid" in await paybill.tasks()


async def test_a_paid_invoice_takes_no_more_and_the_money_is_the_patients(paybill):
    await paybill.pay(4850, "INV-20931", PAID_BY)
    await paybill.pay(4850, "INV-20931", "254722000112")
    invoice = await paybill.invoice("INV-20931")
    first, second = sorted(await paybill.payments(invoice["id"]), key=lambda p: p["id"])
    assert (first["allocated"], second["allocated"], second["deposited"]) == ("4850.00", "0.00", "4850.00")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("INV-20939", "no invoice and no patient has this account"),
        ("", "no account was given"),
        ("MAMA", "the account is no number of ours"),
        ("12", "the account is no number of ours"),
    ],
)
async def test_what_means_nobody_waits_with_a_task(paybill, typed, says):
    await paybill.pay(4850, typed, PAID_BY)
    new = [one for one in await paybill.unmatched() if one not in paybill.seeded_unmatched]
    (money,) = new
    assert (money["remaining"], money["account"], money["reason"]) == ("4850.00", typed, says)
    assert "unmatched" in await paybill.tasks()


async def test_the_best_suggestion_is_the_invoice_one_slip_away(paybill):
    await paybill.pay(4850, "INV-20913", "254712345418")
    (money,) = [one for one in await paybill.unmatched() if one not in paybill.seeded_unmatched]
    detail = await paybill.get(f"/api/unmatched/{money['unmatched_id']}")
    best = detail["suggestions"][0]
    assert best["invoice"]["number"] == "INV-20931"
    assert {"near-account", "same-amount", "phone"} <= set(best["reasons"])


async def test_assigning_splits_between_patients_and_can_be_moved_back(paybill):
    await paybill.pay(6000, "SCHOOL", PAID_BY)
    (money,) = [one for one in await paybill.unmatched() if one not in paybill.seeded_unmatched]
    one, other = await paybill.invoice("INV-20931"), await paybill.invoice("INV-20934")
    shares = [{"invoice_id": one["id"], "amount": "4850"}, {"invoice_id": other["id"], "amount": "150.00"}]
    path = f"/api/unmatched/{money['unmatched_id']}"
    answer = await paybill.post(f"{path}/assign", {"shares": shares, "note": "the school pays for both"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["money"]["remaining"] == "1000.00"
    assert (await paybill.invoice("INV-20931"))["payable"] == "0.00"
    assert await paybill.breaches() == []
    too_much = await paybill.post(f"{path}/assign", {"shares": [{"invoice_id": other["id"], "amount": "1000.01"}]})
    assert (too_much.status_code, too_much.json()["code"]) == (409, "above-remaining")
    (placed,) = [p for p in await paybill.payments(other["id"]) if p["channel"] == "unmatched"]
    back = {"payment_uid": placed["transaction_id"], "reason": "the wrong child"}
    assert (await paybill.post("/api/unmatched/move-back", back)).status_code == 403
    await paybill.sign_in("supervisor")
    moved = await paybill.post("/api/unmatched/move-back", back)
    assert moved.status_code == 200, moved.text
    assert moved.json()["money"]["remaining"] == "1150.00"
    assert (await paybill.transaction(placed["transaction_id"]))["status"] == "refunded"
    again = await paybill.post(f"{path}/assign", {"shares": [{"invoice_id": other["id"], "amount": "1150"}]})
    assert again.json()["money"]["remaining"] == "0.00"
    assert await paybill.breaches() == []


async def test_a_payment_matched_to_the_wrong_patient_is_moved_back_and_placed_anew(paybill):
    await paybill.pay(850, "INV-20931", PAID_BY)
    wrong = (await paybill.payments((await paybill.invoice("INV-20931"))["id"]))[0]
    await paybill.sign_in("supervisor")
    moved = await paybill.post(
        "/api/unmatched/move-back", {"payment_uid": wrong["transaction_id"], "reason": "it was for INV-20934"}
    )
    assert moved.status_code == 200, moved.text
    assert (await paybill.invoice("INV-20931"))["payable"] == "4850.00"
    assert await paybill.breaches() == []
    number = moved.json()["money"]["unmatched_id"]
    right = await paybill.invoice("INV-20934")
    shares = {"shares": [{"invoice_id": right["id"], "amount": "850"}]}
    assert (await paybill.post(f"/api/unmatched/{number}/assign", shares)).status_code == 200


async def test_a_business_without_number_and_names_is_taken_in(paybill):
    await paybill.pay(4850, "INV-20931", "", business="MWANGAZA SACCO LIMITED")
    assert (await paybill.invoice("INV-20931"))["payable"] == "0.00"


@pytest.mark.parametrize(
    "shape",
    [
        ConfirmationShape(msisdn="empty", names="missing"),
        ConfirmationShape(msisdn="hashed", names="null"),
        ConfirmationShape(transaction_type="", invoice_number="0", org_balance="empty"),
        ConfirmationShape(receipt="lower", amount="integer"),
        ConfirmationShape(receipt="padded", amount="one_decimal", names="full"),
    ],
    ids=["no number, no names", "hashed", "no type", "lower case", "padded"],
)
async def test_every_shape_of_a_confirmation_settles(paybill, shape):
    await paybill.pay(4850, "INV-20931", PAID_BY, behaviour=PaymentBehaviour(shape=shape))
    assert (await paybill.invoice("INV-20931"))["payable"] == "0.00"


async def test_a_confirmation_told_three_times_counts_once(paybill):
    await paybill.pay(850, "INV-20931", PAID_BY, behaviour=PaymentBehaviour(deliveries=(Delivery(times=3),)))
    assert (await paybill.invoice("INV-20931"))["payable"] == "4000.00"


async def test_money_of_another_shortcode_is_set_aside(sqlite_url):
    async with opened(sqlite_url, c2b_confirmation_url="ours") as house:
        shape = ConfirmationShape(report_shortcode="600999")
        await house.pay(4850, "INV-20931", PAID_BY, behaviour=PaymentBehaviour(shape=shape))
        assert (await house.invoice("INV-20931"))["payable"] == "4850.00"
        assert "bad-callback" in await house.tasks()


async def test_a_tills_money_is_adopted_by_its_own_prompt(sqlite_url):
    """A till's C2B twin names no account and comes first; the prompt's callback then tells whose it is."""
    from hmis_pos.gateways.mpesa.config import TransactionType  # noqa: PLC0415

    till = {"transaction_type": TransactionType.TILL, "party_b": "5555555"}
    async with opened(
        sqlite_url, mpesa=till, c2b_confirmation_url="ours", tills=("5555555",), c2b_twin="before"
    ) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", "0712345418")).json()["transaction_id"]
        await house.settle()
        payment = await house.transaction(uid)
        assert (payment["status"], payment["received"]) == ("completed", "4850.00")
        assert [one for one in await house.unmatched() if one not in house.seeded_unmatched] == []
        assert await house.breaches() == []


async def test_more_money_with_the_prompts_reference_is_a_payment_of_its_own(sqlite_url):
    async with opened(sqlite_url, c2b_confirmation_url="ours") as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4000", "0712345418")).json()["transaction_id"]
        await house.settle()
        reference = (await house.transaction(uid))["account_reference"]
        await house.pay(850, reference, PAID_BY)
        assert (await house.invoice("INV-20931"))["payable"] == "0.00"
        assert (await house.transaction(uid))["received"] == "4000.00"
        assert "paid-twice" not in await house.tasks()
        assert await house.breaches() == []
