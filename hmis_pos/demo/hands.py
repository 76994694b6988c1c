"""Hands on the keyboard of a real terminal: keys go to its window as the windowing system would send them.

Waiting is for what the screen shows: a condition is looked at again each time Qt has nothing left to do, never by sleeping.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

#: Seconds from the last character to Enter, for quick hands.
HAND = 0.08
#: Layouts, animations' last frames and answers of the relay come one after the other.
_ROUNDS_TO_REST = 8
_FIELDS = 40


class NeverCame(AssertionError):
    """The screen did not show what was waited for; the message says what."""


class Album:
    """Pictures of windows in one folder, numbered as they were taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def keep(self, window: QWidget, name: str) -> Path:
        """Take a picture of a window as it is now; its path."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        path = self._folder / f"{self._count:02}-{name}.png"
        window.grab().save(str(path))
        return path


class Hands:
    """Types, looks and takes pictures. Never touches a mouse."""

    def __init__(self, window: QWidget, album: Album | None = None) -> None:
        self._window = window
        self._album = album
        self._wrote = False

    async def come_forward(self) -> None:
        """Bring the window before the others of this screen, without which its keys do not work. Keys do it by themselves.

        Where no window manager is, a window that goes makes any other the active one.
        """
        if not self._window.isActiveWindow() and QApplication.activeModalWidget() is None:
            self._window.activateWindow()
            await self.until("the window in front", self._window.isActiveWindow)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each as ``QKeySequence`` writes it: ``F2``, ``Return``, ``Ctrl+K``."""
        if self._wrote:
            # Characters and Enter within 50 ms are a barcode scanner to the window; a hand takes longer.
            await asyncio.sleep(HAND)
            self._wrote = False
        for key in keys:
            await self.come_forward()
            combination = QKeySequence(key)[0]  # type: ignore[index]  # the stubs forget it
            await self._click(
                partial(QTest.keyClick, self._target(), combination.key(), combination.keyboardModifiers())
            )

    async def write(self, text: str) -> None:
        """Type characters into whatever has the focus."""
        for character in text:
            await self.come_forward()
            await self._click(partial(QTest.keyClick, self._target(), character))
        self._wrote = True

    async def scan(self, code: str) -> None:
        """A barcode scanner's burst: the characters and Enter at once."""
        await self.write(code)
        self._wrote = False
        await self.press("Return")

    async def clear(self) -> None:
        """Empty the field that has the focus."""
        await self.press("Ctrl+A", "Backspace")

    @staticmethod
    async def _click(click: Callable[[], object]) -> None:
        """Click from outside every task: QTest runs Qt's events meanwhile, and these run other tasks."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def act() -> None:
            try:
                click()
            except BaseException as e:  # noqa: BLE001 - it is raised where it is awaited
                done.set_exception(e)
            else:
                done.set_result(None)

        loop.call_soon(act)
        await done

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
        dispatcher = _dispatcher()
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
            if self._album is not None:
                self._album.keep(self._window, "never-came")
            raise NeverCame(f"after {seconds:g} s still not: {what}") from None
        finally:
            dispatcher.aboutToBlock.disconnect(look)

    async def shoot(self, name: str, of: QWidget | None = None) -> Path | None:
        """Take a picture once all has come to rest; its path, or None where no pictures are wanted.

        Args:
            name: what it shows.
            of: another window than the one the keys go to.
        """
        if self._album is None:
            return None
        for _ in range(_ROUNDS_TO_REST):
            await self._rest()
        return self._album.keep(of or self._window, name)

    async def go_to(self, field: str) -> None:
        """Tab to the field with this object name."""
        for _ in range(_FIELDS):
            focused = QApplication.focusWidget()
            if focused is not None and focused.objectName() == field:
                return
            await self.press("Tab")
        raise NeverCame(f"no Tab leads to {field}")

    @staticmethod
    async def _rest() -> None:
        """Until Qt has nothing left to do."""
        dispatcher = _dispatcher()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def idle() -> None:
            if not done.done():
                done.set_result(None)

        dispatcher.aboutToBlock.connect(idle)
        try:
            await done
        finally:
            dispatcher.aboutToBlock.disconnect(idle)


def _dispatcher() -> QAbstractEventDispatcher:
    dispatcher: QAbstractEventDispatcher | None = QAbstractEventDispatcher.instance()
    if dispatcher is None:
        raise NeverCame("Qt runs no event loop")
    return dispatcher
