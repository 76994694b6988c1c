"""Callbacks as they came, before anybody interpreted them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from hmis_pos.cashier.records import InboxMessage
from hmis_pos.db.central.stores.statements import new_number
from hmis_pos.db.central.tables import Schema


class InboxStore:
    """``cashier.ports.Inbox``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._t = schema.inbox

    def add(self, message: InboxMessage) -> int:
        stored = self._db.execute(
            insert(self._t).values(
                provider=message.provider,
                channel=message.channel,
                token=message.token,
                source_ip=message.source_ip,
                headers=message.headers,
                body=message.body,
                received_at=message.received_at,
            )
        )
        return new_number(stored)

    def waiting(self, limit: int, after: int = 0) -> Sequence[InboxMessage]:
        t = self._t.c
        rows = self._db.execute(select(self._t).where(t.done_at.is_(None), t.id > after).order_by(t.id).limit(limit))
        return [
            InboxMessage(
                provider=row.provider,
                channel=row.channel,
                token=row.token,
                source_ip=row.source_ip,
                headers=row.headers,
                body=bytes(row.body),
                received_at=row.received_at,
                id=row.id,
                outcome=row.outcome,
            )
            for row in rows
        ]

    def depth(self) -> int:
        return int(self._db.execute(select(func.count()).where(self._t.c.done_at.is_(None))).scalar_one())

    def done(self, message_id: int, outcome: str, at: datetime) -> None:
        """Dealt with, once: a second worker that read the same message changes nothing."""
        t = self._t.c
        self._db.execute(
            update(self._t).where(t.id == message_id, t.done_at.is_(None)).values(outcome=outcome, done_at=at)
        )
