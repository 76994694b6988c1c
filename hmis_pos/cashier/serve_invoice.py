"""Who is serving an invoice.

The server decides, by a lease that a living terminal renews; two counters never take the same invoice unknowingly.
"""

from __future__ import annotations

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor, Serving
from hmis_pos.domain.errors import CashierMistake, Conflict, NotFound


async def serve(ctx: Context, actor: Actor, invoice_id: int, counter: str, *, take_over: bool = False) -> Serving:
    """Take an invoice to a counter, or renew the claim.

    Raises:
        NotFound: there is no such invoice here.
        Conflict: code ``served-elsewhere``: another counter has it, and ``take_over`` was not said.
    """
    if not actor.terminal:
        raise CashierMistake(
            "only an enrolled terminal can serve an invoice",
            field="terminal",
            cure="Sign in from a terminal with a series.",
        )

    def phase(books: Books) -> Serving:
        now = ctx.clock.now()
        invoice = books.invoices.lock(invoice_id)
        if invoice is None or invoice.facility_id != actor.facility_id:
            raise NotFound(f"there is no invoice {invoice_id}", field="invoice_id", cure="Search for it again.")
        held = books.invoices.serving(invoice_id, now)
        other = held is not None and held.terminal != actor.terminal
        if held is not None and other and not take_over:
            raise Conflict(
                f"{held.cashier} has this invoice at {held.counter}",
                code="served-elsewhere",
                field="invoice_id",
                cure="Serve another patient, or take it over knowingly.",
            )
        claim = Serving(
            invoice_id=invoice_id,
            terminal=actor.terminal,
            counter=counter,
            cashier=actor.display_name or actor.username,
            until=now + ctx.policy.serving_lease,
        )
        books.invoices.serve(claim)
        if held is None or other:
            books.trail.audit(
                actor.username,
                "invoice.take-over" if other else "invoice.serve",
                f"invoice:{invoice_id}",
                actor.origin,
                {"terminal": actor.terminal, "from": held.terminal if held else ""},
            )
            books.trail.emit("invoice.serving", invoice.facility_id, {"invoice_id": invoice_id})
        return claim

    return await ctx.database.write(phase)


async def release(ctx: Context, actor: Actor, invoice_id: int) -> None:
    """Let an invoice go; no claim of ours is no error."""

    def phase(books: Books) -> None:
        if books.invoices.release(invoice_id, actor.terminal):
            books.trail.audit(
                actor.username, "invoice.release", f"invoice:{invoice_id}", actor.origin, {"terminal": actor.terminal}
            )
            books.trail.emit("invoice.serving", actor.facility_id, {"invoice_id": invoice_id})

    await ctx.database.write(phase)
