"""Cash: what to ask for, what was handed over, what to give back, one button."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.cash import CashPresenter
from hmis_pos.terminal.presenters.cash_view import CashMode, CashState, CashView, NoteView
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import PrimaryButton, SecondaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField
from hmis_pos.terminal.ui.kit.focus import give_up_focus
from hmis_pos.terminal.ui.kit.label import AmountLabel, Label
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit, MoneyEntry
from hmis_pos.terminal.ui.kit.surface import Card
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font
from hmis_pos.terminal.ui.screens.counter.panel_page import Asked, PanelPage
from hmis_pos.terminal.ui.screens.counter.receipt_strip import ReceiptStrip
from hmis_pos.terminal.ui.screens.rendering import fill_money, is_filled, show_action, show_words, turn_to


class CashPage(QStackedWidget):
    """The sale, and after it what to give back.

    ``receiptWanted`` asks for the receipt on the screen.
    """

    receiptWanted = Signal()

    def __init__(self, presenter: CashPresenter, receipts: ReceiptPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cashPage")
        self.setAccessibleName(self.tr("Cash"))
        self._presenter = presenter
        self.sale = _Sale(presenter)
        self.taken = _Taken(presenter, receipts)
        self.taken.strip.openWanted.connect(self.receiptWanted)
        for button in (self.sale.part, self.sale.split):
            button.clicked.connect(self.focus_first)  # after the presenter: as the keys do
        self.addWidget(self.sale)
        self.addWidget(self.taken)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: CashView) -> None:
        """Show a state whole."""
        taken = view.state is CashState.TAKEN
        page = self.taken if taken else self.sale
        page.render_view(view)
        turn_to(self, page)

    def focus_first(self) -> None:
        """Put the caret where typing makes sense: the amount handed over."""
        if self._presenter.view.state is CashState.OPEN:
            self.sale.received.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.sale.received.selectAll()

    def press_note(self, place: int) -> None:
        """Use a quick note by its place, the exact amount first, then what may be added."""
        view = self._presenter.view
        if place < len(view.notes):
            self._presenter.receive(view.notes[place].minor)
        elif place - len(view.notes) < len(view.adders):
            self._presenter.add(view.adders[place - len(view.notes)].minor)


class _Sale(PanelPage):
    """Before the money is taken."""

    def __init__(self, presenter: CashPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._asked = Asked()
        self._asked.amount.setObjectName("cashToPay")
        self._problem = Banner()
        self._problem.setObjectName("cashProblem")
        self._check = SecondaryButton(self.tr("Check again"))
        self._check.setObjectName("cashCheckAgain")
        self._check.clicked.connect(presenter.check_again)
        self._warning = Banner()
        self._warning.setObjectName("cashWarning")
        self.received = MoneyEdit()
        self.received.setObjectName("cashReceived")
        self._received_field = LabelledField(self.tr("Received from patient"), self.received)
        self.applied = MoneyEdit()
        self.applied.setObjectName("cashApplied")
        self._applied_field = LabelledField(self.tr("Of it for this invoice"), self.applied)
        self._notes = _Notes(presenter.receive, "cashNote", checkable=True)
        self._adders = _Notes(presenter.add, "cashAdd", checkable=False)
        self._change = _Change()
        self._rest = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        self._rest.setObjectName("cashRest")
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("cashPrimary")
        self.part = SecondaryButton("", "F10")
        self.part.setObjectName("cashPart")
        self.split = SecondaryButton("", "F5")
        self.split.setObjectName("cashSplit")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        fields = QVBoxLayout()
        fields.setSpacing(2)
        fields.addWidget(self._received_field)
        fields.addWidget(self._applied_field)
        above: tuple[QWidget, ...] = (self._asked, self._problem, self._check, self._warning)
        below: tuple[QWidget, ...] = (self._notes, self._adders, self._change, self._rest)
        for part in above:
            self.body.addWidget(part)
        self.body.addLayout(fields)
        for part in below:
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot.addWidget(self.primary)
        self.foot.addLayout(self.pair(self.part, self.split))

    def _connect(self) -> None:
        self.received.entered.connect(self._received)
        self.applied.entered.connect(self._applied)
        self.primary.clicked.connect(self._presenter.enter)
        self.part.clicked.connect(self._presenter.part)
        self.split.clicked.connect(self._presenter.split)

    def _received(self, entry: MoneyEntry) -> None:
        if not is_filled(self.received):
            self._presenter.receive(entry.minor, entry.problem)

    def _applied(self, entry: MoneyEntry) -> None:
        if not is_filled(self.applied):
            self._presenter.apply(entry.minor, entry.problem)

    def render_view(self, view: CashView) -> None:
        self._asked.show_amount(self.tr("To pay"), view.to_pay)
        self._asked.setVisible(bool(view.to_pay))
        show_words(self._problem, Tone.NO if view.state is CashState.OPEN else Tone.NEUTRAL, view.problem)
        self._check.setVisible(view.state is CashState.OPEN and view.problem is not None)
        show_words(self._warning, Tone.UNKNOWN, view.warning)
        working = view.state in (CashState.OPEN, CashState.TAKING)
        self._show_received(view, working=working)
        self._show_applied(view, working=working)
        self._notes.show_notes(view.notes if working else ())
        self._adders.show_notes(view.adders if working and view.mode is CashMode.FULL else ())
        self._change.show_change(view)
        self._rest.setText(self._rest_words(view))
        self._rest.setVisible(bool(self._rest.text()))
        show_action(self.primary, view.primary)
        show_action(self.part, view.part)
        show_action(self.split, view.split)

    def _show_received(self, view: CashView, *, working: bool) -> None:
        self._received_field.setVisible(working)
        self.received.setReadOnly(view.state is CashState.TAKING)
        names = {CashMode.FULL: self.tr("Received from patient"), CashMode.PART: self.tr("Received from patient")}
        self._received_field.set_label(names.get(view.mode, self.tr("Received in cash")))
        nonsense = view.received_minor is None and bool(view.received_problem)
        if self.received.minor() != view.received_minor or (
            self.received.text() and not nonsense and view.received_minor is None
        ):
            fill_money(self.received, view.received_minor)
        # Too little while one still types is no mistake: say it quietly.
        self.received.show_problem(view.received_problem if nonsense else "")
        self._received_field.set_hint("" if nonsense else view.received_problem)

    def _show_applied(self, view: CashView, *, working: bool) -> None:
        self._applied_field.setVisible(working and view.mode is not CashMode.FULL)
        if not self.applied.hasFocus() and self.applied.minor() != view.applied_minor:
            fill_money(self.applied, view.applied_minor)
        self.applied.show_problem(view.applied_problem)

    def _rest_words(self, view: CashView) -> str:
        if not view.rest:
            return ""
        if view.mode is CashMode.SPLIT:
            return self.tr("{rest} is then asked for by M-Pesa.").format(rest=view.rest)
        return self.tr("{rest} stays owed.").format(rest=view.rest)


class _Taken(PanelPage):
    """After the money is taken: what to give back, and the receipt."""

    def __init__(self, presenter: CashPresenter, receipts: ReceiptPresenter) -> None:
        super().__init__()
        self._asked = Asked()
        self._asked.amount.setObjectName("cashGiveBack")
        self._asked.amount.set_tone("accent")
        self._pieces = Label(tone="ink-2", wrap=True)
        self._pieces.setObjectName("cashPieces")
        self.strip = ReceiptStrip(receipts)
        self._rest = Label(wrap=True)
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("cashNext")
        self.primary.clicked.connect(presenter.enter)
        for part in (self._asked, self._pieces, self.strip, self._rest):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.foot.addWidget(self.primary)
        self.foot.addLayout(self.strip.buttons)

    def render_view(self, view: CashView) -> None:
        if view.change_minor:
            self._asked.show_amount(self.tr("Give change"), view.change)
        else:
            self._asked.show_amount(self.tr("Taken, nothing to give back"), view.applied)
        words = " ".join(part for part in (view.change_pieces, view.change_note) if part)
        self._pieces.setText(words)
        self._pieces.setVisible(bool(words))
        self._rest.setText(self.tr("{rest} stays owed.").format(rest=view.rest) if view.rest else "")
        self._rest.setVisible(bool(view.rest))
        show_action(self.primary, view.primary)


class _Notes(QWidget):
    """A row of amounts to choose from. The buttons are kept as long as their number stays the same."""

    def __init__(self, use: Callable[[int], None], name: str, *, checkable: bool) -> None:
        super().__init__()
        self._use = use
        self._name = name
        self._checkable = checkable
        self._buttons: list[SecondaryButton] = []
        self._notes: tuple[NoteView, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8 if checkable else 6)

    def show_notes(self, notes: Sequence[NoteView]) -> None:
        if not notes:
            give_up_focus(self)
        self.setVisible(bool(notes))
        self._notes = tuple(notes)
        while len(self._buttons) > len(notes):
            button = self._buttons.pop()
            give_up_focus(button)
            self._row.removeWidget(button)
            button.deleteLater()
        while len(self._buttons) < len(notes):
            self._add(len(self._buttons))
        for button, note in zip(self._buttons, notes, strict=True):
            button.setText(note.label)
            if self._checkable:
                button.setChecked(note.active)

    def _add(self, place: int) -> None:
        button = SecondaryButton()
        button.setObjectName(f"{self._name}{place}")
        button.setCheckable(self._checkable)
        button.clicked.connect(lambda: self._press(place))
        self._buttons.append(button)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if not self._checkable:
            button.setFont(font(Text.CAPTION, Weight.STRONG))
        self._row.addWidget(button, 1)

    def _press(self, place: int) -> None:
        self._buttons[place].setChecked(self._notes[place].active)  # the presenter says which one is
        self._use(self._notes[place].minor)


class _Change(QWidget):
    """What goes back to the patient: the amount, and in which notes and coins."""

    def __init__(self) -> None:
        super().__init__()
        self._card = Card(ground="accent-soft")
        self._card.setFixedHeight(62)
        self._amount = AmountLabel(size=Text.CHANGE)
        self._amount.setObjectName("cashChange")
        self._amount.set_tone("accent")
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.addWidget(Label(self.tr("Give change"), weight=Weight.STRONG, tone="ink-2"))
        row.addWidget(self._amount, 1)
        self._card.body.addLayout(row)
        self._pieces = Label(size=Text.CAPTION, tone="ink-3", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._card)
        column.addWidget(self._pieces)

    def show_change(self, view: CashView) -> None:
        self.setVisible(bool(view.change))
        self._amount.setText(view.change)
        self._pieces.setText(" · ".join(part for part in (view.change_pieces, view.change_note) if part))
        self._pieces.setVisible(bool(self._pieces.text()))
        self.setAccessibleName(f"{self.tr('Give change')} {view.change} {self._pieces.text()}".strip())
