"""What gateways post, and what others post in their name (threats T1, T2, T19)."""

import asyncio
import ipaddress
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from hmis_pos.cashier import read_callbacks, settle
from hmis_pos.domain.errors import PosError, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.relay import callbacks
from hmis_pos.relay.callbacks import LONGEST_BODY
from hmis_pos.relay.limits import Limit
from tests.relay.conftest import BEGAN, C2B_TOKEN, Hospital, until

ACCEPTED = {"ResultCode": 0, "ResultDesc": "Accepted"}
SAFARICOM = (ipaddress.ip_network("196.201.214.200/32"),)
PROXY = (ipaddress.ip_network("10.1.1.7/32"),)


def paid(reference: str, *, amount: Any = 4850.00, receipt: str = "SLI7XK2QPT") -> dict[str, Any]:
    items = [
        {"Name": "Amount", "Value": amount},
        {"Name": "MpesaReceiptNumber", "Value": receipt},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": 20261122113140},
        {"Name": "PhoneNumber", "Value": 254722000001},
    ]
    return {
        "Body": {
            "stkCallback": {
                "MerchantRequestID": "m-1",
                "CheckoutRequestID": reference,
                "ResultCode": 0,
                "ResultDesc": "The service request is processed successfully.",
                "CallbackMetadata": {"Item": items},
            }
        }
    }


def declined(reference: str) -> dict[str, Any]:
    said = {"MerchantRequestID": "m-1", "CheckoutRequestID": reference, "ResultCode": 1032, "ResultDesc": "Cancelled"}
    return {"Body": {"stkCallback": said}}


async def ringing(hospital: Hospital, invoice_id: int = 1) -> tuple[str, str, str]:
    """A payment that waits for its callback: (uid, path of its callback, Daraja's reference)."""
    answer = await hospital.initiate(invoice_id)
    path = httpx.URL(hospital.gateway.orders[-1].callback_url).path
    return answer.json()["transaction_id"], path, f"ws_CO_{len(hospital.gateway.orders)}"


async def state(hospital: Hospital, uid: str) -> str:
    return str((await hospital.transaction(uid))["status"])


async def test_a_callback_is_stored_before_it_is_answered_and_then_completes_the_payment(hospital: Hospital):
    uid, path, reference = await ringing(hospital)
    answer = await hospital.http.post(path, json=paid(reference))
    assert (answer.status_code, answer.json()) == (200, ACCEPTED)
    assert hospital.rows("inbox") == 1
    assert await state(hospital, uid) == "pending"  # interpreted later
    assert await hospital.work_inbox() == 1
    said = await hospital.transaction(uid)
    assert (said["status"], said["received"], said["provider_receipt"]) == ("completed", "4850.00", "SLI7XK2QPT")
    assert (await hospital.http.get("/api/invoices/1")).json()["status"] == "paid"


async def test_the_same_callback_ten_times_is_one_payment(hospital: Hospital):
    uid, path, reference = await ringing(hospital)
    answers = await asyncio.gather(*(hospital.http.post(path, json=paid(reference)) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    while await hospital.work_inbox():
        pass
    said = await hospital.transaction(uid)
    assert (said["received"], said["allocated"], said["deposited"]) == ("4850.00", "4850.00", "0.00")
    assert hospital.rows("inbox") == 10
    assert await hospital.tasks() == []


async def test_a_late_success_lifts_a_stopped_payment(hospital: Hospital):
    uid, path, reference = await ringing(hospital)
    await hospital.post(f"/api/payments/{uid}/stop", {})
    await hospital.http.post(path, json=paid(reference))
    await hospital.work_inbox()
    assert await state(hospital, uid) == "completed"


@pytest.mark.parametrize("token", ["ab" * 32, "0" * 64, "c2" * 31 + "c3", "mpesa", "", "AB" * 32, "ab" * 200, "%00"])
async def test_an_unknown_token_is_nothing_and_leaves_an_alert(hospital: Hospital, token: str):
    uid, _, reference = await ringing(hospital)
    answer = await hospital.http.post(f"/cb/{token}", json=paid(reference))
    assert answer.status_code in {400, 404}
    assert await hospital.work_inbox() == 0
    assert await state(hospital, uid) == "pending"
    assert hospital.rows("inbox") == 0
    if answer.status_code == 404:
        (alert,) = await hospital.tasks()
        assert (alert.kind, alert.subject) == ("bad-callback", "callback-guess")
        assert "10.1.1.7" in alert.text


async def test_a_perfect_body_for_another_payment_changes_neither(hospital: Hospital):
    first, path, _ = await ringing(hospital, 1)
    second, _, reference = await ringing(hospital, 2)
    assert (await hospital.http.post(path, json=paid(reference))).status_code == 200
    await hospital.work_inbox()
    assert (await state(hospital, first), await state(hospital, second)) == ("pending", "pending")
    assert [task.kind for task in await hospital.tasks()] == ["bad-callback"]


async def test_a_foreign_address_only_hints_until_the_gateway_agrees(open_hospital):
    async with open_hospital(callback_allow=SAFARICOM) as hospital:
        await hospital.sign_in()
        uid, path, reference = await ringing(hospital)
        forged = {"X-Forwarded-For": "196.201.214.200"}
        assert (await hospital.http.post(path, json=paid(reference), headers=forged)).status_code == 200
        await hospital.work_inbox()
        assert (await hospital.transaction(uid))["received"] == "0.00"  # nothing is credited
        assert await state(hospital, uid) != "completed"
        assert "callback-address:10.1.1.7" in [task.subject for task in await hospital.tasks()]
        agrees = Evidence(kind=EvidenceKind.ASSURED, source=Source.QUERY, observed_at=BEGAN)
        hospital.gateway.answers.append(agrees)
        hospital.clock.forward(seconds=21)
        await hospital.relay.worker.loops[1].step()
        assert hospital.gateway.asked == [reference]
        assert (await hospital.transaction(uid))["received"] == "4850.00"


async def test_safaricom_behind_the_named_proxy_is_believed(open_hospital):
    async with open_hospital(callback_allow=SAFARICOM, trusted_proxies=PROXY) as hospital:
        await hospital.sign_in()
        uid, path, reference = await ringing(hospital)
        spoofed = {"X-Forwarded-For": "196.201.214.200, 203.0.113.9"}  # the right-most hop counts
        await hospital.http.post(path, json=paid(reference), headers=spoofed)
        await hospital.work_inbox()
        assert await state(hospital, uid) != "completed"
        genuine = {"X-Forwarded-For": "203.0.113.9, 196.201.214.200"}
        await hospital.http.post(path, json=paid(reference), headers=genuine)
        await hospital.work_inbox()
        assert await state(hospital, uid) == "completed"


async def test_the_alias_only_hints(hospital: Hospital):
    uid, _, reference = await ringing(hospital)
    answer = await hospital.http.post(
        "/api/payments/mpesa/callback", json=paid(reference), headers={"Authorization": "", "X-Terminal": ""}
    )
    assert (answer.status_code, answer.json()) == (200, ACCEPTED)
    await hospital.work_inbox()
    assert (await hospital.transaction(uid))["received"] == "0.00"
    hospital.gateway.answers.append(Evidence(kind=EvidenceKind.ASSURED, source=Source.QUERY, observed_at=BEGAN))
    hospital.clock.forward(seconds=21)
    await hospital.relay.worker.loops[1].step()
    said = await hospital.transaction(uid)
    assert (said["status"], said["received"]) == ("completed", "4850.00")


async def test_a_forged_no_through_the_alias_fails_nothing_by_itself(hospital: Hospital):
    uid, _, reference = await ringing(hospital)
    await hospital.http.post("/api/payments/mpesa/callback", json=declined(reference))
    await hospital.work_inbox()
    assert await state(hospital, uid) != "failed"


async def test_money_paid_to_the_shortcode_comes_by_the_c2b_token(hospital: Hospital):
    uid, _, _ = await ringing(hospital)
    body = {
        "TransactionType": "Pay Bill",
        "TransID": "SLI7XK2QPT",
        "TransTime": "20261122113140",
        "TransAmount": "4850.00",
        "BusinessShortCode": "600999",
        "BillRefNumber": hospital.gateway.orders[0].account_reference,
        "MSISDN": "2547 ***** 001",
        "FirstName": "WANJIRU",
    }
    assert (await hospital.http.post(f"/cb/{C2B_TOKEN}", json=body)).json() == ACCEPTED
    await hospital.work_inbox()
    assert await state(hospital, uid) == "completed"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_only_posts_are_taken(hospital: Hospital, method: str):
    _, path, _ = await ringing(hospital)
    answer = await hospital.http.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{", b"[[[[", b"null", b"<html>", b"[" * 60_000])
async def test_whatever_comes_to_a_right_token_is_stored_raw_and_set_aside(hospital: Hospital, body: bytes):
    uid, path, _ = await ringing(hospital)
    assert (await hospital.http.post(path, content=body)).json() == ACCEPTED
    assert [message.body for message in await hospital.database.read(lambda books: books.inbox.waiting(9))] == [body]
    assert await hospital.work_inbox() == 1
    assert await state(hospital, uid) == "pending"
    assert [task.kind for task in await hospital.tasks()] == ["bad-callback"]


async def test_a_body_over_the_limit_is_refused_however_it_is_sent(hospital: Hospital):
    _, path, _ = await ringing(hospital)

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(LONGEST_BODY // 1000 + 1):
            yield b"x" * 1000

    for where in (path, "/api/payments/mpesa/callback"):
        assert (await hospital.http.post(where, content=b"x" * (LONGEST_BODY + 1))).status_code == 413
        assert (await hospital.http.post(where, content=drip())).status_code == 413
        assert (await hospital.http.post(where, content=b"x" * LONGEST_BODY)).status_code == 200
    assert hospital.rows("inbox") == 2


async def test_what_cannot_be_stored_is_not_accepted(hospital: Hospital, lines, monkeypatch: pytest.MonkeyPatch):
    _, path, reference = await ringing(hospital)
    lines.errors_expected = True

    async def away(*_args: Any) -> int:
        raise Unavailable("the database is away")

    monkeypatch.setattr(read_callbacks, "receive", away)
    for where in (path, "/api/payments/mpesa/callback"):
        assert (await hospital.http.post(where, json=paid(reference))).status_code == 503


async def test_a_sender_that_drips_is_cut_off(hospital: Hospital, monkeypatch: pytest.MonkeyPatch):
    _, path, _ = await ringing(hospital)
    monkeypatch.setattr(callbacks, "PATIENCE", 0.05)

    async def stalls() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    assert (await hospital.http.post(path, content=stalls())).status_code == 408
    assert hospital.rows("inbox") == 0


async def test_guessing_tokens_stops_costing_us_anything_and_genuine_callbacks_still_pass(open_hospital):
    async with open_hospital(callback_allow=SAFARICOM, trusted_proxies=PROXY) as hospital:
        await hospital.sign_in()
        uid, path, reference = await ringing(hospital)
        guesses = [hospital.http.post(f"/cb/{n:064x}", content=b"junk") for n in range(300)]
        safaricom = {"X-Forwarded-For": "196.201.214.200"}
        *junk, genuine = await asyncio.gather(
            *guesses, hospital.http.post(path, json=paid(reference), headers=safaricom)
        )
        assert {answer.status_code for answer in junk} == {404}
        assert genuine.status_code == 200
        await hospital.work_inbox()
        assert await state(hospital, uid) == "completed"
        assert hospital.rows("task") == 1


async def test_behind_an_unnamed_proxy_a_flood_of_guesses_keeps_no_genuine_callback_out(hospital: Hospital):
    """Guesser and gateway have one address here, and its guesses are long used up."""
    uid, path, reference = await ringing(hospital)
    for n in range(70):
        assert (await hospital.http.post(f"/cb/{n:064x}", content=b"junk")).status_code == 404
    flood = [hospital.http.post(f"/cb/{n:064x}", content=b"junk") for n in range(70, 200)]
    money = {"TransID": "TAB1CD2EFG", "TransAmount": "10.00", "BusinessShortCode": "600999"}
    *junk, attempt, paybill, check = await asyncio.gather(
        *flood,
        hospital.http.post(path, json=paid(reference)),
        hospital.http.post(f"/cb/{C2B_TOKEN}", json=money),
        hospital.http.post(f"/cb/{C2B_TOKEN}/check", json=money),
    )
    assert {answer.status_code for answer in junk} == {404}
    assert [answer.status_code for answer in (attempt, paybill, check)] == [200, 200, 200]
    await hospital.work_inbox()
    assert await state(hospital, uid) == "completed"


async def test_who_guessed_too_often_holds_one_reader_at_most(hospital: Hospital, monkeypatch):
    hospital.relay.limits.bad_token = Limit("guesses", burst=1, per_minute=1, monotonic=lambda: 0.0)
    await hospital.http.post("/cb/" + "0" * 64, content=b"junk")
    database, reading, most = hospital.relay.ctx.database, 0, 0
    real = database.read

    async def counted(work: Any) -> Any:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        try:
            return await real(work)
        finally:
            reading -= 1

    monkeypatch.setattr(database, "read", counted)
    await asyncio.gather(*(hospital.http.post(f"/cb/{n:064x}", content=b"junk") for n in range(20)))
    assert most == 1


async def test_a_right_token_is_not_called_unknown_while_the_database_is_away(hospital: Hospital, monkeypatch, lines):
    _, path, reference = await ringing(hospital)
    lines.errors_expected = True
    hospital.relay.limits.bad_token = Limit("guesses", burst=1, per_minute=1, monotonic=lambda: 0.0)
    await hospital.http.post("/cb/" + "0" * 64, content=b"junk")

    async def away(*_args: Any) -> None:
        raise Unavailable("the database is away")

    monkeypatch.setattr(hospital.relay.ctx.database, "read", away)
    assert (await hospital.http.post(path, json=paid(reference))).status_code == 503


async def test_the_alias_is_rate_limited(hospital: Hospital):
    hospital.relay.limits.alias = Limit("callbacks", burst=3, per_minute=60, monotonic=lambda: 0.0)
    found = [(await hospital.http.post("/api/payments/mpesa/callback", json={})).status_code for _ in range(5)]
    assert found == [200, 200, 200, 429, 429]


async def test_the_worker_interprets_at_once_and_after_a_restart(open_hospital):
    async with open_hospital() as hospital:
        await hospital.sign_in()
        uid, path, reference = await ringing(hospital, 1)
        late, late_path, late_reference = await ringing(hospital, 2)
        await hospital.http.post(late_path, json=paid(late_reference, receipt="SLI7XK2QPU"))  # nobody works yet
        async with hospital.app.lifespan():
            await hospital.http.post(path, json=paid(reference))
            await until(lambda: hospital.rows("provider_receipt") == 2)
        assert (await state(hospital, uid), await state(hospital, late)) == ("completed", "completed")


async def test_the_log_never_holds_a_token_a_phone_or_a_body(hospital: Hospital, lines):
    _, path, reference = await ringing(hospital)
    await hospital.http.post(path, json=paid(reference))
    await hospital.http.post("/cb/" + "ab" * 32, json=paid(reference))
    await hospital.work_inbox()
    assert path.rpartition("/")[2] not in lines.text
    assert "ab" * 32 not in lines.text
    for canary in ("254722", "0722", "SLI7XK2QPT", "stkCallback"):
        assert canary not in lines.text
    assert "callback stored" in {line["event"] for line in lines}
    assert json.dumps(ACCEPTED) not in lines.text


async def test_junk_through_the_alias_does_not_stand_before_genuine_callbacks(hospital: Hospital):
    uid, path, reference = await ringing(hospital)
    for number in range(120):  # more than one look takes; well formed, about nothing of ours
        await hospital.http.post("/api/payments/mpesa/callback", json=paid(f"ws_CO_junk_{number}"))
    await hospital.http.post(path, json=paid(reference))
    await hospital.work_inbox()
    assert await state(hospital, uid) == "completed"
    hospital.clock.forward(seconds=91)
    await hospital.work_inbox()
    assert hospital.rows("task") == 1  # a stranger fills no task list


async def test_a_callback_the_books_refuse_does_not_stop_those_behind_it(hospital: Hospital, monkeypatch):
    first, path, reference = await ringing(hospital, 1)
    second, second_path, second_reference = await ringing(hospital, 2)
    await hospital.http.post(path, json=paid(reference))
    await hospital.http.post(second_path, json=paid(second_reference, receipt="SLI7XK2QPU"))
    real = settle.apply

    def broken(books: Any, ctx: Any, number: Any, *args: Any, **more: Any) -> Any:
        if str(number) == first:
            raise PosError("a promise would break", code="promise-broken")
        return real(books, ctx, number, *args, **more)

    monkeypatch.setattr(settle, "apply", broken)
    await hospital.work_inbox()
    assert await state(hospital, second) == "completed"
    assert [task.kind for task in await hospital.tasks()] == ["bad-callback"]


async def test_a_callback_nobody_foresaw_does_not_stop_those_behind_it(hospital: Hospital, monkeypatch, lines):
    first, path, reference = await ringing(hospital, 1)
    second, second_path, second_reference = await ringing(hospital, 2)
    await hospital.http.post(path, json=paid(reference))
    await hospital.http.post(second_path, json=paid(second_reference, receipt="SLI7XK2QPU"))
    real = settle.apply

    def broken(books: Any, ctx: Any, number: Any, *args: Any, **more: Any) -> Any:
        if str(number) == first:
            raise ZeroDivisionError("nobody foresaw this")
        return real(books, ctx, number, *args, **more)

    monkeypatch.setattr(settle, "apply", broken)
    lines.errors_expected = True
    await hospital.work_inbox()
    assert (await state(hospital, first), await state(hospital, second)) == ("pending", "completed")
    (task,) = await hospital.tasks()
    assert (task.kind, "ZeroDivisionError" in task.text) == ("bad-callback", True)
    assert "nobody foresaw this" in lines.text
    assert await hospital.database.read(lambda books: books.inbox.depth()) == 0


async def test_a_number_beyond_reason_is_set_aside_and_stops_nothing(hospital: Hospital):
    uid, path, reference = await ringing(hospital)
    for body in (b'{"a":1e99999999999999999999}', b'{"Body":{"stkCallback":{"ResultCode":1E-99999999999999999999}}}'):
        assert (await hospital.http.post("/api/payments/mpesa/callback", content=body)).status_code == 200
    await hospital.http.post(path, json=paid(reference))
    await hospital.work_inbox()
    assert await state(hospital, uid) == "completed"
    (task,) = await hospital.tasks()
    assert "a number beyond reason" in task.text


async def test_while_the_database_is_away_a_callback_waits(hospital: Hospital, monkeypatch):
    uid, path, reference = await ringing(hospital)
    await hospital.http.post(path, json=paid(reference))

    def away(*_args: Any, **_more: Any) -> Any:
        raise Unavailable("the database is away", code="database-away")

    with monkeypatch.context() as broken:
        broken.setattr(settle, "apply", away)
        with pytest.raises(Unavailable):
            await hospital.work_inbox()
    assert await hospital.work_inbox() == 1
    assert (await state(hospital, uid), await hospital.tasks()) == ("completed", [])


async def test_a_large_payment_that_the_query_assured_first_gets_its_receipt(open_hospital):
    """Above the limit the callback is only a claim, unless Safaricom, asked by us, agreed before it came."""
    async with open_hospital(confirm_above=Money.whole(1000)) as hospital:
        await hospital.sign_in()
        uid, path, reference = await ringing(hospital)
        hospital.clock.forward(seconds=21)
        hospital.gateway.answers.append(
            Evidence(kind=EvidenceKind.ASSURED, source=Source.QUERY, observed_at=hospital.clock.now())
        )
        await hospital.step("chase")
        assert ((await hospital.transaction(uid))["status"], hospital.rows("task")) == ("completed", 0)
        await hospital.http.post(path, json=paid(reference))
        await hospital.work_inbox()
        assert (await hospital.transaction(uid))["provider_receipt"] == "SLI7XK2QPT"
