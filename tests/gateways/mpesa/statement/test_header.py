from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.statement.header import (
    Preamble,
    find_header,
    map_columns,
    missing_header,
    read_preamble,
)
from hmis_pos.gateways.mpesa.statement.refusal import NotAStatement
from hmis_pos.gateways.mpesa.statement.rows import RawRow
from tests.support.statement_export import HEADER

WHOLE = [
    RawRow(1, ("Account Holder:", "Tumaini Mission Hospital")),
    RawRow(2, ("Short Code:", Decimal(600100))),
    RawRow(3, ("Account:", "Utility Account")),
    RawRow(4, ("Time Period:", "", "From 01-01-2026 00:00:00", "", "To 31-01-2026 23:59:59")),
    RawRow(5, ("Operator:", "jwanjiru", "", "", "Date of Report:", "01-02-2026 08:30:00")),
    RawRow(
        6,
        (
            "Opening Balance", "1,000.00", "Closing Balance", "KES 120,000,000.50", "Available Balance", Decimal("12.5"),
            "Total Paid In", "-", "Total Withdrawn", "lots",
        ),
    ),
]  # fmt: skip


def test_the_portals_own_header_is_known_whole():
    assert map_columns(HEADER) == {
        "receipt": 0,
        "completed": 1,
        "initiated": 2,
        "details": 3,
        "status": 4,
        "paid_in": 5,
        "withdrawn": 6,
        "balance": 7,
        "confirmed": 8,
        "reason": 9,
        "party": 10,
        "linked": 11,
        "account": 12,
    }


@pytest.mark.parametrize(
    "row",
    [
        ("Receipt Number", "Completion Date", "Paid In (KES)"),
        ("RECEIPT NO", "completion_time", "PAID-IN"),
        ("Transaction ID", "Date", "Credit"),
        ("M-PESA Receipt No.", "Date & Time", "Money In"),
        ("Reciept No.", "Completion Time", "Paid In"),
        ("Receipt No.", "Completon Time", "Paid in Ksh"),
    ],
)
def test_the_required_names_are_known_as_people_write_them(row):
    assert map_columns(row) == {"receipt": 0, "completed": 1, "paid_in": 2}


def test_the_first_of_two_equal_names_counts_and_the_likelier_of_two_different():
    assert map_columns(("Receipt No.", "Receipt No.", "Date", "Completion Time", "Paid In", "Paid In")) == {
        "receipt": 0,
        "completed": 3,
        "paid_in": 4,
    }
    assert map_columns(("Transaction ID", "Receipt No."))["receipt"] == 1
    assert map_columns(("Linked Transaction ID", "Transaction ID")) == {"linked": 0, "receipt": 1}


def test_a_row_of_money_is_no_header():
    assert map_columns(("TA12345678", "05-01-2026 10:15:30", Decimal(500), "", "Completed")) == {}


def test_the_preamble_is_read_whole():
    assert read_preamble(WHOLE) == Preamble(
        account_holder="Tumaini Mission Hospital",
        shortcode="600100",
        account="Utility Account",
        since=datetime(2025, 12, 31, 21, tzinfo=UTC),
        until=datetime(2026, 1, 31, 20, 59, 59, tzinfo=UTC),
        operator="jwanjiru",
        reported_at=datetime(2026, 2, 1, 5, 30, tzinfo=UTC),
        opening=Money.whole(1000),
        closing=Money(12_000_000_050),
        available=Money(1250),
        paid_in=None,
        withdrawn=None,
    )


def test_labels_and_values_may_share_a_cell_and_days_come_without_times():
    read = read_preamble(
        [
            RawRow(1, ("Short Code: 600100", "Account Holder: Tumaini")),
            RawRow(2, ("Time Period: From 01/01/2026 To 31/01/2026",)),
        ]
    )
    assert (read.shortcode, read.account_holder) == ("600100", "Tumaini")
    assert read.since == datetime(2025, 12, 31, 21, tzinfo=UTC)
    assert read.until == datetime(2026, 1, 31, 20, 59, 59, tzinfo=UTC)


NOON = datetime(2026, 1, 31, 9, 5, tzinfo=UTC)
EVENING = datetime(2026, 1, 31, 20, 59, 59, tzinfo=UTC)
NEXT_DAY = datetime(2026, 2, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "reported_at", "covered"),
    [
        (EVENING, NOON, NOON),
        (EVENING, NEXT_DAY, EVENING),
        (EVENING, EVENING, EVENING),
        (EVENING, None, EVENING),
        (None, NOON, None),
        (None, None, None),
    ],
)
def test_a_report_covers_nothing_that_came_after_it(until, reported_at, covered):
    assert Preamble(until=until, reported_at=reported_at).covered_until == covered


def test_a_day_of_report_without_its_time_may_be_its_first_moment():
    read = read_preamble(
        [RawRow(1, ("Time Period: From 31-01-2026 To 31-01-2026",)), RawRow(2, ("Date of Report: 31-01-2026",))]
    )
    assert read.until == EVENING
    assert read.covered_until == read.since


def test_a_date_of_report_may_be_a_number_of_either_calendar():
    rows = [RawRow(1, ("Date of Report:", Decimal("46053.5")))]
    assert read_preamble(rows).reported_at == datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert read_preamble(rows, from_1904=True).reported_at == datetime(2030, 2, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["Charges Paid Account", "CHARGES PAID", "Organization Charges Account", "B2C ChargesPaidAccount"]
)
def test_an_account_that_pays_charges_is_not_the_one_customers_pay_into(name):
    with pytest.raises(NotAStatement, match=name) as caught:
        read_preamble([RawRow(1, ("Short Code:", "600100")), RawRow(2, ("Account:", name))])
    assert caught.value.code == "statement-account"
    assert "customers" in caught.value.cure


@pytest.mark.parametrize(
    "name", ["Utility Account", "Working Account", "Merchant Account", "Discharges", "Surcharges Fund", "", "17"]
)
def test_any_other_account_may_be(name):
    assert read_preamble([RawRow(1, ("Account:", name))]).account == name


def test_an_empty_preamble_is_no_trouble():
    assert read_preamble([]) == Preamble()
    assert read_preamble([RawRow(1, ()), RawRow(2, ("Short Code:",)), RawRow(3, ("", "x"))]) == Preamble()


def test_a_customers_own_statement_is_told_by_its_preamble():
    rows = [RawRow(1, ("Customer Name:", "Wafula Nekesa")), RawRow(2, ("Mobile Number:", "0700000000"))]
    with pytest.raises(NotAStatement) as caught:
        read_preamble(rows)
    assert caught.value.code == "statement-customer"
    assert missing_header(rows).code == "statement-customer"


def test_the_lacking_column_is_named():
    rows = [RawRow(1, ("Receipt No.", "Completion Time", "Amount"))]
    assert find_header(rows) is None
    assert "without Paid In" in missing_header(rows).message
    assert "Receipt No., Completion Time and Paid In" in missing_header([RawRow(1, ("a", "b"))]).message
    assert missing_header([]).code == "statement-no-header"
