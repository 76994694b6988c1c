"""Small rounded words: the state of the line to the relay, a mark beside a name, a payment state."""

from enum import Enum

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

_PADDING = 10.0
_ICON = 14.0
_GAP = 5.0


class Pill(QWidget):
    """A word on a soft ground, with a dot or an icon before it.

    Args:
        text: a few words.
        tone: what they mean.
        icon: name of an icon; `dot` for a plain dot; empty for nothing.
        parent: as everywhere in Qt.
    """

    def __init__(
        self,
        text: str = "",
        tone: Tone = Tone.NEUTRAL,
        *,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(font(Text.CAPTION, Weight.STRONG))
        self._text, self._tone, self._icon = "", tone, icon
        self.show_words(text, tone, icon=icon)

    @property
    def text(self) -> str:
        return self._text

    @property
    def tone(self) -> Tone:
        return self._tone

    def show_words(self, text: str, tone: Tone, *, icon: str = "") -> None:
        """Say something else."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        mark = {"": 0.0, "dot": 8.0 + _GAP}.get(self._icon, _ICON + _GAP)
        width = self.fontMetrics().horizontalAdvance(self._text) + 2 * _PADDING + mark
        return QSize(round(width) + 1, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ink = theme.ink_of(self._tone)
        rounded(painter, rect, 999, fill=theme.soft_of(self._tone))
        left, middle = _PADDING, rect.center().y()
        if self._icon == "dot":
            painter.setBrush(ink)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(left + 4, middle), 4, 4)
            left += 8 + _GAP
        elif self._icon:
            box = QRectF(left, round(middle - _ICON / 2), _ICON, _ICON)
            paint_icon(painter, box, self._icon, ink)
            left += _ICON + _GAP
        painter.setFont(self.font())
        painter.setPen(ink)
        painter.drawText(rect.adjusted(left, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self._text)


class LinePill(Pill):
    """Whether the relay is reached, and what has not gone there yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.show_line(online=True, unsent=0)

    def show_line(self, *, online: bool, unsent: int) -> None:
        """Say how the line is.

        Args:
            online: the relay answers.
            unsent: receipts that wait to be sent.
        """
        if online and not unsent:
            self.show_words(self.tr("Online · all sent"), Tone.OK, icon="dot")
            return
        waiting = self.tr("%n unsent", "", unsent)
        if online:
            self.show_words(self.tr("Online · {0}").format(waiting), Tone.WAIT, icon="clock")
        elif unsent:
            self.show_words(self.tr("Offline · {0}").format(waiting), Tone.UNKNOWN, icon="wifi-off")
        else:
            self.show_words(self.tr("Offline · cash only"), Tone.UNKNOWN, icon="wifi-off")


class Mark(Enum):
    """Where the money of an invoice or a payment stands, as a person is told it."""

    PAID = (Tone.OK, "check")
    PART_PAID = (Tone.WAIT, "split")
    WAITING = (Tone.WAIT, "clock")
    UNKNOWN = (Tone.UNKNOWN, "question")
    NOT_PAID = (Tone.NO, "cross")
    CANCELLED = (Tone.NEUTRAL, "close")

    @property
    def tone(self) -> Tone:
        return self.value[0]

    @property
    def icon(self) -> str:
        return self.value[1]

    @property
    def word(self) -> str:
        """The word of the mark, translated."""
        words = {
            Mark.PAID: QCoreApplication.translate("Mark", "Paid"),
            Mark.PART_PAID: QCoreApplication.translate("Mark", "Part paid"),
            Mark.WAITING: QCoreApplication.translate("Mark", "Waiting"),
            Mark.UNKNOWN: QCoreApplication.translate("Mark", "Unknown"),
            Mark.NOT_PAID: QCoreApplication.translate("Mark", "Not paid"),
            Mark.CANCELLED: QCoreApplication.translate("Mark", "Cancelled"),
        }
        return words[self]


class StateBadge(Pill):
    """A mark as word, icon and colour."""

    def __init__(self, mark: Mark = Mark.WAITING, parent: QWidget | None = None) -> None:
        super().__init__(mark.word, mark.tone, icon=mark.icon, parent=parent)
        self._mark = mark

    @property
    def mark(self) -> Mark:
        return self._mark

    def set_mark(self, mark: Mark) -> None:
        self._mark = mark
        self.show_words(mark.word, mark.tone, icon=mark.icon)
