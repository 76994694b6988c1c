"""Bodies of raw ASGI requests, read within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Receive = Callable[[], Awaitable[Any]]


class TooLong(Exception):
    """The body is over the limit."""


async def read_body(scope: Any, receive: Receive, *, longest: int, patience: float) -> bytes | None:
    """The whole body; None if the sender left in the middle. ``longest`` in bytes, ``patience`` in seconds.

    Raises:
        TooLong: it is over the limit.
        TimeoutError: the sender drips.
    """
    announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if announced.isdigit() and int(announced) > longest:
        raise TooLong
    body = bytearray()
    async with asyncio.timeout(patience):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > longest:
                raise TooLong
            if not message.get("more_body", False):
                return bytes(body)
