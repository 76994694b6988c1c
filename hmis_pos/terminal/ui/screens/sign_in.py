"""Who works here: user and password, the counter's name once in a till's life, and signing in again over the work."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmis_pos.terminal.presenters.session import SessionPresenter, SessionState, SessionView
from hmis_pos.terminal.settings import Language
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import PrimaryButton, QuietButton, SecondaryButton
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.label import ElidedLabel, Label
from hmis_pos.terminal.ui.kit.scroll import ScrollArea
from hmis_pos.terminal.ui.kit.sheet import Sheet
from hmis_pos.terminal.ui.kit.surface import Card, Surface
from hmis_pos.terminal.ui.kit.theme import Tone, current_theme
from hmis_pos.terminal.ui.kit.typeface import Text, Weight
from hmis_pos.terminal.ui.language import other, own_name
from hmis_pos.terminal.ui.screens.password_field import PasswordField
from hmis_pos.terminal.ui.screens.rendering import show_words

_WIDTH = 420
_ENROLLING = frozenset({SessionState.ENROL, SessionState.ENROLLING})
_BUSY = frozenset({SessionState.STARTING, SessionState.SIGNING_IN, SessionState.ENROLLING})


class SignInForm(QWidget):
    """The fields and the button. ``signInWanted`` carries user and password, ``enrolWanted`` the counter's name."""

    signInWanted = Signal(str, str)
    enrolWanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = SessionState.STARTING
        self._problem_field = ""
        self.notice = Banner()
        self.notice.setObjectName("signInNotice")
        self.problem = Banner()
        self.problem.setObjectName("signInProblem")
        self.username = LineField(icon="user")
        self.username.setObjectName("signInUser")
        self._user_field = LabelledField(self.tr("User"), self.username)
        self.password = PasswordField()
        self.password.setObjectName("signInPassword")
        self._password_field = LabelledField(self.tr("Password"), self.password)
        self._enrol_words = Label(
            self.tr(
                "This till is used for the first time. What is its counter called? The name stands on every receipt."
            ),
            tone="ink-2",
            wrap=True,
        )
        self.counter = LineField(icon="counter")
        self.counter.setObjectName("signInCounter")
        self._counter_field = LabelledField(self.tr("Counter"), self.counter)
        self.primary = PrimaryButton("", "Return")
        self.primary.setObjectName("signInPrimary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (
            self.notice,
            self.problem,
            self._user_field,
            self._password_field,
            self._enrol_words,
            self._counter_field,
            self.primary,
        ):
            column.addWidget(part)
        self.username.returnPressed.connect(self._after_user)
        self.password.returnPressed.connect(self.submit)
        self.counter.returnPressed.connect(self.submit)
        self.primary.clicked.connect(self.submit)
        self.password.capsChanged.connect(self._say_caps)
        self.render_view(SessionView())

    def render_view(self, view: SessionView) -> None:
        """Show a state whole. What a person typed stays, but for a password that was used."""
        enrolling = view.state in _ENROLLING
        before, self._state = self._state, view.state
        show_words(self.notice, Tone.UNKNOWN, view.notice)
        show_words(self.problem, Tone.NO, view.problem)
        self._user_field.setVisible(not enrolling)
        self._password_field.setVisible(not enrolling)
        self._enrol_words.setVisible(enrolling)
        self._counter_field.setVisible(enrolling)
        if view.username and not self.username.text():
            self.username.setText(view.username)
        if view.counter and not self.counter.text():
            self.counter.setText(view.counter)
        if view.state in (SessionState.SIGNED_IN, SessionState.ENROL) and before is not view.state:
            self.password.clear()
        self.primary.setText(self._label(view.state))
        self.primary.setEnabled(view.state not in _BUSY)
        self._problem_field = view.problem_field
        asks = view.state not in (SessionState.SIGNED_IN, SessionState.ASK_SIGN_OUT)
        if asks and (before is not view.state or view.problem is not None):
            self.focus_first()

    def focus_first(self) -> None:
        """Put the caret where something is wrong, else where something is missing."""
        if self._state in _ENROLLING:
            field: LineField = self.counter
        elif self._problem_field == "username" or not self.username.text():
            field = self.username
        else:
            field = self.password
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def take_typed(self, other: SignInForm) -> None:
        """Go on with what was typed into another form, as when the words change."""
        self.username.setText(other.username.text())
        self.password.setText(other.password.text())
        self.counter.setText(other.counter.text())
        self.focus_first()

    def submit(self) -> None:
        """Hand over what is typed."""
        if not self.primary.isEnabled():
            return
        if self._state in _ENROLLING:
            self.enrolWanted.emit(self.counter.text())
        else:
            self.signInWanted.emit(self.username.text(), self.password.text())

    def _after_user(self) -> None:
        if self.password.text():
            self.submit()
        else:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _label(self, state: SessionState) -> str:
        if state is SessionState.STARTING:
            return self.tr("Opening the till")
        if state is SessionState.SIGNING_IN:
            return self.tr("Signing in")
        if state is SessionState.ENROLLING:
            return self.tr("Getting the receipt series")
        if state is SessionState.ENROL:
            return self.tr("Begin at this counter")
        return self.tr("Sign in")

    def _say_caps(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self._password_field.set_hint(self.tr("Caps Lock is on.") if on else "")


class SignInScreen(Surface):
    """The page before anybody works here. It can be shown before the till is open, and is then given its presenter by ``attach``.

    ``themeWanted`` and ``languageWanted`` ask for the other one.
    """

    themeWanted = Signal()
    languageWanted = Signal()

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__("bg", parent=parent)
        self.setObjectName("signInScreen")
        self._hospital = ElidedLabel(size=Text.HEADING, weight=Weight.NUMBER)
        self._hospital.setObjectName("signInHospital")
        self._till = ElidedLabel(tone="ink-2")
        self._till.setObjectName("signInTill")
        self.form = SignInForm()
        self._keyring = Label(size=Text.CAPTION, tone="unk", wrap=True)
        self._keyring.setObjectName("signInKeyring")
        self._language = QuietButton(own_name(other(language)))
        self._language.setObjectName("signInLanguage")
        self._language.setToolTip("Ctrl+Shift+L")
        self._theme = QuietButton(icon="moon")
        self._theme.setObjectName("signInTheme")
        self._theme.setToolTip("Ctrl+Shift+D")
        self._language.clicked.connect(self.languageWanted)
        self._theme.clicked.connect(self.themeWanted)
        self._lay_out()
        self.render_view(SessionView())

    def _lay_out(self) -> None:
        card = Card()
        card.setObjectName("signInCard")
        card.body.setContentsMargins(32, 28, 32, 28)
        card.body.setSpacing(4)
        card.body.addWidget(self._hospital)
        card.body.addWidget(self._till)
        card.body.addSpacing(16)
        card.body.addWidget(self.form)
        tools = QHBoxLayout()
        tools.setSpacing(4)
        tools.addWidget(self._language)
        tools.addStretch(1)
        tools.addWidget(self._theme)
        centre = QWidget()
        centre.setMaximumWidth(_WIDTH)
        middle = QVBoxLayout(centre)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(12)
        middle.addStretch(2)
        middle.addWidget(card)
        middle.addWidget(self._keyring)
        middle.addLayout(tools)
        middle.addStretch(3)
        inside = QWidget()
        across = QHBoxLayout(inside)
        across.setContentsMargins(24, 24, 24, 24)
        across.addStretch(1)
        across.addWidget(centre, 1000)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(ScrollArea(inside))

    def attach(self, presenter: SessionPresenter) -> None:
        """The till is open: people can sign in now. What was typed meanwhile stays."""
        presenter.changed.connect(self.render_view)
        self.form.signInWanted.connect(presenter.sign_in)
        self.form.enrolWanted.connect(presenter.enrol)
        self.render_view(presenter.view)

    def render_view(self, view: SessionView) -> None:
        """Show a state whole."""
        if view.over_work:
            return
        self._hospital.setText(view.facility or "HMIS POS")
        self._till.setText(self._till_words(view))
        self._keyring.setText(view.keyring_warning)
        self._keyring.setVisible(bool(view.keyring_warning))
        self._show_theme()
        self.form.render_view(view)

    def _till_words(self, view: SessionView) -> str:
        if view.series:
            return self.tr("{counter} · series {series}").format(counter=view.counter, series=view.series)
        if view.state is SessionState.STARTING:
            return self.tr("The till is being opened")
        if view.state in _ENROLLING:
            return self.tr("A new till")
        return self.tr("A new till: the first sign-in gives it its receipt series")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_theme()

    def _show_theme(self) -> None:
        dark = current_theme().dark
        self._theme.set_icon("sun" if dark else "moon")
        self._theme.setAccessibleName(self.tr("Light screen") if dark else self.tr("Dark screen"))


class SignInAgain(Sheet):
    """Over the work, which stays as it is: the session ended, or the relay is back."""

    def __init__(self, parent: QWidget, presenter: SessionPresenter) -> None:
        super().__init__(parent, "", _WIDTH)
        self.setObjectName("signInAgain")
        self.setWindowTitle(self.tr("Sign in again"))
        self.setAccessibleName(self.tr("Sign in again"))
        self._presenter = presenter
        self.form = SignInForm()
        self._later = SecondaryButton(self.tr("Later, go on with cash"), "Escape")
        self._later.setObjectName("signInLater")
        self.body.addWidget(Label(self.tr("Sign in again"), size=Text.TITLE, weight=Weight.STRONG))
        self.body.addWidget(self.form)
        self.body.addWidget(self._later)
        self._later.clicked.connect(presenter.later)
        self.form.signInWanted.connect(presenter.sign_in)
        presenter.changed.connect(self.render_view)
        self.render_view(presenter.view)

    def render_view(self, view: SessionView) -> None:
        """Show a state whole; close once one is signed in, or out."""
        if not view.over_work:
            self.accept()
            return
        self._later.setVisible(view.can_wait)
        self.form.render_view(view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts it off where that is possible, and does nothing where it is not. Enter is the fields' own."""
        if event.key() == Qt.Key.Key_Escape:
            if self._presenter.view.can_wait:
                self._presenter.later()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)
