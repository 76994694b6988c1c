"""Whose money is it? The account number as a payer types it, and how likely an invoice is the one that was meant.

What a payer types is compared by its *keys*: upper case, without spaces and punctuation, the letter O as the digit 0; and the
same without the letters in front ("INV-2026-0471", "inv 2026 O471" and "20260471" share a key). Where the whole of what was typed
is a key of exactly one invoice it settles by itself: letters may be missing, but never be others ("LAB-2026-0471"). Everything else
is a suggestion for a person, never money moved.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money

_LETTERS = string.ascii_uppercase
_ALPHABET = "".join(letter for letter in _LETTERS if letter != "O") + string.digits
#: A key must carry this many digits to settle money by itself: "12" is a slip of the finger, not an account.
MIN_DIGITS = 3
#: Longer than any account that M-Pesa lets a payer type (20).
LONGEST = 24


def account_keys(text: str) -> tuple[str, ...]:
    """The keys of an account number, most exact first; none where it holds too little to mean anything."""
    compact = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())[:LONGEST]
    full = compact.replace("O", "0")
    bare = compact.lstrip(_LETTERS).replace("O", "0")
    keys = (full, bare) if bare != full else (full,)
    return tuple(key for key in keys if sum(letter.isdigit() for letter in key) >= MIN_DIGITS)


def settling_keys(typed: str) -> tuple[str, ...]:
    """The key by which money may settle by itself: the whole of what was typed; none where it holds too little."""
    return account_keys(typed)[:1]


def neighbours(key: str) -> frozenset[str]:
    """Every key one slip away: a character changed, missing, doubled or added, or two neighbours swapped."""
    cuts = [(key[:n], key[n:]) for n in range(len(key) + 1)]
    missing = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in cuts if right for letter in _ALPHABET}
    added = {left + letter + right for left, right in cuts for letter in _ALPHABET}
    return frozenset(missing | swapped | changed | added) - {key, ""}


def distance(one: str, other: str) -> int:
    """Slips between two keys (Damerau-Levenshtein, optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        new = [n]
        for m, b in enumerate(other, 1):
            cost = min(row[m] + 1, new[m - 1] + 1, row[m - 1] + (a != b))
            if n > 1 and m > 1 and a == other[m - 2] and one[n - 2] == b:
                cost = min(cost, before[m - 2] + 1)
            new.append(cost)
        before, row = row, new
    return row[-1]


class Reason(StrEnum):
    """Why an invoice is suggested."""

    SAME_ACCOUNT = "same-account"  #: the account is this invoice's, or its patient's, but not only its
    NEAR_ACCOUNT = "near-account"  #: one or two slips away
    PART_OF_ACCOUNT = "part-of-account"  #: what was typed ends this account
    SAME_AMOUNT = "same-amount"  #: exactly what is owed
    PHONE = "phone"  #: the payer's (masked) number fits the patient's
    NAME = "name"  #: the payer's name is the patient's, in part
    AT_COUNTER = "at-counter"  #: it was being served, or its phone rang, when the money came
    RECENT = "recent"  #: queued in the hours before


_WEIGHTS = {
    Reason.SAME_ACCOUNT: 60,
    Reason.NEAR_ACCOUNT: 45,
    Reason.PART_OF_ACCOUNT: 30,
    Reason.SAME_AMOUNT: 25,
    Reason.PHONE: 15,
    Reason.NAME: 15,
    Reason.AT_COUNTER: 15,
    Reason.RECENT: 5,
}
_NEAR = 2
_RECENT = timedelta(hours=12)
_SHORTEST_NAME = 3
_SHORTEST_PART = 4
_TELLING_DIGITS = 3
_LONGEST_PHONE = 15  # digits (ITU E.164); a hash is longer
#: Below this a suggestion is noise.
_WORTH_SHOWING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What is known of money that came: all as the provider gave it."""

    amount: Money
    account: str
    payer_name: str
    payer_phone: str  #: masked, hashed, in full or empty
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An invoice that may be meant, with why. ``score`` 0 to 100 orders them; it is no probability."""

    invoice: Invoice
    score: int
    reasons: tuple[Reason, ...]


def rank(
    money: Arrived, candidates: Iterable[Invoice], *, at_counter: frozenset[int] = frozenset(), limit: int = 8
) -> Sequence[Suggestion]:
    """Order invoices by how well they fit, best first; of equal ones the one queued last.

    ``at_counter``: invoices that were being served or whose phone rang when the money came.
    """
    unique = {invoice.id: invoice for invoice in candidates}
    found = []
    for invoice in unique.values():
        reasons = tuple(_reasons(money, invoice, at_counter))
        score = min(100, sum(_WEIGHTS[reason] for reason in reasons))
        if score >= _WORTH_SHOWING:
            found.append(Suggestion(invoice=invoice, score=score, reasons=reasons))
    found.sort(key=lambda s: (s.score, s.invoice.queued_at, s.invoice.id), reverse=True)
    return found[:limit]


def _reasons(money: Arrived, invoice: Invoice, at_counter: frozenset[int]) -> Iterable[Reason]:
    account = _account_reason(money.account, (invoice.number, invoice.patient_no))
    if account is not None:
        yield account
    if invoice.owed and invoice.owed.rounded_up == money.amount.rounded_up:
        yield Reason.SAME_AMOUNT
    if phone_fits(money.payer_phone, invoice.patient_phone):
        yield Reason.PHONE
    if _share_a_name(money.payer_name, invoice.patient_name):
        yield Reason.NAME
    if invoice.id in at_counter:
        yield Reason.AT_COUNTER
    if timedelta(0) <= money.paid_at - invoice.queued_at <= _RECENT:
        yield Reason.RECENT


def _account_reason(typed: str, accounts: Iterable[str]) -> Reason | None:
    wanted = account_keys(typed)
    theirs = [key for account in accounts for key in account_keys(account)]
    if any(key in theirs for key in wanted):
        return Reason.SAME_ACCOUNT
    pairs = [(key, other) for key in wanted for other in theirs]
    if any(abs(len(key) - len(other)) <= _NEAR and distance(key, other) <= _NEAR for key, other in pairs):
        return Reason.NEAR_ACCOUNT
    if any(len(key) >= _SHORTEST_PART and other.endswith(key) for key, other in pairs):
        return Reason.PART_OF_ACCOUNT
    return None


def phone_fits(payer: str, patient: str) -> bool:
    """Whether a payer's number, masked ("2547 ***** 126") or in full, can be the patient's."""
    digits = "".join(letter for letter in patient if letter.isdigit())
    if digits.startswith("0"):
        digits = "254" + digits[1:]
    shown = "".join(payer.split())
    if "*" not in shown:
        return len(digits) > _TELLING_DIGITS and shown.lstrip("+") == digits
    head, tail = shown[: shown.index("*")], shown[shown.rindex("*") + 1 :]
    return len(tail) >= _TELLING_DIGITS and digits.startswith(head) and digits.endswith(tail)


def phone_contradicts(payer: str, asked: str) -> bool:
    """Whether a payer's number, as far as it is shown, is surely not the one asked; a hash or no number at all says nothing."""
    shown = "".join(payer.split()).lstrip("+")
    tail = shown.rpartition("*")[2]
    tells = len(shown) <= _LONGEST_PHONE and len(tail) >= _TELLING_DIGITS and tail.isdecimal()
    return tells and not phone_fits(payer, asked)


def _share_a_name(payer: str, patient: str) -> bool:
    names = [{word for word in text.upper().split() if len(word) >= _SHORTEST_NAME} for text in (payer, patient)]
    return bool(names[0] & names[1])
