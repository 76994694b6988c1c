"""Walk the audit chain from its first row; say where it breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.domain.audit import GENESIS, AuditEntry, Break, first_break

PAGE = 2000


async def verify(ctx: Context, progress: Callable[[int], None] = lambda _rows: None) -> Break | None:
    """The first row that cannot be believed, or None. ``progress`` is told how many rows are walked."""
    previous: AuditEntry | None = None
    while True:
        after = previous.seq if previous is not None else 0
        page = await ctx.database.read(partial(_page, after=after))
        if not page:
            return None
        broken = first_break(page, after=after, previous=previous.digest if previous is not None else GENESIS)
        if broken is not None:
            return broken
        previous = page[-1]
        progress(previous.seq)


def _page(books: Books, *, after: int) -> Sequence[AuditEntry]:
    return books.trail.entries(after, PAGE)
