"""The imports, newest first; a file is chosen by the button or dropped anywhere on the column."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.presenters.statements import StatementsPresenter
from hmis_pos.terminal.presenters.statements_view import ListState, StatementsView
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.theme import current_theme, sizes
from hmis_pos.terminal.ui.kit.typeface import Text
from hmis_pos.terminal.ui.screens.cards_column import CardsColumn
from hmis_pos.terminal.ui.screens.rendering import show_action, show_notice


class ListColumn(CardsColumn):
    """``importWanted`` asks for the file dialog."""

    importWanted = Signal()

    def __init__(self, presenter: StatementsPresenter, parent: QWidget | None = None) -> None:
        super().__init__("", presenter.model, ("", "statements"), parent)
        self.setAcceptDrops(True)
        self.title.setText(self.tr("Statements"))
        self.list.setAccessibleName(self.tr("Imported statements"))
        self._presenter = presenter
        self._over = False
        self._import = SecondaryButton("", "F2", icon="plus")
        self._import.setObjectName("statementsImport")
        self._hint = Label(
            self.tr("or drop the file of the M-Pesa portal here (CSV, XLS, XLSX)"),
            size=Text.CAPTION,
            tone="ink-2",
            wrap=True,
        )
        self._upload = Banner()
        self._upload.setObjectName("statementsUpload")
        self.top.addWidget(self._import)
        self.top.addWidget(self._hint)
        self.top.addWidget(self._upload)
        self._import.clicked.connect(self.importWanted)
        self.rowChosen.connect(presenter.choose_row)
        self.acted.connect(self._act)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: StatementsView) -> None:
        """Show a state whole."""
        show_action(self._import, view.may_import)
        show_notice(self._upload, view.upload)
        self.show_header(view.header, view.aside)
        action = {
            ListState.ERROR: self.tr("Try again"),
            ListState.OFFLINE: self.tr("Try again"),
        }
        self.show_state(view.state, view.message, action=action.get(view.state, ""))
        # Showing the list may have chosen its first row: what holds now is the presenter's word.
        self.show_chosen(str(self._presenter.view.selected or ""))

    def _act(self, _state: str) -> None:
        self._presenter.refresh()

    # ------------------------------------------------------------ dropping a file

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None and self._presenter.view.may_import.enabled:
            event.acceptProposedAction()
            self._mark(over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(over=False)
        file = dropped(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self._presenter.import_file(file)

    def _mark(self, *, over: bool) -> None:
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._over:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme = current_theme()
            painter.setPen(QPen(theme.accent, 2, Qt.PenStyle.DashLine))
            painter.setBrush(theme.accent_soft)
            painter.drawRoundedRect(self.rect().adjusted(4, 4, -5, -5), sizes().radius_card, sizes().radius_card)


def dropped(mime: QMimeData) -> Path | None:
    """The one file of this computer that is dragged; several are refused, for each is its own import."""
    urls = mime.urls() if mime.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
