"""Answers to questions that may be asked again: why one was of no use, as one error for all of them."""

from __future__ import annotations

from hmis_pos.domain.errors import Unavailable
from hmis_pos.gateways.mpesa.client import Reply
from hmis_pos.gateways.mpesa.results import DoorError, Standing

_WAITING = frozenset({"too-fast", "quota", "subscriber-locked"})
_FIRST_ERROR = 400


def no_use(reply: Reply, code: str, why: str = "", *, about: str = "a query") -> Unavailable:
    """An answer that cannot be used, in one line."""
    told = f"{reply.words}; {why}" if why else reply.words
    return Unavailable(
        f"M-Pesa gave no usable answer to {about}: {told}", code=code, cure="It is asked again by itself."
    )


def refused(reply: Reply, row: DoorError | None, *, about: str = "a query") -> Unavailable:
    """An error answer at the door, or what is no JSON object.

    Codes: ``mpesa-unreadable`` (HTTP 200 with junk), ``mpesa-no-answer`` (nobody knows), ``mpesa-busy`` (wait),
    ``mpesa-configuration`` (a setting is wrong; asking again does not help).
    """
    if row is None:
        return no_use(reply, "mpesa-unreadable" if reply.status < _FIRST_ERROR else "mpesa-no-answer", about=about)
    if row.standing is Standing.UNKNOWN:
        return no_use(reply, "mpesa-no-answer", about=about)
    if row.meaning in _WAITING:
        waits = f"it asks to wait {reply.retry_after} s" if reply.retry_after.isdecimal() else ""
        return no_use(reply, "mpesa-busy", waits, about=about)
    return no_use(reply, "mpesa-configuration", "a setting is wrong, see its text", about=about)
