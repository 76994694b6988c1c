"""The line at the top, and the receipt on the screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hmis_pos.db.local.records import SyncAnswer
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.views import Tone
from hmis_pos.terminal.worklist import QueueState


async def sell(stand: Any, invoice_id: int) -> None:
    await stand.choose(invoice_id)
    stand.cash.exact()
    stand.cash.take()
    await stand.settled()


async def test_online_and_all_sent(stand: Any) -> None:
    stand.status.refresh()
    await stand.settled()
    view = stand.status.view
    assert (view.text, view.tone, view.online, view.unsent) == ("Online · all sent", Tone.OK, True, 0)
    await stand.beat()
    assert stand.status.view.clock == "Sun 11:31"


async def test_what_is_not_sent_is_counted(stand: Any) -> None:
    await stand.go_down()
    await sell(stand, 1)
    await stand.settled()
    assert stand.status.view.text == "Offline · 1 not sent"
    await sell(stand, 2)
    await stand.settled()
    assert (stand.status.view.unsent, stand.status.view.tone) == (2, Tone.UNKNOWN)
    await stand.come_back()
    await stand.sync()
    await stand.settled()
    assert stand.status.view.text == "Online · all sent"


async def test_what_the_relay_refused_is_told_with_its_reason_and_may_be_offered_again(stand: Any) -> None:
    await sell(stand, 1)
    uid = (await stand.store.receipts.latest(1))[0].receipt.uid
    no = SyncAnswer(uid=uid, refused=True, deposited=Money.zero(), code="invoice-unknown", message="there is none")
    await stand.store.outbox.acknowledge([no], stand.clock.now())
    stand.status.refresh()
    await stand.settled()
    view = stand.status.view
    assert (view.text, view.tone) == ("Online · 1 refused", Tone.NO)
    [refused] = view.refused
    assert (refused.no, refused.amount) == ("T01A-000001", "4,850.00")
    assert refused.why.title == "The hospital system has no such invoice any more"
    assert stand.toasts[-1].title == "Receipt T01A-000001 over 4,850.00 was refused"

    stand.status.offer_again(refused.uid)
    await stand.settled()
    await stand.sync()
    await stand.settled()
    assert stand.status.view.text == "Online · all sent"


async def test_a_clock_that_is_off_is_said_and_then_refused(stand: Any) -> None:
    def heard(off: timedelta) -> None:
        now = stand.clock.now()
        stand.services.server_time.heard(now + off, sent=now, received=now, resolution=timedelta(0))

    heard(timedelta(minutes=2))
    assert stand.status.view.skew.title == "This computer's clock is off by 2:00"
    assert stand.status.view.tone is Tone.OK
    heard(timedelta(minutes=9))
    assert "No cash until then" in stand.status.view.skew.advice
    assert stand.status.view.tone is Tone.NO
    await stand.choose(1)
    assert "more than five minutes off" in stand.cash.view.problem.title
    heard(timedelta(0))
    assert stand.status.view.skew is None


async def test_a_queue_that_is_not_live_is_said_after_a_while(stand: Any) -> None:
    stand.services.worklist._set(QueueState.AWAY)
    await stand.beat(9)
    lags = [stand.status.view.lag]
    await stand.beat(1)
    lags.append(stand.status.view.lag)
    assert [lag and lag.title for lag in lags] == [None, "The queue is as it was a while ago"]
    stand.services.worklist._set(QueueState.LIVE)
    await stand.beat(1)
    assert stand.status.view.lag is None


async def test_a_till_that_must_not_sell_says_so(stand: Any) -> None:
    stand.services.sender.behind.emit(3, 9)
    assert stand.status.view.stopped is not None
    assert "old copy" in stand.status.view.stopped.title
    assert stand.status.view.tone is Tone.NO


async def test_the_last_receipt_is_there_after_a_start_and_is_kept_as_pdf(open_stand: Any) -> None:
    before = await open_stand("Counter 1")
    await before.choose(1)
    before.cash.receive(5000_00)
    before.cash.take()
    await before.settled()
    await before.close()

    stand = await open_stand("Counter 1")
    stand.receipts.load_last()
    await stand.settled()
    view = stand.receipts.view
    assert (view.no, view.tendered, view.applied, view.change, view.copies) == (
        "T01A-000001",
        "5,000.00",
        "4,850.00",
        "150.00",
        1,
    )
    stand.receipts.save_pdf()
    await stand.settled()
    assert stand.receipts.view.saved_as.endswith("T01A-000001.pdf")
    assert stand.toasts[-1].title == "Saved as PDF"

    stand.receipts.print_again()
    await stand.settled()
    assert stand.paper.printed == [("T01A-000001", 2)]


async def test_an_unexpected_mistake_is_told_and_never_silent(stand: Any) -> None:
    async def breaks() -> None:
        raise ZeroDivisionError

    stand.services.tasks.spawn(breaks(), name="test")
    while stand.services.tasks.names:
        await stand.services.store.outbox.counts()
    assert stand.toasts[-1].title == "The program made a mistake"
    stand.crashes.clear()
