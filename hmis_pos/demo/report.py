"""What the scripted tour did, and what it says meanwhile."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from hmis_pos.domain.receipt import Receipt


@dataclass
class Report:
    """``payments`` as ``tour.json`` tells them; ``drawer``: number of a receipt -> cash kept, minor units."""

    payments: list[dict[str, str]] = field(default_factory=list)
    drawer: dict[tuple[str, int], int] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)

    def took(self, receipt: Receipt) -> None:
        """A receipt was issued; cash went into the drawer."""
        if receipt.method.value == "cash":
            self.drawer[(receipt.series, receipt.number)] = receipt.tender.applied.minor
        self.receipts.append(receipt)
        self.add(receipt.method.value, "completed", receipt.tender.applied.text, receipt.no)

    def add(self, method: str, status: str, amount: str, receipt_no: str) -> None:
        """One payment as it stands now."""
        self.payments.append({"method": method, "status": status, "amount": amount, "receipt_no": receipt_no})

    def now(self, receipt_no: str, status: str) -> None:
        """The payment of this receipt stands otherwise by now."""
        for payment in self.payments:
            if payment["receipt_no"] == receipt_no:
                payment["status"] = status


def say(words: str) -> None:
    """One line for whoever watches."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
