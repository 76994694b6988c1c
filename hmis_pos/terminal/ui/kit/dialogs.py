"""Questions that must be answered before something goes on. Few things deserve one."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from hmis_pos.terminal.ui.kit.buttons import Button, DangerButton, PrimaryButton, SecondaryButton
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.sheet import Sheet
from hmis_pos.terminal.ui.kit.typeface import Text, Weight


class Question(Sheet):
    """A yes or no. Esc is no; Enter is yes, and never in a question of danger."""

    def __init__(self, parent: QWidget, title: str, text: str, *, yes: str, no: str, danger: bool = False) -> None:
        super().__init__(parent, title)
        self._danger = danger
        self.setAccessibleDescription(text)
        self.body.addWidget(Label(title, size=Text.TITLE, weight=Weight.STRONG, wrap=True))
        self.body.addWidget(Label(text, tone="ink-2", wrap=True))
        self.no = SecondaryButton(no, "Escape")
        self.yes: Button
        if danger:
            self.yes = DangerButton(yes, "Ctrl+Return")
        else:
            self.yes = PrimaryButton(yes, "Return")
            self.no.setFixedHeight(PrimaryButton.HEIGHT)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.no, 1)
        row.addWidget(self.yes, 1)
        self.body.addSpacing(8)
        self.body.addLayout(row)
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        (self.no if danger else self.yes).setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if enter and (control or not self._danger):
            self.accept()
        elif enter:
            self.no.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


async def ask(parent: QWidget, title: str, text: str, *, yes: str, no: str, danger: bool = False) -> bool:
    """Ask and wait for the answer, while the loop runs on.

    Args:
        parent: any widget of the window to ask over.
        title: the question.
        text: what either answer means.
        yes: says what will happen, "Stop waiting".
        no: says what stays, "Keep waiting"; Esc means this.
        danger: it is hard to undo: the focus is on no, and yes needs Ctrl Enter or a click.

    Returns:
        Whether the answer was yes. Closed any other way, it is no.
    """
    sheet = Question(parent, title, text, yes=yes, no=no, danger=danger)
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def settle(result: int) -> None:
        if not answer.done():
            answer.set_result(result == QDialog.DialogCode.Accepted)

    sheet.finished.connect(settle)
    sheet.open()
    try:
        return await answer
    except asyncio.CancelledError:
        sheet.reject()
        raise
