"""A day is typed as people here write it, or chosen with the arrows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hmis_pos.terminal.ui.kit.date_edit import DateEdit, read_day

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22/11/2026", date(2026, 11, 22)),
        ("22.11.26", date(2026, 11, 22)),
        ("2-1-2026", date(2026, 1, 2)),
        (" 22 11 ", date(2026, 11, 22)),
        ("31/12", date(2025, 12, 31)),
        ("29/2/2024", date(2024, 2, 29)),
        ("31/2/2026", None),
        ("11/22/2026", None),
        ("today", None),
        ("", None),
    ],
)
def test_reading(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day


@pytest.fixture
def field(qtbot: Any) -> DateEdit:
    made = DateEdit(lambda: TODAY, name="First day", prefix="From")
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.setFocus()
    return made


def test_typing_tells_once_and_is_written_out_on_leaving(field: DateEdit) -> None:
    told: list[date] = []
    field.chosen.connect(told.append)
    QTest.keyClicks(field, "20/11")
    assert told == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert told == [date(2026, 11, 20)]
    assert field.text() == "20/11/2026"
    field.clearFocus()
    assert told == [date(2026, 11, 20)]


def test_arrows_go_by_days_and_never_beyond_today(field: DateEdit) -> None:
    field.set_day(date(2026, 11, 22))
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
        QTest.keyClick(field, key)
    assert field.day == date(2026, 11, 15)
    assert field.text() == "15/11/2026"


def test_a_day_that_does_not_exist_yet_is_said_to_be_wrong(field: DateEdit) -> None:
    told: list[date] = []
    field.chosen.connect(told.append)
    field.set_day(TODAY)
    field.selectAll()
    QTest.keyClicks(field, "24/11/2026")
    assert field.problem
    field.clearFocus()
    assert told == []
    assert field.text() == "23/11/2026"
