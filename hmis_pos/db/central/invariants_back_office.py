"""Do the promises hold for money that waits or goes back? Part of ``invariants.find_breaches``.

| promise | what is compared |
|---|---|
| P1 | what is placed of unmatched money against its parts, parts against payments and refunds, refunds against evidence and ledger, a payment's state against its refunds |
| P6 | open refunds and receipt checks have a time at which somebody looks; open unmatched money has a task or an owner |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select

from hmis_pos.cashier.records_back_office import CheckState
from hmis_pos.db.central.breach import Breach
from hmis_pos.db.central.stores.books import CentralBooks
from hmis_pos.domain.evidence import SUCCESS_KINDS
from hmis_pos.domain.ledger import UNMATCHED, paid_back_account
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import MONEY_STATES, PaymentState, judge, normal_receipt
from hmis_pos.domain.refund import RESERVING, SENT, RefundState, Route, judge_refund

_PAGE = 1000
_DONE = RefundState.COMPLETED.value


def refunded(books: CentralBooks) -> Any:
    """What went back of a payment, as a correlated subquery."""
    r, uid = books.schema.refund.c, books.schema.payment.c.uid
    gone = select(func.sum(r.amount)).where(r.payment_uid == uid, r.state == _DONE).scalar_subquery()
    return func.coalesce(gone, literal(0, r.amount.type))


# ---------------------------------------------------------------- P1


def placed_is_the_sum_of_its_parts(books: CentralBooks) -> Iterator[Breach]:
    u, part = books.schema.unmatched.c, books.schema.unmatched_part.c
    sums = select(func.sum(part.amount)).where(part.unmatched_id == u.id).scalar_subquery()
    parts = func.coalesce(sums, literal(0, part.amount.type))
    wanted = select(u.id, u.amount, u.placed, u.currency, parts.label("parts"))
    for row in books.connection.execute(wanted.where(or_(u.placed != parts, u.placed > u.amount, u.placed < 0))):
        told, true = Money(row.placed, row.currency).text, Money(row.parts, row.currency).text
        came = Money(row.amount, row.currency).text
        yield Breach("P1", f"unmatched money {row.id}: of {came} {told} is placed, its parts are {true}")


def parts_are_what_payments_received(books: CentralBooks) -> Iterator[Breach]:
    """Parts of a payment, with what was moved back, are what its evidence says of the receipts they came with."""
    s = books.schema
    part, u, r = s.unmatched_part.c, s.unmatched.c, s.refund.c
    wanted = (
        select(part.payment_uid, u.receipt_no, func.sum(part.amount).label("net"))
        .join_from(s.unmatched_part, s.unmatched, u.id == part.unmatched_id)
        .where(part.payment_uid.is_not(None))
        .group_by(part.payment_uid, u.receipt_no)
        .order_by(part.payment_uid)
    )
    by_payment: dict[Any, dict[str, int]] = {}
    for row in books.connection.execute(wanted):
        by_payment.setdefault(row.payment_uid, {})[row.receipt_no] = row.net
    moved = select(r.payment_uid, func.sum(r.amount).label("sum")).where(
        r.state == _DONE, r.route == Route.UNMATCHED.value
    )
    back = {row.payment_uid: row.sum for row in books.connection.execute(moved.group_by(r.payment_uid))}
    for uid, nets in by_payment.items():
        record = books.payments.get(uid)
        if record is None:
            yield Breach("P1", f"unmatched money was placed in payment {uid}, which is nowhere")
            continue
        said = 0
        for receipt in nets:
            facts = [
                fact
                for fact in record.payment.evidence
                if fact.kind in SUCCESS_KINDS and normal_receipt(fact.receipt_no) == receipt
            ]
            verdict = judge(facts, asked=record.payment.asked, asked_at=record.payment.asked_at)
            said += verdict.received.minor
        placed = sum(nets.values()) + back.get(uid, 0)
        if placed != said:
            yield Breach(
                "P1",
                f"payment {uid} counts {Money(said).text} of unmatched money, {Money(placed).text} was placed in it",
            )


def refunds_hold_their_parts(books: CentralBooks) -> Iterator[Breach]:
    """Unmatched money on its way back is reserved, and free again when it does not go."""
    r, part = books.schema.refund.c, books.schema.unmatched_part.c
    sums = select(func.sum(part.amount)).where(part.refund_uid == r.uid, part.payment_uid.is_(None)).scalar_subquery()
    parts = func.coalesce(sums, literal(0, part.amount.type))
    held = case((r.state.in_(_values(RESERVING)), r.amount), else_=literal(0, r.amount.type))
    wanted = select(r.uid, r.state, r.amount, r.currency, parts.label("parts"))
    for row in books.connection.execute(wanted.where(r.unmatched_id.is_not(None), parts != held)):
        amount, reserved = Money(row.amount, row.currency).text, Money(row.parts, row.currency).text
        yield Breach("P1", f"refund {row.uid} of {amount} is {row.state}, {reserved} of unmatched money is kept for it")


def refund_states_follow_evidence(books: CentralBooks) -> Iterator[Breach]:
    """Money that went back is proven, and proven money did go back."""
    t, after = books.schema.refund, 0
    sent_by_us = t.c.route.in_([Route.REVERSAL.value, Route.PAYOUT.value])
    while True:
        records = books.refunds.many(select(t).where(t.c.id > after, sent_by_us).order_by(t.c.id).limit(_PAGE))
        for record in records:
            done = judge_refund(record.evidence).state is RefundState.COMPLETED
            if done != (record.state is RefundState.COMPLETED):
                yield Breach("P1", f"refund {record.uid} is {record.state}, its evidence says otherwise")
        if len(records) < _PAGE:
            return
        after = records[-1].id


def refunds_are_in_the_ledger(books: CentralBooks) -> Iterator[Breach]:
    """Every refund completed, and no other, moved its amount out."""
    r, t = books.schema.refund.c, books.schema.transfer.c
    subject = literal("refund:") + cast(r.uid, String)
    out = or_(t.credit == literal(paid_back_account("")) + r.provider, t.credit == UNMATCHED)
    sums = select(func.sum(t.amount)).where(t.subject == subject, out).scalar_subquery()
    moved = func.coalesce(sums, literal(0, t.amount.type))
    done = case((r.state == _DONE, r.amount), else_=literal(0, r.amount.type))
    wanted = select(r.uid, r.state, r.amount, r.currency, moved.label("moved")).where(moved != done)
    for row in books.connection.execute(wanted):
        amount, gone = Money(row.amount, row.currency).text, Money(row.moved, row.currency).text
        yield Breach("P1", f"refund {row.uid} of {amount} is {row.state}, {gone} left the books for it")


def payment_states_follow_refunds(books: CentralBooks) -> Iterator[Breach]:
    p, gone = books.schema.payment.c, refunded(books)
    nothing = literal(0, p.amount_received.type)
    should = case(
        (gone == nothing, PaymentState.COMPLETED.value),
        (gone == p.amount_received, PaymentState.REFUNDED.value),
        else_=PaymentState.PARTIALLY_REFUNDED.value,
    )
    is_money = p.status.in_(_values(MONEY_STATES))
    wanted = select(p.uid, p.status, p.currency, gone.label("gone")).where(
        or_(and_(is_money, p.status != should), and_(~is_money, gone != nothing))
    )
    for row in books.connection.execute(wanted):
        yield Breach("P1", f"payment {row.uid} is {row.status}, {Money(row.gone, row.currency).text} of it went back")


# ---------------------------------------------------------------- P6


def somebody_looks_after_refunds(books: CentralBooks) -> Iterator[Breach]:
    r = books.schema.refund.c
    asked = and_(r.state == RefundState.APPROVED.value, r.asked_at.is_not(None))
    wanted = select(r.uid, r.state).where(
        or_(r.state.in_(_values(SENT)), asked),
        r.next_check_at.is_(None),
        ~_has_task(books, literal("refund:") + cast(r.uid, String)),
    )
    for row in books.connection.execute(wanted):
        yield Breach("P6", f"refund {row.uid} is {row.state} and nobody looks for it")


def somebody_looks_after_checks(books: CentralBooks) -> Iterator[Breach]:
    c = books.schema.check.c
    wanted = select(c.uid, c.receipt_no).where(c.state == CheckState.WAITING.value, c.next_check_at.is_(None))
    for row in books.connection.execute(wanted):
        yield Breach("P6", f"receipt {row.receipt_no} waits for its proof ({row.uid}) and nobody looks for it")


def somebody_looks_after_unmatched(books: CentralBooks) -> Iterator[Breach]:
    u = books.schema.unmatched.c
    wanted = select(u.id, (u.amount - u.placed).label("remaining"), u.currency).where(
        u.placed < u.amount, u.owner == "", ~_has_task(books, literal("unmatched:") + cast(u.id, String))
    )
    for row in books.connection.execute(wanted):
        yield Breach(
            "P6", f"unmatched money {row.id}: {Money(row.remaining, row.currency).text} waits and nobody was told"
        )


def _has_task(books: CentralBooks, subject: Any) -> ColumnElement[bool]:
    task = books.schema.task.c
    return select(task.id).where(task.subject == subject, task.closed_at.is_(None)).exists()


def _values(states: Any) -> list[str]:
    return sorted(state.value for state in states)


CHECKS = (
    placed_is_the_sum_of_its_parts,
    parts_are_what_payments_received,
    refunds_hold_their_parts,
    refund_states_follow_evidence,
    refunds_are_in_the_ledger,
    payment_states_follow_refunds,
    somebody_looks_after_refunds,
    somebody_looks_after_checks,
    somebody_looks_after_unmatched,
)
