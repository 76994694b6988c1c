"""Money that a customer sends to the shortcode: the bodies Safaricom posts before and after it moved, and our answer.

Both bodies are flat, all text, and equal but for the balance. Whatever names the payer is opaque: masked, hashed, full or
empty, as the version of the registration and the payer's kind (a business has no phone) will have it.
"""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum

from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.gateways import exact_json
from hmis_pos.gateways.mpesa import wire

PROVIDER = "mpesa"
#: The only parts of the body that are names of the payer; a business has only the first.
_NAMES = ("FirstName", "MiddleName", "LastName")


class Reject(StrEnum):
    """Why a payment is refused before it moves (Daraja section 4)."""

    PHONE = "C2B00011"
    ACCOUNT = "C2B00012"
    AMOUNT = "C2B00013"
    KYC = "C2B00014"
    SHORTCODE = "C2B00015"
    OTHER = "C2B00016"


def read_money(body: bytes, heard_at: datetime) -> ProviderMoney:
    """Read a confirmation or a validation.

    Strict about money: a body whose receipt or amount cannot be read is refused whole, so that a person looks at it.

    Raises:
        ValueError: it is none; the message says why.
    """
    fields = exact_json.read_object(body)
    receipt = normal_receipt(wire.identifier(fields.get("TransID"), "TransID", wire.MAX_RECEIPT))
    if not receipt:
        raise ValueError("it is no C2B message: TransID is missing")
    if fields.get("TransAmount") is None:
        raise ValueError(f"C2B message {receipt} names no TransAmount")
    names = (wire.text_of(fields.get(name)) for name in _NAMES)
    return ProviderMoney(
        provider=PROVIDER,
        source=Source.C2B,
        receipt_no=receipt,
        amount=wire.from_wire(fields["TransAmount"]),
        observed_at=heard_at,
        account=wire.text_of(fields.get("BillRefNumber")),
        payer_name=" ".join(name for name in names if name),
        payer_phone=wire.text_of(fields.get("MSISDN")),
        shortcode=wire.text_of(fields.get("BusinessShortCode")),
        kind=wire.text_of(fields.get("TransactionType")),
        paid_at=wire.read_time(fields.get("TransTime")),
    )


def validation_answer(reject: Reject | None = None, third_party_id: str = "") -> bytes:
    """The body that answers a validation, with HTTP 200, within eight seconds.

    Args:
        reject: None lets the payment go on.
        third_party_id: a name of ours that the confirmation repeats as ThirdPartyTransID; empty for none.
    """
    if reject is not None:
        return json.dumps({"ResultCode": reject.value, "ResultDesc": "Rejected"}).encode()
    answer = {"ResultCode": "0", "ResultDesc": "Accepted"}
    if third_party_id:
        answer["ThirdPartyTransID"] = third_party_id
    return json.dumps(answer).encode()
