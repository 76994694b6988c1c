"""One refund in rows, in full, and what can be decided about it by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.payments import EvidenceLine
from hmis_pos.contract.refunds import Refund
from hmis_pos.domain.refund import RefundState
from hmis_pos.terminal.presenters.cards import Card
from hmis_pos.terminal.presenters.desk import FINANCE, DeskView
from hmis_pos.terminal.presenters.payment_words import evidence_word, source_word
from hmis_pos.terminal.presenters.payments_view import EvidenceView, Fact
from hmis_pos.terminal.presenters.refund_words import (
    refund_evidence_word,
    refund_notice,
    refund_state_word,
    route_words,
)
from hmis_pos.terminal.presenters.refunds_view import DecisionView, RefundDetail
from hmis_pos.terminal.presenters.texts import clock_time, day, moment, running, spoken_name, waited
from hmis_pos.terminal.presenters.views import ActionView, Notice, Tone, Words

#: As the relay's: how long a result or a statement may still tell.
GIVE_UP = timedelta(hours=48)
#: The relay's code of what a person found in the portal.
LOOKED_UP = "looked-up"
_KINDS = {
    Tone.OK: "paid",
    Tone.NO: "not_paid",
    Tone.UNKNOWN: "unknown",
    Tone.WAIT: "ringing",
}


def card_of(one: Refund, now: datetime) -> Card:
    """A row of the list: what waits shows for how long, the others their state."""
    word, tone = refund_state_word(one.state)
    kind = _KINDS.get(tone, "plain")
    if one.state == RefundState.REQUESTED:
        word, kind = waited((now - instant(one.requested_at)).total_seconds()), "plain"
    asked = QCoreApplication.translate("refund", "asked by {who}").format(who=one.requested_by)
    return Card(
        ident=one.refund_uid,
        name=_who(one),
        amount=money(one.amount, one.currency).grouped,
        numbers=f"{one.reason} · {asked}" if one.state == RefundState.REQUESTED else asked,
        note=word,
        kind=kind,
    )


def _who(one: Refund) -> str:
    if one.patient_name:
        return spoken_name(one.patient_name)
    return QCoreApplication.translate("refund", "Unmatched money")


def detail_of(one: Refund, now: datetime) -> RefundDetail:
    """Everything that is known of it."""
    word, tone = refund_state_word(one.state)
    where, how = route_words(one.route, one.phone)
    amount = money(one.amount, one.currency).grouped
    title = QCoreApplication.translate("refund", "Refund {amount} to {name}").format(amount=amount, name=_who(one))
    if not one.patient_name:
        title = QCoreApplication.translate("refund", "Refund {amount} of unmatched money").format(amount=amount)
    notice = refund_notice(one)
    if one.state == RefundState.UNKNOWN and one.next_check_at:
        left = max(0.0, (instant(one.next_check_at) - now).total_seconds())
        again = QCoreApplication.translate("refund", "Asked again in {time}.").format(time=running(left))
        notice = Notice(tone=notice.tone, title=notice.title, text=f"{notice.text} {again}")
    return RefundDetail(
        title=title,
        state=word,
        tone=tone,
        notice=notice,
        reason=one.reason,
        asked_by=one.requested_by,
        asked_when=moment(instant(one.requested_at), now),
        goes_to=where,
        how=how,
        facts=tuple(fact for fact in _facts(one, now) if fact.value),
        evidence=tuple(_evidence(line, one, now) for line in one.evidence),
    )


def _facts(one: Refund, now: datetime) -> list[Fact]:
    decided = f"{one.decided_by}, {moment(instant(one.decided_at), now)}" if one.decided_by else ""
    by_hand = one.failure_code == LOOKED_UP
    failure = "" if by_hand else " · ".join(part for part in (one.failure_code, one.failure_text) if part)
    return [
        Fact(QCoreApplication.translate("refund", "Invoice"), one.invoice_number),
        Fact(QCoreApplication.translate("refund", "Paid with M-Pesa code"), one.receipt_no),
        Fact(QCoreApplication.translate("refund", "Decided by"), decided),
        Fact(QCoreApplication.translate("refund", "Said about it"), one.decision_note),
        Fact(QCoreApplication.translate("refund", "Code of the refund"), one.provider_receipt),
        Fact(
            QCoreApplication.translate("refund", "Given back"),
            moment(instant(one.completed_at), now) if one.completed_at else "",
        ),
        Fact(QCoreApplication.translate("refund", "Safaricom says"), failure),
        Fact(QCoreApplication.translate("refund", "Looked up in the portal"), one.failure_text if by_hand else ""),
    ]


def _evidence(line: EvidenceLine, one: Refund, now: datetime) -> EvidenceView:
    what, tone = refund_evidence_word(line.kind) or evidence_word(line.kind)
    at = instant(line.at)
    code = QCoreApplication.translate("payments", "code {code}").format(code=line.code) if line.code else ""
    amount = money(line.amount, one.currency).grouped if line.amount else ""
    return EvidenceView(
        when=f"{day(at, now)} {clock_time(at)}",
        what=what,
        who=source_word(line.source),
        more=" · ".join(part for part in (amount, line.receipt_no, code, line.text) if part),
        tone=tone,
    )


def decision_of(
    one: Refund | None, desk: DeskView, *, note: str, note_problem: str, problem: Words | None, can: bool, now: datetime
) -> DecisionView:
    """What this person may decide, and what speaks for it and against it."""
    if one is not None and one.state == RefundState.UNKNOWN and desk.role in FINANCE:
        return _ending_of(
            one, desk, now, DecisionView(note=note, note_problem=note_problem, problem=problem, busy=not can)
        )
    if one is None or one.state != RefundState.REQUESTED:
        words = QCoreApplication.translate("refund", "Nothing is to be decided about it")
        return DecisionView(title="" if one is None else words, problem=problem)
    mine = one.requested_by == desk.username
    may = desk.role in FINANCE
    checks = [
        Notice(
            tone=Tone.NO,
            title=QCoreApplication.translate("refund", "You asked for this refund: another person decides"),
        )
        if mine
        else Notice(tone=Tone.OK, title=QCoreApplication.translate("refund", "You did not ask for this refund"))
    ]
    if not may:
        checks.append(
            Notice(tone=Tone.NO, title=QCoreApplication.translate("refund", "A supervisor or administrator decides"))
        )
    why = next((check.title for check in checks if check.tone is Tone.NO), "")
    amount = money(one.amount, one.currency).grouped
    return DecisionView(
        title=QCoreApplication.translate("refund", "Decide as {name}").format(name=desk.display_name or desk.username),
        checks=tuple(checks),
        note=note,
        note_problem=note_problem,
        approve=ActionView(
            label=QCoreApplication.translate("refund", "Approve {amount}").format(amount=amount),
            enabled=can and not why,
            why_not=why,
        ),
        reject=ActionView(
            label=QCoreApplication.translate("refund", "Reject with a reason"), enabled=can and not why, why_not=why
        ),
        problem=problem,
        busy=not can,
    )


def _ending_of(one: Refund, desk: DeskView, now: datetime, view: DecisionView) -> DecisionView:
    """One that nobody can tell about: once its result and a statement had their time, a person may."""
    title = QCoreApplication.translate("refund", "Nobody can tell about it")
    if not one.decided_at:
        return replace(view, title=title)
    until = instant(one.decided_at) + GIVE_UP
    why, tone = "", Tone.NO
    if one.requested_by == desk.username:
        why = QCoreApplication.translate("refund", "You asked for this refund: another person decides")
    elif now < until:
        tone = Tone.WAIT
        why = QCoreApplication.translate("refund", "Until {moment} its result or a statement may still tell").format(
            moment=moment(until, now)
        )
    look = Notice(
        tone=Tone.UNKNOWN,
        title=QCoreApplication.translate("refund", "Look it up in the M-Pesa portal first"),
        text=QCoreApplication.translate(
            "refund",
            "Only if no money went out, say so here: then it can be asked for again. A late success still counts.",
        ),
    )
    return replace(
        view,
        title=title,
        checks=(look, Notice(tone=tone, title=why)) if why else (look,),
        reject=ActionView(
            label=QCoreApplication.translate("refund", "It did not go back"),
            enabled=not view.busy and not why,
            why_not=why,
        ),
    )
