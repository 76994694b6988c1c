"""Signing in: the first run, a problem, Caps Lock, the relay away, the session that ends over the work."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.relay.conftest import PASSWORD


async def test_the_first_run_by_keyboard(fresh_till: Any) -> None:
    till = fresh_till
    assert till.part("signInUser").hasFocus()
    await till.keys(*"cashier", "Return")
    assert till.part("signInPassword").hasFocus()
    await till.keys(*PASSWORD, "Return")
    assert till.part("signInCounter").hasFocus()
    assert till.part("signInCounter").text() == "Counter 1"
    await till.keys("Return")
    assert till.part("workplace").isVisible()
    assert till.board.desk.view.series == "T01A"


@pytest.mark.parametrize(
    ("keys", "words", "field"),
    [
        (("Return", "Return"), "both needed", "signInUser"),
        ((*"cashier", "Return", "Return"), "both needed", "signInPassword"),
        ((*"cashier", "Return", *"wrong", "Return"), "User or password is wrong", "signInPassword"),
    ],
)
async def test_a_problem_says_what_to_do_and_puts_the_caret_there(
    fresh_till: Any, keys: tuple[str, ...], words: str, field: str
) -> None:
    await fresh_till.keys(*keys)
    assert words in fresh_till.part("signInProblem").title
    assert fresh_till.part("signInProblem").isVisible()
    assert fresh_till.part(field).hasFocus()


def type_sign(field: QWidget, sign: str, modifier: Qt.KeyboardModifier) -> None:
    """A sign with a modifier of its own choosing, as Caps Lock makes them."""
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifier, sign))


async def test_caps_lock_is_noticed(fresh_till: Any) -> None:
    field = fresh_till.part("signInPassword")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert not field.caps
    type_sign(field, "A", Qt.KeyboardModifier.NoModifier)
    assert field.caps
    assert field.accessibleDescription() == "Caps Lock is on."
    type_sign(field, "A", Qt.KeyboardModifier.ShiftModifier)
    assert not field.caps


async def test_the_password_can_be_shown_by_key(fresh_till: Any) -> None:
    field = fresh_till.part("signInPassword")
    assert field.echoMode() == field.EchoMode.Password
    await fresh_till.keys("Ctrl+Shift+P")
    assert field.echoMode() == field.EchoMode.Normal


async def test_the_relay_away_at_the_first_run(fresh_till: Any) -> None:
    fresh_till.wire.down = True
    await fresh_till.keys(*"cashier", "Return", *PASSWORD, "Return")
    assert fresh_till.part("signInProblem").title
    assert "relay" in fresh_till.part("signInProblem").text


async def test_offline_sign_in_says_so(till: Any) -> None:
    await till.keys("Ctrl+Shift+O")
    assert till.part("signInScreen").isVisible()
    assert till.part("signInHospital").text()
    assert "T01A" in till.part("signInTill").text()
    till.wire.down = True
    await till.keys(*PASSWORD, "Return")
    assert till.part("workplace").isVisible()
    assert "Signed in without the relay" in till.part("statusStrip").text


async def test_signing_in_again_lies_over_the_work_which_stays(till: Any) -> None:
    await till.keys("Down", *"5000")
    till.board.services.relay.http.signedOut.emit("session-ended")
    await till.settled()
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    assert sheet.objectName() == "signInAgain"
    await till.keys(*PASSWORD, "Return")
    assert QApplication.activeModalWidget() is None
    assert till.part("cashReceived").minor() == 5000_00


async def test_leaving_with_something_unsent_asks(till: Any) -> None:
    till.wire.down = True
    await till.keys("Down", "Return", "Return", "Ctrl+Shift+O")
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    assert sheet.objectName() == "askSignOut"
    await till.keys("Return")
    assert till.board.desk.view.signed_in, "Enter is the safe answer"
    await till.keys("Ctrl+Shift+O", "Escape")
    assert till.board.desk.view.signed_in
    await till.keys("Ctrl+Shift+O", "Ctrl+Return")
    assert not till.board.desk.view.signed_in
    assert QApplication.activeModalWidget() is None


async def test_the_keyring_of_the_demo_is_said_to_be_a_file(fresh_till: Any) -> None:
    assert "readable without a password" in fresh_till.part("signInKeyring").text()
