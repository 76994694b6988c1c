"""Receipts that a terminal committed: the local receipt is the truth about cash taken, so none is ever turned away for being late.

Each receipt has a transaction and an answer of its own; a repeat is recognised by uid and content. An invoice paid elsewhere meanwhile
makes a deposit and a task. What is refused stays with the terminal, with the reason, for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from hmis_pos.cashier import settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor, PaymentRecord, ReceiptRecord, Task, TaskKind
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import ELECTRONIC, MONEY_STATES, Payment
from hmis_pos.domain.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReceipt:
    """A receipt as sent, and the hash of its exact content."""

    receipt: Receipt
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAnswer:
    """What became of one receipt; see ``contract.receipts.Answer``."""

    uid: UUID
    result: str
    outcome: str = ""
    deposited: Money
    code: str = ""
    message: str = ""


async def accept(ctx: Context, actor: Actor, sent: Sequence[SentReceipt]) -> list[ReceiptAnswer]:
    """Record each receipt exactly once, in the order given."""
    return [await ctx.database.write(partial(_accept_one, ctx=ctx, actor=actor, sent=one)) for one in sent]


def _accept_one(books: Books, *, ctx: Context, actor: Actor, sent: SentReceipt) -> ReceiptAnswer:
    receipt = sent.receipt
    known = books.receipts.by_uid(receipt.uid)
    if known is not None:
        if known.content_hash == sent.content_hash:
            return _answer(receipt, "repeated", known.outcome, books.ledger.posted(receipt.payment_uid).deposited)
        return _conflict(books, actor, receipt, f"receipt {receipt.no} was sent before with another content")
    taken = books.receipts.by_number(receipt.series, receipt.number)
    if taken is not None:
        return _conflict(books, actor, receipt, f"number {receipt.no} belongs to another receipt")
    terminal = books.terminals.by_series(receipt.series)
    if terminal is None or terminal.facility_id != actor.facility_id:
        return _refuse(receipt, "series-unknown", f"no terminal of this facility has series {receipt.series}")
    if books.receipts.by_payment(receipt.payment_uid) is not None:
        return _conflict(books, actor, receipt, "its payment has a receipt already")
    invoice = books.invoices.get(receipt.invoice.id)
    if invoice is None or invoice.facility_id != actor.facility_id:
        return _refuse(receipt, "invoice-unknown", f"there is no invoice {receipt.invoice.number} any more")
    if receipt.method in ELECTRONIC:
        return _link(books, ctx, actor, sent)
    return _record_cash(books, ctx, actor, sent, invoice.patient_id)


def _link(books: Books, ctx: Context, actor: Actor, sent: SentReceipt) -> ReceiptAnswer:
    """The paper for electronic money, which the centre knows already: no money moves."""
    receipt = sent.receipt
    record = books.payments.get(receipt.payment_uid)
    if record is None or record.state not in MONEY_STATES or record.payment.method is not receipt.method:
        return _refuse(receipt, "payment-not-completed", "the centre knows no completed payment for this receipt")
    _store(books, ctx, actor, sent, "issued")
    return _answer(receipt, "accepted", "issued", Money.zero(receipt.tender.applied.currency))


def _record_cash(books: Books, ctx: Context, actor: Actor, sent: SentReceipt, patient_id: int) -> ReceiptAnswer:
    # The patient is the invoice's, not the snapshot's: a deposit must not go to whom a terminal names.
    receipt = sent.receipt
    if books.payments.get(receipt.payment_uid) is not None:
        return _conflict(books, actor, receipt, "its payment is recorded already")
    tender = receipt.tender
    user = books.users.by_name(receipt.cashier)
    books.payments.add(
        PaymentRecord(
            payment=Payment(
                uid=receipt.payment_uid,
                invoice_id=receipt.invoice.id,
                patient_id=patient_id,
                method=receipt.method,
                asked=tender.applied,
                asked_at=receipt.issued_at,
            ),
            facility_id=actor.facility_id,
            cashier=receipt.cashier,
            processed_by=user.id if user is not None else None,
            terminal=receipt.series,
            idempotency_key=f"receipt:{receipt.uid}",
            tendered=tender.tendered,
            change=tender.change,
        )
    )
    said = Evidence(
        kind=EvidenceKind.TAKEN,
        source=Source.TERMINAL,
        observed_at=receipt.issued_at,
        amount=tender.applied,
        reference=receipt.no,
    )
    settle.apply(books, ctx, receipt.payment_uid, said, actor=receipt.cashier, origin=actor.origin)
    posted = books.ledger.posted(receipt.payment_uid)
    outcome = "settled" if not posted.deposited else ("partly" if posted.allocated else "deposit")
    _store(books, ctx, actor, sent, outcome)
    return _answer(receipt, "accepted", outcome, posted.deposited)


def _store(books: Books, ctx: Context, actor: Actor, sent: SentReceipt, outcome: str) -> None:
    receipt = sent.receipt
    last = books.receipts.last_number(receipt.series)
    if receipt.number > last + 1:
        missing = f"{last + 1}" if receipt.number == last + 2 else f"{last + 1} to {receipt.number - 1}"
        books.trail.open_task(
            Task(
                kind=TaskKind.RECEIPT_GAP,
                subject=f"series:{receipt.series}:{last + 1}",
                text=f"Series {receipt.series}: number {missing} has not arrived. Ask the counter for its paper copies.",
            ),
            actor.facility_id,
        )
    books.receipts.add(
        ReceiptRecord(
            receipt=receipt,
            content_hash=sent.content_hash,
            terminal=actor.terminal or receipt.series,
            received_at=ctx.clock.now(),
            outcome=outcome,
        )
    )
    books.trail.audit(
        receipt.cashier,
        "receipt.accept",
        f"receipt:{receipt.no}",
        actor.origin,
        {
            "uid": str(receipt.uid),
            "payment": str(receipt.payment_uid),
            "applied": receipt.tender.applied.text,
            "outcome": outcome,
            "hash": sent.content_hash,
        },
    )
    books.trail.emit("payment.changed", actor.facility_id, {"payment_uid": str(receipt.payment_uid)})


def _conflict(books: Books, actor: Actor, receipt: Receipt, why: str) -> ReceiptAnswer:
    books.trail.open_task(
        Task(
            kind=TaskKind.RECEIPT_CONFLICT,
            subject=f"receipt:{receipt.uid}",
            text=f"Receipt {receipt.no} over {receipt.tender.applied.grouped} was not recorded: {why}.",
            amount=receipt.tender.applied,
        ),
        actor.facility_id,
    )
    books.trail.audit(
        receipt.cashier,
        "receipt.conflict",
        f"receipt:{receipt.no}",
        actor.origin,
        {"uid": str(receipt.uid), "why": why},
    )
    return _refuse(receipt, "receipt-conflict", why)


def _refuse(receipt: Receipt, code: str, message: str) -> ReceiptAnswer:
    return ReceiptAnswer(
        uid=receipt.uid,
        result="refused",
        deposited=Money.zero(receipt.tender.applied.currency),
        code=code,
        message=message,
    )


def _answer(receipt: Receipt, result: str, outcome: str, deposited: Money) -> ReceiptAnswer:
    return ReceiptAnswer(uid=receipt.uid, result=result, outcome=outcome, deposited=deposited)
