from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.bars import FootBar, TopBar
from hmis_pos.terminal.ui.kit.buttons import SecondaryButton
from hmis_pos.terminal.ui.kit.command_palette import CommandPalette, KeyOverlay
from hmis_pos.terminal.ui.kit.fuzzy import ranked, score
from hmis_pos.terminal.ui.kit.keys import Action, KeyMap

Show = Callable[[QWidget], None]


class Place:
    """A window with a field and some actions that note that they were done."""

    def __init__(self, show: Show) -> None:
        self.done: list[str] = []
        self.window = QWidget()
        self.field = QLineEdit()
        QVBoxLayout(self.window).addWidget(self.field)
        self.keys = KeyMap(self.window)
        self.keys.name_place("counter", "At the counter")
        self.keys.name_place("mpesa", "While a phone rings")
        self.keys.add(
            self.action("take", "Take cash", "Return", "counter", "take"),
            self.action("up", "Choose above", "Up", "counter", "choose"),
            self.action("down", "Choose below", "Down", "counter", "choose"),
            self.action("next", "Serve next patient", "Return", "mpesa", "next"),
            self.action("reprint", "Print the last receipt again", "F9", "counter", "reprint"),
            self.action("search", "Search", "/", "counter"),
            self.action("keys", "All keys", "F1", "", "all keys"),
            self.action("dark", "Dark colours", "", ""),
        )
        self.window.resize(900, 200)
        show(self.window)
        self.field.setFocus()

    def action(self, ident: str, label: str, key: str, place: str, hint: str = "") -> Action:
        return Action(ident, label, lambda: self.done.append(ident), keys=(key,) if key else (), place=place, hint=hint)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window.windowHandle(), key)


@pytest.fixture
def place(show: Show) -> Place:
    return Place(show)


def test_keys_work_where_they_apply(place: Place) -> None:
    place.press(Qt.Key.Key_Return)
    place.press(Qt.Key.Key_F1)
    assert place.done == ["keys"]  # nowhere yet: only what applies everywhere
    place.keys.set_places("counter")
    place.press(Qt.Key.Key_Return)
    place.press(Qt.Key.Key_Enter)  # of the number pad
    assert place.done == ["keys", "take", "take"]


def test_the_inner_place_has_the_key(place: Place) -> None:
    place.keys.set_places("counter", "mpesa")
    place.press(Qt.Key.Key_Return)
    place.press(Qt.Key.Key_F9)
    assert place.done == ["next", "reprint"]
    place.keys.set_places("counter")
    place.press(Qt.Key.Key_Return)
    assert place.done[-1] == "take"


def test_what_is_off_does_nothing(place: Place) -> None:
    place.keys.set_places("counter")
    place.keys.set_enabled("take", False)
    place.press(Qt.Key.Key_Return)
    place.keys.trigger("take")
    assert place.done == []
    place.keys.set_enabled("take", True)
    place.press(Qt.Key.Key_Return)
    assert place.done == ["take"]
    place.keys.remove("take", "unknown")
    place.press(Qt.Key.Key_Return)
    assert place.done == ["take"]


def test_a_field_keeps_the_letters_it_can_take(place: Place) -> None:
    place.keys.set_places("counter")
    place.press(Qt.Key.Key_Slash)
    assert place.field.text() == "/"
    place.press(Qt.Key.Key_Down)  # arrows choose the patient even from the field
    assert place.done == ["down"]


def test_enter_on_a_button_is_the_button_and_not_the_main_action(place: Place, qtbot: QtBot) -> None:
    place.keys.set_places("counter")
    button = SecondaryButton("Stop waiting", "F7", parent=place.window)
    button.show()
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        place.press(Qt.Key.Key_Return)
    assert place.done == []


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (Action("take", "Again", print), "'take' is there already"),
        (Action("x", "Other", print, ("Enter",), "counter"), "'x' and 'take' both want Enter"),
        (Action("x", "Other", print, ("Hyper+Nope",), "counter"), "is no key"),
    ],
)
def test_doubles_are_refused(place: Place, action: Action, message: str) -> None:
    before = place.keys.all_actions()
    with pytest.raises(ValueError, match=message):
        place.keys.add(action)
    assert place.keys.all_actions() == before


def test_the_foot_shows_the_keys_of_the_place(place: Place, qtbot: QtBot) -> None:
    foot = FootBar(place.keys)
    qtbot.addWidget(foot)
    assert foot.words() == ["F1 all keys"]
    with qtbot.waitSignal(place.keys.changed):
        place.keys.set_places("counter")
    assert foot.words() == ["Enter take", "↑ ↓ choose", "F9 reprint", "F1 all keys"]
    assert foot.accessibleName() == "Keys: Enter take, ↑ ↓ choose, F9 reprint, F1 all keys"
    foot.resize(800, foot.height())
    foot.grab()
    qtbot.mouseClick(foot, Qt.MouseButton.LeftButton, pos=QPoint(40, 18))
    qtbot.mouseClick(foot, Qt.MouseButton.LeftButton, pos=QPoint(400, 18))  # between the groups
    assert place.done == ["take"]
    foot.resize(140, foot.height())
    foot.grab()
    assert [ident for _, ident in foot._spots] == ["keys"]  # no room for the others


def test_the_palette_does_what_it_finds(place: Place, qtbot: QtBot) -> None:
    place.keys.set_places("counter")
    palette = CommandPalette(place.window, place.keys)
    palette.open()
    qtbot.keyClicks(palette.search, "prr")
    chosen = palette.list.chosen()
    assert chosen is not None
    assert chosen.ident == "reprint"
    with qtbot.waitSignal(palette.accepted):
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert place.done == ["reprint"]


def test_the_palette_is_worked_by_arrows_and_says_when_nothing_is_found(place: Place, qtbot: QtBot) -> None:
    place.keys.set_places("counter")
    palette = CommandPalette(place.window, place.keys)
    palette.open()
    assert [action.ident for action in place.keys.actions()][:3] == ["take", "up", "down"]
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    qtbot.keyClick(palette.search, Qt.Key.Key_Up)
    chosen = palette.list.chosen()
    assert chosen is not None
    assert chosen.ident == "up"
    qtbot.keyClicks(palette.search, "zzz")
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)  # clears
    with qtbot.waitSignal(palette.rejected):
        qtbot.keyClick(palette.search, Qt.Key.Key_Escape)  # closes
    assert place.done == []


def test_all_keys_are_listed_by_place_and_those_of_elsewhere_do_nothing(place: Place, qtbot: QtBot) -> None:
    overlay = KeyOverlay(place.window, place.keys)
    overlay.open()
    names = [row for row in overlay.rows("") if isinstance(row, str)]
    assert names == ["At the counter", "While a phone rings", "Everywhere"]
    assert all(action.keys for action in overlay.rows("") if isinstance(action, Action))
    qtbot.keyClicks(overlay.search, "f9")
    qtbot.keyClick(overlay.search, Qt.Key.Key_Return)
    assert overlay.isVisible()
    assert place.done == []
    overlay.reject()


def test_under_an_open_sheet_the_keys_below_rest(place: Place, qtbot: QtBot) -> None:
    place.keys.set_places("counter")
    palette = CommandPalette(place.window, place.keys)
    with qtbot.waitActive(palette):
        palette.open()
    QTest.keyClick(palette.windowHandle(), Qt.Key.Key_F9)
    assert place.done == []
    palette.reject()
    with qtbot.waitActive(place.window):
        place.window.activateWindow()
    place.press(Qt.Key.Key_F9)
    assert place.done == ["reprint"]


@pytest.mark.parametrize(
    ("query", "text", "points"),
    [
        ("", "Take cash", 0),
        ("take", "Take cash", 100),
        ("cash", "Take cash", 80),
        ("ash", "Take cash", 50),
        ("tkc", "Take cash", 10),
        ("cash take", "Take cash", 180),
        ("zz", "Take cash", None),
        ("etat", "État de caisse", 100),
    ],
)
def test_a_few_letters_find_an_action(query: str, text: str, points: int | None) -> None:
    assert score(query, text) == points


def test_better_answers_come_first() -> None:
    assert ranked("ca", ["Scan", "Take cash", "Cancel", "Nothing"], str) == ["Cancel", "Take cash", "Scan"]


def test_the_top_bar_says_who_and_where(qtbot: QtBot) -> None:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.set_place("Mwangaza County Hospital", "Counter 3 · series T03A")
    bar.set_person("Achieng O.", "Shift since 07:58")
    bar.set_clock("Mon 14:32")
    bar.set_line(online=False, unsent=1)
    assert bar.line.text == "Offline · 1 unsent"
    assert bar.height() == 48
    bar.set_person("Achieng O.")
    assert bar._shift.isHidden()
