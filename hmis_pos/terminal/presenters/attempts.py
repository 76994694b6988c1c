"""M-Pesa attempts this till looks after: asking, watching, and handing out the receipt, whoever stands at the counter by then.

An attempt is written to the local store before the relay is asked, so that a restart goes on watching. What is known of it is the
relay's latest transaction; news never takes knowledge back. The receipt of a proven payment is issued once, by
``cashier.issue_receipt``; the money itself is the relay's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs
from hmis_pos.contract.mapping import money
from hmis_pos.contract.payments import Transaction
from hmis_pos.db.local.records import WatchedPayment
from hmis_pos.domain.errors import NotFound, OutcomeUnknown, PosError
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import MONEY_STATES, OPEN_STATES, Method, PaymentState
from hmis_pos.terminal.presenters import attempt_news
from hmis_pos.terminal.presenters.line import LineState
from hmis_pos.terminal.presenters.paid_receipts import PaidReceipts
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.views import Toast

_log = logs.logger("terminal.mpesa")

#: After this long without a word, an attempt the relay does not know never reached it: requests are given up after 60 s.
_ARRIVES_WITHIN = timedelta(seconds=90)
#: A no is watched for a late success as long as the relay looks for one.
_LATE = timedelta(hours=48)
#: Seconds between looks at attempts whose state is open; news normally comes by the feed.
LOOK_EVERY = 30
#: Money that comes without our asking is :mod:`~hmis_pos.terminal.presenters.arrivals`' business.
_CHANNEL = "counter"
#: Codes of a refusal behind which the request itself may all the same be recorded.
_DOUBTFUL = frozenset({"idempotency-running", "duplicate-reference"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to collect. ``transaction`` is None until the relay said anything about it."""

    uid: UUID
    invoice_id: int
    amount: Money
    phone: str  #: normalised
    key: str
    cashier: str
    began_at: datetime
    invoice: Invoice | None = None  #: as the cashier saw it
    transaction: Transaction | None = None
    asking: bool = False  #: our request is under way
    ours: bool = True  #: begun at this till, which therefore hands out the receipt
    receipt_no: str = ""
    stopping: bool = False

    @property
    def status(self) -> str:
        """As the relay says; ``unknown`` while it said nothing and no request is under way."""
        if self.transaction is not None:
            return self.transaction.status
        return PaymentState.CREATED.value if self.asking else PaymentState.UNKNOWN.value

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATES

    @property
    def is_paid(self) -> bool:
        return self.status in MONEY_STATES


class Attempts(QObject):
    """``moved`` names the invoice whose attempt changed; ``told`` brings results to whoever looks elsewhere."""

    moved = Signal(int)
    told = Signal(Toast)

    def __init__(self, services: Services, receipts: PaidReceipts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._receipts = receipts
        self._all: dict[UUID, Attempt] = {}
        self._settling: set[UUID] = set()
        self._complained: set[UUID] = set()
        self._looked_at = 0
        services.worklist.paymentChanged.connect(self.heard)
        services.line.changed.connect(self._on_line)
        services.ticker.ticked.connect(self._tick)

    def of_invoice(self, invoice_id: int) -> Attempt | None:
        """The latest attempt on an invoice."""
        mine = [one for one in reversed(self._all.values()) if one.invoice_id == invoice_id]
        return max(mine, key=lambda one: one.began_at, default=None)

    def ringing(self) -> list[Attempt]:
        """Open attempts of this till, oldest first."""
        return sorted((one for one in self._all.values() if one.ours and one.is_open), key=lambda one: one.began_at)

    # ------------------------------------------------------------ asking

    async def ask(self, attempt: Attempt) -> None:
        """Ask the relay once. Repeating it with the same attempt repeats the same request, never a new one.

        Raises:
            PosError: the relay refused, or was not reached: the patient was not asked, and nothing is left of the attempt.
        """
        services = self._services
        await services.store.watched.watch(
            WatchedPayment(
                uid=attempt.uid,
                invoice_id=attempt.invoice_id,
                method=Method.MPESA.value,
                amount=attempt.amount,
                phone=attempt.phone,
                idempotency_key=attempt.key,
                cashier=attempt.cashier,
                status=PaymentState.CREATED.value,
                began_at=attempt.began_at,
            )
        )
        self._put(replace(attempt, asking=True))
        _log.info("phone asked", payment_uid=str(attempt.uid), invoice=attempt.invoice_id)
        try:
            said = await services.relay.initiate_mpesa(
                uid=attempt.uid,
                invoice_id=attempt.invoice_id,
                amount=attempt.amount,
                phone=attempt.phone,
                key=attempt.key,
            )
        except OutcomeUnknown:
            self._asked(attempt.uid)
        except PosError as e:
            self._asked(attempt.uid)
            if e.code in _DOUBTFUL or self._knows(attempt.uid):
                return
            await self._drop(attempt.uid)
            raise
        except BaseException:
            self._asked(attempt.uid)
            raise
        else:
            self._asked(attempt.uid)
            self.heard(said)

    async def stop(self, uid: UUID) -> None:
        """Stop waiting for it.

        Raises:
            PosError: it has a result already, or the relay is away.
        """
        self._change(uid, stopping=True)
        try:
            self.heard(await self._services.relay.stop(uid, key=self._services.ids.token()))
        finally:
            self._change(uid, stopping=False)

    async def look(self, uid: UUID) -> None:
        """Ask the relay how it stands. What the relay never got is let go, once it cannot arrive any more."""
        try:
            self.heard(await self._services.relay.transaction(uid))
        except NotFound:
            known = self._all.get(uid)
            if known is None or known.transaction is not None or known.asking:
                return
            if self._services.clock.now() - known.began_at >= _ARRIVES_WITHIN:
                await self._drop(uid)
                self.told.emit(attempt_news.not_asked(known.invoice_id))
        except PosError:
            return  # asked again by the next tick, or when the relay is back

    async def resume(self) -> None:
        """After a start: watch what was begun before, and see how it stands."""
        now = self._services.clock.now()
        for kept in await self._services.store.watched.all():
            if kept.status not in OPEN_STATES and now - kept.began_at > _LATE:
                await self._services.store.watched.forget(kept.uid)
            elif kept.uid not in self._all:
                self._put(
                    Attempt(
                        uid=kept.uid,
                        invoice_id=kept.invoice_id,
                        amount=kept.amount,
                        phone=kept.phone,
                        key=kept.idempotency_key,
                        cashier=kept.cashier,
                        began_at=kept.began_at,
                    )
                )
        await self._look_at(list(self._all.values()))

    # ------------------------------------------------------------ news

    def heard(self, said: Transaction) -> None:
        """The relay told of a payment: an answer, an event, a look-up; in any order, any number of times."""
        if said.payment_method != Method.MPESA.value or said.channel != _CHANNEL:
            return
        uid = UUID(said.uid)
        known = self._all.get(uid)
        if known is None:
            known = self._adopted(said)
            if known is None:
                return
        elif not _is_news(said, known.transaction):
            return
        grown = replace(known, transaction=said, receipt_no=known.receipt_no or said.receipt_no)
        self._put(grown)
        self._services.tasks.spawn(self._follow_up(grown, known.status), name="mpesa.follow-up")

    def observe(self, uid: UUID) -> None:
        """Look at an attempt that another counter or a web page began."""
        if uid not in self._all:
            self._services.tasks.spawn(self._observe(uid), name="mpesa.observe")

    # ------------------------------------------------------------ within

    async def _observe(self, uid: UUID) -> None:
        try:
            said = await self._services.relay.transaction(uid)
        except PosError:
            return
        if uid not in self._all and said.payment_method == Method.MPESA.value:
            self._put(_from_transaction(said, ours=said.terminal == self._services.desk.series != ""))
            self.heard(said)

    def _adopted(self, said: Transaction) -> Attempt | None:
        """A payment this till began and no longer watches (a late success), if its receipt is still owed."""
        mine = said.terminal == self._services.desk.series != ""
        owes_receipt = said.status == PaymentState.COMPLETED and not said.receipt_no
        return _from_transaction(said, ours=True) if mine and owes_receipt else None

    async def _follow_up(self, attempt: Attempt, was: str) -> None:
        said = attempt.transaction
        if said is None or not attempt.ours:
            return
        if attempt.is_paid:
            await self._settle(attempt.uid, late=was not in OPEN_STATES)
            return
        await self._services.store.watched.note_status(attempt.uid, said.status)
        if said.status != was and said.status in (PaymentState.FAILED, PaymentState.EXPIRED, PaymentState.UNKNOWN):
            self.told.emit(attempt_news.no_money(said))

    async def _settle(self, uid: UUID, *, late: bool = False) -> None:
        """Issue the receipt once, print it, tell it."""
        attempt = self._all[uid]
        said = attempt.transaction
        if said is None or uid in self._settling:
            return
        self._settling.add(uid)
        try:
            issued = await self._receipts.commit(said, cashier=attempt.cashier, seen=attempt.invoice)
            await self._services.store.watched.forget(uid)
        except PosError as e:
            if uid not in self._complained:
                self._complained.add(uid)
                self.told.emit(attempt_news.no_receipt(attempt.invoice_id, e))
            return
        finally:
            self._settling.discard(uid)
        if issued is None:  # another install of this till handed it out
            return
        self._change(uid, receipt_no=issued.receipt.no)
        if issued.fresh:
            self.told.emit(attempt_news.paid(said, issued.receipt.no, late=late))
        await self._receipts.hand_out(issued)

    async def _drop(self, uid: UUID) -> None:
        gone = self._all.pop(uid, None)
        await self._services.store.watched.forget(uid)
        if gone is not None:
            self.moved.emit(gone.invoice_id)

    async def _look_at(self, some: Iterable[Attempt]) -> None:
        for one in some:
            if one.is_paid and one.ours and not one.receipt_no:
                await self._settle(one.uid)
            elif not one.is_paid:
                await self.look(one.uid)

    def _on_line(self, state: str) -> None:
        if state == LineState.ONLINE:
            self._services.tasks.spawn(self._look_at(self._unsettled()), name="mpesa.look")

    def _tick(self) -> None:
        self._looked_at += 1
        if self._looked_at % LOOK_EVERY == 0 and self._services.line.online:
            due = self._unsettled()
            if due:
                self._services.tasks.spawn(self._look_at(due), name="mpesa.look")

    def _unsettled(self) -> list[Attempt]:
        return [one for one in self._all.values() if one.is_open or (one.ours and one.is_paid and not one.receipt_no)]

    def _knows(self, uid: UUID) -> bool:
        known = self._all.get(uid)
        return known is not None and known.transaction is not None

    def _asked(self, uid: UUID) -> None:
        self._change(uid, asking=False)

    def _change(
        self,
        uid: UUID,
        *,
        asking: bool | None = None,
        stopping: bool | None = None,
        receipt_no: str | None = None,
    ) -> None:
        known = self._all.get(uid)
        if known is None:
            return
        self._put(
            replace(
                known,
                asking=known.asking if asking is None else asking,
                stopping=known.stopping if stopping is None else stopping,
                receipt_no=known.receipt_no if receipt_no is None else receipt_no,
            )
        )

    def _put(self, attempt: Attempt) -> None:
        if self._all.get(attempt.uid) != attempt:
            self._all[attempt.uid] = attempt
            self.moved.emit(attempt.invoice_id)


def _from_transaction(said: Transaction, *, ours: bool) -> Attempt:
    return Attempt(
        uid=UUID(said.uid),
        invoice_id=said.invoice_id,
        amount=money(said.amount, said.currency),
        phone=said.phone,
        key="",
        cashier=said.processed_by,
        began_at=datetime.fromisoformat(said.created_at),
        ours=ours,
        receipt_no=said.receipt_no,
    )


def _is_news(said: Transaction, known: Transaction | None) -> bool:
    """Whether it tells more than is known: evidence only grows, and proven money stays proven."""
    if known is None:
        return True
    if known.status in MONEY_STATES and said.status not in MONEY_STATES:
        return False
    return len(said.evidence) >= len(known.evidence) and said != known
