"""What holds for all screens: keys are listed, controls have names, nothing is clipped, theme and language are remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from hmis_pos.terminal.settings import Language
from hmis_pos.terminal.ui.kit.label import AmountLabel, ElidedLabel
from tests.support.office_messages import invoice
from tests.support.office_monday import monday
from tests.terminal.ui.screens.house import open_till
from tests.terminal.ui.screens.rooms import open_room

WALK = (
    (),
    ("Down",),
    ("F10",),
    ("F10", "F5"),
    ("F5", "Return", "Return"),
    ("Ctrl+R",),
    ("Escape", "Return", "F3"),
    ("Return",),
    ("F7",),
    ("Ctrl+2", "Down"),
    ("Ctrl+3",),
    ("Ctrl+4",),
    ("Ctrl+1",),
    ("Ctrl+2", "Alt+F"),
    ("Ctrl+1", "Down", "F8"),
    ("T", "A", "B", "0"),
    ("Escape",),
)


def focusable(window: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


async def test_every_control_has_a_name(till: Any) -> None:
    seen = 0
    for keys in WALK:
        await till.keys(*keys)
        nameless = [widget for widget in focusable(till.window) if not widget.accessibleName()]
        assert nameless == [], keys
        seen += len(focusable(till.window))
    assert seen > 100


async def test_every_shortcut_is_in_the_list_of_keys(till: Any) -> None:
    listed = {QKeySequence(key).toString() for action in till.terminal.shell.keys.all_actions() for key in action.keys}
    bound = {shortcut.key().toString() for shortcut in till.window.findChildren(QShortcut)}
    assert bound - listed <= {"Enter", "Ctrl+Enter"}  # the number pad's
    assert till.window.findChildren(QAction) == []
    await till.keys("F1")
    sheet: Any = QApplication.activeModalWidget()
    assert sheet is not None
    shown = [action.label for action in till.terminal.shell.keys.all_actions() if action.keys]
    assert sorted(row.label for row in sheet.rows("") if not isinstance(row, str)) == sorted(shown)
    assert len(shown) == len(set(shown)), "two keys with the same words"
    await till.keys("Escape")


async def test_tab_goes_from_left_to_right(till: Any) -> None:
    await till.keys("Down")
    till.part("railCounter").setFocus()
    lefts = []
    for _ in range(6):
        widget = till.window.focusWidget()
        lefts.append(widget.mapTo(till.window, widget.rect().topLeft()).x())
        await till.keys("Tab")
    columns = [0 if left < 76 else 1 if left < 448 else 2 for left in lefts]
    assert columns == sorted(columns)


async def test_ctrl_k_does_anything(till: Any) -> None:
    await till.keys("Ctrl+K", *"payments", "Return")
    assert till.part("paymentsScreen").isVisible()


async def test_a_scan_from_another_screen_comes_to_the_counter(till: Any) -> None:
    await till.keys("Ctrl+2")
    till.window.scanned.emit("INV-20004")
    await till.settled()
    assert till.part("counterScreen").isVisible()
    assert till.board.counter.invoice_id == 4


async def test_dark_and_light_are_remembered(till: Any) -> None:
    dark = till.terminal.appearance.theme.dark
    await till.keys("Ctrl+Shift+D")
    assert till.terminal.appearance.theme.dark is not dark
    assert till.terminal.preferences.mode.value == ("light" if dark else "dark")


async def test_the_language_changes_while_one_works(till: Any) -> None:
    await till.keys("Down", *"5000")
    await till.keys("Ctrl+Shift+L")
    assert till.part("cashPrimary").text() == "Pokea 5,000.00 na uchapishe"
    assert till.part("cashReceived").minor() == 5000_00
    assert till.terminal.preferences.language is Language.SWAHILI
    await till.keys("Ctrl+Shift+L")
    assert till.part("cashPrimary").text() == "Take 5,000.00 and print"


async def test_what_is_searched_for_stays_in_the_field_when_the_language_changes(till: Any) -> None:
    await till.keys("/", *"wanj")
    till.part("queueSearch").tell_now()
    await till.settled()
    shown = till.board.queue.view.shown
    await till.keys("Ctrl+2", "/", *"nobody")
    till.part("paymentsSearch").tell_now()
    await till.keys("Ctrl+4", "/", *"amina")
    till.part("unmatchedSearch").tell_now()
    await till.keys("Ctrl+Shift+L")
    assert (till.board.queue.view.search, till.board.queue.view.shown) == ("wanj", shown)
    fields = ("queueSearch", "paymentsSearch", "unmatchedSearch")
    assert [till.part(name).text() for name in fields] == ["wanj", "nobody", "amina"]


async def test_the_rail_goes_on_counting_when_the_language_changed(tmp_path: Path, qapp: QApplication) -> None:
    async with open_room(monday(), tmp_path / "till") as room:
        await room.sign_in()
        await room.keys("Ctrl+Shift+L")
        assert room.part("railUnmatched").count == 5
        room.office.money[1] = structs.replace(room.office.money[1], remaining="0.00")
        await room.money_changed(1)
        assert room.part("railUnmatched").count == 4
        assert room.part("toasts").toasts == ()


async def test_who_works_elsewhere_stays_there_when_the_relay_knows_them_again(till: Any) -> None:
    desk = till.board.desk
    desk.show(replace(desk.view, offline_sign_in=True))
    await till.keys("Ctrl+2")
    desk.show(replace(desk.view, offline_sign_in=False))
    await till.settled()
    assert till.part("paymentsScreen").isVisible()
    desk.show(replace(desk.view, username="another"))
    await till.settled()
    assert till.part("counterScreen").isVisible()


async def test_a_patient_read_at_last_is_served_like_any_other(tmp_path: Path, qapp: QApplication) -> None:
    async with open_room(monday(), tmp_path / "till") as room:
        await room.sign_in()
        room.office.invoices[77] = invoice(77, "Cherono, Mercy", "500.00")  # its news have not come yet
        await room.go_down()
        room.board.queue.choose(77)
        await room.settled()
        assert room.board.counter.view.state == "gone"
        await room.come_back()
        assert room.board.counter.view.claim == "mine"
        assert room.part("cashReceived").hasFocus()
        await room.keys("Return", "Return")
        assert room.part("cashGiveBack").text() == "500.00"


async def test_a_heading_in_the_list_of_keys_does_nothing(till: Any) -> None:
    await till.keys("Down", "F1")
    sheet: Any = QApplication.activeModalWidget()
    model = sheet.list.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    heading = next(row for row in rows if not row.flags() & Qt.ItemFlag.ItemIsSelectable)
    place = sheet.list.visualRect(heading).center()
    QTest.mouseClick(sheet.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    await till.settled()
    assert QApplication.activeModalWidget() is sheet
    await till.keys("Escape")


def clipped(window: QWidget) -> list[str]:
    """Words that do not fit where they stand, and have no way to be shortened."""
    found = []
    for label in window.findChildren(QLabel):
        if not label.isVisible() or isinstance(label, AmountLabel | ElidedLabel):
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        if label.height() < needed or (not label.wordWrap() and label.width() < label.sizeHint().width() - 1):
            found.append(f"{label.text()!r} {label.size()} < {label.sizeHint()}")
    for button in window.findChildren(QAbstractButton):
        words = button.fontMetrics().horizontalAdvance(button.text())
        if button.isVisible() and button.text() and button.width() < words + 8:
            found.append(f"{button.text()!r} {button.width()} < {words} + 8")
    for field in window.findChildren(QLineEdit):
        if field.isVisible() and not field.text() and field.placeholderText():
            room = field.width() - field.textMargins().left() - field.textMargins().right()
            words = field.fontMetrics().horizontalAdvance(field.placeholderText())
            if room < words:
                found.append(f"{field.placeholderText()!r} {room} < {words}")
    return found


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1920, 1080)])
async def test_nothing_is_clipped(
    relay_app: Any, tmp_path: Any, qapp: QApplication, language: Language, size: tuple[int, int]
) -> None:
    async with open_till(relay_app, tmp_path / "till", language=language, size=size) as till:
        assert clipped(till.window) == []
        await till.sign_in()
        for keys in WALK:
            await till.keys(*keys)
            assert clipped(till.window) == [], keys


async def test_closing_with_unsent_receipts_asks(till: Any) -> None:
    till.wire.down = True
    await till.keys("Down", "Return", "Return")
    till.window.close()
    for _ in range(20):
        QApplication.processEvents()
        if QApplication.activeModalWidget() is not None:
            break
        await till.board.services.store.outbox.counts()
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    assert "1 receipt is not sent yet" in sheet.windowTitle()
    assert till.window.isVisible()
    await till.keys("Escape")
    assert till.window.isVisible()


async def test_closing_when_all_is_sent_leaves(till: Any) -> None:
    till.window.close()
    await till.settled()
    assert not till.window.isVisible()
    assert till.terminal._leave.is_set()
