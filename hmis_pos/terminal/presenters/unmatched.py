"""The room of unmatched money: its list, the money chosen from it, and how many pieces wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from msgspec import structs
from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.unmatched import Unmatched, UnmatchedDetail, UnmatchedPage
from hmis_pos.domain.errors import PosError, Unavailable
from hmis_pos.terminal.presenters.cards import CardsModel
from hmis_pos.terminal.presenters.desk import FINANCE
from hmis_pos.terminal.presenters.intent import Intent
from hmis_pos.terminal.presenters.placing_view import movable
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import short_time, waited
from hmis_pos.terminal.presenters.unmatched_view import UnmatchedState, UnmatchedView, Whose
from hmis_pos.terminal.presenters.unmatched_words import card_of_money, detail_of
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.presenters.words import problem_words

PAGE = 100
#: Seconds after which ages are told anew.
_AGES_EVERY = 30


class UnmatchedPresenter(QObject):
    """Give ``model`` to the list; render ``changed``; call :meth:`open` when the room is shown.

    ``detailChanged`` carries the message of the chosen money (None: none, or being read), ``waitingChanged`` how many pieces wait.
    """

    changed = Signal(UnmatchedView)
    detailChanged = Signal(object)
    waitingChanged = Signal(int)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.model = CardsModel(self.more, self)
        self._view = UnmatchedView()
        self._money: dict[int, Unmatched] = {}
        self._page: UnmatchedPage | None = None
        self._read_at: datetime | None = None
        self._opened = self._listing = self._list_again = self._loading_more = False
        self._counting = self._count_again = False
        self._error: PosError | None = None
        self._detail: UnmatchedDetail | None = None
        self._detail_problem: Words | None = None
        self._taking = Intent(services.ids)
        self._beats = 0
        self.waiting = 0
        services.worklist.unmatchedChanged.connect(self._on_money)
        services.worklist.refundChanged.connect(self._on_refund)
        services.line.changed.connect(self._on_line)
        services.ticker.ticked.connect(self._tick)

    @property
    def view(self) -> UnmatchedView:
        return self._view

    @property
    def detail(self) -> UnmatchedDetail | None:
        """The chosen money as the relay last told it."""
        return self._detail

    # ------------------------------------------------------------ intents

    def start(self) -> None:
        """Somebody signed in: learn how many pieces wait."""
        self._count()

    def open(self) -> None:
        """The room is shown."""
        self._opened = True
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew, and the money chosen from it."""
        if not self._opened:
            return
        if self._view.selected:
            self._services.tasks.spawn(self._read_detail(self._view.selected), name="unmatched.detail")
        if self._listing:
            self._list_again = True
            return
        self._listing = True
        self._services.tasks.spawn(self._list(), name="unmatched.list")

    def search(self, text: str) -> None:
        """Account, payer or M-Pesa code; the latest text wins."""
        if text.strip() != self._view.search:
            self._set(replace(self._view, search=text.strip()))
            self.refresh()

    def show_whose(self, whose: Whose) -> None:
        if whose is not self._view.whose:
            self._set(replace(self._view, whose=whose))
            self.refresh()

    def clear_filter(self) -> None:
        """Everything that waits."""
        if self.narrows:
            self._set(replace(self._view, search="", whose=Whose.OPEN))
            self.refresh()

    @property
    def narrows(self) -> bool:
        return bool(self._view.search) or self._view.whose is not Whose.OPEN

    def more(self) -> None:
        """The next page."""
        if self.model.has_more and not self._loading_more and not self._listing:
            self._loading_more = True
            self._services.tasks.spawn(self._read_more(), name="unmatched.more")

    def choose(self, unmatched_id: int) -> None:
        """Show a piece of money in full; 0: none."""
        self._detail, self._detail_problem = None, None
        self._set(replace(self._view, selected=unmatched_id))
        self.detailChanged.emit(None)
        if unmatched_id:
            self._services.tasks.spawn(self._read_detail(unmatched_id), name="unmatched.detail")

    def choose_row(self, row: int) -> None:
        """The list's current row changed."""
        ident = self.model.ident_at(row)
        if ident and int(ident) != self._view.selected:
            self.choose(int(ident))

    def take_on(self) -> None:
        """I look after the chosen money."""
        detail = self._view.detail
        if detail is not None and detail.take_on.enabled:
            self._services.tasks.spawn(self._take_on(detail.unmatched_id), name="unmatched.take")

    def show(self, detail: UnmatchedDetail) -> None:
        """What the relay answered to something that was done with it; other money may be looked at by then."""
        shown = detail.money.unmatched_id == self._view.selected
        if shown:
            self._detail, self._detail_problem = detail, None
        self._put(detail.money)
        if shown:
            self.detailChanged.emit(detail)
        self._publish()
        self._count()

    def read_again(self) -> None:
        """Something may have happened to the chosen money that nobody told us of."""
        if self._view.selected:
            self._services.tasks.spawn(self._read_detail(self._view.selected), name="unmatched.detail")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._show_cards()
        self._publish()
        self.detailChanged.emit(self._detail)

    # ------------------------------------------------------------ reading

    async def _list(self) -> None:
        try:
            while True:
                self._list_again = False
                wanted = (self._view.search, self._view.whose)
                page = await self._ask(PAGE, "")
                if wanted == (self._view.search, self._view.whose):
                    self._page, self._error, self._read_at = page, None, self._services.clock.now()
                    self._money = {one.unmatched_id: one for one in page.unmatched}
                    self._show_cards()
                    self._tell_waiting(page.open_count)
                    if not self._view.selected:
                        self.choose_row(0)
                else:
                    self._list_again = True
                if not self._list_again:
                    return
        except PosError as e:
            self._error = e
        finally:
            self._listing = False
            self._publish()

    async def _ask(self, limit: int, cursor: str) -> UnmatchedPage:
        view = self._view
        return await self._services.relay.back_office.unmatched(
            search=view.search,
            owner=self._services.desk.cashier if view.whose is Whose.MINE else "",
            open_only=view.whose is not Whose.ALL,
            cursor=cursor,
            limit=limit,
        )

    async def _read_more(self) -> None:
        page = self._page
        try:
            if page is not None and page.next:
                found = await self._ask(PAGE, page.next)
                if self._page is page:
                    self._page = found
                    self._money |= {one.unmatched_id: one for one in found.unmatched}
                    self._show_cards()
        except PosError as e:
            self._error = e
        finally:
            self._loading_more = False
            self._publish()

    async def _read_detail(self, unmatched_id: int) -> None:
        detail: UnmatchedDetail | None = None
        problem: Words | None = None
        try:
            detail = await self._services.relay.back_office.unmatched_money(unmatched_id)
        except Unavailable as e:
            problem = problem_words(e)
            detail = self._detail  # what was known stays to be read
        except PosError as e:
            problem = problem_words(e)
        if self._view.selected != unmatched_id:
            return
        self._detail, self._detail_problem = detail, problem if detail is None else None
        if detail is not None:
            self._put(detail.money)
        self.detailChanged.emit(detail)
        self._publish()

    async def _take_on(self, unmatched_id: int) -> None:
        key = self._taking.key(unmatched_id)
        try:
            detail = await self._services.relay.back_office.take_on(unmatched_id, key=key)
        except PosError as e:
            if self._view.selected == unmatched_id:
                self._detail_problem = problem_words(e)
                self._publish()
        else:
            self._taking.done(key)
            self.show(detail)

    # ------------------------------------------------------------ how many wait

    def _count(self) -> None:
        if self._counting:
            self._count_again = True
        elif self._services.relay.http.session is not None:
            self._counting = True
            self._services.tasks.spawn(self._read_count(), name="unmatched.count")

    async def _read_count(self) -> None:
        """A count that cannot be read keeps its last value: the badge is a hint, the list says what is the matter."""
        try:
            while True:
                self._count_again = False
                page = await self._services.relay.back_office.unmatched(limit=1)
                if self._page is not None:
                    counts = ("open_count", "open_total", "oldest_since")
                    self._page = structs.replace(self._page, **{name: getattr(page, name) for name in counts})
                self._tell_waiting(page.open_count)
                if not self._count_again:
                    return
        except PosError:
            return
        finally:
            self._counting = False
            self._publish()

    def _tell_waiting(self, count: int) -> None:
        if count != self.waiting:
            self.waiting = count
            self.waitingChanged.emit(count)

    # ------------------------------------------------------------ news

    def _on_money(self, said: Unmatched) -> None:
        self._count()
        if not self._opened:
            return
        self._put(said)
        if said.unmatched_id == self._view.selected:
            self._services.tasks.spawn(self._read_detail(said.unmatched_id), name="unmatched.detail")
        self._publish()

    def _on_refund(self, said: object) -> None:
        if self._opened and self._view.selected and getattr(said, "unmatched_id", None) == self._view.selected:
            self.read_again()

    def _put(self, one: Unmatched) -> None:
        """News of one piece: into the list where it belongs there, out of it where it does not any more."""
        if self._page is None:
            return
        view = self._view
        mine = view.whose is not Whose.MINE or one.owner == self._services.desk.cashier
        waits = view.whose is Whose.ALL or bool(money(one.remaining, one.currency))
        shown = self.model.row_of(str(one.unmatched_id)) >= 0
        if not (mine and waits):
            self._money.pop(one.unmatched_id, None)
            self.model.remove(str(one.unmatched_id))
        elif shown:
            self._money[one.unmatched_id] = one
            self.model.put(card_of_money(one, self._services.clock.now()))
        elif not view.search and not self.model.has_more:  # a search is asked of the relay, not guessed here
            self._money[one.unmatched_id] = one
            self._show_cards()

    def _on_line(self, _state: str) -> None:
        if self._services.line.online:
            self._count()
            self.refresh()
        self._publish()

    def _tick(self) -> None:
        self._beats += 1
        if self._opened and self._beats % _AGES_EVERY == 0:
            now = self._services.clock.now()
            for one in self._money.values():
                self.model.put(card_of_money(one, now))
            self._publish()

    # ------------------------------------------------------------ the view

    def _show_cards(self) -> None:
        now = self._services.clock.now()
        rows = sorted(self._money.values(), key=lambda one: (instant(one.since), one.unmatched_id))
        more = self._page is not None and bool(self._page.next)
        self.model.show([card_of_money(one, now) for one in rows], more=more)

    def _set(self, view: UnmatchedView) -> None:
        self._view = view
        self._publish(force=True)

    def _publish(self, *, force: bool = False) -> None:
        state, message, aside = self._state()
        now = self._services.clock.now()
        detail = None
        if self._detail is not None and self._view.selected:
            decides = self._services.desk.view.role in FINANCE
            detail = detail_of(
                self._detail,
                self._services.desk.cashier,
                now,
                online=self._services.line.online,
                may_move=frozenset(part.payment_uid for part in movable(self._detail)) if decides else frozenset(),
            )
        view = replace(
            self._view,
            state=state,
            message=message,
            aside=aside,
            header=self._header(now),
            detail=detail,
            detail_problem=self._detail_problem,
        )
        if force or view != self._view:
            self._view = view
            self.changed.emit(view)

    def _header(self, now: datetime) -> str:
        page = self._page
        if page is None or not page.open_count:
            return ""
        words = (
            self.tr("1 waits · {total} · {age}")
            if page.open_count == 1
            else self.tr("{n} wait · {total} · oldest {age}")
        )
        total = money(page.open_total, "KES").grouped
        age = waited((now - instant(page.oldest_since)).total_seconds()) if page.oldest_since else "\u2013"
        return words.format(n=page.open_count, total=total, age=age)

    def _state(self) -> tuple[UnmatchedState, Words | None, str]:
        rows = self.model.rowCount()
        away = not self._services.line.online or isinstance(self._error, Unavailable)
        if away and rows and self._read_at is not None:
            return (
                UnmatchedState.READY,
                None,
                self.tr("The relay is away. As of {time}.").format(time=short_time(self._read_at)),
            )
        if away and (self._error is not None or self._page is None):
            return (
                UnmatchedState.OFFLINE,
                Words(
                    self.tr("The relay is away"),
                    self.tr("No money is lost: what arrives is kept there and shown here once the connection is back."),
                ),
                "",
            )
        if self._error is not None:
            return UnmatchedState.ERROR, problem_words(self._error), ""
        if self._page is None:
            return UnmatchedState.LOADING, Words(self.tr("Reading the unmatched money")), ""
        if rows:
            return UnmatchedState.READY, None, ""
        if self._view.search:
            words = Words(
                self.tr("No such money"), self.tr("Search by account, payer or M-Pesa code, or look among all.")
            )
            return UnmatchedState.NO_HITS, words, ""
        if self._view.whose is Whose.MINE:
            return UnmatchedState.NO_HITS, Words(self.tr("You look after nothing just now")), ""
        return (
            UnmatchedState.EMPTY,
            Words(self.tr("Nothing waits"), self.tr("Every shilling that came has found its invoice.")),
            "",
        )
