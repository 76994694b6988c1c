"""The frame of a deciding screen: list, evidence, decision. The middle gives way first."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hmis_pos.terminal.ui.screens.counter.screen import widths


class ThreeColumns(QWidget):
    """Call :meth:`place` once with the three columns; they share the width as the counter's do."""

    def place(self, left: QWidget, middle: QWidget, right: QWidget) -> None:
        self._left, self._right = left, right
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(middle, 1)
        row.addWidget(right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left, right = widths(self.width())
        self._left.setFixedWidth(left)
        self._right.setFixedWidth(right)
