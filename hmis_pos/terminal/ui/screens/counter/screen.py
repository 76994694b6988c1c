"""The three columns of the counter, and what its keys do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hmis_pos.terminal.presenters.cash import CashPresenter
from hmis_pos.terminal.presenters.cash_view import CashState
from hmis_pos.terminal.presenters.codes import CodesPresenter, CodeStage
from hmis_pos.terminal.presenters.counter import CounterPresenter, OpenInvoice
from hmis_pos.terminal.presenters.mpesa import MpesaPresenter
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage, MpesaView
from hmis_pos.terminal.presenters.queue import QueuePresenter
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.self_pay import SelfPayPresenter
from hmis_pos.terminal.ui.kit.keys import Action
from hmis_pos.terminal.ui.kit.theme import sizes
from hmis_pos.terminal.ui.screens.counter.invoice_column import InvoiceColumn
from hmis_pos.terminal.ui.screens.counter.mpesa_page import MpesaParts
from hmis_pos.terminal.ui.screens.counter.payment_panel import Method, PaymentPanel
from hmis_pos.terminal.ui.screens.counter.queue_column import QueueColumn

PLACE = "counter"
_PAGE = 8
_LEAST_MIDDLE = 400  # the middle gives way first, to here; then the sides do
_LEAST_QUEUE, _LEAST_PAYMENT = 250, 320
_MOST_QUEUE, _MOST_PAYMENT = 460, 480
_NOTES = 4  # exact and three round amounts; five notes to add come behind them


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterParts:
    """The presenters of the counter."""

    queue: QueuePresenter
    counter: CounterPresenter
    cash: CashPresenter
    mpesa: MpesaPresenter
    codes: CodesPresenter
    self_pay: SelfPayPresenter
    receipts: ReceiptPresenter


class CounterScreen(QWidget):
    """Queue, invoice, payment.

    ``receiptWanted`` asks for the receipt on the screen.
    """

    receiptWanted = Signal()

    def __init__(self, parts: CounterParts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("counterScreen")
        self._parts = parts
        self.queue = QueueColumn(parts.queue)
        self.invoice = InvoiceColumn(parts.counter)
        mpesa = MpesaParts(mpesa=parts.mpesa, codes=parts.codes, self_pay=parts.self_pay)
        self.payment = PaymentPanel(parts.counter, parts.cash, mpesa, parts.receipts)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.queue)
        row.addWidget(self.invoice, 1)
        row.addWidget(self.payment)
        self.payment.receiptWanted.connect(self.receiptWanted)
        parts.counter.opened.connect(self._opened)
        parts.cash.restWanted.connect(self._rest_wanted)
        parts.mpesa.changed.connect(self._paid_by_phone)
        parts.mpesa.changed.connect(self._tells_of_payment)
        self.payment.methodChanged.connect(self._tells_of_payment)
        self._paid = 0

    # ------------------------------------------------------------ keys

    def actions_here(self) -> list[Action]:
        """What can be done at the counter, with its keys."""
        queue, cash, mpesa = self._parts.queue, self._parts.cash, self._parts.mpesa
        return [
            Action(
                "counter.up",
                self.tr("Choose the patient above"),
                lambda: self.step(-1),
                ("Up",),
                PLACE,
                self.tr("choose"),
                repeats=True,
            ),
            Action(
                "counter.down",
                self.tr("Choose the patient below"),
                lambda: self.step(1),
                ("Down",),
                PLACE,
                self.tr("choose"),
                repeats=True,
            ),
            Action(
                "counter.page-up",
                self.tr("Go up a page in the queue"),
                lambda: self.step(-_PAGE),
                ("PgUp",),
                PLACE,
                repeats=True,
            ),
            Action(
                "counter.page-down",
                self.tr("Go down a page in the queue"),
                lambda: self.step(_PAGE),
                ("PgDown",),
                PLACE,
                repeats=True,
            ),
            Action(
                "counter.cash",
                self.tr("Take cash"),
                lambda: self.payment.show_method(Method.CASH),
                ("F2",),
                PLACE,
                self.tr("cash"),
            ),
            Action(
                "counter.mpesa",
                self.tr("Ask for M-Pesa"),
                lambda: self.payment.show_method(Method.MPESA),
                ("F3",),
                PLACE,
                self.tr("M-Pesa"),
            ),
            Action(
                "counter.split",
                self.tr("Split: a part in cash, the rest by M-Pesa"),
                self._split,
                ("F5",),
                PLACE,
                self.tr("split"),
            ),
            Action("counter.part", self.tr("Take a part payment"), self._part, ("F10",), PLACE),
            Action("counter.enter", self.tr("Do what the big button says"), self.enter, ("Return",), PLACE),
            Action(
                "counter.search",
                self.tr("Search for a patient"),
                self.queue.focus_search,
                ("/", "Ctrl+F"),
                PLACE,
                self.tr("search"),
            ),
            Action("counter.back", self.tr("One step back; takes nothing back"), self.step_back, ("Escape",), PLACE),
            Action("counter.next", self.tr("Serve the next patient"), queue.serve_next, ("Ctrl+N",), PLACE),
            Action(
                "counter.take-over",
                self.tr("Serve here a patient of another counter"),
                self._parts.counter.take_over,
                ("Ctrl+T",),
                PLACE,
            ),
            Action(
                "counter.issue",
                self.tr("Issue the receipt of M-Pesa money that came by itself"),
                self._parts.counter.issue_receipt,
                ("Shift+F9",),
                PLACE,
            ),
            Action("counter.stop", self.tr("Stop waiting for M-Pesa"), mpesa.stop, ("F7",), PLACE),
            Action(
                "counter.code",
                self.tr("The patient has an M-Pesa code"),
                self._begin_code,
                ("F8",),
                PLACE,
                self.tr("code"),
                more="sms message ujumbe",
            ),
            Action("counter.check", self.tr("Ask how the M-Pesa payment stands"), mpesa.check, ("Shift+F8",), PLACE),
            Action("counter.again", self.tr("Ask the phone again"), mpesa.ask_again, ("F6",), PLACE),
            Action("counter.change", self.tr("Change phone or amount"), mpesa.change, ("F4",), PLACE),
            Action("counter.exact", self.tr("The patient gives the exact amount"), cash.exact, ("Alt+1",), PLACE),
            *self._note_actions(),
            Action(
                "counter.lines-up",
                self.tr("Scroll the services up"),
                lambda: self.invoice.scroll_services(-1),
                ("Ctrl+Up",),
                PLACE,
                repeats=True,
            ),
            Action(
                "counter.lines-down",
                self.tr("Scroll the services down"),
                lambda: self.invoice.scroll_services(1),
                ("Ctrl+Down",),
                PLACE,
                repeats=True,
            ),
            Action(
                "counter.story-up",
                self.tr("Scroll the payment panel up"),
                partial(self.payment.scroll_story, -1),
                ("Alt+Up",),
                PLACE,
                repeats=True,
            ),
            Action(
                "counter.story-down",
                self.tr("Scroll the payment panel down"),
                partial(self.payment.scroll_story, 1),
                ("Alt+Down",),
                PLACE,
                repeats=True,
            ),
            Action(
                "counter.reload",
                self.tr("Read this invoice again"),
                self._parts.counter.refresh,
                ("Ctrl+Shift+R",),
                PLACE,
            ),
        ]

    def _note_actions(self) -> list[Action]:
        offers = [
            Action(
                f"counter.note-{place}",
                self.tr("Round amount {n}").format(n=place),
                partial(self.payment.cash.press_note, place),
                (f"Alt+{place + 1}",),
                PLACE,
            )
            for place in range(1, _NOTES)
        ]
        added = [
            Action(
                f"counter.add-{amount}",
                self.tr("Add a note of {amount}").format(amount=f"{amount:,}"),
                partial(self.payment.cash.press_note, place),
                (f"Alt+{place + 1}",),
                PLACE,
            )
            for place, amount in enumerate((1000, 500, 200, 100, 50), _NOTES)
        ]
        return offers + added

    def tells_of(self, invoice_id: int) -> bool:
        """Whether the M-Pesa story of this invoice, or what came for it by itself, is on the screen."""
        mpesa = self.payment.method is Method.MPESA and self.payment.mpesa.has_story()
        told = mpesa or self._parts.counter.view.arrived is not None
        return told and self._parts.counter.invoice_id == invoice_id

    def bring_receipt(self) -> None:
        """The receipt to print is the one of what the panel tells, not of who was served or looked at in between."""
        cash, mpesa = self._parts.cash.view.payment_uid, self._parts.mpesa.view.payment_uid
        told = cash or mpesa if self.payment.method is Method.CASH else mpesa or cash
        if told:
            self._parts.receipts.show_payment(UUID(told))
        else:
            self._parts.receipts.let_go()

    def step(self, rows: int) -> None:
        """Up and down in the queue, whatever has the focus."""
        self.queue.arrowed()
        self._parts.queue.step(rows)

    def enter(self) -> None:
        """The one key: in the search it finds, else it does what the big button says."""
        if self.queue.search.hasFocus():
            if self.queue.wants_hit():
                self.queue.search.tell_now()
                self._parts.queue.enter()
            else:
                self.queue.clear_search()
                self.payment.focus_first()
            return
        if not self._parts.counter.invoice_id:
            self._parts.queue.enter()
        elif self.payment.method is Method.CASH:
            self._parts.cash.enter()
        elif self.payment.mpesa.shows_code():
            self._parts.codes.enter()
        else:
            self._parts.mpesa.enter()

    def step_back(self) -> None:
        """Esc: out of the search, then out of a field or the code. It never ends or undoes a payment."""
        if self._parts.queue.view.search:
            self.queue.clear_search()
            self.payment.focus_first()
        elif self.queue.search.hasFocus() or self.queue.list.hasFocus() or self._close_code():
            self.payment.focus_first()
        else:
            self.queue.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _close_code(self) -> bool:
        return self.payment.method is Method.MPESA and self._parts.codes.close()

    def takes_scan(self, code: str) -> bool:
        """Whether a barcode is the code that is being asked for, and not an invoice."""
        wanted = self.payment.method is Method.MPESA and self.payment.mpesa.shows_code()
        if wanted and self._parts.codes.view.stage is CodeStage.ENTRY:
            self._parts.codes.set_text(code)
            return True
        return False

    def _begin_code(self) -> None:
        if self._parts.counter.invoice_id:
            self._parts.codes.begin()
            self.payment.show_method(Method.MPESA)

    def _split(self) -> None:
        self.payment.show_method(Method.CASH)
        self._parts.cash.split()
        self.payment.focus_first()

    def _part(self) -> None:
        if self.payment.method is Method.CASH:
            self._parts.cash.part()
            self.payment.focus_first()

    # ------------------------------------------------------------ news

    def _opened(self, opened: OpenInvoice) -> None:
        if not opened.fresh:
            return
        ringing = opened.ringing is not None or self.payment.mpesa.has_story()
        self.payment.show_method(Method.MPESA if ringing else Method.CASH, steal=not self.queue.is_searching())

    def _paid_by_phone(self, view: MpesaView) -> None:
        """All of it came by M-Pesa while the cash page stood open: turn to its story, once, unless cash was taken just now."""
        paid = view.invoice_id if view.stage is MpesaStage.PAID else 0
        news, self._paid = paid not in (0, self._paid), paid
        idle = self._parts.cash.view.state in (CashState.OPEN, CashState.CLOSED)
        if news and idle and self.payment.method is Method.CASH and paid == self._parts.counter.invoice_id:
            self.payment.show_method(Method.MPESA, steal=not self.queue.is_searching())

    def _tells_of_payment(self) -> None:
        if self.isVisible():
            self.bring_receipt()

    def _rest_wanted(self) -> None:
        self.payment.show_method(Method.MPESA)

    # ------------------------------------------------------------ widths

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width: the middle gives way first, the sides only when it has no more to give."""
        super().resizeEvent(event)
        queue, payment = widths(self.width())
        self.queue.setFixedWidth(queue)
        self.payment.setFixedWidth(payment)


def widths(room: int) -> tuple[int, int]:
    """How wide queue and payment are in a screen that is ``room`` wide."""
    queue, payment = sizes().queue, sizes().payment
    left = room - queue - payment
    if left < _LEAST_MIDDLE:
        missing = _LEAST_MIDDLE - left
        return max(_LEAST_QUEUE, queue - missing * 6 // 10), max(_LEAST_PAYMENT, payment - missing * 4 // 10)
    spare = max(0, left - 640)
    return min(_MOST_QUEUE, queue + spare // 5), min(_MOST_PAYMENT, payment + spare // 5)
