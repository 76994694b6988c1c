"""Instants as text of fixed width, in UTC, so that the database's text order is the order in time."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(at: datetime) -> str:
    """``2026-11-22T11:32:00.000000Z``; ``at`` must be aware."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone was about to be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_stamp(text: str) -> datetime:
    return datetime.fromisoformat(text)
