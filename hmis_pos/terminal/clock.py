"""The terminal's time and chance, and how far its time is from the relay's.

The relay's clock is authoritative (T7). The terminal sells by its own clock, says so when it is more than a minute off,
and refuses cash when it is more than five minutes off.
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from hmis_pos.domain.errors import Conflict
from hmis_pos.domain.ids import uuid7

WARN_SKEW = timedelta(seconds=60)
REFUSE_SKEW = timedelta(minutes=5)


class SystemClock:
    """:class:`hmis_pos.cashier.ports.Clock` of this computer."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemIds:
    """:class:`hmis_pos.cashier.ports.Ids` of this computer."""

    def uuid(self) -> UUID:
        return uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10))

    def token(self) -> str:
        return secrets.token_hex(32)

    def random(self, count: int) -> bytes:
        return secrets.token_bytes(count)


class Skew(StrEnum):
    """What the distance to the relay's clock means for the counter."""

    NOT_KNOWN = "not-known"  #: the relay was not heard yet
    FINE = "fine"
    WARN = "warn"  #: more than a minute: say it
    REFUSE = "refuse"  #: more than five minutes: no cash until it is mended


class ServerTime(QObject):
    """Keeps relay time minus our time, learnt from each answer's ``Date`` header or ``server_time``."""

    skewChanged = Signal(str)  # noqa: N815 - Qt's style; a :class:`Skew` value

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._offset: timedelta | None = None
        self._skew = Skew.NOT_KNOWN

    @property
    def offset(self) -> timedelta | None:
        """Relay minus terminal; None until the relay was heard."""
        return self._offset

    @property
    def skew(self) -> Skew:
        return self._skew

    def heard(self, server: datetime, *, sent: datetime, received: datetime, resolution: timedelta) -> None:
        """The relay said ``server`` somewhere between ``sent`` and ``received``, our time.

        ``resolution``: the text's step (a ``Date`` header is cut to whole seconds). What lies within the uncertainty counts as right.
        """
        if received < sent:
            return  # our clock was set while we waited: this answer says nothing
        earliest, latest = server - received, server + resolution - sent
        if earliest <= timedelta(0) <= latest:
            self._offset = timedelta(0)
        else:
            self._offset = min(earliest, latest, key=abs)
        self._set(_judge(self._offset))

    def check_cash(self) -> None:
        """Refuse cash when the clock is too wrong for a receipt's date to mean anything.

        Raises:
            Conflict: code ``clock-skew``.
        """
        if self._skew is Skew.REFUSE and self._offset is not None:
            minutes = round(abs(self._offset).total_seconds() / 60)
            side = "behind" if self._offset > timedelta(0) else "ahead of"
            raise Conflict(
                f"this computer's clock is {minutes} minutes {side} the hospital's",
                code="clock-skew",
                cure="Set date and time right (automatic time); cash can be taken again at once.",
            )

    def _set(self, skew: Skew) -> None:
        if skew is not self._skew:
            self._skew = skew
            self.skewChanged.emit(skew.value)


def _judge(offset: timedelta) -> Skew:
    if abs(offset) > REFUSE_SKEW:
        return Skew.REFUSE
    return Skew.WARN if abs(offset) > WARN_SKEW else Skew.FINE
