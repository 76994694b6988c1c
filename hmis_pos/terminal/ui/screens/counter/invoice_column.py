"""What the chosen patient owes, and why: person, services, sum, earlier payments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.counter import Claim, CounterPresenter, CounterState, CounterView
from hmis_pos.terminal.presenters.invoice_view import EarlierView, InvoiceView, SumView
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label, Rule
from hmis_pos.terminal.ui.kit.pill import Pill
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.skeleton import SkeletonRows
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.table import TableView
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.counter.invoice_lines import NUMBERS, InvoiceLines
from hmis_pos.terminal.ui.screens.rendering import clear_layout, show_action, show_notice, show_words, tone_of

_WIDEST = 860  # services and their amounts must not drift apart on a wide screen
_SUMS = 340
_ROWS_SEEN = 3
_ROW = 35
_NARROW = 360  # less room than this shows services without quantity and price
_ONE_LINE = 430  # an earlier payment and the deposit fit beside each other


class InvoiceColumn(Surface):
    """The middle column of the counter."""

    def __init__(self, presenter: CounterPresenter, parent: QWidget | None = None) -> None:
        super().__init__("bg", parent=parent)
        self.setObjectName("invoiceColumn")
        self.setMinimumWidth(240)
        self._presenter = presenter
        self._pages = QStackedWidget(self)
        self._nobody = EmptyState(
            self.tr("Choose a patient"),
            self.tr("Arrow keys choose in the queue, / searches, a scanner finds the invoice by itself."),
            icon="counter",
        )
        self._loading = SkeletonRows(3)
        self._gone = ErrorState("")
        self._invoice = _InvoicePage()
        for page in (self._nobody, self._loading, self._gone, self._invoice):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        presenter.changed.connect(self.render_view)
        self._invoice.take_over.clicked.connect(presenter.take_over)
        self._invoice.issue.clicked.connect(presenter.issue_receipt)
        self._gone.acted.connect(presenter.refresh)
        self.render_view(presenter.view)

    def render_view(self, view: CounterView) -> None:
        """Show a state whole."""
        page = {
            CounterState.NOBODY: self._nobody,
            CounterState.LOADING: self._loading,
            CounterState.READY: self._invoice,
            CounterState.GONE: self._gone,
        }[view.state]
        if view.state is CounterState.GONE and view.notice is not None:
            self._gone.show_words(view.notice.title, view.notice.advice, action=self.tr("Try again"))
        if view.invoice is not None:
            self._invoice.render_view(view, view.invoice)
        self._pages.setCurrentWidget(page)

    def scroll_services(self, rows: int) -> None:
        """Move the list of services, where it is longer than the screen."""
        self._invoice.scroll_services(rows)


class _InvoicePage(QWidget):
    """One invoice. The services scroll when there are many; what is to pay stays in sight."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ElidedLabel(size=Text.HEADING, weight=Weight.NUMBER)
        self._name.setObjectName("invoiceName")
        self._badges = QHBoxLayout()
        self._badges.setSpacing(8)
        self._pills: list[Pill] = []
        self._facts = ElidedLabel(tone="ink-2")
        self._facts.setObjectName("invoiceFacts")
        self._aside = Label(size=Text.CAPTION, tone="unk", wrap=True)
        self._aside.setObjectName("invoiceAside")
        self._arrived = Banner()
        self._arrived.setObjectName("invoiceArrived")
        self.issue = SecondaryButton("", "Shift+F9")
        self.issue.setObjectName("invoiceIssueReceipt")
        self._notice = Banner()
        self._notice.setObjectName("invoiceNotice")
        self.take_over = SecondaryButton(self.tr("Serve this patient here"), "Ctrl+T")
        self.take_over.setObjectName("takeOverButton")
        self._lines = InvoiceLines(self)
        self.table = TableView(self.tr("Services"), numbers=NUMBERS, selectable=False)
        self.table.setObjectName("invoiceLines")
        self.table.setModel(self._lines)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._sums = _Sums()
        self._earlier = _Earlier()
        self._lay_out()

    def _lay_out(self) -> None:
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(12)
        self._head.addWidget(self._name)
        self._head.addLayout(self._badges)
        self._head.addStretch(1)
        inside = QVBoxLayout()
        inside.setSpacing(0)
        inside.addLayout(self._head)
        inside.addWidget(self._facts)
        inside.addWidget(self._aside)
        inside.addSpacing(16)
        inside.addWidget(self._arrived)
        self._issue_gap = QWidget()
        self._issue_gap.setFixedHeight(8)
        inside.addWidget(self._issue_gap)
        inside.addWidget(self.issue, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._notice)
        inside.addWidget(self.take_over, 0, Qt.AlignmentFlag.AlignLeft)
        self._gap = QWidget()
        self._gap.setFixedHeight(8)
        inside.addWidget(self._gap)
        inside.addWidget(self.table, 1000)
        inside.addSpacing(16)
        right = QHBoxLayout()
        right.addStretch(1)
        right.addWidget(self._sums, 1000)
        inside.addLayout(right)
        inside.addSpacing(20)
        inside.addWidget(self._earlier)
        inside.addStretch(1)
        body = QWidget()
        body.setMaximumWidth(_WIDEST)
        body.setLayout(inside)
        inside.setContentsMargins(0, 0, 0, 0)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(24, 18, 24, 24)
        row.addWidget(body, 1000)
        row.addStretch(1)
        self._scroll = ScrollArea(whole)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)

    def scroll_services(self, rows: int) -> None:
        """Move the services; on a low screen, where the page itself is higher than its room, move that."""
        outer, inner = self._scroll.verticalScrollBar(), self.table.verticalScrollBar()
        bar = outer if outer.maximum() else inner
        bar.setValue(bar.value() + rows * max(bar.singleStep(), _ROW))

    def render_view(self, view: CounterView, invoice: InvoiceView) -> None:
        """Show an invoice whole."""
        self._name.setText(invoice.name)
        self._facts.setText(invoice.facts)
        self._show_badges(invoice)
        notice = view.notice
        # With the relay away this stands beside every patient: said quietly, or nobody reads it any more.
        quiet = view.claim is Claim.UNSEEN
        self._aside.setText(notice.title if notice is not None and quiet else "")
        self._aside.setToolTip(notice.advice if notice is not None and quiet else "")
        self._aside.setVisible(bool(self._aside.text()))
        tone = Tone.WAIT if view.claim is Claim.ELSEWHERE else Tone.NO
        show_words(self._notice, tone, None if quiet else notice)
        self.take_over.setVisible(view.can_take_over)
        show_notice(self._arrived, view.arrived)
        show_action(self.issue, view.issue)
        self._issue_gap.setVisible(bool(view.issue.label))
        self._gap.setVisible(view.can_take_over or view.arrived is not None)
        if self._lines.show_lines(invoice.lines):
            self.table.setMinimumHeight(min(self.table.content_height(), 36 * (_ROWS_SEEN + 1)))
            self.table.setMaximumHeight(self.table.content_height())
            self.table.scrollToTop()
        self._sums.show_sums(invoice.sums, invoice.unsent)
        self._earlier.show_earlier(view)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where it is narrow: badges below the name, and of the services only what and how much."""
        room = min(self.width() - 48, _WIDEST)
        needed = self._name.sizeHint().width() + sum(pill.sizeHint().width() + 12 for pill in self._pills)
        beside = QBoxLayout.Direction.LeftToRight if needed <= room else QBoxLayout.Direction.TopToBottom
        self._head.setDirection(beside)
        self._head.setSpacing(12 if beside is QBoxLayout.Direction.LeftToRight else 6)
        for column in (1, 2):
            self.table.setColumnHidden(column, room < _NARROW)

    def _show_badges(self, invoice: InvoiceView) -> None:
        clear_layout(self._badges)
        self._pills = [Pill(badge, Tone.ACCENT) for badge in invoice.badges]
        if invoice.withdrawn:
            self._pills.append(Pill(self.tr("Withdrawn"), Tone.NO, icon="cross"))
        elif invoice.paid_in_full:
            self._pills.append(Pill(self.tr("Paid"), Tone.OK, icon="check"))
        for pill in self._pills:
            self._badges.addWidget(pill)
        self._badges.addStretch(1)


class _Sums(QWidget):
    """Total, what covers it, what is left: words at the left, amounts at the right, the last line strong."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumWidth(_SUMS)
        self._shown: tuple[object, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_sums(self, sums: Sequence[SumView], unsent: str) -> None:
        if self._shown == (tuple(sums), unsent):
            return
        self._shown = (tuple(sums), unsent)
        clear_layout(self._column)
        for line in sums:
            if line.final:
                self._column.addWidget(Rule(strong=True))
            self._column.addLayout(self._row(line))
        if unsent:
            note = Label(unsent, size=Text.CAPTION, tone="ink-2", wrap=True)
            note.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._column.addWidget(note)

    def _row(self, line: SumView) -> QHBoxLayout:
        size, weight = (Text.TITLE, Weight.NUMBER) if line.final else (Text.BODY, Weight.BODY)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(Label(line.label, size=size, weight=weight))
        note = ElidedLabel(f"· {line.note}" if line.note else "", tone="ink-2")
        note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row.addWidget(note, 1)
        amount = Label(line.amount, size=size, weight=weight)
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if line.final:
            amount.setObjectName("invoiceToPay")
        row.addWidget(amount)
        return row


class _Earlier(Card):
    """Earlier payments of the patient, those of this invoice strong, and the deposit that lies there."""

    def __init__(self) -> None:
        super().__init__(ground="")
        self.setObjectName("earlierPayments")
        self.setAccessibleName(self.tr("Earlier payments"))
        self._shown: tuple[object, ...] = ()
        self._view: CounterView | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)

    def show_earlier(self, view: CounterView) -> None:
        self._view = view
        self.setVisible(bool(view.earlier or view.deposit or not view.earlier_complete))
        one_line = len(view.earlier) == 1 and not view.earlier[0].state and self.width() >= _ONE_LINE
        key = (view.earlier, view.earlier_complete, view.deposit, one_line)
        if key == self._shown:
            return
        self._shown = key
        clear_layout(self._grid)
        wide = 1 if view.earlier else 2
        self._grid.addWidget(ElidedLabel(self._title(view), tone="ink-2"), 0, 0, 1, wide)
        if view.deposit:
            deposit = Label(self.tr("Deposit {amount}").format(amount=view.deposit), tone="ink-2")
            self._grid.addWidget(deposit, 0, 2, Qt.AlignmentFlag.AlignRight)
        if one_line:
            self._grid.addLayout(self._line(view.earlier[0]), 0, 1)
            return
        for row, earlier in enumerate(view.earlier, 1):
            self._grid.addLayout(self._line(earlier), row, 0, 1, 3)

    def _title(self, view: CounterView) -> str:
        if view.earlier_complete:
            return self.tr("Earlier") if view.earlier else self.tr("No earlier payments")
        return self.tr("Taken here") if view.earlier else self.tr("Earlier payments: not known while offline")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._view is not None:
            self.show_earlier(self._view)

    def _line(self, earlier: EarlierView) -> QHBoxLayout:
        words = f"{earlier.when} · {earlier.amount} {earlier.method}"
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(ElidedLabel(words))
        if earlier.reference:
            row.addWidget(Label("·"))
            row.addWidget(ElidedLabel(earlier.reference, weight=Weight.STRONG))
        if earlier.state:
            row.addSpacing(4)
            row.addWidget(Pill(earlier.state, tone_of(earlier.tone)))
        row.addStretch(1)
        return row
