"""Kenyan mobile numbers as M-Pesa wants them: ``2547XXXXXXXX`` or ``2541XXXXXXXX``.

Only a number a person types is normalised. Numbers that come back from Safaricom are masked or hashed and stay opaque
text (Daraja section 4: never match on a callback's MSISDN).
"""

from __future__ import annotations

import re

from hmis_pos.domain.errors import CashierMistake

_MSISDN = re.compile(r"254[17]\d{8}")
_DECORATION = re.compile(r"[\s().\-\u2010-\u2015]")


def normalise(text: str, *, field: str = "phone_number") -> str:
    """Turn what a person typed (07…, 01…, +254…, 254…, 7…, 1…) into twelve digits.

    Raises:
        CashierMistake: it is not a Kenyan mobile number, saying what is wrong with it.
    """
    digits = _DECORATION.sub("", text)
    digits = digits.removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        raise _wrong(text, field, "it may hold only digits", code="phone-characters")
    if digits.startswith("2540"):
        digits = "254" + digits[4:]
    elif digits.startswith("0"):
        digits = "254" + digits[1:]
    elif not digits.startswith("254"):
        digits = "254" + digits
    if len(digits) < 12:  # noqa: PLR2004 - country code and nine digits
        raise _wrong(text, field, "digits are missing", code="phone-short")
    if len(digits) > 12:  # noqa: PLR2004
        raise _wrong(text, field, "it has too many digits", code="phone-long")
    if not _MSISDN.fullmatch(digits):
        raise _wrong(text, field, "a mobile number begins with 07 or 01", code="phone-range")
    return digits


def _wrong(text: str, field: str, why: str, *, code: str) -> CashierMistake:
    return CashierMistake(
        f"{field} {text!r} is not a Kenyan mobile number: {why}",
        field=field,
        code=code,
        cure="Write it as 0712345678, 0112345678 or +254712345678.",
    )


def local(msisdn: str) -> str:
    """``254712345418`` as a cashier reads it: ``0712 345 418``."""
    national = "0" + msisdn.removeprefix("254")
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def masked(msisdn: str) -> str:
    """``0712 ••• 418``: enough to recognise, not enough to call."""
    national = "0" + msisdn.removeprefix("254")
    return f"{national[:4]} ••• {national[-3:]}"
