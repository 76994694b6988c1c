"""Idempotency keys and what they led to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from hmis_pos.cashier.records import StoredAnswer
from hmis_pos.db.central.stores.statements import locked, upsert
from hmis_pos.db.central.tables import Schema


class AnswerStore:
    """``cashier.ports.Answers``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._t = schema.answer

    def get(self, key: str) -> StoredAnswer | None:
        row = self._db.execute(locked(self._db, select(self._t).where(self._t.c.key == key))).one_or_none()
        if row is None:
            return None
        return StoredAnswer(
            key=row.key,
            request_hash=row.request_hash,
            status=row.status,
            body=bytes(row.body),
            locked_until=row.locked_until,
        )

    def begin(self, answer: StoredAnswer, route: str, user_id: int, at: datetime) -> bool:
        done = self._db.execute(
            upsert(self._db, self._t)
            .values(
                key=answer.key,
                request_hash=answer.request_hash,
                route=route,
                user_id=user_id,
                status=answer.status,
                body=answer.body,
                locked_until=answer.locked_until,
                begun_at=at,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(self._t.c.key)
        )
        return done.first() is not None

    def relock(self, key: str, until: datetime) -> None:
        self._db.execute(update(self._t).where(self._t.c.key == key).values(locked_until=until))

    def finish(self, key: str, status: int, body: bytes) -> None:
        self._db.execute(
            update(self._t).where(self._t.c.key == key).values(status=status, body=body, locked_until=None)
        )

    def forget(self, key: str) -> None:
        # A finished answer stays: only a key that still runs can be freed.
        self._db.execute(delete(self._t).where(self._t.c.key == key, self._t.c.status == 0))

    def drop(self, before: datetime, limit: int) -> int:
        t = self._t.c
        is_held = t.locked_until >= before
        old = select(t.key).where(t.begun_at < before, or_(t.locked_until.is_(None), ~is_held)).limit(limit)
        return self._db.execute(delete(self._t).where(t.key.in_(old))).rowcount
