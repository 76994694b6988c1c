"""Rows of an XLSX workbook, read from its XML as it is unpacked, without styles: the column says what a number means.

Our own reader, and not openpyxl's: a third of its time, and flat memory also where the texts are in a table of their own
(docs/decisions/0011). Nothing here believes the file: no document type, so no entities; bounded cells, columns and sizes.
"""

from __future__ import annotations

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from decimal import Decimal, InvalidOperation
from typing import BinaryIO
from xml.parsers import expat

from hmis_pos.gateways.mpesa.statement.refusal import SAVE_AS, NotAStatement, damaged, refusing
from hmis_pos.gateways.mpesa.statement.rows import MAX_CELL, MAX_COLUMNS, Cell, RawRow, Sheet
from hmis_pos.gateways.mpesa.statement.shared_texts import SharedTexts

_CHUNK = 65_536
#: Unpacked. A million rows of a statement, which is all that a sheet can hold, are below it.
_MAX_PART = 2 * 1024**3
_MAX_SMALL_PART = 8 * 1024**2
_MAX_NUMBER = 40
_PASSWORD = 1

#: All that zipfile, its decompressors and expat are known to raise on a broken file.
_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, expat.ExpatError,
    EOFError, OSError, LookupError, ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip

_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str], None]


def open_sheets(handle: BinaryIO, stack: ExitStack) -> list[Sheet]:
    """The sheets of a workbook in its own order, visible ones first. ``stack`` closes what they need.

    Raises:
        NotAStatement: it is another kind of ZIP archive, or damaged.
    """
    with refusing(_ERRORS, "it is no whole workbook"):
        archive = stack.enter_context(zipfile.ZipFile(handle))
        if any(entry.flag_bits & _PASSWORD for entry in archive.infolist()):
            raise NotAStatement(
                "the file is a ZIP archive with a password",
                code="statement-encrypted",
                cure="Unpack it, and import the statement inside.",
            )
        parts = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
        book = parts.get("xl/workbook.xml")
        if book is None:
            raise _another_archive(parts)
        named, from_1904 = _contents(archive, book, parts)
        texts = stack.enter_context(SharedTexts())
        if (table := parts.get("xl/sharedstrings.xml")) is not None:
            _load_texts(archive, table, texts)
        return [_XlsxSheet(archive, part, texts, from_1904=from_1904) for part in named]


def _another_archive(parts: dict[str, str]) -> NotAStatement:
    if "xl/workbook.bin" in parts:
        return NotAStatement("the file is a binary workbook (XLSB)", code="statement-xlsb", cure=SAVE_AS)
    if "content.xml" in parts:
        return NotAStatement("the file is an OpenDocument file", code="statement-ods", cure=SAVE_AS)
    if "word/document.xml" in parts:
        return NotAStatement("the file is a Word document", code="statement-document")
    return NotAStatement(
        "the file is a ZIP archive and no workbook", code="statement-zip", cure="Unpack it, and import the statement inside."
    )  # fmt: skip


class _XlsxSheet:
    def __init__(self, archive: zipfile.ZipFile, part: str, texts: SharedTexts, *, from_1904: bool) -> None:
        self._archive = archive
        self._part = part
        self._texts = texts
        self._read = 0
        self._size = archive.getinfo(part).file_size
        self.from_1904 = from_1904

    @property
    def progress(self) -> float:
        return min(1.0, self._read / self._size) if self._size else 1.0

    def rows(self) -> Generator[RawRow]:
        self._read = 0
        collector = _RowCollector(self._texts)
        feed = _parser(collector.start, collector.end, collector.text)
        # Not around the yields: an error of whoever takes the rows is not ours.
        for chunk in _chunks(self._archive, self._part, _MAX_PART):
            with refusing(_ERRORS, f"its sheet breaks off behind row {collector.number}"):
                feed(chunk)
            self._read += len(chunk)
            yield from collector.ready
            collector.ready.clear()


class _RowCollector:
    """Takes the elements of a sheet's XML; finished rows wait in ``ready``."""

    def __init__(self, texts: SharedTexts) -> None:
        self.ready: list[RawRow] = []
        self.number = 0
        self._texts = texts
        self._columns: dict[str, int] = {}
        self._cells: list[Cell] = []
        self._kind = ""
        self._column = 0
        self._parts: list[str] = []
        self._length = 0
        self._taking = False
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._kind = attributes.get("t", "")
            reference = attributes.get("r")
            self._column = len(self._cells) if reference is None else self._index(reference)
            self._parts = []
            self._length = 0
        elif name in ("v", "t"):
            self._taking = not self._phonetic
        elif name == "row":
            number = attributes.get("r", "")
            self.number = int(number) if number.isdecimal() and len(number) < _MAX_NUMBER else self.number + 1
            self._cells = []
        elif name == "rPh":
            self._phonetic = True

    def text(self, data: str) -> None:
        if self._taking and self._length < MAX_CELL:
            self._parts.append(data)
            self._length += len(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._taking = False
        elif name == "c":
            if self._parts and self._column < MAX_COLUMNS:
                cells = self._cells
                cells.extend([""] * (self._column - len(cells)))
                value = self._value("".join(self._parts))
                if self._column == len(cells):
                    cells.append(value)
                else:
                    cells[self._column] = value
        elif name == "row":
            self.ready.append(RawRow(self.number, tuple(self._cells)))
        elif name == "rPh":
            self._phonetic = False

    def _index(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        index = self._columns.get(letters)
        if index is None:
            index = 0
            for letter in letters[:4].upper():
                index = index * 26 + ord(letter) - ord("A") + 1
            if index < 1:
                raise damaged(f"a cell of row {self.number} has no column")
            index -= 1
            if len(self._columns) < MAX_COLUMNS:
                self._columns[letters] = index
        return index

    def _value(self, text: str) -> Cell:
        kind = self._kind
        if kind == "s":
            return self._texts[int(text)]
        if kind in ("", "n"):
            try:
                return Decimal(text) if len(text) < _MAX_NUMBER else text
            except InvalidOperation:
                return text
        if kind == "b":
            return "true" if text == "1" else "false"
        return text


# ---------------------------------------------------------------- the parts of the package


def _chunks(archive: zipfile.ZipFile, part: str, limit: int) -> Iterator[bytes]:
    """The unpacked bytes of a part, then an empty piece that tells its end."""
    with refusing(_ERRORS, "it is no whole workbook"):
        if archive.getinfo(part).file_size > limit:
            raise NotAStatement("the workbook is larger than any statement", code="statement-binary")
        stream = archive.open(part)
    with stream:
        while True:
            with refusing(_ERRORS, "it is no whole workbook"):
                chunk = stream.read(_CHUNK)
            yield chunk
            if not chunk:
                return


def _parser(start: _Start, end: _End, text: Callable[[str], None] | None = None) -> Callable[[bytes], object]:
    """A function that takes XML piece by piece, the empty piece last, and calls back with names without their prefix.

    A document gives its own elements either no prefix or one; its root tells which.
    """
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise damaged("it declares a document type, which no workbook does")

    def root(name: str, attributes: dict[str, str]) -> None:
        prefix, colon, _ = name.rpartition(":")
        if colon:
            skip = len(prefix) + 1
            parser.StartElementHandler = lambda name, attributes: start(name[skip:], attributes)
            parser.EndElementHandler = lambda name: end(name[skip:])
        else:
            parser.StartElementHandler = start
            parser.EndElementHandler = end
        parser.StartElementHandler(name, attributes)

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    if text is not None:
        parser.CharacterDataHandler = text
    return lambda chunk: parser.Parse(chunk, not chunk)


def _elements(archive: zipfile.ZipFile, part: str, *wanted: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part that have one of these names, with their attributes without prefixes."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in wanted:
            found.append((name, {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    feed = _parser(start, lambda _: None)
    for chunk in _chunks(archive, part, _MAX_SMALL_PART):
        feed(chunk)
    return found


def _contents(archive: zipfile.ZipFile, book: str, parts: dict[str, str]) -> tuple[list[str], bool]:
    """The parts that hold the sheets, visible ones first, and whether dates count from 1904."""
    targets: dict[str, str] = {}
    if (relations := parts.get("xl/_rels/workbook.xml.rels")) is not None:
        for _, attributes in _elements(archive, relations, "Relationship"):
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            targets[attributes.get("Id", "")] = target.casefold()
    listed: list[tuple[bool, str]] = []
    from_1904 = False
    for name, attributes in _elements(archive, book, "sheet", "workbookPr"):
        if name == "workbookPr":
            from_1904 = attributes.get("date1904", "") in ("1", "true", "on")
        elif (part := parts.get(targets.get(attributes.get("id", ""), ""))) is not None:
            listed.append((attributes.get("state", "visible") != "visible", part))
    if not listed:
        listed = [(False, part) for key, part in sorted(parts.items()) if key.startswith("xl/worksheets/sheet")]
    if not listed:
        raise damaged("the workbook has no sheet")
    return [part for _, part in sorted(listed, key=lambda entry: entry[0])], from_1904


def _load_texts(archive: zipfile.ZipFile, part: str, texts: SharedTexts) -> None:
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name == "si":
            pieces.clear()
        elif name in ("t", "rPh"):
            inside.append(name)

    def text(data: str) -> None:
        if inside == ["t"] and len(pieces) < 64:  # noqa: PLR2004 - runs of formatted text
            pieces.append(data[:MAX_CELL])

    def end(name: str) -> None:
        if name == "si":
            texts.add("".join(pieces))
        elif name in ("t", "rPh") and inside:
            inside.pop()

    feed = _parser(start, end, text)
    for chunk in _chunks(archive, part, _MAX_PART):
        feed(chunk)
    texts.finish()
