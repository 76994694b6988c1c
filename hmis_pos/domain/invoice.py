"""What a patient is asked to pay. The HMIS owns invoices; we read them and add what was paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hmis_pos.domain.money import Money


class InvoiceStatus(StrEnum):
    """How the HMIS sees the invoice."""

    OPEN = "open"  #: queued for payment, nothing or a part of it paid
    PAID = "paid"  #: nothing is owed
    CANCELLED = "cancelled"  #: the HMIS withdrew it; money that still comes becomes a deposit


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One service. ``amount`` is quantity times unit price, as the HMIS computed it."""

    description: str
    quantity: int
    unit_price: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice with what covers it. All amounts share one currency."""

    id: int
    number: str
    facility_id: int
    patient_id: int
    patient_no: str
    patient_name: str
    patient_phone: str  #: as the HMIS has it, not normalised; may be empty
    patient_sex: str
    patient_birth_year: int | None
    status: InvoiceStatus
    total: Money
    insurance: Money  #: what an insurer covers
    insurer: str
    waiver: Money  #: what the hospital waives
    waiver_note: str
    paid: Money  #: the sum of allocations
    queued_at: datetime
    lines: tuple[InvoiceLine, ...] = field(default=())

    @property
    def payable(self) -> Money:
        """Total - insurance - waiver - already paid; never below zero."""
        left = self.total - self.insurance - self.waiver - self.paid
        return left if left.minor > 0 else Money.zero(self.total.currency)

    @property
    def owed(self) -> Money:
        """What may still be allocated to it: nothing once the HMIS cancelled it."""
        if self.status is InvoiceStatus.CANCELLED:
            return Money.zero(self.total.currency)
        return self.payable
