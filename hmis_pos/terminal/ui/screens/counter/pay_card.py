"""For the patient who pays from their own phone: Paybill and account, readable across the counter, and the QR code."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.self_pay import SelfPayPresenter, SelfPayView
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.qr_picture import QrPicture
from hmis_pos.terminal.ui.kit.surface import Card
from hmis_pos.terminal.ui.kit.typeface import Text, Weight

_QR = 96
_LOOKER = "panel"


class PayCard(Card):
    """Follows the presenter; its page says with :meth:`in_sight` while it is shown."""

    def __init__(self, presenter: SelfPayPresenter, parent: QWidget | None = None) -> None:
        super().__init__(ground="", parent=parent)
        self.setObjectName("payCard")
        self.setAccessibleName(self.tr("The patient pays from their own phone"))
        self._presenter = presenter
        self._to = _Number()
        self._account = _Number()
        self._account.words.setText(self.tr("Account"))
        self._why = Label(size=Text.CAPTION, tone="ink-2", wrap=True)
        self._why.setObjectName("payWhyNoQr")
        self.qr = QrPicture(self.tr("QR code to pay with M-Pesa"), _QR)
        numbers = QVBoxLayout()
        numbers.setSpacing(4)
        numbers.addWidget(self._to)
        numbers.addWidget(self._account)
        numbers.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(numbers, 1)
        row.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addWidget(self._why)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: SelfPayView) -> None:
        """Show a state whole."""
        self.setHidden(not view.is_shown)
        self._to.show_number(self.tr("Till number") if view.is_till else self.tr("Or: Paybill"), view.shortcode)
        self._account.setVisible(bool(view.account))
        self._account.show_number(self.tr("Account"), view.account)
        self.qr.setVisible(bool(view.png) or view.asking)
        self.qr.show_png(view.png)
        self._why.setText(view.why)
        self._why.setVisible(bool(view.why))

    def in_sight(self, seen: bool) -> None:  # noqa: FBT001 - whether its page is shown now
        """The page it stands on is shown, or no more: a card that has nothing to show is hidden and hears of neither."""
        self._presenter.look(_LOOKER, seen)


class _Number(QWidget):
    """A number under a word that says which."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Label(size=Text.CAPTION, tone="ink-2")
        self.number = Label(size=Text.HEADING, weight=Weight.NUMBER)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.number)

    def show_number(self, words: str, number: str) -> None:
        self.words.setText(words)
        self.number.setText(number)
        self.number.setAccessibleName(f"{words} {number}")
