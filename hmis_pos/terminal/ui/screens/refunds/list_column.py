"""What waits for a decision, and how the others stand."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.presenters.refunds import RefundsPresenter
from hmis_pos.terminal.presenters.refunds_view import RefundsView, Which
from hmis_pos.terminal.presenters.statements_view import ListState
from hmis_pos.terminal.ui.kit.segmented import Segmented
from hmis_pos.terminal.ui.screens.cards_column import CardsColumn


class ListColumn(CardsColumn):
    """Which, and the cards."""

    def __init__(self, presenter: RefundsPresenter, parent: QWidget | None = None) -> None:
        super().__init__("", presenter.model, ("", "refunds"), parent)
        self.title.setText(self.tr("Refunds"))
        self.list.setAccessibleName(self.tr("Refunds"))
        self._presenter = presenter
        self.which = Segmented(self.tr("Which refunds"))
        self.which.setObjectName("refundsWhich")
        self.which.add(Which.DECIDE, self.tr("To decide"), "Alt+1")
        self.which.add(Which.OPEN, self.tr("Under way"), "Alt+2")
        self.which.add(Which.ALL, self.tr("All"), "Alt+3")
        self.top.addWidget(self.which)
        self.which.chosen.connect(lambda ident: presenter.show_which(Which(ident)))
        self.rowChosen.connect(presenter.choose_row)
        self.acted.connect(self._act)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: RefundsView) -> None:
        """Show a state whole."""
        self.which.set_current(view.which)
        self.show_header(view.header, view.aside)
        again = self.tr("Try again")
        action = {ListState.ERROR: again, ListState.OFFLINE: again}
        self.show_state(view.state, view.message, action=action.get(view.state, ""))
        # Showing the list may have chosen its first row: what holds now is the presenter's word.
        self.show_chosen(self._presenter.view.selected)

    def _act(self, _state: str) -> None:
        self._presenter.refresh()
