"""A receipt on the screen, as it stands on the paper; to print, or to keep as PDF."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter, ReceiptView
from hmis_pos.terminal.printing import roll
from hmis_pos.terminal.printing.blocks import Block
from hmis_pos.terminal.printing.content import ReceiptContent
from hmis_pos.terminal.ui.kit.buttons import QuietButton, SecondaryButton
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.painting import rounded
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.surface import Surface
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text, Weight

#: What stands on the paper of a receipt; the second argument is which copy it is.
Paper = Callable[[Receipt, int], ReceiptContent]


class ReceiptPaper(QWidget):
    """The roll a printer would give, white in every theme: it is paper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("receiptPaper")
        self._blocks: list[Block] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_content(self, content: ReceiptContent) -> None:
        self._blocks = roll.blocks(content)
        facts = (*content.facts, content.payment, *content.payment_details, content.balance)
        spoken = ", ".join(f"{fact.label} {fact.value}" for fact in facts)
        self.setAccessibleName(f"{content.title} {content.no}, {content.patient}")
        self.setAccessibleDescription(spoken)
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return round(roll.height(self._blocks) * width / roll.WIDTH)

    def sizeHint(self) -> QSize:
        width = sizes().payment - 48
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        page = QRectF(self.rect())
        rounded(painter, page, 4, fill=Qt.GlobalColor.white, line=current_theme().line)  # type: ignore[arg-type]
        painter.scale(self.width() / roll.WIDTH, self.width() / roll.WIDTH)
        roll.paint(painter, self._blocks)


class ReceiptPanel(Surface):
    """Lies over the right side of ``over`` as long as it is wanted; the work beside it goes on.

    ``moved``: it came, or it went; the window binds Esc to :meth:`dismiss` as long as it is there.
    """

    moved = Signal()

    def __init__(self, over: QWidget, presenter: ReceiptPresenter, paper: Paper) -> None:
        super().__init__("raised", "left", over)
        self.setObjectName("receiptPanel")
        self.setAccessibleName(self.tr("Receipt"))
        self._over = over
        self._back: QWidget | None = None
        self._presenter = presenter
        self._content_of = paper
        self._title = Label(size=Text.TITLE, weight=Weight.STRONG)
        self._close = QuietButton("", "Escape", icon="close")
        self._close.setAccessibleName(self.tr("Close"))
        self._close.setObjectName("receiptClose")
        self.paper = ReceiptPaper()
        self._saved = ElidedLabel(size=Text.CAPTION, tone="ink-2")
        self._print = SecondaryButton("", "F9")
        self._print.setObjectName("receiptPanelPrint")
        self._save = SecondaryButton(self.tr("Save as PDF"), "Ctrl+S")
        self._save.setObjectName("receiptPanelSave")
        self._lay_out()
        self._close.clicked.connect(self.dismiss)
        self._print.clicked.connect(presenter.print_again)
        self._save.clicked.connect(self._keep)
        presenter.changed.connect(self.render_view)
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 12, 8)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        inside = QWidget()
        middle = QVBoxLayout(inside)
        middle.setContentsMargins(20, 4, 20, 12)
        middle.addWidget(self.paper)
        middle.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save, 1)
        buttons.addWidget(self._print, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(21, 8, 20, 16)
        foot.setSpacing(8)
        foot.addWidget(self._saved)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(ScrollArea(inside), 1)
        column.addLayout(foot)

    def present(self) -> None:
        """Come out with the presenter's receipt; without one there is nothing to show."""
        if self._presenter.receipt is None:
            return
        self.render_view(self._presenter.view)
        self._back = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def dismiss(self) -> None:
        """Go, and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._back is not None and isValid(self._back):
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back = None
        self.moved.emit()

    def _keep(self) -> None:
        self._presenter.save_pdf()

    def render_view(self, view: ReceiptView) -> None:
        """Show a receipt whole."""
        receipt = self._presenter.receipt
        self._print.setEnabled(receipt is not None and not view.printing)
        self._save.setEnabled(receipt is not None)
        if receipt is None:
            return
        self._title.setText(self.tr("Receipt {no}").format(no=view.no))
        self.paper.show_content(self._content_of(receipt, max(1, view.copies)))
        self._print.setText(self.tr("Print again") if view.copies else self.tr("Print"))
        self._saved.setText(self.tr("Saved: {path}").format(path=view.saved_as) if view.saved_as else "")
        self._saved.setVisible(bool(view.saved_as))

    def _place(self) -> None:
        width = min(max(sizes().payment, self._over.width() // 4), self._over.width())
        self.setGeometry(self._over.width() - width, 0, width, self._over.height())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False
