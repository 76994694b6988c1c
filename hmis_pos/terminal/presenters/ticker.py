"""One heartbeat for everything that shows a running time."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_SECOND = 1000


class Ticker(QObject):
    """Emits ``ticked`` once a second while started. A test calls :meth:`beat` instead of starting it."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.beat)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def beat(self) -> None:
        """A second went by."""
        self.ticked.emit()
