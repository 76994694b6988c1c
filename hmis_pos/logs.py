"""Structured logs, one JSON object a line, with everything redacted that could name a patient or open a door.

Redaction works twice: by key (a field called ``phone`` never shows its value) and by pattern (a phone number inside any
text is masked, wherever it came from). Relay and terminal share it; it knows nothing of either.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog

REDACTED = "[redacted]"

#: Fields whose value is never written, whatever it is. Compared in lower case with ``-`` as ``_``.
SECRET_KEYS = frozenset(
    {
        "access_token",
        "account_reference",
        "api_key",
        "authorization",
        "body",
        "callback_token",
        "consumer_key",
        "consumer_secret",
        "cookie",
        "database_url",
        "display_name",
        "first_name",
        "id_token",
        "jwt",
        "last_name",
        "middle_name",
        "msisdn",
        "name_of_patient",
        "pan",
        "party_a",
        "passkey",
        "password",
        "password_hash",
        "patient",
        "patient_name",
        "patient_phone",
        "payer",
        "phone",
        "phone_number",
        "phonenumber",
        "refresh_token",
        "secret",
        "set_cookie",
        "token",
    }
)

_JWT = re.compile(r"eyJ[\w-]{5,}(?:\.[\w-]+){0,2}")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
_KEY = re.compile(r"\b(?:sk|rk|pk|whsec)_(?:live|test)?_?\w{8,}")
_HEX = re.compile(r"\b[0-9a-fA-F]{32,}\b")
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):([^@\s/]+)(?=@)")
#: Kenyan mobiles in every form people type: 2547…, +254 1…, 07…, also grouped by blanks or dashes.
_MSISDN = re.compile(r"(?<![\w.-])\+?(?:254|0)[\s-]?[17]\d{2}[\s-]?\d{3}[\s-]?\d{3}(?![\w])")
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w])")
#: What SQLAlchemy and PostgreSQL add to their errors: the values of a row.
_ROW_VALUES = re.compile(r"\[parameters: .*?\](?=\s|$)|(?<=DETAIL:)[^\n]*", re.DOTALL)
_PATIENT_IN_JSON = re.compile(
    r'(?i)("(?:patient_?name|first_?name|middle_?name|last_?name|display_?name|msisdn|phone_?number|phone|password|'
    r'refresh_token|access_token|passkey)"\s*:\s*)("(?:[^"\\]|\\.)*"|[\d.]+)'
)


def _is_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the digit sum of the doubled digit
    return total % 10 == 0


def _card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return "[card]" if _is_luhn(digits) else match[0]


def redact_text(text: str) -> str:
    """The text without phone numbers, card numbers, tokens, keys and passwords."""
    text = _ROW_VALUES.sub(" [values]", text)
    text = _PATIENT_IN_JSON.sub(rf'\1"{REDACTED}"', text)
    text = _BEARER.sub(r"\1 [token]", text)
    text = _JWT.sub("[token]", text)
    text = _KEY.sub("[key]", text)
    text = _HEX.sub("[hex]", text)
    text = _URL_PASSWORD.sub(r"\1:[password]", text)
    text = _MSISDN.sub("[phone]", text)
    return _CARD.sub(_card, text)


def redact(value: Any, key: str = "") -> Any:
    """Redact a value of a log line, into mappings and lists; ``key`` is the field it stands in."""
    if key.lower().replace("-", "_") in SECRET_KEYS and value not in (None, "", REDACTED):
        return REDACTED
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        shown = redact_text(str(value))
        return value if shown == str(value) else shown
    if isinstance(value, Mapping):
        return {redact_text(str(k)): redact(v, str(k)) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact(item) for item in value]
    return redact_text(str(value))


def redaction(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor; stands last before rendering, so that rendered exceptions pass through it too."""
    for key in list(event):
        event[key] = redact(event[key], key)
    return event


_SHARED: tuple[Callable[..., Any], ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure(level: str = "info", *, stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logging to ``stream`` (standard error) as JSON lines.

    Args:
        level: ``debug``, ``info``, ``warning`` or ``error``.
        stream: where the lines go.
    """
    out = stream if stream is not None else sys.stderr
    number = logging.getLevelName(level.upper())
    ending: list[Any] = [
        structlog.processors.format_exc_info,
        redaction,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=[*_SHARED, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    # These would write URLs with callback tokens, or one line a statement.
    for noisy in ("httpx", "httpcore", "uvicorn.access", "sqlalchemy.engine", "alembic"):
        logging.getLogger(noisy).setLevel(max(number, logging.WARNING))
    for own in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(own).handlers.clear()
        logging.getLogger(own).propagate = True


def logger(name: str) -> Any:
    """A logger whose lines carry ``part: name`` and what :func:`bound` adds."""
    # Initial values, not bind(): the logger stays lazy and follows a later configure().
    return structlog.get_logger(part=name)


#: ``with bound(payment_uid=uid):`` every line inside carries the uid, through all layers of this task.
bound = structlog.contextvars.bound_contextvars
