import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.dialogs import Question, ask
from hmis_pos.terminal.ui.kit.field import LineField
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.sheet import _Scrim
from hmis_pos.terminal.ui.kit.side_panel import SidePanel
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.kit.toast import ToastArea

Show = Callable[[QWidget], None]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(show: Show) -> QWidget:
    made = QWidget()
    QVBoxLayout(made).addWidget(LineField("Amount"))
    made.resize(800, 600)
    show(made)
    return made


def answer(window: QWidget, act: Callable[[Question], None]) -> None:
    """Act on the question as soon as it is open."""

    def when_open() -> None:
        question = window.findChild(Question)
        assert question is not None
        assert question.isVisible()
        assert window.findChild(_Scrim) is not None
        act(question)

    asyncio.get_running_loop().call_soon(when_open)


@pytest.mark.parametrize(
    ("danger", "act", "yes"),
    [
        (False, lambda bot, q: bot.keyClick(q, Qt.Key.Key_Return), True),
        (False, lambda bot, q: bot.keyClick(q, Qt.Key.Key_Escape), False),
        (False, lambda bot, q: bot.mouseClick(q.no, Qt.MouseButton.LeftButton), False),
        (True, lambda bot, q: bot.keyClick(q, Qt.Key.Key_Return, CONTROL), True),
        (True, lambda bot, q: bot.mouseClick(q.yes, Qt.MouseButton.LeftButton), True),
        (True, lambda bot, q: (bot.keyClick(q, Qt.Key.Key_Return), q.reject()), False),
        (True, lambda _bot, q: q.close(), False),
    ],
    ids=["enter", "escape", "no", "danger-ctrl-enter", "danger-yes", "danger-enter", "danger-closed"],
)
async def test_a_question_is_answered(
    qtbot: QtBot, window: QWidget, *, danger: bool, act: Callable[[QtBot, Question], None], yes: bool
) -> None:
    answer(window, lambda question: act(qtbot, question))
    text = "The patient may still be charged."
    assert await ask(window, "Stop waiting?", text, yes="Stop", no="Wait", danger=danger) is yes


async def test_enter_alone_never_answers_a_question_of_danger(qtbot: QtBot, window: QWidget) -> None:
    def act(question: Question) -> None:
        qtbot.keyClick(question, Qt.Key.Key_Enter)
        assert question.isVisible()
        assert question.accessibleName() == "Stop waiting?"
        assert question.accessibleDescription() == "Text"
        question.reject()

    answer(window, act)
    assert not await ask(window, "Stop waiting?", "Text", yes="Stop", no="Wait", danger=True)


async def test_a_question_nobody_waits_for_goes_away(window: QWidget) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await ask(window, "Stop waiting?", "Text", yes="Stop", no="Wait")
    question = window.findChild(Question)
    assert question is None or not question.isVisible()


def test_the_panel_comes_and_gives_the_focus_back(qtbot: QtBot, window: QWidget) -> None:
    field = window.findChild(LineField)
    assert field is not None
    field.setFocus()
    panel = SidePanel(window, "Help")
    help_page = QWidget()
    QVBoxLayout(help_page).addWidget(Label("How M-Pesa works here", wrap=True))
    panel.set_content("How M-Pesa works", help_page)
    panel.set_content("How cash works", QWidget())
    panel.present()
    assert panel.geometry().right() == window.rect().right()
    assert panel.accessibleName() == "How cash works"
    assert not field.hasFocus()
    window.resize(900, 500)
    assert panel.geometry().bottom() == window.rect().bottom()
    focus = window.focusWidget()
    assert focus is not None
    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert field.hasFocus()
    with qtbot.assertNotEmitted(panel.closed):
        panel.dismiss()


def test_the_panel_survives_that_the_focus_is_gone(qtbot: QtBot, window: QWidget) -> None:
    button = SecondaryButton("Gone soon", parent=window)
    button.show()
    button.setFocus()
    panel = SidePanel(window, "Help")
    panel.present()
    button.deleteLater()
    qtbot.waitUntil(lambda: window.findChild(SecondaryButton) is None)
    with qtbot.waitSignal(panel.closed):
        panel.dismiss()


def test_toasts_go_by_themselves_and_can_be_undone(qtbot: QtBot, window: QWidget) -> None:
    area = ToastArea(window)
    undone: list[str] = []
    toast = area.show_toast("Stopped waiting.", action="Undo", key="Ctrl+Z", on_action=lambda: undone.append("stop"))
    assert area.isVisible()
    assert toast.accessibleName() == "Stopped waiting."
    assert area.geometry().bottom() == window.rect().bottom() - 16
    area.act()
    toast.act()
    assert undone == ["stop"]
    assert area.toasts == ()
    assert not area.isVisible()
    area.act()  # nothing to undo
    short = area.show_toast("Paid.", Tone.OK, shown_ms=1)
    with qtbot.waitSignal(short.gone):
        pass
    assert not area.isVisible()


def test_no_more_than_three_toasts(window: QWidget) -> None:
    area = ToastArea(window)
    for number in range(5):
        area.show_toast(f"News {number}", shown_ms=0)
    assert [toast.accessibleName() for toast in area.toasts] == ["News 2", "News 3", "News 4"]
    window.resize(500, 400)
    assert area.geometry().bottom() == window.rect().bottom() - 16
