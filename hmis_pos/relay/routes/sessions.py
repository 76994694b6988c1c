"""``/api/auth``: signing in and keeping the session. No Idempotency-Key: a stored answer would hold tokens."""

from __future__ import annotations

from litestar import Router, post
from litestar.params import JSONBody

from hmis_pos.cashier import sign_in
from hmis_pos.cashier.sign_in import SignedIn
from hmis_pos.contract.auth import Login, Refresh, Session
from hmis_pos.contract.mapping import iso
from hmis_pos.contract.problem import FieldError
from hmis_pos.domain.errors import NotAllowed
from hmis_pos.domain.receipt import is_series
from hmis_pos.relay.auth import LIFE
from hmis_pos.relay.parts import Relay, RelayRequest, TheRelay
from hmis_pos.relay.problems import BadInput, responses


@post(
    "/login",
    summary="Sign in",
    operation_id="login",
    status_code=200,
    responses=responses(400, 401, 403, 413, 429, 503),
    security=[{}],
)
async def login(request: RelayRequest, relay: TheRelay, data: JSONBody[Login]) -> Session:
    """User and password of the HMIS for an access token (10 minutes) and a refresh token (works once)."""
    _refuse_without_secret(relay)
    origin = relay.origin(request.scope)
    relay.limits.login_address.check(origin)
    relay.limits.login_account.check(data.username.casefold())
    if data.terminal and not is_series(data.terminal):
        found = FieldError(field="terminal", message="terminal is no series", cure='Give a series such as "T03A".')
        raise BadInput(found.message, [found])
    return _session(relay, await sign_in.login(relay.ctx, data.username, data.password, origin), data.terminal)


@post(
    "/refresh",
    summary="Keep the session",
    operation_id="refresh",
    status_code=200,
    responses=responses(400, 401, 403, 413, 429, 503),
    security=[{}],
)
async def refresh(request: RelayRequest, relay: TheRelay, data: JSONBody[Refresh]) -> Session:
    """The present refresh token for new tokens. Used twice, it ends the session: two people hold it."""
    _refuse_without_secret(relay)
    origin = relay.origin(request.scope)
    relay.limits.login_address.check(origin)
    return _session(relay, await sign_in.refresh(relay.ctx, data.refresh_token, origin), "")


def _refuse_without_secret(relay: Relay) -> None:
    if not relay.tokens.can_issue:
        raise NotAllowed(
            "this relay does not sign anybody in",
            code="sign-in-elsewhere",
            cure="Sign in at the HMIS and send its token, or give the relay HMIS_JWT_SECRET.",
        )


def _session(relay: Relay, signed_in: SignedIn, terminal: str) -> Session:
    now = relay.ctx.clock.now()
    user = signed_in.user
    return Session(
        access_token=relay.tokens.issue(signed_in, relay.ctx.ids, now, terminal=terminal),
        refresh_token=signed_in.refresh_token,
        expires_in=int(LIFE.total_seconds()),
        username=user.username,
        display_name=user.display_name,
        role=user.role,
        facility_id=user.facility_id,
        facility_name=relay.settings.hospital,
        server_time=iso(now),
    )


router = Router("/api/auth", route_handlers=[login, refresh], tags=["sign-in"])
