"""Pull Transactions: the list of what customers paid to the shortcode in the last 48 hours, for callbacks that were lost.

Read with tolerance (a list inside a list or a flat one, keys in any case); a row that cannot be read is told and loses nothing
else. Rows are matched by their receipt, never by time: what a ``Z`` behind a time means nobody has proven.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hmis_pos.cashier.ports_mobile_money import FeedPage
from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.payment import normal_receipt
from hmis_pos.gateways.http import Effect
from hmis_pos.gateways.mpesa import answers, command_codes, wire
from hmis_pos.gateways.mpesa.c2b import PROVIDER
from hmis_pos.gateways.mpesa.client import MpesaClient, Post, Reply
from hmis_pos.gateways.mpesa.config import MpesaConfig

#: Without the prefix /mpesa that all others have.
REGISTER_PATH = "/pulltransactions/v1/register"
QUERY_PATH = "/pulltransactions/v1/query"

_DONE, _NONE = "1000", "1001"  #: registered or listed; registered before, or nothing to list
_NOTHING = "no available transactions"
#: Bytes of a page: some thousand rows. The sample has pages of 100.
_LONGEST = 2 * 1024 * 1024
_DEEP = 3
#: What stands as sender where there is no name.
_NO_NAME = "MPESA"
#: Rows have whole seconds, windows need not.
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What was asked for."""

    since: datetime
    until: datetime
    offset: int
    heard_at: datetime
    shortcode: str


async def register(config: MpesaConfig, client: MpesaClient, callback_url: str) -> str:
    """Register the shortcode for pulls; registered before is as good. Returns Safaricom's words.

    Raises:
        Misconfigured: there is no nominated number.
        Unavailable: no usable answer.
    """
    if not config.pull_phone:
        raise Misconfigured(
            "MPESA_PULL_PHONE: it is missing, so the shortcode cannot be registered for pulls",
            cure="Set it to the Safaricom number that is nominated for the shortcode, not the shortcode itself.",
        )
    body = {
        "ShortCode": config.shortcode,
        "RequestType": "Pull",
        "NominatedNumber": phones.normalise(config.pull_phone),
        "CallBackURL": callback_url,
    }
    # A repeat of what worked is answered 1001, which is as good; so it may be repeated.
    reply = await client.post(
        Post(name="mpesa.pull-register", path=REGISTER_PATH, body=lambda: body, effect=Effect.READS, about={})
    )
    about = "the registration for pulls"
    fields = _fields(reply, about)
    status = wire.text_of(fields.get("responsestatus") or fields.get("responsecode"), wire.MAX_CODE)
    text = wire.text_of(fields.get("responsedescription") or fields.get("responsemessage"))
    if status not in {_DONE, _NONE}:
        raise answers.no_use(reply, "mpesa-unreadable", f"status {status or 'missing'} {text}", about=about)
    return text or status


async def query(config: MpesaConfig, client: MpesaClient, window: Window) -> FeedPage:
    """Ask for a page.

    Raises:
        Unavailable: no usable answer.
    """
    body = {
        "ShortCode": config.shortcode,
        "StartDate": _local(window.since),
        "EndDate": _local(window.until),
        "OffSetValue": str(window.offset),
    }
    reply = await client.post(
        Post(
            name="mpesa.pull",
            path=QUERY_PATH,
            body=lambda: body,
            effect=Effect.READS,
            about={"offset": str(window.offset)},
            longest=_LONGEST,
        )
    )
    if _NOTHING in reply.error[1].casefold():
        return FeedPage(payments=(), rows=0)
    fields = _fields(reply, "a pull")
    code = wire.text_of(fields.get("responsecode"), wire.MAX_CODE)
    if code not in {_DONE, _NONE}:
        text = wire.text_of(fields.get("responsemessage"))
        raise answers.no_use(reply, "mpesa-unreadable", f"ResponseCode {code or 'missing'} {text}", about="a pull")
    listed = fields.get("response")
    if code == _DONE and not isinstance(listed, list):
        raise answers.no_use(reply, "mpesa-unreadable", "it holds no list", about="a pull")
    return read_page(listed if isinstance(listed, list) else [], window)


def read_page(listed: list[Any], window: Window) -> FeedPage:
    """Read the rows of a page, flat or nested. Never raises: a bad row is told.

    A row that stands twice counts once, for the next page is asked by a count of rows: one too many would skip a payment.
    """
    payments: list[ProviderMoney] = []
    unreadable: list[str] = []
    rows = list({repr(row): row for row in _flat(listed, _DEEP)}.values())
    for number, row in enumerate(rows, start=window.offset):
        try:
            payments.append(_payment(row, window))
        except ValueError as error:
            unreadable.append(f"row {number}: {error}")
    return FeedPage(payments=tuple(payments), rows=len(rows), unreadable=tuple(unreadable))


def _flat(listed: list[Any], deep: int) -> list[Any]:
    found: list[Any] = []
    for item in listed:
        if isinstance(item, list) and deep:
            found.extend(_flat(item, deep - 1))
        else:
            found.append(item)
    return found


def _payment(row: object, window: Window) -> ProviderMoney:
    if not isinstance(row, dict):
        raise ValueError(f"{wire.clean(repr(row), 40)} is no payment")  # noqa: TRY004 - junk, not a caller's bug
    fields = _folded(row)
    receipt = normal_receipt(wire.identifier(fields.get("transactionid"), "transactionId", wire.MAX_RECEIPT))
    if not receipt:
        raise ValueError("transactionId is missing")
    if fields.get("amount") is None:
        raise ValueError(f"{receipt} names no amount")
    try:
        amount = wire.from_wire(fields["amount"])
    except ValueError as error:
        raise ValueError(f"{receipt}: {error}") from error
    sender = wire.text_of(fields.get("sender"))
    return ProviderMoney(
        provider=PROVIDER,
        source=Source.PULL,
        receipt_no=receipt,
        amount=amount,
        observed_at=window.heard_at,
        account=wire.text_of(fields.get("billreference")),
        payer_name="" if sender.upper() == _NO_NAME else sender,
        payer_phone=wire.text_of(fields.get("msisdn")),
        shortcode=window.shortcode,
        kind=wire.text_of(fields.get("transactiontype")),
        paid_at=_paid_at(wire.text_of(fields.get("trxdate")), window),
    )


def _paid_at(text: str, window: Window) -> datetime | None:
    """A row's time. With a ``Z`` it is UTC or, as everything else of Safaricom's, EAT: whichever lies in the window asked for.

    None where both do, or neither: the time only informs, and a wrong one would mislead.
    """
    if not text.endswith(("Z", "z")):
        return wire.read_time(text)
    read = (wire.read_time(f"{text[:-1]}+00:00"), wire.read_time(text[:-1]))
    since, until = window.since - _SECOND, window.until + _SECOND
    inside = [time for time in read if time is not None and since <= time <= until]
    return inside[0] if len(inside) == 1 else None


def _local(at: datetime) -> str:
    """``YYYY-MM-DD HH:mm:ss`` in EAT."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(wire.EAT).strftime("%Y-%m-%d %H:%M:%S")


def _fields(reply: Reply, about: str) -> Mapping[str, Any]:
    if not reply.ok or reply.fields is None:
        raise answers.refused(reply, command_codes.of_error(reply.status, *reply.error), about=about)
    return _folded(reply.fields)


def _folded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Keys in lower case without spaces; the first of two that become one wins."""
    found: dict[str, Any] = {}
    for key, value in fields.items():
        found.setdefault("".join(key.split()).casefold(), value)
    return found
