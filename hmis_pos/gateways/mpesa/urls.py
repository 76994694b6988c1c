"""Telling Safaricom, once in the life of a shortcode, where it confirms what customers pay.

In production a second registration is refused; two people on the organisation portal have to delete the first. So the
addresses are checked here before anything is asked, and secrets rotate inside them (relay/settings.py).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from hmis_pos.domain.errors import Misconfigured, OutcomeUnknown
from hmis_pos.gateways.http import Effect
from hmis_pos.gateways.mpesa import answers, command_codes, wire
from hmis_pos.gateways.mpesa.client import MpesaClient, Post, Reply
from hmis_pos.gateways.mpesa.config import PRODUCTION, MpesaConfig
from hmis_pos.gateways.mpesa.results import SUCCESS, Standing

PATH = "/mpesa/c2b/v2/registerurl"

#: Refused by Safaricom in any case, anywhere in an address (Daraja section 4).
REFUSED_WORDS = ("m-pesa", "mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
#: Refused as hosts in production.
_REFUSED_HOSTS = ("ngrok", "requestbin", "mockbin", "localhost")


class ResponseType(StrEnum):
    """What happens to a payment when our validation address does not answer."""

    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Safaricom took the addresses. ``originator`` is its id for the request."""

    originator: str
    text: str


async def register(
    config: MpesaConfig, client: MpesaClient, confirmation: str, validation: str, response_type: ResponseType
) -> Registered:
    """Register the two addresses (version 2: phone numbers come masked).

    Raises:
        Misconfigured: an address that Safaricom refuses (``url-refused``, nothing was asked), addresses registered before
            (``urls-registered``) or held by another system (``urls-held-elsewhere``), a setting refused
            (``mpesa-configuration``).
        Unavailable: nothing was registered; try again.
        OutcomeUnknown: it may have been registered.
    """
    live = config.base_url.casefold() == PRODUCTION
    for name, url in (("confirmation", confirmation), ("validation", validation)):
        if why := problem(url, live=live):
            raise Misconfigured(
                f"the {name} address {url} {why}; nothing was asked", code="url-refused", cure="Change PUBLIC_BASE_URL."
            )
    body = {
        "ShortCode": config.shortcode,
        "ResponseType": response_type.value,
        "ConfirmationURL": confirmation,
        "ValidationURL": validation,
    }
    # It moves no money, but is sent once for the same reason: a repeat of what worked is answered "already registered".
    reply = await client.post(
        Post(name="mpesa.register", path=PATH, body=lambda: body, effect=Effect.MOVES_MONEY, about={})
    )
    return _read(reply)


def problem(url: str, *, live: bool) -> str:
    """Why Safaricom would refuse an address; empty where it would not.

    Args:
        url: to look at.
        live: production has more rules: https, and a public host with a name.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return "is no address"
    if parts.scheme not in {"http", "https"} or not host:
        return "is no http(s) address"
    word = next((word for word in REFUSED_WORDS if word in url.casefold()), None)
    if word is not None:
        return f"contains {word!r}, which Safaricom refuses"
    if not live:
        return ""
    if parts.scheme != "https":
        return "is not https, which the live system demands"
    if any(name in host for name in _REFUSED_HOSTS):
        return "is on a host that the live system refuses"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "" if "." in host else "is on a host that is not public"
    return "is a bare IP address; the live system wants a host name"


def _read(reply: Reply) -> Registered:
    if reply.ok and reply.fields is not None:
        text = wire.text_of(reply.fields.get("ResponseDescription"))
        if wire.text_of(reply.fields.get("ResponseCode"), wire.MAX_CODE) != SUCCESS:
            raise _unknown(f"{reply.words}; {text or 'no ResponseCode'}")
        # The first spelling is Safaricom's own.
        ids = (reply.fields.get(name) for name in ("OriginatorCoversationID", "OriginatorConversationID"))
        return Registered(originator=next((wire.text_of(i, wire.MAX_ID) for i in ids if i), ""), text=text)
    words = reply.error[1].casefold()
    if "already registered" in words:
        raise Misconfigured(
            f"addresses are registered for this shortcode already ({reply.words})",
            code="urls-registered",
            cure="If they are other ones, two operators delete them on the Daraja portal (Self Services, URL Management); "
            "then register again.",
        )
    if "duplicate notification" in words:
        raise Misconfigured(
            f"another system holds the addresses of this shortcode ({reply.words})",
            code="urls-held-elsewhere",
            cure="Ask apisupport@safaricom.co.ke to release them from the old aggregator or broker platform.",
        )
    row = command_codes.of_error(reply.status, *reply.error)
    if row is None or row.standing is Standing.UNKNOWN:
        raise _unknown(reply.words)
    error = answers.refused(reply, row, about="the registration")
    if error.code == "mpesa-configuration":
        raise Misconfigured(error.message, code=error.code, cure="Correct the setting it names, then register again.")
    raise error


def _unknown(why: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"the addresses may have been registered: {why}",
        code="mpesa-no-answer",
        cure='Register again; "already registered" then means that it had worked.',
    )
