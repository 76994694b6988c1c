"""The cashier stops waiting for a payer. Purely local: the patient may still be charged, and the money is still looked for."""

from __future__ import annotations

from uuid import UUID

from hmis_pos.cashier import settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor, PaymentSummary
from hmis_pos.domain.errors import Conflict, NotFound
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.payment import OPEN_STATES, PaymentState


async def stop(ctx: Context, actor: Actor, uid: UUID, reason: str) -> PaymentSummary:
    """Mark an open attempt as no longer waited for; stopping twice is one stop.

    Raises:
        NotFound: there is no such payment in this facility.
        Conflict: it has an outcome already (code ``payment-decided``).
    """

    def phase(books: Books) -> PaymentSummary:
        record = books.payments.lock(uid)
        if record is None or record.facility_id != actor.facility_id:
            raise NotFound(f"there is no payment {uid}", field="uid", cure="Look it up in the list of payments.")
        if record.state not in OPEN_STATES and record.state is not PaymentState.CANCELLED:
            raise Conflict(
                f"this payment is {record.state.value} already",
                code="payment-decided",
                field="uid",
                cure="Look at its result on the screen.",
            )
        if record.state is not PaymentState.CANCELLED:
            said = Evidence(
                kind=EvidenceKind.ABANDONED, source=Source.CASHIER, observed_at=ctx.clock.now(), text=reason
            )
            settle.apply(books, ctx, uid, said, actor=actor.username, origin=actor.origin)
        summary = books.payments.summary(uid)
        if summary is None:
            raise NotFound(f"there is no payment {uid}", field="uid")
        return summary

    return await ctx.database.write(phase)
