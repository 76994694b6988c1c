"""How long a gateway waits for our answer, as a ratio to one durable commit of this machine measured in the same run."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

import pytest

from hmis_pos.cashier.context import PaybillRefusal
from hmis_pos.cashier.records import InboxMessage
from tests.relay.conftest import BEGAN, C2B_TOKEN, Hospital
from tests.relay.test_paybill import paid

pytestmark = pytest.mark.bench
COUNT = 100


async def timed(work: Callable[[int], Awaitable[Any]]) -> list[float]:
    found = []
    for n in range(COUNT):
        began = time.perf_counter()
        await work(n)
        found.append(time.perf_counter() - began)
    return sorted(found)


async def test_a_callback_costs_little_more_than_its_commit(hospital: Hospital):
    message = InboxMessage(
        provider="mpesa", channel="c2b", token="", source_ip="", headers="{}", body=paid(), received_at=BEGAN
    )
    floor = median(await timed(lambda _: hospital.database.write(lambda books: books.inbox.add(message))))
    path = f"/cb/{C2B_TOKEN}"
    answers = await timed(lambda n: hospital.http.post(path, content=paid(TransID=f"TAB{n:07d}")))
    typical, worst = median(answers), answers[int(COUNT * 0.99) - 1]
    print(f"callback: {typical * 1e3:.1f} ms, p99 {worst * 1e3:.1f} ms; a commit {floor * 1e3:.1f} ms")  # noqa: T201
    assert typical < 10 * floor + 0.02
    assert worst < 2


async def test_validation_under_a_flood_stays_far_below_its_limit(open_hospital):
    async with open_hospital(refuse_paybill=frozenset(PaybillRefusal)) as hospital:
        junk = [hospital.http.post(f"/cb/{n:064x}", content=b"junk") for n in range(500)]
        flood = asyncio.gather(*junk)

        async def judged(_: int) -> None:
            answer = await hospital.http.post(f"/cb/{C2B_TOKEN}/check", content=paid())
            assert (answer.status_code, answer.json()["ResultCode"]) == (200, "0")

        answers = await timed(judged)
        assert {answer.status_code for answer in await flood} == {404}
        worst = answers[int(COUNT * 0.99) - 1]
        print(f"validation under flood: {median(answers) * 1e3:.1f} ms, p99 {worst * 1e3:.1f} ms")  # noqa: T201
        assert worst < 2
        text = (await hospital.http.get("/metrics")).text
        assert 'hmis_pos_validations_total{result="timed-out"}' not in text
