"""Paybill money as the cashier sees it: real terminals, relay process and simulator over HTTP; patients pay from their phones' own menu."""

import asyncio

import httpx

from hmis_pos.demo.finance_clerk import FinanceClerk
from hmis_pos.demo.phones import Phones
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.codes import CodeStage
from hmis_pos.terminal.presenters.counter import Claim
from hmis_pos.terminal.presenters.patient_display import DisplayStage
from hmis_pos.terminal.presenters.unmatched_view import Doing


def test_money_arrives_at_the_open_invoice_and_its_receipt_is_issued_once_though_two_tills_are_open(day_on_both, qapp):
    day = day_on_both

    async def two_tills(clerk):
        other = await day.open_till("Counter 2", "the other terminal")
        await other.sign_in()
        await other.see_queue(20)
        await clerk.choose("INV-20931")
        await clerk.hands.until("this counter's claim", lambda: clerk.board.counter.view.claim is Claim.MINE)
        await other.choose("INV-20931", to_pay=False)
        await other.hands.until("the other's", lambda: other.board.counter.view.claim is Claim.ELSEWHERE)
        code = await day.pay("4850", "inv 2O931")
        receipt = await clerk.arrived_receipt(clerk.board.counter.invoice_id)
        assert (receipt.tender.applied, receipt.provider_receipt) == (Money.whole(4850), code)
        await other.hands.until("the news at the other till", lambda: other.board.counter.view.arrived is not None)
        for till in (clerk, other):
            assert "4,850.00" in till.board.counter.view.arrived.title
            await till.hands.until("nothing owed", lambda till=till: till.board.counter.view.invoice.paid_in_full)
        await clerk.hands.until("thanks", lambda: clerk.board.display.view.stage is DisplayStage.PAID)
        await clerk.see_all_sent()
        issued = [
            kept.receipt.no for till in (clerk, other) for kept in await till.board.services.store.receipts.latest(9)
        ]
        assert issued == [receipt.no]
        assert await asyncio.to_thread(day.receipt_of, code) == receipt.no

    day.at_the_counter(two_tills)
    assert day.pushes() == 0
    assert day.breaches() == []


def test_a_code_is_proven_and_pays_though_its_confirmation_was_lost(day, qapp):
    async def code_shown(clerk):
        await clerk.choose("INV-20931")
        code = await day.pay("4850", "GRACE", confirmed=False)
        assert clerk.board.counter.view.arrived is None
        await clerk.type_code(code.lower())
        await clerk.hands.press("Return")
        receipt = await clerk.arrived_receipt(clerk.board.counter.invoice_id)
        assert (receipt.tender.applied, receipt.provider_receipt) == (Money.whole(4850), code)
        await clerk.see_all_sent()
        await clerk.choose("INV-20934")
        await clerk.type_code(code)
        await clerk.hands.press("Return")
        codes = clerk.board.codes
        await clerk.hands.until("a no", lambda: codes.view.stage is CodeStage.REFUSED)
        assert "INV-20931" in f"{codes.view.notice.title} {codes.view.notice.text}"

    day.at_the_counter(code_shown)
    assert day.breaches() == []


def test_unmatched_money_is_assigned_by_keys_and_its_receipt_is_issued(day, qapp):
    async def assign(clerk):
        finance, placing = FinanceClerk(clerk), clerk.board.back_office.placing
        waiting = clerk.board.back_office.unmatched
        await clerk.hands.until("the seeded money counted", lambda: waiting.waiting)
        before = waiting.waiting
        code = await day.pay("1280", "20984")
        await clerk.hands.until("one more on the rail", lambda: waiting.waiting == before + 1)
        await finance.find_money(code)
        await finance.choose_first_invoice()
        assert "INV-20948" in placing.view.primary.label
        await finance.assign()
        assert placing.view.doing is Doing.PLACED
        receipt = await clerk.arrived_receipt(waiting.detail.parts[-1].invoice_id)
        assert (receipt.tender.applied, receipt.provider_receipt) == (Money.whole(1280), code)
        await clerk.hands.until("one less on the rail", lambda: waiting.waiting == before)
        await clerk.see_all_sent()

    day.at_the_counter(assign)
    assert day.breaches() == []


def test_a_refund_needs_two_people_and_comes_back_to_the_phone(day, qapp):
    async def paid_and_given_back(clerk):
        await clerk.choose("INV-20931")
        code = await day.pay("4850", "INV-20931")
        await clerk.arrived_receipt(clerk.board.counter.invoice_id)
        await clerk.see_all_sent()
        await FinanceClerk(clerk).ask_refund(code, "Billed twice")
        await clerk.hands.press("Ctrl+3")
        refunds = clerk.board.back_office.refunds
        await clerk.hands.until("the refund that was asked for", lambda: refunds.view.detail is not None)
        assert not refunds.view.decision.approve.enabled
        office = await day.open_till("Office", "the supervisor's terminal")
        await office.sign_in("supervisor")
        await FinanceClerk(office).approve()

    day.at_the_counter(paid_and_given_back)
    assert day.breaches() == []


def test_a_relay_killed_once_confirmations_were_accepted_loses_none_of_them(day, qapp):
    """What it accepted it reads from its own store when it is back; what found nobody stands in the list of payments."""
    numbers = ("INV-20934", "INV-20929", "INV-20946", "INV-20948", "INV-20949", "INV-20950", "INV-20953", "INV-20955")

    async def killed(clerk):
        page = await clerk.board.services.relay.invoices(limit=100)
        ids = {one.number: one.id for one in page.invoices}
        arrivals = clerk.board.arrivals
        async with Phones(day.sim) as phones, asyncio.TaskGroup() as patients:
            paying = [
                patients.create_task(phones.pay(f"2547220001{n:02}", "500", number)) for n, number in enumerate(numbers)
            ]
            await asyncio.to_thread(confirmations, day.sim, 2)
            day.hospital.relay.kill()
            codes = {await one: ids[number] for one, number in zip(paying, numbers, strict=True)}
            await phones.rest()
        accepted = {
            code for code, status in (await asyncio.to_thread(confirmations, day.sim, 8)).items() if status == 200
        }
        assert accepted
        await clerk.see_line(online=False)
        day.hospital.start_relay()
        await clerk.see_line(online=True)
        await clerk.hands.until("what was accepted", lambda: all(arrivals.latest(codes[code]) for code in accepted))
        office = await day.open_till("Office", "the supervisor's terminal")
        await office.sign_in("supervisor")
        desk = office.board.back_office.mpesa
        await office.hands.press("Ctrl+5")
        await office.hands.until("a list to be read", lambda: desk.view.pull.enabled)
        await office.hands.press("F7")
        await clerk.hands.until("all that was paid", lambda: all(arrivals.latest(one) for one in codes.values()))

    day.at_the_counter(killed)
    assert day.breaches() == []


def confirmations(sim, at_least):
    """The payments Safaricom has told of by now, and how the relay answered; waits until there are so many."""
    wanted = {"kind": "callback_sent", "count": at_least, "timeout": 30}
    told = httpx.get(f"{sim}/sim/events", params=wanted, timeout=60).raise_for_status().json()["events"]
    assert len(told) >= at_least
    return {one["about"]["checkout"]: one["about"]["status"] for one in told}
