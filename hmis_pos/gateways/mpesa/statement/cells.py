"""What one cell says: text, an amount, an instant. Strict: what could mean two things is refused, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hmis_pos.domain.money import EXPONENT, KES, MAX_MINOR, Money
from hmis_pos.gateways.mpesa import wire
from hmis_pos.gateways.mpesa.statement.rows import Cell

_BLANK = frozenset({"", "-", "\u2013", "\u2014", "n/a"})
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)

_CURRENCY = re.compile(r"(?:kes|kshs?)\.?|/=|/-", re.IGNORECASE)
_GROUPED = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{0,2}))?")
#: A double holds fifteen digits; what differs by less than this part of a cent from whole cents is its noise.
_NOISE = Decimal("0.0001")
_MAX_DIGITS = 16
_UNIT: int = 10**EXPONENT

#: Excel counts days from here (its 1900 is no leap year in truth, so this is right from March 1900 on).
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - EAT is put to it below
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - the same
#: M-Pesa began in 2007.
_YEARS = range(2007, 2100)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}}|[A-Za-z]{{3,9}})[-/., ]+(\d{{4}}|\d{{2}}){_CLOCK}")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})")
_PLAIN_NUMBER = re.compile(r"\d{5}(?:\.\d+)?")


def text_of(cell: Cell, limit: int = wire.MAX_TEXT) -> str:
    """Clean text; a whole number without its point. ``="0123"``, with which exports keep Excel's hands off, is ``0123``."""
    if isinstance(cell, Decimal):
        return wire.text_of(cell, limit)
    if cell.isprintable() and len(cell) <= limit and not cell.startswith(("=", "'")):
        return cell.strip()  # nearly all cells: the rest is for the few
    if cell.startswith('="') and (match := _FORMULA.fullmatch(cell.strip())):
        cell = match[1]
    return wire.clean(cell.removeprefix("'"), limit)


def is_blank(cell: Cell) -> bool:
    """Nothing, or one of the dashes that stand for it."""
    return isinstance(cell, str) and cell.strip().casefold() in _BLANK


def amount_of(cell: Cell, *, limit: int = MAX_MINOR) -> Money | None:
    """An amount in shillings, with its sign; None for a blank cell.

    Takes thousands commas, ``KES`` or ``Ksh`` before or behind, and a minus before, behind or as parentheses.

    Raises:
        ValueError: it is none, has more than two decimals, or is beyond ``limit`` cents; the message says so.
    """
    if is_blank(cell):
        return None
    minor = _minor(cell) if isinstance(cell, Decimal) else _minor_of_text(cell)
    if minor is None:
        raise ValueError(f"{text_of(cell, 40)!r} is no amount")
    if abs(minor) > limit:
        raise ValueError(f"{text_of(cell, 40)!r} is more than any payment")
    return Money(minor, KES)


def _minor(number: Decimal) -> int | None:
    if not number.is_finite() or number.adjusted() > _MAX_DIGITS:
        return None
    cents = number.scaleb(EXPONENT)
    whole = cents.to_integral_value()
    return int(whole) if abs(cents - whole) < _NOISE else None


def _minor_of_text(text: str) -> int | None:
    plain = _CURRENCY.sub("", text).replace("\u2212", "-").replace("\u00a0", " ").strip()
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1].strip()
    elif plain.startswith("-") or plain.endswith("-"):
        negative, plain = True, plain.removeprefix("-").removesuffix("-").strip()
    match = _GROUPED.fullmatch(plain) if plain.isascii() and len(plain) <= _MAX_DIGITS * 2 else None
    if match is None:
        return None
    minor = int(match[1].replace(",", "")) * _UNIT + int((match[2] or "").ljust(EXPONENT, "0"))
    return -minor if negative else minor


def instant_of(cell: Cell, *, from_1904: bool = False) -> datetime:
    """An instant in UTC, from a date and time in EAT. The day stands before the month, unless the year stands first.

    Raises:
        ValueError: it is none, or the month would be above 12; the message says so.
    """
    text = text_of(cell, 60)
    if isinstance(cell, Decimal) or _PLAIN_NUMBER.fullmatch(text):
        return _of_number(Decimal(text) if isinstance(cell, str) else cell, text, from_1904=from_1904)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year, *clock = match.groups()
        return _instant(text, int(year) + (2000 if len(year) == 2 else 0), _month(month), int(day), clock)  # noqa: PLR2004
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day, *clock = match.groups()
        return _instant(text, int(year), int(month), int(day), clock)
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = match.groups()
        return _instant(text, int(year), int(month), int(day), [hour, minute, second, None])
    if (read := wire.read_time(text)) is not None and read.year in _YEARS:
        return read  # ISO with a zone
    raise ValueError(f"{text!r} is no date and time")


def _of_number(number: Decimal, text: str, *, from_1904: bool) -> datetime:
    """An Excel serial, or fourteen digits that Excel took for a number."""
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = match.groups()
        return _instant(text, int(year), int(month), int(day), [hour, minute, second, None])
    if not number.is_finite() or not 0 < number < 100_000:  # noqa: PLR2004 - the year 2173
        raise ValueError(f"{text!r} is no date and time")
    seconds = int((number * 86_400).to_integral_value())
    local = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(seconds=seconds)
    if local.year not in _YEARS:
        raise ValueError(f"{text!r} would be in the year {local.year}")
    return local.replace(tzinfo=wire.EAT).astimezone(UTC)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    short = text[:3].casefold()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _instant(text: str, year: int, month: int, day: int, clock: list[str | None]) -> datetime:
    hour, minute, second, half = clock
    at_hour = int(hour or 0)
    if half is not None:
        if not 1 <= at_hour <= 12:  # noqa: PLR2004 - a clock with AM and PM
            raise ValueError(f"{text!r} is no time with AM or PM")
        at_hour = at_hour % 12 + (12 if half in "Pp" else 0)
    if month > 12 and day <= 12:  # noqa: PLR2004 - months
        raise ValueError(f"{text!r} has its month before its day")
    if year not in _YEARS:
        raise ValueError(f"{text!r} would be in the year {year}")
    try:
        local = datetime(year, month, day, at_hour, int(minute or 0), int(second or 0), tzinfo=wire.EAT)
    except ValueError:
        raise ValueError(f"{text!r} is no date and time") from None
    return local.astimezone(UTC)
