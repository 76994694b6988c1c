"""The texts of an XLSX file, which its cells name by number: kept on disk beyond a few megabytes, read back in blocks.

Excel writes each text of a workbook once, in one table. A statement has some four new texts a row, so the table in memory would
grow with the file.
"""

from __future__ import annotations

import tempfile
from array import array
from functools import lru_cache
from typing import Self

_BLOCK = 64
_IN_MEMORY = 4 * 1024 * 1024
_BLOCKS_KEPT = 128
#: No XML text may hold it.
_BETWEEN = "\x00"


class SharedTexts:
    """Texts by number, from 0. Add all of them, then look them up; close it at the end."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by close()
        self._starts = array("Q")
        self._filling: list[str] = []
        self._count = 0
        self._end = 0
        self._block = lru_cache(maxsize=_BLOCKS_KEPT)(self._read)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._count

    def add(self, text: str) -> None:
        self._filling.append(text)
        self._count += 1
        if len(self._filling) == _BLOCK:
            self._write()

    def finish(self) -> None:
        """No more texts come."""
        if self._filling:
            self._write()

    def __getitem__(self, number: int) -> str:
        """The text.

        Raises:
            IndexError: there is none of this number.
        """
        if not 0 <= number < self._count:
            raise IndexError(number)
        block, place = divmod(number, _BLOCK)
        return self._block(block)[place]

    def _write(self) -> None:
        data = _BETWEEN.join(self._filling).encode("utf-8", "replace")
        self._starts.append(self._end)
        self._file.write(data)
        self._end += len(data)
        self._filling.clear()

    def _read(self, block: int) -> list[str]:
        start = self._starts[block]
        end = self._starts[block + 1] if block + 1 < len(self._starts) else self._end
        self._file.seek(start)
        return self._file.read(end - start).decode().split(_BETWEEN)
