"""A whole till for screen tests: the real composition root and window on a real store and a real relay app in process.

Safaricom and paper are doubles. The event feed is read when a test says so (a streamed answer needs a real socket, which the flows have).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hmis_pos.domain.errors import PosError
from hmis_pos.terminal.app import Terminal, build
from hmis_pos.terminal.clock import ServerTime, SystemIds
from hmis_pos.terminal.event_stream import FeedEvent, read_events
from hmis_pos.terminal.relay_client import RelayClient
from hmis_pos.terminal.relay_http import RelayHttp
from hmis_pos.terminal.secrets import Secrets
from hmis_pos.terminal.settings import Language, load
from hmis_pos.terminal.worklist import QueueState
from tests.relay.conftest import PASSWORD, Hospital
from tests.support.till import open_store
from tests.terminal.presenters.conftest import Paper, Wire

#: Tasks that run as long as somebody is signed in.
_FOR_EVER = frozenset({"worklist", "sync"})
CODE = "TAB1CD2EFG"


class Till:
    """The terminal under test, and hands for it."""

    def __init__(self, terminal: Terminal, hospital: Hospital, wire: Wire, paper: Paper) -> None:
        self.terminal = terminal
        self.hospital = hospital
        self.wire = wire
        self.paper = paper
        self.position = 0
        self.crashes: list[BaseException] = []
        self.slow: Slow | None = None
        terminal.tasks.crashed.connect(lambda _name, error: self.crashes.append(error))

    @property
    def window(self) -> Any:
        return self.terminal.window

    @property
    def board(self) -> Any:
        assert self.terminal.board is not None
        return self.terminal.board

    def part(self, name: str) -> Any:
        """A widget by its object name."""
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    @property
    def network(self) -> Any:
        """What carries the till's requests."""
        return self.wire

    # ------------------------------------------------------------ hands

    async def keys(self, *keys: str) -> None:
        """Press keys, a single sign is typed; after each, wait until nothing runs any more."""
        for key in keys:
            target = self.focus()
            if len(key) == 1:
                QTest.keyClicks(target, key)
            else:
                QTest.keySequence(target, key)
            await self.settled()

    async def click(self, name: str) -> None:
        """Click a control by its object name, and wait as after a key."""
        QTest.mouseClick(self.part(name), Qt.MouseButton.LeftButton)
        await self.settled()

    def focus(self) -> QWidget:
        sheet = QApplication.activeModalWidget()
        if sheet is not None:
            return has_focus(sheet)
        return has_focus(self.window)

    async def settled(self) -> None:
        """Until nothing runs but what always runs; what crashed fails the test."""
        QApplication.processEvents()
        while running := self._running():
            news = [self.slow.came] if self.slow is not None else []
            done, _ = await asyncio.wait([*running, *news], timeout=20, return_when=asyncio.FIRST_COMPLETED)
            assert done, [task.get_name() for task in running]
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        if QApplication.activeModalWidget() is None:
            self.window.activateWindow()  # as a desktop does when a sheet has gone
            QApplication.processEvents()
        assert self.crashes == []

    def _running(self) -> list[asyncio.Task[Any]]:
        """What runs, but for what always does and what waits for a slow answer."""
        waiting = self.slow.take() if self.slow is not None else set()
        tasks = self.terminal.tasks._running
        return [task for task in tasks if task.get_name() not in _FOR_EVER and task not in waiting]

    async def sign_in(self, counter: str = "Counter 3") -> None:
        """The first run: user, password, the counter's name; all typed."""
        await self.keys(*"cashier", "Return", *PASSWORD, "Return")
        self.part("signInCounter").clear()
        await self.keys(*counter, "Return")
        await self.read_queue()

    async def read_queue(self) -> None:
        worklist = self.board.services.worklist
        self.position = await worklist._read_all()
        worklist._set(QueueState.LIVE)
        await self.settled()

    # ------------------------------------------------------------ the world

    async def feed(self) -> None:
        """All events the relay committed since, through the till's own reader."""
        feed, after = self.hospital.relay.feed, self.position
        rows, lines = await self.hospital.database.read(lambda books: feed._read(books, after, 1))

        async def text() -> AsyncIterator[str]:
            for line in lines:
                for one in line.data.decode().split("\n"):
                    yield one

        told: list[FeedEvent] = [event async for event in read_events(text())]
        if told:
            await self.board.services.worklist._apply(told)
        if rows:
            self.position = rows[-1].seq
        await self.settled()

    async def safaricom_says(self, code: int, *, receipt: str = CODE, amount: int = 4850, order: int = 1) -> None:
        """Safaricom's callback through the relay's own intake and worker, and its news to the till."""
        result: dict[str, Any] = {
            "CheckoutRequestID": f"ws_CO_{order}",
            "MerchantRequestID": "m",
            "ResultCode": code,
            "ResultDesc": "-",
        }
        if code == 0:
            items = [{"Name": "Amount", "Value": amount}, {"Name": "MpesaReceiptNumber", "Value": receipt}]
            result["CallbackMetadata"] = {"Item": items}
        token = self.hospital.gateway.orders[order - 1].callback_url.rpartition("/")[2]
        await self.hospital.http.post(f"/cb/{token}", json={"Body": {"stkCallback": result}})
        await self.hospital.work_inbox()
        await self.feed()

    async def beat(self, seconds: int) -> None:
        for _ in range(seconds):
            self.hospital.clock.forward(seconds=1)
            self.board.services.ticker.beat()
        await self.settled()

    @asynccontextmanager
    async def slowly(self, part: str) -> AsyncIterator[None]:
        """The answers to requests whose path holds ``part`` are on their way until the block ends; one works on meanwhile."""
        self.slow = Slow(self.network, part)
        yield
        self.slow.arrive()
        self.slow = None
        await self.settled()

    async def go_down(self) -> None:
        """The relay goes away, and the till notices by its next request."""
        self.wire.down = True
        try:
            await self.board.services.relay.invoices(limit=1)
        except PosError:
            self.board.services.worklist._set(QueueState.AWAY)
        await self.settled()

    async def come_back(self) -> None:
        self.wire.down = False
        await self.board.services.relay.invoices(limit=1)
        self.board.services.worklist._set(QueueState.LIVE)
        await self.settled()

    def picture(self) -> QImage:
        """The window as it is seen, with the sheet that lies over it."""
        QApplication.processEvents()
        image: QImage = self.window.grab().toImage()
        sheet = QApplication.activeModalWidget()
        if sheet is not None:
            painter = QPainter(image)
            painter.drawPixmap(self.window.mapFromGlobal(sheet.mapToGlobal(QPoint(0, 0))), sheet.grab())
            painter.end()
        return image


class Slow:
    """Holds the relay's answers back, in front of what carries a till's requests."""

    def __init__(self, network: Any, part: str) -> None:
        self._network, self._part = network, part
        self._carry = network.handle_async_request
        self._go = asyncio.Event()
        self._tasks: set[asyncio.Task[Any] | None] = set()
        self.came = asyncio.get_running_loop().create_future()
        network.handle_async_request = self._held

    async def _held(self, request: httpx.Request) -> httpx.Response:
        try:
            answer: httpx.Response = await self._carry(request)
        finally:
            if self._part in request.url.path and not self._go.is_set():
                self._tasks.add(asyncio.current_task())
                if not self.came.done():
                    self.came.set_result(None)
                await self._go.wait()
        return answer

    def take(self) -> set[asyncio.Task[Any] | None]:
        """The tasks that wait for an answer."""
        if self.came.done():
            self.came = asyncio.get_running_loop().create_future()
        return self._tasks

    def arrive(self) -> None:
        """Let all of them have theirs."""
        assert self._tasks, f"nobody asked for {self._part}"
        del self._network.handle_async_request
        self._go.set()


def has_focus(window: QWidget) -> QWidget:
    """Where keys go in a window: to itself, where nothing in it has the focus (Qt's types do not know of that)."""
    focus: QWidget | None = window.focusWidget()
    return window if focus is None else focus


@asynccontextmanager
async def open_till(
    hospital: Hospital, folder: Path, *, language: Language | None = None, size: tuple[int, int] = (1366, 768)
) -> AsyncIterator[Till]:
    """A till that was never used, its window on the screen, waiting for somebody to sign in."""
    wire, server_time, paper = Wire(hospital), ServerTime(), Paper()
    http = RelayHttp("http://relay", hospital.clock, server_time)
    http._client = httpx.AsyncClient(transport=wire, base_url="http://relay")
    environ = {"HMIS_TERMINAL_DIR": str(folder), "HMIS_PRINT_EACH": "yes", "HMIS_RELAY_URL": "http://127.0.0.1:1"}
    if language is not None:
        environ["HMIS_LANGUAGE"] = language.value
    store = await open_store(folder)
    terminal = build(
        load(environ),
        store=store,
        relay=RelayClient(http),
        clock=hospital.clock,
        ids=SystemIds(),
        printer=paper,
        secrets=Secrets("test", f"file:{folder / 'keys.json'}"),
    )
    terminal.window.resize(*size)
    till = Till(terminal, hospital, wire, paper)
    terminal.opened.connect(lambda: setattr(till.board.services.worklist, "run", _never))
    await terminal.start()
    till.board.services.ticker.stop()
    till.window.activateWindow()
    await till.settled()
    assert till.window.windowState() & Qt.WindowState.WindowMinimized == Qt.WindowState.WindowNoState
    try:
        yield till
    finally:
        await terminal.close()
        await http.close()
        await store.close()
        QApplication.processEvents()


async def _never() -> None:
    """The queue is read by hand."""
    await asyncio.Event().wait()
