"""Whose tokens the relay believes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hmis_pos.cashier.records import Role
from hmis_pos.relay.settings.addresses import LOOPBACK
from hmis_pos.relay.settings.reader import Reader

#: HS256 keys shorter than the hash are guessable (RFC 7518, section 3.2).
MIN_SECRET = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class HmisTokens:
    """How to believe a token that the HMIS issued. ``jwks_url`` empty: it signs with our shared secret."""

    issuer: str
    audience: str
    jwks_url: str = ""
    user_claim: str = "sub"
    role_claim: str = "role"
    roles: Mapping[str, Role] = field(default_factory=dict)


def read_tokens(read: Reader) -> tuple[str, HmisTokens | None]:
    secret, jwks = read.text("HMIS_JWT_SECRET"), read.text("HMIS_JWKS_URL")
    issuer, audience = read.text("HMIS_JWT_ISSUER"), read.text("HMIS_JWT_AUDIENCE")
    if not secret and not jwks:
        read.wrong(
            "HMIS_JWT_SECRET",
            f"it is missing, and so is HMIS_JWKS_URL: give a secret of at least {MIN_SECRET} characters"
            ' (such as from "openssl rand -hex 32"), or the URL of the HMIS\'s signing keys',
        )
    if secret and len(secret.encode()) < MIN_SECRET:
        read.wrong("HMIS_JWT_SECRET", f"it has {len(secret.encode())} characters, at least {MIN_SECRET} are needed")
    if jwks:
        _check_jwks(read, jwks)
        for name, value in (("HMIS_JWT_ISSUER", issuer), ("HMIS_JWT_AUDIENCE", audience)):
            if not value:
                read.wrong(name, "it is missing: with HMIS_JWKS_URL, say what the HMIS writes into its tokens")
    elif issuer and not audience:
        read.wrong("HMIS_JWT_AUDIENCE", "it is missing, beside HMIS_JWT_ISSUER")
    if not jwks and not issuer:
        return secret, None
    return secret, HmisTokens(
        issuer=issuer,
        audience=audience,
        jwks_url=jwks,
        user_claim=read.text("HMIS_JWT_USER_CLAIM") or "sub",
        role_claim=read.text("HMIS_JWT_ROLE_CLAIM") or "role",
        roles=dict(read.listed("HMIS_JWT_ROLES", _role_pair)),
    )


def _check_jwks(read: Reader, url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
        parts = urlsplit("")
    if host is None or parts.scheme not in {"http", "https"}:
        read.wrong("HMIS_JWKS_URL", f"{url!r} is not an http(s) URL")
    elif parts.scheme == "http" and host not in LOOPBACK:
        read.wrong("HMIS_JWKS_URL", "whoever can change keys on their way can sign tokens: use https")


def _role_pair(text: str) -> tuple[str, Role]:
    theirs, equals, ours = text.partition("=")
    try:
        if not theirs or not equals:
            raise ValueError  # noqa: TRY301 - the same words for both mistakes
        return theirs.strip(), Role(ours.strip())
    except ValueError:
        known = ", ".join(Role)
        raise ValueError(f"{text!r} is not name=role with a role of {known}, such as cashier=billing") from None
