from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.barcode import Burst
from hmis_pos.terminal.ui.kit.money_edit import MoneyEdit
from hmis_pos.terminal.ui.kit.scanner import Scanner


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.step = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.mark.parametrize(
    ("keys", "gap", "enter_after", "code"),
    [
        ("INV-20931", 0.01, 0.01, "INV-20931"),
        ("INV-20931", 0.049, 0.049, "INV-20931"),
        ("INV-20931", 0.08, 0.01, ""),  # quick hands
        ("INV-20931", 0.01, 0.3, ""),  # burst, but Enter by hand
        ("4850", 0.001, 0.001, ""),  # rolled fingers: too short
        ("", 0.01, 0.01, ""),
        ("  INV-1  ", 0.01, 0.01, ""),  # blanks do not count
    ],
)
def test_tells_a_scanner_from_a_hand(keys: str, gap: float, enter_after: float, code: str) -> None:
    clock = Clock()
    burst = Burst(clock)
    for sign in keys:
        clock.now += gap
        burst.key(sign)
    clock.now += enter_after
    assert burst.enter() == code
    assert len(burst) == 0


def test_what_a_hand_typed_before_is_no_part_of_the_scan() -> None:
    clock = Clock()
    burst = Burst(clock)
    for sign in "wanj":
        clock.now += 0.2
        assert burst.key(sign)
    clock.now += 0.2
    firsts = [burst.key(sign) for sign in "OP-118204"]
    assert firsts == [True] + [False] * 8
    assert burst.enter() == "OP-118204"


def test_another_key_ends_the_burst() -> None:
    burst = Burst(Clock())
    for sign in "INV-20931":
        burst.key(sign)
    burst.forget()
    assert burst.enter() == ""


class Till:
    """A window with an amount and a main action on Enter."""

    def __init__(self, show: Callable[[QWidget], None]) -> None:
        self.clock = Clock()
        self.window = QWidget()
        self.edit = MoneyEdit()
        QVBoxLayout(self.window).addWidget(self.edit)
        self.enter = QShortcut(QKeySequence("Return"), self.window)
        self.taken: list[int | None] = []
        self.enter.activated.connect(lambda: self.taken.append(self.edit.minor()))
        self.scanner = Scanner(self.window, self.clock)
        self.codes: list[str] = []
        self.scanner.scanned.connect(self.codes.append)
        show(self.window)
        self.edit.setFocus()

    def type(self, text: str, gap: float) -> None:
        for sign in text:
            self.clock.now += gap
            QTest.keyClick(self.window.windowHandle(), sign)  # type: ignore[call-overload]  # the stub forgets signs
        self.clock.now += gap
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Return)


@pytest.fixture
def till(show: Callable[[QWidget], None]) -> Till:
    return Till(show)


def test_a_scan_into_the_amount_takes_no_money(till: Till) -> None:
    till.edit.set_minor(485000)
    till.type("INV-20931", gap=0.01)
    assert till.codes == ["INV-20931"]
    assert till.taken == []
    assert till.edit.minor() == 485000


def test_a_hand_on_the_same_keys_takes_it(till: Till) -> None:
    till.type("20931.50", gap=0.12)
    assert till.codes == []
    assert till.taken == [2093150]


def test_enter_after_a_scan_works_again(till: Till) -> None:
    till.type("INV-20931", gap=0.01)
    till.clock.now += 1
    till.type("5000", gap=0.2)
    assert till.codes == ["INV-20931"]
    assert till.taken == [500000]


def test_it_hears_a_window_that_was_shown_before(qtbot: QtBot, show: Callable[[QWidget], None]) -> None:
    window = QWidget()
    show(window)
    scanner = Scanner(window, Clock())
    with qtbot.waitSignal(scanner.scanned) as told:
        for sign in "OP-118204":
            QTest.keyClick(window.windowHandle(), sign)  # type: ignore[call-overload]  # the stub forgets signs
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Enter)
    assert told.args == ["OP-118204"]
