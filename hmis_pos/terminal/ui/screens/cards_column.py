"""The left column of a deciding screen: search, a word about what is shown, cards, and the states without cards."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.cards import CardsModel
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.queue_view import QueueView
from hmis_pos.terminal.ui.kit.skeleton import SkeletonRows
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState, OfflineState
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.typeface import Text, Weight

_MARGIN = 12


class CardsColumn(Surface):
    """Put what belongs above the list into ``top``.

    ``rowChosen`` carries the row a person chose, ``acted`` the name of the state whose button was used.

    Args:
        title: of the room.
        model: the cards.
        name: accessible name of the list, and the start of object names.
        parent: as everywhere in Qt.
    """

    rowChosen = Signal(int)
    acted = Signal(str)

    def __init__(self, title: str, model: CardsModel, name: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__("sunken", "right", parent)
        spoken, prefix = name
        self.setObjectName(f"{prefix}Column")
        self._model = model
        self._selected = ""
        self._following = False
        self.top = QVBoxLayout()
        self.top.setContentsMargins(0, 0, _MARGIN, 0)
        self.top.setSpacing(10)
        self.title = Label(title, size=Text.TITLE, weight=Weight.STRONG)
        self.top.addWidget(self.title)
        self._header = ElidedLabel(size=Text.CAPTION, tone="ink-2")
        self._header.setObjectName(f"{prefix}Header")
        self._aside = Label(size=Text.CAPTION, tone="unk", wrap=True)
        self._aside.setObjectName(f"{prefix}Aside")
        self.list = QueueView(spoken, _MARGIN)
        self.list.setObjectName(f"{prefix}List")
        # Before the view hears of it: a row that goes is no reason to choose its neighbour.
        model.rowsAboutToBeRemoved.connect(self._hold)
        self.list.setModel(model)
        self._states = QStackedWidget()
        self._pages: dict[str, QWidget] = {
            "ready": self.list,
            "loading": SkeletonRows(),
            "empty": EmptyState(""),
            "no_hits": EmptyState("", icon="search"),
            "offline": OfflineState(""),
            "error": ErrorState(""),
        }
        for state, page in self._pages.items():
            self._states.addWidget(page)
            if isinstance(page, EmptyState | OfflineState | ErrorState):
                page.acted.connect(lambda state=state: self.acted.emit(state))
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(self._current)
        self.list.clicked.connect(lambda index: self.rowChosen.emit(index.row()))
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._follow)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 1, 0)
        column.setSpacing(8)
        column.addLayout(self.top)
        head = QHBoxLayout()
        head.setContentsMargins(2, 2, _MARGIN, 0)
        head.addWidget(self._header, 1)
        column.addLayout(head)
        column.addWidget(self._aside)
        column.addWidget(self._states, 1)

    def show_state(self, state: str, words: Words | None, *, action: str = "") -> None:
        """Cards, or why there are none."""
        page = self._pages[state]
        waited = self._states.hasFocus()
        if words is not None and isinstance(page, EmptyState | OfflineState | ErrorState):
            page.show_words(words.title, words.advice, action=action)
        self._states.setCurrentWidget(page)
        if waited and page is self.list:
            self.focus_list()

    def show_header(self, header: str, aside: str = "") -> None:
        """What is shown, and whether it may be old."""
        self._header.setText(header)
        self._header.setVisible(bool(header))
        self._aside.setText(aside)
        self._aside.setVisible(bool(aside))

    def show_chosen(self, ident: str) -> None:
        """Put the list where the presenter's choice is."""
        self._selected = ident
        self._follow()

    def step(self, rows: int) -> None:
        """Up and down, not beyond the ends."""
        self.list.step(rows)

    def focus_list(self) -> None:
        """Let the arrows work: now, or once there are cards, unless somebody has gone elsewhere by then.

        A hidden list must not be given the focus: Qt would take it from whoever types when the list is shown.
        """
        shown = self._states.currentWidget() is self.list
        (self.list if shown else self._states).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _hold(self) -> None:
        self._following = True

    def _follow(self) -> None:
        row = self._model.row_of(self._selected) if self._selected else -1
        wanted = self._model.index(row) if row >= 0 else QModelIndex()
        self._following = True
        # The focus makes a row current without choosing it, so both are looked at.
        if wanted.isValid():
            if self.list.currentIndex() != wanted or not self.list.selectionModel().isSelected(wanted):
                self.list.setCurrentIndex(wanted)
        elif self.list.currentIndex().isValid():
            self.list.setCurrentIndex(wanted)
            self.list.clearSelection()
        self._following = False

    def _current(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.rowChosen.emit(current.row())
