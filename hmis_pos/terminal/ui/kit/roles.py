"""The data roles by which a model tells `QueueDelegate` what to paint.

Texts come ready to show: the model formats amounts and times, the delegate only places them.
"""

from enum import IntEnum

from PySide6.QtCore import Qt

_FIRST = int(Qt.ItemDataRole.UserRole) + 1


class QueueRole(IntEnum):
    """Roles of one row of the queue."""

    NAME = int(Qt.ItemDataRole.DisplayRole)  #: str, "Wanjiku, Grace N."
    AMOUNT = _FIRST  #: str, "4,850.00"
    NUMBERS = _FIRST + 1  #: str, "OP-118204 · INV-20931"
    NOTE = _FIRST + 2  #: str, "18 min", "part paid 6,000", "phone ringing 0:21", "at Counter 1"
    NOTE_KIND = _FIRST + 3  #: a `NoteKind` value (str); absent means PLAIN
    ELSEWHERE = _FIRST + 4  #: bool, another counter serves it: the row is painted back
    REASONS = _FIRST + 6  #: str, the third line of a `ReasonDelegate`'s card


class NoteKind:
    """What the note at the right of the second line means. Plain strings, as models hold them."""

    PLAIN = "plain"  #: waiting time, part paid
    RINGING = "ringing"  #: the patient's phone rings
    UNKNOWN = "unknown"  #: asked, and nobody can tell yet
    PAID = "paid"
    NOT_PAID = "not_paid"
    AGEING = "ageing"  #: it waits longer than it should
    OLD = "old"  #: much longer
