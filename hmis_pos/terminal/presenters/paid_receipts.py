"""The paper for electronic money: issued once by this till, sent, printed and shown. Who may issue it is for its callers to judge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from hmis_pos import logs
from hmis_pos.cashier.issue_receipt import ProvenPayment, issue_receipt
from hmis_pos.contract.mapping import invoice_from, money
from hmis_pos.contract.payments import Transaction
from hmis_pos.domain.errors import PosError
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.domain.receipt import Receipt
from hmis_pos.terminal.presenters.receipts import ReceiptPresenter
from hmis_pos.terminal.presenters.services import Services

_log = logs.logger("terminal.receipts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """``fresh``: issued just now; ``unprinted``: its original was never printed (fresh, or the program ended before paper)."""

    receipt: Receipt
    fresh: bool
    unprinted: bool


class PaidReceipts:
    """:meth:`commit` first, tell of it, then :meth:`hand_out`."""

    def __init__(self, services: Services, receipts: ReceiptPresenter) -> None:
        self._services = services
        self._receipts = receipts

    async def commit(self, said: Transaction, *, cashier: str, seen: Invoice | None = None) -> Issued | None:
        """Issue the receipt of a completed payment, or find the one this till issued before.

        Args:
            said: the payment, its money proven.
            cashier: who stands on the receipt.
            seen: the invoice as a person saw it, for the time the relay cannot be asked.

        Returns:
            None where another till handed it out.

        Raises:
            PosError: it cannot be issued now; nothing was.
        """
        services, uid = self._services, UUID(said.uid)
        known = await services.store.receipts.by_payment(uid)
        if known is None and said.receipt_no:
            return None
        proven = ProvenPayment(
            payment_uid=uid,
            method=Method.MPESA,
            received=money(said.received, said.currency),
            provider_receipt=said.provider_receipt,
            invoice=known.receipt.invoice if known is not None else await self._as_it_was(said, seen),
            cashier=cashier,
            counter=services.desk.counter,
        )
        receipt, fresh = await issue_receipt(services.store, services.clock, services.ids, proven)
        if fresh:
            _log.info("receipt issued", payment_uid=said.uid, receipt=receipt.no)
            services.sender.wake()
        return Issued(receipt=receipt, fresh=fresh, unprinted=fresh or (known is not None and known.copies == 0))

    async def hand_out(self, issued: Issued) -> None:
        """Print and show it, unless that happened before."""
        if issued.unprinted:
            await self._receipts.hand_out(issued.receipt)

    async def _as_it_was(self, said: Transaction, seen: Invoice | None) -> Invoice:
        """The invoice as it stood before this money: the relay's present one less what this payment settled.

        Raises:
            PosError: the relay cannot be asked, and this program run did not see the invoice itself.
        """
        try:
            invoice = invoice_from(await self._services.relay.invoice(said.invoice_id))
        except PosError:
            if seen is None:
                raise
            return seen
        here = await self._services.worklist.get(said.invoice_id)
        unsynced = here.unsynced if here is not None else Money.zero(said.currency)
        return replace(invoice, paid=invoice.paid - money(said.allocated, said.currency) + unsynced)
