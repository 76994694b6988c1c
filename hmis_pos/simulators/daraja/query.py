"""STK Push Query: how a push stands, without receipt, amount or phone, and not too often."""

from datetime import datetime, timedelta
from math import ceil

from hmis_pos.simulators.asgi import Answer, Request, json_response
from hmis_pos.simulators.daraja.behaviour import QUERY_FAULTS, TRUTH
from hmis_pos.simulators.daraja.errors import Refused, broken, invalid, spike_arrest
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.push import Push, QueryRequest
from hmis_pos.simulators.daraja.results import Result, result
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.validation import read_body, read_query


class QueryDesk:
    """Answers status queries."""

    def __init__(self, state: State, tokens: TokenDesk) -> None:
        self._state = state
        self._tokens = tokens
        self._next_allowed: datetime | None = None

    def reset(self) -> None:
        self._next_allowed = None

    async def query(self, request: Request) -> Answer:
        """`POST /mpesa/stkpushquery/v1/query`."""
        at, checkout, said = self._state.clock.now(), None, "error"
        try:
            self._spike_arrest(at)
            self._tokens.check(request)
            body = read_body(request, "BusinessShortCode")
            checkout = read_query(body, self._state.config, at)
            push = self._state.pushes.get(checkout)
            if push is None:
                raise invalid("CheckoutRequestID")
            said = self._next_answer(push, at)
            return self._answer(push, said)
        except Refused as refusal:
            said = refusal.code
            raise
        finally:
            self._state.queries.append(QueryRequest(at, checkout, said))
            self._state.journal.record("query_answered", checkout=checkout, answer=said)

    def _spike_arrest(self, now: datetime) -> None:
        config = self._state.config
        if config.query_per_minute is None:
            return
        if self._next_allowed is not None and now < self._next_allowed:
            wait = ceil((self._next_allowed - now).total_seconds())
            raise spike_arrest(wait if config.retry_after else None)
        self._next_allowed = now + timedelta(minutes=1 / config.query_per_minute)

    def _next_answer(self, push: Push, now: datetime) -> str:
        script = push.behaviour.query
        answer = script[min(push.queries, len(script) - 1)]
        push.queries += 1
        if answer != TRUTH:
            return answer
        config = self._state.config
        if now < push.accepted_at + timedelta(seconds=config.query_too_early_seconds):
            return "unknown_id"
        if push.result is None:
            return "processing" if config.query_pending == "500" else config.query_pending
        return TRUTH

    def _answer(self, push: Push, answer: str) -> Answer:
        if answer == "processing":
            raise Refused(500, "500.001.1001", "The transaction is being processed")
        if answer == "unknown_id":
            raise invalid("CheckoutRequestID")
        if answer == "spike":
            raise spike_arrest(1 if self._state.config.retry_after else None)
        if answer in QUERY_FAULTS and answer != "4999":
            return broken(answer)
        if answer == TRUTH and push.result is not None:
            return self._done(push, push.result)
        return self._done(push, result(answer))

    def _done(self, push: Push, ended: Result) -> Answer:
        number = self._state.config.query_codes == "int" and ended.code.isdecimal()
        return json_response(
            {
                "ResponseCode": "0",
                "ResponseDescription": "The service request has been accepted successfully",
                "MerchantRequestID": push.merchant_id,
                "CheckoutRequestID": push.checkout_id,
                "ResultCode": int(ended.code) if number else ended.code,
                "ResultDesc": ended.description,
            }
        )
