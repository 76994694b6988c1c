"""``hmis-pos reconcile FILE``: hold Safaricom's statement against the books, on the database directly.

It may run beside the relay: both write in short transactions and wait for each other's locks (on SQLite up to ten seconds each time;
its library is new enough that two writing processes are safe, see ``db/central/engine.py``). The relay's feed tells of what it found.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from hmis_pos import logs
from hmis_pos.cashier import import_statement
from hmis_pos.cashier.context import Context, Policy
from hmis_pos.cashier.import_statement import StatementView
from hmis_pos.cashier.records_back_office import BadLine, LineClass, ReconciliationItem
from hmis_pos.contract import mapping_back_office as messages
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa import statement_source
from hmis_pos.gateways.mpesa.statement_source import MpesaStatement
from hmis_pos.relay.clock import SystemClock, SystemIds
from hmis_pos.relay.merchant import OPERATOR
from hmis_pos.relay.settings import load_books
from hmis_pos.relay.settings.fees import FeeOf
from hmis_pos.relay.settings.paybill import EAT

#: Classes that need nobody: it is there and here, or too near the edge of the file to say.
_SETTLED = frozenset({LineClass.MATCHED, LineClass.TIMING})
_PAGE = 1000
#: Differences shown to a person; all of them are in the JSON.
MOST_SHOWN = 200


def reconcile(file: str, *, as_json: bool = False, environ: Mapping[str, str] = os.environ) -> int:
    """Import a statement and say what it shows.

    Returns:
        0 where all of it matches, 1 where something differs or a row could not be read, 2 where it is no statement of ours.

    Raises:
        Misconfigured, Unavailable: the database setting is wrong, or it is away.
    """
    logs.configure("error", stream=sys.stderr)
    chosen = load_books(environ)
    database = CentralDatabase(chosen.database_url, SystemClock(), names=chosen.table_map)
    policy = Policy(callback_base="", shortcodes=chosen.shortcodes, fee_of=FeeOf(chosen.tariffs))
    ctx = Context(database=database, clock=SystemClock(), ids=SystemIds(), gateways={}, policy=policy)
    try:
        database.check_now()
        with ExitStack() as files:
            try:
                source = files.enter_context(statement_source.opened(Path(file)))
                found = asyncio.run(_run(ctx, source))
            except CashierMistake as e:
                sys.stderr.write(f"hmis-pos reconcile: {file}: {e.message}. {e.cure}\n")
                return 2
        report = _Report(found)
        report.read(database)
    finally:
        database.dispose_now()
    sys.stdout.write(report.json() if as_json else report.text())
    return 0 if report.is_clean else 1


async def _run(ctx: Context, source: MpesaStatement) -> StatementView:
    progress = _Progress()
    try:
        return await import_statement.run(
            ctx, source, by=OPERATOR, facility_id=ctx.policy.home_facility, told=progress.tell
        )
    finally:
        progress.end()


class _Progress:
    """A line on standard error that grows; nothing where nobody looks."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def tell(self, view: StatementView) -> None:
        if self._shown:
            how_far = f"{view.percent} %" if view.percent is not None else view.file.state
            sys.stderr.write(f"\r{view.file.state}: {view.file.lines:,} lines, {how_far}   ")
            sys.stderr.flush()

    def end(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")


class _Report:
    """What is said of one import."""

    def __init__(self, view: StatementView) -> None:
        self._view = view
        self._differences: list[ReconciliationItem] = []
        self._bad: list[BadLine] = []

    def read(self, database: CentralDatabase) -> None:
        """Fetch the differences and the bad rows."""
        number = self._view.file.id
        classes = tuple(one for one in LineClass if one not in _SETTLED)
        after = 0
        while True:
            page = database.read_now(lambda books: list(books.statements.items(number, classes, after, _PAGE)))  # noqa: B023 - called at once
            self._differences += page
            if len(page) < _PAGE:
                break
            after = page[-1].id
        self._bad = database.read_now(lambda books: list(books.statements.bad_lines(number, _PAGE)))

    @property
    def is_clean(self) -> bool:
        gap = messages.balance_gap(self._view)
        return not self._differences and not self._view.file.bad_lines and not gap

    def json(self) -> str:
        found: dict[str, Any] = {
            "statement": messages.statement_message(self._view),
            "differences": [messages.item_message(one) for one in self._differences],
            "bad_rows": [messages.bad_row_message(one) for one in self._bad],
        }
        return msgspec.json.format(msgspec.json.encode(found)).decode() + "\n"

    def text(self) -> str:
        file = self._view.file
        span = f", {file.since.astimezone(EAT):%d %b %Y %H:%M}" if file.since is not None else ""
        span += f" to {file.until.astimezone(EAT):%d %b %Y %H:%M}" if file.until is not None else ""
        lines = [f"{file.name}: shortcode {file.shortcode or 'not named'}{span}", f"{file.lines:,} lines"]
        for one, (count, amount) in self._view.counts.items():
            lines.append(f"  {one.value:<16}{count:>10,}  {amount.grouped:>22}")
        gap = messages.balance_gap(self._view)
        if gap:
            lines.append(f"its balances do not add up, by {gap.grouped}: the export is incomplete")
        lines += self._shown("differences", [_difference(one) for one in self._differences])
        lines += self._shown("rows that could not be read", [f"row {one.row:,}: {one.text}" for one in self._bad])
        if self.is_clean:
            lines.append("everything matches")
        return "\n".join(lines) + "\n"

    @staticmethod
    def _shown(title: str, rows: list[str]) -> list[str]:
        if not rows:
            return []
        more = [f"  … and {len(rows) - MOST_SHOWN:,} more; --json has all"] if len(rows) > MOST_SHOWN else []
        return [f"{title}:", *(f"  {row}" for row in rows[:MOST_SHOWN]), *more]


def _difference(one: ReconciliationItem) -> str:
    where = f"row {one.row:,}" if one.row is not None else "only here"
    amounts = f"here {_amount(one.here)}, there {_amount(one.there)}"
    return f"{where}  {one.receipt_no}  {one.line_class.value}  {amounts}" + (f": {one.text}" if one.text else "")


def _amount(amount: Money | None) -> str:
    return amount.grouped if amount is not None else "nothing"
