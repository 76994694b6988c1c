"""The line at the top: online or not, what is not sent yet, what was refused, whether the clock is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QObject, Signal

from hmis_pos.db.local.records import OutboxCounts, RefusedReceipt
from hmis_pos.domain.errors import PosError
from hmis_pos.terminal.clock import Skew
from hmis_pos.terminal.presenters.line import LineState
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import EAT, running, short_time
from hmis_pos.terminal.presenters.views import Toast, Tone, Words
from hmis_pos.terminal.presenters.words import problem_words, refusal_words
from hmis_pos.terminal.worklist import QueueState

#: The feed may be away this long, as when a token is renewed, before the screen speaks of it.
_LAG_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedView:
    """A receipt the relay would not take. The money is in the drawer: somebody has to look."""

    uid: str
    no: str
    amount: str
    why: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """``text`` is the whole state in a few words: "Online · all sent"."""

    online: bool = False
    tone: Tone = Tone.UNKNOWN
    text: str = ""
    unsent: int = 0
    refused: tuple[RefusedView, ...] = ()
    skew: Words | None = None  #: this computer's clock is off
    lag: Words | None = None  #: the queue is not live although the relay answers
    stopped: Words | None = None  #: the till must not sell: an old copy of its store was put back
    clock: str = ""  #: ``Mon 14:32``


class StatusPresenter(QObject):
    """Render ``changed``."""

    changed = Signal(StatusView)
    told = Signal(Toast)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._counts = OutboxCounts(0, 0)
        self._refused: tuple[RefusedReceipt, ...] = ()
        self._behind: tuple[int, int] | None = None
        self._lagging = 0
        self._view = self._make_view()
        services.sender.countsChanged.connect(self._on_counts)
        services.sender.behind.connect(self._on_behind)
        services.server_time.skewChanged.connect(self._on_skew)
        services.line.changed.connect(self._publish)
        services.worklist.stateChanged.connect(self._publish)
        services.ticker.ticked.connect(self._tick)
        services.store.on_receipt(lambda _receipt: self.refresh())

    @property
    def view(self) -> StatusView:
        return self._view

    # ------------------------------------------------------------ intents

    def refresh(self) -> None:
        """Count again what is not sent."""
        self._services.tasks.spawn(self._count(), name="status.count")

    def send_now(self) -> None:
        """Try the relay now instead of with the next turn."""
        self._services.relay.hurry()
        self._services.sender.wake()

    def offer_again(self, uid: str) -> None:
        """A person looked at a refused receipt and wants it offered once more."""
        self._services.tasks.spawn(self._offer(UUID(uid)), name="status.offer")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ within

    async def _offer(self, uid: UUID) -> None:
        try:
            await self._services.store.outbox.send_again(uid)
        except PosError as e:
            words = problem_words(e)
            self.told.emit(Toast(tone=Tone.NO, title=words.title, text=words.advice))
            return
        self._services.sender.wake()
        await self._count()

    async def _count(self) -> None:
        known = {one.uid for one in self._refused}
        try:
            self._counts = await self._services.store.outbox.counts()
            self._refused = tuple(await self._services.store.outbox.refused()) if self._counts.refused else ()
        except PosError as e:
            words = problem_words(e)
            self.told.emit(Toast(tone=Tone.NO, title=words.title, text=words.advice))
            return
        for one in self._refused:
            if one.uid not in known:
                self._tell_refused(one)
        self._publish()

    def _tell_refused(self, one: RefusedReceipt) -> None:
        why = refusal_words(one.code, one.message)
        title = self.tr("Receipt {no} over {amount} was refused").format(no=one.no, amount=one.applied.grouped)
        self.told.emit(Toast(tone=Tone.NO, title=title, text=why.line, invoice_id=one.invoice_id))

    def _on_counts(self, _unsent: int, _refused: int) -> None:
        self.refresh()

    def _on_behind(self, here: int, relay: int) -> None:
        self._behind = (here, relay)
        self._publish()

    def _on_skew(self, _skew: str) -> None:
        self._publish()

    def _tick(self) -> None:
        away = self._services.line.online and self._services.worklist.state is QueueState.AWAY
        self._lagging = self._lagging + 1 if away else 0
        self._publish()

    def _publish(self, _state: str = "") -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _make_view(self) -> StatusView:
        online = self._services.line.online
        return StatusView(
            online=online,
            tone=self._tone(online=online),
            text=f"{self._where()} · {self._sent()}",
            unsent=self._counts.unsent,
            refused=tuple(
                RefusedView(
                    uid=str(one.uid), no=one.no, amount=one.applied.grouped, why=refusal_words(one.code, one.message)
                )
                for one in self._refused
            ),
            skew=self._skew(),
            lag=self._lag(),
            stopped=self._stopped(),
            clock=_wall(self._services.clock.now()),
        )

    def _tone(self, *, online: bool) -> Tone:
        if self._counts.refused or self._behind or self._services.server_time.skew is Skew.REFUSE:
            return Tone.NO
        return Tone.OK if online else Tone.UNKNOWN

    def _where(self) -> str:
        match self._services.line.state:
            case LineState.ONLINE:
                return self.tr("Online")
            case LineState.SIGNED_OUT:
                return self.tr("Not signed in")
            case _:
                return self.tr("Offline")

    def _sent(self) -> str:
        unsent, refused = self._counts.unsent, self._counts.refused
        parts = []
        if unsent:
            parts.append(self.tr("1 not sent") if unsent == 1 else self.tr("{n} not sent").format(n=unsent))
        if refused:
            parts.append(self.tr("1 refused") if refused == 1 else self.tr("{n} refused").format(n=refused))
        return " · ".join(parts) or self.tr("all sent")

    def _skew(self) -> Words | None:
        server_time = self._services.server_time
        if server_time.skew not in (Skew.WARN, Skew.REFUSE) or server_time.offset is None:
            return None
        off = running(abs(server_time.offset).total_seconds())
        title = self.tr("This computer's clock is off by {time}").format(time=off)
        if server_time.skew is Skew.REFUSE:
            return Words(title, self.tr("Set date and time right (automatic time). No cash until then."))
        return Words(title, self.tr("Set date and time right (automatic time); receipts carry this clock's time."))

    def _lag(self) -> Words | None:
        if self._lagging < _LAG_SECONDS:
            return None
        return Words(
            self.tr("The queue is as it was a while ago"),
            self.tr("The relay answers, but its news do not come. It connects again by itself."),
        )

    def _stopped(self) -> Words | None:
        return None if self._behind is None else refusal_words("series-behind", "")


def _wall(at: datetime) -> str:
    """``Mon 14:32``."""
    names = (
        QCoreApplication.translate("texts", "Mon"),
        QCoreApplication.translate("texts", "Tue"),
        QCoreApplication.translate("texts", "Wed"),
        QCoreApplication.translate("texts", "Thu"),
        QCoreApplication.translate("texts", "Fri"),
        QCoreApplication.translate("texts", "Sat"),
        QCoreApplication.translate("texts", "Sun"),
    )
    return f"{names[at.astimezone(EAT).weekday()]} {short_time(at)}"
