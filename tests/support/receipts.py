"""Receipts to lay out: the usual one, and those that break a layout."""

from __future__ import annotations

from uuid import UUID

from hmis_pos.domain.invoice import InvoiceLine
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.domain.receipt import Receipt, Tender
from hmis_pos.terminal.printing.template import ReceiptTemplate
from tests.support.till import NOW, invoice

UID = UUID("019ab2f0-5b6e-7c3d-9a41-6f0c2d1e8b77")
HOUSE = ReceiptTemplate(
    hospital="Makadara County Referral Hospital",
    address="Jogoo Road, P.O. Box 1234-00100, Nairobi",
    contact="020 555 0100 · accounts@makadara.example",
    tax_pin="P051234567X",
)
LONG = "Comprehensive metabolic panel with electrolytes, urea, creatinine, liver enzymes and lipid profile (fasting)"


def line(text: str, quantity: int, shillings: int) -> InvoiceLine:
    return InvoiceLine(text, quantity, Money.whole(shillings), Money.whole(shillings * quantity))


LINES = (
    line("Consultation, medical officer", 1, 1500),
    line("Full haemogram", 1, 850),
    line("Amoxicillin 500 mg capsules", 21, 20),
    line(LONG, 1, 3400),
)


def receipt(
    lines: tuple[InvoiceLine, ...] = LINES,
    *,
    given: int | None = None,
    applied: int | None = None,
    method: Method = Method.CASH,
    **changes: object,
) -> Receipt:
    """Cash with change unless said otherwise; ``changes`` are of the invoice."""
    total = Money(sum(one.amount.minor for one in lines))
    bill = invoice(1, lines=lines, total=total, **changes)
    amount = bill.payable if applied is None else Money.whole(applied)
    return Receipt(
        uid=UID,
        series="T03A",
        number=417,
        payment_uid=UID,
        method=method,
        tender=Tender(tendered=amount if given is None else Money.whole(given), applied=amount),
        issued_at=NOW,
        cashier="jane.cashier",
        counter="Counter 3, Outpatients",
        invoice=bill,
        provider_receipt="" if method is Method.CASH else "SKL3X7Y2QP",
    )


SAMPLES: dict[str, tuple[Receipt, int]] = {
    "cash": (receipt(given=7000), 1),
    "covered": (
        receipt(
            insurance=Money.whole(2000),
            insurer="SHA outpatient",
            waiver=Money.whole(500),
            waiver_note="Social worker, case 77/26",
            paid=Money.whole(1000),
            given=1000,
            applied=1000,
        ),
        2,
    ),
    "mpesa": (receipt(method=Method.MPESA), 1),
    "long": (
        receipt(
            tuple(line(f"{n}. {LONG if n % 5 == 0 else 'Ward day, general medical'}", n, 1250) for n in range(1, 29)),
            patient_name="Mwanaisha Wanjiru Achieng Nekesa Chepkoech Nyambura wa Kariuki-Odhiambo binti Abdulrahman",
            given=1_000_000,
        ),
        3,
    ),
    "unbroken": (
        receipt(
            (line("X" * 90, 1000, 99_999),),
            patient_name="W" * 60,
            given=99_999_999,
            insurer="I" * 60,
            insurance=Money.whole(5),
        ),
        12,
    ),
}
