"""Let go of what nobody asks for any longer: old lines of the event feed, old answers kept for their idempotency keys.

Nothing about money goes: that is in the payments, the ledger and the audit trail, which are never pruned. A follower of the feed
that is so far behind begins anew (``reset``). A key is kept far longer than any terminal repeats it (reliability reference: 90 days).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books

EVENTS_FOR = timedelta(days=7)
ANSWERS_FOR = timedelta(days=90)
#: Rows that go in one transaction, so that no counter waits for it.
BATCH = 500


async def run(ctx: Context) -> int:
    """Prune all that is old enough, a batch at a time; returns how many rows went."""
    now = ctx.clock.now()
    events = await _all(ctx, lambda books: books.trail.drop_events(now - EVENTS_FOR, BATCH))
    answers = await _all(ctx, lambda books: books.answers.drop(now - ANSWERS_FOR, BATCH))
    if events or answers:
        detail: dict[str, object] = {"events": events, "answers": answers}
        await ctx.database.write(lambda books: books.trail.audit("relay", "prune", "database", "", detail))
    return events + answers


async def _all(ctx: Context, drop: Callable[[Books], int]) -> int:
    gone = 0
    while done := await ctx.database.write(drop):
        gone += done
    return gone
