"""What terminals committed: recorded exactly once, whatever is repeated, cut or late."""

from typing import Any

from tests.relay.conftest import Hospital
from tests.relay.sent_receipts import receipt


async def sync(hospital: Hospital, *sent: dict[str, Any], key: str | None = None) -> dict[str, Any]:
    answer = await hospital.post("/api/sync/receipts", {"receipts": list(sent)}, key=key)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def test_cash_that_was_taken_settles_its_invoice(hospital: Hospital):
    said = await sync(hospital, receipt(1))
    (answer,) = said["answers"]
    assert (answer["result"], answer["outcome"], said["last_number"]) == ("accepted", "settled", 1)
    assert (await hospital.http.get("/api/invoices/1")).json()["status"] == "paid"


async def test_a_batch_may_be_sent_again_whole_or_cut(hospital: Hospital):
    batch = [receipt(n, invoice_id=n) for n in (1, 2, 3)]
    await sync(hospital, *batch[:2])
    again = await sync(hospital, *batch)
    assert [answer["result"] for answer in again["answers"]] == ["repeated", "repeated", "accepted"]
    assert hospital.rows("payment") == 3
    same = await sync(hospital, *batch, key="same-batch")
    assert await sync(hospital, *batch, key="same-batch") == same


async def test_an_invoice_paid_elsewhere_meanwhile_makes_a_deposit_and_a_task(hospital: Hospital):
    await hospital.post("/api/payments/confirm", {"invoice_id": 1, "amount": "4850", "payment_method": "cash"})
    (answer,) = (await sync(hospital, receipt(1)))["answers"]
    assert (answer["result"], answer["outcome"], answer["deposited"]) == ("accepted", "deposit", "4850.00")
    tasks = (await hospital.http.get("/api/tasks")).json()["tasks"]
    assert [(task["kind"], task["amount"]) for task in tasks] == [("overpaid", "4850.00")]


async def test_one_receipt_that_cannot_be_taken_does_not_hold_up_the_others(hospital: Hospital):
    wrong_change = receipt(2, invoice_id=2) | {"change": "1.00"}
    no_uuid = receipt(3, invoice_id=3) | {"uid": "x"}
    unknown_series = receipt(1, invoice_id=4, series="T77A")
    said = await sync(hospital, receipt(1), wrong_change, no_uuid, unknown_series, receipt(2, invoice_id=5))
    results = [(answer["result"], answer["code"]) for answer in said["answers"]]
    assert results == [
        ("accepted", ""),
        ("refused", "invalid"),
        ("refused", "invalid"),
        ("refused", "series-unknown"),
        ("accepted", ""),
    ]
    assert said["answers"][2]["uid"] == "x"
    assert said["answers"][1]["message"]
    assert said["last_number"] == 2


async def test_one_number_with_two_contents_is_a_conflict_for_a_person(hospital: Hospital):
    await sync(hospital, receipt(1))
    (answer,) = (await sync(hospital, receipt(1, invoice_id=2)))["answers"]
    assert (answer["result"], answer["code"]) == ("refused", "receipt-conflict")
    assert "receipt-conflict" in [task.kind for task in await hospital.tasks()]


async def test_a_gap_in_the_series_is_told(hospital: Hospital):
    said = await sync(hospital, receipt(1), receipt(4, invoice_id=2))
    assert said["last_number"] == 1
    assert "receipt-gap" in [task.kind for task in await hospital.tasks()]


async def test_the_patient_is_the_invoices_and_not_what_the_terminal_says(hospital: Hospital):
    sent = receipt(1)
    sent["invoice"]["patient_id"] = 2**62
    (answer,) = (await sync(hospital, sent))["answers"]
    assert answer["result"] in {"accepted", "refused"}
    if answer["result"] == "accepted":
        page = (await hospital.http.get("/api/payments/transactions")).json()
        assert page["transactions"][0]["patient_id"] == 1
