"""What every gateway test needs: a clock that stands still until moved, and a client without a network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx

from hmis_pos.gateways.http import ProviderHttp

Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]
MakeProvider = Callable[[Handler], ProviderHttp]


class StillClock:
    """Stands still; ``advance`` moves it."""

    def __init__(self, at: datetime = datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
