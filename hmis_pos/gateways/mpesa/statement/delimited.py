"""Rows of a CSV file: any of four separators, quoted line ends, and quotation marks that nobody closed.

A stray quotation mark makes a plain CSV reader swallow the rows behind it into one cell. Here such a row alone is called
broken, and the rows behind it are read.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Generator, Iterator
from typing import BinaryIO

from hmis_pos.gateways.mpesa.statement.refusal import NotAStatement
from hmis_pos.gateways.mpesa.statement.rows import MAX_CELL, MAX_COLUMNS, RawRow

SEPARATORS = (",", ";", "\t", "|")
#: A quoted cell may hold this many lines.
_MAX_LINES = 20
_MAX_LINE = MAX_CELL * 4
#: The end of a block, to see whether the last quotation mark was closed: no text file holds this line.
_END = "\x00end"
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
_UNCLOSED = "a quotation mark is opened and not closed"


class DelimitedSheet:
    """A text file, read with one separator."""

    from_1904 = False

    def __init__(self, handle: BinaryIO, size: int, encoding: str, separator: str) -> None:
        self._handle = handle
        self._size = size
        self._encoding = encoding
        self._separator = separator

    @property
    def progress(self) -> float:
        return min(1.0, self._handle.tell() / self._size) if self._size else 1.0

    def rows(self) -> Generator[RawRow]:
        self._handle.seek(0)
        text = io.TextIOWrapper(self._handle, encoding=self._encoding, errors="replace", newline=None)
        try:
            yield from _records(_Lines(text), self._separator)
        finally:
            text.detach()


class _Lines:
    """The physical lines, some of which may be given back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._given_back: deque[str] = deque()
        self.number = 0  #: of the line taken last, from 1

    def take(self) -> str:
        """The next line with its line end; empty at the end of the file."""
        line = self._given_back.popleft() if self._given_back else self._text.readline(_MAX_LINE)
        if line:
            self.number += 1
        if len(line) >= _MAX_LINE:
            raise NotAStatement(f"line {self.number} is longer than any line of a statement", code="statement-binary")
        return line

    def give_back(self, lines: list[str]) -> None:
        self._given_back.extendleft(reversed(lines))
        self.number -= len(lines)


def _records(lines: _Lines, separator: str) -> Iterator[RawRow]:
    while line := lines.take():
        if '"' in line:
            yield from _quoted(line, lines, separator)
        else:
            cells = line.rstrip("\n").split(separator)
            yield RawRow(lines.number, tuple(cells[:MAX_COLUMNS]), cut=not line.endswith("\n"))


def _quoted(line: str, lines: _Lines, separator: str) -> Iterator[RawRow]:
    """The rows of a line with quotation marks, and of the lines behind it until their number is even."""
    first = lines.number
    block, quotes = [line], line.count('"')
    while quotes % 2 and len(block) < _MAX_LINES and (more := lines.take()):
        block.append(more)
        quotes += more.count('"')
    begin = 0
    reader = csv.reader([*block, _END], delimiter=separator)
    try:
        for cells in reader:
            if cells == [_END]:
                return
            own = block[begin : reader.line_num]
            if reader.line_num > len(block) or any(_is_row(other, separator) for other in own[1:]):
                break
            cut = not own[-1].endswith("\n")
            yield RawRow(first + begin, tuple(cells[:MAX_COLUMNS]), cut=cut)
            begin = reader.line_num
    except csv.Error:
        pass  # a cell longer than the reader takes: as good as unclosed
    lines.give_back(block[begin + 1 :])
    cells = block[begin].rstrip("\n").split(separator)
    yield RawRow(first + begin, tuple(cells[:MAX_COLUMNS]), broken=_UNCLOSED)


def _is_row(line: str, separator: str) -> bool:
    """Whether a line inside quotation marks is really a row of its own: the text of a cell has no date and many separators."""
    return line.count(separator) >= 2 and _DATE.search(line) is not None  # noqa: PLR2004 - receipt, time, paid in
