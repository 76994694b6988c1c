"""Unmatched money, refunds, codes and the merchant's M-Pesa through the API: who may do what, once."""

import base64
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hmis_pos.db.central.stores.answers import AnswerStore
from hmis_pos.domain.errors import Unavailable
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.money import Money
from tests.relay.conftest import BEGAN, C2B_TOKEN, Hospital
from tests.relay.test_paybill import paid
from tests.support import daraja_bodies

REASON = "the patient paid twice"


async def stray(hospital: Hospital, receipt: str = "TAB1CD2EFG", amount: str = "4850.00") -> int:
    """Money for an account that nobody has; its number."""
    body = paid(TransID=receipt, TransAmount=amount, BillRefNumber="INV-29999", MSISDN="254722000126")
    assert (await hospital.confirm(body)).status_code == 200
    page = (await hospital.http.get("/api/unmatched", params={"search": receipt})).json()
    return int(page["unmatched"][0]["unmatched_id"])


async def settled(hospital: Hospital, receipt: str = "TAB1CD2EFG") -> dict[str, Any]:
    """A payer's own payment of invoice 1."""
    await hospital.confirm(paid(TransID=receipt))
    listed = (await hospital.http.get("/api/payments/transactions", params={"search": receipt})).json()
    found: dict[str, Any] = listed["transactions"][0]
    return found


def wish(payment: dict[str, Any], amount: str = "4850.00", **more: str) -> dict[str, str]:
    return {"transaction_id": payment["transaction_id"], "amount": amount, "reason": REASON} | more


async def repeated(hospital: Hospital, path: str, body: dict[str, Any], user: str = "cashier") -> httpx.Response:
    """The relay dies between doing and answering; the same request comes again when its key is free."""
    with pytest.MonkeyPatch.context() as patch:

        def away(*_: object) -> None:
            raise Unavailable("the database is away")

        patch.setattr(AnswerStore, "finish", away)
        assert (await hospital.post(path, body, key="one-intent")).status_code == 503
    hospital.clock.at += timedelta(seconds=130)
    await hospital.step("refunds")
    await hospital.sign_in(user)
    answer = await hospital.post(path, body, key="one-intent")
    assert answer.status_code == 200, answer.text
    return answer


async def test_what_waits_is_listed_oldest_first_and_pages(hospital: Hospital):
    numbers = [await stray(hospital, f"TAB1CD2EF{n}", f"{n + 1}00.00") for n in range(3)]
    first = (await hospital.http.get("/api/unmatched", params={"limit": 2})).json()
    assert [one["unmatched_id"] for one in first["unmatched"]] == numbers[:2]
    assert (first["open_count"], first["open_total"]) == (3, "600.00")
    assert first["oldest_since"] == "2026-11-22T08:31:00.000000Z"
    rest = (await hospital.http.get("/api/unmatched", params={"limit": 2, "cursor": first["next"]})).json()
    assert ([one["unmatched_id"] for one in rest["unmatched"]], rest["next"]) == (numbers[2:], "")
    text = (await hospital.http.get("/metrics")).text
    assert "hmis_pos_unmatched_open 3.0" in text
    assert "hmis_pos_unmatched_shillings 600.0" in text


async def test_a_cashier_finds_the_patient_splits_and_the_rest_waits(hospital: Hospital):
    number = await stray(hospital, amount="6000.00")
    detail = (await hospital.http.get(f"/api/unmatched/{number}")).json()
    assert detail["suggestions"] == sorted(detail["suggestions"], key=lambda one: -one["score"])
    taken = await hospital.post(f"/api/unmatched/{number}/take")
    assert (taken.status_code, taken.json()["money"]["owner"]) == (200, "cashier")
    shares = [{"invoice_id": 1, "amount": "4850"}, {"invoice_id": 2, "amount": "1000.00"}]
    answer = await hospital.post(f"/api/unmatched/{number}/assign", {"shares": shares, "note": "seen at the counter"})
    said = answer.json()
    assert (answer.status_code, said["money"]["remaining"]) == (200, "150.00")
    assert [(part["invoice_id"], part["amount"], part["by"]) for part in said["parts"]] == [
        (1, "4850.00", "cashier"),
        (2, "1000.00", "cashier"),
    ]
    assert (await hospital.http.get("/api/invoices/1")).json()["status"] == "paid"
    more = await hospital.post(
        f"/api/unmatched/{number}/assign", {"shares": [{"invoice_id": 3, "amount": "151"}]}, key="too-much-1"
    )
    assert (more.status_code, more.json()["code"]) == (409, "above-remaining")
    wrong = await hospital.post(f"/api/unmatched/{number}/assign", {"shares": [{"invoice_id": 3, "amount": "-1"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "shares[0].amount")


async def test_the_same_assignment_twice_is_one(hospital: Hospital):
    number = await stray(hospital)
    body = {"shares": [{"invoice_id": 1, "amount": "1000"}]}
    first = await hospital.post(f"/api/unmatched/{number}/assign", body, key="assign-once")
    again = await hospital.post(f"/api/unmatched/{number}/assign", body, key="assign-once")
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (await hospital.http.get("/api/invoices/1")).json()["paid"] == "1000.00"


async def test_a_repeated_assignment_finds_what_it_did(hospital: Hospital):
    number = await stray(hospital)
    shares = [{"invoice_id": 1, "amount": "1000"}, {"invoice_id": 2, "amount": "500"}]
    answer = await repeated(hospital, f"/api/unmatched/{number}/assign", {"shares": shares})
    said = answer.json()
    assert (said["money"]["remaining"], [part["amount"] for part in said["parts"]]) == (
        "3350.00",
        ["1000.00", "500.00"],
    )
    assert (await hospital.http.get("/api/invoices/1")).json()["paid"] == "1000.00"


@pytest.mark.parametrize("what", ["payment", "unmatched"])
async def test_a_repeated_wish_for_money_back_finds_its_refund(hospital: Hospital, what: str):
    if what == "payment":
        path, body = "/api/payments/refund", wish(await settled(hospital), "850.00", phone_number="0722000333")
    else:
        path = f"/api/unmatched/{await stray(hospital)}/refund"
        body = {"amount": "850.00", "reason": REASON, "phone_number": "0722000333"}
    answer = await repeated(hospital, path, body)
    (refund,) = (await hospital.http.get("/api/refunds")).json()["refunds"]
    assert (refund["refund_uid"], refund["amount"]) == (answer.json()["refund_uid"], "850.00")


async def test_a_repeated_approval_tells_what_became_of_it(hospital: Hospital):
    refund = (await hospital.post("/api/payments/refund", wish(await settled(hospital)))).json()
    await hospital.sign_in("supervisor")
    answer = await repeated(hospital, f"/api/refunds/{refund['refund_uid']}/approve", {"note": "seen"}, "supervisor")
    said = answer.json()
    assert (said["state"], said["decided_by"], said["decision_note"]) == ("pending", "supervisor", "seen")
    refused = await hospital.post(f"/api/refunds/{refund['refund_uid']}/reject", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "refund-decided")


async def test_a_repeated_code_tells_what_it_proved(hospital: Hospital):
    await stray(hospital)
    body = {"invoice_id": 1, "code": "TAB1CD2EFG"}
    answer = await repeated(hospital, "/api/payments/mpesa/code", body)
    assert (answer.json()["state"], answer.json()["reason"]) == ("proven", "")


async def test_the_wrong_patients_money_is_moved_back_by_a_supervisor(hospital: Hospital):
    payment = await settled(hospital)
    body = {"payment_uid": payment["transaction_id"], "reason": "it was her sister's"}
    refused = await hospital.post("/api/unmatched/move-back", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "supervisor-needed")
    await hospital.sign_in("supervisor")
    moved = await hospital.post("/api/unmatched/move-back", body)
    assert moved.status_code == 200, moved.text
    assert moved.json()["money"]["remaining"] == "4850.00"
    assert (await hospital.http.get("/api/invoices/1")).json()["paid"] == "0.00"
    said = await hospital.transaction(payment["transaction_id"])
    assert (said["status"], said["refunded"], said["refundable"]) == ("refunded", "4850.00", "0.00")


async def test_a_refund_wants_two_people_and_goes_out_once(hospital: Hospital):
    payment = await settled(hospital)
    asked = await hospital.post("/api/payments/refund", wish(payment))
    refund = asked.json()
    assert (asked.status_code, refund["state"], refund["route"]) == (200, "requested", "reversal")
    assert (await hospital.transaction(payment["transaction_id"]))["refundable"] == "0.00"
    twice = await hospital.post("/api/payments/refund", wish(payment))
    assert (twice.status_code, twice.json()["code"]) in {(422, "above-refundable"), (409, "above-refundable")}
    path = f"/api/refunds/{refund['refund_uid']}"
    assert (await hospital.post(f"{path}/approve", {})).json()["code"] == "supervisor-needed"
    await hospital.sign_in("supervisor")
    approved = await hospital.post(f"{path}/approve", {"note": "seen"}, key="approve-once")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    again = await hospital.post(f"{path}/approve", {"note": "seen"}, key="approve-once")
    assert again.content == approved.content
    await hospital.step("refunds")
    await hospital.step("refunds")
    (order,) = hospital.gateway.given_back
    assert (order.receipt_no, order.amount) == ("TAB1CD2EFG", Money.whole(4850))
    result = daraja_bodies.result(
        daraja_bodies.listed(Amount="4850.00", OriginalTransactionID="TAB1CD2EFG", TransCompletedTime=20261122120000),
        OriginatorConversationID="",
        ConversationID="AG_1",
        TransactionID="TABREVERSE",
    )
    answer = await hospital.http.post(httpx.URL(order.result_url).path, content=result)
    assert answer.status_code == 200
    await hospital.work_inbox()
    done = (await hospital.http.get(path)).json()
    assert (done["state"], done["decided_by"], done["requested_by"]) == ("completed", "supervisor", "cashier")
    assert done["evidence"]
    assert (await hospital.transaction(payment["transaction_id"]))["status"] == "refunded"
    assert (await hospital.http.get("/api/invoices/1")).json()["paid"] == "0.00"


@pytest.mark.parametrize("who", ["supervisor", "admin"])
async def test_whoever_asks_never_approves_whatever_their_role(hospital: Hospital, who: str):
    payment = await settled(hospital)
    await hospital.sign_in(who)
    refund = (await hospital.post("/api/payments/refund", wish(payment))).json()
    own = await hospital.post(f"/api/refunds/{refund['refund_uid']}/approve", {})
    assert own.status_code == 403
    assert (await hospital.http.get(f"/api/refunds/{refund['refund_uid']}")).json()["state"] == "requested"
    await hospital.sign_in("admin" if who == "supervisor" else "supervisor")
    said = await hospital.post(f"/api/refunds/{refund['refund_uid']}/reject", {"note": "no"})
    assert (said.status_code, said.json()["state"]) == (200, "rejected")
    assert (await hospital.transaction(payment["transaction_id"]))["refundable"] == "4850.00"


async def test_refunds_are_listed_and_filtered(hospital: Hospital):
    payment = await settled(hospital)
    number = await stray(hospital, "TAB1CD2EFZ")
    first = (await hospital.post("/api/payments/refund", wish(payment, phone_number="0722000001"))).json()
    body = {"amount": "4850", "reason": REASON}
    second = await hospital.post(f"/api/unmatched/{number}/refund", body)
    assert (second.status_code, second.json()["unmatched_id"]) == (200, number)
    assert (await hospital.http.get(f"/api/unmatched/{number}")).json()["money"]["remaining"] == "0.00"

    async def found(**query: Any) -> list[str]:
        answer = await hospital.http.get("/api/refunds", params=query)
        assert answer.status_code == 200, answer.text
        return [one["refund_uid"] for one in answer.json()["refunds"]]

    both = [second.json()["refund_uid"], first["refund_uid"]]
    assert await found() == both
    assert await found(state=["requested"]) == both
    assert await found(state=["completed", "failed"]) == []
    assert await found(transaction_id=payment["transaction_id"]) == both[1:]
    assert await found(unmatched_id=number) == both[:1]
    page = (await hospital.http.get("/api/refunds", params={"limit": 1})).json()
    assert await found(limit=1, cursor=page["next"]) == both[1:]


async def test_a_code_that_pays_is_proven_and_one_that_was_used_says_where(hospital: Hospital):
    await stray(hospital)
    answer = await hospital.post("/api/payments/mpesa/code", {"invoice_id": 2, "code": "tab1 cd2efg"})
    said = answer.json()
    assert (answer.status_code, said["state"], said["code"]) == (200, "proven", "TAB1CD2EFG")
    assert (await hospital.transaction(said["payment_uid"]))["channel"] == "code"
    used = (await hospital.post("/api/payments/mpesa/code", {"invoice_id": 3, "code": "TAB1CD2EFG"})).json()
    assert (used["state"], used["reason"], used["used"]["invoice_number"]) == ("refused", "used", "INV-20002")
    assert used["used"]["by"] == "Cashier"
    waits = (await hospital.post("/api/payments/mpesa/code", {"invoice_id": 3, "code": "TABNEVERHE"})).json()
    assert waits["state"] == "waiting"
    look = await hospital.http.get(f"/api/payments/mpesa/code/{waits['check_uid']}")
    assert look.json() == waits
    assert "hmis_pos_checks_waiting 1.0" in (await hospital.http.get("/metrics")).text
    bad = await hospital.post("/api/payments/mpesa/code", {"invoice_id": 3, "code": "!!"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "code")


async def test_the_merchants_mpesa_and_the_patients_qr(hospital: Hospital):
    status = (await hospital.http.get("/api/mpesa")).json()
    assert (status["shortcode"], status["is_till"]) == ("600999", False)
    assert "pull" in status["features"]
    pay = (await hospital.http.get("/api/mpesa/qr", params={"invoice_id": 1, "amount": "850"})).json()
    assert (pay["shortcode"], pay["account"], pay["amount"]) == ("600999", "INV-20001", "850.00")
    assert base64.b64decode(pay["png"]) == b"PNG of INV-20001 850.00 400"
    for path in ("/api/mpesa/balance", "/api/mpesa/resume-payouts"):
        assert (await hospital.post(path)).json()["code"] == "supervisor-needed"
    await hospital.sign_in("supervisor")
    assert (await hospital.post("/api/mpesa/resume-payouts")).status_code == 200


async def test_the_list_is_read_on_demand_and_finds_what_no_callback_told(hospital: Hospital):
    from hmis_pos.cashier.records_back_office import ProviderMoney  # noqa: PLC0415

    hospital.gateway.feed.append(
        ProviderMoney(
            provider="mpesa",
            source=Source.PULL,
            receipt_no="TABLOST001",
            amount=Money.whole(4850),
            observed_at=BEGAN,
            account="INV-20004",
            paid_at=BEGAN,
        )
    )
    answer = await hospital.post("/api/feeds/pull")
    assert (answer.status_code, answer.json()["pull_good_at"]) == (200, "2026-11-22T08:31:00.000000Z")
    assert (await hospital.http.get("/api/invoices/4")).json()["status"] == "paid"
    assert await hospital.step("pull") == 0  # not due yet
    hospital.clock.forward(minutes=10)
    await hospital.sign_in()
    assert await hospital.step("pull") == 1
    text = (await hospital.http.get("/metrics")).text
    assert "hmis_pos_feed_lag_seconds 0.0" in text
    codes = [(await hospital.post("/api/feeds/pull")).status_code for _ in range(4)]
    assert codes[-1] == 429


async def test_another_facility_sees_and_touches_nothing_of_it(hospital: Hospital):
    number, payment = await stray(hospital, "TAB1CD2EFZ"), await settled(hospital)
    refund = (await hospital.post("/api/payments/refund", wish(payment))).json()
    check = (await hospital.post("/api/payments/mpesa/code", {"invoice_id": 3, "code": "TABNEVERHE"})).json()
    await hospital.sign_in("elsewhere")
    del hospital.http.headers["X-Terminal"]
    for path in (
        f"/api/unmatched/{number}",
        f"/api/refunds/{refund['refund_uid']}",
        f"/api/payments/mpesa/code/{check['check_uid']}",
    ):
        assert (await hospital.http.get(path)).status_code == 404, path
    share = {"shares": [{"invoice_id": 10, "amount": "1"}]}
    for path, body in (
        (f"/api/unmatched/{number}/assign", share),
        (f"/api/unmatched/{number}/take", None),
        (f"/api/unmatched/{number}/refund", {"amount": "1", "reason": REASON}),
        ("/api/payments/refund", wish(payment)),
        ("/api/payments/mpesa/code", {"invoice_id": 1, "code": "TABNEVERHE"}),
    ):
        assert (await hospital.post(path, body)).status_code == 404, path
    assert (await hospital.http.get("/api/unmatched")).json()["unmatched"] == []
    assert (await hospital.http.get("/api/refunds")).json()["refunds"] == []
    assert (await hospital.http.get("/api/mpesa/qr", params={"invoice_id": 1})).status_code == 404


async def test_every_step_is_told_in_the_feed(hospital: Hospital):
    await hospital.relay.feed.step()
    start = await hospital.database.read(lambda books: books.trail.last_event())
    number = await stray(hospital)
    await hospital.post(f"/api/unmatched/{number}/refund", {"amount": "100", "reason": REASON})
    await hospital.post(f"/api/unmatched/{number}/assign", {"shares": [{"invoice_id": 1, "amount": "4750"}]})
    await hospital.post("/api/payments/mpesa/code", {"invoice_id": 3, "code": "TAB1CD2EFG"})
    kinds = {e.kind for e in await hospital.database.read(lambda books: books.trail.events(start, 500))}
    wanted = {"unmatched.changed", "check.changed", "refund.changed", "payment.changed", "task.opened", "task.closed"}
    assert wanted <= kinds
    stream: Any = hospital.relay.feed.follow(1, start, hospital.clock.now().replace(year=2027))
    assert b"following" in await anext(stream)
    told = b""
    for kind in (b"unmatched.changed", b"check.changed", b"refund.changed", b"payment.changed", b"task.closed"):
        while b"event: " + kind not in told:
            told += await anext(stream)
    await stream.aclose()
    assert str(uuid.UUID(int=0)).encode() not in told
    assert b'"remaining":"0.00"' in told
    assert C2B_TOKEN.encode() not in told
