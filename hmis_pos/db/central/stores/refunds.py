"""Refunds and what was said about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from hmis_pos.cashier.records_back_office import RefundFilter, RefundRecord
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.db.central.stores.payment_rows import evidence_from_row, evidence_values
from hmis_pos.db.central.stores.payments import PaymentStore
from hmis_pos.db.central.stores.statements import locked, new_number, or_refuse, upsert
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import Conflict, NotFound
from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.domain.refund import RESERVING, SENT, RefundState, Route


class RefundStore:
    """``cashier.ports_back_office.Refunds``."""

    def __init__(self, connection: Connection, schema: Schema, payments: PaymentStore) -> None:
        self._db = connection
        self._schema = schema
        self._payments = payments
        self._t = schema.refund

    def add(self, record: RefundRecord) -> RefundRecord:
        if record.state in RESERVING:
            self._require_room(record)
        values = _first_values(record) | _changing_values(record)
        number = new_number(or_refuse(self._db, self._schema, insert(self._t).values(**values)))
        for fact in record.evidence:
            self._append(number, fact)
        self._watch(record)
        stored = self.get(record.uid)
        if stored is None:
            raise PromiseBroken(f"refund {record.uid} was stored and cannot be read")
        return stored

    def get(self, uid: UUID) -> RefundRecord | None:
        return self._one(select(self._t).where(self._t.c.uid == uid))

    def lock(self, uid: UUID) -> RefundRecord | None:
        return self._one(locked(self._db, select(self._t).where(self._t.c.uid == uid)))

    def of_payment(self, payment_uid: UUID) -> Sequence[RefundRecord]:
        return self.many(select(self._t).where(self._t.c.payment_uid == payment_uid).order_by(self._t.c.id))

    def of_unmatched(self, unmatched_id: int) -> Sequence[RefundRecord]:
        return self.many(select(self._t).where(self._t.c.unmatched_id == unmatched_id).order_by(self._t.c.id))

    def of_receipt(self, provider: str, receipt_no: str) -> Sequence[RefundRecord]:
        t, number = self._t.c, normal_receipt(receipt_no)
        wanted = select(self._t).where(t.provider == provider, t.receipt_no == number).order_by(t.id)
        return self.many(wanted) if number else []

    def by_originator(self, provider: str, originator: str) -> RefundRecord | None:
        t = self._t.c
        wanted = select(self._t).where(t.provider == provider, t.originator == originator)
        return self._one(wanted) if originator else None

    def by_provider_receipt(self, provider: str, receipt_no: str) -> RefundRecord | None:
        t, number = self._t.c, normal_receipt(receipt_no)
        wanted = select(self._t).where(t.provider == provider, t.provider_receipt == number).order_by(t.id)
        return self._one(wanted.limit(1)) if number else None

    def save(self, record: RefundRecord, new: Evidence | None = None) -> None:
        number = self._db.execute(select(self._t.c.id).where(self._t.c.uid == record.uid)).scalar_one_or_none()
        if number is None:
            raise NotFound(f"there is no refund {record.uid}", field="uid")
        if new is not None:
            self._append(number, new)
        or_refuse(
            self._db, self._schema, update(self._t).where(self._t.c.id == number).values(**_changing_values(record))
        )
        self._watch(record)

    def to_send(self, now: datetime, limit: int) -> Sequence[UUID]:
        t = self._t.c
        sent_by_us = t.route.in_([Route.REVERSAL.value, Route.PAYOUT.value])
        is_time = or_(t.next_check_at.is_(None), t.next_check_at <= now)
        wanted = select(t.uid).where(t.state == RefundState.APPROVED.value, t.asked_at.is_(None), sent_by_us, is_time)
        return self._db.execute(wanted.order_by(t.id).limit(limit)).scalars().all()

    def in_flight(self, provider: str, since: datetime) -> bool:
        t = self._t.c
        open_ones = t.state.in_([RefundState.APPROVED.value, *(state.value for state in SENT)])
        asked = select(t.id).where(open_ones, t.provider == provider, t.asked_at > since)
        return self._db.execute(asked.limit(1)).one_or_none() is not None

    def due(self, now: datetime, limit: int) -> Sequence[UUID]:
        t = self._t.c
        waiting = select(t.uid).where(t.next_check_at.is_not(None), t.next_check_at <= now, t.asked_at.is_not(None))
        return self._db.execute(waiting.order_by(t.next_check_at, t.id).limit(limit)).scalars().all()

    def page(self, wanted: RefundFilter) -> Sequence[RefundRecord]:
        t = self._t.c
        conditions = [t.facility_id == wanted.facility_id]
        if wanted.states:
            conditions.append(t.state.in_([state.value for state in wanted.states]))
        if wanted.payment_uid is not None:
            conditions.append(t.payment_uid == wanted.payment_uid)
        if wanted.unmatched_id is not None:
            conditions.append(t.unmatched_id == wanted.unmatched_id)
        if wanted.after is not None:
            conditions.append(t.id < wanted.after)
        return self.many(select(self._t).where(*conditions).order_by(t.id.desc()).limit(wanted.limit))

    def count(self, state: RefundState) -> int:
        counted = select(func.count()).select_from(self._t).where(self._t.c.state == state.value)
        return int(self._db.execute(counted).scalar_one())

    def _require_room(self, record: RefundRecord) -> None:
        """Lock where the money comes from, so that two refunds at once cannot both find it there.

        Raises:
            Conflict: not so much is left.
        """
        t, p, u = self._t.c, self._schema.payment, self._schema.unmatched
        if record.payment_uid is not None:
            came, origin = select(p.c.amount_received).where(p.c.uid == record.payment_uid), t.payment_uid
        else:
            came, origin = select(u.c.amount).where(u.c.id == record.unmatched_id), t.unmatched_id
        there = self._db.execute(locked(self._db, came)).scalar_one_or_none() or 0
        held = select(func.sum(t.amount)).where(
            origin == (record.payment_uid if record.payment_uid is not None else record.unmatched_id),
            t.state.in_(sorted(state.value for state in RESERVING)),
        )
        left = Money(there - (self._db.execute(held).scalar_one() or 0), record.amount.currency)
        if record.amount > left:
            raise Conflict(
                f"{record.amount.grouped} is more than the {left.grouped} that may go back",
                code="above-refundable",
                field="amount",
                cure="Look at the refunds of this money that are under way; give back what is left, or less.",
            )

    def _watch(self, record: RefundRecord) -> None:
        if record.payment_uid is not None and record.state is RefundState.COMPLETED:
            self._payments.watch(record.payment_uid)

    def _append(self, refund_id: int, fact: Evidence) -> None:
        self._db.execute(
            upsert(self._db, self._schema.refund_evidence)
            .values(refund_id=refund_id, **evidence_values(fact))
            .on_conflict_do_nothing(index_elements=["refund_id", "digest"])
        )

    def _one(self, wanted: Select[Any]) -> RefundRecord | None:
        return next(iter(self.many(wanted)), None)

    def many(self, wanted: Select[Any]) -> list[RefundRecord]:
        """The records of a selection of whole rows, with their evidence."""
        rows = self._db.execute(wanted).all()
        if not rows:
            return []
        e = self._schema.refund_evidence
        said: dict[int, list[Evidence]] = {}
        for row in self._db.execute(select(e).where(e.c.refund_id.in_([row.id for row in rows])).order_by(e.c.id)):
            said.setdefault(row.refund_id, []).append(evidence_from_row(row))
        return [_record(row, tuple(said.get(row.id, ()))) for row in rows]


def _first_values(record: RefundRecord) -> dict[str, Any]:
    """The columns that never change."""
    return {
        "uid": record.uid,
        "facility_id": record.facility_id,
        "provider": record.provider,
        "amount": record.amount.minor,
        "currency": record.amount.currency,
        "route": record.route.value,
        "payment_uid": record.payment_uid,
        "unmatched_id": record.unmatched_id,
        "receipt_no": normal_receipt(record.receipt_no),
        "phone": record.phone,
        "requested_by": record.requested_by,
        "requested_at": record.requested_at,
    }


def _changing_values(record: RefundRecord) -> dict[str, Any]:
    return {
        "reason": record.reason,
        "state": record.state.value,
        "decided_by": record.decided_by,
        "decided_at": record.decided_at,
        "decision_note": record.decision_note,
        "asked_at": record.asked_at,
        "originator": record.originator,
        "provider_request": record.provider_request,
        "provider_receipt": normal_receipt(record.provider_receipt),
        "failure_code": record.failure_code,
        "failure_text": record.failure_text,
        "completed_at": record.completed_at,
        "next_check_at": record.next_check_at,
        "checks_done": record.checks_done,
    }


def _record(row: Row[Any], evidence: tuple[Evidence, ...]) -> RefundRecord:
    return RefundRecord(
        uid=row.uid,
        facility_id=row.facility_id,
        provider=row.provider,
        amount=Money(row.amount, row.currency),
        route=Route(row.route),
        reason=row.reason,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        state=RefundState(row.state),
        payment_uid=row.payment_uid,
        unmatched_id=row.unmatched_id,
        receipt_no=row.receipt_no,
        phone=row.phone,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        asked_at=row.asked_at,
        originator=row.originator,
        provider_request=row.provider_request,
        provider_receipt=row.provider_receipt,
        failure_code=row.failure_code,
        failure_text=row.failure_text,
        completed_at=row.completed_at,
        next_check_at=row.next_check_at,
        checks_done=row.checks_done,
        evidence=evidence,
        id=row.id,
    )
