"""Where the table begins, which column is which, and what the preamble above it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from types import MappingProxyType

from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.statement import cells
from hmis_pos.gateways.mpesa.statement.refusal import NotAStatement
from hmis_pos.gateways.mpesa.statement.rows import Cell, RawRow

#: The header stands within so many rows, or nowhere.
SEARCHED = 40

#: Our name of a column, and what people, Excel and older portals call it, the likeliest first; compared by letters and digits.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "receipt": (
        "receiptno", "receiptnumber", "receipt", "mpesareceiptno", "mpesareceiptnumber", "mpesareceipt", "mpesacode",
        "transactionid", "transactionno", "transactionnumber", "transid",
    ),
    "completed": (
        "completiontime", "completiondate", "completiondatetime", "completedtime", "completedat", "completedon",
        "transactiontime", "transactiondate", "transtime", "transdate", "datetime", "dateandtime", "date",
    ),
    "paid_in": ("paidin", "amountpaidin", "paidinamount", "moneyin", "creditamount", "credit"),
    "initiated": ("initiationtime", "initiationdate", "initiatedtime", "initiatedat"),
    "details": ("details", "transactiondetails", "description", "particulars", "narration"),
    "status": ("transactionstatus", "status"),
    "withdrawn": ("withdrawn", "withdrawal", "withdrawals", "withdrawnamount", "paidout", "moneyout", "debitamount", "debit"),
    "balance": ("balance", "runningbalance", "accountbalance"),
    "confirmed": ("balanceconfirmed",),
    "reason": ("reasontype", "reason", "transactiontype", "type"),
    "party": ("otherpartyinfo", "otherparty", "otherpartyinformation", "counterparty", "party"),
    "linked": ("linkedtransactionid", "linkedtransaction", "linkedreceiptno", "linkedreceipt"),
    "account": ("acno", "accountno", "accountnumber", "acnumber", "billrefnumber", "billreference", "account"),
}  # fmt: skip
REQUIRED: Mapping[str, str] = {"receipt": "Receipt No.", "completed": "Completion Time", "paid_in": "Paid In"}
_ALIASES: Mapping[str, tuple[str, int]] = {
    alias: (column, rank) for column, aliases in _NAMES.items() for rank, alias in enumerate(aliases)
}
#: A misspelt name is looked for in rows with so many known ones, of this many letters, and as alike as "reciept" is.
_KNOWN_ENOUGH = 2
_FUZZY_FROM = 6
_FUZZY_TO = 30
_ALIKE = 0.85

_LABELS = frozenset(
    {
        "accountholder", "shortcode", "account", "timeperiod", "operator", "dateofreport", "openingbalance",
        "closingbalance", "availablebalance", "totalpaidin", "totalwithdrawn",
        "customername", "mobilenumber", "emailaddress", "statementperiod", "dateofstatement",
    }
)  # fmt: skip
_CUSTOMERS = frozenset({"customername", "mobilenumber"})
#: Its statement is a list of fees. Which account customers pay into goes by the product, so no other name is refused.
_OF_CHARGES = re.compile(r"\bcharges", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_CURRENCY = re.compile(r"\b(?:kes|kshs?)\b")
_TIME = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?)?"
)  # fmt: skip
_LAST_SECOND = timedelta(days=1) - timedelta(seconds=1)
#: A shortcode's balance may be above what one payment can be.
_ANY_BALANCE = 10**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Preamble:
    """What stands above the table. Anything may be missing: people delete these rows. Times are in UTC."""

    account_holder: str = ""
    shortcode: str = ""
    account: str = ""  #: "Utility Account", "Charges Paid Account" …
    since: datetime | None = None
    until: datetime | None = None  #: a last day without a time counts to its end
    operator: str = ""
    reported_at: datetime | None = None
    opening: Money | None = None
    closing: Money | None = None
    available: Money | None = None
    paid_in: Money | None = None
    withdrawn: Money | None = None

    @property
    def covered_until(self) -> datetime | None:
        """Until when a payment would be in it: an export of today ends when it was made, whatever its period says."""
        if self.until is None or self.reported_at is None:
            return self.until
        return min(self.until, self.reported_at)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table begins: ``row`` is the header's number, ``cells`` are its own, ``columns`` our names to positions."""

    row: int
    cells: tuple[Cell, ...]
    columns: Mapping[str, int]


def normal(cell: Cell) -> str:
    """A name by its letters and digits: ``"Paid In (KES)"`` is ``paidin``."""
    return _NOT_LETTERS.sub("", _CURRENCY.sub("", cells.text_of(cell, 80).casefold()))


def map_columns(row: Sequence[Cell]) -> dict[str, int]:
    """Which of our columns this row names, and where. Of a name given twice the first counts; unknown ones are left out.

    In a row that has two known names, a name in no list counts for the column it resembles, unless a listed one takes that.
    """
    names = [(position, name) for position, cell in enumerate(row) if (name := normal(cell))]
    best: dict[str, tuple[int, int]] = {}
    for position, name in names:
        if (known := _ALIASES.get(name)) and (known[0] not in best or known[1] < best[known[0]][0]):
            best[known[0]] = (known[1], position)
    if len(best) >= _KNOWN_ENOUGH:
        for position, name in names:
            if name not in _ALIASES and (column := _resembling(name)):
                best.setdefault(column, (0, position))
    return {column: position for column, (_, position) in best.items()}


def _resembling(name: str) -> str:
    if not _FUZZY_FROM <= len(name) <= _FUZZY_TO:
        return ""
    ratio, column = max((SequenceMatcher(None, name, alias).ratio(), column) for alias, (column, _) in _ALIASES.items())
    return column if ratio >= _ALIKE else ""


def find_header(rows: Sequence[RawRow]) -> Header | None:
    """The first of these rows that names the required columns."""
    for row in rows:
        columns = map_columns(row.cells)
        if REQUIRED.keys() <= columns.keys():
            return Header(row.number, row.cells, MappingProxyType(columns))
    return None


def missing_header(rows: Sequence[RawRow]) -> NotAStatement:
    """Why none of these rows is a header, as well as can be told."""
    if _CUSTOMERS & {label for row in rows for label, _ in _pairs(row)}:
        return _customers()
    best = max((map_columns(row.cells).keys() & REQUIRED.keys() for row in rows), key=len, default=frozenset[str]())
    lacking = " and ".join(name for column, name in REQUIRED.items() if column not in best)
    what = f"a header without {lacking}" if best else "no header with Receipt No., Completion Time and Paid In"
    return NotAStatement(f"the file has {what} within its first {SEARCHED} rows", code="statement-no-header")


def _customers() -> NotAStatement:
    return NotAStatement(
        "the file is the statement of a customer's phone, not of the hospital's shortcode",
        code="statement-customer",
        cure="Export the shortcode's own statement from the M-Pesa organisation portal.",
    )


def _of_charges(account: str) -> NotAStatement:
    return NotAStatement(
        f"the file is the statement of {account[:60]!r}, an account that no customer pays into",
        code="statement-account",
        cure="Export the account that receives the customers' payments, such as the Utility Account.",
    )


def read_preamble(rows: Sequence[RawRow], *, from_1904: bool = False) -> Preamble:
    """Read the rows above the header.

    Raises:
        NotAStatement: they are those of a customer's own statement, or of the account that pays the charges: our payments are
            not in it, and would look as if they had never been.
    """
    found: dict[str, list[Cell]] = {}
    for row in rows:
        for label, values in _pairs(row):
            found.setdefault(label, values)
    if found.keys() & _CUSTOMERS and not _text(found, "shortcode"):
        raise _customers()
    account = _text(found, "account")
    if _OF_CHARGES.search(account):
        raise _of_charges(account)
    since, until = _period(found.get("timeperiod", []))
    return Preamble(
        account_holder=_text(found, "accountholder"),
        shortcode=_text(found, "shortcode"),
        account=account,
        since=since,
        until=until,
        operator=_text(found, "operator"),
        reported_at=_instant(found.get("dateofreport", []), from_1904=from_1904),
        opening=_money(found, "openingbalance"),
        closing=_money(found, "closingbalance"),
        available=_money(found, "availablebalance"),
        paid_in=_money(found, "totalpaidin"),
        withdrawn=_money(found, "totalwithdrawn"),
    )


def _pairs(row: RawRow) -> Iterator[tuple[str, list[Cell]]]:
    """Labels with the cells behind them; ``"Short Code: 600100"`` in one cell too."""
    label, values = "", list[Cell]()
    for cell in row.cells:
        if isinstance(cell, str):
            head, colon, rest = cell.partition(":")
            name = normal(head)
            if name in _LABELS:
                if label:
                    yield label, values
                label, values = name, [rest.strip()] if colon and rest.strip() else []
                continue
            if not cell.strip():
                continue
        values.append(cell)
    if label:
        yield label, values


def _text(found: Mapping[str, list[Cell]], label: str) -> str:
    values = found.get(label, [])
    return cells.text_of(values[0]) if values else ""


def _money(found: Mapping[str, list[Cell]], label: str) -> Money | None:
    values = found.get(label, [])
    try:
        return cells.amount_of(values[0], limit=_ANY_BALANCE) if values else None
    except ValueError:
        return None


def _instant(values: Sequence[Cell], *, from_1904: bool = False) -> datetime | None:
    for value in values:
        try:
            return cells.instant_of(value, from_1904=from_1904)
        except ValueError:
            continue
    return None


def _period(values: Sequence[Cell]) -> tuple[datetime | None, datetime | None]:
    """``From DD-MM-YYYY HH:MM:SS`` and ``To …``, in one cell or in two."""
    times = _TIME.findall(" ".join(cells.text_of(value) for value in values))
    since = _instant(times[:1])
    until = _instant(times[1:2])
    if until is not None and ":" not in times[1]:
        until += _LAST_SECOND
    return since, until
