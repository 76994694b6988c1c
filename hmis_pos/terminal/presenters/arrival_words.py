"""What is said about M-Pesa money that came without a prompt of ours: banner, story, and the news for other screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.payments import Transaction
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.texts import clock_time, masked_phone, spoken_name
from hmis_pos.terminal.presenters.views import Notice, StepState, StepView, Toast, Tone, Words

if TYPE_CHECKING:
    from hmis_pos.terminal.presenters.arrivals import Arrival

_SHILLINGS = "KSh {amount}"


def toast(said: Transaction, receipt_no: str) -> Toast:
    """For a cashier who looks elsewhere: who, how much, which invoice, and the receipt if it is issued."""
    texts = {
        "paybill": QCoreApplication.translate("arrival", "{name} paid {amount} by Paybill"),
        "code": QCoreApplication.translate("arrival", "The code is good: {name} paid {amount}"),
    }
    title = texts.get(said.channel) or QCoreApplication.translate("arrival", "{name} paid {amount} by M-Pesa")
    parts = [said.invoice_number, said.provider_receipt]
    if receipt_no:
        parts.append(QCoreApplication.translate("arrival", "receipt {no}").format(no=receipt_no))
    deposited = money(said.deposited, said.currency)
    if deposited:
        parts.append(_deposit(deposited))
    return Toast(
        tone=Tone.OK,
        title=title.format(name=spoken_name(said.patient_name), amount=money(said.received, said.currency).grouped),
        text=" · ".join(part for part in parts if part),
        invoice_id=said.invoice_id,
    )


def banner(arrival: Arrival, owed: Money) -> Notice:
    """The calm line in the middle column and over the form: what came, from whom, and what is left of it."""
    said = arrival.said
    title = _how(said.channel).format(amount=_SHILLINGS.format(amount=money(said.received, said.currency).grouped))
    return Notice(tone=Tone.OK, title=title, text="\n".join((" · ".join(_whence(said)), rest_words(said, owed))))


def rest_words(said: Transaction, owed: Money) -> str:
    """What is still owed, or what became a deposit, as the banner's last line."""
    deposited = money(said.deposited, said.currency)
    if deposited:
        return f"{_deposit(deposited)}."
    if owed:
        return QCoreApplication.translate("arrival", "{amount} is still owed.").format(amount=owed.grouped)
    return QCoreApplication.translate("arrival", "Nothing more is owed.")


def while_ringing(arrival: Arrival, owed: Money) -> Notice:
    """Money came by another way while our prompt rings on the phone."""
    said = arrival.said
    came = QCoreApplication.translate("arrival", "{amount} came by Paybill while the phone rings")
    if said.channel == "code":
        came = QCoreApplication.translate("arrival", "{amount} was proven by its code while the phone rings")
    came = came.format(amount=money(said.received, said.currency).grouped)
    code = said.provider_receipt
    if owed:
        title = QCoreApplication.translate("arrival", "Do not enter the PIN: a part is paid")
        todo = QCoreApplication.translate(
            "arrival", "{came} ({code}). Stop waiting, then ask for the {rest} that is left."
        ).format(came=came, code=code, rest=owed.grouped)
    else:
        title = QCoreApplication.translate("arrival", "Do not enter the PIN: it is paid")
        todo = QCoreApplication.translate(
            "arrival",
            "{came} ({code}). Tell the patient to cancel on the phone, and stop waiting. A second payment would become a deposit.",
        ).format(came=came, code=code)
    return Notice(tone=Tone.UNKNOWN, title=title, text=todo)


def paid_notice(arrival: Arrival) -> Notice:
    """The panel of an invoice that such money paid."""
    said = arrival.said
    parts = [
        QCoreApplication.translate("arrival", "{amount} received").format(
            amount=money(said.received, said.currency).grouped
        ),
        said.provider_receipt,
    ]
    deposited = money(said.deposited, said.currency)
    if deposited:
        parts.append(_deposit(deposited))
    titles = {
        "paybill": QCoreApplication.translate("arrival", "Paid by Paybill"),
        "code": QCoreApplication.translate("arrival", "Paid: the code is good"),
    }
    title = titles.get(said.channel) or QCoreApplication.translate("arrival", "Paid by M-Pesa")
    return Notice(tone=Tone.OK, title=title, text=" · ".join(part for part in parts if part))


def lead(said: Transaction) -> str:
    """Over the big number: who paid it."""
    if said.payer:
        return QCoreApplication.translate("arrival", "Paid by {payer}").format(payer=_payer(said))
    return QCoreApplication.translate("arrival", "Paid")


def steps(arrival: Arrival, *, prints: bool) -> tuple[StepView, ...]:
    """What happened, and what becomes of the receipt."""
    said = arrival.said
    moved = clock_time(instant(said.paid_at)) if said.paid_at else ""
    typed = ""
    if said.account_typed:
        typed = QCoreApplication.translate("arrival", "account {typed}").format(typed=said.account_typed)
    return (
        StepView(
            title=QCoreApplication.translate("arrival", "The patient paid"),
            note=" · ".join(part for part in (moved, said.provider_receipt, typed) if part),
            state=StepState.DONE,
        ),
        StepView(
            title=_found(said.channel),
            note=" · ".join((clock_time(arrival.came_at), said.invoice_number)),
            state=StepState.DONE,
        ),
        _paper(arrival, prints=prints),
    )


def no_receipt(arrival: Arrival) -> Words | None:
    """Why there is no receipt, and that a person may issue it."""
    if not arrival.owes_receipt or arrival.issuing:
        return None
    return arrival.problem or Words(
        QCoreApplication.translate("arrival", "No receipt yet"),
        QCoreApplication.translate("arrival", "No counter served this patient when the money came. Issue it here."),
    )


def _paper(arrival: Arrival, *, prints: bool) -> StepView:
    if arrival.receipt_no:
        title = (
            QCoreApplication.translate("arrival", "Receipt {no} printed")
            if prints and not arrival.said.receipt_no
            else QCoreApplication.translate("arrival", "Receipt {no} issued")
        )
        return StepView(title=title.format(no=arrival.receipt_no), state=StepState.DONE)
    if not arrival.issuing:
        return StepView(title=QCoreApplication.translate("arrival", "No receipt yet"), state=StepState.UNKNOWN)
    return StepView(title=QCoreApplication.translate("arrival", "Receipt is being issued"), state=StepState.CURRENT)


def _how(channel: str) -> str:
    texts = {
        "paybill": QCoreApplication.translate("arrival", "Paid by Paybill: {amount}"),
        "code": QCoreApplication.translate("arrival", "Paid, proven by its code: {amount}"),
    }
    return texts.get(channel) or QCoreApplication.translate("arrival", "Paid by M-Pesa: {amount}")


def _found(channel: str) -> str:
    texts = {
        "paybill": QCoreApplication.translate("arrival", "It found its invoice by the account"),
        "code": QCoreApplication.translate("arrival", "Safaricom confirmed the code"),
    }
    return texts.get(channel) or QCoreApplication.translate("arrival", "A colleague found whose it is")


def _whence(said: Transaction) -> tuple[str, ...]:
    payer = QCoreApplication.translate("arrival", "from {payer}").format(payer=_payer(said)) if said.payer else ""
    code = QCoreApplication.translate("arrival", "code {code}").format(code=said.provider_receipt)
    return tuple(part for part in (payer, code) if part)


def _payer(said: Transaction) -> str:
    """As the provider gave it, a whole number masked: the payer is not always the patient, and others can see the screen."""
    return " ".join((masked_phone(word) if word.isdigit() else "") or word for word in said.payer.split())


def _deposit(amount: Money) -> str:
    return QCoreApplication.translate("arrival", "{amount} of it is the patient\u2019s deposit now").format(
        amount=amount.grouped
    )
