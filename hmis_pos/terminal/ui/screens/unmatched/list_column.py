"""What waits, oldest first."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.presenters.unmatched import UnmatchedPresenter
from hmis_pos.terminal.presenters.unmatched_view import UnmatchedState, UnmatchedView, Whose
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.segmented import Segmented
from hmis_pos.terminal.ui.screens.cards_column import CardsColumn


class ListColumn(CardsColumn):
    """Search, whose, and the cards."""

    def __init__(self, presenter: UnmatchedPresenter, parent: QWidget | None = None) -> None:
        super().__init__("", presenter.model, ("", "unmatched"), parent)
        self.list.setAccessibleName(self.tr("Unmatched money"))
        self.title.setText(self.tr("Unmatched money"))
        self._presenter = presenter
        self._sent = ""
        self.search = SearchField(self.tr("Account, payer or M-Pesa code"))
        self.search.setObjectName("unmatchedSearch")
        self.whose = Segmented(self.tr("Which money"))
        self.whose.setObjectName("unmatchedWhose")
        self.whose.add(Whose.OPEN, self.tr("Waiting"), "Alt+1")
        self.whose.add(Whose.MINE, self.tr("Mine"), "Alt+2")
        self.whose.add(Whose.ALL, self.tr("All"), "Alt+3")
        self.top.addWidget(self.search)
        self.top.addWidget(self.whose)
        self.search.searched.connect(self._send)
        self.whose.chosen.connect(lambda ident: presenter.show_whose(Whose(ident)))
        self.rowChosen.connect(presenter.choose_row)
        self.acted.connect(self._act)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: UnmatchedView) -> None:
        """Show a state whole."""
        if view.search != self._sent:
            self._sent = view.search
            self.search.setText(view.search)
        self.whose.set_current(view.whose)
        self.show_header(view.header, view.aside)
        action = {
            UnmatchedState.ERROR: self.tr("Try again"),
            UnmatchedState.OFFLINE: self.tr("Try again"),
            UnmatchedState.NO_HITS: self.tr("Show all that waits"),
        }
        self.show_state(view.state, view.message, action=action.get(view.state, ""))
        # Showing the list may have chosen its first row: what holds now is the presenter's word.
        self.show_chosen(str(self._presenter.view.selected or ""))

    def _send(self, text: str) -> None:
        self._sent = text
        self._presenter.search(text)

    def _act(self, state: str) -> None:
        if state == UnmatchedState.NO_HITS:
            self._presenter.clear_filter()
        else:
            self._presenter.refresh()
