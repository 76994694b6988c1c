from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hmis_pos.cashier.records_back_office import BadLine, StatementEntry
from hmis_pos.gateways.mpesa.statement import NotAStatement
from hmis_pos.gateways.mpesa.statement_source import opened

TODAY = "From 05-01-2026 00:00:00", "To 05-01-2026 23:59:59"
HEADER = "Receipt No.,Completion Time,Transaction Status,Paid In,Withdrawn,Reason Type"
PAID = "TA1CD2EFGH,05-01-2026 10:15:30,Completed,4850.00,,Pay Utility"
BACK = "TA2CD2EFGH,05-01-2026 11:15:30,Completed,,4850.00,Pay Utility Reversal"


def export(
    path: Path, *rows: str, account: str = "Utility Account", period: tuple[str, str] = TODAY, made: str = ""
) -> Path:
    above = [
        f"Account:,{account}",
        f"Time Period:,,{period[0]},,{period[1]}",
        f"Operator:,jwanjiru,,,Date of Report:,{made}",
    ]
    path.write_text("\n".join([*above, *(rows or (HEADER, PAID, BACK)), ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("made", "until"),
    [
        ("05-01-2026 12:05:00", datetime(2026, 1, 5, 9, 5, tzinfo=UTC)),
        ("06-01-2026 08:30:00", datetime(2026, 1, 5, 20, 59, 59, tzinfo=UTC)),
        ("", datetime(2026, 1, 5, 20, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_export_of_today_ends_when_it_was_made(tmp_path: Path, made: str, until: datetime) -> None:
    with opened(export(tmp_path / "today.csv", made=made)) as source:
        assert (source.since, source.until) == (datetime(2026, 1, 4, 21, tzinfo=UTC), until)
        assert [line.kind for line in source.read(9) if isinstance(line, StatementEntry)] == ["collection", "reversal"]


def test_a_file_that_names_no_period_has_none_though_it_names_its_time(tmp_path: Path) -> None:
    with opened(export(tmp_path / "s.csv", period=("", ""), made="05-01-2026 12:05:00")) as source:
        assert (source.since, source.until) == (None, None)


def test_the_account_that_pays_the_charges_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = export(tmp_path / "charges.csv", account="Charges Paid Account")
    with pytest.raises(NotAStatement, match="Charges Paid Account"), opened(path):
        pass


def test_money_that_went_without_its_column_is_a_bad_line_and_what_came_is_read(tmp_path: Path) -> None:
    rows = [",".join(cell for at, cell in enumerate(row.split(",")) if at != 4) for row in (HEADER, PAID, BACK)]
    with opened(export(tmp_path / "cut.csv", *rows)) as source:
        paid, back = source.read(9)
    assert isinstance(paid, StatementEntry)
    assert paid.paid_in.text == "4850.00"
    assert isinstance(back, BadLine)
    assert "no column Withdrawn" in back.text
    assert "Export the statement anew, with all columns." in back.text
