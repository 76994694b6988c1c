"""Work for a person: what the system cannot decide by itself."""

from __future__ import annotations

from msgspec import Struct


class Task(Struct, frozen=True, kw_only=True):
    """Something somebody has to look at. ``subject`` names it: ``payment:…``, ``receipt:…``, ``callback:…``.

    ``amount`` is empty where no money is at stake.
    """

    task_id: int
    kind: str
    subject: str
    text: str
    amount: str
    opened_at: str


class TaskList(Struct, frozen=True, kw_only=True):
    """``GET /api/tasks``, newest first."""

    tasks: list[Task]
