"""Opens the patient's screen on the other monitor and closes it; remembers both. It never takes the keyboard from the cashier."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.presenters.patient_display import PatientDisplayPresenter
from hmis_pos.terminal.settings import PatientLanguage
from hmis_pos.terminal.ui.preferences import Preferences
from hmis_pos.terminal.ui.screens.patient.voices import Voices
from hmis_pos.terminal.ui.screens.patient.window import PatientWindow


class PatientScreen(QObject):
    """``toggled`` says whether it is open now. With a second monitor it fills that one; without, it is a window beside the till's.

    Args:
        presenter: what it shows.
        till: the cashier's window; the patient's goes to another monitor than this.
        preferences: where it is remembered.
        spoken: the languages it shows.
        parent: as everywhere in Qt.
    """

    toggled = Signal(bool)

    def __init__(
        self,
        presenter: PatientDisplayPresenter,
        till: QWidget,
        preferences: Preferences,
        spoken: PatientLanguage = PatientLanguage.BOTH,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._till = till
        self._preferences = preferences
        self._voices = Voices(spoken, self)
        self.window: PatientWindow | None = None

    @property
    def is_open(self) -> bool:
        return self.window is not None and self.window.isVisible()

    def restore(self, wanted: bool | None = None) -> None:  # noqa: FBT001 - a setting; None: as it was
        """Open it where the setting, or the last time, says so."""
        if self._preferences.patient_screen if wanted is None else wanted:
            self.open()

    def toggle(self) -> None:
        """Open it, or close it; remembered."""
        if self.is_open:
            self.close()
        else:
            self.open()
        self._preferences.patient_screen = self.is_open

    def open(self) -> None:
        """Show it on the remembered monitor, else on one the till does not stand on."""
        if self.window is None:
            self.window = PatientWindow(self._presenter, self._voices)
        self._place(self._chosen())
        self.toggled.emit(True)

    def close(self) -> None:
        """Take it away."""
        if self.window is not None:
            self.window.hide()
            self.window.deleteLater()
            self.window = None
            self.toggled.emit(False)

    def move_on(self) -> None:
        """To the next monitor, remembered."""
        screens = QGuiApplication.screens()
        if self.window is None or not screens:
            return
        here = self.window.screen()
        at = screens.index(here) if here in screens else -1
        following = screens[(at + 1) % len(screens)]
        self._preferences.patient_monitor = following.name()
        self._place(following)

    def _chosen(self) -> QScreen:
        screens = QGuiApplication.screens()
        mine = self._till.screen()
        named = next((one for one in screens if one.name() == self._preferences.patient_monitor), None)
        return named or next((one for one in screens if one is not mine), mine)

    def _place(self, screen: QScreen) -> None:
        if self.window is None:
            return
        self.window.setScreen(screen)
        if screen is self._till.screen():
            room = screen.availableGeometry()
            self.window.showNormal()
            self.window.move(room.right() - self.window.width(), room.bottom() - self.window.height())
        else:
            self.window.setGeometry(screen.geometry())
            self.window.showFullScreen()
