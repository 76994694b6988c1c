"""The queue as a list model: all ids, and rows only for what is looked at.

``rowCount`` is the length of a list of numbers; a row's words are asked for by page when somebody looks, and kept for some thousand rows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import pairwise

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

_FIRST = int(Qt.ItemDataRole.UserRole) + 1
#: Rows asked for at once.
PAGE = 64
#: Rows kept; far more than a screen shows.
KEPT = 4096
#: With more separate changes than this a reset is cheaper, for the model and for the view.
_MOST_RUNS = 200
_ROOT = QModelIndex()


class Role(IntEnum):
    """Data roles; these names are those of the kit's queue delegate."""

    NAME = int(Qt.ItemDataRole.DisplayRole)
    AMOUNT = _FIRST
    NUMBERS = _FIRST + 1
    NOTE = _FIRST + 2
    NOTE_KIND = _FIRST + 3
    ELSEWHERE = _FIRST + 4
    INVOICE_ID = _FIRST + 5
    REASONS = _FIRST + 6
    SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row, ready to paint. ``note`` and what follows depend on the time and are asked anew for each painting."""

    invoice_id: int
    name: str
    amount: str
    numbers: str


@dataclass(frozen=True, slots=True)
class Note:
    """The right end of the second line. ``kind`` is one of the kit's note kinds."""

    text: str
    kind: str = "plain"
    elsewhere: bool = False
    ticks: bool = False  #: it changes each second


class LazyRow:
    """What the model keeps of a row: its words, and how its note reads at a given time."""

    __slots__ = ("note_at", "view")

    def __init__(self, view: RowView, note_at: Callable[[datetime], Note]) -> None:
        self.view = view
        self.note_at = note_at


class QueueModel(QAbstractListModel):
    """Rows in queue order.

    Args:
        now: the time, for waiting times and running clocks.
        ask: called with ids whose rows are wanted; the answer comes by :meth:`put_rows`.
        parent: as everywhere in Qt.
    """

    def __init__(
        self, now: Callable[[], datetime], ask: Callable[[list[int]], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._ask = ask
        self._ids: list[int] = []
        self._rows: OrderedDict[int, LazyRow] = OrderedDict()
        self._asked: set[int] = set()
        self._stale: set[int] = set()
        self._positions: dict[int, int] | None = None

    # ------------------------------------------------------------ Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._ids):
            return None
        invoice_id = self._ids[index.row()]
        if role == Role.INVOICE_ID:
            return invoice_id
        row = self._rows.get(invoice_id)
        if row is None or invoice_id in self._stale:
            self._ask_around(index.row())
        if row is None:
            return "" if role in (Role.NAME, Role.AMOUNT, Role.NUMBERS, Role.NOTE) else None
        self._rows.move_to_end(invoice_id)
        return self._words(row, role)

    def _words(self, row: LazyRow, role: int) -> object:
        view = row.view
        if role == Role.NAME:
            return view.name
        if role == Role.AMOUNT:
            return view.amount
        if role == Role.NUMBERS:
            return view.numbers
        if role == Role.NOTE:
            return row.note_at(self._now()).text
        if role == Role.NOTE_KIND:
            return row.note_at(self._now()).kind
        if role == Role.ELSEWHERE:
            return row.note_at(self._now()).elsewhere
        if role == Role.SPOKEN:
            return ", ".join(part for part in (view.name, view.amount, row.note_at(self._now()).text) if part)
        return None

    # ------------------------------------------------------------ the presenter's side

    @property
    def ids(self) -> Sequence[int]:
        return self._ids

    def id_at(self, row: int) -> int | None:
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, invoice_id: int) -> int:
        """Its row, -1 where it is not in the list."""
        if self._positions is None:
            self._positions = {one: row for row, one in enumerate(self._ids)}
        return self._positions.get(invoice_id, -1)

    def has_row(self, invoice_id: int) -> bool:
        """Whether its words are at hand."""
        return invoice_id in self._rows

    def row(self, invoice_id: int) -> LazyRow | None:
        return self._rows.get(invoice_id)

    def set_ids(self, ids: Iterable[int]) -> None:
        """Show exactly these, by as few inserts and removals as it takes; a new order is a reset."""
        new = list(ids)
        if new == self._ids:
            return
        head, tail = _same_ends(self._ids, new)
        old_part, new_part = self._ids[head : len(self._ids) - tail], new[head : len(new) - tail]
        kept = set(old_part).intersection(new_part)
        gone = _runs([head + row for row, one in enumerate(old_part) if one not in kept])
        come = _runs([head + row for row, one in enumerate(new_part) if one not in kept])
        same_order = [one for one in old_part if one in kept] == [one for one in new_part if one in kept]
        if not same_order or len(gone) + len(come) > _MOST_RUNS:
            self.beginResetModel()
            self._ids = new
            self._forget_positions()
            self.endResetModel()
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(_ROOT, first, last)
            del self._ids[first : last + 1]
            self._forget_positions()
            self.endRemoveRows()
        for first, last in come:
            self.beginInsertRows(_ROOT, first, last)
            self._ids[first:first] = new[first : last + 1]
            self._forget_positions()
            self.endInsertRows()

    def put_rows(self, rows: Iterable[LazyRow]) -> None:
        """Words for rows; those on screen are painted again."""
        came = []
        for row in rows:
            invoice_id = row.view.invoice_id
            self._rows[invoice_id] = row
            self._rows.move_to_end(invoice_id)
            self._asked.discard(invoice_id)
            self._stale.discard(invoice_id)
            came.append(invoice_id)
        while len(self._rows) > KEPT:
            dropped, _ = self._rows.popitem(last=False)
            self._stale.discard(dropped)
        self._tell(came)

    def answered(self, invoice_ids: Iterable[int]) -> None:
        """These were looked up; what got no row may be asked for again."""
        self._asked.difference_update(invoice_ids)

    def all_stale(self) -> None:
        """Anything may have changed: what is looked at is asked for anew, and shown as it was until then."""
        self._stale = set(self._rows)
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1), [])

    def tick(self, *, minute: bool) -> None:
        """A second went by: running clocks move; with ``minute`` the waiting times too."""
        now = self._now()
        self._tell([one for one, row in self._rows.items() if minute or row.note_at(now).ticks], [Role.NOTE])

    def repaint_notes(self) -> None:
        """Something that notes depend on changed."""
        self._tell(list(self._rows), [Role.NOTE, Role.NOTE_KIND, Role.ELSEWHERE])

    # ------------------------------------------------------------ within

    def _forget_positions(self) -> None:
        self._positions = None

    def _ask_around(self, row: int) -> None:
        first = row - row % PAGE
        wanted = [
            one
            for one in self._ids[first : first + PAGE]
            if (one not in self._rows or one in self._stale) and one not in self._asked
        ]
        if wanted:
            self._asked.update(wanted)
            self._ask(wanted)

    def _tell(self, invoice_ids: Sequence[int], roles: Sequence[int] = ()) -> None:
        rows = sorted(row for one in invoice_ids if (row := self.row_of(one)) >= 0)
        for first, last in _runs(rows):
            self.dataChanged.emit(self.index(first), self.index(last), [int(role) for role in roles])


def _same_ends(old: Sequence[int], new: Sequence[int]) -> tuple[int, int]:
    """How many rows at the head and at the tail are the same in both."""
    shorter = min(len(old), len(new))
    head = next((row for row in range(shorter) if old[row] != new[row]), shorter)
    left = shorter - head
    tail = next((row for row in range(left) if old[-1 - row] != new[-1 - row]), left)
    return head, tail


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Sorted row numbers as (first, last) of unbroken runs."""
    if not rows:
        return []
    starts = [rows[0], *(after for before, after in pairwise(rows) if after != before + 1)]
    ends = [*(before for before, after in pairwise(rows) if after != before + 1), rows[-1]]
    return list(zip(starts, ends, strict=True))
