"""An office that may pay out: a simulated Safaricom with money in its accounts."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.support.daraja_commands import Office
from tests.support.daraja_till import Open

OpenOffice = Callable[..., Awaitable[Office]]


@pytest.fixture
def open_office(open_till: Open) -> OpenOffice:
    """Start a simulator with settings of the test's choice, and an office at it."""

    async def start(**settings: Any) -> Office:
        return Office(await open_till(**{"opening_utility": Decimal(100000), **settings}))

    return start
