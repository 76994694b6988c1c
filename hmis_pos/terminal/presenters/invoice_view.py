"""The middle column: one invoice, told from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.payments import Transaction
from hmis_pos.db.local.records import KeptReceipt
from hmis_pos.domain.invoice import Invoice, InvoiceStatus
from hmis_pos.domain.money import Money, total
from hmis_pos.domain.payment import OPEN_STATES, PaymentState
from hmis_pos.terminal.presenters.payment_words import method_word, state_word
from hmis_pos.terminal.presenters.texts import day, less, masked_phone, spoken_name
from hmis_pos.terminal.presenters.views import Tone
from hmis_pos.terminal.queue_document import QueueItem

#: Earlier payments shown; the list of payments has the rest.
_EARLIER = 4
_TELLING = frozenset(
    {PaymentState.COMPLETED, PaymentState.PARTIALLY_REFUNDED, PaymentState.CANCELLED, *OPEN_STATES},
)


@dataclass(frozen=True, slots=True)
class LineView:
    """One service."""

    service: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SumView:
    """One line of the sum below the services. ``final``: the one that is to be paid."""

    label: str
    note: str = ""
    amount: str
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierView:
    """An earlier payment of this patient: ``2 Nov``, ``1,200.00``, ``M-Pesa``, its reference, its state where it is not paid."""

    uid: str
    when: str
    amount: str
    method: str
    reference: str
    state: str = ""
    tone: Tone = Tone.NEUTRAL
    this_invoice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """What the middle column shows of an invoice."""

    invoice_id: int
    number: str
    name: str
    badges: tuple[str, ...] = ()
    facts: str = ""
    lines: tuple[LineView, ...] = ()
    sums: tuple[SumView, ...] = ()
    to_pay: str = ""
    paid_in_full: bool = False
    withdrawn: bool = False  #: the hospital cancelled it
    unsent: str = ""  #: what this till took for it and has not sent yet, in a sentence


def invoice_view(item: QueueItem, now: datetime) -> InvoiceView:
    """The invoice as the till knows it now."""
    invoice = item.invoice
    return InvoiceView(
        invoice_id=invoice.id,
        number=invoice.number,
        name=spoken_name(invoice.patient_name),
        badges=(_tr_member(invoice.insurer),) if invoice.insurer else (),
        facts=" · ".join(_facts(invoice, now)),
        lines=tuple(
            LineView(line.description, str(line.quantity), line.unit_price.grouped, line.amount.grouped)
            for line in invoice.lines
        ),
        sums=tuple(_sums(item)),
        to_pay=item.payable.grouped,
        paid_in_full=not item.payable and invoice.status is not InvoiceStatus.CANCELLED,
        withdrawn=invoice.status is InvoiceStatus.CANCELLED,
        unsent=_unsent(item),
    )


def _tr_member(insurer: str) -> str:
    return QCoreApplication.translate("invoice", "{insurer} member").format(insurer=insurer)


def _facts(invoice: Invoice, now: datetime) -> list[str]:
    person = [invoice.patient_sex] if invoice.patient_sex else []
    if invoice.patient_birth_year is not None:
        person.append(str(max(0, now.year - invoice.patient_birth_year)))
    return [
        fact
        for fact in (
            invoice.patient_no,
            ", ".join(person),
            masked_phone(invoice.patient_phone) if invoice.patient_phone else "",
            QCoreApplication.translate("invoice", "queued {day}").format(day=day(invoice.queued_at, now)),
            invoice.number,
        )
        if fact
    ]


def _sums(item: QueueItem) -> list[SumView]:
    invoice = item.invoice
    sums = [SumView(label=QCoreApplication.translate("invoice", "Total"), amount=invoice.total.grouped)]
    if invoice.insurance:
        insurer = invoice.insurer or QCoreApplication.translate("invoice", "Insurance")
        label = QCoreApplication.translate("invoice", "{insurer} covers").format(insurer=insurer)
        sums.append(SumView(label=label, amount=less(invoice.insurance)))
    if invoice.waiver:
        label = QCoreApplication.translate("invoice", "Waiver")
        sums.append(SumView(label=label, note=invoice.waiver_note, amount=less(invoice.waiver)))
    if invoice.paid:
        sums.append(
            SumView(label=QCoreApplication.translate("invoice", "Already paid"), amount=less(invoice.paid)),
        )
    label = QCoreApplication.translate("invoice", "To pay")
    sums.append(SumView(label=label, amount=item.payable.grouped, final=True))
    return sums


def _unsent(item: QueueItem) -> str:
    if not item.unsynced:
        return ""
    text = QCoreApplication.translate("invoice", "{amount} of it was taken here and is not sent yet")
    return text.format(amount=item.unsynced.grouped)


def earlier_views(
    transactions: Sequence[Transaction], kept: Sequence[KeptReceipt], invoice_id: int, now: datetime
) -> tuple[EarlierView, ...]:
    """Payments of the patient as the relay lists them, before them what this till took and has not sent; this invoice's first."""
    known = {one.receipt_no for one in transactions if one.receipt_no}
    listed_uids = {one.uid for one in transactions}
    local = [
        EarlierView(
            uid=str(one.receipt.payment_uid),
            when=day(one.receipt.issued_at, now),
            amount=one.receipt.tender.applied.grouped,
            method=method_word(one.receipt.method.value),
            reference=one.receipt.no,
            state=QCoreApplication.translate("invoice", "not sent yet"),
            this_invoice=True,
        )
        for one in kept
        if one.acknowledged_at is None
        and one.receipt.no not in known
        and str(one.receipt.payment_uid) not in listed_uids  # an electronic payment the relay lists by itself
    ]
    listed = [_earlier(one, invoice_id, now) for one in transactions if one.status in _TELLING]
    return tuple(sorted([*local, *listed], key=lambda one: not one.this_invoice)[:_EARLIER])


def _earlier(one: Transaction, invoice_id: int, now: datetime) -> EarlierView:
    paid = one.status in (PaymentState.COMPLETED, PaymentState.PARTIALLY_REFUNDED)
    word, tone = state_word(one.status)
    return EarlierView(
        uid=one.uid,
        when=day(instant(one.created_at), now),
        amount=money(one.received if paid else one.amount, one.currency).grouped,
        method=method_word(one.payment_method),
        reference=one.provider_receipt or one.receipt_no,
        state="" if paid else word,
        tone=Tone.NEUTRAL if paid else tone,
        this_invoice=one.invoice_id == invoice_id,
    )


def deposit_of(transactions: Sequence[Transaction]) -> Money:
    """What of the patient's payments lies as a deposit."""
    return total(money(one.deposited, one.currency) for one in transactions)
