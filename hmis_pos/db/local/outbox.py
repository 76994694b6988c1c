"""Receipts on their way to the relay. A row leaves only on an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, case, func, select, update

from hmis_pos.cashier.ports import OutboxItem
from hmis_pos.db.local.records import OutboxCounts, RefusedReceipt, SyncAnswer
from hmis_pos.db.local.stamps import stamp
from hmis_pos.db.local.tables import install, outbox, receipt, worklist
from hmis_pos.db.local.worker import Worker
from hmis_pos.db.local.worklist import recount_local
from hmis_pos.domain.money import Money
from hmis_pos.domain.receipt import receipt_no

_waiting = (outbox.c.acknowledged_at.is_(None), outbox.c.refused_code == "")


class Outbox:
    """Pending receipts in the order they were committed."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def pending(self, limit: int = 500) -> list[OutboxItem]:
        """What the relay has not answered yet, oldest first. Refused ones are not sent again by themselves."""
        return await self._worker.run(lambda c: _pending(c, limit))

    async def counts(self) -> OutboxCounts:
        return await self._worker.run(_counts)

    async def refused(self) -> list[RefusedReceipt]:
        return await self._worker.run(_refused)

    async def tried(self, uids: Sequence[UUID], error: str) -> None:
        """A batch got no answer; its rows stay, with the reason."""
        texts = [str(uid) for uid in uids]
        await self._worker.run(
            lambda c: c.execute(
                update(outbox).where(outbox.c.uid.in_(texts)).values(tries=outbox.c.tries + 1, last_error=error)
            )
        )

    async def acknowledge(self, answers: Sequence[SyncAnswer], at: datetime) -> None:
        """Apply the relay's answers in one commit. Safe to repeat; answers for unknown receipts are ignored."""
        said = list(answers)
        await self._worker.run(lambda c: _acknowledge(c, said, at))

    async def send_again(self, uid: UUID) -> None:
        """A person looked at a refused receipt and wants it offered once more."""
        await self._worker.run(
            lambda c: c.execute(
                update(outbox)
                .where(outbox.c.uid == str(uid), outbox.c.acknowledged_at.is_(None))
                .values(refused_code="", last_error="")
            )
        )

    async def last_number(self) -> int:
        """The last number this till gave."""
        return await self._worker.run(lambda c: int(c.execute(select(install.c.last_number)).scalar_one()))


def _pending(c: Connection, limit: int) -> list[OutboxItem]:
    query = (
        select(outbox, receipt.c.series, receipt.c.number, receipt.c.document)
        .join(receipt, receipt.c.uid == outbox.c.uid)
        .where(*_waiting)
        .order_by(outbox.c.position)
        .limit(limit)
    )
    return [
        OutboxItem(
            uid=UUID(row.uid),
            series=row.series,
            number=row.number,
            document=row.document,
            tries=row.tries,
            last_error=row.last_error,
        )
        for row in c.execute(query)
    ]


def _counts(c: Connection) -> OutboxCounts:
    open_rows = outbox.c.acknowledged_at.is_(None)
    row = c.execute(
        select(
            func.coalesce(func.sum(case((outbox.c.refused_code == "", 1), else_=0)), 0),
            func.coalesce(func.sum(case((outbox.c.refused_code != "", 1), else_=0)), 0),
        ).where(open_rows)
    ).one()
    return OutboxCounts(unsent=int(row[0]), refused=int(row[1]))


def _refused(c: Connection) -> list[RefusedReceipt]:
    query = (
        select(outbox, receipt.c.series, receipt.c.number)
        .join(receipt, receipt.c.uid == outbox.c.uid)
        .where(outbox.c.acknowledged_at.is_(None), outbox.c.refused_code != "")
        .order_by(outbox.c.position)
    )
    return [
        RefusedReceipt(
            uid=UUID(row.uid),
            no=receipt_no(row.series, row.number),
            invoice_id=row.invoice_id,
            applied=Money(row.applied_minor),
            code=row.refused_code,
            message=row.last_error,
        )
        for row in c.execute(query)
    ]


def _acknowledge(c: Connection, answers: Sequence[SyncAnswer], at: datetime) -> None:
    for answer in answers:
        mine = outbox.c.uid == str(answer.uid)
        row = c.execute(select(outbox).where(mine, outbox.c.acknowledged_at.is_(None))).one_or_none()
        if row is None:
            continue
        if answer.refused:
            reason = {"refused_code": answer.code or "refused", "last_error": answer.message}
            c.execute(update(outbox).where(mine).values(tries=outbox.c.tries + 1, **reason))
            continue
        done = {"acknowledged_at": stamp(at), "refused_code": "", "last_error": ""}
        c.execute(update(outbox).where(mine).values(tries=outbox.c.tries + 1, **done))
        _fold(c, row, answer)
        recount_local(c, [row.invoice_id])


def _fold(c: Connection, row: Row[tuple[object, ...]], answer: SyncAnswer) -> None:
    """Until the relay's own event comes, the acknowledged amount counts as paid; if it came already, nothing is to do.

    The event may overtake the answer. It did when what the relay calls paid has grown by the amount since the commit.
    """
    settled = int(row.reduces_minor) - answer.deposited.minor
    if settled <= 0:
        return
    c.execute(
        update(worklist)
        .where(worklist.c.id == row.invoice_id, worklist.c.paid_minor - int(row.paid_before_minor) < settled)
        .values(
            paid_minor=worklist.c.paid_minor + settled,
            owed_minor=func.max(0, worklist.c.owed_minor - settled),
        )
    )
