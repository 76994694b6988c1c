from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.money import MAX_MINOR, Money
from hmis_pos.gateways.mpesa import wire
from hmis_pos.gateways.mpesa.statement import cells

MORNING = datetime(2026, 1, 5, 7, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "minor"),
    [
        ("1250", 125000),
        ("1,250.00", 125000),
        ("KES 1,234.50", 123450),
        ("Ksh1,234.5", 123450),
        ("1,234.50 KES", 123450),
        (" 12,345,678.90 ", 1234567890),
        ("-500.00", -50000),
        ("500.00-", -50000),
        ("\u2212500", -50000),
        ("(500.00)", -50000),
        ("(KES 500)", -50000),
        ("-KES 500", -50000),
        ("500/=", 50000),
        ("0.00", 0),
        (Decimal("1250.5"), 125050),
        (Decimal("1250.4999999999998"), 125050),
        (Decimal(-3), -300),
    ],
)
def test_an_amount_is_read_as_people_and_excel_write_it(cell, minor):
    assert cells.amount_of(cell) == Money(minor)


@pytest.mark.parametrize("cell", ["", "  ", "-", "\u2013", "\u2014", "N/A"])
def test_a_dash_is_a_blank(cell):
    assert cells.amount_of(cell) is None
    assert cells.is_blank(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "1.234,50", "1234,50", "12,34", "1,2345", "1.230", "1 234", "abc", "USD 5", "1e3", "--5", "(5", "١٢٣", "NaN", "0x10", ".",
        "100,000,000.00", "9" * 60, Decimal("NaN"), Decimal("Infinity"), Decimal("1E+400"), Decimal("1.005"), Decimal("1E+12"),
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_no_amount(cell):
    with pytest.raises(ValueError, match=r"is no amount|is more than any payment"):
        cells.amount_of(cell)


@given(st.integers(-MAX_MINOR, MAX_MINOR))
def test_what_is_written_for_people_is_read_back(minor):
    assert cells.amount_of(Money(minor).grouped) == Money(minor)
    assert cells.amount_of(str(Money(minor))) == Money(minor)
    assert cells.amount_of(Decimal(repr(minor / 100))) == Money(minor)


@pytest.mark.parametrize(
    "cell",
    [
        "05-01-2026 10:15:30",
        "05/01/2026 10:15:30",
        "05.01.2026 10:15:30",
        "5-1-2026 10:15:30",
        "2026-01-05 10:15:30",
        "2026/01/05 10:15:30",
        "2026-01-05T10:15:30",
        "2026-01-05T07:15:30Z",
        "2026-01-05T10:15:30+03:00",
        "05-01-2026 10:15:30 AM",
        "05/01/2026 10:15:30.000",
        "05-Jan-2026 10:15:30",
        "5 January 2026 10:15:30",
        "05-01-26 10:15:30",
        "20260105101530",
        " 05-01-2026  10:15:30 ",
        Decimal("46027.42743055556"),
        Decimal("46027.427430555559"),
        "46027.42743055556",
        Decimal(20260105101530),
    ],
)
def test_an_instant_is_nairobi_time_with_the_day_first(cell):
    assert cells.instant_of(cell) == MORNING


@pytest.mark.parametrize(
    ("cell", "hour", "minute"),
    [
        ("05-01-2026 12:10 AM", 0, 10),
        ("05-01-2026 12:10 PM", 12, 10),
        ("05-01-2026 1:05:00 pm", 13, 5),
        ("05-01-2026 11:59 p.m.", 23, 59),
        ("05-01-2026", 0, 0),
    ],
)
def test_half_days_are_told_apart(cell, hour, minute):
    local = cells.instant_of(cell).astimezone(wire.EAT)
    assert (local.day, local.hour, local.minute) == (5, hour, minute)


def test_days_may_count_from_1904():
    assert cells.instant_of(Decimal("44565.42743055556"), from_1904=True) == MORNING


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("01/31/2026 10:15:30", "has its month before its day"),
        ("31-02-2026 10:15:30", "is no date"),
        ("05-01-2026 25:00:00", "is no date"),
        ("05-01-2026 13:00 PM", "AM or PM"),
        ("05-01-1926 10:00:00", "in the year 1926"),
        ("05-Foo-2026", "is no date"),
        ("yesterday", "is no date"),
        ("######", "is no date"),
        ("", "is no date"),
        (Decimal(12), "in the year 1900"),
        (Decimal("1E+30"), "is no date"),
        (Decimal("NaN"), "is no date"),
        (Decimal(-5), "is no date"),
    ],
)
def test_a_strange_time_says_what_is_strange(cell, why):
    with pytest.raises(ValueError, match=why):
        cells.instant_of(cell)


def test_text_is_clean_and_free_of_excels_armour():
    assert cells.text_of('="0712345678"') == "0712345678"
    assert cells.text_of("'0712") == "0712"
    assert cells.text_of("  a\x00b\n ") == "a b"
    assert cells.text_of(Decimal("600100.0")) == "600100"
    assert len(cells.text_of("x" * 1000)) == wire.MAX_TEXT
