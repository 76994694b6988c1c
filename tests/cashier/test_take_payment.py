import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, update

from hmis_pos.cashier import chase, settle, stop_waiting
from hmis_pos.cashier.confirm_by_hand import HandPayment, confirm
from hmis_pos.cashier.records import Advice, InvoiceFilter
from hmis_pos.cashier.take_payment import InitiateOrder, initiate
from hmis_pos.domain.errors import CashierMistake, Conflict, NotFound, OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method, PaymentState


def order(invoice, amount=4850, phone="0712 345 418", key="key-1", uid=None):
    return InitiateOrder(invoice_id=invoice.id, amount=Money.whole(amount), phone=phone, uid=uid, idempotency_key=key)


async def hear(ctx, uid, kind, source=Source.CALLBACK, **said):
    from hmis_pos.domain.evidence import Evidence  # noqa: PLC0415

    fact = Evidence(kind=kind, source=source, observed_at=ctx.clock.now(), **said)
    return await ctx.database.write(lambda books: settle.apply(books, ctx, uid, fact, actor="gateway:mpesa"))


async def owed(ctx, invoice):
    return (await ctx.database.read(lambda books: books.invoices.get(invoice.id))).owed


async def tasks(ctx, actor):
    found = await ctx.database.read(lambda books: books.trail.tasks(actor.facility_id, 50))
    return {task.kind.value for task in found}


async def test_the_phone_is_asked_once_with_what_was_written_first(ctx, actor, grace, gateway):
    summary = await initiate(ctx, actor, order(grace))

    (asked,) = gateway.orders
    assert summary.record.state is PaymentState.PENDING
    assert summary.record.provider_request == "ws_CO_1"
    assert (asked.amount, asked.phone) == (Money.whole(4850), "254712345418")
    assert asked.account_reference == "INV20931A"
    token = asked.callback_url.removeprefix("https://pos.example/cb/")
    assert len(token) == 64
    found = await ctx.database.read(lambda books: books.payments.by_token(token))
    assert found.uid == summary.record.uid


@pytest.mark.parametrize("column", ["invoice", "patient"])
async def test_the_phone_never_shows_an_account_that_is_somebody_elses(ctx, actor, grace, gateway, column):
    """Another patient's own number reads like our reference: what she pays must not become Grace's."""

    def renumber(books):
        hmis = books.schema.hmis
        table, number = (
            (hmis.invoice, hmis.invoice.c.number) if column == "invoice" else (hmis.patient, hmis.patient.c.patient_no)
        )
        other = grace.id if column == "invoice" else grace.patient_id
        chosen = select(table.c.id).where(table.c.id != other).limit(1).scalar_subquery()
        books.connection.execute(update(table).where(table.c.id == chosen).values({number: "INV-20931-A"}))

    await ctx.database.write(renumber)
    await initiate(ctx, actor, order(grace))
    (asked,) = gateway.orders
    assert asked.account_reference != "INV20931A"
    assert len(asked.account_reference) == 12


async def test_the_same_key_asks_nobody_again(ctx, actor, grace, gateway):
    first = await initiate(ctx, actor, order(grace))
    again = await initiate(ctx, actor, order(grace))
    assert again.record.uid == first.record.uid
    assert len(gateway.orders) == 1


async def test_fifty_identical_submits_push_once(ctx, actor, grace, gateway):
    answers = await asyncio.gather(*(initiate(ctx, actor, order(grace)) for _ in range(50)))
    assert len(gateway.orders) == 1
    assert len({a.record.uid for a in answers}) == 1


async def test_fifty_different_keys_push_once_as_well(ctx, actor, grace, gateway):
    results = await asyncio.gather(
        *(initiate(ctx, actor, order(grace, key=f"key-{n}")) for n in range(50)), return_exceptions=True
    )
    assert len(gateway.orders) == 1
    refused = [r for r in results if isinstance(r, Conflict)]
    assert len(refused) == 49
    assert {r.code for r in refused} <= {"attempt-open", "retry-later"}


async def test_success_settles_the_invoice(ctx, actor, grace):
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    record = await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(4850))
    assert record.state is PaymentState.COMPLETED
    assert record.receipts == ("TAB1CD2EFG",)
    assert not await owed(ctx, grace)
    assert await tasks(ctx, actor) == set()


@pytest.mark.parametrize("repeats", [1, 5])
async def test_a_repeated_callback_is_one_money(ctx, actor, grace, repeats):
    uid = (await initiate(ctx, actor, order(grace, amount=1000))).record.uid
    for _ in range(repeats + 1):
        await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(1000))
    assert await owed(ctx, grace) == Money.whole(3850)


async def test_less_than_asked_is_a_part_payment(ctx, actor, grace):
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(4000))
    assert await owed(ctx, grace) == Money.whole(850)
    assert await tasks(ctx, actor) == {"amount-differs"}


async def test_a_late_success_after_cash_becomes_a_deposit_with_a_task(ctx, actor, grace):
    """P2: no invoice is overpaid silently (peers: cashier cancels, takes cash, the phone pays after all)."""
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    await stop_waiting.stop(ctx, actor, uid, "phone off")
    cash = HandPayment(
        invoice_id=grace.id,
        amount=Money.whole(4850),
        method=Method.CASH,
        reference="",
        tendered=None,
        note="",
        idempotency_key="cash-1",
    )
    await confirm(ctx, actor, cash)
    record = await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(4850))
    assert record.state is PaymentState.COMPLETED
    posted = await ctx.database.read(lambda books: books.ledger.posted(uid))
    assert (posted.allocated, posted.deposited) == (Money(0), Money.whole(4850))
    assert "overpaid" in await tasks(ctx, actor)


async def test_two_receipts_for_one_prompt(ctx, actor, grace):
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(4850))
    await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB9ZZ9ZZZ", amount=Money.whole(4850))
    posted = await ctx.database.read(lambda books: books.ledger.posted(uid))
    assert posted.deposited == Money.whole(4850)
    assert {"paid-twice", "overpaid"} <= await tasks(ctx, actor)


async def test_one_receipt_never_settles_two_payments(ctx, actor, grace, clock):
    """Peers 3: in KenyaEMR one M-Pesa code can settle two different bills."""
    first = (await initiate(ctx, actor, order(grace, amount=1000))).record.uid
    await hear(ctx, first, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(1000))
    clock.forward(minutes=5)
    second = (await initiate(ctx, actor, order(grace, amount=2000, key="key-2"))).record.uid
    record = await hear(ctx, second, EvidenceKind.PAID, receipt_no=" tab1cd2efg", amount=Money.whole(2000))
    assert record.state is PaymentState.PENDING
    assert await owed(ctx, grace) == Money.whole(3850)
    assert "receipt-reused" in await tasks(ctx, actor)


async def test_a_timeout_is_unknown_and_never_asked_again(ctx, actor, grace, gateway):
    gateway.starts.append(OutcomeUnknown("read timeout"))
    summary = await initiate(ctx, actor, order(grace))
    assert summary.record.state is PaymentState.UNKNOWN
    assert summary.record.advice is Advice.NO
    with pytest.raises(Conflict) as caught:
        await initiate(ctx, actor, order(grace, key="key-2"))
    assert caught.value.code == "attempt-open"
    assert len(gateway.orders) == 1


async def test_no_connection_is_a_plain_no_and_may_be_tried_at_once(ctx, actor, grace, gateway):
    gateway.starts.append(Unavailable("no route"))
    summary = await initiate(ctx, actor, order(grace))
    assert summary.record.state is PaymentState.FAILED
    assert summary.record.failure_code == "gateway-unreachable"
    again = await initiate(ctx, actor, order(grace, key="key-2"))
    assert again.record.state is PaymentState.PENDING


@pytest.mark.parametrize(
    ("code", "wait", "refusal"),
    [
        ("1032", 121, None),
        ("1032", 30, "retry-later"),
        ("17", 119, "retry-later"),
        ("17", 260, None),
        ("2028", 300, "retry-useless"),
    ],
)
async def test_asking_again_only_when_it_is_safe(ctx, actor, grace, clock, code, wait, refusal):
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    clock.forward(seconds=10)
    await hear(ctx, uid, EvidenceKind.DECLINED, code=code)
    clock.forward(seconds=wait - 10)
    if refusal is None:
        assert (await initiate(ctx, actor, order(grace, key="key-2"))).record.state is PaymentState.PENDING
        return
    with pytest.raises(Conflict) as caught:
        await initiate(ctx, actor, order(grace, key="key-2"))
    assert caught.value.code == refusal
    assert bool(caught.value.retry_at) == (refusal == "retry-later")


async def test_a_repeated_no_does_not_restart_the_countdown(ctx, actor, grace, clock):
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    first = await hear(ctx, uid, EvidenceKind.DECLINED, code="17")
    clock.forward(seconds=90)
    again = await hear(ctx, uid, EvidenceKind.DECLINED, Source.QUERY, code="17")
    assert again.retry_not_before == first.retry_not_before


async def test_stop_is_local_and_still_looked_for(ctx, actor, grace, clock, gateway):
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    stopped = await stop_waiting.stop(ctx, actor, uid, "")
    assert stopped.record.state is PaymentState.CANCELLED
    assert (await stop_waiting.stop(ctx, actor, uid, "")).record.state is PaymentState.CANCELLED
    with pytest.raises(Conflict) as caught:
        await initiate(ctx, actor, order(grace, key="key-2"))
    assert caught.value.code == "attempt-cancelled"
    clock.forward(seconds=80)
    gateway.answers.append(gateway.say(EvidenceKind.DECLINED, Source.QUERY, code="1032"))
    assert await chase.run_due(ctx) == 1
    record = await ctx.database.read(lambda books: books.payments.get(uid))
    assert record.state is PaymentState.FAILED
    assert record.agreed


async def test_a_decided_payment_cannot_be_stopped(ctx, actor, grace):
    uid = (await initiate(ctx, actor, order(grace))).record.uid
    await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(4850))
    with pytest.raises(Conflict) as caught:
        await stop_waiting.stop(ctx, actor, uid, "")
    assert caught.value.code == "payment-decided"


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"amount": 4851}, Conflict, "amount"),
        ({"amount": 0}, CashierMistake, "amount"),
        ({"phone": "0812345678"}, CashierMistake, "phone_number"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_stored(ctx, actor, grace, gateway, change, error, field):
    with pytest.raises(error) as caught:
        await initiate(ctx, actor, order(grace, **change))
    assert caught.value.field == field
    assert caught.value.cure
    assert not gateway.orders
    assert not await ctx.database.read(lambda books: books.payments.of_invoice(grace.id))


async def test_an_unknown_invoice(ctx, actor, gateway):
    with pytest.raises(NotFound):
        await initiate(
            ctx,
            actor,
            InitiateOrder(invoice_id=999999, amount=Money.whole(1), phone="0712345418", uid=None, idempotency_key="k"),
        )
    assert not gateway.orders


async def test_the_terminals_uid_is_kept(ctx, actor, grace):
    uid = UUID("01935d2e-7a01-7000-8000-000000000001")
    assert (await initiate(ctx, actor, order(grace, uid=uid))).record.uid == uid


async def test_the_next_whole_shilling_may_be_asked_and_its_cents_become_a_deposit(ctx, actor):
    """M-Pesa moves whole shillings: INV-20943 owes 2,075.50."""
    page = await ctx.database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=1, text="INV-20943"), ctx.clock.now())
    )
    (invoice,) = page.invoices
    assert invoice.owed == Money(207550)
    with pytest.raises(Conflict) as caught:
        await initiate(ctx, actor, order(invoice, amount=2077))
    assert caught.value.code == "above-payable"
    uid = (await initiate(ctx, actor, order(invoice, amount=2076))).record.uid
    await hear(ctx, uid, EvidenceKind.PAID, receipt_no="TAB1CD2EFG", amount=Money.whole(2076))
    posted = await ctx.database.read(lambda books: books.ledger.posted(uid))
    assert (posted.allocated, posted.deposited) == (Money(207550), Money(50))
    assert "overpaid" in await tasks(ctx, actor)
