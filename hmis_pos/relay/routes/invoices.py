"""``/api/invoices``: the queue, and who serves whom."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from hmis_pos.cashier import serve_invoice
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import InvoiceFilter
from hmis_pos.contract import mapping
from hmis_pos.contract.invoices import Invoice, InvoicePage, Serve, ServedBy
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.payment import ELECTRONIC, OPEN_STATES
from hmis_pos.relay.idempotency import IdempotencyKey
from hmis_pos.relay.parts import RelayRequest, TheRelay, refuse_nul
from hmis_pos.relay.problems import responses
from hmis_pos.relay.routes import paging

InvoiceId = Annotated[int, PathParameter(ge=1, le=2**53 - 1)]
Search = Annotated[
    str, QueryParameter(max_length=100, description="Part of a name, patient number, invoice number or phone.")
]
Cursor = Annotated[str, QueryParameter(max_length=200, description='"next" of the page before.')]


@get("/", summary="The queue", operation_id="listInvoices", responses=responses(400, 401, 403, 422, 503))
async def list_invoices(
    request: RelayRequest,
    relay: TheRelay,
    *,
    search: Search = "",
    open_only: Annotated[bool, QueryParameter(description="Only what is still to be paid.")] = True,
    cursor: Cursor = "",
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
) -> InvoicePage:
    """Invoices of the user's facility in queue order. Follow the event feed from ``last_event`` to keep the page live."""
    refuse_nul(search, "search")
    wanted = InvoiceFilter(
        facility_id=request.user.facility_id,
        text=search.strip(),
        open_only=open_only,
        after=paging.place_in_queue(cursor),
        limit=limit,
    )
    now = relay.ctx.clock.now()

    def phase(books: Books) -> InvoicePage:
        last_event = books.trail.last_event()  # first: what happens while we read comes by the feed
        page = books.invoices.page(wanted, now)
        last = page.invoices[-1] if len(page.invoices) == limit else None
        return InvoicePage(
            invoices=[
                mapping.invoice_message(invoice, page.serving.get(invoice.id), page.ringing.get(invoice.id))
                for invoice in page.invoices
            ],
            next=paging.encode(mapping.iso(last.queued_at), last.id) if last is not None else "",
            open_count=books.invoices.count_open(wanted.facility_id),
            last_event=last_event,
        )

    return await relay.ctx.database.read(phase)


@get(
    "/{invoice_id:int}",
    summary="One invoice",
    operation_id="getInvoice",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def get_invoice(request: RelayRequest, relay: TheRelay, invoice_id: InvoiceId) -> Invoice:
    """An invoice with who serves it and whose phone rings for it."""
    now = relay.ctx.clock.now()

    def phase(books: Books) -> Invoice:
        invoice = books.invoices.get(invoice_id)
        if invoice is None or invoice.facility_id != request.user.facility_id:
            raise NotFound(f"there is no invoice {invoice_id}", field="invoice_id", cure="Search for it again.")
        attempts = books.payments.of_invoice(invoice_id)
        ringing = [one for one in attempts if one.payment.method in ELECTRONIC and one.state in OPEN_STATES]
        return mapping.invoice_message(
            invoice, books.invoices.serving(invoice_id, now), ringing[-1] if ringing else None
        )

    return await relay.ctx.database.read(phase)


@post(
    "/{invoice_id:int}/serve",
    summary="Take an invoice to a counter",
    operation_id="serveInvoice",
    status_code=200,
    responses=responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def serve(
    request: RelayRequest,
    relay: TheRelay,
    invoice_id: InvoiceId,
    data: JSONBody[Serve],
    idempotency_key: IdempotencyKey,
) -> ServedBy:
    """Claim the invoice for this terminal, or renew the claim. Repeating it is harmless, so no answer is stored."""
    del idempotency_key
    return mapping.served_by(
        await serve_invoice.serve(relay.ctx, request.user, invoice_id, data.counter, take_over=data.take_over)
    )


@post(
    "/{invoice_id:int}/release",
    summary="Let an invoice go",
    operation_id="releaseInvoice",
    status_code=204,
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def release(
    request: RelayRequest, relay: TheRelay, invoice_id: InvoiceId, idempotency_key: IdempotencyKey
) -> None:
    """Give up this terminal's claim; having none is no error."""
    del idempotency_key
    await serve_invoice.release(relay.ctx, request.user, invoice_id)


router = Router("/api/invoices", route_handlers=[list_invoices, get_invoice, serve, release], tags=["invoices"])
