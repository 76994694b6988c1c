"""Payment states, methods and pieces of evidence in words, with the tone each is shown in."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.payment import Method, PaymentState
from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP
from hmis_pos.terminal.presenters.views import Tone

_S = PaymentState
_STATES: Mapping[PaymentState, tuple[str, Tone]] = {
    _S.CREATED: (QT_TRANSLATE_NOOP("payment", "asking"), Tone.WAIT),
    _S.PENDING: (QT_TRANSLATE_NOOP("payment", "waiting for the PIN"), Tone.WAIT),
    _S.UNKNOWN: (QT_TRANSLATE_NOOP("payment", "not known yet"), Tone.UNKNOWN),
    _S.COMPLETED: (QT_TRANSLATE_NOOP("payment", "paid"), Tone.OK),
    _S.FAILED: (QT_TRANSLATE_NOOP("payment", "not paid"), Tone.NO),
    _S.EXPIRED: (QT_TRANSLATE_NOOP("payment", "not paid, nothing found"), Tone.NO),
    _S.CANCELLED: (QT_TRANSLATE_NOOP("payment", "stopped waiting"), Tone.UNKNOWN),
    _S.PARTIALLY_REFUNDED: (QT_TRANSLATE_NOOP("payment", "partly given back"), Tone.NEUTRAL),
    _S.REFUNDED: (QT_TRANSLATE_NOOP("payment", "given back"), Tone.NEUTRAL),
}
_METHODS: Mapping[Method, str] = {
    Method.CASH: QT_TRANSLATE_NOOP("payment", "Cash"),
    Method.MPESA: QT_TRANSLATE_NOOP("payment", "M-Pesa"),
    Method.STRIPE: QT_TRANSLATE_NOOP("payment", "Card"),
    Method.PAYPAL: QT_TRANSLATE_NOOP("payment", "PayPal"),
    Method.CARD_PDQ: QT_TRANSLATE_NOOP("payment", "Card machine"),
    Method.BANK_TRANSFER: QT_TRANSLATE_NOOP("payment", "Bank transfer"),
    Method.CHEQUE: QT_TRANSLATE_NOOP("payment", "Cheque"),
    Method.INSURANCE: QT_TRANSLATE_NOOP("payment", "Insurance"),
}
_K = EvidenceKind
_EVIDENCE: Mapping[EvidenceKind, tuple[str, Tone]] = {
    _K.ACCEPTED: (QT_TRANSLATE_NOOP("payment", "Request accepted, the phone is asked"), Tone.WAIT),
    _K.REFUSED: (QT_TRANSLATE_NOOP("payment", "Request refused, the phone was not asked"), Tone.NO),
    _K.NO_ANSWER: (QT_TRANSLATE_NOOP("payment", "No answer to the request"), Tone.UNKNOWN),
    _K.PROCESSING: (QT_TRANSLATE_NOOP("payment", "Asked again: not decided yet"), Tone.WAIT),
    _K.SILENCE: (QT_TRANSLATE_NOOP("payment", "No result in time"), Tone.UNKNOWN),
    _K.PAID: (QT_TRANSLATE_NOOP("payment", "Paid"), Tone.OK),
    _K.CLAIMED: (QT_TRANSLATE_NOOP("payment", "Said to be paid, waiting for proof"), Tone.UNKNOWN),
    _K.ASSURED: (QT_TRANSLATE_NOOP("payment", "Asked again: paid"), Tone.OK),
    _K.DECLINED: (QT_TRANSLATE_NOOP("payment", "Not paid"), Tone.NO),
    _K.UNREACHED: (QT_TRANSLATE_NOOP("payment", "The phone was not reached, being checked"), Tone.UNKNOWN),
    _K.UNCLEAR: (QT_TRANSLATE_NOOP("payment", "An answer nobody can read for sure"), Tone.UNKNOWN),
    _K.ABANDONED: (QT_TRANSLATE_NOOP("payment", "The cashier stopped waiting"), Tone.UNKNOWN),
    _K.NOTHING_FOUND: (QT_TRANSLATE_NOOP("payment", "Nothing found in two days"), Tone.NO),
    _K.TAKEN: (QT_TRANSLATE_NOOP("payment", "Taken at the counter"), Tone.OK),
}
_SOURCES: Mapping[Source, str] = {
    Source.CALLBACK: QT_TRANSLATE_NOOP("payment", "Safaricom's message"),
    Source.C2B: QT_TRANSLATE_NOOP("payment", "Safaricom's Paybill notice"),
    Source.STATUS: QT_TRANSLATE_NOOP("payment", "our question about its code"),
    Source.PULL: QT_TRANSLATE_NOOP("payment", "Safaricom's list of payments"),
    Source.STATEMENT: QT_TRANSLATE_NOOP("payment", "an imported statement"),
    Source.QUERY: QT_TRANSLATE_NOOP("payment", "our question to Safaricom"),
    Source.SUBMIT: QT_TRANSLATE_NOOP("payment", "Safaricom's answer to the request"),
    Source.CASHIER: QT_TRANSLATE_NOOP("payment", "the cashier"),
    Source.WORKER: QT_TRANSLATE_NOOP("payment", "our clock"),
    Source.TERMINAL: QT_TRANSLATE_NOOP("payment", "a till's receipt"),
}


def state_word(status: str) -> tuple[str, Tone]:
    """A payment state in a word. What a newer relay says is shown as it says it."""
    try:
        text, tone = _STATES[PaymentState(status)]
    except ValueError:
        return status, Tone.NEUTRAL
    return QCoreApplication.translate("payment", text), tone


def method_word(method: str) -> str:
    """``mpesa`` -> ``M-Pesa``."""
    try:
        return QCoreApplication.translate("payment", _METHODS[Method(method)])
    except ValueError:
        return method


def channel_word(channel: str) -> str:
    """How M-Pesa money came; empty for a prompt of a counter."""
    words = {
        "paybill": QCoreApplication.translate("payment", "Paybill"),
        "code": QCoreApplication.translate("payment", "M-Pesa, by its code"),
        "unmatched": QCoreApplication.translate("payment", "M-Pesa, out of unmatched money"),
    }
    return words.get(channel, "")


def evidence_word(kind: str) -> tuple[str, Tone]:
    """What a piece of evidence says."""
    try:
        text, tone = _EVIDENCE[EvidenceKind(kind)]
    except ValueError:
        return kind, Tone.NEUTRAL
    return QCoreApplication.translate("payment", text), tone


def source_word(source: str) -> str:
    """Who said it."""
    try:
        return QCoreApplication.translate("payment", _SOURCES[Source(source)])
    except ValueError:
        return source
