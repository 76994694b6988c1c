"""Result codes of initiator commands, as the reference's tables list them, and the words tests call them by."""

import re

from hmis_pos.simulators.daraja.results import SUCCESS, Result

DESCRIPTIONS = {
    "0": "The service request is processed successfully.",
    "1": "The balance is insufficient for the transaction.",
    "2": "The amount is less than the minimum transaction value.",
    "3": "The amount is more than the maximum transaction value.",
    "4": "The amount would exceed the daily transfer limit.",
    "8": "The amount would exceed the maximum balance of the receiver.",
    "11": "The debit party is in an invalid state.",
    "15": "Duplicate detected.",
    "17": "An internal failure occurred.",
    "18": "The initiator credential check failed.",
    "20": "The initiator could not be resolved.",
    "21": "The initiator is not allowed to initiate this request.",
    "24": "A mandatory parameter is missing.",
    "25": "A parameter is missing or invalid.",
    "26": "System busy. Traffic blocking condition in place.",
    "1019": "Transaction has expired.",
    "1032": "Request cancelled.",
    "2001": "The initiator information is invalid.",
    "2006": "The account is not active.",
    "2028": "The request is not permitted according to product assignment.",
    "2040": "The receiver is not a registered customer.",
    "8006": "The security credential is locked.",
    "R000001": "The transaction has already been reversed.",
    "R000002": "The original transaction ID is invalid.",
    "SFC_IC0003": "The operator does not exist.",
    "TP40153": "The operator does not have the permission.",
}

NAMES = {
    "pay": SUCCESS,
    "insufficient": "1",
    "below_minimum": "2",
    "above_maximum": "3",
    "daily_limit": "4",
    "receiver_limit": "8",
    "debit_party_inactive": "11",
    "duplicate": "15",
    "internal": "17",
    "credential_failed": "18",
    "no_initiator": "20",
    "no_role": "21",
    "missing_parameter": "24",
    "bad_parameter": "25",
    "busy": "26",
    "expire": "1019",
    "cancel": "1032",
    "bad_credential": "2001",
    "account_inactive": "2006",
    "no_product": "2028",
    "not_registered": "2040",
    "locked": "8006",
    "already_reversed": "R000001",
    "bad_original": "R000002",
    "no_mpesa": "SFC_IC0003",
    "no_permission": "TP40153",
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
