"""The simulator's own books: balances, shared and linked receipts, and what may not happen twice."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from hmis_pos.simulators.daraja import DarajaConfig
from hmis_pos.simulators.daraja.ledger import CHARGES_PAID, UTILITY, AlreadyMoved, Ledger, Movement
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.sim_time import SimClock, utc_now

AT = datetime(2026, 1, 31, 22, 0, tzinfo=UTC)


def ledger() -> Ledger:
    return Ledger(random.Random(1), "174379", {("174379", UTILITY): Decimal(100), ("600000", UTILITY): Decimal(7)})


def move(books: Ledger, cause: str, amount: int, kind: str = "c2b", **more: Any) -> Movement:
    usual: dict[str, Any] = {"msisdn": "254712345678", "account": "INV", "shortcode": "174379", "at": AT}
    return books.move(cause, amount=Decimal(amount), kind=kind, **(usual | more))


def test_balances_run_by_organisation_and_account() -> None:
    books = ledger()
    assert move(books, "a", 50).balance == 150
    assert move(books, "b", 30, "b2c", direction="out").balance == 120
    assert move(books, "c", 5, "b2c", direction="out", org="600000").balance == 2
    assert move(books, "d", 9, "charge", direction="out", org_account=CHARGES_PAID).balance == -9
    assert (books.balance(), books.balance(org="600000"), books.opening()) == (120, 2, 100)
    assert books.total() == 50, "what customers paid, whatever went out"


def test_a_cause_moves_once_per_kind() -> None:
    books = ledger()
    paid = move(books, "a", 50)
    charge = move(books, "a", 5, "charge", direction="out", receipt=paid.receipt)
    with pytest.raises(AlreadyMoved):
        move(books, "a", 50)
    assert books.caused_by("a", "charge") == charge
    assert books.find(f" {paid.receipt.lower()} ") == paid
    assert books.movements("c2b", "charge") == [paid, charge]


def test_reversals_are_found_by_what_they_take_back() -> None:
    books = ledger()
    paid = move(books, "a", 50)
    back = move(books, "b", 50, "reversal", direction="out", linked=paid.receipt)
    assert books.linked_to(paid.receipt) == books.linked_to(paid.receipt, "reversal") == [back]
    assert books.linked_to(paid.receipt, "b2c") == []


def test_the_daily_sum_is_by_east_african_days() -> None:
    books = ledger()
    move(books, "a", 50)
    assert books.sent_on_day("254712345678", datetime(2026, 2, 1, 20, 59, tzinfo=UTC)) == 50
    assert books.sent_on_day("254712345678", datetime(2026, 1, 31, 20, 59, tzinfo=UTC)) == 0


def test_declined_money_moves_nothing() -> None:
    books = ledger()
    paid = move(books, "a", 50)
    books.decline(paid)
    assert (len(books.declined), books.balance()) == (1, 150)


async def test_openings_change_only_before_the_first_movement() -> None:
    state = State(DarajaConfig(), utc_now)
    state.configure(DarajaConfig(opening_utility=Decimal(5)))
    assert state.ledger.balance() == 5
    move(state.ledger, "a", 1)
    with pytest.raises(ValueError, match="reset first"):
        state.configure(DarajaConfig(opening_utility=Decimal(6)))
    assert state.config.opening_utility == 5


def test_a_clock_can_begin_in_the_past_once() -> None:
    clock = SimClock(lambda: AT)
    clock.begin_earlier(60)
    assert clock.behind == 60
    clock.advance(clock.behind)
    assert (clock.now(), clock.behind) == (AT, 0)
    clock.advance(1)
    with pytest.raises(ValueError, match="begins earlier"):
        clock.begin_earlier(1)
