"""A whole hospital of real processes, and a cashier at its counter: for the flows."""

import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import structlog

from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.invariants import Breach
from hmis_pos.demo.clerk import Clerk, on_qt_loop
from hmis_pos.demo.hands import Hands
from hmis_pos.demo.phones import Phones, moved
from hmis_pos.demo.processes import Hospital
from hmis_pos.demo.promises import Movement, World, check_all, seeded_movements
from hmis_pos.domain.receipt import Receipt
from hmis_pos.gateways.mpesa.urls import ResponseType
from hmis_pos.relay import merchant
from hmis_pos.relay.clock import SystemClock
from hmis_pos.terminal.app import Terminal, build
from hmis_pos.terminal.settings import load

#: Of nobody in the queue.
PHONE = "254722000111"


@dataclass
class Day:
    """A hospital, and what a cashier took in it."""

    hospital: Hospital
    before: dict[str, Movement]
    drawer: dict[tuple[str, int], int] = field(default_factory=dict)
    _open: list[Terminal] = field(default_factory=list)

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
        async with Phones(self.sim) as phones:
            await phones.answer(action)

    async def behave(self, msisdn: str, behaviour: object) -> None:
        """What a phone does from now on."""
        async with Phones(self.sim) as phones:
            await phones.behave(msisdn, behaviour)

    async def pay(self, amount: str, account: str, *, phone: str = PHONE, confirmed: bool = True) -> str:
        """Lipa na M-Pesa from a phone's own menu; the code in its SMS."""
        async with Phones(self.sim) as phones:
            return await phones.pay(phone, amount, account, confirmed=confirmed)

    def receipt_of(self, code: str) -> str:
        """The receipt of ours that the central books hold for a code of M-Pesa's; empty for none."""
        return str(_look(self.hospital.database_url, lambda books: _receipt_of(books, code)))

    def tasks(self) -> set[str]:
        """What the central books want somebody to look at."""
        return {task.kind.value for task in _look(self.hospital.database_url, lambda books: books.trail.tasks(1, 200))}

    def pushes(self) -> int:
        """How often Safaricom was asked for money."""
        return len(httpx.get(f"{self.sim}/sim/requests").json()["requests"])

    def breaches(self, *, settled: bool = True) -> list[Breach]:
        came, back = moved(self.sim)
        world = World(mpesa={**self.before, **came}, paid_back=back, drawer=self.drawer, settled=settled)
        found: list[Breach] = _look(self.hospital.database_url, lambda books: check_all(books, world))
        return found

    async def open_till(self, counter: str = "Counter 1", folder: str = "terminal") -> Clerk:
        """A terminal, opened; nobody has signed in yet. All are closed when the shift ends: Qt and Python agree on no order before."""
        terminal = build(load({**os.environ, **self.hospital.terminal_environ(counter, folder)}))
        self._open.append(terminal)
        await terminal.start()
        return Clerk(terminal, Hands(terminal.window))

    def at_the_counter(self, scene: Callable[[Clerk], Awaitable[None]], *, sign_in: bool = True) -> None:
        """Open the terminal, let the cashier work, close it. The store stays for the next time."""

        async def shift() -> None:
            try:
                clerk = await self.open_till()
                if sign_in:
                    await clerk.sign_in()
                    await clerk.see_queue(20)
                await scene(clerk)
            finally:
                for terminal in reversed(self._open):
                    await terminal.close()
                self._open.clear()

        on_qt_loop(shift())


class _Prepared(Hospital):
    """The demo's hospital without its first minute, which ``test_restart`` and the demo's tour go through: the database is made
    already, and the registrations with Safaricom need no process each."""

    def migrate(self) -> None:
        pass

    def _register(self) -> list[str]:
        environ = {**os.environ, **self.environ}
        with _own_logs():
            assert merchant.register_urls(ResponseType.COMPLETED, environ=environ) == 0
            assert merchant.register_pull(environ=environ) == 0
        return []


@contextmanager
def _own_logs() -> Iterator[None]:
    """A command configures the logs of its whole process; this process is pytest's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


@contextmanager
def opened(folder: Path, database_url: str) -> Iterator[Day]:
    """Start everything on a seeded database; stop everything."""
    # The list of payments is read at the start and then no more: what is proven is proven without it.
    extra = {"HMIS_CHASE_PLAN": "2,13,24,35,46,57,68,79", "HMIS_PULL_EVERY": "43200"}
    hospital = _Prepared(folder, database_url=database_url, extra=extra)
    try:
        hospital.start()
        yield Day(hospital, _look(hospital.database_url, seeded_movements))
    finally:
        hospital.stop()


def _receipt_of(books, code):
    holder, _, uid = (books.payments.owner_of("mpesa", code) or "").partition(":")
    found = books.receipts.by_payment(UUID(uid)) if holder == "payment" else None
    return found.receipt.no if found is not None else ""


def _look(url, question):
    database = CentralDatabase(url, SystemClock())
    try:
        return database.snapshot_now(question)
    finally:
        database.dispose_now()
