"""Money that goes back."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from hmis_pos.contract.fields import Amount, SignedAmount, Text
from hmis_pos.contract.payments import EvidenceLine


class AskRefund(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/payments/refund``. ``phone_number`` empty: to whoever paid."""

    transaction_id: str
    amount: Amount
    reason: Annotated[str, Meta(min_length=3, max_length=200)]
    phone_number: str = ""


class Decide(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/refunds/{uid}/approve`` and ``…/reject``. Whoever asked cannot approve."""

    note: Text = ""


class NotDone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/refunds/{uid}/not-done``: what whoever looked it up in the portal found."""

    note: Annotated[str, Meta(min_length=3, max_length=200)]


class Refund(Struct, frozen=True, kw_only=True):
    """A refund. ``state``: requested, rejected, approved, pending, unknown, completed, failed.

    ``route``: ``reversal`` (to whoever paid), ``payout`` (to ``phone``), ``provider`` (Safaricom did it itself), ``unmatched`` (back
    among unmatched money). Either ``transaction_id`` or ``unmatched_id`` is set.
    """

    refund_uid: str
    transaction_id: str
    unmatched_id: int | None
    invoice_number: str
    patient_name: str
    amount: SignedAmount
    currency: str
    route: str
    phone: str
    state: str
    reason: str
    receipt_no: str
    provider_receipt: str
    requested_by: str
    requested_at: str
    decided_by: str
    decided_at: str
    decision_note: str
    failure_code: str
    failure_text: str
    completed_at: str
    next_check_at: str
    evidence: list[EvidenceLine] = []


class RefundPage(Struct, frozen=True, kw_only=True):
    """``GET /api/refunds``, newest first."""

    refunds: list[Refund]
    next: str
