"""The body of the STK callback, with its oddities. C2B bodies are in `confirmations.py`."""

import random
from decimal import Decimal
from typing import Any

from hmis_pos.simulators import exact_json
from hmis_pos.simulators.daraja.behaviour import CallbackShape, Delivery
from hmis_pos.simulators.daraja.confirmations import masked
from hmis_pos.simulators.daraja.ledger import EAT, Movement, compact_eat
from hmis_pos.simulators.daraja.push import Push
from hmis_pos.simulators.daraja.results import SUCCESS, Result

GARBAGE = '{"Body":{"stkCallback":{"MerchantRequestID":"'
_CENT = Decimal("0.01")


def stk_body(
    push: Push,
    result: Result,
    movement: Movement | None,
    balance: Decimal,
    delivery: Delivery,
    rng: random.Random,
) -> str:
    """Return the text of an STK callback that reports `result`.

    Args:
        push: what it is about.
        result: what it says; a success needs `movement`.
        movement: the money it reports, or None.
        balance: KES left on the phone, for the shape that tells it.
        delivery: may replace the amount.
        rng: decides the order of shuffled items.
    """
    shape = push.behaviour.shape
    callback: dict[str, Any] = {
        "MerchantRequestID": push.merchant_id,
        "CheckoutRequestID": push.checkout_id,
        "ResultCode": _code(result.code, shape),
        "ResultDesc": result.description,
    }
    if result.code == SUCCESS and movement is not None:
        items = _items(push, movement, balance, delivery, shape)
        if shape.shuffle:
            _shuffle(items, rng)
        callback["CallbackMetadata"] = {"Item": items}
    elif shape.failure_metadata == "null":
        callback["CallbackMetadata"] = None
    elif shape.failure_metadata == "empty":
        callback["CallbackMetadata"] = {"Item": []}
    return exact_json.write({"Body": {"stkCallback": callback}})


def _code(code: str, shape: CallbackShape) -> int | str:
    return int(code) if shape.codes == "int" and code.isdecimal() else code


def _items(
    push: Push, movement: Movement, balance: Decimal, delivery: Delivery, shape: CallbackShape
) -> list[dict[str, Any]]:
    reported = delivery.amount or shape.report_amount
    amount = movement.amount if reported is None else Decimal(reported)
    receipt = {
        "plain": movement.receipt,
        "lower": movement.receipt.lower(),
        "padded": f" {movement.receipt} ",
    }[shape.receipt]
    items: list[dict[str, Any]] = [
        {"Name": "Amount", "Value": _amount(amount, shape)},
        {"Name": "MpesaReceiptNumber", "Value": receipt},
    ]
    if shape.balance == "no_value":
        items.append({"Name": "Balance"})
    elif shape.balance != "absent":
        items.append({"Name": "Balance", "Value": balance if shape.balance == "value" else None})
    items.append({"Name": "TransactionDate", "Value": _date(movement, shape)})
    if shape.phone != "absent":
        items.append({"Name": "PhoneNumber", "Value": _phone(push.order.phone, shape)})
    if shape.unknown_items:
        items.append({"Name": "ChannelSessionID", "Value": "7f3a"})
        items.append({"Name": "Extras", "Value": {"tier": 1, "tags": ["x"]}})
        items.append({"Name": "Reserved", "Value": None})
    return items


def _amount(amount: Decimal, shape: CallbackShape) -> Decimal | int | str:
    if shape.amount == "one_decimal":
        return amount.quantize(Decimal("0.1"))
    if shape.amount == "integer":
        return int(amount)
    if shape.amount == "string":
        return str(int(amount))
    cents = amount.quantize(_CENT)
    return str(cents) if shape.amount == "string_decimal" else cents


def _date(movement: Movement, shape: CallbackShape) -> int | str:
    if shape.date == "formatted":
        return movement.at.astimezone(EAT).strftime("%Y-%m-%d %H:%M:%S")
    compact = compact_eat(movement.at)
    return int(compact) if shape.date == "int" else compact


def _phone(phone: str, shape: CallbackShape) -> int | str:
    if shape.phone == "masked":
        return masked(phone)
    return int(phone) if shape.phone == "int" else phone


def _shuffle(items: list[dict[str, Any]], rng: random.Random) -> None:
    before = list(items)
    rng.shuffle(items)
    if items == before:
        items.reverse()
