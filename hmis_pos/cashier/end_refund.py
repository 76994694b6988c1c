"""End a refund that nobody can tell about: a supervisor looked it up in the provider's portal, and it is not there.

Evidence says so like any other: the money may be asked for again, and a late success still lifts it. Nobody ends what they asked for
themselves, and nothing is ended before its own result, its questions and a statement had their time.
"""

from __future__ import annotations

from uuid import UUID

from hmis_pos.cashier import send_refunds
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.give_refund import RefundView, found, may_decide, view_of
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Actor
from hmis_pos.cashier.records_back_office import RefundRecord
from hmis_pos.domain.errors import Conflict
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.refund import RefundState

#: The code of what a person found out.
LOOKED_UP = "looked-up"


async def not_done(ctx: Context, actor: Actor, uid: UUID, note: str) -> RefundView:
    """The money did not go back, by the word of the actor. Said again, nothing changes.

    Raises:
        NotAllowed: the actor asked for it, or has not the role.
        NotFound, Conflict: there is no such refund, it is not unknown, or it is too early to give it up.
    """

    def phase(books: Books) -> RefundView:
        record = found(books, actor, uid)
        may_decide(actor, record)
        if record.state is RefundState.FAILED and record.failure_code == LOOKED_UP:
            return view_of(books, record)
        _may_end(ctx, record)
        fact = Evidence(
            kind=EvidenceKind.DECLINED,
            source=Source.CASHIER,
            observed_at=ctx.clock.now(),
            code=LOOKED_UP,
            text=note,
        )
        books.trail.audit(actor.username, "refund.not-done", f"refund:{uid}", actor.origin, {"note": note})
        send_refunds.apply(books, ctx, uid, fact, actor=actor.username, origin=actor.origin)
        return view_of(books, found(books, actor, uid))

    return await ctx.database.write(phase)


def _may_end(ctx: Context, record: RefundRecord) -> None:
    if record.state is not RefundState.UNKNOWN or record.asked_at is None:
        raise Conflict(
            f"this refund is {record.state.value}, so nobody has to look it up",
            code="refund-not-unknown",
            field="refund_uid",
            cure="Look at it again; its result may have come.",
        )
    from_then_on = record.asked_at + ctx.policy.give_up
    if ctx.clock.now() < from_then_on:
        raise Conflict(
            "its result, or a statement, may still tell of this refund",
            code="refund-too-early",
            field="refund_uid",
            cure="Import the next statement; what it does not tell of may be ended two days after it was sent.",
            retry_at=from_then_on.isoformat(),
        )
