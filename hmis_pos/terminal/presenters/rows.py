"""Small tables: rows that come ready to show, with an icon's tone where one stands before the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hmis_pos.terminal.presenters.views import Tone

_ROOT = QModelIndex()
#: The tone of a row's first words, a ``views.Tone``.
TONE = int(Qt.ItemDataRole.UserRole) + 1
IDENT = TONE + 1


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its cells from left to right."""

    ident: str
    cells: tuple[str, ...]
    tone: Tone = Tone.NEUTRAL


class RowsModel(QAbstractTableModel):
    """``heads`` are asked for when they are painted, so that they follow the language. ``more`` brings the next page."""

    def __init__(
        self,
        heads: Callable[[], Sequence[str]],
        more: Callable[[], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._heads = heads
        self._more = more
        self._rows: list[Row] = []
        self.has_more = False

    # ------------------------------------------------------------ Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._heads())

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.cells[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(cell for cell in row.cells if cell)
            case _ if role == TONE:
                return row.tone.value
            case _:
                return row.ident if role == IDENT else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        heads = self._heads()
        return heads[section] if 0 <= section < len(heads) else None

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return not parent.isValid() and self.has_more

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        if self.canFetchMore(parent) and self._more is not None:
            self._more()

    # ------------------------------------------------------------ the presenter's side

    def ident_at(self, row: int) -> str:
        """Empty where there is no such row."""
        return self._rows[row].ident if 0 <= row < len(self._rows) else ""

    def row_of(self, ident: str) -> int:
        """-1 where it is not shown."""
        return next((at for at, row in enumerate(self._rows) if row.ident == ident), -1)

    def show(self, rows: Sequence[Row], *, more: bool = False) -> None:
        """Another list. One that begins with the rows shown is gone on with, and whoever stands among them stays there."""
        shown = len(self._rows)
        if self._rows and list(rows[:shown]) == self._rows:
            self.append(rows[shown:], more=more)
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.has_more = more
        self.endResetModel()

    def append(self, rows: Sequence[Row], *, more: bool) -> None:
        """The next page."""
        self.has_more = more
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_ROOT, first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
