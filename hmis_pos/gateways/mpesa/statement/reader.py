"""A statement file, opened: its preamble at once, its lines as they are read."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from hmis_pos.gateways.mpesa.statement import delimited, form, xlsx
from hmis_pos.gateways.mpesa.statement.form import Form
from hmis_pos.gateways.mpesa.statement.header import (
    SEARCHED,
    Header,
    Preamble,
    find_header,
    missing_header,
    read_preamble,
)
from hmis_pos.gateways.mpesa.statement.html_table import HtmlSheet
from hmis_pos.gateways.mpesa.statement.lines import BadRow, LineReader, StatementLine
from hmis_pos.gateways.mpesa.statement.refusal import NotAStatement
from hmis_pos.gateways.mpesa.statement.rows import RawRow, Sheet

_CHUNK = 1024 * 1024


def open_statement(path: Path) -> Statement:
    """Open an exported statement, as a context manager that is then iterated over.

    Raises:
        NotAStatement: there is no such file, or it is no statement; the message says what it is, ``cure`` what to do.
    """
    stack = ExitStack()
    try:
        handle = stack.enter_context(_open(path))
        file_hash, head, encoding = _survey(handle)
        what = form.form_of(head)
        sheets = iter(_sheets(what, handle, encoding, stack))
        found = _find(sheets, stack)
        if what in form.WORKBOOKS:
            _refuse_another(sheets)
    except BaseException:
        stack.close()
        raise
    return Statement(stack, file_hash, *found)


class Statement:
    """An open statement; a context manager, and an iterator over its lines that goes through the file once.

    A row that cannot be read comes as a :class:`BadRow` in its place; the others are not touched by it. Where the file turns
    out to be cut off, the iteration ends in :class:`NotAStatement`: the lines before it stand, what is behind is not known.
    """

    def __init__(
        self, stack: ExitStack, file_hash: str, sheet: Sheet, rows: Iterator[RawRow], header: Header, preamble: Preamble
    ) -> None:
        self.file_hash = file_hash  #: SHA-256 of the file's bytes, in hexadecimal
        self.preamble = preamble
        self.header_row = header.row
        self.columns = frozenset(header.columns)  #: our names of the columns that were found
        self._stack = stack
        self._sheet = sheet
        self._done = False
        self._lines = self._read(rows, LineReader(header, from_1904=sheet.from_1904))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Lines that were not taken yet are lost."""
        self._stack.close()

    @property
    def progress(self) -> float:
        """How much of the file was read, from 0 to 1; it never goes back."""
        return 1.0 if self._done else self._sheet.progress

    def __iter__(self) -> Iterator[StatementLine | BadRow]:
        return self._lines

    def _read(self, rows: Iterator[RawRow], reader: LineReader) -> Iterator[StatementLine | BadRow]:
        for row in rows:
            if (line := reader.read(row)) is not None:
                yield line
        self._done = True


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        problem, cure = f"there is no file {path}", "Look at its name and folder."
    except IsADirectoryError:
        problem, cure = f"{path} is a folder", "Choose the statement in it."
    except OSError as error:
        problem, cure = (
            f"{path} cannot be opened ({error.strerror})",
            "Close it in other programs, or copy it elsewhere.",
        )
    raise NotAStatement(problem, code="statement-no-file", cure=cure)


def _survey(handle: BinaryIO) -> tuple[str, bytes, str]:
    """Go through the bytes once: the file's SHA-256, its first bytes, and the encoding it would have as a text."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    head, encoding = b"", "utf-8-sig"
    while chunk := handle.read(_CHUNK):
        head = head or chunk[: form.HEAD]
        digest.update(chunk)
        encoding = _still(decoder, chunk, encoding)
    return digest.hexdigest(), head, form.utf16_of(head) or encoding


def _still(decoder: codecs.IncrementalDecoder, chunk: bytes, encoding: str) -> str:
    """UTF-8 as long as all bytes fit it; Windows' Western code page, which every other one of Kenya's Excels writes, if not.

    A letter that the file's end cuts in two fits: it shows that the file is cut off, and not how the rest is written.
    """
    if encoding == "cp1252":
        return encoding
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return "cp1252"
    return encoding


def _sheets(what: Form, handle: BinaryIO, encoding: str, stack: ExitStack) -> list[Sheet]:
    size = handle.tell()
    if what is Form.XLSX:
        return xlsx.open_sheets(handle, stack)
    if what is Form.XLS:
        from hmis_pos.gateways.mpesa.statement import xls  # noqa: PLC0415 - old files are rare, and xlrd is not small

        return xls.open_sheets(handle, stack)
    if what is Form.HTML:
        return [HtmlSheet(handle, size, encoding)]
    return [delimited.DelimitedSheet(handle, size, encoding, separator) for separator in delimited.SEPARATORS]


def _find(sheets: Iterator[Sheet], stack: ExitStack) -> tuple[Sheet, Iterator[RawRow], Header, Preamble]:
    """The first sheet with a header, its rows behind that, and what stood above it. No sheet behind it is taken."""
    tops: list[RawRow] = []
    for sheet in sheets:
        rows = sheet.rows()
        top = list(islice(rows, SEARCHED))
        header = find_header(top)
        if header is not None:
            stack.callback(rows.close)
            at = next(index for index, row in enumerate(top) if row.number == header.row)
            preamble = read_preamble(top[:at], from_1904=sheet.from_1904)
            return sheet, _joined(top[at + 1 :], rows), header, preamble
        tops.extend(top)
        rows.close()
    raise missing_header(tops)


def _refuse_another(sheets: Iterator[Sheet]) -> None:
    """Only one sheet is read, so payments on another would be lost without a word. A summary or an empty sheet has no header."""
    for sheet in sheets:
        with closing(sheet.rows()) as rows:
            if find_header(list(islice(rows, SEARCHED))) is not None:
                raise NotAStatement(
                    "the workbook has more than one sheet with payments",
                    code="statement-sheets",
                    cure="Save each sheet as a file of its own, and import each.",
                )


def _joined(first: list[RawRow], rest: Iterator[RawRow]) -> Iterator[RawRow]:
    yield from first
    yield from rest
