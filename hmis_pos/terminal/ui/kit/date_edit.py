"""A field for a day, typed as people here write it, day first."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.field import LineField

_TYPED = re.compile(r"(\d{1,2})[./ -](\d{1,2})(?:[./ -](\d{2}|\d{4}))?")
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
    """A day. ``chosen`` carries it whenever a person changed it to another; Up and Down go by days, PgUp and PgDown by weeks.

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
                self._write()

    def _read(self, text: str) -> None:
        day = read_day(text, self._today())
        wrong = day is None or day > self._today()
        self.show_problem(self.tr("Write it as 22/11/2026") if wrong and len(text) > len("22/11") else "")
        if day is not None and not wrong and day != self._day:
            self._day = day
            self.chosen.emit(day)

    def _write(self) -> None:
        self.setText(f"{self._day:%d/%m/%Y}" if self._day is not None else "")
        self.show_problem("")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            event.accept()  # the arrows are this field's, not the list's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
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
        self._write()
