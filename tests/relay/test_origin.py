"""Whose word counts about where a request came from."""

import ipaddress

import pytest

from hmis_pos.relay.origin import client_address, is_within

PROXY = (ipaddress.ip_network("10.0.0.0/8"),)


def scope(peer: str, *forwarded: str) -> dict[str, object]:
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded]}


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("203.0.113.9", ("196.201.214.200",), (), "203.0.113.9"),  # nobody is trusted: the header is a claim
        ("203.0.113.9", ("196.201.214.200",), PROXY, "203.0.113.9"),  # the peer is not the proxy
        ("10.0.0.1", ("196.201.214.200, 203.0.113.9",), PROXY, "203.0.113.9"),  # right-most, not left-most
        ("10.0.0.1", ("196.201.214.200", "203.0.113.9, 10.0.0.2"), PROXY, "203.0.113.9"),
        ("10.0.0.1", ("nonsense",), PROXY, "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.9, nonsense",), PROXY, "10.0.0.1"),
        ("10.0.0.1", (), PROXY, "10.0.0.1"),
        ("10.0.0.1", ("10.0.0.5",), PROXY, "10.0.0.1"),
        ("::ffff:10.0.0.1", ("203.0.113.9",), PROXY, "203.0.113.9"),
    ],
)
def test_the_client_is_the_right_most_hop_nobody_named(peer, forwarded, trusted, client):
    assert client_address(scope(peer, *forwarded), trusted) == client


def test_no_address_is_within_nothing():
    assert not is_within("", PROXY)
    assert not is_within("10.0.0.1", ())
    assert client_address({"client": None, "headers": []}, PROXY) == ""
