"""``/api/mpesa`` and ``/api/feeds``: the merchant's M-Pesa, and what a patient needs to pay by themselves."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, Router, get, post
from litestar.params import QueryParameter

from hmis_pos.cashier import look_at_mpesa, pull_feed
from hmis_pos.cashier.records import Actor
from hmis_pos.contract import mapping
from hmis_pos.contract import mapping_back_office as messages
from hmis_pos.contract.mpesa import MpesaStatus, PayQr
from hmis_pos.domain.money import KES
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import Relay, RelayRequest, TheRelay
from hmis_pos.relay.problems import responses
from hmis_pos.relay.roles import SUPERVISORS, only_supervisors
from hmis_pos.relay.routes.answers import answers


@get("/", summary="The merchant's M-Pesa", operation_id="getMpesa", responses=responses(401, 403, 503))
async def status(request: RelayRequest, relay: TheRelay) -> MpesaStatus:
    """What works and what does not. What lies in its accounts is told to supervisors only."""
    return await _status(relay, request.user)


async def _status(relay: Relay, actor: Actor) -> MpesaStatus:
    found = messages.mpesa_message(await look_at_mpesa.status(relay.ctx))
    return found if actor.role in SUPERVISORS else msgspec.structs.replace(found, balances=[])


@post(
    "/balance",
    summary="Ask what lies in its accounts",
    operation_id="askBalance",
    status_code=200,
    responses=answers(MpesaStatus) | responses(400, 401, 403, 409, 413, 422, 503),
)
async def balance(request: RelayRequest, relay: TheRelay, idempotency_key: IdempotencyKey) -> Response[bytes]:
    """Safaricom answers a little later: look again."""
    only_supervisors(request.user, "asks for the balance")

    async def work(_key: str) -> MpesaStatus:
        await look_at_mpesa.ask_balance(relay.ctx, request.user)
        return await _status(relay, request.user)

    return await answer_of(relay, request, idempotency_key, work)


@post(
    "/resume-payouts",
    summary="Send refunds again",
    operation_id="resumePayouts",
    status_code=200,
    responses=answers(MpesaStatus) | responses(400, 401, 403, 409, 413, 422, 503),
)
async def resume_payouts(request: RelayRequest, relay: TheRelay, idempotency_key: IdempotencyKey) -> Response[bytes]:
    """After the operator's credential was mended: Safaricom had refused it, so refunds were stopped."""
    only_supervisors(request.user, "lets refunds go on")

    async def work(_key: str) -> MpesaStatus:
        await look_at_mpesa.let_payouts_go_on(relay.ctx, request.user)
        relay.worker.refund_bell.ring()
        return await _status(relay, request.user)

    return await answer_of(relay, request, idempotency_key, work)


@get(
    "/qr",
    summary="Paybill, account and a QR code",
    operation_id="getPayQr",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def qr(
    request: RelayRequest,
    relay: TheRelay,
    invoice_id: Annotated[int, QueryParameter(ge=1, le=2**53 - 1)],
    amount: Annotated[str, QueryParameter(max_length=11, description="What is owed where nothing is given.")] = "",
) -> PayQr:
    """For the customer's side of the screen. Paybill and account are right also where there is no picture."""
    wanted = mapping.money(amount, KES) if amount else None
    return messages.qr_message(await look_at_mpesa.qr(relay.ctx, request.user, invoice_id, wanted))


@post(
    "/pull",
    summary="Read Safaricom's list of payments now",
    operation_id="pullPayments",
    status_code=200,
    responses=answers(MpesaStatus) | responses(400, 401, 403, 409, 413, 422, 429, 503),
)
async def pull(request: RelayRequest, relay: TheRelay, idempotency_key: IdempotencyKey) -> Response[bytes]:
    """For a payment that should have come; it is read by itself every few minutes."""
    relay.limits.pull.check("pull")

    async def work(_key: str) -> MpesaStatus:
        await pull_feed.run_now(relay.ctx)
        return await _status(relay, request.user)

    return await answer_of(relay, request, idempotency_key, work)


router = Router("/api/mpesa", route_handlers=[status, balance, resume_payouts, qr], tags=["mpesa"])
feeds = Router("/api/feeds", route_handlers=[pull], tags=["mpesa"])
