"""One payment in rows and in full, from the relay's transaction or from this till's own receipt."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.payments import EvidenceLine, Transaction
from hmis_pos.db.local.records import KeptReceipt
from hmis_pos.domain import phone as phones
from hmis_pos.domain.payment import MONEY_STATES, Method, PaymentState
from hmis_pos.terminal.presenters.arrivals import CHANNELS, Arrival
from hmis_pos.terminal.presenters.mpesa_words import mpesa_words
from hmis_pos.terminal.presenters.payment_words import (
    channel_word,
    evidence_word,
    method_word,
    source_word,
    state_word,
)
from hmis_pos.terminal.presenters.payments_view import EvidenceView, Fact, PaymentDetail, PaymentRow
from hmis_pos.terminal.presenters.texts import clock_time, day, moment, spoken_name
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Tone, Words


def row_of_transaction(one: Transaction, now: datetime) -> PaymentRow:
    """A line of the list."""
    word, tone = state_word(one.status)
    paid = one.status in MONEY_STATES
    return PaymentRow(
        uid=one.uid,
        when=moment(instant(one.created_at), now),
        patient=spoken_name(one.patient_name),
        invoice=one.invoice_number,
        method=channel_word(one.channel) if one.channel == "paybill" else method_word(one.payment_method),
        amount=money(one.received if paid else one.amount, one.currency).grouped,
        state=word,
        tone=tone,
        receipt=one.receipt_no or one.provider_receipt,
    )


def row_of_receipt(kept: KeptReceipt, now: datetime) -> PaymentRow:
    """A line for a receipt of this till."""
    receipt = kept.receipt
    state, tone = _local_state(kept)
    return PaymentRow(
        uid=str(receipt.payment_uid),
        when=moment(receipt.issued_at, now),
        patient=spoken_name(receipt.invoice.patient_name),
        invoice=receipt.invoice.number,
        method=method_word(receipt.method.value),
        amount=receipt.tender.applied.grouped,
        state=state,
        tone=tone,
        receipt=receipt.no,
        local=kept.acknowledged_at is None,
    )


def _local_state(kept: KeptReceipt) -> tuple[str, Tone]:
    if kept.refused:
        return QCoreApplication.translate("payments", "paid, refused by the relay"), Tone.NO
    if kept.acknowledged_at is None:
        return QCoreApplication.translate("payments", "paid, not sent yet"), Tone.UNKNOWN
    return state_word(PaymentState.COMPLETED.value)


def detail_of_transaction(
    one: Transaction, kept: KeptReceipt | None, now: datetime, arrival: Arrival | None = None
) -> PaymentDetail:
    """A payment with each piece of its evidence; ``arrival`` where it came by itself."""
    word, tone = state_word(one.status)
    return PaymentDetail(
        uid=one.uid,
        title=_title(one.payment_method, money(one.amount, one.currency).grouped, one.patient_name),
        state=word,
        tone=tone,
        why=arrival.problem if arrival is not None and arrival.problem is not None else _why(one),
        facts=tuple(Fact(label, value) for label, value in _facts(one, kept, now) if value),
        evidence=tuple(_evidence(line, one.currency, now) for line in one.evidence),
        reprint=_reprint(kept, one.receipt_no),
        issue=_issue(one, kept, arrival),
        refund=_refund(one),
        invoice_id=one.invoice_id,
    )


def _issue(one: Transaction, kept: KeptReceipt | None, arrival: Arrival | None) -> ActionView:
    """A completed payment that came while nobody served its invoice has no receipt: a person may issue it."""
    if one.channel not in CHANNELS or one.status != PaymentState.COMPLETED or one.receipt_no or kept is not None:
        return NO_ACTION
    issuing = arrival is not None and arrival.issuing
    return ActionView(label=QCoreApplication.translate("payments", "Issue the receipt"), enabled=not issuing)


def detail_of_receipt(kept: KeptReceipt, now: datetime) -> PaymentDetail:
    """What this till knows of a payment by itself."""
    receipt = kept.receipt
    state, tone = _local_state(kept)
    tender = receipt.tender
    facts = (
        Fact(
            QCoreApplication.translate("payments", "Patient"),
            f"{spoken_name(receipt.invoice.patient_name)} · {receipt.invoice.patient_no}",
        ),
        Fact(QCoreApplication.translate("payments", "Invoice"), receipt.invoice.number),
        Fact(QCoreApplication.translate("payments", "Handed over"), tender.tendered.grouped),
        Fact(QCoreApplication.translate("payments", "Taken"), tender.applied.grouped),
        Fact(QCoreApplication.translate("payments", "Change"), tender.change.grouped),
        Fact(QCoreApplication.translate("payments", "Receipt"), receipt.no),
        Fact(QCoreApplication.translate("payments", "M-Pesa code"), receipt.provider_receipt),
        Fact(QCoreApplication.translate("payments", "Cashier"), f"{receipt.cashier} · {receipt.counter}"),
    )
    return PaymentDetail(
        uid=str(receipt.payment_uid),
        title=_title(receipt.method.value, tender.applied.grouped, receipt.invoice.patient_name),
        state=state,
        tone=tone,
        why=Words(state, kept.refused) if kept.refused else None,
        facts=tuple(fact for fact in facts if fact.value),
        evidence=(
            EvidenceView(
                when=f"{day(receipt.issued_at, now)} {clock_time(receipt.issued_at)}",
                what=evidence_word("taken")[0],
                who=source_word("terminal"),
                more=f"{tender.applied.grouped} · {receipt.no}",
                tone=Tone.OK,
            ),
        ),
        reprint=_reprint(kept, receipt.no),
        invoice_id=receipt.invoice.id,
    )


def _title(method: str, amount: str, name: str) -> str:
    title = QCoreApplication.translate("payments", "{method}, {amount}, {name}")
    return title.format(method=method_word(method), amount=amount, name=spoken_name(name))


def _why(one: Transaction) -> Words | None:
    if one.payment_method != Method.MPESA or one.status in MONEY_STATES or not one.failure_code:
        return None
    return mpesa_words(one.failure_code)


def _facts(one: Transaction, kept: KeptReceipt | None, now: datetime) -> list[tuple[str, str]]:
    received = money(one.received, one.currency)
    deposited = money(one.deposited, one.currency)
    refunded = money(one.refunded, one.currency)
    by = " · ".join(part for part in (one.processed_by, one.terminal) if part)
    return [
        (QCoreApplication.translate("payments", "Patient"), f"{spoken_name(one.patient_name)} · {one.patient_no}"),
        (QCoreApplication.translate("payments", "Invoice"), one.invoice_number),
        (
            QCoreApplication.translate("payments", "Asked"),
            "" if one.channel in CHANNELS else money(one.amount, one.currency).grouped,
        ),
        (QCoreApplication.translate("payments", "Received"), received.grouped if received else ""),
        (
            QCoreApplication.translate("payments", "For the invoice"),
            money(one.allocated, one.currency).grouped if received else "",
        ),
        (QCoreApplication.translate("payments", "Deposit"), deposited.grouped if deposited else ""),
        (
            QCoreApplication.translate("payments", "Handed over"),
            money(one.tendered, one.currency).grouped if one.tendered else "",
        ),
        (
            QCoreApplication.translate("payments", "Change"),
            money(one.change, one.currency).grouped if one.change else "",
        ),
        (QCoreApplication.translate("payments", "Phone"), phones.masked(one.phone) if one.phone else ""),
        (
            QCoreApplication.translate("payments", "M-Pesa code"),
            one.provider_receipt if one.payment_method == Method.MPESA else "",
        ),
        (
            QCoreApplication.translate("payments", "Reference"),
            "" if one.provider_receipt or one.gateway_reference == one.receipt_no else one.gateway_reference,
        ),
        (QCoreApplication.translate("payments", "Account"), one.account_reference),
        (QCoreApplication.translate("payments", "Came by"), channel_word(one.channel)),
        (QCoreApplication.translate("payments", "Account typed"), one.account_typed),
        (QCoreApplication.translate("payments", "Payer"), one.payer),
        (QCoreApplication.translate("payments", "Paid at"), moment(instant(one.paid_at), now) if one.paid_at else ""),
        (QCoreApplication.translate("payments", "M-Pesa fee"), _fee(one)),
        (QCoreApplication.translate("payments", "Given back"), refunded.grouped if refunded else ""),
        (
            QCoreApplication.translate("payments", "Receipt"),
            one.receipt_no or (kept.receipt.no if kept is not None else ""),
        ),
        (QCoreApplication.translate("payments", "Begun"), moment(instant(one.created_at), now)),
        (
            QCoreApplication.translate("payments", "Completed"),
            moment(instant(one.completed_at), now) if one.completed_at else "",
        ),
        (QCoreApplication.translate("payments", "Cashier"), by),
    ]


def _fee(one: Transaction) -> str:
    """What the provider charges the hospital for it; empty for nothing, or where no tariff says."""
    fee = money(one.fee, one.currency) if one.fee else None
    return fee.grouped if fee else ""


def _evidence(line: EvidenceLine, currency: str, now: datetime) -> EvidenceView:
    what, tone = evidence_word(line.kind)
    at = instant(line.at)
    more = [
        money(line.amount, currency).grouped if line.amount else "",
        line.receipt_no,
        QCoreApplication.translate("payments", "code {code}").format(code=line.code) if line.code else "",
        line.text,
    ]
    return EvidenceView(
        when=f"{day(at, now)} {clock_time(at)}",
        what=what,
        who=source_word(line.source),
        more=" · ".join(part for part in more if part),
        tone=tone,
    )


def _refund(one: Transaction) -> ActionView:
    """There where something of it may go back."""
    if not money(one.refundable, one.currency):
        return NO_ACTION
    return ActionView(label=QCoreApplication.translate("payments", "Refund…"))


def _reprint(kept: KeptReceipt | None, receipt_no: str) -> ActionView:
    if kept is not None:
        return ActionView(label=QCoreApplication.translate("payments", "Print receipt again"))
    if not receipt_no:
        return NO_ACTION
    return ActionView(
        label=QCoreApplication.translate("payments", "Print receipt again"),
        enabled=False,
        why_not=QCoreApplication.translate("payments", "Another till issued this receipt; it is printed there."),
    )
