"""M-Pesa money that comes by itself, as the cashier sees it, keyboard only."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton

from hmis_pos.terminal.ui.kit.theme import Tone
from tests.support.paybill import CODE, Paybill


@pytest.fixture
def paybill(till: Any) -> Paybill:
    return Paybill.around(till.wire, till.board.services, till.hospital.clock)


async def pays(till: Any, paybill: Paybill, amount: int = 4850, *, invoice_id: int = 0) -> None:
    await paybill.pays(invoice_id or till.board.counter.invoice_id, amount)
    await till.settled()


def mpesa_print(till: Any) -> QAbstractButton:
    """The button that prints the receipt of the M-Pesa story (the cash page has one of the same name)."""
    found: QAbstractButton = till.part("mpesaPage").findChild(QAbstractButton, "receiptPrint")
    return found


async def test_paid_in_full_turns_the_panel_and_prints(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", *"50")
    assert till.part("paymentMethod").current() == "cash"
    await pays(till, paybill)
    assert till.part("paymentMethod").current() == "mpesa"
    assert (till.part("mpesaNotice").tone, till.part("mpesaNotice").title) == (Tone.OK, "Paid by Paybill")
    assert till.part("invoiceArrived").isVisible()
    assert CODE in till.part("invoiceArrived").text
    assert till.paper.printed == [("T01A-000001", 1)]
    assert till.part("toasts").toasts == ()  # the cashier looks at it
    assert till.part("mpesaPrimary").text() == "Serve next patient"


async def test_a_part_asks_for_the_rest_in_the_tab_that_is_open(till: Any, paybill: Paybill) -> None:
    await till.keys("Down")
    await pays(till, paybill, 1500)
    assert till.part("paymentMethod").current() == "cash"
    assert till.part("invoiceArrived").title == "Paid by Paybill: KSh 1,500.00"
    await till.keys("F3")
    assert till.part("mpesaArrived").isVisible()
    assert till.part("mpesaAsk").text() == "Ask for 3,350"


async def test_the_panel_stays_with_cash_that_was_taken_just_now(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "Return", "Return")
    assert till.board.cash.view.state == "taken"
    await pays(till, paybill)
    assert till.part("paymentMethod").current() == "cash"
    assert till.part("invoiceArrived").isVisible()


async def test_another_patients_money_is_told_and_a_key_leads_there(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "Down")
    second = till.board.counter.invoice_id
    await pays(till, paybill, invoice_id=1)
    [toast] = till.part("toasts").toasts
    assert "paid 4,850.00 by Paybill" in toast.accessibleName()
    assert till.board.counter.invoice_id == second
    await till.keys("Ctrl+J")
    assert till.board.counter.invoice_id == 1
    assert till.part("paymentMethod").current() == "mpesa"
    assert till.part("mpesaPrimary").text() == "Issue the receipt"
    assert till.part("mpesaNext").isVisible()
    await till.keys("Return")
    assert till.paper.printed == [("T01A-000001", 1)]
    assert till.part("mpesaPrimary").text() == "Serve next patient"


async def test_do_not_enter_the_pin_when_it_is_paid(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "F3", "Return")
    await pays(till, paybill)
    notice = till.part("mpesaNotice")
    assert (notice.tone, notice.title) == (Tone.UNKNOWN, "Do not enter the PIN: it is paid")
    await till.keys("F7")
    assert till.part("mpesaNotice").title == "Paid by Paybill"


async def test_where_another_till_issued_the_receipt_none_is_printed_here(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "Down", "Return", "Return")
    await paybill.pays(1, 4850, receipt_no="T02A-000001")
    await till.settled()
    await till.keys("Ctrl+J")
    assert till.board.mpesa.view.receipt_no == "T02A-000001"
    assert not mpesa_print(till).isEnabled()
    await till.keys("F9")
    assert till.paper.printed == [("T01A-000001", 1)]
    await till.keys("Return", "F9")
    assert till.paper.printed[1:] == [("T01A-000001", 2)]
