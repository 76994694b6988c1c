"""Cursors: where a page ended, as opaque text that a client only hands back."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from hmis_pos.contract import mapping
from hmis_pos.contract.problem import FieldError
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.relay.problems import BadInput

_LARGEST = 2**53


def encode(*parts: str | int) -> str:
    return base64.urlsafe_b64encode("|".join(str(part) for part in parts).encode()).decode().rstrip("=")


def place_in_queue(cursor: str) -> tuple[datetime, int] | None:
    """The (queued at, id) of the last invoice of a page; None without a cursor.

    Raises:
        BadInput: it is no cursor of ours.
    """
    if not cursor:
        return None
    queued_at, separator, number = _decode(cursor).partition("|")
    if not separator:
        raise _bad()
    try:
        return mapping.instant(queued_at), _number(number)
    except (ValueError, CashierMistake) as e:
        raise _bad() from e


def place_in_list(cursor: str) -> int | None:
    """The id of the last payment of a page; None without a cursor.

    Raises:
        BadInput: it is no cursor of ours.
    """
    if not cursor:
        return None
    try:
        return _number(_decode(cursor))
    except ValueError as e:
        raise _bad() from e


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) >= _LARGEST:
        raise ValueError(text)
    return int(text)


def _decode(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as e:
        raise _bad() from e


def _bad() -> BadInput:
    found = FieldError(
        field="cursor",
        message="cursor is none of ours",
        cure='Send "next" of the page before as it came, or leave it out.',
    )
    return BadInput(found.message, [found])
