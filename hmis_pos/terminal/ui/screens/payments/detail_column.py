"""One payment: what it is, how it stands, and each piece of evidence with its time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters import views
from hmis_pos.terminal.presenters.payments import PaymentsPresenter
from hmis_pos.terminal.presenters.payments_view import EvidenceView, Fact, PaymentDetail, PaymentsView
from hmis_pos.terminal.presenters.refund_ask import RefundAskPresenter
from hmis_pos.terminal.ui.kit.banner import ICONS, Banner
from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.label import Label, Rule
from hmis_pos.terminal.ui.kit.pill import Pill
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState
from hmis_pos.terminal.ui.kit.steps import Step, StepList, StepState
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.refunds.ask_form import RefundForm
from hmis_pos.terminal.ui.screens.rendering import clear_layout, show_action, show_words, tone_of, turn_to

_STEPS = {
    views.Tone.OK: StepState.DONE,
    views.Tone.WAIT: StepState.CURRENT,
    views.Tone.UNKNOWN: StepState.UNKNOWN,
    views.Tone.NO: StepState.FAILED,
}


class DetailColumn(Surface):
    """The right column of the payments.

    ``receiptWanted`` asks for the receipt on the screen, ``patientWanted`` for the invoice at the counter (its id), ``closed`` says
    that the form for a refund was closed.
    """

    receiptWanted = Signal()
    patientWanted = Signal(int)
    closed = Signal()

    def __init__(self, presenter: PaymentsPresenter, ask: RefundAskPresenter, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.setObjectName("paymentDetail")
        self._presenter = presenter
        self._ask = ask
        self._asking = ""
        self.refund = RefundForm(ask, "paymentRefund")
        self._pages = QStackedWidget()
        self._nothing = EmptyState(
            self.tr("Choose a payment"), self.tr("Its evidence is shown here, piece by piece."), icon="payments"
        )
        self._loading = QWidget()
        self._problem = ErrorState("")
        self._detail = QWidget()
        for page in (self._nothing, self._loading, self._problem, self._detail, self.refund):
            self._pages.addWidget(page)
        self._build()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(self._pages)
        self._problem.acted.connect(self._again)
        self.refund.closeWanted.connect(self.close_refund)
        ask.asked.connect(presenter.read_again)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def _build(self) -> None:
        self._title = Label(size=Text.TITLE, weight=Weight.NUMBER, wrap=True)
        self._title.setObjectName("paymentTitle")
        self._state = Pill()
        self._state.setObjectName("paymentState")
        self._why = Banner()
        self._why.setObjectName("paymentWhy")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        self._timeline = StepList()
        self._timeline.setObjectName("paymentEvidence")
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(20, 16, 20, 12)
        body.setSpacing(12)
        body.addWidget(self._title)
        body.addWidget(self._state, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._why)
        body.addLayout(self._facts)
        body.addWidget(Rule())
        body.addWidget(Label(self.tr("Evidence"), weight=Weight.STRONG))
        body.addWidget(self._timeline)
        body.addStretch(1)
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(ScrollArea(inside), 1)
        column.addLayout(self._buttons())

    def _buttons(self) -> QVBoxLayout:
        """What can be done with the payment, below it."""
        self._show = SecondaryButton(self.tr("Show receipt"), "Ctrl+R")
        self._show.setObjectName("paymentShowReceipt")
        self._print = SecondaryButton("", "F9")
        self._print.setObjectName("paymentReprint")
        self._issue = SecondaryButton("", "Shift+F9")
        self._issue.setObjectName("paymentIssueReceipt")
        self._patient = SecondaryButton(self.tr("Go to the patient"), "Ctrl+G")
        self._patient.setObjectName("paymentPatient")
        self._refund = SecondaryButton("", "F7", icon="refunds")
        self._refund.setObjectName("paymentRefundOpen")
        papers = QHBoxLayout()
        papers.setSpacing(8)
        papers.addWidget(self._show, 1)
        papers.addWidget(self._print, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 8, 20, 16)
        foot.setSpacing(8)
        foot.addWidget(self._refund)
        foot.addWidget(self._issue)
        foot.addWidget(self._patient)
        foot.addLayout(papers)
        self._show.clicked.connect(self.receiptWanted)
        self._print.clicked.connect(self._presenter.reprint)
        self._issue.clicked.connect(self._presenter.issue_receipt)
        self._patient.clicked.connect(self.go_to_patient)
        self._refund.clicked.connect(self.ask_refund)
        return foot

    def render_view(self, view: PaymentsView) -> None:
        """Show a state whole. The form that asks for money back stays until somebody closes it, or chooses another payment."""
        if self._asking and view.selected != self._asking:
            self._asking = ""
            self._ask.close()
        if view.detail is not None:
            self._show_detail(view.detail)
            turn_to(self._pages, self.refund if self._asking else self._detail)
        elif view.detail_problem is not None:
            words = view.detail_problem
            self._problem.show_words(words.title, words.advice, action=self.tr("Try again"))
            self._pages.setCurrentWidget(self._problem)
        else:
            self._pages.setCurrentWidget(self._loading if view.selected else self._nothing)

    @property
    def is_asking(self) -> bool:
        """Whether the form that asks for money back is shown."""
        return bool(self._asking)

    def ask_refund(self) -> None:
        """Show the form that asks for money of this payment to go back."""
        one = self._presenter.transaction
        detail = self._presenter.view.detail
        if one is not None and detail is not None and detail.refund.enabled and detail.refund.label:
            self._asking = one.uid
            self._ask.open_payment(one)
            turn_to(self._pages, self.refund)
            self.refund.focus_first()

    def close_refund(self) -> None:
        """Back to the payment."""
        self._asking = ""
        self._ask.close()
        self.render_view(self._presenter.view)
        self.closed.emit()

    def go_to_patient(self) -> None:
        detail = self._presenter.view.detail
        if detail is not None and detail.invoice_id:
            self.patientWanted.emit(detail.invoice_id)

    def _show_detail(self, detail: PaymentDetail) -> None:
        self._title.setText(detail.title)
        tone = tone_of(detail.tone)
        self._state.show_words(detail.state, tone, icon=ICONS[tone])
        show_words(self._why, tone, detail.why)
        self._show_facts(detail.facts)
        self._timeline.show_steps([_step(one) for one in detail.evidence])
        show_action(self._print, detail.reprint)
        show_action(self._issue, detail.issue)
        show_action(self._refund, detail.refund)
        self._show.setVisible(bool(self._presenter.receipt_uid))
        self._patient.setVisible(bool(detail.invoice_id))

    def _show_facts(self, facts: tuple[Fact, ...]) -> None:
        clear_layout(self._facts)
        for row, fact in enumerate(facts):
            self._facts.addWidget(Label(fact.label, tone="ink-2"), row, 0, Qt.AlignmentFlag.AlignTop)
            value = Label(fact.value, wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(value, row, 1)

    def _again(self) -> None:
        self._presenter.choose(self._presenter.view.selected)


def _step(one: EvidenceView) -> Step:
    said = " · ".join(part for part in (one.when, one.who) if part)
    note = f"{said}\n{one.more}" if one.more else said
    return Step(one.what, note, _STEPS.get(one.tone, StepState.FUTURE))
