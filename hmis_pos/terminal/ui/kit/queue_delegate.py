"""Paints the cards of the queue: who, how much, and what is going on with them.

A card costs a handful of `drawText` calls: fonts, metrics and icons are made once a theme.
"""

from dataclasses import dataclass

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.painting import RING, focus_ring, mixed, rounded
from hmis_pos.terminal.ui.kit.roles import NoteKind, QueueRole
from hmis_pos.terminal.ui.kit.theme import Theme, Tone, current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

CARD = 58
GAP = 6
_INSET = 13.0
_ICON = 14.0
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_NOTES = {
    NoteKind.RINGING: (Tone.WAIT, "phone-ringing"),
    NoteKind.UNKNOWN: (Tone.UNKNOWN, "question"),
    NoteKind.PAID: (Tone.OK, "check"),
    NoteKind.NOT_PAID: (Tone.NO, "cross"),
    NoteKind.AGEING: (Tone.UNKNOWN, "clock"),
    NoteKind.OLD: (Tone.NO, "warning"),
}


@dataclass(frozen=True, eq=False)
class _Pen:
    """A font with its metrics, made once."""

    font: QFont
    metrics: QFontMetricsF

    @classmethod
    def of(cls, text: Text, weight: Weight, *, tabular: bool = False) -> "_Pen":
        made = font(text, weight, tabular=tabular)
        return cls(made, QFontMetricsF(made))

    def draw(self, painter: QPainter, room: QRectF, alignment: int, text: str, ink: QColor) -> float:
        """Write one line, cut to its room; the width it took comes back."""
        width = self.metrics.horizontalAdvance(text)
        if width > room.width():
            text = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            width = room.width()
        painter.setFont(self.font)
        painter.setPen(ink)
        painter.drawText(room, alignment, text)
        return width


class QueueDelegate(QStyledItemDelegate):
    """One card a row; the view is a `QueueView` or any list view with `roles.QueueRole` data."""

    HEIGHT = CARD

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = _Pen.of(Text.ROW, Weight.STRONG)
        self._amount = _Pen.of(Text.ROW, Weight.NUMBER, tabular=True)
        self._small = _Pen.of(Text.CAPTION, Weight.BODY)
        self._strong = _Pen.of(Text.CAPTION, Weight.STRONG, tabular=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, self.HEIGHT + GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = current_theme()
        state = option.state
        row = option.rect
        card = QRectF(row.x(), row.y(), row.width(), self.HEIGHT)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        elsewhere = bool(index.data(QueueRole.ELSEWHERE))
        painter.save()
        self._paint_ground(painter, card, theme, selected=selected, hovered=hovered, elsewhere=elsewhere)
        if focused and selected:
            focus_ring(painter, card, sizes().radius_card, theme, gap=theme.accent)
        self._paint_words(painter, card, theme, index, elsewhere=elsewhere)
        painter.restore()

    def _paint_ground(
        self,
        painter: QPainter,
        card: QRectF,
        theme: Theme,
        *,
        selected: bool,
        hovered: bool,
        elsewhere: bool,
    ) -> None:
        fill = mixed(theme.surface, theme.sunken, 0.6) if elsewhere else theme.surface
        line, width = theme.line, 1.0
        if selected:
            line, width = theme.accent, RING
        elif hovered:
            line = theme.line_strong
        rounded(painter, card, sizes().radius_card, fill=fill, line=line, width=width)

    def _paint_words(
        self,
        painter: QPainter,
        card: QRectF,
        theme: Theme,
        index: QModelIndex | QPersistentModelIndex,
        *,
        elsewhere: bool,
    ) -> None:
        ink = theme.ink_3 if elsewhere else theme.ink
        room = card.adjusted(_INSET, 0, -_INSET, 0)
        top = QRectF(room.left(), card.top() + 10, room.width(), 20)
        low = QRectF(room.left(), card.top() + 31, room.width(), 17)
        taken = self._amount.draw(painter, top, _RIGHT, index.data(QueueRole.AMOUNT) or "", ink)
        top.setRight(top.right() - taken - 12)
        self._name.draw(painter, top, _LEFT, index.data(QueueRole.NAME) or "", ink)
        taken = self._paint_note(painter, low, theme, index)
        low.setRight(low.right() - taken - 12)
        numbers = index.data(QueueRole.NUMBERS) or ""
        self._small.draw(painter, low, _LEFT, numbers, theme.ink_3)

    def _paint_note(
        self,
        painter: QPainter,
        room: QRectF,
        theme: Theme,
        index: QModelIndex | QPersistentModelIndex,
    ) -> float:
        note = index.data(QueueRole.NOTE) or ""
        if not note:
            return 0.0
        meaning = _NOTES.get(index.data(QueueRole.NOTE_KIND))
        if meaning is None:
            return self._small.draw(painter, room, _RIGHT, note, theme.ink_3)
        tone, icon = meaning
        ink = theme.ink_of(tone)
        # The note matters more than the numbers, but leaves them a third of the line.
        half = QRectF(room)
        half.setLeft(room.left() + room.width() / 3)
        taken = self._strong.draw(painter, half, _RIGHT, note, ink)
        left = round(room.right() - taken - _ICON - 5)
        paint_icon(painter, QRectF(left, round(room.top() + 1), _ICON, _ICON), icon, ink)
        return taken + _ICON + 5


class ReasonDelegate(QueueDelegate):
    """Cards with a third line that says why they are offered."""

    HEIGHT = CARD + 20

    def _paint_words(
        self,
        painter: QPainter,
        card: QRectF,
        theme: Theme,
        index: QModelIndex | QPersistentModelIndex,
        *,
        elsewhere: bool,
    ) -> None:
        super()._paint_words(painter, card, theme, index, elsewhere=elsewhere)
        reasons = index.data(QueueRole.REASONS) or ""
        if reasons:
            room = QRectF(card.left() + _INSET, card.top() + 52, card.width() - 2 * _INSET, 17)
            self._strong.draw(painter, room, _LEFT, reasons, theme.accent)
