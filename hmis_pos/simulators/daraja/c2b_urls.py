"""Where C2B validations and confirmations go: the URLs a merchant registers, and the portal's rules for them."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from hmis_pos.simulators.asgi import Answer, Request, json_response
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.confirmations import MsisdnStyle
from hmis_pos.simulators.daraja.desk import Desk, Endpoint
from hmis_pos.simulators.daraja.errors import Refused, invalid, rejection
from hmis_pos.simulators.daraja.oauth import TokenDesk
from hmis_pos.simulators.daraja.state import State
from hmis_pos.simulators.daraja.validation import SHORTCODE, callback_url, matching, read_body, text

C2B_TOKEN = "400.003.01"  # noqa: S105  an error code
_TUNNELS = ("ngrok", "requestbin", "mockbin")


@dataclass(frozen=True, slots=True)
class Registration:
    """The URLs of a shortcode. `response_type` is what happens when the validation URL does not answer."""

    shortcode: str
    version: Literal["v1", "v2"]
    response_type: Literal["Completed", "Cancelled"]
    confirmation_url: str
    validation_url: str
    at: datetime


class C2BUrls(Desk):
    """Takes registrations and knows them; the settings stand in for a shortcode that has none."""

    def __init__(self, state: State, tokens: TokenDesk) -> None:
        self._state = state
        self._tokens = tokens
        self._registered: dict[str, Registration] = {}

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("c2b_register", "POST", "/mpesa/c2b/v2/registerurl", self.register_v2),
            Endpoint("c2b_register", "POST", "/mpesa/c2b/v1/registerurl", self.register_v1),
        )

    def reset(self) -> None:
        self._registered.clear()

    def all(self) -> list[Registration]:
        return list(self._registered.values())

    def of(self, shortcode: str) -> Registration | None:
        """Return what is registered for a shortcode; a till without URLs of its own has its head office's."""
        config = self._state.config
        known = self._registered.get(shortcode) or self._registered.get(config.shortcode)
        if known is None and config.c2b_confirmation_url is not None:
            return Registration(
                config.shortcode,
                "v2",
                "Completed",
                config.c2b_confirmation_url,
                config.c2b_validation_url or "",
                self._state.clock.now(),
            )
        return known

    def msisdn_style(self, shortcode: str) -> MsisdnStyle:
        """How a payer's number is told: as the settings say, else as the registered version does."""
        known = self.of(shortcode)
        usual: MsisdnStyle = "hashed" if known is not None and known.version == "v1" else "masked"
        return self._state.config.c2b_msisdn or usual

    async def register_v1(self, request: Request) -> Answer:
        """`POST /mpesa/c2b/v1/registerurl`: numbers come hashed."""
        return self._register(request, "v1")

    async def register_v2(self, request: Request) -> Answer:
        """`POST /mpesa/c2b/v2/registerurl`: numbers come masked."""
        return self._register(request, "v2")

    def _register(self, request: Request, version: Literal["v1", "v2"]) -> Answer:
        config = self._state.config
        self._tokens.check(request, C2B_TOKEN)
        body = read_body(request, "ShortCode")
        shortcode = own_shortcode(body, config)
        kind = text(body, "ResponseType")
        if kind not in {"Completed", "Cancelled"}:
            raise invalid("ResponseType")
        registration = Registration(
            shortcode=shortcode,
            version=version,
            response_type="Completed" if kind == "Completed" else "Cancelled",
            confirmation_url=_public_url(body, "ConfirmationURL", config),
            validation_url=_public_url(body, "ValidationURL", config),
            at=self._state.clock.now(),
        )
        if shortcode in self._registered and (refusal := self._second()):
            raise refusal
        self._registered[shortcode] = registration
        self._state.journal.record("c2b_registered", shortcode=shortcode, version=version)
        return json_response(c2b_answer(self._state, "Success"))

    def _second(self) -> Refused | None:
        config = self._state.config
        rule = config.c2b_second_registration
        if rule is None:
            rule = "refuse" if config.environment == "production" else "overwrite"
        if rule == "overwrite":
            return None
        name = "already_registered" if rule == "refuse" else "duplicate_notification"
        return rejection(name, retry_after=False)


def own_shortcode(body: Mapping[str, Any], config: DarajaConfig) -> str:
    """Return the ShortCode of a request when it is the merchant's or one of its tills.

    Raises:
        Refused: 400.002.02.
    """
    shortcode = matching(body, "ShortCode", SHORTCODE)
    if shortcode not in {config.shortcode, *config.tills}:
        raise invalid("ShortCode")
    return shortcode


def c2b_answer(state: State, description: str) -> Mapping[str, str]:
    """Return the accepting answer, its key misspelt unless the settings say otherwise."""
    digits = "".join(state.rng.choices("0123456789", k=14))
    key = "OriginatorCoversationID" if state.config.c2b_spelling == "misspelt" else "OriginatorConversationID"
    return {key: f"{digits[:4]}-{digits[4:]}-1", "ResponseCode": "0", "ResponseDescription": description}


def _public_url(body: Mapping[str, Any], field: str, config: DarajaConfig) -> str:
    url = callback_url(body, config, field)
    if config.environment == "production":
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" or _private(host) or any(word in host for word in _TUNNELS):
            raise invalid(field)
    return url


def _private(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
