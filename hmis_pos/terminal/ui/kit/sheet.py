"""A sheet: a frameless dialog over a dimmed window. Opened, never executed."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.painting import faded, rounded
from hmis_pos.terminal.ui.kit.theme import current_theme


class _Scrim(QWidget):
    """Dims the window as long as the sheet is open."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setGeometry(over.rect())
        over.installEventFilter(self)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        dark = current_theme().dark
        QPainter(self).fillRect(self.rect(), faded(QColor("#000B14"), 0.6 if dark else 0.35))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False


class Sheet(QDialog):
    """Base of questions and lists over the window; fill `body`, then `open()`.

    While it is open the keys of the window below do nothing. Esc closes it, and the focus goes
    back to where it was. It deletes itself when it is closed.

    Args:
        parent: any widget of the window it covers.
        title: accessible name and window title.
        width: in logical pixels; less where the window is narrower.
    """

    def __init__(self, parent: QWidget, title: str, width: int = 480) -> None:
        super().__init__(parent.window())
        self._over = parent.window()
        self._scrim: _Scrim | None = None
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(min(width, max(320, self._over.width() - 48)))
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 20, 24, 20)
        self.body.setSpacing(12)
        self.finished.connect(self._undim)

    def showEvent(self, event: QShowEvent) -> None:
        if self._scrim is None and self._over.isVisible():
            self._scrim = _Scrim(self._over)
        self.adjustSize()
        room = self._over.rect()
        left = (room.width() - self.width()) // 2
        top = max(24, (room.height() - self.height()) // 3)
        self.move(self._over.mapToGlobal(QPoint(left, top)))
        super().showEvent(event)

    def _undim(self) -> None:
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), 14, fill=theme.raised, line=theme.line_strong)
