"""`Ctrl K`: do anything by typing a few letters of it. And `F1`: all keys."""

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hmis_pos.terminal.ui.kit.action_list import ROW, ActionList, Row
from hmis_pos.terminal.ui.kit.fuzzy import ranked
from hmis_pos.terminal.ui.kit.keys import Action, KeyMap
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.search_field import SearchField
from hmis_pos.terminal.ui.kit.sheet import Sheet


class _ActionSheet(Sheet):
    """A search above a list of actions. Arrows choose, Enter does, Esc closes."""

    ROWS = 9

    def __init__(self, parent: QWidget, keys: KeyMap, title: str, placeholder: str) -> None:
        super().__init__(parent, title, width=560)
        self.keys = keys
        self.search = SearchField(placeholder, key="", pause_ms=0)
        self.list = ActionList(title)
        self.list.setFixedHeight(min(ROW * self.ROWS, max(ROW * 4, parent.window().height() - 220)))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = Label(self.tr("Nothing is called that."), tone="ink-2")
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self.body.addWidget(self.nothing)
        self.search.textChanged.connect(self._filter)
        self.list.clicked.connect(self._clicked)
        self._filter("")
        self.search.setFocus()

    def rows(self, query: str) -> list[Row]:
        """The rows for a query."""
        raise NotImplementedError

    def _filter(self, query: str) -> None:
        rows = self.rows(query.strip())
        self.list.show_rows(rows)
        self.nothing.setVisible(not rows)

    def _clicked(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsSelectable:  # a heading does nothing, least of all what is chosen below it
            self._do()

    def _do(self) -> None:
        action = self.list.chosen()
        if action is not None and self.keys.is_enabled(action.ident):
            self.accept()
            self.keys.trigger(action.ident)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -self.ROWS,
            Qt.Key.Key_PageDown: self.ROWS,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.list.step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do()
        else:
            super().keyPressEvent(event)


class CommandPalette(_ActionSheet):
    """What can be done here and now, by name."""

    def __init__(self, parent: QWidget, keys: KeyMap) -> None:
        super().__init__(
            parent,
            keys,
            QCoreApplication.translate("CommandPalette", "Do anything"),
            QCoreApplication.translate("CommandPalette", "What do you want to do?"),
        )

    def rows(self, query: str) -> list[Row]:
        actions = self.keys.actions()
        if query:
            actions = ranked(query, actions, lambda action: f"{action.label} {action.more}")
        return list(actions)


class KeyOverlay(_ActionSheet):
    """Every key there is, by place. Those of this place can be done from here, too."""

    ROWS = 14

    def __init__(self, parent: QWidget, keys: KeyMap) -> None:
        super().__init__(
            parent,
            keys,
            QCoreApplication.translate("KeyOverlay", "All keys"),
            QCoreApplication.translate("KeyOverlay", "Find a key"),
        )

    def rows(self, query: str) -> list[Row]:
        actions = [action for action in self.keys.all_actions() if action.keys]
        if query:
            actions = ranked(query, actions, _words_of)
        places: dict[str, list[Action]] = {}
        for action in actions:
            places.setdefault(action.place, []).append(action)
        rows: list[Row] = []
        for place, here in places.items():
            rows += [self.keys.place_name(place), *here]
        return rows


def _words_of(action: Action) -> str:
    return f"{action.label} {action.more} {' '.join(action.keys)}"
