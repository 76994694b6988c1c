"""``/api/payments/mpesa/code``: a patient shows an M-Pesa SMS; its code is proven before it counts."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from hmis_pos.cashier import check_code
from hmis_pos.contract import mapping_back_office as messages
from hmis_pos.contract.codes import CheckCode, CodeCheck
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import RelayRequest, TheRelay
from hmis_pos.relay.problems import responses
from hmis_pos.relay.routes.answers import answers


@post(
    "/code",
    summary="Check a code that a patient shows",
    operation_id="checkCode",
    status_code=200,
    responses=answers(CodeCheck) | responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def check(
    request: RelayRequest, relay: TheRelay, data: JSONBody[CheckCode], idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """``state`` of the answer: ``proven`` or ``refused`` where our books know it, else ``waiting`` until Safaricom answers."""

    async def work(key: str) -> CodeCheck:
        return messages.check_message(await check_code.check(relay.ctx, request.user, data.invoice_id, data.code, key))

    return await answer_of(relay, request, idempotency_key, work)


@get(
    "/code/{uid:uuid}",
    summary="What became of a check",
    operation_id="getCodeCheck",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def get_check(request: RelayRequest, relay: TheRelay, uid: FromPath[UUID]) -> CodeCheck:
    """As it stands now; the feed tells when it changes (``check.changed``)."""
    return messages.check_message(await check_code.get(relay.ctx, request.user, uid))


router = Router("/api/payments/mpesa", route_handlers=[check, get_check], tags=["payments"])
