"""``/api/events``: what changes, as it changes (server-sent events)."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from hmis_pos.relay.parts import RelayRequest, TheRelay
from hmis_pos.relay.problems import responses


@get(
    "/",
    summary="Follow what changes",
    operation_id="followEvents",
    media_type="text/event-stream",
    responses=responses(400, 401, 403, 422, 503),
)
async def follow(
    request: RelayRequest,
    relay: TheRelay,
    last_event_id: Annotated[
        int | None,
        HeaderParameter(name="Last-Event-ID", ge=0, le=2**53 - 1, description="Resume behind this event."),
    ] = None,
    after: Annotated[
        int | None,
        QueryParameter(ge=0, le=2**53 - 1, description='The same where no header can be set ("last_event").'),
    ] = None,
) -> Stream:
    """Events of the user's facility, each with the present state of what it is about.

    Kinds: ``invoice.changed``, ``invoice.serving``, ``payment.changed``, ``unmatched.changed``, ``check.changed``,
    ``refund.changed``, ``statement.changed``, ``task.opened``, ``task.closed``, and ``reset`` when too much was missed. The stream ends with the access token: refresh it and come back.
    """
    position = last_event_id if last_event_id is not None else after
    stream = relay.feed.follow(request.user.facility_id, position, request.auth.expires_at)
    return Stream(
        stream,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


router = Router("/api/events", route_handlers=[follow], tags=["events"])
