"""What is happening right now: a title with a running time, a thin bar, and what to do."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.painting import mixed, rounded
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight

ICONS = {
    Tone.NEUTRAL: "info",
    Tone.ACCENT: "info",
    Tone.OK: "check",
    Tone.WAIT: "clock",
    Tone.UNKNOWN: "question",
    Tone.NO: "cross",
}

_LINE = Text.TITLE.line


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say something that just appeared."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class _Icon(QWidget):
    """An icon in the ink of a tone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(20, _LINE)
        self.tone = Tone.WAIT

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        box = QRectF(0, 2, 20, 20)
        paint_icon(QPainter(self), box, ICONS[self.tone], theme.ink_of(self.tone))


class ProgressLine(QWidget):
    """A thin bar. It shows how much of the waiting is over, never a promise."""

    def __init__(self, tone: Tone = Tone.WAIT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(6)
        self._tone = tone
        self._share = 0.0

    @property
    def share(self) -> float:
        return self._share

    def show_share(self, share: float, tone: Tone) -> None:
        """Fill the bar to `share` (0 to 1)."""
        self._share, self._tone = min(1.0, max(0.0, share)), tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        ink, soft = theme.ink_of(self._tone), theme.soft_of(self._tone)
        track = QRectF(self.rect())
        rounded(painter, track, 3, fill=mixed(soft, ink, 0.18))
        if self._share:
            filled = max(6.0, track.width() * self._share)
            rounded(painter, QRectF(0, 0, filled, track.height()), 3, fill=ink)


class Banner(QWidget):
    """A coloured ground with icon, title, running time, bar and text.

    It is filled whole and idempotently by `show_message`; `set_time` and `set_progress` tick
    without telling the screen reader again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.WAIT
        self._icon = _Icon(self)
        self._title = Label(size=Text.ROW, weight=Weight.STRONG, wrap=True)
        self._title.set_line(_LINE)
        self._time = Label(size=Text.ROW, weight=Weight.STRONG)
        self._time.set_line(_LINE)
        self._bar = ProgressLine()
        self._text = Label(tone="ink-2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        head.addWidget(self._time, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._text)

    @property
    def tone(self) -> Tone:
        return self._tone

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_message(
        self,
        tone: Tone,
        title: str,
        text: str = "",
        *,
        time: str = "",
        progress: float | None = None,
    ) -> None:
        """Show another state.

        Args:
            tone: what it means; picks colour and icon.
            title: what is happening, in a few words.
            text: what may have happened, what to do, what not to do.
            time: a running time such as `0:41`.
            progress: share of the waiting that is over, 0 to 1; `None` for no bar.
        """
        news = (tone, title, text) != (self._tone, self._title.text(), self._text.text())
        self._tone = tone
        self._icon.tone = tone
        self._title.setText(title)
        self._title.set_tone(_ink(tone))
        self._time.set_tone(_ink(tone))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.set_time(time)
        self.set_progress(progress)
        self.setAccessibleName(f"{title}. {text}" if text else title)
        if news:
            announce(self, self.accessibleName())
            self.update()
            self._icon.update()

    def set_time(self, time: str) -> None:
        """Show another running time; empty hides it."""
        self._time.setText(time)
        self._time.setVisible(bool(time))

    def set_progress(self, progress: float | None) -> None:
        """Fill the bar; `None` hides it."""
        self._bar.setVisible(progress is not None)
        if progress is not None:
            self._bar.show_share(progress, self._tone)

    def paintEvent(self, event: QPaintEvent) -> None:
        fill = current_theme().soft_of(self._tone)
        rounded(QPainter(self), QRectF(self.rect()), sizes().radius_card, fill=fill)


def _ink(tone: Tone) -> str:
    return "ink" if tone is Tone.NEUTRAL else tone.value
