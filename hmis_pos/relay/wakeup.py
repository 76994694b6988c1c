"""Who is told that something was committed, in this process. Other processes' commits are found by looking once a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from hmis_pos.cashier.ports import Books, Database

T = TypeVar("T")


class Bell:
    """Rung by one, heard by one loop; rings that come while it works are not lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Until it rings, at most ``seconds``; True if it rang."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class RingingDatabase:
    """The database port, ringing a bell after each commit."""

    def __init__(self, inner: Database, bell: Bell) -> None:
        self._inner = inner
        self._bell = bell

    async def write(self, work: Callable[[Books], T]) -> T:
        result = await self._inner.write(work)
        self._bell.ring()
        return result

    async def read(self, work: Callable[[Books], T]) -> T:
        return await self._inner.read(work)
