"""What a relay tells of M-Pesa money that came by itself, laid by hand around a real relay: a terminal's tests need no Safaricom.

Invoices, leases and prompts are the real relay's; what came by Paybill or was proven by a code is added to its answers and its news.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import msgspec

from hmis_pos.contract import events
from hmis_pos.contract.codes import CodeCheck, CodeUse
from hmis_pos.contract.invoices import Invoice
from hmis_pos.contract.mapping import iso
from hmis_pos.contract.mpesa import PayQr
from hmis_pos.contract.payments import EvidenceLine, Transaction
from hmis_pos.domain.money import Money
from hmis_pos.terminal.event_stream import FeedEvent, FeedMessage

PAYBILL = "600999"
CODE = "TAB1CD2EFG"
#: One grey pixel.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="


@dataclass
class Paybill(httpx.AsyncBaseTransport):
    """Put one around a till's wire with :meth:`around`; ``asked`` lists the codes the till had checked."""

    wire: Any
    services: Any
    clock: Any
    payments: dict[str, Transaction] = field(default_factory=dict)
    checks: dict[str, CodeCheck] = field(default_factory=dict)
    paid: dict[int, Money] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answer: CodeCheck | None = None
    refusal: tuple[int, dict[str, Any]] | None = None
    qr: PayQr | None = None
    qr_asked: int = 0

    @classmethod
    def around(cls, wire: Any, services: Any, clock: Any) -> Paybill:
        made = cls(wire=wire._app, services=services, clock=clock)
        wire._app = made
        return made

    # ------------------------------------------------------------ its answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/api/payments/mpesa/code" and request.method == "POST":
            return self._check(request)
        if path.startswith("/api/payments/mpesa/code/"):
            return _json(self.checks[path.rpartition("/")[2]])
        if path == "/api/mpesa/qr":
            self.qr_asked += 1
            return httpx.Response(404) if self.qr is None else _json(self.qr)
        if path.startswith("/api/payments/transactions/") and path.rpartition("/")[2] in self.payments:
            return _json(self.payments[path.rpartition("/")[2]])
        answer: httpx.Response = await self.wire.handle_async_request(request)
        if request.method == "GET" and path.startswith("/api/invoices/") and answer.status_code == httpx.codes.OK:
            return _json(self._now(msgspec.json.decode(await answer.aread(), type=Invoice)))
        if path == "/api/payments/transactions" and answer.status_code == httpx.codes.OK:
            return await self._with_ours(request, answer)
        return answer

    def _check(self, request: httpx.Request) -> httpx.Response:
        wanted = json.loads(request.content)
        self.asked.append((request.headers["idempotency-key"], wanted))
        if self.refusal is not None:
            status, problem = self.refusal
            return httpx.Response(status, json=problem, headers={"content-type": "application/problem+json"})
        made = self.answer or self.check(wanted["invoice_id"], wanted["code"])
        self.checks[made.check_uid] = made
        return _json(made)

    async def _with_ours(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        page = json.loads(await answer.aread())
        patient = request.url.params.get("patient_id")
        ours = [one for one in self.payments.values() if patient in (None, str(one.patient_id))]
        page["transactions"] = [msgspec.to_builtins(one) for one in ours] + page["transactions"]
        return httpx.Response(200, json=page)

    def _now(self, invoice: Invoice) -> Invoice:
        extra = self.paid.get(invoice.id, Money.zero(invoice.currency))
        paid = Money.parse(invoice.paid) + extra
        owed = Money.parse(invoice.payable) - extra
        return msgspec.structs.replace(invoice, paid=paid.text, payable=owed.text, status="open" if owed else "paid")

    # ------------------------------------------------------------ its news

    async def pays(
        self, invoice_id: int, amount: int, *, code: str = CODE, channel: str = "paybill", **more: Any
    ) -> Transaction:
        """Money comes for an invoice: what is owed is settled, the rest is a deposit; the till hears of both."""
        before = await self.services.relay.invoice(invoice_id)
        owed, received = Money.parse(before.payable), Money.whole(amount, before.currency)
        allocated = min(owed, received)
        self.paid[invoice_id] = self.paid.get(invoice_id, Money.zero(before.currency)) + allocated
        said = self.payment(before, received, allocated, code=code, channel=channel, **more)
        self.payments[said.uid] = said
        now = await self.services.relay.invoice(invoice_id)
        await self.tells(events.InvoiceChanged(invoice=now), events.PaymentChanged(payment=said))
        return said

    def payment(
        self, invoice: Invoice, received: Money, allocated: Money, *, code: str, channel: str, **more: Any
    ) -> Transaction:
        """A payment that came by itself, as the relay describes it."""
        at = iso(self.clock.now())
        uid = str(UUID(int=0x01900000000070008000000000000000 + len(self.payments) + 1))
        fields: dict[str, Any] = {
            "transaction_id": uid,
            "id": 900 + len(self.payments),
            "invoice_id": invoice.id,
            "invoice_number": invoice.number,
            "patient_id": invoice.patient_id,
            "patient_no": invoice.patient_no,
            "patient_name": invoice.patient_name,
            "payment_method": "mpesa",
            "status": "completed",
            "currency": invoice.currency,
            "amount": received.text,
            "received": received.text,
            "allocated": allocated.text,
            "deposited": (received - allocated).text,
            "tendered": "",
            "change": "",
            "phone": "",
            "gateway_reference": "",
            "provider_receipt": code,
            "receipt_no": "",
            "failure_code": "",
            "failure_text": "",
            "agreed": True,
            "advice": "no",
            "retry_not_before": "",
            "next_check_at": "",
            "checks_done": 0,
            "terminal": "",
            "processed_by": "",
            "created_at": at,
            "completed_at": at,
            "account_reference": "",
            "channel": channel,
            "account_typed": invoice.number.lower(),
            "payer": "JANE 2547 ***** 126",
            "paid_at": at,
            "refundable": received.text,
            "fee": "15.00",
            "evidence": [
                EvidenceLine(
                    kind="paid", source="c2b", at=at, code="", text="Pay Bill", receipt_no=code, amount=received.text
                )
            ],
        }
        return Transaction(**(fields | more))

    def check(self, invoice_id: int, code: str = CODE, state: str = "waiting", **more: Any) -> CodeCheck:
        """A code's proof, as the relay describes it."""
        at = iso(self.clock.now())
        fields: dict[str, Any] = {
            "check_uid": str(UUID(int=0x01900000000070009000000000000000 + len(self.checks) + 1)),
            "invoice_id": invoice_id,
            "code": code,
            "state": state,
            "reason": "",
            "text": "",
            "asked_by": "cashier",
            "asked_at": at,
            "decided_at": "" if state == "waiting" else at,
            "next_check_at": "",
            "payment_uid": "",
            "used": None,
        }
        return CodeCheck(**(fields | more))

    async def decides(self, check: CodeCheck, state: str, **more: Any) -> CodeCheck:
        """The proof of a code came, or its refusal."""
        decided = msgspec.structs.replace(check, state=state, decided_at=iso(self.clock.now()), **more)
        self.checks[decided.check_uid] = decided
        await self.tells(events.CheckChanged(check=decided))
        return decided

    async def tells(self, *messages: FeedMessage) -> None:
        """News by the feed."""
        position = await self.services.store.worklist.position() or 0
        await self.services.worklist._apply([FeedEvent(position, message) for message in messages])


def used_before() -> CodeUse:
    """The use of a code that another cashier counted."""
    return CodeUse(
        amount="1500.00",
        at="2026-11-22T07:42:00Z",
        by="Jane",
        invoice_number="INV-20931",
        patient_name="Wanjiku, Grace N.",
        receipt_no="T01A-000417",
        payment_uid="01900000-0000-7000-8000-000000000999",
        unmatched_id=None,
    )


def _json(message: msgspec.Struct) -> httpx.Response:
    return httpx.Response(200, content=msgspec.json.encode(message), headers={"content-type": "application/json"})
