"""A payment and its evidence as rows, and back."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row

from hmis_pos.cashier.records import Advice, Channel, PaymentRecord
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method, Payment, PaymentState

#: Between receipt numbers of one payment (a second one is an alarm, so there is nearly always one).
_BETWEEN = "\n"
#: gateway_reference holds up to 100 characters.
_REFERENCE_LENGTH = 100


def first_values(record: PaymentRecord) -> dict[str, Any]:
    """The columns that never change."""
    payment = record.payment
    return {
        "uid": record.uid,
        "facility_id": record.facility_id,
        "invoice_id": payment.invoice_id,
        "patient_id": payment.patient_id,
        "amount": payment.asked.minor,
        "currency": payment.asked.currency,
        "payment_method": payment.method.value,
        "created_at": payment.asked_at,
        "idempotency_key": record.idempotency_key,
    }


def changing_values(record: PaymentRecord) -> dict[str, Any]:
    """The columns that follow from evidence and work."""
    payment = record.payment
    reference = record.receipts[0] if record.receipts else record.provider_request
    return {
        "status": record.state.value,
        "asked_at": payment.asked_at,
        "gateway_reference": reference[:_REFERENCE_LENGTH],
        "processed_by": record.processed_by,
        "completed_at": record.completed_at,
        "cashier": record.cashier,
        "terminal": record.terminal,
        "phone": record.phone,
        "account_reference": record.account_reference,
        "callback_token": record.callback_token,
        "provider_request": record.provider_request,
        "provider_receipts": _BETWEEN.join(record.receipts),
        "amount_received": _minor(record.received),
        "tendered": _minor(record.tendered),
        "change_given": _minor(record.change),
        "note": record.note,
        "failure_code": record.failure_code,
        "failure_text": record.failure_text,
        "failure_agreed": record.agreed,
        "advice": record.advice.value,
        "retry_not_before": record.retry_not_before,
        "next_check_at": record.next_check_at,
        "checks_done": record.checks_done,
        "attempt": record.attempt,
        "channel": record.channel.value,
        "account_typed": record.account_typed,
        "payer": record.payer,
        "paid_at": record.paid_at,
        "fee": _minor(record.fee),
    }


def record_from_row(row: Row[Any], evidence: tuple[Evidence, ...]) -> PaymentRecord:
    """The record of a row of ``payment_transaction``."""
    currency = row.currency
    return PaymentRecord(
        payment=Payment(
            uid=row.uid,
            invoice_id=row.invoice_id,
            patient_id=row.patient_id,
            method=Method(row.payment_method),
            asked=Money(row.amount, currency),
            asked_at=row.asked_at,
            evidence=evidence,
            state=PaymentState(row.status),
        ),
        facility_id=row.facility_id,
        cashier=row.cashier,
        processed_by=row.processed_by,
        terminal=row.terminal,
        idempotency_key=row.idempotency_key,
        phone=row.phone,
        account_reference=row.account_reference,
        callback_token=row.callback_token,
        provider_request=row.provider_request,
        received=_money(row.amount_received, currency),
        receipts=tuple(row.provider_receipts.split(_BETWEEN)) if row.provider_receipts else (),
        tendered=_money(row.tendered, currency),
        change=_money(row.change_given, currency),
        note=row.note,
        failure_code=row.failure_code,
        failure_text=row.failure_text,
        agreed=row.failure_agreed,
        advice=Advice(row.advice),
        retry_not_before=row.retry_not_before,
        next_check_at=row.next_check_at,
        checks_done=row.checks_done,
        completed_at=row.completed_at,
        id=row.id,
        attempt=row.attempt,
        channel=Channel(row.channel),
        account_typed=row.account_typed,
        payer=row.payer,
        paid_at=row.paid_at,
        fee=_money(row.fee, currency),
    )


def evidence_values(fact: Evidence) -> dict[str, Any]:
    return {
        "kind": fact.kind.value,
        "source": fact.source.value,
        "observed_at": fact.observed_at,
        "receipt_no": fact.receipt_no,
        "amount": _minor(fact.amount),
        "currency": fact.amount.currency if fact.amount is not None else "KES",
        "code": fact.code,
        "text": fact.text,
        "reference": fact.reference,
        "raw_id": fact.raw_id,
        "digest": fact.digest,
    }


def evidence_from_row(row: Row[Any]) -> Evidence:
    return Evidence(
        kind=EvidenceKind(row.kind),
        source=Source(row.source),
        observed_at=row.observed_at,
        receipt_no=row.receipt_no,
        amount=_money(row.amount, row.currency),
        code=row.code,
        text=row.text,
        reference=row.reference,
        raw_id=row.raw_id,
    )


def said_by_gateway(fact: Evidence, raw: bytes | None) -> Any:
    """``gateway_response``: the full message where one was stored, else what it said in our words."""
    if raw is not None:
        try:
            # Numbers stay the text they were: an amount never becomes a float.
            return json.loads(raw, parse_float=str, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            pass
    said = {
        "kind": fact.kind.value,
        "source": fact.source.value,
        "code": fact.code,
        "text": fact.text,
        "reference": fact.reference,
        "receipt_no": fact.receipt_no,
        "amount": fact.amount.text if fact.amount is not None else "",
    }
    return {key: value for key, value in said.items() if value}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
