"""One import: whether the file adds up, what comparing it with our books found, and the lines of one class."""

from __future__ import annotations

from PySide6.QtCore import QIdentityProxyModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.rows import TONE
from hmis_pos.terminal.presenters.statement_items import StatementItemsPresenter
from hmis_pos.terminal.presenters.statements import StatementsPresenter
from hmis_pos.terminal.presenters.statements_view import ItemsView, ListState, StatementsView, StatementView
from hmis_pos.terminal.ui.kit.banner import ICONS, Banner
from hmis_pos.terminal.ui.kit.buttons import QuietButton, SecondaryButton
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.pill import Pill
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.skeleton import SkeletonRows
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.table import TableView
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.facts import Facts
from hmis_pos.terminal.ui.screens.rendering import show_action, show_notice, show_words, tone_of

_WHERE, _TIME, _WORDS, _CELLS = 5, 1, 1, 2
#: Columns that are hidden in less room than this.
_GIVE_WAY = {_WHERE: 620, _TIME: 480}


class Toned(QIdentityProxyModel):
    """Gives the first words of a row their icon and colour."""

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if index.column() == 0 and role in (Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.DecorationRole):
            tone = Tone(super().data(index, TONE) or Tone.NEUTRAL)
            if tone is Tone.NEUTRAL:
                return None
            return current_theme().ink_of(tone) if role == Qt.ItemDataRole.ForegroundRole else ICONS[tone]
        return super().data(index, role)


class Table(TableView):
    """A table that leaves Enter and letters to the window."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: the search field finds."""

    def step(self, rows: int) -> None:
        """Up and down, not beyond the ends."""
        count = self.model().rowCount()
        if count:
            now = self.currentIndex().row()
            row = min(max(now + rows, 0), count - 1)
            self.setCurrentIndex(self.model().index(row, 0))


class ResultColumn(Surface):
    """The middle column. ``importWanted`` and ``exportWanted`` ask for a file dialog."""

    importWanted = Signal()
    exportWanted = Signal()

    def __init__(
        self, statements: StatementsPresenter, items: StatementItemsPresenter, parent: QWidget | None = None
    ) -> None:
        super().__init__("bg", parent=parent)
        self.setObjectName("statementResult")
        self._statements = statements
        self._items = items
        self._pages = QStackedWidget()
        self._nothing = EmptyState(
            self.tr("Choose a statement, or import one"),
            self.tr("It is compared with our books, line by line; what is missing here is put in."),
            icon="reports",
        )
        self._problem = ErrorState("")
        self.summary = _Summary(statements)
        self.lines = _Lines(items)
        for page in (self._nothing, self._problem, self.summary, self.lines):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.summary.openWanted.connect(items.open_row)
        self.summary.export.clicked.connect(self.exportWanted)
        statements.changed.connect(self._render)
        items.changed.connect(self._render)
        self._render()

    def _render(self, _view: object = None) -> None:
        view, items = self._statements.view, self._items.view
        self.lines.render_view(items)
        self.summary.render_view(view, items)
        if items.shown:
            page: QWidget = self.lines
        elif view.detail is not None:
            page = self.summary
        elif view.problem is not None:
            self._problem.show_words(view.problem.title, view.problem.advice)
            page = self._problem
        else:
            page = self._nothing
        if page is not self._pages.currentWidget():
            self._pages.setCurrentWidget(page)


class _Summary(QWidget):
    """Facts, the file's own sum, and the classes. ``openWanted`` carries the row of a class."""

    openWanted = Signal(int)

    def __init__(self, presenter: StatementsPresenter) -> None:
        super().__init__()
        self._title = ElidedLabel(size=Text.HEADING, weight=Weight.NUMBER)
        self._title.setObjectName("statementTitle")
        self._state = Pill()
        self._state.setObjectName("statementState")
        self._notice = Banner()
        self._notice.setObjectName("statementNotice")
        self._facts = Facts("statementFacts")
        self._sum = Label(wrap=True)
        self._sum.setObjectName("statementSum")
        self._sum_words = Banner()
        self._sum_words.setObjectName("statementSumWords")
        self._exported = Banner()
        self._exported.setObjectName("statementExported")
        self.table = Table(self.tr("What was found"), numbers=(1, 2))
        self.table.setObjectName("statementClasses")
        self._model = Toned(self)
        self._model.setSourceModel(presenter.classes)
        self.table.setModel(self._model)
        self.export = SecondaryButton("", "F9", icon="reports")
        self.export.setObjectName("statementExport")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._state, 0, Qt.AlignmentFlag.AlignLeft)
        for part in (self._notice, self._facts, self._sum, self._sum_words, self._exported):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        column.addWidget(self.export)
        self.table.doubleClicked.connect(lambda index: self.openWanted.emit(index.row()))

    def render_view(self, view: StatementsView, items: ItemsView) -> None:
        detail = view.detail
        if detail is None:
            return
        self._title.setText(detail.title)
        tone = tone_of(detail.tone)
        self._state.show_words(detail.state, tone, icon=ICONS[tone])
        show_notice(self._notice, detail.notice)
        self._facts.show_facts(detail.facts)
        self._show_sum(detail)
        show_notice(self._exported, items.exported)
        self.table.setVisible(bool(self._model.rowCount()))
        show_action(self.export, detail.export)

    def _show_sum(self, detail: StatementView) -> None:
        words = self.tr("Opening + in \u2212 out = closing")
        if not detail.sum_ok:
            words = self.tr("Opening + in \u2212 out, and closing")
        self._sum.setText(f"{words}\n{detail.sum_line}")
        self._sum.setVisible(bool(detail.sum_line))
        show_words(self._sum_words, Tone.NO if detail.sum_line else Tone.UNKNOWN, detail.sum_words)


class _Lines(QWidget):
    """The lines of one class."""

    def __init__(self, presenter: StatementItemsPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._sent = ""
        self._back = QuietButton(self.tr("All classes"), "Escape", icon="chevron-left")
        self._back.setObjectName("statementBack")
        self._title = Label(size=Text.HEADING, weight=Weight.NUMBER, wrap=True)
        self._title.setObjectName("statementClass")
        self._meaning = Label(tone="ink-2", wrap=True)
        self.search = SearchField(self.tr("Receipt number, amount or words"))
        self.search.setObjectName("statementSearch")
        self._progress = Label(size=Text.CAPTION, tone="ink-2")
        self.table = Table(self.tr("Lines of the statement"), numbers=(2, 3, 4))
        self.table.setObjectName("statementLines")
        self.table.setModel(presenter.model)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Stretch)
        self._bad = Table(self.tr("Rows that cannot be read"), numbers=(0,))
        self._bad.setObjectName("statementBadRows")
        self._bad.setModel(presenter.bad)
        header = self._bad.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_WORDS, QHeaderView.ResizeMode.Stretch)
        self._card = Card()
        self._card.setObjectName("statementBadWords")
        self._words = Label(wrap=True)
        self._cells = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        self._card.body.addWidget(self._words)
        self._card.body.addWidget(self._cells)
        self._states = QStackedWidget()
        self._loading = SkeletonRows()
        self._empty = EmptyState("")
        self._error = ErrorState("")
        for page in (self.table, self._bad, self._loading, self._empty, self._error):
            self._states.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 24, 8)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self._back)
        top.addStretch(1)
        column.addLayout(top)
        for part in (self._title, self._meaning, self.search, self._progress):
            column.addWidget(part)
        column.addWidget(self._states, 1)
        column.addWidget(self._card)
        self._back.clicked.connect(presenter.close)
        self.search.searched.connect(self._send)
        self._error.acted.connect(presenter.retry)
        self._bad.selectionModel().currentRowChanged.connect(self._bad_row)

    @property
    def current(self) -> Table:
        """The table that the arrows move in."""
        return self._bad if self._presenter.view.bad_rows else self.table

    def render_view(self, view: ItemsView) -> None:
        if not view.shown:
            return
        if view.search != self._sent:
            self._sent = view.search
            self.search.setText(view.search)
        self._title.setText(view.title)
        self._meaning.setText(view.meaning)
        self._progress.setText(view.progress)
        self._progress.setVisible(bool(view.progress))
        pages: dict[ListState, QWidget] = {
            ListState.READY: self.current,
            ListState.LOADING: self._loading,
            ListState.EMPTY: self._empty,
            ListState.NO_HITS: self._empty,
        }
        page = pages.get(view.state, self._error)
        if view.message is not None and isinstance(page, EmptyState | ErrorState):
            action = self.tr("Try again") if page is self._error else ""
            page.show_words(view.message.title, view.message.advice, action=action)
        self._states.setCurrentWidget(page)
        self._card.setVisible(view.bad_rows and bool(self._words.text()))
        room = self.width() - 48
        for hidden, least in _GIVE_WAY.items():
            self.table.setColumnHidden(hidden, room < least)
        self._bad.setColumnHidden(_CELLS, room < _GIVE_WAY[_WHERE])
        narrow = room < _GIVE_WAY[_WHERE]
        mode = QHeaderView.ResizeMode.Stretch if narrow else QHeaderView.ResizeMode.ResizeToContents
        self.table.horizontalHeader().setSectionResizeMode(0, mode)

    def _bad_row(self, current: QModelIndex) -> None:
        """What is wrong may be longer than its cell: the chosen row's words stand below the table in full."""
        model = self._bad.model()
        cells = [str(model.index(current.row(), at).data() or "") for at in (0, 1, 2)]
        self._words.setText(self.tr("Row {row}: {words}").format(row=cells[0], words=cells[1]) if cells[0] else "")
        self._cells.setText(cells[2])
        self._card.setVisible(bool(cells[0]))
        self._card.setAccessibleName(self._words.text())

    def _send(self, text: str) -> None:
        self._sent = text
        self._presenter.search(text)
