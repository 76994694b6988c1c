"""Tell the counters what the HMIS changed: it writes its invoices itself, so somebody has to look."""

from __future__ import annotations

from datetime import datetime, timedelta

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books

#: How far back each look reaches: a transaction of the HMIS may commit later than the time it wrote.
OVERLAP = timedelta(seconds=60)
BATCH = 500


class InvoiceWatch:
    """Turns changed invoices into events. Starts where the feed ended before a restart, so nothing is missed."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._since: datetime | None = None
        self._seen: dict[int, datetime] = {}

    async def poll(self) -> int:
        """Look once; returns how many changes became events."""
        since = self._since
        if since is None:
            since = await self._ctx.database.read(self._last_event_at)
        horizon = since - OVERLAP
        found = await self._ctx.database.read(lambda books: books.invoices.changes(horizon, BATCH))
        fresh = [(invoice, facility, at) for invoice, facility, at in found if self._seen.get(invoice) != at]
        if fresh:
            await self._ctx.database.write(lambda books: self._emit(books, fresh))
        for invoice, _, at in fresh:
            self._seen[invoice] = at
        newest = max([since, *(at for _, _, at in found)])
        self._seen = {invoice: at for invoice, at in self._seen.items() if at >= newest - 2 * OVERLAP}
        self._since = newest
        return len(fresh)

    def _last_event_at(self, books: Books) -> datetime:
        last = books.trail.last_event()
        events = books.trail.events(last - 1, 1) if last else ()
        return events[0].at if events else self._ctx.clock.now()

    @staticmethod
    def _emit(books: Books, fresh: list[tuple[int, int, datetime]]) -> None:
        for invoice, facility, _ in fresh:
            books.trail.emit("invoice.changed", facility, {"invoice_id": invoice})
