"""How the list of payments is narrowed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.domain.payment import Method
from hmis_pos.terminal.presenters.payments import PaymentsPresenter
from hmis_pos.terminal.presenters.payments_view import PaymentsFilter, Period, StateFilter
from hmis_pos.terminal.ui.kit.choice import Select, Tick
from hmis_pos.terminal.ui.kit.search_field import SearchField


class FilterBar(QWidget):
    """Search and four choices. It shows what the presenter says is chosen."""

    def __init__(self, presenter: PaymentsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._sent = presenter.view.filter.search
        self.search = SearchField(self.tr("Patient, invoice, receipt or M-Pesa code"))
        self.search.setObjectName("paymentsSearch")
        self.state = Select(self.tr("State"))
        self.state.setObjectName("paymentsState")
        for words, state in (
            (self.tr("All states"), StateFilter.ALL),
            (self.tr("Paid"), StateFilter.PAID),
            (self.tr("Waiting or unknown"), StateFilter.OPEN),
            (self.tr("Not paid"), StateFilter.NOT_PAID),
        ):
            self.state.addItem(words, state)
        self.method = Select(self.tr("Method"))
        self.method.setObjectName("paymentsMethod")
        for name, method in (
            (self.tr("All methods"), None),
            (self.tr("Cash"), Method.CASH),
            (self.tr("M-Pesa"), Method.MPESA),
        ):
            self.method.addItem(name, method)
        self.period = Select(self.tr("Days"))
        self.period.setObjectName("paymentsPeriod")
        for days, period in (
            (self.tr("Today"), Period.TODAY),
            (self.tr("Yesterday"), Period.YESTERDAY),
            (self.tr("Last 7 days"), Period.WEEK),
            (self.tr("All days"), Period.ALL),
        ):
            self.period.addItem(days, period)
        self.mine = Tick(self.tr("Only mine"))
        self.mine.setObjectName("paymentsMine")
        self._lay_out()
        self.search.searched.connect(self._send)
        self.state.activated.connect(lambda _: presenter.show_states(self.state.currentData()))
        self.method.activated.connect(lambda _: presenter.show_method(self.method.currentData()))
        self.period.activated.connect(lambda _: presenter.show_period(self.period.currentData()))
        self.mine.clicked.connect(presenter.show_mine)
        self.render_view(presenter.view.filter)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.period)
        choices.addWidget(self.state)
        choices.addWidget(self.method)
        choices.addWidget(self.mine)
        choices.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addLayout(choices)

    def render_view(self, wanted: PaymentsFilter) -> None:
        """Show a filter whole, without telling anybody."""
        if wanted.search != self._sent:
            self._sent = wanted.search
            self.search.setText(wanted.search)
        for select, value in ((self.state, wanted.state), (self.method, wanted.method), (self.period, wanted.period)):
            select.setCurrentIndex(max(0, select.findData(value)))
        self.mine.setChecked(wanted.mine)

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _send(self, text: str) -> None:
        self._sent = text
        self._presenter.search(text)
