"""One line under the top bar for what everybody must know: the till is stopped, its clock is off, a receipt was refused."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hmis_pos.terminal.presenters.session import SessionPresenter, SessionView
from hmis_pos.terminal.presenters.status import StatusPresenter, StatusView
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.ui.kit.banner import ICONS
from hmis_pos.terminal.ui.kit.buttons import QuietButton
from hmis_pos.terminal.ui.kit.icons import paint_icon
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Weight

_HEIGHT = 44
_ICON = 18


class StatusStrip(QWidget):
    """Hidden while all is well. It shows the gravest thing; the others come when that is mended."""

    def __init__(self, status: StatusPresenter, session: SessionPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self.setFixedHeight(_HEIGHT)
        self._status = status
        self._session = session
        self._tone = Tone.NO
        self._title = Label(weight=Weight.STRONG)
        self._title.setObjectName("statusStripTitle")
        self._text = ElidedLabel(tone="ink-2")
        self._act = QuietButton("", "Ctrl+Shift+E")
        self._act.setObjectName("statusStripAct")
        row = QHBoxLayout(self)
        row.setContentsMargins(16 + _ICON + 10, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self._title)
        row.addWidget(self._text, 1)
        row.addWidget(self._act)
        self._act.clicked.connect(self.act)
        status.changed.connect(self._render)
        session.changed.connect(self._render)
        self._render()

    @property
    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else f"{self._title.text()} {self._text.text()}".strip()

    def act(self) -> None:
        """Offer the first refused receipt once more."""
        refused = self._status.view.refused
        if refused:
            self._status.offer_again(refused[0].uid)

    def _render(self, _view: object = None) -> None:
        found = _gravest(self._status.view, self._session.view)
        self.setVisible(found is not None)
        if found is None:
            return
        self._tone, words = found
        refused = self._status.view.refused
        offered = bool(refused) and words == refused[0].why
        if offered:
            title = self.tr("Receipt {no} over {amount} was refused").format(no=refused[0].no, amount=refused[0].amount)
            words = Words(title, words.line)
        self._title.setText(words.title)
        self._title.set_tone(self._tone.value)
        self._text.setText(words.advice)
        self._act.setText(self.tr("Offer again") if offered else "")
        self._act.setVisible(offered)
        self.setAccessibleName(words.line)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.soft_of(self._tone))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.line)
        icon = QRectF(16, (self.height() - _ICON) // 2, _ICON, _ICON)
        paint_icon(painter, icon, ICONS[self._tone], theme.ink_of(self._tone))


def _gravest(status: StatusView, session: SessionView) -> tuple[Tone, Words] | None:
    if status.stopped is not None:
        return Tone.NO, status.stopped
    if status.skew is not None:
        return Tone.NO if status.tone.value == Tone.NO else Tone.UNKNOWN, status.skew
    if status.refused:
        return Tone.NO, status.refused[0].why
    if session.notice is not None and not session.over_work:
        return Tone.UNKNOWN, session.notice
    if status.lag is not None:
        return Tone.UNKNOWN, status.lag
    return None
