"""Engines for a database URL: ``sqlite:///file.db`` (embedded) or ``postgresql://user@host/name``.

SQLite comes from ``sqlcipher3`` without a key: the file is a plain SQLite file, and the library is newer than Python's own, which in a
WAL file with two connections can corrupt it (below 3.51.3; reference/reliability.md section 0, 3). Every commit is
flushed before it is acknowledged (synchronous=FULL): NORMAL loses acknowledged receipts on a power cut (section 0, 1).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlcipher3 import dbapi2

from hmis_pos.domain.errors import Misconfigured

#: Below this SQLite can corrupt a WAL file when two connections write or checkpoint at once.
SQLITE_AT_LEAST = (3, 51, 3)
#: How long a statement waits for another's lock before it gives up, in seconds.
LOCK_WAIT = 10
_CONNECT_WAIT = 5


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine to write and one to read. On SQLite the writing one has a single connection."""

    url: URL
    writer: Engine
    reader: Engine
    writers: int

    @property
    def dialect(self) -> str:
        return self.writer.dialect.name

    def dispose(self) -> None:
        """Close all connections."""
        self.writer.dispose()
        self.reader.dispose()


def parse_url(text: str) -> URL:
    """The database URL of a setting.

    Raises:
        Misconfigured: it is none we can use. The text of the error never holds the password.
    """
    cure = "Give sqlite:///path/to/file.db or postgresql://user:password@host:5432/database."
    try:
        url = make_url(text)
    except ArgumentError:
        raise Misconfigured("HMIS_DATABASE_URL is no database URL", field="HMIS_DATABASE_URL", cure=cure) from None
    shown = url.render_as_string(hide_password=True)
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise Misconfigured(
            f"HMIS_DATABASE_URL {shown}: {url.drivername} is not supported", field="HMIS_DATABASE_URL", cure=cure
        )
    if not url.database or url.database == ":memory:" or url.host or url.query:
        raise Misconfigured(f"HMIS_DATABASE_URL {shown} names no file", field="HMIS_DATABASE_URL", cure=cure)
    return url


def check_sqlite_version(version: str = sqlcipher3.sqlite_version) -> None:
    """Refuse a SQLite library that can corrupt our file.

    Raises:
        Misconfigured: it is older than ``SQLITE_AT_LEAST``.
    """
    if tuple(int(part) for part in version.split(".")) < SQLITE_AT_LEAST:
        least = ".".join(str(part) for part in SQLITE_AT_LEAST)
        raise Misconfigured(
            f"SQLite {version} can corrupt a database that two connections use; {least} or newer is needed",
            field="HMIS_DATABASE_URL",
            cure="Install the pinned packages again (make setup), or use PostgreSQL.",
        )


def make_engines(text: str, *, threads: int = 4) -> Engines:
    """Engines for ``text``; nothing is connected yet.

    Raises:
        Misconfigured: the URL will not do, or the library is too old.
    """
    url = parse_url(text)
    if url.drivername == "sqlite":
        check_sqlite_version()
        path = Path(url.database or "")
        writer = _sqlite(url, path, size=1, writes=True)
        return Engines(url, writer, _sqlite(url, path, size=threads, writes=False), writers=1)
    writer = _postgresql(url, size=threads, options={})
    reader = _postgresql(url, size=threads, options={"postgresql_readonly": True})
    return Engines(url, writer, reader, writers=threads)


def _sqlite(url: URL, path: Path, *, size: int, writes: bool) -> Engine:
    engine = create_engine(
        url,
        module=dbapi2,
        creator=_opener(path, writes=writes),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=LOCK_WAIT * 6,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: the write lock is taken first, so a transaction never fails on the way from reading to writing.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _opener(path: Path, *, writes: bool) -> Callable[[], Any]:
    def connect() -> Any:
        if not path.parent.is_dir():
            raise Misconfigured(
                f"HMIS_DATABASE_URL: the directory {path.parent} does not exist",
                field="HMIS_DATABASE_URL",
                cure="Create it, or name another file.",
            )
        if not writes and not path.exists():
            raise Misconfigured(
                f"there is no database {path} yet", field="HMIS_DATABASE_URL", cure="Run hmis-pos migrate first."
            )
        connection = dbapi2.connect(os.fspath(path), timeout=LOCK_WAIT, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, writes=writes)
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _prepare(connection: Any, *, writes: bool) -> None:
    if writes and connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        # EXTRA before the switch to WAL: else a journal that came back after a power cut can wipe the new file.
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA journal_mode = WAL")
    for pragma in (
        "synchronous = FULL",
        "fullfsync = ON",  # macOS: flush the drive's own cache too
        "checkpoint_fullfsync = ON",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # else INSERT OR REPLACE would delete past our triggers
        "cell_size_check = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if not writes:
        connection.execute("PRAGMA query_only = ON")


def _postgresql(url: URL, *, size: int, options: dict[str, Any]) -> Engine:
    session = f"-c timezone=UTC -c lock_timeout={LOCK_WAIT}s -c idle_in_transaction_session_timeout=60s"
    given = url.query.get("options", "")
    arguments: dict[str, Any] = {"connect_timeout": _CONNECT_WAIT, "application_name": "hmis-pos"}
    arguments["options"] = f"{session} {given if isinstance(given, str) else ' '.join(given)}".strip()
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args=arguments,
        isolation_level="READ COMMITTED",
        pool_size=size,
        max_overflow=0,
        pool_timeout=LOCK_WAIT * 6,
        pool_pre_ping=True,
        execution_options=options,
    )

    @event.listens_for(engine, "connect")
    def durable(connection: Any, _record: Any) -> None:
        # A server set to lose the last commits is overruled for our money; stronger settings are left alone.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.commit()

    return engine
