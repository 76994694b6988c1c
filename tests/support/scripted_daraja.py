"""A hand-written Daraja for tests of the gateway alone: it answers what the test says, and keeps what it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx

REFERENCE = "ws_CO_31012026101530000712345678"
ACCEPTED = {
    "MerchantRequestID": "a1b2-1",
    "CheckoutRequestID": REFERENCE,
    "ResponseCode": "0",
    "ResponseDescription": "Success. Request accepted for processing",
    "CustomerMessage": "Success. Request accepted for processing",
}


@dataclass
class ScriptedDaraja:
    """Gives tokens ``t1``, ``t2`` …; every other request takes the next answer of ``script``, the last one for ever."""

    script: list[object] = field(default_factory=lambda: [httpx.Response(200, json=ACCEPTED)])
    oauth: list[object] = field(default_factory=list)
    tokens: int = 0
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/v1/generate":
            self.tokens += 1
            fallback = httpx.Response(200, json={"access_token": f"t{self.tokens}", "expires_in": "3599"})
            return self._play(self.oauth.pop(0) if self.oauth else fallback, request)
        self.requests.append(request)
        return self._play(self.script.pop(0) if len(self.script) > 1 else self.script[0], request)

    def _play(self, step: object, request: httpx.Request) -> httpx.Response:
        if isinstance(step, type) and issubclass(step, httpx.RequestError):
            raise step("broken", request=request)
        assert isinstance(step, httpx.Response)
        return httpx.Response(step.status_code, headers=step.headers, content=step.content)


def error(status: int, code: str, message: str) -> httpx.Response:
    return httpx.Response(status, json={"requestId": "1-2-3", "errorCode": code, "errorMessage": message})
