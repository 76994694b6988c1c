"""A promise that does not hold, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breach:
    """Found by ``invariants.find_breaches``."""

    promise: str  #: ``P1`` … ``P6``
    text: str
