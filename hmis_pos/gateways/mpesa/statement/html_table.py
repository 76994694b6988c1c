"""Rows of the tables of an HTML page, which portals like to call ".xls"."""

from __future__ import annotations

import codecs
from collections.abc import Generator
from html.parser import HTMLParser
from typing import BinaryIO

from hmis_pos.gateways.mpesa.statement.refusal import damaged
from hmis_pos.gateways.mpesa.statement.rows import MAX_CELL, MAX_COLUMNS, RawRow

_CHUNK = 65_536
#: What the parser may hold back, waiting for the end of a tag.
_MAX_UNREAD = 1024**2


class HtmlSheet:
    """All tables of a page as one; rows are counted as Excel would show them."""

    from_1904 = False

    def __init__(self, handle: BinaryIO, size: int, encoding: str) -> None:
        self._handle = handle
        self._size = size
        self._encoding = encoding

    @property
    def progress(self) -> float:
        return min(1.0, self._handle.tell() / self._size) if self._size else 1.0

    def rows(self) -> Generator[RawRow]:
        self._handle.seek(0)
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        tables = _Tables()
        while True:
            chunk = self._handle.read(_CHUNK)
            tables.feed(decoder.decode(chunk, final=not chunk))
            if not chunk:
                tables.close()
            if len(tables.rawdata) > _MAX_UNREAD:
                raise damaged("a tag of its page never ends")
            yield from tables.take()
            if not chunk:
                return


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._ready: list[RawRow] = []
        self._number = 0
        self._cells: list[str] | None = None
        self._parts: list[str] | None = None
        self._width = 1
        self._depth = 0  #: of open tables; a row outside of any opens the one that it lacks

    def take(self) -> list[RawRow]:
        ready, self._ready = self._ready, []
        return ready

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif tag == "tr":
            self._end_row()
            self._begin_row()
        elif tag in ("td", "th"):
            self._end_cell()
            if self._cells is None:
                self._begin_row()
            self._parts = []
            span = dict(attrs).get("colspan") or "1"
            self._width = min(int(span), MAX_COLUMNS) if span.isdecimal() and len(span) < 4 else 1  # noqa: PLR2004
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_row()
            self._depth = max(0, self._depth - 1)
        elif tag in ("body", "html"):  # a page that ends is whole, though somebody forgot to close its table
            self._end_row()
            self._depth = 0

    def handle_data(self, data: str) -> None:
        if self._parts is not None and len(self._parts) < 100:  # noqa: PLR2004 - pieces of text in one cell
            self._parts.append(data[:MAX_CELL])

    def close(self) -> None:
        """The file ends here. A row that does not is lost, since any of its cells may be cut off.

        Raises:
            NotAStatement: a table does not end either.
        """
        super().close()
        if self._depth:
            raise damaged("its table is not closed: the end of the file is missing")

    def _begin_row(self) -> None:
        self._cells = []
        self._depth = max(1, self._depth)

    def _end_cell(self) -> None:
        if self._parts is None or self._cells is None:
            return
        self._cells.append(" ".join("".join(self._parts).split()))
        self._cells.extend([""] * (self._width - 1))
        del self._cells[MAX_COLUMNS:]
        self._parts = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is None:
            return
        self._number += 1
        self._ready.append(RawRow(self._number, tuple(self._cells)))
        self._cells = None
