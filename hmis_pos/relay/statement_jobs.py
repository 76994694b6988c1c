"""Imports of statements that were uploaded: one after the other, behind the answer that took the file.

What an import found and how it ended is in the books; only how far it is, and the file itself, are here. A relay that stops in the
middle leaves an import that nobody goes on with: the next start says so, and the same file uploaded again finishes it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from hmis_pos import logs
from hmis_pos.cashier import import_statement
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.import_statement import StatementView
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor
from hmis_pos.cashier.records_back_office import StatementFile
from hmis_pos.domain.errors import PosError, Unavailable
from hmis_pos.gateways.mpesa import statement_source
from hmis_pos.gateways.mpesa.statement_source import MpesaStatement
from hmis_pos.relay.wakeup import Bell

#: Files that may wait behind the one that is read.
MOST_WAITING = 5
#: Seconds between looks without being woken.
LOOK = 60.0
#: Imports looked at after a start.
LOOKED_AT = 50
#: States in which somebody should be at work on it.
UNFINISHED = frozenset({"reading", "comparing"})

_log = logs.logger("relay.statements")


@dataclass(frozen=True, slots=True)
class _Job:
    """A file that is open and waits. ``files`` closes and deletes it."""

    file: StatementFile
    source: MpesaStatement
    by: str
    files: ExitStack


class StatementJobs:
    """The imports of one relay process."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._queue: deque[_Job] = deque()
        self._bell = Bell()
        self._percent: dict[int, int | None] = {}
        self._tidied = False

    async def take(self, path: Path, name: str, actor: Actor) -> StatementView:
        """Begin the import of the file at ``path``, which is ours from now on and deleted in the end.

        A file that was imported before, or is being imported, is not read again.

        Raises:
            CashierMistake: it is no statement, or another shortcode's; nothing was stored.
            Unavailable: too many files wait.
        """
        with ExitStack() as files:
            files.callback(path.unlink, missing_ok=True)
            if len(self._queue) >= MOST_WAITING:
                raise Unavailable(
                    f"{MOST_WAITING} statements wait to be read",
                    code="statements-busy",
                    cure="Wait until the list shows them as done, then import this one.",
                )
            source = await asyncio.to_thread(files.enter_context, statement_source.opened(path, name))
            file = await import_statement.begin(self._ctx, source, by=actor.username, facility_id=actor.facility_id)
            if file.state != "done" and file.id not in self._percent:
                self._percent[file.id] = 0
                self._queue.append(_Job(file, source, actor.username, files.pop_all()))
                self._bell.ring()
        return self.with_progress(await import_statement.view(self._ctx, file.id))

    def with_progress(self, view: StatementView) -> StatementView:
        """The same with how far its reading is, where that is known here."""
        return replace(view, percent=self._percent.get(view.file.id))

    async def step(self) -> int:
        """Import the next file, to its end; how many that were."""
        if not self._tidied:
            await self._tell_abandoned()
        if not self._queue:
            return 0
        job = self._queue.popleft()
        try:
            with job.files:
                await self._run(job)
        finally:
            self._percent.pop(job.file.id, None)
        return 1

    async def wait(self) -> None:
        """Until a file may be waiting."""
        await self._bell.wait(LOOK)

    def close(self) -> None:
        """Delete the files that still wait."""
        while self._queue:
            self._queue.popleft().files.close()

    async def _run(self, job: _Job) -> None:
        def told(view: StatementView) -> None:
            self._percent[view.file.id] = view.percent

        try:
            await import_statement.run(self._ctx, job.source, by=job.by, facility_id=job.file.facility_id, told=told)
        except PosError as e:  # the import itself says in the books that it broke
            _log.warning("statement not imported", statement=job.file.id, code=e.code, why=e.message)
        except Exception:  # noqa: BLE001 - one file must not stop those behind it
            _log.exception("statement import broke", statement=job.file.id)
            await self._break(job.file.id, "the relay made a mistake while it was read: give IT this file")

    async def _tell_abandoned(self) -> None:
        """Imports that a relay left in the middle: their file is gone."""
        facility = self._ctx.policy.home_facility
        found = await self._ctx.database.read(lambda books: books.statements.page(facility, None, LOOKED_AT))
        for file in found:
            if file.state in UNFINISHED and file.id not in self._percent:
                await self._break(file.id, "the relay stopped while it was read: import the same file again")
        self._tidied = True

    async def _break(self, file_id: int, why: str) -> None:
        def phase(books: Books) -> None:
            file = books.statements.get(file_id)
            if file is not None and file.state in UNFINISHED:
                books.statements.save(replace(file, state="broken", trouble=why))
                books.trail.emit("statement.changed", file.facility_id, {"statement_id": file_id})

        await self._ctx.database.write(phase)
