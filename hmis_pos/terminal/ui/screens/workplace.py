"""Where a signed-in person works: top bar, rail, the chosen screen, foot bar, toasts, and the receipt over it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters import views
from hmis_pos.terminal.presenters.board import Board
from hmis_pos.terminal.presenters.desk import FINANCE, DeskView
from hmis_pos.terminal.presenters.status import StatusView
from hmis_pos.terminal.ui.kit.bars import FootBar, TopBar
from hmis_pos.terminal.ui.kit.keys import Action, KeyMap
from hmis_pos.terminal.ui.kit.rail import Rail
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.toast import ToastArea
from hmis_pos.terminal.ui.screens.counter import screen as counter
from hmis_pos.terminal.ui.screens.payments import screen as payments
from hmis_pos.terminal.ui.screens.receipt_view import Paper, ReceiptPanel
from hmis_pos.terminal.ui.screens.refunds import screen as refunds
from hmis_pos.terminal.ui.screens.rendering import tone_of
from hmis_pos.terminal.ui.screens.statements import screen as statements
from hmis_pos.terminal.ui.screens.status_strip import StatusStrip
from hmis_pos.terminal.ui.screens.unmatched import screen as unmatched

_LINE_ICONS = {Tone.UNKNOWN: "wifi-off", Tone.NO: "warning"}
PLACE = "work"
RECEIPT = "receipt"
_Room = payments.PaymentsScreen | refunds.RefundsScreen | unmatched.UnmatchedScreen | statements.StatementsScreen


class Workplace(QWidget):
    """All screens of a till, one of them shown. ``placesChanged`` says that other keys apply now."""

    placesChanged = Signal()

    def __init__(self, board: Board, paper: Paper, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workplace")
        self._board = board
        self.top = TopBar()
        self.top.setObjectName("topBar")
        self.strip = StatusStrip(board.status, board.session)
        self.rail = Rail()
        self.rail.setObjectName("rail")
        self.rail.add(counter.PLACE, self.tr("Counter"), "counter", "Ctrl+1").setObjectName("railCounter")
        self.rail.add(payments.PLACE, self.tr("Payments"), "payments", "Ctrl+2").setObjectName("railPayments")
        self.rail.add(refunds.PLACE, self.tr("Refunds"), "refunds", "Ctrl+3").setObjectName("railRefunds")
        self.rail.add(unmatched.PLACE, self.tr("Unmatched"), "unmatched", "Ctrl+4").setObjectName("railUnmatched")
        self.rail.add(statements.PLACE, self.tr("Statements"), "reports", "Ctrl+5").setObjectName("railStatements")
        parts = counter.CounterParts(
            queue=board.queue,
            counter=board.counter,
            cash=board.cash,
            mpesa=board.mpesa,
            codes=board.codes,
            self_pay=board.self_pay,
            receipts=board.receipts,
        )
        self.counter = counter.CounterScreen(parts)
        self.payments = payments.PaymentsScreen(board.payments, board.receipts, board.back_office.ask_payment)
        office = board.back_office
        self.refunds = refunds.RefundsScreen(office.refunds)
        self.unmatched = unmatched.UnmatchedScreen(office.unmatched, office.placing, office.ask_unmatched)
        self.statements = statements.StatementsScreen(office.statements, office.items, office.mpesa)
        self._places: dict[str, counter.CounterScreen | _Room] = {
            counter.PLACE: self.counter,
            payments.PLACE: self.payments,
            refunds.PLACE: self.refunds,
            unmatched.PLACE: self.unmatched,
            statements.PLACE: self.statements,
        }
        self._screens = QStackedWidget()
        for place in self._places.values():
            self._screens.addWidget(place)
        self._lay_out(keys)
        self.toasts = ToastArea(self._screens)
        self.toasts.setObjectName("toasts")
        self.receipt = ReceiptPanel(self._screens, board.receipts, paper)
        self._about = 0
        self._connect()
        self._show_desk(board.desk.view)
        self._show_status(board.status.view)

    def _lay_out(self, keys: KeyMap) -> None:
        work = QVBoxLayout()
        work.setSpacing(0)
        work.addWidget(self._screens, 1)
        self.foot = FootBar(keys)
        self.foot.setObjectName("footBar")
        work.addWidget(self.foot)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(work, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.strip)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        board = self._board
        board.desk.changed.connect(self._show_desk)
        board.status.changed.connect(self._show_status)
        board.told.connect(self.tell)
        self.rail.chosen.connect(self.go)
        self.counter.receiptWanted.connect(self.receipt.present)
        self.payments.receiptWanted.connect(self.receipt.present)
        for room in (self.payments, self.refunds, self.unmatched, self.statements):
            room.backWanted.connect(self._back_to_counter)
        # Bound methods: these presenters outlive the screens, and only such connections end with them.
        board.back_office.refunds.waitingChanged.connect(self._count_waiting)
        board.back_office.unmatched.waitingChanged.connect(self._count_waiting)
        self._count_waiting()
        self.payments.patientWanted.connect(self._show_patient)
        self.receipt.moved.connect(self.placesChanged)

    # ------------------------------------------------------------ keys

    def actions_here(self) -> list[Action]:
        """What can be done wherever one works, and on each screen."""
        board = self._board
        return [
            *self.counter.actions_here(),
            *self.payments.actions_here(),
            *self.refunds.actions_here(),
            *self.unmatched.actions_here(),
            *self.statements.actions_here(),
            Action("go.counter", self.tr("Go to the counter"), lambda: self.go(counter.PLACE), ("Ctrl+1",), PLACE),
            Action("go.payments", self.tr("Go to the payments"), lambda: self.go(payments.PLACE), ("Ctrl+2",), PLACE),
            Action("go.refunds", self.tr("Go to the refunds"), partial(self.go, refunds.PLACE), ("Ctrl+3",), PLACE),
            Action(
                "go.unmatched",
                self.tr("Go to the unmatched money"),
                partial(self.go, unmatched.PLACE),
                ("Ctrl+4",),
                PLACE,
            ),
            Action(
                "go.statements",
                self.tr("Go to the statements"),
                partial(self.go, statements.PLACE),
                ("Ctrl+5",),
                PLACE,
            ),
            Action(
                "receipt.print",
                self.tr("Print the receipt again"),
                self.print_again,
                ("F9",),
                PLACE,
                self.tr("reprint"),
            ),
            Action("receipt.show", self.tr("Show the receipt"), self.receipt.present, ("Ctrl+R",), PLACE),
            Action("receipt.save", self.tr("Save the receipt as PDF"), self._save_receipt, ("Ctrl+S",), PLACE),
            Action("receipt.close", self.tr("Close the receipt"), self.receipt.dismiss, ("Escape",), RECEIPT),
            Action("status.send", self.tr("Send receipts now"), board.status.send_now, ("Ctrl+Shift+S",), PLACE),
            Action(
                "status.offer", self.tr("Offer a refused receipt once more"), self.strip.act, ("Ctrl+Shift+E",), PLACE
            ),
            Action("session.sign-out", self.tr("Sign out"), board.session.sign_out, ("Ctrl+Shift+O",), PLACE),
            Action("toast.act", self.tr("Go to the patient of the last message"), self.toasts.act, ("Ctrl+J",), PLACE),
        ]

    def places(self) -> tuple[str, ...]:
        """Where the person is, from outer to inner."""
        here = (PLACE, self.place)
        return (*here, RECEIPT) if self.receipt.isVisible() else here

    @property
    def place(self) -> str:
        shown = self._screens.currentWidget()
        return next(place for place, screen in self._places.items() if screen is shown)

    def go(self, place: str) -> None:
        """Show another screen; one that is not for this person stays away."""
        if place == statements.PLACE and self._board.desk.view.role not in FINANCE:
            return
        self.rail.set_current(place)
        screen = self._places[place]
        self._screens.setCurrentWidget(screen)
        self.receipt.dismiss()
        self.placesChanged.emit()
        if isinstance(screen, counter.CounterScreen):
            self.counter.queue.search.setFocus(Qt.FocusReason.OtherFocusReason)  # until there is something to pay
            self.counter.payment.focus_first()
            self.counter.bring_receipt()
        else:
            screen.opened()

    def _save_receipt(self) -> None:
        self._board.receipts.save_pdf()

    def print_again(self) -> None:
        """Print what is shown, or the last receipt of this till."""
        self._board.receipts.print_again()

    # ------------------------------------------------------------ news

    def tell(self, toast: views.Toast) -> None:
        """Say what happened elsewhere."""
        if toast.invoice_id and self.counter.tells_of(toast.invoice_id) and self.place == counter.PLACE:
            return  # the cashier is looking at it
        words = f"{toast.title}\n{toast.text}" if toast.text else toast.title
        if not toast.invoice_id:
            self.toasts.show_toast(words, tone_of(toast.tone))
            return
        self.toasts.show_toast(
            words,
            tone_of(toast.tone),
            action=self.tr("Show"),
            key="Ctrl+J",
            on_action=lambda: self._show_patient(toast.invoice_id),
        )

    def _back_to_counter(self) -> None:
        self.go(counter.PLACE)

    def _show_patient(self, invoice_id: int) -> None:
        self.go(counter.PLACE)
        self._board.queue.choose(invoice_id)

    def scanned(self, code: str) -> None:
        """A barcode: an invoice of the queue, whatever screen is shown, or the M-Pesa code that is asked for."""
        if self.place == counter.PLACE and self.counter.takes_scan(code):
            return
        if self.place != counter.PLACE:
            self.go(counter.PLACE)
        self._board.queue.scanned(code)

    def _count_waiting(self) -> None:
        office = self._board.back_office
        self.rail.set_count(refunds.PLACE, office.refunds.waiting)
        self.rail.set_count(unmatched.PLACE, office.unmatched.waiting)

    def _show_desk(self, view: DeskView) -> None:
        series = self.tr("series {series}").format(series=view.series) if view.series else self.tr("no receipt series")
        self.top.set_place(view.facility_name, f"{view.counter} · {series}" if view.counter else series)
        self.top.set_person(view.display_name or view.username)
        self.rail.set_shown(statements.PLACE, view.role in FINANCE)

    def _show_status(self, view: StatusView) -> None:
        tone = tone_of(view.tone)
        self.top.line.show_words(view.text, tone, icon=_LINE_ICONS.get(tone, "dot"))
        self.top.set_clock(view.clock)
