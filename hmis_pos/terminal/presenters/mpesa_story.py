"""The story of one M-Pesa attempt as the cashier reads it: banner and steps, from what is known and the time. Nothing is done here."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.payments import EvidenceLine, Transaction
from hmis_pos.domain.evidence import EvidenceKind
from hmis_pos.domain.payment import MONEY_STATES, PaymentState
from hmis_pos.terminal.presenters.attempts import Attempt
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage
from hmis_pos.terminal.presenters.mpesa_words import mpesa_words
from hmis_pos.terminal.presenters.texts import clock_time, running, short_reference
from hmis_pos.terminal.presenters.views import Notice, StepState, StepView, Tone, Words

#: A prompt is taken for silent after this long (the relay's own deadline).
PATIENCE = 75
_STAGES = {
    PaymentState.CREATED: MpesaStage.ASKING,
    PaymentState.PENDING: MpesaStage.WAITING,
    PaymentState.UNKNOWN: MpesaStage.UNKNOWN,
    PaymentState.FAILED: MpesaStage.NOT_PAID,
    PaymentState.EXPIRED: MpesaStage.NOT_PAID,
    PaymentState.CANCELLED: MpesaStage.STOPPED,
}
_ASSURING = frozenset({EvidenceKind.ASSURED.value, EvidenceKind.PAID.value})
#: Our gateway's own codes: Safaricom said nothing that can be read.
_NO_ANSWER = "mpesa-"
#: Codes that only say that nothing is known.
_SILENT = frozenset({"", "no-result", "outcome-unknown"})


def stage_of(attempt: Attempt) -> MpesaStage:
    """Where the story stands. What no one told us is unknown, never a no."""
    if attempt.status in MONEY_STATES:
        return MpesaStage.PAID
    try:
        return _STAGES[PaymentState(attempt.status)]
    except (ValueError, KeyError):
        return MpesaStage.UNKNOWN


class Story:
    """Banner and steps of an attempt at a time. ``line_away``: the relay cannot be asked just now."""

    def __init__(self, attempt: Attempt, now: datetime, *, line_away: bool, prints: bool) -> None:
        self._attempt = attempt
        self._said = attempt.transaction
        self._now = now
        self._away = line_away
        self._prints = prints
        self.stage = stage_of(attempt)

    # ------------------------------------------------------------ the banner

    def notice(self) -> Notice:
        """What is happening, what to do, what not to do."""
        match self.stage:
            case MpesaStage.ASKING:
                return Notice(
                    tone=Tone.WAIT,
                    title=QCoreApplication.translate("mpesa-story", "Asking Safaricom"),
                    text=QCoreApplication.translate(
                        "mpesa-story", "The phone rings in a moment. Ask the patient to have it at hand."
                    ),
                    time=self._elapsed(),
                )
            case MpesaStage.WAITING if not self._away:
                return Notice(
                    tone=Tone.WAIT,
                    title=QCoreApplication.translate("mpesa-story", "Waiting for the patient\u2019s PIN"),
                    text=QCoreApplication.translate(
                        "mpesa-story",
                        "Ask the patient to look at the phone and enter the M-Pesa PIN. You can serve the next patient meanwhile.",
                    ),
                    time=self._elapsed(),
                    progress=min(1.0, self._seconds() / PATIENCE),
                )
            case MpesaStage.WAITING:
                return self._away_notice()
            case MpesaStage.PAID:
                return self._paid_notice()
            case MpesaStage.NOT_PAID:
                words = self.no_words()
                return Notice(tone=Tone.NO, title=words.title, text=words.advice)
            case MpesaStage.STOPPED:
                return Notice(
                    tone=Tone.UNKNOWN,
                    title=QCoreApplication.translate("mpesa-story", "You stopped waiting"),
                    text=QCoreApplication.translate(
                        "mpesa-story",
                        "The patient may still be charged. If the money comes it is found, and the receipt is issued by itself.",
                    ),
                )
            case _:
                return self._unknown_notice()

    def _away_notice(self) -> Notice:
        return Notice(
            tone=Tone.UNKNOWN,
            title=QCoreApplication.translate("mpesa-story", "The relay is away"),
            text=QCoreApplication.translate(
                "mpesa-story",
                "Whether the patient pays cannot be seen just now. Do not take the money again: the result comes here "
                "once the connection is back.",
            ),
            time=self._elapsed(),
        )

    def _unknown_notice(self) -> Notice:
        if self._said is None:
            text = QCoreApplication.translate(
                "mpesa-story",
                "The relay did not answer. The phone may have rung and the patient may have paid. Do not take the money again: "
                "we look it up and will tell you here.",
            )
        else:
            text = QCoreApplication.translate(
                "mpesa-story",
                "Safaricom did not answer. The patient may have paid. Do not take the money again: we ask every few minutes "
                "and will tell you here.",
            )
            code = self._said.failure_code
            if code not in _SILENT and not code.startswith(_NO_ANSWER):
                text = QCoreApplication.translate("mpesa-story", "{what}, but that is not certain yet. {text}").format(
                    what=mpesa_words(code).title,
                    text=QCoreApplication.translate(
                        "mpesa-story", "Do not take the money again: we ask once more and will tell you here."
                    ),
                )
        return Notice(
            tone=Tone.UNKNOWN, title=QCoreApplication.translate("mpesa-story", "We do not know yet"), text=text
        )

    def _paid_notice(self) -> Notice:
        said = self._said
        if said is None:
            return Notice(tone=Tone.OK, title=QCoreApplication.translate("mpesa-story", "Paid"))
        received, asked = money(said.received, said.currency), money(said.amount, said.currency)
        parts = [QCoreApplication.translate("mpesa-story", "{amount} received").format(amount=received.grouped)]
        parts.append(
            said.provider_receipt
            or QCoreApplication.translate("mpesa-story", "Safaricom confirms it, its code has not come yet")
        )
        if received != asked:
            parts.append(
                QCoreApplication.translate("mpesa-story", "{amount} was asked: tell the patient").format(
                    amount=asked.grouped
                )
            )
        deposited = money(said.deposited, said.currency)
        if deposited:
            parts.append(
                QCoreApplication.translate("mpesa-story", "{amount} of it is the patient\u2019s deposit now").format(
                    amount=deposited.grouped
                )
            )
        return Notice(tone=Tone.OK, title=QCoreApplication.translate("mpesa-story", "Paid"), text=" · ".join(parts))

    def no_words(self) -> Words:
        """Why it is not paid, and what to do."""
        said = self._said
        return mpesa_words(said.failure_code if said is not None else "")

    # ------------------------------------------------------------ the steps

    def steps(self) -> tuple[StepView, ...]:
        """What happened, what happens now, what will."""
        return (self._first(), *self._second(), *self._last())

    def _first(self) -> StepView:
        accepted = self._evidence(EvidenceKind.ACCEPTED)
        if accepted is not None and self._said is not None:
            reference = short_reference(self._said.gateway_reference) if self.stage is not MpesaStage.PAID else ""
            note = " · ".join(part for part in (self._time(accepted.at), reference) if part)
            return StepView(
                title=QCoreApplication.translate("mpesa-story", "Request accepted by Safaricom"),
                note=note,
                state=StepState.DONE,
            )
        refused = self._evidence(EvidenceKind.REFUSED)
        if refused is not None and self.stage is MpesaStage.NOT_PAID:
            return StepView(
                title=QCoreApplication.translate("mpesa-story", "Request refused, the phone did not ring"),
                note=self._time(refused.at),
                state=StepState.FAILED,
            )
        began = clock_time(self._attempt.began_at)
        asking = self.stage is MpesaStage.ASKING
        return StepView(
            title=QCoreApplication.translate("mpesa-story", "Request sent"),
            note=began,
            state=StepState.CURRENT if asking else StepState.DONE,
        )

    def _second(self) -> tuple[StepView, ...]:
        said = self._said
        match self.stage:
            case MpesaStage.ASKING:
                return (StepView(title=QCoreApplication.translate("mpesa-story", "The phone rings")),)
            case MpesaStage.WAITING if not self._away:
                return (
                    StepView(
                        title=QCoreApplication.translate("mpesa-story", "Phone prompted, no answer yet"),
                        note=self._next_look(),
                        state=StepState.CURRENT,
                    ),
                )
            case MpesaStage.PAID:
                note = " · ".join(part for part in self._paid_facts() if part)
                return (
                    StepView(
                        title=QCoreApplication.translate("mpesa-story", "Patient paid"), note=note, state=StepState.DONE
                    ),
                )
            case MpesaStage.NOT_PAID:
                if self._evidence(EvidenceKind.REFUSED) is not None:
                    return ()
                note = self._time(said.evidence[-1].at) if said is not None and said.evidence else ""
                return (StepView(title=self.no_words().title, note=note, state=StepState.FAILED),)
            case MpesaStage.STOPPED:
                stopped = self._evidence(EvidenceKind.ABANDONED)
                note = " · ".join(part for part in (self._time(stopped.at) if stopped else "", self._checks()) if part)
                return (
                    StepView(
                        title=QCoreApplication.translate("mpesa-story", "Stopped waiting, still being looked for"),
                        note=note,
                        state=StepState.UNKNOWN,
                    ),
                )
            case _:
                title = QCoreApplication.translate("mpesa-story", "No result yet")
                if self._seconds() >= 1:
                    title = QCoreApplication.translate("mpesa-story", "No result after {seconds} s").format(
                        seconds=int(self._seconds())
                    )
                if self._said is not None and self._seconds() > 2 * PATIENCE:
                    title = QCoreApplication.translate("mpesa-story", "No result after {time}").format(
                        time=running(self._seconds())
                    )
                return (StepView(title=title, note=self._checks(), state=StepState.UNKNOWN),)

    def _last(self) -> tuple[StepView, ...]:
        if self.stage is MpesaStage.NOT_PAID:
            return ()
        no = self._attempt.receipt_no
        if no:
            title = (
                QCoreApplication.translate("mpesa-story", "Receipt {no} printed")
                if self._prints
                else QCoreApplication.translate("mpesa-story", "Receipt {no} issued")
            )
            return (StepView(title=title.format(no=no), state=StepState.DONE),)
        if self.stage is MpesaStage.PAID and self._attempt.ours:
            return (
                StepView(
                    title=QCoreApplication.translate("mpesa-story", "Receipt is being issued"), state=StepState.CURRENT
                ),
            )
        if not self._attempt.ours:
            return (StepView(title=QCoreApplication.translate("mpesa-story", "Its own counter issues the receipt")),)
        if self._prints:
            return (StepView(title=QCoreApplication.translate("mpesa-story", "Receipt prints by itself")),)
        return (StepView(title=QCoreApplication.translate("mpesa-story", "Receipt is issued by itself")),)

    # ------------------------------------------------------------ pieces

    def _paid_facts(self) -> tuple[str, ...]:
        said = self._said
        if said is None:
            return ()
        proof = next((one for one in said.evidence if one.kind in _ASSURING), None)
        at = proof.at if proof is not None else said.completed_at
        return (self._time(at), said.provider_receipt)

    def _evidence(self, kind: EvidenceKind) -> EvidenceLine | None:
        lines = self._said.evidence if self._said is not None else []
        return next((one for one in lines if one.kind == kind.value), None)

    def _time(self, text: str) -> str:
        return clock_time(instant(text)) if text else ""

    def _began(self) -> datetime:
        said = self._said
        return instant(said.created_at) if said is not None else self._attempt.began_at

    def _seconds(self) -> float:
        return (self._now - self._began()).total_seconds()

    def _elapsed(self) -> str:
        return running(self._seconds())

    def _next_look(self) -> str:
        said = self._said
        if said is None or not said.next_check_at:
            return ""
        at = (instant(said.next_check_at) - self._began()).total_seconds()
        if at <= self._seconds():
            return QCoreApplication.translate("mpesa-story", "asking Safaricom now")
        return QCoreApplication.translate("mpesa-story", "asking Safaricom again at {time}").format(time=running(at))

    def _checks(self) -> str:
        said: Transaction | None = self._said
        if said is None:
            return QCoreApplication.translate("mpesa-story", "looked up as soon as the relay answers")
        parts = []
        if said.next_check_at:
            left = (instant(said.next_check_at) - self._now).total_seconds()
            parts.append(
                QCoreApplication.translate("mpesa-story", "next check in {time}").format(time=running(left))
                if left > 0
                else QCoreApplication.translate("mpesa-story", "checking now")
            )
        if said.checks_done == 1:
            parts.append(QCoreApplication.translate("mpesa-story", "1 check so far"))
        elif said.checks_done:
            parts.append(QCoreApplication.translate("mpesa-story", "{n} checks so far").format(n=said.checks_done))
        return " · ".join(parts)
