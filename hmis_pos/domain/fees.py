"""What a provider takes for moving money, from tables that are data with dates: see ``resources/tariffs``.

A fee is looked up, never estimated: an amount, a day or a table that nobody has told us of has the fee None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from hmis_pos.domain.money import KES, Money

#: Tariffs begin at midnight in Nairobi; Kenya has no daylight saving.
_EAT = timezone(timedelta(hours=3), "EAT")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Amounts of up to ``up_to`` whole shillings, and above the band before it.

    ``business_percent`` of the amount comes on top of ``business``, to the nearest cent, and is never above ``percent_cap``.
    """

    up_to: int
    customer: Money
    business: Money
    business_percent: Decimal = Decimal(0)
    percent_cap: Money | None = None

    def __post_init__(self) -> None:
        fees = [self.customer, self.business, self.percent_cap or Money.zero()]
        if self.up_to < 1:
            raise ValueError(f"a band ends at {self.up_to} shillings, below 1")
        if any(fee.currency != KES or fee.minor < 0 for fee in fees):
            raise ValueError(f"the band up to {self.up_to} has a fee that is below zero or not in {KES}")
        if not 0 <= self.business_percent <= _HUNDRED:
            raise ValueError(f"the band up to {self.up_to} takes {self.business_percent} %, which is not from 0 to 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One table: in force from the beginning of ``valid_from`` in Nairobi until a later one of the same ``name`` begins.

    ``agreed`` is False where its sources contradict each other: it is shown to people, and no fee is taken from it.
    """

    name: str
    valid_from: date
    bands: tuple[Band, ...]
    source: str = ""
    agreed: bool = True

    def __post_init__(self) -> None:
        ends = [band.up_to for band in self.bands]
        if not ends:
            raise ValueError(f"tariff {self.name} has no bands")
        for before, after in pairwise(ends):
            if after <= before:
                raise ValueError(f"tariff {self.name}: the band up to {after} comes behind the one up to {before}")

    def band(self, amount: Money) -> Band | None:
        """The band of an amount; None where it is not above zero, has cents, or is above the last band."""
        if amount.currency != KES or amount.fraction or amount.minor <= 0:
            return None
        return next((band for band in self.bands if amount.whole_units <= band.up_to), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """Who pays how much on top of (customer) or out of (business) the amount, and which table says so."""

    customer: Money
    business: Money
    tariff: Tariff

    @property
    def total(self) -> Money:
        """What the provider gets."""
        return self.customer + self.business


def in_force(at: datetime, tariffs: Iterable[Tariff]) -> Tariff | None:
    """The newest of these tables that had begun on the day of ``at`` in Nairobi.

    Raises:
        ValueError: ``at`` has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    day = at.astimezone(_EAT).date()
    begun = [tariff for tariff in tariffs if tariff.valid_from <= day]
    return max(begun, key=lambda tariff: tariff.valid_from, default=None)


def fee(amount: Money, at: datetime, tariffs: Iterable[Tariff]) -> Fee | None:
    """The fee of ``amount`` paid at ``at``, by the tables of one service; None where it is not known for certain."""
    tariff = in_force(at, tariffs)
    if tariff is None or not tariff.agreed or (band := tariff.band(amount)) is None:
        return None
    return Fee(customer=band.customer, business=band.business + _percentage(amount, band), tariff=tariff)


def _percentage(amount: Money, band: Band) -> Money:
    exact = amount.minor * band.business_percent / _HUNDRED
    part = Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), amount.currency)
    return part if band.percent_cap is None else min(part, band.percent_cap)
