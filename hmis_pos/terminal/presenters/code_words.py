"""The code of an M-Pesa message: how it is read, what may be wrong with it, and what became of its check, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.codes import CodeCheck, CodeUse
from hmis_pos.contract.mapping import instant, money
from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP, clock_time, moment, running, spoken_name
from hmis_pos.terminal.presenters.views import Notice, StepState, StepView, Toast, Tone, Words

#: Letters and digits of an M-Pesa code (Daraja section 4: ``TAB1CD2EFG``).
LENGTH = 10
_CURRENCY = "KES"
#: After this long a check is said to take its time.
PATIENCE = 60
_DOUBTFUL = frozenset("O0I1")

_LOOK_AGAIN = QT_TRANSLATE_NOOP("code", "Compare it with the message on the patient's phone, and type it again.")
_REASONS: Mapping[str, tuple[str, str]] = {
    "used": (
        QT_TRANSLATE_NOOP("code", "This code was used before"),
        QT_TRANSLATE_NOOP("code", "One code pays once. Ask the patient for another message, or for the money."),
    ),
    "unknown": (QT_TRANSLATE_NOOP("code", "Safaricom knows no such code"), _LOOK_AGAIN),
    "not-ours": (
        QT_TRANSLATE_NOOP("code", "This money went to somebody else"),
        QT_TRANSLATE_NOOP("code", "It was not paid to this hospital. The patient can call Safaricom (100)."),
    ),
    "too-old": (
        QT_TRANSLATE_NOOP("code", "This payment is too old to be taken by its code"),
        QT_TRANSLATE_NOOP("code", "If it was paid to this hospital, a supervisor finds it among the unmatched money."),
    ),
    "not-completed": (
        QT_TRANSLATE_NOOP("code", "This payment never went through"),
        QT_TRANSLATE_NOOP("code", "M-Pesa did not move the money. Ask the patient to pay again."),
    ),
    "reversed": (
        QT_TRANSLATE_NOOP("code", "Safaricom took this payment back"),
        QT_TRANSLATE_NOOP("code", "The money is on the payer's phone again. Ask the patient to pay again."),
    ),
    "other-invoice": (
        QT_TRANSLATE_NOOP("code", "This code paid another invoice"),
        QT_TRANSLATE_NOOP(
            "code", "Its payer typed that invoice's account. A supervisor can move it if that was wrong."
        ),
    ),
    "": (
        QT_TRANSLATE_NOOP("code", "The code was not accepted"),
        QT_TRANSLATE_NOOP("code", "Ask a supervisor to look at it."),
    ),
}


def read_code(text: str) -> str:
    """What a person typed, pasted or scanned, as a code: upper case, without spaces; of a whole message its first word."""
    words = text.upper().split()
    if len(words) > 1 and len(words[0]) == LENGTH and words[0].isalnum() and len("".join(words)) > LENGTH:
        return words[0]
    return "".join(sign for sign in "".join(words) if sign.isascii() and sign.isalnum())


def code_problem(code: str) -> str:
    """Why a whole code cannot be one; empty while it can, or is still being typed."""
    if len(code) > LENGTH:
        return QCoreApplication.translate("code", "A code has 10 letters and digits; this has {n}.").format(n=len(code))
    return ""


def code_hint(code: str) -> str:
    """What stands below the field: how much is missing, or a letter that is easily taken for a digit."""
    if not code:
        return QCoreApplication.translate("code", "10 letters and digits at the beginning of the M-Pesa message")
    if code[0] in "01":
        return QCoreApplication.translate(
            "code", "Codes begin with a letter: is the {digit} the letter {letter}?"
        ).format(digit=code[0], letter="O" if code[0] == "0" else "I")
    if len(code) < LENGTH:
        return QCoreApplication.translate("code", "{n} of 10").format(n=len(code))
    if _DOUBTFUL & set(code):
        return QCoreApplication.translate("code", "Look closely: O or 0, I or 1?")
    return ""


def grouped(code: str) -> str:
    """As it is read aloud: ``TAB1 CD2 EFG``."""
    parts = (code[:4], code[4:7], code[7:])
    return " ".join(part for part in parts if part) if len(code) == LENGTH else code


def refusal(check: CodeCheck, now: datetime) -> Notice:
    """Why it does not count, and what to do; where it was used, by whom."""
    title, advice = (QCoreApplication.translate("code", text) for text in _REASONS.get(check.reason, _REASONS[""]))
    parts = [use_words(check.used, now)] if check.used is not None else []
    parts.append(advice)
    if check.reason == "unknown" and _DOUBTFUL & set(check.code):
        parts.append(QCoreApplication.translate("code", "An O is easily taken for a 0, an I for a 1."))
    return Notice(tone=Tone.NO, title=title, text=" ".join(parts))


def use_words(used: CodeUse, now: datetime) -> str:
    """Where, when and by whom a code was used: which invoice it paid, for whom, on which receipt."""
    when = moment(instant(used.at), now)
    if not used.invoice_number:
        text = QCoreApplication.translate("code", "Its {amount} came on {when} and lies among the unmatched money.")
        return text.format(amount=money(used.amount, _CURRENCY).grouped, when=when)
    text = QCoreApplication.translate("code", "This code paid {invoice} for {name} on {when}").format(
        invoice=used.invoice_number, name=spoken_name(used.patient_name), when=when
    )
    if used.receipt_no:
        text += QCoreApplication.translate("code", ", receipt {no}").format(no=used.receipt_no)
    if used.by:
        text += QCoreApplication.translate("code", ", by {person}").format(person=used.by)
    return f"{text}."


def expired() -> Notice:
    """Nothing was found in two days."""
    return Notice(
        tone=Tone.NO,
        title=QCoreApplication.translate("code", "No such payment was found in two days"),
        text=QCoreApplication.translate("code", "If the patient still shows the message, call a supervisor."),
    )


def waiting(asked_at: datetime, now: datetime, *, away: bool) -> Notice:
    """Safaricom is asked. Nobody has to wait for it at the counter."""
    seconds = (now - asked_at).total_seconds()
    if away:
        title = QCoreApplication.translate("code", "The relay is away")
        text = QCoreApplication.translate(
            "code", "Whether the code is good cannot be seen just now. It comes here once the connection is back."
        )
        return Notice(tone=Tone.UNKNOWN, title=title, text=text, time=running(seconds))
    if seconds < PATIENCE:
        text = QCoreApplication.translate(
            "code", "Safaricom is asked; it takes a few seconds. You can serve the next patient meanwhile."
        )
    else:
        text = QCoreApplication.translate(
            "code",
            "Safaricom takes its time. It is asked again by itself; once the money is proven the receipt is issued, and you are "
            "told. Nothing counts before that.",
        )
    return Notice(
        tone=Tone.WAIT,
        title=QCoreApplication.translate("code", "Checking the code"),
        text=text,
        time=running(seconds),
        progress=min(1.0, seconds / PATIENCE),
    )


def waiting_steps(check: CodeCheck | None, now: datetime, *, prints: bool) -> tuple[StepView, ...]:
    """What happened, what happens now, what will."""
    sent = StepView(
        title=QCoreApplication.translate("code", "Code sent"),
        note=clock_time(instant(check.asked_at)) if check is not None else "",
        state=StepState.DONE if check is not None else StepState.CURRENT,
    )
    note = ""
    if check is not None and check.next_check_at:
        left = (instant(check.next_check_at) - now).total_seconds()
        note = (
            QCoreApplication.translate("code", "asked again in {time}").format(time=running(left))
            if left > 0
            else QCoreApplication.translate("code", "being asked now")
        )
    asked = StepView(
        title=QCoreApplication.translate("code", "Safaricom looks for the payment"),
        note=note,
        state=StepState.CURRENT if check is not None else StepState.FUTURE,
    )
    last = (
        QCoreApplication.translate("code", "Receipt prints by itself")
        if prints
        else QCoreApplication.translate("code", "Receipt is issued by itself")
    )
    return (sent, asked, StepView(title=last))


def told(check: CodeCheck, name: str, now: datetime) -> Toast:
    """A code did not count, for a cashier who serves somebody else by then."""
    notice = refusal(check, now) if check.state == "refused" else expired()
    return Toast(
        tone=Tone.NO,
        title=QCoreApplication.translate("code", "{name}, code {code}: {what}").format(
            name=name, code=check.code, what=notice.title
        ),
        text=notice.text,
        invoice_id=check.invoice_id or 0,
    )


def no_answer() -> Words:
    """The relay did not say whether it has the code."""
    return Words(
        QCoreApplication.translate("code", "The relay did not answer"),
        QCoreApplication.translate("code", "It is asked again by itself. Asking twice counts the code only once."),
    )
