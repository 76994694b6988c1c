"""Each state of an M-Pesa payment as the cashier sees it, keyboard only."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.cashier import chase
from hmis_pos.domain.errors import OutcomeUnknown, Unavailable
from hmis_pos.terminal.ui.kit.roles import QueueRole
from hmis_pos.terminal.ui.kit.theme import Tone


async def ask(till: Any) -> None:
    await till.keys("Down", "F3", "Return")


async def test_ready(till: Any) -> None:
    await till.keys("Down", "F3")
    assert till.part("mpesaDraftAmount").text() == "4,850"
    assert till.part("mpesaPhone").text() == "0712 345 001"
    assert till.part("mpesaAsk").text() == "Ask for 4,850"
    assert till.part("mpesaAsk").isEnabled()
    assert till.part("mpesaAmount").hasFocus()


async def test_the_phone_is_typed_in_any_way_and_grouped(till: Any) -> None:
    await till.keys("Down", "F3", "Shift+Tab")
    assert till.part("mpesaPhone").hasFocus()
    await till.keys(*"+254722200903")
    assert till.part("mpesaPhone").text() == "0722 200 903"
    await till.keys("Return")
    assert till.hospital.gateway.orders[0].phone == "254722200903"


async def test_a_wrong_amount_is_said_at_the_field(till: Any) -> None:
    await till.keys("Down", "F3", *"9000")
    assert "4,850.00" in till.part("mpesaAmount").problem
    assert not till.part("mpesaAsk").isEnabled()


async def test_waiting(till: Any) -> None:
    await ask(till)
    await till.beat(41)
    notice = till.part("mpesaNotice")
    assert (notice.tone, notice.title) == (Tone.WAIT, "Waiting for the patient\u2019s PIN")
    assert till.part("mpesaPrimary").text() == "Serve next patient"
    assert till.part("mpesaStop").isVisible()
    assert till.part("mpesaCheck").isVisible()
    assert not till.part("mpesaAgain").isVisible()
    await till.feed()
    assert "ringing 0:41" in till.part("queueList").currentIndex().data(QueueRole.NOTE)


async def test_the_next_patient_is_served_while_the_phone_rings(till: Any) -> None:
    await ask(till)
    first = till.board.counter.invoice_id
    await till.keys("Return")
    assert till.board.counter.invoice_id not in (0, first)
    assert till.part("paymentMethod").current() == "cash"
    assert till.part("cashReceived").hasFocus()
    await till.safaricom_says(0)
    [toast] = till.part("toasts").toasts
    assert "paid 4,850.00" in toast.accessibleName()
    await till.keys("Ctrl+J")
    assert till.board.counter.invoice_id == first


async def test_paid(till: Any) -> None:
    await ask(till)
    await till.safaricom_says(0)
    notice = till.part("mpesaNotice")
    assert (notice.tone, notice.title) == (Tone.OK, "Paid")
    assert "TAB1CD2EFG" in notice.text
    assert till.paper.printed == [("T01A-000001", 1)]
    assert till.part("mpesaPrimary").text() == "Serve next patient"
    await till.keys("Ctrl+R")
    assert till.part("receiptPanel").isVisible()
    assert "T01A-000001" in till.part("receiptPaper").accessibleName()
    await till.keys("Escape")
    assert not till.part("receiptPanel").isVisible()
    await till.keys("F9")
    assert till.paper.printed[-1] == ("T01A-000001", 2)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (1, "Not enough money on M-Pesa"),
        (1032, "The patient cancelled on the phone"),
        (2001, "The PIN was wrong"),
    ],
)
async def test_not_paid_says_why_and_asks_again_with_enter(till: Any, code: int, title: str) -> None:
    await ask(till)
    await till.safaricom_says(code)
    notice = till.part("mpesaNotice")
    assert (notice.tone, notice.title) == (Tone.NO, title)
    await till.beat(130)  # Safaricom wants a while between two pushes to one phone
    assert till.part("mpesaPrimary").text() == "Ask again"
    assert till.part("mpesaNext").isVisible()
    await till.keys("Return")
    assert len(till.hospital.gateway.orders) == 2
    assert till.part("mpesaNotice").title == "Waiting for the patient\u2019s PIN"


async def test_asking_again_too_early_shows_why_and_for_how_long(till: Any) -> None:
    await ask(till)
    await till.safaricom_says(17)
    again = till.part("mpesaAgain")
    assert again.isVisible()
    assert not again.isEnabled()
    assert again.text().startswith("Ask again in ")
    assert "refuses" in till.part("mpesaWhyNotAgain").text()
    await till.keys("F6", "Return")
    assert len(till.hospital.gateway.orders) == 1


async def test_change_after_a_no(till: Any) -> None:
    await ask(till)
    await till.safaricom_says(1)
    await till.keys("F4")
    assert till.part("mpesaAsk").isVisible()
    assert till.part("mpesaAmount").minor() == 4850_00


async def test_unknown_is_amber_and_never_a_no(till: Any) -> None:
    till.hospital.gateway.answers.append(OutcomeUnknown("no answer", code="mpesa-no-answer"))
    await ask(till)
    await till.feed()
    notice = till.part("mpesaNotice")
    assert (notice.tone, notice.title) == (Tone.UNKNOWN, "We do not know yet")
    assert "Do not take the money again" in notice.text
    assert not till.part("mpesaAgain").isVisible()
    assert till.part("mpesaPrimary").text() == "Serve next patient"


async def test_stopped_still_looks_for_the_money(till: Any) -> None:
    await ask(till)
    await till.keys("F7")
    notice = till.part("mpesaNotice")
    assert (notice.tone, notice.title) == (Tone.UNKNOWN, "You stopped waiting")
    assert not till.part("mpesaAgain").isEnabled()
    await till.safaricom_says(0)
    assert till.part("mpesaNotice").title == "Paid"


async def test_not_possible_now_says_so_and_cash_goes_on(till: Any) -> None:
    await till.go_down()
    await till.keys("Down", "F3")
    assert till.part("mpesaUnavailable").title == "M-Pesa needs the relay, and the relay is away"
    assert not till.part("mpesaAsk").isEnabled()
    await till.keys("Return")
    assert till.hospital.gateway.orders == []
    await till.keys("F2", "Return", "Return")
    assert till.paper.printed == [("T01A-000001", 1)]
    assert "1 not sent" in till.part("topBar").line.text


async def test_refused_before_it_rang(till: Any) -> None:
    till.hospital.gateway.answers.append(Unavailable("no connection", code="gateway-unreachable"))
    await ask(till)
    await till.feed()
    shown = till.part("mpesaDraftProblem") if till.part("mpesaAsk").isVisible() else till.part("mpesaNotice")
    assert "Safaricom could not be reached" in shown.title


async def test_escape_never_ends_a_payment(till: Any) -> None:
    await ask(till)
    await till.keys("Escape", "Escape", "Escape")
    assert till.board.mpesa.view.stage == "waiting"
    await chase.run_due(till.hospital.relay.ctx)
    await till.feed()
    assert till.board.mpesa.view.stage == "waiting"


async def test_coming_back_to_the_patient_shows_the_story(till: Any) -> None:
    await ask(till)
    await till.keys("Down")
    assert till.part("paymentMethod").current() == "cash"
    await till.keys("Up")
    assert till.part("paymentMethod").current() == "mpesa"
    assert till.part("mpesaNotice").title == "Waiting for the patient\u2019s PIN"


async def test_the_receipt_is_the_one_of_the_patient_who_is_shown(till: Any) -> None:
    await ask(till)
    await till.keys("Return", "Return", "Return")  # the next patient pays in cash meanwhile
    assert till.part("cashNext").isVisible()
    await till.safaricom_says(0)
    assert till.paper.printed == [("T01A-000001", 1), ("T01A-000002", 1)]
    await till.keys("Ctrl+J")
    assert till.board.mpesa.view.receipt_no == "T01A-000002"
    await till.keys("F9", "Ctrl+R")
    assert till.paper.printed[2:] == [("T01A-000002", 2)]
    assert "T01A-000002" in till.part("receiptPaper").accessibleName()


async def test_each_part_has_its_own_receipt(till: Any) -> None:
    await till.keys("Down", "F3", *"1000", "Return")
    await till.safaricom_says(0, amount=1000)
    await till.keys("Down", "Up", "Return", "Return")  # the rest in cash, after somebody else was looked at
    assert till.paper.printed == [("T01A-000001", 1), ("T01A-000002", 1)]
    await till.keys("F9")
    assert till.paper.printed[-1] == ("T01A-000002", 2)
    await till.keys("F3", "F9")
    assert till.paper.printed[-1] == ("T01A-000001", 2)
    await till.keys("F2", "F9")
    assert till.paper.printed[-1] == ("T01A-000002", 3)


async def test_a_receipt_looked_at_elsewhere_does_not_stay_in_front(till: Any) -> None:
    await till.keys("Down", "Return", "Return", "Return", "F3", "Return")
    await till.safaricom_says(0)
    await till.board.services.sender.send_all()
    await till.feed()
    await till.keys("Ctrl+2", "Down", "Down", "F9")
    assert till.paper.printed[-1] == ("T01A-000001", 2)
    await till.keys("Ctrl+1", "F9")
    assert till.paper.printed[-1] == ("T01A-000002", 2)


async def test_a_stop_that_failed_late_is_told_where_it_was_wanted(till: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmis_pos.terminal.relay_http.WRITE_TRIES", 1)
    await ask(till)
    await till.keys("Return", "F3", "Return", "Up")
    first = till.board.counter.invoice_id
    async with till.slowly("stop"):
        till.wire.down = True
        await till.keys("F7")
        till.wire.down = False
        await till.keys("Down")
        assert till.board.mpesa.view.stage == "waiting"
        assert till.board.counter.invoice_id != first
    assert till.board.mpesa.view.problem is None
    assert not till.part("mpesaProblem").isVisible()
