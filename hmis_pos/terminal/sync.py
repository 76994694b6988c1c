"""Handing committed receipts to the relay: in order, each exactly once, never forgotten before the relay answered.

Exactly once is the relay's doing, by the receipt's uid; this side only never stops offering and never reorders. It wakes when
a receipt is committed, when the relay is reachable again, and every 15 seconds while something waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs
from hmis_pos.cashier.ports import Clock, Ids, OutboxItem
from hmis_pos.contract import receipts
from hmis_pos.db.local.records import SyncAnswer
from hmis_pos.domain.errors import PosError
from hmis_pos.domain.money import Money
from hmis_pos.terminal.backoff import Backoff
from hmis_pos.terminal.relay_client import RelayClient

if TYPE_CHECKING:
    from hmis_pos.db.local.store import LocalStore

#: How long it sleeps at most while receipts wait.
LOOK_SECONDS = 15.0
_log = logs.logger("terminal.sync")


class OutboxSender(QObject):
    """Run :meth:`run` as a task; call :meth:`wake` when there may be something to do.

    Signals:
        countsChanged(unsent, refused): receipts the relay has not got, and receipts it would not take.
        acknowledged(uid): the relay has this receipt (its uid as text).
        behind(here, relay): the relay holds higher numbers than this store ever gave: an old copy was put back. Stop selling.
        failed(code): the last try got no answer; empty text after one that did.
    """

    countsChanged = Signal(int, int)  # noqa: N815 - Qt's style
    acknowledged = Signal(str)
    behind = Signal(int, int)
    failed = Signal(str)

    def __init__(
        self, store: LocalStore, relay: RelayClient, clock: Clock, ids: Ids, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._relay = relay
        self._clock = clock
        self._ids = ids
        self._wake = asyncio.Event()
        self._counts = (-1, -1)
        self._failure = ""
        store.on_receipt(lambda _: self.wake())
        relay.feedChanged.connect(self._on_feed)

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    async def run(self) -> None:
        """For ever: send what waits, then sleep until woken."""
        pause = Backoff(1.0, LOOK_SECONDS)
        while True:
            self._wake.clear()
            done = await self.send_all()
            if done:
                pause.reset()
            try:
                async with asyncio.timeout(LOOK_SECONDS if done else pause.seconds()):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def send_all(self) -> bool:
        """Send batch after batch until nothing waits.

        Returns:
            False where the relay gave no answer; the rows stay, with the reason.
        """
        done = True
        while done and (batch := await self._store.outbox.pending(receipts.MAX_BATCH)):
            await self._tell_counts()
            done = await self._send(batch)
        await self._tell_counts()
        return done

    async def _send(self, batch: Sequence[OutboxItem]) -> bool:
        try:
            # A new key each time: a stored answer must not speak for a receipt that a person offers again.
            key = str(self._ids.uuid())
            answers = await self._relay.sync_receipts([item.document for item in batch], key=key)
        except PosError as e:
            await self._store.outbox.tried([item.uid for item in batch], e.message)
            _log.warning("receipts not sent", count=len(batch), code=e.code)
            self._fail(e.code)
            return False
        said = [_answer(one) for one in answers.answers]
        await self._store.outbox.acknowledge(said, self._clock.now())
        self._fail("")
        for one in said:
            if one.refused:
                _log.error("receipt refused", uid=str(one.uid), code=one.code)
            else:
                self.acknowledged.emit(str(one.uid))
        await self._check_series(answers.last_number)
        return bool({one.uid for one in said} & {item.uid for item in batch})

    async def _check_series(self, relay_last: int) -> None:
        here = await self._store.outbox.last_number()
        if relay_last > here:
            _log.error("the relay holds numbers this store never gave", here=here, relay=relay_last)
            self.behind.emit(here, relay_last)

    async def _tell_counts(self) -> None:
        counts = await self._store.outbox.counts()
        if self._counts != (counts.unsent, counts.refused):
            self._counts = (counts.unsent, counts.refused)
            self.countsChanged.emit(counts.unsent, counts.refused)

    def _fail(self, code: str) -> None:
        if code != self._failure:
            self._failure = code
            self.failed.emit(code)

    def _on_feed(self, connected: bool) -> None:  # noqa: FBT001 - a Qt slot
        if connected:
            self.wake()


def _answer(one: receipts.Answer) -> SyncAnswer:
    return SyncAnswer(
        uid=UUID(one.uid),
        refused=one.result == "refused",
        deposited=Money.parse(one.deposited),
        code=one.code,
        message=one.message,
    )
