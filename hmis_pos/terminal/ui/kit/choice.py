"""Choosing from a list that drops down, and switching something on or off."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.painting import focus_ring, rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, font

_BOX = 20


class Select(QComboBox):
    """A list that drops down: 44 px, a chevron at the right. Fill it with `addItem(text, data)`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(font(Text.BODY))
        self.setFixedHeight(sizes().button)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

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
