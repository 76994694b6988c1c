"""The receipt just issued, and paper: print, print again (marked as a copy), keep as PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos.domain.errors import PosError, Unavailable
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.presenters.payment_words import method_word
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import moment, spoken_name
from hmis_pos.terminal.presenters.views import Toast, Tone, Words
from hmis_pos.terminal.presenters.words import problem_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """A receipt on the screen. ``uid`` is empty while there is none."""

    uid: str = ""
    no: str = ""
    invoice_id: int = 0
    name: str = ""
    numbers: str = ""
    method: str = ""
    provider_receipt: str = ""
    tendered: str = ""
    applied: str = ""
    change: str = ""  #: empty where there is none
    balance: str = ""  #: what stays owed, empty for nothing
    when: str = ""
    copies: int = 0  #: how often it was printed
    printing: bool = False
    problem: Words | None = None
    saved_as: str = ""  #: path of the PDF, once it was kept


class ReceiptPresenter(QObject):
    """Shows the last receipt of this till; reprints any."""

    changed = Signal(ReceiptView)
    told = Signal(Toast)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._view = ReceiptView()
        self._receipt: Receipt | None = None
        self._front: Callable[[], int] = lambda: 0
        self._wanted: UUID | None = None  #: the payment whose receipt alone may be in front, while it is not

    @property
    def view(self) -> ReceiptView:
        return self._view

    @property
    def receipt(self) -> Receipt | None:
        """The receipt shown, for who lays it out whole."""
        return self._receipt

    # ------------------------------------------------------------ intents

    def load_last(self) -> None:
        """Show the last receipt of this till, as after a start."""
        self._services.tasks.spawn(self._load_last(), name="receipts.last")

    def show(self, uid: str) -> None:
        """Show a receipt of this till by its uid."""
        self._services.tasks.spawn(self._show(UUID(uid)), name="receipts.show")

    def print_again(self) -> None:
        """Print the shown receipt, or the last one of this till, once more; the paper says which copy it is.

        Nothing is printed while the counter tells of a payment whose receipt is not here: any other would be somebody else's.
        """
        if not self._view.printing and self._wanted is None:
            self._services.tasks.spawn(self._print_again(None), name="receipts.print")

    def reprint(self, uid: str) -> None:
        """Show a receipt of this till and print it once more."""
        if not self._view.printing:
            self._services.tasks.spawn(self._print_again(UUID(uid)), name="receipts.print")

    def save_pdf(self, path: Path | None = None) -> None:
        """Keep the shown receipt as PDF: at ``path``, or in the receipts folder under its number."""
        if self._receipt is not None:
            self._services.tasks.spawn(self._save(self._receipt, path), name="receipts.pdf")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        if self._receipt is not None:
            self._set(self._receipt, copies=self._view.copies, problem=self._view.problem, saved_as=self._view.saved_as)

    # ------------------------------------------------------------ for other presenters

    def show_payment(self, uid: UUID) -> None:
        """The counter tells of this payment: its receipt comes in front, or none where another till issued it."""
        here = self._receipt is not None and self._receipt.payment_uid == uid
        if not here and uid != self._wanted:
            self._wanted = uid
            self._clear()
            self._services.tasks.spawn(self._show_payment(uid), name="receipts.payment")

    def let_go(self) -> None:
        """The counter tells of no payment any more: the last receipt of this till will do again."""
        if self._wanted is not None:
            self._wanted = None
            self.load_last()

    def follow(self, front: Callable[[], int]) -> None:
        """``front`` tells which invoice is on the counter (0: none): only its receipts come in front by themselves."""
        self._front = front

    async def hand_out(self, receipt: Receipt) -> None:
        """A receipt was committed: where the house prints at once, print it if it never was; show it to whom it concerns.

        A phone that is paid while another patient is served must not put its receipt under that patient's print key.
        """
        copies = await self._copies(receipt)
        if self._front() in (0, receipt.invoice.id):
            self._set(receipt, copies=copies)
        if self._services.rules.print_at_once and copies == 0:
            await self._print(receipt)

    # ------------------------------------------------------------ within

    async def _load_last(self) -> None:
        found = await self._services.store.receipts.latest(1)
        if found and self._wanted is None:
            self._set(found[0].receipt, copies=found[0].copies)

    async def _show(self, uid: UUID) -> None:
        found = await self._services.store.receipts.by_uid(uid)
        if found is not None:
            self._set(found.receipt, copies=found.copies)

    async def _show_payment(self, uid: UUID) -> None:
        found = await self._services.store.receipts.by_payment(uid)
        if found is not None and self._wanted == uid:
            self._set(found.receipt, copies=found.copies)

    async def _print_again(self, uid: UUID | None) -> None:
        if uid is not None:
            await self._show(uid)
        elif self._receipt is None:
            await self._load_last()
        if self._receipt is not None:
            await self._print(self._receipt)

    async def _copies(self, receipt: Receipt) -> int:
        found = await self._services.store.receipts.by_uid(receipt.uid)
        return 0 if found is None else found.copies

    async def _print(self, receipt: Receipt) -> None:
        if self._shows(receipt):
            self._set(receipt, copies=self._view.copies, printing=True)
        copy = await self._services.store.receipts.begin_print(receipt.uid, self._services.clock.now())
        problem: Words | None = None
        try:
            await self._services.printer.print_receipt(receipt, copy)
        except PosError as e:
            problem = problem_words(e)
        except OSError as e:
            problem = problem_words(Unavailable(str(e), code="print-failed"))
        if self._shows(receipt):
            self._set(receipt, copies=copy, problem=problem)
        if problem is not None:
            self.told.emit(
                Toast(tone=Tone.UNKNOWN, title=problem.title, text=f"{receipt.no}. {problem.advice}"),
            )

    async def _save(self, receipt: Receipt, path: Path | None) -> None:
        copy = max(1, self._view.copies)
        wanted = path or self._services.rules.receipts_folder / f"{receipt.no}.pdf"
        try:
            saved = await self._services.printer.save_pdf(receipt, copy, wanted)
        except (PosError, OSError) as e:
            problem = problem_words(e) if isinstance(e, PosError) else Words(self.tr("The PDF was not saved"), str(e))
            if self._shows(receipt):
                self._set(receipt, copies=self._view.copies, problem=problem)
            else:
                self.told.emit(Toast(tone=Tone.UNKNOWN, title=problem.title, text=f"{receipt.no}. {problem.advice}"))
            return
        if self._shows(receipt):
            self._set(receipt, copies=self._view.copies, saved_as=str(saved))
        self.told.emit(Toast(tone=Tone.OK, title=self.tr("Saved as PDF"), text=str(saved)))

    def _shows(self, receipt: Receipt) -> bool:
        return self._receipt is not None and self._receipt.uid == receipt.uid

    def _clear(self) -> None:
        self._receipt, self._view = None, ReceiptView()
        self.changed.emit(self._view)

    def _set(
        self,
        receipt: Receipt,
        *,
        copies: int,
        printing: bool = False,
        problem: Words | None = None,
        saved_as: str = "",
    ) -> None:
        self._receipt, self._wanted = receipt, None
        tender, invoice = receipt.tender, receipt.invoice
        view = ReceiptView(
            uid=str(receipt.uid),
            no=receipt.no,
            invoice_id=invoice.id,
            name=spoken_name(invoice.patient_name),
            numbers=f"{invoice.patient_no} · {invoice.number}",
            method=method_word(receipt.method.value),
            provider_receipt=receipt.provider_receipt,
            tendered=tender.tendered.grouped,
            applied=tender.applied.grouped,
            change=tender.change.grouped if tender.change else "",
            balance=receipt.balance.grouped if receipt.balance else "",
            when=moment(receipt.issued_at, self._services.clock.now()),
            copies=copies,
            printing=printing,
            problem=problem,
            saved_as=saved_as,
        )
        if view != self._view:
            self._view = view
            self.changed.emit(view)
