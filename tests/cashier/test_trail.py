"""Every write leaves an audit row in the same commit, and HMIS-made changes become events."""

from datetime import timedelta

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


async def test_what_the_hmis_changes_becomes_one_event(ctx, actor, grace, clock):
    watch = InvoiceWatch(ctx)
    await watch.poll()
    before = await ctx.database.read(lambda books: books.trail.last_event())
    assert await watch.poll() == 0
    assert await ctx.database.read(lambda books: books.trail.last_event()) == before
    clock.forward(seconds=5)
    await ctx.database.write(lambda books: books.invoices.add_paid(grace.id, grace.owed - grace.owed))
    changes = await ctx.database.read(lambda books: books.invoices.changes(clock.now() - timedelta(days=1), 500))
    assert changes
