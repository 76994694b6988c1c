from collections.abc import Callable
from enum import StrEnum
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode
from hmis_pos.terminal.ui.kit.banner import Banner
from hmis_pos.terminal.ui.kit.buttons import Button, DangerButton, PrimaryButton, QuietButton, SecondaryButton
from hmis_pos.terminal.ui.kit.choice import Select, Tick
from hmis_pos.terminal.ui.kit.field import LabelledField, LineField
from hmis_pos.terminal.ui.kit.keycap import KeyCap, key_words
from hmis_pos.terminal.ui.kit.label import AmountLabel, ElidedLabel, Label
from hmis_pos.terminal.ui.kit.pill import LinePill, Mark, Pill, StateBadge
from hmis_pos.terminal.ui.kit.rail import Rail
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.segmented import Segmented
from hmis_pos.terminal.ui.kit.states import EmptyState, ErrorState, LoadingState, OfflineState
from hmis_pos.terminal.ui.kit.steps import Step, StepList, StepState
from hmis_pos.terminal.ui.kit.theme import Tone, sizes, themes
from hmis_pos.terminal.ui.kit.typeface import Text

Show = Callable[[QWidget], None]
Inks = Callable[[QImage], set[int]]


@pytest.mark.parametrize(
    ("sequence", "words"),
    [
        ("F2", "F2"),
        ("Return", "Enter"),
        ("Ctrl+K", "Ctrl K"),
        ("Ctrl+Return", "Ctrl Enter"),
        ("Up", "↑"),
        ("Escape", "Esc"),
        ("/", "/"),
        ("+", "+"),
        ("", ""),
    ],
)
def test_caps_say_what_stands_on_the_keyboard(sequence: str, words: str) -> None:
    assert key_words(sequence) == words


@pytest.mark.parametrize(
    ("make", "height"), [(PrimaryButton, 56), (SecondaryButton, 44), (DangerButton, 44), (QuietButton, 44)]
)
def test_buttons_have_the_sizes_of_the_tokens(qtbot: QtBot, make: type[Button], height: int) -> None:
    button = make("Take 5,000.00 & print", "F5")
    qtbot.addWidget(button)
    assert button.height() == height
    assert button.text() == "Take 5,000.00 & print"
    assert button.accessibleName() == "Take 5,000.00 & print"
    assert button.accessibleDescription() == "F5"
    assert button.shortcut().isEmpty()  # "&" binds nothing
    button.setText("Serve next patient")
    assert button.accessibleName() == "Serve next patient"


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(
    "make",
    [
        partial(PrimaryButton, "Take"),
        partial(SecondaryButton, "Split"),
        partial(DangerButton, "Reject"),
        partial(QuietButton, "Undo"),
        partial(LineField, "Code"),
        partial(SearchField, "Find"),
        partial(Select, "Order", (("Oldest first", "oldest"),)),
        partial(Tick, "Print"),
    ],
)
def test_the_focus_can_be_seen(
    show: Show, inks: Inks, appearance: Appearance, name: str, make: Callable[[], QWidget]
) -> None:
    appearance.set_mode(Mode(name))
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(first := QuietButton("first"))
    column.addWidget(widget := make())
    show(window)
    first.setFocus()
    ring = themes()[name].focus
    assert ring.rgb() not in inks(widget.grab().toImage())
    widget.setFocus()
    assert ring.rgb() in inks(widget.grab().toImage())


def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot, show: Show) -> None:
    button = SecondaryButton("Split", "F5")
    show(button)
    button.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, key)


def test_a_click_leaves_the_caret_where_it_is(qtbot: QtBot, show: Show) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(field := LineField("Amount"))
    column.addWidget(button := SecondaryButton("Exact"))
    show(window)
    field.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.hasFocus()


def test_a_narrow_button_gives_up_its_key_before_its_words(qtbot: QtBot, inks: Inks, appearance: Appearance) -> None:
    button = SecondaryButton("Part payment", "F5")
    qtbot.addWidget(button)
    wide = button.sizeHint().width()
    assert wide > SecondaryButton("Part payment").sizeHint().width()
    button.resize(wide - 30, 44)
    assert appearance.theme.ink.rgb() in inks(button.grab().toImage())


def test_segments_are_one_choice(qtbot: QtBot, show: Show) -> None:
    tabs = Segmented("Method")
    for ident, word, key in (("cash", "Cash", "F2"), ("mpesa", "M-Pesa", "F3"), ("card", "Card", "F4")):
        tabs.add(ident, word, key)
    show(tabs)
    assert tabs.current() == "cash"
    with qtbot.assertNotEmitted(tabs.chosen):
        tabs.set_current("mpesa")
    assert tabs.current() == "mpesa"
    third = tabs.findChildren(Button)[2]
    with qtbot.waitSignal(tabs.chosen) as told:
        qtbot.mouseClick(third, Qt.MouseButton.LeftButton)
    assert told.args == ["card"]
    assert tabs.current() == "card"
    tabs.set_available("card", available=False, why="The card reader is away")
    assert third.toolTip() == "The card reader is away"
    with qtbot.assertNotEmitted(tabs.chosen):
        qtbot.mouseClick(third, Qt.MouseButton.LeftButton)


def test_the_rail_tells_counts_and_choices(qtbot: QtBot) -> None:
    rail = Rail()
    qtbot.addWidget(rail)
    rail.add("counter", "Counter", "counter", "Ctrl+1")
    refunds = rail.add("refunds", "Refunds", "refunds", "Ctrl+3")
    assert rail.width() == sizes().rail
    rail.set_count("refunds", 2)
    assert (refunds.count, refunds.accessibleName()) == (2, "Refunds, 2 waiting")
    rail.set_count("refunds", 0)
    assert refunds.accessibleName() == "Refunds"
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.mouseClick(refunds, Qt.MouseButton.LeftButton)
    assert told.args == ["refunds"]
    rail.set_current("counter")
    assert not refunds.isChecked()


@pytest.mark.parametrize(
    ("online", "unsent", "words", "tone"),
    [
        (True, 0, "Online · all sent", Tone.OK),
        (True, 2, "Online · 2 unsent", Tone.WAIT),
        (False, 0, "Offline · cash only", Tone.UNKNOWN),
        (False, 14, "Offline · 14 unsent", Tone.UNKNOWN),
    ],
)
def test_the_line_says_how_it_is(qtbot: QtBot, *, online: bool, unsent: int, words: str, tone: Tone) -> None:
    pill = LinePill()
    qtbot.addWidget(pill)
    pill.show_line(online=online, unsent=unsent)
    assert (pill.text, pill.tone, pill.accessibleName()) == (words, tone, words)


def test_marks_have_a_word_an_icon_and_a_tone_each(qtbot: QtBot) -> None:
    assert len({mark.word for mark in Mark}) == len(Mark)
    assert len({(mark.icon, mark.tone) for mark in Mark}) == len(Mark)
    badge = StateBadge(Mark.WAITING)
    qtbot.addWidget(badge)
    badge.set_mark(Mark.UNKNOWN)
    assert (badge.mark, badge.text, badge.tone) == (Mark.UNKNOWN, "Unknown", Tone.UNKNOWN)
    assert badge.accessibleName() == "Unknown"


@pytest.mark.parametrize("tone", list(Tone))
def test_a_pill_is_as_wide_as_its_words(qtbot: QtBot, tone: Tone) -> None:
    short, long = Pill("Paid", tone, icon="check"), Pill("Partly paid today", tone, icon="check")
    qtbot.addWidget(short)
    qtbot.addWidget(long)
    assert short.sizeHint().width() < long.sizeHint().width()
    assert KeyCap("Ctrl+K").accessibleName() == "Ctrl K"


def test_a_banner_tells_the_whole_state_and_ticks_quietly(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_message(Tone.WAIT, "Waiting for the PIN", "Ask the patient.", time="0:41", progress=0.5)
    assert banner.accessibleName() == "Waiting for the PIN. Ask the patient."
    assert banner.isAncestorOf(banner.findChildren(Label)[0])
    banner.set_time("0:42")
    assert "0:42" in [label.text() for label in banner.findChildren(Label)]
    banner.show_message(Tone.NO, "Not paid")
    assert (banner.tone, banner.title, banner.text) == (Tone.NO, "Not paid", "")
    assert banner.accessibleName() == "Not paid"
    hidden = [label for label in banner.findChildren(Label) if label.isHidden()]
    assert len(hidden) == 2  # no time, no text


def test_steps_are_told_with_their_state_and_rows_are_kept(qtbot: QtBot) -> None:
    story = StepList()
    qtbot.addWidget(story)
    story.show_steps([Step("Asked", "14:31:19", StepState.DONE), Step("Phone prompted", "", StepState.CURRENT)])
    rows = list(story._rows)
    assert rows[0].accessibleName() == "Asked, done. 14:31:19"
    assert rows[1].accessibleName() == "Phone prompted, now"
    story.show_steps([Step("Asked", "14:31:19", StepState.DONE), Step("No result", "75 s", StepState.UNKNOWN)])
    assert story._rows == rows
    assert rows[1].accessibleName() == "No result, unknown. 75 s"
    story.show_steps([])
    assert story._rows == []


def test_wrapped_words_have_the_line_height_of_the_tokens(qtbot: QtBot, appearance: Appearance) -> None:
    label = Label("one two three four five six seven eight nine ten", wrap=True)
    qtbot.addWidget(label)
    assert label.heightForWidth(1000) == Text.BODY.line
    lines = label._lines(90)
    assert label.heightForWidth(90) == len(lines) * Text.BODY.line
    assert " ".join(lines) == label.text()
    assert label.heightForWidth(90) > Text.BODY.line
    assert Label("4,850.00").font().featureTags()
    assert not Label("Grace").font().featureTags()


def test_words_without_room_are_cut_and_told_in_full(qtbot: QtBot) -> None:
    label = ElidedLabel("Chebet Ruth Jepkosgei arap Too-Kipkemboi")
    qtbot.addWidget(label)
    label.resize(90, 20)
    label.show()
    assert label.toolTip() == label.text()
    label.resize(600, 20)
    assert label.toolTip() == ""


def test_the_big_number_shrinks_before_it_is_cut(qtbot: QtBot, appearance: Appearance) -> None:
    label = AmountLabel("12,345,678.00")
    qtbot.addWidget(label)
    label.resize(160, label.height())
    image = label.grab().toImage()
    assert label.height() == Text.AMOUNT.line
    edge = [image.pixelColor(image.width() - 1, y).rgb() for y in range(image.height())]
    assert appearance.theme.ink.rgb() not in edge


def test_a_field_says_what_is_wrong_where_it_is_wrong(qtbot: QtBot) -> None:
    field = LabelledField("Code", LineField(key="F8"), "On the patient's phone")
    qtbot.addWidget(field)
    assert field.message == "On the patient's phone"
    before = field.sizeHint().height()
    field.field.show_problem("Ten letters and digits.")
    assert field.message == "Ten letters and digits."
    assert field.sizeHint().height() == before
    field.set_hint("Another hint")
    assert field.message == "Ten letters and digits."
    field.field.show_problem("")
    assert field.message == "Another hint"
    field.set_label("M-Pesa code")
    assert field.field.accessibleName() == "M-Pesa code"


def test_search_waits_for_a_pause_and_clears_at_once(qtbot: QtBot) -> None:
    search = SearchField("Name", pause_ms=1)
    qtbot.addWidget(search)
    told: list[str] = []
    search.searched.connect(told.append)
    with qtbot.waitSignal(search.searched):
        qtbot.keyClicks(search, "wanj")
    assert told == ["wanj"]
    qtbot.keyClicks(search, "iku")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert told == ["wanj", "wanjiku"]
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert told == ["wanj", "wanjiku", ""]
    qtbot.keyClicks(search, "x")
    search.resize(300, 40)
    qtbot.mouseClick(search, Qt.MouseButton.LeftButton, pos=QPoint(300 - 22, 20))
    assert search.text() == ""


@pytest.mark.parametrize("make", [EmptyState, LoadingState, OfflineState, ErrorState])
def test_columns_without_rows_say_why_and_what_to_do(
    qtbot: QtBot, make: type[EmptyState | LoadingState | OfflineState | ErrorState]
) -> None:
    state = make("The queue could not be read", "Try again.", action="Try again", key="F12")
    qtbot.addWidget(state)
    state.show()
    assert state.accessibleName() == "The queue could not be read Try again."
    with qtbot.waitSignal(state.acted):
        state.button.click()
    state.show_words("Nobody is waiting")
    assert state.sentence == "Nobody is waiting"
    assert not state.button.isVisible()


class Order(StrEnum):
    """As a presenter takes it: the very member, not its text."""

    OLDEST = "oldest"
    LARGEST = "largest"


def test_choices_are_worked_by_keys_and_by_the_whole_line(qtbot: QtBot, show: Show) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    options = (("Oldest first", Order.OLDEST), ("Largest first", Order.LARGEST))
    column.addWidget(order := Select("Order", options))
    column.addWidget(tick := Tick("Print & keep"))
    chosen: list[object] = []
    order.chosen.connect(chosen.append)
    elsewhere: list[str] = []
    QShortcut(QKeySequence(Qt.Key.Key_Down), window, lambda: elsewhere.append("down"))
    show(window)
    assert order.sizeHint().width() > order.fontMetrics().horizontalAdvance("Largest first")
    order.setFocus()
    qtbot.keyClick(order, Qt.Key.Key_Down)
    assert (order.currentText(), elsewhere) == ("Largest first", [])
    assert chosen == [Order.LARGEST]
    assert chosen[0] is Order.LARGEST
    order.show_value(Order.OLDEST)
    assert (order.currentText(), len(chosen)) == ("Oldest first", 1)
    assert (tick.accessibleName(), tick.shortcut().isEmpty()) == ("Print & keep", True)
    qtbot.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(tick.width() - 2, 22))
    assert tick.isChecked()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert not tick.isChecked()


class Watched(PrimaryButton):
    """Counts how often it is painted."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self.painted += 1
        super().paintEvent(event)


def test_what_is_shown_is_painted_again_when_the_theme_changes(
    qtbot: QtBot, show: Show, appearance: Appearance
) -> None:
    button = Watched("Take")
    show(button)
    qtbot.waitUntil(lambda: button.painted > 0)
    before = button.painted
    appearance.set_mode(Mode.DARK)
    qtbot.waitUntil(lambda: button.painted > before)
