"""What a hospital sets about its M-Pesa shortcode."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from hmis_pos.cashier.ports_mobile_money import Feature
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.refund import RefundRules
from hmis_pos.gateways.mpesa import credential

SANDBOX = "https://sandbox.safaricom.co.ke"
PRODUCTION = "https://api.safaricom.co.ke"

_SHORTCODE = re.compile(r"\d{5,7}")
#: Safaricom's portal refuses these in an operator's password.
_BRACKETS = frozenset("()[]{}<>")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


#: Settings that no space belongs around.
_PASTED = (
    *("api_url", "shortcode", "passkey", "consumer_key", "consumer_secret", "access_token", "party_b", "initiator"),
    *("initiator_password", "certificate", "security_credential", "b2c_shortcode", "pull_phone", "qr_name"),
)


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

    ``initiator`` is the API operator who gives money back and asks about it; with it goes either ``initiator_password`` and
    ``certificate`` (path of the PEM file of this environment) or a ready ``security_credential``. Without an initiator the
    relay collects, and that is all. ``b2c_shortcode`` pays out; empty for the shortcode itself. ``pull`` asks for the list
    of the last 48 hours; ``pull_phone`` is the number nominated for it, needed only to register. ``qr_name`` stands under a
    QR code; empty for the shortcode.
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
    initiator: str = ""
    initiator_password: str = field(default="", repr=False)
    certificate: str = ""
    security_credential: str = field(default="", repr=False)
    b2c_shortcode: str = ""
    reversal_within: timedelta = RefundRules().reversal_within
    pull: bool = False
    pull_phone: str = ""
    qr: bool = True
    qr_name: str = ""

    def __post_init__(self) -> None:
        # People paste these with a space or a line end, which Daraja answers with "Wrong credentials".
        for name in _PASTED:
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

    @property
    def payer_shortcode(self) -> str:
        """PartyA of a payout."""
        return self.b2c_shortcode or self.shortcode

    @property
    def features(self) -> frozenset[Feature]:
        """What these settings make possible beyond collecting."""
        found = {Feature.REVERSAL, Feature.PAYOUT, Feature.STATUS, Feature.BALANCE} if self.initiator else set()
        if self.pull:
            found.add(Feature.PULL)
        if self.qr:
            found.add(Feature.QR)
        return frozenset(found)

    @property
    def refund_rules(self) -> RefundRules:
        """Which ways money may go back."""
        return RefundRules(
            reversal=Feature.REVERSAL in self.features,
            payout=Feature.PAYOUT in self.features,
            reversal_within=self.reversal_within,
        )

    def make_credential(self) -> str:
        """The SecurityCredential: computed anew at every call, so ask once and keep it. Empty without an initiator.

        Raises:
            ValueError: the certificate or the password cannot be used; :meth:`problems` says so too.
        """
        if not self.initiator or self.security_credential:
            return self.security_credential
        return credential.encrypt(self.initiator_password, self.certificate)

    def problems(self) -> list[str]:
        """Everything wrong with it, a line each that begins with the setting's name. Holds no secret."""
        return [
            *self._address_problems(),
            *self._merchant_problems(),
            *self._key_problems(),
            *self._initiator_problems(),
            *self._extra_problems(),
        ]

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

    def _initiator_problems(self) -> list[str]:
        given = (self.initiator_password, self.certificate, self.security_credential)
        if not self.initiator:
            return ["MPESA_INITIATOR: it is missing, but its password or credential is set"] if any(given) else []
        if not self.security_credential:
            return self._password_problems()
        if self.initiator_password:
            return [
                "MPESA_SECURITY_CREDENTIAL: MPESA_INITIATOR_PASSWORD is set beside it; keep the one that is current"
            ]
        if not credential.is_ready_made(self.security_credential):
            return [
                "MPESA_SECURITY_CREDENTIAL: it is not the encrypted form; a password goes to MPESA_INITIATOR_PASSWORD"
            ]
        return []

    def _password_problems(self) -> list[str]:
        found = []
        if not self.initiator_password:
            found.append("MPESA_INITIATOR_PASSWORD: it is missing, and so is MPESA_SECURITY_CREDENTIAL")
        elif _BRACKETS & set(self.initiator_password):
            found.append("MPESA_INITIATOR_PASSWORD: it holds brackets, which Safaricom refuses; allowed are # & % $")
        if not self.certificate:
            found.append(
                "MPESA_CERTIFICATE: it is missing: the path of Safaricom's certificate (PEM) of this environment"
            )
        if found:
            return found
        try:
            credential.read_key(self.certificate)
        except ValueError as error:
            return [f"MPESA_CERTIFICATE: {error}"]
        try:
            self.make_credential()
        except ValueError as error:
            return [f"MPESA_INITIATOR_PASSWORD: {error}"]
        return []

    def _extra_problems(self) -> list[str]:
        found = []
        if self.b2c_shortcode and not _SHORTCODE.fullmatch(self.b2c_shortcode):
            found.append("MPESA_B2C_SHORTCODE: it must be the 5 to 7 digits of the shortcode that pays out")
        if self.reversal_within < timedelta(0):
            found.append("HMIS_REVERSAL_HOURS: it cannot be less than 0")
        if self.pull_phone:
            try:
                phones.normalise(self.pull_phone)
            except CashierMistake:
                found.append(
                    "MPESA_PULL_PHONE: it must be the Safaricom number nominated for pulls, such as 254712345678"
                )
        return found

    def _is_encoded_password(self) -> bool:
        """A common mistake (Daraja section 2): the sample Password pasted as the passkey."""
        try:
            plain = base64.b64decode(self.passkey, validate=True)
        except (binascii.Error, ValueError):
            return False
        return bool(self.shortcode) and plain.startswith(self.shortcode.encode())
