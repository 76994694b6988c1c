"""The body of a C2B validation or confirmation, with the oddities the reference tells, one switch each."""

import hashlib
import random
from decimal import Decimal
from typing import Any, Literal

import msgspec

from hmis_pos.simulators import exact_json
from hmis_pos.simulators.daraja.behaviour import Delivery, as_delivery
from hmis_pos.simulators.daraja.ledger import Movement, compact_eat

PAY_BILL, BUY_GOODS = "Pay Bill", "Buy Goods"
BUSINESS_TRANSFER = "Organization To Organization Transfer"
_CENT = Decimal("0.01")

MsisdnStyle = Literal["masked", "full", "hashed", "empty"]


class ConfirmationShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a confirmation is written. None is the usual.

    Attributes:
        msisdn: None is as registered (v2 masked, v1 hashed); or masked, full, hashed, empty.
        names: the first name only, all three, empty texts, null, or no keys at all.
        transaction_type: instead of `Pay Bill` or `Buy Goods`; may be empty.
        invoice_number: usually empty.
        org_balance: told, or empty.
        amount: "5.00", "5.0" or "5".
        receipt: as in the ledger, in lower case, or with spaces around it.
        report_shortcode: another shortcode than the money came to.
    """

    msisdn: MsisdnStyle | None = None
    names: Literal["first", "full", "empty", "null", "missing"] = "first"
    transaction_type: str | None = None
    invoice_number: str = ""
    org_balance: Literal["value", "empty"] = "value"
    amount: Literal["decimal", "one_decimal", "integer"] = "decimal"
    receipt: Literal["plain", "lower", "padded"] = "plain"
    report_shortcode: str | None = None


class PaymentBehaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How Safaricom reports one C2B payment.

    Attributes:
        deliveries: what is sent to the confirmation URL; `truth`, `forged` (a receipt the ledger does not know),
            `garbage` or `raw`, with the delays, repeats and false amounts of `Delivery`. An empty list is lost.
        shape: how the confirmation is written.
    """

    deliveries: tuple[str | Delivery, ...] = ("truth",)
    shape: ConfirmationShape = ConfirmationShape()

    def __post_init__(self) -> None:
        for delivery in self.deliveries:
            if as_delivery(delivery).say not in {"truth", "forged", "garbage", "raw"}:
                raise ValueError("a confirmation says truth, forged, garbage or raw: money that came is no failure")


def random_shape(rng: random.Random) -> ConfirmationShape:
    """Return a shape with a few of the oddities, chosen by `rng`. What is true of the money stays true."""
    return ConfirmationShape(
        msisdn=rng.choice((None, None, "masked", "full", "hashed", "empty")),
        names=rng.choice(("first", "first", "full", "empty", "null", "missing")),
        transaction_type=rng.choice((None, None, None, "", "Paybill", BUSINESS_TRANSFER)),
        invoice_number=rng.choice(("", "", "", "0", f"{rng.randrange(10**6):06d}")),
        org_balance=rng.choice(("value", "value", "empty")),
        amount=rng.choice(("decimal", "decimal", "one_decimal", "integer")),
        receipt=rng.choice(("plain", "plain", "plain", "lower", "padded")),
    )


def masked(phone: str) -> str:
    return f"{phone[:4]} ***** {phone[-3:]}"


def confirmation_body(
    movement: Movement,
    shape: ConfirmationShape,
    *,
    msisdn_style: MsisdnStyle,
    buy_goods: bool,
    delivery: Delivery,
    third_party_id: str = "",
    validation: bool = False,
) -> str:
    """Return the flat body of a confirmation, every value text.

    Args:
        movement: the money it reports; on validation, the money that would move.
        shape: how it is written.
        msisdn_style: for a shape that does not say.
        buy_goods: paid to a till.
        delivery: may replace the amount and the account.
        third_party_id: what the answer to the validation said.
        validation: the question before the money moves, which tells no balance.
    """
    amount = movement.amount if delivery.amount is None else Decimal(delivery.amount)
    usual = BUY_GOODS if buy_goods else PAY_BILL
    if not movement.msisdn:
        usual = BUSINESS_TRANSFER
    account = movement.account if delivery.account is None else delivery.account
    told = not validation and shape.org_balance == "value"
    body: dict[str, Any] = {
        "TransactionType": usual if shape.transaction_type is None else shape.transaction_type,
        "TransID": _receipt(movement.receipt, shape),
        "TransTime": compact_eat(movement.at),
        "TransAmount": _amount(amount, shape),
        "BusinessShortCode": shape.report_shortcode or movement.shortcode,
        # Buy Goods carries no usable account number.
        "BillRefNumber": "" if buy_goods else account,
        "InvoiceNumber": shape.invoice_number,
        "OrgAccountBalance": str(movement.balance.quantize(_CENT)) if told else "",
        "ThirdPartyTransID": third_party_id,
        "MSISDN": _msisdn(movement.msisdn, shape.msisdn or msisdn_style),
    }
    return exact_json.write(body | _names(movement, shape))


def _receipt(receipt: str, shape: ConfirmationShape) -> str:
    return {"plain": receipt, "lower": receipt.lower(), "padded": f" {receipt} "}[shape.receipt]


def _amount(amount: Decimal, shape: ConfirmationShape) -> str:
    cents = amount.quantize(_CENT)
    if shape.amount == "decimal" or cents != cents.to_integral():
        return str(cents)
    return f"{cents:.1f}" if shape.amount == "one_decimal" else f"{cents:.0f}"


def _msisdn(msisdn: str, style: MsisdnStyle) -> str:
    if not msisdn or style == "empty":
        return ""
    if style == "hashed":
        return hashlib.sha256(msisdn.encode()).hexdigest()
    return masked(msisdn) if style == "masked" else msisdn


def _names(movement: Movement, shape: ConfirmationShape) -> dict[str, str | None]:
    keys = ("FirstName", "MiddleName", "LastName")
    # A business has no first name.
    if shape.names == "missing" or not movement.msisdn:
        return {}
    if shape.names == "null":
        return dict.fromkeys(keys)
    if shape.names == "empty":
        return dict.fromkeys(keys, "")
    first, *others = movement.payer.split() or [""]
    if shape.names == "first":
        others = []
    last = others.pop() if others else ""
    return dict(zip(keys, (first, " ".join(others), last), strict=True))
