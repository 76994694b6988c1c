"""Names of things that nobody else gives: UUIDs, receipt series, account references.

Random bytes and the time come from the caller (the ``Ids`` and ``Clock`` ports), so that a simulation can replay a run.
"""

from __future__ import annotations

import re
from uuid import UUID, uuid5

#: Daraja: AccountReference is alphanumeric, at most 12 characters.
ACCOUNT_REFERENCE_LENGTH = 12
_NOT_ALNUM = re.compile(r"[^A-Z0-9]")
#: In which names are made from keys; drawn once, never to change.
_OF_KEYS = UUID("4c8f4e0e-6a53-4f0b-9d0e-6c1f3c6e2b57")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def uuid7(milliseconds: int, random: bytes) -> UUID:
    """A version 7 UUID (RFC 9562, section 5.7) of a Unix time in ms and ten random bytes.

    Python has its own only from 3.14; ours takes its time and chance from ports. Identity only: never sort by it.
    """
    noise = int.from_bytes(random[:10], "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (noise >> 62 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= noise & ((1 << 62) - 1)
    return UUID(int=value)


def uuid_of_key(key: str) -> UUID:
    """The UUID (version 5) of what an idempotency key asks for: the key said again names the same thing."""
    return uuid5(_OF_KEYS, key)


def attempt_letter(attempt: int) -> str:
    """1 -> A, 2 -> B … 24 -> Z, 25 -> AA; without I and O, which people read as 1 and 0."""
    text = ""
    while attempt > 0:
        attempt, rest = divmod(attempt - 1, len(_LETTERS))
        text = _LETTERS[rest] + text
    return text


def account_reference(invoice_no: str, attempt: int) -> str:
    """What the payer's phone shows as the account, and what a C2B twin brings back as BillRefNumber.

    The invoice number's own letters and digits, then the attempt's letter: ``INV-20931``, 2nd attempt ->
    ``INV20931B``. Unique per attempt as long as the invoice numbers differ in their last ten characters; the database
    refuses a repeat, and the caller then takes :func:`fallback_reference`.
    """
    suffix = attempt_letter(attempt)
    stem = _NOT_ALNUM.sub("", invoice_no.upper())[-(ACCOUNT_REFERENCE_LENGTH - len(suffix)) :]
    return stem + suffix


def fallback_reference(random: bytes) -> str:
    """Twelve characters of chance, for the invoice whose own number will not do."""
    alphabet = "23456789" + _LETTERS
    return "".join(alphabet[byte % len(alphabet)] for byte in random[:ACCOUNT_REFERENCE_LENGTH])
