"""Tabs in a sunken track: the methods of payment, each with its key under the word."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from hmis_pos.terminal.ui.kit.buttons import Button
from hmis_pos.terminal.ui.kit.painting import focus_ring, rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

_PADDING = 4


class _Segment(Button):
    HEIGHT = 44

    def __init__(self, text: str, key: str, parent: QWidget) -> None:
        super().__init__(text, key, parent=parent)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 16, self.HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = sizes().radius_control - 1
        ink, key_ink = theme.ink_2, theme.ink_3
        if self.isChecked():
            rounded(painter, rect, radius, fill=theme.raised, line=theme.line)
            ink, key_ink = theme.accent, theme.ink_2
        elif not self.isEnabled():
            ink = theme.ink_3
        elif self.underMouse():
            rounded(painter, rect, radius, fill=theme.line)
            ink = theme.ink
        center = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        painter.setFont(self.font())
        painter.setPen(ink)
        middle = 12 if not self._key else 5
        painter.drawText(rect.adjusted(0, middle, 0, 0), center, self.text())
        if self._key:
            painter.setFont(font(Text.KEY, Weight.BODY))
            painter.setPen(key_ink)
            painter.drawText(rect.adjusted(0, 25, 0, 0), center, self._key)
        if self.hasFocus():
            focus_ring(painter, rect, radius, theme)


class Segmented(QWidget):
    """One choice of a few, all visible. Left and right move between them.

    `chosen` carries the id of a segment that a person chose; `set_current` stays silent.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedHeight(44 + 2 * _PADDING)
        self._segments: dict[str, _Segment] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(_PADDING, _PADDING, _PADDING, _PADDING)
        self._row.setSpacing(2)

    def add(self, ident: str, text: str, key: str = "") -> None:
        """Add a segment at the right; the first one is current."""
        segment = _Segment(text, key, self)
        segment.setChecked(not self._segments)
        segment.clicked.connect(lambda: self.chosen.emit(ident))
        self._segments[ident] = segment
        self._group.addButton(segment)
        self._row.addWidget(segment, 1)

    def current(self) -> str:
        """Id of the current segment; empty without segments."""
        return next((i for i, segment in self._segments.items() if segment.isChecked()), "")

    def set_current(self, ident: str) -> None:
        self._segments[ident].setChecked(True)

    def set_available(self, ident: str, available: bool, why: str = "") -> None:  # noqa: FBT001 - a setter
        """Turn a segment on or off; `why` is shown as its tooltip."""
        self._segments[ident].setEnabled(available)
        self._segments[ident].setToolTip(why)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        rounded(QPainter(self), QRectF(self.rect()), sizes().radius_card, fill=theme.sunken)
