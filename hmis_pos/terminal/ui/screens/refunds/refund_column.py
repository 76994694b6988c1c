"""One refund: how it stands, why, which way, and its evidence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters import views
from hmis_pos.terminal.presenters.refunds import RefundsPresenter
from hmis_pos.terminal.presenters.refunds_view import RefundDetail, RefundsView
from hmis_pos.terminal.ui.kit.banner import ICONS, Banner
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.pill import Pill
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.states import EmptyState
from hmis_pos.terminal.ui.kit.steps import Step, StepList, StepState
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.facts import Facts
from hmis_pos.terminal.ui.screens.rendering import show_notice, tone_of

_STEPS = {
    views.Tone.OK: StepState.DONE,
    views.Tone.WAIT: StepState.CURRENT,
    views.Tone.UNKNOWN: StepState.UNKNOWN,
    views.Tone.NO: StepState.FAILED,
}


class _Said(Card):
    """A caption, a strong line and what goes with it."""

    def __init__(self, caption: str, name: str) -> None:
        super().__init__(caption, ground="bg")
        self.setObjectName(name)
        self._strong = Label(weight=Weight.STRONG, wrap=True)
        self._more = Label(tone="ink-2", wrap=True)
        self.body.addWidget(self._strong)
        self.body.addWidget(self._more)
        self.body.addStretch(1)

    def show_words(self, strong: str, more: str = "") -> None:
        self._strong.setText(strong)
        self._more.setText(more)
        self._more.setVisible(bool(more))


class RefundColumn(Surface):
    """The middle column."""

    def __init__(self, presenter: RefundsPresenter, parent: QWidget | None = None) -> None:
        super().__init__("bg", parent=parent)
        self.setObjectName("refundDetail")
        self._presenter = presenter
        self._title = Label(size=Text.HEADING, weight=Weight.NUMBER, wrap=True)
        self._title.setObjectName("refundTitle")
        self._state = Pill()
        self._state.setObjectName("refundState")
        self._notice = Banner()
        self._notice.setObjectName("refundNotice")
        self._reason = _Said(self.tr("Reason"), "refundReason")
        self._asked = _Said(self.tr("Asked by"), "refundAsked")
        self._goes = _Said(self.tr("Goes back to"), "refundGoes")
        self._facts = Facts("refundFacts")
        self._heading = Label(self.tr("Evidence"), weight=Weight.STRONG)
        self._story = StepList()
        self._story.setObjectName("refundEvidence")
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(24, 18, 24, 16)
        body.setSpacing(14)
        body.addWidget(self._title)
        body.addWidget(self._state, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._notice)
        body.addWidget(self._reason)
        pair = QHBoxLayout()
        pair.setSpacing(10)
        pair.addWidget(self._asked, 1)
        pair.addWidget(self._goes, 1)
        body.addLayout(pair)
        for part in (self._facts, self._heading, self._story):
            body.addWidget(part)
        body.addStretch(1)
        self._pages = QStackedWidget()
        self._nothing = EmptyState(
            self.tr("Choose a refund at the left"),
            self.tr("Why it is asked for and how it stands is told here."),
            icon="refunds",
        )
        self._detail = ScrollArea(inside)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(self._detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, _view: RefundsView) -> None:
        """Show a state whole: the newest, should one have come while this one was told."""
        detail = self._presenter.view.detail
        if detail is not None:
            self._show(detail)
        self._pages.setCurrentWidget(self._nothing if detail is None else self._detail)

    def _show(self, detail: RefundDetail) -> None:
        self._title.setText(detail.title)
        tone = tone_of(detail.tone)
        self._state.show_words(detail.state, tone, icon=ICONS[tone])
        show_notice(self._notice, detail.notice)
        self._reason.show_words(detail.reason)
        self._asked.show_words(detail.asked_by, detail.asked_when)
        self._goes.show_words(detail.goes_to, detail.how)
        self._facts.show_facts(detail.facts)
        steps = []
        for one in detail.evidence:
            said = " · ".join(part for part in (one.when, one.who) if part)
            note = f"{said}\n{one.more}" if one.more else said
            steps.append(Step(one.what, note, _STEPS.get(one.tone, StepState.FUTURE)))
        self._story.show_steps(steps)
        self._heading.setVisible(bool(steps))
