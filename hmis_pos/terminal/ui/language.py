"""The languages of the terminal. English is in the source; others are ``resources/translations/hmis_pos_<code>.qm``.

The ``.ts`` beside each ``.qm`` is what translators edit; ``resources/translations/README.md`` says how it is brought up to date and
compiled.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator, Signal

from hmis_pos import resources
from hmis_pos.terminal.settings import Language

_log = logging.getLogger(__name__)


def own_name(language: Language) -> str:
    """What the language calls itself; never translated."""
    return {Language.ENGLISH: "English", Language.SWAHILI: "Kiswahili"}[language]


def other(language: Language) -> Language:
    """The one that a switch goes to."""
    every = list(Language)
    return every[(every.index(language) + 1) % len(every)]


def translator_of(language: Language, parent: QObject) -> QTranslator | None:
    """The words of a language, not installed; None where there is no file of them."""
    translator = QTranslator(parent)
    try:
        file = resources.path("translations", f"hmis_pos_{language.value}.qm")
    except FileNotFoundError:
        _log.warning("resources/translations has no hmis_pos_%s.qm; the words stay English", language.value)
        return None
    return translator if translator.load(str(file)) else None


class Languages(QObject):
    """Shows the program in one language and changes it while it runs.

    ``changed`` comes after the new words are in force: whoever shows text then says it anew.
    """

    changed = Signal(str)

    def __init__(self, app: QCoreApplication, language: Language = Language.ENGLISH) -> None:
        super().__init__(app)
        self._app = app
        self._language = Language.ENGLISH
        self._translator: QTranslator | None = None
        self._install(language)

    @property
    def language(self) -> Language:
        return self._language

    def use(self, language: Language) -> None:
        """Speak another language from now on."""
        if language is not self._language:
            self._install(language)
            self.changed.emit(language.value)

    def forget(self) -> None:
        """Back to the source's words, as when a program that shared the application ends."""
        self.blockSignals(True)
        self._install(Language.ENGLISH)
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None

    def _install(self, language: Language) -> None:
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
        self._language = language
        # English needs its file too, for the plural of "%n waiting"; without it, it reads a little stiff.
        translator = translator_of(language, self)
        if translator is not None:
            self._app.installTranslator(translator)
            self._translator = translator
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.Kenya))
