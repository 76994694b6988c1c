"""What each kind of event says, read from the books as they are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from hmis_pos.cashier import check_code, give_refund
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.import_statement import StatementView
from hmis_pos.cashier.ports import Books
from hmis_pos.contract import events, mapping
from hmis_pos.contract import mapping_back_office as messages
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.payment import ELECTRONIC, OPEN_STATES
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.statement_jobs import StatementJobs

#: Reads what an event is about and tells it; None where that is gone.
Render = Callable[[Books, Mapping[str, Any]], msgspec.Struct | None]


def news(ctx: Context, metrics: Metrics, statements: StatementJobs) -> Mapping[str, Render]:
    """How each kind is told."""

    def payment_changed(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
        uid = mapping.uid(str(about["payment_uid"]))
        summary = books.payments.summary(uid)
        if summary is None:
            return None
        metrics.saw_payment(summary.record)
        return events.PaymentChanged(payment=mapping.transaction_message(summary, books.refunds.of_payment(uid)))

    def invoice_changed(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
        invoice_id = int(about["invoice_id"])
        invoice = books.invoices.get(invoice_id)
        if invoice is None:
            return None
        attempts = books.payments.of_invoice(invoice_id)
        ringing = next(
            (r for r in reversed(attempts) if r.payment.method in ELECTRONIC and r.state in OPEN_STATES), None
        )
        serving = books.invoices.serving(invoice_id, ctx.clock.now())
        return events.InvoiceChanged(invoice=mapping.invoice_message(invoice, serving, ringing))

    def invoice_serving(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
        serving = books.invoices.serving(int(about["invoice_id"]), ctx.clock.now())
        return events.InvoiceServing(
            invoice_id=int(about["invoice_id"]), served_by=None if serving is None else mapping.served_by(serving)
        )

    def statement_changed(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
        file = books.statements.get(int(about["statement_id"]))
        if file is None:
            return None
        view = StatementView(file=file, counts=books.statements.counts(file.id))
        return events.StatementChanged(statement=messages.statement_message(statements.with_progress(view)))

    return {
        events.PAYMENT_CHANGED: payment_changed,
        events.INVOICE_CHANGED: invoice_changed,
        events.INVOICE_SERVING: invoice_serving,
        events.TASK_OPENED: _task_opened,
        events.TASK_CLOSED: _task_closed,
        events.UNMATCHED_CHANGED: _unmatched_changed,
        events.CHECK_CHANGED: _check_changed,
        events.REFUND_CHANGED: _refund_changed,
        events.STATEMENT_CHANGED: statement_changed,
    }


def _task_opened(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
    task = books.trail.task(int(about["task_id"]))
    if task is None:
        return None
    return events.TaskOpened(
        task_id=task.id,
        kind=task.kind.value,
        subject=task.subject,
        text=task.text,
        amount=task.amount.text if task.amount is not None else "",
    )


def _task_closed(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
    task = books.trail.task(int(about["task_id"]))
    if task is None:
        return None
    return events.TaskClosed(task_id=task.id, kind=task.kind.value, subject=task.subject)


def _unmatched_changed(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
    money = books.unmatched.get(int(about["unmatched_id"]))
    return None if money is None else events.UnmatchedChanged(unmatched=messages.unmatched_message(money))


def _check_changed(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
    try:
        view = check_code.view_of(books, mapping.uid(str(about["check_uid"])))
    except NotFound:
        return None
    return events.CheckChanged(check=messages.check_message(view))


def _refund_changed(books: Books, about: Mapping[str, Any]) -> msgspec.Struct | None:
    record = books.refunds.get(mapping.uid(str(about["refund_uid"])))
    if record is None:
        return None
    return events.RefundChanged(refund=messages.refund_message(give_refund.view_of(books, record)))
