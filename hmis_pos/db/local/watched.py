"""Electronic payments begun here whose end is not seen yet: a restart goes on watching them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from hmis_pos.db.local.records import WatchedPayment
from hmis_pos.db.local.stamps import from_stamp, stamp
from hmis_pos.db.local.tables import watched
from hmis_pos.db.local.worker import Worker
from hmis_pos.domain.money import Money


class WatchedPayments:
    """Written before the relay is asked, removed once the receipt is committed or the end is a no."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def watch(self, payment: WatchedPayment) -> None:
        """Begin to watch; repeating it for the same uid changes nothing."""
        p = payment
        statement = insert(watched).values(
            uid=str(p.uid),
            invoice_id=p.invoice_id,
            method=p.method,
            currency=p.amount.currency,
            amount_minor=p.amount.minor,
            phone=p.phone,
            idempotency_key=p.idempotency_key,
            cashier=p.cashier,
            status=p.status,
            began_at=stamp(p.began_at),
        )
        await self._worker.run(lambda c: c.execute(statement.on_conflict_do_nothing()))

    async def all(self) -> list[WatchedPayment]:
        """Oldest first."""
        return await self._worker.run(_all)

    async def get(self, uid: UUID) -> WatchedPayment | None:
        return next((p for p in await self.all() if p.uid == uid), None)

    async def note_status(self, uid: UUID, status: str) -> None:
        await self._worker.run(
            lambda c: c.execute(update(watched).where(watched.c.uid == str(uid)).values(status=status))
        )

    async def forget(self, uid: UUID) -> None:
        await self._worker.run(lambda c: c.execute(delete(watched).where(watched.c.uid == str(uid))))


def _all(c: Connection) -> list[WatchedPayment]:
    return [_payment(row) for row in c.execute(select(watched).order_by(watched.c.began_at, watched.c.uid))]


def _payment(row: Row[tuple[object, ...]]) -> WatchedPayment:
    return WatchedPayment(
        uid=UUID(row.uid),
        invoice_id=row.invoice_id,
        method=row.method,
        amount=Money(row.amount_minor, row.currency),
        phone=row.phone,
        idempotency_key=row.idempotency_key,
        cashier=row.cashier,
        status=row.status,
        began_at=from_stamp(row.began_at),
    )
