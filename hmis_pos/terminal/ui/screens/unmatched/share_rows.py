"""The shares of a split: who, how much, and what that does to the invoice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.placing import PlacingPresenter
from hmis_pos.terminal.presenters.unmatched_view import ShareView
from hmis_pos.terminal.ui.kit.buttons import QuietButton
from hmis_pos.terminal.ui.kit.focus import give_up_focus
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit, MoneyEntry
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.screens.rendering import fill_money, is_filled


class _Row(QWidget):
    def __init__(self, presenter: PlacingPresenter, share: ShareView) -> None:
        super().__init__()
        self._presenter = presenter
        self.invoice_id = share.invoice_id
        self._name = ElidedLabel(weight=Weight.STRONG)
        self._number = ElidedLabel(size=Text.CAPTION, tone="ink-2")
        self.amount = MoneyEdit(currency="")
        self.amount.setFixedSize(132, 44)
        self.amount.setObjectName(f"share{share.invoice_id}")
        self._drop = QuietButton(icon="close")
        self._drop.setFixedWidth(36)
        self._note = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._name)
        words.addWidget(self._number)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addLayout(words, 1)
        row.addWidget(self.amount)
        row.addWidget(self._drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._note)
        self.amount.entered.connect(self._typed)
        self._drop.clicked.connect(lambda: presenter.drop_share(self.invoice_id))

    def show_share(self, share: ShareView) -> None:
        self._name.setText(share.name)
        self._number.setText(self.tr("{invoice} · owes {amount}").format(invoice=share.number, amount=share.owes))
        self.amount.setAccessibleName(self.tr("Amount for {name}").format(name=share.name))
        self._drop.setAccessibleName(self.tr("Without {name}").format(name=share.name))
        if self.amount.minor() != share.amount_minor and not share.problem:
            fill_money(self.amount, share.amount_minor)
        self._note.setText(share.problem or share.consequence)
        self._note.set_tone("no" if share.problem else "ink-2")
        self._note.setVisible(bool(self._note.text()))

    def _typed(self, entry: MoneyEntry) -> None:
        if not is_filled(self.amount):
            self._presenter.set_share(self.invoice_id, entry.minor, entry.problem)


class ShareRows(QWidget):
    """One row a share; rows are kept while their invoice is among the shares, so that the caret stays."""

    def __init__(self, presenter: PlacingPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unmatchedShares")
        self._presenter = presenter
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)

    def show_shares(self, shares: tuple[ShareView, ...]) -> None:
        """Show exactly these; a new one takes the caret."""
        wanted = [share.invoice_id for share in shares]
        for row in [row for row in self._rows if row.invoice_id not in wanted]:
            self._rows.remove(row)
            give_up_focus(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        known = {row.invoice_id: row for row in self._rows}
        for share in shares:
            if share.invoice_id in known:
                known[share.invoice_id].show_share(share)
                continue
            row = _Row(self._presenter, share)
            self._rows.append(row)
            self._column.insertWidget(len(self._rows) - 1, row)
            row.show_share(share)
            row.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            row.amount.selectAll()
