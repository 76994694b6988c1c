"""Small facts by name: positions, the last counter, choices of this till."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from hmis_pos.db.local.tables import note
from hmis_pos.db.local.worker import Worker


def get_note(c: Connection, key: str) -> str:
    return str(c.execute(select(note.c.value).where(note.c.key == key)).scalar_one_or_none() or "")


def set_note(c: Connection, key: str, value: str) -> None:
    statement = insert(note).values(key=key, value=value)
    c.execute(statement.on_conflict_do_update(index_elements=[note.c.key], set_={"value": value}))


class Notes:
    """Settings a person chose on this till: language, theme, paper, the last user name."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def get(self, key: str) -> str:
        """Empty if it was never set."""
        return await self._worker.run(lambda c: get_note(c, f"setting.{key}"))

    async def set(self, key: str, value: str) -> None:
        await self._worker.run(lambda c: set_note(c, f"setting.{key}", value))
