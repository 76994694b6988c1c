"""One thread, one connection, one transaction at a time: the store's only way to the file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, IntegrityError

from hmis_pos import logs
from hmis_pos.db.local.file import open_engine
from hmis_pos.domain.errors import OutcomeUnknown, Unavailable

T = TypeVar("T")
_log = logs.logger("till.store")


class Worker:
    """Runs work in the store's thread.

    Work that was begun is finished even when the caller stops waiting for it: a commit is never cut in half.
    """

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self._key = key
        self._engine: Engine | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="till-store")

    async def open(self) -> None:
        """Open and check the file, in the thread.

        Raises:
            Misconfigured: see :func:`hmis_pos.db.local.file.open_engine`.
        """
        await asyncio.get_running_loop().run_in_executor(self._threads, self._reopen)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in one transaction: committed when it returns, rolled back when it raises.

        Raises:
            Unavailable: the file cannot be written or read; nothing was changed.
            OutcomeUnknown: the commit itself failed; look whether the change is there before doing it again.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._in_transaction, work)

    async def close(self) -> None:
        """Finish what was begun, then close the file."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._dispose)
        self._threads.shutdown(wait=True)

    def _reopen(self) -> None:
        self._dispose()
        self._engine = open_engine(self._path, self._key)

    def _dispose(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _in_transaction(self, work: Callable[[Connection], T]) -> T:
        if self._engine is None:
            self._reopen()
        if self._engine is None:
            raise Unavailable("the till's store is closed", code="store-closed")
        committing = False
        try:
            with self._engine.connect() as connection:
                connection.begin()
                result = work(connection)
                committing = True
                connection.commit()
                return result
        except IntegrityError:
            raise
        except DatabaseError as e:
            raise self._broken(e, committing=committing) from e

    def _broken(self, error: DatabaseError, *, committing: bool) -> Unavailable | OutcomeUnknown:
        """After a failed write nobody knows what the page cache holds: close, and let recovery read the file again."""
        reason = str(error.orig).splitlines()[0] if error.orig is not None else "unknown error"
        _log.error("store.failed", reason=reason, committing=committing)
        self._dispose()
        if committing:
            return OutcomeUnknown(
                f"the till's disk failed while saving: {reason}",
                code="store-commit",
                cure="Look whether the receipt is in the list before taking the money again.",
            )
        return Unavailable(
            f"the till's store cannot be used: {reason}",
            code="store-failed",
            cure="Nothing was saved. Check the disk of this computer, then try again.",
        )
