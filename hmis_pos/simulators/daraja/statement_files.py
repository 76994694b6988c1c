"""A statement as the file that a person downloads from the portal: CSV or XLSX."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from hmis_pos.simulators.daraja.statement import COLUMNS, FEW, RESPELT, Line, Statement, StatementStyle, local

Cell = str | float | datetime | Decimal | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  the zero of a spreadsheet's dates has no zone
_DAY = 86400
_PREAMBLE_DATE = "%d-%m-%Y %H:%M:%S"


def as_csv(statement: Statement) -> bytes:
    """Return the statement as CSV in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows(statement):
        writer.writerow(["" if cell is None else _plain(cell) for cell in row])
    return text.getvalue().encode()


def as_xlsx(statement: Statement) -> bytes:
    """Return the statement as a workbook; dates are cells of type date in the style of serial numbers.

    Raises:
        ImportError: openpyxl is not installed.
    """
    from openpyxl import Workbook  # noqa: PLC0415  a heavy import for a file that few ask for

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Statement")
    for row in rows(statement):
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rows(statement: Statement) -> Iterator[list[Cell]]:
    """Yield the rows in order: preamble, header, movements."""
    style = statement.style
    if style.preamble:
        yield from _preamble(statement)
    columns = FEW if style.columns == "few" else COLUMNS
    extra: list[Cell] = ["KES"] if style.currency else []
    header: list[Cell] = [RESPELT.get(name, name) if style.headers == "respelt" else name for name in columns]
    yield [*header, "Currency"] if extra else header
    for line in statement.lines:
        cells = _cells(line, style)
        yield [*(cells[name] for name in columns), *extra]


def _preamble(statement: Statement) -> Iterator[list[Cell]]:
    def figure(amount: Decimal) -> str:
        return _amount(amount, statement.style)

    yield ["Account Holder:", statement.holder]
    yield ["Short Code:", statement.shortcode]
    yield ["Account:", statement.account]
    since, until = (f"{local(at):{_PREAMBLE_DATE}}" for at in (statement.since, statement.until))
    yield ["Time Period:", "", f"From {since}", "", f"To {until}"]
    made = f"{local(statement.made_at):{_PREAMBLE_DATE}}"
    yield ["Operator:", statement.operator, "", "", "Date of Report:", made]
    yield [
        "Opening Balance:",
        figure(statement.opening),
        "Closing Balance:",
        figure(statement.closing),
        "Available Balance:",
        figure(statement.closing),
        "Total Paid In:",
        figure(statement.paid_in),
        "Total Withdrawn:",
        figure(statement.withdrawn),
    ]


def _cells(line: Line, style: StatementStyle) -> dict[str, Cell]:
    movement = line.movement
    withdrawn = line.withdrawn
    if withdrawn is not None and style.withdrawn == "negative":
        withdrawn = -withdrawn
    return {
        "Receipt No.": movement.receipt,
        "Completion Time": _date(movement.at, style),
        "Initiation Time": _date(movement.initiated_at or movement.at, style),
        "Details": line.details,
        "Transaction Status": movement.status,
        "Paid In": None if line.paid_in is None else _amount(line.paid_in, style),
        "Withdrawn": None if withdrawn is None else _amount(withdrawn, style),
        "Balance": _amount(movement.balance, style),
        "Balance Confirmed": "true",
        "Reason Type": line.reason,
        "Other Party Info": line.party,
        "Linked Transaction ID": movement.linked,
        "A/C No.": movement.account,
    }


def _amount(amount: Decimal, style: StatementStyle) -> str:
    return f"{amount:,.2f}" if style.thousands else f"{amount:.2f}"


def _date(at: datetime, style: StatementStyle) -> Cell:
    moment = local(at)
    if style.dates == "serial":
        return moment
    return moment.strftime(_PREAMBLE_DATE if style.dates == "day_first" else "%Y-%m-%d %H:%M:%S")


def _plain(cell: str | float | datetime | Decimal) -> str:
    if isinstance(cell, datetime):
        return f"{(cell - _EPOCH).total_seconds() / _DAY:.10f}"
    return str(cell)
