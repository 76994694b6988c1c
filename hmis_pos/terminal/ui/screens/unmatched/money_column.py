"""One piece of money: what is known of it, why it matched nothing, and where its parts went."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.unmatched import UnmatchedPresenter
from hmis_pos.terminal.presenters.unmatched_view import MoneyDetail, PartView, UnmatchedView
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import QuietButton, SecondaryButton
from hmis_pos.terminal.ui.kit.label import Label, Rule
from hmis_pos.terminal.ui.kit.pill import Pill
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.facts import Facts
from hmis_pos.terminal.ui.screens.rendering import clear_layout, show_action, show_words, tone_of

_AGES = {Tone.OK: "check", Tone.NO: "warning"}


class MoneyColumn(Surface):
    """The middle column. ``moveBackWanted`` carries the payment whose placing was wrong."""

    moveBackWanted = Signal(str)

    def __init__(self, presenter: UnmatchedPresenter, parent: QWidget | None = None) -> None:
        super().__init__("bg", parent=parent)
        self.setObjectName("unmatchedMoney")
        self._presenter = presenter
        self._parts_shown: tuple[PartView, ...] = ()
        self._pages = QStackedWidget()
        self._nothing = EmptyState(
            self.tr("Choose a payment at the left"),
            self.tr("What is known of it stands here, and beside it whose it may be."),
            icon="unmatched",
        )
        self._loading = QWidget()
        self._problem = ErrorState("")
        self._detail = QWidget()
        for page in (self._nothing, self._loading, self._problem, self._detail):
            self._pages.addWidget(page)
        self._build()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._problem.acted.connect(presenter.read_again)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def _build(self) -> None:
        self._title = Label(size=Text.HEADING, weight=Weight.NUMBER, wrap=True)
        self._title.setObjectName("unmatchedTitle")
        self._age = Pill()
        self._age.setObjectName("unmatchedAge")
        self._stale = Banner()
        self._stale.setObjectName("unmatchedStale")
        self._why = Banner()
        self._why.setObjectName("unmatchedWhy")
        self._facts = Facts("unmatchedFacts")
        self._parts_title = Label(self.tr("Where it went"), weight=Weight.STRONG)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(10)
        self._remains = Label(weight=Weight.STRONG, tone="unk")
        self._remains.setObjectName("unmatchedRemains")
        self._take = SecondaryButton("", "F6", icon="user")
        self._take.setObjectName("unmatchedTake")
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(24, 18, 24, 16)
        body.setSpacing(14)
        body.addWidget(self._title)
        body.addWidget(self._age, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._stale)
        body.addWidget(self._why)
        body.addWidget(self._facts)
        self._rule = Rule()
        body.addWidget(self._rule)
        body.addWidget(self._parts_title)
        body.addLayout(self._parts)
        body.addWidget(self._remains)
        body.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 8, 24, 16)
        foot.addWidget(self._take, 1)
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(ScrollArea(inside), 1)
        column.addLayout(foot)
        self._take.clicked.connect(self._presenter.take_on)

    def render_view(self, _view: UnmatchedView) -> None:
        """Show a state whole: the newest, should one have come while this one was told."""
        view = self._presenter.view
        if view.detail is not None:
            self._show(view.detail)
            show_words(self._stale, Tone.UNKNOWN, view.detail_problem)
            self._pages.setCurrentWidget(self._detail)
        elif view.detail_problem is not None:
            words = view.detail_problem
            self._problem.show_words(words.title, words.advice, action=self.tr("Try again"))
            self._pages.setCurrentWidget(self._problem)
        else:
            self._pages.setCurrentWidget(self._loading if view.selected else self._nothing)

    def _show(self, detail: MoneyDetail) -> None:
        self._title.setText(detail.title)
        tone = tone_of(detail.age_tone)
        self._age.show_words(detail.age, tone, icon=_AGES.get(tone, "clock"))
        show_words(self._why, Tone.NEUTRAL, detail.why)
        self._facts.show_facts(detail.facts)
        self._show_parts(detail.parts)
        self._remains.setText(self.tr("{amount} still waits").format(amount=detail.remains) if detail.remains else "")
        self._remains.setVisible(bool(detail.remains))
        show_action(self._take, detail.take_on)

    def _show_parts(self, parts: tuple[PartView, ...]) -> None:
        for widget in (self._rule, self._parts_title):
            widget.setVisible(bool(parts))
        if parts == self._parts_shown:
            return
        self._parts_shown = parts
        clear_layout(self._parts)
        for part in parts:
            self._parts.addLayout(self._part(part))

    def _part(self, part: PartView) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(
            Label(part.what, weight=Weight.STRONG, wrap=True, tone="ink" if part.tone.value == "ok" else _ink(part))
        )
        words.addWidget(Label(part.note, size=Text.CAPTION, tone="ink-2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(words, 1)
        if part.payment_uid:
            back = QuietButton(self.tr("Move back"))
            back.setAccessibleName(self.tr("Move back {what}").format(what=part.what))
            back.clicked.connect(partial(self.moveBackWanted.emit, part.payment_uid))
            row.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(part.amount, weight=Weight.STRONG), 0, Qt.AlignmentFlag.AlignTop)
        return row


def _ink(part: PartView) -> str:
    return "ink-2" if part.tone.value == "neutral" else part.tone.value
