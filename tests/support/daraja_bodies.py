"""What Safaricom posts and answers, as the reference prints it; a keyword changes a field, ``...`` takes it away."""

from __future__ import annotations

import json
from typing import Any


def c2b(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "TransactionType": "Pay Bill",
        "TransID": "TAB1CD2EFG",
        "TransTime": "20260131101530",
        "TransAmount": "5.00",
        "BusinessShortCode": "600966",
        "BillRefNumber": "INV-001",
        "InvoiceNumber": "",
        "OrgAccountBalance": "25.00",
        "ThirdPartyTransID": "",
        "MSISDN": "2547 ***** 126",
        "FirstName": "JANE",
        "MiddleName": "",
        "LastName": "",
    }
    fields.update(changes)
    return json.dumps({k: v for k, v in fields.items() if v is not ...}).encode()


def result(parameters: Any = ..., **changes: Any) -> bytes:
    """A Result callback. ``parameters``: a map, or whatever stands for ResultParameters; ``...`` leaves it away."""
    fields: dict[str, Any] = {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "refund-1",
        "ConversationID": "AG_20260131_1",
        "TransactionID": "SG632NMUAB",
        "ResultParameters": parameters,
        "ReferenceData": {"ReferenceItem": {"Key": "QueueTimeoutURL", "Value": "https://internal.example"}},
    }
    fields.update(changes)
    return json.dumps({"Result": {k: v for k, v in fields.items() if v is not ...}}).encode()


def listed(**values: Any) -> dict[str, Any]:
    """ResultParameters with these keys; ``...`` as value writes a key alone."""
    entries = ({"Key": key} if value is ... else {"Key": key, "Value": value} for key, value in values.items())
    return {"ResultParameter": list(entries)}


def paid_out(**changes: Any) -> dict[str, Any]:
    """The parameters of a payout that worked."""
    return listed(
        **{
            "TransactionAmount": 10,
            "TransactionReceipt": "SG632NMUAB",
            "ReceiverPartyPublicName": "2547XXXXXXXX - NAME",
            "TransactionCompletedDateTime": "06.07.2024 22:48:52",
            "B2CUtilityAccountAvailableFunds": 8959269.60,
            "B2CWorkingAccountAvailableFunds": 1199371.00,
            "B2CRecipientIsRegisteredCustomer": "Y",
            "B2CChargesPaidAccountAvailableFunds": -1980.00,
        }
        | changes
    )


def told(**changes: Any) -> dict[str, Any]:
    """The parameters of a status answer about money that came to 174379."""
    return listed(
        **{
            "DebitPartyName": "254712345678 - JANE WANJIKU",
            "CreditPartyName": "174379 - Mwangaza County Hospital",
            "OriginatorConversationID": ...,
            "InitiatedTime": 20260131101500,
            "DebitAccountType": "MMF Account For Customer",
            "DebitPartyCharges": ...,
            "TransactionReason": ...,
            "ReasonType": "Pay Utility",
            "TransactionStatus": "Completed",
            "FinalisedTime": 20260131101530,
            "Amount": 1500.00,
            "ConversationID": ...,
            "ReceiptNo": "TAB1CD2EFG",
        }
        | changes
    )


BALANCE = (
    "Working Account|KES|46713.00|46713.00|0.00|0.00&Utility Account|KES|1,200.50|1100.50|100.00|0.00"
    "&Charges Paid Account|KES|-1980.00|-1980.00|0.00|0.00"
)
