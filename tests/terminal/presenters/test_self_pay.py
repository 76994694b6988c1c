"""Paybill, account and QR code for the patient's own phone: right with the relay and without it."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.contract.mpesa import PayQr
from tests.support.paybill import PAYBILL, PNG, Paybill


@pytest.fixture
def paybill(stand: Any) -> Paybill:
    made = Paybill.around(stand.wire, stand.services, stand.clock)
    made.qr = PayQr(shortcode=PAYBILL, is_till=False, account="INV-20001", amount="4850.00", png=PNG, why_not="")
    return made


async def test_nothing_is_asked_while_nobody_looks(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    assert paybill.qr_asked == 0
    assert not stand.board.self_pay.view.is_shown


async def test_numbers_and_picture(stand: Any, paybill: Paybill) -> None:
    stand.board.self_pay.look("panel", True)
    await stand.choose(1)
    view = stand.board.self_pay.view
    assert (view.shortcode, view.account, view.amount, view.is_till) == (PAYBILL, "INV-20001", "4,850", False)
    assert view.png.startswith(b"\x89PNG")
    assert view.why == ""
    await stand.choose(0)
    assert not stand.board.self_pay.view.is_shown


async def test_a_till_takes_no_account(stand: Any, paybill: Paybill) -> None:
    paybill.qr = PayQr(shortcode="7001", is_till=True, account="INV-20001", amount="4850.00", png="", why_not="off")
    stand.board.self_pay.look("panel", True)
    await stand.choose(1)
    view = stand.board.self_pay.view
    assert (view.shortcode, view.account, view.png) == ("7001", "", b"")
    assert view.why == "No QR code just now. The numbers are right."


async def test_the_numbers_stay_without_the_relay_and_after_a_start(
    stand: Any, paybill: Paybill, open_stand: Any
) -> None:
    stand.board.self_pay.look("panel", True)
    await stand.choose(1)
    await stand.go_down()
    await stand.choose(2)
    view = stand.board.self_pay.view
    assert (view.shortcode, view.account, view.png) == (PAYBILL, "INV-20002", b"")
    assert view.why == "No QR code while the relay is away. The numbers are right."
    await stand.close()
    again = await open_stand()
    await again.go_down()
    again.board.self_pay.look("panel", True)
    await again.choose(3)
    assert (again.board.self_pay.view.shortcode, again.board.self_pay.view.account) == (PAYBILL, "INV-20003")


async def test_the_picture_comes_with_the_connection(stand: Any, paybill: Paybill) -> None:
    stand.board.self_pay.look("panel", True)
    await stand.go_down()
    await stand.choose(1)
    assert stand.board.self_pay.view.png == b""
    await stand.come_back()
    assert stand.board.self_pay.view.png


async def test_a_part_payment_asks_for_a_picture_of_the_rest(stand: Any, paybill: Paybill) -> None:
    stand.board.self_pay.look("panel", True)
    await stand.choose(1)
    await paybill.pays(1, 1500)
    await stand.settled()
    assert stand.board.self_pay.view.amount == "3,350"
    assert paybill.qr_asked == 2


async def test_a_picture_that_is_none_is_left_out(stand: Any, paybill: Paybill) -> None:
    paybill.qr = PayQr(shortcode=PAYBILL, is_till=False, account="X", amount="1.00", png="no base64!", why_not="")
    stand.board.self_pay.look("panel", True)
    await stand.choose(1)
    assert (stand.board.self_pay.view.png, stand.board.self_pay.view.shortcode) == (b"", PAYBILL)
