"""Who waits: the queue, its search, its scanner, and which invoice is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from hmis_pos.domain.errors import PosError
from hmis_pos.terminal.presenters.queue_model import PAGE, QueueModel
from hmis_pos.terminal.presenters.queue_rows import lazy_row, note
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import waited
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.queue_document import QueueItem
from hmis_pos.terminal.worklist import QueueState as Reading

#: The most hits a search shows; who sees more types on.
HITS = 200
_MINUTE = 60


class QueueState(StrEnum):
    """What the column shows."""

    LOADING = "loading"  #: nothing cached yet, the relay is being read
    READY = "ready"
    EMPTY = "empty"  #: nobody waits
    NO_HITS = "no_hits"
    OFFLINE = "offline"  #: nothing cached, and the relay is away
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """The queue's column. ``read`` and ``total`` are the progress of a reading (0: unknown)."""

    state: QueueState = QueueState.LOADING
    search: str = ""
    shown: int = 0
    waiting: int = 0
    header: str = ""
    message: Words | None = None
    read: int = 0
    total: int = 0
    offline: bool = False  #: rows are shown as they were when the connection was lost
    selected_id: int = 0  #: 0: none
    selected_row: int = -1  #: -1: none, or not among the rows shown


@dataclass(frozen=True, slots=True)
class Choice:
    """The cashier chose this invoice (0: none any more)."""

    invoice_id: int


class QueuePresenter(QObject):
    """Give ``model`` to the list; render ``changed``; call the intents."""

    changed = Signal(QueueView)
    chosen = Signal(Choice)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        worklist = services.worklist
        self._worklist = worklist
        self._desk = services.desk
        self._clock = services.clock
        self._tasks = services.tasks
        self.model = QueueModel(services.clock.now, self._fetch, self)
        self._view = QueueView()
        self._text = ""
        self._listing = False
        self._list_again = False
        self._loaded = False
        self._progress: tuple[int, int] | None = None
        self._error: PosError | None = None
        self._waiting = 0
        self._longest = ""
        self._selected = 0
        self._selected_row = -1
        self._beats = 0
        services.ticker.ticked.connect(self._tick)
        worklist.queueChanged.connect(self._on_queue)
        worklist.invoiceChanged.connect(self._on_invoice)
        worklist.progressed.connect(self._on_progress)
        worklist.stateChanged.connect(self._on_state)

    @property
    def view(self) -> QueueView:
        return self._view

    # ------------------------------------------------------------ intents

    def start(self) -> None:
        """Show what is cached."""
        self._refresh()

    def search(self, text: str) -> None:
        """The search field changed. The latest text wins; while one search runs, no second one starts."""
        if text != self._text:
            self._text = text
            self._refresh()

    def clear_search(self) -> None:
        """Back to the whole queue."""
        self.search("")

    def enter(self) -> None:
        """Enter in the search field: the exact number, else the only hit."""
        text = self._text.strip()
        if text:
            self._tasks.spawn(self._enter(text), name="queue.enter")
        elif not self._selected:
            self.choose_row(0)

    def scanned(self, code: str) -> None:
        """A barcode scanner's burst."""
        self._tasks.spawn(self._enter(code), name="queue.scan")

    def choose(self, invoice_id: int) -> None:
        """Choose an invoice, whether it is among the rows shown or not; 0 chooses none."""
        if invoice_id == self._selected:
            self._publish()
            return
        self._selected = invoice_id
        self._selected_row = self.model.row_of(invoice_id)
        self._publish()
        self.chosen.emit(Choice(invoice_id))

    def choose_row(self, row: int) -> None:
        """The list's current row changed; a row that is not there is no matter."""
        invoice_id = self.model.id_at(row)
        if invoice_id is not None:
            self.choose(invoice_id)

    def step(self, rows: int) -> None:
        """Up and down, not beyond the ends."""
        count = self.model.rowCount()
        if count:
            row = self.model.row_of(self._selected)
            start = row + rows if row >= 0 else max(0, min(self._selected_row, count - 1))
            self.choose_row(min(max(start, 0), count - 1))

    def serve_next(self) -> None:
        """The next patient: the first one waiting, behind the chosen one, whose phone does not ring and whom nobody serves."""
        self._tasks.spawn(self._serve_next(), name="queue.next")

    def retry(self) -> None:
        """Try again after an error."""
        self._refresh()

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()
        self._refresh()

    # ------------------------------------------------------------ news

    def _on_queue(self) -> None:
        if self._worklist.state is Reading.READING:  # rows were read anew, and nobody says which of them changed
            self.model.all_stale()
        self._refresh()

    def _on_invoice(self, invoice_id: int) -> None:
        if self.model.has_row(invoice_id):
            self._tasks.spawn(self._fetch_rows([invoice_id]), name="queue.row")

    def _on_progress(self, read: int, of: int) -> None:
        self._progress = (read, of)
        self._publish()

    def _on_state(self, _state: str) -> None:
        if self._worklist.state is not Reading.READING:
            self._progress = None
        self._publish()

    # ------------------------------------------------------------ within

    def _refresh(self) -> None:
        if self._listing:
            self._list_again = True
            return
        self._listing = True
        self._tasks.spawn(self._list(), name="queue.list")

    async def _list(self) -> None:
        try:
            while True:
                self._list_again = False
                await self._list_once(self._text)
                if not self._list_again:
                    return
        except PosError as e:
            self._error = e
        finally:
            self._listing = False
            self._publish()

    async def _list_once(self, text: str) -> None:
        words = text.strip()
        ids = await (self._worklist.search(words, HITS) if words else self._worklist.ids())
        self._waiting = len(ids) if not words else await self._worklist.count()
        await self._measure()
        if text != self._text:
            self._list_again = True
            return
        self._error = None
        self._loaded = True
        self._remember_row()
        self.model.set_ids(ids)
        self._publish()

    async def _measure(self) -> None:
        since = await self._worklist.waiting_since()
        self._longest = "" if since is None else waited((self._clock.now() - since).total_seconds())

    def _fetch(self, ids: list[int]) -> None:
        self._tasks.spawn(self._fetch_rows(ids), name="queue.rows")

    async def _fetch_rows(self, ids: list[int]) -> None:
        try:
            items = await self._worklist.items(ids)
            self.model.put_rows(lazy_row(one, self._desk.series) for one in items)
        except PosError as e:
            self._error = e
            self._publish()
        finally:
            self.model.answered(ids)

    async def _enter(self, code: str) -> None:
        try:
            exact = await self._worklist.scanned(code)
            hits = exact or await self._worklist.search(code, 2)
        except PosError as e:
            self._error = e
            self._publish()
            return
        if len(exact) > 1:  # a patient with several invoices: show them, choose the first
            self.search(code)
            self.choose(exact[0])
        elif len(hits) == 1:
            self.clear_search()
            self.choose(hits[0])
        else:
            self.search(code)

    async def _serve_next(self) -> None:
        ids = self.model.ids
        row = self.model.row_of(self._selected)
        after = row + 1 if row >= 0 else max(0, self._selected_row)
        order = [*ids[after:], *ids[: row if row >= 0 else after]]
        try:
            for first in range(0, len(order), PAGE):
                items = await self._worklist.items(order[first : first + PAGE])
                free = next((one for one in items if self._is_free(one)), None)
                if free is not None:
                    self.choose(free.id)
                    return
        except PosError as e:
            self._error = e
        if not order:
            self.choose(0)
        self._publish()

    def _is_free(self, one: QueueItem) -> bool:
        said = note(one, self._desk.series, self._clock.now())
        return said.kind == "plain" and not said.elsewhere

    @property
    def _online(self) -> bool:
        return self._worklist.state in (Reading.LIVE, Reading.READING)

    def _remember_row(self) -> None:
        row = self.model.row_of(self._selected)
        if row >= 0:
            self._selected_row = row

    def _tick(self) -> None:
        self._beats += 1
        minute = self._beats % _MINUTE == 0
        self.model.tick(minute=minute)
        if minute and self._loaded:
            self._tasks.spawn(self._new_minute(), name="queue.minute")

    async def _new_minute(self) -> None:
        try:
            await self._measure()
        except PosError as e:
            self._error = e
        self._publish()

    def _publish(self) -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _make_view(self) -> QueueView:
        state, message = self._state()
        read, total = self._progress or (0, 0)
        return QueueView(
            state=state,
            search=self._text,
            shown=self.model.rowCount(),
            waiting=self._waiting,
            header=self._header(state),
            message=message,
            read=read,
            total=total,
            offline=not self._online,
            selected_id=self._selected,
            selected_row=self.model.row_of(self._selected),
        )

    def _state(self) -> tuple[QueueState, Words | None]:
        rows = self.model.rowCount()
        if self._error is not None:
            return QueueState.ERROR, problem_words(self._error)
        if rows:
            return QueueState.READY, None
        if self._text.strip() and self._loaded:
            return QueueState.NO_HITS, Words(
                self.tr("Nobody is found for \u201c{text}\u201d").format(text=self._text.strip()),
                self.tr("Try a part of the name, the phone, or scan the invoice. Esc shows the whole queue."),
            )
        if self._progress is not None or not self._loaded:
            return QueueState.LOADING, self._loading_words()
        if not self._online:
            return QueueState.OFFLINE, Words(
                self.tr("The relay is away, and no invoice is kept here"),
                self.tr("The queue comes by itself once the connection is back."),
            )
        return QueueState.EMPTY, Words(self.tr("Nobody is waiting"), self.tr("New invoices appear here by themselves."))

    def _loading_words(self) -> Words:
        if self._progress is None or not self._progress[1]:
            return Words(self.tr("Reading the queue"))
        read, total = self._progress
        return Words(self.tr("Reading the queue, {read} of {total}").format(read=f"{read:,}", total=f"{total:,}"))

    def _header(self, state: QueueState) -> str:
        if state in (QueueState.LOADING, QueueState.ERROR) and not self._waiting:
            return ""
        if self._text.strip():
            found = self.model.rowCount()
            shown = f"{found}+" if found >= HITS else str(found)
            return self.tr("{found} found · {n} waiting").format(found=shown, n=f"{self._waiting:,}")
        if not self._waiting:
            return self.tr("nobody waiting")
        head = self.tr("{n} waiting").format(n=f"{self._waiting:,}")
        if not self._longest:
            return head
        return self.tr("{head} · longest {time}").format(head=head, time=self._longest)
