"""The audit chain, the event feed and the task list.

Audit rows and events are collected while the transaction works and written at its end under one lock, so that both number lines grow
in commit order and without gaps: who reads event 7 has seen every event up to 7.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from hmis_pos.cashier.ports import Clock
from hmis_pos.cashier.records import Event, Task, TaskKind
from hmis_pos.db.central.columns import storable
from hmis_pos.db.central.guards import EVENTS_KEPT
from hmis_pos.db.central.stores.statements import upsert
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.audit import GENESIS, AuditEntry, digest
from hmis_pos.domain.money import KES, Money

_LOCK = "hmis-pos:trail"


class TrailStore:
    """``cashier.ports.Trail``."""

    def __init__(self, connection: Connection, schema: Schema, clock: Clock) -> None:
        self._db = connection
        self._clock = clock
        self._audit = schema.audit
        self._event = schema.event
        self._task = schema.task
        self._audits: list[AuditEntry] = []
        self._events: list[tuple[str, int, str]] = []

    def audit(self, actor: str, action: str, subject: str, origin: str, detail: dict[str, object]) -> None:
        self._audits.append(
            AuditEntry(
                seq=0,
                at=_iso(self._clock.now()),
                actor=storable(actor),
                action=storable(action),
                subject=storable(subject),
                origin=storable(origin),
                detail=storable(as_json(detail)),
                previous="",
                digest="",
            )
        )

    def emit(self, kind: str, facility_id: int, data: dict[str, object]) -> None:
        self._events.append((kind, facility_id, as_json(data)))

    def open_task(self, task: Task, facility_id: int) -> None:
        """As the port says; a task that is new is told in the feed (``task.opened``, its ``task_id``)."""
        t = self._task
        number = self._db.execute(
            upsert(self._db, t)
            .values(
                facility_id=facility_id,
                kind=task.kind.value,
                subject=task.subject,
                text=task.text,
                amount=task.amount.minor if task.amount is not None else None,
                currency=task.amount.currency if task.amount is not None else KES,
                opened_at=task.opened_at or self._clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["kind", "subject"], index_where=text("closed_at IS NULL"))
            .returning(t.c.id)
        ).scalar_one_or_none()
        if number is not None:
            self.emit("task.opened", facility_id, {"task_id": number})

    def close_task(self, kind: TaskKind, subject: str) -> None:
        """As the port says; told in the feed (``task.closed``: its ``task_id``, ``kind`` and ``subject``)."""
        t = self._task.c
        closed = self._db.execute(
            update(self._task)
            .where(t.kind == kind.value, t.subject == subject, t.closed_at.is_(None))
            .values(closed_at=self._clock.now())
            .returning(t.id, t.facility_id)
        ).one_or_none()
        if closed is not None:
            data: dict[str, object] = {"task_id": closed.id, "kind": kind.value, "subject": subject}
            self.emit("task.closed", closed.facility_id, data)

    def tasks(self, facility_id: int, limit: int) -> Sequence[Task]:
        t = self._task.c
        wanted = select(self._task).where(t.facility_id == facility_id, t.closed_at.is_(None)).order_by(t.id)
        return [_task(row) for row in self._db.execute(wanted.limit(limit))]

    def open_subjects(self, kind: TaskKind) -> frozenset[str]:
        t = self._task.c
        wanted = select(t.subject).where(t.kind == kind.value, t.closed_at.is_(None))
        return frozenset(self._db.execute(wanted).scalars())

    def task(self, task_id: int) -> Task | None:
        row = self._db.execute(select(self._task).where(self._task.c.id == task_id)).one_or_none()
        return None if row is None else _task(row)

    def events(self, after: int, limit: int) -> Sequence[Event]:
        e = self._event.c
        rows = self._db.execute(select(self._event).where(e.seq > after).order_by(e.seq).limit(limit))
        return [
            Event(seq=row.seq, kind=row.kind, facility_id=row.facility_id, at=row.at, data=row.data) for row in rows
        ]

    def last_event(self) -> int:
        return int(self._db.execute(select(func.max(self._event.c.seq))).scalar_one() or 0)

    def drop_events(self, before: datetime, limit: int) -> int:
        """As the port says; always a whole stretch from the first, so that what is left has no gaps."""
        e = self._event.c
        rows = self._db.execute(
            select(e.seq, e.at).where(e.seq <= self.last_event() - EVENTS_KEPT).order_by(e.seq).limit(limit)
        )
        old = [row.seq for row in takewhile(lambda row: row.at < before, rows.all())]
        return self._db.execute(delete(self._event).where(e.seq <= old[-1])).rowcount if old else 0

    def entries(self, after_seq: int, limit: int) -> Sequence[AuditEntry]:
        a = self._audit.c
        rows = self._db.execute(select(self._audit).where(a.seq > after_seq).order_by(a.seq).limit(limit))
        return [AuditEntry(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it

    def finish(self) -> None:
        """Write what was collected; called once, right before the commit."""
        if not self._audits and not self._events:
            return
        if self._db.dialect.name == "postgresql":
            self._db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": _LOCK})
        if self._audits:
            self._chain()
        if self._events:
            last, now = self.last_event(), self._clock.now()
            self._db.execute(
                insert(self._event),
                [
                    {"seq": last + n, "kind": kind, "facility_id": facility_id, "at": now, "data": data}
                    for n, (kind, facility_id, data) in enumerate(self._events, 1)
                ],
            )
        self._audits, self._events = [], []

    def _chain(self) -> None:
        a = self._audit.c
        newest = self._db.execute(select(a.seq, a.digest).order_by(a.seq.desc()).limit(1)).one_or_none()
        seq, previous = (newest.seq, newest.digest) if newest is not None else (0, GENESIS)
        rows = []
        for waiting in self._audits:
            seq += 1
            entry = replace(waiting, seq=seq, previous=previous)
            previous = digest(entry)
            rows.append(
                {
                    "seq": seq,
                    "at": entry.at,
                    "actor": entry.actor,
                    "action": entry.action,
                    "subject": entry.subject,
                    "origin": entry.origin,
                    "detail": entry.detail,
                    "previous": entry.previous,
                    "digest": previous,
                }
            )
        self._db.execute(insert(self._audit), rows)


def _task(row: Row[Any]) -> Task:
    return Task(
        kind=TaskKind(row.kind),
        subject=row.subject,
        text=row.text,
        amount=Money(row.amount, row.currency) if row.amount is not None else None,
        opened_at=row.opened_at,
        id=row.id,
    )


def as_json(data: dict[str, object]) -> str:
    """Stable text: keys sorted, no spaces."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Money):
        return value.text
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return _iso(value)
    raise TypeError(f"{type(value).__name__} has no place in the audit trail")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
