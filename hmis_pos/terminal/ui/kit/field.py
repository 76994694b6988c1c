"""Where a person types: a line with its frame, and a label and a message around it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.focus import give_up_focus
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.keycap import key_words, keycap_width, paint_keycap
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.painting import RING, rounded
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, font

_SIDE = 13


class LineField(QLineEdit):
    """One line of text in a frame of 48 px, with a prefix, an icon and the key that leads to it.

    `problemChanged` carries the sentence that says what is wrong; empty when all is well. Show it
    with a `LabelledField`.

    Args:
        name: accessible name; a `LabelledField` sets its label instead.
        key: key sequence that brings the focus here; shown, not bound.
        prefix: words inside the frame before the text.
        icon: name of an icon before the text.
        parent: as everywhere in Qt.
    """

    problemChanged = Signal(str)

    def __init__(
        self,
        name: str = "",
        key: str = "",
        *,
        prefix: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._key = key_words(key) if key else ""
        self._prefix = prefix
        self._icon = icon
        self._problem = ""
        self.setFrame(False)
        self.setFont(font(Text.ROW))
        self.setFixedHeight(sizes().field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        if self._key:
            self.setAccessibleDescription(self._key)
        self._lay_out()

    @property
    def problem(self) -> str:
        """What is wrong with the text, as a sentence; empty when all is well."""
        return self._problem

    def show_problem(self, problem: str) -> None:
        """Say what is wrong, for example after the relay refused it; empty takes it back."""
        if problem != self._problem:
            self._problem = problem
            self.update()
            self.problemChanged.emit(problem)

    def trailing_width(self) -> float:
        """Room that is taken at the right end."""
        return keycap_width(self._key) + 8 if self._key else 0.0

    def _lay_out(self) -> None:
        left = float(_SIDE)
        if self._prefix:
            left += self.fontMetrics().horizontalAdvance(self._prefix) + 8
        if self._icon:
            left += 28
        self.setTextMargins(round(left) - 2, 0, round(_SIDE + self.trailing_width()) - 2, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        line, width = theme.line_strong, 1.0
        if self.hasFocus():
            line, width = theme.focus, RING
        elif self._problem:
            line, width = theme.no, RING
        elif not self.isEnabled():
            line = theme.line
        fill = theme.surface if self.isEnabled() else theme.sunken
        rect = QRectF(self.rect())
        rounded(painter, rect, sizes().radius_control, fill=fill, line=line, width=width)
        middle = rect.center().y()
        if self._icon:
            paint_icon(painter, QRectF(_SIDE, round(middle - 10), 20, 20), self._icon, theme.ink_3)
        if self._prefix:
            painter.setFont(font(Text.BODY))
            painter.setPen(theme.ink_2)
            at = rect.adjusted(_SIDE, 0, 0, 0)
            painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter), self._prefix)
        self.paint_trailing(painter, rect)
        painter.end()
        super().paintEvent(event)

    def paint_trailing(self, painter: QPainter, rect: QRectF) -> None:
        """Draw what stands at the right end: the key, as long as the caret is elsewhere."""
        if self._key and not self.hasFocus():
            theme = current_theme()
            at = QPointF(rect.right() - _SIDE - keycap_width(self._key), rect.center().y())
            paint_keycap(painter, at, self._key, ink=theme.ink_2, line=theme.line_strong)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class LabelledField(QWidget):
    """A caption above a field and, below it, a hint or what is wrong.

    The line below keeps its room, so nothing jumps when a message comes.
    """

    def __init__(self, label: str, field: LineField, hint: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._hint = hint
        self._label = Label(label, size=Text.CAPTION, tone="ink-2")
        self._label.setBuddy(field)
        self._message = Label(hint, size=Text.CAPTION, tone="ink-3", wrap=True)
        self._message.setMinimumHeight(Text.CAPTION.line)
        field.setAccessibleName(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._label)
        column.addWidget(field)
        column.addWidget(self._message)
        field.problemChanged.connect(self._show)
        self._show(field.problem)

    @property
    def message(self) -> str:
        """What stands below the field."""
        return self._message.text()

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001 - as in Qt
        """Show or hide it; a caret in it does not wander off."""
        if not visible:
            give_up_focus(self)
        super().setVisible(visible)

    def set_label(self, label: str) -> None:
        self._label.setText(label)
        self.field.setAccessibleName(label)

    def set_hint(self, hint: str) -> None:
        """What to say while nothing is wrong."""
        self._hint = hint
        self._show(self.field.problem)

    def _show(self, problem: str) -> None:
        self._message.setText(problem or self._hint)
        self._message.set_tone("no" if problem else "ink-3")
        self.field.setAccessibleDescription(problem or self._hint)
