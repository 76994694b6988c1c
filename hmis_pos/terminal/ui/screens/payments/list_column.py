"""The list of payments, newest first."""

from __future__ import annotations

from PySide6.QtCore import QIdentityProxyModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.payments import PaymentsPresenter
from hmis_pos.terminal.presenters.payments_model import Column, PaymentRole
from hmis_pos.terminal.presenters.payments_view import PaymentsState, PaymentsView
from hmis_pos.terminal.ui.kit.banner import ICONS
from hmis_pos.terminal.ui.kit.label import ElidedLabel
from hmis_pos.terminal.ui.kit.skeleton import SkeletonRows
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.table import TableView
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Text
from hmis_pos.terminal.ui.screens.payments.filter_bar import FilterBar

#: Columns that are hidden in less room than this.
_GIVE_WAY = {Column.INVOICE: 700, Column.RECEIPT: 600, Column.METHOD: 480}


class _Toned(QIdentityProxyModel):
    """Gives the state its colour and icon; words alone come from the presenter."""

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if index.column() == Column.STATE and role in (
            Qt.ItemDataRole.ForegroundRole,
            Qt.ItemDataRole.DecorationRole,
        ):
            tone = Tone(super().data(index, PaymentRole.TONE) or Tone.NEUTRAL)
            if tone is Tone.NEUTRAL:
                return None
            return current_theme().ink_of(tone) if role == Qt.ItemDataRole.ForegroundRole else ICONS[tone]
        return super().data(index, role)


class _Table(TableView):
    """The table leaves Enter and letters to the window."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: the search field finds."""


class ListColumn(Surface):
    """Filter, a word about what is shown, and the table."""

    def __init__(self, presenter: PaymentsPresenter, parent: QWidget | None = None) -> None:
        super().__init__("bg", parent=parent)
        self.setObjectName("paymentsColumn")
        self._presenter = presenter
        self.filter = FilterBar(presenter)
        self._aside = ElidedLabel(size=Text.CAPTION, tone="unk")
        self._aside.setObjectName("paymentsAside")
        self.table = _Table(self.tr("Payments"), numbers=(Column.AMOUNT,))
        self.table.setObjectName("paymentsTable")
        self._model = _Toned(self)
        self._model.setSourceModel(presenter.model)
        self.table.setModel(self._model)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._size_columns()
        self._states = QStackedWidget()
        self._loading = SkeletonRows()
        self._empty = EmptyState("", icon="payments")
        self._no_hits = EmptyState("", icon="search")
        self._error = ErrorState("")
        for page in (self.table, self._loading, self._empty, self._no_hits, self._error):
            self._states.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 0)
        column.setSpacing(8)
        column.addWidget(self.filter)
        column.addWidget(self._aside)
        column.addWidget(self._states, 1)
        presenter.changed.connect(self.render_view)
        self.table.selectionModel().currentRowChanged.connect(self._row_changed)
        self._model.modelReset.connect(self._follow)
        self._error.acted.connect(presenter.refresh)
        self._no_hits.acted.connect(presenter.clear_filter)
        self.render_view(presenter.view)

    def _size_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.PATIENT, QHeaderView.ResizeMode.Stretch)

    def render_view(self, view: PaymentsView) -> None:
        """Show a state whole."""
        self.filter.render_view(view.filter)
        page = {
            PaymentsState.LOADING: self._loading,
            PaymentsState.READY: self.table,
            PaymentsState.EMPTY: self._empty,
            PaymentsState.NO_HITS: self._no_hits,
            PaymentsState.ERROR: self._error,
        }[view.state]
        waited = self._states.hasFocus()
        self._states.setCurrentWidget(page)
        if waited and page is self.table:
            self.focus_table()
        message = view.message
        self._aside.setText(message.line if message is not None and view.state is PaymentsState.READY else "")
        self._aside.setVisible(bool(self._aside.text()))
        if message is not None and isinstance(page, EmptyState | ErrorState):
            action = {
                PaymentsState.ERROR: self.tr("Try again"),
                PaymentsState.NO_HITS: self.tr("Show all"),
            }.get(view.state, "")
            page.show_words(message.title, message.advice, action=action)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, what the detail tells anyhow gives way."""
        super().resizeEvent(event)
        room = self.width() - 48
        for column, least in _GIVE_WAY.items():
            self.table.setColumnHidden(column, room < least)

    def focus_table(self) -> None:
        """Let the arrows work: now, or once there are payments, unless somebody has gone elsewhere by then.

        A hidden table must not be given the focus: Qt would take it from whoever types when the table is shown.
        """
        shown = self._states.currentWidget() is self.table
        (self.table if shown else self._states).setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, rows: int) -> None:
        """Up and down, not beyond the ends."""
        count = self._model.rowCount()
        if count:
            now = self.table.currentIndex().row()
            self.table.setCurrentIndex(self._model.index(min(max(now + rows, 0), count - 1), 0))

    def _follow(self) -> None:
        """Put the table where the presenter's choice is, also after the list was read again."""
        selected = self._presenter.view.selected
        row = self._presenter.model.row_of(selected) if selected else -1
        if row >= 0 and row != self.table.currentIndex().row():
            self.table.setCurrentIndex(self._model.index(row, 0))

    def _row_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self._presenter.choose_row(current.row())
