"""Messages of the contract with everything filled in, for rooms of supervisors and finance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hmis_pos.contract.invoices import Invoice
from hmis_pos.contract.mapping import iso
from hmis_pos.contract.payments import EvidenceLine, Transaction
from hmis_pos.contract.refunds import Refund
from hmis_pos.contract.statements import Statement
from hmis_pos.contract.unmatched import Unmatched

NOW = datetime(2026, 11, 23, 11, 32, tzinfo=UTC)


class HandClock:
    """Stands still until told."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


def invoice(which: int, name: str, owed: str, **more: Any) -> Invoice:
    values: dict[str, Any] = {
        "id": which,
        "number": f"INV-{20900 + which}",
        "patient_id": 100 + which,
        "patient_no": f"OP-{118000 + which}",
        "patient_name": name,
        "patient_phone": f"0712 345 {which:03d}",
        "patient_sex": "F",
        "patient_birth_year": 1990,
        "status": "open",
        "currency": "KES",
        "total": owed,
        "insurance": "0.00",
        "insurer": "",
        "waiver": "0.00",
        "waiver_note": "",
        "paid": "0.00",
        "payable": owed,
        "facility_id": 1,
        "queued_at": iso(NOW - timedelta(hours=1)),
        "lines": [],
    }
    return Invoice(**values | more)


def unmatched(which: int, amount: str, *, age: timedelta, **more: Any) -> Unmatched:
    values: dict[str, Any] = {
        "unmatched_id": which,
        "provider": "mpesa",
        "receipt_no": f"TKM{which:02d}QW{which:02d}E",
        "amount": amount,
        "remaining": amount,
        "currency": "KES",
        "account": f"INV2O9{which:02d}",
        "payer_name": "JOHN KAMAU",
        "payer_phone": "2547 ***** 126",
        "kind": "Pay Bill",
        "source": "c2b",
        "reason": "no invoice or patient has this account",
        "owner": "",
        "paid_at": iso(NOW - age),
        "since": iso(NOW - age),
    }
    return Unmatched(**values | more)


def transaction(uid: UUID, one: Invoice, amount: str, **more: Any) -> Transaction:
    values: dict[str, Any] = {
        "transaction_id": str(uid),
        "id": one.id,
        "invoice_id": one.id,
        "invoice_number": one.number,
        "patient_id": one.patient_id,
        "patient_no": one.patient_no,
        "patient_name": one.patient_name,
        "payment_method": "mpesa",
        "status": "completed",
        "currency": "KES",
        "amount": amount,
        "received": amount,
        "allocated": amount,
        "deposited": "0.00",
        "tendered": "",
        "change": "",
        "phone": "254712345418",
        "gateway_reference": "TKN1AB2CD3",
        "provider_receipt": "TKN1AB2CD3",
        "receipt_no": "T03A-000412",
        "failure_code": "",
        "failure_text": "",
        "agreed": True,
        "advice": "no",
        "retry_not_before": "",
        "next_check_at": "",
        "checks_done": 1,
        "terminal": "T03A",
        "processed_by": "cashier",
        "created_at": iso(NOW - timedelta(minutes=30)),
        "completed_at": iso(NOW - timedelta(minutes=29)),
        "account_reference": one.number,
        "refundable": amount,
    }
    return Transaction(**values | more)


def refund(uid: str, amount: str, **more: Any) -> Refund:
    values: dict[str, Any] = {
        "refund_uid": uid,
        "transaction_id": "",
        "unmatched_id": None,
        "invoice_number": "",
        "patient_name": "",
        "amount": amount,
        "currency": "KES",
        "route": "reversal",
        "phone": "",
        "state": "requested",
        "reason": "Paid twice",
        "receipt_no": "TKN1AB2CD3",
        "provider_receipt": "",
        "requested_by": "cashier",
        "requested_at": iso(NOW - timedelta(minutes=4)),
        "decided_by": "",
        "decided_at": "",
        "decision_note": "",
        "failure_code": "",
        "failure_text": "",
        "completed_at": "",
        "next_check_at": "",
    }
    return Refund(**values | more)


def evidence(kind: str, source: str, at: datetime, **more: str) -> EvidenceLine:
    values = {"kind": kind, "source": source, "at": iso(at), "code": "", "text": "", "receipt_no": "", "amount": ""}
    return EvidenceLine(**values | more)


def statement(which: int, **more: Any) -> Statement:
    at = iso(NOW - timedelta(hours=which))
    values: dict[str, Any] = {
        "statement_id": which,
        "name": f"Org_600999_{which}.csv",
        "file_hash": f"{which:064d}",
        "shortcode": "600999",
        "since": iso(NOW - timedelta(days=1)),
        "until": iso(NOW),
        "opening": "120000.00",
        "closing": "486450.00",
        "paid_in": "418650.00",
        "withdrawn": "52200.00",
        "balance_gap": "0.00",
        "lines": 1284,
        "bad_lines": 0,
        "state": "done",
        "trouble": "",
        "imported_by": "supervisor",
        "imported_at": at,
        "finished_at": at,
        "percent": 100,
    }
    return Statement(**values | more)
