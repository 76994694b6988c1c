"""How an invoice reads in the queue: name, amount, numbers, and the note that tells what is going on with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.mapping import instant
from hmis_pos.domain.payment import PaymentState
from hmis_pos.terminal.presenters.queue_model import LazyRow, Note, RowView
from hmis_pos.terminal.presenters.texts import brief, running, waited
from hmis_pos.terminal.queue_document import QueueItem

_RINGS = frozenset({PaymentState.CREATED.value, PaymentState.PENDING.value})


def lazy_row(item: QueueItem, series: str) -> LazyRow:
    """The row of an invoice for the till with ``series``; its note is told for whatever time it is asked at."""
    invoice = item.invoice
    view = RowView(
        invoice_id=invoice.id,
        name=invoice.patient_name,
        amount=item.payable.grouped,
        numbers=f"{invoice.patient_no} · {invoice.number}",
    )
    return LazyRow(view, lambda now: note(item, series, now))


def note(item: QueueItem, series: str, now: datetime) -> Note:
    """The most telling thing about it: a phone that rings, an open question, another counter, a part paid, how long it waits."""
    ringing = item.ringing
    if ringing is not None and ringing.status in _RINGS:
        time = running((now - instant(ringing.since)).total_seconds())
        return Note(
            QCoreApplication.translate("queue", "phone ringing {time}").format(time=time), "ringing", ticks=True
        )
    if ringing is not None:
        return Note(QCoreApplication.translate("queue", "not known yet"), "unknown")
    mark = item.served_by
    if mark is not None and item.served_elsewhere(series, now):
        return Note(QCoreApplication.translate("queue", "at {counter}").format(counter=mark.counter), elsewhere=True)
    if not item.payable:
        return Note(QCoreApplication.translate("queue", "paid"), "paid")
    if item.invoice.paid:
        return Note(QCoreApplication.translate("queue", "part paid {amount}").format(amount=brief(item.invoice.paid)))
    return Note(waited((now - item.invoice.queued_at).total_seconds()))
