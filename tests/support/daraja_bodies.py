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
