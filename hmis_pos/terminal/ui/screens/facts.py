"""Facts of a thing, a line each: what, and how much or which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from hmis_pos.terminal.presenters.payments_view import Fact
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.screens.rendering import clear_layout


class Facts(QWidget):
    """Labels at the left, values beside them; values can be selected with the mouse."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._shown: tuple[Fact, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show exactly these."""
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        clear_layout(self._grid)
        for row, fact in enumerate(facts):
            self._grid.addWidget(Label(fact.label, tone="ink-2"), row, 0, Qt.AlignmentFlag.AlignTop)
            value = Label(fact.value, wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(value, row, 1)

    @property
    def words(self) -> dict[str, str]:
        """What is shown, for who does not look."""
        return {fact.label: fact.value for fact in self._shown}
