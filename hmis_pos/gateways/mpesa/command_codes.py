"""What Daraja's codes mean for commands that an operator of ours sends: payout, reversal, status, balance. As data.

The result codes are not those of a push: there 2001 is the customer's PIN, here it is our own password, and every further
command with it brings the operator nearer to being locked. A code that is not in these tables is never guessed: a result is
UNCLEAR, an error at the door leaves the outcome unknown, a status question counts as not answered.

Advice is for a refund that ended in a final no. What is UNCLEAR is looked up first and never sent again blindly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hmis_pos.cashier.ports import RetryAdvice
from hmis_pos.cashier.ports_mobile_money import StatusOutcome
from hmis_pos.cashier.records import Advice
from hmis_pos.cashier.records_back_office import RequestKind
from hmis_pos.domain.evidence import EvidenceKind
from hmis_pos.gateways.mpesa import results
from hmis_pos.gateways.mpesa.results import SUCCESS, DoorError, Standing, door

#: Codes after which every further command burns a login (Daraja section 5): our operator's name, password or certificate is
#: wrong, or it is locked already.
HALTING = frozenset({"18", "20", "2001", "8006"})
#: "Already reversed".
REVERSED_BEFORE = "R000001"
#: What a time-out of Safaricom's queue is kept as; its own body is not documented.
QUEUE_TIMEOUT = "queue-timeout"

_FIX = RetryAdvice(advice=Advice.FIX)
_SETTINGS = RetryAdvice(advice=Advice.FIX, about_settings=True)
_NO = RetryAdvice(advice=Advice.NO)


@dataclass(frozen=True, slots=True)
class CommandOutcome:
    """A result code of a payout or a reversal. ``meaning`` is a stable name, ``cure`` what people do about it."""

    code: str
    meaning: str
    kind: EvidenceKind
    advice: RetryAdvice
    cure: str = ""


_K = EvidenceKind
_PASSWORD = "Compare MPESA_INITIATOR, its password and the certificate with the portal before anything is sent again."  # noqa: S105
_UNLOCK = "A business administrator unlocks the operator on the M-PESA organisation portal."
_ACTIVE = "Ask Safaricom why the account is not active."
_LOOK_UP = "Look up what became of it; do not send it again."


def _table(*rows: CommandOutcome) -> Mapping[str, CommandOutcome]:
    return {row.code: row for row in rows}


#: Daraja section 5, row by row.
PAYOUT_RESULTS = _table(
    CommandOutcome(SUCCESS, "paid", _K.PAID, _NO),
    CommandOutcome("1", "utility-balance-low", _K.DECLINED, _FIX, "Move money to the utility account, then ask again."),
    CommandOutcome("2", "below-minimum", _K.DECLINED, _FIX, "Give it back in cash."),
    CommandOutcome("3", "above-maximum", _K.DECLINED, _FIX, "Give it back in smaller amounts."),
    CommandOutcome("4", "daily-limit", _K.DECLINED, _FIX, "Ask again tomorrow."),
    CommandOutcome("8", "receiver-balance-limit", _K.DECLINED, _FIX, "Give back less, to another phone, or in cash."),
    CommandOutcome("11", "account-inactive", _K.DECLINED, _FIX, _ACTIVE),
    CommandOutcome("2006", "account-inactive", _K.DECLINED, _FIX, _ACTIVE),
    CommandOutcome("15", "duplicate", _K.UNCLEAR, _NO, _LOOK_UP),
    CommandOutcome("17", "internal-failure", _K.UNCLEAR, _NO, _LOOK_UP),
    CommandOutcome("26", "system-busy", _K.UNCLEAR, _NO, _LOOK_UP),
    CommandOutcome("18", "initiator-refused", _K.DECLINED, _FIX, _PASSWORD),
    CommandOutcome("20", "initiator-refused", _K.DECLINED, _FIX, _PASSWORD),
    CommandOutcome("2001", "initiator-refused", _K.DECLINED, _FIX, _PASSWORD),
    CommandOutcome("8006", "initiator-locked", _K.DECLINED, _FIX, _UNLOCK),
    CommandOutcome("21", "role-missing", _K.DECLINED, _SETTINGS, 'Give the operator the role "ORG B2C API Initiator".'),
    CommandOutcome("24", "parameter-missing", _K.DECLINED, _SETTINGS, "Check the settings of payouts."),
    CommandOutcome("25", "parameter-invalid", _K.DECLINED, _SETTINGS, "Check the settings of payouts."),
    CommandOutcome("2028", "product-missing", _K.DECLINED, _SETTINGS, "Ask Safaricom to enable B2C for the shortcode."),
    CommandOutcome("2040", "not-registered", _K.DECLINED, _FIX, "Ask for a phone that has M-Pesa."),
    CommandOutcome("SFC_IC0003", "not-registered", _K.DECLINED, _FIX, "Ask for a phone that has M-Pesa."),
    CommandOutcome(
        "TP40153", "permission-missing", _K.DECLINED, _SETTINGS, "Ask Safaricom for the operator's permission."
    ),
)

#: Daraja section 6. "Already reversed" on a repeat means that the first one worked.
REVERSAL_RESULTS = _table(
    CommandOutcome(SUCCESS, "reversed", _K.PAID, _NO),
    CommandOutcome(REVERSED_BEFORE, "already-reversed", _K.ASSURED, _NO),
    CommandOutcome("R000002", "original-invalid", _K.DECLINED, _FIX, "Compare the receipt number, or pay out instead."),
    CommandOutcome("1", "balance-low", _K.DECLINED, _FIX, "The money was settled or spent: pay out instead."),
    CommandOutcome("11", "account-inactive", _K.DECLINED, _FIX, _ACTIVE),
    CommandOutcome("2006", "account-inactive", _K.DECLINED, _FIX, _ACTIVE),
    CommandOutcome(
        "21", "role-missing", _K.DECLINED, _SETTINGS, 'Give the operator the role "Org Reversals Initiator".'
    ),
    CommandOutcome("2001", "initiator-refused", _K.DECLINED, _FIX, _PASSWORD),
    CommandOutcome("8006", "initiator-locked", _K.DECLINED, _FIX, _UNLOCK),
    CommandOutcome(
        "2028", "product-missing", _K.DECLINED, _SETTINGS, "Ask Safaricom to enable reversals for the shortcode."
    ),
)

_RESULTS: Mapping[RequestKind, Mapping[str, CommandOutcome]] = {
    RequestKind.PAYOUT: PAYOUT_RESULTS,
    RequestKind.REVERSAL: REVERSAL_RESULTS,
}


def of_result(kind: RequestKind, code: str) -> CommandOutcome:
    """What a result code of a payout or a reversal says; UNCLEAR where nobody documented it."""
    row = _RESULTS.get(kind, {}).get(code)
    return row or CommandOutcome(code, "undocumented", _K.UNCLEAR, _NO, _LOOK_UP)


#: ResultCodes of a status question that say "no such transaction". The reference names none for it; these two blame the
#: receipt or the id, and that is the only field that differs from one question to the next.
STATUS_NOT_FOUND = frozenset({"25", "R000002"})

#: TransactionStatus, letters only and lower case. What is not here is not final.
STATUS_WORDS: Mapping[str, StatusOutcome] = {
    "completed": StatusOutcome.COMPLETED,
    "cancelled": StatusOutcome.NOT_COMPLETED,
    "canceled": StatusOutcome.NOT_COMPLETED,
    "declined": StatusOutcome.NOT_COMPLETED,
    "expired": StatusOutcome.NOT_COMPLETED,
    # Nobody saw this word: a payment taken back stays Completed, and the reversal has a receipt of its own.
    "reversed": StatusOutcome.NOT_COMPLETED,
    "initiated": StatusOutcome.UNDECIDED,
    "authorized": StatusOutcome.UNDECIDED,
    "authorised": StatusOutcome.UNDECIDED,
}

# ---------------------------------------------------------------- errors at the door

DUPLICATE = "500.002.1001:duplicate"
_REFUSED, _UNKNOWN = Standing.REFUSED, Standing.UNKNOWN
_FIELD = "a field failed the check at the API, before anything was handed to M-Pesa"
#: Rows of a push that read otherwise here: its phrases are about phones and passkeys.
_OTHERWISE = frozenset({"400.002.02", "500.001.1001", "500.002.1001"})

#: Daraja section 0, for everything but a push and its query; rows with a phrase stand before the row of the bare code.
DOOR_ERRORS: tuple[DoorError, ...] = (
    door("400.002.02", "phone-invalid", _REFUSED, _FIX, _FIELD, phrase="partyb", word="PartyB"),
    door("400.002.02", "amount-invalid", _REFUSED, _FIX, _FIELD, phrase="amount", word="Amount"),
    door("400.002.02", "initiator-invalid", _REFUSED, _SETTINGS, _FIELD, phrase="initiator", word="Initiator"),
    door(
        "400.002.02", "credential-invalid", _REFUSED, _SETTINGS, _FIELD, phrase="securitycredential", word="Credential"
    ),
    door("400.002.02", "field-invalid", _REFUSED, _SETTINGS, _FIELD),
    door("400.001", "shortcode-invalid", _REFUSED, _FIX, "the shortcode has no pull"),
    door("500.001.1001", "generic-error", _UNKNOWN, _NO, "its messages are documented for a push only"),
    door(
        "500.002.1001", "duplicate", _UNKNOWN, _NO, "the first one may have run", phrase="duplicate", word="duplicate"
    ),
    door("500.002.1001", "maintenance", _UNKNOWN, _NO, "it can come from behind the door"),
    *(row for row in results.DOOR_ERRORS if row.error_code not in _OTHERWISE),
)


def of_error(status: int, error_code: str, message: str) -> DoorError | None:
    """The row of an error answer to a command; None where nothing documented fits. Arguments as ``results.of_error``."""
    return results.of_error(status, error_code, message, DOOR_ERRORS)


_DOOR_ADVICE = {row.key: row.advice for row in DOOR_ERRORS}


def advise(kind: RequestKind, code: str) -> RetryAdvice:
    """May the money be sent again after this code ended a refund? NO for everything we do not know."""
    row = _RESULTS.get(kind, {}).get(code)
    return row.advice if row is not None else _DOOR_ADVICE.get(code, results.OWN_CODES.get(code, _NO))
