"""From a row to a line of the statement: what it says, what kind of movement it is, or why it cannot be read.

The kind, decided in this order (Daraja reference, section 10). "Words" are those of Reason Type, and of Details up to the first
"from", "to", "by", "for", "Acc" or dash, since behind these stands what a payer typed:

1. Not ``Completed``, or no amount either way: OTHER, no money moved. A file without a status column holds completed rows only.
2. The words speak of a reversal: REVERSAL, whichever way the money went. (Withdrawn: a collection was taken back. Paid in: a
   payout or a charge came back.) Only a charge *for* a reversal, a withdrawal whose words also name a charge, is none.
3. The words name a charge or fee: CHARGE where it is withdrawn, else OTHER.
4. The words name a settlement, or a move between accounts of the organisation itself: SETTLEMENT.
5. The words name a payment of a business to a person (B2C): PAYOUT where it is withdrawn, else OTHER.
6. Paid In above zero: COLLECTION. Whatever is left, also a reason never seen before, so that no money is overlooked.
7. Everything else: OTHER.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.gateways.mpesa import wire
from hmis_pos.gateways.mpesa.statement import cells
from hmis_pos.gateways.mpesa.statement.header import Header
from hmis_pos.gateways.mpesa.statement.rows import Cell, RawRow

_COMPLETED = "completed"
_ZERO = Money.zero()
_SHORTEST_RECEIPT = 6
_RECEIPT = re.compile(rf"[A-Z0-9]{{{_SHORTEST_RECEIPT},{wire.MAX_RECEIPT}}}")
#: Every receipt seen begins with a letter; digits alone, or an exponent, are what Excel made of one.
_NUMBER = re.compile(r"[\d.,]+(?:E[+-]?\d+)?")
_ANY_BALANCE = 10**18
_MAX_SHOWN = 200

#: How a total or a note begins. Begins, since a payer may be called "TOTAL LTD".
_FOOTER = re.compile(
    r"\W*(?:(?:grand|sub)?[\s-]*totals?|jumla|(?:opening|closing|available)\s+balance|end of|page \d|disclaimer|printed|generated)\b",
    re.IGNORECASE,
)
#: A total has a label or two; a payment has its details, status, reason, party.
_MAX_LABELS = 3

# Behind these words stands what the payer typed: an account "SCHOOL FEES" must not make a charge of a payment.
_TYPED = re.compile(r"\s(?:from|to|by|for|acc)\b|\s-|\bacc\b", re.IGNORECASE)
_REVERSAL = re.compile(r"\brevers(?:al|ed|e)\b", re.IGNORECASE)
_CHARGE = re.compile(r"\b(?:charges?|fees?)\b", re.IGNORECASE)
_SETTLEMENT = re.compile(r"\bsettlement\b|\baccount to\b.*\baccount\b", re.IGNORECASE)
#: The same as Details begin with it where nobody kept Reason Type: its "to" is the portal's own.
_OWN_MOVE = re.compile(r"(?:[a-z]+ ){1,4}account to (?:[a-z]+ ){1,4}account\b", re.IGNORECASE)
_PAYOUT = re.compile(r"\b(?:business|salary|promotion)\s*payment\b|\bb2c\b", re.IGNORECASE)

REPAIR_RECEIPT = "Import the file as the portal gave it; Excel spoilt the receipt number when it was saved."
REPAIR_TIME = (
    "Export again, or write it as DD-MM-YYYY HH:MM:SS; if the month stands first in this file, export it again."
)
REPAIR_AMOUNT = "Write it as 1234.50 or 1,234.50, with a point before the cents, or leave it empty."
REPAIR_COLUMNS = "Export the statement anew, with all columns."
REPAIR_ROW = "Look the payment up on the portal, mend this row in the file, and import it again."


class LineKind(StrEnum):
    """What a line is. The module's docstring has the rules."""

    COLLECTION = "collection"  #: a customer or business paid us
    CHARGE = "charge"  #: Safaricom's fee, taken from us
    REVERSAL = "reversal"  #: one leg of taking back
    PAYOUT = "payout"  #: we paid a person (B2C)
    SETTLEMENT = "settlement"  #: our own money moved on, to the bank or another account of ours
    OTHER = "other"  #: no money moved, or nobody can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One row. A receipt may stand on several: with its charge, or the legs of its reversal; see :attr:`key`.

    ``row`` is its first line in the file, or its row in the sheet, from 1. Amounts are never below zero and never both above it.
    """

    row: int
    receipt_no: str
    completed_at: datetime  #: UTC
    initiated_at: datetime | None
    details: str
    status: str
    paid_in: Money
    withdrawn: Money
    balance: Money | None
    reason: str
    other_party: str
    linked_receipt: str
    account: str
    kind: LineKind

    @property
    def key(self) -> tuple[str, str, bool, Money]:
        """What tells a line from others of its receipt: receipt, reason, whether money came in, amount."""
        return self.receipt_no, self.reason.casefold(), bool(self.paid_in), self.paid_in or self.withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that may be about money and cannot be read: ``problem`` and ``cure`` are a sentence each."""

    row: int
    problem: str
    cure: str
    cells: tuple[str, ...]


class _Unreadable(ValueError):
    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(problem)
        self.cure = cure


class LineReader:
    """Reads rows below one header."""

    def __init__(self, header: Header, *, from_1904: bool) -> None:
        self._columns: Mapping[str, int] = header.columns
        self._width = len(header.cells)
        self._title = header.cells[header.columns["completed"]]
        self._receipt_title = header.cells[header.columns["receipt"]]
        self._from_1904 = from_1904

    def read(self, row: RawRow) -> StatementLine | BadRow | None:
        """The line; None for a blank row, a total, a footer, or the header once more."""
        if not any(isinstance(cell, Decimal) or cell.strip() for cell in row.cells):
            return None
        try:
            return self._line(row)
        except _Unreadable as error:
            shown = tuple(cells.text_of(cell, _MAX_SHOWN) for cell in row.cells)
            return BadRow(row=row.number, problem=str(error), cure=error.cure, cells=shown)

    def _line(self, row: RawRow) -> StatementLine | None:
        if row.broken:
            raise _Unreadable(row.broken, REPAIR_ROW)
        receipt = self._text(row, "receipt")
        timed = not cells.is_blank(self._cell(row, "completed"))
        if not timed and self._is_no_transaction(row, receipt):
            return None
        if timed and self._is_header(row):
            return None
        if row.cut and len(row.cells) < self._width:
            raise _Unreadable("the file ends in the middle of this row", "Export or copy the whole file again.")
        receipt = self._receipt(receipt, self._cell(row, "receipt"))
        completed_at = self._completed(row)
        paid_in, withdrawn = self._paid_in(row), self._withdrawn(row)
        if paid_in and withdrawn:
            raise _Unreadable(f"{receipt} has both Paid In and Withdrawn", REPAIR_ROW)
        status = self._text(row, "status") if "status" in self._columns else "Completed"
        completed = status.casefold() == _COMPLETED
        if completed and not paid_in and "withdrawn" not in self._columns:  # money went, and nobody can say how much
            raise _Unreadable(f"{receipt} has no Paid In, and the file has no column Withdrawn", REPAIR_COLUMNS)
        if completed and paid_in is None and withdrawn is None:
            raise _Unreadable(f"{receipt} has neither Paid In nor Withdrawn", REPAIR_ROW)
        reason, details = self._text(row, "reason"), self._text(row, "details")
        came, went = paid_in or _ZERO, withdrawn or _ZERO
        return StatementLine(
            row=row.number,
            receipt_no=receipt,
            completed_at=completed_at,
            initiated_at=self._initiated(row),
            details=details,
            status=status,
            paid_in=came,
            withdrawn=went,
            balance=self._balance(row),
            reason=reason,
            other_party=self._text(row, "party"),
            linked_receipt=self._linked(row),
            account=self._text(row, "account"),
            kind=kind_of(reason, details, came, went) if completed else LineKind.OTHER,
        )

    # ------------------------------------------------------------ rows that are no transaction

    def _is_no_transaction(self, row: RawRow, receipt: str) -> bool:
        """A row without a completion time: a total, a note. One with a real receipt, or money nobody labelled, is not."""
        if _RECEIPT.fullmatch(normal_receipt(receipt)) and any(letter.isdigit() for letter in receipt):
            return False
        money = {self._columns[name] for name in ("paid_in", "withdrawn", "balance") if name in self._columns}
        texts = [
            cell for at, cell in enumerate(row.cells) if at not in money and isinstance(cell, str) and not cells.is_blank(cell)
        ]  # fmt: skip
        if len(texts) <= _MAX_LABELS and any(_FOOTER.match(text) for text in texts):
            return True
        has_money = any(at < len(row.cells) and not cells.is_blank(row.cells[at]) for at in money)
        return not has_money or not texts

    def _is_header(self, row: RawRow) -> bool:
        """The header once more, as at the top of each page."""
        return self._cell(row, "completed") == self._title and self._cell(row, "receipt") == self._receipt_title

    # ------------------------------------------------------------ cells

    def _cell(self, row: RawRow, column: str) -> Cell:
        at = self._columns.get(column)
        return row.cells[at] if at is not None and at < len(row.cells) else ""

    def _text(self, row: RawRow, column: str) -> str:
        return cells.text_of(self._cell(row, column))

    def _receipt(self, text: str, cell: Cell) -> str:
        receipt = normal_receipt(text)
        if isinstance(cell, Decimal) or _NUMBER.fullmatch(receipt):
            raise _Unreadable(f"the receipt number became a number, {str(cell)[:40]}", REPAIR_RECEIPT)
        if not receipt or cells.is_blank(text):
            raise _Unreadable("the receipt number is missing", REPAIR_ROW)
        if not _RECEIPT.fullmatch(receipt):
            raise _Unreadable(f"{receipt[:40]!r} is no receipt number", REPAIR_ROW)
        return receipt

    def _linked(self, row: RawRow) -> str:
        """Empty where there is none, however the file says so."""
        text = self._text(row, "linked")
        return "" if cells.is_blank(text) else normal_receipt(text).strip("-")

    def _completed(self, row: RawRow) -> datetime:
        cell = self._cell(row, "completed")
        if cells.is_blank(cell):
            raise _Unreadable("the completion time is missing", REPAIR_ROW)
        try:
            return cells.instant_of(cell, from_1904=self._from_1904)
        except ValueError as error:
            raise _Unreadable(f"the completion time {error}", REPAIR_TIME) from error

    def _initiated(self, row: RawRow) -> datetime | None:
        """It only informs, so a strange one is no reason to lose the row."""
        cell = self._cell(row, "initiated")
        try:
            return None if cells.is_blank(cell) else cells.instant_of(cell, from_1904=self._from_1904)
        except ValueError:
            return None

    def _paid_in(self, row: RawRow) -> Money | None:
        money = self._amount(row, "paid_in", "Paid In")
        if money is not None and money < _ZERO:
            raise _Unreadable(f"Paid In is {money.grouped}, below zero", REPAIR_ROW)
        return money

    def _withdrawn(self, row: RawRow) -> Money | None:
        """Without its sign: whether Withdrawn is written below zero is unproven."""
        money = self._amount(row, "withdrawn", "Withdrawn")
        return -money if money is not None and money < _ZERO else money

    def _amount(self, row: RawRow, column: str, name: str) -> Money | None:
        try:
            return cells.amount_of(self._cell(row, column))
        except ValueError as error:
            raise _Unreadable(f"{name} {error}", REPAIR_AMOUNT) from error

    def _balance(self, row: RawRow) -> Money | None:
        """It only informs."""
        try:
            return cells.amount_of(self._cell(row, "balance"), limit=_ANY_BALANCE)
        except ValueError:
            return None


def kind_of(reason: str, details: str, paid_in: Money, withdrawn: Money) -> LineKind:
    """The kind of a completed row, by the module's rules."""
    if not paid_in and not withdrawn:
        return LineKind.OTHER
    words = f"{reason} | {_TYPED.split(details, maxsplit=1)[0]}"
    charge = _CHARGE.search(words) is not None
    if _REVERSAL.search(words) and not (charge and withdrawn):
        return LineKind.REVERSAL
    if charge:
        return LineKind.CHARGE if withdrawn else LineKind.OTHER
    if _SETTLEMENT.search(words) or _OWN_MOVE.match(details):
        return LineKind.SETTLEMENT
    if _PAYOUT.search(words):
        return LineKind.PAYOUT if withdrawn else LineKind.OTHER
    return LineKind.COLLECTION if paid_in else LineKind.OTHER
