"""Many values in one statement, each list as one bound parameter, which the databases unpack themselves.

A parameter for each value costs the driver more than storing it costs the server.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, any_, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from hmis_pos.db.central.stores.statements import upsert

_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def is_among(connection: Connection, of: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    """Whether ``of`` is one of these words; found by its index."""
    if connection.dialect.name == "sqlite":
        return of.in_(select(column("value")).select_from(func.json_each(json.dumps(list(words)))))
    # An array and no SELECT: of a SELECT's rows PostgreSQL knows no number, and it reads whole tables for them.
    quoted = ",".join(f'"{word.translate(_QUOTED)}"' for word in words)
    return of == any_(cast(literal(f"{{{quoted}}}", Text), ARRAY(Text)))


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
        func.json_to_recordset(cast(literal(json.dumps(plain, default=str), Text), JSON))
        .table_valued(*(column(name, kind) for name, kind in of_column.items()), name="new")
        .render_derived(with_types=True)
    )
    connection.execute(new.from_select(names, select(unpacked)).on_conflict_do_nothing())
