"""The search above the queue."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.field import LineField
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.theme import current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, font

_PAUSE_MS = 90


class SearchField(LineField):
    """A field that searches as one types, shows `/`, and clears itself by Esc or its cross.

    `searched` carries the text after a short pause, or at once at Enter and when cleared. Esc in
    an empty field is left to the window, which takes it as one step back.
    """

    searched = Signal(str)

    def __init__(
        self,
        placeholder: str,
        key: str = "/",
        *,
        pause_ms: int = _PAUSE_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(placeholder, key, parent=parent)
        self.setPlaceholderText(placeholder)
        self.setFont(font(Text.BODY))
        self.setFixedHeight(40)
        self._last = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause_ms)
        self._timer.timeout.connect(self.tell_now)
        self.textChanged.connect(self._changed)
        self.returnPressed.connect(self.tell_now)

    def _changed(self, text: str) -> None:
        if text:
            self._timer.start()
        else:
            self.tell_now()
        self.update()

    def tell_now(self) -> None:
        """Say what is typed without waiting for a pause: Enter may come first."""
        self._timer.stop()
        text = self.text().strip()
        if text != self._last:
            self._last = text
            self.searched.emit(text)

    def _cross(self) -> QRectF:
        return QRectF(self.width() - 32, self.height() / 2 - 10, 20, 20)

    def trailing_width(self) -> float:
        return max(24.0, super().trailing_width())

    def paint_trailing(self, painter: QPainter, rect: QRectF) -> None:
        if not self.text():
            super().paint_trailing(painter, rect)
            return
        paint_icon(painter, self._cross(), "close", current_theme().ink_2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.text() and self._over_cross(event.position()):
            self.clear()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = bool(self.text()) and self._over_cross(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def _over_cross(self, at: QPointF) -> bool:
        return self._cross().adjusted(-12, -12, 12, 12).contains(at)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()  # Esc clears first; the window's Esc comes when nothing is left
            return True
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.text() == "/"
            and not self.text()
        ):
            event.ignore()  # a hand that goes to the search by its key finds itself there
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
