"""The queue, kept live: read once from end to end, then followed by the event feed; read anew when the feed says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs
from hmis_pos.contract import events
from hmis_pos.contract.invoices import Invoice
from hmis_pos.db.local.records import CachedInvoice, RingingMark, ServingMark
from hmis_pos.domain.errors import CashierMistake, NotAllowed, PosError
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.backoff import Backoff
from hmis_pos.terminal.event_stream import FeedEvent
from hmis_pos.terminal.queue_document import QueueItem, cached, item, ringing_mark, serving_mark
from hmis_pos.terminal.relay_client import RelayClient

if TYPE_CHECKING:
    from hmis_pos.db.local.store import LocalStore

_PAGE = 500
#: Events applied in one commit at most.
_AT_ONCE = 200
_log = logs.logger("terminal.worklist")


class QueueState(StrEnum):
    """What the queue column says of itself."""

    READING = "reading"  #: being read from the relay for the first time, or anew
    LIVE = "live"  #: as the relay sees it now
    AWAY = "away"  #: as it was when the relay was last heard
    SIGNED_OUT = "signed-out"  #: somebody has to sign in


class Worklist(QObject):
    """Run :meth:`run` as a task while somebody is signed in; the reading methods work at any time.

    Signals:
        stateChanged(str): a :class:`QueueState`.
        progressed(read, of): while it is read from end to end.
        queueChanged(): ids or their order changed; ask :meth:`ids` again.
        invoiceChanged(invoice_id): this row changed; ask :meth:`items`.
        paymentChanged(transaction): a payment moved, anywhere in the facility (``contract.payments.Transaction``).
        taskOpened(task): somebody has to look (``contract.events.TaskOpened``).
        taskClosed(task): it was seen to (``contract.events.TaskClosed``).
        unmatchedChanged(money): unmatched money arrived, or a part of it was placed (``contract.unmatched.Unmatched``).
        checkChanged(check): a receipt number was proven, refused or is asked about (``contract.codes.CodeCheck``).
        refundChanged(refund): a refund moved (``contract.refunds.Refund``).
        statementChanged(statement): an import went on (``contract.statements.Statement``).
    """

    stateChanged = Signal(str)  # noqa: N815 - Qt's style
    progressed = Signal(int, int)
    queueChanged = Signal()  # noqa: N815
    invoiceChanged = Signal(int)  # noqa: N815
    paymentChanged = Signal(object)  # noqa: N815
    taskOpened = Signal(object)  # noqa: N815
    taskClosed = Signal(object)  # noqa: N815
    unmatchedChanged = Signal(object)  # noqa: N815
    checkChanged = Signal(object)  # noqa: N815
    refundChanged = Signal(object)  # noqa: N815
    statementChanged = Signal(object)  # noqa: N815

    def __init__(self, store: LocalStore, relay: RelayClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._relay = relay
        self._state = QueueState.AWAY
        store.on_receipt(self._on_receipt)
        relay.feedChanged.connect(self._on_feed)

    # ------------------------------------------------------------ what screens ask

    @property
    def state(self) -> QueueState:
        return self._state

    async def ids(self) -> list[int]:
        """Who waited longest first."""
        return await self._store.worklist.ids()

    async def items(self, ids: Sequence[int]) -> list[QueueItem]:
        """The rows on screen, in the order asked; what is gone is left out."""
        return [item(row) for row in await self._store.worklist.rows(ids)]

    async def get(self, invoice_id: int) -> QueueItem | None:
        found = await self.items([invoice_id])
        return found[0] if found else None

    async def search(self, words: str, limit: int = 200) -> list[int]:
        """As the cashier types; see :meth:`hmis_pos.db.local.worklist.Worklist.search`."""
        return await self._store.worklist.search(words, limit)

    async def scanned(self, code: str) -> list[int]:
        """Invoices in the queue whose invoice or patient number is exactly ``code``."""
        return await self._store.worklist.exact(code)

    async def count(self) -> int:
        return await self._store.worklist.count()

    async def waiting_since(self) -> datetime | None:
        return await self._store.worklist.waiting_since()

    # ------------------------------------------------------------ keeping it live

    async def run(self) -> None:
        """Until the session ends: read, follow, read anew."""
        pause = Backoff()
        try:
            while True:
                position = await self._store.worklist.position()
                try:
                    if position is None:
                        position = await self._read_all()
                        pause.reset()
                    await self._follow(position)
                    await self._store.worklist.begin_reading()
                except NotAllowed:
                    raise
                except PosError as e:
                    _log.info("queue not read", code=e.code)
                    self._set(QueueState.AWAY)
                    await asyncio.sleep(pause.seconds())
        except NotAllowed:
            self._set(QueueState.SIGNED_OUT)

    async def refresh(self, invoice_id: int) -> QueueItem | None:
        """Ask the relay how an invoice stands now, before money is taken for it."""
        message = await self._relay.invoice(invoice_id)
        await self._store.worklist.upsert([cached(message)])
        self.invoiceChanged.emit(invoice_id)
        return await self.get(invoice_id)

    async def _read_all(self) -> int:
        """Page by page; returns the feed's position before the first page, from which nothing is missed."""
        self._set(QueueState.READING)
        await self._store.worklist.begin_reading()
        cursor, done, start = "", 0, None
        while True:
            page = await self._relay.invoices(cursor=cursor, limit=_PAGE)
            start = page.last_event if start is None else start
            rows = [row for row in (_readable(message) for message in page.invoices) if row is not None]
            await self._store.worklist.upsert(rows)
            done += len(page.invoices)
            self.progressed.emit(done, max(done, page.open_count))
            if not cursor:
                self.queueChanged.emit()  # the first page is on the screen while the rest comes
            cursor = page.next
            if not cursor:
                break
        await self._store.worklist.end_reading(start)
        self.queueChanged.emit()
        return start

    async def _follow(self, position: int) -> None:
        """Apply the feed, as many events at once as have come; returns when it says ``reset``."""
        arrived: asyncio.Queue[FeedEvent | PosError] = asyncio.Queue(maxsize=2 * _AT_ONCE)
        failure: PosError | None = None
        reset = False
        async with asyncio.TaskGroup() as group:
            reader = group.create_task(self._read_feed(position, arrived))
            while failure is None and not reset:
                batch = [await arrived.get()]
                while not arrived.empty() and len(batch) < _AT_ONCE:
                    batch.append(arrived.get_nowait())
                told = [event for event in batch if isinstance(event, FeedEvent)]
                failure = next((error for error in batch if isinstance(error, PosError)), None)
                reset = any(isinstance(event.message, events.Reset) for event in told)
                if told and not reset:
                    await self._apply(told)
            reader.cancel()
        if failure is not None:
            raise failure

    async def _read_feed(self, position: int, arrived: asyncio.Queue[FeedEvent | PosError]) -> None:
        try:
            async with aclosing(self._relay.events(position)) as feed:
                async for event in feed:
                    await arrived.put(event)
        except PosError as e:  # handed over, since an error in a task group would come out wrapped
            await arrived.put(e)

    async def _apply(self, told: Sequence[FeedEvent]) -> None:
        changes = [change for change in (_change(event.message) for event in told) if change is not None]
        moved = [event.message.invoice for event in told if isinstance(event.message, events.InvoiceChanged)]
        await self._store.worklist.apply(changes, event=told[-1].id)
        if moved:
            self.queueChanged.emit()
        for invoice_id in dict.fromkeys(_about(change) for change in changes):
            self.invoiceChanged.emit(invoice_id)
        for event in told:
            self._tell(event.message)

    def _tell(self, message: object) -> None:
        match message:
            case events.PaymentChanged():
                self.paymentChanged.emit(message.payment)
            case events.TaskOpened():
                self.taskOpened.emit(message)
            case events.TaskClosed():
                self.taskClosed.emit(message)
            case events.UnmatchedChanged():
                self.unmatchedChanged.emit(message.unmatched)
            case events.CheckChanged():
                self.checkChanged.emit(message.check)
            case events.RefundChanged():
                self.refundChanged.emit(message.refund)
            case events.StatementChanged():
                self.statementChanged.emit(message.statement)

    def _on_receipt(self, receipt: Receipt) -> None:
        self.queueChanged.emit()
        self.invoiceChanged.emit(receipt.invoice.id)

    def _on_feed(self, connected: bool) -> None:  # noqa: FBT001 - a Qt slot
        self._set(QueueState.LIVE if connected else QueueState.AWAY)

    def _set(self, state: QueueState) -> None:
        if state is not self._state:
            self._state = state
            self.stateChanged.emit(state.value)


def _readable(message: Invoice) -> CachedInvoice | None:
    """One invoice that makes no sense must not keep the others away."""
    try:
        return cached(message)
    except CashierMistake as e:
        _log.error("invoice left out", invoice_id=message.id, reason=e.message)
        return None


def _change(message: object) -> CachedInvoice | ServingMark | RingingMark | None:
    match message:
        case events.InvoiceChanged():
            return _readable(message.invoice)
        case events.InvoiceServing():
            return serving_mark(message)
        case events.PaymentChanged():
            return ringing_mark(message.payment)
        case _:
            return None


def _about(change: CachedInvoice | ServingMark | RingingMark) -> int:
    return change.id if isinstance(change, CachedInvoice) else change.invoice_id
