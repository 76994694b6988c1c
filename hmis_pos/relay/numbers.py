"""What the books say in numbers, for ``/metrics``. Sums are floats here and nowhere else: nobody pays by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hmis_pos.cashier.check_code import MPESA
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.pull_feed import PULL
from hmis_pos.domain.payment import PaymentState
from hmis_pos.domain.refund import RefundState

#: Checks counted at most; more would not be told apart on a screen.
_MOST_CHECKS = 10_000
#: Every waiting check has a time at which it is looked at again, and never so late.
_EVER = timedelta(days=366)


async def read(ctx: Context) -> Mapping[str, float]:
    """The numbers of this moment, by the names that ``metrics`` knows.

    Raises:
        Unavailable: the database is away.
    """
    return await ctx.database.read(lambda books: _read(books, ctx))


def _read(books: Books, ctx: Context) -> dict[str, float]:
    now = ctx.clock.now()
    count, amount, oldest = books.unmatched.totals(ctx.policy.home_facility)
    found: dict[str, float] = {
        "inbox_depth": books.inbox.depth(),
        "unknown_payments": books.payments.count(PaymentState.UNKNOWN),
        "unmatched_open": count,
        "unmatched_shillings": amount.minor / 100,
        "unmatched_oldest_seconds": _age(oldest, now) if oldest is not None else 0,
        "unknown_refunds": books.refunds.count(RefundState.UNKNOWN),
        "checks_waiting": len(books.checks.due(now + _EVER, _MOST_CHECKS)),
        "payouts_halted": 1 if books.feeds.halted(MPESA) else 0,
    }
    feed = books.feeds.state(MPESA, PULL)
    if feed is not None and feed.good_at is not None:
        found["feed_lag_seconds"] = _age(feed.good_at, now)
    return found


def _age(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds()
