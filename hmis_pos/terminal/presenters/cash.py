"""Taking cash: three numbers (handed over, taken, given back), one button, and no relay in the way."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs
from hmis_pos.cashier.take_cash import CashSale, take_cash
from hmis_pos.contract.invoices import Ringing
from hmis_pos.domain.errors import Misconfigured, OutcomeUnknown, PosError
from hmis_pos.domain.invoice import Invoice, InvoiceStatus
from hmis_pos.domain.money import Money
from hmis_pos.domain.receipt import Receipt, Tender, change_in_pieces
from hmis_pos.terminal.presenters.cash_view import ADDERS, CashMode, CashState, CashView, NoteView, offers
from hmis_pos.terminal.presenters.counter import OpenInvoice
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import brief
from hmis_pos.terminal.presenters.views import ActionView, Words
from hmis_pos.terminal.presenters.words import problem_words

_log = logs.logger("terminal.cash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """After the cash part of a split: what M-Pesa is to bring."""

    invoice_id: int
    amount: Money


class CashPresenter(QObject):
    """Connect ``CounterPresenter.opened`` to :meth:`open`; render ``changed``; call the intents.

    ``restWanted`` asks for the M-Pesa panel after the cash part of a split, ``nextWanted`` for the next patient.
    """

    changed = Signal(CashView)
    restWanted = Signal(Rest)
    nextWanted = Signal()

    def __init__(self, services: Services, receipts: ReceiptPresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._receipts = receipts
        self._view = CashView()
        self._invoice: Invoice | None = None
        self._next_invoice: Invoice | None = None
        self._ringing: Ringing | None = None
        self._held_elsewhere = False
        self._payment_uid: UUID | None = None
        self._state = CashState.CLOSED
        self._mode = CashMode.FULL
        self._received: Money | None = None
        self._received_problem = ""
        self._applied: Money | None = None
        self._applied_problem = ""
        self._blocked: Words | None = None
        self._failed: Words | None = None
        self._behind = False
        self._receipt: Receipt | None = None
        services.sender.behind.connect(self._on_behind)

    @property
    def view(self) -> CashView:
        return self._view

    # ------------------------------------------------------------ intents

    def open(self, opened: OpenInvoice) -> None:
        """Another invoice was chosen, or its figures changed."""
        self._ringing, self._held_elsewhere = opened.ringing, opened.held_elsewhere
        same = opened.invoice is not None and self._invoice is not None and opened.invoice.id == self._invoice.id
        if not opened.fresh and same and self._state in (CashState.TAKING, CashState.TAKEN):
            self._next_invoice = opened.invoice  # what is shown belongs to the sale just made
            self._publish()
            return
        self._invoice = self._next_invoice = opened.invoice
        if opened.fresh or not same:
            self._begin()
        self._state = CashState.OPEN if self._owed() else CashState.CLOSED
        self._publish()
        if self._state is CashState.OPEN and opened.fresh:
            self._services.tasks.spawn(self._guard(), name="cash.guard")

    def receive(self, minor: int | None, problem: str = "") -> None:
        """What the patient hands over, as typed (in cents); None where nothing or nonsense stands in the field."""
        if self._again():
            self._received = None if minor is None else self._money(minor)
            self._received_problem = problem
            self._publish()

    def add(self, minor: int) -> None:
        """One more note or coin was handed over."""
        self.receive((self._received.minor if self._received is not None else 0) + minor)

    def exact(self) -> None:
        """The patient gives exactly what is to be taken."""
        if self._again():
            target = self._applied if self._mode is not CashMode.FULL and self._applied is not None else self._owed()
            self.receive(target.minor)

    def apply(self, minor: int | None, problem: str = "") -> None:
        """In a part payment: how much of it is taken for the invoice; None follows what is handed over."""
        if self._again():
            self._applied = None if minor is None else self._money(minor)
            self._applied_problem = problem
            self._publish()

    def part(self) -> None:
        """Part payment on, or back to the whole amount."""
        self._toggle(CashMode.PART)

    def split(self) -> None:
        """Cash for a part and M-Pesa for the rest, or back."""
        self._toggle(CashMode.SPLIT)

    def enter(self) -> None:
        """The one key: an empty field becomes the exact amount, a filled one is taken, after that comes the next patient."""
        if self._state is CashState.TAKEN:
            self.nextWanted.emit()
        elif self._received is None and not self._received_problem:
            self.exact()
        else:
            self.take()

    def take(self) -> None:
        """Take the money. Pressing twice is one sale."""
        if self._state is CashState.OPEN and self._view.primary.enabled and self._invoice is not None:
            self._state = CashState.TAKING
            self._failed = None
            self._publish()
            self._services.tasks.spawn(self._take(self._invoice), name="cash.take")

    def check_again(self) -> None:
        """Look again whether cash may be taken (the clock was set right, the disk has room)."""
        self._services.tasks.spawn(self._guard(), name="cash.guard")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ within

    def _begin(self) -> None:
        """A new sale: a new uid, so that this intent and no other is what a second press repeats."""
        self._payment_uid = self._services.ids.uuid() if self._invoice is not None else None
        self._mode = CashMode.FULL
        self._received = self._applied = None
        self._received_problem = self._applied_problem = ""
        self._failed = None
        self._receipt = None

    def _again(self) -> bool:
        """Whether typing makes sense; after a sale it begins the next one on what is still owed."""
        if self._state is CashState.TAKEN:
            self._invoice = self._next_invoice
            self._begin()
            self._state = CashState.OPEN if self._owed() else CashState.CLOSED
        return self._state is CashState.OPEN

    def _toggle(self, mode: CashMode) -> None:
        if self._again():
            self._mode = CashMode.FULL if self._mode is mode else mode
            self._applied, self._applied_problem = None, ""
            self._publish()

    def _check(self) -> None:
        """What must be right before money changes hands, without asking the disk."""
        if not self._services.desk.series:
            raise Misconfigured("this till has no receipt series yet", code="not-enrolled")
        if self._behind:
            raise Misconfigured("the relay knows newer receipts of this series", code="series-behind")
        self._services.server_time.check_cash()

    async def _guard(self) -> bool:
        try:
            self._check()
            await self._services.store.check_ready_to_sell(self._services.clock.now())
        except PosError as e:
            self._blocked = problem_words(e)
        else:
            self._blocked = None
        self._publish()
        return self._blocked is None

    async def _take(self, invoice: Invoice) -> None:
        tender = self._tender()
        uid = self._payment_uid
        try:
            if tender is None or uid is None or not await self._guard():
                self._state = CashState.OPEN
                return
            desk = self._services.desk
            sale = CashSale(payment_uid=uid, invoice=invoice, tender=tender, cashier=desk.cashier, counter=desk.counter)
            receipt = await self._commit(sale)
        except PosError as e:
            self._state = CashState.OPEN
            self._failed = problem_words(e)
            return
        except BaseException:
            self._state = CashState.OPEN
            raise
        else:
            self._receipt = receipt
            self._state = CashState.TAKEN
        finally:
            self._publish()
        await self._after(invoice, receipt)

    async def _commit(self, sale: CashSale) -> Receipt:
        """Take it; where the disk failed in the middle of saving, look whether the receipt is there after all."""
        services = self._services
        try:
            receipt = await take_cash(services.store, services.clock, services.ids, sale)
        except OutcomeUnknown:
            kept = await services.store.receipts.by_payment(sale.payment_uid)
            if kept is None:
                raise
            receipt = kept.receipt
        _log.info("cash taken", payment_uid=str(sale.payment_uid), receipt=receipt.no)
        return receipt

    async def _after(self, invoice: Invoice, receipt: Receipt) -> None:
        self._services.sender.wake()
        if self._mode is CashMode.SPLIT and receipt.balance:
            self.restWanted.emit(Rest(invoice_id=invoice.id, amount=receipt.balance))
        await self._receipts.hand_out(receipt)

    def _on_behind(self, _here: int, _relay: int) -> None:
        self._behind = True
        self._blocked = problem_words(Misconfigured("", code="series-behind"))
        self._publish()

    # ------------------------------------------------------------ sums

    def _money(self, minor: int) -> Money:
        return Money(minor, self._owed().currency)

    def _owed(self) -> Money:
        return self._invoice.owed if self._invoice is not None else Money.zero()

    def _wanted(self) -> Money | None:
        """What is to be taken for the invoice; None until that is known."""
        owed = self._owed()
        if self._mode is CashMode.FULL:
            return owed
        if self._applied is not None:
            return self._applied
        return None if self._received is None else min(self._received, owed)

    def _tender(self) -> Tender | None:
        """The three numbers, where they make a sale."""
        wanted = self._wanted()
        if self._received is None or wanted is None or wanted.minor <= 0:
            return None
        if wanted > self._owed() or self._received < wanted:
            return None
        return Tender(tendered=self._received, applied=wanted)

    # ------------------------------------------------------------ the view

    def _publish(self) -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _make_view(self) -> CashView:
        if self._invoice is None or self._state is CashState.CLOSED:
            return CashView(problem=self._closed_words(), primary=ActionView(label=self.tr("Take cash"), enabled=False))
        tender, wanted, owed = self._tender(), self._wanted(), self._owed()
        change = tender.change if tender is not None else Money.zero(owed.currency)
        rest = owed - tender.applied if tender is not None else Money.zero(owed.currency)
        open_ = self._state is CashState.OPEN
        return CashView(
            state=self._state,
            mode=self._mode,
            to_pay=owed.grouped,
            received_minor=self._received.minor if self._received is not None else None,
            received=self._received.grouped if self._received is not None else "",
            received_problem=self._received_problem or self._short(wanted),
            applied_minor=wanted.minor if wanted is not None else None,
            applied=wanted.grouped if wanted is not None else "",
            applied_problem=self._applied_problem or self._above(wanted),
            change_minor=change.minor,
            change=change.grouped if tender is not None else "",
            change_pieces=" + ".join(f"{piece:,}" for piece in change_in_pieces(change)),
            change_note=self.tr("Cents have no coin.") if change.fraction else "",
            rest=rest.grouped if rest else "",
            notes=self._notes(owed),
            adders=tuple(NoteView(label=f"+{one:,}", minor=one * 100) for one in ADDERS),
            primary=self._primary(tender, rest),
            part=ActionView(
                label=self.tr("Whole amount") if self._mode is CashMode.PART else self.tr("Part payment"), enabled=open_
            ),
            split=ActionView(
                label=self.tr("No split") if self._mode is CashMode.SPLIT else self.tr("Split"), enabled=open_
            ),
            warning=self._warning(),
            problem=self._failed or self._held() or self._blocked,
            receipt_no=self._receipt.no if self._receipt is not None else "",
            payment_uid=str(self._receipt.payment_uid) if self._receipt is not None else "",
        )

    def _notes(self, owed: Money) -> tuple[NoteView, ...]:
        target = self._applied if self._mode is not CashMode.FULL and self._applied is not None else owed
        exact = NoteView(label=self.tr("Exact"), minor=target.minor, active=self._received == target)
        more = (NoteView(label=brief(one), minor=one.minor, active=one == self._received) for one in offers(target))
        return (exact, *more)

    def _primary(self, tender: Tender | None, rest: Money) -> ActionView:
        if self._state is CashState.TAKING:
            return ActionView(label=self.tr("Saving"), enabled=False)
        if self._state is CashState.TAKEN:
            return ActionView(label=self.tr("Serve next patient"))
        amount = tender.tendered.grouped if tender is not None else ""
        if tender is None:
            label = self.tr("Take cash")
        elif self._mode is CashMode.SPLIT and rest:
            label = self.tr("Take {amount}, then {rest} by M-Pesa").format(amount=amount, rest=brief(rest))
        elif self._services.rules.print_at_once:
            label = self.tr("Take {amount} and print").format(amount=amount)
        else:
            label = self.tr("Take {amount}").format(amount=amount)
        why = self._held() or self._blocked
        return ActionView(label=label, enabled=tender is not None and why is None, why_not=why.title if why else "")

    def _short(self, wanted: Money | None) -> str:
        if self._state is not CashState.OPEN or self._received is None or wanted is None or self._received >= wanted:
            return ""
        missing = (wanted - self._received).grouped
        return self.tr("{missing} is missing. Ask for it, or make it a part payment.").format(missing=missing)

    def _above(self, wanted: Money | None) -> str:
        if wanted is None or wanted <= self._owed():
            return ""
        return self.tr("Only {owed} is owed.").format(owed=self._owed().grouped)

    def _held(self) -> Words | None:
        if not self._held_elsewhere or self._state is not CashState.OPEN:
            return None
        return Words(
            self.tr("Another counter has this patient"), self.tr("Take over first if the patient stands before you.")
        )

    def _warning(self) -> Words | None:
        if self._ringing is None or self._state is CashState.TAKEN:
            return None
        return Words(
            self.tr("A phone was asked to pay this invoice"),
            self.tr("If you take cash, tell the patient not to enter the PIN. Paid twice becomes a deposit."),
        )

    def _closed_words(self) -> Words | None:
        if self._invoice is None:
            return None
        if self._invoice.status is InvoiceStatus.CANCELLED:
            return Words(self.tr("The hospital withdrew this invoice"), self.tr("Take no money for it."))
        return Words(self.tr("This invoice is paid"), self.tr("Take no more money for it."))
