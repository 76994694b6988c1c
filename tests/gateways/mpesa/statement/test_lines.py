from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.statement.header import find_header
from hmis_pos.gateways.mpesa.statement.lines import BadRow, LineKind, LineReader, StatementLine, kind_of
from hmis_pos.gateways.mpesa.statement.rows import RawRow
from tests.support.statement_export import HEADER

GOOD = {
    "Receipt No.": "ta1cd2efgh",
    "Completion Time": "05-01-2026 10:15:30",
    "Initiation Time": "05-01-2026 10:15:28",
    "Details": "Pay Bill from 25472****108 - AKINYI OTIENO Acc. INV-20931",
    "Transaction Status": "Completed",
    "Paid In": "1,250.00",
    "Withdrawn": "",
    "Balance": "10,250.00",
    "Reason Type": "Pay Utility",
    "Other Party Info": "25472****108 - AKINYI OTIENO",
    "A/C No.": "INV-20931",
}
SOME = Money.whole(100)
NONE = Money.zero()


def reader(header=HEADER):
    found = find_header([RawRow(7, tuple(header))])
    assert found is not None
    return LineReader(found, from_1904=False)


def row(number=8, **changes):
    names = {"receipt": "Receipt No.", "completed": "Completion Time", "initiated": "Initiation Time", "details": "Details",
             "status": "Transaction Status", "paid_in": "Paid In", "withdrawn": "Withdrawn", "balance": "Balance",
             "reason": "Reason Type", "linked": "Linked Transaction ID"}  # fmt: skip
    cells = GOOD | {names[name]: value for name, value in changes.items()}
    return RawRow(number, tuple(cells.get(name, "") for name in HEADER))


def test_a_row_is_read_whole():
    assert reader().read(row(linked="TA0000000X")) == StatementLine(
        row=8,
        receipt_no="TA1CD2EFGH",
        completed_at=datetime(2026, 1, 5, 7, 15, 30, tzinfo=UTC),
        initiated_at=datetime(2026, 1, 5, 7, 15, 28, tzinfo=UTC),
        details="Pay Bill from 25472****108 - AKINYI OTIENO Acc. INV-20931",
        status="Completed",
        paid_in=Money.whole(1250),
        withdrawn=NONE,
        balance=Money.whole(10250),
        reason="Pay Utility",
        other_party="25472****108 - AKINYI OTIENO",
        linked_receipt="TA0000000X",
        account="INV-20931",
        kind=LineKind.COLLECTION,
    )


@pytest.mark.parametrize(
    ("reason", "details", "paid_in", "withdrawn", "kind"),
    [
        ("Pay Utility", "Pay Bill from 25472****108 - A", SOME, NONE, LineKind.COLLECTION),
        ("Pay Bill Online", "", SOME, NONE, LineKind.COLLECTION),
        ("Standing Order Pay Bill", "", SOME, NONE, LineKind.COLLECTION),
        ("Pay Utility with OD via STK", "", SOME, NONE, LineKind.COLLECTION),
        ("Organization To Organization Transfer", "", SOME, NONE, LineKind.COLLECTION),
        ("", "", SOME, NONE, LineKind.COLLECTION),
        ("A reason of next year", "", SOME, NONE, LineKind.COLLECTION),
        # what a payer typed decides nothing
        ("Pay Utility", "Pay Bill from 2547 - REVERSAL Acc. SCHOOL FEES", SOME, NONE, LineKind.COLLECTION),
        ("Pay Utility", "Pay Bill Acc. charge reversal", SOME, NONE, LineKind.COLLECTION),
        ("Pay Bill Charge", "", NONE, SOME, LineKind.CHARGE),
        ("Business Payment Charge", "Business Payment Charge to 2547", NONE, SOME, LineKind.CHARGE),
        ("Pay Utility", "Pay Bill Charge", NONE, SOME, LineKind.CHARGE),
        ("Pay Bill Charge", "", SOME, NONE, LineKind.OTHER),
        ("Reversal Charge", "", NONE, SOME, LineKind.CHARGE),
        ("Pay Utility Reversal", "", NONE, SOME, LineKind.REVERSAL),
        ("Pay Utility", "Reversal of TA1CD2EFGH", NONE, SOME, LineKind.REVERSAL),
        ("Transaction Reversed", "", SOME, NONE, LineKind.REVERSAL),
        ("Reversal of Charge", "", SOME, NONE, LineKind.REVERSAL),
        ("Business Payment to Customer via API", "", NONE, SOME, LineKind.PAYOUT),
        ("Salary Payment", "", NONE, SOME, LineKind.PAYOUT),
        ("B2C Payment", "", NONE, SOME, LineKind.PAYOUT),
        ("Business Payment to Customer via API", "", SOME, NONE, LineKind.OTHER),
        ("Utility Account to Organization Settlement Account", "", NONE, SOME, LineKind.SETTLEMENT),
        ("Working Account to Utility Account", "", SOME, NONE, LineKind.SETTLEMENT),
        ("", "Utility Account to Organization Settlement Account", NONE, SOME, LineKind.SETTLEMENT),
        ("", "Pay Bill from 2547 - JANE Acc. account to account", SOME, NONE, LineKind.COLLECTION),
        ("Something unknown", "", NONE, SOME, LineKind.OTHER),
        # nothing moved, whatever it is called
        ("Pay Utility", "", NONE, NONE, LineKind.OTHER),
        ("Pay Utility Reversal", "", NONE, NONE, LineKind.OTHER),
        ("Utility Account to Organization Settlement Account", "", NONE, NONE, LineKind.OTHER),
    ],
)
def test_the_kind_follows_the_rules(reason, details, paid_in, withdrawn, kind):
    assert kind_of(reason, details, paid_in, withdrawn) is kind


@pytest.mark.parametrize("status", ["Failed", "Declined", "Cancelled", "Expired", "Initiated", "Authorized", ""])
def test_only_completed_rows_are_collections(status):
    line = reader().read(row(status=status))
    assert line.kind is LineKind.OTHER
    assert line.paid_in == Money.whole(1250)


def test_a_file_without_a_status_column_holds_completed_rows():
    narrow = reader(("Receipt No.", "Completion Time", "Paid In"))
    line = narrow.read(RawRow(2, ("TA1CD2EFGH", "05-01-2026 10:15:30", "100")))
    assert (line.kind, line.status, line.balance) == (LineKind.COLLECTION, "Completed", None)


@pytest.mark.parametrize("nothing", ["", "-", "0.00", Decimal(0)])
@pytest.mark.parametrize(
    "reason", ["Pay Utility Reversal", "Business Payment to Customer via API", "Pay Bill Charge", ""]
)
def test_without_the_column_withdrawn_nobody_can_say_how_much_went(reason, nothing):
    cut = reader([name for name in HEADER if name != "Withdrawn"])
    cells = GOOD | {"Reason Type": reason, "Paid In": nothing}
    bad = cut.read(RawRow(8, tuple(cells.get(name, "") for name in HEADER if name != "Withdrawn")))
    assert isinstance(bad, BadRow)
    assert bad.problem == "TA1CD2EFGH has no Paid In, and the file has no column Withdrawn"
    assert "with all columns" in bad.cure


def test_what_was_declined_needs_no_amount():
    cut = reader([name for name in HEADER if name != "Withdrawn"])
    cells = GOOD | {"Transaction Status": "Declined", "Paid In": ""}
    line = cut.read(RawRow(8, tuple(cells.get(name, "") for name in HEADER if name != "Withdrawn")))
    assert line.kind is LineKind.OTHER


@pytest.mark.parametrize("written", ["300.00", "-300.00", "(300.00)", Decimal(-300), "KES 300"])
def test_withdrawn_has_no_sign(written):
    line = reader().read(row(paid_in="-", withdrawn=written, reason="Business Payment to Customer via API"))
    assert (line.withdrawn, line.paid_in, line.kind) == (Money.whole(300), NONE, LineKind.PAYOUT)


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        (" ta1cd2efgh ", "TA1CD2EFGH"), ('="TA1CD2EFGH"', "TA1CD2EFGH"), ("", ""), (" ", ""), ("-", ""), ("--", ""),
        ("\u2013", ""), ("\u2014", ""), ("N/A", ""), ("n/a ", ""), ('="N/A"', ""),
    ],
)  # fmt: skip
def test_what_stands_for_nothing_links_to_nothing(written, linked):
    assert reader().read(row(linked=written)).linked_receipt == linked


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"receipt": ""}, "receipt number is missing"),
        ({"receipt": Decimal("1.2E+15")}, "became a number"),
        ({"receipt": "1.23E+11"}, "became a number"),
        ({"receipt": "1234567890"}, "became a number"),
        ({"receipt": "TA1 CD2"}, "is no receipt number"),
        ({"completed": ""}, "completion time is missing"),
        ({"completed": "31/31/2026"}, "completion time '31/31/2026'"),
        ({"completed": "01/31/2026 10:00:00"}, "month before its day"),
        ({"paid_in": "1.250,00"}, "Paid In '1.250,00' is no amount"),
        ({"paid_in": "-1,250.00"}, "below zero"),
        ({"paid_in": "1,000,000,000"}, "more than any payment"),
        ({"withdrawn": "many"}, "Withdrawn 'many' is no amount"),
        ({"withdrawn": "5"}, "both Paid In and Withdrawn"),
        ({"paid_in": ""}, "neither Paid In nor Withdrawn"),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_how_to_mend_it(changes, problem):
    bad = reader().read(row(number=42, **changes))
    assert isinstance(bad, BadRow)
    assert bad.row == 42
    assert problem in bad.problem
    assert bad.cure
    assert "INV-20931" in bad.cells


def test_what_only_informs_never_loses_a_row():
    line = reader().read(row(initiated="soon", balance="1.2.3"))
    assert line.initiated_at is None
    assert line.balance is None


@pytest.mark.parametrize(
    "cells",
    [
        (),
        ("", " ", ""),
        ("", "", "", "Total", "", "12,000.00", "300.00"),
        ("TOTAL", "", "", "", "", "12,000.00", "300.00"),
        ("Totals:", "-", "-", "-", "-", Decimal(12000), Decimal(300)),
        ("", "", "", "", "", "12,000.00", "300.00", "11,700.00"),
        ("Disclaimer: this statement was generated by the system.",),
        ("Page 1 of 3",),
        ("", "", "", "Sub-Total", "", "12,000.00"),
        ("", "", "", "** Grand Totals **", "", "12,000.00"),
        ("Closing Balance", "", "", "", "", "", "", "11,700.00"),
        HEADER,
    ],
)
def test_totals_footers_and_repeated_headers_are_passed_over(cells):
    assert reader().read(RawRow(99, tuple(cells))) is None


@pytest.mark.parametrize(
    "cells",
    [
        ("TA1CD2EFGH", "", "", "Pay Bill", "Completed", "1,250.00"),
        ("", "", "", "Pay Bill from 2547", "Completed", "1,250.00"),
        ("", "05-01-2026 10:15:30", "", "", "Completed", "1,250.00"),
        ("", "", "", "Pay Bill from 2547 - TOTAL LTD", "Completed", "1,250.00"),
        ("", "", "", "Total", "Completed", "1,250.00", "", "", "true", "Pay Utility", "2547 - TOTAL LTD"),
    ],
)
def test_money_that_nobody_labelled_is_not_passed_over(cells):
    assert isinstance(reader().read(RawRow(99, cells)), BadRow)


def test_a_row_that_the_file_cuts_off_is_bad():
    whole = row()
    cut = RawRow(8, whole.cells[:6], cut=True)
    assert "middle of this row" in reader().read(cut).problem
    assert isinstance(reader().read(whole._replace(cut=True)), StatementLine)
    assert isinstance(reader().read(RawRow(8, whole.cells[:6])), StatementLine)


def test_a_payment_and_its_charge_share_a_receipt_and_not_a_key():
    payment = reader().read(row())
    charge = reader().read(row(paid_in="", withdrawn="5.00", reason="Pay Bill Charge"))
    again = reader().read(row(number=9))
    assert payment.receipt_no == charge.receipt_no
    assert payment.key != charge.key
    assert payment.key == again.key
