"""The use cases on a real SQLite database, with a clock that the test moves and a gateway that answers by script."""

import random
import shutil
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hmis_pos.cashier.context import Context, Policy
from hmis_pos.cashier.ports import CallbackReading, Order, RetryAdvice
from hmis_pos.cashier.records import Actor, Advice, InvoiceFilter, Role
from hmis_pos.db.central import migrate, seed
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.ids import uuid7
from hmis_pos.domain.money import Money


class HandClock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 11, 31, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


class SeededIds:
    """Replayable chance."""

    def __init__(self) -> None:
        self._random = random.Random(20931)

    def uuid(self) -> UUID:
        return uuid7(self._random.getrandbits(48), self.random(10))

    def token(self) -> str:
        return self.random(32).hex()

    def random(self, count: int) -> bytes:
        return self._random.randbytes(count)


class ScriptedGateway:
    """A provider of whole shillings that answers what the test laid out, and remembers what it was asked."""

    provider = "mpesa"

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.orders: list[Order] = []
        self.asked: list[str] = []
        self.starts: deque[Evidence | Exception] = deque()
        self.answers: deque[Evidence | Exception] = deque()

    def check(self, amount: Money, _phone: str) -> None:
        if amount.fraction:
            raise CashierMistake("whole shillings only", field="amount", cure="Drop the cents.")

    async def start(self, order: Order) -> Evidence:
        self.orders.append(order)
        if self.starts:
            said = self.starts.popleft()
            if isinstance(said, Exception):
                raise said
            return replace(said, observed_at=self.clock.now())
        return self.say(EvidenceKind.ACCEPTED, Source.SUBMIT, reference=f"ws_CO_{len(self.orders)}")

    async def ask(self, reference: str) -> Evidence:
        self.asked.append(reference)
        said = self.answers.popleft() if self.answers else self.say(EvidenceKind.PROCESSING, Source.QUERY)
        if isinstance(said, Exception):
            raise said
        return replace(said, observed_at=self.clock.now())

    def read_callback(self, channel: str, body: bytes, heard_at: datetime) -> CallbackReading:
        raise NotImplementedError("tests of callbacks use the real M-Pesa parser")

    def advise(self, code: str) -> RetryAdvice:
        return {
            "1032": RetryAdvice(advice=Advice.NOW),
            "17": RetryAdvice(advice=Advice.WAIT, wait=timedelta(minutes=2)),
            "2028": RetryAdvice(advice=Advice.FIX),
        }.get(code, RetryAdvice(advice=Advice.NO))

    def say(self, kind: EvidenceKind, source: Source, **said: object) -> Evidence:
        return Evidence(kind=kind, source=source, observed_at=self.clock.now(), **said)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def gateway(clock: HandClock) -> ScriptedGateway:
    return ScriptedGateway(clock)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo hospital, laid out once; every test gets a copy."""
    file = tmp_path_factory.mktemp("demo") / "central.sqlite3"
    migrate.upgrade(f"sqlite:///{file}")
    seed.demo(f"sqlite:///{file}", HandClock(), waiting=False)
    return file


@pytest.fixture
async def ctx(tmp_path: Path, demo_file: Path, clock: HandClock, gateway: ScriptedGateway) -> AsyncIterator[Context]:
    url = f"sqlite:///{shutil.copy(demo_file, tmp_path)}"
    database = CentralDatabase(url, clock)
    yield Context(
        database=database,
        clock=clock,
        ids=SeededIds(),
        gateways={"mpesa": gateway},
        policy=Policy(callback_base="https://pos.example", shortcodes=frozenset({"174379"})),
    )
    await database.dispose()


@pytest.fixture
async def actor(ctx: Context) -> Actor:
    user = await ctx.database.read(lambda books: books.users.by_name("cashier"))
    assert user is not None
    return Actor(
        user_id=user.id,
        username=user.username,
        display_name=user.display_name,
        role=Role.BILLING,
        facility_id=user.facility_id,
        origin="127.0.0.1",
        terminal="T01A",
    )


@pytest.fixture
async def grace(ctx: Context, actor: Actor):
    """The invoice of the pictures: 4,850.00 to pay."""
    page = await ctx.database.read(
        lambda books: books.invoices.page(
            InvoiceFilter(facility_id=actor.facility_id, text="INV-20931"), ctx.clock.now()
        )
    )
    (invoice,) = page.invoices
    return invoice
