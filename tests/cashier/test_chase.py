from dataclasses import replace
from itertools import pairwise

import pytest

from hmis_pos.cashier import chase, settle
from hmis_pos.cashier.records import InvoiceFilter
from hmis_pos.cashier.take_payment import InitiateOrder, initiate
from hmis_pos.domain.errors import Unavailable
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import PaymentState


@pytest.fixture
async def uid(ctx, actor, grace):
    wanted = InitiateOrder(
        invoice_id=grace.id, amount=Money.whole(4850), phone="0712345418", uid=None, idempotency_key="key-1"
    )
    return (await initiate(ctx, actor, wanted)).record.uid


async def state(ctx, uid):
    return (await ctx.database.read(lambda books: books.payments.get(uid))).state


async def test_the_plan_is_sparse_and_ends(ctx, uid, clock, gateway):
    """R5: 20, 45, 75 s, then 3, 10, 30 min, then hourly; nothing after 48 h."""
    start, looked_after = clock.now(), []
    while await state(ctx, uid) is not PaymentState.EXPIRED:
        due = (await ctx.database.read(lambda books: books.payments.get(uid))).next_check_at
        clock.at = due
        assert await chase.run_due(ctx) == 1
        looked_after.append(int((clock.now() - start).total_seconds()))
    assert looked_after[:6] == [20, 45, 75, 180, 600, 1800]
    assert {b - a for a, b in pairwise(looked_after[5:])} == {3600}
    assert looked_after[-1] >= 48 * 3600
    clock.forward(days=3)
    assert await chase.run_due(ctx) == 0


async def test_silence_is_unknown_never_failed(ctx, uid, clock, gateway):
    clock.forward(seconds=74)
    await chase.run_due(ctx)
    assert await state(ctx, uid) is PaymentState.PENDING
    clock.forward(seconds=1)
    await chase.run_due(ctx)
    assert await state(ctx, uid) is PaymentState.UNKNOWN


async def test_a_query_that_says_paid_completes_without_a_receipt_number(ctx, uid, clock, gateway, grace):
    clock.forward(seconds=20)
    gateway.answers.append(gateway.say(EvidenceKind.ASSURED, Source.QUERY))
    await chase.run_due(ctx)
    record = await ctx.database.read(lambda books: books.payments.get(uid))
    assert record.state is PaymentState.COMPLETED
    assert record.receipts == ()
    assert not (await ctx.database.read(lambda books: books.invoices.get(grace.id))).owed


async def test_no_usable_answer_is_asked_again_soon_and_does_not_count(ctx, uid, clock, gateway):
    clock.forward(seconds=20)
    gateway.answers.append(Unavailable("429"))
    await chase.run_due(ctx)
    record = await ctx.database.read(lambda books: books.payments.get(uid))
    assert record.checks_done == 0
    assert record.next_check_at == clock.now() + chase.SOON


class Dying:
    """A relay that is killed while it asks."""

    provider = "mpesa"

    def check(self, _amount, _phone):
        """Nothing to refuse."""

    async def start(self, _order):
        raise KeyboardInterrupt


async def test_a_crash_before_the_gateway_answered_ends_in_unknown(ctx, actor, grace, clock, gateway):
    """Kill between intent and answer: the row says created, and nobody is asked again."""
    wanted = InitiateOrder(
        invoice_id=grace.id, amount=Money.whole(4850), phone="0712345418", uid=None, idempotency_key="key-1"
    )
    with pytest.raises(KeyboardInterrupt):
        await initiate(replace(ctx, gateways={"mpesa": Dying()}), actor, wanted)
    (record,) = await ctx.database.read(lambda books: books.payments.of_invoice(grace.id))
    assert record.state is PaymentState.CREATED
    clock.forward(seconds=80)
    await chase.run_due(ctx)
    assert await state(ctx, record.uid) is PaymentState.UNKNOWN
    assert not gateway.orders
    assert not gateway.asked


async def test_a_payment_that_nobody_foresaw_does_not_keep_the_others_from_being_looked_for(
    ctx, uid, actor, clock, gateway
):
    page = await ctx.database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=actor.facility_id, text="INV-20934"), clock.now())
    )
    other = InitiateOrder(
        invoice_id=page.invoices[0].id, amount=Money.whole(100), phone="0722000111", uid=None, idempotency_key="key-2"
    )
    second = (await initiate(ctx, actor, other)).record.uid
    clock.forward(seconds=20)
    gateway.answers.extend([RuntimeError("nobody foresaw this"), gateway.say(EvidenceKind.ASSURED, Source.QUERY)])
    assert await chase.run_due(ctx) == 2
    assert [await state(ctx, one) for one in (uid, second)] == [PaymentState.PENDING, PaymentState.COMPLETED]
    clock.forward(seconds=1)
    assert await chase.run_due(ctx) == 0  # nor is it asked about again and again
    clock.forward(hours=1)
    assert await chase.run_due(ctx) == 1


async def test_a_claim_that_comes_while_the_gateway_is_asked_is_proven_by_its_answer(ctx, uid, clock, gateway):
    """The callback of a large payment is read while the query runs: the query's yes proves its receipt."""
    clock.forward(seconds=20)
    real = gateway.ask

    async def ask(reference):
        claim = gateway.say(
            EvidenceKind.CLAIMED,
            Source.CALLBACK,
            receipt_no="SLI7XK2QPT",
            amount=Money.whole(4850),
            code=chase.OVER_LIMIT,
        )
        await ctx.database.write(lambda books: settle.apply(books, ctx, uid, claim, actor="gateway:mpesa"))
        return await real(reference)

    gateway.ask = ask
    gateway.answers.append(gateway.say(EvidenceKind.ASSURED, Source.QUERY))
    await chase.run_due(ctx)
    record = await ctx.database.read(lambda books: books.payments.get(uid))
    assert (record.state, record.receipts) == (PaymentState.COMPLETED, ("SLI7XK2QPT",))
