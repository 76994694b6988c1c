"""A whole hospital in one loop: the relay and the simulated Safaricom, each on its own port over real HTTP, one clock for both.

The relay's worker does not run by itself; a test calls its steps, so that nothing waits for time to pass.
"""

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from hmis_pos.cashier.context import Context
from hmis_pos.contract.payments import Transaction
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.invariants import Breach
from hmis_pos.demo.processes import free_port
from hmis_pos.demo.promises import Movement, World, check_all, seeded_movements
from hmis_pos.gateways.http import ProviderHttp
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.relay.app import create_app, policy_of
from hmis_pos.relay.clock import SystemIds
from hmis_pos.relay.settings import C2bToken, Settings
from hmis_pos.simulators.daraja import Behaviour, Daraja, DarajaConfig, Delivery
from hmis_pos.simulators.daraja import create_app as create_daraja
from hmis_pos.simulators.daraja.statement_files import as_csv
from hmis_pos.simulators.serve import serving
from tests.support.operator_key import operator_key

C2B_TOKEN = "c2" * 32
PASSWORD = "demo-only"
MSISDN = "254712345418"


class HandClock:
    """Stands still until told; the relay's and Safaricom's."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 11, 31, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class House:
    """What a flow test holds in its hands."""

    clock: HandClock
    database: CentralDatabase
    daraja: Daraja
    relay: Any
    http: httpx.AsyncClient
    drawer: dict[tuple[str, int], int] = field(default_factory=dict)
    before: dict[str, Movement] = field(default_factory=dict)  #: what M-Pesa had moved before the test began
    username: str = "cashier"
    began: datetime = field(init=False)  #: Safaricom's ledger knows nothing older
    seeded_unmatched: list[dict[str, Any]] = field(default_factory=list)  #: what waited before the test began
    keys: Any = field(default_factory=lambda: (f"flow-key-{n:06d}" for n in itertools.count(1)))

    def __post_init__(self) -> None:
        self.began = self.clock.now()

    async def sign_in(self, username: str = "cashier") -> None:
        self.username = username
        answer = await self.http.post("/api/auth/login", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    async def post(self, path: str, body: Any, *, key: str | None = None) -> httpx.Response:
        return await self.http.post(path, json=body, headers={"Idempotency-Key": key or next(self.keys)})

    async def invoices(self) -> list[dict[str, Any]]:
        answer = await self.http.get("/api/invoices")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["invoices"]
        return found

    async def invoice(self, number: str) -> dict[str, Any]:
        answer = await self.http.get("/api/invoices", params={"search": number, "open_only": "false"})
        assert answer.status_code == 200, answer.text
        return next(one for one in answer.json()["invoices"] if one["number"] == number)

    async def ask_phone(self, invoice_id: int, amount: str, phone: str, **more: Any) -> httpx.Response:
        body = {"invoice_id": invoice_id, "amount": amount, "phone_number": phone}
        return await self.post("/api/payments/mpesa/initiate", body, **more)

    async def transaction(self, uid: str) -> dict[str, Any]:
        answer = await self.http.get(f"/api/payments/transactions/{uid}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def settle(self) -> None:
        """Let every callback that is under way arrive, and the relay read it."""
        await self.daraja.idle()
        while await self.step("inbox"):
            pass

    async def send(self, delivery: Delivery) -> None:
        """Safaricom sends something about the first push, outside its script; the relay reads it."""
        count = len(self.daraja.courier.sent) + delivery.times
        self.daraja.send(next(iter(self.daraja.state.pushes.values())), delivery)
        await self.daraja.wait_for(lambda daraja: len(daraja.courier.sent) >= count)
        await self.settle()

    async def pass_time(self, seconds: float) -> None:
        """Both clocks go ahead, prompts end, callbacks come, the relay reads and chases."""
        self.clock.at += timedelta(seconds=seconds)
        self.daraja.advance(0)  # it looks at the clock again
        await self.sign_in(self.username)  # an access token lives ten minutes
        await self.settle()
        await self.work()

    async def work(self, *loops: str) -> None:
        """One round of what the relay does by itself, and whatever Safaricom answers to it."""
        for name in loops or ("chase", "checks", "refunds", "pull"):
            await self.step(name)
            await self.settle()

    async def pay(self, amount: int | str, account: str = "", msisdn: str = MSISDN, **more: Any) -> Any:
        """A customer pays the Paybill from the phone's own menu; the relay reads what it is told."""
        payment = await self.daraja.pay(amount=amount, account=account, msisdn=msisdn, **more)
        await self.settle()
        return payment

    async def send_statement(self, content: bytes, name: str = "statement.csv") -> httpx.Response:
        """A supervisor sends a file."""
        await self.sign_in("supervisor")
        return await self.http.post(
            "/api/statements",
            params={"name": name},
            content=content,
            headers={"Idempotency-Key": next(self.keys), "Content-Type": "text/csv"},
        )

    async def import_statement(self, content: bytes = b"", name: str = "statement.csv") -> dict[str, Any]:
        """Finance exports the portal's statement since the test began and imports it; what was found."""
        before = self.username
        body = content or as_csv(self.daraja.statement(self.began, self.clock.now()))
        answer = await self.send_statement(body, name)
        assert answer.status_code == 202, answer.text
        await self.work("statements")
        found: dict[str, Any] = await self.get(f"/api/statements/{answer.json()['statement_id']}")
        await self.sign_in(before)
        return found

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def payments(self, invoice_id: int) -> list[dict[str, Any]]:
        found = await self.get("/api/payments/transactions", invoice_id=invoice_id)
        return list(found["transactions"])

    async def unmatched(self) -> list[dict[str, Any]]:
        return list((await self.get("/api/unmatched"))["unmatched"])

    async def step(self, name: str) -> int:
        loop = next(loop for loop in self.relay.worker.loops if loop.name == name)
        return int(await loop.step())

    async def breaches(self, *, settled: bool = True) -> list[Breach]:
        moved = self.daraja.state.ledger.movements()
        mpesa = self.before | {
            m.receipt: Movement(int(m.amount * 100), m.cause if m.kind == "stk" else "")
            for m in moved
            if m.kind in ("stk", "c2b")
        }
        back = {m.receipt: Movement(int(m.amount * 100)) for m in moved if m.kind in ("b2c", "reversal")}
        world = World(mpesa=mpesa, paid_back=back, drawer=self.drawer, settled=settled)
        return await self.database.snapshot(lambda books: check_all(books, world))

    async def tasks(self) -> set[str]:
        found = await self.database.read(lambda books: books.trail.tasks(1, 200))
        return {task.kind.value for task in found}


@asynccontextmanager
async def opened(
    url: str, *, mpesa: Mapping[str, Any] | None = None, rules: Mapping[str, Any] | None = None, **daraja_settings: Any
) -> AsyncIterator[House]:
    """A house on the migrated and seeded database at ``url``.

    ``mpesa`` changes the merchant's settings, ``rules`` the relay's, all others are of the simulated Safaricom.
    """
    clock = HandClock()
    config = DarajaConfig(
        **{
            "seed": 20931,
            "query_per_minute": None,
            "timestamp_max_age": None,
            "initiator_key": operator_key(),
            "pull_needs_registration": False,
            "default_behaviour": Behaviour(outcome="pay"),
            **daraja_settings,
        }
    )
    port = free_port()
    if config.c2b_confirmation_url == "ours":
        ours = f"http://127.0.0.1:{port}/cb/{C2B_TOKEN}"
        config = replace_config(config, c2b_confirmation_url=ours, c2b_validation_url=f"{ours}/check")
    daraja = Daraja(config, clock=clock.now)
    async with AsyncExitStack() as stack:
        certificate = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "certificate.pem"
        daraja.initiator.write_certificate(certificate)
        daraja_url = await stack.enter_async_context(serving(create_daraja(daraja=daraja)))
        settings = Settings(
            database_url=url,
            jwt_secret="a secret of the flow tests, long enough for HS256",
            mpesa=MpesaConfig(
                api_url=daraja_url,
                **{
                    "shortcode": config.shortcode,
                    "passkey": config.passkey,
                    "consumer_key": config.consumer_key,
                    "consumer_secret": config.consumer_secret,
                    "initiator": config.initiator_name,
                    "initiator_password": config.initiator_password,
                    "certificate": str(certificate),
                    "b2c_shortcode": config.b2c_shortcode or "",
                    "pull": True,
                    "pull_phone": "254722000001",
                    **(mpesa or {}),
                },
            ),
            public_base_url=f"http://127.0.0.1:{port}",
            c2b_tokens=(C2bToken(text=C2B_TOKEN),),
            **(rules or {}),
        )
        async with (
            _relay(settings, clock, port) as (app, database),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http,
        ):
            house = House(clock, database, daraja, app.state.relay, http)
            house.before = await database.read(seeded_movements)
            await house.sign_in()
            house.seeded_unmatched = await house.unmatched()
            yield house


def replace_config(config: DarajaConfig, **changes: Any) -> DarajaConfig:
    import msgspec  # noqa: PLC0415

    return (
        msgspec.structs.replace(config, **changes) if isinstance(config, msgspec.Struct) else replace(config, **changes)
    )


@asynccontextmanager
async def _relay(settings: Settings, clock: HandClock, port: int) -> AsyncIterator[tuple[Any, CentralDatabase]]:
    database = CentralDatabase(settings.database_url, clock)
    provider = ProviderHttp()
    assert settings.mpesa is not None
    context = Context(
        database=database,
        clock=clock,
        ids=SystemIds(),
        gateways={"mpesa": MpesaGateway(settings.mpesa, clock, provider)},
        policy=policy_of(settings),
    )
    app = create_app(settings, context=context)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, lifespan="off", log_config=None, access_log=False)
    )
    running = asyncio.get_running_loop().create_task(server.serve())
    try:
        while not server.started:
            assert not running.done(), running.result()
            await asyncio.sleep(0)
        yield app, database
    finally:
        server.should_exit = True
        await running
        await provider.aclose()
        await database.dispose()


def view(answer: httpx.Response) -> Transaction:
    import msgspec  # noqa: PLC0415

    return msgspec.convert(answer.json(), Transaction)
