"""A row as the file holds it, before anybody knows what its cells mean."""

from __future__ import annotations

from collections.abc import Generator
from decimal import Decimal
from typing import NamedTuple, Protocol

#: Text, or a number where the file itself says that the cell is one (then dates are Excel serials).
Cell = str | Decimal

#: A statement has 13 columns; what stands further right than this is not looked at.
MAX_COLUMNS = 100
#: Excel's own limit for the text of one cell.
MAX_CELL = 32_767


class RawRow(NamedTuple):
    """One row: ``number`` is its first line in the file, or its row in the sheet, from 1.

    ``broken`` says why its cells cannot be trusted; empty where they can. ``cut`` is True where the file ends without ending
    this row's line.
    """

    number: int
    cells: tuple[Cell, ...]
    broken: str = ""
    cut: bool = False


class Sheet(Protocol):
    """Something that may hold the table: a sheet of a workbook, or a text file read with one separator."""

    @property
    def from_1904(self) -> bool:
        """Whether serial dates count from 1904, as old Excel for Mac has it, instead of 1900."""
        ...

    @property
    def progress(self) -> float:
        """How much of it was read, from 0 to 1."""
        ...

    def rows(self) -> Generator[RawRow]:
        """All its rows in order, from the top; close the generator to stop early.

        Raises:
            NotAStatement: the file turns out to be damaged.
        """
        ...
