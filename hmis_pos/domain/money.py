"""Amounts of money: integers of the smallest unit, one currency each, never a float.

Inside the product an amount is a :class:`Money`. At the edges it is a decimal string (``"1250.50"``). Providers have
their own units; their ``gateways/*/wire.py`` converts and refuses what it cannot say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hmis_pos.domain.errors import CashierMistake

KES = "KES"

#: Digits behind the point. KES has cents although no coin of them is left (Stripe: KES is not in the zero-decimal list).
EXPONENT = 2
_UNIT = 100
#: PaymentTransaction.amount is Numeric(10,2).
MAX_MINOR = 10**10 - 1

_CURRENCY = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"(?P<sign>-?)(?P<whole>\d+)(?:\.(?P<cents>\d{1,2}))?")


class CurrencyMismatch(TypeError):
    """Two currencies met in one sum: a bug, never a user's mistake."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: ``minor`` units (cents) of ``currency`` (ISO 4217)."""

    minor: int
    currency: str = KES

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money is a whole number of cents, not {type(self.minor).__name__}")
        if not _CURRENCY.fullmatch(self.currency):
            raise ValueError(f"{self.currency!r} is no ISO 4217 currency code")

    @classmethod
    def parse(cls, text: str, currency: str = KES, *, field: str = "amount") -> Money:
        """Read a plain decimal string, ``"1250.5"`` or ``"1250.50"``; no grouping, no exponent.

        Raises:
            CashierMistake: the text is no such number, naming ``field``.
        """
        match = _DECIMAL.fullmatch(text)
        if match is None or not text.isascii():
            raise CashierMistake(
                f"{field} {text!r} is not an amount",
                field=field,
                cure='Give a decimal string with at most two decimals, such as "1250.50".',
            )
        minor = int(match["whole"]) * _UNIT + int((match["cents"] or "").ljust(EXPONENT, "0"))
        if minor > MAX_MINOR:
            raise CashierMistake(
                f"{field} {text} is above 99,999,999.99",
                field=field,
                cure="Split the payment into smaller ones.",
            )
        return cls(-minor if match["sign"] else minor, currency)

    @classmethod
    def zero(cls, currency: str = KES) -> Money:
        return cls(0, currency)

    @classmethod
    def whole(cls, units: int, currency: str = KES) -> Money:
        """``units`` whole shillings (or dollars)."""
        return cls(units * _UNIT, currency)

    @property
    def text(self) -> str:
        """The wire form: ``"1250.50"``."""
        sign = "-" if self.minor < 0 else ""
        whole, cents = divmod(abs(self.minor), _UNIT)
        return f"{sign}{whole}.{cents:0{EXPONENT}d}"

    @property
    def grouped(self) -> str:
        """The form for people: ``"1,250.50"``."""
        sign = "-" if self.minor < 0 else ""
        whole, cents = divmod(abs(self.minor), _UNIT)
        return f"{sign}{whole:,}.{cents:0{EXPONENT}d}"

    @property
    def decimal(self) -> Decimal:
        """For a NUMERIC column or a spreadsheet."""
        return Decimal(self.minor).scaleb(-EXPONENT)

    @property
    def whole_units(self) -> int:
        """Whole shillings, the fraction dropped toward zero (what M-Pesa can move)."""
        return abs(self.minor) // _UNIT * (-1 if self.minor < 0 else 1)

    @property
    def rounded_up(self) -> Money:
        """The next whole shilling, itself if it is one."""
        return (
            self if not self.fraction else Money.whole(self.whole_units + (1 if self.minor > 0 else 0), self.currency)
        )

    @property
    def fraction(self) -> Money:
        """What ``whole_units`` leaves."""
        return self - Money.whole(self.whole_units, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.currency} {self.grouped}"


def total(amounts: Iterable[Money], currency: str = KES) -> Money:
    """Sum of an iterable of :class:`Money`, all of ``currency``."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
