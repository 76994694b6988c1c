"""The rail at the left: the places of the terminal, with counts of what waits there."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.buttons import Button
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.painting import focus_ring, rounded
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.theme import Theme, current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

_MOST = 99


class RailItem(Button):
    """A place: icon over word, and how many things wait there."""

    HEIGHT = 58
    TEXT = Text.KEY

    def __init__(self, text: str, icon: str, key: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, key, icon=icon, parent=parent)
        self._count = 0
        self.setCheckable(True)
        self.setFixedWidth(sizes().rail - 6)
        if self._key:
            self.setToolTip(f"{text} · {self._key}")

    @property
    def count(self) -> int:
        return self._count

    def set_count(self, count: int) -> None:
        """Show how many things wait; zero shows nothing."""
        if count != self._count:
            self._count = count
            name = self.text()
            if count:
                name = self.tr("%n waiting", "", count)
                name = f"{self.text()}, {name}"
            self.setAccessibleName(name)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(sizes().rail - 6, self.HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = sizes().radius_card
        ink = theme.ink_2
        if self.isChecked():
            rounded(painter, rect, radius, fill=theme.accent_soft)
            ink = theme.accent
        elif self.underMouse() and self.isEnabled():
            rounded(painter, rect, radius, fill=theme.sunken)
            ink = theme.ink
        edge = 20.0
        icon = QRectF(round(rect.center().x() - edge / 2), 10, edge, edge)
        paint_icon(painter, icon, self._icon, ink)
        weight = Weight.STRONG if self.isChecked() else Weight.BODY
        painter.setFont(font(self.TEXT, weight))
        painter.setPen(ink)
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        bottom = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.drawText(rect.adjusted(0, 34, 0, 0), bottom, words)
        if self._count:
            self._paint_count(painter, theme)
        if self.hasFocus():
            focus_ring(painter, rect, radius, theme)

    def _paint_count(self, painter: QPainter, theme: Theme) -> None:
        words = str(self._count) if self._count <= _MOST else f"{_MOST}+"
        painter.setFont(font(Text.KEY, Weight.NUMBER))
        width = max(16.0, painter.fontMetrics().horizontalAdvance(words) + 9.0)
        badge = QRectF(round(self.width() / 2 + 6), 6, width, 16)
        rounded(painter, badge, 8, fill=theme.no)
        painter.setPen(theme.on_badge)
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), words)


class Rail(Surface):
    """The column of places. `chosen` carries the id of the place a person chose."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "right", parent)
        self.setAccessibleName(self.tr("Places"))
        self.setFixedWidth(sizes().rail)
        self._items: dict[str, RailItem] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3, 8, 3, 8)
        self._column.setSpacing(4)
        self._column.addStretch(1)

    def add(self, ident: str, text: str, icon: str, key: str = "") -> RailItem:
        """Add a place below the others; the first one is current."""
        item = RailItem(text, icon, key, parent=self)
        item.setChecked(not self._items)
        item.clicked.connect(lambda: self.chosen.emit(ident))
        self._items[ident] = item
        self._group.addButton(item)
        self._column.insertWidget(self._column.count() - 1, item)
        return item

    def set_current(self, ident: str) -> None:
        """Mark a place as the one shown, silently."""
        self._items[ident].setChecked(True)

    def set_count(self, ident: str, count: int) -> None:
        self._items[ident].set_count(count)

    def set_shown(self, ident: str, shown: bool) -> None:  # noqa: FBT001 - a setter
        """Show a place, or leave it out: it is not for everybody."""
        self._items[ident].setVisible(shown)
