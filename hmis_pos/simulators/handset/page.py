"""Serves the handset page. It speaks to the simulator through the admin API, as any test does."""

from functools import cache
from importlib.resources import files

from hmis_pos.simulators.asgi import Answer, Request, Response

# Nothing from elsewhere, and nobody may frame it.
POLICY = (
    "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@cache
def _page() -> bytes:
    return files("hmis_pos.simulators.handset").joinpath("handset.html").read_bytes()


async def show(_: Request) -> Answer:
    """`GET /handset`."""
    return Response(
        200,
        _page(),
        "text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"},
    )


async def front(_: Request) -> Answer:
    """`GET /`: a person who opens the simulator's URL wants the handset."""
    return Response(303, headers={"Location": "/handset"})
