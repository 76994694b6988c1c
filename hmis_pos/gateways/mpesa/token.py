"""The OAuth token: bought once for all who wait, renewed early, dropped when Daraja refuses it.

The portal says that a new token invalidates the one before, so there is one cache for the whole relay process, and a
refused token is dropped only by the first of those who used it.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from hmis_pos.cashier.ports import Clock
from hmis_pos.domain.errors import Unavailable
from hmis_pos.gateways import exact_json
from hmis_pos.gateways.http import Answer, Call, Effect, ProviderHttp
from hmis_pos.gateways.mpesa.config import MpesaConfig, is_header_text

PATH = "/oauth/v1/generate"
#: Renewed this long before it expires.
EARLY = timedelta(seconds=60)
#: Where the answer does not say how long it lives. Too long costs one repeat, too short one request.
UNSAID_LIFE = timedelta(minutes=10)
MAX_LIFE = timedelta(hours=24)

_OK = 200
_REFUSED = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    good_until: datetime


class TokenCache:
    """Gives the token to put behind ``Bearer``."""

    def __init__(self, config: MpesaConfig, clock: Clock, http: ProviderHttp) -> None:
        self._config = config
        self._clock = clock
        self._http = http
        self._lock = asyncio.Lock()
        self._token: _Token | None = None
        self._failures = 0
        self._failure: Unavailable | None = None

    @property
    def fixed(self) -> bool:
        """True where the token is a setting, which no request can renew."""
        return bool(self._config.access_token)

    async def get(self) -> str:
        """The cached token, or a new one. Those who ask while one is being bought share it, or its failure.

        Raises:
            Unavailable: none can be had; code ``mpesa-unreachable``, ``mpesa-no-answer``, ``mpesa-token`` or
                ``mpesa-credentials``.
        """
        if self.fixed:
            return self._config.access_token
        if (token := self._fresh()) is not None:
            return token
        failures = self._failures
        async with self._lock:
            if (token := self._fresh()) is not None:
                return token
            if self._failure is not None and self._failures != failures:
                raise _same(self._failure)
            try:
                self._token = await self._buy()
            except Unavailable as error:
                self._failures += 1
                self._failure = error
                raise
            return self._token.value

    def drop(self, refused: str) -> None:
        """Forget a token that Daraja refused, unless it was replaced already."""
        if self._token is not None and self._token.value == refused:
            self._token = None

    def _fresh(self) -> str | None:
        if self._token is None or self._clock.now() >= self._token.good_until:
            return None
        return self._token.value

    async def _buy(self) -> _Token:
        asked_at = self._clock.now()
        pair = f"{self._config.consumer_key}:{self._config.consumer_secret}".encode()
        answer = await self._http.send(
            Call(
                name="mpesa.token",
                method="GET",
                url=self._config.base_url + PATH,
                params={"grant_type": "client_credentials"},
                headers={"Authorization": "Basic " + base64.b64encode(pair).decode()},
                effect=Effect.READS,
            )
        )
        return _read(answer, asked_at)


def _read(answer: Answer, asked_at: datetime) -> _Token:
    if answer.status in _REFUSED:
        # A wrong key gives 400, perhaps with an empty body; Apigee gives 401.
        raise Unavailable(
            f"M-Pesa refuses the consumer key and secret (HTTP {answer.status}); nothing was asked",
            code="mpesa-credentials",
            cure="Compare MPESA_CONSUMER_KEY and MPESA_CONSUMER_SECRET with the app on the Daraja portal.",
        )
    try:
        document = exact_json.read_object(answer.body)
    except ValueError as error:
        raise _unusable(answer, str(error)) from error
    value = document.get("access_token")
    if answer.status != _OK or not isinstance(value, str) or not is_header_text(value.strip()):
        raise _unusable(answer, "it holds no token")
    life = _life(document.get("expires_in"))
    return _Token(value.strip(), asked_at + max(life - EARLY, life / 2))


def _life(expires_in: object) -> timedelta:
    """``"3599"`` or 3599; anything else is as good as unsaid."""
    if isinstance(expires_in, bool) or not isinstance(expires_in, str | int | Decimal):
        return UNSAID_LIFE
    try:
        seconds = Decimal(expires_in)
        if not seconds.is_finite() or seconds <= 0:
            return UNSAID_LIFE
    except InvalidOperation:
        return UNSAID_LIFE
    return timedelta(seconds=int(min(seconds, Decimal(int(MAX_LIFE.total_seconds())))))


def _unusable(answer: Answer, why: str) -> Unavailable:
    return Unavailable(
        f"M-Pesa gave no access token (HTTP {answer.status}, {why}); nothing was asked",
        code="mpesa-token",
        cure="Try again in a minute.",
    )


def _same(failure: Unavailable) -> Unavailable:
    """A new exception for each who waited: a shared one would collect all their tracebacks."""
    return Unavailable(failure.message, code=failure.code, cure=failure.cure)
