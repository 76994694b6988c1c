"""The HMIS's invoices: read in queue order, told what was paid; and which counter serves which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    literal,
    select,
    text,
    tuple_,
    update,
)

from hmis_pos.cashier.records import InvoiceFilter, InvoicePage, Serving
from hmis_pos.db.central.search import INVOICES, among, terms
from hmis_pos.db.central.stores.payments import PaymentStore
from hmis_pos.db.central.stores.statements import locked, upsert
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.invoice import Invoice, InvoiceLine, InvoiceStatus
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import ELECTRONIC


class InvoiceStore:
    """``cashier.ports.Invoices``."""

    def __init__(self, connection: Connection, schema: Schema, payments: PaymentStore) -> None:
        self._db = connection
        self._schema = schema
        self._payments = payments
        self._dialect = connection.dialect.name
        self._invoice = schema.hmis.invoice
        self._patient = schema.hmis.patient
        self._line = schema.hmis.invoice_line
        self._serving = schema.serving

    def get(self, invoice_id: int) -> Invoice | None:
        return self._one(self._wanted().where(self._invoice.c.id == invoice_id))

    def lock(self, invoice_id: int) -> Invoice | None:
        wanted = self._wanted().where(self._invoice.c.id == invoice_id)
        return self._one(locked(self._db, wanted, of=self._invoice))

    def those(self, *conditions: ColumnElement[bool]) -> list[Invoice]:
        """The invoices that ``conditions`` on the table hold for, in queue order."""
        return self._many(self._wanted().where(*conditions).order_by(self._invoice.c.queued_at, self._invoice.c.id))

    def page(self, wanted: InvoiceFilter, now: datetime) -> InvoicePage:
        i = self._invoice.c
        conditions = [i.facility_id == wanted.facility_id]
        if wanted.open_only:
            conditions.append(i.status == InvoiceStatus.OPEN.value)
        words = terms(wanted.text)
        if words:
            conditions.append(among(INVOICES, words, self._dialect, i.id))
        if wanted.after is not None:
            queued_at, number = wanted.after
            conditions.append(tuple_(i.queued_at, i.id) > tuple_(_bound(queued_at, i.queued_at), _bound(number, i.id)))
        query = self._wanted().where(and_(*conditions)).order_by(i.queued_at, i.id).limit(wanted.limit)
        invoices = self._many(query)
        ids = [invoice.id for invoice in invoices]
        return InvoicePage(
            invoices=tuple(invoices),
            serving=self._claims(ids, now),
            ringing=self._payments.open_attempts(ids, [method.value for method in ELECTRONIC]) if ids else {},
        )

    def count_open(self, facility_id: int) -> int:
        i = self._invoice.c
        counted = select(func.count()).where(i.facility_id == facility_id, i.status == InvoiceStatus.OPEN.value)
        return int(self._db.execute(counted).scalar_one())

    def add_paid(self, invoice_id: int, amount: Money) -> None:
        i = self._invoice.c
        paid = i.amount_paid + amount.minor
        owed = i.total - i.insurance - i.waiver - paid
        status = case(
            (i.status == InvoiceStatus.CANCELLED.value, i.status),
            (owed <= 0, InvoiceStatus.PAID.value),
            else_=InvoiceStatus.OPEN.value,
        )
        done = self._db.execute(update(self._invoice).where(i.id == invoice_id).values(amount_paid=paid, status=status))
        if done.rowcount != 1:
            raise NotFound(f"there is no invoice {invoice_id}", field="invoice_id")

    def serving(self, invoice_id: int, now: datetime) -> Serving | None:
        return self._claims([invoice_id], now).get(invoice_id)

    def serve(self, claim: Serving) -> None:
        values = {
            "terminal": claim.terminal,
            "counter": claim.counter,
            "cashier": claim.cashier,
            "until": claim.until,
        }
        self._db.execute(
            upsert(self._db, self._serving)
            .values(invoice_id=claim.invoice_id, **values)
            .on_conflict_do_update(index_elements=["invoice_id"], set_=values)
        )

    def release(self, invoice_id: int, terminal: str) -> bool:
        s = self._serving.c
        gone = self._db.execute(delete(self._serving).where(s.invoice_id == invoice_id, s.terminal == terminal))
        return gone.rowcount > 0

    def changes(self, since: datetime, limit: int) -> Sequence[tuple[int, int, datetime]]:
        """As the port says, and complete: a row that a running transaction may still undercut is held back.

        On PostgreSQL more than ``limit`` rows may come, where the last ones share an instant.
        """
        i = self._invoice.c
        wanted = select(i.id, i.facility_id, i.updated_at).where(i.updated_at > since).order_by(i.updated_at)
        if self._dialect == "sqlite":  # one writer at a time, and its triggers never give an instant twice
            wanted = wanted.limit(limit)
        else:
            wanted = wanted.where(i.updated_at < self._settled_until()).fetch(limit, with_ties=True)
        return [(int(row[0]), int(row[1]), row[2]) for row in self._db.execute(wanted)]

    def _settled_until(self) -> Any:
        """The instant before which no transaction can still commit a change of an invoice.

        Whoever writes invoices holds a lock on the table until it commits. Where the server does not show us when such a
        transaction began (another role, without pg_read_all_stats), everything waits for it.
        """
        invoice = f'"{self._invoice.name}"'
        return self._db.execute(
            text(
                "SELECT least(clock_timestamp(), min(CASE WHEN a.xact_start IS NULL THEN '-infinity' ELSE a.xact_start END))"
                " FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
                " WHERE l.relation = to_regclass(:invoice) AND l.pid <> pg_backend_pid()"
                " AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"
            ),
            {"invoice": invoice},
        ).scalar_one()

    def _claims(self, ids: Iterable[int], now: datetime) -> dict[int, Serving]:
        s = self._serving.c
        rows = self._db.execute(select(self._serving).where(s.invoice_id.in_(list(ids)), s.until > now))
        return {
            row.invoice_id: Serving(
                invoice_id=row.invoice_id,
                terminal=row.terminal,
                counter=row.counter,
                cashier=row.cashier,
                until=row.until,
            )
            for row in rows
        }

    def _wanted(self) -> Select[Any]:
        i, p = self._invoice.c, self._patient.c
        return select(
            *(column.label(column.key) for column in self._invoice.c if column.key not in ("bill_id", "updated_at")),
            p.patient_no.label("patient_no"),
            p.name.label("patient_name"),
            p.phone.label("patient_phone"),
            p.sex.label("patient_sex"),
            p.birth_year.label("patient_birth_year"),
        ).join_from(self._invoice, self._patient, p.id == i.patient_id)

    def _one(self, wanted: Select[Any]) -> Invoice | None:
        return next(iter(self._many(wanted)), None)

    def _many(self, wanted: Select[Any]) -> list[Invoice]:
        rows = self._db.execute(wanted).all()
        lines = self._lines({row.id: row.currency for row in rows})
        return [_invoice(row, lines.get(row.id, ())) for row in rows]

    def _lines(self, currencies: dict[int, str]) -> dict[int, tuple[InvoiceLine, ...]]:
        if not currencies:
            return {}
        t = self._line.c
        columns = (t.invoice_id, t.description, t.quantity, t.unit_price, t.amount)
        rows = self._db.execute(
            select(*(column.label(column.key) for column in columns))
            .where(t.invoice_id.in_(list(currencies)))
            .order_by(t.invoice_id, t.position, t.id)
        )
        lines: dict[int, list[InvoiceLine]] = {}
        for row in rows:
            currency = currencies[row.invoice_id]
            lines.setdefault(row.invoice_id, []).append(
                InvoiceLine(
                    description=row.description or "",
                    quantity=row.quantity,
                    unit_price=Money(row.unit_price, currency),
                    amount=Money(row.amount, currency),
                )
            )
        return {number: tuple(said) for number, said in lines.items()}


def _bound(value: object, column: Any) -> Any:
    """A bound parameter stored the way ``column`` stores its values."""
    return literal(value, column.type)


def _invoice(row: Row[Any], lines: tuple[InvoiceLine, ...]) -> Invoice:
    currency = row.currency
    return Invoice(
        id=row.id,
        number=row.number,
        facility_id=row.facility_id,
        patient_id=row.patient_id,
        patient_no=row.patient_no or "",
        patient_name=row.patient_name or "",
        patient_phone=row.patient_phone or "",
        patient_sex=row.patient_sex or "",
        patient_birth_year=row.patient_birth_year,
        status=InvoiceStatus(row.status),
        total=Money(row.total, currency),
        insurance=Money(row.insurance or 0, currency),
        insurer=row.insurer or "",
        waiver=Money(row.waiver or 0, currency),
        waiver_note=row.waiver_note or "",
        paid=Money(row.amount_paid or 0, currency),
        queued_at=row.queued_at,
        lines=lines,
    )
