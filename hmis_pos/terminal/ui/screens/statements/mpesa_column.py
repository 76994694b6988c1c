"""The hospital's M-Pesa: balances, the list of payments, and whether payouts are stopped."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.mpesa_desk import MpesaDeskPresenter
from hmis_pos.terminal.presenters.statements_view import BalanceView, MpesaDeskView
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.states import LoadingState
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.rendering import clear_layout, show_action, show_notice, show_words


class MpesaColumn(Surface):
    """The right column of the statements."""

    def __init__(self, presenter: MpesaDeskPresenter, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.setObjectName("mpesaDesk")
        self._shown: tuple[BalanceView, ...] | None = None
        self._title = Label(size=Text.TITLE, weight=Weight.STRONG)
        self._title.setObjectName("mpesaDeskTitle")
        self._halted = Banner()
        self._halted.setObjectName("mpesaDeskHalted")
        self._problem = Banner()
        self._problem.setObjectName("mpesaDeskProblem")
        self._balances = QVBoxLayout()
        self._balances.setSpacing(8)
        self._note = Label(tone="ink-2", wrap=True)
        self._note.setObjectName("mpesaDeskNote")
        self._ask = SecondaryButton("", "F6", icon="wallet")
        self._ask.setObjectName("mpesaDeskAsk")
        self._feed = Banner()
        self._feed.setObjectName("mpesaDeskFeed")
        self._pull = SecondaryButton("", "F7", icon="refresh")
        self._pull.setObjectName("mpesaDeskPull")
        self._resume = SecondaryButton("", "F8", icon="check")
        self._resume.setObjectName("mpesaDeskResume")
        self._pages = QStackedWidget()
        self._nothing = LoadingState("")
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(21, 14, 20, 16)
        body.setSpacing(12)
        body.addWidget(self._title)
        body.addWidget(self._halted)
        body.addWidget(self._resume)
        body.addWidget(self._problem)
        body.addLayout(self._balances)
        body.addWidget(self._note)
        body.addWidget(self._ask)
        body.addSpacing(8)
        body.addWidget(self._feed)
        body.addWidget(self._pull)
        body.addStretch(1)
        self._body = ScrollArea(inside)
        self._pages.addWidget(self._body)
        self._pages.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(self._pages)
        self._ask.clicked.connect(presenter.ask_balance)
        self._pull.clicked.connect(presenter.pull)
        self._resume.clicked.connect(presenter.resume_payouts)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: MpesaDeskView) -> None:
        """Show a state whole."""
        if view.message is not None:
            self._nothing.show_words(view.message.title, view.message.advice)
        self._pages.setCurrentWidget(self._nothing if view.message is not None else self._body)
        self._title.setText(view.title)
        show_notice(self._halted, view.halted)
        show_words(self._problem, Tone.NO, view.problem)
        self._show_balances(view.balances)
        self._note.setText(view.balance_note)
        self._note.setVisible(bool(view.balance_note))
        show_action(self._ask, view.ask)
        show_notice(self._feed, view.feed)
        show_action(self._pull, view.pull)
        show_action(self._resume, view.resume)

    def _show_balances(self, balances: tuple[BalanceView, ...]) -> None:
        if balances == self._shown:
            return
        self._shown = balances
        clear_layout(self._balances)
        for one in balances:
            card = Card(ground="bg")
            card.setAccessibleName(f"{one.account} {one.amount}, {one.as_of}")
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(ElidedLabel(one.account, weight=Weight.STRONG), 1)
            amount = Label(
                one.amount, size=Text.ROW, weight=Weight.NUMBER, tone="no" if one.tone.value == "no" else "ink"
            )
            row.addWidget(amount, 0, Qt.AlignmentFlag.AlignRight)
            card.body.addLayout(row)
            card.body.addWidget(Label(one.as_of, size=Text.CAPTION, tone="ink-2"))
            self._balances.addWidget(card)
