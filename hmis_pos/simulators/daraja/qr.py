"""Dynamic QR: a picture that a customer's phone can scan instead of typing paybill, account and amount."""

import base64
import io
import re

import segno

from hmis_pos.simulators.asgi import Answer, Request, json_response
from hmis_pos.simulators.daraja.desk import Desk, Endpoint
from hmis_pos.simulators.daraja.errors import invalid
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.validation import MSISDN, SHORTCODE, matching, read_body, text

# Buy Goods, withdraw at an agent, Paybill, send money, send to a business.
TRX_CODES = ("BG", "WA", "PB", "SM", "SB")
SMALLEST, LARGEST = 21, 1000


class QrDesk(Desk):
    """Draws the codes. What the real ones hold is not public; ours hold the fields, one after the other."""

    def __init__(self, state: State, tokens: TokenDesk) -> None:
        self._state = state
        self._tokens = tokens

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (Endpoint("qr", "POST", "/mpesa/qrcode/v1/generate", self.generate),)

    async def generate(self, request: Request) -> Answer:
        """`POST /mpesa/qrcode/v1/generate`."""
        config = self._state.config
        self._tokens.check(request)
        body = read_body(request, "MerchantName")
        merchant, reference = text(body, "MerchantName"), text(body, "RefNo")
        amount = matching(body, "Amount", re.compile(r"[1-9][0-9]{0,8}"))
        if int(amount) > config.max_amount:
            raise invalid("Amount")
        code = text(body, "TrxCode")
        if code not in TRX_CODES:
            raise invalid("TrxCode")
        payee = matching(body, "CPI", MSISDN if code == "SM" else SHORTCODE)
        size = int(matching(body, "Size", re.compile(r"[0-9]{1,4}")))
        if not SMALLEST <= size <= LARGEST:
            raise invalid("Size")
        digits = "".join(self._state.rng.choices("0123456789abcdef", k=20))
        picture = base64.b64encode(qr_png(qr_text(code, payee, reference, amount, merchant), size)).decode()
        self._state.journal.record("qr_made", code=code, payee=payee, reference=reference)
        return json_response(
            {
                "ResponseCode": "00" if config.qr_response == "00" else f"AG_20260131_{digits}",
                "RequestID": f"16738-{int(digits, 16) % 10**8:08d}-1",
                "ResponseDescription": "QR Code Successfully Generated.",
                "QRCode": picture,
            }
        )


def qr_text(code: str, payee: str, reference: str, amount: str, merchant: str) -> str:
    """Return what a code of ours holds."""
    return f"{code}|{payee}|{reference}|{amount}|{merchant}"


def qr_png(content: str, size: int) -> bytes:
    """Return a PNG at most `size` pixels wide, quiet zone included, or as small as its squares allow."""
    symbol = segno.make_qr(content, error="m")
    scale = max(1, size // symbol.symbol_size()[0])
    picture = io.BytesIO()
    symbol.save(picture, kind="png", scale=scale)
    return picture.getvalue()
