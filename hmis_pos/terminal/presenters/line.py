"""Whether the relay can be asked for anything just now."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from hmis_pos.terminal.relay_client import RelayClient


class LineState(StrEnum):
    """The line to the relay."""

    ONLINE = "online"
    AWAY = "away"  #: it does not answer
    SIGNED_OUT = "signed-out"  #: it may answer, but nobody is signed in with it


class Line(QObject):
    """Watches the client; ``changed`` carries a :class:`LineState` value."""

    changed = Signal(str)

    def __init__(self, relay: RelayClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._relay = relay
        self._feeding = False
        self._state = self._judge()
        relay.http.reachableChanged.connect(self._look)
        relay.http.sessionChanged.connect(self._look)
        relay.feedChanged.connect(self._on_feed)

    @property
    def state(self) -> LineState:
        return self._state

    @property
    def online(self) -> bool:
        return self._state is LineState.ONLINE

    def _on_feed(self, connected: bool) -> None:  # noqa: FBT001 - a slot
        self._feeding = connected
        self._look()

    def _judge(self) -> LineState:
        http = self._relay.http
        if http.session is None:
            return LineState.SIGNED_OUT if http.reachable else LineState.AWAY
        if http.reachable is False:
            return LineState.AWAY
        return LineState.ONLINE if http.reachable or self._feeding else LineState.AWAY

    def _look(self, _: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot of signals with and without a value
        state = self._judge()
        if state is not self._state:
            self._state = state
            self.changed.emit(state.value)
