"""What is to become of unmatched money: one invoice, several, or back from where it was put by mistake."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.invoices import Invoice
from hmis_pos.contract.mapping import money
from hmis_pos.contract.unmatched import Part, Suggestion, UnmatchedDetail
from hmis_pos.domain.errors import OutcomeUnknown, PosError
from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.cards import CardsModel
from hmis_pos.terminal.presenters.desk import FINANCE
from hmis_pos.terminal.presenters.intent import Intent
from hmis_pos.terminal.presenters.placing_view import Draft, Share, movable, remaining_of, view_of
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import brief, spoken_name
from hmis_pos.terminal.presenters.unmatched import UnmatchedPresenter
from hmis_pos.terminal.presenters.unmatched_view import Doing, PlacingView
from hmis_pos.terminal.presenters.unmatched_words import card_of_invoice, suggestion_reasons
from hmis_pos.terminal.presenters.views import Notice, Tone, Words
from hmis_pos.terminal.presenters.words import problem_words

#: Invoices a search by hand shows.
HITS = 30
LEAST_REASON = 3
MOST_SHARES = 50


class PlacingPresenter(QObject):
    """Render ``changed``; give ``model`` to the list of invoices to choose from. It follows the money chosen in the room."""

    changed = Signal(PlacingView)

    def __init__(self, services: Services, room: UnmatchedPresenter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._room = room
        self.model = CardsModel(None, self)
        self._view = PlacingView()
        self._detail: UnmatchedDetail | None = None
        self._d = Draft()
        self._intent = Intent(services.ids)
        room.detailChanged.connect(self._on_detail)
        services.line.changed.connect(self._on_line)
        services.worklist.invoiceChanged.connect(self._on_invoice)

    @property
    def view(self) -> PlacingView:
        return self._view

    # ------------------------------------------------------------ choosing an invoice

    def search(self, text: str) -> None:
        """Any invoice, by hand; an empty text brings the suggestions back."""
        self._d.search, self._d.hits = text.strip(), None
        if not self._d.search:
            self._list()
        else:
            self._services.tasks.spawn(self._find(self._d.search), name="unmatched.find")
        self._publish()

    def choose(self, invoice_id: int) -> None:
        """This invoice, if any (0: none); nothing is moved yet."""
        if invoice_id != self._d.chosen:
            self._d.chosen, self._d.problem, self._d.done = invoice_id, None, None
            self._publish()

    def choose_row(self, row: int) -> None:
        self.choose(int(self.model.ident_at(row) or 0))

    def enter(self) -> None:
        """The primary action: choose the first, assign what is chosen, add it to the split, or move back."""
        if self._d.busy:
            return
        if self._d.doing is Doing.MOVE_BACK:
            self.move_back()
        elif self._d.doing is Doing.SPLIT:
            self.add_share()
        elif self._d.doing is Doing.ASSIGN and not self._d.chosen:
            self.choose_row(0)
        elif self._d.doing is Doing.ASSIGN and self._view.primary.enabled:
            invoice = self._d.invoice(self._detail)
            if invoice is not None:
                self._place([(invoice, remaining_of(self._detail))])

    # ------------------------------------------------------------ several invoices

    def split(self) -> None:
        """Into several shares, or back to one invoice."""
        if self._d.doing is Doing.SPLIT:
            self.cancel()
        elif self._d.doing is Doing.ASSIGN and remaining_of(self._detail):
            self._go(Doing.SPLIT)
            if self._d.chosen:
                self.add_share()

    def add_share(self) -> None:
        """The chosen invoice as one more share: what it owes, or what is left."""
        invoice = self._d.invoice(self._detail)
        if self._d.doing is not Doing.SPLIT or invoice is None or len(self._d.shares) >= MOST_SHARES:
            return
        if all(share.invoice.id != invoice.id for share in self._d.shares):
            left = max(0, self._d.left(self._detail))
            owed = money(invoice.payable, invoice.currency).minor
            self._d.shares.append(Share(invoice, min(owed, left) if owed else left))
        self._publish()

    def set_share(self, invoice_id: int, minor: int | None, problem: str = "") -> None:
        """Another amount for a share."""
        for share in self._d.shares:
            if share.invoice.id == invoice_id and (share.minor, share.problem) != (minor, problem):
                share.minor, share.problem = minor, problem
                self._publish()

    def drop_share(self, invoice_id: int) -> None:
        self._d.shares = [share for share in self._d.shares if share.invoice.id != invoice_id]
        self._publish()

    def place_shares(self) -> None:
        """Assign all shares of the split."""
        if self._d.doing is Doing.SPLIT and self._view.primary.enabled and not self._d.busy:
            currency = remaining_of(self._detail).currency
            self._place([(share.invoice, Money(share.minor or 0, currency)) for share in self._d.shares])

    # ------------------------------------------------------------ moving back

    def ask_move_back(self, payment_uid: str = "") -> None:
        """It was the wrong patient's: begin to move a placing back; without a name the last one placed."""
        parts = movable(self._detail)
        found = [part for part in parts if not payment_uid or part.payment_uid == payment_uid]
        if found and self._view.move_back.enabled:
            self._d.moving = found[-1]
            self._d.reason = self._d.reason_problem = ""
            self._go(Doing.MOVE_BACK)

    def set_reason(self, text: str) -> None:
        if text != self._d.reason:
            self._d.reason, self._d.reason_problem = text, ""
            self._publish()

    def move_back(self) -> None:
        """Move it, with the reason given."""
        part, reason = self._d.moving, self._d.reason.strip()
        if part is None or self._d.busy or not self._services.line.online:
            return
        if len(reason) < LEAST_REASON:
            self._d.reason_problem = self.tr("Say why, in a few words.")
            self._publish()
            return
        self._d.busy, self._d.problem = True, None
        self._publish()
        self._services.tasks.spawn(self._move(part, reason), name="unmatched.move-back")

    def ask_refund(self) -> None:
        """Show the form that asks for it to go back."""
        if self._detail is not None and remaining_of(self._detail) and not self._d.busy:
            self._go(Doing.REFUND)

    def cancel(self) -> bool:
        """One step back to assigning; False where one is there already."""
        if self._d.doing in (Doing.SPLIT, Doing.MOVE_BACK, Doing.REFUND) and not self._d.busy:
            self._go(self._rest())
            return True
        if self._d.chosen and self._d.doing is Doing.ASSIGN:
            self.choose(0)
            return True
        return False

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._list()
        self._publish()

    # ------------------------------------------------------------ asking the relay

    async def _find(self, text: str) -> None:
        try:
            page = await self._services.relay.invoices(search=text, limit=HITS, open_only=False)
        except PosError as e:
            if text == self._d.search:
                self._d.problem = problem_words(e)
                self._publish()
            return
        if text == self._d.search:
            self._d.hits = page.invoices
            self._list()
            self._publish()

    def _place(self, shares: list[tuple[Invoice, Money]]) -> None:
        self._d.busy, self._d.problem, self._d.done = True, None, None
        self._publish()
        self._services.tasks.spawn(self._assign(shares), name="unmatched.assign")

    async def _assign(self, shares: list[tuple[Invoice, Money]]) -> None:
        detail = self._detail
        if detail is None:
            return
        wanted = [(invoice.id, amount) for invoice, amount in shares]
        which = detail.money.unmatched_id
        key = self._intent.key((which, tuple(wanted), len(detail.parts)))
        try:
            placed = await self._services.relay.back_office.assign(which, wanted, key=key)
        except PosError as e:
            self._failed(e, which)
            return
        self._intent.done(key)
        self._answered(placed, self._placed_words(shares))

    async def _move(self, part: Part, reason: str) -> None:
        which = 0 if self._detail is None else self._detail.money.unmatched_id
        key = self._intent.key((part.payment_uid, reason))
        try:
            moved = await self._services.relay.back_office.move_back(part.payment_uid, reason, key=key)
        except PosError as e:
            self._failed(e, which)
            return
        self._intent.done(key)
        amount = money(part.amount, moved.money.currency)
        words = self.tr("KSh {amount} is unmatched again").format(amount=brief(amount))
        text = self.tr("{invoice} is due again. Find whose money it is.").format(invoice=part.invoice_number)
        self._answered(moved, Notice(tone=Tone.OK, title=words, text=text))

    def _answered(self, said: UnmatchedDetail, done: Notice) -> None:
        """It is done. Where other money is looked at by now, its own row says so."""
        self._d.busy = False
        if self._is_shown(said.money.unmatched_id):
            self._clear()
            self._d.done = done
        self._room.show(said)
        self._publish()

    def _is_shown(self, unmatched_id: int) -> bool:
        return self._detail is not None and self._detail.money.unmatched_id == unmatched_id

    def _failed(self, error: PosError, which: int) -> None:
        """What nobody knows is looked up, and never asked again in another way."""
        self._d.busy = False
        if not self._is_shown(which):  # other money is looked at by now: its own row says how the first one stands
            self._publish()
            return
        self._d.problem = problem_words(error)
        if isinstance(error, OutcomeUnknown):
            self._d.problem = Words(
                self.tr("Nobody can tell yet whether it was placed"),
                self.tr("Look at it once the connection is back. Pressing the button again never places it twice."),
            )
        self._room.read_again()
        self._publish()

    def _placed_words(self, shares: list[tuple[Invoice, Money]]) -> Notice:
        total = sum((amount.minor for _, amount in shares), 0)
        if len(shares) == 1:
            title = self.tr("KSh {amount} placed with {name}").format(
                amount=brief(Money(total, shares[0][1].currency)), name=spoken_name(shares[0][0].patient_name)
            )
        else:
            title = self.tr("KSh {amount} placed with {n} invoices").format(
                amount=brief(Money(total, shares[0][1].currency)), n=len(shares)
            )
        text = self.tr("The receipt is with the payment.")
        if self._services.desk.view.role in FINANCE:
            text = self.tr("The receipt is with the payment. F8 moves it back.")
        return Notice(tone=Tone.OK, title=title, text=text)

    # ------------------------------------------------------------ news

    def _on_detail(self, detail: UnmatchedDetail | None) -> None:
        before = self._detail.money.unmatched_id if self._detail is not None else 0
        self._detail = detail
        if detail is None or (detail.money.unmatched_id != before and before):
            self._clear()
            self._d.problem = self._d.done = None
        if self._d.doing in (Doing.NOTHING, Doing.ASSIGN, Doing.PLACED) or not self._can_stay():
            self._d.doing = self._rest()
        self._list()
        self._publish()

    def _can_stay(self) -> bool:
        if self._d.doing is Doing.REFUND:
            return self._detail is not None  # its form says how it went, until somebody closes it
        if self._d.doing is Doing.MOVE_BACK:
            uid = self._d.moving.payment_uid if self._d.moving is not None else ""
            return any(part.payment_uid == uid for part in movable(self._detail))
        return bool(self._detail is not None and remaining_of(self._detail))

    def _on_line(self, _state: str) -> None:
        self._publish()

    def _on_invoice(self, invoice_id: int) -> None:
        """A suggested invoice was paid, or changed: what an assignment would do may be another thing now."""
        shown = self._detail is not None and any(one.invoice.id == invoice_id for one in self._detail.suggestions)
        if shown and not self._d.busy:
            self._room.read_again()

    # ------------------------------------------------------------ small things

    def _clear(self) -> None:
        """Begin anew; what is being asked and what was said of it stay."""
        self._d = Draft(busy=self._d.busy, problem=self._d.problem, done=self._d.done)

    def _go(self, doing: Doing) -> None:
        self._d.doing, self._d.problem, self._d.done = doing, None, None
        if doing is not Doing.SPLIT:
            self._d.shares = []
        self._publish()

    def _rest(self) -> Doing:
        if self._detail is None:
            return Doing.NOTHING
        return Doing.ASSIGN if remaining_of(self._detail) else Doing.PLACED

    def _suggestions(self) -> list[Suggestion]:
        return [] if self._detail is None else self._detail.suggestions

    def _list(self) -> None:
        if self._d.search:
            why = {one.invoice.id: suggestion_reasons(one) for one in self._suggestions()}
            cards = [card_of_invoice(one, why.get(one.id, "")) for one in self._d.hits or ()]
        else:
            cards = [card_of_invoice(one.invoice, suggestion_reasons(one)) for one in self._suggestions()]
        self.model.show(cards)
        if self._d.chosen and self.model.row_of(str(self._d.chosen)) < 0:
            self._d.chosen = 0

    def _publish(self) -> None:
        view = view_of(
            self._d,
            self._detail,
            online=self._services.line.online,
            rows=self.model.rowCount(),
            decides=self._services.desk.view.role in FINANCE,
        )
        if view != self._view:
            self._view = view
            self.changed.emit(view)
