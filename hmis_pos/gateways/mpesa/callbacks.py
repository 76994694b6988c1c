"""What Safaricom posts to us about a push, read with tolerance.

Tolerant of form (numbers or text, order, missing values, extra names, spaces), strict about money: a message that names an
amount we cannot read is refused whole, so that a person looks at it, while the query finds out about the payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.gateways import exact_json
from hmis_pos.gateways.mpesa import wire


@dataclass(frozen=True, slots=True, kw_only=True)
class StkResult:
    """The result of a push. Everything after ``text`` comes only with a success, and any of it may be missing."""

    checkout_request: str
    code: str
    text: str
    receipt_no: str = ""
    amount: Money | None = None
    paid_at: datetime | None = None
    payer: str = ""  #: may be masked; never match on it


def read_stk(body: bytes) -> StkResult:
    """Read the body of an STK callback.

    Raises:
        ValueError: it is not one; the message says why.
    """
    envelope = exact_json.read_object(body)
    callback = _object(_object(envelope, "Body"), "stkCallback")
    code = _required_code(callback)
    items = _items(callback.get("CallbackMetadata"))
    amount = items.get("amount")
    return StkResult(
        checkout_request=wire.identifier(callback.get("CheckoutRequestID"), "CheckoutRequestID"),
        code=code,
        text=wire.text_of(callback.get("ResultDesc")),
        receipt_no=_receipt(items.get("mpesareceiptnumber"), "MpesaReceiptNumber"),
        amount=None if amount is None else wire.from_wire(amount),
        paid_at=wire.read_time(items.get("transactiondate")),
        payer=wire.text_of(items.get("phonenumber")),
    )


def _object(outer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = outer.get(name)
    if not isinstance(inner, dict):
        raise ValueError(f"it is no STK callback: {name} is missing")  # noqa: TRY004 - junk, not a caller's bug
    return inner


def _required_code(callback: Mapping[str, Any]) -> str:
    if callback.get("ResultCode") is None:
        raise ValueError("it is no STK result: ResultCode is missing")
    return wire.code(callback["ResultCode"])


def _items(metadata: object) -> dict[str, Any]:
    """CallbackMetadata.Item as a map: any order, names without regard to case and spaces, missing values left out."""
    listed = metadata.get("Item") if isinstance(metadata, dict) else None
    found: dict[str, Any] = {}
    for item in listed if isinstance(listed, list) else ():
        if not isinstance(item, dict) or item.get("Value") is None:
            continue
        name = wire.text_of(item.get("Name")).replace(" ", "").casefold()
        if found.setdefault(name, item["Value"]) != item["Value"]:
            raise ValueError(f"CallbackMetadata gives two different values for {name}")
    return found


def _receipt(value: object, name: str) -> str:
    return normal_receipt(wire.identifier(value, name, wire.MAX_RECEIPT))
