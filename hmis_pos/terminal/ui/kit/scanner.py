"""Hears a barcode scanner anywhere in a window, whatever has the focus."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from hmis_pos.terminal.ui.kit.barcode import Burst

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TYPING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class Scanner(QObject):
    """Watches the keys that reach one window from outside, before widgets and shortcuts do.

    `scanned` carries a code. Its Enter is swallowed, and a field that had the focus gets back the
    text it had before the scan: without that, scanning invoice 20931 into the amount would take
    20,931 shillings. Keys that a test sends straight to a widget pass it by.

    Args:
        window: a top-level widget; it may be shown later.
        clock: seconds that only grow.
    """

    scanned = Signal(str)

    def __init__(self, window: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window = window
        self._burst = Burst(clock)
        self._field: QLineEdit | None = None
        self._text = ""
        self._caret = 0
        self._swallow = False
        window.installEventFilter(self)
        self._watch_handle()

    def _watch_handle(self) -> None:
        handle = self._window.windowHandle()
        if handle is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window:
            if kind in (QEvent.Type.Show, QEvent.Type.WinIdChange):
                self._watch_handle()
            return False
        if not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            # Every key comes here first; one whose shortcut fires comes nowhere else.
            return self._hear(event)
        if kind == QEvent.Type.KeyPress and self._swallow and event.key() in _ENTER:
            self._swallow = False
            return True
        return False

    def _hear(self, event: QKeyEvent) -> bool:
        self._swallow = False
        if event.key() in _ENTER:
            code = self._burst.enter()
            if not code:
                return False
            self._put_back()
            self._swallow = True
            event.accept()  # no shortcut for this Enter
            self.scanned.emit(code)
            return True
        if event.modifiers() & ~_TYPING:
            self._burst.forget()
        elif event.text() and event.text().isprintable() and self._burst.key(event.text()):
            self._remember()
        return False

    def _remember(self) -> None:
        focus = self._window.focusWidget()
        self._field = focus if isinstance(focus, QLineEdit) else None
        if self._field is not None:
            self._text, self._caret = self._field.text(), self._field.cursorPosition()

    def _put_back(self) -> None:
        if self._field is not None:
            self._field.setText(self._text)
            self._field.setCursorPosition(self._caret)
