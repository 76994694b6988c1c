"""Receipts this till committed: to show, to search, to print again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, insert, select

from hmis_pos.db.local.records import Documents, KeptReceipt
from hmis_pos.db.local.stamps import from_stamp, stamp
from hmis_pos.db.local.tables import outbox, receipt, receipt_print
from hmis_pos.db.local.worker import Worker


class Receipts:
    """Read-only but for the record of printing."""

    def __init__(self, worker: Worker, documents: Documents) -> None:
        self._worker = worker
        self._documents = documents

    async def latest(self, limit: int = 50, *, before: int | None = None) -> list[KeptReceipt]:
        """Newest first; ``before`` is the number of the last one seen."""
        restrict: list[ColumnElement[bool]] = [] if before is None else [receipt.c.number < before]
        return await self._worker.run(lambda c: self._find(c, restrict, limit))

    async def by_no(self, series: str, number: int) -> KeptReceipt | None:
        return await self._one(receipt.c.series == series, receipt.c.number == number)

    async def by_uid(self, uid: UUID) -> KeptReceipt | None:
        return await self._one(receipt.c.uid == str(uid))

    async def by_payment(self, payment_uid: UUID) -> KeptReceipt | None:
        return await self._one(receipt.c.payment_uid == str(payment_uid))

    async def of_invoice(self, invoice_id: int) -> list[KeptReceipt]:
        return await self._worker.run(lambda c: self._find(c, [receipt.c.invoice_id == invoice_id], 100))

    async def last_issued_at(self) -> datetime | None:
        """For the clock check: the present must not lie before it."""
        newest = select(receipt.c.issued_at).order_by(receipt.c.number.desc()).limit(1)
        found = await self._worker.run(lambda c: c.execute(newest).scalar_one_or_none())
        return None if found is None else from_stamp(found)

    async def begin_print(self, uid: UUID, at: datetime) -> int:
        """Record, before the paper moves, that it is printed once more.

        Returns:
            1 for the original, 2 and up for copies, which the paper must say.
        """

        def work(c: Connection) -> int:
            done = c.execute(
                select(func.coalesce(func.max(receipt_print.c.copy), 0)).where(receipt_print.c.uid == str(uid))
            ).scalar_one()
            c.execute(insert(receipt_print).values(uid=str(uid), copy=done + 1, printed_at=stamp(at)))
            return int(done) + 1

        return await self._worker.run(work)

    async def _one(self, *restrict: ColumnElement[bool]) -> KeptReceipt | None:
        found = await self._worker.run(lambda c: self._find(c, restrict, 1))
        return found[0] if found else None

    def _find(self, c: Connection, restrict: Sequence[ColumnElement[bool]], limit: int) -> list[KeptReceipt]:
        copies = (
            select(func.count())
            .select_from(receipt_print)
            .where(receipt_print.c.uid == receipt.c.uid)
            .scalar_subquery()
            .label("copies")
        )
        query = (
            select(receipt.c.document, outbox.c.acknowledged_at, outbox.c.refused_code, outbox.c.last_error, copies)
            .join(outbox, outbox.c.uid == receipt.c.uid)
            .where(*restrict)
            .order_by(outbox.c.position.desc())
            .limit(limit)
        )
        return [
            KeptReceipt(
                receipt=self._documents.decode(row.document),
                acknowledged_at=None if row.acknowledged_at is None else from_stamp(row.acknowledged_at),
                refused=(row.last_error or row.refused_code) if row.refused_code else "",
                copies=row.copies,
            )
            for row in c.execute(query)
        ]
