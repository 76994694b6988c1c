"""Money back and questions: what is sent, and what every answer at the door proves."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog

from hmis_pos.cashier.ports_mobile_money import Accepted, MobileMoney, RefundOrder, StatusQuestion
from hmis_pos.cashier.records import Advice
from hmis_pos.cashier.records_back_office import RequestKind
from hmis_pos.domain.errors import OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState, Route, judge_refund
from hmis_pos.gateways.mpesa import command_codes
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.gateways.mpesa.results import Standing
from tests.support.gateway_world import StillClock
from tests.support.scripted_daraja import ScriptedDaraja, error

CREDENTIAL = base64.b64encode(bytes(range(256))).decode()
TAKEN = {
    "ConversationID": "AG_20260131_1",
    "OriginatorConversationID": "refund-1",
    "ResponseCode": "0",
    "ResponseDescription": "Accept the service request successfully.",
}
REFUND = RefundOrder(
    uid=UUID("0192f3a0-0000-7000-8000-000000000002"),
    route=Route.PAYOUT,
    amount=Money.whole(500),
    receipt_no="TAB1CD2EFG",
    phone="254712345678",
    originator="refund-1",
    remarks="Hospital refund",
    result_url="https://pay.example/cb/ab12",
    timeout_url="https://pay.example/cb/ab12/late",
)
BACK = replace(REFUND, route=Route.REVERSAL, phone="")
BY_RECEIPT = StatusQuestion(receipt_no="tab1cd2efg ", originator="", result_url="https://r", timeout_url="https://t")
BY_ID = replace(BY_RECEIPT, receipt_no="", originator="refund-1")
TOKENS = [
    error(404, "404.001.03", "Invalid Access Token"),
    error(401, "401.002.01", "Error Occurred - Invalid Access Token"),
    error(401, "401.001", "Invalid Access Token"),
    error(400, "400.003.01", "Invalid Access Token"),
]
NO_PRODUCT = httpx.Response(
    401,
    json={"fault": {"faultstring": "Invalid API call as no apiproduct match found", "detail": {"errorcode": "k.X"}}},
)
SPIKE = httpx.Response(
    429,
    headers={"Retry-After": "12"},
    json={"fault": {"faultstring": "Spike arrest", "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"}}},
)
BOTH_WAYS = pytest.mark.parametrize("order", [REFUND, BACK], ids=["payout", "reversal"])


def ok(**changes: Any) -> httpx.Response:
    return httpx.Response(200, json={k: v for k, v in (TAKEN | changes).items() if v is not ...})


@pytest.fixture
def operator(build: Callable[..., MpesaGateway], daraja: ScriptedDaraja) -> MpesaGateway:
    """A gateway that may send commands."""
    daraja.script = [ok()]
    return build(initiator="api-user", security_credential=CREDENTIAL, b2c_shortcode="600999")


def sent(daraja: ScriptedDaraja) -> tuple[str, dict[str, Any]]:
    (request,) = daraja.requests
    assert (request.method, request.headers["Content-Type"]) == ("POST", "application/json")
    return request.url.path, json.loads(request.content)


def test_it_is_mobile_money(operator: MpesaGateway) -> None:
    as_port: MobileMoney = operator
    assert (as_port.shortcodes, as_port.pay_to, as_port.is_till) == ({"174379"}, "174379", False)


class TestBodies:
    async def test_a_payout(self, operator: MpesaGateway, daraja: ScriptedDaraja) -> None:
        await operator.give_back(REFUND)
        assert sent(daraja) == (
            "/mpesa/b2c/v3/paymentrequest",
            {
                "OriginatorConversationID": "refund-1",
                "InitiatorName": "api-user",
                "SecurityCredential": CREDENTIAL,
                "CommandID": "BusinessPayment",
                "Amount": 500,
                "PartyA": "600999",
                "PartyB": "254712345678",
                "Remarks": "Hospital refund",
                "QueueTimeOutURL": "https://pay.example/cb/ab12/late",
                "ResultURL": "https://pay.example/cb/ab12",
                "Occassion": "TAB1CD2EFG",
            },
        )

    async def test_a_reversal(self, operator: MpesaGateway, daraja: ScriptedDaraja) -> None:
        await operator.give_back(BACK)
        assert sent(daraja) == (
            "/mpesa/reversal/v1/request",
            {
                "Initiator": "api-user",
                "SecurityCredential": CREDENTIAL,
                "CommandID": "TransactionReversal",
                "TransactionID": "TAB1CD2EFG",
                "Amount": 500,
                "ReceiverParty": "174379",
                "RecieverIdentifierType": "11",
                "ResultURL": "https://pay.example/cb/ab12",
                "QueueTimeOutURL": "https://pay.example/cb/ab12/late",
                "Remarks": "Hospital refund",
            },
        )

    @pytest.mark.parametrize(
        ("question", "field", "value", "party"),
        [
            (BY_RECEIPT, "TransactionID", "TAB1CD2EFG", "174379"),
            (BY_ID, "OriginalConversationID", "refund-1", "600999"),
            (replace(BY_ID, about=Route.REVERSAL), "OriginalConversationID", "refund-1", "174379"),
        ],
        ids=["receipt", "payout", "reversal"],
    )
    async def test_a_status_question(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, question: Any, field: Any, value: Any, party: Any
    ) -> None:
        assert await operator.ask_status(question) == Accepted(originator="refund-1", conversation="AG_20260131_1")
        path, body = sent(daraja)
        assert path == "/mpesa/transactionstatus/v1/query"
        assert {"TransactionID", "OriginalConversationID"} & set(body) == {field}
        assert body[field] == value
        assert (body["PartyA"], body["IdentifierType"], body["CommandID"]) == (party, "4", "TransactionStatusQuery")
        assert (body["Initiator"], body["SecurityCredential"]) == ("api-user", CREDENTIAL)
        assert (body["ResultURL"], body["QueueTimeOutURL"]) == ("https://r", "https://t")

    async def test_a_balance_question(self, operator: MpesaGateway, daraja: ScriptedDaraja) -> None:
        assert (await operator.ask_balance("https://r", "https://t")).conversation == "AG_20260131_1"
        path, body = sent(daraja)
        assert path == "/mpesa/accountbalance/v1/query"
        assert (body["Initiator"], body["CommandID"], body["PartyA"]) == ("api-user", "AccountBalance", "174379")
        assert (body["IdentifierType"], body["ResultURL"], body["QueueTimeOutURL"]) == ("4", "https://r", "https://t")

    @pytest.mark.parametrize(
        ("remarks", "told"),
        [("x" * 200, "x" * 100), ("", "Refund"), ("!", "Refund"), ("a\nb <c>", "a b c"), ("Māua", "M ua")],
    )
    @BOTH_WAYS
    async def test_remarks_have_2_to_100_plain_characters(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, order: Any, remarks: Any, told: Any
    ) -> None:
        await operator.give_back(replace(order, remarks=remarks))
        assert sent(daraja)[1]["Remarks"] == told

    @pytest.mark.parametrize(
        "order",
        [
            replace(REFUND, amount=Money(1050)),
            replace(REFUND, amount=Money.whole(9)),
            replace(REFUND, amount=Money.whole(250_001)),
            replace(REFUND, phone=""),
            replace(REFUND, phone="2547****678"),
            replace(REFUND, originator=""),
            replace(REFUND, originator="a b"),
            replace(BACK, amount=Money(1050)),
            replace(BACK, amount=Money.zero()),
            replace(BACK, receipt_no=""),
            replace(BACK, receipt_no="TAB-1"),
        ],
        ids=range(11),
    )
    async def test_what_cannot_be_said_is_a_no_that_asks_nobody(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, order: Any
    ) -> None:
        said = await operator.give_back(order)
        assert (said.kind, said.source, said.code) == (EvidenceKind.REFUSED, Source.SUBMIT, "mpesa-order")
        assert said.text
        assert (daraja.requests, daraja.tokens) == ([], 0)

    async def test_a_status_question_names_one_thing(self, operator: MpesaGateway, daraja: ScriptedDaraja) -> None:
        for question in (replace(BY_ID, receipt_no="TAB1CD2EFG"), replace(BY_ID, originator="")):
            with pytest.raises(Unavailable) as caught:
                await operator.ask_status(question)
            assert caught.value.code == "mpesa-order"
        assert daraja.requests == []

    async def test_the_log_tells_the_refund_and_no_secret(self, operator: MpesaGateway) -> None:
        with structlog.testing.capture_logs() as lines:
            await operator.give_back(REFUND)
        shown = repr(lines)
        assert str(REFUND.uid) in shown
        for secret in (CREDENTIAL, REFUND.phone, "cb/ab12", "Bearer"):
            assert secret not in shown


class TestFeatures:
    @pytest.mark.parametrize("route", Route)
    async def test_what_is_not_set_up_asks_nobody(
        self, gateway: MpesaGateway, daraja: ScriptedDaraja, route: Any
    ) -> None:
        with pytest.raises(Unavailable) as caught:
            await gateway.give_back(replace(REFUND, route=route))
        assert caught.value.code == "feature-missing"
        assert (daraja.requests, daraja.tokens) == ([], 0)

    @pytest.mark.parametrize("route", [Route.PROVIDER, Route.UNMATCHED])
    async def test_ways_back_that_ask_nobody(self, operator: MpesaGateway, daraja: ScriptedDaraja, route: Any) -> None:
        with pytest.raises(Unavailable) as caught:
            await operator.give_back(replace(REFUND, route=route))
        assert (caught.value.code, daraja.requests) == ("feature-missing", [])

    async def test_questions(
        self, gateway: MpesaGateway, build: Callable[..., MpesaGateway], clock: StillClock
    ) -> None:
        asked = (
            lambda: gateway.ask_status(BY_RECEIPT),
            lambda: gateway.ask_balance("https://r", "https://t"),
            lambda: gateway.pull(clock.now(), clock.now(), 0),
            lambda: build(qr=False).qr("INV1", Money.whole(5), 300),
        )
        for ask in asked:
            with pytest.raises(Unavailable) as caught:
                await ask()
            assert caught.value.code == "feature-missing"


class TestAnswersToMoneyBack:
    @BOTH_WAYS
    async def test_accepted(self, operator: MpesaGateway, clock: StillClock, order: Any) -> None:
        said = await operator.give_back(order)
        assert (said.kind, said.source, said.reference) == (EvidenceKind.ACCEPTED, Source.SUBMIT, "refund-1")
        assert (said.code, said.text, said.observed_at) == ("0", TAKEN["ResponseDescription"], clock.now())
        assert judge_refund([said]).state is RefundState.PENDING

    async def test_one_of_the_ids_is_enough_to_ask_by(self, operator: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [ok(OriginatorConversationID=...)]
        assert (await operator.give_back(BACK)).reference == "AG_20260131_1"

    @BOTH_WAYS
    @pytest.mark.parametrize(
        "row", [r for r in command_codes.DOOR_ERRORS if r.standing is Standing.REFUSED], ids=lambda r: r.key
    )
    async def test_every_documented_refusal(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, order: Any, row: Any
    ) -> None:
        answers = {"no-apiproduct": NO_PRODUCT, "spike-arrest": SPIKE}
        status = int(row.error_code[:3]) if row.error_code[:3].isdecimal() else 0
        daraja.script = [answers.get(row.error_code) or error(status, row.error_code, row.phrase or "Bad Request")]
        said = await operator.give_back(order)
        assert (said.kind, said.source, said.code) == (EvidenceKind.REFUSED, Source.SUBMIT, row.key)
        assert operator.advise_refund(RequestKind.PAYOUT, said.code) == row.advice
        assert len(daraja.requests) == 1
        assert judge_refund([said]).state is RefundState.FAILED

    @BOTH_WAYS
    async def test_a_duplicate_of_our_own_name_is_looked_up(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, order: Any
    ) -> None:
        daraja.script = [error(500, "500.002.1001", "Duplicate OriginatorConversationID")]
        said = await operator.give_back(order)
        assert (said.kind, said.code) == (EvidenceKind.UNCLEAR, "500.002.1001:duplicate")
        assert judge_refund([said]).state is RefundState.UNKNOWN
        assert operator.advise_refund(RequestKind.PAYOUT, said.code).advice is Advice.NO
        assert len(daraja.requests) == 1

    @BOTH_WAYS
    @pytest.mark.parametrize("answer", TOKENS, ids=lambda a: str(a.json()["errorCode"]))
    async def test_a_refused_token_is_replaced_and_it_is_sent_once_more(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, order: Any, answer: Any
    ) -> None:
        daraja.script = [answer, ok()]
        assert (await operator.give_back(order)).kind is EvidenceKind.ACCEPTED
        assert [r.headers["Authorization"] for r in daraja.requests] == ["Bearer t1", "Bearer t2"]
        daraja.script = [answer]
        assert (await operator.give_back(order)).kind is EvidenceKind.REFUSED

    async def test_the_credential_is_computed_once(self, operator: MpesaGateway, daraja: ScriptedDaraja) -> None:
        await operator.give_back(REFUND)
        await operator.ask_status(BY_ID)
        assert len({json.loads(r.content)["SecurityCredential"] for r in daraja.requests}) == 1

    @BOTH_WAYS
    @pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ConnectTimeout])
    async def test_without_a_connection_nothing_was_asked(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, order: Any, trouble: Any
    ) -> None:
        daraja.script = [trouble]
        with pytest.raises(Unavailable) as caught:
            await operator.give_back(order)
        assert caught.value.code == "mpesa-unreachable"
        assert len(daraja.requests) == 1

    UNKNOWN = (
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.RemoteProtocolError,
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={}),
        ok(ResponseCode="1"),
        ok(ResponseCode=...),
        ok(ConversationID=..., OriginatorConversationID=...),
        ok(ConversationID="", OriginatorConversationID=None),
        ok(ConversationID="x" * 101, OriginatorConversationID=[]),
        httpx.Response(200, json={"errorCode": "400.002.02", "errorMessage": "Bad Request - Invalid Amount"}),
        httpx.Response(400),
        httpx.Response(500),
        httpx.Response(502, content=b"<html>"),
        httpx.Response(503),
        httpx.Response(504),
        error(500, "500.001.1001", "Wrong credentials"),
        error(500, "500.001.1001", "Unable to lock subscriber"),
        error(500, "500.002.1001", "Service is currently under maintenance"),
        error(500, "500.003.02", "System is busy"),
        error(500, "500.003.1001", "Internal Server Error"),
        error(400, "400.999.99", "never seen"),
    )

    @BOTH_WAYS
    @pytest.mark.parametrize("trouble", UNKNOWN, ids=range(len(UNKNOWN)))
    async def test_everything_else_is_unknown_and_sent_once(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, order: Any, trouble: Any
    ) -> None:
        daraja.script = [trouble]
        with pytest.raises(OutcomeUnknown) as caught:
            await operator.give_back(order)
        assert len(daraja.requests) == 1
        assert operator.advise_refund(RequestKind.PAYOUT, caught.value.code).advice is Advice.NO


class TestAnswersToQuestions:
    async def ask(self, gateway: MpesaGateway, what: str) -> Accepted:
        if what == "status":
            return await gateway.ask_status(BY_RECEIPT)
        return await gateway.ask_balance("https://r", "https://t")

    @pytest.mark.parametrize("what", ["status", "balance"])
    @pytest.mark.parametrize("answer", TOKENS, ids=lambda a: str(a.json()["errorCode"]))
    async def test_a_refused_token_is_replaced(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, what: Any, answer: Any
    ) -> None:
        daraja.script = [answer, ok(ResponseCode=0)]
        assert (await self.ask(operator, what)).conversation == "AG_20260131_1"

    async def test_missing_ids_are_no_reason_to_doubt_a_question(
        self, operator: MpesaGateway, daraja: ScriptedDaraja
    ) -> None:
        daraja.script = [ok(ConversationID=..., OriginatorConversationID=None)]
        assert await operator.ask_status(BY_RECEIPT) == Accepted(originator="", conversation="")

    @pytest.mark.parametrize("what", ["status", "balance"])
    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (SPIKE, "mpesa-busy"),
            (error(500, "500.003.03", "Quota Violation"), "mpesa-busy"),
            (error(500, "500.003.02", "System is busy"), "mpesa-no-answer"),
            (error(500, "500.002.1001", "Duplicate OriginatorConversationID"), "mpesa-no-answer"),
            (error(400, "400.002.02", "Bad Request - Invalid Initiator"), "mpesa-configuration"),
            (NO_PRODUCT, "mpesa-configuration"),
            (TOKENS[0], "mpesa-configuration"),
            (httpx.Response(200, content=b"<html>"), "mpesa-unreadable"),
            (httpx.Response(200, json={}), "mpesa-unreadable"),
            (ok(ResponseCode="1"), "mpesa-unreadable"),
            (httpx.Response(503), "mpesa-no-answer"),
            (httpx.ReadTimeout, "mpesa-no-answer"),
            (httpx.ConnectError, "mpesa-unreachable"),
        ],
        ids=range(13),
    )
    async def test_no_usable_answer(
        self, operator: MpesaGateway, daraja: ScriptedDaraja, what: Any, answer: Any, code: Any
    ) -> None:
        daraja.script = [answer]
        with pytest.raises(Unavailable) as caught:
            await self.ask(operator, what)
        assert caught.value.code == code

    async def test_a_lost_answer_is_asked_again(self, operator: MpesaGateway, daraja: ScriptedDaraja) -> None:
        daraja.script = [httpx.ReadTimeout, ok()]
        assert (await operator.ask_status(BY_RECEIPT)).conversation
        assert len(daraja.requests) == 2
