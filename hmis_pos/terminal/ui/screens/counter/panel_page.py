"""The frame of a page of the payment panel: the story above, the actions below, always at the same place."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.label import AmountLabel, Label
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.typeface import Text

_GAP = 12
_CLOSE = 6
_LOW = 440
_STEP = 60


class Asked(QWidget):
    """The one biggest number of the screen, under a few words that say what it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = Label(size=Text.CAPTION, tone="ink-2")
        self.amount = AmountLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addWidget(self.amount)

    def show_amount(self, caption: str, amount: str) -> None:
        self.caption.setText(caption)
        self.amount.setText(amount)
        self.setAccessibleName(f"{caption} {amount}".strip())


class PanelPage(QWidget):
    """Fill ``body`` from the top and ``foot`` from the bottom. On a low screen the body scrolls, the foot never does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(21, 0, 20, 0)
        self.body.setSpacing(_GAP)
        self.foot = QVBoxLayout()
        self.foot.setContentsMargins(21, 0, 20, 16)
        self.foot.setSpacing(_GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        self._scroll = ScrollArea(inside)
        column.addWidget(self._scroll, 1)
        column.addLayout(self.foot)

    def scroll_story(self, steps: int) -> None:
        """Move the story on a screen that is too low for it."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + steps * _STEP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen everything stands closer, and the story gets the room."""
        super().resizeEvent(event)
        low = self.height() < _LOW
        for layout in (self.body, self.foot):
            layout.setSpacing(_CLOSE if low else _GAP)
        self.foot.setContentsMargins(21, 0, 20, 8 if low else 16)

    @staticmethod
    def pair(*widgets: QWidget) -> QHBoxLayout:
        """Buttons side by side, equally wide; a hidden one leaves its room to the other."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget, 1)
        return row
