"""The keys of every invoice's and patient's number, kept beside the HMIS's tables by triggers, so that its own writes count too.

They are computed in SQL and are those of ``domain.matching.account_keys`` for any text: the letters whose capitals are ASCII ("ß" is "SS")
are taken from Python's own table. Keys with too few digits to mean anything are not stored.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import cache

from hmis_pos.db.central.shapes import PREFIX
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.matching import LONGEST, MIN_DIGITS

TABLE = "account_key"
INVOICE = "invoice"
PATIENT = "patient"
#: A number typed in part is looked for by so many of its last characters.
TAIL = 4


@cache
def _capitals() -> tuple[tuple[str, str], ...]:
    """Letters beyond ASCII whose capital form holds ASCII letters or digits, with what it holds."""
    found = []
    for code in range(0x80, 0x10000):  # the letters beyond have no such capitals
        letter = chr(code)
        kept = "".join(capital for capital in letter.upper() if capital.isascii() and capital.isalnum())
        if kept:
            found.append((letter, kept))
    return tuple(found)


def _compact(text: str, dialect: str) -> str:
    """SQL for ``text`` in capitals, of which only ASCII letters and digits are left."""
    text = f"coalesce(CAST({text} AS TEXT), '')"
    if dialect != "sqlite":
        for letter, kept in _capitals():
            text = f"replace({text}, '{letter}', '{kept}')"
        # Not upper(): what it makes of an i depends on the database's language.
        capital = f"translate({text}, '{string.ascii_lowercase}', '{string.ascii_uppercase}')"
        return f"""left(regexp_replace({capital} COLLATE "C", '[^0-9A-Z]', '', 'g'), {LONGEST})"""
    # One flat CASE: an HMIS on the same file brings its own SQLite, and below 3.46 none reads a schema with deeply nested calls.
    unusual = " ".join(f"WHEN '{letter}' THEN '{kept}'" for letter, kept in _capitals())
    first = "substr(rest, 1, 1)"
    return (
        f"(WITH RECURSIVE walk(rest, kept) AS (SELECT upper({text}), '' UNION ALL"
        f" SELECT substr(rest, 2), kept || CASE WHEN rest GLOB '[0-9A-Z]*' THEN {first}"
        f" WHEN rest GLOB '[ -~]*' THEN '' ELSE CASE {first} {unusual} ELSE '' END END"
        f" FROM walk WHERE rest <> '' AND length(kept) < {LONGEST})"
        f" SELECT substr(kept, 1, {LONGEST}) FROM walk WHERE rest = '' OR length(kept) >= {LONGEST})"
    )


def keys_of(numbered: str, dialect: str) -> str:
    """SELECT of (id, key) for ``numbered``, a SELECT of (id, number)."""
    compact = _compact("n.number", dialect)
    trimmed = f"ltrim(c.compact, '{string.ascii_uppercase}')"
    has_digits = (
        "k.key GLOB '*" + "[0-9]*" * MIN_DIGITS + "'"
        if dialect == "sqlite"
        else "k.key ~ '" + ".*".join(["[0-9]"] * MIN_DIGITS) + "'"
    )
    # OFFSET 0: the walk is done once, not once for each use of its result.
    return (
        f"SELECT DISTINCT k.id, k.key FROM (SELECT c.id AS id,"
        f" replace(CASE WHEN b.bare = 1 THEN {trimmed} ELSE c.compact END, 'O', '0') AS key"
        f" FROM (SELECT n.id AS id, {compact} AS compact FROM ({numbered}) n LIMIT {'-1' if dialect == 'sqlite' else 'ALL'} OFFSET 0) c"
        " CROSS JOIN (SELECT 0 AS bare UNION ALL SELECT 1) b) k"
        f" WHERE {has_digits}"
    )


def _insert(kind: str, numbered: str, dialect: str) -> str:
    tail = f"substr(found.key, -{TAIL})" if dialect == "sqlite" else f"right(found.key, {TAIL})"
    return (
        f"INSERT INTO {TABLE} (kind, target_id, key, tail)"
        f" SELECT '{kind}', found.id, found.key, {tail} FROM ({keys_of(numbered, dialect)}) found"
    )


def _numbers(schema: Schema) -> tuple[tuple[str, str, str, str], ...]:
    """(kind, table, id column, number column) of both, quoted, under the hospital's names."""
    n = schema.names
    return tuple(
        (kind, f'"{n.table(kind)}"', f'"{n.column(kind, "id")}"', f'"{n.column(kind, column)}"')
        for kind, column in ((INVOICE, "number"), (PATIENT, "patient_no"))
    )


def filling(schema: Schema, dialect: str) -> list[str]:
    """The SQL that makes the keys of rows that were there before: a hospital's own invoices and patients."""
    return [
        _insert(
            kind,
            f"SELECT h.{key} AS id, h.{number} AS number FROM {table} h"
            f" WHERE h.{key} NOT IN (SELECT a.target_id FROM {TABLE} a WHERE a.kind = '{kind}')",
            dialect,
        )
        for kind, table, key, number in _numbers(schema)
    ]


def triggers(schema: Schema, dialect: str) -> Iterator[str]:
    """The SQL of the triggers that keep the keys, on a database that has none of them."""
    for kind, table, key, number in _numbers(schema):
        gone = f"DELETE FROM {TABLE} WHERE kind = '{kind}' AND target_id = OLD.{key}"
        made = _insert(kind, f"SELECT NEW.{key} AS id, NEW.{number} AS number", dialect)
        plan = (
            ("keyed_new", f"INSERT ON {table}", made),
            ("keyed", f"UPDATE OF {key}, {number} ON {table}", f"{gone}; {made}"),
            ("keyed_gone", f"DELETE ON {table}", gone),
        )
        for name, event, work in plan:
            if dialect == "sqlite":
                yield f"CREATE TRIGGER {PREFIX}{kind}_{name} AFTER {event} BEGIN {work}; END"
                continue
            # With the owner's rights, as the search index: whoever may write an invoice need not know of the keys.
            yield (
                f"CREATE FUNCTION {PREFIX}{kind}_{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
                f" SET search_path FROM CURRENT AS $$ BEGIN {work}; RETURN NULL; END $$"
            )
            yield (
                f"CREATE TRIGGER {PREFIX}{kind}_{name} AFTER {event} FOR EACH ROW"
                f" EXECUTE FUNCTION {PREFIX}{kind}_{name}()"
            )
