"""The callback intake: what gateways post. Stored raw and durably first, answered then, interpreted later.

Daraja signs nothing, so trust comes in layers (threat T1): a token per attempt in the URL, 64 hex digits that nobody can guess
and that are compared in constant time; the sender's address, which never opens a door but can turn a proof into a hint; and for hints a
query at the gateway before anything is credited. See docs/decisions/0006-callback-intake.md.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from hmis_pos import logs
from hmis_pos.cashier import read_callbacks
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.records import InboxMessage, Task, TaskKind
from hmis_pos.relay.limits import Limits
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.origin import client_address, is_within
from hmis_pos.relay.settings import Settings
from hmis_pos.relay.wakeup import Bell

#: Where gateways post; the token follows.
PREFIX = "/cb"
LONGEST_BODY = 64 * 1024
#: Seconds a sender has to send its body.
PATIENCE = 10.0
PROVIDER = "mpesa"

_TOKEN = re.compile(r"[0-9a-f]{32,64}")
_KEPT_HEADERS = ("content-type", "content-length", "user-agent", "x-forwarded-for")
_log = logs.logger("relay.callbacks")


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """What Daraja wants to hear."""

    result_code: int = 0
    result_desc: str = "Accepted"


ACCEPTED = msgspec.json.encode(Acknowledgement())


class TooLong(Exception):
    """The body is over the limit."""


class Intake:
    """Stores callbacks, whichever way they come in."""

    def __init__(self, ctx: Context, settings: Settings, limits: Limits, metrics: Metrics, bell: Bell) -> None:
        self._ctx = ctx
        self._settings = settings
        self._limits = limits
        self._metrics = metrics
        self._bell = bell

    def sender(self, scope: Any) -> str:
        """The address the callback came from, believing only named proxies."""
        return client_address(scope, self._settings.trusted_proxies)

    async def channel_of(self, token: str) -> str | None:
        """What a token is for: ``stk`` (an attempt's own), ``c2b`` (the setting), or None."""
        if not _TOKEN.fullmatch(token):
            return None
        if self._settings.c2b_token and hmac.compare_digest(token, self._settings.c2b_token):
            return "c2b"
        record = await self._ctx.database.read(lambda books: books.payments.by_token(token))
        if record is None or not hmac.compare_digest(token, record.callback_token):
            return None
        return "stk"

    async def store(self, scope: Any, *, channel: str, token: str, sender: str, body: bytes) -> int:
        """Commit a callback to the inbox and wake whoever interprets it; its number.

        A sender outside ``HMIS_CALLBACK_ALLOW`` is not turned away, since Safaricom's addresses change: its message
        becomes a hint (channel ``alias``), which credits nothing before the gateway, asked by us, agrees.
        """
        allowed = self._settings.callback_allow
        if channel != "alias" and allowed and not is_within(sender, allowed):
            await self.alert(f"callback-address:{sender}", f"A callback came from {sender}, not an address we know.")
            self._metrics.callbacks.labels(channel, "foreign-address").inc()
            channel = "alias"
        number = await read_callbacks.receive(
            self._ctx,
            InboxMessage(
                provider=PROVIDER,
                channel=channel,
                token=token,
                source_ip=sender,
                headers=json.dumps(_kept(scope), sort_keys=True),
                body=body,
                received_at=self._ctx.clock.now(),
            ),
        )
        self._metrics.callbacks.labels(channel, "stored").inc()
        _log.info("callback stored", inbox=number, channel=channel, bytes=len(body), sender=sender)
        self._bell.ring()
        return number

    async def alert(self, subject: str, text: str) -> None:
        """A task for IT; at most one row a minute and subject, whatever is sent."""
        if not self._limits.alert.spend(subject.partition(":")[0]):
            return
        facility = read_callbacks.NO_FACILITY
        await self._ctx.database.write(
            lambda books: books.trail.open_task(Task(kind=TaskKind.BAD_CALLBACK, subject=subject, text=text), facility)
        )

    async def guessed(self, sender: str) -> None:
        """Somebody posted to an address that is none of ours."""
        self._metrics.callbacks.labels("none", "unknown-token").inc()
        self._limits.bad_token.spend(sender)
        _log.warning("callback to an unknown address", sender=sender)
        await self.alert(
            "callback-guess", f"Callbacks came to addresses that are none of ours, last from {sender}: look at the log."
        )

    def may_guess(self, sender: str) -> bool:
        """Whether this address still has tries; known gateways always have."""
        allowed = self._settings.callback_allow
        return self._limits.bad_token.wait(sender) == 0 or bool(allowed and is_within(sender, allowed))


def _kept(scope: Any) -> Mapping[str, str]:
    found = {name.decode("latin-1"): value.decode("latin-1")[:200] for name, value in scope["headers"]}
    return {name: found[name] for name in _KEPT_HEADERS if name in found}


# ---------------------------------------------------------------- the raw ASGI route

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class CallbackRoute:
    """``POST /cb/{token}`` without a framework in between: fast, and nothing is parsed before it is stored."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, body = await self._answer(scope, receive)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append((b"allow", b"POST"))
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Any, receive: Receive) -> tuple[int, bytes]:
        if scope["method"] != "POST":
            return _refusal(HTTPStatus.METHOD_NOT_ALLOWED)
        # The mount may have cut its prefix off already; what is left may itself begin with these letters, as hex does.
        token = scope["path"].removeprefix(f"{PREFIX}/").strip("/")
        sender = self._intake.sender(scope)
        if not self._intake.may_guess(sender):
            return _refusal(HTTPStatus.NOT_FOUND)
        try:
            body = await _read(scope, receive)
            if body is None:
                return _refusal(HTTPStatus.BAD_REQUEST)
            channel = await self._intake.channel_of(token)
            if channel is None:
                await self._intake.guessed(sender)
                return _refusal(HTTPStatus.NOT_FOUND)
            await self._intake.store(scope, channel=channel, token=token, sender=sender, body=body)
        except TooLong:
            return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except TimeoutError:
            return _refusal(HTTPStatus.REQUEST_TIMEOUT)
        except Exception:  # noqa: BLE001 - not stored for whatever reason: the gateway must hear a no and may come again
            _log.exception("callback not stored", sender=sender)
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        return HTTPStatus.OK, ACCEPTED


def _refusal(status: HTTPStatus) -> tuple[int, bytes]:
    return status, json.dumps({"ResultCode": 1, "ResultDesc": status.phrase}).encode()


async def _read(scope: Any, receive: Receive) -> bytes | None:
    """The whole body; None if the sender left in the middle.

    Raises:
        TooLong: it is over the limit.
        TimeoutError: the sender drips.
    """
    announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if announced.isdigit() and int(announced) > LONGEST_BODY:
        raise TooLong
    body = bytearray()
    async with asyncio.timeout(PATIENCE):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > LONGEST_BODY:
                raise TooLong
            if not message.get("more_body", False):
                return bytes(body)
