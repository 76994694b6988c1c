"""M-Pesa's codes in words a cashier can act on: every row of Daraja's result table, every error at its door, and our own.

Calm and honest: what is known, what to tell the patient, what to do. A code that stands in no table is said to be undocumented, with
the code itself, and is never called a failure.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP
from hmis_pos.terminal.presenters.views import Words

_ASK_IT = QT_TRANSLATE_NOOP(
    "mpesa", "Take cash now and tell IT: asking again gives the same answer until it is mended."
)
_NOT_ASKED = QT_TRANSLATE_NOOP("mpesa", "The phone did not ring, nothing was charged. Ask again, or take cash.")
_MAY_RING = QT_TRANSLATE_NOOP(
    "mpesa", "The phone may have rung all the same. Do not ask again: Safaricom is asked, and the result comes here."
)
_TOO_FAST = QT_TRANSLATE_NOOP(
    "mpesa", "The phone did not ring, nothing was charged. Ask again when the countdown ends."
)

#: Daraja section 2, "STK result codes", row by row.
RESULTS: Mapping[str, tuple[str, str]] = {
    "0": (QT_TRANSLATE_NOOP("mpesa", "Paid"), QT_TRANSLATE_NOOP("mpesa", "The money is on the hospital's account.")),
    "1": (
        QT_TRANSLATE_NOOP("mpesa", "Not enough money on M-Pesa"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask for a smaller part, another phone, or take cash."),
    ),
    "2": (
        QT_TRANSLATE_NOOP("mpesa", "The amount is too small for M-Pesa"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Take it in cash."),
    ),
    "3": (
        QT_TRANSLATE_NOOP("mpesa", "The amount is too big for one M-Pesa payment"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask for a smaller part and take the rest another way."),
    ),
    "4": (
        QT_TRANSLATE_NOOP("mpesa", "The patient's daily M-Pesa limit is used up"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask for a smaller part, another phone, or take cash."),
    ),
    "8": (
        QT_TRANSLATE_NOOP("mpesa", "The hospital's M-Pesa account cannot take this amount"),
        QT_TRANSLATE_NOOP(
            "mpesa", "Nothing was charged. Take cash now and tell finance: the account's limit is reached."
        ),
    ),
    "17": (
        QT_TRANSLATE_NOOP("mpesa", "M-Pesa refuses the same amount twice within two minutes"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged by this request. Ask again when the countdown ends."),
    ),
    "26": (
        QT_TRANSLATE_NOOP("mpesa", "M-Pesa is busy"),
        QT_TRANSLATE_NOOP("mpesa", "Ask again when the countdown ends, or take cash."),
    ),
    "1001": (
        QT_TRANSLATE_NOOP("mpesa", "The phone is busy with another M-Pesa request"),
        QT_TRANSLATE_NOOP(
            "mpesa",
            "Nothing was charged. Let the patient close what is open on the phone, ask again after the countdown.",
        ),
    ),
    "1019": (
        QT_TRANSLATE_NOOP("mpesa", "The request ran out before the PIN came"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask again with the phone in the patient's hand."),
    ),
    "1025": (
        QT_TRANSLATE_NOOP("mpesa", "The request did not reach the phone"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask again, or take cash."),
    ),
    "9999": (
        QT_TRANSLATE_NOOP("mpesa", "The request did not reach the phone"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask again, or take cash."),
    ),
    "1031": (
        QT_TRANSLATE_NOOP("mpesa", "Nobody answered on the phone"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask again with the phone in the patient's hand."),
    ),
    "1032": (
        QT_TRANSLATE_NOOP("mpesa", "The patient cancelled on the phone"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask the patient, then ask again or take cash."),
    ),
    "1037": (
        QT_TRANSLATE_NOOP("mpesa", "The phone could not be reached"),
        QT_TRANSLATE_NOOP(
            "mpesa", "It may be off, out of network, or nobody looked. Check phone and number, then ask again."
        ),
    ),
    "2001": (
        QT_TRANSLATE_NOOP("mpesa", "The PIN was wrong"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask again; the patient types the PIN with care."),
    ),
    "2028": (QT_TRANSLATE_NOOP("mpesa", "The hospital's M-Pesa number is set up wrongly"), _ASK_IT),
    "2029": (QT_TRANSLATE_NOOP("mpesa", "Till and Paybill are mixed up in the settings"), _ASK_IT),
    "4999": (
        QT_TRANSLATE_NOOP("mpesa", "Safaricom is still working on it"),
        QT_TRANSLATE_NOOP("mpesa", "Do not ask again. The result comes here."),
    ),
    "8006": (
        QT_TRANSLATE_NOOP("mpesa", "The patient's M-Pesa PIN is locked"),
        QT_TRANSLATE_NOOP(
            "mpesa", "Nothing was charged. Safaricom unlocks it (call 100); use another phone or take cash."
        ),
    ),
    "SFC_IC0003": (QT_TRANSLATE_NOOP("mpesa", "The hospital's M-Pesa number is not known to Safaricom"), _ASK_IT),
}

_PHONE = (
    QT_TRANSLATE_NOOP("mpesa", "Safaricom does not accept this phone number"),
    QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Check the number with the patient, or take cash."),
)
_SETTINGS = (QT_TRANSLATE_NOOP("mpesa", "M-Pesa refuses the hospital's settings"), _ASK_IT)
_REFUSED = (QT_TRANSLATE_NOOP("mpesa", "M-Pesa refused the request"), _ASK_IT)
_UNREAD = (QT_TRANSLATE_NOOP("mpesa", "Safaricom did not answer clearly"), _MAY_RING)

#: Daraja section 0: errors at the door, by the key the relay keeps (the code, with ``:word`` where the message decides).
DOOR: Mapping[str, tuple[str, str]] = {
    "400.002.02:PhoneNumber": _PHONE,
    "400.002.02:PartyA": _PHONE,
    "400.002.02:Amount": (
        QT_TRANSLATE_NOOP("mpesa", "Safaricom does not accept this amount"),
        QT_TRANSLATE_NOOP("mpesa", "Nothing was charged. Ask for another amount, or take cash."),
    ),
    "400.002.02:CheckoutRequestID": _UNREAD,
    "400.002.02": _REFUSED,
    "400.002.05": _REFUSED,
    "400.003.01": _SETTINGS,
    "400.003.02": _REFUSED,
    "401.002.01": _SETTINGS,
    "401.001": _SETTINGS,
    "404.001.03": _SETTINGS,
    "no-apiproduct": _SETTINGS,
    "404.001.01": _SETTINGS,
    "404.002.01": _SETTINGS,
    "404.003.01": _SETTINGS,
    "404.001.04": _SETTINGS,
    "405.001": _SETTINGS,
    "spike-arrest": (QT_TRANSLATE_NOOP("mpesa", "M-Pesa has too many requests just now"), _TOO_FAST),
    "500.001.1001:merchant": (QT_TRANSLATE_NOOP("mpesa", "The hospital's M-Pesa number is not live"), _ASK_IT),
    "500.001.1001:credentials": _SETTINGS,
    "500.001.1001:locked": (
        QT_TRANSLATE_NOOP("mpesa", "The phone is busy with another M-Pesa request"),
        QT_TRANSLATE_NOOP(
            "mpesa",
            "Nothing was charged. Let the patient close what is open on the phone, ask again after the countdown.",
        ),
    ),
    "500.001.1001:processing": (QT_TRANSLATE_NOOP("mpesa", "Safaricom is still working on it"), _MAY_RING),
    "500.001.1001": _UNREAD,
    "500.002.1001": _UNREAD,
    "500.003.02:spike": (QT_TRANSLATE_NOOP("mpesa", "M-Pesa has too many requests just now"), _TOO_FAST),
    "500.003.02": (QT_TRANSLATE_NOOP("mpesa", "M-Pesa is busy"), _MAY_RING),
    "500.003.03": (QT_TRANSLATE_NOOP("mpesa", "The hospital's M-Pesa quota is used up for now"), _TOO_FAST),
    "500.003.1001": _UNREAD,
}

#: Codes of our own gateway and of our own clock.
OWN: Mapping[str, tuple[str, str]] = {
    "gateway-unreachable": (QT_TRANSLATE_NOOP("mpesa", "Safaricom could not be reached"), _NOT_ASKED),
    "mpesa-unreachable": (QT_TRANSLATE_NOOP("mpesa", "Safaricom could not be reached"), _NOT_ASKED),
    "mpesa-token": (QT_TRANSLATE_NOOP("mpesa", "Safaricom did not let the hospital in just now"), _NOT_ASKED),
    "mpesa-credentials": _SETTINGS,
    "mpesa-order": _REFUSED,
    "mpesa-no-answer": (QT_TRANSLATE_NOOP("mpesa", "Safaricom did not answer"), _MAY_RING),
    "mpesa-unreadable": _UNREAD,
    "mpesa-busy": (QT_TRANSLATE_NOOP("mpesa", "M-Pesa is busy"), _MAY_RING),
    "mpesa-configuration": (QT_TRANSLATE_NOOP("mpesa", "M-Pesa refuses the hospital's settings"), _MAY_RING),
    "mpesa-no-reference": (QT_TRANSLATE_NOOP("mpesa", "Safaricom gave no number to ask by"), _MAY_RING),
    "unproven": (
        QT_TRANSLATE_NOOP("mpesa", "A message came that nobody can vouch for"),
        QT_TRANSLATE_NOOP("mpesa", "It counts for nothing until Safaricom itself says so. Safaricom is being asked."),
    ),
    "no-result": (
        QT_TRANSLATE_NOOP("mpesa", "Safaricom has not said how it ended"),
        QT_TRANSLATE_NOOP(
            "mpesa", "The patient may have paid. Do not take the money again: we go on asking and will tell you here."
        ),
    ),
    "nothing-found": (
        QT_TRANSLATE_NOOP("mpesa", "No payment was found in two days"),
        QT_TRANSLATE_NOOP("mpesa", "You may ask again. If the patient shows a message from M-Pesa, call a supervisor."),
    ),
}

_ALL: Mapping[str, tuple[str, str]] = {**RESULTS, **DOOR, **OWN}


def known(code: str) -> bool:
    """Whether there are words for exactly this code."""
    return code.strip() in _ALL


def mpesa_words(code: str) -> Words:
    """What a code means and what to do."""
    code = code.strip()
    if not code:
        return Words(
            QCoreApplication.translate("mpesa", "M-Pesa gave no reason"),
            QCoreApplication.translate("mpesa", "Ask the patient what the phone says. A supervisor can look it up."),
        )
    found = _ALL.get(code)
    if found is None:
        return Words(
            QCoreApplication.translate("mpesa", "M-Pesa gave a code nobody has documented ({code})").format(code=code),
            QCoreApplication.translate(
                "mpesa",
                "Nobody can tell yet whether money moved. Do not ask again: Safaricom is asked, then a person looks.",
            ),
        )
    return Words(QCoreApplication.translate("mpesa", found[0]), QCoreApplication.translate("mpesa", found[1]))
