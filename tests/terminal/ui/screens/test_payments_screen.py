"""The payments by keyboard: list, filter, search, one payment with its evidence, its receipt."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.terminal.presenters.payments_view import PaymentsState


@pytest.fixture
async def busy(till: Any) -> Any:
    """One cash sale, one M-Pesa payment that was refused."""
    await till.keys("Down", "Return", "Return", "Return", "F3", "Return")
    await till.safaricom_says(1032)
    await till.board.services.sender.send_all()
    await till.feed()
    await till.keys("Ctrl+2")
    return till


def rows(till: Any) -> list[list[str]]:
    model = till.part("paymentsTable").model()
    return [[model.index(row, column).data() for column in range(7)] for row in range(model.rowCount())]


async def test_newest_first_with_state_in_words(busy: Any) -> None:
    assert [(row[3], row[5]) for row in rows(busy)] == [("M-Pesa", "not paid"), ("Cash", "paid")]
    assert rows(busy)[1][6] == "T01A-000001"


async def test_arrows_show_the_evidence(busy: Any) -> None:
    await busy.keys("Down", "Down")
    assert "Cash" in busy.part("paymentTitle").text()
    assert busy.part("paymentState").text == "paid"
    assert busy.part("paymentReprint").isVisible()
    await busy.keys("Up")
    assert busy.part("paymentWhy").title == "The patient cancelled on the phone"
    names = [row.accessibleName() for row in busy.part("paymentEvidence")._rows]
    assert any("Request accepted" in name for name in names)
    assert any("Not paid" in name for name in names)


async def test_enter_shows_the_receipt_and_f9_prints_that_one(busy: Any) -> None:
    await busy.keys("Down", "Down", "Return")
    assert busy.part("receiptPanel").isVisible()
    assert "T01A-000001" in busy.part("receiptPaper").accessibleName()
    await busy.keys("Escape", "F9")
    assert busy.paper.printed[-1] == ("T01A-000001", 2)


async def test_filters_have_keys(busy: Any) -> None:
    await busy.keys("Alt+2")
    assert [row[5] for row in rows(busy)] == ["paid"]
    assert busy.part("paymentsState").currentText() == "Paid"
    await busy.keys("Alt+4")
    assert [row[5] for row in rows(busy)] == ["not paid"]
    await busy.keys("Alt+1", "Alt+O")
    assert busy.part("paymentsMine").isChecked()
    assert len(rows(busy)) == 2


async def test_search_and_the_way_back(busy: Any) -> None:
    await busy.keys("/", *"nobody")
    busy.part("paymentsSearch").tell_now()
    await busy.settled()
    assert busy.board.payments.view.state == "no_hits"
    await busy.keys("Escape")
    assert busy.part("paymentsSearch").text() == ""
    await busy.keys("Escape", "Escape")
    assert busy.part("counterScreen").isVisible()


async def test_escape_leads_out_of_an_empty_list_too(busy: Any) -> None:
    await busy.keys("Alt+3", "/", "Escape")
    assert busy.board.payments.view.filter.state == "all"
    await busy.keys("Escape", "Escape")
    assert busy.part("counterScreen").isVisible()


async def test_back_to_the_patient(busy: Any) -> None:
    await busy.keys("Up", "Ctrl+G")
    assert busy.part("counterScreen").isVisible()
    assert busy.board.counter.invoice_id == 2


async def test_a_patient_who_could_not_be_read_is_served_once_the_relay_is_back(busy: Any) -> None:
    await busy.keys("Down", "Down")
    await busy.read_queue()  # who has paid is not kept any more
    await busy.go_down()
    await busy.keys("Ctrl+G")
    assert busy.board.counter.view.state == "gone"
    await busy.come_back()
    view = busy.board.counter.view
    assert (view.state, view.claim, view.notice) == ("ready", "mine", None)
    assert [one.reference for one in view.earlier] == ["T01A-000001"]  # not what other patients paid
    assert busy.board.mpesa.view.invoice_id == busy.board.counter.invoice_id == 1


async def test_offline_it_shows_what_this_till_took(busy: Any) -> None:
    await busy.go_down()
    await busy.keys("F5")
    assert [row[3] for row in rows(busy)] == ["Cash"]
    assert "Only the receipts of this till" in busy.part("paymentsAside").text()


async def test_an_empty_day(till: Any) -> None:
    await till.keys("Ctrl+2")
    assert till.board.payments.view.state == "empty"
    assert till.part("paymentDetail").isVisible()


async def test_the_way_it_came_is_chosen_by_keys(busy: Any) -> None:
    await busy.keys("Alt+M", "Down", "Down", "Down")
    assert busy.part("paymentsWay").currentText() == "M-Pesa: phone asked"
    assert [row[3] for row in rows(busy)] == ["M-Pesa"]
    await busy.keys("Down")
    assert busy.part("paymentsWay").currentText() == "M-Pesa: to the Paybill"
    assert busy.board.payments.view.state is PaymentsState.NO_HITS
    await busy.keys("Up", "Escape")  # out of the choice first, then out of the filter
    assert busy.part("paymentsWay").currentText() == "M-Pesa: phone asked"
    await busy.keys("Down")
    assert busy.part("paymentTitle").text().startswith("M-Pesa")
    await busy.keys("Escape")
    assert len(rows(busy)) == 2


async def test_the_chosen_payment_stays_chosen_when_the_list_is_read_again(busy: Any) -> None:
    await busy.keys("Down", "Down")
    chosen, table = busy.board.payments.view.selected, busy.part("paymentsTable")
    assert table.currentIndex().row() == 1
    await busy.keys("F5")
    assert table.currentIndex().row() == 1
    assert busy.board.payments.view.selected == chosen
    await busy.keys("Up")
    assert table.currentIndex().row() == 0


async def test_escape_on_only_mine_leads_to_the_list_before_it_clears_the_filter(busy: Any) -> None:
    await busy.keys("Alt+2")
    busy.part("paymentsMine").setFocus()
    await busy.keys("Space", "Escape")
    assert busy.part("paymentsTable").hasFocus()
    assert (busy.board.payments.view.filter.mine, busy.part("paymentsMine").isChecked()) == (True, True)
    await busy.keys("Escape")
    assert not busy.board.payments.view.filter.narrows
