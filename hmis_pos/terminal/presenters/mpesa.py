"""Asking a phone for money: fill in, ask once, wait with words, and never ask again blindly.

One state per invoice: several phones may ring at once, and the cashier goes on to the next patient. What is known of an attempt lives in
:class:`~hmis_pos.terminal.presenters.attempts.Attempts`; here it becomes the panel of the chosen invoice.
"""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.invoices import Ringing
from hmis_pos.contract.mapping import instant
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import Conflict, NotAllowed, PosError
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.terminal.presenters.arrivals import Arrivals
from hmis_pos.terminal.presenters.attempts import Attempt, Attempts
from hmis_pos.terminal.presenters.cash import Rest
from hmis_pos.terminal.presenters.counter import OpenInvoice
from hmis_pos.terminal.presenters.mpesa_form import Draft, normal, prefilled, whole
from hmis_pos.terminal.presenters.mpesa_panel import Case, MpesaPanel
from hmis_pos.terminal.presenters.mpesa_story import stage_of
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage, MpesaView
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.presenters.words import problem_words

_ENDED = frozenset({MpesaStage.PAID, MpesaStage.NOT_PAID})


class MpesaPresenter(QObject):
    """Connect ``CounterPresenter.opened`` to :meth:`open` and ``CashPresenter.restWanted`` to :meth:`prefill`; render ``changed``."""

    changed = Signal(MpesaView)
    nextWanted = Signal()

    def __init__(
        self, services: Services, attempts: Attempts, arrivals: Arrivals, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._attempts = attempts
        self._arrivals = arrivals
        self._panel = MpesaPanel(services, attempts)
        self._view = MpesaView()
        self._invoice: Invoice | None = None
        self._ringing: Ringing | None = None
        self._held_elsewhere = False
        self._drafts: dict[int, Draft] = {}
        self._drafting = False  #: the form stands in front of the last attempt's story
        self._problem: Words | None = None
        attempts.moved.connect(self._on_moved)
        arrivals.moved.connect(self._on_arrived)
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
            self._services.tasks.spawn(self._stop(attempt), name="mpesa.stop")

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
        elif self._view.issue.enabled:
            self.issue_receipt()
        elif self._view.primary.enabled:
            self.nextWanted.emit()

    def issue_receipt(self) -> None:
        """The receipt of money that came while nobody served this invoice."""
        arrival = self._arrivals.owing(self._view.invoice_id)
        if arrival is not None and self._view.issue.enabled:
            self._arrivals.issue(arrival.uid)

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

    async def _stop(self, attempt: Attempt) -> None:
        problem: Words | None = None
        self._problem = None
        try:
            await self._attempts.stop(attempt.uid)
        except NotAllowed as e:
            problem = problem_words(e)
        except PosError as e:
            problem = problem_words(e)
            await self._attempts.look(attempt.uid)
        if self._invoice is not None and self._invoice.id == attempt.invoice_id:  # else it is no news of this patient
            self._problem = problem
            self._publish()

    def _on_moved(self, invoice_id: int) -> None:
        attempt = self._attempts.of_invoice(invoice_id)
        if self._invoice is not None and self._invoice.id == invoice_id:
            if attempt is not None and stage_of(attempt) not in _ENDED:
                self._drafting = False
            elif attempt is None:
                self._drafting = True
        self._publish()

    def _on_arrived(self, invoice_id: int) -> None:
        attempt = self._attempts.of_invoice(invoice_id)
        if self._invoice is not None and self._invoice.id == invoice_id:
            # What our last request came to is past: if something is still owed, the form asks for the rest.
            self._drafting = attempt is None or stage_of(attempt) in _ENDED
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
        attempt, arrival = self._attempt(), self._arrivals.latest(invoice.id)
        told = attempt is not None or (arrival is not None and not invoice.owed)
        return self._panel.view(
            Case(
                invoice=invoice,
                ringing=self._ringing,
                held_elsewhere=self._held_elsewhere,
                attempt=attempt,
                # also none where a form had stood in front and nothing is owed any more
                draft=self._draft() if self._drafting or not told else None,
                arrival=arrival,
                problem=self._problem,
            )
        )
