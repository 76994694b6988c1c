"""The screen that faces the patient: what to pay, how, that it is paid; and nothing a stranger may not read."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.contract.mpesa import PayQr
from hmis_pos.terminal.presenters.patient_display import DisplayStage, first_name
from tests.support.paybill import PAYBILL, PNG, Paybill


@pytest.fixture
def paybill(stand: Any) -> Paybill:
    made = Paybill.around(stand.wire, stand.services, stand.clock)
    made.qr = PayQr(shortcode=PAYBILL, is_till=False, account="INV-20001", amount="4850.00", png=PNG, why_not="")
    return made


@pytest.mark.parametrize(("name", "first"), [("Wanjiku, Grace N.", "Grace"), ("Wanjiru Canary 1", "Wanjiru"), ("", "")])
def test_only_the_first_name(name: str, first: str) -> None:
    assert first_name(name) == first


async def test_idle_until_somebody_is_served(stand: Any) -> None:
    assert stand.board.display.view.stage is DisplayStage.IDLE
    assert stand.board.display.view.first_name == ""


async def test_due_with_paybill_account_and_picture(stand: Any, paybill: Paybill) -> None:
    stand.board.display.look(True)
    await stand.choose(1)
    view = stand.board.display.view
    assert (view.stage, view.hospital, view.first_name, view.invoice_number, view.amount) == (
        DisplayStage.DUE,
        "Demo",
        "Wanjiru",
        "INV-20001",
        "4,850.00",
    )
    assert (view.pay.shortcode, view.pay.account) == (PAYBILL, "INV-20001")
    assert view.pay.png


async def test_the_pin_is_asked_for_on_a_masked_number(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    stand.mpesa.ask()
    await stand.settled()
    view = stand.board.display.view
    assert (view.stage, view.phone, view.amount) == (DisplayStage.PIN, "0712 \u2022\u2022\u2022 001", "4,850")
    await paybill.pays(1, 4850)
    await stand.settled()
    view = stand.board.display.view
    assert (view.stage, view.no_pin, view.amount) == (DisplayStage.PAID, True, "4,850.00")


async def test_what_came_is_written_as_what_was_due(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    await paybill.pays(1, 4850)
    await stand.settled()
    view = stand.board.display.view
    assert (view.stage, view.amount) == (DisplayStage.PAID, "4,850.00")


async def test_cash_shows_the_change(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.receive(5000_00)
    stand.cash.enter()
    await stand.settled()
    view = stand.board.display.view
    assert (view.stage, view.amount, view.change, view.rest) == (DisplayStage.CHANGE, "5,000.00", "150.00", "")
    stand.cash.enter()
    await stand.settled()
    assert stand.board.display.view.stage is DisplayStage.DUE
    assert stand.board.display.view.invoice_number == "INV-20002"


async def test_a_code_that_is_checked_asks_for_patience(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    stand.board.codes.begin()
    stand.board.codes.set_text("TAB1CD2EFG")
    stand.board.codes.enter()
    await stand.settled()
    assert stand.board.display.view.stage is DisplayStage.CHECKING


async def test_nothing_of_a_patient_whom_another_counter_serves(stand: Any, open_stand: Any) -> None:
    other = await open_stand("Counter 2")
    await other.choose(1)
    await stand.choose(1)
    assert stand.board.display.view.stage is DisplayStage.IDLE
    assert stand.board.display.view.invoice_number == ""


async def test_nothing_that_a_stranger_may_not_read(stand: Any, paybill: Paybill) -> None:
    stand.board.display.look(True)
    await stand.choose(1)
    stand.mpesa.ask()
    await stand.settled()
    shown = repr(stand.board.display.view)
    for secret in ("Canary", "712345001", "0712 345 001", "Consultation", "P-0001"):
        assert secret not in shown
