"""What happened in a simulator, in order, for tests that wait for an event instead of sleeping."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from hmis_pos.simulators.sim_time import first_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `no` counts from 1 and never repeats, not even after a reset."""

    no: int
    kind: str
    at: datetime
    about: Mapping[str, Any]


class Journal:
    """An append-only list of events that can be waited on."""

    def __init__(self, now: Callable[[], datetime], stopping: asyncio.Event) -> None:
        self._now = now
        self._stopping = stopping
        self._changed = asyncio.Event()
        self.events: list[Event] = []
        self.last = 0

    def record(self, kind: str, **about: Any) -> None:
        """Append an event and wake everybody who waits."""
        self.last += 1
        self.events.append(Event(self.last, kind, self._now(), about))
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for(self, predicate: Callable[[], T], seconds: float) -> T:
        """Return the first truthy value of `predicate`, asked again after every event.

        After `seconds`, or when the simulator stops, the last (falsy) value is returned.
        """
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        while True:
            value = predicate()
            left = due - loop.time()
            if value or left <= 0 or self._stopping.is_set():
                return value
            await first_of(self._changed, self._stopping, seconds=left)
