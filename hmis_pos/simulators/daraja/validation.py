"""What Safaricom refuses at once: the fields of a push and of a status query."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from hmis_pos.simulators import exact_json
from hmis_pos.simulators.asgi import Request
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.errors import Refused, invalid
from hmis_pos.simulators.daraja.ledger import EAT

MSISDN = re.compile(r"254[71][0-9]{8}")
SHORTCODE = re.compile(r"[0-9]{5,7}")
_REFERENCE = re.compile(r"[A-Za-z0-9]+")
_TIMESTAMP = re.compile(r"[0-9]{14}")
REFERENCE_LENGTH = 12
DESCRIPTION_LENGTH = 13
REFUSED_WORDS = ("mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
TRANSACTION_TYPES = ("CustomerPayBillOnline", "CustomerBuyGoodsOnline")


@dataclass(frozen=True, slots=True)
class StkOrder:
    """A push request that passed; the amount is whole KES."""

    shortcode: str
    transaction_type: str
    amount: int
    party_a: str
    party_b: str
    phone: str
    callback_url: str
    reference: str
    description: str


def read_body(request: Request, first_field: str) -> Mapping[str, Any]:
    """Return the JSON object of a request.

    Raises:
        Refused: a body that is not JSON, or not said to be. The latter is blamed on a field, as Safaricom does.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise invalid(first_field)
    try:
        body = exact_json.read(request.body)
    except ValueError as error:
        raise Refused(400, "400.002.05", "Invalid Request Payload") from error
    if not isinstance(body, dict):
        raise Refused(400, "400.002.05", "Invalid Request Payload")
    return body


def read_stk(body: Mapping[str, Any], config: DarajaConfig, now: datetime) -> StkOrder:
    """Check a push request field by field.

    Raises:
        Refused: 400.002.02 naming the first bad field; 500.001.1001 for a merchant or password that is wrong.
    """
    shortcode = matching(body, "BusinessShortCode", SHORTCODE)
    timestamp = _timestamp(body, config, now)
    kind = text(body, "TransactionType")
    if kind not in TRANSACTION_TYPES:
        raise invalid("TransactionType")
    order = StkOrder(
        shortcode=shortcode,
        transaction_type=kind,
        amount=_amount(body, config),
        party_a=matching(body, "PartyA", MSISDN),
        party_b=matching(body, "PartyB", SHORTCODE),
        phone=matching(body, "PhoneNumber", MSISDN),
        callback_url=callback_url(body, config),
        reference=_reference(body, config),
        description=_description(body),
    )
    check_password(body, shortcode, timestamp, config)
    return order


def read_query(body: Mapping[str, Any], config: DarajaConfig, now: datetime) -> str:
    """Check a status query and return its CheckoutRequestID.

    Raises:
        Refused: as for a push.
    """
    shortcode = matching(body, "BusinessShortCode", SHORTCODE)
    timestamp = _timestamp(body, config, now)
    checkout = text(body, "CheckoutRequestID")
    check_password(body, shortcode, timestamp, config)
    return checkout


def check_password(body: Mapping[str, Any], shortcode: str, timestamp: str, config: DarajaConfig) -> None:
    if shortcode != config.shortcode:
        raise Refused(500, "500.001.1001", "Merchant does not exist")
    plain = f"{config.shortcode}{config.passkey}{timestamp}"
    if body.get("Password") != base64.b64encode(plain.encode()).decode():
        raise Refused(500, "500.001.1001", "Wrong credentials")


def text(body: Mapping[str, Any], field: str) -> str:
    """Return a field that must not be empty.

    Raises:
        Refused: it is missing, empty, or neither text nor a whole number.
    """
    value = body.get(field)
    # Numbers and digit strings are both taken; a bool is an int in Python only.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise invalid(field)
    return value


def matching(body: Mapping[str, Any], field: str, pattern: re.Pattern[str]) -> str:
    """Return a field that must fit a pattern.

    Raises:
        Refused: it does not.
    """
    value = text(body, field)
    if not pattern.fullmatch(value):
        raise invalid(field)
    return value


def _timestamp(body: Mapping[str, Any], config: DarajaConfig, now: datetime) -> str:
    value = matching(body, "Timestamp", _TIMESTAMP)
    try:
        at = datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=EAT)
    except ValueError as error:
        raise invalid("Timestamp") from error
    limit = config.timestamp_max_age
    if limit is not None and abs(at - now) > timedelta(seconds=limit):
        raise invalid("Timestamp")
    return value


def _amount(body: Mapping[str, Any], config: DarajaConfig) -> int:
    value = text(body, "Amount")
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise invalid("Amount")
    amount = int(value)
    if not config.min_amount <= amount <= config.max_amount:
        raise invalid("Amount")
    return amount


def callback_url(body: Mapping[str, Any], config: DarajaConfig, field: str = "CallBackURL") -> str:
    """Return the URL in a field.

    Raises:
        Refused: it is not one, or holds a word that Safaricom refuses.
    """
    value = text(body, field)
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError as error:
        raise invalid(field) from error
    schemes = ("https",) if config.callback_https else ("https", "http")
    if parts.scheme not in schemes or not host:
        raise invalid(field)
    if any(word in value.lower() for word in REFUSED_WORDS):
        raise invalid(field)
    return value


def _reference(body: Mapping[str, Any], config: DarajaConfig) -> str:
    value = matching(body, "AccountReference", _REFERENCE)
    if len(value) > REFERENCE_LENGTH and config.long_reference == "refuse":
        raise invalid("AccountReference")
    return value


def _description(body: Mapping[str, Any]) -> str:
    # The only optional field.
    value = body.get("TransactionDesc", "")
    if not isinstance(value, str) or len(value) > DESCRIPTION_LENGTH:
        raise invalid("TransactionDesc")
    return value
