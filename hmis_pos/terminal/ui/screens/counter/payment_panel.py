"""Take the money: the method tabs, and the page of the method that is chosen."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.cash import CashPresenter
from hmis_pos.terminal.presenters.counter import CounterPresenter, CounterState, CounterView
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.ui.kit.segmented import Segmented
from hmis_pos.terminal.ui.kit.states import EmptyState
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.screens.counter.cash_page import CashPage
from hmis_pos.terminal.ui.screens.counter.mpesa_page import MpesaPage, MpesaParts
from hmis_pos.terminal.ui.screens.counter.panel_page import PanelPage
from hmis_pos.terminal.ui.screens.rendering import turn_to


class Method(StrEnum):
    """A tab of the panel."""

    CASH = "cash"
    MPESA = "mpesa"


class PaymentPanel(Surface):
    """The right column of the counter.

    ``receiptWanted`` asks for the receipt on the screen; ``methodChanged`` says which tab a person is on now.
    """

    receiptWanted = Signal()
    methodChanged = Signal(str)

    def __init__(
        self,
        counter: CounterPresenter,
        cash: CashPresenter,
        mpesa: MpesaParts,
        receipts: ReceiptPresenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", "left", parent)
        self.setObjectName("paymentPanel")
        self.tabs = Segmented(self.tr("Method"))
        self.tabs.setObjectName("paymentMethod")
        self.tabs.add(Method.CASH, self.tr("Cash"), "F2")
        self.tabs.add(Method.MPESA, self.tr("M-Pesa"), "F3")
        self.cash = CashPage(cash, receipts)
        self.mpesa = MpesaPage(mpesa, receipts)
        self._nobody = EmptyState(
            self.tr("No patient yet"), self.tr("What to ask for appears here once a patient is chosen."), icon="wallet"
        )
        self._pages = QStackedWidget()
        for page in (self.cash, self.mpesa, self._nobody):
            self._pages.addWidget(page)
        head = QHBoxLayout()
        head.setContentsMargins(21, 16, 20, 0)
        head.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self._nobody_here = False
        self.tabs.chosen.connect(lambda method: self.show_method(Method(method)))
        self.cash.receiptWanted.connect(self.receiptWanted)
        self.mpesa.receiptWanted.connect(self.receiptWanted)
        counter.changed.connect(self.render_view)
        if self.mpesa.has_story():  # the screens are built anew while a phone rings
            self.tabs.set_current(Method.MPESA)
        self.render_view(counter.view)

    def render_view(self, view: CounterView) -> None:
        """Nobody chosen: nothing to ask for."""
        self._nobody_here = view.state in (CounterState.NOBODY, CounterState.GONE)
        self.tabs.setVisible(not self._nobody_here)
        self._show()

    @property
    def method(self) -> Method:
        return Method(self.tabs.current())

    def show_method(self, method: Method, *, steal: bool = True) -> None:
        """Go to a tab, and put the caret where typing makes sense there, unless it shall stay where it is (``steal``)."""
        changed = method is not self.method
        self.tabs.set_current(method)
        self._show()
        if steal:
            self.focus_first()
        if changed:
            self.methodChanged.emit(method.value)

    def focus_first(self) -> None:
        if not self._nobody_here:
            page = self.cash if self.method is Method.CASH else self.mpesa
            page.focus_first()

    def scroll_story(self, steps: int) -> None:
        """Move what does not fit on a low screen."""
        page = self._pages.currentWidget()
        shown = page.currentWidget() if isinstance(page, QStackedWidget) else None
        if isinstance(shown, PanelPage):
            shown.scroll_story(steps)

    def _show(self) -> None:
        page: QWidget = self.cash if self.method is Method.CASH else self.mpesa
        turn_to(self._pages, self._nobody if self._nobody_here else page)
