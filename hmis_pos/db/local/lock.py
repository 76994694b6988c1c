"""One program at a time on one store: a lock the operating system drops when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from hmis_pos.domain.errors import Conflict


class InstanceLock:
    """Held from construction until :meth:`release`.

    Raises:
        Conflict: another process holds it; the message names its process id where that can be read.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a+", encoding="ascii")
        try:
            _lock(self._file)
        except OSError as e:
            holder = _holder(self._file)
            self._file.close()
            raise Conflict(
                f"HMIS POS is already open on this till{holder}",
                code="already-open",
                cure="Use the window that is open, or close it first.",
            ) from e
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"\n{os.getpid()}\n")  # the first byte is what Windows locks, so the number starts behind it
        self._file.flush()

    def release(self) -> None:
        """Let the next one in. The file stays: removing it would let two processes hold two files of one name."""
        self._file.close()


def _holder(file: IO[str]) -> str:
    try:
        file.seek(1)
        pid = file.read(20).strip()
    except OSError:
        return ""
    return f" (process {pid})" if pid.isdigit() else ""


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
