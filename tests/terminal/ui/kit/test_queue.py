from collections.abc import Callable

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit import icons
from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode
from hmis_pos.terminal.ui.kit.queue_delegate import CARD, GAP
from hmis_pos.terminal.ui.kit.queue_view import QueueView
from hmis_pos.terminal.ui.kit.roles import NoteKind, QueueRole

Show = Callable[[QWidget], None]
Inks = Callable[[QImage], set[int]]


def row(note: str = "18 min", kind: str | None = None, *, elsewhere: bool = False) -> QStandardItem:
    item = QStandardItem("Wanjiku, Grace N.")
    item.setData("4,850.00", QueueRole.AMOUNT)
    item.setData("OP-118204 · INV-20931", QueueRole.NUMBERS)
    item.setData(note, QueueRole.NOTE)
    item.setData(kind, QueueRole.NOTE_KIND)
    item.setData(elsewhere, QueueRole.ELSEWHERE)
    return item


def view_of(show: Show, *items: QStandardItem) -> QueueView:
    view = QueueView("Queue")
    model = QStandardItemModel(view)
    for item in items:
        model.appendRow(item)
    view.setModel(model)
    view.resize(347, 400)
    show(view)
    return view


def card(view: QueueView, number: int) -> QImage:
    return view.grab(QRect(0, number * (CARD + GAP), view.width(), CARD)).toImage()


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize(
    ("kind", "token"),
    [
        (NoteKind.RINGING, "wait"),
        (NoteKind.UNKNOWN, "unk"),
        (NoteKind.PAID, "ok"),
        (NoteKind.NOT_PAID, "no"),
    ],
)
def test_what_goes_on_has_its_colour(
    show: Show, inks: Inks, appearance: Appearance, mode: Mode, kind: str, token: str
) -> None:
    appearance.set_mode(mode)
    view = view_of(show, row("phone ringing 0:21", kind), row())
    ink = appearance.theme.colour(token).rgb()
    assert ink in inks(card(view, 0))
    assert ink not in inks(card(view, 1))


def test_the_chosen_card_has_a_ring_and_the_others_none(show: Show, inks: Inks, appearance: Appearance) -> None:
    view = view_of(show, row(), row())
    view.step(0)
    ring: QColor = appearance.theme.accent
    assert ring.rgb() in inks(card(view, 0))
    assert ring.rgb() not in inks(card(view, 1))
    view.step(1)
    assert ring.rgb() in inks(card(view, 1))


def test_a_patient_at_another_counter_stands_back(show: Show, inks: Inks, appearance: Appearance) -> None:
    view = view_of(show, row("at Counter 1", elsewhere=True), row())
    assert appearance.theme.ink.rgb() not in inks(card(view, 0))
    assert appearance.theme.ink.rgb() in inks(card(view, 1))


def test_rows_without_data_paint(show: Show) -> None:
    view = view_of(show, QStandardItem("Only a name"))
    assert not view.grab().isNull()


def test_steps_stay_within_the_list(show: Show, qtbot: QtBot) -> None:
    view = view_of(show, row(), row(), row())
    assert view.currentIndex().row() == -1 or view.currentIndex().row() == 0
    view.step(5)
    view.step(5)
    assert view.currentIndex().row() == 2
    view.step(-9)
    assert view.currentIndex().row() == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 1
    empty = QueueView("Empty")
    qtbot.addWidget(empty)
    empty.step(1)  # no model yet
    assert not empty.currentIndex().isValid()


class Many(QAbstractListModel):
    """A hundred thousand rows that count how often they are asked."""

    ROWS = 100_000

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.asked = 0

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else self.rows

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        self.asked += 1
        texts = {
            QueueRole.NAME: f"Patient {index.row()}",
            QueueRole.AMOUNT: "1,200.00",
            QueueRole.NUMBERS: "OP-1 · INV-1",
            QueueRole.NOTE: "phone ringing 0:21",
            QueueRole.NOTE_KIND: NoteKind.RINGING,
        }
        return texts.get(QueueRole(role)) if role in set(QueueRole) else None


@pytest.mark.parametrize("rows", [20, Many.ROWS])
def test_many_rows_cost_what_few_cost(show: Show, rows: int) -> None:
    view = QueueView("Queue")
    model = Many(rows)
    view.setModel(model)
    view.resize(347, 640)
    show(view)
    view.grab()
    model.asked = 0
    made = icons._pixmap.cache_info().misses
    view.grab()
    assert 0 < model.asked <= 11 * 12  # the cards that are visible, a few roles each
    assert icons._pixmap.cache_info().misses == made  # no icon is made while painting
