"""What the relay needs to start: read from the environment, checked as a whole, every problem named in a line of its own.

Nothing is half started: :func:`load` either returns settings that hold together or raises :class:`BadSettings`. An empty
variable counts as missing. Names of later work (``STRIPE_…``, ``PAYPAL_…``) may be present and are not looked at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hmis_pos.cashier.context import PaybillRefusal
from hmis_pos.db.central.hmis_map import HmisMap
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.fees import Tariff
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.config import MpesaConfig, TransactionType
from hmis_pos.relay.settings.addresses import (
    SAFARICOM,
    Foreign,
    Network,
    network,
    origin,
    read_callback_allow,
    read_public_base_url,
)
from hmis_pos.relay.settings.fees import read_tariffs
from hmis_pos.relay.settings.merchant import read_merchant
from hmis_pos.relay.settings.paybill import C2bToken, read_c2b_tokens, read_confirm_above, read_refusals
from hmis_pos.relay.settings.reader import BadSettings, Reader
from hmis_pos.relay.settings.sign_in import HmisTokens, read_tokens

__all__ = [
    "SAFARICOM",
    "BadSettings",
    "BooksSettings",
    "C2bToken",
    "Foreign",
    "HmisTokens",
    "Network",
    "Settings",
    "default_database_url",
    "load",
    "load_books",
    "load_database",
]

LEVELS = ("debug", "info", "warning", "error")
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
_DEFAULT_PLAN = "20,45,75,180,600,1800"


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
    callback_foreign: Foreign = Foreign.HINT
    c2b_tokens: tuple[C2bToken, ...] = ()
    refuse_paybill: frozenset[PaybillRefusal] = frozenset()
    confirm_above: Money | None = None
    pull_every: timedelta = timedelta(minutes=10)
    tariffs: tuple[Tariff, ...] = field(default=(), repr=False)
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
    read = Reader(environ)
    jwt_secret, hmis_tokens = read_tokens(read)
    mpesa = read_merchant(read)
    settings = Settings(
        database_url=_database_url(read),
        jwt_secret=jwt_secret,
        hmis_tokens=hmis_tokens,
        mpesa=mpesa,
        public_base_url=read_public_base_url(read, mpesa),
        cors_origins=read.listed("CORS_ORIGINS", origin),
        chase_plan=_chase_plan(read),
        trusted_proxies=read.listed("HMIS_TRUSTED_PROXIES", network),
        callback_allow=read_callback_allow(read, mpesa),
        callback_foreign=Foreign(read.one_of("HMIS_CALLBACK_FOREIGN", *Foreign)),
        c2b_tokens=read_c2b_tokens(read),
        refuse_paybill=read_refusals(read),
        confirm_above=read_confirm_above(read),
        pull_every=timedelta(seconds=read.number("HMIS_PULL_EVERY", 600, least=60, most=12 * 3600)),
        tariffs=() if mpesa is None else read_tariffs(read, is_till=mpesa.transaction_type is TransactionType.TILL),
        log_level=read.one_of("HMIS_LOG", "info", *(level for level in LEVELS if level != "info")),
        hospital=read.text("HMIS_HOSPITAL") or "Hospital",
        table_map=_table_map(read),
    )
    read.refuse()
    return settings


def load_database(environ: Mapping[str, str] = os.environ) -> tuple[str, HmisMap | None]:
    """The database alone, for maintenance: its URL and the hospital's own names.

    Raises:
        BadSettings: with every problem of these two.
    """
    read = Reader(environ)
    found = _database_url(read), _table_map(read)
    read.refuse()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksSettings:
    """The database and what belongs to its money, for tools that talk to nobody. ``shortcodes`` empty: any will do."""

    database_url: str = field(repr=False)
    table_map: HmisMap | None = None
    shortcodes: frozenset[str] = frozenset()
    tariffs: tuple[Tariff, ...] = field(default=(), repr=False)


def load_books(environ: Mapping[str, str] = os.environ) -> BooksSettings:
    """The part of the settings that comparing with a statement needs; no secret is asked for.

    Raises:
        BadSettings: with every problem of these.
    """
    read = Reader(environ)
    numbers = {read.text("MPESA_BUSINESS_SHORTCODE"), read.text("MPESA_PARTY_B")}
    found = BooksSettings(
        database_url=_database_url(read),
        table_map=_table_map(read),
        shortcodes=frozenset(numbers - {""}),
        tariffs=read_tariffs(read, is_till=read.text("MPESA_TRANSACTION_TYPE") == TransactionType.TILL),
    )
    read.refuse()
    return found


def _database_url(read: Reader) -> str:
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


def _chase_plan(read: Reader) -> tuple[timedelta, ...]:
    name = "HMIS_CHASE_PLAN"

    def seconds(text: str) -> timedelta:
        if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= 48 * 3600:
            raise ValueError(f"{text!r} is not a whole number of seconds up to 48 hours")
        return timedelta(seconds=int(text))

    plan = read.listed(name, seconds, default=_DEFAULT_PLAN)
    if list(plan) != sorted(set(plan)):
        read.wrong(name, "each entry counts from the moment of asking, so they must grow")
    return plan


def _table_map(read: Reader) -> HmisMap | None:
    text = read.text("HMIS_TABLE_MAP")
    if not text:
        return None
    try:
        return HmisMap.load(Path(text))
    except Misconfigured as e:
        read.wrong("HMIS_TABLE_MAP", e.message)
        return None
