"""What Safaricom posts to the Paybill's addresses and to those of our commands."""

import asyncio
import ipaddress
import json
from datetime import date
from functools import partial
from typing import Any

import httpx
import pytest

from hmis_pos.cashier import judge_paybill
from hmis_pos.cashier.context import PaybillRefusal
from hmis_pos.domain.errors import Unavailable
from hmis_pos.gateways.mpesa.c2b import validation_answer
from hmis_pos.relay import validation
from hmis_pos.relay.limits import Limit
from hmis_pos.relay.settings import C2bToken, Foreign
from tests.relay.conftest import C2B_TOKEN, Hospital
from tests.support import daraja_bodies

OLD = "ab" * 32
SAFARICOM = (ipaddress.ip_network("196.201.214.200/32"),)
GOES_ON = {"ResultCode": "0", "ResultDesc": "Accepted"}
ALL = frozenset(PaybillRefusal)

paid = partial(
    daraja_bodies.c2b,
    BusinessShortCode="600999",
    BillRefNumber="INV-20001",
    TransAmount="4850.00",
    TransTime="20261122113140",
)


def tokens(last_day: date | None = None) -> tuple[C2bToken, ...]:
    return C2bToken(text=C2B_TOKEN), C2bToken(text=OLD, last_day=last_day)


async def asked(hospital: Hospital, body: bytes, token: str = C2B_TOKEN) -> httpx.Response:
    return await hospital.http.post(f"/cb/{token}/check", content=body)


async def judged(hospital: Hospital, body: bytes) -> str:
    answer = await asked(hospital, body)
    assert answer.status_code == 200
    return str(answer.json()["ResultCode"])


def metric(text: str, result: str) -> float:
    name = f'hmis_pos_validations_total{{result="{result}"}} '
    return next((float(line.removeprefix(name)) for line in text.splitlines() if line.startswith(name)), 0)


async def test_paybill_money_settles_the_invoice_it_names(hospital: Hospital):
    assert (await hospital.confirm(paid())).json() == {"ResultCode": 0, "ResultDesc": "Accepted"}
    invoice = (await hospital.http.get("/api/invoices/1")).json()
    assert (invoice["status"], invoice["paid"]) == ("paid", "4850.00")
    (payment,) = (await hospital.http.get("/api/payments/transactions")).json()["transactions"]
    assert (payment["channel"], payment["account_typed"], payment["payer"]) == (
        "paybill",
        "INV-20001",
        "JANE 2547 ***** 126",
    )
    assert (payment["refunded"], payment["refundable"], payment["paid_at"]) == (
        "0.00",
        "4850.00",
        "2026-11-22T08:31:40.000000Z",
    )


async def test_an_older_token_is_accepted_until_its_last_day(open_hospital):
    async with open_hospital(c2b_tokens=tokens(date(2026, 11, 22))) as hospital:
        assert (await hospital.confirm(paid(), token=OLD)).status_code == 200
        assert hospital.rows("inbox") == 1
        hospital.clock.forward(hours=13)  # past midnight in Nairobi
        for n in range(3):
            assert (await hospital.confirm(paid(TransID=f"TAB1CD2EF{n}"), token=OLD)).status_code == 404
        assert (await asked(hospital, paid(), OLD)).status_code == 404
        assert hospital.rows("inbox") == 1
        (alert,) = await hospital.tasks()
        assert (alert.kind, alert.subject) == ("bad-callback", "callback-expired:ababab…")
        assert OLD not in alert.text
        assert (await hospital.confirm(paid(TransID="TAB1CD2EFZ"))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "0"),
        ({"BillRefNumber": "no such thing 99999"}, "C2B00012"),
        ({"BillRefNumber": "inv 2OOO1"}, "0"),
        ({"TransAmount": "9999.00"}, "C2B00013"),
        ({"BillRefNumber": "P-0001"}, "0"),
    ],
)
async def test_a_payment_is_judged_before_the_money_moves(open_hospital, changes: dict[str, str], code: str):
    async with open_hospital(refuse_paybill=ALL) as hospital:
        assert await judged(hospital, paid(**changes)) == code
        assert hospital.rows("inbox") == 0
        assert hospital.rows("payment") == 0


async def test_a_closed_invoice_is_refused_where_the_hospital_wants_it(open_hospital):
    async with open_hospital(refuse_paybill=frozenset({PaybillRefusal.CLOSED_INVOICE})) as hospital:
        await hospital.confirm(paid())
        assert await judged(hospital, paid(TransID="TAB1CD2EFH")) == "C2B00012"
        assert await judged(hospital, paid(BillRefNumber="unknown 1234")) == "0"
        text = (await hospital.http.get("/metrics")).text
        assert (metric(text, "closed-invoice"), metric(text, "accepted")) == (1, 1)


async def test_without_a_wish_nothing_is_refused_and_nobody_asked(hospital: Hospital, monkeypatch):
    monkeypatch.setattr(hospital.relay.ctx.database, "read", None)
    assert (await asked(hospital, b"whatever")).json() == GOES_ON


async def test_a_payment_is_never_refused_for_our_trouble(open_hospital, monkeypatch, lines):
    lines.errors_expected = True
    async with open_hospital(refuse_paybill=ALL) as hospital:
        assert (await asked(hospital, b"not JSON")).json() == GOES_ON

        async def broken(*_args: Any) -> None:
            raise RuntimeError("the world is not as it should be")

        monkeypatch.setattr(judge_paybill, "judge", broken)
        assert (await asked(hospital, paid(BillRefNumber="unknown 1"))).json() == GOES_ON

        async def hangs(*_args: Any) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(judge_paybill, "judge", hangs)
        monkeypatch.setattr(validation, "LIMIT", 0.05)
        assert (await asked(hospital, paid(BillRefNumber="unknown 1"))).json() == GOES_ON
        text = (await hospital.http.get("/metrics")).text
        assert (metric(text, "trouble"), metric(text, "timed-out")) == (2, 1)


async def test_a_strangers_validation_is_accepted_whatever_becomes_of_its_alert(open_hospital, monkeypatch, lines):
    """The alert is written while the payer waits: a database that is away or busy must not refuse the payment."""
    lines.errors_expected = True
    async with open_hospital(callback_allow=SAFARICOM, refuse_paybill=ALL) as hospital:

        async def away(*_args: Any) -> None:
            raise Unavailable("the database is away")

        async def busy(*_args: Any) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(validation, "LIMIT", 0.05)
        for trouble in (away, busy):
            hospital.relay.limits.alert = Limit("alerts", burst=1, per_minute=1)
            monkeypatch.setattr(hospital.relay.ctx.database, "write", trouble)
            async with asyncio.timeout(5):
                assert (await asked(hospital, paid(BillRefNumber="unknown 1"))).json() == GOES_ON
        text = (await hospital.http.get("/metrics")).text
        assert (metric(text, "trouble"), metric(text, "timed-out")) == (1, 1)


async def test_validation_answers_well_within_safaricoms_patience(open_hospital):
    async with open_hospital(refuse_paybill=ALL) as hospital:
        async with asyncio.timeout(validation.LIMIT * 2):
            codes = await asyncio.gather(*(judged(hospital, paid()) for _ in range(20)))
        assert set(codes) == {"0"}


@pytest.mark.parametrize("path", ["check", "late", "other", "check/more", "late/"])
async def test_only_the_paybills_token_may_be_asked_and_only_commands_can_be_late(hospital: Hospital, path: str):
    await hospital.initiate(1)
    stk = httpx.URL(hospital.gateway.orders[0].callback_url).path
    for address in (stk, f"/cb/{C2B_TOKEN}", "/cb/" + "0" * 64):
        answer = await hospital.http.post(f"{address}/{path}", content=paid())
        fits = path == "check" and address.endswith(C2B_TOKEN)
        assert answer.status_code == (200 if fits else 404)
    assert hospital.rows("inbox") == 0


async def test_a_command_is_answered_at_its_own_address(hospital: Hospital):
    await hospital.sign_in("supervisor")
    assert (await hospital.post("/api/mpesa/balance")).status_code == 200
    (url,) = hospital.gateway.result_urls
    held = "Utility Account|KES|700000.00|698500.50|0.00|0.00&Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00"
    said = daraja_bodies.result(
        daraja_bodies.listed(AccountBalance=held, BOCompletedTime=20261122113200),
        OriginatorConversationID="ours-1",
        ConversationID="AG_Q1",
    )
    path = httpx.URL(url).path
    assert (await hospital.http.post(f"{path}/late", content=b"anything")).status_code == 200
    assert (await hospital.http.post(path, content=said)).status_code == 200
    assert await hospital.work_inbox() == 2
    balances = (await hospital.http.get("/api/mpesa")).json()["balances"]
    assert {one["account"]: one["available"] for one in balances} == {
        "Utility Account": "698500.50",
        "Charges Paid Account": "-1540.00",
    }
    await hospital.sign_in("cashier")
    assert (await hospital.http.get("/api/mpesa")).json()["balances"] == []


async def test_strangers_hint_or_are_turned_away_as_the_hospital_wants(open_hospital):
    async with open_hospital(callback_allow=SAFARICOM, callback_foreign=Foreign.DROP) as hospital:
        await hospital.sign_in()
        await hospital.initiate(2)
        stk = httpx.URL(hospital.gateway.orders[0].callback_url).path
        for path in (f"/cb/{C2B_TOKEN}", stk):
            assert (await hospital.http.post(path, content=paid())).status_code == 404
        assert await judged(hospital, paid(BillRefNumber="unknown 1")) == "0"  # whoever asks: no patient is sent away
        assert hospital.rows("inbox") == 0
        assert [task.subject for task in await hospital.tasks()] == ["callback-address:10.1.1.7"]
        assert (await hospital.http.post("/api/payments/mpesa/callback", content=b"{}")).status_code == 404
    async with open_hospital(callback_allow=SAFARICOM, refuse_paybill=ALL) as hospital:
        assert await judged(hospital, paid(BillRefNumber="unknown 1")) == "0"  # it learns nothing of our accounts
        stored = await hospital.http.post(f"/cb/{C2B_TOKEN}", content=paid())
        assert stored.status_code == 200
        (message,) = await hospital.database.read(lambda books: books.inbox.waiting(9))
        assert message.channel == "c2b-claim"


async def test_a_strangers_result_only_says_that_we_have_to_ask(open_hospital):
    async with open_hospital(callback_allow=SAFARICOM) as hospital:
        await hospital.sign_in("supervisor")
        await hospital.post("/api/mpesa/balance")
        path = httpx.URL(hospital.gateway.result_urls[0]).path
        forged = daraja_bodies.result(daraja_bodies.listed(AccountBalance="Utility Account|KES|1|1|0|0"))
        assert (await hospital.http.post(path, content=forged)).status_code == 200
        await hospital.work_inbox()
        assert (await hospital.http.get("/api/mpesa")).json()["balances"] == []


def test_our_answer_is_what_daraja_documents():
    assert json.loads(validation_answer()) == GOES_ON
