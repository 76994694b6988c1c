"""Do the promises hold in everything stored? Asked of the tables alone, independent of the use cases that wrote them.

``await database.snapshot(find_breaches)`` looks at one state of the database. An empty list is the only good answer.

| promise | what is compared |
|---|---|
| P1 | what evidence adds up to, what is stored as received, what is posted, what the HMIS was told, whose receipt it is |
| P2 | allocations against what an invoice asks for; each deposit has its task |
| P3 | the numbers of each series, from 1, without a hole that has no task |
| P4 | ledger accounts against allocations, deposits, unmatched money, its parts, and refunds |
| P5 | the audit chain; every payment appears in it |
| P6 | every open electronic attempt has a time at which somebody looks for it |

What concerns money that waits or goes back alone is in ``invariants_back_office``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, null, or_, select

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import TaskKind
from hmis_pos.db.central.breach import Breach
from hmis_pos.db.central.invariants_back_office import CHECKS, refunded
from hmis_pos.db.central.stores.books import CentralBooks
from hmis_pos.domain.audit import GENESIS, AuditEntry, first_break
from hmis_pos.domain.evidence import SUCCESS_KINDS
from hmis_pos.domain.ledger import UNMATCHED, deposit_account, invoice_account, paid_back_account
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import ELECTRONIC, MONEY_STATES, OPEN_STATES, PaymentState
from hmis_pos.domain.refund import RefundState, Route

#: Rows walked together where a check needs Python.
_PAGE = 1000


def find_breaches(books: Books) -> list[Breach]:
    """All breaches; books must be those of the central database, best in a snapshot."""
    if not isinstance(books, CentralBooks):
        raise TypeError("these checks read the central database's tables")
    checks = (
        _evidence_against_record,
        _received_against_posted,
        _invoices_against_allocations,
        _owners_of_receipts,
        _receipts_against_payments,
        _over_allocated,
        _deposits_have_tasks,
        _series,
        _accounts,
        _chain,
        _payments_in_chain,
        _somebody_looks,
        *CHECKS,
    )
    return [breach for check in checks for breach in check(books)]


# ---------------------------------------------------------------- P1


def _evidence_against_record(books: CentralBooks) -> Iterator[Breach]:
    """State and amount are a function of the evidence: compute them again."""
    t, after = books.schema.payment, 0
    while True:
        records = books.payments.many(select(t).where(t.c.id > after).order_by(t.c.id).limit(_PAGE))
        for record in records:
            verdict = record.payment.verdict
            is_money = record.state in MONEY_STATES
            if is_money != (verdict.state is PaymentState.COMPLETED) or (
                not is_money and record.state is not verdict.state
            ):
                yield Breach("P1", f"payment {record.uid} is {record.state}, its evidence says {verdict.state}")
            received = record.received or Money.zero(record.payment.asked.currency)
            if received != verdict.received:
                yield Breach("P1", f"payment {record.uid} holds {received}, its evidence says {verdict.received}")
        if len(records) < _PAGE:
            return
        after = records[-1].id


def _received_against_posted(books: CentralBooks) -> Iterator[Breach]:
    p = books.schema.payment.c
    received = func.coalesce(p.amount_received, literal(0, p.amount_received.type))
    allocated, deposited = _sums(books)
    posted = allocated + deposited + refunded(books)
    wanted = select(p.uid, received.label("received"), posted.label("posted"), p.currency).where(received != posted)
    for row in books.connection.execute(wanted):
        accounted = Money(row.posted, row.currency)
        yield Breach("P1", f"payment {row.uid} received {Money(row.received, row.currency)}, {accounted} is posted")


def _sums(books: CentralBooks) -> tuple[Any, Any]:
    """What is allocated and what is deposited of a payment, as correlated subqueries."""
    s, uid = books.schema, books.schema.payment.c.uid
    zero = literal(0, s.allocation.c.amount.type)
    return (
        func.coalesce(
            select(func.sum(s.allocation.c.amount)).where(s.allocation.c.payment_uid == uid).scalar_subquery(), zero
        ),
        func.coalesce(
            select(func.sum(s.deposit.c.amount)).where(s.deposit.c.payment_uid == uid).scalar_subquery(), zero
        ),
    )


def _allocated(books: CentralBooks) -> Any:
    """(invoice_id, allocated) of every invoice with a payment of ours."""
    a = books.schema.allocation.c
    return select(a.invoice_id, func.sum(a.amount).label("allocated")).group_by(a.invoice_id).subquery()


def _invoices_against_allocations(books: CentralBooks) -> Iterator[Breach]:
    i, sums = books.schema.hmis.invoice.c, _allocated(books)
    wanted = (
        select(i.number.label("number"), i.amount_paid.label("paid"), sums.c.allocated, i.currency.label("currency"))
        .join(sums, sums.c.invoice_id == i.id)
        .where(i.amount_paid != sums.c.allocated)
    )
    for row in books.connection.execute(wanted):
        told, true = Money(row.paid, row.currency), Money(row.allocated, row.currency)
        yield Breach("P1", f"invoice {row.number}: the HMIS was told {told}, {true} is allocated")


def _owners_of_receipts(books: CentralBooks) -> Iterator[Breach]:
    """Each provider receipt that counts has its owner, and the owner is the one that counts it.

    A payment may count a receipt of unmatched money that was placed in it; unmatched money may hold that of a payment it was
    moved back from.
    """
    e, p = books.schema.evidence.c, books.schema.payment.c
    o, u = books.schema.provider_receipt.c, books.schema.unmatched.c
    number = func.upper(func.trim(e.receipt_no))
    part, r = books.schema.unmatched_part.c, books.schema.refund.c
    placed = (
        select(part.id)
        .join_from(books.schema.unmatched_part, books.schema.unmatched, u.id == part.unmatched_id)
        .where(part.payment_uid == p.uid, u.provider == p.payment_method, u.receipt_no == number)
    )
    moved_back = select(r.id).where(
        o.owner == literal("payment:") + cast(r.payment_uid, String),
        r.route == Route.UNMATCHED.value,
        r.state == RefundState.COMPLETED.value,
    )
    claimed = (
        select(p.uid, number.label("receipt"), o.owner)
        .join_from(books.schema.evidence, books.schema.payment, p.id == e.payment_id)
        .outerjoin(books.schema.provider_receipt, (o.provider == p.payment_method) & (o.receipt_no == number))
        .where(
            e.receipt_no != "",
            e.kind.in_(sorted(SUCCESS_KINDS)),
            or_(o.owner.is_(None), o.owner != literal("payment:") + cast(p.uid, String)),
            ~placed.exists(),
        )
        .distinct()
    )
    for row in books.connection.execute(claimed):
        yield Breach("P1", f"payment {row.uid} counts receipt {row.receipt}, which {row.owner or 'nobody'} owns")
    held = (
        select(u.id, u.receipt_no, o.owner)
        .join_from(
            books.schema.unmatched,
            books.schema.provider_receipt,
            (o.provider == u.provider) & (o.receipt_no == u.receipt_no),
            isouter=True,
        )
        .where(
            u.receipt_no != "",
            or_(o.owner.is_(None), o.owner != literal("unmatched:") + cast(u.id, String)),
            ~moved_back.exists(),
        )
    )
    for row in books.connection.execute(held):
        yield Breach("P1", f"unmatched money {row.id} holds receipt {row.receipt_no}, owned by {row.owner or 'nobody'}")


def _receipts_against_payments(books: CentralBooks) -> Iterator[Breach]:
    """A receipt for cash says what its payment received; each of ours stands for money that came."""
    r, p = books.schema.receipt.c, books.schema.payment.c
    wanted = (
        select(r.series, r.number, r.applied, p.amount_received, p.status)
        .join_from(books.schema.receipt, books.schema.payment, p.uid == r.payment_uid)
        .where(
            or_(
                p.status.not_in([state.value for state in MONEY_STATES]),
                (p.payment_method == "cash") & (p.amount_received != r.applied),
            )
        )
    )
    for row in books.connection.execute(wanted):
        yield Breach(
            "P1", f"receipt {row.series}-{row.number:06d} was given, its payment is {row.status} with another amount"
        )


# ---------------------------------------------------------------- P2


def _over_allocated(books: CentralBooks) -> Iterator[Breach]:
    i, a, task, sums = books.schema.hmis.invoice.c, books.schema.allocation, books.schema.task.c, _allocated(books)
    asked = i.total - i.insurance - i.waiver
    of_payment = (
        select(task.id)
        .join_from(books.schema.task, a, task.subject == literal("payment:") + cast(a.c.payment_uid, String))
        .where(a.c.invoice_id == i.id)
    )
    of_invoice = select(task.id).where(task.subject == literal("invoice:") + cast(i.id, String))
    wanted = (
        select(i.number.label("number"), sums.c.allocated, asked.label("asked"), i.currency.label("currency"))
        .join(sums, sums.c.invoice_id == i.id)
        .where(sums.c.allocated > asked, ~of_payment.exists(), ~of_invoice.exists())
    )
    for row in books.connection.execute(wanted):
        much, asked_for = Money(row.allocated, row.currency), Money(row.asked, row.currency)
        yield Breach("P2", f"invoice {row.number} asks for {asked_for}, {much} is allocated and nobody was told")


def _deposits_have_tasks(books: CentralBooks) -> Iterator[Breach]:
    d, task = books.schema.deposit.c, books.schema.task.c
    told = select(task.id).where(
        task.kind == TaskKind.OVERPAID.value, task.subject == literal("payment:") + cast(d.payment_uid, String)
    )
    wanted = select(d.payment_uid).where(~told.exists()).group_by(d.payment_uid).having(func.sum(d.amount) > 0)
    for row in books.connection.execute(wanted):
        yield Breach("P2", f"payment {row.payment_uid} left a deposit that no task tells of")


# ---------------------------------------------------------------- P3


def _series(books: CentralBooks) -> Iterator[Breach]:
    r, s, task = books.schema.receipt.c, books.schema.series.c, books.schema.task.c
    before = func.coalesce(func.lag(r.number).over(partition_by=r.series, order_by=r.number), 0)
    steps = select(r.series, r.number, before.label("before")).subquery()
    for row in books.connection.execute(select(steps).where(steps.c.number != steps.c.before + 1)).all():
        subject = f"series:{row.series}:{row.before + 1}"
        alarmed = books.connection.execute(
            select(task.id).where(task.kind == TaskKind.RECEIPT_GAP.value, task.subject == subject).limit(1)
        ).first()
        if alarmed is None:
            yield Breach("P3", f"series {row.series}: {row.before + 1} to {row.number - 1} missing, without an alarm")
    highest = select(r.series, func.max(r.number).label("highest")).group_by(r.series).subquery()
    wrong = (
        select(highest.c.series, highest.c.highest, s.highest.label("counted"))
        .outerjoin(books.schema.series, s.series == highest.c.series)
        .where(or_(s.highest.is_(None), s.highest != highest.c.highest, s.contiguous > highest.c.highest))
    )
    for row in books.connection.execute(wrong):
        yield Breach("P3", f"series {row.series}: highest receipt is {row.highest}, its counter says {row.counted}")


# ---------------------------------------------------------------- P4


def _accounts(books: CentralBooks) -> Iterator[Breach]:
    """Each account holds what the rows beside the ledger say."""
    stands = _balances(books)
    should = _expected(books)
    for account in sorted(stands.keys() | should.keys()):
        ledger, rows = stands.get(account, 0), should.get(account, 0)
        if ledger != rows:
            yield Breach(
                "P4", f"account {account} stands at {Money(ledger).text}, the rows beside it say {Money(rows).text}"
            )


def _balances(books: CentralBooks) -> dict[str, int]:
    """Debits less credits of every account that is not where money arrives."""
    t = books.schema.transfer.c
    balances: dict[str, int] = {}
    for side, sign in ((t.debit, 1), (t.credit, -1)):
        for row in books.connection.execute(
            select(side.label("account"), func.sum(t.amount).label("sum")).group_by(side)
        ):
            balances[row.account] = balances.get(row.account, 0) + sign * row.sum
    return {account: balance for account, balance in balances.items() if balance}


def _expected(books: CentralBooks) -> dict[str, int]:
    s = books.schema
    expected: dict[str, int] = {}

    def add(wanted: Select[*tuple[Any, ...]], account: Any, sign: int) -> None:
        for key, amount in books.connection.execute(wanted):
            if amount:
                name = account(key)
                expected[name] = expected.get(name, 0) + sign * amount

    a, d, u, p = s.allocation.c, s.deposit.c, s.unmatched.c, s.payment.c
    part, r, done = s.unmatched_part.c, s.refund.c, s.refund.c.state == RefundState.COMPLETED.value
    to_unmatched = r.route == Route.UNMATCHED.value
    placed = select(u.provider, func.sum(part.amount)).join_from(
        s.unmatched_part, s.unmatched, u.id == part.unmatched_id
    )
    placed = placed.where(part.payment_uid.is_not(None)).group_by(u.provider)
    add(select(a.invoice_id, func.sum(a.amount)).group_by(a.invoice_id), invoice_account, -1)
    add(select(d.patient_id, func.sum(d.amount)).group_by(d.patient_id), deposit_account, -1)
    # Unmatched: what came, less what payments took of it, less what went back; kept for a refund it is still there.
    add(select(null(), func.sum(u.amount)), lambda _none: UNMATCHED, -1)
    add(placed, lambda _provider: UNMATCHED, 1)
    add(select(null(), func.sum(r.amount)).where(done, r.unmatched_id.is_not(None)), lambda _none: UNMATCHED, 1)
    add(select(p.payment_method, func.sum(p.amount_received)).group_by(p.payment_method), "received:{}".format, 1)
    add(select(u.provider, func.sum(u.amount)).group_by(u.provider), "received:{}".format, 1)
    # A payment out of unmatched money has received what came already; moved back, it is both there and among the unmatched.
    add(placed, "received:{}".format, -1)
    back = select(r.provider, func.sum(r.amount)).where(done).group_by(r.provider)
    add(back.where(to_unmatched), "received:{}".format, -1)
    add(back.where(~to_unmatched), paid_back_account, -1)
    return {account: balance for account, balance in expected.items() if balance}


# ---------------------------------------------------------------- P5, P6


def _chain(books: CentralBooks) -> Iterator[Breach]:
    last: AuditEntry | None = None
    while True:
        after, previous = (last.seq, last.digest) if last is not None else (0, GENESIS)
        page = books.trail.entries(after, _PAGE)
        broken = first_break(page, after=after, previous=previous)
        if broken is not None:
            yield Breach("P5", f"audit row {broken.seq}: {broken.reason}")
            return
        if len(page) < _PAGE:
            return
        last = page[-1]


def _payments_in_chain(books: CentralBooks) -> Iterator[Breach]:
    p, a = books.schema.payment.c, books.schema.audit.c
    told = select(a.seq).where(a.subject == literal("payment:") + cast(p.uid, String))
    for row in books.connection.execute(select(p.uid).where(~told.exists())):
        yield Breach("P5", f"payment {row.uid} is nowhere in the audit trail")


def _somebody_looks(books: CentralBooks) -> Iterator[Breach]:
    p = books.schema.payment.c
    wanted = select(p.uid, p.status).where(
        p.status.in_([state.value for state in OPEN_STATES]),
        p.payment_method.in_([method.value for method in ELECTRONIC]),
        p.next_check_at.is_(None),
    )
    for row in books.connection.execute(wanted):
        yield Breach("P6", f"payment {row.uid} is {row.status} and nobody looks for it")


__all__ = ["Breach", "find_breaches"]
