"""The patient shows an M-Pesa code, or pays from their own phone: keyboard only."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.contract.mpesa import PayQr
from hmis_pos.terminal.ui.kit.theme import Tone
from tests.support.paybill import CODE, PAYBILL, PNG, Paybill, used_before


@pytest.fixture
def paybill(till: Any) -> Paybill:
    made = Paybill.around(till.wire, till.board.services, till.hospital.clock)
    made.qr = PayQr(shortcode=PAYBILL, is_till=False, account="INV-20001", amount="4850.00", png=PNG, why_not="")
    return made


async def test_a_code_is_typed_and_checked_with_five_keys(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "F8")
    assert till.part("paymentMethod").current() == "mpesa"
    assert till.part("codeField").hasFocus()
    await till.keys(*"tab1cd2efg")
    assert till.part("codeField").text() == CODE
    await till.keys("Return")
    assert till.part("codeNotice").title == "Checking the code"
    assert till.part("codeShown").text() == "TAB1 CD2 EFG"
    assert till.part("codePrimary").text() == "Serve next patient"
    first = till.board.counter.invoice_id
    await till.keys("Return")
    assert till.board.counter.invoice_id not in (0, first)
    assert till.part("paymentMethod").current() == "cash"
    await till.keys("Up")
    assert till.part("codeNotice").isVisible()


async def test_a_used_code_says_by_whom_and_enter_takes_another(till: Any, paybill: Paybill) -> None:
    paybill.answer = paybill.check(1, state="refused", reason="used", used=used_before())
    await till.keys("Down", "F8", *CODE, "Return")
    notice = till.part("codeNotice")
    assert (notice.tone, notice.title) == (Tone.NO, "This code was used before")
    assert "receipt T01A-000417, by Jane" in notice.text
    await till.keys("Return")
    assert till.part("codeField").hasFocus()
    assert till.part("codeField").text() == ""


async def test_escape_goes_back_to_the_phone_and_ends_nothing(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "F8", *CODE, "Return", "Escape")
    assert till.part("mpesaAsk").isVisible()
    await till.keys("F8")
    assert till.part("codeNotice").title == "Checking the code"


async def test_a_scanned_code_is_no_invoice(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "F8")
    here = till.board.counter.invoice_id
    till.window.scanned.emit(CODE)
    await till.settled()
    assert till.part("codeField").text() == CODE
    assert till.board.counter.invoice_id == here
    assert till.part("queueSearch").text() == ""


async def test_proven_shows_paid_and_prints(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "F8", *CODE, "Return")
    said = await paybill.pays(1, 4850, channel="code", terminal="T01A")
    await paybill.decides(next(iter(paybill.checks.values())), "proven", payment_uid=said.uid)
    await till.settled()
    assert till.part("mpesaNotice").title == "Paid: the code is good"
    assert till.paper.printed == [("T01A-000001", 1)]


async def test_the_panel_shows_where_to_pay_with_the_patients_own_phone(till: Any, paybill: Paybill) -> None:
    await till.keys("Down", "F3")
    card = till.part("payCard")
    assert card.isVisible()
    assert card.qr.has_picture
    assert "600999" in card._to.number.accessibleName()
    assert "INV-20001" in card._account.number.accessibleName()
    await till.go_down()
    await till.keys("Down", "F3")
    assert "INV-20002" in card._account.number.accessibleName()
    assert not card.qr.isVisible()
    assert "relay is away" in till.part("payWhyNoQr").text()
