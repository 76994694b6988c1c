"""Imported statements of providers, their lines, and what comparing them with our books found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from hmis_pos.cashier.records_back_office import (
    COLLECTION,
    BadLine,
    LineClass,
    ReconciliationItem,
    StatementEntry,
    StatementFile,
)
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.db.central.stores.many import put
from hmis_pos.db.central.stores.receipts_booked import BookedReceipts
from hmis_pos.db.central.stores.statements import new_number, or_refuse
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.money import KES, Money
from hmis_pos.domain.payment import normal_receipt

#: Classes of lines that show a receipt as paid there.
_THERE = tuple(
    found.value for found in (LineClass.MATCHED, LineClass.MISSING_HERE, LineClass.AMOUNT_DIFF, LineClass.DUPLICATE)
)


class StatementStore:
    """``cashier.ports_back_office.Statements``."""

    def __init__(self, connection: Connection, schema: Schema, booked: BookedReceipts) -> None:
        self._db = connection
        self._schema = schema
        self._booked = booked
        self._file = schema.file
        self._line = schema.line
        self._bad = schema.bad_line
        self._item = schema.item

    def by_hash(self, file_hash: str) -> StatementFile | None:
        return self._one(select(self._file).where(self._file.c.file_hash == file_hash))

    def get(self, file_id: int) -> StatementFile | None:
        return self._one(select(self._file).where(self._file.c.id == file_id))

    def add(self, file: StatementFile) -> StatementFile:
        """As the port says.

        Raises:
            Conflict: code ``duplicate-reference`` where a file with this hash is there.
        """
        values = {
            "facility_id": file.facility_id,
            "file_hash": file.file_hash,
            "provider": file.provider,
            "imported_by": file.imported_by,
            "imported_at": file.imported_at,
        }
        stored = or_refuse(self._db, self._schema, insert(self._file).values(**values, **_changing_values(file)))
        found = self.get(new_number(stored))
        if found is None:
            raise PromiseBroken(f"statement {file.name} was stored and cannot be read")
        return found

    def save(self, file: StatementFile) -> None:
        changed = update(self._file).where(self._file.c.id == file.id).values(**_changing_values(file))
        if self._db.execute(changed).rowcount != 1:
            raise NotFound(f"there is no statement {file.id}", field="file_id")

    def page(self, facility_id: int, after: int | None, limit: int) -> Sequence[StatementFile]:
        t = self._file.c
        wanted = select(self._file).where(t.facility_id == facility_id).order_by(t.id.desc()).limit(limit)
        if after is not None:
            wanted = wanted.where(t.id < after)
        return [_file(row) for row in self._db.execute(wanted)]

    def add_lines(self, file_id: int, lines: Sequence[StatementEntry], bad: Sequence[BadLine]) -> None:
        if lines:
            put(self._db, self._line, [_line_values(file_id, line) for line in lines])
        if bad:
            unread = [{"file_id": file_id, "row": line.row, "text": line.text, "cells": line.cells} for line in bad]
            put(self._db, self._bad, unread)

    def lines(self, file_id: int, kinds: Sequence[str], after_row: int, limit: int) -> Sequence[StatementEntry]:
        """As the port says; without ``kinds`` all of them."""
        t = self._line.c
        wanted = select(self._line).where(t.file_id == file_id, t.row > after_row).order_by(t.row).limit(limit)
        if kinds:
            wanted = wanted.where(t.kind.in_(kinds))
        return [_line(row) for row in self._db.execute(wanted)]

    def bad_lines(self, file_id: int, limit: int) -> Sequence[BadLine]:
        t = self._bad.c
        rows = self._db.execute(select(self._bad).where(t.file_id == file_id).order_by(t.row).limit(limit))
        return [BadLine(row=row.row, text=row.text, cells=row.cells) for row in rows]

    def ours_absent(
        self, file_id: int, since: datetime, until: datetime, after: str, limit: int
    ) -> tuple[Sequence[ReconciliationItem], str]:
        file = self.get(file_id)
        if file is None:
            raise NotFound(f"there is no statement {file_id}", field="file_id")
        ours = self._booked.t
        wanted = self._booked.wanted().where(
            ours.provider == file.provider,
            ours.receipt_no > normal_receipt(after),
            self._booked.paid_at.between(since, until),
        )
        booked = self._booked.read(wanted.order_by(ours.receipt_no).limit(limit))
        known = self._known_there(file, [found.receipt_no for found in booked])
        absent = [
            ReconciliationItem(
                file_id=file_id,
                line_class=LineClass.MISSING_THERE,
                receipt_no=found.receipt_no,
                here=found.amount,
                at=found.at,
                owner=found.owner,
            )
            for found in booked
            if found.receipt_no not in known
        ]
        return absent, booked[-1].receipt_no if booked else ""

    def _known_there(self, file: StatementFile, receipts: Sequence[str]) -> set[str]:
        """Those of ``receipts`` that the provider shows as paid, in this statement or another one, or may show."""
        line, bad, item, other = self._line.c, self._bad.c, self._item.c, self._file.c
        # A declined payment, a charge or a settlement with its number does not say that it was paid.
        if not receipts:
            return set()
        # They are neighbours in their order: a span of the index, where a list of so many would be gone through for each line.
        first, last = receipts[0], receipts[-1]
        named = select(line.receipt_no).where(
            line.file_id == file.id, line.kind == COLLECTION, line.receipt_no.between(first, last)
        )
        told = (
            select(item.receipt_no)
            .join_from(self._item, self._file, other.id == item.file_id)
            .where(
                item.receipt_no.between(first, last),
                item.line_class.in_(_THERE),
                other.provider == file.provider,
                other.id != file.id,
            )
        )
        known = {*self._db.execute(named).scalars(), *self._db.execute(told).scalars()}
        if file.bad_lines:
            unread = "\n".join(self._db.execute(select(bad.cells).where(bad.file_id == file.id)).scalars()).upper()
            known.update(receipt for receipt in receipts if receipt in unread)
        return known

    def is_covered(self, file: StatementFile, since: datetime, until: datetime) -> bool:
        t = self._file.c
        wanted = select(t.id).where(
            t.provider == file.provider,
            t.shortcode == file.shortcode,
            t.id != file.id,
            t.state == "done",
            t.since <= since,
            t.until >= until,
        )
        return self._db.execute(wanted.limit(1)).first() is not None

    def told_rows(self, file_id: int, first: int, last: int) -> frozenset[int]:
        t = self._item.c
        wanted = select(t.row).where(t.file_id == file_id, t.row.between(first, last))
        return frozenset(self._db.execute(wanted).scalars())

    def booked(self, provider: str, receipts: Sequence[str]) -> dict[str, tuple[str, Money]]:
        """As the port says; keys are normalised receipt numbers."""
        return {found.receipt_no: (found.owner, found.amount) for found in self._booked.among(provider, receipts)}

    def with_deposits(self, provider: str, receipts: Sequence[str]) -> dict[str, UUID]:
        return self._booked.with_deposits(provider, receipts)

    def add_items(self, items: Sequence[ReconciliationItem]) -> None:
        if items:
            put(self._db, self._item, [_item_values(item) for item in items])

    def items(self, file_id: int, classes: Sequence[LineClass], after: int, limit: int) -> Sequence[ReconciliationItem]:
        """As the port says, in the order they were found; without ``classes`` all of them."""
        t = self._item.c
        wanted = select(self._item).where(t.file_id == file_id, t.id > after).order_by(t.id).limit(limit)
        if classes:
            wanted = wanted.where(t.line_class.in_([line_class.value for line_class in classes]))
        return [_item(row) for row in self._db.execute(wanted)]

    def counts(self, file_id: int) -> dict[LineClass, tuple[int, Money]]:
        t = self._item.c
        amount = func.sum(func.coalesce(t.there, t.here))
        rows = self._db.execute(
            select(
                t.line_class, func.count().label("many"), amount.label("sum"), func.max(t.currency).label("currency")
            )
            .where(t.file_id == file_id)
            .group_by(t.line_class)
        )
        return {LineClass(row.line_class): (int(row.many), Money(row.sum or 0, row.currency)) for row in rows}

    def is_doubted(self, payment_uid: UUID) -> bool:
        p = self._schema.payment.c
        row = self._db.execute(select(p.payment_method, p.provider_receipts).where(p.uid == payment_uid)).one_or_none()
        if row is None or not row.provider_receipts:
            return False
        return any(self.doubts_receipt(row.payment_method, receipt) for receipt in row.provider_receipts.split("\n"))

    def doubts_receipt(self, provider: str, receipt_no: str) -> bool:
        t, f = self._item.c, self._file.c
        said = self._db.execute(
            select(t.line_class)
            .join_from(self._item, self._file, f.id == t.file_id)
            .where(
                f.provider == provider,
                t.receipt_no == normal_receipt(receipt_no),
                t.line_class != LineClass.TIMING.value,
            )
            .order_by(t.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        return said == LineClass.MISSING_THERE.value

    def _one(self, wanted: Select[Any]) -> StatementFile | None:
        row = self._db.execute(wanted).one_or_none()
        return None if row is None else _file(row)


def _changing_values(file: StatementFile) -> dict[str, Any]:
    amounts = [amount for amount in (file.opening, file.closing, file.paid_in, file.withdrawn) if amount is not None]
    return {
        "name": file.name,
        "shortcode": file.shortcode,
        "since": file.since,
        "until": file.until,
        "opening": _minor(file.opening),
        "closing": _minor(file.closing),
        "paid_in": _minor(file.paid_in),
        "withdrawn": _minor(file.withdrawn),
        "currency": amounts[0].currency if amounts else KES,
        "lines": file.lines,
        "bad_lines": file.bad_lines,
        "state": file.state,
        "trouble": file.trouble,
        "finished_at": file.finished_at,
    }


def _file(row: Row[Any]) -> StatementFile:
    return StatementFile(
        file_hash=row.file_hash,
        name=row.name,
        provider=row.provider,
        shortcode=row.shortcode,
        facility_id=row.facility_id,
        imported_by=row.imported_by,
        imported_at=row.imported_at,
        since=row.since,
        until=row.until,
        opening=_money(row.opening, row.currency),
        closing=_money(row.closing, row.currency),
        paid_in=_money(row.paid_in, row.currency),
        withdrawn=_money(row.withdrawn, row.currency),
        lines=row.lines,
        bad_lines=row.bad_lines,
        state=row.state,
        trouble=row.trouble,
        finished_at=row.finished_at,
        id=row.id,
    )


def _line_values(file_id: int, line: StatementEntry) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "row": line.row,
        "receipt_no": normal_receipt(line.receipt_no),
        "kind": line.kind,
        "status": line.status,
        "completed_at": line.completed_at,
        "paid_in": line.paid_in.minor,
        "withdrawn": line.withdrawn.minor,
        "currency": line.paid_in.currency,
        "details": line.details,
        "reason": line.reason,
        "payer": line.payer,
        "account": line.account,
        "linked_receipt": normal_receipt(line.linked_receipt),
    }


def _line(row: Row[Any]) -> StatementEntry:
    return StatementEntry(
        row=row.row,
        receipt_no=row.receipt_no,
        kind=row.kind,
        status=row.status,
        completed_at=row.completed_at,
        paid_in=Money(row.paid_in, row.currency),
        withdrawn=Money(row.withdrawn, row.currency),
        details=row.details,
        reason=row.reason,
        payer=row.payer,
        account=row.account,
        linked_receipt=row.linked_receipt,
    )


def _item_values(item: ReconciliationItem) -> dict[str, Any]:
    known = item.there if item.there is not None else item.here
    return {
        "file_id": item.file_id,
        "line_class": item.line_class.value,
        "receipt_no": normal_receipt(item.receipt_no),
        "row": item.row,
        "here": _minor(item.here),
        "there": _minor(item.there),
        "currency": known.currency if known is not None else KES,
        "at": item.at,
        "owner": item.owner,
        "text": item.text,
    }


def _item(row: Row[Any]) -> ReconciliationItem:
    return ReconciliationItem(
        file_id=row.file_id,
        line_class=LineClass(row.line_class),
        receipt_no=row.receipt_no,
        row=row.row,
        here=_money(row.here, row.currency),
        there=_money(row.there, row.currency),
        at=row.at,
        owner=row.owner,
        text=row.text,
        id=row.id,
    )


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
