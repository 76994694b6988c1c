"""The least of ASGI that a misbehaving provider needs: routes, answers, and ways of not answering.

A web framework is built to answer well. A simulator must also hang until the caller gives up and tear the connection
down in the middle, so it speaks ASGI itself.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from hmis_pos.simulators import exact_json

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, its body already read."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that is sent. `after` runs once it has left, or once the caller is known to be gone."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer: the connection stays open until the caller leaves or the simulator stops."""


@dataclass(frozen=True, slots=True)
class Reset:
    """No answer: the connection is torn down with a TCP reset."""


Answer = Response | Hang | Reset
Handler = Callable[[Request], Awaitable[Answer]]


def json_response(
    value: Any,
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
    after: Callable[[], None] | None = None,
) -> Response:
    return Response(status, exact_json.write(value).encode(), headers=headers or {}, after=after)


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path; `{name}` stands for one segment and reaches the handler in `Request.args`."""

    method: str
    path: str
    handler: Handler

    def match(self, path: str) -> dict[str, str] | None:
        """Return the named segments when `path` is this route's, else None."""
        mine, theirs = self.path.split("/"), path.split("/")
        if len(mine) != len(theirs):
            return None
        args: dict[str, str] = {}
        for want, got in zip(mine, theirs, strict=True):
            if want.startswith("{") and got:
                args[want[1:-1]] = got
            elif want != got:
                return None
        return args


class App:
    """Routes requests, and lets an answer be withheld.

    Args:
        routes: what is served.
        missing: answers a path that no route has.
        wrong_method: answers a path that only other methods have.
        stop: awaited when the server goes down; must end every waiting handler.
        start: awaited before the first request.
        stopping: set when the server goes down; ends every `Hang`.
    """

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        missing: Handler,
        wrong_method: Handler,
        stop: Callable[[], Awaitable[None]],
        stopping: asyncio.Event,
        start: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._routes = tuple(routes)
        self._missing = missing
        self._wrong_method = wrong_method
        self._stopping = stopping
        self.stop = stop
        self.start = start

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        if self.start is not None:
            await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _read(scope, receive)
        if request is None:
            return
        answer = await self.answer(request)
        if isinstance(answer, Response):
            await _send(answer, send)
        elif isinstance(answer, Hang):
            await self._hang(receive)
        else:
            await _reset(receive)

    async def answer(self, request: Request) -> Answer:
        """Return what the request gets; the sending, or not sending, is left to the caller."""
        known_path = False
        for route in self._routes:
            args = route.match(request.path)
            if args is None:
                continue
            known_path = True
            if route.method == request.method:
                return await route.handler(
                    Request(
                        request.method,
                        request.path,
                        request.query,
                        request.headers,
                        request.body,
                        args,
                    )
                )
        return await (self._wrong_method if known_path else self._missing)(request)

    async def _hang(self, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        gone = loop.create_task(_disconnected(receive))
        stopped = loop.create_task(self._stopping.wait())
        try:
            await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            stopped.cancel()
        await _reset(receive)


async def _read(scope: Scope, receive: Receive) -> Request | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers={k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]},
        body=bytes(body),
    )


async def _send(answer: Response, send: Send) -> None:
    headers = {"content-type": answer.content_type, "content-length": str(len(answer.body))}
    headers |= {name.lower(): value for name, value in answer.headers.items()}
    try:
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": answer.body})
    finally:
        if answer.after is not None:
            answer.after()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _reset(receive: Receive) -> None:
    """Tear the connection down as a failing network does.

    ASGI has no word for it, so this reaches uvicorn's transport through the bound `receive`.

    Raises:
        ConnectionResetError: there is no socket (an in-process client); the caller sees the error itself.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the simulator reset the connection")
    connection = transport.get_extra_info("socket")
    if connection is not None:
        # Linger zero: closing sends RST instead of FIN. The peer may already have closed it.
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _disconnected(receive)
