"""The composition root: the window first, then the till behind it.

``build`` wires everything and opens nothing; ``Terminal.start`` shows the window, lets it paint, and only then imports and opens
what takes time. ``run`` is what ``hmis-pos`` calls.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QApplication

from hmis_pos import logs
from hmis_pos.domain.errors import PosError
from hmis_pos.terminal.garbage import GarbageCollector, delete_now
from hmis_pos.terminal.presenters.words import problem_words
from hmis_pos.terminal.settings import TerminalSettings, load
from hmis_pos.terminal.tasks import Tasks
from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode
from hmis_pos.terminal.ui.kit.dialogs import ask
from hmis_pos.terminal.ui.language import Languages, other
from hmis_pos.terminal.ui.preferences import Preferences
from hmis_pos.terminal.ui.screens.main_window import MainWindow
from hmis_pos.terminal.ui.screens.sign_in import SignInScreen

if TYPE_CHECKING:
    from hmis_pos.cashier.ports import Clock, Ids
    from hmis_pos.db.local.store import LocalStore
    from hmis_pos.domain.receipt import Receipt
    from hmis_pos.terminal.presenters.board import Board
    from hmis_pos.terminal.presenters.services import Printer, Services
    from hmis_pos.terminal.printing.content import ReceiptContent
    from hmis_pos.terminal.relay_client import RelayClient
    from hmis_pos.terminal.secrets import Secrets
    from hmis_pos.terminal.ui.screens.patient.opener import PatientScreen
    from hmis_pos.terminal.ui.screens.shell import Shell

_PREFERENCES = "screen.ini"
#: How long to wait for a first paint that may never come (a window that starts minimised).
_PAINT_SECONDS = 2.0
_log = logs.logger("terminal")


class Terminal(QObject):
    """One till: its window and, once it is open, its presenters.

    ``painted``: the window was painted for the first time; nothing heavy was imported before. ``opened``: people can sign in.
    ``failed``: the till could not be opened, the window says why (the code). ``closed``: it is over.
    """

    painted = Signal()
    opened = Signal()
    failed = Signal(str)
    closed = Signal()

    def __init__(self, app: QApplication, settings: TerminalSettings, given: dict[str, Any]) -> None:
        super().__init__()
        self.settings = settings
        self._given = given
        self.preferences = Preferences(settings.folder / _PREFERENCES)
        self.languages = Languages(app, settings.language or self.preferences.language)
        self.appearance = Appearance(app, self.preferences.mode)
        self.tasks = Tasks()
        self.window = MainWindow(self.preferences)
        self.shell: Shell | None = None
        self.board: Board | None = None
        self.patient_screen: PatientScreen | None = None
        self._services: Services | None = None
        self._leave = asyncio.Event()
        self._asking = False
        self._closing = False
        self.window.closeAsked.connect(self._close_asked)
        self.window.scanned.connect(self._scanned)
        self.languages.changed.connect(self._on_language)

    # ------------------------------------------------------------ life

    async def start(self) -> None:
        """Show the window, then open the till. Returns once people can sign in, or once the window says why they cannot."""
        page = SignInScreen(self.languages.language)
        page.themeWanted.connect(self.toggle_theme)
        page.languageWanted.connect(self.toggle_language)
        self.window.show_page(page)
        self.window.show()
        self.window.activateWindow()  # a screen without a window manager gives nobody the keyboard by itself
        await _first_paint(self.window)
        self.painted.emit()
        await self._open()

    async def run(self) -> int:
        """Start, and work until a person closes the window; returns the exit code."""
        self.tasks.spawn(self.start(), name="start")
        await self._leave.wait()
        await self.close()
        return 0

    async def close(self) -> None:
        """Cancel what runs, close store and connections, take the window away. Safe to repeat."""
        if self._closing:
            return
        self._closing = True
        self.window.leave()
        if self.patient_screen is not None:
            self.patient_screen.close()
        parts: list[QObject] = []
        if self._services is not None:
            from hmis_pos.terminal.opening import Given, close_services  # noqa: PLC0415 - it is loaded already

            parts = await close_services(self._services, Given(**self._given))
        await self.tasks.close()
        self.languages.forget()
        # Views go while the presenters and models they show still live; the other order is Python's to choose, and Qt's crash.
        delete_now(self.window, self.appearance, self.board, *parts)
        self.closed.emit()
        delete_now(self.tasks, self.languages, self)

    async def _open(self) -> None:
        """Open services and pages; where that fails, say why and offer to try again."""
        # Half a second of imports: in a thread, and after the first paint.
        opening = await asyncio.to_thread(_import_opening)
        try:
            services = await opening.open_services(self.settings, self.tasks, opening.Given(**self._given))
        except PosError as e:
            _log.error("till not opened", code=e.code, reason=e.message)
            words = problem_words(e)
            page = self.window.show_problem(words.title, words.advice)
            page.acted.connect(self._try_again)
            self.failed.emit(e.code)
            return
        from hmis_pos.terminal.presenters.board import Board  # noqa: PLC0415 - after the first paint

        self._services = services
        self.board = Board(services)
        services.desk.changed.connect(self._desk_changed)
        from hmis_pos.terminal.ui.screens.patient.opener import PatientScreen  # noqa: PLC0415 - after the first paint

        self.patient_screen = PatientScreen(
            self.board.display, self.window, self.preferences, self.settings.patient_language, self
        )
        self._show_shell()
        self.board.start()
        self.patient_screen.restore(self.settings.patient_screen)
        self.opened.emit()

    def _try_again(self) -> None:
        self.tasks.spawn(self._open(), name="open")

    def _show_shell(self) -> None:
        from hmis_pos.terminal.ui.screens.shell import Look, Shell  # noqa: PLC0415 - after the first paint

        if self.board is None:
            return
        typed = self.window.findChild(SignInScreen)
        self.shell = Shell(self.board, Look(language=self.languages.language, paper=self._paper))
        if typed is not None:
            self.shell.sign_in.form.take_typed(typed.form)
        self.shell.themeWanted.connect(self.toggle_theme)
        self.shell.languageWanted.connect(self.toggle_language)
        self.shell.fullScreenWanted.connect(self.window.toggle_full_screen)
        if self.patient_screen is not None:
            self.shell.patientScreenWanted.connect(self.patient_screen.toggle)
            self.shell.patientMonitorWanted.connect(self.patient_screen.move_on)
        self.shell.leaveWanted.connect(self._close_asked)
        self.window.show_page(self.shell)
        self.shell.focus_first()

    # ------------------------------------------------------------ what a person asks of the window

    def toggle_theme(self) -> None:
        """Dark or light, remembered."""
        self.appearance.toggle()
        self.preferences.mode = Mode.DARK if self.appearance.theme.dark else Mode.LIGHT

    def toggle_language(self) -> None:
        """The other language, remembered. Pages are built anew; presenters keep what was done."""
        language = other(self.languages.language)
        self.preferences.language = language
        self.languages.use(language)

    def _on_language(self, _code: str) -> None:
        if self.board is not None:
            self.board.retell()
            self._show_shell()
            return
        page = SignInScreen(self.languages.language)
        page.themeWanted.connect(self.toggle_theme)
        page.languageWanted.connect(self.toggle_language)
        self.window.show_page(page)

    def _scanned(self, code: str) -> None:
        if self.shell is not None:
            self.shell.scanned(code)

    def _close_asked(self) -> None:
        if not self._asking and not self._closing:
            self._asking = True
            self.tasks.spawn(self._close_if_wanted(), name="close")

    async def _close_if_wanted(self) -> None:
        try:
            unsent = self.board.status.view.unsent if self.board is not None else 0
            if unsent and not await self._ask_to_close(unsent):
                return
        finally:
            self._asking = False
        self.window.hide()
        if self.patient_screen is not None:
            self.patient_screen.close()
        self._leave.set()  # closing cancels all tasks, this one too: `run` does it

    async def _ask_to_close(self, unsent: int) -> bool:
        return await ask(
            self.window,
            self.tr("%n receipt(s) not sent yet", "", unsent),
            self.tr(
                "They are safe on this till and go to the hospital when it is open again. Better wait until all is sent."
            ),
            yes=self.tr("Close all the same"),
            no=self.tr("Stay"),
            danger=True,
        )

    # ------------------------------------------------------------ small things

    def _paper(self, receipt: Receipt, copy: int) -> ReceiptContent:
        from hmis_pos.terminal.printing.content import content_of  # noqa: PLC0415 - after the first paint
        from hmis_pos.terminal.printing.template import load_template  # noqa: PLC0415

        facility = self.board.desk.view.facility_name if self.board is not None else ""
        return content_of(receipt, copy, load_template(), facility=facility)

    def _desk_changed(self) -> None:
        """A till learns its hospital's name when it is enrolled; its printer prints it."""
        if self._services is None or not self._services.desk.view.facility_name:
            return
        if hasattr(self._services.printer, "facility"):
            self._services.printer.facility = self._services.desk.view.facility_name

    def shocked(self, error: BaseException) -> None:
        """Something nobody expected: it is in the log; the person reads one calm line."""
        if self.board is not None and not self._closing:
            self.tasks.crashed.emit("unexpected", error)


def build(
    settings: TerminalSettings,
    *,
    store: LocalStore | None = None,
    relay: RelayClient | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    printer: Printer | None = None,
    secrets: Secrets | None = None,
) -> Terminal:
    """Wire a till; nothing is opened yet. What is given is used instead of the real thing and is not closed here.

    Needs a ``QApplication``.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("make a QApplication before the terminal")  # noqa: TRY004 - not the caller's type, its order
    app.setQuitOnLastWindowClosed(False)  # it would stop the loop in the middle of an await
    given = {"store": store, "relay": relay, "clock": clock, "ids": ids, "printer": printer, "secrets": secrets}
    return Terminal(app, settings, given)


def run() -> int:
    """Open the till of this computer and work until its window is closed.

    Raises:
        BadSettings: with every problem found, before anything is opened.
    """
    import qasync  # noqa: PLC0415 - the command line's other commands have no use for it

    settings = load()
    logs.configure(settings.log_level)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if isinstance(app, QApplication):
        app.setApplicationName("HMIS POS")
        app.setDesktopFileName("hmis-pos")
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        garbage = GarbageCollector()
        terminal = build(settings)
        terminal.opened.connect(garbage.settle)
        _catch_all(loop, terminal)
        try:
            return int(loop.run_until_complete(terminal.run()))
        finally:
            garbage.stop()


def _catch_all(loop: asyncio.AbstractEventLoop, terminal: Terminal) -> None:
    """Errors that reach nobody go to the log and become one calm line; Ctrl C in the shell closes as the window's cross does."""

    def from_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        _log.error("unexpected", what=context.get("message"), exc_info=error)
        if isinstance(error, BaseException):
            terminal.shocked(error)

    def from_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            terminal.window.close()
            return
        _log.error("unexpected", exc_info=(kind, error, trace))
        terminal.shocked(error)

    loop.set_exception_handler(from_loop)
    sys.excepthook = from_slot
    signal.signal(signal.SIGINT, lambda *_: terminal.window.close())


def _import_opening() -> Any:
    """SQLAlchemy, httpx, keyring and what needs them; called in a thread."""
    from hmis_pos.terminal import opening  # noqa: PLC0415 - after the first paint

    opening.import_heavy()
    return opening


async def _first_paint(window: MainWindow) -> None:
    """Wait until the window is on the screen. Where Qt does not run on this loop, its events are run here once."""
    if not type(asyncio.get_running_loop()).__module__.startswith("qasync"):
        QCoreApplication.processEvents()
        return
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def painted() -> None:
        if not done.done():
            done.set_result(None)

    window.painted.connect(painted)
    await asyncio.wait([done], timeout=_PAINT_SECONDS)
