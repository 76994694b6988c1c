"""Carries callbacks to the merchant: late, twice, at once, or when somebody releases them."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import httpx

from hmis_pos.simulators.daraja.state import State


@dataclass(frozen=True, slots=True)
class Letter:
    """One attempt to hand a body over; `checkout_id` is what it is about (a receipt for C2B), `status` None means that nobody answered, and `error` says why."""

    no: int
    at: datetime
    checkout_id: str
    say: str
    url: str
    body: str
    status: int | None
    reply: str
    error: str


class Courier:
    """Sends bodies by HTTP POST and remembers every attempt."""

    def __init__(self, state: State, client: httpx.AsyncClient | None = None) -> None:
        self._state = state
        self._client = client
        self._held: dict[asyncio.Event, str] = {}
        self.sent: list[Letter] = []

    async def send(self, checkout_id: str, say: str, url: str, body: str, *, attempts: int | None = None) -> None:
        """POST the body; tried again as the settings say (or `attempts` times) while it is not answered with 2xx."""
        config = self._state.config
        for attempt in range(attempts or config.callback_attempts):
            if attempt:
                await self._state.clock.sleep(config.callback_retry_seconds)
            letter = await self.ask(checkout_id, say, url, body)
            if letter.status is not None and httpx.codes.is_success(letter.status):
                return

    async def ask(self, checkout_id: str, say: str, url: str, body: str) -> Letter:
        """POST the body once; returns what was answered. A letter given up on is remembered too."""
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False)
        at = self._state.clock.now()
        status, reply, error = None, "", ""
        try:
            answer = await self._client.post(
                url,
                content=body.encode(),
                headers={"content-type": "application/json"},
                timeout=self._state.config.callback_timeout,
            )
            status, reply = answer.status_code, answer.text
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as failure:
            error = f"{type(failure).__name__}: {failure}"
        except asyncio.CancelledError:
            self._remember(Letter(len(self.sent) + 1, at, checkout_id, say, url, body, None, "", "given up"))
            raise
        return self._remember(Letter(len(self.sent) + 1, at, checkout_id, say, url, body, status, reply, error))

    def _remember(self, letter: Letter) -> Letter:
        self.sent.append(letter)
        self._state.journal.record(
            "callback_sent",
            checkout=letter.checkout_id,
            say=letter.say,
            url=letter.url,
            status=letter.status,
            error=letter.error,
        )
        return letter

    async def hold(self, checkout_id: str) -> None:
        """Wait until `release` lets this push's callbacks go."""
        gate = asyncio.Event()
        self._held[gate] = checkout_id
        self._state.journal.record("callback_held", checkout=checkout_id)
        try:
            await gate.wait()
        finally:
            self._held.pop(gate, None)

    def release(self, checkout_id: str | None = None) -> int:
        """Let held callbacks go, of one push or of all; returns how many."""
        gates = [g for g, owner in self._held.items() if checkout_id in {None, owner}]
        for gate in gates:
            gate.set()
            del self._held[gate]
        return len(gates)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None
