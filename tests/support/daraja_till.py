"""A merchant that receives a simulated Safaricom's callbacks, and a till that asks it for money."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from typing import Any

import httpx

from hmis_pos.simulators.asgi import Answer, App, Request, Route, json_response
from hmis_pos.simulators.daraja import Daraja, DarajaApp

PHONE = "254712345678"
EAT = timezone(timedelta(hours=3))


@dataclass
class Merchant:
    """Receives callbacks and C2B confirmations; `status` is what it answers."""

    url: str = ""
    status: int = 200
    bodies: list[str] = field(default_factory=list)
    confirmations: list[str] = field(default_factory=list)
    validations: list[str] = field(default_factory=list)
    validation_answer: Answer = field(
        default_factory=lambda: json_response({"ResultCode": "0", "ResultDesc": "Accepted"})
    )
    order: list[str] = field(default_factory=list)

    async def validation(self, request: Request) -> Answer:
        self.validations.append(request.body.decode())
        self.order.append("validation")
        return self.validation_answer

    async def callback(self, request: Request) -> Answer:
        self.bodies.append(request.body.decode())
        self.order.append("callback")
        return json_response({"ResultCode": 0, "ResultDesc": "Accepted"}, self.status)

    async def confirmation(self, request: Request) -> Answer:
        self.confirmations.append(request.body.decode())
        self.order.append("confirmation")
        return json_response({"ResultCode": 0, "ResultDesc": "Success"}, self.status)

    def callbacks(self) -> list[dict[str, Any]]:
        return [json.loads(body)["Body"]["stkCallback"] for body in self.bodies]


@dataclass
class Till:
    """Speaks to Safaricom as a merchant's program does."""

    client: httpx.AsyncClient
    daraja: Daraja
    merchant: Merchant
    token: str = ""

    async def sign_in(self) -> httpx.Response:
        answer = await self.client.get(
            "/oauth/v1/generate",
            params={"grant_type": "client_credentials"},
            auth=("demo-key", "demo-secret"),
        )
        self.token = answer.json()["access_token"]
        return answer

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def signed(self, **fields: Any) -> dict[str, Any]:
        config = self.daraja.state.config
        stamp = self.daraja.state.clock.now().astimezone(EAT).strftime("%Y%m%d%H%M%S")
        plain = f"{config.shortcode}{config.passkey}{stamp}"
        password = base64.b64encode(plain.encode()).decode()
        return {"BusinessShortCode": config.shortcode, "Password": password, "Timestamp": stamp, **fields}

    def order(self, **changed: Any) -> dict[str, Any]:
        phone = changed.pop("phone", PHONE)
        return (
            self.signed(
                TransactionType="CustomerPayBillOnline",
                Amount=1500,
                PartyA=phone,
                PartyB=self.daraja.state.config.shortcode,
                PhoneNumber=phone,
                CallBackURL=f"{self.merchant.url}/cb/0123456789abcdef",
                AccountReference="INV20931",
                TransactionDesc="Hospital bill",
            )
            | changed
        )

    async def push(self, **changed: Any) -> httpx.Response:
        return await self.client.post(
            "/mpesa/stkpush/v1/processrequest", json=self.order(**changed), headers=self.bearer
        )

    async def pushed(self, **changed: Any) -> str:
        """Push, see it accepted and done with; gives the CheckoutRequestID."""
        answer = await self.push(**changed)
        assert answer.status_code == 200, answer.text
        await self.daraja.idle()
        return str(answer.json()["CheckoutRequestID"])

    async def call(self, path: str, **body: Any) -> httpx.Response:
        """POST to one of Safaricom's paths with the token."""
        return await self.client.post(path, json=body, headers=self.bearer)

    async def register(self, version: str = "v2", **changed: Any) -> httpx.Response:
        """Register the merchant's C2B URLs."""
        body = {
            "ShortCode": self.daraja.state.config.shortcode,
            "ResponseType": "Completed",
            "ConfirmationURL": f"{self.merchant.url}/c2b",
            "ValidationURL": f"{self.merchant.url}/c2b/validation",
        }
        return await self.call(f"/mpesa/c2b/{version}/registerurl", **(body | changed))

    def confirmed(self) -> list[dict[str, Any]]:
        """What came to the confirmation URL."""
        return [json.loads(body) for body in self.merchant.confirmations]

    async def query(self, checkout: str, **changed: Any) -> httpx.Response:
        return await self.client.post(
            "/mpesa/stkpushquery/v1/query",
            json=self.signed(CheckoutRequestID=checkout) | changed,
            headers=self.bearer,
        )


class World(App):
    """Simulator and merchant on one port: a server less to stop after each test."""

    def __init__(self, safaricom: DarajaApp, merchant: Merchant) -> None:
        self._safaricom = safaricom
        routes = [
            Route("POST", "/cb/{token}", merchant.callback),
            Route("POST", "/c2b", merchant.confirmation),
            Route("POST", "/c2b/validation", merchant.validation),
        ]
        super().__init__(
            routes,
            missing=self.safaricom,
            wrong_method=self.safaricom,
            stop=safaricom.stop,
            stopping=safaricom.daraja.state.stopping,
        )

    async def safaricom(self, request: Request) -> Answer:
        return await self._safaricom.answer(request)


Open = Callable[..., Awaitable[Till]]
