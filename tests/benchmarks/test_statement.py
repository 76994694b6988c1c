"""A statement of 100,000 rows: its time next to what merely splitting or unpacking the file takes, its memory next to a tenth of it."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

import pytest

from hmis_pos.gateways.mpesa.statement import StatementLine, open_statement
from tests.support.statement_export import Style, many, write

ROWS = 100_000
ALLOWED_SECONDS = 15.0
"""The whole import may take 30 s; half of it is for comparing and storing."""
ALLOWED = {"csv": 40.0, "xlsx": 8.0, "xlsx-inline": 8.0}
"""Times the floor: beyond that somebody does per row what should be done once."""
ALLOWED_GROWTH = 1.25
"""Ten times the rows may take so many times the memory of the process."""

PEAK = """
import sys
from pathlib import Path
import psutil
from hmis_pos.gateways.mpesa.statement import open_statement
process, lines, peak = psutil.Process(), 0, 0
with open_statement(Path(sys.argv[1])) as statement:
    for line in statement:
        lines += 1
        if lines % 500 == 0:
            peak = max(peak, process.memory_info().rss)
print(lines, peak // 1024)
"""


def split(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def unpack(path: Path) -> int:
    """Decompress and parse the XML of the sheet and of its texts, with the least of callbacks."""
    seen = [0]

    def start(*_: object) -> None:
        seen[0] += 1

    with zipfile.ZipFile(path) as archive:
        for part in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
            if part in archive.namelist():
                parser = expat.ParserCreate()
                parser.StartElementHandler = start
                with archive.open(part) as stream:
                    parser.ParseFile(stream)
    return seen[0]


def read(path: Path) -> int:
    with open_statement(path) as statement:
        return sum(isinstance(line, StatementLine) for line in statement)


def seconds(work: Callable[[Path], int], path: Path) -> float:
    """Of this process alone: whatever else the machine does would be counted against the longer of the two."""
    started = time.process_time()
    assert work(path) >= ROWS
    return time.process_time() - started


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("form", ALLOWED)
def test_a_hundred_thousand_rows_take_a_few_times_the_unpacking(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / form, many(ROWS), Style(form=form, grouped=True))
    floor = min(seconds(split if form == "csv" else unpack, path) for _ in range(3))
    spent = min(seconds(read, path) for _ in range(2))

    print(f"{form}: {ROWS:,} rows in {spent:.1f} s, {spent / floor:.1f} times the floor of {floor:.2f} s")
    assert spent / floor < ALLOWED[form]
    assert spent < ALLOWED_SECONDS


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("form", ["csv", "html", "xlsx", "xlsx-inline"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, form: str) -> None:
    peaks = []
    for rows in (ROWS // 10, ROWS):
        path = write(tmp_path / f"{form}-{rows}", many(rows), Style(form=form))
        told = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)  # noqa: S603 - our own Python
        lines, peak = told.stdout.split()
        assert int(lines) == rows
        peaks.append(int(peak))

    print(
        f"{form}: ten times the rows take {peaks[1] / peaks[0]:.2f} times the memory ({peaks[0]:,} and {peaks[1]:,} KiB)"
    )
    assert peaks[1] / peaks[0] < ALLOWED_GROWTH
