"""Who is at the counter: signing in with the relay or without it, the till's first enrolment, the session's end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.auth import Session
from hmis_pos.db.local.records import OFFLINE_FOR, Install, KnownUser
from hmis_pos.domain.errors import CashierMistake, Misconfigured, NotAllowed, PosError, Unavailable
from hmis_pos.terminal.presenters.cures import keyring_words
from hmis_pos.terminal.presenters.desk import DeskView
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.views import Words
from hmis_pos.terminal.presenters.words import problem_words

#: Seconds between looks for the relay after somebody signed in without it.
PROBE_EVERY = 30
_LAST_USER = "last-user"


class SessionState(StrEnum):
    """What the session asks of the screen."""

    STARTING = "starting"
    SIGN_IN = "sign_in"  #: user and password
    SIGNING_IN = "signing_in"
    ENROL = "enrol"  #: the counter's name, once in a till's life
    ENROLLING = "enrolling"
    SIGNED_IN = "signed_in"
    SIGN_IN_AGAIN = "sign_in_again"  #: over the work, which stays as it is
    ASK_SIGN_OUT = "ask_sign_out"  #: something is not sent yet; ``confirm_sign_out`` or ``stay``


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """The sign-in page, or the sheet over the work where ``over_work`` is set."""

    state: SessionState = SessionState.STARTING
    over_work: bool = False
    can_wait: bool = False  #: signing in again may be put off by :meth:`SessionPresenter.later`
    username: str = ""  #: who signed in here last, to begin with
    counter: str = ""  #: the counter's name offered for the enrolment
    facility: str = ""  #: the hospital, empty until the till is enrolled
    series: str = ""  #: of receipts, empty until then
    notice: Words | None = None  #: why one signs in again, what is not sent, that the relay is away
    problem: Words | None = None
    problem_field: str = ""  #: ``password``, ``username``, ``counter``, or empty
    keyring_warning: str = ""  #: secrets lie in a readable file (demo, training)


class SessionPresenter(QObject):
    """Fills :class:`~hmis_pos.terminal.presenters.desk.Desk`.

    ``signedIn`` says that somebody may work now (read the desk), ``signedOut`` that nobody does.
    """

    changed = Signal(SessionView)
    signedIn = Signal()
    signedOut = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._state = SessionState.STARTING
        self._username = ""
        self._notice: Words | None = None
        self._problem: Words | None = None
        self._problem_field = ""
        self._can_wait = False
        self._install: Install | None = None
        self._pending: tuple[Session, str] | None = None  #: signed in, but the till has no series yet
        self._put_off = False
        self._beats = 0
        self._view = SessionView()
        services.relay.http.signedOut.connect(self._on_ended)
        services.ticker.ticked.connect(self._tick)

    @property
    def view(self) -> SessionView:
        return self._view

    # ------------------------------------------------------------ intents

    def start(self) -> None:
        """After the store is open: go on with the kept session, or ask who is there."""
        self._services.tasks.spawn(self._start(), name="session.start")

    def sign_in(self, username: str, password: str) -> None:
        """User and password; with the relay away, against what this till remembers."""
        if self._state in (SessionState.SIGNING_IN, SessionState.ENROLLING):
            return
        name = username.strip()
        if not name or not password:
            field = "password" if name else "username"
            self._refuse(Words(self.tr("User and password are both needed")), field)
            return
        again = self._state is SessionState.SIGN_IN_AGAIN
        self._set(SessionState.SIGNING_IN)
        self._services.tasks.spawn(self._sign_in(name, password, again=again), name="session.sign-in")

    def enrol(self, counter: str) -> None:
        """The name of this counter, at the till's first run: binds a receipt series to it."""
        if self._state is SessionState.ENROL and self._pending is not None:
            name = " ".join(counter.split())
            if not name:
                self._refuse(
                    Words(self.tr("Give this counter a name"), self.tr("For example \u201cCounter 3\u201d.")), "counter"
                )
                return
            self._set(SessionState.ENROLLING)
            self._services.tasks.spawn(self._enrol(name), name="session.enrol")

    def sign_out(self) -> None:
        """Leave the counter. Asks first while something is not sent or a phone rings."""
        if self._state is SessionState.SIGNED_IN:
            self._services.tasks.spawn(self._ask_sign_out(), name="session.sign-out")

    def confirm_sign_out(self) -> None:
        """Leave although something is not sent: it stays safe here and goes with the next sign-in."""
        if self._state is SessionState.ASK_SIGN_OUT:
            self._services.tasks.spawn(self._leave(), name="session.leave")

    def stay(self) -> None:
        """Rather not sign out."""
        if self._state is SessionState.ASK_SIGN_OUT:
            self._notice = None
            self._set(SessionState.SIGNED_IN)

    def later(self) -> None:
        """Put signing in again off and go on with cash."""
        if self._state is SessionState.SIGN_IN_AGAIN and self._can_wait:
            self._put_off = True
            self._notice = None
            self._set(SessionState.SIGNED_IN)

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._publish()

    # ------------------------------------------------------------ starting

    async def _start(self) -> None:
        services = self._services
        self._install = await services.store.install.get()
        services.relay.http.series = self._install.series
        self._username = await services.store.notes.get(_LAST_USER)
        try:
            token = await services.secrets.refresh_token()
        except Misconfigured as e:
            self._problem = problem_words(e)
            token = ""
        if token and self._install.enrolled:
            try:
                session = await services.relay.resume(token)
            except NotAllowed:
                await self._forget_token()
            except PosError as e:
                self._notice = _away_words(e)
            else:
                await self._welcome(session, "")
                return
        self._set(SessionState.SIGN_IN)

    async def _sign_in(self, username: str, password: str, *, again: bool) -> None:
        back = SessionState.SIGN_IN_AGAIN if again else SessionState.SIGN_IN
        try:
            session = await self._services.relay.login(username, password)
        except Unavailable as away:
            await self._sign_in_here(username, password, away, back)
        except NotAllowed as e:
            if e.code == "role-not-allowed":
                await self._services.store.users.forget(username)
            self._fail(e, back)
        except PosError as e:
            self._fail(e, back)
        else:
            await self._after_login(session, password, back)

    async def _after_login(self, session: Session, password: str, back: SessionState) -> None:
        self._install = self._install or await self._services.store.install.get()
        if not self._install.enrolled:
            self._pending = (session, password)
            self._set(SessionState.ENROL)
            return
        try:
            await self._bind(self._install.counter)
        except Misconfigured as e:  # an old copy of the store, or another till's: no money may be taken here
            self._services.relay.http.end_session()
            self._fail(e, back)
            return
        except PosError as e:
            self._notice = _away_words(e)
        await self._welcome(session, password)

    async def _enrol(self, counter: str) -> None:
        pending = self._pending
        if pending is None:
            return
        try:
            await self._bind(counter)
        except PosError as e:
            self._fail(e, SessionState.ENROL)
            return
        self._pending = None
        await self._welcome(*pending)

    async def _bind(self, counter: str) -> None:
        """The series of this install: given at the first run, compared ever after.

        Raises:
            Misconfigured: this store is not the one the relay knows.
        """
        services = self._services
        here = await services.store.install.get()
        said = await services.relay.enrol(here.install_uid, counter, key=services.ids.token())
        self._install = await services.store.install.bind(
            Install(
                install_uid=here.install_uid,
                series=said.series,
                counter=said.counter,
                facility_id=said.facility_id,
                facility_name=said.facility_name,
                last_number=said.last_number,
            )
        )

    async def _welcome(self, session: Session, password: str) -> None:
        services = self._services
        if password:
            await services.store.users.remember(
                KnownUser(
                    user_id=0,
                    username=session.username,
                    display_name=session.display_name,
                    role=session.role,
                    facility_id=session.facility_id,
                    facility_name=session.facility_name,
                    expires_at=services.clock.now() + OFFLINE_FOR,
                ),
                password,
            )
        await self._seat(
            username=session.username,
            display_name=session.display_name,
            role=session.role,
            facility_name=session.facility_name,
            offline=False,
        )

    async def _sign_in_here(self, username: str, password: str, away: Unavailable, back: SessionState) -> None:
        services = self._services
        install = self._install or await services.store.install.get()
        if not install.enrolled:
            self._fail(Misconfigured(away.message, code="not-enrolled"), back)
            return
        try:
            known = await services.store.users.sign_in(username, password, services.clock.now())
        except PosError as e:
            self._fail(e, back)
            return
        self._install = install
        self._notice = Words(
            self.tr("Signed in without the relay"),
            self.tr("Cash goes on. Sign in once more when the connection is back, so that receipts are sent."),
        )
        await self._seat(
            username=known.username,
            display_name=known.display_name,
            role=known.role,
            facility_name=known.facility_name,
            offline=True,
        )

    async def _seat(self, *, username: str, display_name: str, role: str, facility_name: str, offline: bool) -> None:
        install = self._install or await self._services.store.install.get()
        await self._services.store.notes.set(_LAST_USER, username)
        self._username = username
        self._put_off = False
        if not offline:
            self._notice = None
        self._services.desk.show(
            DeskView(
                username=username,
                display_name=display_name or username,
                role=role,
                facility_name=facility_name or install.facility_name,
                counter=install.counter,
                series=install.series,
                offline_sign_in=offline,
            )
        )
        self._set(SessionState.SIGNED_IN)
        self.signedIn.emit()

    # ------------------------------------------------------------ ending

    async def _ask_sign_out(self) -> None:
        counts = await self._services.store.outbox.counts()
        ringing = len(await self._services.store.watched.all())
        if not counts.unsent and not ringing:
            await self._leave()
            return
        parts = []
        if counts.unsent:
            text = (
                self.tr("1 receipt is not sent yet.")
                if counts.unsent == 1
                else self.tr("{n} receipts are not sent yet.")
            )
            parts.append(text.format(n=counts.unsent))
        if ringing:
            text = (
                self.tr("1 M-Pesa payment is still open.")
                if ringing == 1
                else self.tr("{n} M-Pesa payments are still open.")
            )
            parts.append(text.format(n=ringing))
        self._notice = Words(
            " ".join(parts),
            self.tr("They stay safe on this till and go on with the next sign-in. Better wait until all is sent."),
        )
        self._set(SessionState.ASK_SIGN_OUT)

    async def _leave(self) -> None:
        self._services.relay.http.end_session()
        await self._forget_token()
        self._notice = None
        self._services.desk.show(DeskView())
        self._set(SessionState.SIGN_IN)
        self.signedOut.emit()

    def _on_ended(self, why: str) -> None:
        """The relay ended the session: ask again, over the work, which stays."""
        self._can_wait = False
        self._notice = problem_words(NotAllowed("", code=why or "session-ended"))
        if self._services.desk.view.signed_in:
            self._set(SessionState.SIGN_IN_AGAIN)
        self._services.tasks.spawn(self._forget_token(), name="session.forget")

    async def _forget_token(self) -> None:
        try:
            await self._services.secrets.keep_refresh_token("")
        except Misconfigured as e:
            self._problem = problem_words(e)

    # ------------------------------------------------------------ the relay comes back

    def _tick(self) -> None:
        self._beats += 1
        waiting = self._state is SessionState.SIGNED_IN and self._services.relay.http.session is None
        if waiting and not self._put_off and self._beats % PROBE_EVERY == 0:
            self._services.tasks.spawn(self._probe(), name="session.probe")

    async def _probe(self) -> None:
        """Somebody works without the relay: is it back? With a kept session go on, else ask to sign in."""
        services = self._services
        try:
            session = await services.relay.resume(await services.secrets.refresh_token() or "none")
        except NotAllowed:
            self._ask_again()
        except CashierMistake:
            self._ask_again()
        except PosError:
            return
        else:
            if session.username.casefold() == services.desk.cashier.casefold():
                await self._welcome(session, "")
            else:
                services.relay.http.end_session()
                self._ask_again()

    def _ask_again(self) -> None:
        self._can_wait = True
        self._notice = Words(
            self.tr("The connection is back: please sign in"),
            self.tr("Then the receipts taken meanwhile are sent. What you were doing stays as it is."),
        )
        self._set(SessionState.SIGN_IN_AGAIN)

    # ------------------------------------------------------------ the view

    def _fail(self, error: PosError, back: SessionState) -> None:
        self._state = back
        self._refuse(problem_words(error), error.field or "")

    def _refuse(self, words: Words, field: str) -> None:
        self._problem, self._problem_field = words, field
        self._publish()

    def _set(self, state: SessionState) -> None:
        self._state = state
        if state is not SessionState.SIGN_IN or self._services.desk.view.signed_in:
            self._problem, self._problem_field = None, ""
        self._publish()

    def _publish(self) -> None:
        view = SessionView(
            state=self._state,
            over_work=self._services.desk.view.signed_in and self._state is not SessionState.SIGNED_IN,
            can_wait=self._can_wait and self._state is SessionState.SIGN_IN_AGAIN,
            username=self._username,
            counter=self._install.counter
            if self._install is not None and self._install.counter
            else self._services.rules.counter,
            facility=self._install.facility_name if self._install is not None else "",
            series=self._install.series if self._install is not None else "",
            notice=self._notice,
            problem=self._problem,
            problem_field=self._problem_field,
            keyring_warning=keyring_words(self._services.secrets.readable_file),
        )
        if view != self._view:
            self._view = view
            self.changed.emit(view)


def _away_words(error: PosError) -> Words | None:
    return problem_words(error) if isinstance(error, Unavailable) else None
