"""M-Pesa as the cashier and the patient see it: real terminal, relay process and simulator over HTTP, both databases."""

import pytest

from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage


def test_the_pin_is_entered_and_the_receipt_comes_by_itself(day, qapp):
    async def pay(clerk):
        await clerk.choose("INV-20931")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)
        assert "PIN" in clerk.board.mpesa.view.notice.title
        await day.patient("pin")
        await clerk.see_mpesa(MpesaStage.PAID)
        receipt = await clerk.mpesa_receipt()
        assert (receipt.tender.applied, receipt.number) == (Money.whole(4850), 1)
        assert receipt.provider_receipt
        await clerk.see_all_sent()

    day.at_the_counter(pay)
    assert day.pushes() == 1
    assert day.breaches() == []


def test_the_next_patient_is_served_while_a_phone_rings_and_the_result_finds_its_way(day, qapp):
    async def two(clerk):
        await clerk.choose("INV-20931")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)
        ringing = clerk.board.counter.invoice_id
        await clerk.choose("INV-20934")
        cash = day.keep(await clerk.take_cash())
        await day.patient("pin")
        store = clerk.board.services.store
        await clerk.phone_receipt(ringing)
        assert len(await store.receipts.latest(5)) == 2
        assert clerk.board.receipts.view.no == cash.no  # the print key still means the patient at the counter
        await clerk.see_all_sent()

    day.at_the_counter(two)
    assert day.breaches() == []


def test_a_relay_killed_while_the_phone_rings_loses_nothing(day_on_both, qapp):
    day = day_on_both

    async def killed(clerk):
        await clerk.choose("INV-20931")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)
        ringing = clerk.board.counter.invoice_id
        day.hospital.relay.kill()
        await clerk.see_line(online=False)
        await day.patient("pin")
        for number in ("INV-20934", "INV-20929"):
            await clerk.choose(number)
            day.keep(await clerk.take_cash())
        day.hospital.start_relay()
        await clerk.see_line(online=True)
        assert (await clerk.phone_receipt(ringing)).tender.applied == Money.whole(4850)
        await clerk.see_all_sent()

    day.at_the_counter(killed)
    assert day.pushes() == 1
    assert day.breaches() == []


def test_a_terminal_closed_while_the_phone_rings_issues_the_receipt_when_it_opens_again(day, qapp):
    async def evening(clerk):
        await clerk.choose("INV-20931")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)

    async def morning(clerk):
        await clerk.hands.until("the receipt of yesterday's phone", lambda: clerk.board.receipts.view.no)
        assert clerk.board.receipts.view.provider_receipt
        await clerk.see_all_sent()

    day.at_the_counter(evening)
    import asyncio  # noqa: PLC0415 - the counter's own loop is closed

    asyncio.run(day.patient("pin"))
    day.at_the_counter(morning)
    assert day.breaches() == []


def test_cash_for_a_part_and_mpesa_for_the_rest(day, qapp):
    async def split(clerk):
        await clerk.choose("INV-20931")
        await clerk.hands.press("F5")
        await clerk.hands.go_to("cashApplied")
        await clerk.hands.write("2000")
        await clerk.hands.go_to("cashReceived")
        await clerk.hands.write("2000")
        await clerk.hands.press("Return")
        await clerk.hands.until("the rest asked by M-Pesa", lambda: clerk.board.mpesa.view.amount_minor == 285000)
        found = await clerk.board.services.store.receipts.latest(1)
        assert day.keep(found[0].receipt).tender.applied == Money.whole(2000)
        await clerk.hands.press("Return")
        await clerk.see_mpesa(MpesaStage.WAITING)
        await day.patient("pin")
        await clerk.see_mpesa(MpesaStage.PAID)
        assert (await clerk.mpesa_receipt()).tender.applied == Money.whole(2850)
        await clerk.see_all_sent()

    day.at_the_counter(split)
    assert day.breaches() == []


@pytest.mark.parametrize(("action", "words"), [("cancel", "cancel"), ("poor", "enough"), ("wrong_pin", "PIN")])
def test_a_no_is_said_in_words_and_the_invoice_stays_owed(day, qapp, action, words):
    async def refused(clerk):
        await clerk.choose("INV-20931")
        await clerk.ask_phone()
        await clerk.see_mpesa(MpesaStage.WAITING)
        await day.patient(action)
        await clerk.see_mpesa(MpesaStage.NOT_PAID)
        notice = clerk.board.mpesa.view.notice
        assert words.lower() in f"{notice.title} {notice.text}".lower()
        await clerk.hands.press("F2")
        day.keep(await clerk.take_cash())
        await clerk.see_all_sent()

    day.at_the_counter(refused)
    assert day.breaches() == []


def test_an_unreadable_answer_is_unknown_on_the_screen_and_never_asked_twice(day, qapp):
    async def unknown(clerk):
        await day.behave(
            "254733000111", {"outcome": "pay", "submit": {"fault": "html", "accepted": True}, "deliveries": []}
        )
        await clerk.choose("INV-20931")
        await clerk.ask_phone("0733000111")
        await clerk.see_mpesa(MpesaStage.UNKNOWN)
        view = clerk.board.mpesa.view
        assert "know" in view.notice.title
        assert not view.ask_again.enabled

    day.at_the_counter(unknown)
    assert day.pushes() == 1
    assert day.breaches(settled=False) == []
