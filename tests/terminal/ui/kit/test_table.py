from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.action_list import ActionModel
from hmis_pos.terminal.ui.kit.appearance import Appearance
from hmis_pos.terminal.ui.kit.gallery_counter import Services
from hmis_pos.terminal.ui.kit.keys import Action
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.skeleton import SkeletonRows
from hmis_pos.terminal.ui.kit.table import ROW, TableView

Show = Callable[[QWidget], None]


def test_a_table_gives_numbers_the_room_they_need(show: Show, qtbot: QtBot, appearance: Appearance) -> None:
    table = TableView("Services", numbers={1, 2, 3})
    assert table.last_column() == -1
    assert table.content_height() == ROW + 1
    model = Services(table)
    table.setModel(model)
    table.resize(478, table.content_height())
    show(table)
    assert table.content_height() == 5 * ROW + 1
    assert sum(table.columnWidth(column) for column in range(4)) == table.viewport().width()
    assert table.columnWidth(2) >= table.fontMetrics().horizontalAdvance("3,200.00") + 16
    middle = table.visualRect(model.index(1, 0)).center()
    qtbot.mouseMove(table.viewport(), middle)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    image = table.viewport().grab().toImage()
    point = table.visualRect(model.index(1, 0)).topRight() + QPoint(-6, 8)
    assert image.pixelColor(point) == appearance.theme.accent_soft


def test_a_table_that_is_only_read_takes_no_focus(qtbot: QtBot) -> None:
    table = TableView("Services", selectable=False)
    qtbot.addWidget(table)
    assert table.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert table.is_flush()


@pytest.mark.parametrize("rows", [[], ["Heading", Action("a", "Take cash", print, ("F2",)), Action("b", "B", print)]])
def test_the_model_of_actions_is_sound(qtmodeltester: ModelTester, rows: list[Action | str]) -> None:
    model = ActionModel()
    model.show_rows(rows)
    qtmodeltester.check(model)
    if rows:
        role = Qt.ItemDataRole.AccessibleTextRole
        assert model.data(model.index(0), role) == "Heading"
        assert model.data(model.index(1), role) == "Take cash, F2"


def test_a_low_window_scrolls_its_column(show: Show) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    for number in range(40):
        column.addWidget(Label(f"Line {number}"))
    area = ScrollArea(content)
    area.resize(300, 200)
    show(area)
    assert area.verticalScrollBar().maximum() > 0
    assert content.width() <= area.viewport().width()


def test_rows_to_come_are_drawn(show: Show, appearance: Appearance) -> None:
    rows = SkeletonRows(3)
    rows.resize(340, 300)
    show(rows)
    assert rows.accessibleName() == "Loading"
    assert rows.grab().toImage().pixelColor(100, 20) == appearance.theme.sunken
