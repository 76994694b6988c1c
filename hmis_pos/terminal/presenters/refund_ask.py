"""Asking for money to go back: how much, why, and a phone only where one is needed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.mapping import money
from hmis_pos.contract.payments import Transaction
from hmis_pos.contract.refunds import Refund
from hmis_pos.contract.unmatched import UnmatchedDetail
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake, OutcomeUnknown, PosError
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.intent import Intent
from hmis_pos.terminal.presenters.refund_words import way_sentence
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import brief, spoken_name
from hmis_pos.terminal.presenters.unmatched_view import RefundAskView
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Tone, Words
from hmis_pos.terminal.presenters.words import problem_words

LEAST_REASON = 3
_PHONE_NEEDED = "phone-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What money is asked back from: a payment or unmatched money (one of the two ids is set)."""

    transaction_id: str = ""
    unmatched_id: int = 0
    payer: str = ""
    most: Money


@dataclass(slots=True)
class _Form:
    """What stands in the form."""

    minor: int | None = None
    amount_problem: str = ""
    reason: str = ""
    reason_problem: str = ""
    phone: str = ""
    phone_problem: str = ""
    phone_shown: bool = False
    phone_needed: bool = False
    busy: bool = False
    problem: Words | None = None
    done: Notice | None = None


class RefundAskPresenter(QObject):
    """One form, for payments and for unmatched money. ``asked`` says that the relay has written the request down."""

    changed = Signal(RefundAskView)
    asked = Signal(Refund)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._view = RefundAskView()
        self._intent = Intent(services.ids)
        self._subject: Subject | None = None
        self._f = _Form()
        services.line.changed.connect(self._on_line)

    @property
    def view(self) -> RefundAskView:
        return self._view

    # ------------------------------------------------------------ intents

    def open_payment(self, one: Transaction) -> None:
        """Begin for a payment; nothing where nothing of it may go back."""
        most = money(one.refundable, one.currency)
        name = spoken_name(one.patient_name)
        self._open(Subject(transaction_id=one.transaction_id, payer=name, most=most))

    def open_unmatched(self, one: UnmatchedDetail) -> None:
        """Begin for what remains of unmatched money."""
        cash = one.money
        most = money(cash.remaining, cash.currency)
        self._open(Subject(unmatched_id=cash.unmatched_id, payer=cash.payer_name or cash.payer_phone, most=most))

    def close(self) -> None:
        """Rather not."""
        self._subject = None
        self._reset()
        self._publish()

    def set_amount(self, minor: int | None, problem: str = "") -> None:
        if (minor, problem) != (self._f.minor, self._f.amount_problem):
            self._f.minor, self._f.amount_problem = minor, problem
            self._touched()

    def set_reason(self, text: str) -> None:
        if text != self._f.reason:
            self._f.reason, self._f.reason_problem = text, ""
            self._touched()

    def set_phone(self, text: str) -> None:
        if text != self._f.phone:
            self._f.phone, self._f.phone_problem = text, ""
            self._touched()

    def other_phone(self) -> None:
        """To another phone than the one that paid, or to that one after all."""
        if self._subject is None or self._f.phone_needed:
            return
        self._f.phone_shown = not self._f.phone_shown
        self._f.phone, self._f.phone_problem = "", ""
        self._touched()

    def enter(self) -> None:
        """Ask the relay, once everything is filled in."""
        subject = self._subject
        if subject is None or self._f.busy or self._f.done is not None or not self._services.line.online:
            return
        if not self._filled(subject):
            self._publish()
            return
        phone = phones.normalise(self._f.phone) if self._f.phone_shown else ""
        self._f.busy, self._f.problem = True, None
        self._publish()
        amount = Money(self._f.minor or 0, subject.most.currency)
        self._services.tasks.spawn(self._ask(subject, self._f, amount, phone), name="refund.ask")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ asking

    def _open(self, subject: Subject) -> None:
        if not subject.most:
            return
        self._subject = subject
        self._reset()
        self._f.minor = subject.most.minor
        self._publish()

    async def _ask(self, subject: Subject, form: _Form, amount: Money, phone: str) -> None:
        """The answer is written on the form that asked: another one may be on the screen by then."""
        reason = form.reason.strip()
        office = self._services.relay.back_office
        key = self._intent.key((subject.transaction_id, subject.unmatched_id, amount, reason, phone))
        try:
            if subject.transaction_id:
                said = await office.ask_refund(subject.transaction_id, amount, reason, phone=phone, key=key)
            else:
                said = await office.refund_unmatched(subject.unmatched_id, amount, reason, phone=phone, key=key)
        except PosError as e:
            self._failed(form, e)
        else:
            self._intent.done(key)
            form.done = self._done_words(said)
            self.asked.emit(said)
        finally:
            form.busy = False
            self._publish()

    def _failed(self, form: _Form, error: PosError) -> None:
        words = problem_words(error)
        match error.field:
            case "phone_number":
                form.phone_shown, form.phone_problem = True, words.line
                form.phone_needed = form.phone_needed or error.code == _PHONE_NEEDED
            case "amount":
                form.amount_problem = words.line
            case "reason":
                form.reason_problem = words.line
            case _:
                form.problem = words
        if isinstance(error, OutcomeUnknown):
            form.problem = Words(
                self.tr("Nobody can tell yet whether it was written down"),
                self.tr(
                    "Look among the refunds once the connection is back. Pressing the button again never asks twice."
                ),
            )

    def _filled(self, subject: Subject) -> bool:
        if self._f.minor is None or not self._f.minor:
            self._f.amount_problem = self._f.amount_problem or self.tr("Type what is to go back.")
        elif self._f.minor > subject.most.minor:
            self._f.amount_problem = self.tr("At most {amount} may go back.").format(amount=subject.most.grouped)
        if len(self._f.reason.strip()) < LEAST_REASON:
            self._f.reason_problem = self.tr("Say why, in a few words.")
        if self._f.phone_shown:
            try:
                phones.normalise(self._f.phone)
            except CashierMistake as e:
                self._f.phone_problem = problem_words(e).line
        return not (self._f.amount_problem or self._f.reason_problem or self._f.phone_problem)

    def _done_words(self, said: Refund) -> Notice:
        title = self.tr("Asked: KSh {amount} is to go back").format(amount=brief(money(said.amount, said.currency)))
        text = self.tr("{way} Another person, a supervisor or administrator, has to approve it first.")
        return Notice(tone=Tone.OK, title=title, text=text.format(way=way_sentence(said)))

    # ------------------------------------------------------------ the view

    def _reset(self) -> None:
        self._f = _Form()

    def _touched(self) -> None:
        self._f.problem = None
        subject = self._subject
        if subject is not None and self._f.minor is not None and self._f.minor <= subject.most.minor:
            self._f.amount_problem = ""
        self._publish()

    def _on_line(self, _state: str) -> None:
        self._publish()

    def _publish(self) -> None:
        view = RefundAskView() if self._subject is None else self._made(self._subject)
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _made(self, subject: Subject) -> RefundAskView:
        amount = Money(self._f.minor or 0, subject.most.currency)
        away = not self._services.line.online
        payer = subject.payer
        way = self.tr("It goes to the phone that paid, by a reversal or a payout; the answer says which.")
        if self._f.phone_shown:
            way = self.tr("It goes to this phone, by a payout.")
        other = self.tr("To the phone that paid") if self._f.phone_shown else self.tr("To another phone…")
        label = self.tr("Ask to give back {amount}").format(amount=amount.grouped)
        title = self.tr("Give back to {payer}").format(payer=payer) if payer else self.tr("Give money back")
        done = self._f.done is not None
        return RefundAskView(
            shown=True,
            title=title,
            amount_minor=self._f.minor,
            amount_problem=self._f.amount_problem,
            amount_note=self.tr("At most {amount}").format(amount=subject.most.grouped),
            reason=self._f.reason,
            reason_problem=self._f.reason_problem,
            phone=self._f.phone,
            phone_shown=self._f.phone_shown,
            phone_problem=self._f.phone_problem,
            phone_note=self.tr("Ask the patient, and read it back aloud."),
            way="" if done else way,
            other_phone=NO_ACTION
            if self._f.phone_needed or done
            else ActionView(label=other, enabled=not self._f.busy),
            primary=NO_ACTION
            if done
            else ActionView(
                label=label,
                enabled=not self._f.busy and not away,
                why_not=self.tr("The relay is away; ask once it is back.") if away else "",
            ),
            busy=self._f.busy,
            problem=self._f.problem,
            done=self._f.done,
        )
