"""Allocations, deposits, and the double-entry rows beside them. Append-only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from hmis_pos.cashier.records import Posted
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.ledger import Transfer
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState


class LedgerStore:
    """``cashier.ports.Ledger``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._schema = schema

    def posted(self, payment_uid: UUID) -> Posted:
        p, a, d = self._schema.payment.c, self._schema.allocation.c, self._schema.deposit.c
        r = self._schema.refund.c
        gone = select(func.sum(r.amount)).where(r.payment_uid == payment_uid, r.state == RefundState.COMPLETED.value)
        row = self._db.execute(
            select(
                p.currency,
                select(func.sum(a.amount)).where(a.payment_uid == payment_uid).scalar_subquery().label("allocated"),
                select(func.sum(d.amount)).where(d.payment_uid == payment_uid).scalar_subquery().label("deposited"),
                gone.scalar_subquery().label("refunded"),
            ).where(p.uid == payment_uid)
        ).one_or_none()
        if row is None:
            raise NotFound(f"there is no payment {payment_uid}", field="uid")
        return Posted(
            allocated=Money(row.allocated or 0, row.currency),
            deposited=Money(row.deposited or 0, row.currency),
            refunded=Money(row.refunded or 0, row.currency),
        )

    def allocate(self, payment_uid: UUID, invoice_id: int, amount: Money, at: datetime) -> None:
        self._db.execute(
            insert(self._schema.allocation).values(
                payment_uid=payment_uid,
                invoice_id=invoice_id,
                amount=amount.minor,
                currency=amount.currency,
                at=at,
            )
        )

    def deposit(self, payment_uid: UUID, patient_id: int, amount: Money, reason: str, at: datetime) -> None:
        self._db.execute(
            insert(self._schema.deposit).values(
                payment_uid=payment_uid,
                patient_id=patient_id,
                amount=amount.minor,
                currency=amount.currency,
                reason=reason,
                at=at,
            )
        )

    def transfer(self, transfer: Transfer, subject: str, at: datetime) -> None:
        self._db.execute(
            insert(self._schema.transfer).values(
                debit=transfer.debit,
                credit=transfer.credit,
                amount=transfer.amount.minor,
                currency=transfer.amount.currency,
                subject=subject,
                at=at,
            )
        )
