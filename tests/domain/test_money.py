from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import MAX_MINOR, CurrencyMismatch, Money, total

amounts = st.integers(-MAX_MINOR, MAX_MINOR)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("0", 0), ("1", 100), ("1.5", 150), ("1250.50", 125050), ("-3.07", -307), ("99999999.99", MAX_MINOR)],
)
def test_parse_reads_plain_decimals(text, minor):
    assert Money.parse(text).minor == minor


@pytest.mark.parametrize(
    "text", ["", " 1", "1,000", "1.234", "1e3", ".5", "1.", "NaN", "١٢", "0x10", "--1", "100000000.00", "1.5 ", "+1"]
)
def test_parse_refuses_anything_else_and_names_the_field(text):
    with pytest.raises(CashierMistake) as caught:
        Money.parse(text, field="amount")
    assert caught.value.field == "amount"
    assert caught.value.cure


@pytest.mark.parametrize("bad", [1.0, True, "1", Decimal(1), None])
def test_minor_units_are_integers_only(bad):
    with pytest.raises(TypeError):
        Money(bad)


@given(amounts)
def test_text_and_parse_are_inverse(minor):
    assert Money.parse(Money(minor).text) == Money(minor)


@given(amounts)
def test_whole_units_and_fraction_make_the_amount(minor):
    money = Money(minor)
    assert Money.whole(money.whole_units) + money.fraction == money
    assert abs(money.fraction.minor) < 100


@given(amounts, amounts)
def test_sums_and_order_agree_with_integers(a, b):
    assert (Money(a) + Money(b)).minor == a + b
    assert (Money(a) - Money(b)).minor == a - b
    assert (Money(a) < Money(b)) == (a < b)
    assert (Money(a) >= Money(b)) == (a >= b)
    assert (-Money(a)).minor == -a


@given(amounts)
def test_decimal_is_exact(minor):
    assert Money(minor).decimal * 100 == minor


def test_two_currencies_never_meet():
    with pytest.raises(CurrencyMismatch):
        Money(1, "KES") + Money(1, "USD")
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "KES") < Money(1, "USD")
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, "kes")


def test_grouping_is_for_people():
    assert Money(485000).grouped == "4,850.00"
    assert Money(-123456789).grouped == "-1,234,567.89"
    assert str(Money(100)) == "KES 1.00"


def test_total_of_nothing_is_zero():
    assert total([]) == Money(0)
    assert total([Money(1), Money(2)]) == Money(3)


@pytest.mark.parametrize(("minor", "up"), [(0, 0), (100, 100), (101, 200), (207550, 207600), (-150, -100)])
def test_rounding_up_goes_to_the_next_whole_shilling(minor, up):
    assert Money(minor).rounded_up == Money(up)
