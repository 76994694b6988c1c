"""The room of refunds: what was asked for, what is known of it, and the decision."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.presenters.refunds import RefundsPresenter
from hmis_pos.terminal.presenters.refunds_view import Which
from hmis_pos.terminal.ui.kit.keys import Action
from hmis_pos.terminal.ui.screens.refunds.decision_column import DecisionColumn
from hmis_pos.terminal.ui.screens.refunds.list_column import ListColumn
from hmis_pos.terminal.ui.screens.refunds.refund_column import RefundColumn
from hmis_pos.terminal.ui.screens.three_columns import ThreeColumns

PLACE = "refunds"
_PAGE = 10


class RefundsScreen(ThreeColumns):
    """``backWanted`` asks for the counter."""

    backWanted = Signal()

    def __init__(self, presenter: RefundsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("refundsScreen")
        self._presenter = presenter
        self.list = ListColumn(presenter)
        self.detail = RefundColumn(presenter)
        self.decision = DecisionColumn(presenter)
        self.place(self.list, self.detail, self.decision)

    def opened(self) -> None:
        """The room is shown: read the list, and let the arrows work."""
        self._presenter.open()
        self.list.focus_list()

    def actions_here(self) -> list[Action]:
        """What can be done here, with its keys. Money leaves only by Ctrl Enter, never by Enter alone."""
        presenter = self._presenter
        choose = self.tr("choose")
        rows = (
            ("refunds.up", self.tr("Choose the refund above"), -1, "Up", choose),
            ("refunds.down", self.tr("Choose the refund below"), 1, "Down", choose),
            ("refunds.page-up", self.tr("Go up a page of refunds"), -_PAGE, "PgUp", ""),
            ("refunds.page-down", self.tr("Go down a page of refunds"), _PAGE, "PgDown", ""),
        )
        which = (
            ("refunds.decide", self.tr("Refunds to decide"), Which.DECIDE, "Alt+1"),
            ("refunds.open", self.tr("Refunds under way"), Which.OPEN, "Alt+2"),
            ("refunds.all", self.tr("All refunds"), Which.ALL, "Alt+3"),
        )
        return [
            *(
                Action(ident, label, partial(self.list.step, by), (key,), PLACE, hint, repeats=True)
                for ident, label, by, key, hint in rows
            ),
            Action(
                "refunds.note",
                self.tr("Write a note on this refund"),
                self.write_note,
                ("Return",),
                PLACE,
                self.tr("note"),
            ),
            Action(
                "refunds.approve",
                self.tr("Approve this refund"),
                presenter.approve,
                ("Ctrl+Return",),
                PLACE,
                self.tr("approve"),
            ),
            Action(
                "refunds.reject",
                self.tr("Reject this refund, or say that it did not go back"),
                self.reject,
                ("F8",),
                PLACE,
                self.tr("reject"),
            ),
            *(
                Action(ident, label, partial(presenter.show_which, states), (key,), PLACE)
                for ident, label, states, key in which
            ),
            Action("refunds.refresh", self.tr("Read the refunds again"), presenter.refresh, ("F5",), PLACE),
            Action("refunds.back", self.tr("One step back in the refunds"), self.step_back, ("Escape",), PLACE),
        ]

    def write_note(self) -> None:
        """Into the note, where one can be written."""
        if self.decision.note.isVisible():
            self.decision.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif not self._presenter.view.selected:
            self.list.step(1)

    def reject(self) -> None:
        """Reject; without a reason the caret goes where one is written."""
        self._presenter.reject()
        if self._presenter.view.decision.note_problem:
            self.decision.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def step_back(self) -> None:
        """Out of the note, out of the filter, then to the counter."""
        if self.decision.note.hasFocus():
            self.list.focus_list()
        elif self._presenter.view.which is not Which.DECIDE:
            self._presenter.show_which(Which.DECIDE)
        else:
            self.backWanted.emit()
