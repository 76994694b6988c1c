"""The list of payments as a table model that asks for the next page when somebody scrolls to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from hmis_pos.terminal.presenters.payments_view import PaymentRow

_FIRST = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()


class Column(IntEnum):
    """The columns, left to right."""

    WHEN = 0
    PATIENT = 1
    INVOICE = 2
    METHOD = 3
    AMOUNT = 4
    STATE = 5
    RECEIPT = 6


class PaymentRole(IntEnum):
    """Data of a row beside its words."""

    UID = _FIRST
    TONE = _FIRST + 1  #: of the state, a ``views.Tone``
    LOCAL = _FIRST + 2  #: not at the relay yet


class PaymentsModel(QAbstractTableModel):
    """Rows, newest first. ``more`` is called when the end comes into sight."""

    def __init__(self, more: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._more = more
        self._rows: list[PaymentRow] = []
        self.has_more = False

    # ------------------------------------------------------------ Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(row)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(cell for cell in _cells(row) if cell)
        if role == PaymentRole.UID:
            return row.uid
        if role == PaymentRole.TONE:
            return row.tone.value
        if role == PaymentRole.LOCAL:
            return row.local
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return _heads()[section] if 0 <= section < len(Column) else None

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return not parent.isValid() and self.has_more

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        if self.canFetchMore(parent):
            self._more()

    # ------------------------------------------------------------ the presenter's side

    def uid_at(self, row: int) -> str:
        """Empty where there is no such row."""
        return self._rows[row].uid if 0 <= row < len(self._rows) else ""

    def row_of(self, uid: str) -> int:
        """-1 where it is not shown."""
        return next((at for at, row in enumerate(self._rows) if row.uid == uid), -1)

    def show(self, rows: Sequence[PaymentRow], *, more: bool) -> None:
        """Another list."""
        self.beginResetModel()
        self._rows = list(rows)
        self.has_more = more
        self.endResetModel()

    def append(self, rows: Sequence[PaymentRow], *, more: bool) -> None:
        """The next page; what is shown already is left out."""
        known = {row.uid for row in self._rows}
        fresh = [row for row in rows if row.uid not in known]
        self.has_more = more
        if fresh:
            first = len(self._rows)
            self.beginInsertRows(_ROOT, first, first + len(fresh) - 1)
            self._rows.extend(fresh)
            self.endInsertRows()

    def put(self, row: PaymentRow, *, insert: bool) -> None:
        """News of one payment: in its place, or on top where ``insert`` allows."""
        at = self.row_of(row.uid)
        if at >= 0:
            if self._rows[at] != row:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(Column) - 1))
        elif insert:
            self.beginInsertRows(_ROOT, 0, 0)
            self._rows.insert(0, row)
            self.endInsertRows()


def _cells(row: PaymentRow) -> tuple[str, ...]:
    return (row.when, row.patient, row.invoice, row.method, row.amount, row.state, row.receipt)


def _heads() -> tuple[str, ...]:
    return (
        QCoreApplication.translate("payments", "Time"),
        QCoreApplication.translate("payments", "Patient"),
        QCoreApplication.translate("payments", "Invoice"),
        QCoreApplication.translate("payments", "Method"),
        QCoreApplication.translate("payments", "KES"),
        QCoreApplication.translate("payments", "State"),
        QCoreApplication.translate("payments", "Receipt"),
    )
