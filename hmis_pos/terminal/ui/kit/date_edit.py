"""A field for a day, typed as people here write it, day first."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.field import LineField

_TYPED = re.compile(r"(\d{1,2})[./ -](\d{1,2})(?:[./ -](\d{2}|\d{4}))?")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 7, Qt.Key.Key_PageDown: -7}
_CENTURY = 2000


def read_day(text: str, today: date) -> date | None:
    """``22/11``, ``22.11.26``, ``22-11-2026``; without a year the last such day. None where it is no day.

    >>> read_day("31/12", date(2026, 1, 5))
    datetime.date(2025, 12, 31)
    """
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year = found.groups()
    try:
        if year is not None:
            return date(int(year) + (_CENTURY if len(year) == 2 else 0), int(month), int(day))  # noqa: PLR2004 - "26"
        this_year = date(today.year, int(month), int(day))
        return this_year if this_year <= today else this_year.replace(year=today.year - 1)
    except ValueError:
        return None


class DateEdit(LineField):
    """A day. ``chosen`` carries it once a person typed another and went on (Enter, Tab); Up and Down go by days, PgUp and PgDown by weeks.

    Args:
        today: tells the day it is; days after it do not exist yet.
        name: accessible name.
        prefix: a word inside the frame before the day.
        parent: as everywhere in Qt.
    """

    chosen = Signal(date)

    def __init__(self, today: Callable[[], date], *, name: str, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(name, prefix=prefix, parent=parent)
        self._today = today
        self._day: date | None = None
        self.setPlaceholderText(self.tr("day/month"))
        self.textEdited.connect(self._read)

    @property
    def day(self) -> date | None:
        return self._day

    def set_day(self, day: date | None) -> None:
        """Show a day, without telling anybody; what a person is typing stays."""
        if day != self._day:
            self._day = day
            if not (self.hasFocus() and self.isModified()):
                self._write()  # what is being typed is settled when its person goes on

    def _read(self, text: str) -> None:
        """While it is typed nothing is told: "20/1" is on its way to "20/11"."""
        wrong = self._typed(text) is None and len(text) >= len("22/11/2026")
        self.show_problem(self.tr("Write it as 22/11/2026") if wrong else "")

    def _typed(self, text: str) -> date | None:
        day = read_day(text, self._today())
        return None if day is None or day > self._today() else day

    def _settle(self) -> None:
        """Take what was typed, and write it out; what is no day gives way to the day there was."""
        day = self._typed(self.text())
        news = day is not None and day != self._day
        self._day = day or self._day
        self._write()
        if news and day is not None:
            self.chosen.emit(day)

    def _write(self) -> None:
        self.setText(f"{self._day:%d/%m/%Y}" if self._day is not None else "")
        self.show_problem("")

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.key() in _STEPS or event.key() in _ENTER)
        ):
            event.accept()  # they are this field's, not the list's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if event.key() in _ENTER:
            self._settle()
            return
        if step is None:
            super().keyPressEvent(event)
            return
        day = min(self._today(), (self._day or self._today()) + timedelta(days=step))
        if day != self._day:
            self._day = day
            self._write()
            self.chosen.emit(day)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._settle()
