"""The audit trail's chain: each row holds the hash of the row before, from the first row on.

The hash covers a fixed join of the row's fields, lengths before values, so that no two different rows read the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

#: What the first row points to.
GENESIS = hashlib.sha256(b"HMIS POS audit chain v1").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to what, from where. Times are UTC, ISO 8601 with microseconds."""

    seq: int
    at: str
    actor: str  #: user name, or ``relay`` / ``gateway:mpesa`` where no person acts
    action: str  #: verb in dotted form, ``payment.initiate``
    subject: str  #: what it was done to, ``payment:0192…``
    origin: str  #: terminal, IP address or process
    detail: str  #: JSON text, keys sorted, no personal data beyond ids
    previous: str
    digest: str


def digest(entry_without_digest: AuditEntry) -> str:
    """SHA-256 over the previous digest and every field, each preceded by its length in bytes."""
    e = entry_without_digest
    fields = (e.previous, str(e.seq), e.at, e.actor, e.action, e.subject, e.origin, e.detail)
    joined = b"".join(str(len(raw)).encode() + b":" + raw + b";" for raw in (f.encode() for f in fields))
    return hashlib.sha256(joined).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain stops being believable, and why."""

    seq: int
    reason: str


def first_break(entries: Iterable[AuditEntry], *, after: int = 0, previous: str = GENESIS) -> Break | None:
    """Walk entries in order of ``seq``, from the first or from behind row ``after`` with digest ``previous``."""
    expected = after + 1
    for entry in entries:
        if entry.seq != expected:
            return Break(expected, f"row {expected} is missing (next found is {entry.seq})")
        if entry.previous != previous:
            return Break(entry.seq, "it does not point to the row before it")
        if digest(entry) != entry.digest:
            return Break(entry.seq, "its content was changed after it was written")
        previous, expected = entry.digest, expected + 1
    return None
