"""The chosen invoice and who serves it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hmis_pos.domain.invoice import InvoiceLine
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.counter import RENEW_SECONDS, Claim, CounterState
from hmis_pos.terminal.presenters.invoice_view import SumView
from tests.support.till import for_queue, invoice


async def test_the_invoice_is_told_from_top_to_bottom(stand: Any) -> None:
    lines = (
        InvoiceLine("Consultation, outpatient", 1, Money.whole(500), Money.whole(500)),
        InvoiceLine("Laboratory service", 3, Money.whole(950), Money.whole(2850)),
    )
    await stand.store.worklist.upsert(
        [
            for_queue(
                invoice(
                    70,
                    patient_name="Wanjiku, Grace N.",
                    total=Money.whole(7850),
                    insurance=Money.whole(2500),
                    insurer="SHA",
                    waiver=Money.whole(500),
                    waiver_note="approved by M. Were",
                    lines=lines,
                    queued_at=stand.clock.now() - timedelta(days=1),
                )
            )
        ]
    )
    await stand.choose(70)
    view = stand.counter.view.invoice
    assert (view.name, view.badges, view.to_pay) == ("Grace N. Wanjiku", ("SHA member",), "4,850.00")
    assert view.facts == "MKP-004070 · F, 38 · 0712 ••• 418 · queued 21 Nov · INV-20070"
    assert [(one.service, one.quantity, one.price, one.amount) for one in view.lines] == [
        ("Consultation, outpatient", "1", "500.00", "500.00"),
        ("Laboratory service", "3", "950.00", "2,850.00"),
    ]
    assert view.sums == (
        SumView(label="Total", amount="7,850.00"),
        SumView(label="SHA covers", amount="\u22122,500.00"),
        SumView(label="Waiver", note="approved by M. Were", amount="\u2212500.00"),
        SumView(label="To pay", amount="4,850.00", final=True),
    )


async def test_choosing_claims_and_going_on_lets_go(open_stand: Any) -> None:
    here, there = await open_stand("Counter 1"), await open_stand("Counter 2")
    await here.choose(1)
    assert here.counter.view.claim is Claim.MINE
    await here.choose(2)
    await there.choose(1)
    assert there.counter.view.claim is Claim.MINE


async def test_two_counters_know_of_each_other_and_the_cashier_decides(open_stand: Any) -> None:
    here, there = await open_stand("Counter 1"), await open_stand("Counter 2")
    await here.choose(1)
    await there.choose(1)
    view = there.counter.view
    assert (view.claim, view.can_take_over) == (Claim.ELSEWHERE, True)
    assert view.notice.title == "At Counter 1, served by Cashier"
    there.cash.exact()
    assert not there.cash.view.primary.enabled
    assert "Another counter" in there.cash.view.primary.why_not
    assert not there.mpesa.view.primary.enabled

    there.counter.take_over()
    await there.settled()
    assert there.counter.view.claim is Claim.MINE
    assert there.cash.view.primary.enabled

    await here.feed()
    assert here.counter.view.claim is Claim.ELSEWHERE
    assert here.counter.view.notice.title == "At Counter 2, served by Cashier"


async def test_a_claim_is_renewed_while_it_is_served(stand: Any) -> None:
    await stand.choose(1)
    before = stand.wire.asked("/serve")
    await stand.beat(RENEW_SECONDS)
    assert stand.wire.asked("/serve") == before + 1


async def test_what_was_not_claimed_offline_is_claimed_when_the_relay_is_back(stand: Any) -> None:
    await stand.go_down()
    await stand.choose(1)
    assert stand.counter.view.claim is Claim.UNSEEN
    assert "relay is away" in stand.counter.view.notice.title
    await stand.come_back()
    await stand.beat(RENEW_SECONDS)
    assert stand.counter.view.claim is Claim.MINE
    assert stand.counter.view.notice is None


async def test_earlier_payments_and_the_deposit_are_shown(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.part()
    stand.cash.receive(1200_00)
    stand.cash.take()
    await stand.settled()
    [earlier] = stand.counter.view.earlier
    assert (earlier.amount, earlier.method, earlier.reference, earlier.state) == (
        "1,200.00",
        "Cash",
        "T01A-000001",
        "not sent yet",
    )
    await stand.sync()
    await stand.feed()
    [earlier] = stand.counter.view.earlier
    assert (earlier.amount, earlier.reference, earlier.state, earlier.when) == (
        "1,200.00",
        "T01A-000001",
        "",
        "today",
    )
    assert stand.counter.view.deposit == "0.00"
    assert stand.counter.view.invoice.to_pay == "3,650.00"


async def test_offline_only_what_this_till_knows_is_shown_and_said_so(stand: Any) -> None:
    await stand.go_down()
    await stand.choose(1)
    view = stand.counter.view
    assert (view.state, view.earlier, view.earlier_complete, view.deposit) == (CounterState.READY, (), False, "")


async def test_an_invoice_nobody_has_is_gone(stand: Any) -> None:
    await stand.choose(4711)
    view = stand.counter.view
    assert view.state is CounterState.GONE
    assert view.notice.title == "It is not there any more"
    assert stand.cash.view.to_pay == ""


async def test_nobody_is_chosen_any_more(stand: Any) -> None:
    await stand.choose(1)
    await stand.choose(0)
    assert stand.counter.view.state is CounterState.NOBODY
    assert stand.wire.asked("/release") == 1
