"""One line a request, its number in every line and in the answer; and the headers every answer carries."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hmis_pos import logs
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.parts import refuse_nul
from hmis_pos.relay.settings.addresses import PREFIX

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_log = logs.logger("relay.requests")


class QueryGuard:
    """Refuses a NUL character in a query before anybody reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if b"%00" in scope["query_string"]:
            refuse_nul("\x00", "query")
        await self._app(scope, receive, send)


class RequestLog:
    """Around everything, also addresses that are none."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex[:16]
        scope.setdefault("state", {})["request_id"] = number
        began, status = time.perf_counter(), 0
        shown = _shown(scope)  # now: routing cuts the callback's prefix off, and its token would stand in the log

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", []))
                headers.append((HEADER.lower().encode(), number.encode()))
                headers.extend(_SAFE)
                if not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        with logs.bound(request_id=number):
            try:
                await self._app(scope, receive, marked)
            finally:
                self._metrics.requests.labels(scope["method"], f"{status // 100}xx").inc()
                _log.info(
                    "request",
                    method=scope["method"],
                    path=shown,
                    status=status,
                    ms=round((time.perf_counter() - began) * 1000, 1),
                )


def _shown(scope: Any) -> str:
    """The path without secrets: a callback's token is one."""
    path = str(scope["path"])
    return f"{PREFIX}/…" if path.startswith(PREFIX) else path
