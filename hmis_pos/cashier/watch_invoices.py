"""Tell the counters what the HMIS changed: it writes its invoices itself, so somebody has to look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books

#: How far before the last event the first look after a start reaches: a change and its event are two commits.
OVERLAP = timedelta(seconds=60)
BATCH = 500


class InvoiceWatch:
    """Turns changed invoices into events. Starts where the feed ended before a restart, so nothing is missed."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._since: datetime | None = None

    async def poll(self) -> int:
        """Look once; returns how many changes became events."""
        since = self._since
        if since is None:
            since = await self._ctx.database.read(self._last_event_at) - OVERLAP
        found = await self._ctx.database.read(lambda books: books.invoices.changes(since, BATCH))
        if found:
            await self._ctx.database.write(lambda books: self._emit(books, found))
        self._since = max([since, *(at for _, _, at in found)])
        return len(found)

    def _last_event_at(self, books: Books) -> datetime:
        last = books.trail.last_event()
        events = books.trail.events(last - 1, 1) if last else ()
        return events[0].at if events else self._ctx.clock.now()

    @staticmethod
    def _emit(books: Books, found: Sequence[tuple[int, int, datetime]]) -> None:
        for invoice, facility, _ in found:
            books.trail.emit("invoice.changed", facility, {"invoice_id": invoice})
