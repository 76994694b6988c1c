"""Whether the relay lives, and whether it can work."""

from __future__ import annotations

from msgspec import Struct


class Live(Struct, frozen=True, kw_only=True):
    """``GET /health/live``: the process answers."""

    status: str
    version: str
    server_time: str


class Ready(Struct, frozen=True, kw_only=True):
    """``GET /health/ready``: ``ok``, or 503 and in ``checks`` what is wrong, a line each (empty: well)."""

    status: str
    checks: dict[str, str]
