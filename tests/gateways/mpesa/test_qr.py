from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hmis_pos.domain.errors import Unavailable
from hmis_pos.domain.money import Money
from hmis_pos.gateways.mpesa.config import TransactionType
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from tests.support.scripted_daraja import ScriptedDaraja, error

#: A picture of one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CODED = base64.b64encode(PNG).decode()


def drawn(code: Any, response: str = "00") -> httpx.Response:
    body = {"ResponseCode": response, "RequestID": "1", "ResponseDescription": "done", "QRCode": code}
    return httpx.Response(200, json={k: v for k, v in body.items() if v is not ...})


@pytest.mark.parametrize("response", ["00", "AG_20260131_1", ""])
@pytest.mark.parametrize("code", [CODED, f"data:image/png;base64,{CODED}", f" {CODED[:40]}\n{CODED[40:]} "])
async def test_the_picture_is_the_success(
    gateway: MpesaGateway, daraja: ScriptedDaraja, response: Any, code: Any
) -> None:
    daraja.script = [drawn(code, response)]
    assert await gateway.qr("INV20931B", Money.whole(1500), 300) == PNG
    (request,) = daraja.requests
    assert request.url.path == "/mpesa/qrcode/v1/generate"
    assert json.loads(request.content) == {
        "MerchantName": "174379",
        "RefNo": "INV20931B",
        "Amount": 1500,
        "TrxCode": "PB",
        "CPI": "174379",
        "Size": "300",
    }


async def test_a_till(build: Callable[..., MpesaGateway], daraja: ScriptedDaraja) -> None:
    daraja.script = [drawn(CODED)]
    till = build(transaction_type=TransactionType.TILL, party_b="600100", qr_name="Mwangaza")
    await till.qr("INV1", Money.whole(5), 300)
    body = json.loads(daraja.requests[0].content)
    assert (body["TrxCode"], body["CPI"], body["MerchantName"]) == ("BG", "600100", "Mwangaza")
    assert (till.pay_to, till.is_till) == ("600100", True)


async def test_a_large_picture_is_not_too_long(gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
    large = PNG[:8] + bytes(200_000) + PNG[8:]
    daraja.script = [drawn(base64.b64encode(large).decode())]
    assert await gateway.qr("INV1", Money.whole(5), 1000) == large


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (drawn(...), "mpesa-unreadable"),
        (drawn(""), "mpesa-unreadable"),
        (drawn(5), "mpesa-unreadable"),
        (drawn("no base64!"), "mpesa-unreadable"),
        (drawn(base64.b64encode(b"GIF89a").decode()), "mpesa-unreadable"),
        (drawn(base64.b64encode(PNG[:-20]).decode()), "mpesa-unreadable"),
        (httpx.Response(200, content=b"<html>"), "mpesa-unreadable"),
        (error(400, "400.002.02", "Bad Request - Invalid Size"), "mpesa-configuration"),
        (httpx.Response(503), "mpesa-no-answer"),
        (httpx.ConnectError, "mpesa-unreachable"),
    ],
    ids=range(10),
)
async def test_no_picture(gateway: MpesaGateway, daraja: ScriptedDaraja, answer: Any, code: Any) -> None:
    daraja.script = [answer]
    with pytest.raises(Unavailable) as caught:
        await gateway.qr("INV1", Money.whole(5), 300)
    assert caught.value.code == code


async def test_cents_cannot_be_asked_for(gateway: MpesaGateway, daraja: ScriptedDaraja) -> None:
    with pytest.raises(Unavailable) as caught:
        await gateway.qr("INV1", Money(550), 300)
    assert (caught.value.code, daraja.requests) == ("mpesa-order", [])
