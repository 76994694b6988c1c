"""Addresses: where Safaricom reaches the relay, from where it calls, which proxies and web pages are believed."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

from hmis_pos.gateways.mpesa.config import PRODUCTION, MpesaConfig
from hmis_pos.gateways.mpesa.urls import problem
from hmis_pos.relay.settings.reader import Reader

#: Where gateways post at our address; the token follows.
PREFIX = "/cb"
#: What follows the Paybill's token where a payment is to be validated.
CHECK = "check"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Source addresses of Safaricom's callbacks as commonly published (Daraja section 11); undated, so only a second opinion.
SAFARICOM = (
    "196.201.214.200,196.201.214.206,196.201.214.207,196.201.214.208,196.201.213.114,196.201.213.44,196.201.212.127,"
    "196.201.212.128,196.201.212.129,196.201.212.132,196.201.212.136,196.201.212.138,196.201.212.69,196.201.212.74"
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Foreign(StrEnum):
    """What becomes of a callback with a right token from an address we do not know."""

    HINT = "hint"  #: it is stored, and counts once Safaricom, asked by us, agrees
    DROP = "drop"  #: it is turned away; an alert is all that is kept


def is_live(mpesa: MpesaConfig | None) -> bool:
    return mpesa is not None and host_of(mpesa.api_url) == host_of(PRODUCTION)


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def read_public_base_url(read: Reader, mpesa: MpesaConfig | None) -> str:
    name, text = "PUBLIC_BASE_URL", read.text("PUBLIC_BASE_URL").rstrip("/")
    if not text:
        if mpesa is not None:
            read.wrong(name, "it is missing: the address under which Safaricom reaches this relay, https://…")
        return "http://127.0.0.1:8000"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        read.wrong(name, f"{text!r} is not a URL")
        return text
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or parts.username:
        read.wrong(name, f"{text!r} is not an address such as https://pay.hospital.example")
        return text
    live = is_live(mpesa)
    if live and (parts.scheme != "https" or is_private(host)):
        read.wrong(name, "the live M-Pesa system needs a public https address")
    elif why := problem(text, live=live):
        read.wrong(name, f"it {why}: use another host name or path")
    return text


def is_private(host: str) -> bool:
    if host in LOOPBACK or host.endswith((".local", ".localhost", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def origin(text: str) -> str:
    example = "give origins such as https://hmis.hospital.example, separated by commas"
    if text == "*":
        raise ValueError(f"* would let every web page call the relay; {example}")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{text!r} is not an origin; {example}") from None
    if parts.scheme not in {"http", "https"} or not host or parts.path not in {"", "/"} or parts.query:
        raise ValueError(f"{text!r} is not an origin; {example}")
    return f"{parts.scheme}://{parts.netloc}".lower()


def network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address or network such as 10.0.0.0/8") from None


def read_callback_allow(read: Reader, mpesa: MpesaConfig | None) -> tuple[Network, ...]:
    text = read.text("HMIS_CALLBACK_ALLOW")
    if text.lower() == "any":
        return ()
    return read.listed("HMIS_CALLBACK_ALLOW", network, default=SAFARICOM if is_live(mpesa) else "")
