"""``/api/unmatched``: money that arrived and belongs to nobody known yet."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, Router, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from hmis_pos.cashier import give_refund, match_money
from hmis_pos.cashier.give_refund import RefundWish
from hmis_pos.cashier.match_money import Placing, Share
from hmis_pos.cashier.records_back_office import UnmatchedFilter
from hmis_pos.contract import mapping
from hmis_pos.contract import mapping_back_office as messages
from hmis_pos.contract.refunds import Refund
from hmis_pos.contract.unmatched import Assign, MoveBack, RefundUnmatched, UnmatchedDetail, UnmatchedPage
from hmis_pos.domain.money import KES
from hmis_pos.logs import bound
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import RelayRequest, TheRelay, refuse_nul
from hmis_pos.relay.problems import responses
from hmis_pos.relay.roles import only_supervisors
from hmis_pos.relay.routes import paging
from hmis_pos.relay.routes.answers import answers

UnmatchedId = Annotated[int, PathParameter(ge=1, le=2**53 - 1)]


@get("/", summary="Unmatched money", operation_id="listUnmatched", responses=responses(400, 401, 403, 422, 503))
async def list_unmatched(
    request: RelayRequest,
    relay: TheRelay,
    *,
    search: Annotated[
        str, QueryParameter(max_length=100, description="Part of an account, payer or receipt number.")
    ] = "",
    owner: Annotated[str, QueryParameter(max_length=100, description="User name of who looks after it.")] = "",
    open_only: Annotated[bool, QueryParameter(description="Only what still waits.")] = True,
    cursor: Annotated[str, QueryParameter(max_length=200, description='"next" of the page before.')] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
) -> UnmatchedPage:
    """Money of the user's facility, the oldest first."""
    for name, text in (("search", search), ("owner", owner)):
        refuse_nul(text, name)
    wanted = UnmatchedFilter(
        facility_id=request.user.facility_id,
        text=search.strip(),
        open_only=open_only,
        owner=owner,
        after=paging.place_in_list(cursor),
        limit=limit,
    )
    page = await match_money.page(relay.ctx, wanted)
    return UnmatchedPage(
        unmatched=[messages.unmatched_message(one) for one in page.rows],
        next=paging.encode(page.rows[-1].id) if len(page.rows) == limit else "",
        open_count=page.open_count,
        open_total=page.open_total.text,
        oldest_since=mapping.iso(page.oldest_since),
    )


@get(
    "/{unmatched_id:int}",
    summary="One piece of unmatched money",
    operation_id="getUnmatched",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def get_unmatched(request: RelayRequest, relay: TheRelay, unmatched_id: UnmatchedId) -> UnmatchedDetail:
    """Where its parts went, and whose it may be, the best guess first."""
    return messages.unmatched_detail(await match_money.detail(relay.ctx, request.user, unmatched_id))


@post(
    "/{unmatched_id:int}/assign",
    summary="Give it to its patients",
    operation_id="assignUnmatched",
    status_code=200,
    responses=answers(UnmatchedDetail) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def assign(
    request: RelayRequest,
    relay: TheRelay,
    unmatched_id: UnmatchedId,
    data: JSONBody[Assign],
    idempotency_key: IdempotencyKey,
) -> Response[bytes]:
    """One share assigns it, several split it. Any cashier may: it is at the counter that its patient stands."""
    shares = [
        Share(invoice_id=one.invoice_id, amount=mapping.money(one.amount, KES, field=f"shares[{place}].amount"))
        for place, one in enumerate(data.shares)
    ]

    async def work(key: str) -> UnmatchedDetail:
        wish = Placing(shares=shares, note=data.note, idempotency_key=key)
        return messages.unmatched_detail(await match_money.assign(relay.ctx, request.user, unmatched_id, wish))

    with bound(unmatched=unmatched_id):
        return await answer_of(relay, request, idempotency_key, work)


@post(
    "/{unmatched_id:int}/take",
    summary="Look after it",
    operation_id="takeUnmatched",
    status_code=200,
    responses=answers(UnmatchedDetail) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def take(
    request: RelayRequest, relay: TheRelay, unmatched_id: UnmatchedId, idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """Others see that somebody is on it."""

    async def work(_key: str) -> UnmatchedDetail:
        return messages.unmatched_detail(await match_money.take_on(relay.ctx, request.user, unmatched_id))

    return await answer_of(relay, request, idempotency_key, work)


@post(
    "/{unmatched_id:int}/refund",
    summary="Ask for it to go back",
    operation_id="refundUnmatched",
    status_code=200,
    responses=answers(Refund) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def refund(
    request: RelayRequest,
    relay: TheRelay,
    unmatched_id: UnmatchedId,
    data: JSONBody[RefundUnmatched],
    idempotency_key: IdempotencyKey,
) -> Response[bytes]:
    """What is asked for is set aside at once; it goes back when a second person has agreed."""
    amount = mapping.money(data.amount, KES)

    async def work(key: str) -> Refund:
        wish = RefundWish(amount=amount, reason=data.reason, phone=data.phone_number, idempotency_key=key)
        return messages.refund_message(await give_refund.request_unmatched(relay.ctx, request.user, unmatched_id, wish))

    with bound(unmatched=unmatched_id):
        return await answer_of(relay, request, idempotency_key, work)


@post(
    "/move-back",
    summary="It was the wrong patient's",
    operation_id="moveBack",
    status_code=200,
    responses=answers(UnmatchedDetail) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def move_back(
    request: RelayRequest, relay: TheRelay, data: JSONBody[MoveBack], idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """The payment's money is unmatched again, and its invoice owes it again. Only a supervisor does that."""
    only_supervisors(request.user, "takes a payment back from a patient")
    payment = mapping.uid(data.payment_uid, field="payment_uid")

    async def work(_key: str) -> UnmatchedDetail:
        return messages.unmatched_detail(await match_money.move_back(relay.ctx, request.user, payment, data.reason))

    with bound(payment_uid=str(payment)):
        return await answer_of(relay, request, idempotency_key, work)


router = Router(
    "/api/unmatched",
    route_handlers=[list_unmatched, get_unmatched, assign, take, refund, move_back],
    tags=["unmatched"],
)
