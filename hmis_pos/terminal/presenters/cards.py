"""Lists of cards: money that waits, refunds, statements. One model for all of them; its rows come ready to paint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hmis_pos.terminal.presenters.queue_model import Role

_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One row. ``kind`` is one of the kit's note kinds; ``back`` paints it back, ``reasons`` is a third line where the view has one."""

    ident: str
    name: str
    amount: str = ""
    numbers: str = ""
    note: str = ""
    kind: str = "plain"
    back: bool = False
    reasons: str = ""


class CardsModel(QAbstractListModel):
    """Rows in the order given. ``more`` is called when the end comes into sight and a further page waits."""

    def __init__(self, more: Callable[[], None] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._more = more
        self._cards: list[Card] = []
        self.has_more = False

    # ------------------------------------------------------------ Qt's side

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._cards):
            return None
        card = self._cards[index.row()]
        match role:
            case Role.NAME:
                return card.name
            case Role.AMOUNT:
                return card.amount
            case Role.NUMBERS:
                return card.numbers
            case Role.NOTE:
                return card.note
            case Role.NOTE_KIND:
                return card.kind
            case Role.ELSEWHERE:
                return card.back
            case Role.SPOKEN:
                parts = (card.name, card.amount, card.numbers, card.note, card.reasons)
                return ", ".join(part for part in parts if part)
            case Role.REASONS:
                return card.reasons
            case _:
                return None

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return not parent.isValid() and self.has_more

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        if self.canFetchMore(parent) and self._more is not None:
            self._more()

    # ------------------------------------------------------------ the presenter's side

    def ident_at(self, row: int) -> str:
        """Empty where there is no such row."""
        return self._cards[row].ident if 0 <= row < len(self._cards) else ""

    def row_of(self, ident: str) -> int:
        """-1 where it is not shown."""
        return next((at for at, card in enumerate(self._cards) if card.ident == ident), -1)

    def show(self, cards: Sequence[Card], *, more: bool = False) -> None:
        """Another list. The same rows with other words keep their places, and whatever is chosen among them."""
        if more == self.has_more and [card.ident for card in cards] == [card.ident for card in self._cards]:
            for card in cards:
                self.put(card)
            return
        self.beginResetModel()
        self._cards = list(cards)
        self.has_more = more
        self.endResetModel()

    def append(self, cards: Sequence[Card], *, more: bool) -> None:
        """The next page; what is shown already is left out."""
        known = {card.ident for card in self._cards}
        fresh = [card for card in cards if card.ident not in known]
        self.has_more = more
        if fresh:
            first = len(self._cards)
            self.beginInsertRows(_ROOT, first, first + len(fresh) - 1)
            self._cards.extend(fresh)
            self.endInsertRows()

    def put(self, card: Card, *, insert_at: int | None = None) -> None:
        """News of one row: in its place, or at ``insert_at`` (-1: the end) where it is not shown."""
        at = self.row_of(card.ident)
        if at >= 0:
            if self._cards[at] != card:
                self._cards[at] = card
                self.dataChanged.emit(self.index(at, 0), self.index(at, 0))
        elif insert_at is not None:
            at = len(self._cards) if insert_at < 0 else min(insert_at, len(self._cards))
            self.beginInsertRows(_ROOT, at, at)
            self._cards.insert(at, card)
            self.endInsertRows()

    def remove(self, ident: str) -> None:
        """It does not belong here any more."""
        at = self.row_of(ident)
        if at >= 0:
            self.beginRemoveRows(_ROOT, at, at)
            del self._cards[at]
            self.endRemoveRows()
