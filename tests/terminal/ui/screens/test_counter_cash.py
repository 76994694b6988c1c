"""Cash at the counter, by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hmis_pos.terminal.presenters.cash_view import CashMode, CashState


async def choose_first(counter: Any) -> None:
    await counter.keys_("Down")
    assert counter.stand.counter.invoice_id


async def test_exact_cash_takes_at_most_four_keys(counter: Any) -> None:
    await choose_first(counter)
    keys = ["F2", "Return", "Return"]
    await counter.keys_(*keys)
    assert len(keys) <= 4
    assert counter.stand.cash.view.state is CashState.TAKEN
    assert counter.stand.paper.printed == [("T01A-000001", 1)]
    assert counter.part("cashGiveBack").text() == "4,850.00"
    assert "T01A-000001" in counter.part("receiptStrip").title


async def test_typing_what_is_handed_over_needs_no_key_before(counter: Any) -> None:
    await choose_first(counter)
    assert counter.part("cashReceived").hasFocus()
    await counter.keys_(*"5000")
    assert counter.part("cashReceived").text() == "5,000"
    assert counter.part("cashChange").text() == "150.00"
    assert counter.part("cashPrimary").text() == "Take 5,000.00 and print"
    await counter.keys_("Return")
    assert counter.part("cashGiveBack").text() == "150.00"
    assert counter.part("cashPieces").text() == "100 + 50"


async def test_too_little_is_said_calmly_and_enter_takes_nothing(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_(*"4000", "Return")
    assert counter.stand.cash.view.state is CashState.OPEN
    assert not counter.part("cashPrimary").isEnabled()
    field = counter.part("cashReceived")
    assert field.problem == ""
    assert "850.00 is missing" in field.accessibleDescription()


async def test_quick_notes_have_keys(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_("Alt+5", "Alt+5", "Alt+5", "Alt+5", "Alt+6", "Alt+6")
    assert counter.stand.cash.view.received_minor == 5000_00
    assert counter.part("cashReceived").minor() == 5000_00
    await counter.keys_("Alt+4")
    assert counter.stand.cash.view.received_minor == 6000_00
    await counter.keys_("Alt+1")
    assert counter.stand.cash.view.received_minor == 4850_00


async def test_a_part_payment_leaves_the_rest_owed(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_("F10", *"1000")
    assert counter.part("cashRest").text() == "3,850.00 stays owed."
    assert counter.part("cashApplied").text() == "1,000.00"
    await counter.keys_("Return")
    assert counter.stand.cash.view.state is CashState.TAKEN
    assert counter.stand.cash.view.rest == "3,850.00"


async def test_part_of_what_is_handed_over_may_be_for_the_invoice(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_("F10", *"1000", "Tab", *"800")
    assert counter.stand.cash.view.change == "200.00"
    await counter.keys_("Return")
    kept = await counter.stand.store.receipts.latest(1)
    assert kept[0].receipt.tender.applied.minor == 800_00


@pytest.mark.parametrize("button", ["cashPart", "cashSplit"])
async def test_a_click_on_part_or_split_leads_to_the_amount_as_its_key_does(till: Any, button: str) -> None:
    await till.keys("Down")
    for _ in range(2):
        await till.click(button)
        assert till.part("cashReceived").hasFocus()
        await till.keys(*"1000", "Tab", *"800")
    await till.click(button)
    await till.keys(*"900")
    assert till.part("cashReceived").minor() == 900_00
    assert till.part("counterScreen").isVisible()


async def test_a_split_goes_on_with_mpesa_for_the_rest(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_("F5", *"2000", "Return")
    assert counter.stand.cash.view.mode is CashMode.SPLIT
    assert counter.part("paymentMethod").current() == "mpesa"
    assert counter.part("mpesaDraftAmount").text() == "2,850"
    await counter.keys_("Return")
    assert counter.part("mpesaNotice").title == "Waiting for the patient\u2019s PIN"


async def test_enter_after_a_sale_serves_the_next_patient(counter: Any) -> None:
    await choose_first(counter)
    first = counter.stand.counter.invoice_id
    await counter.keys_("Return", "Return", "Return")
    assert counter.stand.counter.invoice_id not in (0, first)
    assert counter.part("cashReceived").text() == ""
    assert counter.part("cashReceived").hasFocus()


async def test_enter_on_a_focused_button_does_what_the_button_says(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_(*"5000")
    counter.part("cashPart").setFocus()
    await counter.keys_("Return")
    assert counter.stand.cash.view.mode is CashMode.PART
    assert counter.stand.cash.view.state is CashState.OPEN


async def test_escape_takes_nothing_back(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_(*"5000")
    chosen = counter.stand.counter.invoice_id
    await counter.keys_("Escape", "Escape", "Escape")
    assert counter.stand.counter.invoice_id == chosen
    assert counter.stand.cash.view.received_minor == 5000_00


async def test_search_finds_and_enter_chooses(counter: Any) -> None:
    rows = await counter.stand.services.worklist.items(await counter.stand.services.worklist.ids())
    wanted = rows[2].invoice
    await counter.keys_("/")
    assert counter.part("queueSearch").hasFocus()
    await counter.keys_(*wanted.number)
    counter.part("queueSearch").tell_now()
    await counter.stand.settled()
    await counter.keys_("Return")
    assert counter.stand.counter.invoice_id == wanted.id
    assert counter.part("queueSearch").text() == ""
    assert counter.part("cashReceived").hasFocus()


async def test_arrows_choose_among_the_hits_and_enter_goes_to_the_payment(counter: Any) -> None:
    await counter.keys_("/", *"inv")
    counter.part("queueSearch").tell_now()
    await counter.stand.settled()
    await counter.keys_("Down", "Down")
    chosen = counter.stand.counter.invoice_id
    assert chosen
    assert counter.part("queueSearch").hasFocus()
    await counter.keys_("Return")
    assert counter.stand.counter.invoice_id == chosen
    assert counter.part("queueSearch").text() == ""
    assert counter.part("cashReceived").hasFocus()


async def test_escape_leaves_the_search(counter: Any) -> None:
    await choose_first(counter)
    await counter.keys_("/", *"zzz")
    counter.part("queueSearch").tell_now()
    await counter.stand.settled()
    assert counter.stand.queue.view.state == "no_hits"
    await counter.keys_("Escape")
    assert counter.stand.queue.view.search == ""
    await counter.keys_("Escape")
    assert counter.part("cashReceived").hasFocus()


async def test_a_scan_chooses_whatever_has_the_focus(counter: Any) -> None:
    rows = await counter.stand.services.worklist.items(await counter.stand.services.worklist.ids())
    counter.stand.queue.scanned(rows[1].invoice.number)
    await counter.stand.settled()
    QApplication.processEvents()
    assert counter.stand.counter.invoice_id == rows[1].id
    assert counter.part("queueList").currentIndex().row() == 1


async def test_the_list_never_chooses_by_itself(counter: Any) -> None:
    await choose_first(counter)
    chosen = counter.stand.counter.invoice_id
    counter.stand.queue.model.set_ids([one for one in counter.stand.queue.model.ids if one != chosen])
    QApplication.processEvents()
    assert counter.stand.counter.invoice_id == chosen
    assert not counter.part("queueList").currentIndex().isValid()


async def test_a_mouse_drawn_over_the_queue_chooses_only_where_it_was_pressed(till: Any) -> None:
    cards = till.part("queueList")
    first, third = (cards.visualRect(cards.model().index(row, 0)).center() for row in (0, 2))
    QTest.mousePress(cards.viewport(), Qt.MouseButton.LeftButton, pos=first)
    await till.settled()
    drawn = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(third),
        QPointF(cards.viewport().mapToGlobal(third)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(cards.viewport(), drawn)
    QTest.mouseRelease(cards.viewport(), Qt.MouseButton.LeftButton, pos=third)
    await till.settled()
    assert till.board.counter.invoice_id == cards.model().ids[0]
    assert cards.currentIndex().row() == 0
    assert [index.row() for index in cards.selectedIndexes()] == [0]
