"""What stands on a receipt, as text, before anybody thinks of paper."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta, timezone

from PySide6.QtCore import QCoreApplication

from hmis_pos.domain import phone
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.printing.template import ReceiptTemplate

translate = QCoreApplication.translate

#: East Africa Time has no summer time.
EAT = timezone(timedelta(hours=3), "EAT")
_MINUS = "\u2212"
_ORIGINAL = 1


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it labels."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service with its amounts as they are printed."""

    description: str
    quantity: str
    unit_price: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptContent:
    """All texts of one receipt, cleaned and formatted; amounts are grouped, without the currency."""

    hospital: str
    house: tuple[str, ...]
    title: str
    no: str
    copy_mark: str
    patient: str
    patient_no: Fact
    facts: tuple[Fact, ...]
    currency_note: str
    columns: tuple[str, str, str, str]
    lines: tuple[ServiceLine, ...]
    sums: tuple[Fact, ...]
    to_pay: Fact
    payment: Fact
    payment_details: tuple[Fact, ...]
    balance: Fact
    settled: bool
    qr: str
    qr_note: str
    footer: tuple[str, ...]
    page: str  #: with ``{page}`` and ``{pages}``


def clean(text: str) -> str:
    """One line without control characters: no ESC reaches a printer, no direction mark turns an amount around (T22)."""
    composed = unicodedata.normalize("NFC", text)
    shown = "".join(" " if ch.isspace() else ch for ch in composed)
    return " ".join("".join(ch for ch in shown if not unicodedata.category(ch).startswith("C")).split())


def qr_text(receipt: Receipt) -> str:
    """Receipt number, amount and uid: enough to look it up; a signature comes with the offline work."""
    return f"{receipt.no}|{receipt.tender.applied.text}|{receipt.uid}"


def content_of(
    receipt: Receipt, copy: int, template: ReceiptTemplate, *, facility: str = "", payer_phone: str = ""
) -> ReceiptContent:
    """Put a receipt into words.

    Args:
        receipt: as committed.
        copy: 1 for the original; above, the paper says which copy it is.
        template: the hospital's own words.
        facility: its name, where the template does not give one.
        payer_phone: the number that paid, normalised; shown masked.
    """
    invoice, tender = receipt.invoice, receipt.tender
    return ReceiptContent(
        hospital=clean(template.hospital or facility),
        house=tuple(
            text
            for text in (
                clean(template.address),
                clean(template.contact),
                translate("Receipt", "KRA PIN {number}").format(number=clean(template.tax_pin))
                if template.tax_pin
                else "",
            )
            if text
        ),
        title=translate("Receipt", "Receipt"),
        no=receipt.no,
        copy_mark=translate("Receipt", "COPY {number}").format(number=copy) if copy > _ORIGINAL else "",
        patient=clean(invoice.patient_name),
        patient_no=Fact(translate("Receipt", "Patient no"), clean(invoice.patient_no)),
        facts=(
            Fact(translate("Receipt", "Date"), receipt.issued_at.astimezone(EAT).strftime("%d/%m/%Y, %H:%M EAT")),
            Fact(translate("Receipt", "Invoice"), clean(invoice.number)),
            Fact(translate("Receipt", "Counter"), clean(receipt.counter)),
            Fact(translate("Receipt", "Cashier"), clean(receipt.cashier)),
        ),
        currency_note=translate("Receipt", "Amounts in {currency}").format(currency=tender.applied.currency),
        columns=(
            translate("Receipt", "Service"),
            translate("Receipt", "Qty"),
            translate("Receipt", "Price"),
            translate("Receipt", "Amount"),
        ),
        lines=tuple(
            ServiceLine(clean(line.description), str(line.quantity), line.unit_price.grouped, line.amount.grouped)
            for line in invoice.lines
        ),
        sums=_sums(receipt),
        to_pay=Fact(translate("Receipt", "To pay"), invoice.payable.grouped),
        payment=Fact(_method(receipt.method), tender.applied.grouped),
        payment_details=_details(receipt, payer_phone),
        balance=Fact(translate("Receipt", "Balance due"), receipt.balance.grouped),
        settled=not receipt.balance,
        qr=qr_text(receipt),
        qr_note=translate("Receipt", "Scan to check this receipt"),
        footer=tuple(text for text in (clean(template.footer_en), clean(template.footer_sw)) if text),
        page=translate("Receipt", "Page {page} of {pages}"),
    )


def _sums(receipt: Receipt) -> tuple[Fact, ...]:
    invoice = receipt.invoice

    def less(label: str, amount: Money, whose: str = "") -> list[Fact]:
        if not amount:
            return []
        name = f"{label} ({clean(whose)})" if clean(whose) else label
        return [Fact(name, f"{_MINUS}{amount.grouped}")]

    return (
        Fact(translate("Receipt", "Total"), invoice.total.grouped),
        *less(translate("Receipt", "Insurance"), invoice.insurance, invoice.insurer),
        *less(translate("Receipt", "Waiver"), invoice.waiver, invoice.waiver_note),
        *less(translate("Receipt", "Paid before"), invoice.paid),
    )


def _details(receipt: Receipt, payer_phone: str) -> tuple[Fact, ...]:
    tender = receipt.tender
    if receipt.method is Method.CASH:
        return (
            Fact(translate("Receipt", "Cash given"), tender.tendered.grouped),
            Fact(translate("Receipt", "Change"), tender.change.grouped),
        )
    found = []
    if receipt.provider_receipt:
        found.append(Fact(translate("Receipt", "Confirmation"), clean(receipt.provider_receipt)))
    if payer_phone:
        found.append(Fact(translate("Receipt", "Phone"), _masked(payer_phone)))
    return tuple(found)


def _masked(number: str) -> str:
    try:
        return phone.masked(phone.normalise(number))
    except CashierMistake:
        return clean(number)


def _method(method: Method) -> str:
    return {
        Method.CASH: translate("Receipt", "Paid in cash"),
        Method.MPESA: translate("Receipt", "Paid by M-Pesa"),
        Method.STRIPE: translate("Receipt", "Paid by card"),
        Method.PAYPAL: translate("Receipt", "Paid by PayPal"),
        Method.CARD_PDQ: translate("Receipt", "Paid by card"),
        Method.BANK_TRANSFER: translate("Receipt", "Paid by bank transfer"),
        Method.CHEQUE: translate("Receipt", "Paid by cheque"),
        Method.INSURANCE: translate("Receipt", "Paid by insurance"),
    }[method]
