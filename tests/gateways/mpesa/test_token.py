from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from hmis_pos.domain.errors import Unavailable
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.token import TokenCache
from tests.support.gateway_world import MakeProvider, StillClock

MakeCache = Callable[..., TokenCache]


class Desk:
    """The token endpoint; may be held, counts, and knows what was sent."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.sold = 0
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Event()
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.asked.set()
        await self.open.wait()
        step = self.script.pop(0) if self.script else None
        if isinstance(step, type) and issubclass(step, httpx.RequestError):
            raise step("broken", request=request)
        if isinstance(step, httpx.Response):
            return step
        self.sold += 1
        return httpx.Response(200, json={"access_token": f"t{self.sold}", "expires_in": "3599"})


@pytest.fixture
def cache(config: MpesaConfig, clock: StillClock, provider: MakeProvider) -> MakeCache:
    def make(desk: Desk, **changes: Any) -> TokenCache:
        return TokenCache(replace(config, **changes), clock, provider(desk))

    return make


async def test_the_request_is_the_one_of_the_reference(cache: MakeCache) -> None:
    desk = Desk()
    assert await cache(desk).get() == "t1"
    (request,) = desk.requests
    assert request.method == "GET"
    assert str(request.url) == "https://daraja.example/oauth/v1/generate?grant_type=client_credentials"
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"consumer:sesame").decode()


async def test_fifty_at_once_buy_one(cache: MakeCache) -> None:
    desk = Desk()
    desk.open.clear()
    tokens = cache(desk)
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(tokens.get()) for _ in range(50)]
        await desk.asked.wait()
        desk.open.set()
    assert {task.result() for task in waiting} == {"t1"}
    assert len(desk.requests) == 1


async def test_fifty_with_one_refused_token_buy_one_new(cache: MakeCache) -> None:
    desk = Desk()
    tokens = cache(desk)
    refused = await tokens.get()

    async def again() -> str:
        tokens.drop(refused)
        return await tokens.get()

    assert set(await asyncio.gather(*(again() for _ in range(50)))) == {"t2"}
    assert len(desk.requests) == 2


async def test_fifty_share_one_failure(cache: MakeCache) -> None:
    desk = Desk(httpx.Response(400))
    desk.open.clear()
    tokens = cache(desk)
    waiting = [asyncio.ensure_future(tokens.get()) for _ in range(50)]  # noqa: TID251 - gathered below
    await desk.asked.wait()
    desk.open.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert len(desk.requests) == 1
    assert await tokens.get() == "t1", "the next one tries again"


async def test_who_leaves_while_it_is_bought_leaves_the_others_served(cache: MakeCache) -> None:
    desk = Desk()
    desk.open.clear()
    tokens = cache(desk)
    first = asyncio.ensure_future(tokens.get())  # noqa: TID251 - awaited below
    await desk.asked.wait()
    second = asyncio.ensure_future(tokens.get())  # noqa: TID251 - awaited below
    await asyncio.sleep(0)
    first.cancel()
    desk.open.set()
    assert await second == "t1"
    with pytest.raises(asyncio.CancelledError):
        await first


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [("3599", 3539), (3599, 3539), (3599.0, 3539), (" 3599 ", 3539), ("40", 20), (None, 540), ("soon", 540), (-5, 540),
     (True, 540), ("NaN", 540), ("1E999", 86340)],
    ids=repr,
)  # fmt: skip
async def test_it_is_renewed_early(cache: MakeCache, clock: StillClock, expires_in: Any, life: Any) -> None:
    desk = Desk(httpx.Response(200, json={"access_token": "first", "expires_in": expires_in}))
    tokens = cache(desk)
    assert await tokens.get() == "first"
    clock.advance(life - 1)
    assert await tokens.get() == "first"
    clock.advance(1)
    assert await tokens.get() == "t1"


async def test_a_token_that_was_replaced_already_is_not_dropped(cache: MakeCache) -> None:
    desk = Desk()
    tokens = cache(desk)
    await tokens.get()
    tokens.drop("an older one")
    assert await tokens.get() == "t1"


async def test_a_fixed_token_asks_nobody(cache: MakeCache) -> None:
    desk = Desk()
    tokens = cache(desk, access_token="fixed")
    tokens.drop("fixed")
    assert await tokens.get() == "fixed"
    assert desk.requests == []


@pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ReadTimeout, httpx.Response(503)], ids=str)
async def test_the_token_request_is_repeated(cache: MakeCache, trouble: Any) -> None:
    desk = Desk(trouble)
    assert await cache(desk).get() == "t1"
    assert len(desk.requests) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(400), "mpesa-credentials"),
        (httpx.Response(400, json={"errorCode": "400.008.01"}), "mpesa-credentials"),
        (httpx.Response(401, content=b"<html>"), "mpesa-credentials"),
        (httpx.Response(200), "mpesa-token"),
        (httpx.Response(200, content=b"<html>"), "mpesa-token"),
        (httpx.Response(200, json={}), "mpesa-token"),
        (httpx.Response(200, json={"access_token": ""}), "mpesa-token"),
        (httpx.Response(200, json={"access_token": 7}), "mpesa-token"),
        (httpx.Response(200, json={"access_token": "two words"}), "mpesa-token"),
        (httpx.Response(200, json=["t"]), "mpesa-token"),
        (httpx.Response(500, json={"access_token": "t"}), "mpesa-token"),
        (httpx.Response(429), "mpesa-token"),
        (httpx.Response(302), "mpesa-token"),
    ],
    ids=range(13),
)
async def test_without_a_token_nothing_was_asked(cache: MakeCache, answer: Any, code: Any) -> None:
    with pytest.raises(Unavailable) as caught:
        await cache(Desk(answer)).get()
    assert caught.value.code == code
    assert "sesame" not in caught.value.message
