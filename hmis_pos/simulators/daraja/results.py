"""Result codes of an STK push, as the reference's table lists them, and the words tests call them by."""

import re
from dataclasses import dataclass

SUCCESS = "0"


@dataclass(frozen=True, slots=True)
class Result:
    """How a push ended: the code as text, and its description."""

    code: str
    description: str


DESCRIPTIONS = {
    "0": "The service request is processed successfully.",
    "1": "The balance is insufficient for the transaction.",
    "2": "The amount is less than the minimum transaction value.",
    "3": "The amount is more than the maximum transaction value.",
    "4": "The amount would exceed the daily transfer limit.",
    "8": "The amount would exceed the maximum balance of the receiver.",
    "17": "Rule limited.",
    "26": "System busy. Traffic blocking condition in place.",
    "1001": "Unable to lock subscriber, a transaction is already in process for the current subscriber",
    "1019": "Transaction has expired",
    "1025": "An error occurred while sending a push request",
    "1031": "STK request timed out",
    "1032": "Request cancelled by user",
    "1037": "DS timeout user cannot be reached",
    "2001": "The initiator information is invalid.",
    "2028": "The request is not permitted according to product assignment.",
    "2029": "The till cannot be used as a paybill, nor a paybill as a till.",
    "4999": "The transaction is still under processing",
    "8006": "The security credential is locked.",
    "9999": "An error occurred while sending a push request",
    "SFC_IC0003": "The operator does not exist.",
}

NAMES = {
    "pay": SUCCESS,
    "insufficient": "1",
    "below_minimum": "2",
    "above_maximum": "3",
    "daily_limit": "4",
    "receiver_limit": "8",
    "repeated": "17",
    "busy": "26",
    "subscriber_locked": "1001",
    "expire": "1019",
    "push_error": "1025",
    "push_failed": "9999",
    "timeout": "1031",
    "cancel": "1032",
    "ignore": "1037",
    "wrong_pin": "2001",
    "not_permitted": "2028",
    "till_mismatch": "2029",
    "processing": "4999",
    "pin_locked": "8006",
    "no_operator": "SFC_IC0003",
}

_CODE = re.compile(r"[A-Z0-9_]{1,20}")


def code_of(outcome: str) -> str:
    """Return the result code of an outcome's name; a code itself (digits, capitals) is returned as is.

    Raises:
        ValueError: neither a known name nor the shape of a code.
    """
    if outcome in NAMES:
        return NAMES[outcome]
    if _CODE.fullmatch(outcome):
        return outcome
    raise ValueError(f"unknown outcome {outcome!r}: use a result code or one of {', '.join(NAMES)}")


def result(outcome: str, description: str | None = None) -> Result:
    """Return code and description of an outcome; `description` replaces the usual words."""
    code = code_of(outcome)
    return Result(code, description or DESCRIPTIONS.get(code, f"Result {code}"))
