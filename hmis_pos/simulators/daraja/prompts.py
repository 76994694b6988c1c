"""The prompt on the phone: answered once, by a script or a person, and paid at most once."""

from datetime import datetime
from decimal import Decimal

from hmis_pos.simulators.daraja.fees import take_fee
from hmis_pos.simulators.daraja.ledger import Movement
from hmis_pos.simulators.daraja.push import Push
from hmis_pos.simulators.daraja.results import SUCCESS, result
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.validation import StkOrder
from hmis_pos.simulators.handset import sms
from hmis_pos.simulators.handset.phone import Message, Phone


class AlreadyAnswered(Exception):
    """The prompt is no longer on the phone."""


class PromptDesk:
    """Ends prompts, and moves the money of those that were paid."""

    def __init__(self, state: State) -> None:
        self._state = state

    def decide(self, push: Push, outcome: str) -> None:
        """End a prompt with an outcome; paying moves the money, if the phone has it.

        Raises:
            AlreadyAnswered: it has ended.
            ValueError: no such outcome.
        """
        if not push.open:
            raise AlreadyAnswered(push.checkout_id)
        now = self._state.clock.now()
        phone = self._state.phones.get(push.order.party_a)
        ended = result(outcome, push.behaviour.description)
        if ended.code == SUCCESS and (obstacle := self._obstacle(phone, push.order, now)):
            ended = result(obstacle)
        if ended.code == SUCCESS:
            push.movement = self._move(push, phone, now)
        push.result = ended
        push.closed_at = now
        push.answered.set()
        self._state.journal.record("prompt_closed", checkout=push.checkout_id, result=ended.code)

    def enter_pin(self, push: Push, pin: str) -> None:
        """Answer with a PIN: the right one pays, others end in 2001, after too many in 8006.

        Raises:
            AlreadyAnswered: the prompt has ended.
        """
        phone = self._state.phones.get(push.order.party_a)
        if phone.wrong_pins >= self._state.config.pin_attempts:
            self.decide(push, "pin_locked")
        elif pin == phone.pin:
            self.decide(push, "pay")
            phone.wrong_pins = 0
        else:
            self.decide(push, "wrong_pin")
            phone.wrong_pins += 1

    def _obstacle(self, phone: Phone, order: StkOrder, now: datetime) -> str | None:
        if phone.balance < order.amount:
            return "insufficient"
        limit = self._state.config.daily_limit
        sent = self._state.ledger.sent_on_day(phone.msisdn, now)
        return "daily_limit" if limit is not None and sent + order.amount > limit else None

    def _move(self, push: Push, phone: Phone, now: datetime) -> Movement:
        order = push.order
        movement = self._state.ledger.move(
            push.checkout_id,
            msisdn=phone.msisdn,
            amount=Decimal(order.amount),
            account=order.reference,
            shortcode=order.party_b,
            at=now,
            kind="stk",
            payer=phone.name,
            initiated_at=push.accepted_at,
        )
        take_fee(self._state, movement)
        phone.balance -= movement.amount
        account = order.reference
        text = sms.paid(movement.receipt, movement.amount, self._state.config.shop_name, account, now, phone.balance)
        phone.messages.append(Message(now, text))
        self._state.journal.record(
            "money_moved", checkout=push.checkout_id, receipt=movement.receipt, amount=order.amount
        )
        return movement
