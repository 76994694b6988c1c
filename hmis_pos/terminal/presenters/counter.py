"""The chosen invoice: what it says, and that this counter serves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.invoices import Invoice as InvoiceMessage
from hmis_pos.contract.invoices import Ringing, ServedBy
from hmis_pos.contract.mapping import invoice_from, money
from hmis_pos.domain.errors import Conflict, NotFound, PosError
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters import arrival_words
from hmis_pos.terminal.presenters.arrivals import Arrivals
from hmis_pos.terminal.presenters.invoice_view import (
    EarlierView,
    InvoiceView,
    deposit_of,
    earlier_views,
    invoice_view,
)
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Words
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.queue_document import QueueItem
from hmis_pos.terminal.relay_client import TransactionFilter
from hmis_pos.terminal.worklist import QueueState

#: The relay's lease lasts 90 s; three tries fit into it.
RENEW_SECONDS = 30
_EARLIER_READ = 50


class CounterState(StrEnum):
    """What the middle column shows."""

    NOBODY = "nobody"  #: no patient is chosen
    LOADING = "loading"
    READY = "ready"
    GONE = "gone"  #: it is not kept here and the relay cannot give it


class Claim(StrEnum):
    """Whose the invoice is."""

    NONE = "none"
    ASKING = "asking"
    MINE = "mine"
    ELSEWHERE = "elsewhere"  #: another counter has it; nothing is taken before ``take_over``
    UNSEEN = "unseen"  #: the relay is away: nobody can tell who else serves it


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterView:
    """The middle column."""

    state: CounterState = CounterState.NOBODY
    invoice: InvoiceView | None = None
    claim: Claim = Claim.NONE
    arrived: Notice | None = None  #: M-Pesa money came for it without a prompt of ours
    issue: ActionView = NO_ACTION  #: the receipt of such money, where a person has to issue it and more is owed
    notice: Words | None = None  #: about the claim, or why there is nothing to see
    can_take_over: bool = False
    earlier: tuple[EarlierView, ...] = ()
    earlier_complete: bool = True  #: False: only what this till knows, the relay is away
    deposit: str = ""  #: ``0.00``; empty where it is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvoice:
    """What the payment panels work on. ``fresh``: chosen just now; otherwise its figures changed."""

    invoice: Invoice | None = None
    ringing: Ringing | None = None
    held_elsewhere: bool = False
    fresh: bool = False


class CounterPresenter(QObject):
    """Render ``changed``; connect ``opened`` to the payment panels."""

    changed = Signal(CounterView)
    opened = Signal(OpenInvoice)
    listed = Signal(object)  #: the payments of the chosen patient, as the relay lists them (a list of ``Transaction``)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = services.store
        self._worklist = services.worklist
        self._relay = services.relay
        self._desk = services.desk
        self._clock = services.clock
        self._ids = services.ids
        self._tasks = services.tasks
        self._view = CounterView()
        self._chosen = 0
        self._item: QueueItem | None = None
        self._gone = False  #: it could not be read when it was chosen
        self._claim = Claim.NONE
        self._since: datetime | None = None
        self._holder: ServedBy | None = None
        self._notice: Words | None = None
        self._earlier: tuple[EarlierView, ...] = ()
        self._earlier_complete = True
        self._deposit = ""
        self._last_open: OpenInvoice | None = None
        self._beats = 0
        self._arrivals: Arrivals | None = None
        services.ticker.ticked.connect(self._tick)
        services.worklist.invoiceChanged.connect(self._on_invoice)
        services.worklist.stateChanged.connect(self._on_state)

    @property
    def view(self) -> CounterView:
        return self._view

    @property
    def invoice_id(self) -> int:
        """The chosen invoice, 0 for none."""
        return self._chosen

    @property
    def invoice_number(self) -> str:
        """The number of the invoice that is shown, empty while there is none."""
        return self._item.invoice.number if self._item is not None else ""

    def follow(self, arrivals: Arrivals) -> None:
        """Tell what came for the chosen invoice by itself."""
        self._arrivals = arrivals
        arrivals.moved.connect(self._on_arrived)
        self.listed.connect(arrivals.listed)

    def issue_receipt(self) -> None:
        """The receipt of money that came while nobody served this invoice."""
        owing = self._arrivals.owing(self._chosen) if self._arrivals is not None else None
        if owing is not None and self._arrivals is not None and self._claim is not Claim.ELSEWHERE:
            self._arrivals.issue(owing.uid)

    def _on_arrived(self, invoice_id: int) -> None:
        if invoice_id == self._chosen:
            self._publish(self._view.state)

    def served_since(self, invoice_id: int) -> datetime | None:
        """Since when this counter serves an invoice, as the relay confirmed; None where it does not."""
        return self._since if invoice_id == self._chosen and self._claim is Claim.MINE else None

    # ------------------------------------------------------------ intents

    def choose(self, invoice_id: int) -> None:
        """Serve this invoice (0: nobody). The one served before is let go."""
        if invoice_id == self._chosen:
            return
        if self._claim is Claim.MINE:
            self._tasks.spawn(self._let_go(self._chosen), name="counter.release")
        self._chosen = invoice_id
        self._item, self._holder, self._notice, self._gone = None, None, None, False
        self._claim, self._since = Claim.NONE, None
        self._earlier, self._earlier_complete, self._deposit = (), True, ""
        self._last_open = None
        if not invoice_id:
            self._publish(CounterState.NOBODY)
            self._open(fresh=True)
            return
        self._tasks.spawn(self._begin(invoice_id), name="counter.choose")

    def take_over(self) -> None:
        """The cashier saw who has it and goes on all the same."""
        if self._chosen and self._claim is Claim.ELSEWHERE:
            self._tasks.spawn(self._ask(self._chosen, take_over=True), name="counter.take-over")

    def refresh(self) -> None:
        """Read figures and earlier payments again; what could not be read when it was chosen is begun anew."""
        if self._gone:
            self._tasks.spawn(self._begin(self._chosen), name="counter.choose")
        elif self._chosen:
            self._tasks.spawn(self._reload(self._chosen), name="counter.reload")
            self._tasks.spawn(self._read_earlier(self._chosen), name="counter.earlier")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish(self._view.state)
        self.refresh()

    # ------------------------------------------------------------ news

    def _on_invoice(self, invoice_id: int) -> None:
        if invoice_id == self._chosen:
            self.refresh()

    def _on_state(self, _state: str) -> None:
        """The relay came back: read what could not be read, claim what could not be claimed."""
        live = self._worklist.state is QueueState.LIVE
        if live and self._gone:
            self.refresh()
        elif live and self._item is not None and self._claim in (Claim.UNSEEN, Claim.NONE):
            self._tasks.spawn(self._ask(self._chosen), name="counter.claim")
            self._tasks.spawn(self._read_earlier(self._chosen), name="counter.earlier")

    # ------------------------------------------------------------ within

    async def _begin(self, invoice_id: int) -> None:
        await self._reload(invoice_id, fresh=True)
        if self._chosen == invoice_id and self._item is not None:
            self._tasks.spawn(self._ask(invoice_id), name="counter.claim")
            self._tasks.spawn(self._read_earlier(invoice_id), name="counter.earlier")

    async def _reload(self, invoice_id: int, *, fresh: bool = False) -> None:
        try:
            found = await self._worklist.get(invoice_id) or _from_relay(await self._relay.invoice(invoice_id))
        except PosError as e:
            if self._chosen == invoice_id and self._item is None:
                self._notice, self._gone = problem_words(e), True
                self._publish(CounterState.GONE)
                self._open(fresh=True)
            return
        if self._chosen != invoice_id:
            return
        if self._item is None:
            self._notice, self._gone = None, False
        self._item = found
        if self._claim is Claim.MINE and found.served_elsewhere(self._desk.series, self._clock.now()):
            self._claim, self._since, self._holder = Claim.ELSEWHERE, None, found.served_by
        elif self._claim is Claim.ELSEWHERE and not found.served_elsewhere(self._desk.series, self._clock.now()):
            self._tasks.spawn(self._ask(invoice_id), name="counter.claim")
        self._publish(CounterState.READY)
        self._open(fresh=fresh)

    async def _ask(self, invoice_id: int, *, take_over: bool = False) -> None:
        """Claim it at the relay, or renew the claim."""
        if self._chosen == invoice_id and self._claim is Claim.NONE:
            self._claim = Claim.ASKING
        try:
            await self._relay.serve(invoice_id, self._desk.counter, key=self._ids.token(), take_over=take_over)
        except Conflict as e:
            holder = await self._who(invoice_id) if e.code == "served-elsewhere" else None
            self._claimed(invoice_id, Claim.ELSEWHERE if e.code == "served-elsewhere" else Claim.UNSEEN, holder)
        except NotFound as e:
            self._claimed(invoice_id, Claim.NONE, None, problem_words(e))
        except PosError:
            self._claimed(invoice_id, Claim.UNSEEN, None)
        else:
            if self._chosen != invoice_id:  # the cashier went on while we asked
                await self._let_go(invoice_id)
                return
            self._claimed(invoice_id, Claim.MINE, None)

    async def _who(self, invoice_id: int) -> ServedBy | None:
        try:
            return (await self._relay.invoice(invoice_id)).served_by
        except PosError:
            return self._item.served_by if self._item is not None else None

    def _claimed(self, invoice_id: int, claim: Claim, holder: ServedBy | None, notice: Words | None = None) -> None:
        if self._chosen != invoice_id:
            return
        if claim is not Claim.MINE:
            self._since = None
        elif self._since is None:
            self._since = self._clock.now()
        self._claim, self._holder, self._notice = claim, holder, notice
        if self._item is not None:
            self._publish(CounterState.READY)
            self._open(fresh=False)

    async def _let_go(self, invoice_id: int) -> None:
        try:
            await self._relay.release(invoice_id, key=self._ids.token())
        except PosError:
            return  # the lease ends by itself

    async def _read_earlier(self, invoice_id: int) -> None:
        item, now = self._item, self._clock.now()
        if item is None or item.id != invoice_id:
            return  # nobody knows yet whose payments to ask for
        wanted = TransactionFilter(patient_id=item.invoice.patient_id)
        kept = await self._store.receipts.of_invoice(invoice_id)
        try:
            page = await self._relay.transactions(wanted, limit=_EARLIER_READ)
        except PosError:
            earlier, complete, deposit = earlier_views((), kept, invoice_id, now), False, ""
        else:
            earlier, complete = earlier_views(page.transactions, kept, invoice_id, now), True
            deposit = "" if page.next else deposit_of(page.transactions).grouped
            self.listed.emit(page.transactions)
        if self._chosen == invoice_id:
            self._earlier, self._earlier_complete, self._deposit = earlier, complete, deposit
            if self._item is not None:
                self._publish(CounterState.READY)

    def _tick(self) -> None:
        self._beats += 1
        if self._beats % RENEW_SECONDS == 0 and self._chosen and self._claim in (Claim.MINE, Claim.UNSEEN):
            self._tasks.spawn(self._ask(self._chosen), name="counter.renew")

    def _open(self, *, fresh: bool) -> None:
        found = self._item
        opened = OpenInvoice(
            invoice=found.invoice if found is not None else None,
            ringing=found.ringing if found is not None else None,
            held_elsewhere=self._claim is Claim.ELSEWHERE,
            fresh=fresh,
        )
        if fresh or opened != self._last_open:
            self._last_open = OpenInvoice(
                invoice=opened.invoice, ringing=opened.ringing, held_elsewhere=opened.held_elsewhere
            )
            self.opened.emit(opened)

    def _publish(self, state: CounterState) -> None:
        ready = state is CounterState.READY and self._item is not None
        view = CounterView(
            state=state,
            invoice=invoice_view(self._item, self._clock.now()) if ready and self._item is not None else None,
            claim=self._claim,
            arrived=self._arrived_words() if ready else None,
            issue=self._issue() if ready else NO_ACTION,
            notice=self._claim_words() or self._notice,
            can_take_over=self._claim is Claim.ELSEWHERE,
            earlier=self._earlier,
            earlier_complete=self._earlier_complete,
            deposit=self._deposit,
        )
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _arrived_words(self) -> Notice | None:
        """News, or money whose receipt a person has to issue; what is older stands among the earlier payments."""
        arrival = self._arrivals.latest(self._chosen) if self._arrivals is not None else None
        if arrival is None or self._item is None or not (arrival.live or arrival.owes_receipt):
            return None
        return arrival_words.banner(arrival, self._item.payable)

    def _issue(self) -> ActionView:
        owing = self._arrivals.owing(self._chosen) if self._arrivals is not None else None
        if owing is None or self._item is None or not self._item.payable:
            return NO_ACTION
        why = self.tr("Another counter has this patient") if self._claim is Claim.ELSEWHERE else ""
        label = self.tr("Issue the receipt of {amount}").format(
            amount=money(owing.said.received, owing.said.currency).grouped
        )
        return ActionView(label=label, enabled=not why, why_not=why)

    def _claim_words(self) -> Words | None:
        if self._claim is Claim.ELSEWHERE:
            advice = self.tr("Serve another patient, or take over if the patient stands before you.")
            if self._holder is None:
                return Words(self.tr("Another counter has this patient"), advice)
            title = self.tr("At {counter}, served by {cashier}")
            return Words(title.format(counter=self._holder.counter, cashier=self._holder.cashier), advice)
        if self._claim is Claim.UNSEEN:
            return Words(
                self.tr("The relay is away: other counters may serve this patient too"),
                self.tr("Cash goes on. Should it be paid twice, the second payment becomes the patient's deposit."),
            )
        return None


def _from_relay(message: InvoiceMessage) -> QueueItem:
    """An invoice that is not in the queue here, as the relay tells it."""
    invoice = invoice_from(message)
    return QueueItem(
        invoice=invoice,
        served_by=message.served_by,
        ringing=message.ringing,
        unsynced=Money.zero(invoice.total.currency),
    )
