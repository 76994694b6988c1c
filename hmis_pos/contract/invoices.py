"""The queue of invoices."""

from __future__ import annotations

from msgspec import Struct

from hmis_pos.contract.fields import Name, SignedAmount


class Line(Struct, frozen=True, kw_only=True):
    """One service of an invoice."""

    description: str
    quantity: int
    unit_price: SignedAmount
    amount: SignedAmount


class ServedBy(Struct, frozen=True, kw_only=True):
    """Who has the invoice at a counter, until when unless renewed."""

    terminal: str
    counter: str
    cashier: str
    until: str


class Ringing(Struct, frozen=True, kw_only=True):
    """An electronic attempt on this invoice that may still bring money."""

    uid: str
    method: str
    status: str
    amount: SignedAmount
    terminal: str
    since: str


class Invoice(Struct, frozen=True, kw_only=True):
    """An invoice as a counter needs it; ``payable`` = total - insurance - waiver - paid, not below zero."""

    id: int
    number: str
    patient_id: int
    patient_no: str
    patient_name: str
    patient_phone: str
    patient_sex: str
    patient_birth_year: int | None
    status: str
    currency: str
    total: SignedAmount
    insurance: SignedAmount
    insurer: str
    waiver: SignedAmount
    waiver_note: str
    paid: SignedAmount
    payable: SignedAmount
    facility_id: int
    queued_at: str
    lines: list[Line]
    served_by: ServedBy | None = None
    ringing: Ringing | None = None


class InvoicePage(Struct, frozen=True, kw_only=True):
    """``GET /api/invoices``. ``next`` is the cursor of the following page, empty at the end.

    ``last_event`` is the feed's position before the page was read: follow the feed from there and nothing is missed.
    """

    invoices: list[Invoice]
    next: str
    open_count: int
    last_event: int


class Serve(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``POST /api/invoices/{id}/serve``: this counter takes the invoice, or renews its claim.

    ``take_over`` says that the cashier saw who has it and goes on all the same.
    """

    counter: Name
    take_over: bool = False
