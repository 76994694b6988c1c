from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.appearance import Appearance
from hmis_pos.terminal.ui.kit.field import LabelledField
from hmis_pos.terminal.ui.kit.phone_edit import PhoneEdit, PhoneEntry
from hmis_pos.terminal.ui.kit.phone_text import grouped_phone, is_too_long, is_whole, local_digits, strange_signs


class Rules:
    """Plain rules of its own, so that the field is tested without the domain."""

    def normalise(self, text: str) -> str:
        local = local_digits(text)
        if strange_signs(text):
            raise ValueError("signs")
        if len(local) != 9:
            raise ValueError("length")
        if local[0] not in "17":
            raise ValueError("start")
        return f"254{local}"

    def explain(self, error: ValueError) -> str:
        return {"signs": "Only digits.", "length": "Nine digits.", "start": "Starts with 07 or 01."}[str(error)]


@pytest.fixture
def edit(appearance: Appearance) -> PhoneEdit:
    rules = Rules()
    return PhoneEdit(rules.normalise, rules.explain)


@pytest.mark.parametrize(
    ("typed", "text", "number"),
    [
        ("0712345418", "0712 345 418", "254712345418"),
        ("0110345418", "0110 345 418", "254110345418"),
        ("712345418", "0712 345 418", "254712345418"),
        ("112345418", "0112 345 418", "254112345418"),
        ("254712345418", "0712 345 418", "254712345418"),
        ("+254712345418", "0712 345 418", "254712345418"),
        ("+254 712 345 418", "0712 345 418", "254712345418"),
        ("0712-345-418", "0712 345 418", "254712345418"),
        ("(0712) 345 418", "0712 345 418", "254712345418"),
    ],
)
def test_takes_a_number_in_all_the_ways_people_write_it(
    qtbot: QtBot, edit: PhoneEdit, typed: str, text: str, number: str
) -> None:
    qtbot.keyClicks(edit, typed)
    assert (edit.text(), edit.number(), edit.problem) == (text, number, "")
    edit.clear()
    edit.set_phone(typed)
    assert (edit.text(), edit.number()) == (text, number)


@pytest.mark.parametrize(
    ("typed", "problem", "shown"),
    [
        ("0712", "Nine digits.", ""),  # still typing: no reproach yet
        ("0212345678", "Starts with 07 or 01.", "Starts with 07 or 01."),
        ("07123456789", "Nine digits.", "Nine digits."),
        ("07x", "Only digits.", "Only digits."),
        ("٠٧١٢", "Only digits.", "Only digits."),
    ],
)
def test_says_what_is_wrong_once_it_is_certain(
    qtbot: QtBot, edit: PhoneEdit, typed: str, problem: str, shown: str
) -> None:
    edit.insert(typed)
    assert edit.entry == PhoneEntry(None, problem)
    assert edit.problem == shown


def test_one_digit_too_many_is_not_cut_off(qtbot: QtBot, edit: PhoneEdit) -> None:
    qtbot.keyClicks(edit, "07123454189")
    assert edit.number() is None
    assert edit.text() == "0712 345 4189"
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.number() == "254712345418"


def test_tells_each_change_once(qtbot: QtBot, edit: PhoneEdit) -> None:
    with qtbot.waitSignal(edit.entered) as told:
        edit.set_phone("+254712345418")
    assert told.args == [PhoneEntry("254712345418")]
    with qtbot.assertNotEmitted(edit.entered):
        edit.set_phone("0712345418")


def test_leaving_it_unfinished_shows_the_problem(
    qtbot: QtBot, edit: PhoneEdit, show: Callable[[QWidget], None]
) -> None:
    field = LabelledField("M-Pesa number", edit, "The phone that pays")
    show(field)
    edit.setFocus()
    qtbot.keyClicks(edit, "0712")
    assert field.message == "The phone that pays"
    edit.clearFocus()
    assert field.message == "Nine digits."
    assert edit.accessibleDescription() == "Nine digits."
    edit.clear()
    assert field.message == "The phone that pays"
    assert edit.accessibleName() == "M-Pesa number"


@pytest.mark.parametrize("text", ["", "0712", "not a phone"])
def test_what_is_not_whole_is_shown_as_it_is(text: str) -> None:
    assert grouped_phone(text) == text
    assert not is_whole(text)
    assert not is_too_long(text)
