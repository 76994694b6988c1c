"""An invoice of the queue: from the relay's message into the local store, and out of it for the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from hmis_pos.contract import events, invoices, payments
from hmis_pos.contract.mapping import instant, invoice_from, money
from hmis_pos.db.local.records import CachedInvoice, QueuedInvoice, RingingMark, ServingMark
from hmis_pos.db.local.stamps import stamp
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import ELECTRONIC, OPEN_STATES

_OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """An invoice as a counter sees it now.

    ``invoice.paid`` holds what the relay knows plus what this till took and has not synced; ``unsynced`` is the latter alone.
    """

    invoice: Invoice
    served_by: invoices.ServedBy | None
    ringing: invoices.Ringing | None
    unsynced: Money

    @property
    def id(self) -> int:
        return self.invoice.id

    @property
    def payable(self) -> Money:
        return self.invoice.owed

    def served_elsewhere(self, series: str, now: datetime) -> bool:
        """True while another counter's claim on it is running."""
        mark = self.served_by
        return mark is not None and mark.terminal != series and instant(mark.until) > now


def cached(message: invoices.Invoice) -> CachedInvoice:
    """The relay's message as the store keeps it.

    Raises:
        CashierMistake: the message does not hold what it should.
    """
    currency = message.currency
    return CachedInvoice(
        id=message.id,
        document=msgspec.json.encode(message),
        number=message.number,
        patient_no=message.patient_no,
        patient_name=message.patient_name,
        phone=message.patient_phone,
        queued_at=stamp(instant(message.queued_at, field="queued_at")),
        is_open=message.status == _OPEN,
        owed_minor=money(message.payable, currency).minor,
        paid_minor=money(message.paid, currency).minor,
        served_by=b"" if message.served_by is None else msgspec.json.encode(message.served_by),
        ringing=b"" if message.ringing is None else msgspec.json.encode(message.ringing),
        ringing_uid="" if message.ringing is None else message.ringing.uid,
    )


def serving_mark(message: events.InvoiceServing) -> ServingMark:
    return ServingMark(message.invoice_id, b"" if message.served_by is None else msgspec.json.encode(message.served_by))


def ringing_mark(payment: payments.Transaction) -> RingingMark | None:
    """What a moved payment means for its invoice's mark; None for money that rings no phone."""
    if payment.payment_method not in ELECTRONIC:
        return None
    if payment.status not in OPEN_STATES:
        return RingingMark(payment.invoice_id, payment.uid, b"")
    mark = invoices.Ringing(
        uid=payment.uid,
        method=payment.payment_method,
        status=payment.status,
        amount=payment.amount,
        terminal=payment.terminal,
        since=payment.created_at,
    )
    return RingingMark(payment.invoice_id, payment.uid, msgspec.json.encode(mark))


def item(row: QueuedInvoice) -> QueueItem:
    """A stored row as the screen wants it."""
    invoice = invoice_from(msgspec.json.decode(row.document, type=invoices.Invoice))
    currency = invoice.total.currency
    return QueueItem(
        invoice=replace(invoice, paid=Money(row.paid_minor + row.local_minor, currency)),
        served_by=msgspec.json.decode(row.served_by, type=invoices.ServedBy) if row.served_by else None,
        ringing=msgspec.json.decode(row.ringing, type=invoices.Ringing) if row.ringing else None,
        unsynced=Money(row.local_minor, currency),
    )
