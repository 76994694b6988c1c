"""Bring a central database to this program's version, and say whether it is there.

Alembic, without an ``alembic.ini``: the engine and the hospital's names come from our settings. One run is one transaction, on SQLite
too, so a migration that fails changes nothing. Triggers hold no data and are made anew at every run.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, SAWarning

from hmis_pos.db.central import account_keys, guards, search
from hmis_pos.db.central.engine import make_engines
from hmis_pos.db.central.hmis_map import NEEDED, HmisMap
from hmis_pos.db.central.refusals import translated
from hmis_pos.db.central.shapes import PREFIX
from hmis_pos.db.central.tables import Schema, build
from hmis_pos.domain.errors import Misconfigured

T = TypeVar("T")

_SCRIPTS = Path(__file__).with_name("migrations")


def head() -> str:
    """The version this program works with."""
    found = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    if found is None:
        raise AssertionError("the package holds no migration")
    return found


def current(url: str) -> str | None:
    """The version of the database at ``url``; None where it was never migrated."""
    return _run(url, None, lambda connection, _schema: _version(connection))


def upgrade(url: str, *, names: HmisMap | None = None, to: str = "head") -> str:
    """Bring the database to version ``to`` and make its guards; returns the version reached.

    Tables of the HMIS that are missing are made after the reference schema; those that exist are left as they are.

    Raises:
        Misconfigured: the database is newer than this program, or the HMIS's tables lack a column we need.
        Unavailable: it is away.
    """

    def work(connection: Connection, schema: Schema) -> str:
        _require_known(_version(connection))
        if connection.dialect.name == "postgresql":  # two that migrate at once: one after the other
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('hmis-pos:migrate', 0))"))
        _require_hmis_columns(connection, schema)
        _drop_guards(connection)
        command.upgrade(_config(connection, schema), to)
        if _version(connection) == head():
            _make_guards(connection, schema)
        return _version(connection) or ""

    return _run(url, names, work)


def downgrade(url: str, *, names: HmisMap | None = None, to: str = "base") -> None:
    """Go back to version ``to``. The HMIS's own tables stay.

    An older version stands without guards until the program of that version has migrated: it makes its own.
    """

    def work(connection: Connection, schema: Schema) -> None:
        _drop_guards(connection)
        command.downgrade(_config(connection, schema), to)
        if _version(connection) == head():
            _make_guards(connection, schema)

    _run(url, names, work)


def drift(url: str, *, names: HmisMap | None = None) -> list[str]:
    """Where our tables in the database differ from ``tables.py``; empty when all is well."""

    def work(connection: Connection, schema: Schema) -> list[str]:
        options = {"include_object": is_ours(schema), "compare_type": True}
        with warnings.catch_warnings():
            # Of the HMIS's tables, which are not compared: an index over an expression, ours or theirs.
            warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
            found = compare_metadata(MigrationContext.configure(connection, opts=options), schema.metadata)
        made = set(_guard_names(connection))
        lacking = _wanted_guards(schema, connection.dialect.name) - made
        return [str(difference) for difference in found] + [f"trigger {name} is missing" for name in sorted(lacking)]

    return _run(url, names, work)


def require_head(connection: Connection) -> None:
    """Refuse a database of another version.

    Raises:
        Misconfigured: with the cure.
    """
    version = _version(connection)
    _require_known(version)
    if version != head():
        raise Misconfigured(
            f"the database is at version {version or 'none'}, this program needs {head()}",
            field="HMIS_DATABASE_URL",
            cure="Run hmis-pos migrate.",
        )


def is_ours(schema: Schema) -> Callable[..., bool]:
    """What Alembic may look at: our tables. The HMIS's belong to the HMIS, the search indexes to ``search.py``."""
    ours = {table.name for table in schema.ours}

    def included(_thing: Any, name: str | None, kind: str, _reflected: bool, compared: Any) -> bool:  # noqa: FBT001
        if kind == "table":
            return name in ours
        table = getattr(_thing, "table", None)
        del compared
        return table is None or table.name in ours

    return included


def _config(connection: Connection, schema: Schema) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, schema=schema)
    return config


def _run(url: str, names: HmisMap | None, work: Callable[[Connection, Schema], T]) -> T:
    schema = build(names)
    engines = make_engines(url, threads=1)
    try:
        with engines.writer.connect() as connection, connection.begin():
            return work(connection, schema)
    except DBAPIError as e:
        raise translated(e, schema) from e
    finally:
        engines.dispose()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _require_known(version: str | None) -> None:
    known = {script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()}
    if version is not None and version not in known:
        raise Misconfigured(
            f"the database is at version {version}, which this program does not know: it is newer",
            field="HMIS_DATABASE_URL",
            cure="Install the newer program.",
        )


def _require_hmis_columns(connection: Connection, schema: Schema) -> None:
    """What the hospital has already must have all that we use; what it lacks altogether we make."""
    looking, names, lacking = inspect(connection), schema.names, []
    for table, columns in NEEDED.items():
        named = names.table(table)
        if looking.has_table(named):
            there = {column["name"] for column in looking.get_columns(named)}
            wanted = [names.column(table, column) for column in columns]
            lacking += [f"{named}.{column}" for column in wanted if column not in there]
    if lacking:
        raise Misconfigured(
            f"the HMIS's tables lack {', '.join(lacking)}",
            field="HMIS_TABLE_MAP",
            cure="Name the columns that hold this in the map, or add them.",
        )


# ---------------------------------------------------------------- guards


@contextmanager
def guards_off(connection: Connection, schema: Schema) -> Iterator[None]:
    """Load many rows at once, without triggers; they, the search index and the account keys are made again before the commit.

    The rows loaded must themselves be what the triggers would have made of them.
    """
    _drop_guards(connection)
    yield
    _make_guards(connection, schema)


def _wanted_guards(schema: Schema, dialect: str) -> set[str]:
    made = _guards(schema, dialect)
    words = [statement.replace("CONSTRAINT ", "", 1).split() for statement in made]
    return {said[2] for said in words if said[:2] == ["CREATE", "TRIGGER"]}


def _guards(schema: Schema, dialect: str) -> list[str]:
    return [
        *guards.statements(schema, dialect),
        *search.triggers(schema, dialect),
        *account_keys.triggers(schema, dialect),
    ]


def _make_guards(connection: Connection, schema: Schema) -> None:
    dialect = connection.dialect.name
    for statement in (
        *_guards(schema, dialect),
        *search.filling(schema, dialect),
        *account_keys.filling(schema, dialect),
    ):
        connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def _guard_names(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        wanted = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 9) = :prefix"
    else:
        wanted = (
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND left(t.tgname, 9) = :prefix"
        )
    return list(connection.execute(text(wanted), {"prefix": PREFIX}).scalars())


def _drop_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in _guard_names(connection):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    functions = connection.execute(
        text(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE prorettype = 'trigger'::regtype"
            " AND pronamespace = current_schema()::regnamespace AND left(proname, 9) = :prefix"
        ),
        {"prefix": PREFIX},
    ).scalars()
    for function in functions.all():
        connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")
