"""A receipt number that a patient shows, and its proof."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from hmis_pos.contract.fields import RowId, SignedAmount


class CheckCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/payments/mpesa/code``: the code of an M-Pesa SMS that is to pay an invoice."""

    invoice_id: RowId
    code: Annotated[str, Meta(min_length=1, max_length=40)]


class CodeUse(Struct, frozen=True, kw_only=True):
    """Where a code was used before."""

    amount: SignedAmount
    at: str
    by: str
    invoice_number: str
    patient_name: str
    receipt_no: str
    payment_uid: str
    unmatched_id: int | None


class CodeCheck(Struct, frozen=True, kw_only=True):
    """A code's proof.

    ``state``: ``waiting`` (Safaricom is asked), ``proven`` (it paid: ``payment_uid``), ``refused`` (``reason`` says why, ``used``
    where it was used before), ``expired`` (nothing found in 48 hours).

    ``reason``: ``used``, ``unknown``, ``not-ours``, ``too-old``, ``not-completed``, ``reversed``, ``other-invoice``, or empty.
    """

    check_uid: str
    invoice_id: int | None
    code: str
    state: str
    reason: str
    text: str
    asked_by: str
    asked_at: str
    decided_at: str
    next_check_at: str
    payment_uid: str
    used: CodeUse | None = None
