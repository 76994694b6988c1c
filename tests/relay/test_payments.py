"""Collecting money through the API."""

import asyncio
import uuid
from typing import Any

import pytest

from hmis_pos.domain.errors import OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.relay.idempotency import REPLAYED
from tests.relay.conftest import BEGAN, Hospital, until
from tests.support.daraja_bodies import c2b


async def test_initiate_prompts_the_phone_once_and_answers_pending(hospital: Hospital):
    answer = await hospital.initiate(1, phone_number="0722 000 001")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["status"] == "pending"
    assert said["terminal"] == "T01A"
    (order,) = hospital.gateway.orders
    assert order.phone == "254722000001"
    assert order.callback_url.startswith("https://pay.hospital.example/cb/")
    assert order.callback_url.rpartition("/")[2] not in answer.text
    assert (await hospital.transaction(said["transaction_id"]))["evidence"][0]["kind"] == "accepted"


async def test_the_terminals_own_uid_is_kept(hospital: Hospital):
    uid = str(uuid.uuid4())
    assert (await hospital.initiate(1, uid=uid)).json()["transaction_id"] == uid


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (OutcomeUnknown("no answer in time", code="timeout"), "unknown"),
        (Unavailable("no connection"), "failed"),
        (
            Evidence(kind=EvidenceKind.REFUSED, source=Source.SUBMIT, observed_at=BEGAN, code="400.002.02", text="Bad"),
            "failed",
        ),
    ],
)
async def test_what_the_gateway_says_at_the_door_is_the_answer(hospital: Hospital, said, status):
    hospital.gateway.answers.append(said)
    answer = await hospital.initiate(1)
    assert (answer.status_code, answer.json()["status"]) == (200, status)


async def test_fifty_identical_submits_make_one_push_and_fifty_equal_answers(hospital: Hospital):
    async def submit() -> Any:
        for _ in range(2000):
            answer = await hospital.initiate(1, key="one-intent")
            if answer.status_code != 409:
                return answer
            assert answer.json()["code"] == "idempotency-running"
            assert answer.headers["Retry-After"] == "1"
            await asyncio.sleep(0.01)
        raise AssertionError("it runs for ever")

    answers = await asyncio.gather(*(submit() for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(hospital.gateway.orders) == 1
    assert sum(REPLAYED in answer.headers for answer in answers) == 49
    assert hospital.rows("payment") == 1


async def test_fifty_submits_with_keys_of_their_own_make_one_push(hospital: Hospital):
    answers = await asyncio.gather(*(hospital.initiate(1) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"attempt-open"}
    assert len(hospital.gateway.orders) == 1


async def test_a_key_stands_for_one_body(hospital: Hospital):
    assert (await hospital.initiate(1, key="the-same-key")).status_code == 200
    other = await hospital.initiate(2, key="the-same-key")
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency-mismatch"
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert len(hospital.gateway.orders) == 1


async def test_a_running_key_says_when_to_come_back(hospital: Hospital):
    hospital.gateway.slow = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(hospital.initiate(1, key="slow-key-1"))
        await until(lambda: bool(hospital.gateway.orders))
        second = await hospital.initiate(1, key="slow-key-1")
        hospital.gateway.slow.set()
    assert (second.status_code, second.json()["code"]) == (409, "idempotency-running")
    assert second.json()["retry_at"]
    assert first.result().status_code == 200


async def test_two_users_with_one_key_do_not_meet(hospital: Hospital):
    assert (await hospital.initiate(1, key="same-for-both")).status_code == 200
    await hospital.sign_in("supervisor")
    answer = await hospital.initiate(1, key="same-for-both")
    assert answer.json()["code"] == "attempt-open"


async def test_a_refused_request_leaves_its_key_free(hospital: Hospital):
    refused = await hospital.initiate(1, key="key-to-mend", amount="4850.50")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "amount")
    assert (await hospital.initiate(1, key="key-to-mend", amount="4850")).status_code == 200


async def test_a_patient_is_not_asked_again_while_the_phone_rings(hospital: Hospital):
    await hospital.initiate(1)
    again = await hospital.initiate(1)
    assert (again.status_code, again.json()["code"]) == (409, "attempt-open")
    assert again.json()["cure"]


async def test_stop_waiting_and_stop_again(hospital: Hospital):
    uid = (await hospital.initiate(1)).json()["transaction_id"]
    stopped = await hospital.post(f"/api/payments/{uid}/stop", {"reason": "left"})
    assert (stopped.status_code, stopped.json()["status"]) == (200, "cancelled")
    assert (await hospital.post(f"/api/payments/{uid}/stop", {"reason": "left"})).status_code == 200
    missing = await hospital.post(f"/api/payments/{uuid.uuid4()}/stop", {})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (404, "uid")


async def test_confirm_by_hand_settles_the_invoice(hospital: Hospital):
    body = {"invoice_id": 3, "amount": "4000.00", "payment_method": "cash", "tendered": "5000"}
    answer = await hospital.post("/api/payments/confirm", body, key="counted-cash")
    said = answer.json()
    assert answer.status_code == 200, answer.text
    assert (said["status"], said["received"], said["change"]) == ("completed", "4000.00", "1000.00")
    assert (await hospital.post("/api/payments/confirm", body, key="counted-cash")).content == answer.content
    invoice = (await hospital.http.get("/api/invoices/3")).json()
    assert (invoice["paid"], invoice["payable"], invoice["status"]) == ("4000.00", "850.00", "open")


async def test_mpesa_is_never_confirmed_by_hand(hospital: Hospital):
    answer = await hospital.post(
        "/api/payments/confirm", {"invoice_id": 3, "amount": "1", "payment_method": "mpesa", "gateway_reference": "X"}
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "payment_method")


async def test_transactions_filters_and_pages(hospital: Hospital):
    for invoice_id in (1, 2, 3):
        assert (await hospital.initiate(invoice_id)).status_code == 200
    await hospital.post("/api/payments/confirm", {"invoice_id": 4, "amount": "100", "payment_method": "cash"})
    await hospital.confirm(c2b(BusinessShortCode="600999", BillRefNumber="INV-20005", TransTime="20261122113140"))
    seen: list[int] = []
    cursor = ""
    while True:
        page = (await hospital.http.get("/api/payments/transactions", params={"limit": 3, "cursor": cursor})).json()
        seen += [one["invoice_id"] for one in page["transactions"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [5, 4, 3, 2, 1]

    async def found(**query: Any) -> list[int]:
        answer = await hospital.http.get("/api/payments/transactions", params=query)
        assert answer.status_code == 200, answer.text
        return [one["invoice_id"] for one in answer.json()["transactions"]]

    assert await found(payment_method="cash") == [4]
    assert await found(channel="paybill") == [5]
    assert await found(channel="counter") == [4, 3, 2, 1]
    assert await found(channel=["paybill", "code"], payment_method="cash") == []
    assert await found(status=["completed", "failed"]) == [5, 4]
    assert await found(invoice_id=2) == [2]
    assert await found(patient_id=3) == [3]
    assert await found(search="INV-20002") == [2]
    assert await found(processed_by="supervisor") == []
    assert await found(terminal="T01A") == [4, 3, 2, 1]
    assert await found(since="2026-11-22T08:32:00Z") == []
    assert await found(until="2026-11-22T11:32:00+03:00") == [5, 4, 3, 2, 1]


async def test_another_facility_sees_and_touches_nothing(hospital: Hospital):
    uid = (await hospital.initiate(1)).json()["transaction_id"]
    await hospital.sign_in("elsewhere")
    del hospital.http.headers["X-Terminal"]
    assert (await hospital.http.get(f"/api/payments/transactions/{uid}")).status_code == 404
    assert (await hospital.http.get("/api/invoices/1")).status_code == 404
    assert (await hospital.http.get("/api/payments/transactions")).json()["transactions"] == []
    assert (await hospital.post(f"/api/payments/{uid}/stop", {})).status_code == 404
    assert (await hospital.initiate(1)).status_code == 404


async def test_without_mpesa_the_gateway_is_unavailable(open_hospital):
    async with open_hospital() as hospital:
        await hospital.sign_in()
        hospital.relay.ctx.gateways.clear()  # as a relay with HMIS_METHODS=cash
        answer = await hospital.initiate(1)
        assert (answer.status_code, answer.json()["code"]) == (503, "gateway-missing")
        assert hospital.rows("payment") == 0
