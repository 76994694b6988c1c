"""A key as it looks on a keyboard, painted on the control it works."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

HEIGHT = 18.0
_PADDING = 5.0
_RADIUS = 4.0


def key_words(sequence: str) -> str:
    """What stands on the cap of a key sequence: `Ctrl K`, `↑`, `Enter`.

    Args:
        sequence: as `QKeySequence` reads it, for example `Ctrl+K`.
    """

    def word(key: str) -> str:
        names = {
            "Up": "↑",
            "Down": "↓",
            "Left": "←",
            "Right": "→",
            "PgUp": QCoreApplication.translate("KeyCap", "Page ↑"),
            "PgDown": QCoreApplication.translate("KeyCap", "Page ↓"),
            "Return": QCoreApplication.translate("KeyCap", "Enter"),
            "Enter": QCoreApplication.translate("KeyCap", "Enter"),
            "Escape": QCoreApplication.translate("KeyCap", "Esc"),
            "Space": QCoreApplication.translate("KeyCap", "Space"),
            "Backspace": "⌫",
        }
        return names.get(key, key)

    portable = QKeySequence(sequence).toString(QKeySequence.SequenceFormat.PortableText)
    if not portable or portable.endswith("+"):
        return portable or sequence
    return " ".join(word(key) for key in portable.split("+"))


def keycap_width(words: str) -> float:
    """How wide a cap with these words is, in logical pixels."""
    text = QFontMetricsF(font(Text.KEY, Weight.STRONG)).horizontalAdvance(words)
    return max(HEIGHT - 2, round(text) + 2 * _PADDING)


def paint_keycap(painter: QPainter, at: QPointF, words: str, *, ink: QColor, line: QColor) -> QRectF:
    """Draw a cap; its left edge and its vertical middle are `at`.

    Returns:
        The rectangle that the cap fills.
    """
    top = round(at.y() - HEIGHT / 2)
    rect = QRectF(round(at.x()), top, keycap_width(words), HEIGHT)
    rounded(painter, rect, _RADIUS, line=line)
    # The lower edge is twice as thick: that is what makes it a key and no box.
    painter.setClipRect(rect.adjusted(-1, HEIGHT - 3, 1, 1))
    rounded(painter, rect.adjusted(0, 0, 0, -1), _RADIUS, line=line)
    painter.setClipping(False)
    painter.setFont(font(Text.KEY, Weight.STRONG))
    painter.setPen(ink)
    painter.drawText(rect.adjusted(0, 0, 0, -1), int(Qt.AlignmentFlag.AlignCenter), words)
    return rect


class KeyCap(QWidget):
    """A key on its own, for texts that speak of it."""

    def __init__(self, sequence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = key_words(sequence)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._words)

    def sizeHint(self) -> QSize:
        return QSize(round(keycap_width(self._words)) + 1, round(HEIGHT) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        middle = QPointF(0, self.height() / 2)
        paint_keycap(QPainter(self), middle, self._words, ink=theme.ink_2, line=theme.line_strong)
