"""Choosing from a list that drops down, and switching something on or off."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.painting import focus_ring, rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, font

_BOX = 20
_ITS_KEYS = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)


class Select(QComboBox):
    """A list that drops down: 44 px, a chevron at the right. `chosen` carries the value a person chose.

    Values are kept here: Qt's own item data turns a `StrEnum` into bare text.
    """

    chosen = Signal(object)

    def __init__(self, name: str, options: Iterable[tuple[str, object]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: list[object] = []
        for words, value in options:
            self.addItem(words)
            self._values.append(value)
        self.activated.connect(lambda row: self.chosen.emit(self._values[row]))
        self.setAccessibleName(name)
        self.setFont(font(Text.BODY))
        self.setFixedHeight(sizes().button)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_value(self, value: object) -> None:
        """Show a choice, without telling anybody; one that is not among them shows the first."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def event(self, event: QEvent) -> bool:
        # While it has the focus the arrows are its own, whatever they choose elsewhere on the screen.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ITS_KEYS:
            event.accept()
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        texts = [self.itemText(number) for number in range(self.count())]
        widest = max((self.fontMetrics().horizontalAdvance(text) for text in texts), default=80)
        return QSize(widest + 13 + 8 + 20 + 12, sizes().button)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, sizes().button)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = sizes().radius_control
        fill = theme.surface if self.isEnabled() else theme.sunken
        rounded(painter, rect, radius, fill=fill, line=theme.line_strong)
        ink = theme.ink if self.isEnabled() else theme.ink_3
        painter.setFont(self.font())
        painter.setPen(ink)
        room = rect.adjusted(13, 0, -40, 0)
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words)
        at = QRectF(rect.right() - 32, round(rect.center().y() - 10), 20, 20)
        paint_icon(painter, at, "chevron-down", theme.ink_2)
        if self.hasFocus():
            focus_ring(painter, rect, radius, theme)


class Tick(QCheckBox):
    """Something that is on or off, with its words; the whole line of 44 px can be clicked."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setFont(font(Text.BODY))
        self.setFixedHeight(sizes().button)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(_BOX + 26 + self.fontMetrics().horizontalAdvance(self.accessibleName()), sizes().button)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        box = QRectF(8, round(rect.center().y() - _BOX / 2), _BOX, _BOX)
        if self.isChecked():
            fill = theme.accent if self.isEnabled() else theme.line_strong
            rounded(painter, box, 5, fill=fill)
            paint_icon(painter, box.adjusted(2, 2, -2, -2), "check", theme.accent_ink)
        else:
            fill = theme.surface if self.isEnabled() else theme.sunken
            rounded(painter, box, 5, fill=fill, line=theme.line_strong, width=1.5)
        painter.setFont(self.font())
        painter.setPen(theme.ink if self.isEnabled() else theme.ink_3)
        words = rect.adjusted(8 + _BOX + 10, 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.accessibleName())
        if self.hasFocus():
            focus_ring(painter, rect, sizes().radius_control, theme)
