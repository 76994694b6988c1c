"""Where a request came from, when proxies stand between.

The header ``X-Forwarded-For`` is a claim. Only hops that a proxy named in the settings added are believed: the client is the
right-most address that is not such a proxy, never the left-most, which the client wrote itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from hmis_pos.relay.settings import Network


def client_address(scope: Any, trusted: Sequence[Network]) -> str:
    """The address of the client of an ASGI scope; empty where there is none (a Unix socket)."""
    client = scope.get("client")
    peer = str(client[0]) if client else ""
    if not trusted or not is_within(peer, trusted):
        return peer
    hops = [
        hop.strip()
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for hop in value.decode("latin-1").split(",")
    ]
    for hop in reversed(hops):
        if not _is_address(hop):
            return peer  # a trusted proxy writes addresses; whatever this is, it names nobody
        if not is_within(hop, trusted):
            return str(hop)
    return peer


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks; text that is no address never is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed.version == network.version and parsed in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
