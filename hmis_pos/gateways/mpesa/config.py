"""What a hospital sets about its M-Pesa shortcode."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

SANDBOX = "https://sandbox.safaricom.co.ke"
PRODUCTION = "https://api.safaricom.co.ke"

_SHORTCODE = re.compile(r"\d{5,7}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class TransactionType(StrEnum):
    """Where the money goes: the field TransactionType of a push."""

    PAYBILL = "CustomerPayBillOnline"
    TILL = "CustomerBuyGoodsOnline"


def is_header_text(text: str) -> bool:
    """Whether it can stand behind ``Bearer``: visible ASCII, no spaces."""
    return bool(text) and all("!" <= letter <= "~" for letter in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaConfig:
    """The merchant at Daraja. Build it from settings, then ask :meth:`problems`.

    ``api_url`` is a base URL or the full STK URL, whose scheme and host are taken. Either ``consumer_key`` and
    ``consumer_secret``, or a fixed ``access_token``. ``shortcode`` is the paybill number or, for tills, the store (head
    office) number used at go-live; ``party_b`` is who gets the money: empty for the paybill itself, else the till number.
    Limits in whole shillings; Safaricom's own are 1 and 250,000 and have changed before.
    """

    api_url: str
    shortcode: str
    passkey: str = field(repr=False)
    consumer_key: str = field(default="", repr=False)
    consumer_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    transaction_type: TransactionType = TransactionType.PAYBILL
    party_b: str = ""
    minimum: int = 1
    maximum: int = 250_000

    def __post_init__(self) -> None:
        # People paste these with a space or a line end, which Daraja answers with "Wrong credentials".
        for name in ("api_url", "shortcode", "passkey", "consumer_key", "consumer_secret", "access_token", "party_b"):
            object.__setattr__(self, name, getattr(self, name).strip())

    @property
    def base_url(self) -> str:
        """Scheme and host of ``api_url``, without a slash at the end."""
        parts = urlsplit(self.api_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def receiver(self) -> str:
        """PartyB of a push."""
        return self.party_b or self.shortcode

    @property
    def shortcodes(self) -> frozenset[str]:
        """The numbers under which money for us may be confirmed."""
        return frozenset({self.shortcode, self.receiver})

    def problems(self) -> list[str]:
        """Everything wrong with it, a line each that begins with the setting's name. Holds no secret."""
        return [*self._address_problems(), *self._merchant_problems(), *self._key_problems()]

    def _address_problems(self) -> list[str]:
        example = f"give {SANDBOX}, {PRODUCTION} or the STK URL below one of them"
        try:
            parts = urlsplit(self.api_url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            return [f"MPESA_API_URL: {self.api_url!r} is not a URL; {example}"]
        if parts.username is not None or parts.password is not None:
            return [f"MPESA_API_URL: a user name or password does not belong into it; {example}"]
        if parts.scheme not in {"http", "https"} or not host:
            return [f"MPESA_API_URL: {self.api_url!r} is not an http(s) URL; {example}"]
        if parts.scheme == "http" and host not in _LOOPBACK:
            return [f"MPESA_API_URL: {self.api_url!r} would send the keys in clear text; use https"]
        return []

    def _merchant_problems(self) -> list[str]:
        found = []
        if not _SHORTCODE.fullmatch(self.shortcode):
            found.append("MPESA_BUSINESS_SHORTCODE: it must be the 5 to 7 digits of the paybill or store number")
        if self.party_b and not _SHORTCODE.fullmatch(self.party_b):
            found.append("MPESA_PARTY_B: it must be the 5 to 7 digits of the till number")
        if self.transaction_type is TransactionType.TILL and not self.party_b:
            found.append("MPESA_PARTY_B: a till needs the till number here, beside the store number")
        if not 1 <= self.minimum <= self.maximum:
            found.append(f"MPESA_MINIMUM, MPESA_MAXIMUM: {self.minimum} to {self.maximum} shillings is no range")
        return found

    def _key_problems(self) -> list[str]:
        found = []
        if not self.passkey:
            found.append("MPESA_PASSKEY: it is missing")
        elif self._is_encoded_password():
            found.append("MPESA_PASSKEY: this is an encoded password, not the passkey Safaricom sent at go-live")
        if self.access_token:
            if not is_header_text(self.access_token):
                found.append("MPESA_ACCESS_TOKEN: it holds characters that no token has")
            return found
        if not self.consumer_key:
            found.append("MPESA_CONSUMER_KEY: it is missing, and so is MPESA_ACCESS_TOKEN")
        if not self.consumer_secret:
            found.append("MPESA_CONSUMER_SECRET: it is missing, and so is MPESA_ACCESS_TOKEN")
        return found

    def _is_encoded_password(self) -> bool:
        """A common mistake (Daraja section 2): the sample Password pasted as the passkey."""
        try:
            plain = base64.b64decode(self.passkey, validate=True)
        except (binascii.Error, ValueError):
            return False
        return bool(self.shortcode) and plain.startswith(self.shortcode.encode())
