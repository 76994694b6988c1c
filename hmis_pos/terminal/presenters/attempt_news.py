"""What is said about an M-Pesa payment to a cashier who serves somebody else by then."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from hmis_pos.contract.mapping import money
from hmis_pos.contract.payments import Transaction
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.payment import PaymentState
from hmis_pos.terminal.presenters.texts import spoken_name
from hmis_pos.terminal.presenters.views import Toast, Tone
from hmis_pos.terminal.presenters.words import problem_words


def paid(said: Transaction, receipt_no: str, *, late: bool) -> Toast:
    """The money is there and its receipt is issued; ``late``: after a no, or after the cashier stopped waiting."""
    title = (
        QCoreApplication.translate("attempt", "{name} paid after all: {amount}")
        if late
        else QCoreApplication.translate("attempt", "{name} paid {amount}")
    )
    text = QCoreApplication.translate("arrival", "receipt {no}").format(no=receipt_no)
    if said.provider_receipt:  # found by asking, the code may come later
        text = QCoreApplication.translate("attempt", "M-Pesa {code} · receipt {no}").format(
            code=said.provider_receipt, no=receipt_no
        )
    deposited = money(said.deposited, said.currency)
    if deposited:
        more = QCoreApplication.translate("attempt", "{amount} of it is the patient's deposit now")
        text = f"{text} · {more.format(amount=deposited.grouped)}"
    received = money(said.received, said.currency).grouped
    return Toast(
        tone=Tone.OK,
        title=title.format(name=spoken_name(said.patient_name), amount=received),
        text=text,
        invoice_id=said.invoice_id,
    )


def no_money(said: Transaction) -> Toast:
    """A no, or an open question."""
    name = spoken_name(said.patient_name)
    if said.status == PaymentState.UNKNOWN:
        return Toast(
            tone=Tone.UNKNOWN,
            title=QCoreApplication.translate("attempt", "{name}: not known yet").format(name=name),
            text=QCoreApplication.translate("attempt", "Do not take the money again before it is known."),
            invoice_id=said.invoice_id,
        )
    text = QCoreApplication.translate("attempt", "Choose {number} to see why, and what to do.")
    return Toast(
        tone=Tone.NO,
        title=QCoreApplication.translate("attempt", "{name} has not paid").format(name=name),
        text=text.format(number=said.invoice_number),
        invoice_id=said.invoice_id,
    )


def no_receipt(invoice_id: int, error: PosError) -> Toast:
    """The money is there, but the till could not issue the receipt yet."""
    words = problem_words(error)
    passing = isinstance(error, Unavailable | OutcomeUnknown)
    advice = QCoreApplication.translate("attempt", "It is tried again by itself.") if passing else words.advice
    return Toast(
        tone=Tone.UNKNOWN,
        title=QCoreApplication.translate("attempt", "Paid, but the receipt is not issued yet"),
        text=f"{words.title}. {advice}",
        invoice_id=invoice_id,
    )


def not_asked(invoice_id: int) -> Toast:
    """The relay never heard of the request."""
    return Toast(
        tone=Tone.NO,
        title=QCoreApplication.translate("attempt", "The phone was not asked"),
        text=QCoreApplication.translate(
            "attempt", "The request never reached the relay. Nothing was charged; ask again if you like."
        ),
        invoice_id=invoice_id,
    )
