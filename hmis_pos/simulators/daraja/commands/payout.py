"""B2C: money from the utility account to a phone, and the fee from the charges account."""

from decimal import Decimal

from hmis_pos.simulators.daraja.commands.codes import result
from hmis_pos.simulators.daraja.commands.command import Command, Decision, Parameter, failed
from hmis_pos.simulators.daraja.commands.orders import B2cOrder
from hmis_pos.simulators.daraja.ledger import CHARGES_PAID, EAT, UTILITY, WORKING, Movement
from hmis_pos.simulators.daraja.results import SUCCESS
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.tariffs import b2c_fee
from hmis_pos.simulators.handset import sms
from hmis_pos.simulators.handset.phone import Message, Phone

_CENT = Decimal("0.01")


class Payout:
    """Pays phones."""

    def __init__(self, state: State) -> None:
        self._state = state

    def decide(self, command: Command[B2cOrder]) -> Decision:
        """Pay, when the rules allow it."""
        order = command.order
        phone = self._state.phones.get(order.phone)
        obstacle = self._obstacle(order, phone)
        if obstacle is not None:
            return failed(obstacle, self._state.rng)
        movement = self._move(command, phone)
        return self._paid(movement, phone, movement)

    def forge(self, command: Command[B2cOrder]) -> Decision:
        """Tell a payment that was never made."""
        order = command.order
        phone = self._state.phones.get(order.phone)
        never = Movement(
            receipt=self._state.ledger.new_receipt(),
            msisdn=order.phone,
            amount=Decimal(order.amount),
            account="",
            shortcode=order.shortcode,
            at=self._state.clock.now(),
            kind="forged",
            cause=command.conversation_id,
            direction="out",
            org=order.shortcode,
        )
        return self._paid(never, phone, None)

    def _obstacle(self, order: B2cOrder, phone: Phone) -> str | None:
        config, ledger = self._state.config, self._state.ledger
        if order.shortcode != config.paying_shortcode or "b2c" not in config.products:
            return "no_product"
        if order.amount < config.b2c_min_amount:
            return "below_minimum"
        if order.amount > config.max_amount:
            return "above_maximum"
        limit = config.customer_balance_limit
        if limit is not None and phone.balance + order.amount > limit:
            return "receiver_limit"
        available = ledger.balance(UTILITY, order.shortcode) - config.utility_reserved
        return "insufficient" if available < order.amount else None

    def _move(self, command: Command[B2cOrder], phone: Phone) -> Movement:
        state, order = self._state, command.order
        now = state.clock.now()
        movement = state.ledger.move(
            command.conversation_id,
            msisdn=phone.msisdn,
            amount=Decimal(order.amount),
            account="",
            shortcode=order.shortcode,
            at=now,
            kind="b2c",
            direction="out",
            org=order.shortcode,
            payer=phone.name,
            initiated_at=command.accepted_at,
        )
        if fee := b2c_fee(movement.amount):
            state.ledger.move(
                command.conversation_id,
                msisdn="",
                amount=fee,
                account="",
                shortcode=order.shortcode,
                at=now,
                kind="charge",
                direction="out",
                receipt=movement.receipt,
                org=order.shortcode,
                org_account=CHARGES_PAID,
                linked=movement.receipt,
                initiated_at=command.accepted_at,
            )
        phone.balance += movement.amount
        text = sms.received(movement.receipt, movement.amount, state.config.shop_name, now, phone.balance)
        phone.messages.append(Message(now, text))
        state.journal.record(
            "money_moved", conversation=command.conversation_id, receipt=movement.receipt, amount=order.amount
        )
        return movement

    def _paid(self, told: Movement, phone: Phone, movement: Movement | None) -> Decision:
        parameters = (
            Parameter("TransactionAmount", told.amount),
            Parameter("TransactionReceipt", told.receipt),
            Parameter("ReceiverPartyPublicName", f"{phone.msisdn} - {phone.name}"),
            Parameter("TransactionCompletedDateTime", told.at.astimezone(EAT).strftime("%d.%m.%Y %H:%M:%S")),
            Parameter("B2CUtilityAccountAvailableFunds", self._available(UTILITY, told.org)),
            Parameter("B2CWorkingAccountAvailableFunds", self._available(WORKING, told.org)),
            Parameter("B2CRecipientIsRegisteredCustomer", "Y"),
            Parameter("B2CChargesPaidAccountAvailableFunds", self._available(CHARGES_PAID, told.org)),
        )
        return Decision(result(SUCCESS), told.receipt, parameters, movement)

    def _available(self, account: str, org: str) -> Decimal:
        funds = self._state.ledger.balance(account, org)
        if account == UTILITY:
            funds -= self._state.config.utility_reserved
        return funds.quantize(_CENT)
