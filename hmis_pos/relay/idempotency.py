"""Writes that are safe to repeat: the header ``Idempotency-Key`` and the stored answer.

A key belongs to the user who made it. Same key, same method, path and body: the stored answer, byte for byte, marked with
``Idempotent-Replayed``. See docs/decisions/0007-idempotency-and-events.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import HeaderParameter

from hmis_pos.cashier import answer_once
from hmis_pos.relay.parts import Relay, RelayRequest

#: The header as a parameter of a route; a write without it is refused, naming it.
IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[\x21-\x7e]+$",
        description="Made anew for each intent, repeated when the same request is sent again. A UUID is a good one.",
    ),
]
REPLAYED = "Idempotent-Replayed"


def scoped(relay_user: int, key: str) -> str:
    """The key as stored: two users who happen to choose one key do not meet."""
    return f"{relay_user}:{key}"


async def answer_of(
    relay: Relay,
    request: RelayRequest,
    key: str,
    work: Callable[[str], Awaitable[msgspec.Struct]],
    *,
    status: int = 200,
    body_hash: str = "",
) -> Response[bytes]:
    """Run ``work`` (given the scoped key) once for the key, or replay what it answered.

    ``body_hash`` stands for the body where it was too long to be held in memory.

    Raises:
        PosError: as ``work``; then the key is free again.
        Conflict: another body came with the key before, or the first one is still running.
    """
    worked = False

    async def run() -> tuple[int, bytes]:
        nonlocal worked
        worked = True
        return status, msgspec.json.encode(await work(stored_key))

    stored_key = scoped(request.user.user_id, key)
    route = f"{request.method} {request.scope['path_template']}"
    body = body_hash.encode() if body_hash else await request.body()
    content = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).hexdigest()
    stored = await answer_once.once(relay.ctx, stored_key, route, request.user, content, run)
    return Response(
        content=stored.body,
        status_code=stored.status,
        media_type="application/json",
        headers={} if worked else {REPLAYED: "true"},
    )
