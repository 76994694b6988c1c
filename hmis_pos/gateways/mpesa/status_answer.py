"""What Transaction Status says of the transaction asked about.

The ResultCode tells how the *question* fared; the outcome is the parameter TransactionStatus. It is money of ours only where
the credit party is a shortcode of ours.
"""

from __future__ import annotations

from datetime import datetime

from hmis_pos.cashier.ports_mobile_money import StatusOutcome, StatusReading
from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.gateways.mpesa import command_codes, wire
from hmis_pos.gateways.mpesa.c2b import PROVIDER
from hmis_pos.gateways.mpesa.envelope import Envelope, Parameters
from hmis_pos.gateways.mpesa.results import SUCCESS

#: How a phone or a shortcode begins, masked or not.
_NUMBER = frozenset("0123456789+*")
#: Words of a reason or a fee that no payment to us has.
_OUTGOING = ("b2c", "to customer", "reversal")
#: How the reason of a customer's payment begins (Daraja section 10, "Reason Type").
_INCOMING = ("pay utility", "pay bill", "standing order pay bill")


def read(envelope: Envelope, heard_at: datetime, shortcodes: frozenset[str]) -> StatusReading:
    """Read a status answer.

    Args:
        envelope: of the result.
        heard_at: when it came.
        shortcodes: under which money is ours.

    Raises:
        ValueError: it names an amount that cannot be read, or two.
    """
    if envelope.code != SUCCESS:
        unknown = envelope.code in command_codes.STATUS_NOT_FOUND
        return StatusReading(
            outcome=StatusOutcome.NOT_FOUND if unknown else StatusOutcome.NO_ANSWER,
            receipt_no="",
            code=envelope.code,
            text=envelope.text,
        )
    told = envelope.parameters
    status = wire.text_of(told.one("TransactionStatus"))
    word = "".join(filter(str.isalpha, status.casefold()))
    outcome = command_codes.STATUS_WORDS.get(word, StatusOutcome.UNDECIDED if word else StatusOutcome.NO_ANSWER)
    receipt = normal_receipt(wire.identifier(told.one("ReceiptNo"), "ReceiptNo", wire.MAX_RECEIPT))
    payer, receiver = _parties(told, shortcodes)
    to_us = _shortcode(receiver) in shortcodes
    money = None
    if outcome is StatusOutcome.COMPLETED and to_us and receipt and told.one("Amount") is not None:
        money = _money(told, receipt, payer, receiver, heard_at)
    return StatusReading(
        outcome=outcome,
        receipt_no=receipt,
        code=envelope.code,
        text=status or envelope.text,
        money=money,
        to_us=to_us,
        is_reversed=word == "reversed",
        originator=wire.identifier(told.one("OriginatorConversationID"), "OriginatorConversationID"),
    )


def _money(told: Parameters, receipt: str, payer: str, receiver: str, heard_at: datetime) -> ProviderMoney:
    phone, _, name = payer.partition(" - ")
    if phone[:1] not in _NUMBER:  # a business: a name alone
        phone, name = "", payer
    return ProviderMoney(
        provider=PROVIDER,
        source=Source.STATUS,
        receipt_no=receipt,
        amount=wire.from_wire(told.one("Amount")),
        observed_at=heard_at,
        payer_name=name.strip(),
        payer_phone=phone.strip(),
        shortcode=_shortcode(receiver),
        kind=told.text("ReasonType"),
        paid_at=told.time("FinalisedTime", "InitiatedTime"),
    )


def _parties(told: Parameters, shortcodes: frozenset[str]) -> tuple[str, str]:
    """(who paid, who got it), each "number - name".

    Safaricom's own sample prints DebitPartyName twice. Then words tell: those that only money leaving us has, so that a refund
    never counts as a payment; those of a customer's payment, which is ours where one of the two is. Else the second got it.
    """
    debit = [wire.text_of(value) for value in told.every("DebitPartyName")]
    credit = wire.text_of(told.one("CreditPartyName"))
    if credit or len(debit) < 2:  # noqa: PLR2004 - a pair
        return debit[0] if debit else "", credit
    first, second = debit[:2]
    reason = told.text("ReasonType").casefold()
    if any(word in f"{reason} {told.text('DebitPartyCharges').casefold()}" for word in _OUTGOING):
        return first, ""
    if reason.startswith(_INCOMING) and _shortcode(first) in shortcodes:
        return second, first
    return first, second


def _shortcode(party: str) -> str:
    return party.partition(" - ")[0].strip()
