"""Old events and answers go, a batch at a time; what the feed and the audit trail need stays."""

from datetime import timedelta

from hmis_pos.cashier import prune
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import StoredAnswer
from hmis_pos.db.central.guards import EVENTS_KEPT
from hmis_pos.db.central.invariants import find_breaches
from hmis_pos.relay import feed
from tests.cashier.conftest import HandClock


async def test_what_is_old_goes_once_and_is_told_in_the_audit_trail(ctx: Context, clock: HandClock) -> None:
    many = prune.BATCH + 1

    def live(books: Books, events: int) -> None:
        for n in range(many):
            key = f"{clock.now()}-{n}"
            books.answers.begin(StoredAnswer(key=key, request_hash="h"), "/api/x", 1, clock.now())
            books.answers.finish(key, 201, b"{}")
        for _ in range(events):
            books.trail.emit("queue.changed", 1, {})

    start = await ctx.database.read(lambda books: books.trail.last_event())
    await ctx.database.write(lambda books: live(books, many))
    clock.forward(days=8)
    await ctx.database.write(lambda books: live(books, EVENTS_KEPT))

    assert await prune.run(ctx) == start + many  # events alone
    assert await prune.run(ctx) == 0
    clock.at += prune.ANSWERS_FOR - timedelta(days=1)
    assert await prune.run(ctx) == many  # the older answers; the newest events stay however old

    told = [
        entry
        for entry in await ctx.database.read(lambda books: books.trail.entries(0, 99_999))
        if entry.action == "prune"
    ]
    details = [f'{{"answers":0,"events":{start + many}}}', f'{{"answers":{many},"events":0}}']
    assert [entry.detail for entry in told] == details
    assert await ctx.database.read(find_breaches) == []
    assert len(await ctx.database.read(lambda books: books.trail.events(0, 99_999))) == EVENTS_KEPT


def test_a_follower_is_told_all_that_it_may_be_behind() -> None:
    assert feed.MOST_BEHIND < EVENTS_KEPT
