"""How patients mistype an account number."""

import random
from collections.abc import Callable, Collection

ACCOUNT_LENGTH = 20
# A reader who forgives these still knows what was meant …
HARMLESS = ("case", "spaces", "dashes", "letter_o", "no_prefix")
# … and here only a guess is left.
HARMFUL = ("swapped", "wrong_digit", "dropped_digit", "patient_number", "empty")
KINDS = HARMLESS + HARMFUL

_TRIES = 20


def mistype(account: str, patient: str, rng: random.Random, taken: Collection[str] = ()) -> tuple[str, str]:
    """Return what was typed and the kind of mistake, chosen by `rng`.

    A mistake never makes one of `taken` of it: what is paid to a wrong but real account is no mistake that anybody
    could see.

    Args:
        account: what was meant, for example INV-20931.
        patient: the patient's number, typed instead in one kind.
        rng: chooses.
        taken: account numbers that are in use, each `bare`.
    """
    for _ in range(_TRIES):
        kind = rng.choice(KINDS)
        typed = _MAKERS[kind](account, patient, rng)
        if typed is None or typed == account or len(typed) > ACCOUNT_LENGTH:
            continue
        if kind in HARMFUL and kind != "patient_number" and bare(typed) in taken and bare(typed) != bare(account):
            continue
        return typed, kind
    return "", "empty"


def bare(account: str) -> str:
    """Return letters and digits alone, in capitals."""
    return "".join(c for c in account.upper() if c.isalnum())


def _case(account: str, _: str, rng: random.Random) -> str:
    return rng.choice((account.lower(), account.title(), account.swapcase()))


def _spaces(account: str, _: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(account)) if len(account) > 1 else 0
    return rng.choice((f" {account}", f"{account} ", f"{account[:at]} {account[at:]}"))


def _dashes(account: str, _: str, rng: random.Random) -> str:
    if "-" in account:
        return account.replace("-", rng.choice(("", "--", "/", ".")))
    at = rng.randrange(1, len(account)) if len(account) > 1 else 0
    return f"{account[:at]}-{account[at:]}"


def _letter_o(account: str, _: str, rng: random.Random) -> str | None:
    digits = _digits(account)
    zeros = [n for n in digits if account[n] == "0"]
    return _put(account, rng.choice(zeros), rng.choice("Oo")) if zeros else None


def _no_prefix(account: str, _: str, __: random.Random) -> str | None:
    rest = account.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz").lstrip("-/ ")
    return rest if rest.isdecimal() else None


def _swapped(account: str, _: str, rng: random.Random) -> str | None:
    pairs = [n for n in _digits(account) if account[n + 1 : n + 2].isdecimal() and account[n] != account[n + 1]]
    if not pairs:
        return None
    n = rng.choice(pairs)
    return account[:n] + account[n + 1] + account[n] + account[n + 2 :]


def _wrong_digit(account: str, _: str, rng: random.Random) -> str | None:
    digits = _digits(account)
    if not digits:
        return None
    n = rng.choice(digits)
    return _put(account, n, rng.choice([d for d in "0123456789" if d != account[n]]))


def _dropped_digit(account: str, _: str, rng: random.Random) -> str | None:
    digits = _digits(account)
    return _put(account, rng.choice(digits), "") if digits else None


def _patient_number(_: str, patient: str, __: random.Random) -> str | None:
    return patient or None


def _empty(_: str, __: str, ___: random.Random) -> str:
    return ""


def _digits(account: str) -> list[int]:
    return [n for n, c in enumerate(account) if c.isdecimal()]


def _put(account: str, at: int, text: str) -> str:
    return account[:at] + text + account[at + 1 :]


_MAKERS: dict[str, Callable[[str, str, random.Random], str | None]] = {
    "case": _case,
    "spaces": _spaces,
    "dashes": _dashes,
    "letter_o": _letter_o,
    "no_prefix": _no_prefix,
    "swapped": _swapped,
    "wrong_digit": _wrong_digit,
    "dropped_digit": _dropped_digit,
    "patient_number": _patient_number,
    "empty": _empty,
}
