"""Who acts: access tokens of our own (10 minutes), or of the HMIS, checked on every request against the books.

Two issuers may be trusted, each with one kind of key and fixed algorithms, so that no token can choose how it is checked (threat
T14): our own, HS256 by ``HMIS_JWT_SECRET``; the HMIS's, RS256 or ES256 by the keys at ``HMIS_JWKS_URL``, or HS256 by the same secret.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import jwt
from jwt.types import Options

from hmis_pos import logs
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books, Ids
from hmis_pos.cashier.records import Actor, Role, TerminalRecord, UserAccount
from hmis_pos.cashier.sign_in import SignedIn
from hmis_pos.domain.errors import CashierMistake, NotAllowed, Unavailable
from hmis_pos.domain.receipt import is_series
from hmis_pos.relay.problems import NotSignedIn
from hmis_pos.relay.settings import HmisTokens, Settings

OWN = "hmis-pos"  #: issuer and audience of our own tokens
LIFE = timedelta(minutes=10)
#: Two machines' clocks may differ so much.
LEEWAY = timedelta(seconds=30)
#: Keys of the HMIS are read anew so often at most, also when a token names an unknown key.
JWKS_PAUSE = 60.0
_JWKS_SIZE = 256 * 1024

_log = logs.logger("relay.auth")
_OPTIONS: Options = {
    "require": ["exp", "iss", "aud", "jti", "sub"],
    # Time is checked by our own clock, below.
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A believed token: what it claims. ``session`` is set for our own tokens only."""

    user: str
    role: str
    expires_at: datetime
    session: UUID | None = None
    terminal: str = ""


class SigningKeys:
    """The HMIS's public keys, fetched when needed, kept while it is away."""

    def __init__(self, url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at = -JWKS_PAUSE
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK:
        """The key of an id.

        Raises:
            NotSignedIn: the HMIS has no such key.
            Unavailable: its keys were never read.
        """
        if kid not in self._keys:
            async with self._lock:
                if kid not in self._keys and time.monotonic() - self._asked_at >= JWKS_PAUSE:
                    await self._fetch()
        if kid in self._keys:
            return self._keys[kid]
        if not self._keys:
            raise Unavailable(
                "the signing keys of the HMIS cannot be read",
                code="signing-keys-away",
                cure="Ask IT to look at HMIS_JWKS_URL; sign in with user and password meanwhile.",
            )
        raise _refused("it is signed with a key the HMIS does not have")

    async def _fetch(self) -> None:
        self._asked_at = time.monotonic()
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=5, follow_redirects=False) as client:
                answer = await client.get(self._url)
            if answer.status_code != httpx.codes.OK or len(answer.content) > _JWKS_SIZE:
                raise ValueError(f"HTTP {answer.status_code}, {len(answer.content)} bytes")  # noqa: TRY301 - one handler
            found = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (httpx.HTTPError, ValueError, jwt.PyJWTError) as e:
            _log.warning("signing keys of the HMIS not read", why=f"{type(e).__name__}: {e}")
            return
        self._keys = {key.key_id: key for key in found if key.key_id and key.key_type in _ALGORITHM_OF}


_ALGORITHM_OF = {"RSA": "RS256", "EC": "ES256"}


class Tokens:
    """Issues our own access tokens, and believes ours and the HMIS's."""

    def __init__(self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._secret = settings.jwt_secret
        self._hmis = settings.hmis_tokens
        jwks = self._hmis.jwks_url if self._hmis is not None else ""
        self._keys = SigningKeys(jwks, transport=transport) if jwks else None

    @property
    def can_issue(self) -> bool:
        """Whether there is a secret to sign our own with."""
        return bool(self._secret)

    def issue(self, signed_in: SignedIn, ids: Ids, now: datetime, *, terminal: str = "") -> str:
        """An access token for an open session."""
        claims = {
            "iss": OWN,
            "aud": OWN,
            "sub": str(signed_in.user.id),
            "jti": str(ids.uuid()),
            "sid": str(signed_in.session),
            "role": signed_in.user.role,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
            "term": terminal,
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    async def believe(self, token: str, now: datetime) -> Access:
        """What a token claims, once signature, issuer, audience and time are right.

        Raises:
            NotSignedIn: it is not to be believed.
            Unavailable: the HMIS's keys cannot be read.
        """
        try:
            header = jwt.get_unverified_header(token)
            # Unverified: only to choose the one check this issuer has to pass.
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
            if issuer == OWN and self._secret:
                claims = self._checked(token, self._secret, "HS256", issuer=OWN, audience=OWN)
                return self._own(claims, now)
            if self._hmis is not None and issuer == self._hmis.issuer:
                return await self._of_hmis(token, header, self._hmis, now)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as e:
            raise _refused(f"it does not verify ({type(e).__name__})") from e
        raise _refused("nobody we trust issued it")

    @staticmethod
    def _checked(token: str, key: Any, algorithm: str, *, issuer: str, audience: str) -> dict[str, Any]:
        return jwt.decode(  # type: ignore[no-any-return,unused-ignore]
            token, key, algorithms=[algorithm], issuer=issuer, audience=audience, options=_OPTIONS
        )

    @staticmethod
    def _own(claims: Mapping[str, Any], now: datetime) -> Access:
        return Access(
            user=str(claims["sub"]),
            role=str(claims.get("role", "")),
            expires_at=_in_time(claims, now),
            session=UUID(str(claims["sid"])) if "sid" in claims else None,
            terminal=str(claims.get("term", "")),
        )

    async def _of_hmis(self, token: str, header: Mapping[str, Any], hmis: HmisTokens, now: datetime) -> Access:
        if self._keys is not None:
            key = await self._keys.key(str(header.get("kid", "")))
            algorithm = _ALGORITHM_OF[str(key.key_type)]
            claims = self._checked(token, key.key, algorithm, issuer=hmis.issuer, audience=hmis.audience)
        else:
            claims = self._checked(token, self._secret, "HS256", issuer=hmis.issuer, audience=hmis.audience)
        said = claims.get(hmis.role_claim, "")
        names = [str(name) for name in said] if isinstance(said, list) else [str(said)]
        mapped = [hmis.roles.get(name, name) for name in names if name]
        known = [name for name in mapped if name in set(Role)]
        role = str((known or mapped or [""])[0])
        return Access(user=str(claims[hmis.user_claim]), role=role, expires_at=_in_time(claims, now))


def _in_time(claims: Mapping[str, Any], now: datetime) -> datetime:
    expires = datetime.fromtimestamp(float(claims["exp"]), UTC)
    if now > expires + LEEWAY:
        raise NotSignedIn("the token has expired", code="token-expired", cure="Refresh it, or sign in again.")
    for name in ("nbf", "iat"):
        if name in claims and now < datetime.fromtimestamp(float(claims[name]), UTC) - LEEWAY:
            raise _refused("it is not valid yet")
    return expires


def _refused(why: str) -> NotSignedIn:
    return NotSignedIn(f"the token was not accepted: {why}", code="token-refused", cure="Sign in again.")


def bearer(header: str | None) -> str:
    """The token of an ``Authorization`` header.

    Raises:
        NotSignedIn: there is none.
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn(
            "no access token came with the request",
            code="token-missing",
            cure='Sign in, and send the header "Authorization: Bearer …".',
        )
    return token.strip()


async def actor_of(ctx: Context, access: Access, *, origin: str, terminal: str) -> Actor:
    """The person behind a believed token, as the books know them now.

    ``terminal`` is the series the request names (header ``X-Terminal``); empty takes the token's own.

    Raises:
        NotSignedIn: the session was ended, or the user is no longer active.
        NotAllowed: this role may not process payments.
        CashierMistake: the series belongs to no terminal of the user's facility.
    """
    series = terminal or access.terminal
    if series and not is_series(series):
        raise _unknown_terminal(series)
    account, revoked, install = await ctx.database.read(_looked_up(access, series))
    if account is None or not account.active:
        raise _refused("its user is not active")
    if revoked:
        raise NotSignedIn("this session has ended", code="session-ended", cure="Sign in again.")
    role = access.role if access.session is None and access.role else account.role
    if role not in set(Role):
        raise NotAllowed(
            f"the role {role!r} may not process payments",
            code="role-not-allowed",
            cure="Ask an administrator for the role billing, supervisor or admin.",
        )
    if series and (install is None or install.facility_id != account.facility_id):
        raise _unknown_terminal(series)
    return Actor(
        user_id=account.id,
        username=account.username,
        display_name=account.display_name,
        role=Role(role),
        facility_id=account.facility_id,
        origin=origin,
        terminal=series,
    )


def _looked_up(
    access: Access, series: str
) -> Callable[[Books], tuple[UserAccount | None, bool, TerminalRecord | None]]:
    def phase(books: Books) -> tuple[UserAccount | None, bool, TerminalRecord | None]:
        by_number = access.user.isascii() and access.user.isdigit() and len(access.user) < 16  # noqa: PLR2004 - fits 2**53
        account = books.users.by_id(int(access.user)) if by_number else books.users.by_name(access.user)
        revoked = False
        if access.session is not None:
            revoked = account is None or books.users.session_user(access.session) != account.id
        return account, revoked, books.terminals.by_series(series) if series else None

    return phase


def _unknown_terminal(series: str) -> CashierMistake:
    return CashierMistake(
        f"{series[:12]!r} is no terminal of this facility",
        field="X-Terminal",
        code="terminal-unknown",
        cure="Enrol this terminal again.",
    )
