"""What a column shows when it has no rows: nothing there, not there yet, cannot be there."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight

_WIDTH = 340


class _Emblem(QWidget):
    def __init__(self, icon: str, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent)
        self.icon, self.tone = icon, tone
        self.setFixedSize(56, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), 999, fill=theme.soft_of(self.tone))
        paint_icon(painter, QRectF(16, 16, 24, 24), self.icon, theme.ink_of(self.tone))


class _State(QWidget):
    """A sentence, what to do, and a button for it. `acted` says that the button was used."""

    acted = Signal()

    TONE = Tone.NEUTRAL
    ICON = "info"

    def __init__(
        self,
        sentence: str,
        advice: str = "",
        *,
        icon: str = "",
        action: str = "",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._emblem = _Emblem(icon or self.ICON, self.TONE, self)
        self._sentence = Label(sentence, size=Text.TITLE, weight=Weight.STRONG, wrap=True)
        self._advice = Label(advice, tone="ink-2", wrap=True)
        self.button = SecondaryButton(action, key)
        self.button.clicked.connect(self.acted)
        for label in (self._sentence, self._advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMaximumWidth(_WIDTH)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._emblem, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self._sentence)
        column.addWidget(self._advice)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addWidget(middle, 1000)
        row.addStretch(1)
        self.show_words(sentence, advice, action=action, key=key)

    def show_words(self, sentence: str, advice: str = "", *, action: str = "", key: str = "") -> None:
        """Say it in other words."""
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.button.setText(action)
        self.button.set_key(key)
        self.button.setVisible(bool(action))
        self.setAccessibleName(f"{sentence} {advice}".strip())

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 48, max(260, super().sizeHint().height()))


class EmptyState(_State):
    """There is nothing here, and that is fine: nobody waits, nothing was found."""

    TONE = Tone.ACCENT
    ICON = "check"


class LoadingState(_State):
    """It is being fetched; say what, and what can be done meanwhile."""

    TONE = Tone.WAIT
    ICON = "clock"


class OfflineState(_State):
    """The relay is away; say what still works."""

    TONE = Tone.UNKNOWN
    ICON = "wifi-off"


class ErrorState(_State):
    """It went wrong: one clear sentence, how to cure it, and a button to try again."""

    TONE = Tone.NO
    ICON = "warning"
