"""Double entry, one row a transfer: a debit account, a credit account, one positive amount.

A row cannot be unbalanced, so promise P4 (debits equal credits in every committed state) holds by shape.
"""

from __future__ import annotations

from dataclasses import dataclass

from hmis_pos.domain.money import Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """Value moves from ``credit`` to ``debit``: cash drawer debit, invoice credit."""

    debit: str
    credit: str
    amount: Money

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise ValueError("a transfer moves a positive amount")
        if self.debit == self.credit:
            raise ValueError("a transfer needs two accounts")


def method_account(method: str) -> str:
    """Where money of a method arrives: the drawer, the M-Pesa paybill, a card acquirer."""
    return f"received:{method}"


def invoice_account(invoice_id: int) -> str:
    """What the hospital is owed on an invoice."""
    return f"invoice:{invoice_id}"


def deposit_account(patient_id: int) -> str:
    """What the hospital holds for a patient."""
    return f"deposit:{patient_id}"


#: Money that arrived and belongs to nobody known yet.
UNMATCHED = "unmatched"


def paid_back_account(method: str) -> str:
    """Where money of a method leaves to when it is given back."""
    return f"paid-back:{method}"
