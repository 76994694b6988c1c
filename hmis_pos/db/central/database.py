"""Runs the phases of the use cases, each in one transaction, in a worker thread.

Writing on SQLite is one thread with one connection; on PostgreSQL several, kept apart by row locks. A phase is repeated while the
database asks for it and nothing was committed. A COMMIT whose answer was lost is ``OutcomeUnknown``: the caller looks up by its key.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hmis_pos.cashier.ports import Books, Clock
from hmis_pos.db.central import migrate
from hmis_pos.db.central.engine import make_engines
from hmis_pos.db.central.hmis_map import HmisMap
from hmis_pos.db.central.refusals import surely_not_committed, translated, wants_repeat
from hmis_pos.db.central.stores.books import CentralBooks
from hmis_pos.db.central.tables import build
from hmis_pos.domain.errors import CashierMistake, OutcomeUnknown, Unavailable

T = TypeVar("T")

_TRIES = 6
_FIRST_PAUSE = timedelta(milliseconds=10)


class CentralDatabase:
    """``cashier.ports.Database`` over SQLite or PostgreSQL.

    Args:
        url: ``sqlite:///path`` or ``postgresql://…``.
        clock: for audit rows and events.
        names: the hospital's own table and column names.
        threads: readers (and, on PostgreSQL, writers) at the same time.

    Raises:
        Misconfigured: the URL will not do. Nothing is connected before the first use; see :meth:`check`.
    """

    def __init__(self, url: str, clock: Clock, *, names: HmisMap | None = None, threads: int = 4) -> None:
        self._engines = make_engines(url, threads=threads)
        self._schema = build(names)
        self._clock = clock
        self._writers = ThreadPoolExecutor(self._engines.writers, thread_name_prefix="central-write")
        self._readers = ThreadPoolExecutor(threads, thread_name_prefix="central-read")

    async def write(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` in one transaction and commit it durably.

        Raises:
            Conflict, PromiseBroken: the database refused it; nothing was changed.
            Unavailable: nothing was changed, trying again is safe.
            OutcomeUnknown: nobody knows whether it was committed.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writers, self.write_now, work)

    async def read(self, work: Callable[[Books], T]) -> T:
        """Run ``work`` in a read-only transaction. On PostgreSQL each statement sees what is committed when it starts."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    async def snapshot(self, work: Callable[[Books], T]) -> T:
        """As ``read``, and all of ``work`` sees one state of the database: for checks over everything."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.snapshot_now, work)

    async def check(self) -> None:
        """Refuse to start on a database that is away, older or newer than this program.

        Raises:
            Misconfigured, Unavailable: with the cure.
        """
        await asyncio.get_running_loop().run_in_executor(self._readers, self.check_now)

    async def ping(self) -> None:
        """Is the database there? For ``/health/ready``.

        Raises:
            Unavailable: it is not.
        """
        await self.read(lambda books: books.trail.last_event())

    async def dispose(self) -> None:
        """Finish what runs and close all connections."""
        await asyncio.to_thread(self.dispose_now)

    # The same for callers without a loop (command line, seeds, checks).

    def write_now(self, work: Callable[[Books], T]) -> T:
        """``write`` in the calling thread."""
        return self._repeat(self._engines.writer, lambda connection: self._commit(connection, work))

    def read_now(self, work: Callable[[Books], T]) -> T:
        """``read`` in the calling thread."""
        return self._repeat(self._engines.reader, lambda connection: self._look(connection, work))

    def snapshot_now(self, work: Callable[[Books], T]) -> T:
        """``snapshot`` in the calling thread."""
        engine = self._engines.reader
        if self._engines.dialect == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        return self._repeat(engine, lambda connection: self._look(connection, work))

    def check_now(self) -> None:
        """``check`` in the calling thread."""
        self._repeat(self._engines.reader, migrate.require_head)

    def dispose_now(self) -> None:
        """``dispose`` in the calling thread."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._engines.dispose()

    def _repeat(self, engine: Engine, once: Callable[[Connection], T]) -> T:
        pause = _FIRST_PAUSE
        for left in reversed(range(_TRIES)):
            try:
                with engine.connect() as connection:
                    return once(connection)
            except DBAPIError as e:
                if not (wants_repeat(e) and left):
                    raise translated(e, self._schema) from e
            except PoolTimeout as e:
                raise Unavailable("the database is too busy", code="database-away") from e
            except OverflowError as e:
                raise CashierMistake(f"a number does not fit: {e}", cure="Give a smaller one.") from e
            time.sleep(pause.total_seconds())
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def _commit(self, connection: Connection, work: Callable[[Books], T]) -> T:
        transaction = connection.begin()
        try:
            books = CentralBooks(connection, self._schema, self._clock)
            result = work(books)
            books.finish()
        except BaseException:
            with suppress(DBAPIError):
                transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as e:
            if surely_not_committed(e):
                raise
            connection.invalidate()
            raise OutcomeUnknown(
                f"the database was asked to commit and did not answer: {e.orig}",
                code="commit-unknown",
                cure="Look the payment up before doing anything again.",
            ) from e
        return result

    def _look(self, connection: Connection, work: Callable[[Books], T]) -> T:
        with connection.begin():
            return work(CentralBooks(connection, self._schema, self._clock))
