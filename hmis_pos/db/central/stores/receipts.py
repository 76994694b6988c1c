"""Receipts that terminals committed, with the invoice as the cashier saw it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from hmis_pos.cashier.records import ReceiptRecord
from hmis_pos.db.central.stores.statements import locked, or_refuse, upsert
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.invoice import Invoice, InvoiceLine, InvoiceStatus
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.domain.receipt import Receipt, Tender

#: Receipt numbers looked at together when a gap is filled.
_STRIDE = 500


class ReceiptStore:
    """``cashier.ports.Receipts``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._schema = schema
        self._t = schema.receipt

    def by_uid(self, uid: UUID) -> ReceiptRecord | None:
        return self._one(self._t.c.uid == uid)

    def by_number(self, series: str, number: int) -> ReceiptRecord | None:
        return self._one((self._t.c.series == series) & (self._t.c.number == number))

    def by_payment(self, payment_uid: UUID) -> ReceiptRecord | None:
        return self._one(self._t.c.payment_uid == payment_uid)

    def add(self, record: ReceiptRecord) -> None:
        """Store it, and move its series' counters.

        Raises:
            Conflict: code ``duplicate-reference``: its uid, number or payment has a receipt already.
        """
        receipt = record.receipt
        or_refuse(
            self._db,
            self._schema,
            insert(self._t).values(
                uid=receipt.uid,
                series=receipt.series,
                number=receipt.number,
                payment_uid=receipt.payment_uid,
                payment_method=receipt.method.value,
                currency=receipt.tender.applied.currency,
                tendered=receipt.tender.tendered.minor,
                applied=receipt.tender.applied.minor,
                issued_at=receipt.issued_at,
                cashier=receipt.cashier,
                counter=receipt.counter,
                invoice_id=receipt.invoice.id,
                invoice_seen=_invoice_text(receipt.invoice),
                provider_receipt=receipt.provider_receipt,
                content_hash=record.content_hash,
                terminal=record.terminal,
                received_at=record.received_at,
                outcome=record.outcome,
            ),
        )
        self._count(receipt.series, receipt.number)

    def last_number(self, series: str) -> int:
        """The highest number up to which none is missing; 0 where number 1 is."""
        s = self._schema.series.c
        return self._db.execute(select(s.contiguous).where(s.series == series)).scalar_one_or_none() or 0

    def _count(self, series: str, number: int) -> None:
        s = self._schema.series
        self._db.execute(
            upsert(self._db, s)
            .values(series=series, contiguous=0, highest=number)
            .on_conflict_do_nothing(index_elements=["series"])
        )
        row = self._db.execute(locked(self._db, select(s).where(s.c.series == series))).one()
        contiguous = row.contiguous
        if number == contiguous + 1:
            contiguous = self._end_of_run(series, number)
        self._db.execute(
            update(s).where(s.c.series == series).values(contiguous=contiguous, highest=max(row.highest, number))
        )

    def _end_of_run(self, series: str, number: int) -> int:
        """The last number of the unbroken run that ``number`` begins; long only after a gap is filled."""
        t = self._t.c
        while True:
            later = select(t.number).where(t.series == series, t.number > number).order_by(t.number).limit(_STRIDE)
            following = self._db.execute(later).scalars().all()
            run = sum(1 for n, said in enumerate(following, number + 1) if n == said)
            number += run
            if run < _STRIDE:
                return number

    def _one(self, condition: ColumnElement[bool]) -> ReceiptRecord | None:
        row = self._db.execute(select(self._t).where(condition)).one_or_none()
        return None if row is None else _record(row)


def _record(row: Row[Any]) -> ReceiptRecord:
    return ReceiptRecord(
        receipt=Receipt(
            uid=row.uid,
            series=row.series,
            number=row.number,
            payment_uid=row.payment_uid,
            method=Method(row.payment_method),
            tender=Tender(tendered=Money(row.tendered, row.currency), applied=Money(row.applied, row.currency)),
            issued_at=row.issued_at,
            cashier=row.cashier,
            counter=row.counter,
            invoice=_invoice(row.invoice_seen),
            provider_receipt=row.provider_receipt,
        ),
        content_hash=row.content_hash,
        terminal=row.terminal,
        received_at=row.received_at,
        outcome=row.outcome,
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an invoice")


def _invoice_text(invoice: Invoice) -> str:
    return json.dumps(asdict(invoice), default=_plain, sort_keys=True, separators=(",", ":"))


def _invoice(text: str) -> Invoice:
    said: dict[str, Any] = json.loads(text)
    amounts = {name: Money(**said[name]) for name in ("total", "insurance", "waiver", "paid")}
    lines = tuple(
        InvoiceLine(
            description=line["description"],
            quantity=line["quantity"],
            unit_price=Money(**line["unit_price"]),
            amount=Money(**line["amount"]),
        )
        for line in said["lines"]
    )
    return Invoice(
        **{
            **said,
            **amounts,
            "lines": lines,
            "status": InvoiceStatus(said["status"]),
            "queued_at": datetime.fromisoformat(said["queued_at"]),
        }
    )
