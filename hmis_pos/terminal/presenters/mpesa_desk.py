"""The hospital's M-Pesa: what lies in its accounts, whether the list of payments is read, and why payouts are stopped."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.mpesa import Balance, MpesaStatus
from hmis_pos.domain.errors import PosError
from hmis_pos.terminal.presenters.desk import FINANCE
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.statements_view import BalanceView, MpesaDeskView
from hmis_pos.terminal.presenters.texts import moment, waited
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Tone, Words
from hmis_pos.terminal.presenters.words import problem_words

#: Seconds after asking for the balance at which its answer is looked for.
_LOOK_AFTER = (4, 10, 20, 40, 90)
#: Seconds after which the state is read anew while the room is shown.
_READ_EVERY = 60


class MpesaDeskPresenter(QObject):
    """Render ``changed``; call :meth:`open` when the room is shown, :meth:`leave` when it is not any more."""

    changed = Signal(MpesaDeskView)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._view = MpesaDeskView()
        self._status: MpesaStatus | None = None
        self._opened = self._reading = self._busy = False
        self._asked = 0  #: beats since the balance was asked for; 0: nothing is awaited
        self._before = ""
        self._pulling = False
        self._problem: Words | None = None
        self._beats = 0
        services.line.changed.connect(self._on_line)
        services.ticker.ticked.connect(self._tick)

    @property
    def view(self) -> MpesaDeskView:
        return self._view

    # ------------------------------------------------------------ intents

    def open(self) -> None:
        """The room is shown."""
        self._opened = True
        self.refresh()

    def leave(self) -> None:
        """The room is not shown any more: nothing is read for it."""
        self._opened = False

    def refresh(self) -> None:
        """Read how it stands."""
        if self._opened and not self._reading and self._services.desk.view.role in FINANCE:
            self._reading = True
            self._services.tasks.spawn(self._read(), name="mpesa.status")

    def ask_balance(self) -> None:
        """Ask Safaricom; the answer comes a little later."""
        if self._view.ask.enabled and self._view.ask.label:
            self._busy, self._problem = True, None
            self._publish()
            self._services.tasks.spawn(self._ask(), name="mpesa.balance")

    def pull(self) -> None:
        """Read Safaricom's list of payments now."""
        if self._view.pull.enabled and self._view.pull.label:
            self._busy = self._pulling = True
            self._problem = None
            self._publish()
            self._services.tasks.spawn(self._pull(), name="mpesa.pull")

    def resume_payouts(self) -> None:
        """What stopped the refunds to phones was mended: send them again."""
        if self._view.resume.enabled and self._view.resume.label:
            self._busy, self._problem = True, None
            self._publish()
            self._services.tasks.spawn(self._resume(), name="mpesa.resume-payouts")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ asking

    async def _read(self) -> None:
        try:
            self._status = await self._services.relay.back_office.mpesa_status()
        except PosError as e:
            self._problem = problem_words(e)
        else:
            self._problem = None
            if self._asked and self._told_at(self._status) != self._before:
                self._asked = 0
        finally:
            self._reading = False
            self._publish()

    async def _ask(self) -> None:
        self._before = self._told_at(self._status)
        try:
            self._status = await self._services.relay.back_office.ask_balance(key=self._services.ids.token())
        except PosError as e:
            self._problem = problem_words(e)
        else:
            self._asked = 1 if self._told_at(self._status) == self._before else 0
        finally:
            self._busy = False
            self._publish()

    async def _pull(self) -> None:
        try:
            self._status = await self._services.relay.back_office.pull(key=self._services.ids.token())
        except PosError as e:
            self._problem = problem_words(e)
        finally:
            self._busy = self._pulling = False
            self._publish()

    async def _resume(self) -> None:
        try:
            self._status = await self._services.relay.back_office.resume_payouts(key=self._services.ids.token())
        except PosError as e:
            self._problem = problem_words(e)
        finally:
            self._busy = False
            self._publish()

    @staticmethod
    def _told_at(status: MpesaStatus | None) -> str:
        return max((one.at for one in status.balances), default="") if status is not None else ""

    # ------------------------------------------------------------ news

    def _tick(self) -> None:
        self._beats += 1
        if self._asked:
            self._asked += 1
            if self._asked in _LOOK_AFTER:
                self.refresh()
            elif self._asked > _LOOK_AFTER[-1]:
                self._asked = 0
                self._publish()
        if self._opened and self._beats % _READ_EVERY == 0:
            self.refresh()

    def _on_line(self, _state: str) -> None:
        if self._services.line.online:
            self.refresh()
        self._publish()

    # ------------------------------------------------------------ the view

    def _publish(self) -> None:
        view = self._made()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _made(self) -> MpesaDeskView:
        status = self._status
        if status is None:
            message = self._problem or Words(self.tr("Reading how it stands"))
            return MpesaDeskView(title=self.tr("The hospital's M-Pesa"), message=message)
        can = self._services.line.online and not self._busy
        kind = self.tr("Till {number}") if status.is_till else self.tr("Paybill {number}")
        ask = pull = NO_ACTION
        if "balance" in status.features:
            ask = ActionView(label=self.tr("Ask Safaricom now"), enabled=can and not self._asked)
        if "pull" in status.features:
            pull = ActionView(label=self.tr("Read the list now"), enabled=can)
        return MpesaDeskView(
            title=kind.format(number=status.shortcode),
            balances=tuple(self._balance(one) for one in status.balances),
            balance_note=self._balance_note(status),
            ask=ask,
            feed=self._feed(status),
            pull=pull,
            halted=self._halted(status),
            resume=ActionView(label=self.tr("It is mended: send them again"), enabled=can)
            if status.payouts_halted
            else NO_ACTION,
            problem=self._problem,
        )

    def _balance(self, one: Balance) -> BalanceView:
        amount = money(one.available, "KES")
        as_of = self.tr("as of {time}").format(time=moment(instant(one.at), self._services.clock.now()))
        tone = Tone.NO if amount.minor < 0 else Tone.NEUTRAL
        return BalanceView(account=one.account, amount=amount.grouped.replace("-", "\u2212"), as_of=as_of, tone=tone)

    def _balance_note(self, status: MpesaStatus) -> str:
        if self._asked:
            return self.tr("Asked. Safaricom answers within a minute or two; it is shown here by itself.")
        if not status.balances:
            if "balance" in status.features:
                return self.tr("Never asked yet.")
            return self.tr("This relay cannot ask for balances: MPESA_INITIATOR is not set up.")
        return ""

    def _feed(self, status: MpesaStatus) -> Notice | None:
        if "pull" not in status.features:
            return Notice(
                tone=Tone.NEUTRAL,
                title=self.tr("The list of payments is not read"),
                text=self.tr(
                    "Set MPESA_PULL on the relay: then payments whose notice was lost are found by themselves."
                ),
            )
        if self._pulling:
            return Notice(tone=Tone.WAIT, title=self.tr("Reading Safaricom's list"))
        now = self._services.clock.now()
        if not status.pull_good_at:
            title = self.tr("The list was never read whole")
        else:
            good = instant(status.pull_good_at)
            ago = waited((now - good).total_seconds())
            title = self.tr("List of payments read {ago} ago").format(ago=ago)
        if status.pull_is_late:
            text = self.tr(
                "That is too long: payments may be missing. Read it now; if it fails again, import a statement and call IT."
            )
            trouble = f"{status.pull_trouble.rstrip('.')}. " if status.pull_trouble else ""
            return Notice(tone=Tone.NO, title=title, text=trouble + text)
        if status.pull_trouble:
            text = self.tr("{trouble}. It is tried again by itself.").format(trouble=status.pull_trouble.rstrip("."))
            return Notice(tone=Tone.UNKNOWN, title=title, text=text)
        tone = Tone.OK if status.pull_good_at else Tone.UNKNOWN
        return Notice(tone=tone, title=title, text=self.tr("Payments whose notice was lost are found in it."))

    def _halted(self, status: MpesaStatus) -> Notice | None:
        if not status.payouts_halted:
            return None
        text = self.tr(
            "{why}. They wait and are not lost. Have the operator's credential mended at Safaricom and on the relay, then send them again."
        )
        return Notice(
            tone=Tone.NO,
            title=self.tr("Refunds to phones are stopped"),
            text=text.format(why=status.payouts_halted.rstrip(".")),
        )
