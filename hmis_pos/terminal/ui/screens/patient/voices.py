"""Words for the patient in English, Kiswahili or both at once: the cashier's own language does not matter."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTranslator

from hmis_pos.terminal.settings import Language, PatientLanguage
from hmis_pos.terminal.ui.language import translator_of

CONTEXT = "patient-display"


class Voices(QObject):
    """Says each text in one or two languages, the first one first. Nothing is installed: the rest of the program stays as it is."""

    def __init__(self, spoken: PatientLanguage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._swahili: QTranslator | None = None
        self._spoken = spoken
        if spoken is not PatientLanguage.ENGLISH:
            self._swahili = translator_of(Language.SWAHILI, self)

    def say(self, text: str, **fields: str) -> tuple[str, str]:
        """A text marked with ``QT_TRANSLATE_NOOP`` in this module's context: the main line, and the line below it (may be empty)."""
        english = text.format(**fields)
        found = self._swahili.translate(CONTEXT, text) if self._swahili is not None else ""
        swahili = (found or text).format(**fields)
        if self._spoken is PatientLanguage.SWAHILI:
            return swahili, ""
        return english, swahili if self._spoken is PatientLanguage.BOTH and swahili != english else ""

    def line(self, text: str, **fields: str) -> str:
        """The same in one line: ``Account · Akaunti``."""
        return " · ".join(part for part in self.say(text, **fields) if part)
