"""What every test needs before anything else is imported."""

import functools
import gc
import os

import httpx

# Qt reads it when the first application is made: tests need no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Each of our thousands of short-lived clients would read all authorities of the Web anew (32 ms), to talk plain HTTP.
_transport = httpx._transports.default
_transport.create_ssl_context = functools.cache(_transport.create_ssl_context)  # type: ignore[attr-defined]

#: A collection of everything costs a fifth of a second.
_WHOLE_EVERY = 100
_ended = 0


def pytest_collection_finish() -> None:
    """Garbage is collected between tests, in this thread, as in the terminal (``hmis_pos.terminal.garbage``): a server's thread
    must not be the one that destroys another test's window."""
    gc.collect()
    gc.freeze()
    gc.disable()


def pytest_runtest_logfinish() -> None:
    global _ended  # noqa: PLW0603 - the hooks of a conftest share nothing else
    _ended += 1
    gc.collect(2 if _ended % _WHOLE_EVERY == 0 else 1)
