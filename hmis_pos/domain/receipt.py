"""The numbered proof of money taken. One series belongs to one install of one terminal and never goes back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method

_SERIES = re.compile(r"[A-Z]\d{2,3}[A-Z]{1,2}")


def receipt_no(series: str, number: int) -> str:
    """``T03A`` and 417 -> ``T03A-000417``."""
    return f"{series}-{number:06d}"


def series_name(terminal: int, install: int) -> str:
    """Terminal 3, first install -> ``T03A``: a new install, a restored image, a lost key takes the next letter."""
    letters = ""
    while install > 0:
        install, rest = divmod(install - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"T{terminal:02d}{letters}"


def is_series(text: str) -> bool:
    return _SERIES.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """Three numbers of a cash payment, stored apart: what was handed over, what counts, what goes back."""

    tendered: Money
    applied: Money

    def __post_init__(self) -> None:
        if self.applied.minor <= 0:
            raise CashierMistake(
                "the amount to take is zero",
                field="applied",
                code="amount-zero",
                cure="Type what the patient gives.",
            )
        if self.tendered < self.applied:
            raise CashierMistake(
                f"{self.tendered.grouped} was handed over, {self.applied.grouped} is to be taken",
                field="tendered",
                code="tendered-short",
                cure="Take a part payment, or ask for the rest.",
            )

    @property
    def change(self) -> Money:
        return self.tendered - self.applied


#: Kenyan notes and coins a cashier reaches for, in whole shillings, largest first.
DENOMINATIONS = (1000, 500, 200, 100, 50, 40, 20, 10, 5, 1)


def change_in_pieces(change: Money) -> tuple[int, ...]:
    """150.00 -> (100, 50): fewest notes and coins; a fraction of a shilling has no coin and is left out."""
    left, pieces = change.whole_units, []
    for value in DENOMINATIONS:
        if value == 40:  # noqa: PLR2004 - the commemorative 40-shilling coin is rarely in a drawer
            continue
        count, left = divmod(left, value)
        pieces.extend([value] * count)
    return tuple(pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is printed, and what a terminal commits before it prints.

    ``invoice`` is the invoice as the cashier saw it; ``balance`` what stays owed after this payment. For electronic
    money ``tender.tendered == tender.applied`` and ``provider_receipt`` is the provider's number.
    """

    uid: UUID
    series: str
    number: int
    payment_uid: UUID
    method: Method
    tender: Tender
    issued_at: datetime
    cashier: str
    counter: str
    invoice: Invoice
    provider_receipt: str = ""

    @property
    def no(self) -> str:
        return receipt_no(self.series, self.number)

    @property
    def balance(self) -> Money:
        left = self.invoice.payable - self.tender.applied
        return left if left.minor > 0 else Money.zero(left.currency)
