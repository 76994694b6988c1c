"""What Daraja's codes mean, as data: the result of a push, and the errors at the door.

Only machine codes; the screen has its own words for them. A code that is not in these tables is never guessed: a result
becomes UNCLEAR, an error at the door leaves the outcome unknown.

A callback and a query use the same result codes. They differ in two: ``0`` is PAID by a callback (it brings receipt and
amount) and ASSURED by a query (it brings neither), ``4999`` exists only in queries. The phone-was-off family (1037, 1019,
1031 and the failures to send a prompt) is UNREACHED: a callback that says so may be followed by a success, so it needs a query to
agree; a query that says so counts after the grace period.

Advice is for an attempt that ended in a final no. While it is open nobody asks again, whatever stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hmis_pos.cashier.ports import RetryAdvice
from hmis_pos.cashier.records import Advice
from hmis_pos.domain.evidence import EvidenceKind

SUCCESS = "0"

_NOW = RetryAdvice(advice=Advice.NOW)
_FIX = RetryAdvice(advice=Advice.FIX)
_SETTINGS = RetryAdvice(advice=Advice.FIX, about_settings=True)
_NO = RetryAdvice(advice=Advice.NO)


def _wait(seconds: int) -> RetryAdvice:
    return RetryAdvice(advice=Advice.WAIT, wait=timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result code. ``meaning`` is a stable name for logs and tests."""

    code: str
    meaning: str
    kind: EvidenceKind
    advice: RetryAdvice


_K = EvidenceKind
#: Daraja section 2, "STK result codes", row by row.
STK_RESULTS: Mapping[str, Outcome] = {
    outcome.code: outcome
    for outcome in (
        Outcome(SUCCESS, "paid", _K.PAID, _NO),
        Outcome("1", "balance-insufficient", _K.DECLINED, _NOW),
        Outcome("2", "below-minimum", _K.DECLINED, _FIX),
        Outcome("3", "above-maximum", _K.DECLINED, _FIX),
        Outcome("4", "daily-limit", _K.DECLINED, _FIX),
        Outcome("8", "receiver-balance-limit", _K.DECLINED, _FIX),
        # Official: same amount and customer within 2 minutes. Others read it otherwise; a wait of 2 minutes suits all.
        Outcome("17", "rule-limited", _K.DECLINED, _wait(120)),
        # "With back-off, after query": the system was busy, whether before or after it asked nobody says.
        Outcome("26", "system-busy", _K.UNREACHED, _wait(60)),
        # "After 1 to 3 minutes": another session is open on this phone.
        Outcome("1001", "subscriber-locked", _K.DECLINED, _wait(120)),
        Outcome("1019", "expired", _K.UNREACHED, _NOW),
        Outcome("1025", "push-not-sent", _K.UNREACHED, _NOW),
        Outcome("9999", "push-not-sent", _K.UNREACHED, _NOW),
        Outcome("1031", "stk-timeout", _K.UNREACHED, _NOW),
        Outcome("1032", "cancelled-by-customer", _K.DECLINED, _NOW),
        Outcome("1037", "no-response", _K.UNREACHED, _NOW),
        Outcome("2001", "wrong-pin", _K.DECLINED, _NOW),
        Outcome("2028", "not-permitted", _K.DECLINED, _SETTINGS),
        Outcome("2029", "till-or-paybill", _K.DECLINED, _SETTINGS),
        Outcome("4999", "processing", _K.PROCESSING, _NO),
        Outcome("8006", "pin-locked", _K.DECLINED, _FIX),
        Outcome("SFC_IC0003", "operator-unknown", _K.DECLINED, _SETTINGS),
    )
}


def of_callback(code: str) -> EvidenceKind:
    """What a callback's result code says; ``PAID`` still needs its receipt and amount."""
    if code == "4999":  # queries only: a late copy must not take back a no
        return EvidenceKind.UNCLEAR
    outcome = STK_RESULTS.get(code)
    return outcome.kind if outcome else EvidenceKind.UNCLEAR


def of_query(code: str) -> EvidenceKind:
    """What a query's result code says."""
    if code == SUCCESS:
        return EvidenceKind.ASSURED
    outcome = STK_RESULTS.get(code)
    return outcome.kind if outcome else EvidenceKind.UNCLEAR


# ---------------------------------------------------------------- errors at the door


class Standing(StrEnum):
    """Where an error answer leaves a push."""

    REFUSED = "refused"  #: refused before M-Pesa took it: the payer was not asked, no money moves
    TOKEN = "token"  # noqa: S105 - refused for its token; one new token, one repeat
    UNKNOWN = "unknown"  #: it may have been taken


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorError:
    """An error answer. ``phrase`` (lower case) must stand in its message where one code has several meanings.

    ``key`` is the code we keep: Daraja's own, with ``:word`` behind it where the message decides.
    """

    error_code: str
    key: str
    meaning: str
    standing: Standing
    advice: RetryAdvice
    why: str
    phrase: str = ""


_R, _T, _U = Standing.REFUSED, Standing.TOKEN, Standing.UNKNOWN
_FIELD = "a field failed the check at the API, before anything was handed to M-Pesa"
_DOOR = "the API found no such operation, so none was run"
_GATE = "the gateway's policy runs before the request is passed on"
_CORE = "it can come from behind the door, after the request was handed on"
_TOKEN = "the token is checked before the request is read; refused again with a new one, a setting is wrong"  # noqa: S105


def door(
    error_code: str,
    meaning: str,
    standing: Standing,
    advice: RetryAdvice,
    why: str,
    *,
    phrase: str = "",
    word: str = "",
) -> DoorError:
    """A row; ``word`` goes behind the code to make its key."""
    key = f"{error_code}:{word}" if word else error_code
    return DoorError(
        error_code=error_code, key=key, meaning=meaning, standing=standing, advice=advice, why=why, phrase=phrase
    )


_CHECKOUT_UNKNOWN = "400.002.02:CheckoutRequestID"
_IN_PROCESS = "500.001.1001:processing"
_NO_PRODUCT = "no-apiproduct"
_SPIKE = "spike-arrest"

#: Daraja section 0 and the messages of section 2, in order: rows with a phrase stand before the row of the bare code.
DOOR_ERRORS: tuple[DoorError, ...] = (
    door("400.002.02", "phone-invalid", _R, _FIX, _FIELD, phrase="phonenumber", word="PhoneNumber"),
    door("400.002.02", "phone-invalid", _R, _FIX, _FIELD, phrase="partya", word="PartyA"),
    door("400.002.02", "amount-invalid", _R, _FIX, _FIELD, phrase="amount", word="Amount"),
    door("400.002.02", "query-too-early", _U, _NO, _CORE, phrase="checkoutrequestid", word="CheckoutRequestID"),
    door("400.002.02", "field-invalid", _R, _SETTINGS, _FIELD),
    door("400.002.05", "payload-malformed", _R, _SETTINGS, "the payload could not be read, so nothing in it was done"),
    door("400.003.01", "token-invalid", _T, _SETTINGS, _TOKEN),
    door("400.003.02", "bad-request", _R, _SETTINGS, _FIELD),
    door("401.002.01", "token-invalid", _T, _SETTINGS, _TOKEN),
    door("401.001", "token-invalid", _T, _SETTINGS, _TOKEN),
    door("404.001.03", "token-invalid", _T, _SETTINGS, _TOKEN),
    door(
        _NO_PRODUCT, "product-not-enabled", _R, _SETTINGS, "the app has no right to this operation, so it was not run"
    ),
    door("404.001.01", "wrong-path", _R, _SETTINGS, _DOOR),
    door("404.002.01", "wrong-path", _R, _SETTINGS, _DOOR),
    door("404.003.01", "wrong-path", _R, _SETTINGS, _DOOR),
    door("404.001.04", "header-or-method", _R, _SETTINGS, _DOOR),
    door("405.001", "wrong-method", _R, _SETTINGS, _DOOR),
    door(_SPIKE, "too-fast", _R, _wait(60), _GATE),
    door(
        "500.001.1001",
        "merchant-unknown",
        _R,
        _SETTINGS,
        "there is no merchant to collect for",
        phrase="merchant does not exist",
        word="merchant",
    ),
    door(
        "500.001.1001",
        "credentials-wrong",
        _R,
        _SETTINGS,
        "the password is checked before the payer is asked",
        phrase="wrong credentials",
        word="credentials",
    ),
    door(
        "500.001.1001",
        "subscriber-locked",
        _R,
        _wait(60),
        "this request did not get the lock that a prompt needs; another one holds it",
        phrase="unable to lock subscriber",
        word="locked",
    ),
    door(
        "500.001.1001",
        "processing",
        _U,
        _NO,
        "something of ours is being processed",
        phrase="transaction is being processed",
        word="processing",
    ),
    door("500.001.1001", "generic-error", _U, _NO, _CORE),
    door("500.002.1001", "duplicate-or-maintenance", _U, _NO, "a duplicate means that the first one may have run"),
    door("500.003.02", "too-fast", _R, _wait(60), _GATE, phrase="spike arrest", word="spike"),
    door("500.003.02", "system-busy", _U, _NO, _CORE),
    door("500.003.03", "quota", _R, _wait(300), _GATE),
    door("500.003.1001", "internal-error", _U, _NO, _CORE),
)

#: A query that is answered so was asked too early, or the push is still under way.
STILL_PROCESSING = frozenset({_CHECKOUT_UNKNOWN, _IN_PROCESS})

_TOO_MANY = 429
_FIRST_ERROR = 400


def of_error(status: int, error_code: str, message: str, rows: Sequence[DoorError] = DOOR_ERRORS) -> DoorError | None:
    """The row of an error answer; None where nothing documented fits (then nobody knows).

    Args:
        status: HTTP.
        error_code: ``errorCode``, or the ``errorcode`` of an Apigee fault, or empty.
        message: ``errorMessage`` or ``faultstring``.
        rows: to look in, the first that fits.
    """
    if status < _FIRST_ERROR:  # a 200 that carries an error is nothing the reference knows
        return None
    words = _squeezed(message)
    if status == _TOO_MANY or error_code.endswith("SpikeArrestViolation"):
        # 429 says by definition (RFC 6585) that the request was not processed; Apigee gives it with a fault.
        error_code = _SPIKE
    elif "noapiproductmatchfound" in words:
        error_code = _NO_PRODUCT
    for row in rows:
        if row.error_code == error_code and _squeezed(row.phrase) in words:
            return row
    return None


def _squeezed(text: str) -> str:
    """Letters and digits only, lower case: "Invalid Phone_Number" matches "phonenumber"."""
    return "".join(filter(str.isalnum, text.casefold()))


# ---------------------------------------------------------------- advice

#: Codes of our own: the errors this gateway raises, and what an unproven sender's no is kept as.
UNPROVEN = "unproven"
OWN_CODES: Mapping[str, RetryAdvice] = {
    "mpesa-unreachable": _NOW,  # no connection: nothing was asked
    "mpesa-token": _NOW,  # no token to be had just now: nothing was asked
    "mpesa-credentials": _SETTINGS,  # consumer key or secret refused: nothing was asked
    "mpesa-order": _SETTINGS,  # the order cannot be said to Daraja: nothing was asked
    "mpesa-no-answer": _NO,
    "mpesa-unreadable": _NO,
    "mpesa-busy": _NO,
    "mpesa-configuration": _NO,
    "mpesa-no-reference": _NO,
    UNPROVEN: _NO,
}

_ADVICE: Mapping[str, RetryAdvice] = {
    **OWN_CODES,
    **{row.key: row.advice for row in DOOR_ERRORS},
    **{outcome.code: outcome.advice for outcome in STK_RESULTS.values()},
}


def advise(code: str) -> RetryAdvice:
    """May the payer be asked again after this code? NO for everything we do not know."""
    return _ADVICE.get(code.strip(), _NO)
