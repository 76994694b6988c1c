"""All actions and their keys in one list: shortcuts, foot bar, `F1` and `Ctrl K` live on it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

EVERYWHERE = ""
_SAME_KEY = {"Return": "Enter"}  # the Enter of the number pad does what Return does


@dataclass(frozen=True)
class Action:
    """Something a person can do.

    Attributes:
        ident: name in the program.
        label: what it does, in a few words, as lists show it: "Take cash".
        handler: called without arguments on the Qt thread; it starts work and returns.
        keys: key sequences, the first one is shown; may be empty.
        place: where it applies; `EVERYWHERE` or a name given to `KeyMap.set_places`.
        hint: word beside the key in the foot bar; empty keeps it out of there.
        more: other words it is found by.
        repeats: whether holding the key repeats it; never for anything that takes money.
    """

    ident: str
    label: str
    handler: Callable[[], None]
    keys: tuple[str, ...] = ()
    place: str = EVERYWHERE
    hint: str = ""
    more: str = ""
    repeats: bool = False


class KeyMap(QObject):
    """The actions of one window. It binds their keys and knows which of them apply now.

    Places are ordered from outer to inner; where two have the same key, the inner one gets it.
    `changed` says that another set of actions applies.
    """

    changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, Action] = {}
        self._shortcuts: dict[str, list[QShortcut]] = {}
        self._off: set[str] = set()
        self._places: tuple[str, ...] = (EVERYWHERE,)
        self._names: dict[str, str] = {EVERYWHERE: self.tr("Everywhere")}

    def name_place(self, place: str, name: str) -> None:
        """What a place is called in the list of all keys."""
        self._names[place] = name

    def place_name(self, place: str) -> str:
        return self._names.get(place, place)

    def add(self, *actions: Action) -> None:
        """Add actions.

        Raises:
            ValueError: the ident is taken, or another action of the same place has the key.
        """
        for action in actions:
            self._refuse_doubles(action)
            self._actions[action.ident] = action
            self._shortcuts[action.ident] = [self._bind(action, key) for key in _with_keypad(action.keys)]
        self._refresh()

    def remove(self, *idents: str) -> None:
        """Forget actions; those unknown are passed over."""
        for ident in idents:
            self._actions.pop(ident, None)
            self._off.discard(ident)
            for shortcut in self._shortcuts.pop(ident, []):
                shortcut.setEnabled(False)
                shortcut.deleteLater()
        self._refresh()

    def set_places(self, *places: str) -> None:
        """Say where the person is now, from outer to inner."""
        self._places = (EVERYWHERE, *places)
        self._refresh()

    def set_enabled(self, ident: str, enabled: bool) -> None:  # noqa: FBT001 - a setter
        """Turn an action on or off, for example as long as there is nothing to take."""
        if enabled == (ident in self._off):
            self._off.symmetric_difference_update({ident})
            self._refresh()

    def is_enabled(self, ident: str) -> bool:
        """Whether an action applies here and now."""
        action = self._actions.get(ident)
        return action is not None and action.place in self._places and ident not in self._off

    def trigger(self, ident: str) -> None:
        """Do an action, if it applies here and now."""
        if self.is_enabled(ident):
            self._actions[ident].handler()

    def actions(self) -> list[Action]:
        """The actions that apply here and now, innermost place first, else as added."""
        found = [action for action in self._actions.values() if self.is_enabled(action.ident)]
        return sorted(found, key=lambda action: -self._places.index(action.place))

    def all_actions(self) -> list[Action]:
        """Every action there is, as added."""
        return list(self._actions.values())

    def _refuse_doubles(self, action: Action) -> None:
        if action.ident in self._actions:
            raise ValueError(f"the action {action.ident!r} is there already")
        for key in _with_keypad(action.keys):
            if not _normal(key):  # Qt writes nothing for what it does not know
                raise ValueError(f"{action.ident!r}: {key!r} is no key")
            for other in self._actions.values():
                if other.place == action.place and _normal(key) in map(_normal, _with_keypad(other.keys)):
                    raise ValueError(f"{action.ident!r} and {other.ident!r} both want {key}")

    def _bind(self, action: Action, key: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self._window)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.setAutoRepeat(action.repeats)
        shortcut.activated.connect(lambda: self.trigger(action.ident))
        return shortcut

    def _refresh(self) -> None:
        taken: set[str] = set()
        for action in self.actions():
            for shortcut in self._shortcuts[action.ident]:
                key = shortcut.key().toString(QKeySequence.SequenceFormat.PortableText)
                shortcut.setEnabled(key not in taken)
                taken.add(key)
        for ident, shortcuts in self._shortcuts.items():
            if not self.is_enabled(ident):
                for shortcut in shortcuts:
                    shortcut.setEnabled(False)
        self.changed.emit()


def _normal(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def _with_keypad(keys: Iterable[str]) -> Sequence[str]:
    wanted = list(keys)
    for key in list(wanted):
        for one, other in _SAME_KEY.items():
            if key.rpartition("+")[2] == one:
                wanted.append(key.removesuffix(one) + other)
    return list(dict.fromkeys(wanted))
