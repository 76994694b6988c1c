"""Flows run on the seeded demo hospital, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from hmis_pos.db.central import migrate, seed
from tests.support.house import HandClock, House, opened
from tests.support.postgres import empty_postgres_url, postgres_server, postgres_template, postgres_url

__all__ = ["empty_postgres_url", "postgres_server", "postgres_template", "postgres_url"]

Opener = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo hospital, laid out once; every test gets a copy."""
    file = tmp_path_factory.mktemp("flows") / "central.sqlite3"
    migrate.upgrade(f"sqlite:///{file}")
    seed.demo(f"sqlite:///{file}", HandClock())
    return file


@pytest.fixture
def sqlite_url(demo_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(demo_file, tmp_path)}"


@pytest.fixture
def seeded_postgres_url(postgres_url: str) -> str:
    seed.demo(postgres_url, HandClock())
    return postgres_url


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
