"""Real screens over a real counter: local store, relay app in process, presenters. Driven by keys only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode
from hmis_pos.terminal.ui.kit.bars import FootBar
from hmis_pos.terminal.ui.kit.keys import KeyMap
from hmis_pos.terminal.ui.screens.counter.screen import PLACE, CounterParts, CounterScreen
from tests.terminal.presenters.conftest import central_database, open_stand, relay_app, stand
from tests.terminal.ui.screens.house import Till, has_focus, open_till

__all__ = ["central_database", "open_stand", "relay_app", "stand"]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Appearance]:
    appearance = Appearance(qapp, Mode.LIGHT)
    yield appearance
    appearance.deleteLater()


def press(window: QWidget, *keys: str) -> None:
    """Keys as a hand presses them; a single sign is typed, anything else is a key sequence such as ``F2``."""
    for key in keys:
        target = has_focus(window)
        if len(key) == 1:
            QTest.keyClicks(target, key)
        else:
            QTest.keySequence(target, key)
        QApplication.processEvents()


def type_text(window: QWidget, text: str) -> None:
    press(window, *text)


class CounterWindow(QMainWindow):
    """The counter with its keys, as the workplace shows it."""

    def __init__(self, stand: Any) -> None:
        super().__init__()
        self.stand = stand
        self.keys = KeyMap(self)
        self.screen_ = CounterScreen(
            CounterParts(
                queue=stand.queue,
                counter=stand.counter,
                cash=stand.cash,
                mpesa=stand.mpesa,
                codes=stand.board.codes,
                self_pay=stand.board.self_pay,
                receipts=stand.receipts,
            )
        )
        self.keys.add(*self.screen_.actions_here())
        self.keys.set_places(PLACE)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.screen_, 1)
        column.addWidget(FootBar(self.keys))
        self.setCentralWidget(body)
        self.resize(1290, 720)

    def part(self, name: str) -> Any:
        found = self.findChild(QWidget, name)
        assert found is not None, name
        return found

    async def keys_(self, *keys: str) -> None:
        """Press keys; after each, wait until nothing runs any more."""
        for key in keys:
            press(self, key)
            await self.stand.settled()
            QApplication.processEvents()


@pytest.fixture
async def counter(stand: Any, look: Appearance, qtbot: Any) -> Any:
    window = CounterWindow(stand)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    stand.queue.start()
    await stand.settled()
    QApplication.processEvents()
    assert window.isActiveWindow()
    assert window.windowState() is Qt.WindowState.WindowNoState
    return window


@pytest.fixture
async def fresh_till(relay_app: Any, tmp_path: Path, qapp: QApplication) -> AsyncIterator[Till]:
    """A till nobody used yet, its window open."""
    async with open_till(relay_app, tmp_path / "till") as till:
        yield till


@pytest.fixture
async def till(fresh_till: Till) -> Till:
    """The cashier is signed in at Counter 3, the queue is read."""
    await fresh_till.sign_in()
    return fresh_till
