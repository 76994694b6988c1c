"""Python's cycle collector, kept on the thread of the screen.

Python collects in whichever thread happens to allocate. A window that is part of a circle would then be destroyed by the
thread of the store or of the keyring, and Qt objects may only be destroyed where they live: timers are stopped from another
thread, and the program dies (docs/decisions/0015).
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

#: How often is looked whether something is to be collected. A look costs a microsecond.
LOOK_MS = 500
#: All that lives is gone through at most this often (tens of milliseconds), in seconds.
WHOLE_SECONDS = 60.0


class GarbageCollector(QObject):
    """Collects from the Qt thread, by Python's own thresholds. From when it is made until :meth:`stop`, nobody else does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._whole_at = time.monotonic() + WHOLE_SECONDS
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what Python itself would collect by now."""
        young, middle, old = (
            count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        now = time.monotonic()
        if old and now >= self._whole_at:
            self._whole_at = now + WHOLE_SECONDS
            gc.collect()
        elif middle:
            gc.collect(1)
        elif young:
            gc.collect(0)

    def settle(self) -> None:
        """The program is loaded: what lives now lives to the end, and is gone through no more."""
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Leave it to whoever did it before."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()


def delete_now(*parts: QObject | None) -> None:
    """Delete what is over, in this order, with all that waits to be deleted.

    A connection keeps what it calls, unseen by Python's collector: a circle of them ends only with the sender.
    """
    for part in parts:
        if part is not None:
            part.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
