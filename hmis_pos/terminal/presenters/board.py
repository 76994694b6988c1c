"""All presenters of a till, made once and connected; what runs in the background while somebody is signed in."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QObject, Signal

from hmis_pos.terminal.presenters.arrivals import Arrivals
from hmis_pos.terminal.presenters.attempts import Attempts
from hmis_pos.terminal.presenters.back_office import BackOffice
from hmis_pos.terminal.presenters.cash import CashPresenter
from hmis_pos.terminal.presenters.codes import CodesPresenter
from hmis_pos.terminal.presenters.counter import CounterPresenter
from hmis_pos.terminal.presenters.mpesa import MpesaPresenter
from hmis_pos.terminal.presenters.paid_receipts import PaidReceipts
from hmis_pos.terminal.presenters.patient_display import DisplaySources, PatientDisplayPresenter
from hmis_pos.terminal.presenters.payments import PaymentsPresenter
from hmis_pos.terminal.presenters.queue import Choice, QueuePresenter
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.self_pay import SelfPayPresenter
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.session import SessionPresenter
from hmis_pos.terminal.presenters.status import StatusPresenter
from hmis_pos.terminal.presenters.views import Toast, Tone


class Board(QObject):
    """Call :meth:`start` on the loop once; end by closing the services' tasks.

    ``told`` carries what happened elsewhere than where the cashier looks.
    """

    told = Signal(Toast)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.desk = services.desk
        self.session = SessionPresenter(services, self)
        self.status = StatusPresenter(services, self)
        self.receipts = ReceiptPresenter(services, self)
        self.queue = QueuePresenter(services, self)
        self.counter = CounterPresenter(services, self)
        self.cash = CashPresenter(services, self.receipts, self)
        paid = PaidReceipts(services, self.receipts)
        self.attempts = Attempts(services, paid, self)
        self.arrivals = Arrivals(services, paid, self)
        self.mpesa = MpesaPresenter(services, self.attempts, self.arrivals, self)
        self.codes = CodesPresenter(services, self.arrivals, self)
        self.self_pay = SelfPayPresenter(services, self)
        self.display = PatientDisplayPresenter(
            DisplaySources(
                desk=self.desk,
                cash=self.cash,
                attempts=self.attempts,
                arrivals=self.arrivals,
                mpesa=self.mpesa,
                codes=self.codes,
                self_pay=self.self_pay,
            ),
            self,
        )
        self.payments = PaymentsPresenter(services, self.receipts, self.arrivals, self)
        self.back_office = BackOffice(services, self)
        self._following: asyncio.Task[Any] | None = None
        self._sending: asyncio.Task[Any] | None = None
        self.receipts.follow(lambda: self.counter.invoice_id)
        self.arrivals.follow(self.counter.served_since)
        self.counter.follow(self.arrivals)
        self._connect()

    def _connect(self) -> None:
        self.queue.chosen.connect(self._on_chosen)
        self.counter.opened.connect(self.cash.open)
        self.counter.opened.connect(self.mpesa.open)
        self.counter.opened.connect(self.codes.open)
        self.counter.opened.connect(self.self_pay.open)
        self.counter.opened.connect(self.display.open)
        self.cash.restWanted.connect(self.mpesa.prefill)
        self.cash.nextWanted.connect(self.queue.serve_next)
        self.mpesa.nextWanted.connect(self.queue.serve_next)
        self.codes.nextWanted.connect(self.queue.serve_next)
        self.session.signedIn.connect(self._on_signed_in)
        self.session.signedOut.connect(self._on_signed_out)
        for source in (self.attempts, self.arrivals, self.codes, self.receipts, self.status):
            source.told.connect(self.told)
        self.services.tasks.crashed.connect(self._on_crash)

    def start(self) -> None:
        """Show what the till remembers, and find out who is there."""
        self.services.ticker.start()
        self.status.refresh()
        self.receipts.load_last()
        self.session.start()

    def retell(self) -> None:
        """The language changed: every presenter says its words anew."""
        self.session.retell()
        self.status.retell()
        self.receipts.retell()
        self.queue.retell()
        self.counter.retell()
        self.cash.retell()
        self.mpesa.retell()
        self.codes.retell()
        self.self_pay.retell()
        self.payments.retell()
        self.back_office.retell()

    def _on_chosen(self, choice: Choice) -> None:
        self.counter.choose(choice.invoice_id)

    def _on_signed_in(self) -> None:
        tasks = self.services.tasks
        if self._sending is None:
            self._sending = tasks.spawn(self.services.sender.run(), name="sync")
        else:
            self.services.sender.wake()
        if self.services.relay.http.session is not None and (self._following is None or self._following.done()):
            self._following = tasks.spawn(self.services.worklist.run(), name="worklist")
        self.queue.start()
        self.back_office.start()
        tasks.spawn(self.attempts.resume(), name="mpesa.resume")

    def _on_signed_out(self) -> None:
        if self._following is not None:
            self._following.cancel()
            self._following = None
        self.queue.choose(0)
        self.queue.clear_search()

    def _on_crash(self, _name: str, _error: object) -> None:
        self.told.emit(
            Toast(
                tone=Tone.NO,
                title=self.tr("The program made a mistake"),
                text=self.tr("It is written to the log. What you see may be old; if it stays, start the till again."),
            )
        )
