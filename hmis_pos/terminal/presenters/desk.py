"""Who works at this counter now, and which till it is. Filled by the session, read by everybody who takes money."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

#: Roles that decide about refunds and see what belongs to finance.
FINANCE = frozenset({"supervisor", "admin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """The top bar's words. ``username`` is empty while nobody is signed in, ``series`` until the till is enrolled."""

    username: str = ""
    display_name: str = ""
    role: str = ""
    facility_name: str = ""
    counter: str = ""
    series: str = ""
    offline_sign_in: bool = False  #: checked against this till's own memory; the relay has not confirmed it yet

    @property
    def signed_in(self) -> bool:
        return bool(self.username)


class Desk(QObject):
    """Holds the present :class:`DeskView` and tells of each change."""

    changed = Signal(DeskView)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = DeskView()

    @property
    def view(self) -> DeskView:
        return self._view

    @property
    def cashier(self) -> str:
        """The user name that goes on a receipt."""
        return self._view.username

    @property
    def counter(self) -> str:
        return self._view.counter

    @property
    def series(self) -> str:
        return self._view.series

    def show(self, view: DeskView) -> None:
        if view != self._view:
            self._view = view
            self.changed.emit(view)
