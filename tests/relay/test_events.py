"""The event feed over real HTTP: live, resumable, honest about what was missed."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from hmis_pos.relay import feed as feeding
from tests.relay.conftest import Hospital, until


@dataclass(frozen=True)
class Heard:
    id: int
    kind: str
    data: dict[str, Any]


class Server(uvicorn.Server):
    """Leaves the signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(hospital: Hospital) -> AsyncIterator[httpx.AsyncClient]:
    """The relay behind uvicorn on a free port of this machine, as a terminal reaches it."""
    listening = socket.socket()
    try:
        listening.bind(("127.0.0.1", 0))
        async with _serving(hospital, listening) as client:
            yield client
    finally:
        listening.close()


@asynccontextmanager
async def _serving(hospital: Hospital, listening: socket.socket) -> AsyncIterator[httpx.AsyncClient]:
    config = uvicorn.Config(hospital.app, log_config=None, access_log=False, lifespan="on")
    server = Server(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listening]))
        await until(lambda: server.started)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=url, headers=hospital.http.headers, timeout=10) as client:
                yield client
        finally:
            hospital.relay.feed.close()
            server.should_exit = True


async def heard(response: httpx.Response) -> AsyncIterator[Heard | str]:
    """Events as objects, comments as text."""
    found: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line.startswith(":"):
            yield line
        elif line:
            name, _, value = line.partition(": ")
            found[name] = value
        elif "data" in found:
            yield Heard(int(found["id"]), found["event"], json.loads(found["data"]))
            found = {}


async def first(stream: AsyncIterator[Heard | str], kind: str) -> Heard:
    async with asyncio.timeout(10):
        async for event in stream:
            if isinstance(event, Heard) and event.kind == kind:
                return event
    raise AssertionError("the stream ended")


async def test_what_happens_is_heard_at_once_with_its_present_state(hospital: Hospital):
    async with served(hospital) as client, client.stream("GET", "/api/events") as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        stream = heard(response)
        assert await anext(stream) == ": following"
        uid = (await hospital.initiate(1)).json()["transaction_id"]
        event = await first(stream, "payment.changed")
        assert event.data["payment"]["transaction_id"] == uid
        await hospital.post("/api/invoices/2/serve", {"counter": "Counter 1"})
        serving = await first(stream, "invoice.serving")
        assert serving.data == {
            "invoice_id": 2,
            "served_by": {
                "terminal": "T01A",
                "counter": "Counter 1",
                "cashier": "Cashier",
                "until": serving.data["served_by"]["until"],
            },
        }
        await hospital.post("/api/invoices/2/release")
        assert (await first(stream, "invoice.serving")).data["served_by"] is None
        await hospital.post("/api/payments/confirm", {"invoice_id": 3, "amount": "4850", "payment_method": "cash"})
        while (changed := await first(stream, "invoice.changed")).data["invoice"]["id"] != 3:
            pass  # what was filled in a moment ago is told too
        assert changed.data["invoice"]["status"] == "paid"
        assert changed.id > event.id


async def test_a_follower_that_comes_back_hears_what_it_missed_once(hospital: Hospital):
    start = (await hospital.http.get("/api/invoices")).json()["last_event"]
    for invoice_id in (1, 2, 3):
        await hospital.initiate(invoice_id)
    async with served(hospital) as client:
        async with client.stream("GET", "/api/events", headers={"Last-Event-ID": str(start)}) as response:
            stream = heard(response)
            seen = [await first(stream, "payment.changed") for _ in range(3)]
        assert [event.data["payment"]["invoice_id"] for event in seen] == [1, 2, 3]
        async with client.stream("GET", "/api/events", params={"after": seen[0].id}) as response:
            stream = heard(response)
            again = [await first(stream, "payment.changed") for _ in range(2)]
            assert again == seen[1:]
            await hospital.initiate(4)
            assert (await first(stream, "payment.changed")).data["payment"]["invoice_id"] == 4


async def test_many_followers_hear_every_payment_whenever_they_join(hospital: Hospital):
    start = (await hospital.http.get("/api/invoices")).json()["last_event"]

    async def follow(client: httpx.AsyncClient) -> list[int]:
        async with client.stream("GET", "/api/events", headers={"Last-Event-ID": str(start)}) as response:
            stream = heard(response)
            found: set[int] = set()
            while len(found) < 6:
                found.add((await first(stream, "payment.changed")).data["payment"]["invoice_id"])
            return sorted(found)

    async with served(hospital) as client, asyncio.TaskGroup() as group:
        early = [group.create_task(follow(client)) for _ in range(5)]
        for invoice_id in range(1, 7):
            await hospital.initiate(invoice_id)
            early.append(group.create_task(follow(client)))
    assert [task.result() for task in early] == [[1, 2, 3, 4, 5, 6]] * 11


@pytest.mark.parametrize("behind", [True, False])
async def test_who_missed_too_much_is_told_to_read_anew(hospital: Hospital, monkeypatch, behind):
    monkeypatch.setattr(feeding, "MOST_BEHIND", 2)
    for invoice_id in (1, 2, 3):
        await hospital.initiate(invoice_id)
    last = (await hospital.http.get("/api/invoices")).json()["last_event"]
    position = 0 if behind else last + 1000  # ahead: the database was restored from a backup
    where = {"Last-Event-ID": str(position)}
    async with served(hospital) as client, client.stream("GET", "/api/events", headers=where) as response:
        event = await first(heard(response), "reset")
    assert event.data == {"last_event": event.id}
    assert last <= event.id < last + 1000


async def test_nothing_of_another_facility_is_heard(hospital: Hospital):
    start = (await hospital.http.get("/api/invoices")).json()["last_event"]
    await hospital.initiate(1)
    await hospital.sign_in("elsewhere")
    del hospital.http.headers["X-Terminal"]
    where = {"Last-Event-ID": str(start)}
    async with served(hospital) as client, client.stream("GET", "/api/events", headers=where) as response:
        stream = heard(response)
        await anext(stream)
        await hospital.initiate(10)
        assert (await first(stream, "payment.changed")).data["payment"]["invoice_id"] == 10


async def test_a_quiet_stream_shows_that_it_lives_and_ends_with_its_token(hospital: Hospital, monkeypatch):
    monkeypatch.setattr(feeding, "HEARTBEAT", 0.05)
    async with served(hospital) as client, client.stream("GET", "/api/events") as response:
        # What was filled in a moment ago may be told in between.
        signs = (event async for event in heard(response) if isinstance(event, str))
        assert [await anext(signs) for _ in range(3)] == [": following", ": here", ": here"]
        hospital.clock.forward(minutes=11)
        async with asyncio.timeout(60):
            assert {sign async for sign in signs} <= {": here"}  # it ends


async def test_what_the_hmis_changes_itself_is_heard(hospital: Hospital):
    async with served(hospital) as client, client.stream("GET", "/api/events") as response:
        stream = heard(response)
        await anext(stream)
        await hospital.relay.worker.loops[2].step()
        hospital.change_invoice(5, insurance=85000)
        while True:  # what was filled in a moment ago is told too
            invoice = (await first(stream, "invoice.changed")).data["invoice"]
            if (invoice["id"], invoice["payable"]) == (5, "4000.00"):
                break


async def test_a_follower_that_does_not_read_is_cut_off(hospital: Hospital, monkeypatch):
    monkeypatch.setattr(feeding, "MOST_WAITING", 1)
    relay = hospital.relay
    actor_until = hospital.clock.now().replace(year=2027)
    await relay.feed.step()
    stream = relay.feed.follow(1, None, actor_until)
    assert b"following" in await anext(stream)
    live = asyncio.ensure_future(anext(stream))  # noqa: TID251 - the test plays the slow reader
    await asyncio.sleep(0)
    await until(lambda: len(relay.feed._followers) == 1)
    for invoice_id in (1, 2, 3):
        await hospital.initiate(invoice_id)
    await relay.feed.step()
    await live
    rest = [data async for data in stream]
    assert len(rest) <= 1
    assert relay.feed._followers == set()
