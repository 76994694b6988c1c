"""The patients' side of the demo, over the simulator's own API: what their phones do, and what Safaricom's ledger says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import httpx

from hmis_pos.demo.promises import Movement

#: Kinds of the simulator's ledger: money to the hospital, and back to a phone.
_IN, _BACK = frozenset({"stk", "c2b"}), frozenset({"b2c", "reversal"})
_ASKED = "stk"
_SECONDS = 30.0


class Phones:
    """Use as an async context. Every method raises ``httpx.HTTPStatusError`` where the simulator refuses."""

    def __init__(self, simulator: str) -> None:
        self._http = httpx.AsyncClient(base_url=simulator, timeout=_SECONDS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def answer(self, action: str) -> None:
        """What the owner of the phone that rang last does: ``pin``, ``cancel``, ``poor``."""
        found = await self._get("/sim/prompts", wait="1", timeout="20")
        (await self._http.post(f"/sim/prompts/{found['prompts'][-1]['id']}/{action}")).raise_for_status()

    async def pay(self, phone: str, amount: str, account: str, *, confirmed: bool = True) -> str:
        """Lipa na M-Pesa, Paybill, from the phone's own menu; returns the code in its SMS.

        Args:
            phone: 254…
            amount: KES.
            account: as it is typed, slips and all.
            confirmed: False: Safaricom's message to the hospital is lost.
        """
        body: dict[str, Any] = {"msisdn": phone, "amount": amount, "account": account}
        if not confirmed:
            body["behaviour"] = {"deliveries": []}
        said = (await self._http.post("/sim/payments", json=body)).raise_for_status().json()
        if not said["paid"]:
            raise RuntimeError(f"the phone refused: {said['refused']}")
        return str(said["receipt"])

    async def name(self, phone: str, owner: str) -> None:
        """Whose phone it is, as M-Pesa knows it."""
        (await self._http.put(f"/sim/phones/{phone}", json={"name": owner})).raise_for_status()

    async def behave(self, phone: str, behaviour: object) -> None:
        """What a phone does with prompts from now on."""
        (await self._http.put(f"/sim/behaviours/{phone}", json=behaviour)).raise_for_status()

    async def rest(self) -> None:
        """Until nothing more happens unless somebody acts."""
        await self._get("/sim/idle", timeout="30")

    async def export_statement(self, file: Path) -> None:
        """What finance does on the organisation portal: save the statement."""
        said = (await self._http.get("/sim/statement")).raise_for_status()
        await asyncio.to_thread(file.write_bytes, said.content)

    async def _get(self, path: str, **query: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self._http.get(path, params=query)).raise_for_status().json()
        return found


def moved(simulator: str) -> tuple[Mapping[str, Movement], Mapping[str, Movement]]:
    """What M-Pesa moved to the hospital, and what it moved back, by receipt number: told by the simulator's ledger."""
    told = httpx.get(f"{simulator}/sim/ledger", timeout=_SECONDS).raise_for_status().json()["movements"]
    rows = [row for row in told if row["status"] == "Completed"]

    def of(kinds: frozenset[str]) -> dict[str, Movement]:
        return {
            row["receipt"]: Movement(_minor(row["amount"]), row["cause"] if row["kind"] == _ASKED else "")
            for row in rows
            if row["kind"] in kinds
        }

    return of(_IN), of(_BACK)


def _minor(amount: str) -> int:
    return int(Decimal(amount) * 100)
