"""Dynamic QR: a picture that the M-Pesa app scans, with the account and the amount filled in."""

from __future__ import annotations

import base64
import binascii

from hmis_pos.domain.errors import CashierMistake, Unavailable
from hmis_pos.domain.money import Money
from hmis_pos.gateways.http import Effect
from hmis_pos.gateways.mpesa import answers, command_codes, wire
from hmis_pos.gateways.mpesa.client import MpesaClient, Post, Reply
from hmis_pos.gateways.mpesa.config import MpesaConfig, TransactionType

PATH = "/mpesa/qrcode/v1/generate"
#: Bytes of an answer with a picture in it.
_LONGEST = 1024 * 1024
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END = b"IEND"
_TRX_CODES = {TransactionType.PAYBILL: "PB", TransactionType.TILL: "BG"}


async def generate(config: MpesaConfig, client: MpesaClient, account: str, amount: Money, pixels: int) -> bytes:
    """Have the picture drawn.

    Raises:
        Unavailable: no usable answer; ``mpesa-order`` where the amount has cents.
    """
    try:
        shillings = wire.to_wire(amount)
    except CashierMistake as mistake:
        raise Unavailable(mistake.message, code="mpesa-order", cure=mistake.cure) from mistake
    body = {
        "MerchantName": config.qr_name or config.shortcode,
        "RefNo": account,
        "Amount": shillings,
        "TrxCode": _TRX_CODES[config.transaction_type],
        "CPI": config.receiver,
        "Size": str(pixels),
    }
    reply = await client.post(
        Post(name="mpesa.qr", path=PATH, body=lambda: body, effect=Effect.READS, about={}, longest=_LONGEST)
    )
    return _picture(reply)


def _picture(reply: Reply) -> bytes:
    """Success is that there is a QRCode: the ResponseCode may be 00 or an id."""
    if not reply.ok or reply.fields is None:
        raise answers.refused(reply, command_codes.of_error(reply.status, *reply.error), about="a QR request")
    given = reply.fields.get("QRCode")
    if not isinstance(given, str) or not given.strip():
        raise answers.no_use(reply, "mpesa-unreadable", "it holds no QRCode", about="a QR request")
    encoded = "".join(given.split())
    if encoded.startswith("data:"):
        encoded = encoded.partition(",")[2]
    try:
        picture = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        picture = b""
    if not picture.startswith(_SIGNATURE) or _END not in picture[-16:]:
        raise answers.no_use(reply, "mpesa-unreadable", "its QRCode is no PNG", about="a QR request")
    return picture
