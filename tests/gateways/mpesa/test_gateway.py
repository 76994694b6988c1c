"""Every answer of Daraja to a push and to a query, and what the gateway makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog

from hmis_pos.cashier.ports import Gateway, Order
from hmis_pos.cashier.records import Advice
from hmis_pos.domain.errors import CashierMistake, OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa import results
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.gateways.mpesa.results import Standing
from tests.support.gateway_world import StillClock
from tests.support.scripted_daraja import ACCEPTED, REFERENCE, ScriptedDaraja, error

INVALID_TOKEN = [
    error(404, "404.001.03", "Invalid Access Token"),
    error(401, "401.002.01", "Error Occurred - Invalid Access Token"),
    error(401, "401.001", "Invalid Access Token"),
    error(400, "400.003.01", "Invalid Access Token"),
]
HTML = httpx.Response(200, headers={"Content-Type": "text/html"}, content=b"<html>M-PESA</html>")
SPIKE = httpx.Response(
    429,
    headers={"Retry-After": "12"},
    json={"fault": {"faultstring": "Spike arrest", "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"}}},
)
NO_PRODUCT = httpx.Response(
    401,
    json={"fault": {"faultstring": "Invalid API call as no apiproduct match found", "detail": {"errorcode": "k.X"}}},
)
LOCKED = error(500, "500.001.1001", "Unable to lock subscriber, a transaction is already in process")


def test_it_is_a_gateway(gateway: MpesaGateway) -> None:
    as_port: Gateway = gateway
    assert as_port.provider == "mpesa"
    assert gateway.shortcodes == {"174379"}


class TestCheck:
    @pytest.mark.parametrize("shillings", [1, 70_001, 150_001, 250_000])
    def test_what_m_pesa_takes(self, gateway: MpesaGateway, shillings: Any) -> None:
        gateway.check(Money.whole(shillings), "254712345678")

    @pytest.mark.parametrize(
        ("amount", "code"),
        [
            (Money(1050), "amount-fraction"),
            (Money(0), "amount-low"),
            (Money.whole(-5), "amount-low"),
            (Money.whole(250_001), "amount-high"),
            (Money.whole(5, "USD"), "currency"),
        ],
    )
    def test_what_it_does_not(self, gateway: MpesaGateway, amount: Any, code: Any) -> None:
        with pytest.raises(CashierMistake) as caught:
            gateway.check(amount, "254712345678")
        assert (caught.value.code, caught.value.field) == (code, "amount")
        assert caught.value.cure

    def test_limits_are_settings(self, build: Callable[..., MpesaGateway]) -> None:
        gateway = build(minimum=10, maximum=70_000)
        for shillings in (9, 70_001):
            with pytest.raises(CashierMistake):
                gateway.check(Money.whole(shillings), "254712345678")

    def test_a_phone_that_is_none(self, gateway: MpesaGateway) -> None:
        with pytest.raises(CashierMistake) as caught:
            gateway.check(Money.whole(5), "25420123456")
        assert caught.value.field == "phone_number"


class TestStart:
    async def test_accepted(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, clock: StillClock
    ) -> None:
        evidence = await gateway.start(order)
        assert (evidence.kind, evidence.source) == (EvidenceKind.ACCEPTED, Source.SUBMIT)
        assert (evidence.reference, evidence.observed_at) == (REFERENCE, clock.now())
        (request,) = daraja.requests
        assert (request.method, request.url.path) == ("POST", "/mpesa/stkpush/v1/processrequest")
        assert request.headers["Authorization"] == "Bearer t1"
        assert request.headers["Content-Type"] == "application/json"
        assert json.loads(request.content)["Amount"] == 1500

    async def test_a_response_code_may_be_a_number(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order
    ) -> None:
        daraja.script = [httpx.Response(200, json=ACCEPTED | {"ResponseCode": 0})]
        assert (await gateway.start(order)).kind is EvidenceKind.ACCEPTED

    @pytest.mark.parametrize(
        "row", [r for r in results.DOOR_ERRORS if r.standing is Standing.REFUSED], ids=lambda r: r.key
    )
    async def test_every_documented_refusal(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, row: Any
    ) -> None:
        message = row.phrase or "Bad Request"
        answers = {"no-apiproduct": NO_PRODUCT, "spike-arrest": SPIKE}
        status = int(row.error_code[:3]) if row.error_code[:3].isdecimal() else 0
        daraja.script = [answers.get(row.error_code) or error(status, row.error_code, message)]
        evidence = await gateway.start(order)
        assert (evidence.kind, evidence.source, evidence.code) == (EvidenceKind.REFUSED, Source.SUBMIT, row.key)
        assert gateway.advise(evidence.code) == row.advice
        assert len(daraja.requests) == 1

    @pytest.mark.parametrize("answer", INVALID_TOKEN, ids=lambda a: str(a.json()["errorCode"]))
    async def test_a_refused_token_is_replaced_and_the_push_repeated_once(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, answer: Any
    ) -> None:
        daraja.script = [answer, httpx.Response(200, json=ACCEPTED)]
        assert (await gateway.start(order)).kind is EvidenceKind.ACCEPTED
        assert [r.headers["Authorization"] for r in daraja.requests] == ["Bearer t1", "Bearer t2"]
        assert daraja.tokens == 2

    @pytest.mark.parametrize("answer", INVALID_TOKEN, ids=lambda a: str(a.json()["errorCode"]))
    async def test_refused_again_it_is_a_refusal_for_it_to_mend(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, answer: Any
    ) -> None:
        daraja.script = [answer]
        evidence = await gateway.start(order)
        assert (evidence.kind, evidence.code) == (EvidenceKind.REFUSED, answer.json()["errorCode"])
        assert gateway.advise(evidence.code).advice is Advice.FIX
        assert (len(daraja.requests), daraja.tokens) == (2, 2)

    async def test_a_fixed_token_cannot_be_replaced(
        self, build: Callable[..., MpesaGateway], daraja: ScriptedDaraja, order: Order
    ) -> None:
        daraja.script = [INVALID_TOKEN[0]]
        assert (await build(access_token="fixed").start(order)).kind is EvidenceKind.REFUSED
        assert (len(daraja.requests), daraja.tokens) == (1, 0)
        assert daraja.requests[0].headers["Authorization"] == "Bearer fixed"

    async def test_the_repeat_may_end_as_badly_as_a_first(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order
    ) -> None:
        daraja.script = [INVALID_TOKEN[0], httpx.ReadTimeout]
        with pytest.raises(OutcomeUnknown):
            await gateway.start(order)
        assert len(daraja.requests) == 2

    async def test_without_a_token_nothing_is_asked(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order
    ) -> None:
        daraja.oauth = [httpx.Response(400)]
        with pytest.raises(Unavailable) as caught:
            await gateway.start(order)
        assert caught.value.code == "mpesa-credentials"
        assert daraja.requests == []

    @pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ConnectTimeout])
    async def test_without_a_connection_nothing_is_asked(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, trouble: Any
    ) -> None:
        daraja.script = [trouble]
        with pytest.raises(Unavailable) as caught:
            await gateway.start(order)
        assert caught.value.code == "mpesa-unreachable"
        assert len(daraja.requests) == 1

    @pytest.mark.parametrize(
        "trouble",
        [
            httpx.ReadTimeout,
            httpx.WriteTimeout,
            httpx.ReadError,
            httpx.RemoteProtocolError,
            HTML,
            httpx.Response(200),
            httpx.Response(200, json=[]),
            httpx.Response(200, json={}),
            httpx.Response(200, json={k: v for k, v in ACCEPTED.items() if k != "CheckoutRequestID"}),
            httpx.Response(200, json=ACCEPTED | {"CheckoutRequestID": ""}),
            httpx.Response(200, json=ACCEPTED | {"CheckoutRequestID": "x" * 101}),
            httpx.Response(200, json=ACCEPTED | {"ResponseCode": "1"}),
            httpx.Response(200, json={"errorCode": "400.002.02", "errorMessage": "Bad Request - Invalid Amount"}),
            httpx.Response(201, json=ACCEPTED),
            httpx.Response(302, headers={"Location": "https://elsewhere.example/"}),
            httpx.Response(400),
            httpx.Response(403, content=b"<html>"),
            httpx.Response(500),
            httpx.Response(502, content=b"<html>"),
            httpx.Response(503),
            httpx.Response(504),
            httpx.Response(500, json={"fault": {"faultstring": "Unexpected EOF", "detail": None}}),
            error(400, "400.002.02", "Bad Request - Invalid CheckoutRequestID"),
            error(500, "500.001.1001", "The transaction is being processed"),
            error(500, "500.001.1001", "Something went wrong"),
            error(500, "500.002.1001", "Duplicate OriginatorConversationID"),
            error(500, "500.002.1001", "Service is currently under maintenance"),
            error(500, "500.003.02", "System is busy"),
            error(500, "500.003.1001", "Internal Server Error"),
            error(400, "400.999.99", "never seen"),
        ],
        ids=range(30),
    )
    async def test_everything_else_is_unknown_and_sent_once(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, trouble: Any
    ) -> None:
        daraja.script = [trouble]
        with pytest.raises(OutcomeUnknown) as caught:
            await gateway.start(order)
        assert len(daraja.requests) == 1
        assert gateway.advise(caught.value.code).advice is Advice.NO

    @pytest.mark.parametrize(
        "change",
        [{"amount": Money(1050)}, {"amount": Money(0)}, {"phone": "0"}, {"account_reference": "INV-1"}],
        ids=repr,
    )
    async def test_an_order_that_cannot_be_said_asks_nobody(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, change: Any
    ) -> None:
        with pytest.raises(Unavailable) as caught:
            await gateway.start(replace(order, **change))
        assert caught.value.code == "mpesa-order"
        assert (daraja.requests, daraja.tokens) == ([], 0)

    async def test_the_log_tells_the_payment_and_no_secret(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, order: Order, config: MpesaConfig
    ) -> None:
        with structlog.testing.capture_logs() as lines:
            await gateway.start(order)
        told = repr(lines)
        assert str(order.uid) in told
        password = json.loads(daraja.requests[0].content)["Password"]
        for secret in (config.passkey, config.consumer_secret, password, order.phone, "Bearer", "t1", "cb/ab12"):
            assert secret not in told, secret


def answered(code: object, **changes: Any) -> httpx.Response:
    fields = {
        "ResponseCode": "0",
        "ResponseDescription": "The service request has been accepted successfully",
        "MerchantRequestID": "a1b2-1",
        "CheckoutRequestID": REFERENCE,
        "ResultCode": code,
        "ResultDesc": "as said",
    }
    return httpx.Response(200, json={k: v for k, v in (fields | changes).items() if v is not ...})


class TestAsk:
    @pytest.mark.parametrize("outcome", results.STK_RESULTS.values(), ids=lambda o: o.code)
    async def test_every_result_as_text_and_as_number(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, outcome: Any
    ) -> None:
        for form in (outcome.code, int(outcome.code)) if outcome.code.isdecimal() else (outcome.code,):
            daraja.script = [answered(form)]
            evidence = await gateway.ask(REFERENCE)
            assert (evidence.kind, evidence.source) == (results.of_query(outcome.code), Source.QUERY)
            assert (evidence.code, evidence.text, evidence.reference) == (outcome.code, "as said", REFERENCE)
            assert (evidence.receipt_no, evidence.amount) == ("", None)

    async def test_an_undocumented_result_is_unclear(self, gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [answered("1036")]
        assert (await gateway.ask(REFERENCE)).kind is EvidenceKind.UNCLEAR

    async def test_the_request(self, gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [answered("0")]
        assert (await gateway.ask(REFERENCE)).kind is EvidenceKind.ASSURED
        (request,) = daraja.requests
        assert request.url.path == "/mpesa/stkpushquery/v1/query"
        assert json.loads(request.content)["CheckoutRequestID"] == REFERENCE

    @pytest.mark.parametrize(
        "answer",
        [
            error(500, "500.001.1001", "The transaction is being processed"),
            answered("4999"),
            answered(4999),
            error(400, "400.002.02", "Bad Request - Invalid CheckoutRequestID"),
        ],
        ids=range(4),
    )
    async def test_all_ways_to_say_not_yet(self, gateway: MpesaGateway, daraja: ScriptedDaraja, answer: Any) -> None:
        daraja.script = [answer]
        evidence = await gateway.ask(REFERENCE)
        assert (evidence.kind, evidence.reference) == (EvidenceKind.PROCESSING, REFERENCE)
        assert gateway.advise(evidence.code).advice is Advice.NO

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (SPIKE, "mpesa-busy"),
            (error(500, "500.003.02", "Spike Arrest Violation"), "mpesa-busy"),
            (error(500, "500.003.02", "System is busy"), "mpesa-no-answer"),
            (error(500, "500.003.03", "Quota Violation"), "mpesa-busy"),
            (LOCKED, "mpesa-busy"),
            (error(500, "500.001.1001", "Something went wrong"), "mpesa-no-answer"),
            (error(500, "500.001.1001", "Wrong credentials"), "mpesa-configuration"),
            (error(500, "500.001.1001", "Merchant does not exist"), "mpesa-configuration"),
            (error(400, "400.002.02", "Bad Request - Invalid Timestamp"), "mpesa-configuration"),
            (NO_PRODUCT, "mpesa-configuration"),
            (INVALID_TOKEN[0], "mpesa-configuration"),
            (HTML, "mpesa-unreadable"),
            (httpx.Response(200), "mpesa-unreadable"),
            (httpx.Response(200, json={}), "mpesa-unreadable"),
            (answered(...), "mpesa-unreadable"),
            (answered(True), "mpesa-unreadable"),
            (answered("0", ResponseCode="1"), "mpesa-unreadable"),
            (answered("0", CheckoutRequestID="ws_CO_other"), "mpesa-unreadable"),
            (httpx.Response(500), "mpesa-no-answer"),
            (httpx.Response(503), "mpesa-no-answer"),
            (httpx.ReadTimeout, "mpesa-no-answer"),
            (httpx.ReadError, "mpesa-no-answer"),
            (httpx.ConnectError, "mpesa-unreachable"),
        ],
        ids=range(23),
    )
    async def test_no_usable_answer_is_no_evidence(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, answer: Any, code: Any
    ) -> None:
        daraja.script = [answer]
        with pytest.raises(Unavailable) as caught:
            await gateway.ask(REFERENCE)
        assert caught.value.code == code

    async def test_a_rate_limit_is_not_met_by_asking_again(self, gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [SPIKE]
        with pytest.raises(Unavailable, match="wait 12 s"):
            await gateway.ask(REFERENCE)
        assert len(daraja.requests) == 1

    async def test_missing_envelope_fields_do_not_matter(self, gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [answered("1032", ResponseCode=..., CheckoutRequestID=..., ResultDesc=...)]
        assert (await gateway.ask(REFERENCE)).code == "1032"

    async def test_a_refused_token_is_replaced(self, gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [INVALID_TOKEN[0], answered("1032")]
        assert (await gateway.ask(REFERENCE)).kind is EvidenceKind.DECLINED
        assert daraja.tokens == 2

    async def test_without_a_reference_nobody_is_asked(self, gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
        with pytest.raises(Unavailable) as caught:
            await gateway.ask("")
        assert caught.value.code == "mpesa-no-reference"
        assert (daraja.requests, daraja.tokens) == ([], 0)


def test_advice_comes_from_the_table(gateway: MpesaGateway) -> None:
    assert gateway.advise("1032").advice is Advice.NOW
    assert gateway.advise("17").wait >= timedelta(minutes=2)
    assert gateway.advise("never seen").advice is Advice.NO
