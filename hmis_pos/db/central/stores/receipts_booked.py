"""The providers' receipt numbers that count in our books: whose, how much, since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, case, cast, func, literal, or_, select

from hmis_pos.db.central.columns import RowNumber, Uid
from hmis_pos.db.central.stores.many import is_among
from hmis_pos.db.central.stores.payments import PaymentStore
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.evidence import SUCCESS_KINDS
from hmis_pos.domain.money import KES, Money
from hmis_pos.domain.payment import judge, normal_receipt

_PAYMENT, _UNMATCHED = "payment:", "unmatched:"


@dataclass(frozen=True, slots=True)
class Booked:
    """One receipt number in our books."""

    receipt_no: str
    owner: str
    amount: Money
    at: datetime | None


class BookedReceipts:
    """Reads ``provider_receipt`` with what its owners hold."""

    def __init__(self, connection: Connection, schema: Schema, payments: PaymentStore) -> None:
        self._db = connection
        self._payments = payments
        self.t = schema.provider_receipt.c
        self._payment = schema.payment
        self._unmatched = schema.unmatched
        self._deposit = schema.deposit.c
        self._owners = schema.provider_receipt.outerjoin(
            self._payment, self._payment.c.uid == _of_owner(self.t.owner, _PAYMENT, Uid())
        ).outerjoin(self._unmatched, self._unmatched.c.id == _of_owner(self.t.owner, _UNMATCHED, RowNumber))

    @property
    def paid_at(self) -> Any:
        """When the money moved, as far as we know."""
        p, u = self._payment.c, self._unmatched.c
        return func.coalesce(p.paid_at, p.completed_at, u.paid_at, u.at)

    def wanted(self) -> Select[Any]:
        """All of them; to be restricted by ``t`` and ``paid_at``."""
        p, u = self._payment.c, self._unmatched.c
        return select(
            self.t.receipt_no,
            self.t.owner,
            p.uid,
            p.provider_receipts,
            func.coalesce(p.amount_received, u.amount).label("amount"),
            func.coalesce(p.currency, u.currency, KES).label("currency"),
            self.paid_at.label("at"),
        ).select_from(self._owners)

    def read(self, wanted: Select[Any]) -> list[Booked]:
        return [self._booked(row) for row in self._db.execute(wanted).all()]

    def among(self, provider: str, receipts: Iterable[str]) -> list[Booked]:
        """Those of ``receipts`` that count somewhere."""
        return self.read(self.wanted().where(*self._named(provider, receipts)))

    def with_deposits(self, provider: str, receipts: Iterable[str]) -> dict[str, UUID]:
        """Those of ``receipts`` whose payment holds a deposit or has a second receipt."""
        p, d = self._payment.c, self._deposit
        held = select(func.coalesce(func.sum(d.amount), literal(0, d.amount.type))).where(d.payment_uid == p.uid)
        rows = self._db.execute(
            select(self.t.receipt_no, p.uid)
            .select_from(self._owners)
            .where(
                *self._named(provider, receipts),
                or_(held.scalar_subquery() > literal(0, d.amount.type), p.provider_receipts.contains("\n")),
            )
        )
        return {row.receipt_no: row.uid for row in rows}

    def _named(self, provider: str, receipts: Iterable[str]) -> tuple[Any, Any]:
        numbers = (normal_receipt(receipt) for receipt in receipts)
        return self.t.provider == provider, is_among(self._db, self.t.receipt_no, numbers)

    def _booked(self, row: Row[Any]) -> Booked:
        amount = Money(row.amount or 0, row.currency)
        if row.uid is not None and row.provider_receipts != row.receipt_no:
            amount = self._part_of(row, amount)
        return Booked(receipt_no=row.receipt_no, owner=row.owner, amount=amount, at=row.at)

    def _part_of(self, row: Row[Any], whole: Money) -> Money:
        """A payment with several receipts: what this one brought, by the evidence about it."""
        record = self._payments.get(row.uid)
        if record is None:
            return whole
        said = [
            fact
            for fact in record.payment.evidence
            if fact.kind in SUCCESS_KINDS and normal_receipt(fact.receipt_no) == row.receipt_no
        ]
        return judge(said, asked=record.payment.asked, asked_at=record.payment.asked_at).received if said else whole


def _of_owner(owner: Any, prefix: str, kind: Any) -> Any:
    """The uid or number that an owner's word names; NULL where it names something else."""
    return case((func.substr(owner, 1, len(prefix)) == prefix, cast(func.substr(owner, len(prefix) + 1), kind)))
