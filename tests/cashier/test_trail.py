"""Every write leaves an audit row in the same commit, and HMIS-made changes become events."""

from hmis_pos.cashier.enrol_terminal import enrol
from hmis_pos.cashier.serve_invoice import serve
from hmis_pos.cashier.sign_in import login
from hmis_pos.cashier.verify_books import verify
from hmis_pos.cashier.watch_invoices import InvoiceWatch


async def actions(ctx):
    entries = await ctx.database.read(lambda books: books.trail.entries(0, 1000))
    return [(e.actor, e.action, e.subject) for e in entries]


async def test_each_write_says_who_did_what_to_what(ctx, actor, grace):
    terminal = await enrol(ctx, actor, ctx.ids.uuid(), "Counter 1")
    await serve(ctx, actor, grace.id, "Counter 1")
    await login(ctx, "cashier", "demo-only", "127.0.0.1")
    told = await actions(ctx)
    assert ("cashier", "terminal.enrol", f"terminal:{terminal.series}") in told
    assert ("cashier", "invoice.serve", f"invoice:{grace.id}") in told
    assert ("cashier", "sign-in", f"user:{actor.user_id}") in told
    walked: list[int] = []
    assert await verify(ctx, walked.append) is None
    assert walked[-1] == len(told)


async def test_what_the_hmis_changes_becomes_one_event_however_much_it_is(ctx, actor, grace, clock):
    watch = InvoiceWatch(ctx)
    while await watch.poll():
        """What the seed wrote."""
    before = await ctx.database.read(lambda books: books.trail.last_event())
    clock.forward(seconds=5)
    nothing = grace.owed - grace.owed
    for _ in range(3):
        await ctx.database.write(lambda books: books.invoices.add_paid(grace.id, nothing))
    assert await watch.poll() == 1
    assert await watch.poll() == 0
    (event,) = await ctx.database.read(lambda books: books.trail.events(before, 10))
    assert (event.kind, event.data) == ("invoice.changed", f'{{"invoice_id":{grace.id}}}')


async def test_a_watch_catches_up_with_more_than_one_batch(ctx, monkeypatch):
    monkeypatch.setattr("hmis_pos.cashier.watch_invoices.BATCH", 7)
    watch = InvoiceWatch(ctx)
    told = []
    while count := await watch.poll():
        told.append(count)
    assert len(told) > 1
    assert sum(told) >= 30


async def test_a_new_watch_goes_on_where_the_feed_ended(ctx, grace, clock):
    first = InvoiceWatch(ctx)
    while await first.poll():
        """What the seed wrote."""
    clock.forward(seconds=30)
    await ctx.database.write(lambda books: books.invoices.add_paid(grace.id, grace.owed - grace.owed))
    assert await InvoiceWatch(ctx).poll() >= 1
