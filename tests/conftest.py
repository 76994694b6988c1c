"""What every test needs before anything else is imported."""

import functools
import os

import httpx

# Qt reads it when the first application is made: tests need no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Each of our thousands of short-lived clients would read all authorities of the Web anew (32 ms), to talk plain HTTP.
_transport = httpx._transports.default
_transport.create_ssl_context = functools.cache(_transport.create_ssl_context)  # type: ignore[attr-defined]
