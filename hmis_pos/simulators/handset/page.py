"""Serves the front page and the handset page. They speak to the simulator through the admin API, as any test does."""

from functools import cache
from importlib.resources import files

from hmis_pos.simulators.asgi import Answer, Request, Response

# Nothing from elsewhere, and nobody may frame it.
POLICY = (
    "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@cache
def read_page(name: str) -> bytes:
    """A page as it lies in the package.

    Raises:
        OSError: this installation does not hold it.
    """
    return files("hmis_pos.simulators.handset").joinpath(name).read_bytes()


def _shown(name: str) -> Answer:
    return Response(
        200,
        read_page(name),
        "text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"},
    )


async def show(_: Request) -> Answer:
    """`GET /handset`: the patients' phones."""
    return _shown("handset.html")


async def front(_: Request) -> Answer:
    """`GET /`: what the simulator offers, and what it holds."""
    return _shown("front.html")
