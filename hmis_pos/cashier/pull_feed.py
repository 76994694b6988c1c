"""Read the provider's own list of payments again and again, so that a lost confirmation is found by itself.

Windows overlap, and a few times a day all of the list is read again for rows that appear late. Every row goes through
``receive_money``: a receipt that is known changes nothing. The list reaches back 48 hours only (Daraja section 9), so an alarm
rises when it was not read whole for a day, while there is time to mend it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from hmis_pos import logs
from hmis_pos.cashier import look_again, receive_money
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.ports_mobile_money import Feature
from hmis_pos.cashier.records import Task, TaskKind
from hmis_pos.cashier.records_back_office import FeedState, ProviderMoney
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable

PULL = "pull"
#: The last time all that the list reaches back to was read, and not only what is new.
SWEEP = "pull-sweep"
#: Who asks again so soon gets what was read.
A_MOMENT = timedelta(seconds=20)
#: A list that does not end by then is broken; 48 hours of the largest hospital have fewer pages.
MOST_PAGES = 2000

_log = logs.logger("cashier.pull")


async def run_due(ctx: Context) -> int:
    """Read the lists whose time has come; returns how many rows they held."""
    rows = 0
    for provider in _providers(ctx):
        state = await ctx.database.read(partial(_state, provider=provider))
        if state is None or state.tried_at is None or ctx.clock.now() - state.tried_at >= ctx.policy.pull_every:
            rows += await _read_list(ctx, provider)
    return rows


async def run_now(ctx: Context) -> int:
    """Read all lists now, whenever they were last read."""
    return sum([await _read_list(ctx, provider) for provider in _providers(ctx)])


async def run_for(ctx: Context, provider: str) -> None:
    """Somebody waits for a payment of this provider: read its list, unless it was read a moment ago or is not set up."""
    if provider not in _providers(ctx):
        return
    state = await ctx.database.read(partial(_state, provider=provider))
    if state is None or state.tried_at is None or ctx.clock.now() - state.tried_at >= A_MOMENT:
        await _read_list(ctx, provider)


def _providers(ctx: Context) -> list[str]:
    return [name for name in ctx.gateways if Feature.PULL in ctx.mobile(name).features]


def _state(books: Books, *, provider: str) -> FeedState | None:
    return books.feeds.state(provider, PULL)


async def _read_list(ctx: Context, provider: str) -> int:
    now = ctx.clock.now()
    state = await ctx.database.read(partial(_state, provider=provider)) or FeedState(provider=provider, feed=PULL)
    swept = await ctx.database.read(lambda books: books.feeds.state(provider, SWEEP))
    sweeps = swept is None or swept.good_at is None or now - swept.good_at >= ctx.policy.pull_sweep
    since = now - ctx.policy.pull_reach if sweeps else _since(ctx, state, now)
    rows, trouble, unreadable = 0, "", 0
    try:
        for _ in range(MOST_PAGES):
            page = await ctx.mobile(provider).pull(since, now, rows)
            if not page.rows:
                break
            rows += page.rows
            unreadable += len(page.unreadable)
            for money in page.payments:
                await _take(ctx, money)
        else:
            trouble = f"the list did not end after {rows} rows"
    except Unavailable as e:
        trouble = e.message
    if not trouble and unreadable:
        trouble = f"{unreadable} of {rows} rows could not be read"
    await ctx.database.write(lambda books: _note(books, ctx, state, now, trouble, sweeps=sweeps))
    return rows


def _since(ctx: Context, state: FeedState, now: datetime) -> datetime:
    oldest = now - ctx.policy.pull_reach
    if state.covered_until is None:
        return oldest
    return max(oldest, state.covered_until - ctx.policy.pull_overlap)


async def _take(ctx: Context, money: ProviderMoney) -> None:
    """One row, in a transaction of its own: what the books refuse, or nobody foresaw, does not stop the rest."""
    if ctx.policy.shortcodes and money.shortcode and money.shortcode not in ctx.policy.shortcodes:
        return
    try:
        await look_again.write(
            ctx, lambda books: receive_money.take_in(books, ctx, money, actor=f"pull:{money.provider}")
        )
    except (Unavailable, OutcomeUnknown):
        raise
    except (PosError, ValueError) as e:
        await ctx.database.write(partial(_tell_refused, ctx=ctx, money=money, why=str(e)))
    except Exception as e:  # noqa: BLE001 - one row that nobody foresaw must not keep all others from being read
        _log.exception("row of the list not taken", receipt=money.receipt_no)
        await ctx.database.write(partial(_tell_refused, ctx=ctx, money=money, why=type(e).__name__))


def _tell_refused(books: Books, *, ctx: Context, money: ProviderMoney, why: str) -> None:
    books.trail.open_task(
        Task(
            kind=TaskKind.BAD_CALLBACK,
            subject=f"pull:{money.provider}:{money.receipt_no}",
            text=f"Receipt {money.receipt_no} of Safaricom's list was refused by the books: {why}",
            amount=money.amount,
        ),
        ctx.policy.home_facility,
    )


def _note(books: Books, ctx: Context, before: FeedState, now: datetime, trouble: str, *, sweeps: bool) -> None:
    """How far we are; and the alarm, raised once and closed by the next good read."""
    subject = f"feed:{before.provider}:{PULL}"
    if not trouble:
        _tell_hole(books, ctx, before, now)
        books.feeds.save(replace(before, covered_until=now, good_at=now, tried_at=now, trouble=""))
        if sweeps:
            books.feeds.save(
                FeedState(provider=before.provider, feed=SWEEP, covered_until=now, good_at=now, tried_at=now)
            )
        books.trail.close_task(TaskKind.FEED_SILENT, subject)
        return
    books.feeds.save(replace(before, tried_at=now, trouble=trouble))
    if before.good_at is None or now - before.good_at >= ctx.policy.feed_late:
        last = "never" if before.good_at is None else f"{int((now - before.good_at).total_seconds() // 3600)} hours ago"
        books.trail.open_task(
            Task(
                kind=TaskKind.FEED_SILENT,
                subject=subject,
                text=f"Safaricom's list of payments was last read whole {last} ({trouble}). It reaches back 48 hours: after"
                " that lost confirmations are found only by importing a statement.",
            ),
            ctx.policy.home_facility,
        )


def _tell_hole(books: Books, ctx: Context, before: FeedState, now: datetime) -> None:
    """The list was silent for longer than it reaches back: what lies between only a statement can show."""
    if before.covered_until is None or now - before.covered_until <= ctx.policy.pull_reach:
        return
    until = now - ctx.policy.pull_reach
    books.trail.open_task(
        Task(
            kind=TaskKind.FEED_SILENT,
            subject=f"feed:{before.provider}:{PULL}:hole:{before.covered_until.isoformat(timespec='seconds')}",
            text=f"No list covers {before.covered_until:%d %b %Y %H:%M} to {until:%d %b %Y %H:%M} (UTC): import the M-Pesa"
            " statement of these days.",
        ),
        ctx.policy.home_facility,
    )


def is_late(ctx: Context, state: FeedState | None, now: datetime) -> bool:
    """Whether the alarm's time has come."""
    return state is not None and (state.good_at is None or now - state.good_at >= ctx.policy.feed_late)
