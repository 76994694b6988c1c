"""Problem codes in words a cashier can act on. The code decides; a code without words here falls back on what the error itself says.

For M-Pesa's own codes see ``mpesa_words``.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from hmis_pos.domain.errors import (
    CashierMistake,
    Conflict,
    Misconfigured,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    PosError,
    Unavailable,
)
from hmis_pos.terminal.presenters import mpesa_words
from hmis_pos.terminal.presenters.back_office_words import BACK_OFFICE_PROBLEMS
from hmis_pos.terminal.presenters.cures import cure_words
from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP
from hmis_pos.terminal.presenters.views import Words

_SIGN_IN_AGAIN = QT_TRANSLATE_NOOP("problem", "What you were doing stays as it is.")
_CALL_IT = QT_TRANSLATE_NOOP("problem", "Call IT. Nothing was taken.")
_CASH_GOES_ON = QT_TRANSLATE_NOOP("problem", "Cash goes on; receipts are sent by themselves later.")
_PHONE_FORM = QT_TRANSLATE_NOOP("problem", "Write it as 0712 345 678 or 0112 345 678.")

#: code -> (what is the matter, what to do; empty: the error's own cure, which names this computer's ways). Codes of ``cashier``, the relay, the local store and the terminal's services.
PROBLEMS: Mapping[str, tuple[str, str]] = {
    **BACK_OFFICE_PROBLEMS,
    # the invoice
    "invoice-paid": (
        QT_TRANSLATE_NOOP("problem", "This invoice is paid already"),
        QT_TRANSLATE_NOOP("problem", "Take no more money for it. Its payments are listed beside it."),
    ),
    "invoice-cancelled": (
        QT_TRANSLATE_NOOP("problem", "The hospital withdrew this invoice"),
        QT_TRANSLATE_NOOP("problem", "Take no money. Send the patient back to billing."),
    ),
    "above-payable": (
        QT_TRANSLATE_NOOP("problem", "That is more than is owed"),
        QT_TRANSLATE_NOOP(
            "problem", "The amount to pay may have changed a moment ago. Look at it and take that, or less."
        ),
    ),
    "served-elsewhere": (
        QT_TRANSLATE_NOOP("problem", "Another counter has this patient"),
        QT_TRANSLATE_NOOP("problem", "Serve another patient, or take this one over if the patient stands before you."),
    ),
    "invoice-unknown": (
        QT_TRANSLATE_NOOP("problem", "The hospital system has no such invoice any more"),
        QT_TRANSLATE_NOOP("problem", "The money is in your drawer: give the receipt to a supervisor."),
    ),
    "not-found": (
        QT_TRANSLATE_NOOP("problem", "It is not there any more"),
        QT_TRANSLATE_NOOP("problem", "Search for it again; it may have been paid, withdrawn or merged."),
    ),
    # the amount
    "amount-zero": (
        QT_TRANSLATE_NOOP("problem", "The amount is zero"),
        QT_TRANSLATE_NOOP("problem", "Type what the patient gives."),
    ),
    "amount-fraction": (
        QT_TRANSLATE_NOOP("problem", "M-Pesa moves whole shillings only"),
        QT_TRANSLATE_NOOP("problem", "Ask for whole shillings; the cents stay due."),
    ),
    "amount-low": (
        QT_TRANSLATE_NOOP("problem", "The amount is too small for M-Pesa"),
        QT_TRANSLATE_NOOP("problem", "Take it in cash."),
    ),
    "amount-high": (
        QT_TRANSLATE_NOOP("problem", "The amount is too big for one M-Pesa payment"),
        QT_TRANSLATE_NOOP("problem", "Ask for a smaller part and take the rest another way."),
    ),
    "tendered-short": (
        QT_TRANSLATE_NOOP("problem", "That is less than is to be taken"),
        QT_TRANSLATE_NOOP("problem", "Ask for the rest, or make it a part payment."),
    ),
    "currency": (
        QT_TRANSLATE_NOOP("problem", "This invoice is in another currency"),
        QT_TRANSLATE_NOOP("problem", "M-Pesa takes Kenyan shillings only."),
    ),
    # the phone
    "phone-characters": (QT_TRANSLATE_NOOP("problem", "A phone number has only digits"), _PHONE_FORM),
    "phone-short": (QT_TRANSLATE_NOOP("problem", "Digits are missing"), _PHONE_FORM),
    "phone-long": (QT_TRANSLATE_NOOP("problem", "There are too many digits"), _PHONE_FORM),
    "phone-range": (QT_TRANSLATE_NOOP("problem", "A mobile number begins with 07 or 01"), _PHONE_FORM),
    # asking the patient again
    "attempt-open": (
        QT_TRANSLATE_NOOP("problem", "A request for this invoice is still open"),
        QT_TRANSLATE_NOOP(
            "problem", "It may yet be paid. Wait for its result; a second request could charge the patient twice."
        ),
    ),
    "attempt-cancelled": (
        QT_TRANSLATE_NOOP("problem", "The patient may still pay the request you stopped waiting for"),
        QT_TRANSLATE_NOOP(
            "problem", "Safaricom is being asked. Once it says no you can ask again. Cash is possible now."
        ),
    ),
    "retry-later": (
        QT_TRANSLATE_NOOP("problem", "This phone was asked a moment ago"),
        QT_TRANSLATE_NOOP("problem", "M-Pesa refuses it now. Ask again when the countdown ends."),
    ),
    "retry-useless": (
        QT_TRANSLATE_NOOP("problem", "The same request was refused for good"),
        QT_TRANSLATE_NOOP("problem", "Change the amount or the phone, or take cash."),
    ),
    "payment-decided": (
        QT_TRANSLATE_NOOP("problem", "The result has come meanwhile"),
        QT_TRANSLATE_NOOP("problem", "Look at it on the screen."),
    ),
    "gateway-missing": (
        QT_TRANSLATE_NOOP("problem", "M-Pesa is not set up here"),
        QT_TRANSLATE_NOOP("problem", "Take cash, and ask IT to set it up."),
    ),
    "idempotency-running": (
        QT_TRANSLATE_NOOP("problem", "The same request is still running"),
        QT_TRANSLATE_NOOP("problem", "Wait a moment; its result comes here."),
    ),
    "idempotency-mismatch": (
        QT_TRANSLATE_NOOP("problem", "The request changed while it was under way"),
        QT_TRANSLATE_NOOP("problem", "Open the patient again and look what happened before you ask once more."),
    ),
    "duplicate-reference": (
        QT_TRANSLATE_NOOP("problem", "This was recorded already"),
        QT_TRANSLATE_NOOP("problem", "Look at the payments of this invoice."),
    ),
    "receipt-reused": (
        QT_TRANSLATE_NOOP("problem", "This slip number was used before"),
        QT_TRANSLATE_NOOP("problem", "Check the slip; one slip settles once."),
    ),
    # receipts at the relay
    "receipt-conflict": (
        QT_TRANSLATE_NOOP("problem", "The hospital holds another receipt under this number"),
        QT_TRANSLATE_NOOP("problem", "The money is in your drawer: give the receipt to a supervisor."),
    ),
    "series-unknown": (
        QT_TRANSLATE_NOOP("problem", "The hospital does not know this till's receipt series"),
        QT_TRANSLATE_NOOP("problem", "Keep the receipts. Ask IT to look at this till's enrolment."),
    ),
    "payment-not-completed": (
        QT_TRANSLATE_NOOP("problem", "The hospital knows no finished payment for this receipt"),
        QT_TRANSLATE_NOOP("problem", "Give the receipt to a supervisor."),
    ),
    "receipt-elsewhere": (
        QT_TRANSLATE_NOOP("problem", "Another till issued this receipt"),
        QT_TRANSLATE_NOOP("problem", "Its number stands with the payment; it is printed there."),
    ),
    # signing in
    "sign-in-refused": (
        QT_TRANSLATE_NOOP("problem", "User or password is wrong"),
        QT_TRANSLATE_NOOP("problem", "Check both; Caps Lock may be on."),
    ),
    "bad-credentials": (
        QT_TRANSLATE_NOOP("problem", "User or password is wrong"),
        QT_TRANSLATE_NOOP("problem", "Check both. After five wrong tries this till waits 15 minutes."),
    ),
    "account-locked": (
        QT_TRANSLATE_NOOP("problem", "Too many wrong passwords"),
        QT_TRANSLATE_NOOP("problem", "This account rests for a while. An administrator can help."),
    ),
    "locked": (
        QT_TRANSLATE_NOOP("problem", "Too many wrong passwords"),
        QT_TRANSLATE_NOOP("problem", "Wait 15 minutes, or sign in once the relay is back."),
    ),
    "sign-in-elsewhere": (
        QT_TRANSLATE_NOOP("problem", "This relay signs nobody in"),
        QT_TRANSLATE_NOOP("problem", "Ask IT: the relay takes only sign-ins of the hospital system."),
    ),
    "too-often": (
        QT_TRANSLATE_NOOP("problem", "Too many tries in a short time"),
        QT_TRANSLATE_NOOP("problem", "Wait a minute, then try again."),
    ),
    "role-not-allowed": (
        QT_TRANSLATE_NOOP("problem", "Your role may not take payments"),
        QT_TRANSLATE_NOOP("problem", "Ask an administrator for the role billing, supervisor or admin."),
    ),
    "not-allowed": (
        QT_TRANSLATE_NOOP("problem", "You may not do this"),
        QT_TRANSLATE_NOOP("problem", "Ask a supervisor."),
    ),
    "offline-unknown": (
        QT_TRANSLATE_NOOP("problem", "You cannot sign in while the relay is away"),
        QT_TRANSLATE_NOOP(
            "problem", "Only who signed in on this till within 72 hours can. Try again once the connection is back."
        ),
    ),
    "not-signed-in": (QT_TRANSLATE_NOOP("problem", "Please sign in again"), _SIGN_IN_AGAIN),
    "session-ended": (QT_TRANSLATE_NOOP("problem", "Your session has ended: please sign in again"), _SIGN_IN_AGAIN),
    "token-expired": (QT_TRANSLATE_NOOP("problem", "Your session has ended: please sign in again"), _SIGN_IN_AGAIN),
    "token-refused": (QT_TRANSLATE_NOOP("problem", "Please sign in again"), _SIGN_IN_AGAIN),
    "token-missing": (QT_TRANSLATE_NOOP("problem", "Please sign in again"), _SIGN_IN_AGAIN),
    "terminal-unknown": (
        QT_TRANSLATE_NOOP("problem", "The hospital does not know this till"),
        QT_TRANSLATE_NOOP("problem", "Ask IT to enrol it anew. Take no money here until then."),
    ),
    # the till
    "not-enrolled": (
        QT_TRANSLATE_NOOP("problem", "This till has no receipt series yet"),
        QT_TRANSLATE_NOOP("problem", "Sign in once while the relay can be reached; it gives the till its series."),
    ),
    "series-other": (
        QT_TRANSLATE_NOOP("problem", "This till holds the receipt series of another one"),
        QT_TRANSLATE_NOOP("problem", "Take no money here. Ask IT to enrol this till anew."),
    ),
    "series-behind": (
        QT_TRANSLATE_NOOP("problem", "An old copy of this till's store was put back"),
        QT_TRANSLATE_NOOP(
            "problem", "Take no money here: numbers would be given twice. Ask IT to enrol this till anew."
        ),
    ),
    "clock-behind": (
        QT_TRANSLATE_NOOP("problem", "This computer's clock stands before your last receipt"),
        QT_TRANSLATE_NOOP(
            "problem", "Set date and time right (automatic time), then take the money. Nothing was taken."
        ),
    ),
    "clock-skew": (
        QT_TRANSLATE_NOOP("problem", "This computer's clock is more than five minutes off"),
        QT_TRANSLATE_NOOP("problem", "Set date and time right (automatic time); cash can be taken again at once."),
    ),
    "disk-full": (
        QT_TRANSLATE_NOOP("problem", "This computer's disk is nearly full"),
        QT_TRANSLATE_NOOP("problem", "Free some space, then take the money. Nothing was taken."),
    ),
    "store-commit": (
        QT_TRANSLATE_NOOP("problem", "The disk failed while saving"),
        QT_TRANSLATE_NOOP(
            "problem", "The receipt may be saved. Press the button once more: it is never taken twice. Then call IT."
        ),
    ),
    "store-failed": (
        QT_TRANSLATE_NOOP("problem", "The till's store cannot be written"),
        QT_TRANSLATE_NOOP("problem", "Nothing was saved. Check this computer's disk, then try again."),
    ),
    "store-closed": (QT_TRANSLATE_NOOP("problem", "The till is closing"), _CALL_IT),
    "store-damaged": (
        QT_TRANSLATE_NOOP("problem", "The till's store cannot be read"),
        QT_TRANSLATE_NOOP("problem", "Do not delete it: it may hold unsent receipts. Call IT."),
    ),
    "store-key": (
        QT_TRANSLATE_NOOP("problem", "The key of the till's store was changed"),
        QT_TRANSLATE_NOOP("problem", "Call IT to restore the entry in this computer's keyring."),
    ),
    "store-newer": (
        QT_TRANSLATE_NOOP("problem", "A newer program made this till's store"),
        QT_TRANSLATE_NOOP("problem", "Start the newer program again."),
    ),
    "sqlite-old": (QT_TRANSLATE_NOOP("problem", "A part of this program is too old to be safe"), _CALL_IT),
    "already-open": (
        QT_TRANSLATE_NOOP("problem", "The till is open already on this computer"),
        QT_TRANSLATE_NOOP("problem", "Use the window that is open, or close it first."),
    ),
    "keyring-missing": (
        QT_TRANSLATE_NOOP("problem", "This computer has no keyring, and the till keeps its keys nowhere else"),
        "",
    ),
    "keyring-locked": (QT_TRANSLATE_NOOP("problem", "This computer's keyring is locked"), ""),
    "keyring-file": (QT_TRANSLATE_NOOP("problem", "The key file cannot be used"), ""),
    "keyring-setting": (QT_TRANSLATE_NOOP("problem", "HMIS_KEYRING is set wrongly"), ""),
    "store-key-lost": (
        QT_TRANSLATE_NOOP("problem", "The key of the till's store is gone"),
        QT_TRANSLATE_NOOP(
            "problem", "Sign in to this computer as the user who set the till up. Keep the store; call IT."
        ),
    ),
    # paper
    "printer-missing": (
        QT_TRANSLATE_NOOP("problem", "No printer is set up"),
        QT_TRANSLATE_NOOP("problem", "The receipt is saved: keep it as PDF, or print it once a printer is there."),
    ),
    "print-failed": (
        QT_TRANSLATE_NOOP("problem", "The receipt did not print"),
        QT_TRANSLATE_NOOP("problem", "The money is taken and saved. Check the printer, then print it again."),
    ),
    "pdf-failed": (
        QT_TRANSLATE_NOOP("problem", "The PDF was not saved"),
        QT_TRANSLATE_NOOP("problem", "Choose another folder. The receipt itself is safe."),
    ),
    "receipt-template": (QT_TRANSLATE_NOOP("problem", "The words for receipts cannot be read"), ""),
    # the relay and the line to it
    "relay-silent": (
        QT_TRANSLATE_NOOP("problem", "The relay was asked and did not answer"),
        QT_TRANSLATE_NOOP("problem", "Do not do it again. It is looked up by itself, and you will be told here."),
    ),
    "relay-unreadable": (
        QT_TRANSLATE_NOOP("problem", "The relay's answer cannot be read"),
        QT_TRANSLATE_NOOP("problem", "Do not do it again. Ask IT whether till and relay are of one version."),
    ),
    "relay-away": (QT_TRANSLATE_NOOP("problem", "The relay cannot be reached"), _CASH_GOES_ON),
    "unavailable": (QT_TRANSLATE_NOOP("problem", "A service is away just now"), _CASH_GOES_ON),
    "database-away": (QT_TRANSLATE_NOOP("problem", "The hospital's database is away just now"), _CASH_GOES_ON),
    "signing-keys-away": (
        QT_TRANSLATE_NOOP("problem", "The hospital system cannot confirm who you are just now"),
        _CASH_GOES_ON,
    ),
    "outcome-unknown": (
        QT_TRANSLATE_NOOP("problem", "Nobody can tell yet what became of it"),
        QT_TRANSLATE_NOOP("problem", "Do not do it again. It is looked up by itself, and you will be told here."),
    ),
    "commit-unknown": (
        QT_TRANSLATE_NOOP("problem", "Nobody can tell yet what became of it"),
        QT_TRANSLATE_NOOP("problem", "Do not do it again. It is looked up by itself, and you will be told here."),
    ),
    "internal": (
        QT_TRANSLATE_NOOP("problem", "The relay made a mistake of its own"),
        QT_TRANSLATE_NOOP("problem", "Try once more. If it stays, call IT."),
    ),
    "misconfigured": (QT_TRANSLATE_NOOP("problem", "A setting is missing or wrong"), _CALL_IT),
    "settings": (QT_TRANSLATE_NOOP("problem", "A setting is missing or wrong"), ""),
    "bad-settings": (QT_TRANSLATE_NOOP("problem", "A setting is missing or wrong"), _CALL_IT),
}


def problem_words(error: BaseException) -> Words:
    """What a person reads about an error. What is no error of ours is our own mistake and is said to be one."""
    if not isinstance(error, PosError):
        return Words(
            QCoreApplication.translate("problem", "The program made a mistake"),
            QCoreApplication.translate("problem", "It is written to the log. Try once more; if it stays, call IT."),
        )
    found = PROBLEMS.get(error.code)
    if found is not None:
        advice = QCoreApplication.translate("problem", found[1]) if found[1] else cure_words(error.cure)
        return Words(QCoreApplication.translate("problem", found[0]), advice)
    if mpesa_words.known(error.code):
        return mpesa_words.mpesa_words(error.code)
    return _by_kind(error)


def refusal_words(code: str, message: str) -> Words:
    """Why the relay refused a receipt."""
    return problem_words(CashierMistake(message, code=code))


def _by_kind(error: PosError) -> Words:
    """A code nobody wrote words for: the kind of the error says how bad it is, the error itself how to cure it."""
    cure = cure_words(error.cure)
    if isinstance(error, OutcomeUnknown):
        return _from_table("outcome-unknown")
    if isinstance(error, Unavailable):
        return Words(_from_table("unavailable").title, cure or _from_table("unavailable").advice)
    if isinstance(error, Misconfigured):
        return Words(error.message, cure or _from_table("misconfigured").advice)
    if isinstance(error, NotAllowed):
        return Words(_from_table("not-allowed").title, cure or _from_table("not-allowed").advice)
    if isinstance(error, NotFound):
        return Words(_from_table("not-found").title, cure or _from_table("not-found").advice)
    if isinstance(error, Conflict):
        return Words(QCoreApplication.translate("problem", "This is not possible any more"), cure or error.message)
    return Words(QCoreApplication.translate("problem", "This cannot be done as it is"), cure or error.message)


def _from_table(code: str) -> Words:
    title, advice = PROBLEMS[code]
    return Words(QCoreApplication.translate("problem", title), QCoreApplication.translate("problem", advice))
