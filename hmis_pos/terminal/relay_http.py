"""HTTP with the relay: who we are, refreshing tokens, and telling apart "not asked", "refused" and "nobody knows".

httpx is imported on first use, in a thread: it costs a fifth of a second that the first paint does not have.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from hmis_pos.cashier.ports import Clock
from hmis_pos.contract import auth
from hmis_pos.contract.mapping import instant
from hmis_pos.domain.errors import CashierMistake, NotAllowed, OutcomeUnknown, PosError, Unavailable
from hmis_pos.terminal.backoff import Backoff
from hmis_pos.terminal.clock import ServerTime
from hmis_pos.terminal.relay_errors import RUNNING, Unauthorised, away, error_of, unknown

if TYPE_CHECKING:
    import httpx

M = TypeVar("M")
QueryValue = str | int | bool | list[str]
Query = Mapping[str, QueryValue]
#: Called with the bytes sent so far, and of how many.
Told = Callable[[int, int], None]

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
#: Initiating waits for the gateway behind the relay.
PAYMENT_SECONDS = 45.0
#: A write is sent so often at most with one key, and for so long.
WRITE_TRIES = 4
WRITE_PATIENCE = 60.0
#: An access token this close to its end is renewed before it is used.
_RENEW_BEFORE = 20.0
#: A statement of 64 MiB over a slow line, and what the relay does before it answers.
UPLOAD_SECONDS = 180.0
_PIECE = 256 * 1024
_OK = 300
_SECOND = timedelta(seconds=1)


class RelayHttp(QObject):
    """One connection pool and one session.

    Signals:
        reachableChanged(bool): whether the last request got any answer.
        sessionChanged(): signed in, refreshed or signed out; read :attr:`session`.
        signedOut(str): the relay ended the session; why, as a code.
    """

    reachableChanged = Signal(bool)  # noqa: N815 - Qt's style
    sessionChanged = Signal()  # noqa: N815
    signedOut = Signal(str)  # noqa: N815

    def __init__(
        self,
        base_url: str,
        clock: Clock,
        server_time: ServerTime,
        *,
        keep_refresh: Callable[[str], Awaitable[None]] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._server_time = server_time
        self._keep_refresh = keep_refresh
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._refreshing = asyncio.Lock()
        self._session: auth.Session | None = None
        self._expires = 0.0
        self._reachable: bool | None = None
        self.series = ""

    @property
    def session(self) -> auth.Session | None:
        return self._session

    @property
    def reachable(self) -> bool | None:
        """None until the first request."""
        return self._reachable

    async def open(self) -> httpx.AsyncClient:
        """The client; made on first use."""
        async with self._opening:
            if self._client is not None:
                return self._client
            lib = await asyncio.to_thread(importlib.import_module, "httpx")
            timeout = lib.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
            limits = lib.Limits(max_connections=10, keepalive_expiry=20)
            made: httpx.AsyncClient = await asyncio.to_thread(
                lib.AsyncClient, base_url=self._base_url, timeout=timeout, limits=limits, trust_env=False
            )
            self._client = made
            return made

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def read(self, path: str, wanted: type[M], query: Query | None = None) -> M:
        """GET, with the session.

        Raises:
            Unavailable: no answer; nothing was changed, trying again is safe.
            PosError: see :func:`hmis_pos.terminal.relay_errors.error_of`.
        """
        return _decode(await self._signed("GET", path, query=query), wanted)

    async def write(
        self, path: str, message: msgspec.Struct | None, wanted: type[M], *, key: str, seconds: float = READ_SECONDS
    ) -> M:
        """POST with an Idempotency-Key, repeated with the same key while nobody can tell what became of it.

        Raises:
            Unavailable: it never left, or the relay says that nothing was asked of the world.
            OutcomeUnknown: it left, and after some tries nobody can tell. Repeat it with the same key only.
            PosError: the relay's own no.
        """
        body = b"" if message is None else msgspec.json.encode(message)
        return await self.write_raw(path, body, wanted, key=key, seconds=seconds)

    async def write_raw(self, path: str, body: bytes, wanted: type[M], *, key: str, seconds: float = READ_SECONDS) -> M:
        """:meth:`write` of a body that is JSON already."""
        pause = Backoff(0.5, 4.0)
        give_up = time.monotonic() + WRITE_PATIENCE
        doubt: OutcomeUnknown | None = None
        tries = 0
        while True:
            tries += 1
            try:
                return _decode(await self._signed("POST", path, body=body, key=key, seconds=seconds), wanted)
            except OutcomeUnknown as e:
                doubt, wait = e, pause.seconds()
            except PosError as e:
                if e.code == RUNNING:
                    doubt, wait, tries = unknown("the same request is still running"), 1.0, 0
                elif doubt is not None and isinstance(e, Unavailable):
                    wait = pause.seconds()  # an earlier try may have arrived: not asked now is no answer
                elif doubt is not None and isinstance(e, NotAllowed):
                    raise doubt from e  # the session ended meanwhile, which says nothing of the earlier try
                else:
                    raise
            if tries >= WRITE_TRIES or time.monotonic() + wait > give_up:
                raise doubt
            await asyncio.sleep(wait)

    async def upload(self, path: str, file: Path, query: Query, wanted: type[M], *, key: str, told: Told) -> M:
        """POST a file's bytes as they are, read piece by piece. Sent once: the caller asks again with the same key if it wants.

        Args:
            path: of the route.
            file: what to send.
            query: of the request.
            wanted: type of the answer.
            key: Idempotency-Key.
            told: called with the bytes sent so far and the bytes of the whole file.

        Raises:
            CashierMistake: code ``file-unreadable``: this computer cannot read the file.
            OutcomeUnknown: it left, and no answer came.
            PosError: the relay's own no.
        """
        try:
            size = (await asyncio.to_thread(file.stat)).st_size
            source = await asyncio.to_thread(file.open, "rb")
        except OSError as e:
            raise _unreadable(file, e) from e
        with source:
            return _decode(
                await self._signed(
                    "POST", path, content=_Pieces(source, size, told), query=query, key=key, seconds=UPLOAD_SECONDS
                ),
                wanted,
            )

    async def begin_session(self, path: str, message: msgspec.Struct) -> auth.Session:
        """Sign in or refresh, unsigned; keeps the tokens."""
        sent = self._clock.now()
        raw = await self._exchange("POST", path, body=msgspec.json.encode(message), headers={})
        session = _decode(raw, auth.Session)
        self._server_time.heard(
            instant(session.server_time), sent=sent, received=self._clock.now(), resolution=timedelta(milliseconds=1)
        )
        self._session = session
        self._expires = time.monotonic() + session.expires_in
        if self._keep_refresh is not None:
            await self._keep_refresh(session.refresh_token)
        self.sessionChanged.emit()
        return session

    def end_session(self, why: str = "") -> None:
        """Forget the tokens. ``why`` is set where the relay ended it."""
        had = self._session is not None
        self._session = None
        if had:
            self.sessionChanged.emit()
            if why:
                self.signedOut.emit(why)

    async def token(self) -> str:
        """A fresh access token, refreshed first where it is about to end.

        Raises:
            NotAllowed: nobody is signed in, or the relay ended the session.
            Unavailable: a refresh was needed and the relay is away.
        """
        if self._session is None:
            raise NotAllowed("nobody is signed in with the relay", code="not-signed-in", cure="Sign in.")
        if time.monotonic() > self._expires - _RENEW_BEFORE:
            await self.refresh(self._session.access_token)
        return self._session.access_token

    async def refresh(self, stale: str) -> None:
        """Renew the session unless somebody did while we waited for our turn: a refresh token works once."""
        async with self._refreshing:
            if self._session is None:
                raise NotAllowed("the session was ended", code="not-signed-in", cure="Sign in again.")
            if self._session.access_token != stale:
                return
            try:
                await self.begin_session("/api/auth/refresh", auth.Refresh(refresh_token=self._session.refresh_token))
            except NotAllowed as e:
                self.end_session(e.code)
                raise

    def headers(self, token: str) -> dict[str, str]:
        """Who asks: the person by token, the till by its series."""
        who = {"Authorization": f"Bearer {token}"}
        return who | {"X-Terminal": self.series} if self.series else who

    async def _signed(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        content: _Pieces | None = None,
        query: Query | None = None,
        key: str = "",
        seconds: float = 0,
    ) -> bytes:
        token = await self.token()
        for last in (False, True):
            headers = self.headers(token) | ({"Idempotency-Key": key} if key else {})
            try:
                return await self._exchange(
                    method, path, body=body, content=content, query=query, headers=headers, seconds=seconds
                )
            except Unauthorised:
                if last:
                    raise
            await self.refresh(token)
            token = await self.token()
        raise AssertionError  # the second turn returns or raises

    async def _exchange(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        content: _Pieces | None = None,
        query: Query | None = None,
        seconds: float = 0,
    ) -> bytes:
        client = await self.open()
        lib = importlib.import_module("httpx")
        more: dict[str, Any] = {"headers": dict(headers)}
        if body:
            more["content"] = body
            more["headers"]["Content-Type"] = "application/json"
        elif content is not None:
            more["content"] = content
            more["headers"] |= {"Content-Type": "application/octet-stream", "Content-Length": str(content.size)}
        if query:
            more["params"] = {name: _text(value) for name, value in query.items()}
        if seconds:
            more["timeout"] = lib.Timeout(seconds, connect=CONNECT_SECONDS)
        sent = self._clock.now()
        try:
            answer = await client.request(method, path, **more)
        except (lib.ConnectError, lib.ConnectTimeout, lib.PoolTimeout, lib.UnsupportedProtocol) as e:
            self.heard(answered=False)
            raise away(type(e).__name__) from e
        except lib.HTTPError as e:
            self.heard(answered=False)
            raise (unknown(type(e).__name__) if method != "GET" else away(type(e).__name__)) from e
        self.heard(answered=True)
        self._note_time(answer.headers, sent)
        if answer.status_code >= _OK:
            wrote = method != "GET"
            raise error_of(answer.status_code, answer.headers, answer.content, self._clock.now(), wrote=wrote)
        return bytes(answer.content)

    def now(self) -> datetime:
        return self._clock.now()

    def heard(self, *, answered: bool) -> None:
        """Note whether the relay answered."""
        if answered is not self._reachable:
            self._reachable = answered
            self.reachableChanged.emit(answered)

    def _note_time(self, headers: Mapping[str, str], sent: datetime) -> None:
        try:
            server = parsedate_to_datetime(headers.get("date", ""))
        except ValueError:
            return
        if server.tzinfo is not None:
            # A server may keep the text for a second, which itself is cut to the second.
            self._server_time.heard(server, sent=sent, received=self._clock.now(), resolution=2 * _SECOND)


class _Pieces:
    """A file's bytes for a request; each time it is asked for them it begins anew."""

    def __init__(self, source: BinaryIO, size: int, told: Told) -> None:
        self._source = source
        self.size = size
        self._told = told

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.to_thread(self._source.seek, 0)
        sent = 0
        while piece := await asyncio.to_thread(self._source.read, _PIECE):
            yield piece
            sent += len(piece)
            self._told(sent, self.size)


def _unreadable(file: Path, error: OSError) -> CashierMistake:
    return CashierMistake(
        f"{file.name} cannot be read: {error.strerror or error}",
        code="file-unreadable",
        cure="Close it in other programs, or copy it to this computer, and choose it again.",
    )


def _decode(raw: bytes, wanted: type[M]) -> M:
    if wanted is type(None):
        return None  # what the caller asked for
    try:
        return msgspec.json.decode(raw, type=wanted)
    except msgspec.DecodeError as e:
        raise OutcomeUnknown(
            f"the relay's answer cannot be read: {e}",
            code="relay-unreadable",
            cure="Look the payment up; check that HMIS_RELAY_URL points to the relay and both are of one version.",
        ) from e


def _text(value: QueryValue) -> str | list[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, list) else str(value)
