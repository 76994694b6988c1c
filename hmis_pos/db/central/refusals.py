"""What the database's own errors mean to the use cases."""

from __future__ import annotations

import re

import psycopg
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError

from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.errors import CashierMistake, Conflict, Misconfigured, PosError, Unavailable

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")
_SQLITE_AWAY = ("database is locked", "database table is locked", "disk I/O error", "database or disk is full")
#: SQLSTATE classes in which the server says: take it back and do it again.
_AGAIN = frozenset({"40001", "40P01", "55P03"})
_UNDEFINED = frozenset({"42P01", "42703", "3F000"})

#: Unique rules whose breach a caller may meet: the field at fault in the words of the API.
_FIELDS = {
    "uid": "uid",
    "idempotency_key": "Idempotency-Key",
    "account_reference": "account_reference",
    "callback_token": "callback_token",
    "provider_request": "gateway_reference",
    "receipt_no": "gateway_reference",
    "payment_uid": "payment_uid",
    "number": "number",
    "series": "series",
}


class PromiseBroken(PosError):
    """The database refused a write that would have broken one of its rules: a bug of ours, and nothing was changed."""

    code = "promise-broken"


def refusal(error: IntegrityError, schema: Schema) -> PosError:
    """The domain's error for a constraint or trigger that said no."""
    columns = _unique_columns(error, schema)
    if columns == ("payment_transaction", "invoice_id"):
        return Conflict(
            "a request for this invoice is still open and may yet be paid",
            code="attempt-open",
            field="invoice_id",
            cure="Wait for its result, or take cash and tell the patient not to enter the PIN.",
        )
    if columns is not None:
        field = _FIELDS.get(columns[-1], columns[-1])
        return Conflict(
            f"{field} is used already",
            code="duplicate-reference",
            field=field,
            cure="Look up what has it; give each new thing a name of its own.",
        )
    return PromiseBroken(f"the database refused this write: {_first_line(error)}")


def _unique_columns(error: IntegrityError, schema: Schema) -> tuple[str, ...] | None:
    """(table, column …) of the unique rule that was broken; None if it was another rule."""
    orig = error.orig
    if not isinstance(orig, psycopg.Error):
        said = _SQLITE_UNIQUE.search(str(error.orig))
        if said is None:
            return None
        named = [part.strip().partition(".") for part in said["columns"].split(",")]
        return (named[0][0], *(column for _, _, column in named))
    if orig.sqlstate != "23505":
        return None
    return _by_name(schema).get(orig.diag.constraint_name or "", (orig.diag.table_name or "", "id"))


def _by_name(schema: Schema) -> dict[str, tuple[str, ...]]:
    rules: dict[str, tuple[str, ...]] = {}
    for table in schema.metadata.tables.values():
        keys = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
        unique: list[UniqueConstraint | Index] = [*keys, *(i for i in table.indexes if i.unique)]
        for rule in unique:
            rules[str(rule.name)] = (table.name, *(column.name for column in rule.columns))
        rules[f"pk_{table.name}"] = (table.name, *(column.name for column in table.primary_key.columns))
    return rules


def wants_repeat(error: DBAPIError) -> bool:
    """True where nothing was committed and doing the work again may succeed."""
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state in _AGAIN or "database is locked" in str(error.orig)


def surely_not_committed(error: DBAPIError) -> bool:
    """True where a failed COMMIT certainly changed nothing; everything else is unknown."""
    state = getattr(error.orig, "sqlstate", None) or ""
    return isinstance(error, IntegrityError) or state[:2] in ("40", "23")


def translated(error: DBAPIError, schema: Schema) -> PosError:
    """The domain's error for anything that went wrong before COMMIT."""
    if isinstance(error, IntegrityError):
        return refusal(error, schema)
    state, said = getattr(error.orig, "sqlstate", None) or "", str(error.orig)
    if state in _UNDEFINED or "no such table" in said or "no such column" in said:
        return Misconfigured(
            f"the database lacks what this version needs: {_first_line(error)}",
            field="HMIS_DATABASE_URL",
            cure="Run hmis-pos migrate.",
        )
    if "file is not a database" in said or "malformed" in said:
        return Misconfigured(
            f"HMIS_DATABASE_URL names no usable database: {_first_line(error)}",
            field="HMIS_DATABASE_URL",
            cure="Restore the last backup, or name another file.",
        )
    if state[:2] == "22":
        return CashierMistake(f"a value does not fit: {_first_line(error)}", cure="Give a smaller or shorter one.")
    if "readonly database" in said:
        return Misconfigured(
            "the database file cannot be written",
            field="HMIS_DATABASE_URL",
            cure="Give the relay's user the right to write the file and its directory.",
        )
    is_server = isinstance(error.orig, psycopg.Error)
    away = (is_server and not state) or state[:2] in ("08", "53", "57", "58") or state in _AGAIN
    if away or any(words in said for words in _SQLITE_AWAY):
        return Unavailable(
            f"the database is away: {_first_line(error)}",
            code="database-away",
            cure="It is tried again; call IT if it stays.",
        )
    return PromiseBroken(f"the database refused this: {_first_line(error)}")


def _first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
