"""Waiting longer each time, with chance in it, so that a hundred tills do not come back in the same second."""

from __future__ import annotations

import random

_chance = random.SystemRandom()


class Backoff:
    """Seconds to wait: ``first`` doubled each time up to ``most``, then cut by chance to between a half and the whole."""

    def __init__(self, first: float = 1.0, most: float = 30.0) -> None:
        self._first = first
        self._most = most
        self._next = first

    def seconds(self) -> float:
        step, self._next = self._next, min(self._most, self._next * 2)
        return step * _chance.uniform(0.5, 1.0)

    def reset(self) -> None:
        """It worked; begin small the next time."""
        self._next = self._first
