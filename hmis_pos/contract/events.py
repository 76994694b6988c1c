"""The event feed, ``GET /api/events`` (server-sent events, resumable with Last-Event-ID).

Each event's ``event:`` is a kind below, its ``data:`` the JSON of the struct, its ``id:`` a number that grows in commit order. A
client that has fallen behind what is kept gets ``reset`` and reads the queue anew.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from hmis_pos.contract.invoices import Invoice, ServedBy
from hmis_pos.contract.payments import Transaction

INVOICE_CHANGED: Literal["invoice.changed"] = "invoice.changed"
INVOICE_SERVING: Literal["invoice.serving"] = "invoice.serving"
PAYMENT_CHANGED: Literal["payment.changed"] = "payment.changed"
TASK_OPENED: Literal["task.opened"] = "task.opened"
RESET: Literal["reset"] = "reset"


class InvoiceChanged(Struct, frozen=True, kw_only=True):
    """Paid, part paid, new, cancelled or corrected: the invoice as it is now."""

    invoice: Invoice


class InvoiceServing(Struct, frozen=True, kw_only=True):
    """A counter took it, or let it go (``served_by`` is null)."""

    invoice_id: int
    served_by: ServedBy | None


class PaymentChanged(Struct, frozen=True, kw_only=True):
    """A payment moved; with its evidence."""

    payment: Transaction


class TaskOpened(Struct, frozen=True, kw_only=True):
    """Somebody has to look."""

    task_id: int
    kind: str
    subject: str
    text: str
    amount: str


class Reset(Struct, frozen=True, kw_only=True):
    """Events since your last one are gone: read the queue anew and follow from ``last_event``."""

    last_event: int
