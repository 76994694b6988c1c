"""A simulated Safaricom over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import msgspec
import pytest

from hmis_pos.simulators.daraja import DarajaConfig, create_app
from hmis_pos.simulators.serve import serving
from tests.support.daraja_till import Merchant, Open, Till, World
from tests.support.operator_key import operator_key


@pytest.fixture
async def open_till() -> AsyncIterator[Open]:
    """Start a simulator with settings of the test's choice, and a signed-in till at it."""
    async with AsyncExitStack() as stack:

        async def start(*, c2b: bool = False, **settings: Any) -> Till:
            merchant = Merchant()
            settings = {"seed": 7, "query_per_minute": None, "initiator_key": operator_key(), **settings}
            app = create_app(DarajaConfig(**settings))
            url = await stack.enter_async_context(serving(World(app, merchant)))
            merchant.url = url
            if c2b:
                changed = msgspec.structs.replace(app.daraja.state.config, c2b_confirmation_url=f"{url}/c2b")
                app.daraja.state.configure(changed)
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=5))
            till = Till(client, app.daraja, merchant)
            await till.sign_in()
            return till

        yield start
