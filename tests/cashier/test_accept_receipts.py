from dataclasses import replace

import pytest

from hmis_pos.cashier.accept_receipts import SentReceipt, accept
from hmis_pos.cashier.enrol_terminal import enrol
from hmis_pos.contract import mapping
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.domain.receipt import Receipt, Tender


@pytest.fixture
async def series(ctx, actor):
    return (await enrol(ctx, actor, ctx.ids.uuid(), "Counter 1")).series


@pytest.fixture
def cash(ctx, grace, series):
    def make(number, applied=1000, tendered=None, invoice=grace, **change):
        receipt = Receipt(
            uid=ctx.ids.uuid(),
            series=series,
            number=number,
            payment_uid=ctx.ids.uuid(),
            method=Method.CASH,
            tender=Tender(tendered=Money.whole(tendered or applied), applied=Money.whole(applied)),
            issued_at=ctx.clock.now(),
            cashier="cashier",
            counter="Counter 1",
            invoice=invoice,
        )
        return sent(replace(receipt, **change))

    return make


def sent(receipt):
    return SentReceipt(receipt=receipt, content_hash=mapping.content_hash(mapping.receipt_message(receipt)))


async def owed(ctx, invoice):
    return (await ctx.database.read(lambda books: books.invoices.get(invoice.id))).owed


async def tasks(ctx, actor):
    return {t.kind.value for t in await ctx.database.read(lambda books: books.trail.tasks(actor.facility_id, 50))}


async def test_cash_settles_the_invoice_with_its_three_numbers(ctx, actor, grace, cash):
    one = cash(1, applied=4850, tendered=5000)
    (answer,) = await accept(ctx, actor, [one])
    assert (answer.result, answer.outcome) == ("accepted", "settled")
    assert not await owed(ctx, grace)
    record = await ctx.database.read(lambda books: books.payments.get(one.receipt.payment_uid))
    assert (record.tendered, record.received, record.change) == (Money.whole(5000), Money.whole(4850), Money.whole(150))


@pytest.mark.parametrize("times", [2, 5])
async def test_a_repeated_batch_is_recorded_once(ctx, actor, grace, cash, times):
    batch = [cash(1), cash(2)]
    for turn in range(times):
        answers = await accept(ctx, actor, batch)
        assert {a.result for a in answers} == {"repeated" if turn else "accepted"}
    assert await owed(ctx, grace) == Money.whole(2850)


async def test_a_cut_batch_goes_on_where_it_stopped(ctx, actor, grace, cash):
    batch = [cash(n, applied=100) for n in range(1, 11)]
    await accept(ctx, actor, batch[:4])
    answers = await accept(ctx, actor, batch)
    assert [a.result for a in answers] == ["repeated"] * 4 + ["accepted"] * 6
    assert await owed(ctx, grace) == Money.whole(3850)
    assert await tasks(ctx, actor) == set()


async def test_an_invoice_paid_elsewhere_meanwhile_makes_a_deposit_and_a_task(ctx, actor, grace, cash):
    """hmislk/hmis 5506: the same bill payable from two screens."""
    await accept(ctx, actor, [cash(1, applied=4850)])
    (answer,) = await accept(ctx, actor, [cash(2, applied=4850)])
    assert (answer.result, answer.outcome, answer.deposited) == ("accepted", "deposit", Money.whole(4850))
    assert "overpaid" in await tasks(ctx, actor)


async def test_partly_owed_is_partly_settled(ctx, actor, grace, cash):
    await accept(ctx, actor, [cash(1, applied=4000)])
    (answer,) = await accept(ctx, actor, [cash(2, applied=4850)])
    assert (answer.outcome, answer.deposited) == ("partly", Money.whole(4000))
    assert not await owed(ctx, grace)


async def test_a_gap_is_an_alarm_and_loses_nothing(ctx, actor, cash):
    (answer,) = await accept(ctx, actor, [cash(3)])
    assert answer.result == "accepted"
    assert await tasks(ctx, actor) == {"receipt-gap"}


async def test_one_number_with_two_contents_is_refused_with_a_task(ctx, actor, grace, cash):
    one = cash(1, applied=1000)
    await accept(ctx, actor, [one])
    changed = replace(one.receipt, tender=Tender(tendered=Money.whole(900), applied=Money.whole(900)))
    for other in (sent(changed), cash(1, applied=500)):
        (answer,) = await accept(ctx, actor, [other])
        assert (answer.result, answer.code) == ("refused", "receipt-conflict")
    assert await owed(ctx, grace) == Money.whole(3850)
    assert "receipt-conflict" in await tasks(ctx, actor)


async def test_an_unknown_series_or_invoice_is_refused_and_the_rest_goes_on(ctx, actor, grace, cash):
    gone = replace(grace, id=999999)
    answers = await accept(ctx, actor, [cash(1, series="T99Z"), cash(1, invoice=gone), cash(1)])
    assert [a.code for a in answers] == ["series-unknown", "invoice-unknown", ""]
    assert answers[2].result == "accepted"


async def test_paper_for_electronic_money_moves_no_money(ctx, actor, grace, cash, gateway):
    from hmis_pos.cashier import settle  # noqa: PLC0415
    from hmis_pos.cashier.take_payment import InitiateOrder, initiate  # noqa: PLC0415
    from hmis_pos.domain.evidence import EvidenceKind, Source  # noqa: PLC0415

    paper = cash(1, applied=4850, method=Method.MPESA)
    (early,) = await accept(ctx, actor, [paper])
    assert (early.result, early.code) == ("refused", "payment-not-completed")
    wanted = InitiateOrder(
        invoice_id=grace.id,
        amount=Money.whole(4850),
        phone="0712345418",
        uid=paper.receipt.payment_uid,
        idempotency_key="k",
    )
    uid = (await initiate(ctx, actor, wanted)).record.uid
    fact = gateway.say(EvidenceKind.PAID, Source.CALLBACK, receipt_no="TAB1CD2EFG", amount=Money.whole(4850))
    await ctx.database.write(lambda books: settle.apply(books, ctx, uid, fact, actor="gateway:mpesa"))
    (answer,) = await accept(ctx, actor, [paper])
    assert (answer.result, answer.outcome) == ("accepted", "issued")
    posted = await ctx.database.read(lambda books: books.ledger.posted(uid))
    assert posted.allocated == Money.whole(4850)
    summary = await ctx.database.read(lambda books: books.payments.summary(uid))
    assert summary.receipt_no == paper.receipt.no
