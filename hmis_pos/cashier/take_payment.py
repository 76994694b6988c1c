"""Ask a payer for electronic money.

Three steps: write the intent (one transaction), ask the gateway once, write what it answered (one transaction). A crash between any two
leaves an attempt that ``chase`` finds. The gateway is never asked twice for one intent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hmis_pos.cashier import settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books, Gateway, Order
from hmis_pos.cashier.records import Actor, Advice, PaymentRecord, PaymentSummary
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake, Conflict, NotFound, OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.ids import account_reference, fallback_reference
from hmis_pos.domain.invoice import Invoice, InvoiceStatus
from hmis_pos.domain.matching import settling_keys
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import ELECTRONIC, OPEN_STATES, Method, Payment, PaymentState


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiateOrder:
    """What a counter asks for. ``phone`` as typed; ``uid`` where the terminal made one."""

    invoice_id: int
    amount: Money
    phone: str
    uid: UUID | None
    idempotency_key: str


async def initiate(ctx: Context, actor: Actor, order: InitiateOrder) -> PaymentSummary:
    """Prompt the payer's phone (M-Pesa Express) for a part or all of what an invoice owes.

    Returns the payment as it stands after the gateway's first answer: ``pending``, ``failed`` (refused at the door) or
    ``unknown``. The same idempotency key gives the payment it led to and asks nobody.

    Raises:
        CashierMistake: phone or amount will not do; nothing was stored.
        NotFound: there is no such invoice.
        Conflict: the invoice owes less, or may not be asked for again yet (``retry_at`` says when).
        Unavailable: the gateway is not set up.
    """
    gateway = ctx.gateway(Method.MPESA.value)
    phone = phones.normalise(order.phone)
    gateway.check(order.amount, phone)

    def intend(books: Books) -> tuple[PaymentRecord, bool]:
        known = books.payments.by_idempotency_key(order.idempotency_key)
        if known is not None:
            return known, False
        return _write_intent(books, ctx, actor, order, phone), True

    record, is_new = await ctx.database.write(intend)
    if is_new:
        evidence = await _ask_once(gateway, ctx, record)
        await ctx.database.write(
            lambda books: settle.apply(books, ctx, record.uid, evidence, actor=actor.username, origin=actor.origin)
        )
    return await _summary(ctx, record.uid)


async def _ask_once(gateway: Gateway, ctx: Context, record: PaymentRecord) -> Evidence:
    try:
        return await gateway.start(
            Order(
                uid=record.uid,
                amount=record.payment.asked,
                phone=record.phone,
                account_reference=record.account_reference,
                description="Hospital bill",
                callback_url=f"{ctx.policy.callback_base}/cb/{record.callback_token}",
            )
        )
    except Unavailable as e:
        kind, text = EvidenceKind.REFUSED, e.message
        code = e.code if gateway.advise(e.code).advice is Advice.FIX else settle.GATEWAY_UNREACHABLE
    except OutcomeUnknown as e:
        kind, code, text = EvidenceKind.NO_ANSWER, e.code, e.message
    return Evidence(kind=kind, source=Source.SUBMIT, observed_at=ctx.clock.now(), code=code, text=text)


async def _summary(ctx: Context, uid: UUID) -> PaymentSummary:
    summary = await ctx.database.read(lambda books: books.payments.summary(uid))
    if summary is None:  # it was committed a moment ago, and nothing is ever deleted
        raise NotFound(f"there is no payment {uid}", field="uid")
    return summary


def _write_intent(books: Books, ctx: Context, actor: Actor, order: InitiateOrder, phone: str) -> PaymentRecord:
    now = ctx.clock.now()
    invoice = lock_payable(books, order.invoice_id, order.amount, actor.facility_id, whole_units=True)
    earlier = books.payments.of_invoice(invoice.id)
    _refuse_unsafe(ctx, books, earlier, order.amount, phone, now)
    attempt = 1 + sum(1 for record in earlier if record.payment.method is Method.MPESA)
    uid = order.uid or ctx.ids.uuid()
    record = books.payments.add(
        PaymentRecord(
            payment=Payment(
                uid=uid,
                invoice_id=invoice.id,
                patient_id=invoice.patient_id,
                method=Method.MPESA,
                asked=order.amount,
                asked_at=now,
            ),
            facility_id=invoice.facility_id,
            cashier=actor.username,
            processed_by=actor.user_id,
            terminal=actor.terminal,
            idempotency_key=order.idempotency_key,
            phone=phone,
            account_reference=_reference(books, ctx, invoice, attempt),
            callback_token=ctx.ids.token(),
            next_check_at=now + ctx.policy.chase_plan[0],
            attempt=attempt,
        )
    )
    books.trail.audit(
        actor.username,
        "payment.initiate",
        f"payment:{uid}",
        actor.origin,
        {"invoice": invoice.id, "amount": order.amount.text, "method": "mpesa", "terminal": actor.terminal},
    )
    books.trail.emit("payment.changed", invoice.facility_id, {"payment_uid": str(uid)})
    books.trail.emit("invoice.changed", invoice.facility_id, {"invoice_id": invoice.id})
    return record


def _reference(books: Books, ctx: Context, invoice: Invoice, attempt: int) -> str:
    """What the phone shows as the account: nobody else's. A patient may type what a phone showed, or an invoice that looks alike."""
    reference = account_reference(invoice.number, attempt)
    is_used = books.payments.by_account(Method.MPESA.value, reference) is not None
    if is_used or books.accounts.holders(settling_keys(reference)):
        return fallback_reference(ctx.ids.random(12))
    return reference


def lock_payable(
    books: Books, invoice_id: int, amount: Money, facility_id: int, *, whole_units: bool = False
) -> Invoice:
    """The invoice, locked, if ``amount`` may be taken for it.

    ``whole_units``: the provider moves whole shillings only, so the next one above what is owed may be asked; the cents over
    become a deposit, visibly.

    Raises:
        NotFound, Conflict, CashierMistake: saying which and what to do.
    """
    invoice = books.invoices.lock(invoice_id)
    if invoice is None or invoice.facility_id != facility_id:
        raise NotFound(
            f"there is no invoice {invoice_id}",
            field="invoice_id",
            cure="Search for it again; it may have been merged.",
        )
    if invoice.status is InvoiceStatus.CANCELLED:
        raise Conflict(
            f"invoice {invoice.number} was cancelled by the hospital system",
            code="invoice-cancelled",
            field="invoice_id",
            cure="Send the patient back to billing.",
        )
    if amount.currency != invoice.total.currency:
        raise CashierMistake(
            f"invoice {invoice.number} is in {invoice.total.currency}",
            field="amount",
            cure=f"Give the amount in {invoice.total.currency}.",
        )
    if amount.minor <= 0:
        raise CashierMistake(
            "amount is zero", field="amount", code="amount-zero", cure="Give what the patient is to pay."
        )
    if not invoice.owed:
        raise Conflict(
            f"invoice {invoice.number} is paid already",
            code="invoice-paid",
            field="invoice_id",
            cure="Take no more money for it; its payments are listed under the invoice.",
        )
    if amount > (invoice.owed.rounded_up if whole_units else invoice.owed):
        raise Conflict(
            f"invoice {invoice.number} owes {invoice.owed.grouped}, not {amount.grouped}",
            code="above-payable",
            field="amount",
            cure=f"Ask for {invoice.owed.grouped} or less.",
        )
    return invoice


def _refuse_unsafe(
    ctx: Context, books: Books, earlier: Sequence[PaymentRecord], amount: Money, phone: str, now: datetime
) -> None:
    """Refuse a prompt that might charge the patient twice, or that the network will refuse anyway."""
    electronic = [r for r in earlier if r.payment.method in ELECTRONIC]
    for record in electronic:
        if record.state in OPEN_STATES:
            raise Conflict(
                "a request for this invoice is still open and may yet be paid",
                code="attempt-open",
                field="invoice_id",
                cure="Wait for its result, or take cash and tell the patient not to enter the PIN.",
            )
        if record.state is PaymentState.CANCELLED:
            raise Conflict(
                "you stopped waiting for a request that the patient may still pay",
                code="attempt-cancelled",
                field="invoice_id",
                cure="Safaricom is being asked; once it says no you can ask again. Cash is possible now.",
            )
    failed = next((r for r in reversed(electronic) if r.state is PaymentState.FAILED), None)
    if failed is not None and failed.phone == phone:
        _refuse_by_advice(ctx, failed, amount, now)
    last = books.payments.last_for_phone(phone, now - max(ctx.policy.same_amount_gap, ctx.policy.same_phone_gap))
    if last is not None and last.failure_code != settle.GATEWAY_UNREACHABLE:
        _refuse_same_phone(ctx, last, amount, now)


def _refuse_by_advice(ctx: Context, failed: PaymentRecord, amount: Money, now: datetime) -> None:
    if failed.advice is Advice.WAIT and failed.retry_not_before is not None and now < failed.retry_not_before:
        raise Conflict(
            f"M-Pesa will not take a new request for this phone yet (code {failed.failure_code})",
            code="retry-later",
            field="phone_number",
            cure="Wait until the countdown ends, then ask again.",
            retry_at=_iso(failed.retry_not_before),
        )
    same = amount == failed.payment.asked
    # Once IT has mended its settings the same request is right, and Safaricom alone knows when that is.
    if failed.advice is Advice.FIX and same and not settle.is_about_settings(ctx, failed):
        raise Conflict(
            f"the same request was refused for good (code {failed.failure_code}): {failed.failure_text}",
            code="retry-useless",
            field="amount",
            cure="Change the amount or the phone; cash is possible now.",
        )


def _refuse_same_phone(ctx: Context, last: PaymentRecord, amount: Money, now: datetime) -> None:
    """Daraja: a minute between prompts to one phone; the same amount twice within two minutes is result 17."""
    same_amount = last.payment.asked == amount
    gap = ctx.policy.same_amount_gap if same_amount else ctx.policy.same_phone_gap
    ready = last.payment.asked_at + gap
    if now < ready:
        raise Conflict(
            "this phone was asked for the same amount a moment ago"
            if same_amount
            else "this phone was asked a moment ago",
            code="retry-later",
            field="phone_number",
            cure="Wait until the countdown ends, then ask again; M-Pesa refuses it earlier.",
            retry_at=_iso(ready),
        )


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
