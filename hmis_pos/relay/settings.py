"""What the relay needs to start: read from the environment, checked as a whole, every problem named in a line of its own.

Nothing is half started: :func:`load` either returns settings that hold together or raises :class:`BadSettings`. An empty
variable counts as missing. Names of later work (``STRIPE_…``, ``PAYPAL_…``) may be present and are not looked at.
"""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from hmis_pos.cashier.records import Role
from hmis_pos.db.central.hmis_map import HmisMap
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.gateways.mpesa.config import PRODUCTION, MpesaConfig, TransactionType

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: HS256 keys shorter than the hash are guessable (RFC 7518, section 3.2).
MIN_SECRET = 32
LEVELS = ("debug", "info", "warning", "error")
#: Words that Daraja refuses in a callback URL.
REFUSED_WORDS = ("mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
#: Source addresses of Safaricom's callbacks as commonly published (Daraja section 11); undated, so only a second opinion.
SAFARICOM = (
    "196.201.214.200,196.201.214.206,196.201.214.207,196.201.214.208,196.201.213.114,196.201.213.44,196.201.212.127,"
    "196.201.212.128,196.201.212.129,196.201.212.132,196.201.212.136,196.201.212.138,196.201.212.69,196.201.212.74"
)
_SANDBOX_SHORTCODE = "174379"
_SANDBOX_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"  # public, Daraja section 13
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_C2B_TOKEN = re.compile(r"[0-9a-f]{32,64}")
_DEFAULT_PLAN = "20,45,75,180,600,1800"


class BadSettings(Misconfigured):
    """Settings that do not hold together; ``problems`` has one line each, holding no secret."""

    code = "bad-settings"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class HmisTokens:
    """How to believe a token that the HMIS issued. ``jwks_url`` empty: it signs with our shared secret."""

    issuer: str
    audience: str
    jwks_url: str = ""
    user_claim: str = "sub"
    role_claim: str = "role"
    roles: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the relay is told. Secrets never show in its representation."""

    database_url: str = field(repr=False)
    jwt_secret: str = field(default="", repr=False)
    hmis_tokens: HmisTokens | None = None
    mpesa: MpesaConfig | None = None
    public_base_url: str = "http://127.0.0.1:8000"
    cors_origins: tuple[str, ...] = ()
    chase_plan: tuple[timedelta, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    callback_allow: tuple[Network, ...] = ()
    c2b_token: str = field(default="", repr=False)
    log_level: str = "info"
    hospital: str = "Hospital"
    table_map: HmisMap | None = None


def default_database_url(environ: Mapping[str, str] = os.environ) -> str:
    """A SQLite file in the user's data folder of this platform."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if sys.platform == "win32":
        folder = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return f"sqlite:///{(folder / 'hmis-pos' / 'central.sqlite3').as_posix()}"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all settings.

    Raises:
        BadSettings: with every problem found, not only the first.
    """
    read = _Reader(environ)
    jwt_secret, hmis_tokens = _tokens(read)
    mpesa = _mpesa(read)
    settings = Settings(
        database_url=_database_url(read),
        jwt_secret=jwt_secret,
        hmis_tokens=hmis_tokens,
        mpesa=mpesa,
        public_base_url=_public_base_url(read, mpesa),
        cors_origins=read.listed("CORS_ORIGINS", _origin),
        chase_plan=_chase_plan(read),
        trusted_proxies=read.listed("HMIS_TRUSTED_PROXIES", _network),
        callback_allow=_callback_allow(read, mpesa),
        c2b_token=_c2b_token(read),
        log_level=_log_level(read),
        hospital=read.text("HMIS_HOSPITAL") or "Hospital",
        table_map=_table_map(read),
    )
    if read.problems:
        raise BadSettings(read.problems)
    return settings


def load_database(environ: Mapping[str, str] = os.environ) -> tuple[str, HmisMap | None]:
    """The database alone, for maintenance: its URL and the hospital's own names.

    Raises:
        BadSettings: with every problem of these two.
    """
    read = _Reader(environ)
    found = _database_url(read), _table_map(read)
    if read.problems:
        raise BadSettings(read.problems)
    return found


class _Reader:
    """Reads variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def wrong(self, name: str, why: str) -> None:
        self.problems.append(f"{name}: {why}")

    def listed(self, name: str, parse: Callable[[str], T], default: str = "") -> tuple[T, ...]:
        """Comma-separated values, each read by ``parse``, whose ValueError becomes a problem."""
        found: list[T] = []
        for part in (piece.strip() for piece in (self.text(name) or default).split(",")):
            if not part:
                continue
            try:
                found.append(parse(part))
            except ValueError as e:
                self.wrong(name, str(e))
        return tuple(found)

    def number(self, name: str, default: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()):
            self.wrong(name, f"{text!r} is not a whole number")
            return default
        return int(text)


def _database_url(read: _Reader) -> str:
    text = read.text("HMIS_DATABASE_URL")
    if not text:
        return default_database_url()
    scheme = text.partition("://")[0]
    if "://" not in text or scheme not in _DATABASES:
        read.wrong(
            "HMIS_DATABASE_URL",
            "it must begin with sqlite:/// or postgresql://, such as postgresql://user:password@host/hmis",
        )
    return text


def _tokens(read: _Reader) -> tuple[str, HmisTokens | None]:
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


def _check_jwks(read: _Reader, url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
        parts = urlsplit("")
    if host is None or parts.scheme not in {"http", "https"}:
        read.wrong("HMIS_JWKS_URL", f"{url!r} is not an http(s) URL")
    elif parts.scheme == "http" and host not in _LOOPBACK:
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


def _mpesa(read: _Reader) -> MpesaConfig | None:
    methods = {part.strip().lower() for part in (read.text("HMIS_METHODS") or "cash,mpesa").split(",")}
    unknown = methods - {"cash", "mpesa", ""}
    if unknown:
        read.wrong("HMIS_METHODS", f"{', '.join(sorted(unknown))} is not known here; known are cash and mpesa")
    if "mpesa" not in methods:
        return None
    missing = [name for name in ("MPESA_API_URL", "MPESA_BUSINESS_SHORTCODE", "MPESA_PASSKEY") if not read.text(name)]
    for name in missing:
        read.wrong(name, 'it is missing (a hospital without M-Pesa sets HMIS_METHODS to "cash")')
    kind = TransactionType.PAYBILL
    said = read.text("MPESA_TRANSACTION_TYPE")
    if said:
        try:
            kind = TransactionType(said)
        except ValueError:
            read.wrong("MPESA_TRANSACTION_TYPE", f"{said!r} is neither {' nor '.join(TransactionType)}")
    config = MpesaConfig(
        api_url=read.text("MPESA_API_URL"),
        shortcode=read.text("MPESA_BUSINESS_SHORTCODE"),
        passkey=read.text("MPESA_PASSKEY"),
        consumer_key=read.text("MPESA_CONSUMER_KEY"),
        consumer_secret=read.text("MPESA_CONSUMER_SECRET"),
        access_token=read.text("MPESA_ACCESS_TOKEN"),
        transaction_type=kind,
        party_b=read.text("MPESA_PARTY_B"),
        minimum=read.number("MPESA_MINIMUM", 1),
        maximum=read.number("MPESA_MAXIMUM", 250_000),
    )
    told = tuple(f"{name}:" for name in missing)
    read.problems.extend(line for line in config.problems() if not line.startswith(told))
    _check_environment(read, config)
    return config


def _is_live(mpesa: MpesaConfig | None) -> bool:
    return mpesa is not None and _host(mpesa.api_url) == _host(PRODUCTION)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _check_environment(read: _Reader, config: MpesaConfig) -> None:
    """Sandbox and live never mix (threat T4): the sandbox's public merchant at the live address is a mistake."""
    if not _is_live(config):
        return
    if config.shortcode == _SANDBOX_SHORTCODE:
        read.wrong("MPESA_BUSINESS_SHORTCODE", "this is the sandbox's shortcode, and MPESA_API_URL is the live system")
    if config.passkey == _SANDBOX_PASSKEY:
        read.wrong("MPESA_PASSKEY", "this is the sandbox's passkey, and MPESA_API_URL is the live system")


def _public_base_url(read: _Reader, mpesa: MpesaConfig | None) -> str:
    name, text = "PUBLIC_BASE_URL", read.text("PUBLIC_BASE_URL").rstrip("/")
    if not text:
        if mpesa is not None:
            read.wrong(name, "it is missing: the address under which Safaricom reaches this relay, https://…")
        return "http://127.0.0.1:8000"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        read.wrong(name, f"{text!r} is not a URL")
        return text
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or parts.username:
        read.wrong(name, f"{text!r} is not an address such as https://pay.hospital.example")
        return text
    refused = next((word for word in REFUSED_WORDS if re.search(rf"(?<![a-z]){word}(?![a-z])", text.lower())), None)
    refused = refused or next((word for word in REFUSED_WORDS[:3] if word in text.lower()), None)
    if refused:
        read.wrong(name, f"Daraja refuses callback addresses that contain {refused!r}: use another host name or path")
    if _is_live(mpesa) and (parts.scheme != "https" or _is_private(host)):
        read.wrong(name, "the live M-Pesa system needs a public https address")
    return text


def _is_private(host: str) -> bool:
    if host in _LOOPBACK or host.endswith((".local", ".localhost", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _origin(text: str) -> str:
    example = "give origins such as https://hmis.hospital.example, separated by commas"
    if text == "*":
        raise ValueError(f"* would let every web page call the relay; {example}")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{text!r} is not an origin; {example}") from None
    if parts.scheme not in {"http", "https"} or not host or parts.path not in {"", "/"} or parts.query:
        raise ValueError(f"{text!r} is not an origin; {example}")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address or network such as 10.0.0.0/8") from None


def _callback_allow(read: _Reader, mpesa: MpesaConfig | None) -> tuple[Network, ...]:
    text = read.text("HMIS_CALLBACK_ALLOW")
    if text.lower() == "any":
        return ()
    return read.listed("HMIS_CALLBACK_ALLOW", _network, default=SAFARICOM if _is_live(mpesa) else "")


def _chase_plan(read: _Reader) -> tuple[timedelta, ...]:
    name = "HMIS_CHASE_PLAN"

    def seconds(text: str) -> timedelta:
        if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= 48 * 3600:
            raise ValueError(f"{text!r} is not a whole number of seconds up to 48 hours")
        return timedelta(seconds=int(text))

    plan = read.listed(name, seconds, default=_DEFAULT_PLAN)
    if list(plan) != sorted(set(plan)):
        read.wrong(name, "each entry counts from the moment of asking, so they must grow")
    return plan


def _c2b_token(read: _Reader) -> str:
    token = read.text("HMIS_C2B_TOKEN").lower()
    if token and not _C2B_TOKEN.fullmatch(token):
        read.wrong("HMIS_C2B_TOKEN", 'it must be 32 to 64 hex digits, such as from "openssl rand -hex 32"')
    return token


def _table_map(read: _Reader) -> HmisMap | None:
    text = read.text("HMIS_TABLE_MAP")
    if not text:
        return None
    try:
        return HmisMap.load(Path(text))
    except Misconfigured as e:
        read.wrong("HMIS_TABLE_MAP", e.message)
        return None


def _log_level(read: _Reader) -> str:
    level = read.text("HMIS_LOG").lower() or "info"
    if level not in LEVELS:
        read.wrong("HMIS_LOG", f"{level!r} is not one of {', '.join(LEVELS)}")
    return level
