from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.fees import Band, Tariff, fee, in_force
from hmis_pos.domain.money import Money

NONE = Money.zero()
EAT = timezone(timedelta(hours=3))
NOON = datetime(2025, 6, 1, 9, tzinfo=UTC)


def band(up_to, customer=0, business=0, **more):
    return Band(up_to=up_to, customer=Money.whole(customer), business=Money.whole(business), **more)


def tariff(*bands, begins=date(2024, 1, 1), **more):
    return Tariff(name="paybill", valid_from=begins, bands=bands, **more)


SHARED = tariff(band(100), band(500, 5), band(1000, 10, 3))


@pytest.mark.parametrize(
    ("shillings", "customer", "business"),
    [(1, 0, 0), (100, 0, 0), (101, 5, 0), (500, 5, 0), (501, 10, 3), (1000, 10, 3)],
)
def test_each_edge_belongs_to_its_band(shillings, customer, business):
    taken = fee(Money.whole(shillings), NOON, [SHARED])
    assert taken is not None
    assert (taken.customer, taken.business) == (Money.whole(customer), Money.whole(business))
    assert taken.total == Money.whole(customer + business)
    assert taken.tariff is SHARED


@pytest.mark.parametrize(
    "amount", [Money.whole(1001), Money(0), Money.whole(-5), Money(10050), Money.whole(50, "USD")], ids=str
)
def test_what_no_band_holds_has_no_fee(amount):
    assert fee(amount, NOON, [SHARED]) is None


def test_the_day_in_nairobi_chooses_the_table():
    old = tariff(band(1000, 4), begins=date(2023, 1, 1))
    new = tariff(band(1000, 5), begins=date(2024, 1, 1))
    last_second = datetime(2023, 12, 31, 23, 59, 59, tzinfo=EAT)
    for tables in ([old, new], [new, old]):
        assert in_force(last_second, tables) is old
        assert in_force(last_second + timedelta(seconds=1), tables) is new
        assert in_force(datetime(2023, 12, 31, 21, tzinfo=UTC), tables) is new
        assert in_force(datetime(2022, 12, 31, 20, 59, 59, tzinfo=UTC), tables) is None
    assert fee(Money.whole(7), datetime(2022, 1, 1, tzinfo=UTC), [old, new]) is None
    assert fee(Money.whole(7), NOON, []) is None


def test_a_time_without_its_zone_is_a_bug():
    with pytest.raises(ValueError, match="zone"):
        fee(Money.whole(7), datetime(2025, 1, 1), [SHARED])  # noqa: DTZ001 - that is the point


def test_a_table_whose_sources_disagree_gives_no_fee_and_no_way_to_an_older_one():
    old = tariff(band(1000, 4), begins=date(2023, 1, 1))
    doubted = tariff(band(1000, 5), agreed=False)
    assert fee(Money.whole(7), NOON, [old, doubted]) is None


@pytest.mark.parametrize(
    ("shillings", "minor"),
    [(201, 111), (333, 183), (10_000, 5500), (36_363, 20_000), (36_400, 20_000), (250_000, 20_000)],
)
def test_a_percentage_is_rounded_to_the_cent_and_capped(shillings, minor):
    goods = tariff(band(200), band(250_000, business_percent=Decimal("0.55"), percent_cap=Money.whole(200)))
    taken = fee(Money.whole(shillings), NOON, [goods])
    assert taken is not None
    assert (taken.customer, taken.business) == (NONE, Money(minor))


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (tariff, "no bands"),
        (lambda: tariff(band(100), band(100)), "up to 100 comes behind the one up to 100"),
        (lambda: tariff(band(500), band(100)), "up to 100 comes behind the one up to 500"),
        (lambda: band(0), "below 1"),
        (lambda: band(5, -1), "below zero"),
        (lambda: band(5, business_percent=Decimal(101)), "not from 0 to 100"),
        (lambda: Band(up_to=5, customer=Money(1, "USD"), business=NONE), "not in KES"),
    ],
)
def test_an_impossible_table_cannot_be_made(make, problem):
    with pytest.raises(ValueError, match=problem):
        make()


@given(st.lists(st.integers(1, 300_000), min_size=1, max_size=12, unique=True), st.integers(1, 400_000))
def test_an_amount_falls_into_the_lowest_band_that_reaches_it(ends, shillings):
    ends.sort()
    table = tariff(*(band(end, number) for number, end in enumerate(ends)))
    taken = fee(Money.whole(shillings), NOON, [table])
    reaching = [number for number, end in enumerate(ends) if shillings <= end]
    assert (None if taken is None else taken.customer) == (Money.whole(reaching[0]) if reaching else None)
