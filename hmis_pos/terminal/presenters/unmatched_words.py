"""Unmatched money in words: why an invoice is suggested, who told of the money, how old it is, what assigning it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.invoices import Invoice
from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.unmatched import Part, Suggestion, Unmatched, UnmatchedDetail
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.matching import Reason
from hmis_pos.domain.money import Money
from hmis_pos.domain.phone import masked
from hmis_pos.terminal.presenters.cards import Card
from hmis_pos.terminal.presenters.cures import said
from hmis_pos.terminal.presenters.payments_view import Fact
from hmis_pos.terminal.presenters.refund_words import refund_state_word
from hmis_pos.terminal.presenters.texts import QT_TRANSLATE_NOOP, brief, moment, spoken_name, waited
from hmis_pos.terminal.presenters.unmatched_view import MoneyDetail, PartView
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Tone, Words

#: From here on waiting is too long, and then much too long.
AGEING, OLD = timedelta(days=1), timedelta(days=3)
_NOTHING = Money.zero()

_REASONS: Mapping[Reason, str] = {
    Reason.SAME_ACCOUNT: QT_TRANSLATE_NOOP("unmatched", "the account is its own"),
    Reason.NEAR_ACCOUNT: QT_TRANSLATE_NOOP("unmatched", "a slip away"),
    Reason.PART_OF_ACCOUNT: QT_TRANSLATE_NOOP("unmatched", "the account ends like it"),
    Reason.SAME_AMOUNT: QT_TRANSLATE_NOOP("unmatched", "same amount"),
    Reason.PHONE: QT_TRANSLATE_NOOP("unmatched", "the phone fits"),
    Reason.NAME: QT_TRANSLATE_NOOP("unmatched", "a name fits"),
    Reason.AT_COUNTER: QT_TRANSLATE_NOOP("unmatched", "at a counter then"),
    Reason.RECENT: QT_TRANSLATE_NOOP("unmatched", "queued shortly before"),
}
_SOURCES: Mapping[str, str] = {
    Source.C2B: QT_TRANSLATE_NOOP("unmatched", "Safaricom's notice"),
    Source.PULL: QT_TRANSLATE_NOOP("unmatched", "Safaricom's list of payments"),
    Source.STATUS: QT_TRANSLATE_NOOP("unmatched", "our question about its code"),
    Source.STATEMENT: QT_TRANSLATE_NOOP("unmatched", "an imported statement"),
    Source.CALLBACK: QT_TRANSLATE_NOOP("unmatched", "Safaricom's message"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("unmatched", text)


def reason_words(reasons: Sequence[str]) -> str:
    """``same amount · the phone fits``; what a newer relay says is shown as it says it."""
    known = {reason.value: text for reason, text in _REASONS.items()}
    return " · ".join(_tr(known[one]) if one in known else one for one in reasons)


def source_words(source: str) -> str:
    """Who told of the money."""
    return _tr(_SOURCES[source]) if source in _SOURCES else source


def age_of(since: str, now: datetime) -> tuple[str, Tone, str]:
    """How long it waits, in words, with its tone and the kit's note kind: growing old is seen."""
    waiting = now - instant(since)
    words = waited(waiting.total_seconds())
    if waiting >= OLD:
        return words, Tone.NO, "old"
    if waiting >= AGEING:
        return words, Tone.UNKNOWN, "ageing"
    return words, Tone.NEUTRAL, "plain"


def payer_words(one: Unmatched) -> str:
    """The payer's name, else their phone, else that it is not known."""
    return one.payer_name.strip() or one.payer_phone.strip() or QCoreApplication.translate("unmatched", "Payer unknown")


def account_words(one: Unmatched) -> str:
    """The account as typed; payers may leave it out at a Till."""
    typed = one.account.strip()
    if not typed:
        return QCoreApplication.translate("unmatched", "no account")
    return QCoreApplication.translate("unmatched", "account {account}").format(account=typed)


def card_of_money(one: Unmatched, now: datetime) -> Card:
    """A row of the list."""
    remaining = money(one.remaining, one.currency)
    words, _, kind = age_of(one.since, now)
    if not remaining:
        words, kind = QCoreApplication.translate("unmatched", "placed"), "paid"
    numbers = [account_words(one), one.owner]
    return Card(
        ident=str(one.unmatched_id),
        name=payer_words(one),
        amount=(remaining or money(one.amount, one.currency)).grouped,
        numbers=" · ".join(part for part in numbers if part),
        note=words,
        kind=kind,
        back=not remaining,
    )


def card_of_invoice(invoice: Invoice, reasons: str) -> Card:
    """A row of the suggestions, or of a search."""
    owed = money(invoice.payable, invoice.currency)
    return Card(
        ident=str(invoice.id),
        name=spoken_name(invoice.patient_name),
        amount=owed.grouped,
        numbers=f"{invoice.number} · {invoice.patient_no}",
        note="" if owed else QCoreApplication.translate("unmatched", "paid"),
        kind="plain" if owed else "paid",
        reasons=reasons,
    )


def suggestion_reasons(one: Suggestion) -> str:
    """With the account named that a slip leads to: ``a slip away: INV-20931``."""
    parts = []
    for reason in one.reasons:
        words = reason_words((reason,))
        if reason == Reason.NEAR_ACCOUNT:
            words = f"{words}: {one.invoice.number}"
        parts.append(words)
    return " · ".join(parts)


def consequence(amount: Money, invoice: Invoice) -> tuple[str, ...]:
    """What assigning ``amount`` to an invoice does, a sentence a line."""
    owed = money(invoice.payable, invoice.currency)
    name = spoken_name(invoice.patient_name)
    settles = min(amount.minor, owed.minor)
    over = amount.minor - settles
    lines = []
    if settles:
        words = QCoreApplication.translate("unmatched", "KSh {amount} to {invoice}, {name}.")
        lines.append(words.format(amount=brief(Money(settles, amount.currency)), invoice=invoice.number, name=name))
    if over and settles:
        words = QCoreApplication.translate("unmatched", "KSh {amount} over becomes the patient's deposit.")
        lines.append(words.format(amount=brief(Money(over, amount.currency))))
    elif over:
        words = QCoreApplication.translate(
            "unmatched", "{invoice} owes nothing: KSh {amount} becomes the deposit of {name}."
        )
        lines.append(words.format(invoice=invoice.number, amount=brief(amount), name=name))
    short = owed.minor - settles
    if short:
        words = QCoreApplication.translate("unmatched", "KSh {amount} stays due.")
        lines.append(words.format(amount=brief(Money(short, amount.currency))))
    else:
        lines.append(QCoreApplication.translate("unmatched", "The invoice is paid then.") if settles else "")
    return tuple(line for line in lines if line)


def detail_of(
    one: UnmatchedDetail, me: str, now: datetime, *, online: bool, may_move: frozenset[str] = frozenset()
) -> MoneyDetail:
    """One piece of money in full. ``may_move``: the payments made of it that ``me`` may move back."""
    cash = one.money
    remaining = money(cash.remaining, cash.currency)
    words, tone, _ = age_of(cash.since, now)
    title = QCoreApplication.translate("unmatched", "{amount} from {payer}")
    age = QCoreApplication.translate("unmatched", "waits {time}").format(time=words)
    if not remaining:
        age, tone = QCoreApplication.translate("unmatched", "nothing waits any more"), Tone.OK
    return MoneyDetail(
        unmatched_id=cash.unmatched_id,
        title=title.format(amount=money(cash.amount, cash.currency).grouped, payer=payer_words(cash)),
        age=age,
        age_tone=tone,
        why=_why(cash) if remaining else None,
        facts=tuple(fact for fact in _facts(cash, now) if fact.value),
        parts=tuple(_part(part, cash.currency, now, may_move) for part in one.parts),
        remains=remaining.grouped if remaining and one.parts else "",
        take_on=_take_on(cash, me, online=online),
    )


#: As the relay words them (``cashier.receive_money``).
REASONS = (
    QT_TRANSLATE_NOOP("unmatched", "no account was given"),
    QT_TRANSLATE_NOOP("unmatched", "the account is no number of ours"),
    QT_TRANSLATE_NOOP("unmatched", "several invoices answer to this account"),
    QT_TRANSLATE_NOOP("unmatched", "several patients answer to this account"),
    QT_TRANSLATE_NOOP("unmatched", "the account is a patient with {count} open invoices"),
    QT_TRANSLATE_NOOP("unmatched", "the account is a patient who owes nothing"),
    QT_TRANSLATE_NOOP("unmatched", "no invoice and no patient has this account"),
    QT_TRANSLATE_NOOP("unmatched", "moved back: {reason}"),
)


def _why(cash: Unmatched) -> Words:
    reason = said("unmatched", REASONS, cash.reason)
    return Words(QCoreApplication.translate("unmatched", "It matched no invoice"), _sentence(reason))


def _sentence(text: str) -> str:
    """What the relay says begins small and without an end; a banner wants a sentence."""
    words = text.strip()
    if not words:
        return ""
    return f"{words[0].upper()}{words[1:]}" + ("" if words.endswith((".", "!", "?")) else ".")


def _take_on(cash: Unmatched, me: str, *, online: bool) -> ActionView:
    if not money(cash.remaining, cash.currency):
        return NO_ACTION
    if cash.owner == me:
        return ActionView(
            label=QCoreApplication.translate("unmatched", "You look after it"),
            enabled=False,
            why_not=QCoreApplication.translate("unmatched", "It is yours already."),
        )
    return ActionView(label=QCoreApplication.translate("unmatched", "I look after it"), enabled=online)


def _facts(cash: Unmatched, now: datetime) -> list[Fact]:
    return [
        Fact(
            QCoreApplication.translate("unmatched", "Account typed"),
            cash.account.strip() or QCoreApplication.translate("unmatched", "nothing"),
        ),
        Fact(QCoreApplication.translate("unmatched", "Payer"), cash.payer_name),
        Fact(QCoreApplication.translate("unmatched", "Phone"), _phone(cash.payer_phone)),
        Fact(QCoreApplication.translate("unmatched", "M-Pesa code"), cash.receipt_no),
        Fact(
            QCoreApplication.translate("unmatched", "Paid"), moment(instant(cash.paid_at), now) if cash.paid_at else ""
        ),
        Fact(QCoreApplication.translate("unmatched", "Told by"), source_words(cash.source)),
        Fact(QCoreApplication.translate("unmatched", "Kind"), cash.kind),
        Fact(QCoreApplication.translate("unmatched", "Here since"), moment(instant(cash.since), now)),
        Fact(
            QCoreApplication.translate("unmatched", "Looked after by"),
            cash.owner or QCoreApplication.translate("unmatched", "nobody yet"),
        ),
    ]


def _phone(text: str) -> str:
    """As the provider gave it; a whole number is masked, a hash is not shown (it tells a person nothing)."""
    digits = text.strip()
    if digits.isdigit() and digits.startswith("254"):
        return masked(digits)
    hashed = 32  # hex digits, and more, of a hash
    return "" if len(digits) >= hashed else digits


def _part(part: Part, currency: str, now: datetime, may_move: frozenset[str]) -> PartView:
    amount = money(part.amount, currency)
    back = amount.minor < 0
    if part.refund_uid and not part.payment_uid:
        word, tone = refund_state_word(part.refund_state)
        if back:
            what, tone = QCoreApplication.translate("unmatched", "Refund not made: waits again"), Tone.NEUTRAL
        else:
            what = QCoreApplication.translate("unmatched", "To the payer: {state}").format(state=word)
    elif back:
        what = QCoreApplication.translate("unmatched", "Moved back from {invoice}").format(invoice=part.invoice_number)
        tone = Tone.NEUTRAL
    else:
        what = f"{part.invoice_number}, {spoken_name(part.patient_name)}"
        tone = Tone.OK
    said = [moment(instant(part.at), now), part.by, part.note]
    return PartView(
        amount=amount.grouped.replace("-", "\u2212"),
        what=what,
        note=" · ".join(one for one in said if one),
        tone=tone,
        payment_uid=part.payment_uid if part.payment_uid in may_move and not back else "",
    )
