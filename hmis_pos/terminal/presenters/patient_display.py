"""What the screen that faces the patient may show: what is to pay and how, that it is paid, and the change.

Less is shown than the cashier sees, on purpose: strangers stand behind the patient. No family name, no phone in full, nothing of the
services on the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.arrivals import Arrivals
from hmis_pos.terminal.presenters.attempts import Attempts
from hmis_pos.terminal.presenters.cash import CashPresenter
from hmis_pos.terminal.presenters.cash_view import CashState
from hmis_pos.terminal.presenters.codes import CodesPresenter, CodeStage
from hmis_pos.terminal.presenters.counter import OpenInvoice
from hmis_pos.terminal.presenters.desk import Desk
from hmis_pos.terminal.presenters.mpesa import MpesaPresenter
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage
from hmis_pos.terminal.presenters.self_pay import SelfPayPresenter, SelfPayView
from hmis_pos.terminal.presenters.texts import masked_phone, spoken_name

_RINGING = frozenset({MpesaStage.ASKING, MpesaStage.WAITING})


class DisplayStage(StrEnum):
    """What the patient is told."""

    IDLE = "idle"  #: nobody is served
    DUE = "due"
    PIN = "pin"  #: the phone rings
    CHECKING = "checking"  #: whether it is paid is being found out
    PAID = "paid"
    CHANGE = "change"  #: cash was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayView:
    """The patient's screen. Amounts come ready to show, words are the window's, in its own languages."""

    stage: DisplayStage = DisplayStage.IDLE
    hospital: str = ""
    first_name: str = ""
    invoice_number: str = ""
    amount: str = ""  #: to pay; once it is paid, what came
    phone: str = ""  #: masked
    change: str = ""  #: empty where there is none
    rest: str = ""  #: still to pay after this, empty for nothing
    no_pin: bool = False  #: it was paid by another way while the phone rings
    pay: SelfPayView = field(default_factory=SelfPayView)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplaySources:
    """Who tells what the counter is doing."""

    desk: Desk
    cash: CashPresenter
    attempts: Attempts
    arrivals: Arrivals
    mpesa: MpesaPresenter
    codes: CodesPresenter
    self_pay: SelfPayPresenter


class PatientDisplayPresenter(QObject):
    """Connect ``CounterPresenter.opened`` to :meth:`open` after the payment panels; render ``changed``."""

    changed = Signal(DisplayView)

    def __init__(self, sources: DisplaySources, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._from = sources
        self._opened = OpenInvoice()
        self._view = DisplayView()
        for signal in (
            sources.desk.changed,
            sources.cash.changed,
            sources.mpesa.changed,
            sources.codes.changed,
            sources.self_pay.changed,
        ):
            signal.connect(self._publish)
        sources.arrivals.moved.connect(self._publish)

    @property
    def view(self) -> DisplayView:
        return self._view

    def open(self, opened: OpenInvoice) -> None:
        """Another invoice was chosen, or its figures changed."""
        self._opened = opened
        self._publish()

    def look(self, looks: bool) -> None:  # noqa: FBT001 - whether the screen is shown now
        """The patient's screen is shown, or no more."""
        self._from.self_pay.look("patient", looks)

    def _publish(self, _: object = None) -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _make_view(self) -> DisplayView:
        hospital = self._from.desk.view.facility_name
        invoice = self._opened.invoice
        if invoice is None or self._opened.held_elsewhere or not self._from.desk.view.signed_in:
            return DisplayView(hospital=hospital)
        cash, mpesa = self._from.cash.view, self._from.mpesa.view
        base = DisplayView(
            hospital=hospital,
            first_name=first_name(invoice.patient_name),
            invoice_number=invoice.number,
            amount=invoice.owed.grouped,
        )
        if cash.state is CashState.TAKEN:
            return replace(
                base, stage=DisplayStage.CHANGE, amount=cash.received, change=_some(cash.change), rest=cash.rest
            )
        ringing = mpesa.stage in _RINGING
        if mpesa.stage is MpesaStage.PAID or not invoice.owed:
            came = self._from.arrivals.latest(invoice.id)
            amount = mpesa.amount if mpesa.stage is MpesaStage.PAID else ""
            if came is not None and not amount:
                amount = Money.parse(came.said.received, came.said.currency).grouped
            amount = Money.parse(amount.replace(",", ""), invoice.owed.currency).grouped if amount else ""
            return replace(base, stage=DisplayStage.PAID, amount=amount, no_pin=ringing, rest=_owed(invoice.owed))
        if ringing:
            attempt = self._from.attempts.of_invoice(invoice.id)
            phone = masked_phone(attempt.phone) if attempt is not None and attempt.phone else ""
            return replace(base, stage=DisplayStage.PIN, amount=mpesa.amount, phone=phone)
        if mpesa.stage in (MpesaStage.UNKNOWN, MpesaStage.STOPPED) or self._checks_code():
            return replace(base, stage=DisplayStage.CHECKING)
        return replace(base, stage=DisplayStage.DUE, pay=self._from.self_pay.view)

    def _checks_code(self) -> bool:
        return self._from.codes.view.stage is CodeStage.CHECKING


def first_name(name: str) -> str:
    """``Wanjiku, Grace N.`` -> ``Grace``: what may be called out in a waiting room."""
    words = spoken_name(name).split()
    return words[0] if words else ""


def _some(amount: str) -> str:
    return "" if amount in ("", "0.00") else amount


def _owed(owed: Money) -> str:
    return owed.grouped if owed else ""
