"""All pages of an open till and its one list of keys. Built anew when the language changes: presenters keep the state."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from hmis_pos.terminal.presenters.board import Board
from hmis_pos.terminal.presenters.desk import DeskView
from hmis_pos.terminal.presenters.session import SessionState, SessionView
from hmis_pos.terminal.settings import Language
from hmis_pos.terminal.ui.kit.dialogs import Question
from hmis_pos.terminal.ui.kit.keys import Action, KeyMap
from hmis_pos.terminal.ui.screens import help as keys_help
from hmis_pos.terminal.ui.screens.counter import screen as counter
from hmis_pos.terminal.ui.screens.payments import screen as payments
from hmis_pos.terminal.ui.screens.receipt_view import Paper
from hmis_pos.terminal.ui.screens.refunds import screen as refunds
from hmis_pos.terminal.ui.screens.sign_in import SignInAgain, SignInScreen
from hmis_pos.terminal.ui.screens.statements import screen as statements
from hmis_pos.terminal.ui.screens.unmatched import screen as unmatched
from hmis_pos.terminal.ui.screens.workplace import PLACE as WORK
from hmis_pos.terminal.ui.screens.workplace import RECEIPT, Workplace

SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the pages need beside their presenters."""

    language: Language
    paper: Paper


class Shell(QStackedWidget):
    """Sign-in page or workplace, and the sheets over them.

    ``themeWanted``, ``languageWanted``, ``fullScreenWanted`` and ``leaveWanted`` ask the window; ``patientScreenWanted`` and
    ``patientMonitorWanted`` ask for the screen that faces the patient, and for its next monitor.
    """

    themeWanted = Signal()
    languageWanted = Signal()
    fullScreenWanted = Signal()
    patientScreenWanted = Signal()
    patientMonitorWanted = Signal()
    leaveWanted = Signal()

    def __init__(self, board: Board, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shell")
        self._board = board
        self.keys = KeyMap(self)
        self._sheet: QDialog | None = None
        self._user = ""  #: who worked here last
        self._name_places()
        self.sign_in = SignInScreen(look.language)
        self.sign_in.attach(board.session)
        self.work = Workplace(board, look.paper, self.keys)
        self.addWidget(self.sign_in)
        self.addWidget(self.work)
        self.keys.add(*self.work.actions_here(), *self._actions())
        self.sign_in.themeWanted.connect(self.themeWanted)
        self.sign_in.languageWanted.connect(self.languageWanted)
        self.work.placesChanged.connect(self._place_keys)
        board.desk.changed.connect(self._show_desk)
        board.session.changed.connect(self._show_session)
        self._show_desk(board.desk.view)
        self._show_session(board.session.view)

    def _name_places(self) -> None:
        self.keys.name_place(SIGN_IN, self.tr("Signing in"))
        self.keys.name_place(WORK, self.tr("While signed in"))
        self.keys.name_place(counter.PLACE, self.tr("At the counter"))
        self.keys.name_place(payments.PLACE, self.tr("In the payments"))
        self.keys.name_place(unmatched.PLACE, self.tr("In the unmatched money"))
        self.keys.name_place(statements.PLACE, self.tr("In the statements"))
        self.keys.name_place(refunds.PLACE, self.tr("In the refunds"))
        self.keys.name_place(RECEIPT, self.tr("With a receipt open"))

    def _actions(self) -> list[Action]:
        return [
            Action("help.keys", self.tr("Show all keys"), self.show_keys, ("F1",), hint=self.tr("all keys")),
            Action(
                "help.do",
                self.tr("Do anything by its name"),
                self.show_palette,
                ("Ctrl+K",),
                hint=self.tr("do anything"),
            ),
            Action("look.theme", self.tr("Dark or light screen"), self.themeWanted.emit, ("Ctrl+Shift+D",)),
            Action(
                "look.language",
                self.tr("English or Kiswahili"),
                self.languageWanted.emit,
                ("Ctrl+Shift+L",),
                more="language lugha swahili",
            ),
            Action("look.full-screen", self.tr("Full screen, or a window"), self.fullScreenWanted.emit, ("F11",)),
            Action(
                "look.password",
                self.tr("Show the password, or hide it"),
                self._show_password,
                ("Ctrl+Shift+P",),
                SIGN_IN,
            ),
            Action(
                "look.patient",
                self.tr("Open or close the patient's screen"),
                self.patientScreenWanted.emit,
                ("F12",),
                more="display monitor second screen skrini",
            ),
            Action(
                "look.patient-monitor",
                self.tr("Move the patient's screen to the next monitor"),
                self.patientMonitorWanted.emit,
                ("Ctrl+F12",),
            ),
            Action("leave", self.tr("Close the till"), self.leaveWanted.emit, ("Ctrl+Q",)),
        ]

    def focus_first(self) -> None:
        """Put the caret where one begins."""
        if self.currentWidget() is self.work:
            self.work.counter.payment.focus_first()
        else:
            self.sign_in.form.focus_first()

    def show_keys(self) -> None:
        keys_help.show_keys(self, self.keys)

    def show_palette(self) -> None:
        keys_help.show_palette(self, self.keys)

    def scanned(self, code: str) -> None:
        """A barcode; while nobody is signed in it means nothing."""
        if self.currentWidget() is self.work and self._sheet is None:
            self.work.scanned(code)

    def _show_password(self) -> None:
        self.sign_in.form.password.toggle_shown()

    def _show_desk(self, view: DeskView) -> None:
        """Somebody who signs in begins at the counter; who only heard from the relay again stays where they work."""
        goes_on = self.currentWidget() is self.work and view.username == self._user
        self._user = view.username
        self.setCurrentWidget(self.work if view.signed_in else self.sign_in)
        if not view.signed_in:
            self.sign_in.form.focus_first()
        elif not goes_on:
            self.work.go(counter.PLACE)
        self._place_keys()

    def _place_keys(self) -> None:
        here = self.work.places() if self.currentWidget() is self.work else (SIGN_IN,)
        self.keys.set_places(*here)

    def _show_session(self, view: SessionView) -> None:
        """The sheets over the work: sign in again, and whether to leave with something unsent."""
        if self._sheet is not None or not view.over_work:
            return
        if view.state is SessionState.ASK_SIGN_OUT:
            self._open(self._ask_sign_out(view))
        elif view.state in (SessionState.SIGN_IN_AGAIN, SessionState.SIGNING_IN):
            self._open(SignInAgain(self, self._board.session))

    def _ask_sign_out(self, view: SessionView) -> Question:
        notice = view.notice
        sheet = Question(
            self,
            notice.title if notice else self.tr("Sign out?"),
            notice.advice if notice else "",
            yes=self.tr("Sign out all the same"),
            no=self.tr("Stay"),
            danger=True,
        )
        sheet.setObjectName("askSignOut")
        sheet.accepted.connect(self._board.session.confirm_sign_out)
        sheet.rejected.connect(self._board.session.stay)
        return sheet

    def _open(self, sheet: QDialog) -> None:
        self._sheet = sheet
        sheet.finished.connect(self._sheet_closed)
        sheet.open()

    def _sheet_closed(self) -> None:
        """Signing in again may have become due under a question; an answered question is not asked again."""
        self._sheet = None
        if self._board.session.view.state is SessionState.SIGN_IN_AGAIN:
            self._show_session(self._board.session.view)
