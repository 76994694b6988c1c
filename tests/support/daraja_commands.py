"""A merchant's API operator: sends commands to a simulated Safaricom and reads the results it gets."""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from hmis_pos.simulators.daraja.commands import Command
from tests.support.daraja_till import PHONE, Till

Kind = Literal["b2c", "b2c_v1", "reversal", "status", "balance"]
PATHS: dict[Kind, str] = {
    "b2c": "/mpesa/b2c/v3/paymentrequest",
    "b2c_v1": "/mpesa/b2c/v1/paymentrequest",
    "reversal": "/mpesa/reversal/v1/request",
    "status": "/mpesa/transactionstatus/v1/query",
    "balance": "/mpesa/accountbalance/v1/query",
}


@dataclass
class Office:
    """Sends commands through a till's connection; `credential` is made with the simulator's own certificate."""

    till: Till
    ids: Any = field(default_factory=lambda: (f"payout-{n}" for n in itertools.count(1)))

    def fields(self, kind: Kind, **changed: Any) -> dict[str, Any]:
        """A request that is right in every field; a change to None leaves the field out."""
        config, url = self.till.daraja.state.config, self.till.merchant.url
        body: dict[str, Any] = {
            "SecurityCredential": self.till.daraja.initiator.encrypt(),
            "Remarks": "Refund of a bill",
            "ResultURL": f"{url}/cb/0a1b2c",
            "QueueTimeOutURL": f"{url}/cb/3d4e5f",
        }
        if kind in {"b2c", "b2c_v1"}:
            body |= {
                "InitiatorName": config.initiator_name,
                "CommandID": "BusinessPayment",
                "Amount": 1500,
                "PartyA": config.paying_shortcode,
                "PartyB": PHONE,
                "Occassion": "",
            }
        if kind == "b2c":
            body["OriginatorConversationID"] = changed.pop("originator", None) or next(self.ids)
        if kind == "reversal":
            body |= {
                "Initiator": config.initiator_name,
                "CommandID": "TransactionReversal",
                "Amount": 1500,
                "ReceiverParty": config.shortcode,
                "RecieverIdentifierType": "11",
            }
        if kind in {"status", "balance"}:
            body |= {
                "Initiator": config.initiator_name,
                "CommandID": "TransactionStatusQuery" if kind == "status" else "AccountBalance",
                "PartyA": config.shortcode,
                "IdentifierType": "4",
            }
        return {name: value for name, value in (body | changed).items() if value is not None}

    async def send(self, kind: Kind, **changed: Any) -> httpx.Response:
        return await self.till.client.post(
            PATHS[kind], json=self.fields(kind, **changed), headers=self.till.bearer, timeout=5
        )

    async def done(self, kind: Kind, **changed: Any) -> dict[str, Any]:
        """Send a command, see it accepted and done with; gives the last result told about it."""
        answer = await self.send(kind, **changed)
        assert answer.status_code == 200, answer.text
        await self.till.daraja.idle()
        return self.results(answer.json()["ConversationID"])[-1]

    def command(self, conversation: str) -> Command[Any]:
        found = self.till.daraja.commands.find(conversation)
        assert found is not None
        return found

    def results(self, conversation: str | None = None) -> list[dict[str, Any]]:
        """What came to ResultURL, of one command or of all."""
        return [
            json.loads(letter.body)["Result"]
            for letter in self.till.daraja.courier.sent
            if letter.url.endswith("/cb/0a1b2c") and conversation in {None, letter.checkout_id}
        ]

    def timeouts(self) -> list[str]:
        """What came to QueueTimeOutURL."""
        return [letter.body for letter in self.till.daraja.courier.sent if letter.url.endswith("/cb/3d4e5f")]

    async def paid_receipt(self, **changed: Any) -> str:
        """Let a patient pay by push; gives the receipt."""
        checkout = await self.till.pushed(**changed)
        movement = self.till.daraja.state.pushes[checkout].movement
        assert movement is not None
        return movement.receipt


def parameters(result: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a success by key; a key without a value is None."""
    return {item["Key"]: item.get("Value") for item in result["ResultParameters"]["ResultParameter"]}
