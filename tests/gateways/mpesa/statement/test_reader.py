from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.statement import (
    BadRow,
    LineKind,
    NotAStatement,
    StatementLine,
    open_statement,
)
from tests.support.statement_export import FORMS, HEADER, Entry, Style, many, write, write_csv, write_xls, write_xlsx

AT = datetime(2026, 1, 5, 10, 15, 30)  # noqa: DTZ001 - the portal's own clock
PAYMENT = Entry(receipt="TA1CD2EFGH", completed=AT, paid_in=125_000, balance=1_125_000)
CHARGE = Entry(receipt="TA1CD2EFGH", completed=AT, withdrawn=500, reason="Pay Bill Charge", details="Pay Bill Charge")
SEEN = [
    PAYMENT,
    CHARGE,
    replace(PAYMENT, receipt="TA2", status="Declined"),
    Entry(receipt="TA3CD2EFGH", completed=AT, withdrawn=125_000, reason="Pay Utility Reversal", details="Reversal", linked="TA1CD2EFGH"),
    Entry(receipt="TA4CD2EFGH", completed=AT, withdrawn=70_000, reason="Business Payment to Customer via API"),
    Entry(receipt="TA5CD2EFGH", completed=AT, withdrawn=9_000_000, reason="Utility Account to Organization Settlement Account"),
]  # fmt: skip
GOLDEN = [replace(entry, receipt=entry.receipt.ljust(10, "X")) for entry in SEEN]


def read(path):
    with open_statement(path) as statement:
        return statement, list(statement)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_statement_in_every_form_under_any_name(tmp_path: Path, form: str):
    path = write(tmp_path / "Org_600100_Statement.xls", GOLDEN, Style(form=form, footer=True, grouped=True))
    statement, lines = read(path)
    assert statement.file_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert statement.preamble.account_holder == "Tumaini Mission Hospital"
    assert statement.preamble.shortcode == "600100"
    assert statement.preamble.account == "Utility Account"
    assert statement.preamble.since == datetime(2026, 1, 4, 21, tzinfo=UTC)
    assert statement.preamble.until == datetime(2026, 1, 5, 20, 59, 59, tzinfo=UTC)
    assert statement.preamble.reported_at == datetime(2026, 2, 1, 5, 30, tzinfo=UTC)
    assert statement.preamble.paid_in == Money.whole(2500)
    assert statement.header_row == 7
    assert statement.progress == 1.0
    assert [(line.row, line.receipt_no, line.kind) for line in lines] == [
        (8, "TA1CD2EFGH", LineKind.COLLECTION),
        (9, "TA1CD2EFGH", LineKind.CHARGE),
        (10, "TA2XXXXXXX", LineKind.OTHER),
        (11, "TA3CD2EFGH", LineKind.REVERSAL),
        (12, "TA4CD2EFGH", LineKind.PAYOUT),
        (13, "TA5CD2EFGH", LineKind.SETTLEMENT),
    ]
    assert lines[0].completed_at == datetime(2026, 1, 5, 7, 15, 30, tzinfo=UTC)
    assert lines[0].paid_in == Money.whole(1250)
    assert lines[3].linked_receipt == "TA1CD2EFGH"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator(tmp_path: Path, encoding: str, separator: str):
    entry = replace(PAYMENT, party="2547 - JOS\u00c9 N\u2019GANG\u2019A", details="Pay Bill;a,b\tc|d\nnext line")
    path = write(tmp_path / "s.csv", [entry, PAYMENT], Style(encoding=encoding, separator=separator))
    _, lines = read(path)
    assert [line.other_party for line in lines] == ["2547 - JOS\u00c9 N\u2019GANG\u2019A", PAYMENT.party]
    assert lines[0].details == "Pay Bill;a,b c|d next line"
    assert [line.row for line in lines] == [8, 10]


def test_a_file_without_preamble_and_with_unknown_columns_in_another_order(tmp_path: Path):
    path = tmp_path / "mended.csv"
    write_csv(path, [["Note", "Paid In (KES)", "Completion Date", "Receipt Number"], ["ok", "5", "5/1/2026 10:00", "TA1CD2EFGH"]], Style())  # fmt: skip
    statement, (line,) = read(path)
    assert statement.preamble.shortcode == ""
    assert statement.columns == {"receipt", "completed", "paid_in"}
    assert (line.receipt_no, line.paid_in, line.kind) == ("TA1CD2EFGH", Money.whole(5), LineKind.COLLECTION)


def test_one_bad_row_loses_nothing_else(tmp_path: Path):
    entries = [replace(PAYMENT, receipt=f"TA{number:08}") for number in range(100)]
    path = write(tmp_path / "s.csv", entries, Style())
    text = path.read_text(encoding="utf-8").split("\n")
    text[27] = text[27].replace("1250.00", "a lot")
    text[57] = text[57].replace("TA00000050", '"TA00000050')
    path.write_text("\n".join(text), encoding="utf-8")
    _, lines = read(path)
    bad = [line for line in lines if isinstance(line, BadRow)]
    assert [(row.row, row.problem) for row in bad] == [
        (28, "Paid In 'a lot' is no amount"),
        (58, "a quotation mark is opened and not closed"),
    ]
    assert len([line for line in lines if isinstance(line, StatementLine)]) == 98


def test_receipts_that_excel_made_numbers_are_bad_rows(tmp_path: Path):
    rows: list[list[str | float]] = [list(HEADER), [1.2e15, "05-01-2026 10:00:00", "", "", "Completed", 5.0], ["TA1CD2EFGH", 46027.5, "", "", "Completed", 5.0]]  # fmt: skip
    write_xlsx(tmp_path / "a.xlsx", rows, inline=False)
    write_xls(tmp_path / "a.xls", rows)
    for name in ("a.xlsx", "a.xls"):
        _, (bad, good) = read(tmp_path / name)
        assert isinstance(bad, BadRow)
        assert "became a number" in bad.problem
        assert good.completed_at == datetime(2026, 1, 5, 9, tzinfo=UTC)
        assert good.paid_in == Money.whole(5)


def test_the_sheet_with_the_header_is_found(tmp_path: Path):
    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        book.add_worksheet("Notes").write_row(0, 0, ["nothing", "here"])
        sheet = book.add_worksheet("Statement")
        sheet.write_row(3, 2, ["Receipt No.", "Completion Time", "Paid In"])
        sheet.write_row(5, 2, ["TA1CD2EFGH", "05-01-2026 10:00:00", "5.00"])
    statement, (line,) = read(tmp_path / "two.xlsx")
    assert statement.header_row == 4
    assert line.row == 6


PAID = [["Receipt No.", "Completion Time", "Paid In"], ["TA1CD2EFGH", "05-01-2026 10:00:00", "5.00"]]
SUMMARY = [["Summary"], ["Paid In", "Date"], ["5.00", "05-01-2026"]]


def write_sheets(path: Path, *sheets: list[list[str]], hidden: int | None = None):
    """A workbook of several sheets, of the form that the name's ending says."""
    if path.suffix == ".xls":
        old = xlwt.Workbook()
        for number, rows in enumerate(sheets):
            sheet = old.add_sheet(f"Sheet {number}")
            sheet.visibility = int(number == hidden)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)
        old.save(str(path))
        return
    with xlsxwriter.Workbook(path) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"Sheet {number}")
            if number == hidden:
                sheet.hide()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


@pytest.mark.parametrize("name", ["two.xlsx", "two.xls"])
@pytest.mark.parametrize(
    ("sheets", "hidden"),
    [
        ((PAID, PAID), None),
        ((PAID, [], SUMMARY, [["April"], *PAID]), None),
        ((SUMMARY, PAID, PAID), None),
        ((PAID, PAID), 1),
    ],
)
def test_payments_on_a_second_sheet_are_not_lost_without_a_word(tmp_path: Path, name: str, sheets, hidden):
    write_sheets(tmp_path / name, *sheets, hidden=hidden)
    with pytest.raises(NotAStatement, match="more than one sheet with payments") as caught:
        open_statement(tmp_path / name)
    assert caught.value.code == "statement-sheets"
    assert "file of its own" in caught.value.cure
    (tmp_path / name).unlink()


@pytest.mark.parametrize("name", ["more.xlsx", "more.xls"])
@pytest.mark.parametrize(
    "sheets", [(PAID, []), (PAID, SUMMARY), (SUMMARY, [], PAID, [], SUMMARY * 30), (PAID, PAID[1:])]
)
def test_a_summary_and_an_empty_sheet_are_no_trouble(tmp_path: Path, name: str, sheets):
    payments = [*PAID, *([f"TA{number:08}", "05-01-2026 10:00:00", "5.00"] for number in range(1200))]
    write_sheets(tmp_path / name, *(payments if rows is PAID else rows for rows in sheets))
    statement, lines = read(tmp_path / name)
    assert [line.receipt_no for line in lines] == [row[0] for row in payments[1:]]
    assert statement.progress == 1.0


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CUSTOMER = "M-PESA STATEMENT\nCustomer Name:,WAFULA NEKESA\nMobile Number:,0700000000\n\nReceipt No.,Completion Time,Details,Paid In\n"  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "statement-empty"),
        (b" \r\n\t\n", "statement-empty"),
        (b"\xef\xbb\xbf", "statement-empty"),
        (b"\xff\xfe", "statement-empty"),
        (b"%PDF-1.7\n...", "statement-pdf"),
        (b"PK\x05\x06" + bytes(18), "statement-zip"),
        (b"PK\x03\x04 cut off", "statement-damaged"),
        (b"\x1f\x8b\x08\x00", "statement-zip"),
        (b"\x89PNG\r\n\x1a\n", "statement-picture"),
        (b"{\\rtf1 hello}", "statement-document"),
        (b"MIME-Version: 1.0\n", "statement-web-archive"),
        (b"\x00\x01\x02\x03" * 100, "statement-binary"),
        (OLE + bytes(2000), "statement-damaged"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600), "statement-encrypted"),
        (OLE + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600), "statement-document"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "statement-xml"),
        (b'<?xml version="1.0"?><bill/>', "statement-xml"),
        (b"<html><body><form>Sign in</form></body></html>", "statement-no-header"),
        (b"hello\nworld\n", "statement-no-header"),
        (b"Receipt No.,Completion Time,Amount\n", "statement-no-header"),
        (CUSTOMER.encode(), "statement-customer"),
        (b"\n" * 40 + b"Receipt No.,Completion Time,Paid In\n", "statement-no-header"),
    ],
)
def test_what_is_no_statement_is_refused_with_its_cure(tmp_path: Path, content: bytes, code: str):
    path = tmp_path / "statement.csv"
    path.write_bytes(content)
    with pytest.raises(NotAStatement) as caught:
        open_statement(path)
    assert caught.value.code == code
    assert caught.value.cure
    assert "\n" not in caught.value.message
    assert isinstance(caught.value, CashierMistake)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(NotAStatement) as caught:
            open_statement(path)
        assert caught.value.code == "statement-no-file"
        assert str(path) in caught.value.message


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path):
    # The record FILEPASS right behind the first BOF is how BIFF says "encrypted" (as xlwt writes none, it is put there).
    path = tmp_path / "locked.xls"
    write_xls(path, [list(HEADER)])
    data = bytearray(path.read_bytes())
    start = data.index(b"\x09\x08\x10\x00")
    data[start + 20 : start + 24] = b"\x2f\x00" + data[start + 22 : start + 24]
    path.write_bytes(data)
    with pytest.raises(NotAStatement) as caught:
        open_statement(path)
    assert caught.value.code == "statement-encrypted"


def test_the_file_can_be_deleted_after_a_look_at_its_first_line(tmp_path: Path):
    for form in FORMS:
        path = write(tmp_path / f"s.{form}", GOLDEN, Style(form=form))
        with open_statement(path) as statement:
            next(iter(statement))
        statement.close()
        path.unlink()


@pytest.mark.parametrize("form", FORMS)
def test_progress_grows_to_one(tmp_path: Path, form: str):
    path = write(tmp_path / "s", list(many(3000)), Style(form=form))
    with open_statement(path) as statement:
        seen = [statement.progress for _ in statement]
        assert seen == sorted(seen)
        assert 0 <= seen[0] < 0.6
        assert statement.progress == 1.0
    assert len(seen) == 3000


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("</table></body></html>", False),
        ("</table>", False),
        ("</body></html>", False),  # browsers forgive it, and the page is whole
        ("</html>", False),
        ("", True),
        ("\n", True),
        ("</tabl", True),
        ("<tr>", True),
        ("<tr><td>TA3CD2EFGH</td><td>05-01-2026 10:00:00</td><td>48", True),
        ("<tr><td>TA3CD2EFGH</td><td>05-01-2026 10:00:00</td><td>48</td", True),
        ("<tr><td>TA3CD2EFGH</td><td>05-01-2026 10:00:00</td><td>48</td></t", True),
        ("<tr><td><table><tr><td>inside</td></tr></table>", True),
    ],
)
@pytest.mark.parametrize(
    "start", ["<html><body><table>", "<table>", "<html>", "<table><tr><td>logo</td></tr></table><table>"]
)
def test_a_page_whose_table_is_not_closed_is_cut_off(tmp_path: Path, start: str, end: str, told: bool):  # noqa: FBT001 - a table
    rows = [
        ["Receipt No.", "Completion Time", "Paid In"],
        *([f"TA{n:08}", "05-01-2026 10:00:00", "5.00"] for n in range(50)),
    ]
    page = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    path = tmp_path / "s.xls"
    path.write_text(f"{start}\n{page}{end}", encoding="utf-8")
    lines: list[StatementLine | BadRow] = []
    with open_statement(path) as statement:
        if told:
            with pytest.raises(
                NotAStatement, match="its table is not closed: the end of the file is missing"
            ) as caught:
                lines.extend(statement)
            assert (caught.value.code, bool(caught.value.cure)) == ("statement-damaged", True)
        else:
            lines.extend(statement)
    assert [line.receipt_no for line in lines if isinstance(line, StatementLine)] == [row[0] for row in rows[1:]]
    assert len(lines) == 50


def test_a_letter_that_the_end_cuts_in_two_spoils_no_other(tmp_path: Path):
    path = tmp_path / "s.csv"
    write(path, [replace(PAYMENT, party="2547 - JOS\u00c9"), replace(PAYMENT, account="\u00c9")], Style())
    path.write_bytes(path.read_bytes().removesuffix(b"\x89\r\n"))
    _, lines = read(path)
    assert lines[0].other_party == "2547 - JOS\u00c9"


def test_a_workbook_that_is_cut_off_ends_in_an_error_and_not_in_silence(tmp_path: Path):
    path = write(tmp_path / "s.html", list(many(50)), Style(form="html"))
    _, lines = read(path)
    assert len(lines) == 50
    path = write(tmp_path / "s.xlsx", list(many(2000)), Style(form="xlsx"))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(NotAStatement):
        read(path)
