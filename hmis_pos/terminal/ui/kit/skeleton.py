"""Rows that are on their way: quiet shapes where cards or lines will be."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes


class SkeletonRows(QWidget):
    """Shapes of queue cards. They stand still: what moves asks for attention and there is none due.

    Args:
        rows: how many; as many as fit by default.
        parent: as everywhere in Qt.
    """

    ROW = 58
    GAP = 6

    def __init__(self, rows: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setAccessibleName(self.tr("Loading"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        step = self.ROW + self.GAP
        rows = self._rows or self.height() // step
        for row in range(rows):
            card = QRectF(0, row * step, self.width(), self.ROW)
            painter.setOpacity(max(0.25, 1 - row * 0.14))
            rounded(painter, card, sizes().radius_card, fill=theme.surface, line=theme.line)
            share = (0.42, 0.34, 0.5, 0.38)[row % 4]
            for left, top, width, height in (
                (13, 13, card.width() * share, 12),
                (13, 35, card.width() * 0.46, 9),
                (card.width() - 13 - 72, 13, 72, 12),
                (card.width() - 13 - 40, 35, 40, 9),
            ):
                bar = QRectF(left, card.top() + top, width, height)
                rounded(painter, bar, 4, fill=theme.sunken)
