"""Many values in one statement, each list as one bound parameter: a JSON text, which both databases unpack themselves.

A parameter for each value costs the driver more than storing it costs the server.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, Text, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSON

from hmis_pos.db.central.stores.statements import upsert


def listed(connection: Connection, words: Iterable[str]) -> Select[Any]:
    """A SELECT of these words, for ``IN``."""
    text = json.dumps(list(words))
    if connection.dialect.name == "sqlite":
        return select(column("value")).select_from(func.json_each(text))
    return select(func.json_array_elements_text(_as_json(text)))


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns; those that are there stay as they are."""
    new = upsert(connection, table)
    if connection.dialect.name == "sqlite":  # in this process: a statement for each row is no message to anybody
        connection.execute(new.on_conflict_do_nothing(), [dict(row) for row in rows])
        return
    names = list(rows[0])
    of_column = {name: table.c[name].type for name in names}
    stored = {
        name: kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        for name, kind in of_column.items()
    }
    plain = [{name: one(row[name]) if (one := stored[name]) else row[name] for name in names} for row in rows]
    unpacked = (
        func.json_to_recordset(_as_json(json.dumps(plain, default=str)))
        .table_valued(*(column(name, kind) for name, kind in of_column.items()), name="new")
        .render_derived(with_types=True)
    )
    connection.execute(new.from_select(names, select(unpacked)).on_conflict_do_nothing())


def _as_json(text: str) -> Any:
    return cast(literal(text, Text), JSON)
