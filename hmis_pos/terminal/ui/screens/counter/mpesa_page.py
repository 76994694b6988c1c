"""M-Pesa: fill in, ask, and then a small story: what happened, what happens now, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.terminal.presenters.codes import CodesPresenter, CodeStage, CodeView
from hmis_pos.terminal.presenters.mpesa import MpesaPresenter
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage, MpesaView
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.self_pay import SelfPayPresenter
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import PrimaryButton, SecondaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit, MoneyEntry
from hmis_pos.terminal.ui.kit.phone_edit import PhoneEdit
from hmis_pos.terminal.ui.kit.states import EmptyState
from hmis_pos.terminal.ui.kit.steps import StepList
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.counter.code_page import CodePage
from hmis_pos.terminal.ui.screens.counter.panel_page import Asked, PanelPage
from hmis_pos.terminal.ui.screens.counter.pay_card import PayCard
from hmis_pos.terminal.ui.screens.counter.receipt_strip import ReceiptStrip
from hmis_pos.terminal.ui.screens.rendering import (
    fill_money,
    is_filled,
    show_action,
    show_notice,
    show_steps,
    show_words,
    turn_to,
)

_FORM = frozenset({MpesaStage.DRAFT})


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaParts:
    """The presenters of the M-Pesa tab."""

    mpesa: MpesaPresenter
    codes: CodesPresenter
    self_pay: SelfPayPresenter


class MpesaPage(QStackedWidget):
    """The form before the phone is asked, the story after it. ``receiptWanted`` asks for the receipt on the screen."""

    receiptWanted = Signal()

    def __init__(self, parts: MpesaParts, receipts: ReceiptPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mpesaPage")
        self.setAccessibleName(self.tr("M-Pesa"))
        self._presenter = parts.mpesa
        self._codes = parts.codes
        self._code_stage = parts.codes.view.stage
        self.form = _Form(parts)
        self.story = _Story(parts, receipts)
        self.code = CodePage(parts.codes)
        self._closed = EmptyState("")
        self.story.strip.openWanted.connect(self.receiptWanted)
        for page in (self.form, self.story, self.code, self._closed):
            self.addWidget(page)
        parts.mpesa.changed.connect(self.render_view)
        parts.codes.changed.connect(self._show_code)
        self.render_view(parts.mpesa.view)

    def _show_code(self, view: CodeView) -> None:
        """The code page came, went on or went: the caret goes where typing makes sense, unless it stands elsewhere."""
        had = self.shows_code()
        self.render_view(self._presenter.view)
        moved, self._code_stage = view.stage is not self._code_stage, view.stage
        focus = QApplication.focusWidget()
        inside = focus is not None and (focus is self or self.isAncestorOf(focus))
        if moved and inside and (had or self.shows_code()):
            self.focus_first()

    def shows_code(self) -> bool:
        """Whether the code page is in front."""
        return self.currentWidget() is self.code

    def render_view(self, view: MpesaView) -> None:
        """Show a state whole. Money that is there goes before a code that is still being looked at."""
        if self._codes.view.stage is not CodeStage.CLOSED and view.stage is not MpesaStage.PAID:
            turn_to(self, self.code)
        elif view.stage is MpesaStage.CLOSED:
            words = view.problem
            self._closed.show_words(words.title if words else "", words.advice if words else "")
            turn_to(self, self._closed)
        elif view.stage in _FORM:
            self.form.render_view(view, self._others(view))
            turn_to(self, self.form)
        else:
            self.story.render_view(view, self._others(view))
            turn_to(self, self.story)

    def _others(self, view: MpesaView) -> str:
        """Phones that were asked for other patients, in a line."""
        count = view.ringing_elsewhere
        return self.tr("%n other phone(s) asked, not decided yet", "", count) if count else ""

    def has_story(self) -> bool:
        """Whether a phone was asked for the chosen invoice, or a code is checked, and its story is shown."""
        checked = self.shows_code() and self._codes.view.stage is not CodeStage.ENTRY
        return checked or self.currentWidget() is self.story

    def focus_first(self) -> None:
        """Put the caret where typing makes sense: the phone, or the amount where the phone is known."""
        if self.currentWidget() is self.form:
            field = self.form.amount if self.form.phone.number() else self.form.phone
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()
        elif self.shows_code():
            self.code.focus_first()
        else:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)  # so that Enter is the big button's, not the search's


class _Form(PanelPage):
    """Phone and amount."""

    def __init__(self, parts: MpesaParts) -> None:
        super().__init__()
        presenter = parts.mpesa
        self._presenter = presenter
        self._asked = Asked()
        self._asked.amount.setObjectName("mpesaDraftAmount")
        self._arrived = Label(size=Text.BODY, weight=Weight.STRONG, tone="ok", wrap=True)
        self._arrived.setObjectName("mpesaArrived")
        self._unavailable = Banner()
        self._unavailable.setObjectName("mpesaUnavailable")
        self._problem = Banner()
        self._problem.setObjectName("mpesaDraftProblem")
        self.phone = PhoneEdit(_normalise)
        self.phone.setObjectName("mpesaPhone")
        self._phone_field = LabelledField(self.tr("Phone that pays"), self.phone)
        self.amount = MoneyEdit()
        self.amount.setObjectName("mpesaAmount")
        self._amount_field = LabelledField(self.tr("Amount, whole shillings"), self.amount)
        self._why = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        self._why.setObjectName("mpesaWhyNot")
        self._others = Label(size=Text.CAPTION, tone="wait", wrap=True)
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("mpesaAsk")
        self._note = Label(size=Text.CAPTION, tone="ink-3", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.pay = PayCard(parts.self_pay)
        self._code = SecondaryButton(self.tr("Patient has a code"), "F8")
        self._code.setObjectName("mpesaHasCode")
        for part in (
            self._arrived,
            self._asked,
            self._unavailable,
            self._problem,
            self._phone_field,
            self._amount_field,
            self._why,
            self._others,
            self.pay,
        ):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot.addWidget(self.primary)
        self.foot.addWidget(self._code)
        self.foot.addWidget(self._note)
        self._code.clicked.connect(parts.codes.begin)
        # The field groups a whole number while it tells of it, so what it says is old by now; what it holds is not.
        self.phone.textChanged.connect(lambda _old: presenter.set_phone(self.phone.text()))
        self.amount.entered.connect(self._typed)
        self.primary.clicked.connect(presenter.enter)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pay.in_sight(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pay.in_sight(False)

    def _typed(self, entry: MoneyEntry) -> None:
        if not is_filled(self.amount):
            self._presenter.set_amount(entry.minor, entry.problem)

    def render_view(self, view: MpesaView, others: str) -> None:
        self._asked.show_amount(view.lead, view.amount)
        self._arrived.setText(view.arrived.title if view.arrived is not None else "")
        self._arrived.setVisible(view.arrived is not None)
        show_words(self._unavailable, Tone.UNKNOWN, view.unavailable)
        show_words(self._problem, Tone.NO, view.problem)
        if self.phone.text() != view.phone:
            self.phone.set_phone(view.phone)  # tells the presenter how it groups it, which is the same number
        nonsense = view.amount_minor is None and bool(view.amount_problem)
        if self.amount.minor() != view.amount_minor or (
            not nonsense and view.amount_minor is None and self.amount.text()
        ):
            fill_money(self.amount, view.amount_minor)
        self.amount.show_problem(view.amount_problem)
        self._amount_field.set_hint(view.amount_note)
        self._why.setText(view.primary.why_not if view.countdown else "")
        self._why.setVisible(bool(self._why.text()))
        self._others.setText(others)
        self._others.setVisible(bool(self._others.text()))
        show_action(self.primary, view.primary)
        self._note.setText(view.footnote)


class _Story(PanelPage):
    """What became of the request."""

    def __init__(self, parts: MpesaParts, receipts: ReceiptPresenter) -> None:
        super().__init__()
        presenter = parts.mpesa
        self._asked = Asked()
        self._asked.amount.setObjectName("mpesaAskedAmount")
        self._notice = Banner()
        self._notice.setObjectName("mpesaNotice")
        self._steps = StepList()
        self._steps.setObjectName("mpesaSteps")
        self._problem = Banner()
        self._problem.setObjectName("mpesaProblem")
        self.strip = ReceiptStrip(receipts, quiet=True)
        self._why = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        self._why.setObjectName("mpesaWhyNotAgain")
        self._others = Label(size=Text.CAPTION, tone="wait", wrap=True)
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("mpesaPrimary")
        self._again = SecondaryButton("", "F6")
        self._again.setObjectName("mpesaAgain")
        self._change = SecondaryButton("", "F4")
        self._change.setObjectName("mpesaChange")
        self._check = SecondaryButton("", "Shift+F8")
        self._check.setObjectName("mpesaCheck")
        self._code = SecondaryButton(self.tr("Patient has a code"), "F8")
        self._code.setObjectName("mpesaStoryCode")
        self._stop = SecondaryButton("", "F7")
        self._stop.setObjectName("mpesaStop")
        self._next = SecondaryButton(self.tr("Serve next patient"), "Ctrl+N")
        self._next.setObjectName("mpesaNext")
        self._note = Label(size=Text.CAPTION, tone="ink-3", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lay_out()
        self.primary.clicked.connect(presenter.enter)
        self._again.clicked.connect(presenter.ask_again)
        self._change.clicked.connect(presenter.change)
        self._check.clicked.connect(presenter.check)
        self._stop.clicked.connect(presenter.stop)
        self._code.clicked.connect(parts.codes.begin)
        self._next.clicked.connect(presenter.nextWanted)

    def _lay_out(self) -> None:
        for part in (self._asked, self._notice, self._steps, self._problem, self.strip, self._why, self._others):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot.addWidget(self.primary)
        self._papers = QWidget()
        self._papers.setLayout(self.strip.buttons)
        self.strip.buttons.setContentsMargins(0, 0, 0, 0)
        self.foot.addWidget(self._papers)
        self.foot.addWidget(self._again)
        self.foot.addLayout(self.pair(self._check, self._stop))
        self.foot.addLayout(self.pair(self._change))
        self.foot.addWidget(self._code)
        self.foot.addWidget(self._next)
        self.foot.addWidget(self._note)

    def render_view(self, view: MpesaView, others: str) -> None:
        paid = view.stage is MpesaStage.PAID
        self._asked.show_amount(view.lead, view.amount)
        show_notice(self._notice, view.notice)
        show_steps(self._steps, view.steps)
        show_words(self._problem, Tone.UNKNOWN if view.issue.label else Tone.NO, view.problem)
        self.strip.setVisible(paid and bool(view.receipt_no))
        self._papers.setVisible(paid and bool(view.receipt_no))
        self._why.setText("" if view.ask_again.enabled else view.ask_again.why_not)
        self._why.setVisible(bool(self._why.text()))
        self._others.setText(others)
        self._others.setVisible(bool(self._others.text()))
        asking_again = view.ask_again.enabled and view.primary.label == view.ask_again.label
        show_action(self.primary, view.primary)
        show_action(self._again, view.ask_again)
        if view.countdown:
            self._again.setText(self.tr("{ask} in {time}").format(ask=view.ask_again.label, time=view.countdown))
        self._again.setVisible(bool(view.ask_again.label) and not asking_again)
        show_action(self._change, view.change)
        show_action(self._check, view.check)
        show_action(self._stop, view.stop)
        self._code.setVisible(view.stage not in (MpesaStage.PAID, MpesaStage.ASKING))
        self._next.setVisible(asking_again or view.issue.enabled)
        self._note.setText(view.footnote)
        self._note.setVisible(bool(view.footnote))


def _normalise(text: str) -> str:
    """The number in normal form, as the phone field wants to be told."""
    try:
        return phones.normalise(text)
    except CashierMistake as e:
        raise ValueError(problem_words(e).line) from e
