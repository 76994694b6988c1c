"""Pull Transactions: every form of a page, and what is sent for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain.errors import Misconfigured, Unavailable
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.gateways.mpesa.pull import Window, read_page
from tests.support.gateway_world import StillClock
from tests.support.scripted_daraja import ScriptedDaraja, error

SINCE, UNTIL = datetime(2026, 1, 31, 6, 0, tzinfo=UTC), datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
AT = datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)
ROW = {
    "transactionId": "TAB1CD2EFG",
    "trxDate": "2026-01-31T10:15:30",
    "msisdn": 722000000,
    "sender": "JANE WANJIKU",
    "transactiontype": "c2b-pay-bill-debit",
    "billreference": "INV-001",
    "amount": "168.00",
    "organizationname": "Mwangaza",
}


@pytest.fixture
def puller(build: Callable[..., MpesaGateway]) -> MpesaGateway:
    return build(pull=True, pull_phone="0722000000")


def page(response: Any, **changes: Any) -> httpx.Response:
    body = {"ResponseRefID": "1-2", "ResponseCode": "1000", "ResponseMessage": "Success", "Response": response}
    return httpx.Response(200, json={k: v for k, v in (body | changes).items() if v is not ...})


class TestQuery:
    async def test_the_request_and_the_row_of_the_reference(
        self, puller: MpesaGateway, daraja: ScriptedDaraja, clock: StillClock
    ) -> None:
        daraja.script = [page([[ROW]])]
        found = await puller.pull(SINCE, UNTIL, 100)
        (request,) = daraja.requests
        assert (request.method, request.url.path) == ("POST", "/pulltransactions/v1/query")
        assert json.loads(request.content) == {
            "ShortCode": "174379",
            "StartDate": "2026-01-31 09:00:00",
            "EndDate": "2026-01-31 11:00:00",
            "OffSetValue": "100",
        }
        assert (found.rows, found.unreadable) == (1, ())
        assert found.payments == (
            ProviderMoney(
                provider="mpesa",
                source=Source.PULL,
                receipt_no="TAB1CD2EFG",
                amount=Money.whole(168),
                observed_at=clock.now(),
                account="INV-001",
                payer_name="JANE WANJIKU",
                payer_phone="722000000",
                shortcode="174379",
                kind="c2b-pay-bill-debit",
                paid_at=AT,
            ),
        )

    @pytest.mark.parametrize(
        "answer",
        [
            page([[]]),
            page([]),
            page([[]], ResponseCode="1001"),
            page(..., ResponseCode=1001),
            page(None, ResponseCode="1001"),
            error(500, "500", "no available transactions"),
        ],
        ids=range(6),
    )
    async def test_every_way_to_say_nothing(self, puller: MpesaGateway, daraja: ScriptedDaraja, answer: Any) -> None:
        daraja.script = [answer]
        found = await puller.pull(SINCE, UNTIL, 0)
        assert (found.rows, found.payments, found.unreadable) == (0, (), ())

    @pytest.mark.parametrize(
        "answer",
        [
            page([ROW]),
            page([[ROW]], ResponseRefID=..., RequestID="1-2"),
            page([[[ROW]]], ResponseCode=1000),
            httpx.Response(200, json={"responsecode": "1000", "RESPONSE": [[ROW]]}),
            page([[{key.upper(): value for key, value in ROW.items()}]]),
            page([[{"Transaction Id": "TAB1CD2EFG", "Amount": 168, "TrxDate": "2026-01-31 10:15:30"}]]),
        ],
        ids=range(6),
    )
    async def test_every_form_of_a_page(self, puller: MpesaGateway, daraja: ScriptedDaraja, answer: Any) -> None:
        daraja.script = [answer]
        found = await puller.pull(SINCE, UNTIL, 0)
        ((money,), rows) = found.payments, found.rows
        assert (money.receipt_no, money.amount, money.paid_at, rows) == ("TAB1CD2EFG", Money.whole(168), AT, 1)

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (error(400, "400.001", "Invalid short code"), "mpesa-configuration"),
            (error(401, "401.001", "Invalid Access Token"), "mpesa-configuration"),
            (error(500, "500.003.1001", "Internal Server Error"), "mpesa-no-answer"),
            (httpx.Response(200, content=b'{"Response":[['), "mpesa-unreadable"),
            (page([[ROW]], ResponseCode=...), "mpesa-unreadable"),
            (page([[ROW]], ResponseCode="400"), "mpesa-unreadable"),
            (page("rows"), "mpesa-unreadable"),
            (page(...), "mpesa-unreadable"),
            (httpx.Response(404), "mpesa-no-answer"),
            (httpx.ReadTimeout, "mpesa-no-answer"),
        ],
        ids=range(10),
    )
    async def test_no_usable_answer(self, puller: MpesaGateway, daraja: ScriptedDaraja, answer: Any, code: Any) -> None:
        daraja.script = [answer]
        with pytest.raises(Unavailable) as caught:
            await puller.pull(SINCE, UNTIL, 0)
        assert caught.value.code == code

    async def test_a_refused_token_is_replaced(self, puller: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [error(401, "401.001", "Invalid Access Token"), page([[ROW]])]
        assert (await puller.pull(SINCE, UNTIL, 0)).rows == 1

    async def test_a_page_of_a_thousand_rows_is_not_too_long(
        self, puller: MpesaGateway, daraja: ScriptedDaraja
    ) -> None:
        daraja.script = [page([[ROW | {"transactionId": f"TAB{n:07}"} for n in range(1000)]])]
        assert (await puller.pull(SINCE, UNTIL, 0)).rows == 1000

    async def test_a_window_has_zones(self, puller: MpesaGateway) -> None:
        with pytest.raises(ValueError, match="zone"):
            await puller.pull(SINCE.replace(tzinfo=None), UNTIL, 0)


def read(*rows: Any, since: datetime = SINCE, until: datetime = UNTIL, offset: int = 0) -> Any:
    return read_page([list(rows)], Window(since=since, until=until, offset=offset, heard_at=AT, shortcode="174379"))


class TestRows:
    def test_one_that_cannot_be_read_loses_no_other(self) -> None:
        bad = [ROW | {"amount": "free", "transactionId": "TAB1"}, {"amount": "5"}, "row", ROW | {"amount": None}]
        found = read(*bad, ROW, offset=200)
        assert [money.receipt_no for money in found.payments] == ["TAB1CD2EFG"]
        assert found.rows == 5
        assert found.unreadable == (
            "row 200: TAB1: amount 'free' is not a number",
            "row 201: transactionId is missing",
            "row 202: 'row' is no payment",
            "row 203: TAB1CD2EFG names no amount",
        )

    def test_a_repeated_row_counts_once_for_the_offset(self) -> None:
        found = read(ROW, ROW, ROW | {"transactionId": "TAB2"})
        assert (found.rows, len(found.payments)) == (2, 2)

    @pytest.mark.parametrize(
        ("told", "at"),
        [
            ("2026-01-31T10:15:30", AT),
            ("2026-01-31 10:15:30", AT),
            ("2026-01-31 10:15:30.0", AT),
            ("20260131101530", AT),
            (20260131101530, AT),
            ("31-01-2026 10:15:30", AT),
            ("2026-01-31T10:15:30+03:00", AT),
            ("2026-01-31T10:15:30Z", AT),
            ("2026-01-31T07:15:30Z", AT),
            ("2026-01-31T07:15:30z", AT),
            ("2026-01-31T01:00:00Z", None),
            ("soon", None),
            ("soonZ", None),
            (None, None),
        ],
        ids=repr,
    )
    def test_every_time(self, told: Any, at: Any) -> None:
        (money,) = read(ROW | {"trxDate": told}).payments
        assert money.paid_at == at

    def test_a_z_that_could_be_both_is_no_time(self) -> None:
        (money,) = read(ROW | {"trxDate": "2026-01-31T07:15:30Z"}, since=datetime(2026, 1, 30, tzinfo=UTC)).payments
        assert money.paid_at is None

    def test_a_placeholder_is_no_name(self) -> None:
        (money,) = read(ROW | {"sender": "MPESA", "msisdn": "2547 ***** 126", "billreference": None}).payments
        assert (money.payer_name, money.payer_phone, money.account) == ("", "2547 ***** 126", "")

    @given(
        st.recursive(
            st.none() | st.text(max_size=5) | st.integers(),
            lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(list(ROW)), x),
            max_leaves=12,
        )
    )
    def test_any_rows_are_read_or_told(self, junk: Any) -> None:
        found = read(junk)
        assert found.rows == len(found.payments) + len(found.unreadable)


class TestRegister:
    @pytest.mark.parametrize("key", ["ResponseStatus", "Response Status", "ResponseCode"])
    @pytest.mark.parametrize("status", ["1000", "1001", 1001], ids=repr)
    async def test_registered_now_or_before(
        self, puller: MpesaGateway, daraja: ScriptedDaraja, key: Any, status: Any
    ) -> None:
        daraja.script = [httpx.Response(200, json={key: status, "ResponseDescription": "done"})]
        assert await puller.register_pull("https://pay.example/cb/ab") == "done"
        (request,) = daraja.requests
        assert request.url.path == "/pulltransactions/v1/register"
        assert json.loads(request.content) == {
            "ShortCode": "174379",
            "RequestType": "Pull",
            "NominatedNumber": "254722000000",
            "CallBackURL": "https://pay.example/cb/ab",
        }

    async def test_anything_else_is_no_registration(self, puller: MpesaGateway, daraja: ScriptedDaraja) -> None:
        for answer in (httpx.Response(200, json={}), httpx.Response(200, json={"ResponseStatus": "1002"})):
            daraja.script = [answer]
            with pytest.raises(Unavailable):
                await puller.register_pull("https://pay.example/cb/ab")

    async def test_it_needs_the_nominated_number(
        self, build: Callable[..., MpesaGateway], daraja: ScriptedDaraja
    ) -> None:
        with pytest.raises(Misconfigured, match="MPESA_PULL_PHONE"):
            await build(pull=True).register_pull("https://pay.example/cb/ab")
        assert daraja.requests == []
