"""The form that asks for money to go back: how much, why, and a phone only where one is needed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.terminal.presenters.refund_ask import RefundAskPresenter
from hmis_pos.terminal.presenters.unmatched_view import RefundAskView
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import PrimaryButton, SecondaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit, MoneyEntry
from hmis_pos.terminal.ui.kit.phone_edit import PhoneEdit
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.rendering import fill_money, is_filled, show_action, show_notice, show_words


class RefundForm(QWidget):
    """Shows the one form of its presenter; Enter goes on from field to field, and asks at the end. ``closeWanted``: rather not."""

    closeWanted = Signal()

    def __init__(self, presenter: RefundAskPresenter, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._presenter = presenter
        self._title = Label(size=Text.TITLE, weight=Weight.STRONG, wrap=True)
        self.amount = MoneyEdit()
        self.amount.setObjectName(f"{name}Amount")
        self._amount_field = LabelledField(self.tr("How much goes back"), self.amount)
        self.reason = LineField()
        self.reason.setObjectName(f"{name}Reason")
        self.reason.setMaxLength(200)
        self._reason_field = LabelledField(self.tr("Why"), self.reason, self.tr("Who approves it reads this."))
        self.phone = PhoneEdit(_normalise)
        self.phone.setObjectName(f"{name}Phone")
        self._phone_field = LabelledField(self.tr("Phone that gets it"), self.phone)
        self._way = Label(tone="ink-2", wrap=True)
        self._way.setObjectName(f"{name}Way")
        self._problem = Banner()
        self._problem.setObjectName(f"{name}Problem")
        self._done = Banner()
        self._done.setObjectName(f"{name}Done")
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName(f"{name}Ask")
        self._other = SecondaryButton("", "F4")
        self._other.setObjectName(f"{name}Other")
        self._close = SecondaryButton("", "Escape")
        self._close.setObjectName(f"{name}Close")
        self._lay_out()
        self.amount.entered.connect(self._typed)
        self.reason.textEdited.connect(presenter.set_reason)
        self.phone.textChanged.connect(lambda _old: presenter.set_phone(self.phone.text()))
        self.primary.clicked.connect(self.enter)
        self._other.clicked.connect(presenter.other_phone)
        self._close.clicked.connect(self.closeWanted)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def _lay_out(self) -> None:
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(21, 16, 20, 0)
        body.setSpacing(10)
        for part in (
            self._title,
            self._amount_field,
            self._reason_field,
            self._phone_field,
            self._way,
            self._problem,
            self._done,
        ):
            body.addWidget(part)
        body.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(21, 8, 20, 16)
        foot.setSpacing(8)
        for button in (self.primary, self._other, self._close):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(ScrollArea(inside), 1)
        column.addLayout(foot)

    def render_view(self, view: RefundAskView) -> None:
        """Show a state whole."""
        self._title.setText(view.title)
        asking = view.done is None
        for field in (self._amount_field, self._reason_field):
            field.setVisible(asking)
        self._phone_field.setVisible(asking and view.phone_shown)
        if self.amount.minor() != view.amount_minor and not self.amount.entry.problem:
            fill_money(self.amount, view.amount_minor)
        self.amount.show_problem(view.amount_problem)
        self._amount_field.set_hint(view.amount_note)
        if self.reason.text() != view.reason:
            self.reason.setText(view.reason)
        self.reason.show_problem(view.reason_problem)
        if self.phone.text() != view.phone:
            self.phone.set_phone(view.phone)
        if view.phone_problem or not view.phone:
            self.phone.show_problem(view.phone_problem)
        self._phone_field.set_hint(view.phone_note)
        self._way.setText(view.way)
        self._way.setVisible(bool(view.way))
        show_words(self._problem, Tone.NO, view.problem)
        show_notice(self._done, view.done)
        show_action(self.primary, view.primary)
        show_action(self._other, view.other_phone)
        self._close.setText(self.tr("Do not ask") if asking else self.tr("Close"))
        if view.phone_shown and view.phone_problem and not self.phone.text():
            self.phone.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """The amount is filled in: the caret goes to the reason."""
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def enter(self) -> None:
        """The next empty field, or ask."""
        view = self._presenter.view
        if view.done is not None:
            self.closeWanted.emit()
            return
        if self.amount.hasFocus() and not view.reason:
            self.reason.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.reason.hasFocus() and view.phone_shown and not view.phone:
            self.phone.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._presenter.enter()

    def _typed(self, entry: MoneyEntry) -> None:
        if not is_filled(self.amount):
            self._presenter.set_amount(entry.minor, entry.problem)


def _normalise(text: str) -> str:
    """The number in normal form, as the phone field wants to be told."""
    try:
        return phones.normalise(text)
    except CashierMistake as e:
        raise ValueError(problem_words(e).line) from e
