"""F1 and Ctrl K: what can be done, and by which key. Both read the one list of actions."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.command_palette import CommandPalette, KeyOverlay
from hmis_pos.terminal.ui.kit.keys import KeyMap


def show_keys(over: QWidget, keys: KeyMap) -> KeyOverlay:
    """Open the list of all keys over the window."""
    sheet = KeyOverlay(over, keys)
    sheet.setObjectName("keyOverlay")
    sheet.open()
    return sheet


def show_palette(over: QWidget, keys: KeyMap) -> CommandPalette:
    """Open the list of everything that can be done here and now."""
    sheet = CommandPalette(over, keys)
    sheet.setObjectName("commandPalette")
    sheet.open()
    return sheet
