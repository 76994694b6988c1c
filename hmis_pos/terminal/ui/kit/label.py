"""Words on the screen: labels that know the type scale and the tones."""

from math import ceil

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from hmis_pos.terminal.ui.kit.theme import current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font, is_figures

_WIDEST = 360  # a line of running text longer than this is hard to read


class Label(QLabel):
    """A label of the type scale, with its line height. Amounts and times get tabular figures.

    Args:
        text: plain text; never read as markup, since it may hold a patient's name.
        size: step of the type scale.
        weight: reading, strong or number.
        tone: a token of ink: `ink`, `ink-2`, `ink-3`, or the value of a `Tone`.
        wrap: break lines instead of growing wide.
        parent: as everywhere in Qt.
    """

    def __init__(
        self,
        text: str = "",
        *,
        size: Text = Text.BODY,
        weight: Weight = Weight.BODY,
        tone: str = "ink",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._weight = weight
        self._line = size.line
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        vertical = QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setProperty("tone", tone)
        self.setText(text)

    def setText(self, text: str) -> None:
        if text == self.text() and text:
            return
        self.setFont(font(self._size, self._weight, tabular=is_figures(text)))
        super().setText(text)

    def set_tone(self, tone: str) -> None:
        """Another ink; the stylesheet gives the colour."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_line(self, height: int) -> None:
        """Another height of a line, where it stands beside something taller."""
        self._line = height
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        if self.pixmap().isNull():
            width = min(self._width_of(self.text()), _WIDEST if self.wordWrap() else 1 << 16)
            return QSize(width, self.heightForWidth(width) if self.wordWrap() else self._line)
        return super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        if self.wordWrap():
            widest = max((self._width_of(word) for word in self.text().split()), default=0)
            return QSize(widest, self._line)
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return -1
        return max(1, len(self._lines(width))) * self._line

    def _width_of(self, text: str) -> int:
        return ceil(QFontMetricsF(self.font()).horizontalAdvance(text)) + 1

    def _lines(self, width: int) -> list[str]:
        """The text broken into lines no wider than `width`."""
        if not self.wordWrap():
            return [self.text()]
        lines: list[str] = []
        for paragraph in self.text().split("\n"):
            layout = QTextLayout(paragraph, self.font())
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(width)
                start = line.textStart()
                lines.append(paragraph[start : start + line.textLength()].rstrip())
            layout.endLayout()
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.pixmap().isNull():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        lines = self._lines(self.width())
        across = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        top = self._top(len(lines) * self._line)
        for line in lines:
            box = QRect(0, top, self.width(), self._line)
            painter.drawText(box, int(across | Qt.AlignmentFlag.AlignVCenter), line)
            top += self._line

    def _top(self, height: int) -> int:
        down = self.alignment()
        if down & Qt.AlignmentFlag.AlignTop:
            return 0
        if down & Qt.AlignmentFlag.AlignBottom:
            return self.height() - height
        return (self.height() - height) // 2


class ElidedLabel(Label):
    """A label of one line that ends in an ellipsis when there is no room, with the whole as tooltip."""

    def __init__(
        self,
        text: str = "",
        *,
        size: Text = Text.BODY,
        weight: Weight = Weight.BODY,
        tone: str = "ink",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, size=size, weight=weight, tone=tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment()), shown)


class AmountLabel(Label):
    """The one biggest number of a screen: 40 px, tabular, smaller only when it would not fit."""

    def __init__(self, text: str = "", *, size: Text = Text.AMOUNT, parent: QWidget | None = None) -> None:
        super().__init__(text, size=size, weight=Weight.NUMBER, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(size.line)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        steps = (self._size, Text.CHANGE, Text.HEADING, Text.TITLE)
        for step in (step for step in steps if step.size <= self._size.size):
            painter.setFont(font(step, Weight.NUMBER, tabular=True))
            if QFontMetrics(painter.font()).horizontalAdvance(self.text()) <= self.width():
                break
        painter.drawText(self.rect(), int(self.alignment()), self.text())


class Rule(QWidget):
    """A hairline across."""

    def __init__(self, *, strong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strong = strong
        self.setFixedHeight(2 if strong else 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        QPainter(self).fillRect(self.rect(), theme.line_strong if self._strong else theme.line)
