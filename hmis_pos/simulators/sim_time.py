"""Time of a simulator: the world's clock, which a test may push ahead, and the tasks that wait on it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any


def utc_now() -> datetime:
    return datetime.now(UTC)


class SimClock:
    """A clock that runs with the world and can be moved ahead.

    Args:
        base: where time comes from; aware, UTC.
    """

    def __init__(self, base: Callable[[], datetime] = utc_now) -> None:
        self._base = base
        self._ahead = timedelta()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._base() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move ahead; everything that became due is woken.

        Raises:
            ValueError: `seconds` is negative. Time does not go back.
        """
        if seconds < 0:
            raise ValueError(f"seconds must not be negative, got {seconds}")
        self._ahead += timedelta(seconds=seconds)
        self._moved.set()
        self._moved = asyncio.Event()

    def begin_earlier(self, seconds: float) -> None:
        """Begin in the past, before anything has happened: history is made by moving ahead to now.

        Raises:
            ValueError: the clock was moved already, or `seconds` is negative.
        """
        if self._ahead or seconds < 0:
            raise ValueError("a clock begins earlier only once, before it is moved")
        self._ahead = -timedelta(seconds=seconds)

    @property
    def behind(self) -> float:
        """Seconds that are left until it shows the world's time again; 0 when it is not behind."""
        return max(0.0, -self._ahead.total_seconds())

    async def sleep(self, seconds: float) -> None:
        """Wait until this clock has moved on by `seconds`; 0 lets other tasks run once."""
        await self.wait(asyncio.Event(), seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait for `event`, at most `seconds` of this clock; True when it came."""
        # Counted from the call: whoever moves the clock during the turn below moves this wait too.
        due = self.now() + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        while not event.is_set() and (left := (due - self.now()).total_seconds()) > 0:
            await first_of(event, self._moved, seconds=left)
        return event.is_set()


async def first_of(*events: asyncio.Event, seconds: float) -> None:
    """Wait until one of the events is set, at most `seconds` of real time."""
    loop = asyncio.get_running_loop()
    waiting = {loop.create_task(event.wait()) for event in events}
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


class Background:
    """Tasks that outlive the request that started them. An error in one surfaces in `idle` and `close`."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._errors: list[BaseException] = []

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._errors.append(error)

    async def idle(self) -> None:
        """Wait until every task has ended.

        Raises:
            ExceptionGroup: some of them failed.
        """
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        self._raise()

    async def cancel(self) -> None:
        """Stop every task, and wait until it has stopped."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task

    async def close(self) -> None:
        """Stop every task.

        Raises:
            ExceptionGroup: some of them had failed before.
        """
        await self.cancel()
        self._raise()

    def _raise(self) -> None:
        errors, self._errors = self._errors, []
        if errors:
            raise BaseExceptionGroup("a task of the simulator failed", errors)
