"""Unmatched money and the people who find its patient: look, take it on, assign, split, move back. Every step on the trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from hmis_pos.cashier import send_refunds, settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.give_refund import MAY_DECIDE, tell
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.receive_money import payment_for, proof_of
from hmis_pos.cashier.records import Actor, Channel, PaymentRecord, Task, TaskKind
from hmis_pos.cashier.records_back_office import (
    ProviderMoney,
    RefundRecord,
    UnmatchedFilter,
    UnmatchedMoney,
    UnmatchedPart,
)
from hmis_pos.domain.errors import CashierMistake, Conflict, NotAllowed, NotFound
from hmis_pos.domain.evidence import SUCCESS_KINDS
from hmis_pos.domain.invoice import Invoice, InvoiceStatus
from hmis_pos.domain.matching import Arrived, Suggestion, rank
from hmis_pos.domain.money import Money, total
from hmis_pos.domain.payment import MONEY_STATES, Method
from hmis_pos.domain.refund import RESERVING, RefundState, Route


@dataclass(frozen=True, slots=True)
class Share:
    """A part for one invoice; more than it owes becomes that patient's deposit."""

    invoice_id: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What is placed in one go: one share assigns it, several split it."""

    shares: Sequence[Share]
    note: str = ""
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part with the names a list shows."""

    part: UnmatchedPart
    invoice_id: int | None = None
    invoice_number: str = ""
    patient_name: str = ""
    refund_state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedView:
    """One piece of money, where its parts went, and whose the rest may be."""

    money: UnmatchedMoney
    parts: Sequence[PartView] = ()
    suggestions: Sequence[Suggestion] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedPage:
    """A page of the list, with what waits in all."""

    rows: Sequence[UnmatchedMoney]
    open_count: int
    open_total: Money
    oldest_since: datetime | None


async def page(ctx: Context, wanted: UnmatchedFilter) -> UnmatchedPage:
    """What waits, oldest first."""

    def phase(books: Books) -> UnmatchedPage:
        count, amount, since = books.unmatched.totals(wanted.facility_id)
        rows = books.unmatched.page(wanted)
        return UnmatchedPage(rows=rows, open_count=count, open_total=amount, oldest_since=since)

    return await ctx.database.read(phase)


async def detail(ctx: Context, actor: Actor, unmatched_id: int) -> UnmatchedView:
    """One piece, with suggestions while any of it waits.

    Raises:
        NotFound: there is none in the actor's facility.
    """
    return await ctx.database.read(lambda books: _view(books, ctx, _found(books, actor, unmatched_id)))


async def take_on(ctx: Context, actor: Actor, unmatched_id: int) -> UnmatchedView:
    """The actor looks after it from now on. Raises as ``detail``."""

    def phase(books: Books) -> UnmatchedView:
        money = _found(books, actor, unmatched_id, lock=True)
        if money.owner != actor.username:
            books.unmatched.take_on(money.id, actor.username)
            books.trail.audit(
                actor.username, "unmatched.take-on", f"unmatched:{money.id}", actor.origin, {"was": money.owner}
            )
            books.trail.emit("unmatched.changed", money.facility_id, {"unmatched_id": money.id})
        return _view(books, ctx, _found(books, actor, unmatched_id))

    return await ctx.database.write(phase)


async def assign(ctx: Context, actor: Actor, unmatched_id: int, wish: Placing) -> UnmatchedView:
    """Place it, or parts of it, in the payments of invoices. All shares or none; the same idempotency key places once.

    Raises:
        NotFound, Conflict, CashierMistake: naming the field and the cure; nothing is changed.
    """

    def phase(books: Books) -> UnmatchedView:
        money = _found(books, actor, unmatched_id, lock=True)
        if wish.shares and books.payments.by_idempotency_key(_key_of(wish, wish.shares[0])) is not None:
            return _view(books, ctx, money)
        _check_shares(money, wish.shares)
        invoices = [_invoice(books, actor, share.invoice_id) for share in wish.shares]
        for share, invoice in zip(wish.shares, invoices, strict=True):
            _place(books, ctx, actor, _found(books, actor, unmatched_id, lock=True), share, invoice, wish)
        books.trail.audit(
            actor.username,
            "unmatched.assign",
            f"unmatched:{money.id}",
            actor.origin,
            {"shares": {str(share.invoice_id): share.amount.text for share in wish.shares}, "note": wish.note},
        )
        return _view(books, ctx, _found(books, actor, unmatched_id))

    return await ctx.database.write(phase)


def _key_of(wish: Placing, share: Share) -> str:
    """The idempotency key of one share's payment."""
    return f"{wish.idempotency_key}:{share.invoice_id}"


def _place(
    books: Books, ctx: Context, actor: Actor, money: UnmatchedMoney, share: Share, invoice: Invoice, wish: Placing
) -> None:
    part = replace(money.money, amount=share.amount)
    record = replace(
        payment_for(books, ctx, part, invoice, channel=Channel.UNMATCHED),
        cashier=actor.username,
        processed_by=actor.user_id,
        terminal=actor.terminal,
        idempotency_key=_key_of(wish, share),
        note=wish.note,
    )
    settle.open_paid(
        books,
        ctx,
        record,
        proof_of(part),
        actor=actor.username,
        origin=actor.origin,
        out_of=money,
        note=wish.note,
    )


def _check_shares(money: UnmatchedMoney, shares: Sequence[Share]) -> None:
    if not shares:
        raise CashierMistake("no share is given", field="shares", cure="Choose an invoice.")
    if len({share.invoice_id for share in shares}) < len(shares):
        raise CashierMistake("an invoice is named twice", field="shares", cure="Give each invoice one share.")
    if any(share.amount.minor <= 0 for share in shares):
        raise CashierMistake("a share is zero", field="shares", code="amount-zero", cure="Give each share an amount.")
    wanted = total(share.amount for share in shares)
    if wanted > money.remaining:
        raise Conflict(
            f"{wanted.grouped} is more than the {money.remaining.grouped} that waits",
            code="above-remaining",
            field="shares",
            cure="Somebody may have placed a part meanwhile; look at it again.",
        )


def _invoice(books: Books, actor: Actor, invoice_id: int) -> Invoice:
    invoice = books.invoices.get(invoice_id)
    if invoice is None or invoice.facility_id != actor.facility_id:
        raise NotFound(f"there is no invoice {invoice_id}", field="invoice_id", cure="Search for it again.")
    if invoice.status is InvoiceStatus.CANCELLED:
        raise Conflict(
            f"invoice {invoice.number} was cancelled by the hospital system",
            code="invoice-cancelled",
            field="invoice_id",
            cure="Choose another invoice of this patient, or give the money back.",
        )
    return invoice


def _found(books: Books, actor: Actor, unmatched_id: int, *, lock: bool = False) -> UnmatchedMoney:
    money = books.unmatched.lock(unmatched_id) if lock else books.unmatched.get(unmatched_id)
    if money is None or money.facility_id != actor.facility_id:
        raise NotFound(
            f"there is no unmatched money {unmatched_id}", field="unmatched_id", cure="Look it up in the list again."
        )
    return money


def _view(books: Books, ctx: Context, money: UnmatchedMoney) -> UnmatchedView:
    parts = [_part_view(books, part) for part in books.unmatched.parts(money.id)]
    if not money.is_open:
        return UnmatchedView(money=money, parts=parts)
    now = ctx.clock.now()
    arrived = Arrived(
        amount=money.remaining,
        account=money.money.account,
        payer_name=money.money.payer_name,
        payer_phone=money.money.payer_phone,
        paid_at=money.money.paid_at or money.at,
    )
    wanted = replace(money.money, amount=money.remaining)
    here = [i for i in books.accounts.candidates(wanted, now) if i.facility_id == money.facility_id]
    return UnmatchedView(
        money=money, parts=parts, suggestions=rank(arrived, here, at_counter=books.accounts.at_counter(now))
    )


def _part_view(books: Books, part: UnmatchedPart) -> PartView:
    summary = books.payments.summary(part.payment_uid) if part.payment_uid is not None else None
    refund = books.refunds.get(part.refund_uid) if part.refund_uid is not None else None
    return PartView(
        part=part,
        invoice_id=summary.record.payment.invoice_id if summary is not None else None,
        invoice_number=summary.invoice_number if summary is not None else "",
        patient_name=summary.patient_name if summary is not None else "",
        refund_state=refund.state.value if refund is not None else "",
    )


# ---------------------------------------------------------------- the wrong patient


async def move_back(ctx: Context, actor: Actor, payment_uid: UUID, reason: str) -> UnmatchedView:
    """A payment was matched to the wrong patient: all that is left of it is unmatched money again.

    Only for money that no prompt of ours brought; what a patient was asked for and paid is refunded instead.

    Raises:
        NotAllowed: the actor is no supervisor.
        NotFound, Conflict: there is no such payment, it holds nothing, or it is no such payment.
    """
    if actor.role not in MAY_DECIDE:
        raise NotAllowed("only a supervisor moves a payment back", code="role", cure="Ask a supervisor.")

    def phase(books: Books) -> UnmatchedView:
        record = books.payments.lock(payment_uid)
        if record is None or record.facility_id != actor.facility_id:
            raise NotFound(f"there is no payment {payment_uid}", field="payment_uid", cure="Look it up again.")
        _may_move(books, record)
        posted = books.ledger.posted(record.uid)
        amount = posted.allocated + posted.deposited
        if amount.minor <= 0:
            raise Conflict(
                "nothing of this payment is left", code="no-money", field="payment_uid", cure="Look at it again."
            )
        refund = _moving(ctx, actor, record, amount, reason)
        send_refunds.post(books, ctx, refund)
        books.refunds.add(refund)
        send_refunds.mark_payment(books, record.uid)
        number = _hold_again(books, ctx, actor, record, amount, reason)
        books.trail.audit(
            actor.username,
            "unmatched.move-back",
            f"payment:{record.uid}",
            actor.origin,
            {"amount": amount.text, "unmatched": number, "reason": reason},
        )
        books.trail.close_task(TaskKind.OVERPAID, f"payment:{record.uid}")
        _tell_moved(books, record, number, amount, reason)
        tell(books, refund)
        return _view(books, ctx, _found(books, actor, number))

    return await ctx.database.write(phase)


def _may_move(books: Books, record: PaymentRecord) -> None:
    if record.channel is Channel.COUNTER or record.payment.method is not Method.MPESA:
        raise Conflict(
            "a cashier asked for this payment, so it is this patient's",
            code="not-moved",
            field="payment_uid",
            cure="Give it back as a refund instead.",
        )
    if record.state not in MONEY_STATES or len(record.receipts) != 1:
        raise Conflict(
            "this payment holds no single receipt that could be moved",
            code="no-money",
            field="payment_uid",
            cure="Refund it instead.",
        )
    open_ones = [r for r in books.refunds.of_payment(record.uid) if r.state in RESERVING - {RefundState.COMPLETED}]
    if open_ones:
        raise Conflict(
            "a refund of this payment is under way",
            code="refund-open",
            field="payment_uid",
            cure="Wait for it, or have it rejected, and try again.",
        )


def _moving(ctx: Context, actor: Actor, record: PaymentRecord, amount: Money, reason: str) -> RefundRecord:
    now = ctx.clock.now()
    return RefundRecord(
        uid=ctx.ids.uuid(),
        facility_id=record.facility_id,
        provider=record.payment.method.value,
        amount=amount,
        route=Route.UNMATCHED,
        reason=reason,
        requested_by=actor.username,
        requested_at=now,
        state=RefundState.COMPLETED,
        payment_uid=record.uid,
        receipt_no=record.receipts[0],
        decided_by=actor.username,
        decided_at=now,
        completed_at=now,
    )


def _hold_again(books: Books, ctx: Context, actor: Actor, record: PaymentRecord, amount: Money, reason: str) -> int:
    """The money waits again: in the piece it was placed from, or as a piece of its own."""
    now = ctx.clock.now()
    for part in books.unmatched.parts_of(record.uid):
        books.unmatched.place(
            UnmatchedPart(
                unmatched_id=part.unmatched_id,
                amount=-amount,
                by=actor.username,
                at=now,
                note=reason,
                payment_uid=record.uid,
            )
        )
        return part.unmatched_id
    proof = next(fact for fact in record.payment.evidence if fact.kind in SUCCESS_KINDS)
    return books.unmatched.hold(
        UnmatchedMoney(
            money=ProviderMoney(
                provider=record.payment.method.value,
                source=proof.source,
                receipt_no=record.receipts[0],
                amount=amount,
                observed_at=proof.observed_at,
                account=record.account_typed,
                payer_name=record.payer,
                kind=proof.text,
                paid_at=record.paid_at,
            ),
            facility_id=record.facility_id,
            reason=f"moved back: {reason}",
            owner=actor.username,
            remaining=amount,
            at=now,
        )
    )


def _tell_moved(books: Books, record: PaymentRecord, number: int, amount: Money, reason: str) -> None:
    books.trail.open_task(
        Task(
            kind=TaskKind.UNMATCHED,
            subject=f"unmatched:{number}",
            text=f"{amount.grouped} was moved back ({reason}): find its patient.",
            amount=amount,
        ),
        record.facility_id,
    )
    books.trail.emit("unmatched.changed", record.facility_id, {"unmatched_id": number})
