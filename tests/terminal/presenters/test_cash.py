"""Taking cash, as the cashier sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hmis_pos.domain.errors import OutcomeUnknown, Unavailable
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.cash_view import CashMode, CashState, offers
from hmis_pos.terminal.presenters.counter import Claim
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage

OWED = 4850_00


async def test_exact_cash_is_two_keys_from_a_selected_invoice(stand: Any) -> None:
    await stand.choose(1)
    assert stand.cash.view.to_pay == "4,850.00"
    assert not stand.cash.view.primary.enabled

    stand.cash.enter()
    assert stand.cash.view.received_minor == OWED
    assert stand.cash.view.primary.label == "Take 4,850.00 and print"
    stand.cash.enter()
    await stand.settled()

    view = stand.cash.view
    assert (view.state, view.receipt_no, view.change) == (CashState.TAKEN, "T01A-000001", "0.00")
    assert view.primary.label == "Serve next patient"
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert stand.receipts.view.no == "T01A-000001"
    assert stand.counter.view.invoice.paid_in_full


async def test_over_with_change_says_the_pieces(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.receive(5000_00)
    view = stand.cash.view
    assert (view.applied, view.change, view.change_pieces) == ("4,850.00", "150.00", "100 + 50")
    assert [(one.label, one.active) for one in view.notes] == [
        ("Exact", False),
        ("4,900", False),
        ("5,000", True),
        ("6,000", False),
    ]
    stand.cash.take()
    await stand.settled()
    kept = await stand.store.receipts.latest(1)
    tender = kept[0].receipt.tender
    assert (tender.tendered.minor, tender.applied.minor, tender.change.minor) == (5000_00, OWED, 150_00)


@pytest.mark.parametrize(
    ("payable", "wanted"),
    [
        (4850_00, (4900, 5000, 6000)),
        (650_00, (700, 1000, 2000)),
        (2075_50, (2076, 2100, 2500)),
        (1230_00, (1300, 1500, 2000)),
        (1000_00, (2000, 3000, 4000)),
        (45_00, (50, 100, 500)),
        (7900_00, (8000, 9000, 10000)),
    ],
)
def test_the_notes_offered_are_what_patients_hand_over(payable: int, wanted: tuple[int, ...]) -> None:
    assert tuple(one.whole_units for one in offers(Money(payable))) == wanted


async def test_notes_add_up(stand: Any) -> None:
    await stand.choose(1)
    for one in (0, 0, 0, 0, 1, 2, 3, 4):  # four thousands, 500, 200, 100, 50
        stand.cash.add(stand.cash.view.adders[one].minor)
    assert stand.cash.view.received == "4,850.00"
    assert stand.cash.view.primary.enabled


async def test_less_than_owed_is_no_sale_but_a_part_payment_is(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.receive(2000_00)
    assert not stand.cash.view.primary.enabled
    assert "2,850.00 is missing" in stand.cash.view.received_problem

    stand.cash.part()
    view = stand.cash.view
    assert (view.mode, view.applied, view.rest, view.primary.enabled) == (CashMode.PART, "2,000.00", "2,850.00", True)
    stand.cash.take()
    await stand.settled()
    assert stand.counter.view.invoice.to_pay == "2,850.00"
    assert stand.counter.view.invoice.unsent

    stand.cash.receive(2850_00)  # the rest, in a second sale on the same screen
    assert stand.cash.view.to_pay == "2,850.00"
    stand.cash.take()
    await stand.settled()
    assert stand.cash.view.receipt_no == "T01A-000002"
    assert stand.counter.view.invoice.paid_in_full


async def test_one_part_after_another_on_the_same_screen(stand: Any) -> None:
    await stand.choose(1)
    for _ in range(2):
        stand.cash.part()
        stand.cash.receive(1000_00)
        stand.cash.take()
        await stand.settled()
    assert stand.counter.view.invoice.to_pay == "2,850.00"


async def test_a_part_from_a_bigger_note_gives_change(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.part()
    stand.cash.apply(700_00)
    stand.cash.receive(1000_00)
    view = stand.cash.view
    assert (view.applied, view.change, view.rest) == ("700.00", "300.00", "4,150.00")
    stand.cash.apply(5000_00)
    assert stand.cash.view.applied_problem == "Only 4,850.00 is owed."
    assert not stand.cash.view.primary.enabled


async def test_pressing_twice_is_one_sale(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.exact()
    stand.cash.take()
    stand.cash.take()
    stand.cash.enter()
    await stand.settled()
    assert len(await stand.store.receipts.latest(10)) == 1


async def test_cash_goes_on_with_the_relay_away_and_is_sent_later(stand: Any) -> None:
    await stand.go_down()
    await stand.choose(2)
    assert stand.counter.view.claim is Claim.UNSEEN
    stand.cash.enter()
    stand.cash.enter()
    await stand.settled()
    assert stand.cash.view.state is CashState.TAKEN
    assert (await stand.store.outbox.counts()).unsent == 1

    await stand.come_back()
    assert await stand.sync()
    assert (await stand.store.outbox.counts()).unsent == 0
    await stand.feed()
    assert stand.counter.view.invoice.paid_in_full
    assert stand.hospital.rows("receipt") == 1


async def test_a_wrong_clock_is_said_before_money_is_taken(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.exact()
    stand.cash.take()
    await stand.settled()

    stand.clock.at -= timedelta(hours=2)
    await stand.choose(2)
    view = stand.cash.view
    assert view.problem is not None
    assert "clock" in view.problem.title
    stand.cash.exact()
    assert not stand.cash.view.primary.enabled
    assert stand.cash.view.primary.why_not

    stand.clock.at += timedelta(hours=2)
    stand.cash.check_again()
    await stand.settled()
    assert stand.cash.view.problem is None
    assert stand.cash.view.primary.enabled


async def test_a_relay_that_knows_newer_numbers_stops_the_till(stand: Any) -> None:
    await stand.choose(1)
    stand.services.sender.behind.emit(3, 9)
    stand.cash.exact()
    assert not stand.cash.view.primary.enabled
    assert "old copy" in stand.cash.view.problem.title


@pytest.mark.parametrize("saved", [True, False])
async def test_a_disk_that_fails_while_saving_never_takes_twice(
    stand: Any, monkeypatch: pytest.MonkeyPatch, *, saved: bool
) -> None:
    await stand.choose(1)
    stand.cash.exact()
    real = stand.store.write

    async def breaks(work: Any) -> Any:
        if saved:
            await real(work)
        raise OutcomeUnknown("the disk failed", code="store-commit")

    monkeypatch.setattr(stand.store, "write", breaks)
    stand.cash.take()
    await stand.settled()
    if not saved:
        assert stand.cash.view.state is CashState.OPEN
        assert "once more" in stand.cash.view.problem.advice
        monkeypatch.setattr(stand.store, "write", real)
        stand.cash.take()
        await stand.settled()
    assert stand.cash.view.state is CashState.TAKEN
    assert stand.cash.view.receipt_no == "T01A-000001"
    assert len(await stand.store.receipts.latest(10)) == 1


async def test_split_takes_the_cash_then_asks_m_pesa_for_the_rest(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.split()
    stand.cash.receive(2000_00)
    assert stand.cash.view.primary.label == "Take 2,000.00, then 2,850 by M-Pesa"
    stand.cash.take()
    await stand.settled()
    view = stand.mpesa.view
    assert (view.stage, view.amount_minor, view.phone) == (MpesaStage.DRAFT, 2850_00, "0712 345 001")
    assert view.primary.enabled


async def test_a_printer_that_is_missing_takes_nothing_back(stand: Any) -> None:
    stand.paper.failure = Unavailable("there is no printer", code="printer-missing")
    await stand.choose(1)
    stand.cash.enter()
    stand.cash.enter()
    await stand.settled()
    assert stand.cash.view.state is CashState.TAKEN
    assert stand.receipts.view.problem.title == "No printer is set up"
    assert stand.toasts[-1].text.startswith("T01A-000001")

    stand.paper.failure = None
    stand.receipts.print_again()
    await stand.settled()
    assert stand.paper.printed == [("T01A-000001", 2)]


async def test_after_the_sale_enter_serves_the_next_patient(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.enter()
    stand.cash.enter()
    await stand.settled()
    stand.cash.enter()
    await stand.settled()
    assert stand.counter.invoice_id == 2
    assert stand.cash.view.state is CashState.OPEN
    assert stand.cash.view.received_minor is None
