"""Ask for money to go back, and agree to it: two people, always.

Whoever asks cannot approve, whatever their role (the database refuses it too). A refund reserves its amount from the moment it
is asked for, so that no two refunds together give back more than came. The money itself is sent by ``send_refunds``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor, Role, Task, TaskKind
from hmis_pos.cashier.records_back_office import RefundFilter, RefundRecord, UnmatchedMoney, UnmatchedPart
from hmis_pos.cashier.refundable import frozen, is_frozen, of_payment, of_unmatched
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import Conflict, NotAllowed, NotFound
from hmis_pos.domain.ids import uuid_of_key
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState, Route, choose_route

#: Who may agree that money goes back.
MAY_DECIDE = frozenset({Role.SUPERVISOR, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundWish:
    """What is asked for. ``phone`` as typed; empty: to whoever paid."""

    amount: Money
    reason: str
    phone: str = ""
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundView:
    """A refund with the names a list shows; empty for unmatched money."""

    record: RefundRecord
    invoice_number: str = ""
    patient_name: str = ""


async def request(ctx: Context, actor: Actor, payment_uid: UUID, wish: RefundWish) -> RefundView:
    """Ask for money of a payment to go back. The same idempotency key gives the refund it led to.

    Raises:
        NotFound, Conflict, CashierMistake: naming the field and the cure; nothing is stored.
    """
    phone = phones.normalise(wish.phone) if wish.phone.strip() else ""

    def phase(books: Books) -> RefundView:
        known = books.refunds.get(uuid_of_key(wish.idempotency_key))
        if known is not None:
            return view_of(books, known)
        record = books.payments.lock(payment_uid)
        if record is None or record.facility_id != actor.facility_id:
            raise NotFound(f"there is no payment {payment_uid}", field="transaction_id", cure="Look it up again.")
        original = of_payment(books, record)
        mobile = ctx.mobile(record.payment.method.value)
        route = choose_route(wish.amount, original, phone, now=ctx.clock.now(), rules=mobile.refund_rules)
        new = _new(ctx, actor, record.payment.method.value, wish, route)
        return _ask(
            books,
            actor,
            replace(
                new,
                facility_id=record.facility_id,
                payment_uid=record.uid,
                receipt_no=record.receipts[0] if route is Route.REVERSAL else "",
                phone=(phone or original.payer_phone) if route is Route.PAYOUT else "",
            ),
        )

    return await ctx.database.write(phase)


async def request_unmatched(ctx: Context, actor: Actor, unmatched_id: int, wish: RefundWish) -> RefundView:
    """Ask for unmatched money to go back. As ``request``."""
    phone = phones.normalise(wish.phone) if wish.phone.strip() else ""

    def phase(books: Books) -> RefundView:
        known = books.refunds.get(uuid_of_key(wish.idempotency_key))
        if known is not None:
            return view_of(books, known)
        money = books.unmatched.lock(unmatched_id)
        if money is None or money.facility_id != actor.facility_id:
            raise NotFound(
                f"there is no unmatched money {unmatched_id}", field="unmatched_id", cure="Look it up again."
            )
        provider = money.money.provider
        original = of_unmatched(books, money)
        route = choose_route(wish.amount, original, phone, now=ctx.clock.now(), rules=ctx.mobile(provider).refund_rules)
        view = _ask(
            books,
            actor,
            replace(
                _new(ctx, actor, provider, wish, route),
                facility_id=money.facility_id,
                unmatched_id=money.id,
                receipt_no=money.money.receipt_no if route is Route.REVERSAL else "",
                phone=(phone or original.payer_phone) if route is Route.PAYOUT else "",
            ),
        )
        reserve(books, ctx, money, view.record, actor.username)
        return view

    return await ctx.database.write(phase)


def _new(ctx: Context, actor: Actor, provider: str, wish: RefundWish, route: Route) -> RefundRecord:
    uid = uuid_of_key(wish.idempotency_key)
    return RefundRecord(
        uid=uid,
        facility_id=actor.facility_id,
        provider=provider,
        amount=wish.amount,
        route=route,
        reason=wish.reason,
        requested_by=actor.username,
        requested_at=ctx.clock.now(),
        originator=uid.hex,
    )


def _ask(books: Books, actor: Actor, new: RefundRecord) -> RefundView:
    record = books.refunds.add(new)
    subject = f"refund:{record.uid}"
    books.trail.audit(
        actor.username,
        "refund.request",
        subject,
        actor.origin,
        {
            "payment": str(record.payment_uid or ""),
            "unmatched": record.unmatched_id or 0,
            "amount": record.amount.text,
            "route": record.route.value,
            "reason": record.reason,
        },
    )
    books.trail.open_task(
        Task(
            kind=TaskKind.REFUND_APPROVAL,
            subject=subject,
            text=f"{actor.display_name} asks for {record.amount.grouped} to go back: {record.reason}. Somebody else decides.",
            amount=record.amount,
        ),
        record.facility_id,
    )
    tell(books, record)
    return view_of(books, record)


def reserve(books: Books, ctx: Context, money: UnmatchedMoney, record: RefundRecord, by: str) -> None:
    """Phase: nobody else can place what is on its way back."""
    books.unmatched.place(
        UnmatchedPart(
            unmatched_id=money.id,
            amount=record.amount,
            by=by,
            at=ctx.clock.now(),
            note=record.reason,
            refund_uid=record.uid,
        )
    )
    if record.amount == money.remaining:
        books.trail.close_task(TaskKind.UNMATCHED, f"unmatched:{money.id}")


# ---------------------------------------------------------------- the second person


async def decide(ctx: Context, actor: Actor, uid: UUID, *, approve: bool, note: str = "") -> RefundView:
    """Agree, or say no.

    Raises:
        NotAllowed: the actor asked for it, or has not the role.
        NotFound, Conflict: there is no such refund, it was decided before, or a statement doubts its money.
    """

    def phase(books: Books) -> RefundView:
        record = found(books, actor, uid)
        wanted = RefundState.APPROVED if approve else RefundState.REJECTED
        if record.decided_by == actor.username and approve is not (record.state is RefundState.REJECTED):
            return view_of(books, record)  # said before, whatever became of it since
        if record.state is not RefundState.REQUESTED:
            raise Conflict(
                f"this refund is {record.state.value} already",
                code="refund-decided",
                field="refund_uid",
                cure="Look at it again; somebody else was quicker.",
            )
        may_decide(actor, record)
        if approve and is_frozen(books, record):
            raise frozen("refund_uid")
        changed = replace(
            record, state=wanted, decided_by=actor.username, decided_at=ctx.clock.now(), decision_note=note
        )
        books.refunds.save(changed)
        books.trail.audit(
            actor.username,
            f"refund.{wanted.value}",
            f"refund:{uid}",
            actor.origin,
            {"note": note, "route": record.route},
        )
        books.trail.close_task(TaskKind.REFUND_APPROVAL, f"refund:{uid}")
        if not approve:
            release(books, ctx, changed, actor.username, "the refund was rejected")
        tell(books, changed)
        return view_of(books, changed)

    return await ctx.database.write(phase)


def overtaken(books: Books, ctx: Context, record: RefundRecord, *, by: str, note: str) -> RefundRecord:
    """Phase: the provider took the money back before the second person decided: nothing is left to decide."""
    changed = replace(record, state=RefundState.REJECTED, decided_by=by, decided_at=ctx.clock.now(), decision_note=note)
    books.refunds.save(changed)
    books.trail.audit(by, "refund.overtaken", f"refund:{record.uid}", "", {"note": note, "route": record.route})
    books.trail.close_task(TaskKind.REFUND_APPROVAL, f"refund:{record.uid}")
    release(books, ctx, changed, by, "the provider took it back before anybody decided")
    tell(books, changed)
    return changed


def found(books: Books, actor: Actor, uid: UUID) -> RefundRecord:
    """Phase: a refund of the actor's facility, locked.

    Raises:
        NotFound: there is none.
    """
    return _of_facility(books.refunds.lock(uid), actor, uid)


def _of_facility(record: RefundRecord | None, actor: Actor, uid: UUID) -> RefundRecord:
    if record is None or record.facility_id != actor.facility_id:
        raise NotFound(f"there is no refund {uid}", field="refund_uid", cure="Look it up again.")
    return record


def may_decide(actor: Actor, record: RefundRecord) -> None:
    """Two people, always.

    Raises:
        NotAllowed: the actor has not the role, or asked for it.
    """
    if actor.role not in MAY_DECIDE:
        raise NotAllowed(
            "only a supervisor decides about refunds", code="role", cure="Ask a supervisor to sign in and decide."
        )
    if actor.username == record.requested_by:
        raise NotAllowed(
            "you asked for this refund, so somebody else decides",
            code="own-refund",
            cure="Ask another supervisor.",
        )


def release(books: Books, ctx: Context, record: RefundRecord, by: str, note: str) -> None:
    """Phase: a refund of unmatched money that will not happen: its amount waits for a patient again."""
    if record.unmatched_id is None:
        return
    money = books.unmatched.lock(record.unmatched_id)
    if money is None:
        return
    books.unmatched.place(
        UnmatchedPart(
            unmatched_id=money.id,
            amount=-record.amount,
            by=by,
            at=ctx.clock.now(),
            note=note,
            refund_uid=record.uid,
        )
    )
    books.trail.open_task(
        Task(
            kind=TaskKind.UNMATCHED,
            subject=f"unmatched:{money.id}",
            text=f"{record.amount.grouped} waits again, since {note}: find its patient.",
            amount=record.amount,
        ),
        money.facility_id,
    )


def tell(books: Books, record: RefundRecord) -> None:
    """Phase: everybody hears that a refund, and what it is about, moved."""
    books.trail.emit("refund.changed", record.facility_id, {"refund_uid": str(record.uid)})
    if record.payment_uid is not None:
        books.trail.emit("payment.changed", record.facility_id, {"payment_uid": str(record.payment_uid)})
    if record.unmatched_id is not None:
        books.trail.emit("unmatched.changed", record.facility_id, {"unmatched_id": record.unmatched_id})


# ---------------------------------------------------------------- looking


async def detail(ctx: Context, actor: Actor, uid: UUID) -> RefundView:
    """A refund of the actor's facility, with its evidence.

    Raises:
        NotFound: there is none.
    """

    def phase(books: Books) -> RefundView:
        return view_of(books, _of_facility(books.refunds.get(uid), actor, uid))

    return await ctx.database.read(phase)


async def page(ctx: Context, wanted: RefundFilter) -> Sequence[RefundView]:
    """Refunds, newest first."""
    return await ctx.database.read(lambda books: [view_of(books, one) for one in books.refunds.page(wanted)])


def view_of(books: Books, record: RefundRecord) -> RefundView:
    summary = books.payments.summary(record.payment_uid) if record.payment_uid is not None else None
    if summary is None:
        return RefundView(record=record)
    return RefundView(record=record, invoice_number=summary.invoice_number, patient_name=summary.patient_name)
