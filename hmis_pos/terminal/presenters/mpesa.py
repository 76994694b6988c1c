"""Asking a phone for money: fill in, ask once, wait with words, and never ask again blindly.

One state per invoice: several phones may ring at once, and the cashier goes on to the next patient. What is known of an attempt lives in
:class:`~hmis_pos.terminal.presenters.attempts.Attempts`; here it becomes the panel of the chosen invoice.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos.cashier.records import Advice
from hmis_pos.contract.invoices import Ringing
from hmis_pos.contract.mapping import instant
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake, Conflict, NotAllowed, PosError
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.terminal.presenters.attempts import Attempt, Attempts
from hmis_pos.terminal.presenters.cash import Rest
from hmis_pos.terminal.presenters.counter import OpenInvoice
from hmis_pos.terminal.presenters.line import LineState
from hmis_pos.terminal.presenters.mpesa_form import Draft, normal, phone_words, prefilled, whole
from hmis_pos.terminal.presenters.mpesa_story import Story, stage_of
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage, MpesaView
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import brief, running
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Words
from hmis_pos.terminal.presenters.words import problem_words

_ENDED = frozenset({MpesaStage.PAID, MpesaStage.NOT_PAID})
_STOPPABLE = frozenset({MpesaStage.WAITING, MpesaStage.UNKNOWN})


class MpesaPresenter(QObject):
    """Connect ``CounterPresenter.opened`` to :meth:`open` and ``CashPresenter.restWanted`` to :meth:`prefill`; render ``changed``."""

    changed = Signal(MpesaView)
    nextWanted = Signal()

    def __init__(self, services: Services, attempts: Attempts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._attempts = attempts
        self._view = MpesaView()
        self._invoice: Invoice | None = None
        self._ringing: Ringing | None = None
        self._held_elsewhere = False
        self._drafts: dict[int, Draft] = {}
        self._drafting = False  #: the form stands in front of the last attempt's story
        self._problem: Words | None = None
        attempts.moved.connect(self._on_moved)
        services.line.changed.connect(self._on_line)
        services.ticker.ticked.connect(self._tick)

    @property
    def view(self) -> MpesaView:
        return self._view

    # ------------------------------------------------------------ intents

    def open(self, opened: OpenInvoice) -> None:
        """Another invoice was chosen, or its figures changed."""
        before = self._invoice
        self._invoice, self._ringing, self._held_elsewhere = opened.invoice, opened.ringing, opened.held_elsewhere
        if opened.invoice is None:
            self._publish()
            return
        if opened.fresh or before is None or before.id != opened.invoice.id:
            self._problem = None
            attempt = self._attempts.of_invoice(opened.invoice.id)
            # A story that ended is told once; who comes back to an invoice that still owes wants to ask again.
            self._drafting = attempt is None or (stage_of(attempt) in _ENDED and bool(opened.invoice.owed))
            self._drafts.pop(opened.invoice.id, None)
        elif before.owed != opened.invoice.owed and (draft := self._drafts.get(opened.invoice.id)) is not None:
            draft.invoice = opened.invoice
            draft.amount = whole(opened.invoice, self._services.rules.fraction)
        if opened.ringing is not None and opened.ringing.method == Method.MPESA.value:
            self._attempts.observe(UUID(opened.ringing.uid))
        self._publish()

    def set_phone(self, text: str) -> None:
        """The phone field changed."""
        draft = self._draft()
        if draft is not None and draft.phone != text:
            draft.phone, draft.problem, draft.retry_at = text, None, None
            self._publish()

    def set_amount(self, minor: int | None, problem: str = "") -> None:
        """The amount field changed (in cents)."""
        draft = self._draft()
        if draft is not None:
            amount = None if minor is None else Money(minor, draft.invoice.total.currency)
            if (amount, problem) != (draft.amount, draft.amount_problem):
                draft.amount, draft.amount_problem, draft.problem, draft.retry_at = amount, problem, None, None
                self._publish()

    def prefill(self, rest: Rest) -> None:
        """After the cash part of a split: ask for the rest."""
        if self._invoice is not None and self._invoice.id == rest.invoice_id:
            self._drafting = True
            draft = self._draft()
            if draft is not None:
                draft.amount = Money.whole(rest.amount.whole_units, rest.amount.currency)
            self._publish()

    def ask(self) -> None:
        """Ask the phone. Pressing twice asks once."""
        draft = self._draft()
        if draft is None or draft.asked or not self._view.primary.enabled:
            return
        phone, amount = normal(draft.phone), draft.amount
        if phone is None or amount is None:
            return
        draft.asked, draft.problem = True, None
        self._services.tasks.spawn(self._ask(draft, phone, amount), name="mpesa.ask")
        self._publish()

    def ask_again(self) -> None:
        """After a no that allows it: the same phone and amount, as a new intent."""
        attempt = self._attempt()
        if attempt is None or self._drafting or not self._view.ask_again.enabled:
            return
        self.change()
        self.ask()

    def change(self) -> None:
        """After a no: back to phone and amount."""
        attempt = self._attempt()
        if attempt is None or stage_of(attempt) is not MpesaStage.NOT_PAID or self._invoice is None:
            return
        self._drafting, self._problem = True, None
        draft = self._draft()
        if draft is not None:
            draft.phone = phones.local(attempt.phone) if attempt.phone else draft.phone
            if attempt.amount <= self._invoice.owed:
                draft.amount = attempt.amount
        self._publish()

    def stop(self) -> None:
        """Stop waiting; the patient may still be charged."""
        attempt = self._attempt()
        if attempt is not None and self._view.stop.enabled:
            self._services.tasks.spawn(self._stop(attempt.uid), name="mpesa.stop")

    def check(self) -> None:
        """Ask the relay now how it stands."""
        attempt = self._attempt()
        if attempt is not None:
            self._services.tasks.spawn(self._attempts.look(attempt.uid), name="mpesa.check")

    def enter(self) -> None:
        """The one key: ask; once it rings or is done, the next patient; after a no, ask again where that is allowed."""
        if self._view.stage is MpesaStage.DRAFT:
            self.ask()
        elif self._view.stage is MpesaStage.NOT_PAID and self._view.ask_again.enabled:
            self.ask_again()
        elif self._view.primary.enabled:
            self.nextWanted.emit()

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ within

    def _attempt(self) -> Attempt | None:
        return None if self._invoice is None else self._attempts.of_invoice(self._invoice.id)

    def _draft(self) -> Draft | None:
        """The form of the chosen invoice; made with a new intent when it is first needed."""
        invoice = self._invoice
        if invoice is None or not invoice.owed:
            return None
        draft = self._drafts.get(invoice.id)
        if draft is None:
            ids = self._services.ids
            draft = Draft(
                invoice=invoice,
                uid=ids.uuid(),
                key=ids.token(),
                phone=prefilled(invoice.patient_phone),
                amount=whole(invoice, self._services.rules.fraction),
            )
            self._drafts[invoice.id] = draft
        return draft

    async def _ask(self, draft: Draft, phone: str, amount: Money) -> None:
        invoice = draft.invoice
        try:
            await self._attempts.ask(
                Attempt(
                    uid=draft.uid,
                    invoice_id=invoice.id,
                    amount=amount,
                    phone=phone,
                    key=draft.key,
                    cashier=self._services.desk.cashier,
                    began_at=self._services.clock.now(),
                    invoice=invoice,
                )
            )
        except PosError as e:
            # Refused before the patient was asked. The intent is over: the next press is another one, as its content may differ.
            draft.asked = False
            draft.uid, draft.key = self._services.ids.uuid(), self._services.ids.token()
            draft.problem = problem_words(e)
            draft.retry_at = instant(e.retry_at) if isinstance(e, Conflict) and e.retry_at else None
            if self._invoice is not None and self._invoice.id == invoice.id:
                self._drafting = True
        except BaseException:
            self._drafts.pop(invoice.id, None)
            raise
        else:
            self._drafts.pop(invoice.id, None)
        self._publish()

    async def _stop(self, uid: UUID) -> None:
        self._problem = None
        try:
            await self._attempts.stop(uid)
        except NotAllowed as e:
            self._problem = problem_words(e)
        except PosError as e:
            self._problem = problem_words(e)
            await self._attempts.look(uid)
        self._publish()

    def _on_moved(self, invoice_id: int) -> None:
        attempt = self._attempts.of_invoice(invoice_id)
        if self._invoice is not None and self._invoice.id == invoice_id:
            if attempt is not None and stage_of(attempt) not in _ENDED:
                self._drafting = False
            elif attempt is None:
                self._drafting = True
        self._publish()

    def _on_line(self, _state: str) -> None:
        self._publish()

    def _tick(self) -> None:
        moving = self._view.stage in (MpesaStage.ASKING, MpesaStage.WAITING, MpesaStage.UNKNOWN, MpesaStage.STOPPED)
        if moving or self._view.countdown:
            self._publish()

    # ------------------------------------------------------------ the view

    def _publish(self) -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _make_view(self) -> MpesaView:
        invoice = self._invoice
        if invoice is None:
            return MpesaView()
        attempt = self._attempt()
        draft = self._draft() if self._drafting or attempt is None else None
        if attempt is not None and draft is None:  # also where a form had stood in front and nothing is owed any more
            return self._story_view(invoice, attempt)
        if draft is None:
            return MpesaView(invoice_id=invoice.id, problem=Words(self.tr("Nothing is owed on this invoice")))
        return self._draft_view(draft)

    def _unavailable(self) -> Words | None:
        state = self._services.line.state
        if state is LineState.AWAY:
            return Words(
                self.tr("M-Pesa needs the relay, and the relay is away"),
                self.tr("Take cash. M-Pesa comes back by itself with the connection."),
            )
        if state is LineState.SIGNED_OUT:
            return Words(
                self.tr("M-Pesa needs you to sign in with the relay"), self.tr("Sign in again, or take cash meanwhile.")
            )
        if not self._services.desk.series:
            return problem_words(CashierMistake("", code="not-enrolled"))
        return None

    def _draft_view(self, draft: Draft) -> MpesaView:
        unavailable = self._unavailable()
        phone_problem = phone_words(draft.phone)
        amount_problem = draft.amount_words(self._services.rules.fraction)
        left = self._left(draft.retry_at)
        open_question = self._open_elsewhere(draft.invoice)
        why = self._why_not(unavailable, open_question, left)
        right = draft.amount is not None and not amount_problem and not phone_problem and bool(draft.phone.strip())
        amount = brief(draft.amount) if draft.amount is not None else ""
        label = self.tr("Ask for {amount}").format(amount=amount) if amount else self.tr("Ask the phone")
        phone = normal(draft.phone)
        asking = self.tr("Ask {phone} for").format(phone=phones.local(phone)) if phone else self.tr("Ask for")
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
            footnote=self.tr("Pressing twice asks the phone only once."),
            ringing_elsewhere=self._others(draft.invoice.id),
        )

    def _why_not(self, unavailable: Words | None, open_question: Words | None, left: float) -> str:
        if unavailable is not None:
            return unavailable.title
        if self._held_elsewhere:
            return self.tr("Another counter has this patient: take over first")
        if open_question is not None:
            return open_question.title
        if left > 0:
            return self.tr("M-Pesa refuses it for another {time}").format(time=running(left))
        return ""

    def _open_elsewhere(self, invoice: Invoice) -> Words | None:
        """A request of another kind or counter that is still open for this invoice."""
        ringing = self._ringing
        mine = self._attempts.of_invoice(invoice.id)
        if ringing is None or (mine is not None and str(mine.uid) == ringing.uid):
            return None
        return problem_words(Conflict("", code="attempt-open"))

    def _story_view(self, invoice: Invoice, attempt: Attempt) -> MpesaView:
        services = self._services
        story = Story(
            attempt,
            services.clock.now(),
            line_away=services.line.state is not LineState.ONLINE,
            prints=services.rules.print_at_once,
        )
        stage = story.stage
        running_still = stage in (MpesaStage.ASKING, MpesaStage.WAITING)
        lead = self.tr("Asking {phone} for") if running_still else self.tr("Asked {phone} for")
        again, left = self._again(invoice, attempt, stage)
        stoppable = stage in _STOPPABLE and attempt.ours
        said = attempt.transaction
        received = Money.parse(said.received) if said is not None and stage is MpesaStage.PAID else attempt.amount
        return MpesaView(
            stage=stage,
            invoice_id=invoice.id,
            unavailable=self._unavailable(),
            lead=lead.format(phone=phones.local(attempt.phone) if attempt.phone else self.tr("the phone")),
            amount=brief(received),
            notice=story.notice(),
            steps=story.steps(),
            primary=again if again.enabled else ActionView(label=self.tr("Serve next patient")),
            ask_again=again,
            change=ActionView(label=self.tr("Change phone or amount"))
            if stage is MpesaStage.NOT_PAID and invoice.owed
            else NO_ACTION,
            stop=ActionView(label=self.tr("Stop waiting"), enabled=services.line.online and not attempt.stopping)
            if stoppable
            else NO_ACTION,
            check=ActionView(label=self.tr("Check now"), enabled=services.line.online)
            if stage in _STOPPABLE or stage is MpesaStage.STOPPED
            else NO_ACTION,
            countdown=running(left) if left > 0 else "",
            footnote=self.tr("If you stop, the patient may still be charged. It will be found.") if stoppable else "",
            problem=self._problem,
            receipt_no=attempt.receipt_no,
            ringing_elsewhere=self._others(invoice.id),
        )

    def _again(self, invoice: Invoice, attempt: Attempt, stage: MpesaStage) -> tuple[ActionView, float]:
        """May the phone be asked again? The relay's advice decides; where it may not, the reason and how long."""
        said = attempt.transaction
        label = self.tr("Ask again")
        if stage is MpesaStage.STOPPED:
            why = self.tr(
                "The patient may still pay the first request. Safaricom is asked; once it says no you can ask again."
            )
            return ActionView(label=label, enabled=False, why_not=why), 0
        if stage is not MpesaStage.NOT_PAID or said is None or not invoice.owed:
            return NO_ACTION, 0
        if said.advice == Advice.FIX:
            why = self.tr("Asking the same again gives the same answer. Change the phone or the amount.")
            return ActionView(label=label, enabled=False, why_not=why), 0
        if said.advice == Advice.NO:
            why = self.tr("The money may still come, so a second request could charge twice.")
            return ActionView(label=label, enabled=False, why_not=why), 0
        left = self._left(instant(said.retry_not_before)) if said.retry_not_before else 0
        if said.advice == Advice.WAIT and left > 0:
            why = self.tr("M-Pesa refuses it for another {time}").format(time=running(left))
            return ActionView(label=label, enabled=False, why_not=why), left
        unavailable = self._unavailable()
        why = unavailable.title if unavailable is not None else ""
        return ActionView(label=label, enabled=not why and not self._held_elsewhere, why_not=why), 0

    def _left(self, until: datetime | None) -> float:
        return 0 if until is None else max(0.0, (until - self._services.clock.now()).total_seconds())

    def _others(self, invoice_id: int) -> int:
        return sum(1 for one in self._attempts.ringing() if one.invoice_id != invoice_id)
