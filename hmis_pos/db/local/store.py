"""The local store as the terminal's services use it: one object, one file, one thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import argon2
from sqlalchemy import Connection

from hmis_pos.cashier.ports import Till
from hmis_pos.db.local.file import check_space
from hmis_pos.db.local.install import Installation, ensure_install
from hmis_pos.db.local.lock import InstanceLock
from hmis_pos.db.local.notes import Notes
from hmis_pos.db.local.outbox import Outbox
from hmis_pos.db.local.receipts import Receipts
from hmis_pos.db.local.records import Documents
from hmis_pos.db.local.till import SqlTill
from hmis_pos.db.local.users import KnownUsers
from hmis_pos.db.local.watched import WatchedPayments
from hmis_pos.db.local.worker import Worker
from hmis_pos.db.local.worklist import Worklist, purge_closed
from hmis_pos.domain.errors import Conflict
from hmis_pos.domain.receipt import Receipt

T = TypeVar("T")
STORE_FILE = "till.db"
LOCK_FILE = "till.lock"
_CLOCK_SLACK = timedelta(seconds=60)


class LocalStore:
    """Implements :class:`hmis_pos.cashier.ports.TillStore`; the areas beside it are attributes.

    Open it with :meth:`open`, close it with :meth:`close`.
    """

    def __init__(
        self,
        folder: Path,
        worker: Worker,
        lock: InstanceLock,
        documents: Documents,
        hasher: argon2.PasswordHasher | None = None,
    ) -> None:
        self.folder = folder
        self._worker = worker
        self._lock = lock
        self._documents = documents
        self._listeners: list[Callable[[Receipt], None]] = []
        self.install = Installation(worker)
        self.receipts = Receipts(worker, documents)
        self.outbox = Outbox(worker)
        self.worklist = Worklist(worker)
        self.watched = WatchedPayments(worker)
        self.users = KnownUsers(worker, hasher)
        self.notes = Notes(worker)

    @classmethod
    async def open(
        cls,
        folder: Path,
        key: str,
        documents: Documents,
        fresh_uid: UUID,
        *,
        hasher: argon2.PasswordHasher | None = None,
    ) -> LocalStore:
        """Lock the folder, open or create the store in it, check that it is whole.

        ``key`` is 64 hex digits from the keyring; ``fresh_uid`` becomes the install's uid where the store is new.

        Raises:
            Conflict: another process has it open.
            Misconfigured: wrong key, damaged, made by a newer program, or SQLite too old.
        """
        lock = InstanceLock(folder / LOCK_FILE)
        worker = Worker(folder / STORE_FILE, key)

        def settle(c: Connection) -> None:
            ensure_install(c, fresh_uid)
            purge_closed(c)

        try:
            await worker.open()
            await worker.run(settle)
        except BaseException:
            await worker.close()
            lock.release()
            raise
        return cls(folder, worker, lock, documents, hasher)

    async def write(self, work: Callable[[Till], T]) -> T:
        """Run till work in one transaction; listeners hear of a committed receipt afterwards."""
        committed: list[Receipt] = []

        def in_transaction(c: Connection) -> T:
            till = SqlTill(c, self._documents, self.folder)
            result = work(till)
            committed.extend(till.committed)
            return result

        result = await self._worker.run(in_transaction)
        for receipt in committed:
            for listener in self._listeners:
                listener(receipt)
        return result

    def on_receipt(self, listener: Callable[[Receipt], None]) -> None:
        """Call ``listener`` on the loop after each committed receipt."""
        self._listeners.append(listener)

    async def check_ready_to_sell(self, now: datetime) -> None:
        """Ask before money changes hands.

        Raises:
            Unavailable: the disk is nearly full (code ``disk-full``).
            Conflict: the clock stands before the last receipt (code ``clock-behind``).
        """
        check_space(self.folder)
        last = await self.receipts.last_issued_at()
        if last is not None and now + _CLOCK_SLACK < last:
            raise Conflict(
                "this computer's clock stands before the last receipt",
                code="clock-behind",
                cure="Set date and time right (automatic time), then take the money.",
            )

    async def close(self) -> None:
        """Finish what was begun, close the file, let another process in."""
        await self._worker.close()
        self._lock.release()
