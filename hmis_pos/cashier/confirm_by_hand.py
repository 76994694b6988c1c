"""Record money a person took by hand: cash counted, a card machine's slip, a bank slip, a cheque.

M-Pesa is not among them: its proof comes from Safaricom, never from an SMS on a screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from hmis_pos.cashier import settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor, PaymentRecord, PaymentSummary
from hmis_pos.cashier.take_payment import lock_payable
from hmis_pos.domain.errors import CashierMistake, NotFound
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method, Payment, normal_receipt
from hmis_pos.domain.receipt import Tender

BY_HAND = frozenset({Method.CASH, Method.CARD_PDQ, Method.BANK_TRANSFER, Method.CHEQUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPayment:
    """What was taken. ``tendered`` only for cash; ``reference`` is the slip's number, required for all but cash."""

    invoice_id: int
    amount: Money
    method: Method
    reference: str
    tendered: Money | None
    note: str
    idempotency_key: str


async def confirm(ctx: Context, actor: Actor, taken: HandPayment) -> PaymentSummary:
    """Store it as completed and settle the invoice, in one commit. The same idempotency key records once.

    Raises:
        CashierMistake, NotFound, Conflict: as ``take_payment.initiate``; also for a missing or reused slip number.
    """
    reference = normal_receipt(taken.reference)
    if taken.method not in BY_HAND:
        raise CashierMistake(
            f"payment_method {taken.method.value} is not confirmed by hand",
            field="payment_method",
            cure="Use the provider's own flow; its proof comes from the provider.",
        )
    if taken.amount.minor <= 0:
        raise CashierMistake("amount is zero", field="amount", code="amount-zero", cure="Give what the patient paid.")
    if taken.method is not Method.CASH and not reference:
        raise CashierMistake(
            "gateway_reference is missing",
            field="gateway_reference",
            cure="Type the number on the slip: approval code, transfer reference or cheque number.",
        )
    if taken.tendered is not None and taken.method is not Method.CASH:
        raise CashierMistake(
            f"tendered does not go with {taken.method.value}",
            field="tendered",
            cure="Leave it out; only cash has change.",
        )
    tender = Tender(tendered=taken.tendered or taken.amount, applied=taken.amount)

    def phase(books: Books) -> PaymentSummary:
        known = books.payments.by_idempotency_key(taken.idempotency_key)
        record = known or _record(books, ctx, actor, taken, tender, reference)
        summary = books.payments.summary(record.uid)
        if summary is None:
            raise NotFound(f"there is no payment {record.uid}", field="uid")
        return summary

    return await ctx.database.write(phase)


def _record(
    books: Books, ctx: Context, actor: Actor, taken: HandPayment, tender: Tender, reference: str
) -> PaymentRecord:
    now = ctx.clock.now()
    invoice = lock_payable(books, taken.invoice_id, taken.amount, actor.facility_id)
    owner = books.payments.owner_of(taken.method.value, reference) if reference else None
    if owner is not None:
        raise CashierMistake(
            f"gateway_reference {reference} was used already for {owner}",
            field="gateway_reference",
            code="receipt-reused",
            cure="Check the slip; one slip settles once.",
        )
    uid = ctx.ids.uuid()
    books.payments.add(
        PaymentRecord(
            payment=Payment(
                uid=uid,
                invoice_id=invoice.id,
                patient_id=invoice.patient_id,
                method=taken.method,
                asked=taken.amount,
                asked_at=now,
            ),
            facility_id=invoice.facility_id,
            cashier=actor.username,
            processed_by=actor.user_id,
            terminal=actor.terminal,
            idempotency_key=taken.idempotency_key,
            tendered=tender.tendered,
            change=tender.change,
            note=taken.note,
        )
    )
    books.trail.audit(
        actor.username,
        "payment.confirm",
        f"payment:{uid}",
        actor.origin,
        {"invoice": invoice.id, "amount": taken.amount.text, "method": taken.method.value, "reference": reference},
    )
    said = Evidence(
        kind=EvidenceKind.TAKEN,
        source=Source.CASHIER,
        observed_at=now,
        receipt_no=reference,
        amount=taken.amount,
        text=taken.note,
    )
    return settle.apply(books, ctx, uid, said, actor=actor.username, origin=actor.origin)
