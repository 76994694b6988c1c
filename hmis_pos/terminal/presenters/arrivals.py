"""M-Pesa money that came without a prompt of ours: by Paybill, by a code a patient showed, or placed out of unmatched money.

The money is the relay's business; here it is told to the counter it concerns, and its receipt is issued, by one till only. By itself a
till issues it when the relay's record names this till, when the relay says that this counter serves the invoice and has since before the
money came, or when this till asked for the proof of its code and no counter serves the invoice. Any other completed payment without a
receipt is offered to a person (:meth:`Arrivals.issue`). Should two persons press at once, the relay refuses the second paper with a task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs
from hmis_pos.contract.mapping import instant
from hmis_pos.contract.payments import Transaction
from hmis_pos.domain.errors import Conflict, PosError
from hmis_pos.domain.payment import MONEY_STATES, Method, PaymentState
from hmis_pos.terminal.presenters import arrival_words, attempt_news
from hmis_pos.terminal.presenters.line import LineState
from hmis_pos.terminal.presenters.paid_receipts import PaidReceipts
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.views import Toast, Words
from hmis_pos.terminal.presenters.words import problem_words

#: Channels of ``contract.payments.Transaction`` that no prompt of a counter begins.
CHANNELS = frozenset({"paybill", "code", "unmatched"})
#: Money that moved longer ago is found money, not news for whoever stands at a counter.
_NEWS = timedelta(minutes=30)
_log = logs.logger("terminal.arrivals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One payment that came by itself. ``live``: its news came while the program ran, not with an invoice that was opened later."""

    said: Transaction
    receipt_no: str = ""
    live: bool = False
    issuing: bool = False  #: being issued, or being found out whose it is to issue
    problem: Words | None = None  #: why its receipt is not issued

    @property
    def uid(self) -> UUID:
        return UUID(self.said.uid)

    @property
    def is_paid(self) -> bool:
        return self.said.status in MONEY_STATES

    @property
    def came_at(self) -> datetime:
        """When the relay had it."""
        return instant(self.said.completed_at or self.said.created_at)

    @property
    def owes_receipt(self) -> bool:
        """Whether nobody issued its receipt yet, as far as the relay and this till know."""
        return self.said.status == PaymentState.COMPLETED and not self.receipt_no


class Arrivals(QObject):
    """``moved`` names the invoice that money came for, or whose receipt was issued; ``told`` brings it to whoever looks elsewhere."""

    moved = Signal(int)
    told = Signal(Toast)

    def __init__(self, services: Services, paid: PaidReceipts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._paid = paid
        self._all: dict[UUID, Arrival] = {}
        self._mine: set[UUID] = set()  #: proven by a code that this till asked about
        self._settling: set[UUID] = set()
        self._again: set[UUID] = set()  #: to be issued by itself once the relay is back
        self._served_since: Callable[[int], datetime | None] = lambda _: None
        services.worklist.paymentChanged.connect(self.heard)
        services.line.changed.connect(self._on_line)

    def follow(self, served_since: Callable[[int], datetime | None]) -> None:
        """``served_since`` tells since when this counter serves an invoice (our clock); None where it does not."""
        self._served_since = served_since

    def of_invoice(self, invoice_id: int) -> tuple[Arrival, ...]:
        """What came for an invoice and is still there, as it came."""
        mine = (one for one in self._all.values() if one.said.invoice_id == invoice_id and one.is_paid)
        return tuple(sorted(mine, key=lambda one: one.came_at))

    def get(self, uid: UUID) -> Arrival | None:
        """What is known of one payment that came by itself."""
        return self._all.get(uid)

    def latest(self, invoice_id: int) -> Arrival | None:
        """The last money that came for an invoice; None where it all went back."""
        held = [one for one in self.of_invoice(invoice_id) if one.said.status != PaymentState.REFUNDED]
        return held[-1] if held else None

    def owing(self, invoice_id: int) -> Arrival | None:
        """Money of an invoice whose receipt a person has to issue; the first of several."""
        return next((one for one in self.of_invoice(invoice_id) if one.owes_receipt and not one.issuing), None)

    # ------------------------------------------------------------ news

    def heard(self, said: Transaction) -> None:
        """The relay told of a payment, in any order, any number of times."""
        if said.payment_method != Method.MPESA.value or said.channel not in CHANNELS:
            return
        uid = UUID(said.uid)
        known = self._all.get(uid)
        if known is not None and not _is_news(said, known.said):
            return
        if known is None:
            fresh = Arrival(said=said, receipt_no=said.receipt_no, live=True)
            self._put(replace(fresh, issuing=fresh.owes_receipt))
        else:
            self._put(replace(known, said=said, receipt_no=known.receipt_no or said.receipt_no))
        if known is None or not known.is_paid:
            self._services.tasks.spawn(self._arrived(uid), name="arrivals.follow-up")

    def listed(self, transactions: Iterable[Transaction]) -> None:
        """An invoice was opened, and these are its patient's payments: nothing is issued by itself for what came before."""
        for said in transactions:
            if said.payment_method == Method.MPESA.value and said.channel in CHANNELS:
                uid = UUID(said.uid)
                known = self._all.get(uid)
                if known is None:
                    self._put(Arrival(said=said, receipt_no=said.receipt_no))
                elif said.receipt_no and not known.receipt_no:
                    self._put(replace(known, receipt_no=said.receipt_no))

    def proven(self, uid: UUID) -> None:
        """A code that this till asked about paid: its receipt is ours, unless another counter serves the patient by now."""
        self._mine.add(uid)
        self._services.tasks.spawn(self._proven(uid), name="arrivals.proven")

    # ------------------------------------------------------------ the receipt

    def issue(self, uid: UUID) -> None:
        """A person asks for the receipt of a completed payment that has none."""
        if uid not in self._settling:
            self._services.tasks.spawn(self._issue(uid), name="arrivals.issue")

    async def _arrived(self, uid: UUID) -> None:
        one = self._all[uid]
        if one.owes_receipt:
            await self._by_itself(uid)
            one = self._all[uid]
        if one.is_paid and await self._concerns(one):
            self.told.emit(arrival_words.toast(one.said, one.receipt_no))

    async def _concerns(self, one: Arrival) -> bool:
        """Whether this counter is told: the money is fresh, and no other counter serves the patient."""
        now, series = self._services.clock.now(), self._services.desk.series
        if one.uid in self._mine or one.said.terminal == series != "":
            return True
        if one.said.channel != "paybill" or now - instant(one.said.paid_at or one.said.created_at) > _NEWS:
            return False
        here = await self._services.worklist.get(one.said.invoice_id)
        return here is None or not here.served_elsewhere(series, now)

    async def _proven(self, uid: UUID) -> None:
        known = self._all.get(uid)
        if known is None:
            try:
                self.heard(await self._services.relay.transaction(uid))
            except PosError:
                self._again.add(uid)
            return
        if known.owes_receipt:
            await self._by_itself(uid)

    async def _by_itself(self, uid: UUID) -> None:
        """Issue it where it is this till's to issue; else leave it to the counter it belongs to, or to a person."""
        if uid in self._settling:
            return
        self._settling.add(uid)
        said = self._all[uid].said
        try:
            if await self._is_ours(said):
                await self._commit(uid)
        except PosError as e:
            self._again.add(uid)
            self.told.emit(attempt_news.no_receipt(said.invoice_id, e))
        finally:
            self._settling.discard(uid)
            self._change(uid, issuing=False)

    async def _is_ours(self, said: Transaction) -> bool:
        """See the module's first words.

        Raises:
            PosError: the relay cannot be asked who serves the invoice.
        """
        series = self._services.desk.series
        if not series:
            return False
        if said.terminal:
            return said.terminal == series
        since = self._served_since(said.invoice_id)
        asked_here = UUID(said.uid) in self._mine
        if since is None and not asked_here:
            return False
        serving = (await self._services.relay.invoice(said.invoice_id)).served_by
        if serving is None or instant(serving.until) <= self._relay_time(self._services.clock.now()):
            return asked_here
        return serving.terminal == series and (
            asked_here or (since is not None and self._relay_time(since) <= instant(said.completed_at))
        )

    def _relay_time(self, here: datetime) -> datetime:
        return here + (self._services.server_time.offset or timedelta(0))

    async def _issue(self, uid: UUID) -> None:
        """By hand: what the relay knows of it now decides."""
        self._settling.add(uid)
        self._change(uid, issuing=True)
        problem: Words | None = None
        try:
            said = await self._services.relay.transaction(uid)
            if said.status != PaymentState.COMPLETED:
                raise Conflict("", code="payment-not-completed")
            known = self._all.get(uid)
            here = known.receipt_no if known is not None else ""
            self._put(Arrival(said=said, receipt_no=here or said.receipt_no, live=known is not None and known.live))
            if not await self._commit(uid):
                raise Conflict("", code="receipt-elsewhere")
        except PosError as e:
            problem = problem_words(e)
        finally:
            self._settling.discard(uid)
            self._change(uid, issuing=False, problem=problem)

    async def _commit(self, uid: UUID) -> bool:
        """Issue, show and print it.

        Returns:
            False where another till issued it.

        Raises:
            PosError: it cannot be issued now.
        """
        said = self._all[uid].said
        issued = await self._paid.commit(said, cashier=self._services.desk.cashier)
        self._again.discard(uid)
        if issued is None:
            return False
        known = self._all[uid]
        self._put(replace(known, receipt_no=issued.receipt.no, problem=None))
        _log.info("arrived money has its receipt", payment_uid=said.uid, channel=said.channel)
        await self._paid.hand_out(issued)
        return True

    # ------------------------------------------------------------ within

    def _on_line(self, state: str) -> None:
        if state == LineState.ONLINE:
            for uid in list(self._again):
                self._again.discard(uid)
                self._services.tasks.spawn(
                    self._by_itself(uid) if uid in self._all else self._proven(uid), name="arrivals.again"
                )

    def _change(self, uid: UUID, *, issuing: bool, problem: Words | None = None) -> None:
        known = self._all.get(uid)
        if known is not None:
            self._put(replace(known, issuing=issuing, problem=problem))

    def _put(self, arrival: Arrival) -> None:
        if self._all.get(arrival.uid) != arrival:
            self._all[arrival.uid] = arrival
            self.moved.emit(arrival.said.invoice_id)


def _is_news(said: Transaction, known: Transaction) -> bool:
    """Whether it tells more than is known: evidence only grows, and proven money stays proven."""
    if known.status in MONEY_STATES and said.status not in MONEY_STATES:
        return False
    return said != known and len(said.evidence) >= len(known.evidence)
