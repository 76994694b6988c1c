from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hmis_pos.db.local.records import Install
from hmis_pos.db.local.store import LocalStore
from hmis_pos.terminal.clock import ServerTime, SystemClock, SystemIds
from hmis_pos.terminal.relay_client import RelayClient
from hmis_pos.terminal.relay_http import RelayHttp
from tests.support.relay_process import PASSWORD, CuttingProxy, RelayProcess, make_database
from tests.support.till import open_store


@pytest.fixture(scope="session")
def central_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("central") / "template.sqlite3"
    make_database(path)
    return path


@pytest.fixture
async def relay(central_template: Path, tmp_path: Path) -> AsyncIterator[RelayProcess]:
    path = tmp_path / "central.sqlite3"
    shutil.copy(central_template, path)
    process = RelayProcess(path)
    await process.start()
    yield process
    await process.kill()


@pytest.fixture
async def proxy(relay: RelayProcess) -> AsyncIterator[CuttingProxy]:
    between = CuttingProxy(relay.port)
    await between.start()
    yield between
    await between.close()


@dataclass
class Counter:
    """A till's services before the relay: signed in, enrolled, its store open."""

    client: RelayClient
    store: LocalStore
    server_time: ServerTime
    kept_refresh: list[str]


async def open_counter(url: str, folder: Path, *, name: str = "Counter 1") -> Counter:
    kept: list[str] = []

    async def keep(token: str) -> None:
        kept.append(token)

    server_time = ServerTime()
    client = RelayClient(RelayHttp(url, SystemClock(), server_time, keep_refresh=keep))
    store = await open_store(folder)
    await client.login("cashier", PASSWORD)
    mine = await store.install.get()
    enrolled = await client.enrol(mine.install_uid, name, key=str(SystemIds().uuid()))
    await store.install.bind(
        Install(
            install_uid=mine.install_uid,
            series=enrolled.series,
            counter=enrolled.counter,
            facility_id=enrolled.facility_id,
            facility_name=enrolled.facility_name,
            last_number=enrolled.last_number,
        )
    )
    return Counter(client, store, server_time, kept)


@pytest.fixture
async def counter(proxy: CuttingProxy, tmp_path: Path) -> AsyncIterator[Counter]:
    opened = await open_counter(proxy.url, tmp_path / "till")
    yield opened
    await opened.client.http.close()
    await opened.store.close()
