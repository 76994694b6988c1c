"""Tokens: bought with the consumer key and secret, shown on every other call."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta

from hmis_pos.simulators.asgi import Answer, Request, Response, json_response
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.errors import Refused, bad_token, broken, spike_arrest
from hmis_pos.simulators.daraja.state import State

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TOKEN_LENGTH = 28


class TokenDesk:
    """Issues tokens and knows which are good."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._good: dict[str, datetime] = {}
        self._asked = 0

    def revoke_all(self) -> None:
        """Make every token bad, as a restart on Safaricom's side does."""
        self._good.clear()

    def start_over(self) -> None:
        """Begin the scripted answers of the endpoint again; tokens stay good."""
        self._asked = 0

    async def generate(self, request: Request) -> Answer:
        """`GET /oauth/v1/generate?grant_type=client_credentials` with HTTP Basic."""
        config = self._state.config
        answer = config.oauth_answers[min(self._asked, len(config.oauth_answers) - 1)]
        self._asked += 1
        if answer == "spike":
            raise spike_arrest()
        if answer != "truth":
            return broken(answer)
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            raise Refused(400, "400.008.01", "Invalid Authentication passed")
        if request.query.get("grant_type") != "client_credentials":
            raise Refused(400, "400.008.02", "Invalid grant type passed")
        if _decoded(encoded) != f"{config.consumer_key}:{config.consumer_secret}":
            if config.bad_credentials == "empty":
                return Response(400)
            raise Refused(400, "400.008.01", "Invalid Authentication passed")
        return json_response(self._new(config))

    def _new(self, config: DarajaConfig) -> Mapping[str, str | int]:
        token = "".join(self._state.rng.choices(_ALPHABET, k=TOKEN_LENGTH))
        if config.single_token:
            self._good.clear()
        self._good[token] = self._state.clock.now() + timedelta(seconds=config.token_seconds)
        self._state.journal.record("token_issued")
        life = config.token_seconds
        return {
            "access_token": token,
            "expires_in": str(life) if config.expires_in == "string" else life,
        }

    def check(self, request: Request, refusal: str | None = None) -> None:
        """Let the request pass when it carries a good token.

        Args:
            request: what came in.
            refusal: the invalid-token error that this path gives unless the settings name another.

        Raises:
            Refused: 404.001.04 without one, else the invalid-token error.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused(404, "404.001.04", "Invalid Authentication Header")
        until = self._good.get(token.strip())
        if until is None or until <= self._state.clock.now():
            raise bad_token(self._state.config.bad_token or refusal or "404.001.03")


def _decoded(encoded: str) -> str | None:
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
