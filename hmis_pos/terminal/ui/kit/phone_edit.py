"""A field for a Kenyan mobile number, in all the ways people write it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.field import LineField
from hmis_pos.terminal.ui.kit.phone_text import (
    grouped_phone,
    is_too_long,
    is_whole,
    strange_signs,
)
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font


@dataclass(frozen=True)
class PhoneEntry:
    """What stands in a `PhoneEdit`: the number in normal form, or why there is none.

    `problem` is filled as soon as there is one; the field shows it only when it is certain.
    """

    number: str | None = None
    problem: str = ""


class PhoneEdit(LineField):
    """A phone number, shown as `0712 345 418` as soon as it is whole.

    `entered` carries a `PhoneEntry` whenever number or problem change.

    Args:
        normalise: turns a text into the number in normal form (for example `254712345418`), or
            raises `ValueError`.
        explain: turns that error into a sentence for the cashier; its own text by default.
        name: accessible name.
        key: key sequence that brings the focus here; shown, not bound.
        parent: as everywhere in Qt.
    """

    entered = Signal(PhoneEntry)

    def __init__(
        self,
        normalise: Callable[[str], str],
        explain: Callable[[ValueError], str] = str,
        *,
        name: str = "",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, key, icon="phone", parent=parent)
        self._normalise = normalise
        self._explain = explain
        self._entry = PhoneEntry()
        self.setFont(font(Text.TITLE, Weight.STRONG, tabular=True))
        self.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        self.setPlaceholderText("0712 345 678")
        self.textChanged.connect(self._read)

    @property
    def entry(self) -> PhoneEntry:
        return self._entry

    def number(self) -> str | None:
        """The number in normal form; `None` while there is none or it is wrong."""
        return self._entry.number

    def set_phone(self, text: str) -> None:
        """Fill in a number, in whatever way it is written."""
        self.setText(text)

    def _read(self, text: str) -> None:
        entry = self._judge(text)
        if entry.number is not None:
            neat = grouped_phone(text)
            if neat != text and self.cursorPosition() == len(text):
                self.setText(neat)  # comes back here with the neat text
                return
        certain = bool(strange_signs(text)) or is_whole(text) or is_too_long(text)
        self.show_problem(entry.problem if certain else "")
        if entry != self._entry:
            self._entry = entry
            self.entered.emit(entry)

    def _judge(self, text: str) -> PhoneEntry:
        if not text.strip():
            return PhoneEntry()
        try:
            return PhoneEntry(self._normalise(text.strip()))
        except ValueError as error:
            return PhoneEntry(None, self._explain(error))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._entry.number is not None:
            self.setText(grouped_phone(self.text()))
        self.show_problem(self._entry.problem)
