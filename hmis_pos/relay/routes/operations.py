"""``/health/…`` and ``/metrics``: for whoever runs the relay. They hold no personal data and need no token."""

from __future__ import annotations

from litestar import Response, Router, get
from litestar.openapi import ResponseSpec

from hmis_pos import __version__
from hmis_pos.contract.health import Live, Ready
from hmis_pos.contract.mapping import iso
from hmis_pos.domain.errors import PosError
from hmis_pos.relay import numbers
from hmis_pos.relay.metrics import CONTENT_TYPE
from hmis_pos.relay.parts import Relay, TheRelay

_NO_SECURITY: list[dict[str, list[str]]] = [{}]


@get("/health/live", summary="Does the process answer?", operation_id="live", security=_NO_SECURITY)
async def live(relay: TheRelay) -> Live:
    """For a supervisor that restarts what hangs."""
    return Live(status="ok", version=__version__, server_time=iso(relay.ctx.clock.now()))


@get(
    "/health/ready",
    summary="Can it work?",
    operation_id="ready",
    security=_NO_SECURITY,
    responses={503: ResponseSpec(data_container=Ready, description="It cannot; `checks` says why.")},
)
async def ready(relay: TheRelay) -> Response[Ready]:
    """Database there, its tables up to date, every worker loop alive."""
    checks = {"database": await _database(relay)}
    checks |= {f"worker:{name}": trouble for name, trouble in relay.worker.trouble.items()}
    well = not any(checks.values())
    return Response(Ready(status="ok" if well else "unavailable", checks=checks), status_code=200 if well else 503)


async def _database(relay: Relay) -> str:
    try:
        await relay.check_database()
    except PosError as e:
        return e.message
    return ""


@get(
    "/metrics",
    summary="Numbers for Prometheus",
    operation_id="metrics",
    media_type="text/plain",
    security=_NO_SECURITY,
)
async def metrics(relay: TheRelay) -> Response[bytes]:
    """Payments by outcome, gateway latency, callbacks, and what waits: inbox, unmatched money, checks, refunds."""
    try:
        relay.metrics.tell(await numbers.read(relay.ctx))
    except PosError:
        relay.metrics.tell({})
    return Response(relay.metrics.text(), media_type=CONTENT_TYPE)


router = Router("/", route_handlers=[live, ready, metrics], tags=["operations"])
