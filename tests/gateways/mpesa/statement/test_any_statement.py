"""A true statement, written in any style, is read as it is; and nothing at all makes the reader raise what it does not promise."""

from __future__ import annotations

import io
import random
import string
import tempfile
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.statement import BadRow, NotAStatement, StatementLine, open_statement
from hmis_pos.gateways.mpesa.wire import EAT
from tests.support.statement_export import FORMS, HEADER, Entry, Style, many, write

ALPHABET = string.ascii_uppercase + string.digits
NAMES = ("AKINYI OTIENO", 'PETER "PITO" KAMAU', "N'GANG'A", "JOS\u00c9 MUTUA", "TUMAINI, LTD; 5%", "HASSAN\nALI", "-")

receipts = st.builds(
    lambda first, rest: first + rest, st.sampled_from("QRSTUV"), st.text(ALPHABET, min_size=9, max_size=9)
)
moments = st.integers(0, 10**8).map(lambda second: datetime(2024, 1, 1) + timedelta(seconds=second))  # noqa: DTZ001
amounts = st.integers(1, 9_999_999_999)


@st.composite
def entries(draw):
    name = draw(st.sampled_from(NAMES))
    comes = draw(st.booleans())
    amount = draw(amounts)
    return Entry(
        receipt=draw(receipts),
        completed=draw(moments),
        paid_in=amount if comes else 0,
        withdrawn=0 if comes else amount,
        balance=draw(st.integers(0, 10**12)),
        details=f"Pay Bill from 25472****108 - {name}",
        status=draw(st.sampled_from(("Completed", "Completed", "COMPLETED", "Declined"))),
        reason=draw(st.sampled_from(("Pay Utility", "Pay Bill Online", "Pay Bill Charge", "Pay Utility Reversal"))),
        party=f"25472****108 - {name}",
        linked=draw(st.sampled_from(("", "TA1CD2EFGH"))),
        account=draw(st.text(string.ascii_letters + string.digits + "-/ ", max_size=20)),
    )


@st.composite
def styles(draw):
    form = draw(st.sampled_from(FORMS))
    workbook = form.startswith("xls")
    return Style(
        form=form,
        separator=draw(st.sampled_from(",;\t|")),
        encoding=draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252") if not workbook else ("utf-8",))),
        line_end=draw(st.sampled_from(("\r\n", "\n"))),
        quote_all=draw(st.booleans()),
        date=draw(
            st.sampled_from(
                ("%d-%m-%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d-%m-%Y %I:%M:%S %p", "%d %b %Y %H:%M:%S", "serial")
            )
        ),
        grouped=draw(st.booleans()),
        prefix=draw(st.sampled_from(("", "KES ", "Ksh"))),
        minus=draw(st.sampled_from(("", "-", "("))),
        nothing=draw(st.sampled_from(("", "-", "0.00"))),
        header=draw(
            st.sampled_from((HEADER, [name.upper() for name in HEADER], ["Reciept No", "Completion Date", *HEADER[2:]]))
        ),
        preamble=draw(st.booleans()),
        footer=draw(st.booleans()),
    )  # fmt: skip


def shown(text):
    return " ".join(text.split())


def truth(entry):
    return (
        entry.receipt,
        entry.completed.replace(tzinfo=EAT),
        entry.completed.replace(tzinfo=EAT),
        shown(entry.details),
        entry.status,
        Money(entry.paid_in),
        Money(entry.withdrawn),
        Money(entry.balance),
        entry.reason,
        shown(entry.party),
        entry.linked,
        shown(entry.account),
    )


def said(line):
    return (
        line.receipt_no,
        line.completed_at,
        line.initiated_at,
        shown(line.details),
        line.status,
        line.paid_in,
        line.withdrawn,
        line.balance,
        line.reason,
        shown(line.other_party),
        line.linked_receipt,
        shown(line.account),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(entries(), max_size=12), styles())
def test_what_was_written_is_read(tmp_path: Path, written: list[Entry], style: Style) -> None:
    path = write(tmp_path / "statement", written, style)
    with open_statement(path) as statement:
        lines = list(statement)
    assert [line for line in lines if isinstance(line, BadRow)] == []
    assert [said(line) for line in lines] == [truth(entry) for entry in written]
    if style.preamble:
        assert statement.preamble.shortcode == style.shortcode
        assert statement.preamble.paid_in == Money(sum(entry.paid_in for entry in written))


# ---------------------------------------------------------------- files from nowhere


def swallow(path: Path) -> None:
    """Read all there is; only the documented error may come, and lines are what they promise to be."""
    refusal = read(path)
    assert refusal is None or (refusal.cure and "\n" not in refusal.message)


def read(path: Path, seen: list[StatementLine | BadRow] | None = None) -> NotAStatement | None:
    """The refusal, if one came; the lines before it are put to ``seen``."""
    try:
        with open_statement(path) as statement:
            for line in statement:
                if seen is not None:
                    seen.append(line)
                if isinstance(line, BadRow):
                    assert line.problem
                    assert line.cure
                else:
                    assert isinstance(line, StatementLine)
                    assert line.paid_in.minor >= 0
                    assert line.withdrawn.minor >= 0
                    assert line.completed_at.utcoffset() == timedelta(0)
    except NotAStatement as error:
        return error
    return None


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html><table><tr><td>", b"\xff\xfe", b"<?xml")
    ),
    st.binary(max_size=600),
)
def test_random_bytes(tmp_path: Path, beginning: bytes, rest: bytes) -> None:
    path = tmp_path / "statement"
    path.write_bytes(beginning + rest)
    swallow(path)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ("TA1CD2EFGH", "05-01-2026 10:00:00", "1,250.00", "-5", "(7)", "", "-", '"', '="x"', "Completed", "Total", "1E+20", "\x00", "9" * 50)
    ),
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, max_size=14).map(",".join), max_size=12), st.sampled_from(("\n", "\r\n", "\r", "")))
def test_random_rows_below_a_header(tmp_path: Path, rows: list[str], end: str) -> None:
    path = tmp_path / "statement"
    path.write_text((end or "\n").join([",".join(HEADER), *rows]), encoding="utf-8", errors="replace", newline="")
    swallow(path)


@cache
def sample(form: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder, "sample"), list(many(40)), Style(form=form)).read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_anywhere(tmp_path: Path, form: str) -> None:
    """Text may end anywhere, and only its last row shows it; every other form knows its end."""
    whole = sample(form)
    lines: list[StatementLine | BadRow] = []
    path = tmp_path / "statement"
    path.write_bytes(whole)
    assert read(path, lines) is None
    chance = random.Random(form)
    for _ in range(120):
        end = chance.randrange(len(whole))
        path.write_bytes(whole[:end])
        seen: list[StatementLine | BadRow] = []
        refusal = read(path, seen)
        assert refusal is None or (refusal.cure and "\n" not in refusal.message)
        told = max(0, len(seen) - 1) if form == "csv" else len(seen)
        assert seen[:told] == lines[:told]
        if form in ("html", "xlsx", "xlsx-inline") and (form != "html" or b"</table>" not in whole[:end]):
            assert refusal is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("count", [1, 45])
def test_a_page_cut_at_any_byte_says_so_and_tells_no_line_of_its_own(tmp_path: Path, encoding: str, count: int) -> None:
    path = tmp_path / "statement"
    written = [replace(entry, party="2547 - JOS\u00c9 N\u2019GANG\u2019A") for entry in many(count)]
    whole = write(path, written, Style(form="html", encoding=encoding, preamble=False)).read_bytes()
    lines: list[StatementLine | BadRow] = []
    assert read(path, lines) is None
    assert [line.other_party for line in lines if isinstance(line, StatementLine)] == [entry.party for entry in written]
    closing = len("</table></body></html>\n".encode(encoding.replace("16", "16-le")))
    closed = len(whole) - closing + len("</table>".encode(encoding.replace("16", "16-le")))
    # A short page at each byte; one with rows behind those that are searched for the header now and then within its last ones.
    for end in range(closed) if count == 1 else range(closed - 800, closed, 7):
        path.write_bytes(whole[:end])
        seen: list[StatementLine | BadRow] = []
        assert read(path, seen) is not None
        assert seen == lines[: len(seen)]
        assert len(seen) >= count - 4 or count == 1
    path.write_bytes(whole[:closed])
    assert read(path) is None


@pytest.mark.parametrize("form", FORMS)
def test_a_file_with_wrong_bytes(tmp_path: Path, form: str) -> None:
    whole = sample(form)
    chance = random.Random(form)
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = tmp_path / "statement"
        path.write_bytes(damaged)
        swallow(path)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_workbook_with_wrong_bytes_inside(tmp_path: Path, part: str) -> None:
    """Damage that the archive's checksum does not see."""
    whole = sample("xlsx")
    chance = random.Random(part)
    for _ in range(150):
        memory = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(memory, "w") as new:
            for name in old.namelist():
                data = bytearray(old.read(name))
                if name == part:
                    for _ in range(chance.choice((1, 3, 30))):
                        data[chance.randrange(len(data))] = chance.choice(b'<>/"&;019ABctvrs \x00\xff')
                new.writestr(name, bytes(data))
        path = tmp_path / "statement"
        path.write_bytes(memory.getvalue())
        swallow(path)
