"""``POST /api/payments/mpesa/callback``: the address the HMIS has always given to Safaricom.

Nothing proves who posts here, so it only hints (docs/decisions/0006-callback-intake.md); new attempts get addresses of their own.
"""

from __future__ import annotations

from litestar import Response, Router, post

from hmis_pos.domain.errors import NotFound
from hmis_pos.relay.callbacks import ACCEPTED, LONGEST_BODY, Acknowledgement, Shut
from hmis_pos.relay.parts import RelayRequest, TheRelay
from hmis_pos.relay.problems import responses
from hmis_pos.relay.routes.answers import answers


@post(
    "/callback",
    summary="Callback of M-Pesa, compatible address",
    operation_id="mpesaCallback",
    status_code=200,
    request_max_body_size=LONGEST_BODY,
    responses=answers(Acknowledgement) | responses(400, 404, 413, 429, 503),
    security=[{}],
)
async def callback(request: RelayRequest, relay: TheRelay) -> Response[bytes]:
    """Stored as it came, answered, interpreted later. What it says counts only once the gateway, asked by us, agrees."""
    sender = relay.intake.sender(request.scope)
    relay.limits.alias.check(sender)
    body = await request.body()
    try:
        await relay.intake.store(request.scope, channel="alias", token="", sender=sender, body=body)
    except Shut as e:
        await relay.intake.turned_away(sender, e)
        raise NotFound("there is nothing for you at this address") from e
    return Response(content=ACCEPTED, media_type="application/json")


router = Router("/api/payments/mpesa", route_handlers=[callback], tags=["callbacks"])
