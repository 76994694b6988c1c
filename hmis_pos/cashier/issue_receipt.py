"""The paper for electronic money: issued once, by the terminal that asked for it, when the relay says the money is proven."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hmis_pos.cashier.ports import Clock, Ids, Till, TillStore
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.domain.receipt import Receipt, Tender


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenPayment:
    """A completed electronic payment. ``invoice`` is the snapshot before it was paid, ``received`` what came."""

    payment_uid: UUID
    method: Method
    received: Money
    provider_receipt: str
    invoice: Invoice
    cashier: str
    counter: str


async def issue_receipt(store: TillStore, clock: Clock, ids: Ids, proven: ProvenPayment) -> tuple[Receipt, bool]:
    """The receipt of this payment, and whether it was issued now (True) or had been before."""

    def commit(till: Till) -> tuple[Receipt, bool]:
        known = till.receipt_of(proven.payment_uid)
        if known is not None:
            return known, False
        receipt = Receipt(
            uid=ids.uuid(),
            series=till.series(),
            number=till.next_number(),
            payment_uid=proven.payment_uid,
            method=proven.method,
            tender=Tender(tendered=proven.received, applied=proven.received),
            issued_at=clock.now(),
            cashier=proven.cashier,
            counter=proven.counter,
            invoice=proven.invoice,
            provider_receipt=proven.provider_receipt,
        )
        till.commit_receipt(receipt)
        return receipt, True

    return await store.write(commit)
