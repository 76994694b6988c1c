"""Sending to Daraja, and the one repeat that is always safe: a refused token.

A token is checked before the request is read. So a request that was refused for its token has asked nobody, and may be sent
again, once, with a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hmis_pos.cashier.ports import Clock, Order
from hmis_pos.gateways import exact_json
from hmis_pos.gateways.http import MAX_ANSWER, Answer, Call, Effect, ProviderHttp
from hmis_pos.gateways.mpesa import results, wire
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.results import DoorError, Standing
from hmis_pos.gateways.mpesa.token import TokenCache

PUSH_PATH = "/mpesa/stkpush/v1/processrequest"
QUERY_PATH = "/mpesa/stkpushquery/v1/query"
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of Daraja. ``fields`` is None where the body is no JSON object; then ``unreadable`` says why."""

    status: int
    fields: Mapping[str, Any] | None
    unreadable: str = ""
    retry_after: str = ""

    @property
    def ok(self) -> bool:
        """HTTP 200 with a JSON object: the only form of success."""
        return self.status == _OK and self.fields is not None

    @property
    def error(self) -> tuple[str, str]:
        """(code, message) of Safaricom's error body or an Apigee fault; empty where there is none."""
        if self.fields is None:
            return "", ""
        fault = self.fields.get("fault")
        if isinstance(fault, dict):
            detail = fault.get("detail")
            code = detail.get("errorcode") if isinstance(detail, dict) else None
            return wire.text_of(code, wire.MAX_ID), wire.text_of(fault.get("faultstring"))
        return wire.text_of(self.fields.get("errorCode"), wire.MAX_CODE), wire.text_of(self.fields.get("errorMessage"))

    @property
    def door_error(self) -> DoorError | None:
        """The documented row this error answer to a push or a query belongs to."""
        return results.of_error(self.status, *self.error)

    @property
    def words(self) -> str:
        """The answer in one line for a log or a person."""
        code, message = self.error
        told = " ".join(part for part in (code, message) if part) or self.unreadable or "no error code"
        return f"HTTP {self.status}, {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A request to an endpoint. ``body`` is made again for a repeat, since a push's password has a time in it."""

    name: str  #: ``mpesa.push``
    path: str
    body: Callable[[], Mapping[str, object]]
    effect: Effect
    about: Mapping[str, str]
    longest: int = MAX_ANSWER


class MpesaClient:
    """Sends requests with a good token."""

    def __init__(self, config: MpesaConfig, clock: Clock, http: ProviderHttp) -> None:
        self._config = config
        self._clock = clock
        self._http = http
        self._tokens = TokenCache(config, clock, http)

    async def push(self, order: Order) -> Reply:
        """Ask a payer; sent once, save for a refused token.

        Raises:
            CashierMistake: the order cannot be said to Daraja; nothing was asked.
            Unavailable: no token, or no connection; nothing was asked.
            OutcomeUnknown: it left, and no whole answer came back.
        """
        return await self.post(
            Post(
                name="mpesa.push",
                path=PUSH_PATH,
                body=lambda: wire.push_body(self._config, order, self._clock.now()),
                effect=Effect.MOVES_MONEY,
                about={"payment_uid": str(order.uid)},
            )
        )

    async def query(self, reference: str) -> Reply:
        """Ask what became of a push. Read-only.

        Raises:
            Unavailable: no answer.
        """
        return await self.post(
            Post(
                name="mpesa.query",
                path=QUERY_PATH,
                body=lambda: wire.query_body(self._config, reference, self._clock.now()),
                effect=Effect.READS,
                about={"reference": reference},
            )
        )

    async def post(self, post: Post) -> Reply:
        """Send any request; with a new token once more where the token was refused.

        Raises:
            CashierMistake: of ``post.body``; nothing was asked.
            Unavailable: nothing was asked; or, for a reading request, no answer came.
            OutcomeUnknown: a request that changes something left, and no whole answer came back.
        """
        post.body()  # what cannot be said should not cost a token
        token = await self._tokens.get()
        reply = await self._send(post, token)
        if not _token_refused(reply) or self._tokens.fixed:
            return reply
        self._tokens.drop(token)
        return await self._send(post, await self._tokens.get())

    async def _send(self, post: Post, token: str) -> Reply:
        answer = await self._http.send(
            Call(
                name=post.name,
                method="POST",
                url=self._config.base_url + post.path,
                headers={"Authorization": f"Bearer {token}"},
                body=post.body(),
                effect=post.effect,
                about=post.about,
                longest=post.longest,
            )
        )
        return _reply(answer)


def _token_refused(reply: Reply) -> bool:
    row = reply.door_error
    return row is not None and row.standing is Standing.TOKEN


def _reply(answer: Answer) -> Reply:
    try:
        fields = exact_json.read_object(answer.body)
    except ValueError as error:
        return Reply(status=answer.status, fields=None, unreadable=str(error), retry_after=answer.retry_after)
    return Reply(status=answer.status, fields=fields, retry_after=answer.retry_after)
