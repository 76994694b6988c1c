"""Run a simulator on a port and say where it listens."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import uvicorn

from hmis_pos.simulators.asgi import App


class CannotListen(Exception):
    """The address is taken or not ours; the message is one line for a person."""


class _Server(uvicorn.Server):
    """uvicorn that says when it listens, and ends hanging requests before it waits for them."""

    def __init__(self, app: App, listening: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        super().__init__(config)
        self._app = app
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._app.stop()
        await super().shutdown(sockets=sockets)


def _bind(host: str, port: int) -> tuple[socket.socket, str]:
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise CannotListen(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --port"
        ) from error
    # asyncio leaves Nagle on for a socket made like this, and every answer would wait 40 ms for the caller's ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener, f"http://{host}:{listener.getsockname()[1]}"


async def serve(app: App, host: str = "127.0.0.1", port: int = 0) -> None:
    """Serve until SIGINT or SIGTERM. Prints the URL, with the real port, once it listens.

    Raises:
        CannotListen: the address cannot be used.
    """
    listener, url = _bind(host, port)
    server = _Server(app, lambda: print(url, flush=True))  # noqa: T201  the line callers wait for
    with listener:
        await server.serve(sockets=[listener])


def run(app: App, host: str = "127.0.0.1", port: int = 0) -> None:
    """`serve` in a loop of its own.

    Raises:
        CannotListen: the address cannot be used.
    """
    # uvicorn hands a Ctrl-C on after it has stopped in good order; there is nothing left to say.
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(app, host, port))


@asynccontextmanager
async def serving(app: App, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve inside the running loop for as long as the context is open; gives the base URL."""
    listener, url = _bind(host, port)
    listening = asyncio.Event()
    server = _Server(app, listening.set)
    with listener:
        task = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
        waiting = asyncio.get_running_loop().create_task(listening.wait())
        try:
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
                raise CannotListen(f"the simulator did not start on {url}")
            yield url
        finally:
            waiting.cancel()
            server.should_exit = True
            await task
