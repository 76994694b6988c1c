"""Receipt numbers that somebody claims and a provider has to prove."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from hmis_pos.cashier.records_back_office import CheckCause, CheckState, ProviderMoney, ReceiptCheck, ReceiptUse
from hmis_pos.db.central.stores.receipts_booked import Booked, BookedReceipts
from hmis_pos.db.central.stores.statements import locked, or_refuse
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.domain.receipt import receipt_no as our_receipt_no


class CheckStore:
    """``cashier.ports_back_office.Checks``."""

    def __init__(self, connection: Connection, schema: Schema, booked: BookedReceipts) -> None:
        self._db = connection
        self._schema = schema
        self._booked = booked
        self._t = schema.check

    def add(self, check: ReceiptCheck) -> None:
        values = {
            "uid": check.uid,
            "facility_id": check.facility_id,
            "provider": check.provider,
            "receipt_no": normal_receipt(check.receipt_no),
            "cause": check.cause.value,
            "asked_by": check.asked_by,
            "asked_at": check.asked_at,
            "invoice_id": check.invoice_id,
            "user_id": check.user_id,
            "terminal": check.terminal,
            "claim": _claim_text(check.claim),
        }
        or_refuse(self._db, self._schema, insert(self._t).values(**values, **_changing_values(check)))

    def get(self, uid: UUID) -> ReceiptCheck | None:
        return self._one(select(self._t).where(self._t.c.uid == uid))

    def lock(self, uid: UUID) -> ReceiptCheck | None:
        return self._one(locked(self._db, select(self._t).where(self._t.c.uid == uid)))

    def waiting_for(self, provider: str, receipt_no: str) -> Sequence[ReceiptCheck]:
        t = self._t.c
        wanted = select(self._t).where(
            t.provider == provider,
            t.receipt_no == normal_receipt(receipt_no),
            t.state == CheckState.WAITING.value,
        )
        return [_check(row) for row in self._db.execute(wanted.order_by(t.id))]

    def save(self, check: ReceiptCheck) -> None:
        changed = update(self._t).where(self._t.c.uid == check.uid).values(**_changing_values(check))
        if or_refuse(self._db, self._schema, changed).rowcount != 1:
            raise NotFound(f"there is no receipt check {check.uid}", field="uid")

    def due(self, now: datetime, limit: int) -> Sequence[UUID]:
        t = self._t.c
        waiting = select(t.uid).where(t.next_check_at.is_not(None), t.next_check_at <= now)
        return self._db.execute(waiting.order_by(t.next_check_at, t.id).limit(limit)).scalars().all()

    def use_of(self, provider: str, receipt_no: str) -> ReceiptUse | None:
        used = next(iter(self._booked.among(provider, [receipt_no])), None)
        if used is None:
            return None
        u = self._schema.unmatched.c
        # Also where a payment owns it: it may have been moved back, and placed elsewhere since.
        held = self._db.execute(
            select(u.id).where(u.provider == provider, u.receipt_no == used.receipt_no)
        ).scalar_one_or_none()
        return self._held_as(used, held) if held is not None else self._paid_with(used, _payment_of(used.owner))

    def _paid_with(self, used: Booked, uid: UUID) -> ReceiptUse:
        s = self._schema
        p, i, patient, user, r = s.payment.c, s.hmis.invoice.c, s.hmis.patient.c, s.hmis.user.c, s.receipt.c
        row = self._db.execute(
            select(
                p.invoice_id,
                p.cashier,
                p.created_at,
                i.number.label("invoice_number"),
                patient.name.label("patient_name"),
                user.display_name.label("display_name"),
                r.series,
                r.number.label("receipt_number"),
            )
            .select_from(s.payment)
            .outerjoin(s.hmis.invoice, i.id == p.invoice_id)
            .outerjoin(s.hmis.patient, patient.id == p.patient_id)
            .outerjoin(s.hmis.user, user.id == p.processed_by)
            .outerjoin(s.receipt, r.payment_uid == p.uid)
            .where(p.uid == uid)
        ).one()
        return ReceiptUse(
            owner=used.owner,
            amount=used.amount,
            at=used.at or row.created_at,
            by=row.display_name or row.cashier,
            invoice_id=row.invoice_id,
            invoice_number=row.invoice_number or "",
            patient_name=row.patient_name or "",
            receipt_no=our_receipt_no(row.series, row.receipt_number) if row.receipt_number is not None else "",
            payment_uid=uid,
        )

    def _held_as(self, used: Booked, number: int) -> ReceiptUse:
        """Unmatched money: who looks after it, or the payment that the newest of its parts went to."""
        u, part = self._schema.unmatched.c, self._schema.unmatched_part.c
        placed = self._db.execute(
            select(part.payment_uid)
            .where(part.unmatched_id == number, part.payment_uid.is_not(None))
            .group_by(part.payment_uid)
            .having(func.sum(part.amount) > 0)
            .order_by(func.max(part.id).desc())
            .limit(1)
        ).scalar_one_or_none()
        if placed is not None:
            return self._paid_with(used, placed)
        row = self._db.execute(select(u.owner, u.at).where(u.id == number)).one()
        return ReceiptUse(owner=used.owner, amount=used.amount, at=used.at or row.at, by=row.owner)

    def _one(self, wanted: Select[Any]) -> ReceiptCheck | None:
        row = self._db.execute(wanted).one_or_none()
        return None if row is None else _check(row)


def _payment_of(owner: str) -> UUID:
    return UUID(owner.removeprefix("payment:"))


def _changing_values(check: ReceiptCheck) -> dict[str, Any]:
    return {
        "state": check.state.value,
        "code": check.code,
        "text": check.text,
        "payment_uid": check.payment_uid,
        "decided_at": check.decided_at,
        "next_check_at": check.next_check_at,
        "checks_done": check.checks_done,
    }


def _check(row: Row[Any]) -> ReceiptCheck:
    return ReceiptCheck(
        uid=row.uid,
        provider=row.provider,
        receipt_no=row.receipt_no,
        cause=CheckCause(row.cause),
        facility_id=row.facility_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        invoice_id=row.invoice_id,
        user_id=row.user_id,
        terminal=row.terminal,
        claim=_claim(row.claim),
        state=CheckState(row.state),
        code=row.code,
        text=row.text,
        payment_uid=row.payment_uid,
        decided_at=row.decided_at,
        next_check_at=row.next_check_at,
        checks_done=row.checks_done,
        id=row.id,
    )


_TEXTS = ("provider", "receipt_no", "account", "payer_name", "payer_phone", "shortcode", "kind")


def _claim_text(claim: ProviderMoney | None) -> str:
    if claim is None:
        return ""
    said: dict[str, str | None] = {name: getattr(claim, name) for name in _TEXTS}
    said |= {
        "source": claim.source.value,
        "amount": claim.amount.text,
        "currency": claim.amount.currency,
        "observed_at": claim.observed_at.isoformat(),
        "paid_at": claim.paid_at.isoformat() if claim.paid_at is not None else None,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _claim(text: str) -> ProviderMoney | None:
    if not text:
        return None
    said = json.loads(text)
    return ProviderMoney(
        **{name: said[name] for name in _TEXTS},
        source=Source(said["source"]),
        amount=Money.parse(said["amount"], said["currency"]),
        observed_at=datetime.fromisoformat(said["observed_at"]),
        paid_at=datetime.fromisoformat(said["paid_at"]) if said["paid_at"] else None,
    )
