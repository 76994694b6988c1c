"""What a hospital wants of money that payers send to its Paybill by themselves."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from hmis_pos.cashier.context import PaybillRefusal
from hmis_pos.domain.money import Money
from hmis_pos.relay.settings.reader import Reader

#: East Africa Time: the day that a hospital means.
EAT = timezone(timedelta(hours=3), "EAT")
_TOKEN = re.compile(r"[0-9a-f]{32,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class C2bToken:
    """A secret inside the Paybill's addresses. Safaricom lets them be changed seldom, so an old one goes on until its last day."""

    text: str = field(repr=False)
    last_day: date | None = None  #: in Nairobi, included; None: until further notice

    @property
    def shown(self) -> str:
        """Enough of it to tell it from another, too little to use it."""
        return f"{self.text[:6]}…"

    def is_good(self, at: datetime) -> bool:
        return self.last_day is None or at.astimezone(EAT).date() <= self.last_day


def find_token(tokens: Sequence[C2bToken], said: str) -> C2bToken | None:
    """The token that was said, expired or not. Takes as long for each: how near a guess came shows in no answer's time."""
    found = None
    for token in tokens:
        if hmac.compare_digest(token.text.encode(), said.encode()):
            found = token
    return found


def read_c2b_tokens(read: Reader) -> tuple[C2bToken, ...]:
    """``HMIS_C2B_TOKEN``: the first is the current one, the others are still accepted."""
    name = "HMIS_C2B_TOKEN"
    tokens = read.listed(name, _token)
    if len({token.text for token in tokens}) < len(tokens):
        read.wrong(name, "one token stands there twice")
    if tokens and tokens[0].last_day is not None:
        read.wrong(name, "the first token is the current one, so it has no last day; put the new one before it")
    return tokens


def _token(said: str) -> C2bToken:
    text, at, day = said.partition("@")
    text = text.strip().lower()
    if not _TOKEN.fullmatch(text):
        raise ValueError('each must be 32 to 64 hex digits, such as from "openssl rand -hex 32"')
    if not at:
        return C2bToken(text=text)
    try:
        return C2bToken(text=text, last_day=date.fromisoformat(day.strip()))
    except ValueError:
        raise ValueError(f"@{day.strip()[:20]} is not a last day such as @2026-12-31") from None


def read_refusals(read: Reader) -> frozenset[PaybillRefusal]:
    """``HMIS_C2B_REJECT``: what is refused before the money moves; none where nothing is said."""
    if read.text("HMIS_C2B_REJECT").lower() == "none":
        return frozenset()
    return frozenset(read.listed("HMIS_C2B_REJECT", _refusal))


def _refusal(said: str) -> PaybillRefusal:
    try:
        return PaybillRefusal(said.lower())
    except ValueError:
        raise ValueError(f"{said!r} is neither none nor one of {', '.join(PaybillRefusal)}") from None


def read_confirm_above(read: Reader) -> Money | None:
    """``HMIS_CONFIRM_ABOVE`` in whole shillings; 0 switches it off."""
    shillings = read.number("HMIS_CONFIRM_ABOVE", 0, most=10_000_000)
    return Money.whole(shillings) if shillings else None
