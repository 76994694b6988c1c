"""The one way to run something in the background: kept, named, logged, and ended with the program."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs

_log = logs.logger("terminal.tasks")


class Tasks(QObject):
    """Keeps what it spawned until it ends.

    Signals:
        crashed(name, exception): a task ended by an error nobody expected. The screen says so; the task is gone.
    """

    crashed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: set[asyncio.Task[Any]] = set()
        self._closing = False

    def spawn(self, work: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        """Run ``work`` on the loop. After :meth:`close` nothing starts any more; the coroutine is closed unrun.

        The returned task may be awaited or cancelled, and need not be kept.
        """
        loop = asyncio.get_running_loop()
        if self._closing:
            work.close()
            task = loop.create_task(_nothing(), name=name)
            task.cancel()
            return task
        task = loop.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    @property
    def names(self) -> list[str]:
        """What is running, for the log and for tests."""
        return sorted(task.get_name() for task in self._running)

    async def close(self) -> None:
        """Cancel everything and wait until it has ended. Safe to repeat."""
        self._closing = True
        me = asyncio.current_task()
        while others := [task for task in self._running if task is not me]:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            _log.error("task crashed", task=task.get_name(), exc_info=error)
            self.crashed.emit(task.get_name(), error)


async def _nothing() -> None:
    """What a closed ``Tasks`` runs instead."""
