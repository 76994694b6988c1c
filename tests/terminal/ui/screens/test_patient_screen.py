"""The screen that faces the patient: opened by a key, in two languages, and the keyboard stays with the cashier."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from hmis_pos.contract.mpesa import PayQr
from hmis_pos.terminal.settings import PatientLanguage
from hmis_pos.terminal.ui.screens.patient.voices import Voices
from hmis_pos.terminal.ui.screens.patient.window import PatientWindow
from tests.support.paybill import PAYBILL, PNG, Paybill


@pytest.fixture
def paybill(till: Any) -> Paybill:
    made = Paybill.around(till.wire, till.board.services, till.hospital.clock)
    made.qr = PayQr(shortcode=PAYBILL, is_till=False, account="INV-20001", amount="4850.00", png=PNG, why_not="")
    return made


def window_of(till: Any) -> Any:
    window = till.terminal.patient_screen.window
    assert window is not None
    return window


def shown(window: QWidget) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


async def test_a_key_opens_and_closes_it_and_it_is_remembered(till: Any) -> None:
    await till.keys("F12")
    window = window_of(till)
    assert window.isVisible()
    assert till.terminal.preferences.patient_screen
    assert "Welcome" in shown(window)
    assert "Karibu" in shown(window)
    await till.keys("F12")
    assert till.terminal.patient_screen.window is None
    assert not till.terminal.preferences.patient_screen


async def test_the_keyboard_stays_with_the_cashier(till: Any) -> None:
    await till.keys("Down", "F12")
    window = window_of(till)
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert [part for part in window.findChildren(QWidget) if part.focusPolicy() != Qt.FocusPolicy.NoFocus] == []
    assert till.window.isActiveWindow()
    await till.keys(*"5000", "Return")
    assert till.paper.printed == [("T01A-000001", 1)]
    assert "150.00" in shown(window)
    assert "Chenji yako, KSh" in shown(window)


async def test_what_is_due_and_how_to_pay_it(till: Any, paybill: Paybill) -> None:
    await till.keys("F12", "Down")
    window = window_of(till)
    words = shown(window)
    assert {
        till.board.desk.view.facility_name,
        "Wanjiru · INV-20001",
        "4,850.00",
        PAYBILL,
        "INV-20001",
        "Account · Akaunti",
    } <= set(words)
    assert window.qr.isVisible()
    assert window.qr.has_picture
    assert not any("Canary" in word or "Consultation" in word for word in words)


async def test_the_pin_then_thanks(till: Any, paybill: Paybill) -> None:
    await till.keys("F12", "Down", "F3", "Return")
    window = window_of(till)
    assert "Enter your M-Pesa PIN on 0712 \u2022\u2022\u2022 001" in shown(window)
    assert "Weka PIN yako ya M-Pesa kwenye 0712 \u2022\u2022\u2022 001" in shown(window)
    await till.safaricom_says(0)
    assert "Paid, thank you" in shown(window)
    await till.keys("Ctrl+Shift+L")  # the cashier's language is not the patient's
    assert "Paid, thank you" in shown(window)


@pytest.mark.parametrize(
    ("spoken", "first", "second"),
    [
        (PatientLanguage.BOTH, "Welcome", "Karibu"),
        (PatientLanguage.ENGLISH, "Welcome", ""),
        (PatientLanguage.SWAHILI, "Karibu", ""),
    ],
)
def test_one_language_or_both(qapp: QApplication, spoken: PatientLanguage, first: str, second: str) -> None:
    assert Voices(spoken).say("Welcome") == (first, second)


@pytest.mark.parametrize("size", [(480, 320), (1366, 768), (1920, 1080), (768, 1024)])
async def test_words_fit_on_every_monitor(till: Any, paybill: Paybill, size: tuple[int, int]) -> None:
    await till.keys("F12", "Down")
    window: PatientWindow = window_of(till)
    window.resize(*size)
    shown(window)
    cut = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.isVisible()
        and not label.wordWrap()
        and label.fontMetrics().horizontalAdvance(label.text()) > label.width()
    ]
    assert cut == []


async def test_it_goes_with_the_till(till: Any) -> None:
    await till.keys("F12")
    await till.terminal.close()
    assert till.terminal.patient_screen.window is None
