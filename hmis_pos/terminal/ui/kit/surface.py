"""Grounds: the columns of a screen, and cards on them."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text


class Surface(QWidget):
    """A plain ground with hairlines on the edges named.

    Args:
        ground: token of the colour: `bg`, `surface`, `sunken` or `raised`.
        edges: any of `left`, `right`, `top`, `bottom`, separated by blanks.
        parent: as everywhere in Qt.
    """

    def __init__(self, ground: str = "surface", edges: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = ground
        self._edges = edges.split()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(self._ground))
        width, height = self.width(), self.height()
        lines = {
            "left": QRectF(0, 0, 1, height),
            "right": QRectF(width - 1, 0, 1, height),
            "top": QRectF(0, 0, width, 1),
            "bottom": QRectF(0, height - 1, width, 1),
        }
        for edge in self._edges:
            painter.fillRect(lines[edge], theme.line)


class Card(QFrame):
    """A rounded ground with a hairline; `body` is the layout to fill.

    Args:
        title: a caption above the body; none by default.
        ground: token of the colour; empty for no fill.
        parent: as everywhere in Qt.
    """

    def __init__(self, title: str = "", *, ground: str = "surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = ground
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(4)
        if title:
            self.body.addWidget(Label(title, size=Text.CAPTION, tone="ink-2"))
            self.setAccessibleName(title)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        fill = theme.colour(self._ground) if self._ground else None
        rounded(QPainter(self), QRectF(self.rect()), sizes().radius_card, fill=fill, line=theme.line)
