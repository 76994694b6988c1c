"""Phone and amount of a request that is being filled in, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.settings import Fraction


@dataclass(slots=True)
class Draft:
    """What is filled in for one invoice. ``uid`` and ``key`` name this one intent, however often the button is pressed."""

    invoice: Invoice
    uid: UUID
    key: str
    phone: str
    amount: Money | None
    amount_problem: str = ""
    problem: Words | None = None
    retry_at: datetime | None = None
    asked: bool = False

    def amount_words(self, fraction: Fraction) -> str:
        """What is wrong with the amount; empty if nothing."""
        amount = self.amount
        if self.amount_problem or amount is None:
            return self.amount_problem
        if amount.minor <= 0:
            return QCoreApplication.translate("mpesa-form", "Ask for one shilling or more.")
        if amount.fraction:
            return QCoreApplication.translate("mpesa-form", "Whole shillings only: M-Pesa moves no cents.")
        if amount > whole(self.invoice, fraction):
            text = QCoreApplication.translate("mpesa-form", "Only {owed} is owed.")
            return text.format(owed=self.invoice.owed.grouped)
        return ""

    def cents_words(self) -> str:
        """What becomes of what is not asked for; empty where all of it is."""
        owed, amount = self.invoice.owed, self.amount
        if amount is None or amount.fraction:
            return ""
        if amount > owed:
            text = QCoreApplication.translate("mpesa-form", "Rounded up from {owed}: M-Pesa moves whole shillings.")
            return text.format(owed=owed.grouped)
        rest = owed - amount
        if not rest:
            return ""
        if owed.whole_units == amount.whole_units:
            text = QCoreApplication.translate("mpesa-form", "{rest} stays due: M-Pesa moves whole shillings.")
        else:
            text = QCoreApplication.translate("mpesa-form", "{rest} stays due.")
        return text.format(rest=rest.grouped)


def whole(invoice: Invoice, fraction: Fraction) -> Money:
    """What M-Pesa can move of what is owed."""
    owed = invoice.owed
    up = 1 if owed.fraction and fraction is Fraction.ROUND_UP else 0
    return Money.whole(owed.whole_units + up, owed.currency)


def normal(text: str) -> str | None:
    """The number in normal form; None where it is none, or nothing stands there."""
    try:
        return phones.normalise(text) if text.strip() else None
    except CashierMistake:
        return None


def phone_words(text: str) -> str:
    """What is wrong with a number; empty if nothing, or nothing stands there."""
    if not text.strip():
        return ""
    try:
        phones.normalise(text)
    except CashierMistake as e:
        return problem_words(e).line
    return ""


def prefilled(text: str) -> str:
    """The patient's number as people read it; as the HMIS has it where it is none, for the cashier to mend."""
    phone = normal(text)
    return phones.local(phone) if phone is not None else text
