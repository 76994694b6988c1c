"""Short news at the lower edge that blocks nothing and goes by itself."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.banner import ICONS, announce
from hmis_pos.terminal.ui.kit.buttons import QuietButton
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme, sizes

_SHOWN_MS = 8000
_MOST = 3
_WIDTH = 420


class Toast(QWidget):
    """One piece of news. It stays while the mouse is over it. `gone` says that it left."""

    gone = Signal()

    def __init__(
        self,
        text: str,
        tone: Tone,
        *,
        action: str = "",
        key: str = "",
        on_action: Callable[[], None] | None = None,
        shown_ms: int = _SHOWN_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        self._on_action = on_action
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(46, 6, 6, 6)
        row.setSpacing(4)
        row.addWidget(Label(text, wrap=True), 1)
        if action and on_action is not None:
            button = QuietButton(action, key)
            button.clicked.connect(self.act)
            row.addWidget(button)
        close = QuietButton(icon="close")
        close.setFixedWidth(44)
        close.setAccessibleName(self.tr("Dismiss"))
        close.clicked.connect(self.leave)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(shown_ms)
        self._timer.timeout.connect(self.leave)
        if shown_ms:
            self._timer.start()

    def act(self) -> None:
        """Do what the toast offers, once, and go."""
        act, self._on_action = self._on_action, None
        self.leave()
        if act is not None:
            act()

    def leave(self) -> None:
        self._timer.stop()
        self.hide()
        self.gone.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._timer.interval() and self.isVisible():
            self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, sizes().radius_card, fill=theme.raised, line=theme.line_strong, width=1)
        circle = QRectF(12, rect.center().y() - 12, 24, 24)
        rounded(painter, circle, 999, fill=theme.soft_of(self._tone))
        ink = theme.ink_of(self._tone)
        paint_icon(painter, circle.adjusted(4, 4, -4, -4), ICONS[self._tone], ink)


class ToastArea(QWidget):
    """Stacks toasts over the lower left of a widget; it takes no clicks beside them.

    Args:
        over: the widget that is covered, usually the window's central one.
        margin: distance to its left and lower edge.
    """

    def __init__(self, over: QWidget, margin: int = 16) -> None:
        super().__init__(over)
        self._over = over
        self._margin = margin
        self._toasts: list[Toast] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()
        over.installEventFilter(self)

    def show_toast(
        self,
        text: str,
        tone: Tone = Tone.NEUTRAL,
        *,
        action: str = "",
        key: str = "",
        on_action: Callable[[], None] | None = None,
        shown_ms: int = _SHOWN_MS,
    ) -> Toast:
        """Tell something.

        Args:
            text: one sentence.
            tone: what it means.
            action: word on the button, "Undo".
            key: shown on the button; bind it to `act`.
            on_action: what the button does.
            shown_ms: how long it stays; 0 until somebody dismisses it.
        """
        while len(self._toasts) >= _MOST:
            self._toasts[0].leave()
        toast = Toast(text, tone, action=action, key=key, on_action=on_action, shown_ms=shown_ms, parent=self)
        toast.gone.connect(lambda: self._drop(toast))
        self._toasts.append(toast)
        self._column.addWidget(toast)
        toast.show()
        self._place()
        self.show()
        self.raise_()
        announce(toast, text)
        return toast

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """What is shown, oldest first."""
        return tuple(self._toasts)

    def act(self) -> None:
        """Do what the newest toast offers: the target of a key such as `Ctrl+Z`."""
        if self._toasts:
            self._toasts[-1].act()

    def _drop(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            self._column.removeWidget(toast)
            toast.deleteLater()
        self.setVisible(bool(self._toasts))
        self._place()

    def _place(self) -> None:
        self.adjustSize()
        top = self._over.height() - self.height() - self._margin
        self.move(self._margin, top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False
