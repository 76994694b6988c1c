"""The callback intake: what gateways post. Stored raw and durably first, answered then, interpreted later.

Daraja signs nothing, so trust comes in layers (threat T1): a token in the URL, 64 hex digits that nobody can guess and that are
compared in constant time; the sender's address, which can turn a proof into a hint, or shut the door where the hospital wants it so;
and for hints a query at the gateway before anything is credited. See docs/decisions/0006-callback-intake.md.

Three addresses: ``/cb/<token>`` for results and for money that came to the Paybill, ``/cb/<token>/late`` where a command of ours was
not dealt with in time, and ``/cb/<token>/check`` (``relay/validation.py``), which asks whether a payment may go on.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec

from hmis_pos import logs
from hmis_pos.cashier import read_callbacks
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import InboxMessage, Task, TaskKind
from hmis_pos.relay.bodies import Receive, TooLong, read_body
from hmis_pos.relay.limits import Limits
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.origin import client_address, is_within
from hmis_pos.relay.settings import Foreign, Settings
from hmis_pos.relay.settings.addresses import CHECK, PREFIX
from hmis_pos.relay.settings.paybill import C2bToken, find_token
from hmis_pos.relay.validation import Validation
from hmis_pos.relay.wakeup import Bell

#: What may follow the token too.
LATE = "late"
LONGEST_BODY = 64 * 1024
#: Seconds a sender has to send its body.
PATIENCE = 10.0
PROVIDER = "mpesa"

_TOKEN = re.compile(r"[0-9a-f]{32,64}")
_KEPT_HEADERS = ("content-type", "content-length", "user-agent", "x-forwarded-for")
#: What becomes of each channel's message where only its token is right. Of a command's result nothing counts but that the
#: gateway has to be asked: as if it had come too late.
_HINTS = {"stk": "alias", "c2b": "c2b-claim", "result": "late", "late": "late"}
_log = logs.logger("relay.callbacks")


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """What Daraja wants to hear."""

    result_code: int = 0
    result_desc: str = "Accepted"


ACCEPTED = msgspec.json.encode(Acknowledgement())


class Shut(Exception):
    """The address is none of ours, or not for this sender. ``result`` says why, for the numbers."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


class Intake:
    """Stores callbacks, whichever way they come in."""

    def __init__(self, ctx: Context, settings: Settings, limits: Limits, metrics: Metrics, bell: Bell) -> None:
        self._ctx = ctx
        self._settings = settings
        self._limits = limits
        self._metrics = metrics
        self._bell = bell
        self._last_look = asyncio.Semaphore(1)

    def sender(self, scope: Any) -> str:
        """The address the callback came from, believing only named proxies."""
        return client_address(scope, self._settings.trusted_proxies)

    async def channel_of(self, token: str, purpose: str, sender: str) -> str:
        """What an address is for: ``stk`` (an attempt's own), ``c2b`` (the Paybill's), ``result`` or ``late`` (a command of ours).

        Raises:
            Shut: it is none of ours, or no longer.
        """
        if not _TOKEN.fullmatch(token) or purpose not in ("", LATE):
            raise Shut("unknown-token")
        if not purpose and await self.c2b_token(token) is not None:
            return "c2b"
        found = await self._looked_up(token, sender)
        if found is None or (purpose and found != "result"):
            raise Shut("unknown-token")
        return LATE if purpose else found

    async def _looked_up(self, token: str, sender: str) -> str | None:
        """Whose token it is, by the books. Whoever guessed too often waits in line, and all of them hold one reader at most.

        They are looked up even so: behind a proxy that nobody named, the gateway and who guesses have one address.
        """
        look = partial(_owner_of, token=token)
        if self.may_guess(sender):
            return await self._ctx.database.read(look)
        async with self._last_look:
            return await self._ctx.database.read(look)

    async def c2b_token(self, token: str) -> C2bToken | None:
        """The Paybill's token that was said; None if it is none of them.

        Raises:
            Shut: its last day is over.
        """
        found = find_token(self._settings.c2b_tokens, token)
        if found is None or found.is_good(self._ctx.clock.now()):
            return found
        await self.alert(
            f"callback-expired:{found.shown}",
            f"Safaricom's messages about the Paybill still come to the token {found.shown}, whose last day was "
            f"{found.last_day}: they are turned away. Register the new address (hmis-pos mpesa register-urls) or give it more time.",
        )
        raise Shut("expired-token")

    async def is_foreign(self, sender: str) -> bool:
        """Whether the sender is outside ``HMIS_CALLBACK_ALLOW``; leaves an alert if so."""
        allowed = self._settings.callback_allow
        if not allowed or is_within(sender, allowed):
            return False
        dropped = self._settings.callback_foreign is Foreign.DROP
        done = "It was turned away." if dropped else "It counts only once Safaricom, asked by us, agrees."
        await self.alert(f"callback-address:{sender}", f"A callback came from {sender}, not an address we know. {done}")
        return True

    async def store(self, scope: Any, *, channel: str, token: str, sender: str, body: bytes) -> int:
        """Commit a callback to the inbox and wake whoever interprets it; its number.

        From an address we do not know it becomes a hint, which credits nothing before the gateway, asked by us, agrees:
        Safaricom's addresses change.

        Raises:
            Shut: the hospital turns such senders away.
        """
        # Whatever comes to the alias is a hint anyway: where strangers may hint, they leave no alert there.
        drops = self._settings.callback_foreign is Foreign.DROP
        if (channel != "alias" or drops) and await self.is_foreign(sender):
            if drops:
                raise Shut("foreign-address")
            self._metrics.callbacks.labels(channel, "foreign-address").inc()
            channel = _HINTS[channel]
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
        facility = self._ctx.policy.home_facility
        await self._ctx.database.write(
            lambda books: books.trail.open_task(Task(kind=TaskKind.BAD_CALLBACK, subject=subject, text=text), facility)
        )

    async def turned_away(self, sender: str, why: Shut) -> None:
        """Somebody posted to an address that is none of ours, or not for them."""
        self._metrics.callbacks.labels("none", why.result).inc()
        if why.result != "unknown-token":
            _log.warning("callback turned away", sender=sender, why=why.result)
            return
        if not self._limits.bad_token.spend(sender):
            return  # of a flood the first ones say enough
        _log.warning("callback to an unknown address", sender=sender)
        await self.alert(
            "callback-guess", f"Callbacks came to addresses that are none of ours, last from {sender}: look at the log."
        )

    def may_guess(self, sender: str) -> bool:
        """Whether this address is looked up at once; known gateways always are."""
        allowed = self._settings.callback_allow
        return self._limits.bad_token.wait(sender) == 0 or bool(allowed and is_within(sender, allowed))


def _owner_of(books: Books, *, token: str) -> str | None:
    record = books.payments.by_token(token)
    if record is not None and hmac.compare_digest(token, record.callback_token):
        return "stk"
    request = books.requests.by_token(token)
    return "result" if request is not None and hmac.compare_digest(token, request.token) else None


def _kept(scope: Any) -> Mapping[str, str]:
    found = {name.decode("latin-1"): value.decode("latin-1")[:200] for name, value in scope["headers"]}
    return {name: found[name] for name in _KEPT_HEADERS if name in found}


# ---------------------------------------------------------------- the raw ASGI route

Send = Callable[[Any], Awaitable[None]]


class CallbackRoute:
    """``POST /cb/{token}…`` without a framework in between: fast, and nothing is parsed before it is stored."""

    def __init__(self, intake: Intake, validation: Validation) -> None:
        self._intake = intake
        self._validation = validation

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
        token, _, purpose = scope["path"].removeprefix(f"{PREFIX}/").strip("/").partition("/")
        sender = self._intake.sender(scope)
        try:
            if purpose == CHECK:
                return HTTPStatus.OK, await self._judged(scope, receive, token, sender)
            channel = await self._intake.channel_of(token, purpose, sender)  # first: a guesser's body is not waited for
            body = await read_body(scope, receive, longest=LONGEST_BODY, patience=PATIENCE)
            if body is None:
                return _refusal(HTTPStatus.BAD_REQUEST)
            await self._intake.store(scope, channel=channel, token=token, sender=sender, body=body)
        except Shut as e:
            await self._intake.turned_away(sender, e)
            return _refusal(HTTPStatus.NOT_FOUND)
        except TooLong:
            return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except TimeoutError:
            return _refusal(HTTPStatus.REQUEST_TIMEOUT)
        except Exception:  # noqa: BLE001 - not stored for whatever reason: the gateway must hear a no and may come again
            _log.exception("callback not stored", sender=sender)
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        return HTTPStatus.OK, ACCEPTED

    async def _judged(self, scope: Any, receive: Receive, token: str, sender: str) -> bytes:
        """May a payment to the Paybill go on? The answer is what Safaricom reads; nothing is stored."""
        if not _TOKEN.fullmatch(token) or await self._intake.c2b_token(token) is None:
            raise Shut("unknown-token")
        return await self._validation.answer(
            lambda: self._intake.is_foreign(sender),
            lambda: read_body(scope, receive, longest=LONGEST_BODY, patience=PATIENCE),
        )


def _refusal(status: HTTPStatus) -> tuple[int, bytes]:
    return status, json.dumps({"ResultCode": 1, "ResultDesc": status.phrase}).encode()
