"""A whole hospital of real processes, and a cashier at its counter: for the flows."""

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.invariants import Breach
from hmis_pos.demo.clerk import Clerk, on_qt_loop
from hmis_pos.demo.hands import Hands
from hmis_pos.demo.processes import Hospital
from hmis_pos.demo.promises import Movement, World, check_all, seeded_movements
from hmis_pos.domain.receipt import Receipt
from hmis_pos.relay.clock import SystemClock
from hmis_pos.terminal.app import build
from hmis_pos.terminal.settings import load


@dataclass
class Day:
    """A hospital, and what a cashier took in it."""

    hospital: Hospital
    before: dict[str, Movement]
    drawer: dict[tuple[str, int], int] = field(default_factory=dict)

    def keep(self, receipt: Receipt) -> Receipt:
        """Cash went into the drawer."""
        self.drawer[(receipt.series, receipt.number)] = receipt.tender.applied.minor
        return receipt

    @property
    def sim(self) -> str:
        assert self.hospital.daraja is not None
        return self.hospital.daraja.url

    async def patient(self, action: str) -> None:
        """What the owner of the last ringing phone does."""
        async with httpx.AsyncClient(base_url=self.sim, timeout=30) as handset:
            found = (await handset.get("/sim/prompts", params={"wait": 1, "timeout": 20})).json()["prompts"]
            (await handset.post(f"/sim/prompts/{found[-1]['id']}/{action}")).raise_for_status()

    async def behave(self, msisdn: str, behaviour: object) -> None:
        """What a phone does from now on."""
        async with httpx.AsyncClient(base_url=self.sim, timeout=30) as admin:
            (await admin.put(f"/sim/behaviours/{msisdn}", json=behaviour)).raise_for_status()

    def pushes(self) -> int:
        """How often Safaricom was asked for money."""
        return len(httpx.get(f"{self.sim}/sim/requests").json()["requests"])

    def breaches(self, *, settled: bool = True) -> list[Breach]:
        ledger = httpx.get(f"{self.sim}/sim/ledger").json()["movements"]
        moved = {m["receipt"]: Movement(round(float(m["amount"]) * 100), m["cause"]) for m in ledger}
        world = World(mpesa=self.before | moved, drawer=self.drawer, settled=settled)
        found: list[Breach] = _look(self.hospital.database_url, lambda books: check_all(books, world))
        return found

    def at_the_counter(self, scene: Callable[[Clerk], Awaitable[None]], *, sign_in: bool = True) -> None:
        """Open the terminal, let the cashier work, close it. The store stays for the next time."""

        async def shift() -> None:
            terminal = build(load({**os.environ, **self.hospital.terminal_environ()}))
            clerk = Clerk(terminal, Hands(terminal.window))
            try:
                await terminal.start()
                if sign_in:
                    await clerk.sign_in()
                    await clerk.see_queue(20)
                await scene(clerk)
            finally:
                await terminal.close()

        on_qt_loop(shift())


@contextmanager
def opened(folder: Path, database_url: str = "") -> Iterator[Day]:
    """Start everything; stop everything."""
    hospital = Hospital(folder, database_url=database_url, extra={"HMIS_CHASE_PLAN": "2,13,24,35,46,57,68,79"})
    try:
        hospital.start()
        yield Day(hospital, _look(hospital.database_url, seeded_movements))
    finally:
        hospital.stop()


def _look(url, question):
    database = CentralDatabase(url, SystemClock())
    try:
        return database.snapshot_now(question)
    finally:
        database.dispose_now()
