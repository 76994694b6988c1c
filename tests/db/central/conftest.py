"""Every test here runs on SQLite and on PostgreSQL, each on a fresh migrated database."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from hmis_pos.db.central import migrate
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.engine import make_engines
from tests.support.hospital import Hospital, found_hospital
from tests.support.postgres import empty_postgres_url, postgres_server, postgres_template, postgres_url

__all__ = ["empty_postgres_url", "postgres_server", "postgres_template", "postgres_url"]

BOTH = ("sqlite", "postgresql")


class StoppedClock:
    """Stands still until told to move."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 11, 32, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> datetime:
        self.time += timedelta(**by)
        return self.time


class RawSql:
    """SQL past all our code, each statement in a transaction of its own."""

    def __init__(self, url: str) -> None:
        self.engines = make_engines(url, threads=1)
        self.dialect = self.engines.dialect

    def __call__(self, statement: str, **values: object) -> list[Any]:
        with self.transaction() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self.engines.writer.connect() as connection, connection.begin():
            yield connection


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("central") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BOTH)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if dialect == "postgresql":
        return str(request.getfixturevalue("empty_postgres_url"))
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database without rows."""
    if dialect == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    path = tmp_path / "central.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(url: str, clock: StoppedClock) -> AsyncIterator[CentralDatabase]:
    database = CentralDatabase(url, clock)
    yield database
    await database.dispose()


@pytest.fixture
async def hospital(database: CentralDatabase, clock: StoppedClock) -> Hospital:
    """A small hospital with one open invoice, and hands to take payments for it."""
    return await found_hospital(database, clock)


@pytest.fixture
def raw(url: str) -> Iterator[RawSql]:
    raw = RawSql(url)
    yield raw
    raw.engines.dispose()
