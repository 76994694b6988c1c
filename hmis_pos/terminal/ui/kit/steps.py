"""The story of a payment, told in steps: done, now, unknown, failed, to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font

_MARKER = 18.0


class StepState(Enum):
    """How far a step is."""

    DONE = (Tone.OK, "check")
    CURRENT = (Tone.WAIT, "")
    UNKNOWN = (Tone.UNKNOWN, "question")
    FAILED = (Tone.NO, "cross")
    FUTURE = (Tone.NEUTRAL, "")

    @property
    def tone(self) -> Tone:
        return self.value[0]

    @property
    def icon(self) -> str:
        return self.value[1]

    @property
    def word(self) -> str:
        """The state in a word, for those who do not see the marker."""
        words = {
            StepState.DONE: QCoreApplication.translate("StepState", "done"),
            StepState.CURRENT: QCoreApplication.translate("StepState", "now"),
            StepState.UNKNOWN: QCoreApplication.translate("StepState", "unknown"),
            StepState.FAILED: QCoreApplication.translate("StepState", "failed"),
            StepState.FUTURE: QCoreApplication.translate("StepState", "to come"),
        }
        return words[self]


@dataclass(frozen=True)
class Step:
    """One step: what happens, when or what next, and how far it is."""

    title: str
    note: str = ""
    state: StepState = StepState.FUTURE


class _Row(QWidget):
    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = number
        self._state = StepState.FUTURE
        self._title = Label(wrap=True)
        self._note = Label(size=Text.CAPTION, tone="ink-3", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(round(_MARKER) + 10, 0, 0, 0)
        row.addLayout(words, 1)

    def show_step(self, step: Step) -> None:
        self._state = step.state
        self._title.setText(step.title)
        self._title.set_tone("ink-2" if step.state is StepState.FUTURE else "ink")
        self._note.setText(step.note)
        self._note.setVisible(bool(step.note))
        self.setAccessibleName(f"{step.title}, {step.state.word}. {step.note}".rstrip(". "))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        tone = self._state.tone
        ink = theme.ink_of(tone)
        circle = QRectF(0, 1, _MARKER, _MARKER)
        rounded(painter, circle, 999, fill=theme.soft_of(tone))
        if self._state.icon:
            paint_icon(painter, circle.adjusted(3, 3, -3, -3), self._state.icon, ink)
        elif self._state is StepState.CURRENT:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(circle.center()), 3, 3)
        else:
            painter.setFont(font(Text.KEY, Weight.STRONG))
            painter.setPen(ink)
            painter.drawText(circle, int(Qt.AlignmentFlag.AlignCenter), str(self._number))


class StepList(QWidget):
    """Steps from top to bottom, each with its time line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What happened so far"))
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show exactly these steps; rows are kept, so that a ticking note costs nothing."""
        while len(self._rows) > len(steps):
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(steps):
            row = _Row(len(self._rows) + 1, self)
            self._rows.append(row)
            self._column.addWidget(row)
        for row, step in zip(self._rows, steps, strict=True):
            row.show_step(step)
