"""What Safaricom refuses at once: the fields of the four commands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from hmis_pos.simulators.daraja.commands.script import Kind
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.errors import invalid
from hmis_pos.simulators.daraja.validation import MSISDN, SHORTCODE, callback_url, matching, text

B2C_COMMANDS = ("BusinessPayment", "SalaryPayment", "PromotionPayment")
REVERSAL_IDENTIFIER = "11"
IDENTIFIERS = ("1", "2", "4")
REMARKS_LENGTH = 100
CLIENT_IDS_SINCE = 3

_WHOLE = re.compile(r"[0-9]{1,9}")
_IDENTIFIER = re.compile(r"[0-9A-Za-z_-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends a command, which, and where the answers go."""

    initiator: str
    credential: str
    command_id: str
    result_url: str
    timeout_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What every command carries. `shortcode` is the organisation's, whatever the field is called."""

    kind: ClassVar[Kind]
    caller: Caller
    shortcode: str

    @property
    def subject(self) -> str:
        """What scripts are kept by: a phone, a receipt or a shortcode."""
        return self.shortcode


@dataclass(frozen=True, slots=True, kw_only=True)
class B2cOrder(Order):
    """Money to a phone. `amount` is whole KES; `originator_id` is None on the v1 path."""

    kind: ClassVar[Kind] = "b2c"
    amount: int
    phone: str
    originator_id: str | None

    @property
    def subject(self) -> str:
        return self.phone


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalOrder(Order):
    """Money back to who paid `receipt`. `amount` is whole KES."""

    kind: ClassVar[Kind] = "reversal"
    receipt: str
    amount: int

    @property
    def subject(self) -> str:
        return self.receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOrder(Order):
    """What became of a receipt, or, without one, of a request with this OriginatorConversationID."""

    kind: ClassVar[Kind] = "status"
    receipt: str
    originator_id: str

    @property
    def subject(self) -> str:
        return self.receipt or self.originator_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceOrder(Order):
    """What is in the accounts of the organisation."""

    kind: ClassVar[Kind] = "balance"


def read_b2c(body: Mapping[str, Any], config: DarajaConfig, *, version: int) -> B2cOrder:
    """Check a payout field by field.

    Raises:
        Refused: 400.002.02 naming the first bad field.
    """
    return B2cOrder(
        originator_id=None if version < CLIENT_IDS_SINCE else matching(body, "OriginatorConversationID", _IDENTIFIER),
        caller=_caller(body, config, B2C_COMMANDS, initiator="InitiatorName", occasion="Occassion", remarks=2),
        amount=_b2c_amount(body, config),
        shortcode=matching(body, "PartyA", SHORTCODE),
        phone=matching(body, "PartyB", MSISDN),
    )


def read_reversal(body: Mapping[str, Any], config: DarajaConfig) -> ReversalOrder:
    """Check a reversal field by field; the misspelt RecieverIdentifierType is the real one.

    Raises:
        Refused: 400.002.02 naming the first bad field.
    """
    _one_of(body, "RecieverIdentifierType", (REVERSAL_IDENTIFIER,))
    return ReversalOrder(
        caller=_caller(body, config, ("TransactionReversal",), remarks=2),
        receipt=matching(body, "TransactionID", _IDENTIFIER).upper(),
        amount=_amount(body),
        shortcode=matching(body, "ReceiverParty", SHORTCODE),
    )


def read_status(body: Mapping[str, Any], config: DarajaConfig) -> StatusOrder:
    """Check a status query field by field. With a TransactionID the OriginalConversationID is not looked at.

    Raises:
        Refused: 400.002.02 naming the first bad field.
    """
    _one_of(body, "IdentifierType", IDENTIFIERS)
    by_conversation = not body.get("TransactionID") and bool(body.get("OriginalConversationID"))
    return StatusOrder(
        caller=_caller(body, config, ("TransactionStatusQuery",)),
        receipt="" if by_conversation else matching(body, "TransactionID", _IDENTIFIER).upper(),
        originator_id=matching(body, "OriginalConversationID", _IDENTIFIER) if by_conversation else "",
        shortcode=matching(body, "PartyA", SHORTCODE),
    )


def read_balance(body: Mapping[str, Any], config: DarajaConfig) -> BalanceOrder:
    """Check a balance query field by field.

    Raises:
        Refused: 400.002.02 naming the first bad field.
    """
    _one_of(body, "IdentifierType", IDENTIFIERS)
    return BalanceOrder(
        caller=_caller(body, config, ("AccountBalance",)),
        shortcode=matching(body, "PartyA", SHORTCODE),
    )


def _caller(
    body: Mapping[str, Any],
    config: DarajaConfig,
    command_ids: tuple[str, ...],
    *,
    initiator: str = "Initiator",
    occasion: str = "Occasion",
    remarks: int = 0,
) -> Caller:
    """Read what all commands share.

    Args:
        body: of the request.
        config: the settings in force.
        command_ids: those that this path takes.
        initiator: what the field is called here.
        occasion: how the field is spelt here.
        remarks: how many characters Remarks must have.
    """
    for field, least in (("Remarks", remarks), (occasion, 0)):
        value = body.get(field, "")
        if not isinstance(value, str) or not least <= len(value) <= REMARKS_LENGTH:
            raise invalid(field)
    return Caller(
        initiator=text(body, initiator),
        credential=text(body, "SecurityCredential"),
        command_id=_one_of(body, "CommandID", command_ids),
        result_url=callback_url(body, config, "ResultURL"),
        timeout_url=callback_url(body, config, "QueueTimeOutURL"),
    )


def _one_of(body: Mapping[str, Any], field: str, allowed: tuple[str, ...]) -> str:
    value = text(body, field)
    if value not in allowed:
        raise invalid(field)
    return value


def _amount(body: Mapping[str, Any]) -> int:
    amount = int(matching(body, "Amount", _WHOLE))
    if amount < 1:
        raise invalid("Amount")
    return amount


def _b2c_amount(body: Mapping[str, Any], config: DarajaConfig) -> int:
    amount = _amount(body)
    if config.b2c_limits == "refuse" and not config.b2c_min_amount <= amount <= config.max_amount:
        raise invalid("Amount")
    return amount
