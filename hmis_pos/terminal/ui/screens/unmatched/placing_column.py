"""What is to become of the chosen money: an invoice, several, back from where it was put, or back to who paid it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.placing import PlacingPresenter
from hmis_pos.terminal.presenters.refund_ask import RefundAskPresenter
from hmis_pos.terminal.presenters.unmatched_view import Doing, PlacingView
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import PrimaryButton, SecondaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.focus import give_up_focus
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.queue_delegate import ReasonDelegate
from hmis_pos.terminal.ui.kit.queue_view import QueueView
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.states import EmptyState
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.refunds.ask_form import RefundForm
from hmis_pos.terminal.ui.screens.rendering import show_action, show_notice, show_words, turn_to
from hmis_pos.terminal.ui.screens.unmatched.share_rows import ShareRows

_MARGIN = 12


class PlacingColumn(Surface):
    """The right column. The list of invoices follows the presenter's choice."""

    def __init__(self, presenter: PlacingPresenter, ask: RefundAskPresenter, parent: QWidget | None = None) -> None:
        super().__init__("surface", "left", parent)
        self.setObjectName("unmatchedPlacing")
        self._presenter = presenter
        self._pages = QStackedWidget()
        self.place = _PlacePage(presenter)
        self.moving = _MovePage(presenter)
        self.refund = RefundForm(ask, "unmatchedRefund")
        self.placed = _PlacedPage(presenter)
        self._nothing = QWidget()
        for page in (self._nothing, self.place, self.moving, self.refund, self.placed):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(self._pages)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: PlacingView) -> None:
        """Show a state whole."""
        page = {
            Doing.NOTHING: self._nothing,
            Doing.ASSIGN: self.place,
            Doing.SPLIT: self.place,
            Doing.MOVE_BACK: self.moving,
            Doing.REFUND: self.refund,
            Doing.PLACED: self.placed,
        }[view.doing]
        self.place.render_view(view)
        self.moving.render_view(view)
        self.placed.render_view(view)
        turn_to(self._pages, page)


class _PlacePage(QWidget):
    """Whose is it? Suggestions or a search, and what the choice does; a split has its shares below."""

    def __init__(self, presenter: PlacingPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._following = False
        self._sent = ""
        self.search = SearchField(self.tr("Any other invoice"), "F2")
        self.search.setObjectName("unmatchedFind")
        self._caption = Label(size=Text.CAPTION, tone="ink-2")
        self.list = QueueView(self.tr("Invoices it may be for"))
        self.list.setItemDelegate(ReasonDelegate(self.list))
        self.list.setObjectName("unmatchedSuggestions")
        self.list.setModel(presenter.model)
        self._none = EmptyState("", icon="search")
        self._choices = QStackedWidget()
        self._choices.addWidget(self.list)
        self._choices.addWidget(self._none)
        self._card = Card(ground="bg")
        self._card.setObjectName("unmatchedConsequence")
        self._first = Label(weight=Weight.STRONG, wrap=True)
        self._rest = Label(tone="ink-2", wrap=True)
        self._card.body.addWidget(self._first)
        self._card.body.addWidget(self._rest)
        self._shares = ShareRows(presenter)
        self._shares_area = ScrollArea(self._shares)
        self._remainder = Label(weight=Weight.STRONG, wrap=True)
        self._remainder.setObjectName("unmatchedRemainder")
        self._why = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        self._problem = Banner()
        self._problem.setObjectName("unmatchedProblem")
        self._done = Banner()
        self._done.setObjectName("unmatchedDone")
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("unmatchedPrimary")
        self._split = SecondaryButton("", "F4", icon="split")
        self._split.setObjectName("unmatchedSplit")
        self._refund = SecondaryButton("", "F7", icon="refunds")
        self._refund.setObjectName("unmatchedRefundOpen")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(10)
        column.addWidget(Label(self.tr("Whose is it?"), size=Text.TITLE, weight=Weight.STRONG))
        column.addWidget(self.search)
        column.addWidget(self._caption)
        column.addWidget(self._choices, 3)
        column.addWidget(self._shares_area, 2)
        for part in (self._remainder, self._card, self._problem, self._done, self._why, self.primary):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._split, 1)
        row.addWidget(self._refund, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        presenter = self._presenter
        self.search.searched.connect(self._send)
        self.list.selectionModel().currentChanged.connect(self._current)
        self.list.doubleClicked.connect(lambda _: presenter.enter())
        self.primary.clicked.connect(self.act)
        self._split.clicked.connect(presenter.split)
        self._refund.clicked.connect(presenter.ask_refund)
        for changed in (presenter.model.modelReset, presenter.model.rowsInserted, presenter.model.rowsRemoved):
            changed.connect(self._follow)

    def act(self) -> None:
        """What the primary button says."""
        if self._presenter.view.doing is Doing.SPLIT:
            self._presenter.place_shares()
        else:
            self._presenter.enter()

    def render_view(self, view: PlacingView) -> None:
        split = view.doing is Doing.SPLIT
        if view.search != self._sent:
            self._sent = view.search
            self.search.setText(view.search)
        self._caption.setText(view.list_title)
        self._caption.setVisible(view.message is None)
        if view.message is not None:
            self._none.show_words(view.message.title, view.message.advice)
        self._choices.setCurrentWidget(self._none if view.message is not None else self.list)
        if not (split and view.shares):
            give_up_focus(self._shares_area)
        self._shares_area.setVisible(split and bool(view.shares))
        self._shares.show_shares(view.shares if split else ())
        self._remainder.setText(view.remainder if split else "")
        self._remainder.set_tone("no" if view.over else "ink")
        self._remainder.setVisible(bool(self._remainder.text()))
        lines = view.consequence if view.doing is Doing.ASSIGN else ()
        self._card.setVisible(bool(lines))
        self._first.setText(lines[0] if lines else "")
        self._rest.setText(" ".join(lines[1:]))
        self._rest.setVisible(len(lines) > 1)
        self._card.setAccessibleName(" ".join(lines))
        show_words(self._problem, Tone.NO, view.problem)
        show_notice(self._done, view.done)
        self._why.setText(view.primary.why_not)
        self._why.setVisible(bool(view.primary.why_not))
        self.primary.set_key("Ctrl+Return" if split else "Return")
        show_action(self.primary, view.primary)
        show_action(self._split, view.split)
        show_action(self._refund, view.refund)
        self._follow()

    def step(self, rows: int) -> None:
        self.list.step(rows)

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def take_first(self) -> None:
        """The first of the list, and the keys to it; nothing is moved."""
        self.search.tell_now()
        self._presenter.choose_row(0)
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _send(self, text: str) -> None:
        self._sent = text
        self._presenter.search(text)

    def _follow(self) -> None:
        model = self._presenter.model
        row = model.row_of(self._presenter.view.chosen) if self._presenter.view.chosen else -1
        wanted = model.index(row) if row >= 0 else QModelIndex()
        if self.list.currentIndex() != wanted:
            self._following = True
            self.list.setCurrentIndex(wanted)
            if not wanted.isValid():
                self.list.clearSelection()
            self._following = False

    def _current(self, current: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self._presenter.choose_row(current.row())


class _MovePage(QWidget):
    """It was the wrong patient's: why, and back."""

    def __init__(self, presenter: PlacingPresenter) -> None:
        super().__init__()
        self._moving = Label(wrap=True)
        self._moving.setObjectName("unmatchedMoving")
        self.reason = LineField()
        self.reason.setObjectName("unmatchedReason")
        self.reason.setMaxLength(200)
        self._field = LabelledField(
            self.tr("Why it is moved back"), self.reason, self.tr("It stands in the audit trail.")
        )
        self._problem = Banner()
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("unmatchedMove")
        self._why = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        close = SecondaryButton(self.tr("Leave it where it is"), "Escape")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(12)
        column.addWidget(Label(self.tr("Move it back"), size=Text.TITLE, weight=Weight.STRONG))
        column.addWidget(self._moving)
        column.addWidget(self._field)
        column.addWidget(self._problem)
        column.addStretch(1)
        column.addWidget(self._why)
        column.addWidget(self.primary)
        column.addWidget(close)
        self.reason.textEdited.connect(presenter.set_reason)
        self.primary.clicked.connect(presenter.move_back)
        close.clicked.connect(presenter.cancel)

    def render_view(self, view: PlacingView) -> None:
        if view.doing is not Doing.MOVE_BACK:
            return
        self._moving.setText(view.moving)
        if self.reason.text() != view.reason:
            self.reason.setText(view.reason)
        self.reason.show_problem(view.reason_problem)
        show_words(self._problem, Tone.NO, view.problem)
        self._why.setText(view.primary.why_not)
        self._why.setVisible(bool(view.primary.why_not))
        show_action(self.primary, view.primary)


class _PlacedPage(QWidget):
    """Nothing of it waits any more: what was done, and the way back."""

    def __init__(self, presenter: PlacingPresenter) -> None:
        super().__init__()
        self._done = Banner()
        self._done.setObjectName("unmatchedPlacedDone")
        self._problem = Banner()
        self._state = EmptyState(
            self.tr("Nothing of it waits any more"), self.tr("The arrow keys choose the next payment that waits.")
        )
        self._why = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        self._back = SecondaryButton("", "F8")
        self._back.setObjectName("unmatchedMoveOpen")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._done)
        column.addWidget(self._problem)
        column.addWidget(self._state, 1)
        column.addWidget(self._why)
        column.addWidget(self._back)
        self._back.clicked.connect(partial(presenter.ask_move_back, ""))

    def render_view(self, view: PlacingView) -> None:
        show_notice(self._done, view.done)
        show_words(self._problem, Tone.NO, view.problem)
        self._why.setText(view.move_back.why_not)
        self._why.setVisible(bool(view.move_back.why_not))
        show_action(self._back, view.move_back)
