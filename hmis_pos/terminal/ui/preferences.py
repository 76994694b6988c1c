"""What a counter looks like to its people, remembered on this computer: theme, language, window, who signed in last.

Nothing here matters to money; a file that cannot be read is taken as empty.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from hmis_pos.terminal.settings import Language
from hmis_pos.terminal.ui.kit.appearance import Mode


class Preferences:
    """Reads and writes a small INI file.

    Args:
        file: made when something is first remembered.
    """

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def mode(self) -> Mode:
        """Light, dark, or as the desktop is."""
        text = self._text("theme")
        return Mode(text) if text in set(Mode) else Mode.SYSTEM

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._settings.setValue("theme", mode.value)

    @property
    def language(self) -> Language:
        """English until somebody chose otherwise."""
        text = self._text("language")
        return Language(text) if text in set(Language) else Language.ENGLISH

    @language.setter
    def language(self, language: Language) -> None:
        self._settings.setValue("language", language.value)

    @property
    def username(self) -> str:
        """Who signed in here last."""
        return self._text("username")

    @username.setter
    def username(self, username: str) -> None:
        self._settings.setValue("username", username)

    @property
    def geometry(self) -> QByteArray:
        """Where the window stood; empty at first."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    @property
    def patient_screen(self) -> bool:
        """Whether the screen that faces the patient was open."""
        return self._text("patient/open") == "yes"

    @patient_screen.setter
    def patient_screen(self, is_open: bool) -> None:
        self._settings.setValue("patient/open", "yes" if is_open else "no")

    @property
    def patient_monitor(self) -> str:
        """Name of the monitor it stood on; empty: the one the till does not stand on."""
        return self._text("patient/monitor")

    @patient_monitor.setter
    def patient_monitor(self, name: str) -> None:
        self._settings.setValue("patient/monitor", name)

    def _text(self, name: str) -> str:
        value = self._settings.value(name, "")
        return value if isinstance(value, str) else ""
