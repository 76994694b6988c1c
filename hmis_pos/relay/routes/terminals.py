"""``/api/terminals``: installs of the terminal program."""

from __future__ import annotations

from litestar import Response, Router, post
from litestar.params import JSONBody

from hmis_pos.cashier import enrol_terminal
from hmis_pos.contract import mapping
from hmis_pos.contract.auth import Enrol, Enrolled
from hmis_pos.relay.idempotency import IdempotencyKey, answer_of
from hmis_pos.relay.parts import RelayRequest, TheRelay
from hmis_pos.relay.problems import responses
from hmis_pos.relay.routes.answers import answers


@post(
    "/",
    summary="Enrol this install",
    operation_id="enrolTerminal",
    status_code=200,
    responses=answers(Enrolled) | responses(400, 401, 403, 409, 413, 422, 503),
)
async def enrol(
    request: RelayRequest, relay: TheRelay, data: JSONBody[Enrol], idempotency_key: IdempotencyKey
) -> Response[bytes]:
    """Bind a receipt series to an install of the terminal; an install that has one gets the same again."""
    install = mapping.uid(data.install_uid, field="install_uid")

    async def work(_key: str) -> Enrolled:
        return mapping.enrolled_message(await enrol_terminal.enrol(relay.ctx, request.user, install, data.counter))

    return await answer_of(relay, request, idempotency_key, work)


router = Router("/api/terminals", route_handlers=[enrol], tags=["terminals"])
