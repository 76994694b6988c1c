"""Unmatched money, and where its parts went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, text, update

from hmis_pos.cashier.records_back_office import ProviderMoney, UnmatchedFilter, UnmatchedMoney, UnmatchedPart
from hmis_pos.db.central.columns import storable
from hmis_pos.db.central.search import containing
from hmis_pos.db.central.stores.statements import locked, new_number, or_refuse
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.money import KES, Money
from hmis_pos.domain.payment import normal_receipt


class UnmatchedStore:
    """``cashier.ports_back_office.Unmatched``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._schema = schema
        self._t = schema.unmatched
        self._part = schema.unmatched_part

    def hold(self, money: UnmatchedMoney) -> int:
        """As the port says. What was placed so far is never given here: it begins with nothing.

        Raises:
            Conflict: code ``duplicate-reference`` where this receipt number is held already.
        """
        said = money.money
        stored = or_refuse(
            self._db,
            self._schema,
            insert(self._t).values(
                facility_id=money.facility_id,
                provider=said.provider,
                receipt_no=normal_receipt(said.receipt_no),
                amount=said.amount.minor,
                currency=said.amount.currency,
                account=said.account,
                payer=" ".join(part for part in (said.payer_name, said.payer_phone) if part),
                payer_name=said.payer_name,
                payer_phone=said.payer_phone,
                shortcode=said.shortcode,
                source=said.source.value,
                kind=said.kind,
                paid_at=said.paid_at,
                observed_at=said.observed_at,
                reason=money.reason,
                inbox_id=money.inbox_id,
                owner=money.owner,
                at=money.at,
            ),
        )
        return new_number(stored)

    def get(self, unmatched_id: int) -> UnmatchedMoney | None:
        return self._one(select(self._t).where(self._t.c.id == unmatched_id))

    def lock(self, unmatched_id: int) -> UnmatchedMoney | None:
        return self._one(locked(self._db, select(self._t).where(self._t.c.id == unmatched_id)))

    def page(self, wanted: UnmatchedFilter) -> Sequence[UnmatchedMoney]:
        t = self._t.c
        conditions = [t.facility_id == wanted.facility_id]
        if wanted.open_only:
            conditions.append(text("placed < amount"))  # type: ignore[arg-type]  # in the words of its index
        if wanted.owner:
            conditions.append(t.owner == wanted.owner)
        if wanted.after is not None:
            conditions.append(t.id > wanted.after)
        for word in storable(wanted.text).lower().split():
            said = (t.account, t.payer_name, t.payer_phone, t.receipt_no)
            conditions.append(or_(*(func.lower(column).like(containing(word), escape="\\") for column in said)))
        rows = self._db.execute(select(self._t).where(*conditions).order_by(t.id).limit(wanted.limit))
        return [_unmatched(row) for row in rows]

    def totals(self, facility_id: int) -> tuple[int, Money, datetime | None]:
        t = self._t.c
        waiting = select(
            func.count().label("many"), func.sum(t.amount - t.placed).label("sum"), func.min(t.at).label("since")
        )
        row = self._db.execute(waiting.where(t.facility_id == facility_id, text("placed < amount"))).one()
        return int(row.many), Money(row.sum or 0, KES), row.since

    def place(self, part: UnmatchedPart) -> None:
        """As the port says.

        Raises:
            PromiseBroken: parts would add up to more than came, or to less than nothing.
        """
        or_refuse(
            self._db,
            self._schema,
            insert(self._part).values(
                unmatched_id=part.unmatched_id,
                amount=part.amount.minor,
                currency=part.amount.currency,
                payment_uid=part.payment_uid,
                refund_uid=part.refund_uid,
                by=part.by,
                note=part.note,
                at=part.at,
            ),
        )

    def parts(self, unmatched_id: int) -> Sequence[UnmatchedPart]:
        return self._parts(self._part.c.unmatched_id == unmatched_id)

    def parts_of(self, payment_uid: UUID) -> Sequence[UnmatchedPart]:
        return self._parts(self._part.c.payment_uid == payment_uid)

    def take_on(self, unmatched_id: int, owner: str) -> None:
        done = self._db.execute(update(self._t).where(self._t.c.id == unmatched_id).values(owner=owner))
        if done.rowcount != 1:
            raise NotFound(f"there is no unmatched money {unmatched_id}", field="unmatched_id")

    def _parts(self, condition: Any) -> list[UnmatchedPart]:
        rows = self._db.execute(select(self._part).where(condition).order_by(self._part.c.id))
        return [
            UnmatchedPart(
                unmatched_id=row.unmatched_id,
                amount=Money(row.amount, row.currency),
                by=row.by,
                at=row.at,
                note=row.note,
                payment_uid=row.payment_uid,
                refund_uid=row.refund_uid,
                id=row.id,
            )
            for row in rows
        ]

    def _one(self, wanted: Select[Any]) -> UnmatchedMoney | None:
        row = self._db.execute(wanted).one_or_none()
        return None if row is None else _unmatched(row)


def _unmatched(row: Row[Any]) -> UnmatchedMoney:
    amount = Money(row.amount, row.currency)
    return UnmatchedMoney(
        money=ProviderMoney(
            provider=row.provider,
            source=Source(row.source),
            receipt_no=row.receipt_no,
            amount=amount,
            observed_at=row.observed_at or row.at,
            account=row.account,
            payer_name=row.payer_name,
            payer_phone=row.payer_phone,
            shortcode=row.shortcode,
            kind=row.kind,
            paid_at=row.paid_at,
        ),
        facility_id=row.facility_id,
        reason=row.reason,
        inbox_id=row.inbox_id,
        owner=row.owner,
        remaining=amount - Money(row.placed, row.currency),
        at=row.at,
        id=row.id,
    )
