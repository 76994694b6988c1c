"""Refunds: what waits for a decision, how the others stand, and deciding about what somebody else asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.refunds import Refund
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.refund import RefundState
from hmis_pos.terminal.presenters.cards import CardsModel
from hmis_pos.terminal.presenters.desk import FINANCE
from hmis_pos.terminal.presenters.intent import Intent
from hmis_pos.terminal.presenters.refund_detail import card_of, decision_of, detail_of
from hmis_pos.terminal.presenters.refunds_view import RefundsView, Which
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.statements_view import ListState
from hmis_pos.terminal.presenters.texts import short_time
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.presenters.words import problem_words

PAGE = 100
LEAST_REASON = 3
_AGES_EVERY = 30


class RefundsPresenter(QObject):
    """Give ``model`` to the list; render ``changed``. ``waitingChanged`` carries how many wait for a decision of mine."""

    changed = Signal(RefundsView)
    waitingChanged = Signal(int)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.model = CardsModel(self.more, self)
        self._view = RefundsView()
        self._known: dict[str, Refund] = {}
        self._next = ""
        self._read_at: datetime | None = None
        self._opened = self._listing = self._list_again = self._counting = self._busy = False
        self._error: PosError | None = None
        self._problem: Words | None = None
        self._note = self._note_problem = ""
        self._intent = Intent(services.ids)
        self._beats = 0
        self.waiting = 0
        services.worklist.refundChanged.connect(self._on_refund)
        services.line.changed.connect(self._on_line)
        services.ticker.ticked.connect(self._tick)

    @property
    def view(self) -> RefundsView:
        return self._view

    @property
    def refund(self) -> Refund | None:
        """The one chosen, as the relay last told it."""
        return self._known.get(self._view.selected)

    # ------------------------------------------------------------ intents

    def start(self) -> None:
        """Somebody signed in: learn how many wait for a decision."""
        self._count()

    def open(self) -> None:
        """The room is shown."""
        self._opened = True
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew."""
        if not self._opened:
            return
        if self._listing:
            self._list_again = True
            return
        self._listing = True
        self._services.tasks.spawn(self._list(), name="refunds.list")

    def show_which(self, which: Which) -> None:
        if which is not self._view.which:
            self._view = replace(self._view, which=which)
            self._publish(force=True)
            self.refresh()

    def more(self) -> None:
        """The next page."""
        if self._next and not self._listing:
            self._listing = True
            self._services.tasks.spawn(self._list(self._next), name="refunds.more")

    def choose(self, uid: str) -> None:
        """Show a refund in full; empty: none."""
        if uid != self._view.selected:
            self._note = self._note_problem = ""
            self._problem = None
            self._view = replace(self._view, selected=uid)
            self._publish()
            if uid:
                self._services.tasks.spawn(self._read(uid), name="refunds.detail")

    def choose_row(self, row: int) -> None:
        self.choose(self.model.ident_at(row))

    def set_note(self, text: str) -> None:
        """Why it is approved or rejected."""
        if text != self._note:
            self._note, self._note_problem = text, ""
            self._publish()

    def approve(self) -> None:
        """Agree: the money goes back."""
        if self._view.decision.approve.enabled:
            self._decide("approve")

    def reject(self) -> None:
        """Disagree, with a reason for who asked; or say of one that nobody can tell about that it never went back."""
        one = self.refund
        if one is None or not self._view.decision.reject.enabled:
            return
        ends = one.state == RefundState.UNKNOWN
        if len(self._note.strip()) < LEAST_REASON:
            self._note_problem = (
                self.tr("Say what the portal shows.") if ends else self.tr("Say why, for the one who asked.")
            )
            self._publish()
            return
        self._decide("end" if ends else "reject")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._show_cards()
        self._publish()

    # ------------------------------------------------------------ asking the relay

    async def _list(self, cursor: str = "") -> None:
        try:
            while True:
                self._list_again = False
                which = self._view.which
                page = await self._services.relay.back_office.refunds(states=which.states, cursor=cursor, limit=PAGE)
                if which is self._view.which:
                    found = {one.refund_uid: one for one in page.refunds}
                    chosen = self.refund
                    self._known = self._known | found if cursor else found
                    if chosen is not None:
                        self._known.setdefault(chosen.refund_uid, chosen)
                    self._next, self._error, self._read_at = page.next, None, self._services.clock.now()
                    self._show_cards()
                    if not self._view.selected:
                        self.choose_row(0)
                else:
                    cursor, self._list_again = "", True
                if not self._list_again:
                    return
        except PosError as e:
            self._error = e
        finally:
            self._listing = False
            self._publish()

    async def _read(self, uid: str) -> None:
        try:
            said = await self._services.relay.back_office.refund(uid)
        except PosError as e:
            if self._view.selected == uid and not isinstance(e, Unavailable):
                self._problem = problem_words(e)
        else:
            self._put(said)
        self._publish()

    def _decide(self, verb: str) -> None:
        one = self.refund
        if one is not None and not self._busy:
            self._busy, self._problem = True, None
            self._publish()
            self._services.tasks.spawn(self._send(one.refund_uid, verb, self._note.strip()), name="refunds.decide")

    async def _send(self, uid: str, verb: str, note: str) -> None:
        office = self._services.relay.back_office
        key = self._intent.key((uid, verb, note))
        try:
            tell = {"approve": office.approve_refund, "reject": office.reject_refund, "end": office.end_refund}[verb]
            said = await tell(uid, note, key=key)
        except PosError as e:
            if self._view.selected == uid:
                self._problem = problem_words(e)
                if isinstance(e, OutcomeUnknown):
                    self._problem = Words(
                        self.tr("Nobody can tell yet whether it was decided"),
                        self.tr("Look at it once the connection is back. Deciding again never sends the money twice."),
                    )
            self._services.tasks.spawn(self._read(uid), name="refunds.detail")
        else:
            self._intent.done(key)
            if self._view.selected == uid:
                self._note = self._note_problem = ""
            self._put(said)
            self._count()
        finally:
            self._busy = False
            self._publish()

    def _count(self) -> None:
        if not self._counting and self._services.relay.http.session is not None:
            self._counting = True
            self._services.tasks.spawn(self._read_count(), name="refunds.count")

    async def _read_count(self) -> None:
        """What I asked for myself does not wait for me. A count that cannot be read keeps its last value."""
        count = 0
        try:
            if self._services.desk.view.role in FINANCE:
                page = await self._services.relay.back_office.refunds(states=Which.DECIDE.states, limit=PAGE)
                me = self._services.desk.cashier
                count = sum(one.requested_by != me for one in page.refunds)
        except PosError:
            return
        finally:
            self._counting = False
        if count != self.waiting:
            self.waiting = count
            self.waitingChanged.emit(count)

    # ------------------------------------------------------------ news

    def _on_refund(self, said: Refund) -> None:
        self._count()
        if self._opened:
            self._put(said)
            self._publish()

    def _put(self, said: Refund) -> None:
        """What was decided stays in the list until it is read anew: one sees what became of it."""
        new = said.refund_uid not in self._known
        states = self._view.which.states
        if new and states and said.state not in states and said.refund_uid != self._view.selected:
            return
        self._known[said.refund_uid] = said
        self._show_cards()

    def _on_line(self, _state: str) -> None:
        if self._services.line.online:
            self._count()
            self.refresh()
        self._publish()

    def _tick(self) -> None:
        self._beats += 1
        if self._opened and self._beats % _AGES_EVERY == 0:
            self._show_cards()
            self._publish()

    # ------------------------------------------------------------ the view

    def _show_cards(self) -> None:
        now = self._services.clock.now()
        rows = sorted(self._known.values(), key=lambda one: (one.requested_at, one.refund_uid), reverse=True)
        self.model.show([card_of(one, now) for one in rows], more=bool(self._next))

    def _publish(self, *, force: bool = False) -> None:
        state, message, aside = self._state()
        one = self.refund
        now = self._services.clock.now()
        waiting = sum(row.state == RefundState.REQUESTED for row in self._known.values())
        view = replace(
            self._view,
            state=state,
            message=message,
            aside=aside,
            header=self.tr("{n} to decide").format(n=waiting) if waiting else "",
            detail=None if one is None else detail_of(one, now),
            decision=decision_of(
                one,
                self._services.desk.view,
                note=self._note,
                note_problem=self._note_problem,
                problem=self._problem,
                can=self._services.line.online and not self._busy,
                now=now,
            ),
        )
        if force or view != self._view:
            self._view = view
            self.changed.emit(view)

    def _state(self) -> tuple[ListState, Words | None, str]:
        away = not self._services.line.online or isinstance(self._error, Unavailable)
        if away and self.model.rowCount() and self._read_at is not None:
            words = self.tr("The relay is away. As of {time}.").format(time=short_time(self._read_at))
            return ListState.READY, None, words
        if away and (self._error is not None or self._read_at is None):
            advice = self.tr("Refunds are kept there; what was approved goes on by itself.")
            return ListState.OFFLINE, Words(self.tr("The relay is away"), advice), ""
        if self._error is not None:
            return ListState.ERROR, problem_words(self._error), ""
        if self._read_at is None:
            return ListState.LOADING, None, ""
        if self.model.rowCount():
            return ListState.READY, None, ""
        if self._view.which is Which.DECIDE:
            advice = self.tr("A refund is asked for from its payment, or from unmatched money.")
            return ListState.EMPTY, Words(self.tr("Nothing to decide"), advice), ""
        return ListState.EMPTY, Words(self.tr("No refunds here")), ""
