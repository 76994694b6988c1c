"""The list of payments: the relay's, page by page, with this till's unsent receipts on top; the till's own where the relay is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.mapping import instant
from hmis_pos.contract.payments import Transaction
from hmis_pos.db.local.records import KeptReceipt
from hmis_pos.domain.errors import NotAllowed, NotFound, PosError, Unavailable
from hmis_pos.domain.payment import PaymentState
from hmis_pos.terminal.presenters.arrivals import Arrivals
from hmis_pos.terminal.presenters.payment_detail import (
    detail_of_receipt,
    detail_of_transaction,
    row_of_receipt,
    row_of_transaction,
)
from hmis_pos.terminal.presenters.payments_model import PaymentsModel
from hmis_pos.terminal.presenters.payments_view import (
    PaymentDetail,
    PaymentRow,
    PaymentsFilter,
    PaymentsState,
    PaymentsView,
    Period,
    StateFilter,
    Way,
)
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import EAT
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.relay_client import TransactionFilter

PAGE = 50
#: Receipts of this till looked through for unsent ones; with more unsent than this the top bar tells how many.
_LOCAL = 200
_WORKS_ALONE = (Unavailable, NotAllowed)


class PaymentsPresenter(QObject):
    """Give ``model`` to the table; render ``changed``; call :meth:`open` when the screen is shown."""

    changed = Signal(PaymentsView)

    def __init__(
        self, services: Services, receipts: ReceiptPresenter, arrivals: Arrivals, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._receipts = receipts
        self._arrivals = arrivals
        self.model = PaymentsModel(self.more, self)
        self._filter = PaymentsFilter()
        self._view = PaymentsView()
        self._opened = False
        self._listing = False
        self._list_again = False
        self._loaded = False
        self._loading_more = False
        self._cursor = ""
        self._alone = False
        self._before: int | None = None
        self._error: PosError | None = None
        self._selected = ""
        self._detail: PaymentDetail | None = None
        self._detail_problem: Words | None = None
        self._kept: KeptReceipt | None = None
        self._said: Transaction | None = None
        services.worklist.paymentChanged.connect(self._on_payment)
        arrivals.moved.connect(self._on_arrived)
        services.line.changed.connect(self._on_line)
        services.store.on_receipt(lambda _receipt: self.refresh())
        services.sender.acknowledged.connect(self._on_acknowledged)

    @property
    def view(self) -> PaymentsView:
        return self._view

    def today(self) -> date:
        """The day it is in Kenya."""
        return self._services.clock.now().astimezone(EAT).date()

    # ------------------------------------------------------------ intents

    def open(self) -> None:
        """The screen is shown."""
        self._opened = True
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew, if it was opened."""
        if not self._opened:
            return
        if self._listing:
            self._list_again = True
            return
        self._listing = True
        self._services.tasks.spawn(self._list(), name="payments.list")

    def search(self, text: str) -> None:
        """Patient, invoice, receipt or M-Pesa code; the latest text wins."""
        self._narrow(replace(self._filter, search=text))

    def show_states(self, states: StateFilter) -> None:
        self._narrow(replace(self._filter, state=states))

    def show_way(self, way: Way) -> None:
        """One method, or one way by which M-Pesa comes."""
        self._narrow(replace(self._filter, way=way))

    def show_mine(self, mine: bool) -> None:  # noqa: FBT001 - the slot of a tick box
        """Only what I took."""
        self._narrow(replace(self._filter, mine=mine))

    def show_period(self, period: Period) -> None:
        self._narrow(replace(self._filter, period=period))

    def show_dates(self, first: date | None, last: date | None) -> None:
        """From one day to another, both included; None leaves that end open. Days the wrong way round are turned."""
        if first is not None and last is not None and first > last:
            first, last = last, first
        self._narrow(replace(self._filter, period=Period.DATES, first=first, last=last))

    def clear_filter(self) -> None:
        """All payments of the period again."""
        self._narrow(PaymentsFilter(period=self._filter.period, first=self._filter.first, last=self._filter.last))

    def more(self) -> None:
        """The next page."""
        if self.model.has_more and not self._loading_more and not self._listing:
            self._loading_more = True
            self._services.tasks.spawn(self._read_more(), name="payments.more")

    def choose(self, uid: str) -> None:
        """Show a payment in full; empty: none."""
        self._selected, self._detail, self._detail_problem, self._kept, self._said = uid, None, None, None, None
        self._publish()
        if uid:
            self._services.tasks.spawn(self._read_detail(uid), name="payments.detail")

    def choose_row(self, row: int) -> None:
        """The table's current row changed."""
        uid = self.model.uid_at(row)
        if uid and uid != self._selected:
            self.choose(uid)

    def read_again(self) -> None:
        """Something was done with the chosen payment elsewhere."""
        if self._selected:
            self._services.tasks.spawn(self._read_detail(self._selected), name="payments.detail")

    def reprint(self) -> None:
        """Print the chosen payment's receipt again; the paper says COPY."""
        if self._kept is not None:
            self._receipts.reprint(str(self._kept.receipt.uid))

    def issue_receipt(self) -> None:
        """The receipt of the chosen payment, where it came while nobody served its invoice."""
        if self._said is not None and self._detail is not None and self._detail.issue.enabled:
            self._arrivals.listed([self._said])
            self._arrivals.issue(UUID(self._said.uid))

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self.refresh()
        self.choose(self._selected)

    @property
    def transaction(self) -> Transaction | None:
        """The chosen payment as the relay last told it; None where only this till knows of it."""
        return self._said

    @property
    def receipt_uid(self) -> str:
        """The receipt of the chosen payment, where this till issued it; empty otherwise."""
        return "" if self._kept is None else str(self._kept.receipt.uid)

    # ------------------------------------------------------------ reading

    def _narrow(self, wanted: PaymentsFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._publish()
            self.refresh()

    async def _list(self) -> None:
        try:
            while True:
                self._list_again = False
                await self._list_once(self._filter)
                if not self._list_again:
                    return
        except PosError as e:
            self._error = e
        finally:
            self._listing = False
            self._publish()

    async def _list_once(self, wanted: PaymentsFilter) -> None:
        now = self._services.clock.now()
        try:
            page = await self._services.relay.transactions(self._asked(wanted), limit=PAGE)
        except _WORKS_ALONE:
            kept = await self._services.store.receipts.latest(PAGE)
            rows = self._local_rows(kept, wanted, unsent_only=False)
            cursor, alone, more = "", True, len(kept) == PAGE
            before = kept[-1].receipt.number if kept else None
        else:
            # The relay knows each M-Pesa payment before its receipt, and by which way it came; a receipt does not.
            kept = [] if wanted.way.channel else await self._unsent()
            unsent = self._local_rows(kept, wanted, unsent_only=True)
            listed = [row_of_transaction(one, now) for one in page.transactions]
            known = {row.uid for row in listed}
            rows = [*(row for row in unsent if row.uid not in known), *listed]
            cursor, alone, more, before = page.next, False, bool(page.next), None
        if wanted != self._filter:
            self._list_again = True
            return
        self._cursor, self._alone, self._before = cursor, alone, before
        self._error, self._loaded = None, True
        self.model.show(rows, more=more)

    async def _unsent(self) -> list[KeptReceipt]:
        counts = await self._services.store.outbox.counts()
        if not counts.unsent and not counts.refused:
            return []
        return await self._services.store.receipts.latest(_LOCAL)

    async def _read_more(self) -> None:
        wanted, now = self._filter, self._services.clock.now()
        try:
            if self._alone:
                kept = await self._services.store.receipts.latest(PAGE, before=self._before)
                rows = self._local_rows(kept, wanted, unsent_only=False)
                self._before = kept[-1].receipt.number if kept else self._before
                more = len(kept) == PAGE
            else:
                page = await self._services.relay.transactions(self._asked(wanted), cursor=self._cursor, limit=PAGE)
                rows = [row_of_transaction(one, now) for one in page.transactions]
                self._cursor, more = page.next, bool(page.next)
        except PosError as e:
            self._detail_problem = problem_words(e)
        else:
            if wanted == self._filter:
                self.model.append(rows, more=more)
        finally:
            self._loading_more = False
            self._publish()

    def _asked(self, wanted: PaymentsFilter) -> TransactionFilter:
        since, until = wanted.span(self._services.clock.now())
        return TransactionFilter(
            search=wanted.search.strip(),
            statuses=tuple(state.value for state in wanted.state.states),
            methods=(wanted.way.method.value,) if wanted.way.method is not None else (),
            channels=(wanted.way.channel,) if wanted.way.channel else (),
            cashier=self._services.desk.cashier if wanted.mine else "",
            since=since,
            until=until,
        )

    def _local_rows(self, kept: list[KeptReceipt], wanted: PaymentsFilter, *, unsent_only: bool) -> list[PaymentRow]:
        now = self._services.clock.now()
        return [
            row_of_receipt(one, now)
            for one in kept
            if (not unsent_only or one.acknowledged_at is None) and self._fits_receipt(one, wanted)
        ]

    def _fits_receipt(self, kept: KeptReceipt, wanted: PaymentsFilter) -> bool:
        receipt = kept.receipt
        since, until = wanted.span(self._services.clock.now())
        words = f"{receipt.invoice.patient_name} {receipt.invoice.patient_no} {receipt.invoice.number} {receipt.no} "
        words += receipt.provider_receipt
        return (
            wanted.state in (StateFilter.ALL, StateFilter.PAID)
            and wanted.way.method in (None, receipt.method)
            and (not wanted.mine or receipt.cashier == self._services.desk.cashier)
            and (since is None or receipt.issued_at >= since)
            and (until is None or receipt.issued_at < until)
            and all(word in words.casefold() for word in wanted.search.casefold().split())
        )

    async def _read_detail(self, uid: str) -> None:
        now = self._services.clock.now()
        kept = await self._services.store.receipts.by_payment(UUID(uid))
        problem: Words | None = None
        detail: PaymentDetail | None = None
        said: Transaction | None = None
        try:
            said = await self._services.relay.transaction(UUID(uid))
        except (*_WORKS_ALONE, NotFound) as e:
            if kept is not None:
                detail = detail_of_receipt(kept, now)
            else:
                problem = problem_words(e)
        except PosError as e:
            problem = problem_words(e)
        else:
            detail = detail_of_transaction(said, kept, now, self._arrivals.get(UUID(uid)))
        if self._selected == uid:
            self._detail, self._detail_problem, self._kept, self._said = detail, problem, kept, said
            self._publish()

    # ------------------------------------------------------------ news

    def _on_payment(self, said: Transaction) -> None:
        if not self._opened or self._alone:
            return
        row = row_of_transaction(said, self._services.clock.now())
        self.model.put(row, insert=self._fits(said))
        if said.uid == self._selected:
            self._services.tasks.spawn(self._read_detail(said.uid), name="payments.detail")
        self._publish()

    def _fits(self, said: Transaction) -> bool:
        """Whether a payment that is not shown belongs on top; a search is asked of the relay, not guessed here."""
        wanted = self._filter
        since, until = wanted.span(self._services.clock.now())
        began = instant(said.created_at)
        return (
            self._loaded
            and not wanted.search.strip()
            and (not wanted.state.states or said.status in wanted.state.states)
            and (wanted.way.method is None or said.payment_method == wanted.way.method)
            and wanted.way.channel in ("", said.channel)
            and (not wanted.mine or said.processed_by == self._services.desk.cashier)
            and (since is None or began >= since)
            and (until is None or began < until)
            and said.status != PaymentState.CREATED
        )

    def _on_arrived(self, invoice_id: int) -> None:
        """Its receipt is being issued, was, or could not be."""
        if self._said is not None and self._said.invoice_id == invoice_id:
            self._services.tasks.spawn(self._read_detail(self._said.uid), name="payments.detail")

    def _on_acknowledged(self, _uid: str) -> None:
        self.refresh()

    def _on_line(self, _state: str) -> None:
        if self._alone == self._services.line.online:
            self.refresh()
        self._publish()

    # ------------------------------------------------------------ the view

    def _publish(self) -> None:
        state, message = self._state()
        view = PaymentsView(
            state=state,
            filter=self._filter,
            shown=self.model.rowCount(),
            more=self.model.has_more,
            loading_more=self._loading_more,
            message=message,
            offline=self._alone,
            selected=self._selected,
            detail=self._detail,
            detail_problem=self._detail_problem,
        )
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _state(self) -> tuple[PaymentsState, Words | None]:
        if self._error is not None:
            return PaymentsState.ERROR, problem_words(self._error)
        if not self._loaded:
            return PaymentsState.LOADING, Words(self.tr("Reading the payments"))
        if self.model.rowCount():
            if not self._alone:
                return PaymentsState.READY, None
            return PaymentsState.READY, Words(
                self.tr("Only the receipts of this till are shown"),
                self.tr("The relay is away; the others come with the connection."),
            )
        if self._filter.narrows:
            return PaymentsState.NO_HITS, Words(
                self.tr("No payment fits"), self.tr("Take something out of the filter, or choose more days.")
            )
        return PaymentsState.EMPTY, Words(
            self.tr("No payments in this time"), self.tr("Choose more days to see older ones.")
        )
