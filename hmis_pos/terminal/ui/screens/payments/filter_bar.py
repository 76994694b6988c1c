"""How the list of payments is narrowed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.payments import PaymentsPresenter
from hmis_pos.terminal.presenters.payments_view import PaymentsFilter, Period, StateFilter, Way
from hmis_pos.terminal.ui.kit.choice import Select, Tick
from hmis_pos.terminal.ui.kit.date_edit import DateEdit
from hmis_pos.terminal.ui.kit.focus import give_up_focus
from hmis_pos.terminal.ui.kit.search_field import SearchField

_DATE = 200


class FilterBar(QWidget):
    """Search, four choices and two days. It shows what the presenter says is chosen."""

    def __init__(self, presenter: PaymentsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._sent = ""
        self.search = SearchField(self.tr("Patient, invoice, receipt or M-Pesa code"))
        self.search.setObjectName("paymentsSearch")
        self.state = Select(
            self.tr("State"),
            (
                (self.tr("All states"), StateFilter.ALL),
                (self.tr("Paid"), StateFilter.PAID),
                (self.tr("Waiting or unknown"), StateFilter.OPEN),
                (self.tr("Not paid"), StateFilter.NOT_PAID),
            ),
        )
        self.state.setObjectName("paymentsState")
        self.way = Select(
            self.tr("How it came"),
            (
                (self.tr("All methods"), Way.ALL),
                (self.tr("Cash"), Way.CASH),
                (self.tr("M-Pesa"), Way.MPESA),
                (self.tr("M-Pesa: phone asked"), Way.ASKED),
                (self.tr("M-Pesa: to the Paybill"), Way.PAYBILL),
                (self.tr("M-Pesa: by code"), Way.CODE),
                (self.tr("M-Pesa: was unmatched"), Way.PLACED),
            ),
        )
        self.way.setObjectName("paymentsWay")
        self.period = Select(
            self.tr("Days"),
            (
                (self.tr("Today"), Period.TODAY),
                (self.tr("Yesterday"), Period.YESTERDAY),
                (self.tr("Last 7 days"), Period.WEEK),
                (self.tr("All days"), Period.ALL),
                (self.tr("From, to…"), Period.DATES),
            ),
        )
        self.period.setObjectName("paymentsPeriod")
        self.first = DateEdit(presenter.today, name=self.tr("First day"), prefix=self.tr("From"))
        self.first.setObjectName("paymentsFirst")
        self.last = DateEdit(presenter.today, name=self.tr("Last day"), prefix=self.tr("To"))
        self.last.setObjectName("paymentsLast")
        self.mine = Tick(self.tr("Only mine"))
        self.mine.setObjectName("paymentsMine")
        self._lay_out()
        self.search.searched.connect(self._send)
        self.state.chosen.connect(presenter.show_states)
        self.way.chosen.connect(presenter.show_way)
        self.period.chosen.connect(self._choose_period)
        self.first.chosen.connect(lambda day: presenter.show_dates(day, self.last.day))
        self.last.chosen.connect(lambda day: presenter.show_dates(self.first.day, day))
        self.mine.clicked.connect(presenter.show_mine)
        self.render_view(presenter.view.filter)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.period)
        choices.addWidget(self.state)
        choices.addWidget(self.way)
        choices.addWidget(self.mine)
        choices.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addLayout(choices)
        self._dates = QWidget()
        dates = QHBoxLayout(self._dates)
        dates.setContentsMargins(0, 0, 0, 0)
        dates.setSpacing(8)
        for field in (self.first, self.last):
            field.setMaximumWidth(_DATE)
            dates.addWidget(field)
        dates.addStretch(1)
        column.addWidget(self._dates)

    def render_view(self, wanted: PaymentsFilter) -> None:
        """Show a filter whole, without telling anybody."""
        if wanted.search != self._sent:
            self._sent = wanted.search
            self.search.setText(wanted.search)
        self.state.show_value(wanted.state)
        self.way.show_value(wanted.way)
        self.period.show_value(wanted.period)
        self.mine.setChecked(wanted.mine)
        if wanted.period is not Period.DATES:
            give_up_focus(self._dates)
        self._dates.setVisible(wanted.period is Period.DATES)
        self.first.set_day(wanted.first)
        self.last.set_day(wanted.last)

    def choose_dates(self) -> None:
        """From one day to another: the caret goes to the first."""
        self._choose_period(Period.DATES)

    def _choose_period(self, period: Period) -> None:
        if period is not Period.DATES:
            self._presenter.show_period(period)
            return
        wanted, today = self._presenter.view.filter, self._presenter.today()
        self._presenter.show_dates(wanted.first or today, wanted.last or today)
        self.first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.first.selectAll()

    def has_caret(self) -> bool:
        """Whether keys go into one of its fields or choices."""
        choices = (self.period, self.state, self.way, self.mine)
        fields: tuple[QWidget, ...] = (self.search, self.first, self.last, *choices)
        return any(field.hasFocus() for field in fields)

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _send(self, text: str) -> None:
        self._sent = text
        self._presenter.search(text)
