"""Between our words and Daraja's: amounts, times, codes, and the bodies of the requests we send."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from hmis_pos.cashier.ports import Order
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import EXPONENT, KES, MAX_MINOR, Money
from hmis_pos.gateways.mpesa.config import MpesaConfig

#: East Africa Time; Kenya has no daylight saving.
EAT = timezone(timedelta(hours=3), "EAT")

DESCRIPTION_LENGTH = 13
REFERENCE_LENGTH = 12
#: CheckoutRequestIDs are 30 to 40 characters, receipts 10; these are the widths of our columns.
MAX_ID = 100
MAX_RECEIPT = 40
MAX_CODE = 40
MAX_TEXT = 300
#: A list in one text, such as the accounts of a balance; never stored whole.
MAX_LIST = 4000

_REFERENCE = re.compile(rf"[A-Za-z0-9]{{1,{REFERENCE_LENGTH}}}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ]")
_COMPACT = re.compile(r"\d{14}")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})[ T]+(\d{1,2}:\d{2}(?::\d{2})?)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
#: Within what Decimal computes exactly.
_MAX_DIGITS = 18


class NotRepresentable(CashierMistake):
    """M-Pesa moves whole shillings; the screen offers to round, or to leave the cents due."""

    code = "amount-fraction"


# ---------------------------------------------------------------- amounts


def to_wire(amount: Money) -> int:
    """Whole shillings. Never truncates.

    Raises:
        NotRepresentable: there are cents in it.
        CashierMistake: it is not in shillings.
    """
    if amount.currency != KES:
        raise CashierMistake(
            f"M-Pesa takes Kenyan shillings, not {amount.currency}",
            code="currency",
            field="amount",
            cure="Choose another way to pay.",
        )
    if amount.fraction:
        raise NotRepresentable(
            f"M-Pesa takes whole shillings, {amount.grouped} has cents",
            field="amount",
            cure=f"Ask for {Money.whole(amount.whole_units).grouped} and take the cents another way.",
        )
    return amount.whole_units


def from_wire(value: object) -> Money:
    """Read an amount: 1500, 1500.0, 1500.00, "1500", "1500.00", spaces around it.

    Raises:
        ValueError: it is no positive amount of at most two decimals.
    """
    minor = _minor(value)
    if not 0 < minor <= MAX_MINOR:
        raise ValueError(f"amount {_shown(value)} is not above zero, or is beyond reason")
    return Money(minor, KES)


def signed_from_wire(value: object, currency: str) -> Money:
    """Read a balance, which may be negative, zero, or larger than any payment; thousands commas are taken off.

    Raises:
        ValueError: it is no amount of at most two decimals.
    """
    return Money(_minor(value.replace(",", "") if isinstance(value, str) else value), currency)


def _minor(value: object) -> int:
    number = _number(value)
    if number is None:
        raise ValueError(f"amount {_shown(value)} is not a number")
    minor = number.scaleb(EXPONENT)
    if minor != minor.to_integral_value():
        raise ValueError(f"amount {_shown(value)} has more than two decimals")
    return int(minor)


def _number(value: object) -> Decimal | None:
    """A finite number of bounded length, or None. Bounded, since 1E999999 would fill the memory as an integer."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or len(number.as_tuple().digits) > _MAX_DIGITS:
        return None
    if number and abs(number.adjusted()) > _MAX_DIGITS:
        return None
    return number


# ---------------------------------------------------------------- codes, ids, text


def code(value: object) -> str:
    """A result or error code as text: 0, "0", 0.0 and " 0 " are ``"0"``; ``sfc_ic0003`` is ``SFC_IC0003``.

    Raises:
        ValueError: there is none.
    """
    if isinstance(value, str):
        text = clean(value, MAX_CODE).upper()
    else:
        number = _number(value)
        if number is None or number != number.to_integral_value():
            raise ValueError(f"result code {_shown(value)} is neither text nor a whole number")
        text = str(int(number))
    if not text:
        raise ValueError("the result code is empty")
    return text


def text_of(value: object, limit: int = MAX_TEXT) -> str:
    """Any scalar as clean text; a missing one, a list or an object as ``""``."""
    if isinstance(value, str):
        return clean(value, limit)
    number = _number(value)
    if number is None:
        return ""
    return str(int(number)) if number == number.to_integral_value() else format(number, "f")


def identifier(value: object, name: str, limit: int = MAX_ID) -> str:
    """An opaque id: trimmed, inner spaces kept; empty where it is missing.

    Raises:
        ValueError: it is longer than any id of Safaricom, so it is not one.
    """
    text = text_of(value, limit + 1)
    if len(text) > limit:
        raise ValueError(f"{name} is longer than {limit} characters")
    return text


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Text fit for a database and a screen: no control characters, no half surrogates, no outer spaces, bounded."""
    return _UNPRINTABLE.sub(" ", text[: limit * 2]).strip()[:limit]


def _shown(value: object) -> str:
    return clean(repr(value), 40)


# ---------------------------------------------------------------- times


def timestamp(at: datetime) -> str:
    """``YYYYMMDDHHmmss`` in EAT, as Daraja wants it.

    Raises:
        ValueError: ``at`` has no zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(EAT).strftime("%Y%m%d%H%M%S")


def read_time(value: object) -> datetime | None:
    """A TransactionDate or TransTime; EAT where it has no zone. None where it cannot be read.

    14 digits as number or text, ISO ("2026-01-31 10:15:30"), or day first ("31.01.2026 10:15:30"). The time only informs,
    so a strange one is no reason to lose a message about money.
    """
    text = text_of(value)
    try:
        if _COMPACT.fullmatch(text):
            read = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=EAT)
        elif match := _DAY_FIRST.fullmatch(text):
            day, month, year, clock = match.groups()
            read = datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2} {clock:0>5}")
        else:
            read = datetime.fromisoformat(text)
        return (read if read.tzinfo is not None else read.replace(tzinfo=EAT)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# ---------------------------------------------------------------- requests


def password(shortcode: str, passkey: str, stamp: str) -> str:
    """Base64 of shortcode, passkey and timestamp, joined without separators."""
    return base64.b64encode(f"{shortcode}{passkey}{stamp}".encode()).decode()


def push_body(config: MpesaConfig, order: Order, now: datetime) -> Mapping[str, object]:
    """The body of an STK push.

    Raises:
        CashierMistake: the amount has cents, the phone is none, or the account reference is not what Daraja takes.
    """
    if not _REFERENCE.fullmatch(order.account_reference):
        raise CashierMistake(
            f"account reference {order.account_reference!r} is not 1 to {REFERENCE_LENGTH} letters and digits",
            code="account-reference",
            field="account_reference",
            cure="Shorten it; Daraja would refuse it or fail the prompt.",
        )
    phone = phones.normalise(order.phone)
    stamp = timestamp(now)
    return {
        "BusinessShortCode": config.shortcode,
        "Password": password(config.shortcode, config.passkey, stamp),
        "Timestamp": stamp,
        "TransactionType": config.transaction_type.value,
        "Amount": to_wire(order.amount),
        "PartyA": phone,
        "PartyB": config.receiver,
        "PhoneNumber": phone,
        "CallBackURL": order.callback_url,
        "AccountReference": order.account_reference,
        "TransactionDesc": _NOT_PLAIN.sub(" ", order.description)[:DESCRIPTION_LENGTH].strip() or "Payment",
    }


def query_body(config: MpesaConfig, reference: str, now: datetime) -> Mapping[str, object]:
    """The body of an STK query, with a password of its own time."""
    stamp = timestamp(now)
    return {
        "BusinessShortCode": config.shortcode,
        "Password": password(config.shortcode, config.passkey, stamp),
        "Timestamp": stamp,
        "CheckoutRequestID": reference,
    }
