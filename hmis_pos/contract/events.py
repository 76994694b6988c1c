"""The event feed, ``GET /api/events`` (server-sent events, resumable with Last-Event-ID).

Each event's ``event:`` is a kind below, its ``data:`` the JSON of the struct, its ``id:`` a number that grows in commit order. A
client that has fallen behind what is kept gets ``reset`` and reads the queue anew.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from hmis_pos.contract.codes import CodeCheck
from hmis_pos.contract.invoices import Invoice, ServedBy
from hmis_pos.contract.payments import Transaction
from hmis_pos.contract.refunds import Refund
from hmis_pos.contract.statements import Statement
from hmis_pos.contract.unmatched import Unmatched

INVOICE_CHANGED: Literal["invoice.changed"] = "invoice.changed"
INVOICE_SERVING: Literal["invoice.serving"] = "invoice.serving"
PAYMENT_CHANGED: Literal["payment.changed"] = "payment.changed"
TASK_OPENED: Literal["task.opened"] = "task.opened"
TASK_CLOSED: Literal["task.closed"] = "task.closed"
UNMATCHED_CHANGED: Literal["unmatched.changed"] = "unmatched.changed"
CHECK_CHANGED: Literal["check.changed"] = "check.changed"
REFUND_CHANGED: Literal["refund.changed"] = "refund.changed"
STATEMENT_CHANGED: Literal["statement.changed"] = "statement.changed"
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


class TaskClosed(Struct, frozen=True, kw_only=True):
    """It was seen to."""

    task_id: int
    kind: str
    subject: str


class UnmatchedChanged(Struct, frozen=True, kw_only=True):
    """Money arrived that matches nobody, or a piece of it was placed."""

    unmatched: Unmatched


class CheckChanged(Struct, frozen=True, kw_only=True):
    """A receipt number was proven, refused, or is asked about."""

    check: CodeCheck


class RefundChanged(Struct, frozen=True, kw_only=True):
    """A refund moved; with its evidence."""

    refund: Refund


class StatementChanged(Struct, frozen=True, kw_only=True):
    """A statement's import went on, or is done."""

    statement: Statement


class Reset(Struct, frozen=True, kw_only=True):
    """Events since your last one are gone: read the queue anew and follow from ``last_event``."""

    last_event: int
