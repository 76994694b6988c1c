"""What every gateway test needs: a clock that stands still until moved, and the client without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from hmis_pos.gateways.http import ProviderHttp, open_client

Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


class StillClock:
    """Stands still; ``advance`` moves it."""

    def __init__(self, at: datetime = datetime(2026, 1, 31, 7, 15, 30, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def provider() -> AsyncIterator[Callable[[Handler], ProviderHttp]]:
    """``provider(handler)``: a ProviderHttp whose requests reach ``handler``, with no pause before a repeat."""
    opened: list[ProviderHttp] = []

    async def no_pause(_: float) -> None:
        return None

    def make(handler: Handler) -> ProviderHttp:
        http = ProviderHttp(open_client(httpx.MockTransport(handler)), pause=no_pause)
        opened.append(http)
        return http

    yield make
    for http in opened:
        await http.aclose()
