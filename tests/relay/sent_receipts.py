"""A receipt as a terminal sends it."""

import uuid
from typing import Any


def receipt(number: int = 1, *, invoice_id: int = 1, applied: str = "4850.00", series: str = "T01A") -> dict[str, Any]:
    invoice = {
        "id": invoice_id,
        "number": f"INV-{20000 + invoice_id}",
        "patient_id": invoice_id,
        "patient_no": f"P-{invoice_id:04d}",
        "patient_name": f"Wanjiru Canary {invoice_id}",
        "patient_phone": "",
        "patient_sex": "F",
        "patient_birth_year": 1990,
        "status": "open",
        "currency": "KES",
        "total": "4850.00",
        "insurance": "0.00",
        "insurer": "",
        "waiver": "0.00",
        "waiver_note": "",
        "paid": "0.00",
        "payable": "4850.00",
        "facility_id": 1,
        "queued_at": "2026-11-22T08:32:00.000000Z",
        "lines": [{"description": "Consultation", "quantity": 1, "unit_price": "4850.00", "amount": "4850.00"}],
    }
    return {
        "uid": str(uuid.uuid4()),
        "series": series,
        "number": number,
        "payment_uid": str(uuid.uuid4()),
        "method": "cash",
        "currency": "KES",
        "tendered": "5000.00",
        "applied": applied,
        "change": f"{5000 - float(applied):.2f}",
        "issued_at": "2026-11-22T08:30:00.000000Z",
        "cashier": "cashier",
        "counter": "Counter 1",
        "provider_receipt": "",
        "invoice_id": invoice_id,
        "invoice": invoice,
    }
