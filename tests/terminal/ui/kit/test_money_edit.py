from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.appearance import Appearance
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit, MoneyEntry
from hmis_pos.terminal.ui.kit.money_text import MoneyMistake, MoneyTextError, grouped, read_minor, shown


@pytest.fixture
def edit(qtbot: QtBot, appearance: Appearance) -> MoneyEdit:
    made = MoneyEdit("Received from patient")
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("", None),
        (".", None),
        ("0", 0),
        ("5", 500),
        ("5.", 500),
        ("5.0", 500),
        ("5.5", 550),
        ("5.05", 505),
        (".5", 50),
        ("4850", 485000),
        ("4,850.00", 485000),
        (" 1,250.50 ", 125050),
        ("007", 700),
        ("99,999,999.99", 9999999999),
    ],
)
def test_reads_amounts(text: str, minor: int | None) -> None:
    assert read_minor(text) == minor


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("4,50", MoneyMistake.COMMA),
        ("4,", MoneyMistake.COMMA),
        ("1,2503", MoneyMistake.COMMA),
        ("12,34,567", MoneyMistake.COMMA),
        ("1.250,50", MoneyMistake.COMMA),
        (",500", MoneyMistake.COMMA),
        ("1.2.3", MoneyMistake.TWO_DOTS),
        ("4.505", MoneyMistake.THREE_DECIMALS),
        ("0.001", MoneyMistake.THREE_DECIMALS),
        ("100,000,000", MoneyMistake.TOO_LONG),
        ("-5", MoneyMistake.NOT_A_NUMBER),
        ("5e3", MoneyMistake.NOT_A_NUMBER),
        ("KES 5", MoneyMistake.NOT_A_NUMBER),
        ("1 250", MoneyMistake.NOT_A_NUMBER),
        ("\u0665", MoneyMistake.NOT_A_NUMBER),
        ("½", MoneyMistake.NOT_A_NUMBER),
    ],
)
def test_refuses_what_is_no_amount_and_says_why(text: str, mistake: MoneyMistake) -> None:
    with pytest.raises(MoneyTextError) as told:
        read_minor(text)
    assert told.value.mistake is mistake
    assert mistake.words.endswith(".")


@pytest.mark.parametrize("minor", [0, 1, 99, 100, 485000, 9999999999])
def test_what_it_shows_it_reads(minor: int) -> None:
    assert read_minor(shown(minor)) == minor
    assert grouped(shown(minor)) == shown(minor)


@pytest.mark.parametrize(
    ("keys", "text", "minor"),
    [
        ("4850", "4,850", 485000),
        ("1234567", "1,234,567", 123456700),
        ("4850.5", "4,850.5", 485050),
        (".75", ".75", 75),
        ("0050", "50", 5000),
        ("5,000", "5,000", 500000),
        ("12,400.50", "12,400.50", 1240050),
    ],
)
def test_groups_while_one_types(qtbot: QtBot, edit: MoneyEdit, keys: str, text: str, minor: int) -> None:
    qtbot.keyClicks(edit, keys)
    assert edit.text() == text
    assert edit.entry == MoneyEntry(minor)
    assert edit.cursorPosition() == len(text)


@pytest.mark.parametrize(
    ("keys", "mistake"),
    [
        ("4,50", MoneyMistake.COMMA),
        ("1250,", MoneyMistake.COMMA),
        ("4.505", MoneyMistake.THREE_DECIMALS),
        ("4.5.", MoneyMistake.TWO_DOTS),
        ("123456789", MoneyMistake.TOO_LONG),
    ],
)
def test_never_guesses(qtbot: QtBot, edit: MoneyEdit, keys: str, mistake: MoneyMistake) -> None:
    qtbot.keyClicks(edit, keys)
    assert edit.minor() is None
    assert edit.problem == mistake.words
    assert edit.text().replace(",", "") == keys.replace(",", "")  # nothing typed is dropped


def test_a_comma_taken_back_is_forgiven(qtbot: QtBot, edit: MoneyEdit) -> None:
    qtbot.keyClicks(edit, "4,5")
    assert edit.problem
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    qtbot.keyClicks(edit, "500")
    assert (edit.text(), edit.minor(), edit.problem) == ("4,500", 450000, "")


def test_the_comma_of_the_number_pad_is_the_dot(qtbot: QtBot, edit: MoneyEdit) -> None:
    qtbot.keyClicks(edit, "4")
    qtbot.keyClick(edit, ",", Qt.KeyboardModifier.KeypadModifier)
    qtbot.keyClicks(edit, "50")
    assert (edit.text(), edit.minor()) == ("4.50", 450)


def test_the_caret_stays_behind_its_digit(qtbot: QtBot, edit: MoneyEdit) -> None:
    qtbot.keyClicks(edit, "4850")
    edit.setCursorPosition(1)
    qtbot.keyClicks(edit, "12")
    assert (edit.text(), edit.cursorPosition()) == ("412,850", 3)
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert (edit.text(), edit.cursorPosition()) == ("41,850", 2)


def test_pasted_amounts_are_read_or_refused(edit: MoneyEdit) -> None:
    QGuiApplication.clipboard().setText("1,250.50")
    edit.paste()
    assert edit.minor() == 125050
    edit.clear()
    QGuiApplication.clipboard().setText("1.250,50")
    edit.paste()
    assert edit.entry == MoneyEntry(None, MoneyMistake.COMMA.words)
    edit.clear()
    assert edit.entry == MoneyEntry()


def test_tells_amounts_as_integers_and_only_when_they_change(qtbot: QtBot, edit: MoneyEdit) -> None:
    with qtbot.waitSignal(edit.entered) as told:
        edit.set_minor(9999999999)
    assert told.args == [MoneyEntry(9999999999)]
    assert edit.text() == "99,999,999.99"
    assert edit.selectedText() == edit.text()
    with qtbot.assertNotEmitted(edit.entered):
        edit.set_minor(9999999999)
    qtbot.keyClicks(edit, "7")  # replaces what is selected
    assert edit.minor() == 700
    edit.set_minor(None)
    assert edit.entry == MoneyEntry()


def test_letters_are_refused_with_a_word(qtbot: QtBot, edit: MoneyEdit) -> None:
    qtbot.keyClicks(edit, "50")
    qtbot.keyClicks(edit, "k")
    assert (edit.text(), edit.problem) == ("50", MoneyMistake.NOT_A_NUMBER.words)
    qtbot.keyClicks(edit, "0")
    assert (edit.text(), edit.problem) == ("500", "")


def test_signs_it_refuses_are_free_for_shortcuts(qtbot: QtBot, show: Callable[[QWidget], None]) -> None:
    window = QWidget()
    edit = MoneyEdit()
    QVBoxLayout(window).addWidget(edit)
    shortcut = QShortcut(QKeySequence("/"), window)
    digit = QShortcut(QKeySequence("5"), window)
    show(window)
    edit.setFocus()
    with qtbot.waitSignal(shortcut.activated), qtbot.assertNotEmitted(digit.activated):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_5)
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Slash)
    assert edit.text() == "5"


def test_cents_are_completed_when_the_caret_leaves(qtbot: QtBot, show: Callable[[QWidget], None]) -> None:
    window = QWidget()
    one, other = MoneyEdit(), MoneyEdit()
    column = QVBoxLayout(window)
    column.addWidget(one)
    column.addWidget(other)
    show(window)
    one.setFocus()
    qtbot.keyClicks(one, "4850.5")
    other.setFocus()
    assert one.text() == "4,850.50"
