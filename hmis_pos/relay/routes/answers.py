"""What a route that answers stored bytes tells the OpenAPI document about them."""

from __future__ import annotations

import msgspec
from litestar.openapi import ResponseSpec


def answers(message: type[msgspec.Struct], *, status: int = 200) -> dict[int, ResponseSpec]:
    """The success response of a route whose handler returns encoded bytes of ``message``."""
    return {status: ResponseSpec(data_container=message, description="Done.", generate_examples=False)}
