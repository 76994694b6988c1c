"""The whole relay in one process: real routes, real use cases, a real SQLite file; only Safaricom is a double."""

import asyncio
import io
import itertools
import json
import logging
import shutil
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import structlog
from argon2 import PasswordHasher
from litestar import Litestar
from sqlalchemy import insert, select, update

from hmis_pos import logs
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import CallbackReading, Order, RetryAdvice
from hmis_pos.cashier.ports_mobile_money import (
    Accepted,
    Feature,
    FeedPage,
    RefundOrder,
    ResultReading,
    StatusQuestion,
)
from hmis_pos.cashier.records import Task
from hmis_pos.cashier.records_back_office import ProviderMoney, RequestKind
from hmis_pos.db.central import migrate
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.tables import build
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundRules
from hmis_pos.gateways.http import ProviderHttp
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.relay.app import create_app, policy_of
from hmis_pos.relay.clock import SystemIds
from hmis_pos.relay.parts import Relay
from hmis_pos.relay.settings import C2bToken, Settings

SECRET = "a secret of the tests, long enough for HS256"
PASSWORD = "demo-only"
C2B_TOKEN = "c2" * 32
BEGAN = datetime(2026, 11, 22, 8, 31, tzinfo=UTC)
MPESA = MpesaConfig(
    api_url="http://127.0.0.1:1", shortcode="600999", passkey="not a real passkey", access_token="not-a-real-token"
)
SCHEMA = build(None)


class HandClock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.at = BEGAN

    def now(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> None:
        self.at += timedelta(**step)


class CountingGateway:
    """M-Pesa's own checks and parsers; what Safaricom says to a push, a query or a command is laid out by the test."""

    provider = "mpesa"
    is_till = False
    pay_to = "600999"
    features = frozenset(Feature)
    refund_rules = RefundRules()

    def __init__(self, clock: HandClock, http: ProviderHttp) -> None:
        self._real = MpesaGateway(MPESA, clock, http)
        self.clock = clock
        self.orders: list[Order] = []
        self.asked: list[str] = []
        self.given_back: list[RefundOrder] = []
        self.questions: list[StatusQuestion] = []
        self.result_urls: list[str] = []
        self.feed: list[ProviderMoney] = []
        self.pulls: list[tuple[datetime, datetime]] = []
        self.answers: deque[Evidence | Exception] = deque()
        self.slow: asyncio.Event | None = None
        self.shortcodes = self._real.shortcodes

    def check(self, amount: Money, phone: str) -> None:
        self._real.check(amount, phone)

    async def start(self, order: Order) -> Evidence:
        self.orders.append(order)
        if self.slow is not None:
            await self.slow.wait()
        if self.answers:
            said = self.answers.popleft()
            if isinstance(said, Exception):
                raise said
            return replace(said, observed_at=self.clock.now())
        return Evidence(
            kind=EvidenceKind.ACCEPTED,
            source=Source.SUBMIT,
            observed_at=self.clock.now(),
            reference=f"ws_CO_{len(self.orders)}",
        )

    async def ask(self, reference: str) -> Evidence:
        self.asked.append(reference)
        said = self.answers.popleft() if self.answers else None
        if isinstance(said, Exception):
            raise said
        if said is not None:
            return replace(said, observed_at=self.clock.now())
        return Evidence(kind=EvidenceKind.PROCESSING, source=Source.QUERY, observed_at=self.clock.now())

    async def give_back(self, order: RefundOrder) -> Evidence:
        self.given_back.append(order)
        self.result_urls.append(order.result_url)
        return Evidence(
            kind=EvidenceKind.ACCEPTED,
            source=Source.SUBMIT,
            observed_at=self.clock.now(),
            reference=f"AG_{len(self.given_back)}",
        )

    async def ask_status(self, question: StatusQuestion) -> Accepted:
        self.questions.append(question)
        return self._accepted(question.result_url)

    async def ask_balance(self, result_url: str, timeout_url: str) -> Accepted:
        assert timeout_url == f"{result_url}/late"
        return self._accepted(result_url)

    def _accepted(self, result_url: str) -> Accepted:
        self.result_urls.append(result_url)
        return Accepted(originator=f"ours-{len(self.result_urls)}", conversation=f"AG_Q{len(self.result_urls)}")

    async def pull(self, since: datetime, until: datetime, offset: int) -> FeedPage:
        self.pulls.append((since, until))
        found = self.feed[offset:]
        return FeedPage(payments=found, rows=len(found))

    async def qr(self, account: str, amount: Money, pixels: int) -> bytes:
        return f"PNG of {account} {amount.text} {pixels}".encode()

    def read_result(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        return self._real.read_result(kind, body, heard_at)

    def read_timeout(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        return self._real.read_timeout(kind, body, heard_at)

    def halts_payouts(self, code: str) -> bool:
        return self._real.halts_payouts(code)

    def advise_refund(self, kind: RequestKind, code: str) -> RetryAdvice:
        return self._real.advise_refund(kind, code)

    def read_callback(self, channel: str, body: bytes, heard_at: datetime) -> CallbackReading:
        return self._real.read_callback(channel, body, heard_at)

    def advise(self, code: str) -> RetryAdvice:
        return self._real.advise(code)


def fill(url: str) -> None:
    """Two facilities, their users, and invoices 1 to 9 of the first, 10 of the second."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    database = CentralDatabase(url, HandClock())
    h = SCHEMA.hmis
    with database._engines.writer.connect() as db, db.begin():
        db.execute(insert(h.facility), [{"id": 1, "code": "KNH", "name": "Demo"}, {"id": 2, "code": "X", "name": "X"}])
        people = [
            (1, "cashier", "billing", 1),
            (2, "supervisor", "supervisor", 1),
            (3, "admin", "admin", 1),
            (4, "nurse", "nurse", 1),
            (5, "elsewhere", "billing", 2),
        ]
        db.execute(
            insert(h.user),
            [
                {
                    "id": n,
                    "username": name,
                    "display_name": name.title(),
                    "role": role,
                    "facility_id": facility,
                    "password_hash": hashed,
                    "active": True,
                }
                for n, name, role, facility in people
            ],
        )
        db.execute(
            insert(h.patient),
            [
                {
                    "id": n,
                    "facility_id": 2 if n == 10 else 1,
                    "patient_no": f"P-{n:04d}",
                    "name": f"Wanjiru Canary {n}",
                    "phone": f"07123450{n:02d}",
                    "sex": "F",
                    "birth_year": 1990,
                }
                for n in range(1, 11)
            ],
        )
        db.execute(
            insert(h.invoice),
            [
                {
                    "id": n,
                    "number": f"INV-{20000 + n}",
                    "facility_id": 2 if n == 10 else 1,
                    "patient_id": n,
                    "status": "open",
                    "currency": "KES",
                    "total": 485000,
                    "insurance": 0,
                    "waiver": 0,
                    "amount_paid": 0,
                    "queued_at": BEGAN + timedelta(minutes=n),
                }
                for n in range(1, 11)
            ],
        )
        db.execute(
            insert(h.invoice_line),
            [
                {
                    "invoice_id": n,
                    "position": 1,
                    "description": "Consultation",
                    "quantity": 1,
                    "unit_price": 485000,
                    "amount": 485000,
                }
                for n in range(1, 11)
            ],
        )
    database.dispose_now()


class Lines:
    """What the relay logged, as JSON objects and as text."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream
        self.errors_expected = False

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (json.loads(line) for line in self.text.splitlines())


@pytest.fixture(autouse=True)
def lines() -> Iterator[Lines]:
    """Logs go to memory; an error that the test did not expect fails it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    found = Lines(io.StringIO())
    logs.configure("debug", stream=found._stream)
    yield found
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)
    if not found.errors_expected:
        assert [line for line in found if line["level"] in {"error", "critical"}] == []


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and filled database, copied for each test."""
    path = tmp_path_factory.mktemp("central") / "template.sqlite3"
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    fill(url)
    return path


@dataclass
class Hospital:
    """One relay on its own database, and ways to look at both."""

    settings: Settings
    database: CentralDatabase
    clock: HandClock
    gateway: CountingGateway
    app: Litestar
    http: httpx.AsyncClient
    keys: Any = field(default_factory=lambda: (f"test-key-{n:06d}" for n in itertools.count(1)))

    @property
    def relay(self) -> Relay:
        relay: Relay = self.app.state.relay
        return relay

    async def login(self, username: str = "cashier", terminal: str = "") -> dict[str, Any]:
        answer = await self.http.post(
            "/api/auth/login", json={"username": username, "password": PASSWORD, "terminal": terminal}
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def sign_in(self, username: str = "cashier") -> None:
        """All further requests are this user's."""
        self.http.headers["Authorization"] = f"Bearer {(await self.login(username))['access_token']}"

    async def enrol(self, counter: str = "Counter 1") -> str:
        """All further requests come from a terminal of this counter; its series."""
        answer = await self.post("/api/terminals", {"install_uid": str(self.relay.ctx.ids.uuid()), "counter": counter})
        assert answer.status_code == 200, answer.text
        series = str(answer.json()["series"])
        self.http.headers["X-Terminal"] = series
        return series

    async def post(self, path: str, body: Any = None, *, key: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key or next(self.keys)} | more.pop("headers", {})
        return await self.http.post(path, json=body, headers=headers, **more)

    async def initiate(self, invoice_id: int = 1, *, key: str | None = None, **more: Any) -> httpx.Response:
        body = {"invoice_id": invoice_id, "amount": "4850", "phone_number": f"07222000{invoice_id:02d}"} | more
        return await self.post("/api/payments/mpesa/initiate", body, key=key)

    async def transaction(self, uid: str) -> dict[str, Any]:
        answer = await self.http.get(f"/api/payments/transactions/{uid}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def tasks(self) -> list[Task]:
        return list(await self.database.read(lambda books: books.trail.tasks(1, 100)))

    async def work_inbox(self) -> int:
        """What the worker's loop does, once."""
        return await self.relay.worker.loops[0].step()

    async def step(self, name: str) -> int:
        """What the worker's loop of this name does, once."""
        return await next(loop for loop in self.relay.worker.loops if loop.name == name).step()

    async def confirm(self, body: bytes, *, token: str = C2B_TOKEN, **more: Any) -> httpx.Response:
        """Safaricom confirms money that came to the Paybill, and the relay reads it."""
        answer = await self.http.post(f"/cb/{token}", content=body, **more)
        while await self.work_inbox():
            pass
        return answer

    def rows(self, table: str) -> int:
        """How many rows a table holds."""
        chosen = getattr(SCHEMA, table)
        with self.database._engines.reader.connect() as db:
            return len(db.execute(select(chosen)).all())

    def change_invoice(self, invoice_id: int, **values: Any) -> None:
        """What the HMIS does by itself."""
        invoice = SCHEMA.hmis.invoice
        with self.database._engines.writer.connect() as db, db.begin():
            db.execute(update(invoice).where(invoice.c.id == invoice_id).values(**values))

    def set_user(self, username: str, **values: Any) -> None:
        user = SCHEMA.hmis.user
        with self.database._engines.writer.connect() as db, db.begin():
            db.execute(update(user).where(user.c.username == username).values(**values))


Opener = Callable[..., Any]


@asynccontextmanager
async def opened(url: str, **changes: Any) -> AsyncIterator[Hospital]:
    """A relay on the database at ``url``, its worker not running unless the test enters ``app.lifespan()``."""
    clock = HandClock()
    settings = replace(
        Settings(
            database_url=url,
            jwt_secret=SECRET,
            mpesa=MPESA,
            public_base_url="https://pay.hospital.example",
            c2b_tokens=(C2bToken(text=C2B_TOKEN),),
        ),
        **changes,
    )
    database = CentralDatabase(url, clock)
    provider = ProviderHttp()
    gateway = CountingGateway(clock, provider)
    context = Context(
        database=database, clock=clock, ids=SystemIds(), gateways={"mpesa": gateway}, policy=policy_of(settings)
    )
    app = create_app(settings, context=context)
    transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False, client=("10.1.1.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://relay") as http:
        yield Hospital(settings, database, clock, gateway, app, http)
    app.state.relay.statements.close()
    await provider.aclose()
    await database.dispose()


@pytest.fixture
def open_hospital(template: Path, tmp_path: Path) -> Opener:
    """``async with open_hospital(**settings) as hospital`` for tests that need other settings."""
    path = tmp_path / "central.sqlite3"
    shutil.copy(template, path)
    return lambda **changes: opened(f"sqlite:///{path}", **changes)


@pytest.fixture
async def hospital(open_hospital: Opener) -> AsyncIterator[Hospital]:
    """A relay with a cashier signed in at a terminal."""
    async with open_hospital() as found:
        await found.sign_in()
        await found.enrol()
        yield found


async def until(true: Callable[[], bool], *, tries: int = 500) -> None:
    """Wait for something to be true, by looking; fails after a few seconds."""
    for _ in range(tries):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen")
