"""Money that arrived and belongs to nobody known yet."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from hmis_pos.contract.fields import Amount, RowId, SignedAmount, Text
from hmis_pos.contract.invoices import Invoice


class Unmatched(Struct, frozen=True, kw_only=True):
    """A piece of unmatched money. ``amount`` came, ``remaining`` waits still. Payer and account as the provider gave them.

    ``source`` says who told of it (``c2b``, ``pull``, ``status``, ``statement``), ``owner`` who looks after it.
    """

    unmatched_id: int
    provider: str
    receipt_no: str
    amount: SignedAmount
    remaining: SignedAmount
    currency: str
    account: str
    payer_name: str
    payer_phone: str
    kind: str
    source: str
    reason: str
    owner: str
    paid_at: str
    since: str


class UnmatchedPage(Struct, frozen=True, kw_only=True):
    """``GET /api/unmatched``, oldest first; ``next`` is the following page's cursor."""

    unmatched: list[Unmatched]
    next: str
    open_count: int
    open_total: SignedAmount
    oldest_since: str


class Suggestion(Struct, frozen=True, kw_only=True):
    """An invoice that may be meant. ``score`` 0 to 100 orders them.

    ``reasons``: ``same-account``, ``near-account``, ``part-of-account``, ``same-amount``, ``phone``, ``name``, ``at-counter``,
    ``recent``.
    """

    invoice: Invoice
    score: int
    reasons: list[str]


class Part(Struct, frozen=True, kw_only=True):
    """Where a part of it went: into the payment of an invoice, or into a refund. Negative where that was taken back."""

    amount: SignedAmount
    at: str
    by: str
    note: str
    payment_uid: str
    invoice_id: int | None
    invoice_number: str
    patient_name: str
    refund_uid: str
    refund_state: str


class UnmatchedDetail(Struct, frozen=True, kw_only=True):
    """``GET /api/unmatched/{id}``: with where its parts went and whose it may be, best first."""

    money: Unmatched
    parts: list[Part]
    suggestions: list[Suggestion]


class Share(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part for one invoice. More than it owes becomes that patient's deposit, visibly."""

    invoice_id: RowId
    amount: Amount


class Assign(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/unmatched/{id}/assign``: one share assigns it, several split it. Together at most what remains."""

    shares: Annotated[list[Share], Meta(min_length=1, max_length=50)]
    note: Text = ""


class MoveBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/unmatched/move-back``: it was the wrong patient's; the payment's money is unmatched again."""

    payment_uid: str
    reason: Annotated[str, Meta(min_length=3, max_length=200)]


class RefundUnmatched(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/unmatched/{id}/refund``: ask for what remains (or less) to go back to who paid it, or to a phone."""

    amount: Amount
    reason: Annotated[str, Meta(min_length=3, max_length=200)]
    phone_number: str = ""
