"""Cash, from the key to the central books: real terminal, real relay process, both databases."""

from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.cash_view import CashState


def test_a_morning_of_cash_with_the_relay_killed_in_the_middle(day_on_both, qapp):
    """The issue's "Done when", for cash: two sales while the relay is away, everything where it belongs afterwards."""
    day = day_on_both

    async def morning(clerk):
        await clerk.choose("INV-20934")
        exact = day.keep(await clerk.take_cash())
        assert (exact.tender.applied, exact.tender.change) == (Money.whole(1200), Money(0))
        await clerk.choose("INV-20931")
        over = day.keep(await clerk.take_cash("5000"))
        assert (over.tender.tendered, over.tender.applied, over.tender.change) == (
            Money.whole(5000),
            Money.whole(4850),
            Money.whole(150),
        )
        await clerk.see_all_sent()
        day.hospital.relay.kill()
        await clerk.see_line(online=False)
        for number in ("INV-20902", "INV-20929"):
            await clerk.choose(number)
            day.keep(await clerk.take_cash())
        assert clerk.board.status.view.unsent == 2
        day.hospital.start_relay()
        await clerk.see_line(online=True)
        await clerk.see_all_sent()
        numbers = [number for _series, number in day.drawer]
        assert numbers == [1, 2, 3, 4]

    day.at_the_counter(morning)
    assert len(day.drawer) == 4
    assert day.breaches() == []


def test_unsent_cash_survives_the_terminal_and_goes_with_the_next_one(day, qapp):
    async def without_relay(clerk):
        await clerk.choose("INV-20934")
        day.hospital.relay.kill()
        await clerk.see_line(online=False)
        day.keep(await clerk.take_cash())

    async def next_day(clerk):
        await clerk.see_all_sent()

    day.at_the_counter(without_relay)
    assert day.breaches(settled=False) == []
    day.hospital.start_relay()
    day.at_the_counter(next_day)
    assert day.breaches() == []


def test_exact_cash_is_at_most_four_keys_and_pressing_on_takes_nothing_twice(day, qapp):
    async def keys(clerk):
        await clerk.choose("INV-20934")
        pressed = ["F2", "Return", "Return"]
        assert len(pressed) <= 4
        await clerk.hands.press(*pressed)
        day.keep(await clerk.cash_receipt())
        assert clerk.board.cash.view.state is CashState.TAKEN
        await clerk.see_all_sent()

    day.at_the_counter(keys)
    assert day.breaches() == []


def test_a_barcode_selects_whatever_has_the_focus(day, qapp):
    async def scan(clerk):
        await clerk.choose("INV-20934")
        await clerk.hands.scan("INV-20931")
        await clerk.hands.until("the scanned invoice", lambda: clerk.board.counter.invoice_number == "INV-20931")
        assert clerk.board.cash.view.received_minor is None

    day.at_the_counter(scan)
