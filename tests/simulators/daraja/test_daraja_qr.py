"""Dynamic QR: a real picture, its checks, and both forms of the answer."""

import base64
import struct
from typing import Any

import httpx
import pytest

from hmis_pos.simulators.daraja.qr import qr_png, qr_text
from tests.support.daraja_till import Open, Till


async def drawn(till: Till, **changed: Any) -> httpx.Response:
    body = {
        "MerchantName": "MWANGAZA COUNTY HOSPITAL",
        "RefNo": "INV-20931",
        "Amount": 1500,
        "TrxCode": "PB",
        "CPI": "174379",
        "Size": "300",
    }
    return await till.call("/mpesa/qrcode/v1/generate", **(body | changed))


async def test_a_code_that_can_be_scanned(open_till: Open) -> None:
    till = await open_till()
    answer = (await drawn(till)).json()
    assert (answer["ResponseCode"], answer["ResponseDescription"]) == ("00", "QR Code Successfully Generated.")
    assert answer["RequestID"]
    picture = base64.b64decode(answer["QRCode"], validate=True)
    assert picture.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert 200 < width == height <= 300
    assert picture == qr_png(qr_text("PB", "174379", "INV-20931", "1500", "MWANGAZA COUNTY HOSPITAL"), 300)


async def test_the_response_code_may_be_an_id(open_till: Open) -> None:
    till = await open_till(qr_response="id")
    answer = (await drawn(till)).json()
    assert answer["ResponseCode"].startswith("AG_")
    assert answer["QRCode"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"MerchantName": ""}, "MerchantName"),
        ({"RefNo": None}, "RefNo"),
        ({"Amount": 0}, "Amount"),
        ({"Amount": "1.50"}, "Amount"),
        ({"Amount": 250001}, "Amount"),
        ({"TrxCode": "XX"}, "TrxCode"),
        ({"CPI": "254712345678"}, "CPI"),
        ({"TrxCode": "SM"}, "CPI"),
        ({"Size": "big"}, "Size"),
        ({"Size": "5000"}, "Size"),
    ],
)
async def test_what_is_refused(open_till: Open, changed: Any, field: str) -> None:
    till = await open_till()
    answer = await drawn(till, **changed)
    assert (answer.status_code, answer.json()["errorMessage"]) == (400, f"Bad Request - Invalid {field}")


@pytest.mark.parametrize(
    ("code", "payee"), [("BG", "555111"), ("WA", "123456"), ("SB", "600000"), ("SM", "254712345678")]
)
async def test_every_kind_of_payee(open_till: Open, code: str, payee: str) -> None:
    till = await open_till()
    assert (await drawn(till, TrxCode=code, CPI=payee)).json()["QRCode"]


async def test_faults(open_till: Open) -> None:
    till = await open_till()
    till.daraja.fail("qr", "no_product", "invalid:CPI", "unavailable")
    assert [(await drawn(till)).status_code for _ in range(4)] == [401, 400, 503, 200]
