"""The room of unmatched money: what waits, what is known of it, and what is to become of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.presenters.placing import PlacingPresenter
from hmis_pos.terminal.presenters.refund_ask import RefundAskPresenter
from hmis_pos.terminal.presenters.unmatched import UnmatchedPresenter
from hmis_pos.terminal.presenters.unmatched_view import Doing, Whose
from hmis_pos.terminal.ui.kit.keys import Action
from hmis_pos.terminal.ui.screens.three_columns import ThreeColumns
from hmis_pos.terminal.ui.screens.unmatched.list_column import ListColumn
from hmis_pos.terminal.ui.screens.unmatched.money_column import MoneyColumn
from hmis_pos.terminal.ui.screens.unmatched.placing_column import PlacingColumn

PLACE = "unmatched"
_PAGE = 10
_TYPING = frozenset({Doing.MOVE_BACK, Doing.REFUND})
_CHOOSING = frozenset({Doing.ASSIGN, Doing.SPLIT})


class UnmatchedScreen(ThreeColumns):
    """``backWanted`` asks for the counter."""

    backWanted = Signal()

    def __init__(
        self,
        room: UnmatchedPresenter,
        placing: PlacingPresenter,
        ask: RefundAskPresenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("unmatchedScreen")
        self._room = room
        self._placing = placing
        self._ask = ask
        self._doing = placing.view.doing
        self.list = ListColumn(room)
        self.money = MoneyColumn(room)
        self.placing = PlacingColumn(placing, ask)
        self.place(self.list, self.money, self.placing)
        self.money.moveBackWanted.connect(placing.ask_move_back)
        self.placing.refund.closeWanted.connect(self._close_refund)
        placing.changed.connect(self._on_placing)

    def opened(self) -> None:
        """The room is shown: read the list, and let the arrows work."""
        self._room.open()
        self.list.focus_list()

    def actions_here(self) -> list[Action]:
        """What can be done here, with its keys."""
        room, placing = self._room, self._placing
        return [
            *self._moves(),
            Action(
                "unmatched.enter", self.tr("Assign this money to the chosen invoice"), self.enter, ("Return",), PLACE
            ),
            Action(
                "unmatched.place",
                self.tr("Assign all shares of the split"),
                placing.place_shares,
                ("Ctrl+Return",),
                PLACE,
            ),
            Action(
                "unmatched.find",
                self.tr("Find any invoice for this money"),
                self._find,
                ("F2",),
                PLACE,
                self.tr("find"),
            ),
            Action(
                "unmatched.split", self.tr("Split this money, or do not"), self._split, ("F4",), PLACE, self.tr("split")
            ),
            Action("unmatched.take", self.tr("Look after this money"), room.take_on, ("F6",), PLACE, self.tr("mine")),
            Action(
                "unmatched.refund",
                self.tr("Give this money back"),
                placing.ask_refund,
                ("F7",),
                PLACE,
                self.tr("refund"),
            ),
            Action(
                "unmatched.move-back",
                self.tr("Move back what was assigned wrongly"),
                partial(placing.ask_move_back, ""),
                ("F8",),
                PLACE,
                self.tr("move back"),
            ),
            Action(
                "unmatched.search",
                self.tr("Search the unmatched money"),
                self._search,
                ("/", "Ctrl+F"),
                PLACE,
                self.tr("search"),
            ),
            Action(
                "unmatched.open", self.tr("Money that waits"), partial(room.show_whose, Whose.OPEN), ("Alt+1",), PLACE
            ),
            Action(
                "unmatched.mine", self.tr("Money I look after"), partial(room.show_whose, Whose.MINE), ("Alt+2",), PLACE
            ),
            Action(
                "unmatched.all",
                self.tr("All money that matched nothing"),
                partial(room.show_whose, Whose.ALL),
                ("Alt+3",),
                PLACE,
            ),
            Action("unmatched.refresh", self.tr("Read the unmatched money again"), room.refresh, ("F5",), PLACE),
            Action("unmatched.back", self.tr("One step back from this money"), self.step_back, ("Escape",), PLACE),
        ]

    def _moves(self) -> list[Action]:
        choose = self.tr("choose")
        return [
            Action(
                "unmatched.up",
                self.tr("Choose the money or invoice above"),
                partial(self.step, -1),
                ("Up",),
                PLACE,
                choose,
                repeats=True,
            ),
            Action(
                "unmatched.down",
                self.tr("Choose the money or invoice below"),
                partial(self.step, 1),
                ("Down",),
                PLACE,
                choose,
                repeats=True,
            ),
            Action(
                "unmatched.page-up",
                self.tr("Go up a page of unmatched money"),
                partial(self.step, -_PAGE),
                ("PgUp",),
                PLACE,
                repeats=True,
            ),
            Action(
                "unmatched.page-down",
                self.tr("Go down a page of unmatched money"),
                partial(self.step, _PAGE),
                ("PgDown",),
                PLACE,
                repeats=True,
            ),
        ]

    def step(self, rows: int) -> None:
        """Among the invoices once one is chosen, else among the money."""
        view = self._placing.view
        if view.doing in _TYPING:
            return
        finding = self.placing.place.search.hasFocus()
        if view.doing in _CHOOSING and (view.chosen or finding):
            self.placing.place.step(rows)
        else:
            self.list.step(rows)

    def enter(self) -> None:
        """The next step: from the list to the invoices, from an invoice to having it assigned."""
        view = self._placing.view
        place = self.placing.place
        if view.doing is Doing.REFUND:
            self.placing.refund.enter()
        elif self.list.search.hasFocus():
            self.list.search.tell_now()
            self.list.focus_list()
        elif not self._room.view.selected:
            self.list.step(1)
        elif place.search.hasFocus():
            place.take_first()
        elif view.doing is Doing.ASSIGN and not view.chosen:
            place.take_first()  # choosing is one key, and moving money another
        else:
            self._placing.enter()

    def step_back(self) -> None:
        """Out of what is being done, out of the search, out of the filter, then to the counter."""
        if self._placing.view.doing is Doing.REFUND:
            self._close_refund()
        elif (
            self._placing.cancel()
            or self.placing.place.search.hasFocus()
            or (self.list.search.hasFocus() and self.list.list.isVisible())
        ):
            self.list.focus_list()
        elif self._room.narrows:
            self._room.clear_filter()
        else:
            self.backWanted.emit()

    def _find(self) -> None:
        if self._placing.view.doing in _CHOOSING:
            self.placing.place.focus_search()

    def _split(self) -> None:
        """F4 means the other phone while the refund form is open."""
        if self._placing.view.doing is Doing.REFUND:
            self._ask.other_phone()
        else:
            self._placing.split()

    def _search(self) -> None:
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.search.selectAll()

    def _close_refund(self) -> None:
        self._ask.close()
        self._placing.cancel()
        self.list.focus_list()

    def _on_placing(self) -> None:
        """Another thing is being done: fill its form, and put the caret where it begins."""
        doing, before = self._placing.view.doing, self._doing
        self._doing = doing
        if doing is before:
            return
        if doing is Doing.REFUND and self._room.detail is not None:
            self._ask.open_unmatched(self._room.detail)
            self.placing.refund.focus_first()
        elif doing is Doing.MOVE_BACK:
            self.placing.moving.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif before in _TYPING and self.isVisible():
            self.list.focus_list()
