"""The relay's answers that are not what was asked for, as our own errors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from hmis_pos.contract.mapping import iso
from hmis_pos.contract.problem import Problem
from hmis_pos.domain.errors import (
    CashierMistake,
    Conflict,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    PosError,
    Unavailable,
)

RUNNING = "idempotency-running"
_SERVER_ERROR = 500
_TITLES = {401: "not signed in", 403: "not allowed", 404: "not found", 413: "too long", 429: "too often"}


class Unauthorised(NotAllowed):
    """401: the relay does not believe the token, or the password."""


def read_problem(status: int, body: bytes) -> Problem:
    """Problem details of a response; made up from the status where a proxy answered in its own words."""
    try:
        return msgspec.json.decode(body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        title = _TITLES.get(status, "the relay's answer cannot be read")
        return Problem(title=title, status=status, code=f"http-{status}")


def error_of(status: int, headers: Mapping[str, str], body: bytes, now: datetime, *, wrote: bool) -> PosError:
    """The error of a response.

    Args:
        status: its HTTP status, 300 or more.
        headers: of the response, lower-case names found.
        body: of the response.
        now: for ``Retry-After``, which counts seconds from here.
        wrote: whether the request may have changed something; then a server's own mistake leaves the outcome unknown.
    """
    problem = read_problem(status, body)
    message = problem.detail or problem.title
    field = problem.errors[0].field if problem.errors else None
    retry_at = problem.retry_at or _retry_at(headers, now)
    match status:
        case 401:
            return Unauthorised(message, code=problem.code, field=field, cure=problem.cure)
        case 403:
            return NotAllowed(message, code=problem.code, field=field, cure=problem.cure)
        case 404:
            return NotFound(message, code=problem.code, field=field, cure=problem.cure)
        case 409 | 425 | 429:
            return Conflict(message, code=problem.code, field=field, cure=problem.cure, retry_at=retry_at)
        case 503:
            return Unavailable(message, code=problem.code, field=field, cure=problem.cure)
        case _ if status >= _SERVER_ERROR:
            kind = OutcomeUnknown if wrote else Unavailable
            return kind(message, code=problem.code, field=field, cure=problem.cure)
        case _:
            return CashierMistake(message, code=problem.code, field=field, cure=problem.cure)


def away(reason: str) -> Unavailable:
    """No connection came about: nothing was asked."""
    return Unavailable(
        f"the relay cannot be reached ({reason})",
        code="relay-away",
        cure="Cash goes on; the receipts are sent once the relay is back.",
    )


def unknown(reason: str) -> OutcomeUnknown:
    """The request left and no answer came."""
    return OutcomeUnknown(
        f"the relay was asked and did not answer ({reason})",
        code="relay-silent",
        cure="Look the payment up before doing anything again.",
    )


def _retry_at(headers: Mapping[str, str], now: datetime) -> str | None:
    seconds = headers.get("retry-after", "")
    return iso(now + timedelta(seconds=int(seconds))) if seconds.isdigit() else None
