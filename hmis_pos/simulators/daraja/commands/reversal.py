"""Transaction Reversal: a collected payment goes back to who paid it, once, under a receipt of its own."""

from decimal import Decimal

from hmis_pos.simulators.daraja.commands.codes import result
from hmis_pos.simulators.daraja.commands.command import Command, Decision, Parameter, failed
from hmis_pos.simulators.daraja.commands.orders import ReversalOrder
from hmis_pos.simulators.daraja.commands.parties import account_line, customer, organisation
from hmis_pos.simulators.daraja.ledger import COLLECTIONS, UTILITY, Movement, compact_eat
from hmis_pos.simulators.daraja.results import SUCCESS
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.handset import sms
from hmis_pos.simulators.handset.phone import Message

_NOTHING = Decimal("0.00")


class Reversal:
    """Gives collected money back."""

    def __init__(self, state: State) -> None:
        self._state = state

    def decide(self, command: Command[ReversalOrder]) -> Decision:
        """Give the money back, when the rules allow it."""
        order = command.order
        original = self._state.ledger.find(order.receipt)
        # Payouts are taken back by hand in the portal only.
        if original is not None and (original.kind not in COLLECTIONS or original.org != self._owner(order)):
            original = None
        obstacle = self._obstacle(order, original)
        if original is None or obstacle is not None:
            return failed(obstacle or "bad_original", self._state.rng)
        movement = self._move(command, original)
        return self._reversed(movement, original, movement)

    def forge(self, command: Command[ReversalOrder]) -> Decision:
        """Tell a reversal that never was."""
        order = command.order
        never = Movement(
            receipt=self._state.ledger.new_receipt(),
            msisdn="",
            amount=Decimal(order.amount),
            account="",
            shortcode=order.shortcode,
            at=self._state.clock.now(),
            kind="forged",
            cause=command.conversation_id,
            direction="out",
            org=self._owner(order),
            linked=order.receipt,
        )
        return self._reversed(never, self._state.ledger.find(order.receipt) or never, None)

    def _owner(self, order: ReversalOrder) -> str:
        """The organisation behind the shortcode: a till belongs to the collecting one."""
        config = self._state.config
        return config.shortcode if order.shortcode in config.tills else order.shortcode

    def _obstacle(self, order: ReversalOrder, original: Movement | None) -> str | None:
        config, ledger = self._state.config, self._state.ledger
        if self._owner(order) != config.shortcode or "reversal" not in config.products:
            return "no_product"
        if original is None:
            return "bad_original"
        if ledger.linked_to(original.receipt, "reversal"):
            return "already_reversed"
        amount = Decimal(order.amount)
        if amount > original.amount or (amount < original.amount and config.partial_reversal == "refuse"):
            return "bad_parameter"
        available = ledger.balance(UTILITY, original.org) - config.utility_reserved
        return "insufficient" if available < self._amount(order, original) else None

    def _amount(self, order: ReversalOrder, original: Movement) -> Decimal:
        return original.amount if self._state.config.partial_reversal == "whole" else Decimal(order.amount)

    def _move(self, command: Command[ReversalOrder], original: Movement) -> Movement:
        state = self._state
        now = state.clock.now()
        movement = state.ledger.move(
            command.conversation_id,
            msisdn=original.msisdn,
            amount=self._amount(command.order, original),
            account="",
            shortcode=original.shortcode,
            at=now,
            kind="reversal",
            direction="out",
            org=original.org,
            linked=original.receipt,
            payer=original.payer,
            other_party=original.other_party,
            initiated_at=command.accepted_at,
        )
        # A business that paid has no phone.
        if original.msisdn:
            phone = state.phones.get(original.msisdn)
            phone.balance += movement.amount
            text = sms.given_back(movement.receipt, movement.amount, original.receipt, now, phone.balance)
            phone.messages.append(Message(now, text))
        state.journal.record(
            "money_moved", conversation=command.conversation_id, receipt=movement.receipt, amount=movement.amount
        )
        return movement

    def _reversed(self, told: Movement, original: Movement, movement: Movement | None) -> Decision:
        parameters = (
            Parameter("DebitAccountBalance", account_line(self._state, UTILITY, told.org)),
            Parameter("Amount", told.amount),
            Parameter("TransCompletedTime", int(compact_eat(told.at))),
            Parameter("OriginalTransactionID", told.linked),
            Parameter("Charge", _NOTHING),
            Parameter("CreditPartyPublicName", customer(self._state, original)),
            Parameter("DebitPartyPublicName", organisation(self._state, told.shortcode)),
        )
        return Decision(result(SUCCESS), told.receipt, parameters, movement)
