"""Refunds in words: states, ways, and what each asks of a person."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.refunds import Refund
from hmis_pos.domain.evidence import EvidenceKind
from hmis_pos.domain.refund import RefundState, Route
from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP, masked_phone
from hmis_pos.terminal.presenters.views import Notice, Tone

_R = RefundState
_STATES: Mapping[RefundState, tuple[str, Tone]] = {
    _R.REQUESTED: (QT_TRANSLATE_NOOP("refund", "waits for a decision"), Tone.WAIT),
    _R.REJECTED: (QT_TRANSLATE_NOOP("refund", "rejected"), Tone.NO),
    _R.APPROVED: (QT_TRANSLATE_NOOP("refund", "approved, being sent"), Tone.WAIT),
    _R.PENDING: (QT_TRANSLATE_NOOP("refund", "on its way"), Tone.WAIT),
    _R.UNKNOWN: (QT_TRANSLATE_NOOP("refund", "not known yet"), Tone.UNKNOWN),
    _R.COMPLETED: (QT_TRANSLATE_NOOP("refund", "given back"), Tone.OK),
    _R.FAILED: (QT_TRANSLATE_NOOP("refund", "not given back"), Tone.NO),
}
_NEXT: Mapping[RefundState, tuple[str, str]] = {
    _R.REQUESTED: (
        QT_TRANSLATE_NOOP("refund", "Waits for a second person"),
        QT_TRANSLATE_NOOP("refund", "A supervisor or administrator who did not ask for it approves or rejects it."),
    ),
    _R.REJECTED: (
        QT_TRANSLATE_NOOP("refund", "Rejected"),
        QT_TRANSLATE_NOOP("refund", "No money moved. What was held for it is free again."),
    ),
    _R.APPROVED: (
        QT_TRANSLATE_NOOP("refund", "Approved"),
        QT_TRANSLATE_NOOP("refund", "It is handed to Safaricom by itself; nothing is left to do."),
    ),
    _R.PENDING: (
        QT_TRANSLATE_NOOP("refund", "Safaricom has taken it"),
        QT_TRANSLATE_NOOP("refund", "Its result comes by itself, mostly within a minute. Do not pay it out again."),
    ),
    _R.UNKNOWN: (
        QT_TRANSLATE_NOOP("refund", "Nobody knows yet"),
        QT_TRANSLATE_NOOP("refund", "Safaricom has not said; it is looked for. Do not pay it out again."),
    ),
    _R.COMPLETED: (
        QT_TRANSLATE_NOOP("refund", "Given back"),
        QT_TRANSLATE_NOOP("refund", "The patient has an SMS from M-Pesa with the code below."),
    ),
    _R.FAILED: (
        QT_TRANSLATE_NOOP("refund", "Not given back"),
        QT_TRANSLATE_NOOP("refund", "No money moved. Mend what is said below, then ask for it again."),
    ),
}
_MOVED_BACK = (
    QT_TRANSLATE_NOOP("refund", "Moved back"),
    QT_TRANSLATE_NOOP("refund", "No money left the hospital: it is among the unmatched money again."),
)
_UNDONE = (
    QT_TRANSLATE_NOOP("refund", "Safaricom took it back itself"),
    QT_TRANSLATE_NOOP("refund", "A statement or message told us. The invoice is due again."),
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("refund", text)


def refund_state_word(state: str) -> tuple[str, Tone]:
    """A refund's state in a few words. What a newer relay says is shown as it says it."""
    try:
        text, tone = _STATES[RefundState(state)]
    except ValueError:
        return state, Tone.NEUTRAL
    return _tr(text), tone


def refund_notice(one: Refund) -> Notice:
    """How it stands, and what to do or not to do."""
    _, tone = refund_state_word(one.state)
    pair = _NEXT.get(RefundState(one.state)) if one.state in set(RefundState) else None
    if one.route == Route.UNMATCHED and one.state == _R.COMPLETED:
        pair = _MOVED_BACK
    elif one.route == Route.PROVIDER and one.state == _R.COMPLETED:
        pair = _UNDONE
    if pair is None:
        return Notice(tone=tone, title=one.state)
    return Notice(tone=tone, title=_tr(pair[0]), text=_tr(pair[1]))


def route_words(route: str, phone: str) -> tuple[str, str]:
    """Where money goes, and how: two short lines."""
    match route:
        case Route.REVERSAL:
            return QCoreApplication.translate("refund", "The phone that paid"), QCoreApplication.translate(
                "refund", "M-Pesa reversal: no fee, no number needed"
            )
        case Route.PAYOUT:
            where = masked_phone(phone) or QCoreApplication.translate("refund", "The phone that paid")
            return where, QCoreApplication.translate("refund", "M-Pesa payout: Safaricom charges the hospital a fee")
        case Route.PROVIDER:
            return QCoreApplication.translate("refund", "The phone that paid"), QCoreApplication.translate(
                "refund", "Safaricom undid it by itself"
            )
        case Route.UNMATCHED:
            return QCoreApplication.translate("refund", "Unmatched money"), QCoreApplication.translate(
                "refund", "Moved back; no money leaves the hospital"
            )
        case _:
            return route, ""


def way_sentence(one: Refund) -> str:
    """Which way the relay chose, in a sentence for who asked."""
    where, how = route_words(one.route, one.phone)
    return f"{where}. {how}."


_EVIDENCE: Mapping[str, tuple[str, Tone]] = {
    EvidenceKind.ACCEPTED: (QT_TRANSLATE_NOOP("refund", "Safaricom took the request"), Tone.WAIT),
    EvidenceKind.REFUSED: (QT_TRANSLATE_NOOP("refund", "Safaricom refused the request"), Tone.NO),
    EvidenceKind.NO_ANSWER: (QT_TRANSLATE_NOOP("refund", "No answer to the request"), Tone.UNKNOWN),
    EvidenceKind.PROCESSING: (QT_TRANSLATE_NOOP("refund", "Asked again: not decided yet"), Tone.WAIT),
    EvidenceKind.SILENCE: (QT_TRANSLATE_NOOP("refund", "No result in time"), Tone.UNKNOWN),
    EvidenceKind.PAID: (QT_TRANSLATE_NOOP("refund", "Given back"), Tone.OK),
    EvidenceKind.ASSURED: (QT_TRANSLATE_NOOP("refund", "Asked again: given back"), Tone.OK),
    EvidenceKind.DECLINED: (QT_TRANSLATE_NOOP("refund", "Not given back"), Tone.NO),
    EvidenceKind.UNCLEAR: (QT_TRANSLATE_NOOP("refund", "An answer nobody can read for sure"), Tone.UNKNOWN),
    EvidenceKind.NOTHING_FOUND: (QT_TRANSLATE_NOOP("refund", "Nothing found; it is looked for on"), Tone.UNKNOWN),
}


def refund_evidence_word(kind: str) -> tuple[str, Tone] | None:
    """What a piece of evidence says of a refund; None where a payment's words are as good."""
    found = _EVIDENCE.get(kind)
    return None if found is None else (_tr(found[0]), found[1])
