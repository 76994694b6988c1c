"""Whatever anybody sends to any route, well formed or not: never a 5xx, and problems look like problems."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.sign_in import SignedIn
from hmis_pos.contract.problem import MEDIA_TYPE
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.gateways.http import ProviderHttp
from hmis_pos.relay.app import create_app, policy_of
from hmis_pos.relay.clock import SystemIds
from hmis_pos.relay.settings import C2bToken, Settings
from tests.relay.conftest import C2B_TOKEN, MPESA, SECRET, CountingGateway, HandClock


class WithoutLifespan:
    """The relay's routes without its worker, which schemathesis would let run on after the test."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})


@pytest.fixture(scope="module")
def api(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("fuzz") / "central.sqlite3"
    shutil.copy(template, path)
    clock = HandClock()
    chosen = Settings(
        database_url=f"sqlite:///{path}",
        jwt_secret=SECRET,
        mpesa=MPESA,
        public_base_url="https://pay.hospital.example",
        c2b_tokens=(C2bToken(text=C2B_TOKEN),),
    )
    database = CentralDatabase(chosen.database_url, clock)
    provider = ProviderHttp()
    gateway = CountingGateway(clock, provider)
    ids = SystemIds()
    context = Context(database=database, clock=clock, ids=ids, gateways={"mpesa": gateway}, policy=policy_of(chosen))
    app = create_app(chosen, context=context)
    limits = app.state.relay.limits
    for limit in (limits.login_address, limits.login_account, limits.alias):
        limit._burst = 1e9
    user = database.read_now(lambda books: books.users.by_name("cashier"))
    assert user is not None
    session = ids.uuid()
    database.write_now(
        lambda books: books.users.open_session(session, user.id, "x", clock.now().replace(year=2030), clock.now())
    )
    signed_in = SignedIn(user=user, session=session, refresh_token="")
    token = app.state.relay.tokens.issue(signed_in, ids, clock.now())
    schema = schemathesis.openapi.from_asgi("/schema/openapi.json", WithoutLifespan(app))
    schema.config.update(headers={"Authorization": f"Bearer {token}"})
    # Server-sent events never end by themselves; test_events.py has them.
    yield schema.exclude(path="/api/events")
    asyncio.run(provider.aclose())
    database.dispose_now()


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_breaks_the_relay(api: Any, mode: GenerationMode):
    call_all(api, mode, examples=12)


@pytest.mark.deep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_of_very_many_breaks_the_relay(api: Any, mode: GenerationMode):
    call_all(api, mode, examples=100)


def call_all(api: Any, mode: GenerationMode, *, examples: int) -> None:
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) == 42
    for operation in operations:
        with suppress(Unsatisfiable):  # an operation without parameters cannot be called wrongly
            assert sent(operation, mode, examples)


def sent(operation: Any, mode: GenerationMode, examples: int) -> set[int]:
    """Call one operation with whatever the document allows, or does not; the statuses that came back."""
    statuses: set[int] = set()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        response = case.call()
        ready = case.path == "/health/ready"  # it says 503, rightly: no worker runs here
        case.validate_response(response, checks=CHECKS[1:] if ready else CHECKS)
        statuses.add(response.status_code)
        if response.status_code >= 400 and "/health" not in case.path:
            assert response.headers["content-type"] == [MEDIA_TYPE]

    run()
    return statuses
