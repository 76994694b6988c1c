"""Rows of an old Excel workbook (BIFF), through xlrd. The format ends at 65,536 rows, and so does what it takes of memory."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, BinaryIO

import xlrd

from hmis_pos.gateways.mpesa.statement.refusal import SAVE_AS, NotAStatement, damaged
from hmis_pos.gateways.mpesa.statement.rows import MAX_COLUMNS, Cell, RawRow, Sheet

#: 65,536 rows of a statement take some 20 MB.
_MAX_SIZE = 64 * 1024**2
_NUMBERS = frozenset({xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE})


def open_sheets(handle: BinaryIO, stack: ExitStack) -> list[Sheet]:
    """The sheets of a workbook in its own order, visible ones first. ``stack`` closes what they need.

    Raises:
        NotAStatement: it is encrypted, no workbook, or damaged.
    """
    handle.seek(0)
    data = handle.read(_MAX_SIZE + 1)
    if len(data) > _MAX_SIZE:
        raise NotAStatement("the file is larger than any old Excel workbook of a statement", cure=SAVE_AS)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _encrypted()
    if "WordDocument".encode("utf-16-le") in data:
        raise NotAStatement("the file is a Word document", code="statement-document")
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO())
        stack.callback(book.release_resources)
        hidden = [bool(state) for state in book._sheet_visibility]  # noqa: SLF001 - else only a loaded sheet tells
    except Exception as error:  # on a broken file xlrd raises whatever its arithmetic meets
        if isinstance(error, xlrd.XLRDError) and "encrypt" in str(error):
            raise _encrypted() from error
        raise damaged(f"it is no whole workbook ({type(error).__name__})") from error
    return [_XlsSheet(book, index) for index in sorted(range(len(hidden)), key=hidden.__getitem__)]


def _encrypted() -> NotAStatement:
    return NotAStatement(
        "the workbook is protected by a password",
        code="statement-encrypted",
        cure="Open it with its password, save it without one as XLSX or CSV, and import that.",
    )


class _XlsSheet:
    def __init__(self, book: Any, index: int) -> None:
        self._book = book
        self._index = index
        self._done = 0.0
        self.from_1904 = book.datemode == 1

    @property
    def progress(self) -> float:
        return self._done

    def rows(self) -> Generator[RawRow]:
        self._done = 0.0
        try:
            sheet = self._book.sheet_by_index(self._index)
        except Exception as error:
            raise damaged(f"its sheet cannot be read ({type(error).__name__})") from error
        try:
            for row in range(sheet.nrows):
                yield RawRow(row + 1, _cells(sheet, row))
                self._done = (row + 1) / sheet.nrows
        finally:
            self._book.unload_sheet(self._index)


def _cells(sheet: Any, row: int) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for kind, value in zip(sheet.row_types(row), sheet.row_values(row, 0, MAX_COLUMNS), strict=False):
        if kind in _NUMBERS:
            cells.append(Decimal(repr(value)))
        elif kind == xlrd.XL_CELL_BOOLEAN:
            cells.append("true" if value else "false")
        elif kind == xlrd.XL_CELL_ERROR:
            cells.append(xlrd.error_text_from_code.get(value, "#ERROR"))
        else:
            cells.append(value)
    return tuple(cells)
