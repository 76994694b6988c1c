"""Take cash at the counter. One path, online or not: commit locally, then print, then sync.

When this returns, receipt and outbox row are on disk together; only then may anything be printed or said.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hmis_pos.cashier.ports import Clock, Ids, Till, TillStore
from hmis_pos.domain.errors import CashierMistake, Conflict
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.payment import Method
from hmis_pos.domain.receipt import Receipt, Tender


@dataclass(frozen=True, slots=True, kw_only=True)
class CashSale:
    """What the cashier did. ``payment_uid`` is made when the panel opens: pressing twice is one sale."""

    payment_uid: UUID
    invoice: Invoice
    tender: Tender
    cashier: str
    counter: str


async def take_cash(store: TillStore, clock: Clock, ids: Ids, sale: CashSale) -> Receipt:
    """Commit the sale and return its receipt.

    Raises:
        Conflict: the invoice owes nothing.
        CashierMistake: more is applied than the invoice owes; the rest belongs to change.
        Misconfigured: the terminal has no series yet.
    """
    owed = sale.invoice.owed
    if not owed:
        raise Conflict(
            f"invoice {sale.invoice.number} owes nothing",
            code="invoice-paid",
            field="invoice_id",
            cure="Take no money for it.",
        )
    if sale.tender.applied > owed:
        raise CashierMistake(
            f"{sale.tender.applied.grouped} is more than the {owed.grouped} owed",
            field="applied",
            code="above-payable",
            cure="Give the rest back as change.",
        )

    def commit(till: Till) -> Receipt:
        known = till.receipt_of(sale.payment_uid)
        if known is not None:
            return known
        receipt = Receipt(
            uid=ids.uuid(),
            series=till.series(),
            number=till.next_number(),
            payment_uid=sale.payment_uid,
            method=Method.CASH,
            tender=sale.tender,
            issued_at=clock.now(),
            cashier=sale.cashier,
            counter=sale.counter,
            invoice=sale.invoice,
        )
        till.commit_receipt(receipt)
        return receipt

    return await store.write(commit)
