from dataclasses import replace

import pytest

from hmis_pos.cashier.serve_invoice import release, serve
from hmis_pos.domain.errors import CashierMistake, Conflict, NotFound


@pytest.fixture
def other(actor):
    return replace(actor, terminal="T02A", display_name="Otieno B.")


async def serving(ctx, invoice):
    return await ctx.database.read(lambda books: books.invoices.serving(invoice.id, ctx.clock.now()))


async def test_the_second_counter_is_told_who_has_it(ctx, actor, other, grace):
    await serve(ctx, actor, grace.id, "Counter 1")
    with pytest.raises(Conflict) as caught:
        await serve(ctx, other, grace.id, "Counter 2")
    assert caught.value.code == "served-elsewhere"
    assert "Counter 1" in caught.value.message
    assert (await serving(ctx, grace)).terminal == "T01A"


async def test_taking_over_knowingly(ctx, actor, other, grace):
    await serve(ctx, actor, grace.id, "Counter 1")
    claim = await serve(ctx, other, grace.id, "Counter 2", take_over=True)
    assert claim.cashier == "Otieno B."
    with pytest.raises(Conflict):
        await serve(ctx, actor, grace.id, "Counter 1")


async def test_a_renewal_is_no_news(ctx, actor, grace, clock):
    await serve(ctx, actor, grace.id, "Counter 1")
    events = await ctx.database.read(lambda books: books.trail.last_event())
    clock.forward(seconds=60)
    await serve(ctx, actor, grace.id, "Counter 1")
    assert await ctx.database.read(lambda books: books.trail.last_event()) == events
    clock.forward(seconds=60)
    assert await serving(ctx, grace) is not None


async def test_a_dead_terminal_holds_nothing_for_ever(ctx, actor, other, grace, clock):
    await serve(ctx, actor, grace.id, "Counter 1")
    clock.forward(seconds=91)
    assert (await serve(ctx, other, grace.id, "Counter 2")).terminal == "T02A"


async def test_release(ctx, actor, other, grace):
    await serve(ctx, actor, grace.id, "Counter 1")
    await release(ctx, other, grace.id)
    assert await serving(ctx, grace) is not None
    await release(ctx, actor, grace.id)
    assert await serving(ctx, grace) is None


async def test_only_terminals_serve_and_only_what_exists(ctx, actor, grace):
    with pytest.raises(CashierMistake):
        await serve(ctx, replace(actor, terminal=""), grace.id, "Web")
    with pytest.raises(NotFound):
        await serve(ctx, actor, 999999, "Counter 1")
