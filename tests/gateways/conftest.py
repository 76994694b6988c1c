"""A clock, and ``provider(handler)``: a client whose requests reach ``handler`` instead of a network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from hmis_pos.gateways.http import ProviderHttp, open_client
from tests.support.gateway_world import Handler, MakeProvider, StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def provider() -> AsyncIterator[MakeProvider]:
    """Requests reach the handler, with no pause before a repeat."""
    opened: list[ProviderHttp] = []

    async def no_pause(_: float) -> None:
        return None

    def make(handler: Handler) -> ProviderHttp:
        # httpx types a handler as either sync or async, and takes both.
        http = ProviderHttp(open_client(httpx.MockTransport(handler)), pause=no_pause)  # type: ignore[arg-type]
        opened.append(http)
        return http

    yield make
    for http in opened:
        await http.aclose()
