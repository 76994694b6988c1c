"""Hands on the keyboard of a real terminal: keys go to its window as the windowing system would send them.

Waiting is for what the screen shows: a condition is looked at again each time Qt has nothing left to do, never by sleeping.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


class NeverCame(AssertionError):
    """The screen did not show what was waited for; the message says what."""


class Hands:
    """Types, looks and takes pictures. Never touches a mouse."""

    def __init__(self, window: QWidget, pictures: Path | None = None) -> None:
        self._window = window
        self._pictures = pictures
        self.shots: list[Path] = []

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each as ``QKeySequence`` writes it: ``F2``, ``Return``, ``Ctrl+K``."""
        for key in keys:
            combination = QKeySequence(key)[0]
            QTest.keyClick(self._target(), combination.key(), combination.keyboardModifiers())
            await asyncio.sleep(0)

    async def write(self, text: str) -> None:
        """Type characters into whatever has the focus."""
        for character in text:
            QTest.keyClick(self._target(), character)
            await asyncio.sleep(0)

    async def clear(self) -> None:
        """Empty the field that has the focus."""
        await self.press("Ctrl+A", "Backspace")

    def _target(self) -> QWindow:
        window = (QApplication.activeModalWidget() or self._window).windowHandle()
        if window is None:
            raise NeverCame("the window is not on any screen")
        return window

    async def until(self, what: str, holds: Callable[[], object], seconds: float = 30) -> None:
        """Wait until ``holds()`` is true.

        Raises:
            NeverCame: it did not become true in time.
        """
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            raise NeverCame("Qt runs no event loop")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def look() -> None:
            if not done.done() and holds():
                done.set_result(None)

        dispatcher.aboutToBlock.connect(look, Qt.ConnectionType.DirectConnection)
        try:
            look()
            async with asyncio.timeout(seconds):
                await done
        except TimeoutError:
            self.shoot("never-came")
            raise NeverCame(f"after {seconds:g} s still not: {what}") from None
        finally:
            dispatcher.aboutToBlock.disconnect(look)

    def shoot(self, name: str) -> Path | None:
        """Take a picture of the window; its path, or None where no pictures are wanted."""
        if self._pictures is None:
            return None
        self._pictures.mkdir(parents=True, exist_ok=True)
        path = self._pictures / f"{name}.png"
        self._window.grab().save(str(path))
        self.shots.append(path)
        return path
