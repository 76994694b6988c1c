"""A small hospital in a central database, and hands to put invoices and payments into it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from hmis_pos.cashier.ports import Books, Clock
from hmis_pos.cashier.records import PaymentRecord
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.stores.books import CentralBooks
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.ids import uuid7
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method, Payment


def central(books: Books) -> CentralBooks:
    assert isinstance(books, CentralBooks)
    return books


@dataclass
class Hospital:
    """One facility, one cashier, one patient; as many invoices as asked for."""

    database: CentralDatabase
    clock: Clock
    facility: int = 1
    user: int = 1
    patient: int = 1
    invoice: int = 1
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def uid(self) -> UUID:
        return uuid7(int(self.clock.now().timestamp() * 1000), next(self._numbers).to_bytes(10, "big"))

    def add_patient(self, **said: Any) -> int:
        values = {"facility_id": self.facility, "patient_no": "OP-1", "name": "Otieno, Brian", "phone": "254722418903"}
        return self.put("patient", **{**values, **said})

    def add_invoice(self, total: int = 1_000_00, **said: Any) -> int:
        number = next(self._numbers)
        values = {
            "number": f"INV-{number}",
            "facility_id": self.facility,
            "patient_id": self.patient,
            "total": total,
            "queued_at": self.clock.now() - timedelta(minutes=30) + timedelta(seconds=number),
        }
        return self.put("invoice", **{**values, **said})

    def put(self, table: str, /, **values: Any) -> int:
        """A row into a table of the HMIS, as the HMIS would write it."""

        def work(books: Books) -> int:
            target = getattr(central(books).schema.hmis, table)
            done = central(books).connection.execute(insert(target).values(**values))
            assert done.inserted_primary_key is not None
            return int(done.inserted_primary_key[0])

        return self.database.write_now(work)

    def change(self, table: str, row: int, /, **values: Any) -> None:
        def work(books: Books) -> None:
            target = getattr(central(books).schema.hmis, table)
            central(books).connection.execute(update(target).where(target.c.id == row).values(**values))

        self.database.write_now(work)

    def draft(
        self, amount: int = 500_00, *, method: Method = Method.MPESA, invoice: int | None = None
    ) -> PaymentRecord:
        """An attempt not yet stored, with nothing that must be unique but its uid."""
        return PaymentRecord(
            payment=Payment(
                uid=self.uid(),
                invoice_id=invoice or self.invoice,
                patient_id=self.patient,
                method=method,
                asked=Money(amount),
                asked_at=self.clock.now(),
            ),
            facility_id=self.facility,
            cashier="cashier",
            processed_by=self.user,
            next_check_at=self.clock.now() + timedelta(seconds=20),
        )

    def said(self, kind: EvidenceKind, source: Source = Source.CALLBACK, **more: Any) -> Evidence:
        return Evidence(kind=kind, source=source, observed_at=self.clock.now(), **more)

    def intend(self, record: PaymentRecord | None = None) -> PaymentRecord:
        """Store an attempt, with its audit row."""
        new = record or self.draft()

        def work(books: Books) -> PaymentRecord:
            books.trail.audit("cashier", "payment.initiate", f"payment:{new.uid}", "test", {})
            return books.payments.add(new)

        return self.database.write_now(work)

    def save(self, record: PaymentRecord, fact: Evidence) -> None:
        """Store what a record became by a fact."""
        self.database.write_now(lambda books: books.payments.save(record, fact))

    def prove(self, record: PaymentRecord, amount: int | None = None, receipt_no: str = "") -> PaymentRecord:
        """Store the proof that it was paid, without posting anything."""
        received = Money(record.payment.asked.minor if amount is None else amount)
        cash = record.payment.method is Method.CASH
        fact = self.said(
            EvidenceKind.TAKEN if cash else EvidenceKind.PAID,
            Source.CASHIER if cash else Source.CALLBACK,
            amount=received,
            receipt_no=receipt_no,
        )
        payment = record.payment.apply(fact)
        proven = replace(
            record,
            payment=payment,
            received=received,
            receipts=payment.verdict.receipts,
            completed_at=self.clock.now(),
            next_check_at=None,
        )

        def work(books: Books) -> None:
            if receipt_no:
                books.payments.claim_receipt(record.payment.method.value, receipt_no, f"payment:{record.uid}")
            books.payments.save(proven, fact)

        self.database.write_now(work)
        return proven


async def found_hospital(database: CentralDatabase, clock: Clock) -> Hospital:
    """Facility, cashier, patient and one open invoice of 1,000.00 with two lines."""
    hospital = Hospital(database, clock)
    hospital.facility = hospital.put("facility", code="TEST", name="Test Hospital")
    hospital.user = hospital.put(
        "user",
        username="cashier",
        display_name="Achieng O.",
        role="billing",
        facility_id=hospital.facility,
        password_hash="x",
        active=True,
    )
    hospital.patient = hospital.add_patient(patient_no="OP-118204", name="Wanjiku, Grace N.", phone="0712 345 418")
    hospital.invoice = hospital.add_invoice(number="INV-20931")
    for position, (words, price) in enumerate((("Pharmacy", 300_00), ("Consultation", 700_00)), 1):
        hospital.put(
            "invoice_line",
            invoice_id=hospital.invoice,
            position=3 - position,
            description=words,
            quantity=1,
            unit_price=price,
            amount=price,
        )
    return hospital


def at(hospital: Hospital) -> datetime:
    return hospital.clock.now()
