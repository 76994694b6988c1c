"""The relay as a process: settings, database, server; a signal ends it in order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import uvicorn

from hmis_pos import logs
from hmis_pos.domain.errors import PosError
from hmis_pos.relay.app import create_app
from hmis_pos.relay.parts import Relay
from hmis_pos.relay.settings import BadSettings, Settings, load
from hmis_pos.relay.settings.addresses import is_live

HOST = "127.0.0.1"
PORT = 8000
#: Seconds that running requests have to end after SIGTERM; a push waits up to 30 s for Daraja.
GRACE = 35

_log = logs.logger("relay.run")


class _Server(uvicorn.Server):
    """Says where it listens, and ends the event streams first, which would otherwise never end."""

    def __init__(self, config: uvicorn.Config, relay: Relay) -> None:
        super().__init__(config)
        self._relay = relay

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, without raising the signal again at the end: an orderly end is exit code 0."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            for one in sockets or []:
                _say(f"relay: listening on {_url(one)}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._relay.feed.close()
        await super().shutdown(sockets)


def run(host: str = HOST, port: int = PORT, *, environ: Mapping[str, str] = os.environ) -> int:
    """Serve until told to stop. Port 0 takes a free one; the real URL is printed on standard output.

    Returns:
        0 after an orderly end, 2 where settings or database do not allow a start, 1 where the server broke.
    """
    try:
        settings = load(environ)
    except BadSettings as e:
        for line in e.problems:
            _complain(line)
        return 2
    logs.configure(settings.log_level)
    warn_of_proxy(settings)
    try:
        return asyncio.run(_serve(settings, host, port))
    except PosError as e:
        _complain(f"{e.message} {e.cure}".strip())
        return 2
    except KeyboardInterrupt:
        return 0


def warn_of_proxy(settings: Settings) -> None:
    """On the live system Safaricom comes through a proxy: unless it is named, all callers have the proxy's address."""
    if is_live(settings.mpesa) and not settings.trusted_proxies:
        _log.warning(
            "HMIS_TRUSTED_PROXIES names no proxy: behind one, Safaricom and strangers have the same address here",
            cure="Name the address of the proxy that ends https for this relay.",
        )


async def _serve(settings: Settings, host: str, port: int) -> int:
    app = create_app(settings)
    relay: Relay = app.state.relay
    await relay.check_schema()
    try:
        listening = _listen(host, port)
    except OSError as e:
        _complain(f"cannot listen on {host}:{port}: {e.strerror or e}. Give another --host or --port.")
        return 2
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # our own line a request holds no secrets
        proxy_headers=False,  # only proxies named in HMIS_TRUSTED_PROXIES are believed, by relay.origin
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=32 * 1024,
    )
    server = _Server(config, relay)
    try:
        await server.serve(sockets=[listening])
    finally:
        listening.close()
    return 0 if server.started else 1


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, since asyncio switches off the wait for fuller packets (40 ms an answer) only where it is told.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(line: str) -> None:
    sys.stderr.write(f"hmis-pos relay: {line}\n")
