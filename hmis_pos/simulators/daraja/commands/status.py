"""Transaction Status: what became of a receipt, or of a request whose answer was lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from hmis_pos.simulators.daraja.commands.codes import result
from hmis_pos.simulators.daraja.commands.command import Command, Decision, Parameter, Value, dummy_id, failed
from hmis_pos.simulators.daraja.commands.orders import B2cOrder, ReversalOrder, StatusOrder
from hmis_pos.simulators.daraja.commands.parties import customer, organisation
from hmis_pos.simulators.daraja.commands.script import TransactionStatus
from hmis_pos.simulators.daraja.ledger import UTILITY, Movement, compact_eat
from hmis_pos.simulators.daraja.results import SUCCESS
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.statement import REASONS

CUSTOMER_ACCOUNT = "MMF Account For Customer"
_ENDINGS: dict[str, TransactionStatus] = {SUCCESS: "Completed", "1032": "Cancelled", "1019": "Expired"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is told about a transaction. A receipt, fee or time that there is not is a key without a value."""

    receipt: str | None
    status: str
    amount: Decimal
    debit: str
    credit: str
    debit_account: str
    fee: Decimal | None
    reason: str
    initiated: datetime
    finalised: datetime | None
    conversation: str | None
    originator: str | None


class Status:
    """Looks transactions up.

    Args:
        state: of the simulator.
        command: finds the command of a ConversationID or OriginatorConversationID.
    """

    def __init__(self, state: State, command: Callable[[str], Command[Any] | None]) -> None:
        self._state = state
        self._command = command

    def decide(self, command: Command[StatusOrder]) -> Decision:
        """Tell what is found. Result 0 says that the query worked, nothing more.

        A payment that was taken back stays Completed: the reversal has a receipt of its own.
        """
        state, order = self._state, command.order
        config = state.config
        if order.shortcode not in {config.shortcode, config.paying_shortcode, *config.tills}:
            return failed("no_role", state.rng)
        found = self._by_receipt(order) if order.receipt else self._by_conversation(order)
        if found is None:
            return failed(config.unknown_transaction, state.rng)
        return Decision(result(SUCCESS), dummy_id(state.rng), _parameters(found, command.script.status))

    def forge(self, _: Command[StatusOrder]) -> None:
        """A false answer is told by the `status` of a script."""

    def _by_receipt(self, order: StatusOrder) -> _Found | None:
        ledger = self._state.ledger
        movement = ledger.find(order.receipt) or next((m for m in ledger.declined if m.receipt == order.receipt), None)
        if movement is None or order.shortcode not in {movement.org, movement.shortcode}:
            return None
        if movement.direction == "in":
            return self._collected(movement)
        sender = self._command(movement.cause)
        return self._sent(movement, sender)

    def _by_conversation(self, order: StatusOrder) -> _Found | None:
        """A request is found by the id its sender knew; queries are none that could be asked about."""
        sender = self._command(order.originator_id)
        if sender is None or sender.order.shortcode != order.shortcode:
            return None
        if not isinstance(sender.order, B2cOrder | ReversalOrder):
            return None
        if sender.decision is not None and sender.decision.movement is not None:
            return self._sent(sender.decision.movement, sender)
        return self._unpaid(sender, sender.order)

    def _collected(self, movement: Movement) -> _Found:
        return _Found(
            receipt=movement.receipt,
            status=movement.status,
            amount=movement.amount,
            debit=customer(self._state, movement),
            credit=organisation(self._state, movement.shortcode),
            debit_account=CUSTOMER_ACCOUNT,
            fee=None,
            reason=movement.reason or REASONS.get(movement.kind, ""),
            initiated=movement.initiated_at or movement.at,
            finalised=movement.at,
            conversation=None,
            originator=None,
        )

    def _sent(self, movement: Movement, sender: Command[Any] | None) -> _Found:
        fee = self._state.ledger.caused_by(movement.cause, "charge")
        told = sender.script.status if sender is not None else None
        return _Found(
            receipt=movement.receipt,
            status=told or movement.status,
            amount=movement.amount,
            debit=organisation(self._state, movement.shortcode),
            credit=customer(self._state, movement),
            debit_account=movement.org_account,
            fee=(fee.amount if fee is not None else Decimal(0)) if movement.kind == "b2c" else None,
            reason=movement.reason or REASONS.get(movement.kind, ""),
            initiated=movement.initiated_at or movement.at,
            finalised=movement.at,
            conversation=movement.cause if sender is not None else None,
            originator=sender.originator_id if sender is not None else None,
        )

    def _unpaid(self, sender: Command[Any], order: B2cOrder | ReversalOrder) -> _Found:
        """A request that is undecided, or ended without money."""
        status: TransactionStatus = sender.script.pending_status
        if sender.decision is not None:
            status = sender.script.status or _ENDINGS.get(sender.decision.result.code, "Declined")
        return _Found(
            receipt=None,
            status=status,
            amount=Decimal(order.amount),
            debit=organisation(self._state, order.shortcode),
            credit=self._receiver(order),
            debit_account=UTILITY,
            fee=None,
            reason=REASONS[order.kind],
            initiated=sender.accepted_at,
            finalised=sender.closed_at,
            conversation=sender.conversation_id,
            originator=sender.originator_id,
        )

    def _receiver(self, order: B2cOrder | ReversalOrder) -> str:
        if isinstance(order, B2cOrder):
            return f"{order.phone} - {self._state.phones.get(order.phone).name}"
        original = self._state.ledger.find(order.receipt)
        return "" if original is None else customer(self._state, original)


def _parameters(found: _Found, told: TransactionStatus | None) -> tuple[Parameter, ...]:
    fee = None if found.fee is None else f"Fee For B2C Payment|KES|{found.fee:.2f}"
    values: dict[str, Value | None] = {
        "DebitPartyName": found.debit,
        "CreditPartyName": found.credit,
        "OriginatorConversationID": found.originator,
        "InitiatedTime": int(compact_eat(found.initiated)),
        "DebitAccountType": found.debit_account,
        "DebitPartyCharges": fee,
        "TransactionReason": None,
        "ReasonType": found.reason,
        "TransactionStatus": told or found.status,
        "FinalisedTime": None if found.finalised is None else int(compact_eat(found.finalised)),
        "Amount": found.amount,
        "ConversationID": found.conversation,
        "ReceiptNo": found.receipt,
    }
    return tuple(Parameter(key, value) for key, value in values.items())
