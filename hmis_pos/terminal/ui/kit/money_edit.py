"""A field for an amount of money, grouped while one types, in whole cents inside."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.field import LineField
from hmis_pos.terminal.ui.kit.money_text import MoneyMistake, MoneyTextError, grouped, read_minor, shown
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font


@dataclass(frozen=True)
class MoneyEntry:
    """What stands in a `MoneyEdit`: the amount in minor units, or why there is none."""

    minor: int | None = None
    problem: str = ""


class MoneyEdit(LineField):
    """An amount, right-aligned, with its currency at the left.

    Digits group themselves. A comma typed by hand stays where it is until it parts thousands; a
    comma on the number pad is the dot, as keyboards differ there. Letters are refused with a word,
    and left to shortcuts such as `/`.

    `entered` carries a `MoneyEntry` whenever amount or problem change.
    """

    entered = Signal(MoneyEntry)

    def __init__(self, name: str = "", key: str = "", *, currency: str = "KES", parent: QWidget | None = None) -> None:
        super().__init__(name, key, prefix=currency, parent=parent)
        self._entry = MoneyEntry()
        self._before = ""
        self._by_hand = False  # the person types commas; do not move them
        self.setFont(font(Text.HEADING, Weight.NUMBER, tabular=True))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.textChanged.connect(self._read)

    @property
    def entry(self) -> MoneyEntry:
        return self._entry

    def minor(self) -> int | None:
        """The amount in minor units; `None` while there is none or it is wrong."""
        return self._entry.minor

    def set_minor(self, minor: int | None) -> None:
        """Put an amount in, whole and selected, so that the next digit replaces it."""
        self._by_hand = False
        self.setText("" if minor is None else shown(minor))
        self.selectAll()

    def _read(self, text: str) -> None:
        if text.count(",") > self._before.count(",") and self.isModified():
            self._by_hand = True
        elif "," not in text:
            self._by_hand = False
        try:
            neat = grouped(text if self._by_hand else text.replace(",", ""))
            entry = MoneyEntry(read_minor(neat))
        except MoneyTextError as error:
            self._settle(text, MoneyEntry(None, error.mistake.words))
            return
        self._by_hand = False
        if neat != text:
            self._regroup(text, neat)
            return
        self._settle(text, entry)

    def _settle(self, text: str, entry: MoneyEntry) -> None:
        self._before = text
        self.show_problem(entry.problem)
        if entry != self._entry:
            self._entry = entry
            self.entered.emit(entry)

    def _regroup(self, text: str, neat: str) -> None:
        """Replace the text, with the caret behind the same digit as before."""
        behind = sum(sign != "," for sign in text[self.cursorPosition() :])
        at = len(neat)
        while behind and at:
            at -= 1
            behind -= neat[at] != ","
        self._before = neat
        modified = self.isModified()
        self.setText(neat)
        self.setModified(modified)
        self.setCursorPosition(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        keypad = event.modifiers() & Qt.KeyboardModifier.KeypadModifier
        if text == "," and keypad:
            self.insert(".")
            return
        if text.isprintable() and text and text not in "0123456789.,":
            self.show_problem(MoneyMistake.NOT_A_NUMBER.words)
            event.ignore()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            text = event.text()
            if text.isprintable() and text and text not in "0123456789.,":
                event.ignore()  # a sign we refuse is free for a shortcut
                return False
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._entry.minor is not None and self.text():
            self._by_hand = False
            self.setText(shown(self._entry.minor))
