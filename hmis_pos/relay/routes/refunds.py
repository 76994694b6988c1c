"""``/api/refunds`` and ``/api/payments/refund``: money that goes back, by the word of two people."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from hmis_pos.cashier import end_refund, give_refund
from hmis_pos.cashier.give_refund import RefundWish
from hmis_pos.cashier.records_back_office import RefundFilter
from hmis_pos.contract import mapping
from hmis_pos.contract import mapping_back_office as messages
from hmis_pos.contract.refunds import AskRefund, Decide, NotDone, Refund, RefundPage
from hmis_pos.domain.money import KES
from hmis_pos.domain.refund import RefundState
from hmis_pos.logs import bound
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import RelayRequest, TheRelay
from hmis_pos.relay.problems import responses
from hmis_pos.relay.roles import only_supervisors
from hmis_pos.relay.routes import paging
from hmis_pos.relay.routes.answers import answers


@post(
    "/refund",
    summary="Ask for a payment to go back",
    operation_id="askRefund",
    status_code=200,
    responses=answers(Refund) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def ask(
    request: RelayRequest, relay: TheRelay, data: JSONBody[AskRefund], idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """``state`` of the answer is ``requested``: it goes back when a second person has agreed."""
    payment = mapping.uid(data.transaction_id, field="transaction_id")
    amount = mapping.money(data.amount, KES)

    async def work(key: str) -> Refund:
        wish = RefundWish(amount=amount, reason=data.reason, phone=data.phone_number, idempotency_key=key)
        return messages.refund_message(await give_refund.request(relay.ctx, request.user, payment, wish))

    with bound(payment_uid=str(payment)):
        return await answer_of(relay, request, idempotency_key, work)


@get("/", summary="Refunds", operation_id="listRefunds", responses=responses(400, 401, 403, 422, 503))
async def list_refunds(
    request: RelayRequest,
    relay: TheRelay,
    *,
    states: Annotated[
        list[RefundState] | None, QueryParameter(name="state", description="May be given several times.")
    ] = None,
    transaction_id: Annotated[str, QueryParameter(max_length=40, description="Of this payment.")] = "",
    unmatched_id: Annotated[int | None, QueryParameter(ge=1, le=2**53 - 1)] = None,
    cursor: Annotated[str, QueryParameter(max_length=200, description='"next" of the page before.')] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
) -> RefundPage:
    """Refunds of the user's facility, newest first, without their evidence."""
    wanted = RefundFilter(
        facility_id=request.user.facility_id,
        states=tuple(states or ()),
        payment_uid=mapping.uid(transaction_id, field="transaction_id") if transaction_id else None,
        unmatched_id=unmatched_id,
        after=paging.place_in_list(cursor),
        limit=limit,
    )
    found = await give_refund.page(relay.ctx, wanted)
    return RefundPage(
        refunds=[messages.refund_message(one, with_evidence=False) for one in found],
        next=paging.encode(found[-1].record.id) if len(found) == limit else "",
    )


@get(
    "/{uid:uuid}",
    summary="One refund with its evidence",
    operation_id="getRefund",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def get_refund(request: RelayRequest, relay: TheRelay, uid: FromPath[UUID]) -> Refund:
    """A refund, and each piece of evidence with its time."""
    return messages.refund_message(await give_refund.detail(relay.ctx, request.user, uid))


@post(
    "/{uid:uuid}/approve",
    summary="Agree to a refund",
    operation_id="approveRefund",
    status_code=200,
    responses=answers(Refund) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def approve(
    request: RelayRequest,
    relay: TheRelay,
    uid: FromPath[UUID],
    data: JSONBody[Decide],
    idempotency_key: IdempotencyKey,
) -> Response[bytes]:
    """A supervisor who did not ask for it; the relay sends the money at once. What became of it comes by the feed."""
    answer = await _decided(relay, request, uid, data, idempotency_key, agree=True)
    relay.worker.refund_bell.ring()
    return answer


@post(
    "/{uid:uuid}/reject",
    summary="Say no to a refund",
    operation_id="rejectRefund",
    status_code=200,
    responses=answers(Refund) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def reject(
    request: RelayRequest,
    relay: TheRelay,
    uid: FromPath[UUID],
    data: JSONBody[Decide],
    idempotency_key: IdempotencyKey,
) -> Response[bytes]:
    """The money stays where it is."""
    return await _decided(relay, request, uid, data, idempotency_key, agree=False)


@post(
    "/{uid:uuid}/not-done",
    summary="Say that it never went back",
    operation_id="refundNotDone",
    status_code=200,
    responses=answers(Refund) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def not_done(
    request: RelayRequest,
    relay: TheRelay,
    uid: FromPath[UUID],
    data: JSONBody[NotDone],
    idempotency_key: IdempotencyKey,
) -> Response[bytes]:
    """A supervisor who did not ask for it, once it was unknown for two days: it is not in M-Pesa's portal.

    ``state`` of the answer is ``failed``, and the money may be asked for again; a late success still completes it.
    """
    only_supervisors(request.user, "ends a refund that nobody can tell about")

    async def work(_key: str) -> Refund:
        return messages.refund_message(await end_refund.not_done(relay.ctx, request.user, uid, data.note))

    with bound(refund_uid=str(uid)):
        return await answer_of(relay, request, idempotency_key, work)


async def _decided(
    relay: TheRelay, request: RelayRequest, uid: UUID, data: Decide, key: str, *, agree: bool
) -> Response[bytes]:
    only_supervisors(request.user, "decides about refunds")

    async def work(_key: str) -> Refund:
        return messages.refund_message(
            await give_refund.decide(relay.ctx, request.user, uid, approve=agree, note=data.note)
        )

    with bound(refund_uid=str(uid)):
        return await answer_of(relay, request, key, work)


router = Router("/api/refunds", route_handlers=[list_refunds, get_refund, approve, reject, not_done], tags=["refunds"])
asking = Router("/api/payments", route_handlers=[ask], tags=["refunds"])
