"""How amounts, times and names are written on the screen. Times are shown in EAT (UTC+3, no summer time)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from PySide6.QtCore import QCoreApplication

from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import Money

EAT = timezone(timedelta(hours=3), "EAT")
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a text for translation that is translated where it is used. PySide's own is typed as giving an object."""
    del context
    return text


def running(seconds: float) -> str:
    """``41`` -> ``0:41``, ``130`` -> ``2:10``, ``3700`` -> ``1:01:40``; never below zero."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def waited(seconds: float) -> str:
    """``18 min``, ``2 h 05 min``, ``3 days``: how long somebody waits already."""
    whole = max(0, int(seconds))
    if whole < _HOUR:
        return QCoreApplication.translate("texts", "{n} min").format(n=whole // _MINUTE)
    if whole < _DAY:
        hours, rest = divmod(whole, _HOUR)
        return QCoreApplication.translate("texts", "{h} h {m} min").format(h=hours, m=f"{rest // _MINUTE:02}")
    days = whole // _DAY
    if days == 1:
        return QCoreApplication.translate("texts", "1 day")
    return QCoreApplication.translate("texts", "{n} days").format(n=days)


def clock_time(at: datetime) -> str:
    """``14:31:19``."""
    return at.astimezone(EAT).strftime("%H:%M:%S")


def short_time(at: datetime) -> str:
    """``14:31``."""
    return at.astimezone(EAT).strftime("%H:%M")


def day(at: datetime, now: datetime) -> str:
    """``today``, ``22 Nov``, ``22 Nov 2025``."""
    local, here = at.astimezone(EAT), now.astimezone(EAT)
    if local.date() == here.date():
        return QCoreApplication.translate("texts", "today")
    text = f"{local.day} {_month(local.month)}"
    return text if local.year == here.year else f"{text} {local.year}"


def moment(at: datetime, now: datetime) -> str:
    """``today 14:31``, ``2 Nov 09:05``."""
    return f"{day(at, now)} {short_time(at)}"


def _month(number: int) -> str:
    names = (
        QCoreApplication.translate("texts", "Jan"),
        QCoreApplication.translate("texts", "Feb"),
        QCoreApplication.translate("texts", "Mar"),
        QCoreApplication.translate("texts", "Apr"),
        QCoreApplication.translate("texts", "May"),
        QCoreApplication.translate("texts", "Jun"),
        QCoreApplication.translate("texts", "Jul"),
        QCoreApplication.translate("texts", "Aug"),
        QCoreApplication.translate("texts", "Sep"),
        QCoreApplication.translate("texts", "Oct"),
        QCoreApplication.translate("texts", "Nov"),
        QCoreApplication.translate("texts", "Dec"),
    )
    return names[number - 1]


def brief(amount: Money) -> str:
    """``6,000`` where there are no cents, ``2,075.50`` where there are."""
    return amount.grouped if amount.fraction else f"{amount.whole_units:,}"


def less(amount: Money) -> str:
    """``\u22122,500.00``: with a true minus."""
    return f"\u2212{amount.grouped}" if amount else amount.grouped


def spoken_name(name: str) -> str:
    """``Wanjiku, Grace N.`` -> ``Grace N. Wanjiku``; a name without a comma stays as the HMIS has it."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name


def masked_phone(text: str) -> str:
    """``0712 \u2022\u2022\u2022 418``; what is no Kenyan mobile number is not shown at all."""
    try:
        return phones.masked(phones.normalise(text))
    except CashierMistake:
        return ""


def short_reference(text: str) -> str:
    """``ws_CO_191220191020363925`` -> ``ws_CO_\u20263925``."""
    keep, tail = 6, 4
    return text if len(text) <= keep + tail + 1 else f"{text[:keep]}\u2026{text[-tail:]}"
