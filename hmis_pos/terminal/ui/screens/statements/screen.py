"""The room of statements: imports, what one of them found, and the hospital's M-Pesa."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from hmis_pos.terminal.presenters.mpesa_desk import MpesaDeskPresenter
from hmis_pos.terminal.presenters.statement_items import StatementItemsPresenter
from hmis_pos.terminal.presenters.statements import StatementsPresenter
from hmis_pos.terminal.ui.kit.keys import Action
from hmis_pos.terminal.ui.screens.statements.list_column import ListColumn
from hmis_pos.terminal.ui.screens.statements.mpesa_column import MpesaColumn
from hmis_pos.terminal.ui.screens.statements.result_column import ResultColumn
from hmis_pos.terminal.ui.screens.three_columns import ThreeColumns

PLACE = "statements"
_PAGE = 10


class StatementsScreen(ThreeColumns):
    """``backWanted`` asks for the counter."""

    backWanted = Signal()

    def __init__(
        self,
        statements: StatementsPresenter,
        items: StatementItemsPresenter,
        desk: MpesaDeskPresenter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("statementsScreen")
        self._statements = statements
        self._items = items
        self._desk = desk
        self._dialog: QFileDialog | None = None
        self.list = ListColumn(statements)
        self.result = ResultColumn(statements, items)
        self.mpesa = MpesaColumn(desk)
        self.place(self.list, self.result, self.mpesa)
        self.list.importWanted.connect(self.choose_file)
        self.result.importWanted.connect(self.choose_file)
        self.result.exportWanted.connect(self.choose_target)

    def opened(self) -> None:
        """The room is shown: read what there is, and let the arrows work."""
        self._statements.open()
        self._desk.open()
        self.list.focus_list()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._desk.leave()

    def actions_here(self) -> list[Action]:
        """What can be done here, with its keys."""
        choose = self.tr("choose")
        rows = (
            ("statements.up", self.tr("Choose the statement, class or line above"), -1, "Up", choose),
            ("statements.down", self.tr("Choose the statement, class or line below"), 1, "Down", choose),
            ("statements.page-up", self.tr("Go up a page of the statement"), -_PAGE, "PgUp", ""),
            ("statements.page-down", self.tr("Go down a page of the statement"), _PAGE, "PgDown", ""),
        )
        return [
            *(
                Action(ident, label, partial(self.step, by), (key,), PLACE, hint, repeats=True)
                for ident, label, by, key, hint in rows
            ),
            Action(
                "statements.enter",
                self.tr("Show what was found, or its lines"),
                self.enter,
                ("Return",),
                PLACE,
                self.tr("open"),
            ),
            Action(
                "statements.import", self.tr("Import a statement"), self.choose_file, ("F2",), PLACE, self.tr("import")
            ),
            Action(
                "statements.search",
                self.tr("Search the lines of the statement"),
                self._search,
                ("/", "Ctrl+F"),
                PLACE,
                self.tr("search"),
            ),
            Action("statements.refresh", self.tr("Read the statements again"), self._refresh, ("F5",), PLACE),
            Action(
                "statements.balance",
                self.tr("Ask Safaricom for the balance"),
                self._desk.ask_balance,
                ("F6",),
                PLACE,
                self.tr("balance"),
            ),
            Action(
                "statements.pull",
                self.tr("Read Safaricom's list of payments now"),
                self._desk.pull,
                ("F7",),
                PLACE,
                self.tr("list"),
            ),
            Action(
                "statements.resume",
                self.tr("Send refunds to phones again"),
                self._desk.resume_payouts,
                ("F8",),
                PLACE,
            ),
            Action(
                "statements.export",
                self.tr("Save the differences as a file"),
                self.choose_target,
                ("F9",),
                PLACE,
                self.tr("save"),
            ),
            Action("statements.back", self.tr("One step back in the statements"), self.step_back, ("Escape",), PLACE),
        ]

    def step(self, rows: int) -> None:
        """Among the lines, the classes or the imports, whichever one is at."""
        if self._items.view.shown:
            self.result.lines.current.step(rows)
        elif self.result.summary.table.hasFocus():
            self.result.summary.table.step(rows)
        else:
            self.list.step(rows)

    def enter(self) -> None:
        """From an import to its classes, from a class to its lines."""
        table = self.result.summary.table
        if self._items.view.shown:
            if self.result.lines.search.hasFocus():
                self.result.lines.search.tell_now()
            self.result.lines.current.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif table.hasFocus() and table.currentIndex().isValid():
            self._items.open_row(table.currentIndex().row())
            self.result.lines.current.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif table.isVisible():
            table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if not table.currentIndex().isValid():
                table.step(1)
        elif not self._statements.view.selected:
            self.list.step(1)

    def step_back(self) -> None:
        """Out of the search, out of the lines, out of the classes, then to the counter."""
        lines = self.result.lines
        table = self.result.summary.table
        if self._items.view.shown and lines.search.hasFocus():
            lines.current.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._items.view.shown:
            self._items.close()
            table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif table.hasFocus():
            self.list.focus_list()
        else:
            self.backWanted.emit()

    def choose_file(self) -> None:
        """Ask for the file; the work goes on meanwhile."""
        if not self._statements.view.may_import.enabled or self._dialog is not None:
            return
        dialog = QFileDialog(self, self.tr("Import a statement"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        files = self.tr("Statements of the M-Pesa portal")
        dialog.setNameFilters([f"{files} (*.csv *.xls *.xlsx *.CSV *.XLS *.XLSX)", self.tr("All files") + " (*)"])
        dialog.fileSelected.connect(self._chosen)
        self._open(dialog)

    def choose_target(self) -> None:
        """Ask where the list of differences is to be saved."""
        detail = self._statements.view.detail
        if detail is None or not detail.export.label or self._dialog is not None:
            return
        dialog = QFileDialog(self, self.tr("Save the differences"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setNameFilters(["CSV (*.csv)"])
        dialog.selectFile(f"{Path(detail.title).stem}-differences.csv")
        dialog.fileSelected.connect(lambda name: self._items.export(Path(name)))
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        self._dialog = dialog
        dialog.setObjectName("statementsDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self._dialog = None

    def _chosen(self, name: str) -> None:
        self._statements.import_file(Path(name))

    def _search(self) -> None:
        if self._items.view.shown:
            self.result.lines.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.result.lines.search.selectAll()

    def _refresh(self) -> None:
        self._statements.refresh()
        self._desk.refresh()
