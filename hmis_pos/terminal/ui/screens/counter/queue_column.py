"""Who waits: search, the state of the queue, and the list itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.queue import QueuePresenter, QueueState
from hmis_pos.terminal.presenters.queue import QueueView as QueueViewState
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.queue_view import QueueView
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.skeleton import SkeletonRows
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState, OfflineState
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.theme import sizes
from hmis_pos.terminal.ui.kit.typeface import Text

_MARGIN = 12


class QueueColumn(Surface):
    """The left column of the counter. The list follows the presenter's choice and never chooses by itself."""

    def __init__(self, presenter: QueuePresenter, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "right", parent)
        self._presenter = presenter
        self._sent = ""
        self._arrowed = False
        self.setObjectName("queueColumn")
        self.setFixedWidth(sizes().queue)
        self.search = SearchField(self.tr("Name, patient no, invoice, phone, or scan"))
        self.search.setObjectName("queueSearch")
        self._header = ElidedLabel(size=Text.CAPTION, tone="ink-2")
        self._header.setObjectName("queueHeader")
        self._order = Label(size=Text.CAPTION, tone="ink-2")
        self.list = QueueView(self.tr("Patients waiting"), _MARGIN)
        self.list.setObjectName("queueList")
        self.list.setModel(presenter.model)
        self._states = QStackedWidget()
        self._loading = SkeletonRows()
        self._empty = EmptyState("")
        self._no_hits = EmptyState("", icon="search")
        self._offline = OfflineState("")
        self._error = ErrorState("")
        for page in (self.list, self._loading, self._empty, self._no_hits, self._offline, self._error):
            self._states.addWidget(page)
        self._lay_out()
        self._connect()
        self.render_view(presenter.view)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 1, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, _MARGIN, 0)
        top.addWidget(self.search)
        column.addLayout(top)
        head = QHBoxLayout()
        head.setContentsMargins(2, 11, _MARGIN + 2, 9)
        head.setSpacing(12)
        head.addWidget(self._header, 1)
        head.addWidget(self._order)
        column.addLayout(head)
        column.addWidget(self._states, 1)

    def _connect(self) -> None:
        self._presenter.changed.connect(self.render_view)
        self._presenter.model.modelReset.connect(self._follow)
        self._presenter.model.rowsRemoved.connect(self._follow)
        self._presenter.model.rowsInserted.connect(self._follow)
        self.search.searched.connect(self._send)
        self.search.textEdited.connect(self._edited)
        self.list.pressed.connect(self._pressed)
        self.list.installEventFilter(self)
        self._error.acted.connect(self._presenter.retry)
        self._no_hits.acted.connect(self.clear_search)

    def render_view(self, view: QueueViewState) -> None:
        """Show a state whole."""
        self._header.setText(view.header)
        if view.offline:
            self._order.setText(self.tr("as last seen"))
            self._order.set_tone("unk")
        else:
            self._order.setText("" if view.search or not view.waiting else self.tr("oldest first"))
            self._order.set_tone("ink-2")
        if view.search != self._sent:  # the presenter went on by itself: a scan, a hit that was chosen
            self._sent = view.search
            self.search.setText(view.search)
        self._show_state(view)
        self._follow()

    def _show_state(self, view: QueueViewState) -> None:
        page = {
            QueueState.LOADING: self._loading,
            QueueState.READY: self.list,
            QueueState.EMPTY: self._empty,
            QueueState.NO_HITS: self._no_hits,
            QueueState.OFFLINE: self._offline,
            QueueState.ERROR: self._error,
        }[view.state]
        self._states.setCurrentWidget(page)
        if view.message is None:
            return
        if view.state is QueueState.LOADING:
            self._header.setText(view.message.title)
            self._loading.setAccessibleName(view.message.line)
        elif isinstance(page, EmptyState | OfflineState | ErrorState):
            action = {QueueState.ERROR: self.tr("Try again"), QueueState.NO_HITS: self.tr("Show everybody")}
            page.show_words(view.message.title, view.message.advice, action=action.get(view.state, ""))

    def _edited(self) -> None:
        self._arrowed = False

    def _send(self, text: str) -> None:
        self._sent = text
        self._presenter.search(text)

    def arrowed(self) -> None:
        """A row is being chosen by the arrow keys: Enter in the search then means that one."""
        self._arrowed = True

    def is_searching(self) -> bool:
        """Whether somebody is in the middle of typing a search: the caret stays there."""
        return self.search.hasFocus() and bool(self.search.text())

    def wants_hit(self) -> bool:
        """Whether Enter in the search has to find something, since none of the hits was chosen by the arrows."""
        return bool(self.search.text()) and not self._arrowed

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def clear_search(self) -> None:
        self.search.clear()
        self._presenter.clear_search()

    def _follow(self) -> None:
        """Put the list where the presenter's choice is; nowhere if that row is not shown."""
        row = self._presenter.model.row_of(self._presenter.view.selected_id)
        wanted = self._presenter.model.index(row) if row >= 0 else QModelIndex()
        if self.list.currentIndex() != wanted:
            self.list.setCurrentIndex(wanted)
            if not wanted.isValid():
                self.list.clearSelection()
            else:
                self.list.scrollTo(wanted)

    def _pressed(self, index: QModelIndex) -> None:
        self._presenter.choose_row(index.row())
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Home and End in the list are choices too, and go through the presenter."""
        if watched is self.list and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            rows = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self._presenter.model.rowCount() - 1}
            row = rows.get(Qt.Key(event.key()))
            if row is not None:
                self._presenter.choose_row(row)
                return True
        return False
