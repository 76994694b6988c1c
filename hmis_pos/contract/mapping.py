"""The counter's domain objects to messages, and back where a message carries a whole object (invoice snapshot, receipt)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from hmis_pos.cashier import records
from hmis_pos.cashier.records_back_office import RefundRecord
from hmis_pos.contract import auth, invoices, payments, receipts
from hmis_pos.domain import invoice as domain_invoice
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.money import Money, total
from hmis_pos.domain.payment import ELECTRONIC, MONEY_STATES
from hmis_pos.domain.receipt import Receipt, Tender
from hmis_pos.domain.refund import RESERVING, RefundState


def iso(at: datetime | None) -> str:
    """An aware instant as ISO 8601 in UTC with microseconds and ``Z``; empty for None."""
    if at is None:
        return ""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant(text: str, *, field: str = "time") -> datetime:
    """Read an ISO 8601 instant with a zone.

    Raises:
        CashierMistake: it is none, or names no zone.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as e:
        raise _no_instant(text, field) from e
    if at.tzinfo is None:
        raise _no_instant(text, field)
    try:
        return at.astimezone(UTC)
    except OverflowError as e:
        raise _no_instant(text, field) from e


def _no_instant(text: str, field: str) -> CashierMistake:
    return CashierMistake(
        f"{field} {text[:40]!r} is not an instant",
        field=field,
        cure='Give ISO 8601 with a zone, such as "2026-11-22T11:32:00Z".',
    )


def uid(text: str, *, field: str = "uid") -> UUID:
    """Read a UUID.

    Raises:
        CashierMistake: it is none.
    """
    try:
        return UUID(text)
    except ValueError as e:
        raise CashierMistake(
            f"{field} {text[:40]!r} is not a UUID", field=field, cure="Give a UUIDv7 in its usual form."
        ) from e


def money(text: str, currency: str, *, field: str = "amount") -> Money:
    return Money.parse(text, currency, field=field)


def content_hash(message: receipts.Receipt) -> str:
    """SHA-256 of a receipt's canonical JSON: the same number with another content is a conflict."""
    return hashlib.sha256(msgspec.json.encode(message, order="deterministic")).hexdigest()


# ---------------------------------------------------------------- invoices


def invoice_message(
    invoice: domain_invoice.Invoice,
    serving: records.Serving | None = None,
    ringing: records.PaymentRecord | None = None,
) -> invoices.Invoice:
    return invoices.Invoice(
        id=invoice.id,
        number=invoice.number,
        patient_id=invoice.patient_id,
        patient_no=invoice.patient_no,
        patient_name=invoice.patient_name,
        patient_phone=invoice.patient_phone,
        patient_sex=invoice.patient_sex,
        patient_birth_year=invoice.patient_birth_year,
        status=invoice.status.value,
        currency=invoice.total.currency,
        total=invoice.total.text,
        insurance=invoice.insurance.text,
        insurer=invoice.insurer,
        waiver=invoice.waiver.text,
        waiver_note=invoice.waiver_note,
        paid=invoice.paid.text,
        payable=invoice.owed.text,
        facility_id=invoice.facility_id,
        queued_at=iso(invoice.queued_at),
        lines=[
            invoices.Line(
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price.text,
                amount=line.amount.text,
            )
            for line in invoice.lines
        ],
        served_by=None if serving is None else served_by(serving),
        ringing=None if ringing is None else _ringing(ringing),
    )


def served_by(serving: records.Serving) -> invoices.ServedBy:
    return invoices.ServedBy(
        terminal=serving.terminal,
        counter=serving.counter,
        cashier=serving.cashier,
        until=iso(serving.until),
    )


def _ringing(record: records.PaymentRecord) -> invoices.Ringing:
    return invoices.Ringing(
        uid=str(record.uid),
        method=record.payment.method.value,
        status=record.state.value,
        amount=record.payment.asked.text,
        terminal=record.terminal,
        since=iso(record.payment.asked_at),
    )


def invoice_from(message: invoices.Invoice) -> domain_invoice.Invoice:
    """The snapshot back as a domain object.

    Raises:
        CashierMistake: a field does not hold what it should.
    """
    currency = message.currency

    def amount(text: str, field: str) -> Money:
        return Money.parse(text, currency, field=field)

    return domain_invoice.Invoice(
        id=message.id,
        number=message.number,
        facility_id=message.facility_id,
        patient_id=message.patient_id,
        patient_no=message.patient_no,
        patient_name=message.patient_name,
        patient_phone=message.patient_phone,
        patient_sex=message.patient_sex,
        patient_birth_year=message.patient_birth_year,
        status=_status(message.status),
        total=amount(message.total, "invoice.total"),
        insurance=amount(message.insurance, "invoice.insurance"),
        insurer=message.insurer,
        waiver=amount(message.waiver, "invoice.waiver"),
        waiver_note=message.waiver_note,
        paid=amount(message.paid, "invoice.paid"),
        queued_at=instant(message.queued_at, field="invoice.queued_at"),
        lines=tuple(
            domain_invoice.InvoiceLine(
                description=line.description,
                quantity=line.quantity,
                unit_price=amount(line.unit_price, "invoice.lines.unit_price"),
                amount=amount(line.amount, "invoice.lines.amount"),
            )
            for line in message.lines
        ),
    )


def _status(text: str) -> domain_invoice.InvoiceStatus:
    try:
        return domain_invoice.InvoiceStatus(text)
    except ValueError as e:
        known = ", ".join(domain_invoice.InvoiceStatus)
        raise CashierMistake(
            f"invoice.status {text[:20]!r} is unknown", field="invoice.status", cure=f"Give one of: {known}."
        ) from e


# ---------------------------------------------------------------- payments


def transaction_message(
    summary: records.PaymentSummary, refunds: Sequence[RefundRecord] = (), *, with_evidence: bool = True
) -> payments.Transaction:
    """A payment; ``refunds`` are all of it, where they were read: what is on its way back is not refundable again."""
    record = summary.record
    payment = record.payment
    nothing = Money.zero(payment.asked.currency)
    received = record.received if record.received is not None else nothing
    refunded = received - summary.allocated - summary.deposited if record.state in MONEY_STATES else nothing
    on_its_way = total((r.amount for r in refunds if r.state in RESERVING - {RefundState.COMPLETED}), received.currency)
    return payments.Transaction(
        transaction_id=str(record.uid),
        id=record.id,
        invoice_id=payment.invoice_id,
        invoice_number=summary.invoice_number,
        patient_id=payment.patient_id,
        patient_no=summary.patient_no,
        patient_name=summary.patient_name,
        payment_method=payment.method.value,
        status=record.state.value,
        currency=payment.asked.currency,
        amount=payment.asked.text,
        received=received.text,
        allocated=summary.allocated.text,
        deposited=summary.deposited.text,
        tendered=record.tendered.text if record.tendered is not None else "",
        change=record.change.text if record.change is not None else "",
        phone=record.phone,
        gateway_reference=(record.receipts[0] if record.receipts else record.provider_request),
        provider_receipt=" ".join(record.receipts),
        receipt_no=summary.receipt_no,
        failure_code=record.failure_code,
        failure_text=record.failure_text,
        agreed=record.agreed,
        advice=record.advice.value,
        retry_not_before=iso(record.retry_not_before),
        next_check_at=iso(record.next_check_at),
        checks_done=record.checks_done,
        terminal=record.terminal,
        processed_by=record.cashier,
        created_at=iso(payment.asked_at),
        completed_at=iso(record.completed_at),
        account_reference=record.account_reference,
        channel=record.channel.value,
        account_typed=record.account_typed,
        payer=record.payer,
        paid_at=iso(record.paid_at),
        refunded=refunded.text,
        refundable=(received - refunded - on_its_way).text if payment.method in ELECTRONIC else "0.00",
        fee=record.fee.text if record.fee is not None else "",
        evidence=[evidence_line(e) for e in payment.evidence] if with_evidence else [],
    )


def evidence_line(e: Evidence) -> payments.EvidenceLine:
    return payments.EvidenceLine(
        kind=e.kind.value,
        source=e.source.value,
        at=iso(e.observed_at),
        code=e.code,
        text=e.text,
        receipt_no=e.receipt_no,
        amount=e.amount.text if e.amount is not None else "",
    )


# ---------------------------------------------------------------- receipts


def receipt_message(receipt: Receipt) -> receipts.Receipt:
    return receipts.Receipt(
        uid=str(receipt.uid),
        series=receipt.series,
        number=receipt.number,
        payment_uid=str(receipt.payment_uid),
        method=receipt.method,
        currency=receipt.tender.applied.currency,
        tendered=receipt.tender.tendered.text,
        applied=receipt.tender.applied.text,
        change=receipt.tender.change.text,
        issued_at=iso(receipt.issued_at),
        cashier=receipt.cashier,
        counter=receipt.counter,
        provider_receipt=receipt.provider_receipt,
        invoice_id=receipt.invoice.id,
        invoice=invoice_message(receipt.invoice),
    )


def receipt_from(message: receipts.Receipt) -> Receipt:
    """A receipt as a terminal sent it.

    Raises:
        CashierMistake: a field contradicts another, or does not hold what it should.
    """
    currency = message.currency
    tender = Tender(
        tendered=Money.parse(message.tendered, currency, field="tendered"),
        applied=Money.parse(message.applied, currency, field="applied"),
    )
    if tender.change != Money.parse(message.change, currency, field="change"):
        raise CashierMistake(
            f"change {message.change} is not tendered {message.tendered} less applied {message.applied}",
            field="change",
            cure="Send the three numbers as they were committed.",
        )
    invoice = invoice_from(message.invoice)
    if invoice.id != message.invoice_id:
        raise CashierMistake(
            f"invoice_id {message.invoice_id} is not the snapshot's {invoice.id}",
            field="invoice_id",
            cure="Send the receipt as it was committed.",
        )
    if invoice.total.currency != currency:
        raise CashierMistake(
            f"the receipt is in {currency}, its invoice in {invoice.total.currency}",
            field="currency",
            cure="Send the receipt as it was committed.",
        )
    return Receipt(
        uid=uid(message.uid, field="uid"),
        series=message.series,
        number=message.number,
        payment_uid=uid(message.payment_uid, field="payment_uid"),
        method=message.method,
        tender=tender,
        issued_at=instant(message.issued_at, field="issued_at"),
        cashier=message.cashier,
        counter=message.counter,
        invoice=invoice,
        provider_receipt=message.provider_receipt,
    )


def enrolled_message(terminal: records.TerminalRecord) -> auth.Enrolled:
    return auth.Enrolled(
        install_uid=str(terminal.install_uid),
        series=terminal.series,
        counter=terminal.counter,
        facility_id=terminal.facility_id,
        facility_name=terminal.facility_name,
        last_number=terminal.last_number,
    )
