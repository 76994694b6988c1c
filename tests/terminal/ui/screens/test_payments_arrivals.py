"""Payments that came by themselves, and days from one to another: keyboard only."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from hmis_pos.terminal.presenters.payments_view import Period
from tests.support.paybill import Paybill


@pytest.fixture
def paybill(till: Any) -> Paybill:
    return Paybill.around(till.wire, till.board.services, till.hospital.clock)


async def test_who_paid_how_when_and_the_fee_and_its_receipt_is_issued(till: Any, paybill: Paybill) -> None:
    await paybill.pays(1, 4850)
    await till.settled()
    await till.keys("Ctrl+2", "Down")
    words = {label.text() for label in till.part("paymentDetail").findChildren(QLabel) if label.isVisible()}
    assert {"Paybill", "JANE 2547 ***** 126", "inv-20001", "15.00"} <= words
    issue = till.part("paymentIssueReceipt")
    assert issue.isVisible()
    await till.keys("Shift+F9")
    assert till.paper.printed == [("T01A-000001", 1)]
    assert not issue.isVisible()
    assert till.part("paymentShowReceipt").isVisible()


async def test_days_from_one_to_another(till: Any) -> None:
    await till.keys("Down", "Return", "Return", "Ctrl+2")
    assert not till.part("paymentsFirst").isVisible()
    await till.keys("Alt+F")
    assert till.part("paymentsFirst").hasFocus()
    await till.keys(*"20/11/2026", "Tab")
    wanted = till.board.payments.view.filter
    assert (wanted.period, wanted.first, wanted.last) == (Period.DATES, date(2026, 11, 20), date(2026, 11, 22))
    assert till.part("paymentsLast").hasFocus()
    await till.keys("Escape")
    assert till.part("paymentsTable").hasFocus()
    till.part("paymentsLast").setFocus()
    await till.keys("Down", "Down", "Down")
    wanted = till.board.payments.view.filter
    assert (wanted.first, wanted.last) == (date(2026, 11, 19), date(2026, 11, 20))
