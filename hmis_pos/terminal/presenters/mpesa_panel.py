"""The M-Pesa panel of an invoice, made from what is known of it: form, story of our request, or story of money that came by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from hmis_pos.cashier.records import Advice
from hmis_pos.contract.invoices import Ringing
from hmis_pos.contract.mapping import instant, money
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake, Conflict
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters import arrival_words
from hmis_pos.terminal.presenters.arrivals import Arrival
from hmis_pos.terminal.presenters.attempts import Attempt, Attempts
from hmis_pos.terminal.presenters.line import LineState
from hmis_pos.terminal.presenters.mpesa_form import Draft, normal, phone_words
from hmis_pos.terminal.presenters.mpesa_story import Story
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage, MpesaView
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import brief, running
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Words
from hmis_pos.terminal.presenters.words import problem_words

RINGING = frozenset({MpesaStage.ASKING, MpesaStage.WAITING, MpesaStage.UNKNOWN})
_STOPPABLE = frozenset({MpesaStage.WAITING, MpesaStage.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of the chosen invoice. ``draft`` is None while a story is told; ``arrival`` is money that came by itself."""

    invoice: Invoice
    ringing: Ringing | None = None
    held_elsewhere: bool = False
    attempt: Attempt | None = None
    draft: Draft | None = None
    arrival: Arrival | None = None
    problem: Words | None = None


class MpesaPanel:
    """Makes the view; decides nothing and does nothing."""

    def __init__(self, services: Services, attempts: Attempts) -> None:
        self._services = services
        self._attempts = attempts

    def view(self, case: Case) -> MpesaView:
        """The panel now."""
        attempt, arrival = case.attempt, case.arrival
        if case.draft is not None:
            view = self._draft_view(case, case.draft)
            return replace(view, arrived=self._arrived(case))
        if arrival is not None and (attempt is None or not _tells_more(attempt, arrival, case.invoice.owed)):
            return self._arrival_view(case, arrival)
        if attempt is not None:
            return self._story_view(case, attempt)
        nothing = Words(QCoreApplication.translate("mpesa-panel", "Nothing is owed on this invoice"))
        return MpesaView(invoice_id=case.invoice.id, problem=nothing)

    def unavailable(self) -> Words | None:
        """Why M-Pesa cannot be asked just now."""
        state = self._services.line.state
        if state is LineState.AWAY:
            return Words(
                QCoreApplication.translate("mpesa-panel", "M-Pesa needs the relay, and the relay is away"),
                QCoreApplication.translate(
                    "mpesa-panel", "Take cash. M-Pesa comes back by itself with the connection."
                ),
            )
        if state is LineState.SIGNED_OUT:
            return Words(
                QCoreApplication.translate("mpesa-panel", "M-Pesa needs you to sign in with the relay"),
                QCoreApplication.translate("mpesa-panel", "Sign in again, or take cash meanwhile."),
            )
        if not self._services.desk.series:
            return problem_words(CashierMistake("", code="not-enrolled"))
        return None

    # ------------------------------------------------------------ the form

    def _draft_view(self, case: Case, draft: Draft) -> MpesaView:
        unavailable = self.unavailable()
        phone_problem = phone_words(draft.phone)
        amount_problem = draft.amount_words(self._services.rules.fraction)
        left = self._left(draft.retry_at)
        open_question = self._open_elsewhere(case)
        why = self._why_not(case, unavailable, open_question, left)
        right = draft.amount is not None and not amount_problem and not phone_problem and bool(draft.phone.strip())
        amount = brief(draft.amount) if draft.amount is not None else ""
        label = (
            QCoreApplication.translate("mpesa-panel", "Ask for {amount}").format(amount=amount)
            if amount
            else QCoreApplication.translate("mpesa-panel", "Ask the phone")
        )
        phone = normal(draft.phone)
        asking = (
            QCoreApplication.translate("mpesa-panel", "Ask {phone} for").format(phone=phones.local(phone))
            if phone
            else QCoreApplication.translate("mpesa-panel", "Ask for")
        )
        return MpesaView(
            stage=MpesaStage.DRAFT,
            invoice_id=draft.invoice.id,
            unavailable=unavailable,
            phone=draft.phone,
            phone_problem=phone_problem,
            amount_minor=draft.amount.minor if draft.amount is not None else None,
            amount_problem=amount_problem,
            amount_note=draft.cents_words(),
            lead=asking,
            amount=amount,
            primary=ActionView(label=label, enabled=right and not why and not draft.asked, why_not=why),
            countdown=running(left) if left > 0 else "",
            problem=draft.problem or open_question,
            footnote=QCoreApplication.translate("mpesa-panel", "Pressing twice asks the phone only once."),
            ringing_elsewhere=self._others(draft.invoice.id),
        )

    def _arrived(self, case: Case) -> Notice | None:
        """A part came by itself: said in a line over the form that asks for the rest; the middle column tells the whole."""
        if case.arrival is None or not (case.arrival.live or case.arrival.owes_receipt):
            return None
        return replace(arrival_words.banner(case.arrival, case.invoice.owed), text="")

    def _why_not(self, case: Case, unavailable: Words | None, open_question: Words | None, left: float) -> str:
        if unavailable is not None:
            return unavailable.title
        if case.held_elsewhere:
            return QCoreApplication.translate("mpesa-panel", "Another counter has this patient: take over first")
        if open_question is not None:
            return open_question.title
        if left > 0:
            return QCoreApplication.translate("mpesa-panel", "M-Pesa refuses it for another {time}").format(
                time=running(left)
            )
        return ""

    def _open_elsewhere(self, case: Case) -> Words | None:
        """A request of another kind or counter that is still open for this invoice."""
        ringing, mine = case.ringing, case.attempt
        if ringing is None or (mine is not None and str(mine.uid) == ringing.uid):
            return None
        return problem_words(Conflict("", code="attempt-open"))

    # ------------------------------------------------------------ money that came by itself

    def _arrival_view(self, case: Case, arrival: Arrival) -> MpesaView:
        said = arrival.said
        offered = arrival_words.no_receipt(arrival)
        issue = NO_ACTION
        if offered is not None:
            why = QCoreApplication.translate("mpesa-panel", "Another counter has this patient: take over first")
            away = self.unavailable()
            why = away.title if away is not None else why if case.held_elsewhere else ""
            label = QCoreApplication.translate("mpesa-panel", "Issue the receipt")
            issue = ActionView(label=label, enabled=not why, why_not=why)
        serve = ActionView(label=QCoreApplication.translate("mpesa-panel", "Serve next patient"))
        return MpesaView(
            stage=MpesaStage.PAID,
            invoice_id=case.invoice.id,
            lead=arrival_words.lead(said),
            amount=brief(money(said.received, said.currency)),
            notice=arrival_words.paid_notice(arrival),
            steps=arrival_words.steps(arrival, prints=self._services.rules.print_at_once),
            primary=issue if issue.enabled else serve,
            issue=issue,
            problem=offered,
            receipt_no=arrival.receipt_no,
            payment_uid=str(arrival.uid) if arrival.receipt_no else "",
            ringing_elsewhere=self._others(case.invoice.id),
        )

    # ------------------------------------------------------------ our request

    def _story_view(self, case: Case, attempt: Attempt) -> MpesaView:
        services, invoice = self._services, case.invoice
        story = Story(
            attempt,
            services.clock.now(),
            line_away=services.line.state is not LineState.ONLINE,
            prints=services.rules.print_at_once,
        )
        stage = story.stage
        running_still = stage in (MpesaStage.ASKING, MpesaStage.WAITING)
        lead = (
            QCoreApplication.translate("mpesa-panel", "Asking {phone} for")
            if running_still
            else QCoreApplication.translate("mpesa-panel", "Asked {phone} for")
        )
        again, left = self._again(case, attempt, stage)
        stoppable = stage in _STOPPABLE and attempt.ours
        said = attempt.transaction
        received = Money.parse(said.received) if said is not None and stage is MpesaStage.PAID else attempt.amount
        phone = phones.local(attempt.phone) if attempt.phone else QCoreApplication.translate("mpesa-panel", "the phone")
        crossed = case.arrival is not None and stage in RINGING and case.arrival.came_at >= _asked_at(attempt)
        return MpesaView(
            stage=stage,
            invoice_id=invoice.id,
            unavailable=self.unavailable(),
            lead=lead.format(phone=phone),
            amount=brief(received),
            notice=arrival_words.while_ringing(case.arrival, invoice.owed)
            if case.arrival is not None and crossed
            else story.notice(),
            steps=story.steps(),
            primary=again
            if again.enabled
            else ActionView(label=QCoreApplication.translate("mpesa-panel", "Serve next patient")),
            ask_again=again,
            change=ActionView(label=QCoreApplication.translate("mpesa-panel", "Change phone or amount"))
            if stage is MpesaStage.NOT_PAID and invoice.owed
            else NO_ACTION,
            stop=ActionView(
                label=QCoreApplication.translate("mpesa-panel", "Stop waiting"),
                enabled=services.line.online and not attempt.stopping,
            )
            if stoppable
            else NO_ACTION,
            check=ActionView(label=QCoreApplication.translate("mpesa-panel", "Check now"), enabled=services.line.online)
            if stage in _STOPPABLE or stage is MpesaStage.STOPPED
            else NO_ACTION,
            countdown=running(left) if left > 0 else "",
            footnote=QCoreApplication.translate(
                "mpesa-panel", "If you stop, the patient may still be charged. It will be found."
            )
            if stoppable
            else "",
            problem=case.problem,
            receipt_no=attempt.receipt_no,
            payment_uid=str(attempt.uid) if attempt.receipt_no else "",
            ringing_elsewhere=self._others(invoice.id),
        )

    def _again(self, case: Case, attempt: Attempt, stage: MpesaStage) -> tuple[ActionView, float]:
        """May the phone be asked again? The relay's advice decides; where it may not, the reason and how long."""
        said = attempt.transaction
        label = QCoreApplication.translate("mpesa-panel", "Ask again")
        if stage is MpesaStage.STOPPED:
            why = QCoreApplication.translate(
                "mpesa-panel",
                "The patient may still pay the first request. Safaricom is asked; once it says no you can ask again.",
            )
            return ActionView(label=label, enabled=False, why_not=why), 0
        if stage is not MpesaStage.NOT_PAID or said is None or not case.invoice.owed:
            return NO_ACTION, 0
        if said.advice == Advice.FIX:
            why = QCoreApplication.translate(
                "mpesa-panel", "Asking the same again gives the same answer. Change the phone or the amount."
            )
            return ActionView(label=label, enabled=False, why_not=why), 0
        if said.advice == Advice.NO:
            why = QCoreApplication.translate(
                "mpesa-panel", "The money may still come, so a second request could charge twice."
            )
            return ActionView(label=label, enabled=False, why_not=why), 0
        left = self._left(instant(said.retry_not_before)) if said.retry_not_before else 0
        if said.advice == Advice.WAIT and left > 0:
            why = QCoreApplication.translate("mpesa-panel", "M-Pesa refuses it for another {time}").format(
                time=running(left)
            )
            return ActionView(label=label, enabled=False, why_not=why), left
        unavailable = self.unavailable()
        why = unavailable.title if unavailable is not None else ""
        return ActionView(label=label, enabled=not why and not case.held_elsewhere, why_not=why), 0

    def _left(self, until: datetime | None) -> float:
        return 0 if until is None else max(0.0, (until - self._services.clock.now()).total_seconds())

    def _others(self, invoice_id: int) -> int:
        return sum(1 for one in self._attempts.ringing() if one.invoice_id != invoice_id)


def _asked_at(attempt: Attempt) -> datetime:
    """When the phone was asked, by the relay's clock where it told."""
    return attempt.began_at if attempt.transaction is None else instant(attempt.transaction.created_at)


def _tells_more(attempt: Attempt, arrival: Arrival, owed: Money) -> bool:
    """Whether our request is what the cashier has to know of: it still rings, more is owed, or it was paid after that money came."""
    if attempt.is_open or owed:
        return True
    return attempt.is_paid and attempt.began_at > arrival.came_at
