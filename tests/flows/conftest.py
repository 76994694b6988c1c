"""Flows run on the seeded demo hospital, on SQLite and on PostgreSQL. It is laid out once a run; every test gets a copy."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from hmis_pos.cashier.ports import Clock
from hmis_pos.db.central import migrate, seed
from hmis_pos.relay.clock import SystemClock
from tests.support import counter
from tests.support.counter import Day
from tests.support.house import HandClock, House, opened
from tests.support.postgres import Postgres, empty_postgres_url, postgres_server, postgres_template, postgres_url

__all__ = ["empty_postgres_url", "postgres_server", "postgres_template", "postgres_url"]

Opener = Callable[..., AbstractAsyncContextManager[House]]


def _seeded_file(folder: Path, clock: Clock) -> Path:
    file = folder / "central.sqlite3"
    migrate.upgrade(f"sqlite:///{file}")
    seed.demo(f"sqlite:///{file}", clock)
    return file


def _seeded_postgres(server: Postgres, template: str, clock: Clock) -> Iterator[str]:
    name = server.create(template=template)
    seed.demo(server.url(name), clock)
    yield name
    server.drop(name)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By the clock of ``House``, which a test holds."""
    return _seeded_file(tmp_path_factory.mktemp("flows"), HandClock())


@pytest.fixture(scope="session")
def demo_file_of_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By the machine's clock, as real processes have it."""
    return _seeded_file(tmp_path_factory.mktemp("counters"), SystemClock())


@pytest.fixture(scope="session")
def demo_postgres(postgres_server: Postgres, postgres_template: str) -> Iterator[str]:
    yield from _seeded_postgres(postgres_server, postgres_template, HandClock())


@pytest.fixture(scope="session")
def demo_postgres_of_today(postgres_server: Postgres, postgres_template: str) -> Iterator[str]:
    yield from _seeded_postgres(postgres_server, postgres_template, SystemClock())


@pytest.fixture
def sqlite_url(demo_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(demo_file, tmp_path)}"


@pytest.fixture
def seeded_postgres_url(postgres_server: Postgres, demo_postgres: str) -> Iterator[str]:
    name = postgres_server.create(template=demo_postgres)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def sqlite_url_of_today(demo_file_of_today: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(demo_file_of_today, tmp_path)}"


@pytest.fixture
def postgres_url_of_today(postgres_server: Postgres, demo_postgres_of_today: str) -> Iterator[str]:
    name = postgres_server.create(template=demo_postgres_of_today)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)])
def day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Day]:
    """A hospital of real processes, and somebody who works at its counter."""
    with _day(request, tmp_path) as day:
        yield day


@pytest.fixture(params=["sqlite", "postgresql"])
def day_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Day]:
    """The same, on both databases each time: for the stories in which a process is killed, or two tills race."""
    with _day(request, tmp_path) as day:
        yield day


def _day(request: pytest.FixtureRequest, tmp_path: Path) -> AbstractContextManager[Day]:
    fixture = "sqlite_url_of_today" if request.param == "sqlite" else "postgres_url_of_today"
    return counter.opened(tmp_path / "a hospital", str(request.getfixturevalue(fixture)))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A seeded demo hospital in either database."""
    fixture = "sqlite_url" if request.param == "sqlite" else "seeded_postgres_url"
    return str(request.getfixturevalue(fixture))


@pytest.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    """The usual house: every phone pays at once."""
    async with opened(sqlite_url) as house:
        yield house
        assert await house.breaches() == []


@pytest.fixture
def open_house(sqlite_url: str) -> Opener:
    """A house with a Safaricom of the test's own making."""

    def make(**daraja: Any) -> AbstractAsyncContextManager[House]:
        return opened(sqlite_url, **daraja)

    return make
