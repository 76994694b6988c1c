"""A till before a relay in memory, for the rooms of supervisors and finance: the real composition root, window, keys and presenters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from PySide6.QtWidgets import QApplication

from hmis_pos.contract import events
from hmis_pos.terminal.app import build
from hmis_pos.terminal.clock import ServerTime, SystemIds
from hmis_pos.terminal.event_stream import FeedEvent
from hmis_pos.terminal.relay_client import RelayClient
from hmis_pos.terminal.relay_http import RelayHttp
from hmis_pos.terminal.secrets import Secrets
from hmis_pos.terminal.settings import Language, load
from tests.support.office import Office
from tests.support.till import open_store
from tests.terminal.presenters.conftest import Paper
from tests.terminal.ui.screens.house import Till, _never


class Room(Till):
    """A till whose relay is an :class:`Office`."""

    office: Office

    @property
    def network(self) -> Any:
        return self.office

    async def sign_in(self, counter: str = "Counter 3") -> None:
        await self.keys(*self.office.user[0], "Return", *"demo-only", "Return")
        self.part("signInCounter").clear()
        await self.keys(*counter, "Return")
        await self.read_queue()

    async def tell(self, *messages: Any) -> None:
        """News of the feed."""
        told = []
        for message in messages:
            self.position += 1
            told.append(FeedEvent(self.position, message))
        await self.board.services.worklist._apply(told)
        await self.settled()

    async def money_changed(self, which: int) -> None:
        await self.tell(events.UnmatchedChanged(unmatched=self.office.money[which]))

    async def beat(self, seconds: int) -> None:
        for _ in range(seconds):
            self.office.clock.forward(seconds=1)
            self.board.services.ticker.beat()
        await self.settled()

    async def go_down(self) -> None:
        self.office.down = True
        await super().go_down()

    async def come_back(self) -> None:
        self.office.down = False
        await super().come_back()


@asynccontextmanager
async def open_room(
    office: Office, folder: Path, *, language: Language | None = None, size: tuple[int, int] = (1366, 768)
) -> AsyncIterator[Room]:
    """A till that was never used; its window is on the screen."""
    http = RelayHttp("http://relay", office.clock, ServerTime())
    http._client = httpx.AsyncClient(transport=office, base_url="http://relay")
    environ = {"HMIS_TERMINAL_DIR": str(folder), "HMIS_RELAY_URL": "http://127.0.0.1:1"}
    if language is not None:
        environ["HMIS_LANGUAGE"] = language.value
    store = await open_store(folder)
    paper = Paper()
    terminal = build(
        load(environ),
        store=store,
        relay=RelayClient(http),
        clock=office.clock,
        ids=SystemIds(),
        printer=paper,
        secrets=Secrets("test", f"file:{folder / 'keys.json'}"),
    )
    terminal.window.resize(*size)
    nowhere: Any = office
    room = Room(terminal, nowhere, nowhere, paper)
    room.office = office
    terminal.opened.connect(lambda: setattr(room.board.services.worklist, "run", _never))
    await terminal.start()
    room.board.services.ticker.stop()
    room.window.activateWindow()
    await room.settled()
    try:
        yield room
    finally:
        await terminal.close()
        await http.close()
        await store.close()
        QApplication.processEvents()


def decoded(value: bytes, wanted: type[Any]) -> Any:
    """A message from its JSON."""
    return msgspec.json.decode(value, type=wanted)
