"""One payment a customer makes from the phone's own menu, paid or refused."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from hmis_pos.simulators.daraja.ledger import Movement

REJECTIONS = {
    "C2B00011": "Invalid MSISDN.",
    "C2B00012": "Invalid account number.",
    "C2B00013": "Invalid amount.",
    "C2B00014": "Invalid KYC details.",
    "C2B00015": "Invalid shortcode.",
    "C2B00016": "The business did not accept the payment.",
}


@dataclass(slots=True)
class Payment:
    """A payment to the paybill or a till.

    Attributes:
        receipt: its number; good for nothing unless `movement` is set.
        msisdn: the payer's; empty for a business.
        refused: what the phone said when it was not made; None when it was.
        reject_code: the C2B000xx of the validation that refused it.
        validation: what the validation URL said: not asked, accepted, rejected, silent or unreadable.
        held: a confirmation waits for its release.
        due: when a confirmation that waits goes out.
        done: every confirmation has been sent.
    """

    receipt: str
    msisdn: str
    payer: str
    amount: Decimal
    account: str
    shortcode: str
    buy_goods: bool
    reason: str
    at: datetime
    behaviour: PaymentBehaviour
    movement: Movement | None = None
    refused: str | None = None
    reject_code: str | None = None
    validation: str = "not asked"
    third_party_id: str = ""
    held: bool = False
    due: datetime | None = None
    done: bool = False

    @property
    def paid(self) -> bool:
        return self.movement is not None

    @property
    def quiet(self) -> bool:
        """Whether nothing more happens to it unless somebody acts."""
        return self.done or self.held

    def as_movement(self) -> Movement:
        """Return the movement it would be, for the validation and for a declined row."""
        return Movement(
            receipt=self.receipt,
            msisdn=self.msisdn,
            amount=self.amount,
            account=self.account,
            shortcode=self.shortcode,
            at=self.at,
            kind="c2b",
            cause=self.receipt,
            payer=self.payer,
            reason=self.reason,
            status="Declined",
            initiated_at=self.at,
        )


def payment_view(payment: Payment) -> dict[str, Any]:
    return {
        "receipt": payment.receipt,
        "msisdn": payment.msisdn,
        "payer": payment.payer,
        "amount": f"{payment.amount:.2f}",
        "account": payment.account,
        "shortcode": payment.shortcode,
        "at": payment.at.isoformat(),
        "paid": payment.paid,
        "refused": payment.refused,
        "reject_code": payment.reject_code,
        "validation": payment.validation,
        "done": payment.done,
    }
