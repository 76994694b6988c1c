"""The payments: list at the left, one payment at the right, and what the keys do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hmis_pos.terminal.presenters.payments import PaymentsPresenter
from hmis_pos.terminal.presenters.payments_view import StateFilter
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.refund_ask import RefundAskPresenter
from hmis_pos.terminal.ui.kit.keys import Action
from hmis_pos.terminal.ui.kit.theme import sizes
from hmis_pos.terminal.ui.screens.payments.detail_column import DetailColumn
from hmis_pos.terminal.ui.screens.payments.list_column import ListColumn

PLACE = "payments"
_PAGE = 10
_LEAST_DETAIL, _MOST_DETAIL = 300, 520


class PaymentsScreen(QWidget):
    """``receiptWanted`` asks for the receipt on the screen, ``patientWanted`` for an invoice at the counter, ``backWanted`` for the counter."""

    receiptWanted = Signal()
    patientWanted = Signal(int)
    backWanted = Signal()

    def __init__(
        self,
        presenter: PaymentsPresenter,
        receipts: ReceiptPresenter,
        ask: RefundAskPresenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("paymentsScreen")
        self._presenter = presenter
        self._receipts = receipts
        self._ask = ask
        self._showing = ""
        self.list = ListColumn(presenter)
        self.detail = DetailColumn(presenter, ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list, 1)
        row.addWidget(self.detail)
        self.detail.receiptWanted.connect(self.show_receipt)
        self.detail.patientWanted.connect(self.patientWanted)
        self.detail.closed.connect(self.list.focus_table)
        receipts.changed.connect(self._receipt_came)

    def opened(self) -> None:
        """The screen is shown: read the list, and let the arrows work."""
        self._presenter.open()
        self.list.focus_table()

    def actions_here(self) -> list[Action]:
        """What can be done here, with its keys."""
        presenter = self._presenter
        bar = self.list.filter
        return [
            Action(
                "payments.up",
                self.tr("Choose the payment above"),
                partial(self.list.step, -1),
                ("Up",),
                PLACE,
                self.tr("choose"),
                repeats=True,
            ),
            Action(
                "payments.down",
                self.tr("Choose the payment below"),
                partial(self.list.step, 1),
                ("Down",),
                PLACE,
                self.tr("choose"),
                repeats=True,
            ),
            Action(
                "payments.page-up",
                self.tr("Go up a page of payments"),
                partial(self.list.step, -_PAGE),
                ("PgUp",),
                PLACE,
                repeats=True,
            ),
            Action(
                "payments.page-down",
                self.tr("Go down a page of payments"),
                partial(self.list.step, _PAGE),
                ("PgDown",),
                PLACE,
                repeats=True,
            ),
            Action(
                "payments.search",
                self.tr("Search the payments"),
                bar.focus_search,
                ("/", "Ctrl+F"),
                PLACE,
                self.tr("search"),
            ),
            Action(
                "payments.show",
                self.tr("Show the receipt of this payment"),
                self.enter,
                ("Return", "Ctrl+R"),
                PLACE,
                self.tr("receipt"),
            ),
            Action(
                "payments.print",
                self.tr("Print the receipt of this payment again"),
                presenter.reprint,
                ("F9",),
                PLACE,
                self.tr("reprint"),
            ),
            Action(
                "payments.issue",
                self.tr("Issue the receipt of this payment"),
                presenter.issue_receipt,
                ("Shift+F9",),
                PLACE,
            ),
            Action(
                "payments.patient",
                self.tr("Go to the patient of this payment"),
                self.detail.go_to_patient,
                ("Ctrl+G",),
                PLACE,
                self.tr("patient"),
            ),
            Action(
                "payments.refund",
                self.tr("Give money of this payment back"),
                self.detail.ask_refund,
                ("F7",),
                PLACE,
                self.tr("refund"),
            ),
            Action(
                "payments.refund-phone",
                self.tr("Give it back to another phone"),
                self._ask.other_phone,
                ("F4",),
                PLACE,
            ),
            Action(
                "payments.all",
                self.tr("All states"),
                partial(presenter.show_states, StateFilter.ALL),
                ("Alt+1",),
                PLACE,
            ),
            Action(
                "payments.paid",
                self.tr("Only paid ones"),
                partial(presenter.show_states, StateFilter.PAID),
                ("Alt+2",),
                PLACE,
            ),
            Action(
                "payments.open",
                self.tr("Only waiting or unknown ones"),
                partial(presenter.show_states, StateFilter.OPEN),
                ("Alt+3",),
                PLACE,
            ),
            Action(
                "payments.not-paid",
                self.tr("Only those not paid"),
                partial(presenter.show_states, StateFilter.NOT_PAID),
                ("Alt+4",),
                PLACE,
            ),
            Action("payments.days", self.tr("Choose the days"), bar.period.setFocus, ("Alt+D",), PLACE),
            Action("payments.dates", self.tr("From one day to another"), bar.choose_dates, ("Alt+F",), PLACE),
            Action("payments.method", self.tr("Choose the method"), bar.way.setFocus, ("Alt+M",), PLACE),
            Action("payments.mine", self.tr("Only mine, or everybody's"), self._mine, ("Alt+O",), PLACE),
            Action("payments.refresh", self.tr("Read the payments again"), presenter.refresh, ("F5",), PLACE),
            Action("payments.back", self.tr("One step back"), self.step_back, ("Escape",), PLACE),
        ]

    def enter(self) -> None:
        """Ask for the refund while its form is open, else show the receipt."""
        if self.detail.is_asking:
            self.detail.refund.enter()
        else:
            self.show_receipt()

    def show_receipt(self) -> None:
        """Bring the receipt of the chosen payment onto the screen, if this till issued it."""
        uid = self._presenter.receipt_uid
        if uid and self._receipts.view.uid == uid:
            self.receiptWanted.emit()
        elif uid:
            self._showing = uid
            self._receipts.show(uid)

    def step_back(self) -> None:
        """Out of the search, then out of the filter, then to the counter."""
        bar = self.list.filter
        if self.detail.is_asking:
            self.detail.close_refund()
        elif bar.has_caret() and self.list.table.isVisible():
            self.list.focus_table()
        elif self._presenter.view.filter.narrows:
            self._presenter.clear_filter()
        else:
            self.backWanted.emit()

    def _mine(self) -> None:
        self._presenter.show_mine(not self._presenter.view.filter.mine)

    def _receipt_came(self) -> None:
        if self._showing and self._receipts.view.uid == self._showing:
            self._showing = ""
            self.receiptWanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = max(_LEAST_DETAIL, min(_MOST_DETAIL, self.width() * 3 // 10))
        self.detail.setFixedWidth(max(wide, min(sizes().payment, self.width() * 4 // 10)))
