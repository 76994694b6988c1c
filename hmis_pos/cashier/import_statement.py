"""Import a provider's statement: keep its lines, then compare it with our books.

The file is known by its hash, so importing it again repeats nothing, and finishes what a crash interrupted. Lines are stored in
batches while they are read, a bad one is kept with its number and loses nothing else; memory does not grow with the file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from hmis_pos.cashier import reconcile
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.ports_back_office import StatementSource
from hmis_pos.cashier.records_back_office import BadLine, LineClass, StatementEntry, StatementFile
from hmis_pos.domain.errors import Conflict, NotFound, PosError
from hmis_pos.domain.money import Money, total

#: Rows read, and stored in one transaction.
BATCH = 2000
#: Statuses of lines that moved money; a file without that column says nothing of it.
_COMPLETED = ("completed", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """An import as it stands. ``counts``: by class how many, and their sum. ``percent`` while it is read, where it is known."""

    file: StatementFile
    counts: Mapping[LineClass, tuple[int, Money]] = field(default_factory=dict)
    percent: int | None = None


Told = Callable[[StatementView], None]


async def run(
    ctx: Context, source: StatementSource, *, by: str, facility_id: int, told: Told | None = None
) -> StatementView:
    """Import it whole; ``told`` hears after every batch.

    Raises:
        Conflict: it is the statement of another shortcode.
        CashierMistake: the file cannot be read to its end; what was read is kept, the import is marked broken.
    """
    tell = told or _nobody
    file = await begin(ctx, source, by=by, facility_id=facility_id)
    if file.state != "done":
        try:
            file = await _read(ctx, source, file, tell)
            file = await reconcile.compare(ctx, file, lambda f: tell(StatementView(file=f)))
        except PosError as e:
            await ctx.database.write(partial(_break, file_id=file.id, trouble=e.message))
            raise
    found = await view(ctx, file.id)
    tell(found)
    return found


async def begin(ctx: Context, source: StatementSource, *, by: str, facility_id: int) -> StatementFile:
    """Write down that this file is being imported; the same file again is the same import.

    Raises:
        Conflict: it is the statement of another shortcode.
    """
    ours = ctx.policy.shortcodes
    if ours and source.shortcode and source.shortcode not in ours:
        raise Conflict(
            f"this is the statement of {source.shortcode}; this hospital's is {', '.join(sorted(ours))}",
            code="other-shortcode",
            field="file",
            cure="Export the statement of the hospital's own shortcode.",
        )

    def phase(books: Books) -> StatementFile:
        known = books.statements.by_hash(source.file_hash)
        if known is not None:
            return known if known.state == "done" else _save(books, known, state="reading", trouble="")
        new = books.statements.add(
            StatementFile(
                file_hash=source.file_hash,
                name=source.name,
                provider=source.provider,
                shortcode=source.shortcode,
                facility_id=facility_id,
                imported_by=by,
                imported_at=ctx.clock.now(),
                since=source.since,
                until=source.until,
                opening=source.opening,
                closing=source.closing,
                paid_in=source.paid_in,
                withdrawn=source.withdrawn,
            )
        )
        books.trail.audit(by, "statement.import", f"statement:{new.id}", "", {"name": new.name, "hash": new.file_hash})
        books.trail.emit("statement.changed", new.facility_id, {"statement_id": new.id})
        return new

    return await ctx.database.write(phase)


async def view(ctx: Context, file_id: int, facility_id: int | None = None) -> StatementView:
    """An import with its counts.

    Raises:
        NotFound: there is none in this facility.
    """

    def phase(books: Books) -> StatementView:
        file = books.statements.get(file_id)
        if file is None or facility_id not in (None, file.facility_id):
            raise NotFound(f"there is no statement {file_id}", field="statement_id", cure="Look it up in the list.")
        return StatementView(file=file, counts=books.statements.counts(file_id))

    return await ctx.database.read(phase)


async def page(ctx: Context, facility_id: int, after: int | None, limit: int) -> Sequence[StatementView]:
    """Imports of a facility, newest first."""

    def phase(books: Books) -> Sequence[StatementView]:
        found = books.statements.page(facility_id, after, limit)
        return [StatementView(file=file, counts=books.statements.counts(file.id)) for file in found]

    return await ctx.database.read(phase)


# ---------------------------------------------------------------- reading


async def _read(ctx: Context, source: StatementSource, file: StatementFile, tell: Told) -> StatementFile:
    lines = bad = 0
    paid_in = withdrawn = Money.zero()
    first, last = file.since, file.until
    rows = await asyncio.to_thread(source.read, BATCH)
    while rows:
        good = [row for row in rows if isinstance(row, StatementEntry)]
        unread = [row for row in rows if isinstance(row, BadLine)]
        lines, bad = lines + len(good), bad + len(unread)
        if source.since is None or source.until is None:
            first, last = _span(first, last, good)
        moved = [row for row in good if row.status.strip().casefold() in _COMPLETED]
        paid_in += total(row.paid_in for row in moved)
        withdrawn += total(row.withdrawn for row in moved)
        now = replace(file, lines=lines, bad_lines=bad, since=first, until=last)
        percent = source.percent
        # The file is read on while the database stores. Both end before either's trouble is told.
        stored, ahead = await asyncio.gather(
            ctx.database.write(partial(_store, file=now, good=good, bad=unread)),
            asyncio.to_thread(source.read, BATCH),
            return_exceptions=True,
        )
        if isinstance(stored, BaseException):
            raise stored
        file = stored
        tell(StatementView(file=file, percent=percent))
        if isinstance(ahead, BaseException):
            raise ahead
        rows = ahead
    # What stands above the table agrees with itself, whatever is missing below: the lines' own sums have to explain the balances.
    summed = replace(file, paid_in=paid_in, withdrawn=withdrawn)
    return await ctx.database.write(lambda books: _save(books, summed, state="comparing"))


def _span(
    first: datetime | None, last: datetime | None, rows: Sequence[StatementEntry]
) -> tuple[datetime | None, datetime | None]:
    """A file without its preamble covers what it holds."""
    times = [row.completed_at for row in rows] + [at for at in (first, last) if at is not None]
    return (min(times), max(times)) if times else (first, last)


def _store(
    books: Books, *, file: StatementFile, good: Sequence[StatementEntry], bad: Sequence[BadLine]
) -> StatementFile:
    books.statements.add_lines(file.id, good, bad)
    return _save(books, file)


def _save(books: Books, file: StatementFile, *, state: str | None = None, trouble: str | None = None) -> StatementFile:
    changed = replace(
        file,
        state=file.state if state is None else state,
        trouble=file.trouble if trouble is None else trouble,
    )
    books.statements.save(changed)
    books.trail.emit("statement.changed", file.facility_id, {"statement_id": file.id})
    return changed


def _break(books: Books, *, file_id: int, trouble: str) -> None:
    """Why it was not read to its end; how many lines were stored by then stays."""
    known = books.statements.get(file_id)
    if known is not None:
        _save(books, known, state="broken", trouble=trouble)


def _nobody(_view: StatementView) -> None:
    """Nobody listens."""
