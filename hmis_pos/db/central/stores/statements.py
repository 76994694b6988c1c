"""How the stores write and lock, the same on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, CursorResult, Insert, Select, Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from hmis_pos.db.central.refusals import refusal
from hmis_pos.db.central.tables import Schema


def or_refuse(connection: Connection, schema: Schema, statement: Insert | Update) -> CursorResult[Any]:
    """Run ``statement`` in a savepoint, so that the caller can go on in the same transaction.

    Raises:
        Conflict, PromiseBroken: the database said no; only this statement was taken back.
    """
    try:
        with connection.begin_nested():
            return connection.execute(statement)
    except IntegrityError as e:
        raise refusal(e, schema) from e


def new_number(done: CursorResult[Any]) -> int:
    """The number the database gave to the one row inserted."""
    key = done.inserted_primary_key
    if key is None:
        raise TypeError("only an INSERT of one row has a number")
    return int(key[0])


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT; both dialects spell it alike."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def locked(connection: Connection, wanted: Select[Any], of: Table | None = None) -> Select[Any]:
    """``wanted`` with its rows locked until the end of a writing transaction; nothing to lock in a reading one.

    NO KEY UPDATE: others may still write rows that refer to them. SQLite has one writer, which needs no row locks.
    """
    if connection.get_execution_options().get("postgresql_readonly"):
        return wanted
    return wanted.with_for_update(of=of, key_share=True)
