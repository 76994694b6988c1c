"""Refunds by keyboard: asked for from a payment, decided by somebody else, and shown as unknown where nobody knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from hmis_pos.contract import events
from hmis_pos.terminal.ui.kit.roles import QueueRole
from hmis_pos.terminal.ui.kit.theme import Tone
from tests.support.office import Refused
from tests.support.office_monday import monday
from tests.terminal.ui.screens.rooms import Room, open_room

FIRST = str(UUID(int=2001))


@pytest.fixture
async def room(tmp_path: Path, qapp: QApplication) -> AsyncIterator[Room]:
    async with open_room(monday(), tmp_path / "till") as opened:
        await opened.sign_in()
        await opened.keys("Ctrl+3")
        yield opened


def column(room: Room, role: int = QueueRole.NAME) -> list[Any]:
    model = room.part("refundsList").model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


async def test_what_waits_for_me_is_counted_and_listed(room: Room) -> None:
    assert column(room) == ["Brian Otieno", "Amina Y. Hassan"]
    assert column(room, QueueRole.NOTE) == ["4 min", "22 min"]
    assert room.part("railRefunds").count == 1  # the other one is my own


async def test_nothing_opens_a_window_of_its_own_for_a_moment(room: Room, qapp: QApplication) -> None:
    """A part that is shown before it has a parent is a window: it flashes, and takes the keyboard away."""
    seen = _Windows()
    qapp.installEventFilter(seen)
    try:
        await room.keys(
            "Down", "Up", "Alt+3", "Down", "Alt+1", "Ctrl+4", "Down", "Return", "Ctrl+5", "Ctrl+2", "Ctrl+1"
        )
    finally:
        qapp.removeEventFilter(seen)
    assert seen.shown == []


class _Windows(QObject):
    """Notes what was shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it so
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


async def test_another_person_approves_and_enter_alone_never_does(room: Room) -> None:
    assert room.part("refundApprove").text() == "Approve 1,200.00"
    await room.keys("Return", *"Seen the X-ray book", "Return")
    assert room.office.asked("approve") == []
    await room.keys("Ctrl+Return")
    one = room.office.refunds[FIRST]
    assert (one.state, one.decided_by, one.decision_note) == ("pending", "supervisor", "Seen the X-ray book")
    assert room.part("refundState").text == "on its way"
    assert room.part("refundNotice").title == "Safaricom has taken it"
    assert room.part("railRefunds").count == 0


async def test_enter_after_a_decision_stays_in_the_room(room: Room) -> None:
    await room.keys("Return", *"Seen", "Ctrl+Return")
    assert not room.part("refundNote").isVisible()
    assert not room.part("rail").isAncestorOf(room.focus())
    await room.keys("Return")
    assert room.part("refundsScreen").isVisible()


async def test_who_asked_cannot_decide_and_is_told_why(room: Room) -> None:
    await room.keys("Down")
    assert not room.part("refundApprove").isEnabled()
    assert "another person decides" in room.part("refundApprove").toolTip()
    await room.keys("Ctrl+Return", "F8")
    assert room.office.asked("/api/refunds/") == []


async def test_rejecting_wants_a_reason(room: Room) -> None:
    await room.keys("F8")
    assert room.part("refundNote").problem == "Say why, for the one who asked."
    await room.keys(*"The service was given", "F8")
    assert room.office.refunds[FIRST].state == "rejected"
    assert room.part("refundState").text == "rejected"


async def test_unknown_is_shown_as_unknown(room: Room) -> None:
    await room.keys("Alt+3", "PgDown")
    notice = room.part("refundNotice")
    assert notice.tone is Tone.UNKNOWN
    assert notice.text.startswith("Safaricom has not said; it is looked for. Do not pay it out again.")
    assert "Asked again in 6:00." in notice.text
    assert not room.part("refundApprove").isVisible()
    assert any("No result in time" in row.accessibleName() for row in room.part("refundEvidence")._rows)


UNKNOWN = str(UUID(int=2005))


async def test_one_nobody_can_tell_about_is_ended_by_a_person_after_two_days(room: Room) -> None:
    await room.keys("Alt+3", "PgDown")
    assert room.part("refundReject").text() == "It did not go back"
    assert not room.part("refundReject").isEnabled()  # its result, or a statement, may still tell
    assert not room.part("refundNote").isVisible()
    one = room.office.refunds[UNKNOWN]
    old = structs.replace(one, decided_at="2026-11-01T08:00:00.000000Z")
    room.office.refunds[UNKNOWN] = old
    await room.tell(events.RefundChanged(refund=old))
    await room.keys("F8")
    assert room.part("refundNote").problem == "Say what the portal shows."
    await room.keys(*"Not in the portal, looked up by Grace", "F8")
    assert room.office.refunds[UNKNOWN].state == "failed"
    assert room.part("refundState").text == "not given back"
    assert room.part("refundFacts").words["Looked up in the portal"] == "Not in the portal, looked up by Grace"
    assert "Safaricom says" not in room.part("refundFacts").words


async def test_the_end_of_a_refund_comes_too_early_or_too_late(room: Room) -> None:
    await room.keys("Alt+3", "PgDown")
    old = structs.replace(room.office.refunds[UNKNOWN], decided_at="2026-11-01T08:00:00.000000Z")
    await room.tell(events.RefundChanged(refund=old))
    room.office.refusals.append(("not-done", Refused(409, "refund-too-early")))
    await room.keys("Return", *"Not in the portal", "F8")
    assert room.part("refundProblem").title == "It is too early to give this refund up"
    assert room.part("refundNote").text() == "Not in the portal"  # nothing typed is lost


async def test_news_of_a_refund_come_by_themselves(room: Room) -> None:
    done = structs.replace(room.office.refunds[FIRST], state="completed", provider_receipt="TKZ1")
    room.office.refunds[FIRST] = done
    await room.tell(events.RefundChanged(refund=done))
    assert room.part("refundState").text == "given back"
    assert room.part("refundFacts").words["Code of the refund"] == "TKZ1"


async def test_somebody_decided_meanwhile(room: Room) -> None:
    room.office.refusals.append(("approve", Refused(409, "refund-decided")))
    await room.keys("Ctrl+Return")
    assert room.part("refundProblem").title == "Somebody has decided about this refund meanwhile"


async def test_offline_nothing_is_decided(room: Room) -> None:
    await room.go_down()
    assert room.part("refundsAside").text().startswith("The relay is away.")
    assert not room.part("refundApprove").isEnabled()
    await room.keys("Ctrl+Return")
    await room.come_back()
    assert room.office.asked("approve") == []
    assert room.part("refundApprove").isEnabled()


async def test_a_cashier_sees_and_does_not_decide(tmp_path: Path, qapp: QApplication) -> None:
    office = monday()
    office.user = ("cashier", "Achieng O.", "billing")
    async with open_room(office, tmp_path / "till") as room:
        await room.sign_in()
        assert not room.part("railStatements").isVisible()
        await room.keys("Ctrl+5")
        assert room.part("counterScreen").isVisible()
        await room.keys("Ctrl+3", "Down")
        assert not room.part("refundApprove").isEnabled()
        assert room.part("railRefunds").count == 0


async def test_a_refund_is_asked_for_from_its_payment(room: Room) -> None:
    await room.keys("Ctrl+2", "Down", "F7")
    assert room.part("paymentRefund").isVisible()
    room.part("paymentRefundAmount").setFocus()
    room.part("paymentRefundAmount").selectAll()
    await room.keys(*"99999", "Return", *"Too much", "Return")
    assert "At most" in room.part("paymentRefundAmount").problem
    room.part("paymentRefundAmount").setFocus()
    room.part("paymentRefundAmount").selectAll()
    await room.keys(*"2000", "Return")
    assert room.part("paymentRefundDone").title == "Asked: KSh 2,000 is to go back"
    await room.keys("Return")
    assert room.part("paymentTitle").isVisible()
    assert not room.part("paymentRefundOpen").isVisible()  # nothing of it may go back any more


async def test_silence_asks_again_with_the_same_key(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmis_pos.terminal.relay_http.WRITE_TRIES", 1)
    await room.keys("Ctrl+2", "Down", "F7", *"Paid twice")
    room.office.lose_answers = True
    await room.keys("Return")
    room.office.lose_answers = False
    assert "Nobody can tell yet" in room.part("paymentRefundProblem").title
    await room.keys("Return")
    asked = room.office.asked("payments/refund")
    assert len(asked) == 2
    assert asked[0][3] == asked[1][3]
    assert (
        sum(
            one.reason == "Paid twice" and one.requested_at > "2026-11-23T11:31" for one in room.office.refunds.values()
        )
        == 1
    )


async def test_a_late_answer_stays_with_the_payment_that_was_asked_for(room: Room) -> None:
    room.office.payer_known = True
    await room.keys("Ctrl+2", "Down", "F7")
    first = room.board.payments.view.selected
    async with room.slowly("payments/refund"):
        await room.keys(*"Paid twice", "Return")
        await room.keys("Escape", "Down", "F7", *"Not given")
        assert room.board.payments.view.selected != first
    assert not room.part("paymentRefundDone").isVisible()
    assert room.part("paymentRefundReason").text() == "Not given"
    assert len(room.office.asked("payments/refund")) == 1
    await room.keys("Return")
    assert room.part("paymentRefundDone").isVisible()
    assert list(room.office.refunds.values())[-1].reason == "Not given"


async def test_silence_about_one_payment_keeps_its_key_while_another_is_asked_for(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hmis_pos.terminal.relay_http.WRITE_TRIES", 1)
    room.office.payer_known = True
    await room.keys("Ctrl+2", "Down")
    room.office.lose_answers = True
    await ask_for_500(room)
    room.office.lose_answers = False
    await room.come_back()
    await room.keys("Escape", "Down")
    await ask_for_500(room)
    await room.keys("Escape", "Up")
    await ask_for_500(room)
    first, other, again = (one[3] for one in room.office.asked("payments/refund"))
    assert first == again != other


async def ask_for_500(room: Room) -> None:
    """A part of the chosen payment, always with the same words."""
    await room.keys("F7")
    room.part("paymentRefundAmount").setFocus()
    room.part("paymentRefundAmount").selectAll()
    await room.keys(*"500")
    room.part("paymentRefundReason").setFocus()
    await room.keys(*"Paid twice", "Return")
