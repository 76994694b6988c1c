"""A patient shows an M-Pesa message: its code is sent to be proven, and what becomes of it is told, whoever is served by then.

One check per invoice at a time, kept while the program runs; the relay keeps it for good. The money itself, once proven, is an
:mod:`arrival <hmis_pos.terminal.presenters.arrivals>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos import logs
from hmis_pos.contract.codes import CodeCheck
from hmis_pos.contract.mapping import instant
from hmis_pos.domain.errors import OutcomeUnknown, PosError
from hmis_pos.domain.invoice import Invoice
from hmis_pos.terminal.presenters import code_words
from hmis_pos.terminal.presenters.arrivals import Arrivals
from hmis_pos.terminal.presenters.counter import OpenInvoice
from hmis_pos.terminal.presenters.line import LineState
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.texts import spoken_name
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, StepView, Toast, Words
from hmis_pos.terminal.presenters.words import problem_words

_WAITING, _PROVEN, _REFUSED = "waiting", "proven", "refused"
#: Seconds between looks at checks that wait; news normally comes by the feed.
LOOK_EVERY = 30
_log = logs.logger("terminal.codes")


class CodeStage(StrEnum):
    """What the code page shows."""

    CLOSED = "closed"  #: nobody asked for it
    ENTRY = "entry"
    CHECKING = "checking"
    REFUSED = "refused"  #: it does not count, or nothing was found


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeView:
    """The code page of the chosen invoice."""

    stage: CodeStage = CodeStage.CLOSED
    invoice_id: int = 0
    text: str = ""  #: as it is read so far
    hint: str = ""
    field_problem: str = ""
    code: str = ""  #: grouped, as it is read aloud
    notice: Notice | None = None
    steps: tuple[StepView, ...] = ()
    primary: ActionView = NO_ACTION
    problem: Words | None = None


@dataclass(slots=True)
class _Case:
    """What is known of one invoice's code. ``key`` names one intent: this code for this invoice."""

    invoice: Invoice
    key: str
    text: str = ""
    shown: bool = True
    sent_at: datetime | None = None  #: our request is under way, or went without an answer
    unanswered: bool = False
    check: CodeCheck | None = None
    problem: Words | None = None

    @property
    def stage(self) -> CodeStage:
        if self.check is not None:
            return CodeStage.CHECKING if self.check.state == _WAITING else CodeStage.REFUSED
        return CodeStage.ENTRY if self.sent_at is None else CodeStage.CHECKING


class CodesPresenter(QObject):
    """Connect ``CounterPresenter.opened`` to :meth:`open`; render ``changed``. ``told`` brings a no to whoever looks elsewhere."""

    changed = Signal(CodeView)
    told = Signal(Toast)
    nextWanted = Signal()

    def __init__(self, services: Services, arrivals: Arrivals, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._arrivals = arrivals
        self._view = CodeView()
        self._invoice: Invoice | None = None
        self._cases: dict[int, _Case] = {}
        self._early: dict[str, CodeCheck] = {}  #: told by the feed before the answer to our request came
        self._beats = 0
        services.worklist.checkChanged.connect(self.heard)
        services.line.changed.connect(self._on_line)
        services.ticker.ticked.connect(self._tick)

    @property
    def view(self) -> CodeView:
        return self._view

    # ------------------------------------------------------------ intents

    def open(self, opened: OpenInvoice) -> None:
        """Another invoice was chosen, or its figures changed. A page that was only opened goes; a check stays."""
        before = self._invoice
        self._invoice = opened.invoice
        if before is not None and (opened.invoice is None or opened.invoice.id != before.id):
            left = self._cases.get(before.id)
            if left is not None and left.stage is not CodeStage.CHECKING:
                del self._cases[before.id]
        case = self._case()
        if case is not None and opened.fresh:
            case.shown = True
        self._publish()

    def begin(self) -> None:
        """The patient has a code: ask for it, or show how its check stands."""
        if self._invoice is None:
            return
        case = self._case()
        if case is None:
            self._cases[self._invoice.id] = _Case(invoice=self._invoice, key=self._services.ids.token())
        else:
            case.shown = True
        self._publish()

    def close(self) -> bool:
        """Back to asking the phone; a check goes on. Returns whether there was something to close."""
        case = self._case()
        if case is None or not case.shown:
            return False
        if case.stage is CodeStage.CHECKING:
            case.shown = False
        else:
            del self._cases[case.invoice.id]
        self._publish()
        return True

    def set_text(self, text: str) -> None:
        """The field changed: typed, pasted or scanned."""
        case = self._case()
        if case is None or case.stage is not CodeStage.ENTRY:
            return
        code = code_words.read_code(text)
        if code != case.text:
            case.text, case.problem = code, None
        self._publish()

    def another(self) -> None:
        """After a no: type another code."""
        case = self._case()
        if case is not None and case.stage is CodeStage.REFUSED:
            self._cases[case.invoice.id] = _Case(invoice=case.invoice, key=self._services.ids.token())
            self._publish()

    def enter(self) -> None:
        """The one key: send the code; while it is checked, the next patient; after a no, another code."""
        if not self._view.primary.enabled:
            return
        case = self._case()
        if case is None:
            return
        if case.stage is CodeStage.ENTRY:
            case.sent_at, case.problem = self._services.clock.now(), None
            self._services.tasks.spawn(self._send(case), name="codes.check")
            self._publish()
        elif case.stage is CodeStage.CHECKING:
            self.nextWanted.emit()
        else:
            self.another()

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ news

    def heard(self, check: CodeCheck) -> None:
        """The relay told of a check, in any order, any number of times; those of other tills are not ours."""
        case = next((one for one in self._cases.values() if _is_of(one, check)), None)
        if case is None and any(one.sent_at is not None and one.check is None for one in self._cases.values()):
            self._early[check.check_uid] = check
        if case is None or case.check is None or case.check.state != _WAITING:
            return
        self._learnt(case, check)

    def _learnt(self, case: _Case, check: CodeCheck) -> None:
        case.check, case.unanswered = check, False
        if check.state == _PROVEN:
            del self._cases[case.invoice.id]
            _log.info("code proven", check_uid=check.check_uid, payment_uid=check.payment_uid)
            if check.payment_uid:
                self._arrivals.proven(UUID(check.payment_uid))
        elif check.state != _WAITING:
            case.shown = True
            if self._invoice is None or self._invoice.id != case.invoice.id:
                name = spoken_name(case.invoice.patient_name)
                self.told.emit(code_words.told(check, name, self._services.clock.now()))
        self._publish()

    # ------------------------------------------------------------ within

    def _case(self) -> _Case | None:
        return None if self._invoice is None else self._cases.get(self._invoice.id)

    async def _send(self, case: _Case) -> None:
        try:
            check = await self._services.relay.check_code(case.invoice.id, case.text, key=case.key)
        except OutcomeUnknown:
            case.unanswered = True
        except PosError as e:
            # Refused before anybody was asked: the next press is another intent, as its content may differ.
            case.sent_at, case.unanswered, case.problem = None, False, problem_words(e)
            case.key = self._services.ids.token()
        else:
            if self._cases.get(case.invoice.id) is case:
                self._learnt(case, self._early.pop(check.check_uid, check))
            self._early.clear()
        self._publish()

    async def _look(self, case: _Case) -> None:
        if case.check is None:
            if case.unanswered:
                await self._send(case)
            return
        try:
            check = await self._services.relay.code_check(case.check.check_uid)
        except PosError:
            return  # asked again by the next tick, or when the relay is back
        self.heard(check)

    def _on_line(self, state: str) -> None:
        if state == LineState.ONLINE:
            self._look_at_all()
        self._publish()

    def _tick(self) -> None:
        self._beats += 1
        if self._beats % LOOK_EVERY == 0 and self._services.line.online:
            self._look_at_all()
        if self._view.stage is CodeStage.CHECKING:
            self._publish()

    def _look_at_all(self) -> None:
        for case in list(self._cases.values()):
            if case.stage is CodeStage.CHECKING:
                self._services.tasks.spawn(self._look(case), name="codes.look")

    # ------------------------------------------------------------ the view

    def _publish(self) -> None:
        view = self._make_view()
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _make_view(self) -> CodeView:
        case = self._case()
        if case is None or not case.shown:
            return CodeView(invoice_id=self._invoice.id if self._invoice is not None else 0)
        if case.stage is CodeStage.ENTRY:
            return self._entry_view(case)
        now = self._services.clock.now()
        check = case.check
        if case.stage is CodeStage.REFUSED and check is not None:
            notice = code_words.refusal(check, now) if check.state == _REFUSED else code_words.expired()
            return CodeView(
                stage=CodeStage.REFUSED,
                invoice_id=case.invoice.id,
                code=code_words.grouped(check.code),
                notice=notice,
                primary=ActionView(label=self.tr("Type another code")),
            )
        asked_at = instant(check.asked_at) if check is not None else case.sent_at or now
        return CodeView(
            stage=CodeStage.CHECKING,
            invoice_id=case.invoice.id,
            code=code_words.grouped(case.text if check is None else check.code),
            notice=code_words.waiting(asked_at, now, away=not self._services.line.online),
            steps=code_words.waiting_steps(check, now, prints=self._services.rules.print_at_once),
            primary=ActionView(label=self.tr("Serve next patient")),
            problem=code_words.no_answer() if case.unanswered and self._services.line.online else None,
        )

    def _entry_view(self, case: _Case) -> CodeView:
        problem = code_words.code_problem(case.text)
        whole = len(case.text) == code_words.LENGTH
        away = not self._services.line.online
        return CodeView(
            stage=CodeStage.ENTRY,
            invoice_id=case.invoice.id,
            text=case.text,
            hint=code_words.code_hint(case.text),
            field_problem=problem,
            primary=ActionView(label=self.tr("Check the code"), enabled=whole and not problem and not away),
            problem=Words(
                self.tr("A code needs the relay, and the relay is away"),
                self.tr("Keep the patient's message; check it once the connection is back."),
            )
            if away
            else case.problem,
        )


def _is_of(case: _Case, check: CodeCheck) -> bool:
    return case.check is not None and case.check.check_uid == check.check_uid
