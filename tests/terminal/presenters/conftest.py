"""A whole counter without a window: real local store, real relay app in process, real presenters; only Safaricom and paper are doubles."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import QCoreApplication

from hmis_pos.db.central import migrate
from hmis_pos.db.local.records import Install
from hmis_pos.db.local.store import LocalStore
from hmis_pos.domain.errors import PosError
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.clock import ServerTime, SystemIds
from hmis_pos.terminal.event_stream import FeedEvent, read_events
from hmis_pos.terminal.garbage import delete_now
from hmis_pos.terminal.opening import Given, close_services
from hmis_pos.terminal.presenters.attempts import Attempts
from hmis_pos.terminal.presenters.board import Board
from hmis_pos.terminal.presenters.cash import CashPresenter
from hmis_pos.terminal.presenters.counter import CounterPresenter
from hmis_pos.terminal.presenters.desk import Desk, DeskView
from hmis_pos.terminal.presenters.line import Line
from hmis_pos.terminal.presenters.mpesa import MpesaPresenter
from hmis_pos.terminal.presenters.payments import PaymentsPresenter
from hmis_pos.terminal.presenters.queue import QueuePresenter
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.services import HouseRules, Services
from hmis_pos.terminal.presenters.session import SessionPresenter
from hmis_pos.terminal.presenters.status import StatusPresenter
from hmis_pos.terminal.presenters.ticker import Ticker
from hmis_pos.terminal.presenters.views import Toast
from hmis_pos.terminal.relay_client import RelayClient
from hmis_pos.terminal.relay_http import RelayHttp
from hmis_pos.terminal.secrets import Secrets
from hmis_pos.terminal.sync import OutboxSender
from hmis_pos.terminal.tasks import Tasks
from hmis_pos.terminal.worklist import QueueState, Worklist
from tests.relay.conftest import PASSWORD, HandClock, Hospital, fill, opened
from tests.support.till import open_store

__all__ = ["PASSWORD", "Hospital", "Stand"]


class Wire(httpx.AsyncBaseTransport):
    """The network between a till and the relay, with its faults."""

    def __init__(self, hospital: Hospital) -> None:
        app: Any = hospital.app  # Litestar types its scopes more closely than httpx does
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False, client=("10.1.1.9", 4712))
        self.down = False
        self.lose_answers = False
        self.requests: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/events":  # the feed is carried by hand, see Stand.feed
            await asyncio.Event().wait()
        if self.down:
            raise httpx.ConnectError("no route", request=request)
        self.requests.append((request.method, request.url.path))
        answer = await self._app.handle_async_request(request)
        if self.lose_answers and request.method != "GET":
            raise httpx.ReadTimeout("nothing came back", request=request)
        return answer

    def asked(self, part: str) -> int:
        return sum(1 for method, path in self.requests if method == "POST" and part in path)


@dataclass
class Paper:
    """A printer that remembers."""

    printed: list[tuple[str, int]] = field(default_factory=list)
    failure: PosError | None = None

    async def print_receipt(self, receipt: Receipt, copy: int) -> None:
        if self.failure is not None:
            raise self.failure
        self.printed.append((receipt.no, copy))

    async def save_pdf(self, receipt: Receipt, copy: int, path: Path) -> Path:
        await asyncio.to_thread(path.write_text, f"{receipt.no} {copy}")
        return path


@dataclass
class Stand:
    """One counter: services, presenters, and what they said."""

    hospital: Hospital
    wire: Wire
    services: Services
    paper: Paper
    board: Board
    toasts: list[Toast] = field(default_factory=list)
    crashes: list[BaseException] = field(default_factory=list)
    position: int = 0
    closed: bool = False

    @property
    def queue(self) -> QueuePresenter:
        return self.board.queue

    @property
    def counter(self) -> CounterPresenter:
        return self.board.counter

    @property
    def cash(self) -> CashPresenter:
        return self.board.cash

    @property
    def mpesa(self) -> MpesaPresenter:
        return self.board.mpesa

    @property
    def attempts(self) -> Attempts:
        return self.board.attempts

    @property
    def receipts(self) -> ReceiptPresenter:
        return self.board.receipts

    @property
    def payments(self) -> PaymentsPresenter:
        return self.board.payments

    @property
    def status(self) -> StatusPresenter:
        return self.board.status

    @property
    def session(self) -> SessionPresenter:
        return self.board.session

    @property
    def clock(self) -> HandClock:
        return self.hospital.clock

    @property
    def store(self) -> LocalStore:
        return self.services.store

    async def settled(self) -> None:
        """Until nothing runs any more but the endless loops; what crashed fails the test."""
        tasks = self.services.tasks
        while running := [task for task in tasks._running if task.get_name() not in {"sync", "worklist"}]:
            await asyncio.wait(running)
        assert self.crashes == []

    async def read_queue(self) -> None:
        """What the worklist does first: the relay's queue from end to end, then its feed from there."""
        self.position = await self.services.worklist._read_all()
        self.services.worklist._set(QueueState.LIVE)
        await self.settled()

    async def feed(self) -> None:
        """All events the relay committed since, through the till's own reader."""
        feed = self.hospital.relay.feed
        after = self.position
        rows, lines = await self.hospital.database.read(lambda books: feed._read(books, after, 1))

        async def text() -> AsyncIterator[str]:
            for line in lines:
                for one in line.data.decode().split("\n"):
                    yield one

        told: list[FeedEvent] = [event async for event in read_events(text())]
        if told:
            await self.services.worklist._apply(told)
        if rows:
            self.position = rows[-1].seq
        await self.settled()

    async def sync(self) -> bool:
        return await self.services.sender.send_all()

    async def choose(self, invoice_id: int) -> None:
        self.queue.choose(invoice_id)
        await self.settled()

    async def beat(self, seconds: int = 1) -> None:
        """So many seconds go by."""
        for _ in range(seconds):
            self.clock.forward(seconds=1)
            self.services.ticker.beat()
        await self.settled()

    async def go_down(self) -> None:
        """The relay goes away, and the till notices by its next request."""
        self.wire.down = True
        with pytest.raises(PosError):
            await self.services.relay.invoices(limit=1)
        await self.settled()

    async def come_back(self) -> None:
        self.wire.down = False
        await self.services.relay.invoices(limit=1)
        await self.settled()

    async def close(self) -> None:
        """End the program; a test may do it before the fixture does."""
        if self.closed:
            return
        self.closed = True
        parts = await close_services(self.services, Given())
        delete_now(self.board, *parts, self.services.tasks)


Opener = Callable[..., Awaitable[Stand]]


def present(services: Services, hospital: Hospital, wire: Wire, paper: Paper) -> Stand:
    board = Board(services)
    stand = Stand(hospital, wire, services, paper, board)
    board.told.connect(stand.toasts.append)
    services.tasks.crashed.connect(lambda _name, error: stand.crashes.append(error))
    return stand


async def sit_down(store: LocalStore, relay: RelayClient, desk: Desk, name: str) -> None:
    """A cashier of an enrolled till, without the session presenter."""
    await relay.login("cashier", PASSWORD)
    install = await store.install.get()
    enrolled = await relay.enrol(install.install_uid, name, key=SystemIds().token())
    install = await store.install.bind(
        Install(
            install_uid=install.install_uid,
            series=enrolled.series,
            counter=enrolled.counter,
            facility_id=enrolled.facility_id,
            facility_name=enrolled.facility_name,
            last_number=enrolled.last_number,
        )
    )
    desk.show(
        DeskView(
            username="cashier",
            display_name="Cashier",
            role="billing",
            facility_name="Demo",
            counter=name,
            series=install.series,
        )
    )


@pytest.fixture(scope="session")
def central_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("presenters") / "template.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture
async def relay_app(central_database: Path, tmp_path: Path) -> AsyncIterator[Hospital]:
    path = tmp_path / "central.sqlite3"
    shutil.copy(central_database, path)
    async with opened(f"sqlite:///{path}") as hospital:
        yield hospital


@pytest.fixture
async def open_stand(relay_app: Hospital, tmp_path: Path, qapp: QCoreApplication) -> AsyncIterator[Opener]:
    """``await open_stand("Counter 1")``: a till of that name, enrolled and signed in; the same name opens it again."""
    async with AsyncExitStack() as stack:

        async def opens(name: str = "Counter 1", *, rules: HouseRules | None = None, signed_in: bool = True) -> Stand:
            wire = Wire(relay_app)
            server_time = ServerTime()
            keyring = Secrets(name, f"file:{tmp_path / 'keys.json'}")
            http = RelayHttp("http://relay", relay_app.clock, server_time, keep_refresh=keyring.keep_refresh_token)
            http._client = httpx.AsyncClient(transport=wire, base_url="http://relay")
            relay = RelayClient(http)
            store = await open_store(tmp_path / name)
            desk = Desk()
            if signed_in:
                await sit_down(store, relay, desk, name)
            paper = Paper()
            services = Services(
                store=store,
                worklist=Worklist(store, relay),
                relay=relay,
                line=Line(relay),
                sender=OutboxSender(store, relay, relay_app.clock, SystemIds()),
                server_time=server_time,
                secrets=keyring,
                printer=paper,
                clock=relay_app.clock,
                ids=SystemIds(),
                tasks=Tasks(),
                ticker=Ticker(),
                desk=desk,
                rules=rules or HouseRules(print_at_once=True, receipts_folder=tmp_path),
            )
            stand = present(services, relay_app, wire, paper)
            stack.push_async_callback(stand.close)
            if signed_in:
                await stand.read_queue()
            return stand

        yield opens


@pytest.fixture
async def stand(open_stand: Opener) -> Stand:
    return await open_stand()
