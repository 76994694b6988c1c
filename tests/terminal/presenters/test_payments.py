"""The list of payments, its filter, and one payment with its evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

from hmis_pos.terminal.presenters.payments import PAGE
from hmis_pos.terminal.presenters.payments_model import Column, PaymentRole, PaymentsModel
from hmis_pos.terminal.presenters.payments_view import (
    PaymentRow,
    PaymentsFilter,
    PaymentsState,
    Period,
    StateFilter,
    Way,
)
from hmis_pos.terminal.presenters.views import Tone
from tests.support.paybill import Paybill
from tests.terminal.presenters.test_mpesa import CODE, answer, ask

NOW = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 01:30 of the 23rd in Kenya


async def sell(stand: Any, invoice_id: int, minor: int | None = None) -> None:
    await stand.choose(invoice_id)
    if minor is not None:
        stand.cash.part()
        stand.cash.receive(minor)
    else:
        stand.cash.exact()
    stand.cash.take()
    await stand.settled()


async def opened(stand: Any) -> None:
    stand.payments.open()
    await stand.settled()


def cells(stand: Any, row: int) -> list[str]:
    model = stand.payments.model
    return [str(model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole)) for column in Column]


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    def row(number: int, state: str = "paid") -> PaymentRow:
        return PaymentRow(
            uid=str(number),
            when="today 14:31",
            patient="P",
            invoice="I",
            method="Cash",
            amount="1.00",
            state=state,
            tone=Tone.OK,
            receipt="",
        )

    asked: list[int] = []
    model = PaymentsModel(lambda: asked.append(1))
    qtmodeltester.check(model)
    model.show([row(n) for n in range(3)], more=True)
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked
    model.append([row(2), row(3), row(4)], more=False)
    model.put(row(3, "given back"), insert=False)
    model.put(row(9), insert=True)
    model.put(row(10), insert=False)
    assert [model.uid_at(at) for at in range(model.rowCount())] == ["9", "0", "1", "2", "3", "4"]
    model.show([], more=False)


@pytest.mark.parametrize(
    ("wanted", "first", "until"),
    [
        (PaymentsFilter(period=Period.TODAY), datetime(2026, 11, 22, 21, tzinfo=UTC), None),
        (
            PaymentsFilter(period=Period.YESTERDAY),
            datetime(2026, 11, 21, 21, tzinfo=UTC),
            datetime(2026, 11, 22, 21, tzinfo=UTC),
        ),
        (PaymentsFilter(period=Period.WEEK), datetime(2026, 11, 16, 21, tzinfo=UTC), None),
        (PaymentsFilter(period=Period.ALL), None, None),
        (
            PaymentsFilter(period=Period.DATES, first=date(2026, 11, 1), last=date(2026, 11, 2)),
            datetime(2026, 10, 31, 21, tzinfo=UTC),
            datetime(2026, 11, 2, 21, tzinfo=UTC),
        ),
    ],
)
def test_days_are_kenyas(wanted: PaymentsFilter, first: datetime | None, until: datetime | None) -> None:
    assert wanted.span(NOW) == (first, until)


async def test_cash_and_m_pesa_stand_in_the_list_newest_first(stand: Any) -> None:
    await sell(stand, 2)
    await stand.sync()
    await ask(stand, 1)
    await answer(stand)
    await opened(stand)
    assert stand.payments.view.state is PaymentsState.READY
    assert cells(stand, 0)[1:] == ["Wanjiru Canary 1", "INV-20001", "M-Pesa", "4,850.00", "paid", CODE]
    assert cells(stand, 1) == [
        "today 11:31",
        "Wanjiru Canary 2",
        "INV-20002",
        "Cash",
        "4,850.00",
        "paid",
        "T01A-000001",
    ]


async def test_unsent_receipts_stand_on_top_until_they_are_sent(stand: Any) -> None:
    await opened(stand)
    assert stand.payments.view.state is PaymentsState.EMPTY
    await sell(stand, 3)
    assert cells(stand, 0)[5:] == ["paid, not sent yet", "T01A-000001"]
    assert stand.payments.model.data(stand.payments.model.index(0, 0), PaymentRole.LOCAL) is True
    await stand.sync()
    await stand.settled()
    assert stand.payments.model.rowCount() == 1
    assert cells(stand, 0)[5] == "paid"


async def test_the_relay_away_leaves_this_tills_own_receipts(stand: Any) -> None:
    await sell(stand, 3)
    await opened(stand)
    await stand.go_down()
    view = stand.payments.view
    assert view.offline
    assert view.message.title == "Only the receipts of this till are shown"
    assert cells(stand, 0)[6] == "T01A-000001"
    stand.payments.choose_row(0)
    await stand.settled()
    detail = stand.payments.view.detail
    assert detail.state == "paid, not sent yet"
    assert ("Change", "0.00") in [(fact.label, fact.value) for fact in detail.facts]
    assert detail.evidence[0].what == "Taken at the counter"

    await stand.come_back()
    assert not stand.payments.view.offline


async def test_the_filter_narrows(stand: Any) -> None:
    await sell(stand, 2)
    await stand.sync()
    await ask(stand, 1)
    await answer(stand)
    await ask(stand, 3)
    await answer(stand, "ws_CO_2", 1032)
    await opened(stand)
    seen: dict[str, list[str]] = {}

    async def shown(name: str) -> None:
        await stand.settled()
        seen[name] = sorted(cells(stand, at)[2] for at in range(stand.payments.model.rowCount()))

    await shown("all")
    stand.payments.show_states(StateFilter.NOT_PAID)
    await shown("not paid")
    stand.payments.show_states(StateFilter.PAID)
    await shown("paid")
    stand.payments.show_way(Way.CASH)
    await shown("paid in cash")
    for way in (Way.MPESA, Way.ASKED, Way.PAYBILL, Way.CODE, Way.PLACED):
        stand.payments.show_way(way)
        await shown(f"paid, {way.value}")
    stand.payments.clear_filter()
    stand.payments.search("P-0003")
    await shown("by number")
    stand.payments.search(CODE)
    await shown("by code")
    stand.payments.search("")
    stand.payments.show_mine(True)
    await shown("mine")
    stand.payments.show_period(Period.YESTERDAY)
    await shown("yesterday")
    assert seen == {
        "all": ["INV-20001", "INV-20002", "INV-20003"],
        "not paid": ["INV-20003"],
        "paid": ["INV-20001", "INV-20002"],
        "paid in cash": ["INV-20002"],
        "paid, mpesa": ["INV-20001"],
        "paid, asked": ["INV-20001"],
        "paid, paybill": [],
        "paid, code": [],
        "paid, placed": [],
        "by number": ["INV-20003"],
        "by code": ["INV-20001"],
        "mine": ["INV-20001", "INV-20002", "INV-20003"],
        "yesterday": [],
    }
    assert stand.payments.view.state is PaymentsState.NO_HITS


async def test_pages_come_as_one_scrolls(stand: Any) -> None:
    for _ in range(PAGE + 5):
        await sell(stand, 1, 10_00)
    await stand.sync()
    await opened(stand)
    assert stand.payments.model.rowCount() == PAGE
    assert stand.payments.view.more
    stand.payments.model.fetchMore(QModelIndex())
    await stand.settled()
    assert stand.payments.model.rowCount() == PAGE + 5
    assert not stand.payments.view.more


async def test_news_change_the_row_and_come_on_top(stand: Any) -> None:
    await opened(stand)
    await ask(stand, 1)
    await stand.feed()
    assert cells(stand, 0)[5] == "waiting for the PIN"
    await answer(stand)
    assert stand.payments.model.rowCount() == 1
    assert cells(stand, 0)[5] == "paid"


async def test_a_payment_in_full_shows_each_piece_of_evidence_with_its_time(stand: Any) -> None:
    await ask(stand)
    stand.clock.forward(seconds=9)
    await answer(stand, code=1037)
    stand.clock.forward(seconds=30)
    await answer(stand)
    await opened(stand)
    stand.payments.choose_row(0)
    await stand.settled()
    detail = stand.payments.view.detail
    assert (detail.state, detail.tone) == ("paid", Tone.OK)
    assert [(one.when, one.what, one.tone) for one in detail.evidence] == [
        ("today 11:31:00", "Request accepted, the phone is asked", Tone.WAIT),
        ("today 11:31:09", "The phone was not reached, being checked", Tone.UNKNOWN),
        ("today 11:31:39", "Paid", Tone.OK),
    ]
    assert CODE in detail.evidence[2].more
    facts = {fact.label: fact.value for fact in detail.facts}
    assert (facts["Phone"], facts["M-Pesa code"], facts["Receipt"]) == ("0712 ••• 001", CODE, "T01A-000001")
    assert detail.reprint.enabled
    stand.payments.reprint()
    await stand.settled()
    assert stand.paper.printed == [("T01A-000001", 1), ("T01A-000001", 2)]
    assert stand.receipts.view.copies == 2


async def test_a_no_in_full_says_why(stand: Any) -> None:
    await ask(stand)
    await answer(stand, code=2001)
    await opened(stand)
    stand.payments.choose_row(0)
    await stand.settled()
    detail = stand.payments.view.detail
    assert detail.why.title == "The PIN was wrong"
    assert detail.reprint.label == ""


async def test_another_tills_receipt_is_printed_there(open_stand: Any) -> None:
    here, there = await open_stand("Counter 1"), await open_stand("Counter 2")
    await sell(there, 2)
    await there.sync()
    await opened(here)
    here.payments.choose_row(0)
    await here.settled()
    reprint = here.payments.view.detail.reprint
    assert not reprint.enabled
    assert reprint.why_not == "Another till issued this receipt; it is printed there."


async def test_older_days(stand: Any) -> None:
    await sell(stand, 2)
    await stand.sync()
    stand.clock.at += timedelta(days=1)
    await stand.services.relay.login("cashier", "demo-only")
    await opened(stand)
    assert stand.payments.view.state is PaymentsState.EMPTY
    stand.payments.show_period(Period.YESTERDAY)
    await stand.settled()
    assert cells(stand, 0)[0] == "22 Nov 11:31"


@pytest.mark.parametrize("way", [Way.ALL, Way.MPESA, Way.PAYBILL, Way.ASKED, Way.CASH])
async def test_news_of_a_payment_goes_on_top_where_it_fits_the_way(stand: Any, way: Way) -> None:
    paybill = Paybill.around(stand.wire, stand.services, stand.clock)
    await opened(stand)
    stand.payments.show_way(way)
    await stand.settled()
    said = await paybill.pays(1, 4850)
    await stand.settled()
    assert (stand.payments.model.uid_at(0) == said.uid) is (way in (Way.ALL, Way.MPESA, Way.PAYBILL))
    assert stand.payments.view.filter.narrows is (way is not Way.ALL)
