"""Payment transactions, their evidence, and the owners of the providers' receipt numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, func, insert, select, update

from hmis_pos.cashier.records import PaymentFilter, PaymentRecord, PaymentSummary
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.db.central.search import INVOICES, PAYMENTS, ids, terms
from hmis_pos.db.central.stores.payment_rows import (
    changing_values,
    evidence_from_row,
    evidence_values,
    first_values,
    record_from_row,
    said_by_gateway,
)
from hmis_pos.db.central.stores.statements import locked, new_number, or_refuse, upsert
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import MONEY_STATES, OPEN_STATES, PaymentState, normal_receipt
from hmis_pos.domain.receipt import receipt_no
from hmis_pos.domain.refund import RefundState


class PaymentStore:
    """``cashier.ports.Payments``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._schema = schema
        self._t = schema.payment
        self._dialect = connection.dialect.name
        self._saved: set[UUID] = set()

    def add(self, record: PaymentRecord) -> PaymentRecord:
        values = first_values(record) | changing_values(record)
        if record.payment.evidence:
            last = record.payment.evidence[-1]
            values["gateway_response"] = said_by_gateway(last, self._raw(last))
        result = or_refuse(self._db, self._schema, insert(self._t).values(**values))
        number = new_number(result)
        for fact in record.payment.evidence:
            self._append(number, fact)
        self._saved.add(record.uid)
        stored = self.get(record.uid)
        if stored is None:
            raise PromiseBroken(f"payment {record.uid} was stored and cannot be read")
        return stored

    def get(self, uid: UUID) -> PaymentRecord | None:
        return self._one(select(self._t).where(self._t.c.uid == uid))

    def lock(self, uid: UUID) -> PaymentRecord | None:
        return self._one(locked(self._db, select(self._t).where(self._t.c.uid == uid)))

    def by_token(self, token: str) -> PaymentRecord | None:
        return self._one(select(self._t).where(self._t.c.callback_token == token)) if token else None

    def by_request(self, provider: str, reference: str) -> PaymentRecord | None:
        if not reference:
            return None
        t = self._t.c
        return self._one(select(self._t).where(t.payment_method == provider, t.provider_request == reference))

    def by_account(self, provider: str, account: str) -> PaymentRecord | None:
        if not account:
            return None
        t = self._t.c
        return self._one(select(self._t).where(t.payment_method == provider, t.account_reference == account))

    def assured_without_receipt(
        self, provider: str, amount: Money, since: datetime, until: datetime
    ) -> Sequence[PaymentRecord]:
        t = self._t.c
        wanted = select(self._t).where(
            t.facility_id.in_(select(self._schema.hmis.facility.c.id)),  # by the index of (facility, created at)
            t.created_at.between(since, until),
            t.payment_method == provider,
            t.amount == amount.minor,
            t.currency == amount.currency,
            t.status.in_([state.value for state in MONEY_STATES]),
            t.provider_request != "",
            t.provider_receipts == "",
        )
        return self.many(wanted.order_by(t.id))

    def by_idempotency_key(self, key: str) -> PaymentRecord | None:
        return self._one(select(self._t).where(self._t.c.idempotency_key == key)) if key else None

    def of_invoice(self, invoice_id: int) -> Sequence[PaymentRecord]:
        return self.many(select(self._t).where(self._t.c.invoice_id == invoice_id).order_by(self._t.c.id))

    def open_attempts(self, invoice_ids: Iterable[int], methods: Iterable[str]) -> dict[int, PaymentRecord]:
        """The latest attempt of these methods that may still bring money, by invoice."""
        t = self._t.c
        wanted = select(self._t).where(
            t.invoice_id.in_(list(invoice_ids)),
            t.payment_method.in_(sorted(methods)),
            t.status.in_([state.value for state in OPEN_STATES]),
        )
        return {record.payment.invoice_id: record for record in self.many(wanted.order_by(t.id))}

    def last_for_phone(self, phone: str, since: datetime) -> PaymentRecord | None:
        if not phone:
            return None
        t = self._t.c
        newest = select(self._t).where(t.phone == phone, t.asked_at > since).order_by(t.asked_at.desc(), t.id.desc())
        return self._one(newest.limit(1))

    def save(self, record: PaymentRecord, new: Evidence | None = None) -> None:
        t = self._t.c
        was = self._db.execute(
            select(t.id, t.status, t.amount_received, t.reopened).where(t.uid == record.uid)
        ).one_or_none()
        if was is None:
            raise NotFound(f"there is no payment {record.uid}", field="uid")
        values = changing_values(record)
        if record.state in OPEN_STATES and was.status not in OPEN_STATES:
            values["reopened"] = True
        if new is not None:
            self._append(was.id, new)
            values["gateway_response"] = said_by_gateway(new, self._raw(new))
        or_refuse(self._db, self._schema, update(self._t).where(t.id == was.id).values(**values))
        if values["amount_received"] != was.amount_received:
            self._saved.add(record.uid)

    def due(self, now: datetime, limit: int) -> Sequence[UUID]:
        t = self._t.c
        waiting = select(t.uid).where(t.next_check_at.is_not(None), t.next_check_at <= now)
        return self._db.execute(waiting.order_by(t.next_check_at, t.id).limit(limit)).scalars().all()

    def page(self, wanted: PaymentFilter) -> Sequence[PaymentSummary]:
        t = self._t.c
        conditions = [t.facility_id == wanted.facility_id]
        among = {"status": wanted.states, "payment_method": wanted.methods, "channel": wanted.channels}
        conditions.extend(t[column].in_([str(one) for one in some]) for column, some in among.items() if some)
        if wanted.since is not None:
            conditions.append(t.created_at >= wanted.since)
        if wanted.until is not None:
            conditions.append(t.created_at < wanted.until)
        if wanted.after is not None:
            conditions.append(t.id < wanted.after)
        for column, value in (("invoice_id", wanted.invoice_id), ("patient_id", wanted.patient_id)):
            if value is not None:
                conditions.append(t[column] == value)
        for column, said in (("cashier", wanted.cashier), ("terminal", wanted.terminal)):
            if said:
                conditions.append(t[column] == said)
        conditions.extend(t.id.in_(self._found(word)) for word in terms(wanted.text))
        return self._summaries(and_(*conditions), wanted.limit)

    def summary(self, uid: UUID) -> PaymentSummary | None:
        return next(iter(self._summaries(self._t.c.uid == uid, 1)), None)

    def count(self, state: PaymentState) -> int:
        wanted = select(func.count()).select_from(self._t).where(self._t.c.status == state.value)
        return int(self._db.execute(wanted).scalar_one())

    def owner_of(self, provider: str, receipt_no: str) -> str | None:
        t = self._schema.provider_receipt.c
        wanted = select(t.owner).where(t.provider == provider, t.receipt_no == normal_receipt(receipt_no))
        return self._db.execute(wanted).scalar_one_or_none()

    def claim_receipt(self, provider: str, receipt_no: str, owner: str) -> None:
        values = {"provider": provider, "receipt_no": normal_receipt(receipt_no), "owner": owner}
        or_refuse(self._db, self._schema, insert(self._schema.provider_receipt).values(**values))

    def watch(self, uid: UUID) -> None:
        """Look at this payment's sums again before the commit: something else than its own row changed them."""
        self._saved.add(uid)

    def finish(self) -> None:
        """Refuse a transaction that leaves a payment with more posted than received.

        PostgreSQL has a deferred trigger for it; SQLite knows none, and one code runs on both.

        Raises:
            PromiseBroken: naming the payment.
        """
        if not self._saved:
            return
        p, a, d = self._t.c, self._schema.allocation.c, self._schema.deposit.c
        r = self._schema.refund.c
        gone = select(func.coalesce(func.sum(r.amount), 0)).where(
            r.payment_uid == p.uid, r.state == RefundState.COMPLETED.value
        )
        posted = (
            select(func.coalesce(func.sum(a.amount), 0)).where(a.payment_uid == p.uid).scalar_subquery()
            + select(func.coalesce(func.sum(d.amount), 0)).where(d.payment_uid == p.uid).scalar_subquery()
            + gone.scalar_subquery()
        )
        wrong = self._db.execute(
            select(p.uid).where(p.uid.in_(sorted(self._saved)), posted > func.coalesce(p.amount_received, 0))
        ).scalars()
        for uid in wrong:
            raise PromiseBroken(f"payment {uid} would have more allocated and deposited, or refunded, than it received")

    def _append(self, payment_id: int, fact: Evidence) -> None:
        # A repeat of the same statement is no news: it is not stored twice.
        self._db.execute(
            upsert(self._db, self._schema.evidence)
            .values(payment_id=payment_id, **evidence_values(fact))
            .on_conflict_do_nothing(index_elements=["payment_id", "digest"])
        )

    def _raw(self, fact: Evidence) -> bytes | None:
        if fact.raw_id is None:
            return None
        t = self._schema.inbox.c
        return self._db.execute(select(t.body).where(t.id == fact.raw_id)).scalar_one_or_none()

    def _one(self, wanted: Select[Any]) -> PaymentRecord | None:
        return next(iter(self.many(wanted)), None)

    def many(self, wanted: Select[Any]) -> list[PaymentRecord]:
        """The records of a selection of whole rows, with their evidence."""
        rows = self._db.execute(wanted).all()
        evidence = self._evidence_of([row.id for row in rows])
        return [record_from_row(row, evidence.get(row.id, ())) for row in rows]

    def _evidence_of(self, ids: Sequence[int]) -> dict[int, tuple[Evidence, ...]]:
        if not ids:
            return {}
        t = self._schema.evidence
        said: dict[int, list[Evidence]] = {}
        for row in self._db.execute(select(t).where(t.c.payment_id.in_(ids)).order_by(t.c.id)):
            said.setdefault(row.payment_id, []).append(evidence_from_row(row))
        return {number: tuple(facts) for number, facts in said.items()}

    def _found(self, word: str) -> Select[Any]:
        """Ids of payments that one typed word finds: in the invoice's document or in their own."""
        of_invoice = ids(INVOICES, word, self._dialect).subquery()
        own = ids(PAYMENTS, word, self._dialect).subquery()
        t = self._t.c
        both = select(t.id).where(t.invoice_id.in_(select(of_invoice.c.id))).union(select(own.c.id)).subquery()
        return select(both.c.id)

    def _summaries(self, condition: Any, limit: int) -> list[PaymentSummary]:
        t, s = self._t.c, self._schema
        i, p, r = s.hmis.invoice.c, s.hmis.patient.c, s.receipt.c
        a, d = s.allocation.c, s.deposit.c
        allocated = select(func.sum(a.amount)).where(a.payment_uid == t.uid).scalar_subquery()
        deposited = select(func.sum(d.amount)).where(d.payment_uid == t.uid).scalar_subquery()
        rows = self._db.execute(
            select(
                self._t,
                i.number.label("invoice_number"),
                p.patient_no.label("patient_number"),
                p.name.label("patient_name"),
                r.series.label("receipt_series"),
                r.number.label("receipt_number"),
                allocated.label("allocated"),
                deposited.label("deposited"),
            )
            .select_from(self._t)
            .join(s.hmis.invoice, i.id == t.invoice_id)
            .join(s.hmis.patient, p.id == t.patient_id)
            .outerjoin(s.receipt, r.payment_uid == t.uid)
            .where(condition)
            .order_by(t.id.desc())
            .limit(limit)
        ).all()
        evidence = self._evidence_of([row.id for row in rows])
        return [_summary(row, evidence.get(row.id, ())) for row in rows]


def _summary(row: Row[Any], evidence: tuple[Evidence, ...]) -> PaymentSummary:
    return PaymentSummary(
        record=record_from_row(row, evidence),
        invoice_number=row.invoice_number,
        patient_no=row.patient_number or "",
        patient_name=row.patient_name or "",
        receipt_no=receipt_no(row.receipt_series, row.receipt_number) if row.receipt_number is not None else "",
        allocated=Money(row.allocated or 0, row.currency),
        deposited=Money(row.deposited or 0, row.currency),
    )
