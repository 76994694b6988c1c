"""Opening the encrypted file: key, durability, health.

Order matters (reliability.md 0.1-0.3): at creation ``synchronous=EXTRA`` stands before ``journal_mode=WAL``, or a power cut
may resurrect the rollback journal over the new file; afterwards ``FULL``, since NORMAL loses acknowledged receipts.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from hmis_pos.db.local.tables import SCHEMA_VERSION, metadata
from hmis_pos.domain.errors import Misconfigured, Unavailable

#: Below it, two connections that write or checkpoint at once can corrupt a WAL file.
MIN_SQLITE = (3, 51, 3)
#: A sale is refused below this much free space, before money changes hands.
MIN_FREE_BYTES = 200 * 1024 * 1024
_KEY = re.compile(r"[0-9a-f]{64}")


def check_sqlite(version: tuple[int, ...]) -> None:
    """Refuse an SQLite that may corrupt the file.

    Raises:
        Misconfigured: it is older than 3.51.3.
    """
    if version < MIN_SQLITE:
        raise Misconfigured(
            f"SQLite {'.'.join(map(str, version))} can corrupt the till's store; 3.51.3 is the oldest that is safe",
            code="sqlite-old",
            cure="Install the sqlcipher3 package that uv.lock names (make demo does it).",
        )


def check_space(folder: Path, least: int = MIN_FREE_BYTES) -> None:
    """Refuse to go on with a nearly full disk.

    Raises:
        Unavailable: less than ``least`` bytes are free, code ``disk-full``.
    """
    free = shutil.disk_usage(folder).free
    if free < least:
        raise Unavailable(
            f"the till's disk has {free // 2**20} MB left, {least // 2**20} MB are needed to take money safely",
            code="disk-full",
            cure="Free some space on this computer, then try again. Nothing was taken.",
        )


def open_engine(path: Path, key: str) -> Engine:
    """Open (or create) the store and check that it is whole. Blocks; belongs in the worker thread.

    ``key`` is 64 hex digits. It is handed to SQLCipher by PRAGMA, never in a URL, which logs and errors would show.

    Raises:
        Misconfigured: wrong key, damaged file, a newer program's file, or an SQLite that is too old.
    """
    check_sqlite(tuple(int(part) for part in sqlcipher.sqlite_version.split(".")))
    if not _KEY.fullmatch(key):
        raise Misconfigured(
            "the key of the till's store is not 64 hex digits",
            code="store-key",
            cure="The entry in the keyring was changed by hand; restore it, or enrol this till anew.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists() or path.stat().st_size == 0

    def connect() -> Any:
        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, key, fresh=fresh)
        except sqlcipher.DatabaseError as e:
            connection.close()
            raise _unreadable(path, str(e)) from e
        return connection

    engine = create_engine("sqlite://", module=sqlcipher, creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", _begin_immediate)
    try:
        _settle_schema(engine, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(connection: Any, key: str, *, fresh: bool) -> None:
    run = connection.execute
    run(f"PRAGMA key = \"x'{key}'\"")
    run("PRAGMA temp_store = MEMORY")  # a spilled sort must not leave names on the disk in clear
    if fresh:
        run("PRAGMA synchronous = EXTRA")
    mode = run("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise sqlcipher.DatabaseError(f"the file system does not take write-ahead logging (journal mode {mode})")
    run("PRAGMA foreign_keys = ON")
    run("PRAGMA recursive_triggers = ON")  # so that REPLACE meets the delete triggers too
    run("PRAGMA busy_timeout = 5000")
    run("PRAGMA cache_size = -32000")  # the queue's indexes stay decrypted in memory


def _settle_schema(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.rollback()
        if version > SCHEMA_VERSION:
            raise Misconfigured(
                f"the till's store was made by a newer HMIS POS (schema {version}, this one knows {SCHEMA_VERSION})",
                code="store-newer",
                cure="Start the newer program again.",
            )
        if version == 0:
            metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.commit()
        else:
            _quick_check(connection, path)
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute("PRAGMA synchronous = FULL")


def _quick_check(connection: Any, path: Path) -> None:
    try:
        found = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(3)")]
    except Exception as e:  # whatever the driver says of a damaged page, it is damaged
        raise _unreadable(path, str(e)) from e
    finally:
        connection.rollback()
    if found != ["ok"]:
        raise _unreadable(path, "; ".join(found))


def _unreadable(path: Path, why: str) -> Misconfigured:
    first_line = why.splitlines()[0]
    return Misconfigured(
        f"the till's store {path} cannot be read: {first_line}",
        code="store-damaged",
        cure="It is damaged, or the keyring holds another key. Do not delete it: it may hold unsent receipts. Call IT.",
    )


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
