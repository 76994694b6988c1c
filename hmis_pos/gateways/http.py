"""The door to every provider: one HTTP client, and the rule of what may be sent twice.

The rule (Daraja section 0, promise P6): a request that only *reads* (a token, a query) may be repeated. A request that may
*move money* is sent once, whatever happens to its answer:

==============================================  =====================  =====================
what happened                                   a reading request      a money request
==============================================  =====================  =====================
no connection, TLS failed: nothing was sent     repeated, Unavailable  Unavailable
timeout, reset, answer cut off or too long      repeated, Unavailable  OutcomeUnknown
502, 503, 504                                   repeated, then given   given to the caller
any other answer                                given to the caller    given to the caller
==============================================  =====================  =====================

A 429 is never repeated here: the limit on queries is five a minute, and a repeat would only eat the next one.
Connections are not kept alive: one that the provider closed meanwhile fails exactly like a lost answer, and would turn a
push that never left into an outcome nobody knows. At a few requests a payment the handshake is a fair price.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import httpx
import structlog

from hmis_pos.domain.errors import OutcomeUnknown, Unavailable

#: Bytes; a call that asks for a list or a picture allows more.
MAX_ANSWER = 64 * 1024
#: Seconds. Reading is the longest: Daraja may think for ten seconds and more before it accepts a push.
TIMEOUT = httpx.Timeout(connect=5, write=5, read=20, pool=5)
#: Pauses before the repeats of a reading request, in seconds.
PAUSES = (0.5,)

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_PASSING = frozenset({502, 503, 504})
_COMPRESSED = "the answer is compressed, which we did not offer"

_log = structlog.get_logger("hmis_pos.gateways")


class Effect(StrEnum):
    """What sending a request may do; it decides whether the request may be repeated."""

    READS = "reads"  #: a token, a query: may be repeated
    MOVES_MONEY = "moves-money"  #: sent once; a lost answer is an unknown outcome


#: Seconds for a whole exchange: a provider that drips one byte a second never runs into the read timeout.
DEADLINES: Mapping[Effect, float] = {Effect.READS: 12.0, Effect.MOVES_MONEY: 30.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to a provider.

    ``name`` and ``about`` (ids that say which payment: ``payment_uid``, ``reference``) go to the log; headers and body
    hold secrets and never do.
    """

    name: str  #: ``mpesa.push``
    method: str
    url: str
    effect: Effect
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] | None = None
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    about: Mapping[str, str] = field(default_factory=dict)
    longest: int = MAX_ANSWER  #: bytes of its answer

    @property
    def provider(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whole, whatever its status."""

    status: int
    body: bytes
    retry_after: str = ""


def open_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """The one way to make a client for providers: no redirects, no kept connections, no compression."""
    return httpx.AsyncClient(
        transport=transport,
        timeout=TIMEOUT,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=0),
        # Without compression the size limit holds for what is read into memory too.
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "hmis-pos"},
    )


class ProviderHttp:
    """Sends calls by the rule above. Close it with ``aclose`` or use it as an async context.

    Args:
        client: of :func:`open_client`.
        deadlines: seconds for one exchange of each kind.
        pauses: seconds before each repeat of a reading request.
        pause: how to wait; tests replace it.
    """

    def __init__(
        self,
        client: httpx.AsyncClient | None = None,
        *,
        deadlines: Mapping[Effect, float] = DEADLINES,
        pauses: tuple[float, ...] = PAUSES,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client or open_client()
        self._deadlines = deadlines
        self._pauses = pauses
        self._pause = pause

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def send(self, call: Call) -> Answer:
        """Send a call and return its answer, of any HTTP status.

        Raises:
            Unavailable: nothing was asked; or, for a reading request, no answer came. Code ``<provider>-unreachable``.
            OutcomeUnknown: a money request left and no whole answer came back. Code ``<provider>-no-answer``.
        """
        pauses = iter(self._pauses if call.effect is Effect.READS else ())
        while True:
            pause = next(pauses, None)
            try:
                answer = await self._once(call)
            except Unavailable:
                if pause is None:
                    raise
            else:
                if pause is None or answer.status not in _PASSING:
                    return answer
            await self._pause(pause)

    async def _once(self, call: Call) -> Answer:
        log = _log.bind(call=call.name, **call.about)
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(self._deadlines[call.effect]):
                answer = await self._exchange(call)
        except _NOTHING_SENT as error:
            log.warning("gateway.unreachable", error=type(error).__name__)
            raise Unavailable(
                f"{call.name}: no connection to {httpx.URL(call.url).host} ({type(error).__name__}); nothing was asked",
                code=f"{call.provider}-unreachable",
                cure="Check the network, then try again.",
            ) from error
        except (httpx.HTTPError, TimeoutError, _Unusable) as error:
            log.warning("gateway.no_answer", error=type(error).__name__, effect=call.effect.value)
            raise _lost(call, error) from error
        log.info("gateway.answered", status=answer.status, ms=round((time.perf_counter() - begun) * 1000))
        return answer

    async def _exchange(self, call: Call) -> Answer:
        # `params=None` keeps what the URL has; an empty mapping would strip its query.
        async with self._client.stream(
            call.method, call.url, headers=call.headers, params=call.params, json=call.body
        ) as response:
            if response.headers.get("Content-Encoding", "identity").casefold() != "identity":
                raise _Unusable(_COMPRESSED)
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > call.longest:
                    raise _Unusable(f"the answer is longer than {call.longest} bytes")
            return Answer(
                status=response.status_code, body=bytes(body), retry_after=response.headers.get("Retry-After", "")
            )


class _Unusable(Exception):
    """Stops reading an answer that no provider would send."""


def _lost(call: Call, error: Exception) -> Unavailable | OutcomeUnknown:
    what = str(error) if isinstance(error, _Unusable) else type(error).__name__
    if call.effect is Effect.READS:
        return Unavailable(
            f"{call.name}: no usable answer ({what})",
            code=f"{call.provider}-no-answer",
            cure="It is asked again by itself.",
        )
    return OutcomeUnknown(
        f"{call.name}: sent, but no whole answer came back ({what})",
        code=f"{call.provider}-no-answer",
        cure="Do not ask again; look up what became of it.",
    )
