"""Where the keyboard goes when what has it disappears."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def give_up_focus(widget: QWidget) -> None:
    """Call before a widget is hidden, turned off or deleted: a focus in it then rests on what is around it.

    Qt would hand it on along the tab chain, in the end to the first place of the rail, and the next Enter would go there.
    """
    focus: QWidget | None = widget.window().focusWidget()
    around: QWidget | None = widget.parentWidget()
    if focus is not None and around is not None and (focus is widget or widget.isAncestorOf(focus)):
        around.setFocus(Qt.FocusReason.OtherFocusReason)
