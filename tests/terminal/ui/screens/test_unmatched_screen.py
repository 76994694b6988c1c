"""The room of unmatched money by keyboard: list, evidence, suggestions, search, split, refund, move back, live news, noes and silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hmis_pos.terminal.presenters.unmatched_view import Doing, UnmatchedState
from hmis_pos.terminal.ui.kit.buttons import QuietButton
from hmis_pos.terminal.ui.kit.roles import NoteKind, QueueRole
from tests.support.office import Refused
from tests.support.office_messages import unmatched
from tests.support.office_monday import monday
from tests.terminal.ui.screens.rooms import Room, open_room


@pytest.fixture
async def room(tmp_path: Path, qapp: QApplication) -> AsyncIterator[Room]:
    async with open_room(monday(), tmp_path / "till") as opened:
        await opened.sign_in()
        await opened.keys("Ctrl+4")
        yield opened


def column(room: Room, role: int = QueueRole.NAME, name: str = "unmatchedList") -> list[Any]:
    model = room.part(name).model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


async def test_the_rail_counts_what_waits_before_the_room_is_opened(tmp_path: Path, qapp: QApplication) -> None:
    async with open_room(monday(), tmp_path / "till") as room:
        await room.sign_in()
        assert room.part("railUnmatched").count == 5


async def test_oldest_first_and_growing_old_is_seen(room: Room) -> None:
    assert column(room) == ["PETER MWANGI", "JOHN KAMAU", "AMINA HASSAN", "2547 ***** 126", "KAMAU TRADERS LTD"]
    assert column(room, QueueRole.NOTE) == ["4 days", "1 day", "5 h 00 min", "12 min", "4 min"]
    assert column(room, QueueRole.NOTE_KIND)[:3] == [NoteKind.OLD, NoteKind.AGEING, NoteKind.PLAIN]
    assert room.part("unmatchedHeader").text() == "5 wait · 37,850.00 · oldest 4 days"
    await room.beat(60)
    assert column(room, QueueRole.NOTE)[3:] == ["13 min", "5 min"]


async def test_one_piece_says_what_is_known_and_why_it_matched_nothing(room: Room) -> None:
    await room.keys("Down", "Down")
    assert room.part("unmatchedTitle").text() == "12,400.00 from AMINA HASSAN"
    assert room.part("unmatchedWhy").text == "No invoice or patient has this account."
    facts = room.part("unmatchedFacts").words
    assert facts["Account typed"] == "0002"
    assert facts["Told by"] == "Safaricom's list of payments"
    assert facts["Looked after by"] == "nobody yet"


async def test_enter_chooses_and_only_the_second_enter_moves_money(room: Room) -> None:
    await room.keys("Down", "Return")
    assert room.office.asked("assign") == []
    assert room.part("unmatchedConsequence").accessibleName() == (
        "KSh 1,300 to INV-20931, Grace N. Wanjiku. KSh 200 over becomes the patient's deposit. The invoice is paid then."
    )
    assert room.part("unmatchedPrimary").text() == "Assign 1,500.00 to INV-20931"
    await room.keys("Return")
    assert room.office.invoices[31].payable == "0.00"
    assert room.part("unmatchedPlacedDone").title == "KSh 1,500 placed with Grace N. Wanjiku"
    assert "JOHN KAMAU" not in column(room)
    assert room.part("unmatchedTitle").text() == "1,500.00 from JOHN KAMAU"  # nobody else is chosen by chance
    assert room.part("railUnmatched").count == 4


async def test_suggestions_say_why_and_arrows_choose_among_them(room: Room) -> None:
    await room.keys("Down", "Return", "Down")
    why = column(room, QueueRole.REASONS, "unmatchedSuggestions")
    assert why == ["a slip away: INV-20931 · at a counter then", "a slip away: INV-20934", "the phone fits"]
    assert room.part("unmatchedPrimary").text() == "Assign 1,500.00 to INV-20934"
    assert room.part("unmatchedConsequence").accessibleName().startswith("KSh 1,200 to INV-20934, Brian Otieno.")
    await room.keys("Escape", "Down")
    assert room.part("unmatchedTitle").text().startswith("12,400.00")


async def test_any_invoice_is_found_by_hand(room: Room) -> None:
    await room.keys("Down", "Down", "Down", "Down", "F2", *"barasa")
    room.part("unmatchedFind").tell_now()
    await room.settled()
    assert column(room, name="unmatchedSuggestions") == ["Peter Barasa"]
    await room.keys("Return")
    assert room.part("unmatchedPrimary").text() == "Assign 20,000.00 to INV-20943"
    await room.keys("F2", "Escape", *"zz")
    room.part("unmatchedFind").tell_now()
    await room.settled()
    assert room.board.back_office.placing.view.message.title == "No such invoice"


async def test_a_split_has_a_running_remainder(room: Room) -> None:
    await room.keys("Down", "Return", "F4")
    assert room.part("unmatchedRemainder").text() == "200.00 left of 1,500.00"
    await room.keys("Down", "Return")
    assert room.part("unmatchedRemainder").text() == "All of it is placed"
    await room.keys(*"150.50")
    assert room.part("unmatchedRemainder").text() == "49.50 left of 1,500.00"
    room.window.focusWidget().selectAll()
    await room.keys(*"900")
    assert room.part("unmatchedRemainder").text() == "700.00 too much"
    assert not room.part("unmatchedPrimary").isEnabled()
    await room.keys("Ctrl+Return")
    assert room.office.asked("assign") == []
    room.window.focusWidget().selectAll()
    await room.keys(*"100", "Ctrl+Return")
    assert len(room.office.asked("assign")) == 1
    assert [part.amount for part in room.office.parts[2]] == ["1300.00", "100.00"]
    assert room.part("unmatchedRemains").text() == "100.00 still waits"
    assert room.part("unmatchedDone").title == "KSh 1,400 placed with 2 invoices"


async def test_the_keyboard_stays_in_the_room_when_shares_go(room: Room) -> None:
    await room.keys("Down", "Return", "F4", "Down", "Return")
    assert room.part("share34").hasFocus()
    buttons = room.window.findChildren(QuietButton)
    drop = next(one for one in buttons if one.accessibleName() == "Without Brian Otieno")
    QTest.mouseClick(drop, Qt.MouseButton.LeftButton)
    await room.settled()
    assert len(room.board.back_office.placing.view.shares) == 1
    assert not room.part("rail").isAncestorOf(room.focus())
    room.part("share31").setFocus()
    await room.keys("F4")
    assert room.board.back_office.placing.view.doing is Doing.ASSIGN
    assert not room.part("rail").isAncestorOf(room.focus())
    await room.keys("Return")
    assert room.part("unmatchedScreen").isVisible()


async def test_i_look_after_it(room: Room) -> None:
    await room.keys("Down", "F6")
    assert room.office.money[2].owner == "supervisor"
    assert room.part("unmatchedTake").text() == "You look after it"
    await room.keys("Alt+2")
    assert column(room) == ["JOHN KAMAU"]


async def test_a_late_answer_does_not_lead_back_to_what_was_left(room: Room) -> None:
    await room.keys("Down")
    async with room.slowly("take"):
        await room.keys("F6", "Down")
        second = room.board.back_office.unmatched.view.selected
    assert room.board.back_office.unmatched.view.selected == second
    assert room.part("unmatchedTitle").text() == "12,400.00 from AMINA HASSAN"
    assert (room.office.money[2].owner, room.office.money[second].owner) == ("supervisor", "")


async def test_what_was_moved_back_late_is_not_said_of_other_money(room: Room) -> None:
    await room.keys("Down", "Return", "Return", "F8", *"Other Wanjiku")
    async with room.slowly("move-back"):
        await room.keys("Return")
        cards = room.part("unmatchedList")
        place = cards.visualRect(cards.model().index(1, 0)).center()
        QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await room.settled()
        assert room.part("unmatchedTitle").text() == "12,400.00 from AMINA HASSAN"
    assert room.part("unmatchedTitle").text() == "12,400.00 from AMINA HASSAN"
    assert not room.part("unmatchedDone").isVisible()
    assert "JOHN KAMAU" in column(room)


async def test_a_refund_asks_for_a_phone_only_where_one_is_needed(room: Room) -> None:
    await room.keys("Down", "F7", "Return")
    assert room.part("unmatchedRefundReason").problem == "Say why, in a few words."
    await room.keys(*"Paid us by mistake", "Return")
    asked = next(one for one in room.office.refunds.values() if one.unmatched_id == 2)
    assert (asked.amount, asked.route, asked.phone) == ("1500.00", "reversal", "")
    done = room.part("unmatchedRefundDone")
    assert done.title == "Asked: KSh 1,500 is to go back"
    assert "reversal: no fee" in done.text
    await room.keys("Return", "Down", "Down", "F7", "Tab")
    room.part("unmatchedRefundAmount").setFocus()
    room.window.focusWidget().selectAll()
    await room.keys(*"400", "Return", *"Too much", "Return")
    phone = room.part("unmatchedRefundPhone")
    assert phone.isVisible()
    assert "needs the phone" in phone.problem
    await room.keys(*"0712345678", "Return")
    last = list(room.office.refunds.values())[-1]
    assert (last.amount, last.phone, last.route) == ("400.00", "254712345678", "payout")


async def test_what_was_placed_wrongly_is_moved_back_with_a_reason(room: Room) -> None:
    await room.keys("Down", "Return", "Return", "F8")
    assert room.part("unmatchedMoving").text().startswith("KSh 1,500 from INV-20931, Grace N. Wanjiku, back among")
    await room.keys("Return")
    assert room.office.asked("move-back") == []
    await room.keys(*"Other Wanjiku", "Return")
    assert room.office.money[2].remaining == "1500.00"
    assert room.part("unmatchedDone").title == "KSh 1,500 is unmatched again"
    assert "JOHN KAMAU" in column(room)
    await room.keys("F8")
    assert room.board.back_office.placing.view.doing is Doing.ASSIGN  # it is moved back already


async def test_news_come_by_themselves(room: Room) -> None:
    await room.keys("Down")
    fresh = unmatched(9, "70.00", age=timedelta(0), payer_name="FRESH")
    room.office.money[9] = fresh
    await room.money_changed(9)
    assert column(room)[-1] == "FRESH"
    assert room.part("railUnmatched").count == 6
    room.office.money[1] = structs.replace(room.office.money[1], remaining="0.00")
    await room.money_changed(1)
    assert "PETER MWANGI" not in column(room)
    assert room.part("railUnmatched").count == 5


async def test_somebody_was_faster(room: Room) -> None:
    await room.keys("Down", "Return")
    room.office.refusals.append(("assign", Refused(409, "above-remaining")))
    await room.keys("Return")
    assert room.part("unmatchedProblem").isVisible()
    assert room.part("unmatchedProblem").title == "Less of it is left than that"


async def test_silence_is_not_a_no_and_is_never_sent_twice(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmis_pos.terminal.relay_http.WRITE_TRIES", 1)
    await room.keys("Down", "Return")
    room.office.lose_answers = True
    await room.keys("Return")
    room.office.lose_answers = False
    assert len(room.office.parts[2]) == 1
    assert room.board.back_office.placing.view.doing is Doing.PLACED  # what was read again says that it was placed
    assert room.board.back_office.unmatched.detail.money.remaining == "0.00"


async def test_nothing_waits(room: Room) -> None:
    room.office.money.clear()
    await room.keys("F5")
    assert room.board.back_office.unmatched.view.state is UnmatchedState.EMPTY
    assert room.board.back_office.unmatched.view.message.title == "Nothing waits"
    await room.keys("Escape")
    assert room.part("counterScreen").isVisible()


async def test_the_relay_goes_away_and_comes_back(room: Room) -> None:
    await room.keys("Down", "Return")
    await room.go_down()
    assert room.part("unmatchedAside").text() == "The relay is away. As of 14:32."
    assert not room.part("unmatchedPrimary").isEnabled()
    await room.keys("Return")
    assert room.office.asked("assign") == []
    await room.come_back()
    assert room.part("unmatchedPrimary").isEnabled()


async def test_opened_while_the_relay_is_away(tmp_path: Path, qapp: QApplication) -> None:
    async with open_room(monday(), tmp_path / "till") as room:
        await room.sign_in()
        await room.go_down()
        await room.keys("Ctrl+4")
        view = room.board.back_office.unmatched.view
        assert view.state is UnmatchedState.OFFLINE
        assert "No money is lost" in view.message.advice


async def test_a_cashier_is_not_offered_to_move_money_back(tmp_path: Path, qapp: QApplication) -> None:
    async with open_room(monday(), tmp_path / "till") as room:
        await room.sign_in()
        desk = room.board.desk
        desk.show(replace(desk.view, role="billing"))
        await room.keys("Ctrl+4", "Down", "Return", "Return")
        assert room.part("unmatchedPlacedDone").text == "The receipt is with the payment."
        (part,) = room.board.back_office.unmatched.view.detail.parts
        assert part.payment_uid == ""
        assert room.board.back_office.placing.view.move_back.why_not.startswith("Only a supervisor")


async def test_who_types_before_the_list_came_goes_on_typing(tmp_path: Path, qapp: QApplication) -> None:
    async with open_room(monday(), tmp_path / "till") as room:
        await room.sign_in()
        for place, searched in (("Ctrl+4", "unmatchedSearch"), ("Ctrl+2", "paymentsSearch")):
            for key in (place, "/", "a"):  # faster than the answer of the relay
                QTest.keySequence(room.focus(), key)
            await room.settled()
            search = room.part(searched)
            assert (search.hasFocus(), search.text()) == (True, "a")


async def test_search_and_the_way_back(room: Room) -> None:
    await room.keys("/", *"amina")
    room.part("unmatchedSearch").tell_now()
    await room.settled()
    assert column(room) == ["AMINA HASSAN"]
    await room.keys("Escape")
    assert len(column(room)) == 5
    await room.keys("Alt+2")
    assert room.board.back_office.unmatched.view.message.title == "You look after nothing just now"
    await room.keys("Escape")
    assert len(column(room)) == 5


async def test_pages_are_read_when_their_end_is_seen(tmp_path: Path, qapp: QApplication) -> None:
    office = monday()
    office.page = 2
    async with open_room(office, tmp_path / "till") as room:
        await room.sign_in()
        await room.keys("Ctrl+4")
        for _ in range(3):
            model = room.part("unmatchedList").model()
            if model.canFetchMore(room.part("unmatchedList").rootIndex()):
                model.fetchMore(room.part("unmatchedList").rootIndex())
            await room.settled()
        assert len(column(room)) == 5


async def test_a_late_no_to_one_patient_is_not_said_of_the_next(room: Room) -> None:
    room.office.refusals.append(("serve", Refused(404, "not-found")))
    await room.keys("Ctrl+1")
    async with room.slowly("serve"):
        await room.keys("Down", "Down")
    view = room.board.counter.view
    assert (view.claim, view.notice) == ("mine", None)
