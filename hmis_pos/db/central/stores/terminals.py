"""Installs of the terminal program, each with a receipt series of its own that no other ever gets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, insert, select, text

from hmis_pos.cashier.records import TerminalRecord
from hmis_pos.db.central.stores.statements import or_refuse
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.receipt import series_name

_LOCK = "hmis-pos:terminals"


class TerminalStore:
    """``cashier.ports.Terminals``."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._db = connection
        self._schema = schema
        self._t = schema.terminal

    def get(self, install_uid: UUID) -> TerminalRecord | None:
        return self._one(self._t.c.install_uid == install_uid)

    def by_series(self, series: str) -> TerminalRecord | None:
        return self._one(self._t.c.series == series)

    def enrol(self, install_uid: UUID, counter: str, facility_id: int, at: datetime) -> TerminalRecord:
        if self._db.dialect.name == "postgresql":  # two new installs at once: one after the other
            self._db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": _LOCK})
        known = self.get(install_uid)
        if known is not None:
            return known
        t = self._t.c
        terminal, install = self._db.execute(
            select(t.terminal_number, func.max(t.install_number))
            .where(t.facility_id == facility_id, t.counter == counter)
            .group_by(t.terminal_number)
            .order_by(t.terminal_number.desc())
            .limit(1)
        ).one_or_none() or ((self._db.execute(select(func.max(t.terminal_number))).scalar_one() or 0) + 1, 0)
        or_refuse(
            self._db,
            self._schema,
            insert(self._t).values(
                install_uid=install_uid,
                series=series_name(terminal, install + 1),
                facility_id=facility_id,
                counter=counter,
                terminal_number=terminal,
                install_number=install + 1,
                enrolled_at=at,
            ),
        )
        enrolled = self.get(install_uid)
        if enrolled is None:
            raise LookupError(f"install {install_uid} was stored and cannot be read")
        return enrolled

    def _one(self, condition: ColumnElement[bool]) -> TerminalRecord | None:
        t, f, s = self._t.c, self._schema.hmis.facility.c, self._schema.series.c
        row = self._db.execute(
            select(self._t, f.name.label("facility_name"), s.highest)
            .select_from(self._t)
            .outerjoin(self._schema.hmis.facility, f.id == t.facility_id)
            .outerjoin(self._schema.series, s.series == t.series)
            .where(condition)
        ).one_or_none()
        if row is None:
            return None
        return TerminalRecord(
            install_uid=row.install_uid,
            series=row.series,
            counter=row.counter,
            facility_id=row.facility_id,
            facility_name=row.facility_name or "",
            last_number=row.highest or 0,
        )
