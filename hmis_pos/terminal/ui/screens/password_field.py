"""Where a password is typed: hidden, shown on demand, and with a word about Caps Lock."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QWidget

from hmis_pos.terminal.ui.kit.field import LineField
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.theme import current_theme


class PasswordField(LineField):
    """Hides what is typed. ``capsChanged`` tells whether Caps Lock seems to be on.

    Qt does not say how Caps Lock stands; the case of a letter against the Shift key does.
    """

    capsChanged = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(icon="lock", parent=parent)
        self._caps = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhSensitiveData
        )

    @property
    def caps(self) -> bool:
        return self._caps

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_CapsLock:
            self._set_caps(on=False)  # whichever it was, it is the other now; the next letter tells
        elif len(event.text()) == 1 and event.text().isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps(on=event.text().isupper() != shifted)
        super().keyPressEvent(event)

    def toggle_shown(self) -> None:
        """Show the password as it is, or hide it again."""
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.update()

    def _set_caps(self, *, on: bool) -> None:
        if on != self._caps:
            self._caps = on
            self.capsChanged.emit(on)

    def _eye(self) -> QRectF:
        return QRectF(self.width() - 36, self.height() / 2 - 10, 20, 20)

    def trailing_width(self) -> float:
        return 28.0

    def paint_trailing(self, painter: QPainter, rect: QRectF) -> None:
        theme = current_theme()
        shown = self.echoMode() == QLineEdit.EchoMode.Normal
        paint_icon(painter, self._eye(), "eye-off" if shown else "eye", theme.ink_2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._over_eye(event.position()):
            self.toggle_shown()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._over_eye(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def _over_eye(self, at: QPointF) -> bool:
        return self._eye().adjusted(-12, -12, 12, 12).contains(at)
