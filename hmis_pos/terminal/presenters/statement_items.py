"""The lines of one class of a statement, page by page, with search; rows that cannot be read; the differences as a file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.statements import BadRow, Item, Statement
from hmis_pos.domain.errors import CashierMistake, PosError, Unavailable
from hmis_pos.terminal.presenters.rows import Row, RowsModel
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.statement_words import (
    BAD_ROWS,
    DIFFERENCES,
    bad_heads,
    bad_row,
    class_words,
    differences_csv,
    item_heads,
    item_row,
)
from hmis_pos.terminal.presenters.statements import StatementsPresenter
from hmis_pos.terminal.presenters.statements_view import ItemsView, ListState
from hmis_pos.terminal.presenters.views import Notice, Tone, Words
from hmis_pos.terminal.presenters.words import problem_words

PAGE = 200
#: Lines read on while a search finds too little.
_SEARCH_PAGE = 500
_ENOUGH = 100


class StatementItemsPresenter(QObject):
    """Render ``changed``; give ``model`` to the table of lines and ``bad`` to that of unreadable rows."""

    changed = Signal(ItemsView)

    def __init__(self, services: Services, statements: StatementsPresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._statements = statements
        self.model = RowsModel(item_heads, self.more, self)
        self.bad = RowsModel(bad_heads, None, self)
        self._view = ItemsView()
        self._of = 0
        self._class = ""
        self._items: list[Item] = []
        self._bad: list[BadRow] = []
        self._next = ""
        self._reading = False
        self._exporting = False
        self._error: PosError | None = None
        self._read = False
        statements.chosen.connect(self._on_chosen)

    @property
    def view(self) -> ItemsView:
        return self._view

    # ------------------------------------------------------------ intents

    def open(self, line_class: str) -> None:
        """Show the lines of a class of the chosen statement."""
        one = self._statements.statement
        if one is None or not line_class:
            return
        self._of, self._class = one.statement_id, line_class
        self._items, self._bad, self._next, self._read, self._error = [], [], "", False, None
        self._view = ItemsView(shown=True)
        self._fill()
        self._spawn()

    def open_row(self, row: int) -> None:
        """The class in this row of the statement's table."""
        self.open(self._statements.classes.ident_at(row))

    def close(self) -> None:
        """Back to the classes."""
        self._class = ""
        self._view = ItemsView(exported=self._view.exported)
        self.changed.emit(self._view)

    def search(self, text: str) -> None:
        """Receipt number, amount, or words; further pages are read until enough is found."""
        if text.strip() != self._view.search:
            self._view = replace(self._view, search=text.strip())
            self._fill()
            self._spawn_if_short()

    def more(self) -> None:
        """The next page."""
        if self._next:
            self._spawn()

    def retry(self) -> None:
        self._error = None
        self._spawn()

    def export(self, file: Path) -> None:
        """Write all differences of the chosen statement as CSV."""
        one = self._statements.statement
        if one is not None and not self._exporting:
            self._exporting = True
            self._say(Notice(tone=Tone.WAIT, title=self.tr("Writing {name}").format(name=file.name)))
            self._services.tasks.spawn(self._export(one.statement_id, file), name="statements.export")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        if self._view.shown:
            self._fill()

    # ------------------------------------------------------------ reading

    def _spawn(self) -> None:
        if not self._reading and self._class:
            self._reading = True
            self._services.tasks.spawn(self._page(), name="statements.items")

    def _spawn_if_short(self) -> None:
        if self._view.search and self._next and self.model.rowCount() < _ENOUGH:
            self._spawn()

    async def _page(self) -> None:
        wanted = (self._of, self._class, self._next)
        office = self._services.relay.back_office
        try:
            if self._class == BAD_ROWS:
                bad = (await office.bad_rows(self._of)).rows
                if wanted == (self._of, self._class, self._next):
                    self._bad, self._read = bad, True
            else:
                size = _SEARCH_PAGE if self._view.search else PAGE
                page = await office.statement_items(self._of, line_class=self._class, cursor=self._next, limit=size)
                if wanted == (self._of, self._class, self._next):
                    self._items += page.items
                    self._next, self._read = page.next, True
        except PosError as e:
            self._error = e
        finally:
            self._reading = False
        if wanted[:2] != (self._of, self._class):
            self._spawn()  # another class was opened meanwhile
            return
        self._fill()
        if self._error is None:
            self._spawn_if_short()

    def _on_chosen(self, one: Statement | None) -> None:
        if self._class and (one is None or one.statement_id != self._of):
            self.close()

    # ------------------------------------------------------------ a file for a spreadsheet

    async def _export(self, statement_id: int, file: Path) -> None:
        try:
            items: list[Item] = []
            for line_class in DIFFERENCES:
                items += await self._all(statement_id, line_class)
            text = differences_csv(items)
            await asyncio.to_thread(_write, file, text)
        except PosError as e:
            words = problem_words(e)
            self._say(Notice(tone=Tone.NO, title=words.title, text=words.advice))
        else:
            title = self.tr("Saved: {n} differences").format(n=f"{len(items):,}")
            self._say(Notice(tone=Tone.OK, title=title, text=str(file)))
        finally:
            self._exporting = False

    async def _all(self, statement_id: int, line_class: str) -> list[Item]:
        found: list[Item] = []
        cursor = ""
        while True:
            page = await self._services.relay.back_office.statement_items(
                statement_id, line_class=line_class, cursor=cursor, limit=_SEARCH_PAGE
            )
            found += page.items
            cursor = page.next
            if not cursor:
                return found

    def _say(self, notice: Notice) -> None:
        self._view = replace(self._view, exported=notice)
        self.changed.emit(self._view)

    # ------------------------------------------------------------ the view

    def _fill(self) -> None:
        now = self._services.clock.now()
        words = self._view.search.casefold().split()
        is_bad = self._class == BAD_ROWS
        rows = [bad_row(one) for one in self._bad] if is_bad else [item_row(one, now) for one in self._items]
        rows = [row for row in rows if _fits(row, words)]
        table = self.bad if is_bad else self.model
        table.show(rows, more=bool(self._next) and not is_bad)
        title, meaning, _ = class_words(self._class)
        state, message = self._state(rows)
        progress = ""
        if self._view.search and not is_bad:
            progress = self.tr("{found} found in {read} lines read").format(
                found=f"{len(rows):,}", read=f"{len(self._items):,}"
            )
        self._view = replace(
            self._view,
            shown=True,
            title=title,
            meaning=meaning,
            state=state,
            message=message,
            progress=progress,
            bad_rows=is_bad,
        )
        self.changed.emit(self._view)

    def _state(self, rows: list[Row]) -> tuple[ListState, Words | None]:
        if self._error is not None:
            state = ListState.OFFLINE if isinstance(self._error, Unavailable) else ListState.ERROR
            return (ListState.READY, None) if rows else (state, problem_words(self._error))
        if rows:
            return ListState.READY, None
        if not self._read or (self._view.search and self._next):
            return ListState.LOADING, None
        if self._view.search:
            return ListState.NO_HITS, Words(self.tr("No such line"), self.tr("Search by receipt number or amount."))
        return ListState.EMPTY, Words(self.tr("There are none"))


def _fits(row: Row, words: list[str]) -> bool:
    said = " ".join(row.cells).casefold()
    plain = said.replace(",", "")
    return all(word in said or word in plain for word in words)


def _write(file: Path, text: str) -> None:
    """With a byte order mark: Excel takes a CSV without one for the code page of its country.

    Raises:
        CashierMistake: code ``file-unwritable``.
    """
    try:
        file.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as e:
        raise CashierMistake(
            f"{file.name} cannot be written: {e.strerror or e}",
            code="file-unwritable",
            cure="Choose another folder, or close the file in other programs.",
        ) from e
