"""The receipt of what was just taken, in a few lines: number, paper, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.receipts import ReceiptPresenter, ReceiptView
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.theme import Tone


class ReceiptStrip(QWidget):
    """Follows the receipt presenter. ``buttons`` is a row for the foot of the page; ``openWanted`` asks for the whole receipt.

    ``quiet``: the page tells the good news itself, only what went wrong with the paper is said here.
    """

    openWanted = Signal()

    def __init__(self, presenter: ReceiptPresenter, *, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = quiet
        self._banner = Banner()
        self._banner.setObjectName("receiptStrip")
        self._problem = Banner()
        self._problem.setObjectName("receiptProblem")
        self._show = SecondaryButton(self.tr("Show receipt"), "Ctrl+R")
        self._show.setObjectName("receiptShow")
        self._print = SecondaryButton("", "F9")
        self._print.setObjectName("receiptPrint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._banner)
        column.addWidget(self._problem)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addWidget(self._show, 1)
        self.buttons.addWidget(self._print, 1)
        self._show.clicked.connect(self.openWanted)
        self._print.clicked.connect(presenter.print_again)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: ReceiptView) -> None:
        """Show a receipt whole."""
        self._banner.setVisible(bool(view.uid) and not self._quiet)
        self._banner.show_message(Tone.OK, self.tr("Receipt {no}").format(no=view.no), self._words(view))
        self._problem.setVisible(view.problem is not None)
        if view.problem is not None:
            self._problem.show_message(Tone.UNKNOWN, view.problem.title, view.problem.advice)
        self._print.setText(self.tr("Print again") if view.copies else self.tr("Print"))
        self._print.setEnabled(bool(view.uid) and not view.printing)
        self._show.setEnabled(bool(view.uid))

    def _words(self, view: ReceiptView) -> str:
        reference = f" {view.provider_receipt}" if view.provider_receipt else ""
        taken = f"{view.name} · {view.applied} {view.method}{reference}"
        return f"{taken}\n{self._paper(view)}"

    def _paper(self, view: ReceiptView) -> str:
        if view.printing:
            return self.tr("Printing")
        if view.copies == 1:
            return self.tr("Printed")
        if view.copies:
            return self.tr("Printed %n times", "", view.copies)
        return self.tr("Saved, not printed")
