"""A panel that slides over the right side: help, details. The work beside it goes on."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from hmis_pos.terminal.ui.kit.buttons import QuietButton
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.theme import sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight


class SidePanel(Surface):
    """Title, cross and a content that scrolls, at the right edge of a widget.

    Esc closes it while it holds the focus. `closed` says that it is gone.

    Args:
        over: the widget whose right side it covers.
        title: what it is about.
    """

    closed = Signal()

    def __init__(self, over: QWidget, title: str) -> None:
        super().__init__("raised", "left", over)
        self._over = over
        self._back: QWidget | None = None
        self._title = Label(title, size=Text.TITLE, weight=Weight.STRONG)
        self.setAccessibleName(title)
        self._close = QuietButton("", "Escape", icon="close")
        self._close.setAccessibleName(self.tr("Close"))
        self._close.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 12, 8)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(head)
        self._content: ScrollArea | None = None
        over.installEventFilter(self)
        self.hide()

    def set_content(self, title: str, content: QWidget) -> None:
        """Show something else; what was there is deleted."""
        self._title.setText(title)
        self.setAccessibleName(title)
        if self._content is not None:
            self._column.removeWidget(self._content)
            self._content.deleteLater()
        layout = content.layout()
        if layout is not None:
            layout.setContentsMargins(20, 4, 20, 20)
        self._content = ScrollArea(content)
        self._column.addWidget(self._content, 1)

    def present(self) -> None:
        """Come out, and take the focus."""
        self._back = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Go, and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._back is not None and isValid(self._back):
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back = None
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()  # one step back means this panel first
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_escape(event):
            self.dismiss()
            return
        super().keyPressEvent(event)

    def _place(self) -> None:
        width = min(sizes().payment, self._over.width())
        self.setGeometry(self._over.width() - width, 0, width, self._over.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
