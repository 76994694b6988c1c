"""Search as you type, in any part of a word: name, patient no, invoice no, phone; for payments also references and receipts.

One document (lower-case text) a row, kept by triggers so that the HMIS's own writes are found too. Both databases index its
trigrams: SQLite by FTS5's trigram tokenizer, PostgreSQL by a GIN index over a function of ours (the pg_trgm extension needs a superuser
and is not everywhere). A term of three characters or more uses the index; shorter ones are compared row by row, in queue
order, which ends at the first page. What a person types is only ever a bound parameter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, column, func, select, table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from hmis_pos.db.central.columns import storable
from hmis_pos.db.central.shapes import PREFIX
from hmis_pos.db.central.tables import Schema

INVOICES = "invoice_search"
PAYMENTS = "payment_search"
_TRIGRAM = 3
#: More terms than any name has; what follows is ignored.
_TERMS = 8


def terms(typed: str) -> list[str]:
    """The words to look for, lower case; ``+254…`` without its plus, as the documents hold it."""
    words = (word.lstrip("+") for word in storable(typed).lower().split())
    return [word for word in words if word][:_TERMS]


def among(index: str, words: Sequence[str], dialect: str, key: ColumnElement[int]) -> ColumnElement[bool]:
    """True for the rows with this ``key`` whose document in ``index`` has all of ``words``."""
    number: ColumnElement[Any] = column("rowid" if dialect == "sqlite" else "id")
    rows = select(number.label("id")).select_from(table(index)).where(_condition(index, words, dialect))
    if any(len(word) >= _TRIGRAM for word in words):
        return key.in_(rows)
    return rows.where(number == key).exists()


def ids(index: str, word: str, dialect: str) -> Select[*tuple[Any, ...]]:
    """The keys of the rows whose document has ``word``."""
    number: ColumnElement[Any] = column("rowid" if dialect == "sqlite" else "id")
    return select(number.label("id")).select_from(table(index)).where(_condition(index, [word], dialect))


def _condition(index: str, words: Sequence[str], dialect: str) -> ColumnElement[bool]:
    document: ColumnElement[Any] = column("document")
    long = [word for word in words if len(word) >= _TRIGRAM]
    if dialect == "sqlite":
        short = [word for word in words if len(word) < _TRIGRAM]
        conditions: list[ColumnElement[bool]] = [document.like(containing(word), escape="\\") for word in short]
        if long:
            phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
            conditions.insert(0, column(index).op("MATCH", is_comparison=True)(phrases))
        return and_(*conditions)
    conditions = [document.like(containing(word), escape="\\") for word in words]
    if long:
        grams = {word[n : n + _TRIGRAM] for word in long for n in range(len(word) - _TRIGRAM + 1)}
        indexed: ColumnElement[Any] = getattr(func, f"{PREFIX}trigrams")(document, type_=ARRAY(Text))
        conditions.append(indexed.contains(sorted(grams)))
    return and_(*conditions)


def containing(word: str) -> str:
    """A LIKE pattern (escaped by a backslash) for ``word`` anywhere."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


# ---------------------------------------------------------------- documents


def _invoice_document(schema: Schema, invoice: str, patient: str) -> str:
    n = schema.names
    number = f'{invoice}."{n.column("invoice", "number")}"'
    name, number_of, phone = (f'{patient}."{n.column("patient", c)}"' for c in ("name", "patient_no", "phone"))
    digits = f"replace(replace(replace(coalesce({phone}, ''), ' ', ''), '-', ''), '+', '')"
    other_form = (
        f"CASE WHEN {digits} LIKE '254%' THEN ' 0' || substr({digits}, 4)"
        f" WHEN {digits} LIKE '0%' THEN ' 254' || substr({digits}, 2) ELSE '' END"
    )
    return f"lower({name} || ' ' || {number_of} || ' ' || {number} || ' ' || {digits} || {other_form})"


def _payment_document(row: str) -> str:
    parts = ("account_reference", "provider_request", "provider_receipts", "phone")
    own = f"(SELECT r.series || '-' || {{pad}} FROM receipt r WHERE r.payment_uid = {row}.uid)"
    return f"lower({' || '.join(f'{row}.{part} || chr(32)' for part in parts)} || coalesce({own}, ''))"


def _documents(schema: Schema, dialect: str) -> tuple[str, str, str]:
    """(of the invoice NEW, of any invoice ``i`` of the patient NEW, of a payment ``p``) as SQL."""
    patient = f'"{schema.names.table("patient")}"'
    key = f'"{schema.names.column("patient", "id")}"'
    owner = f'"{schema.names.column("invoice", "patient_id")}"'
    of_new = f"(SELECT {_invoice_document(schema, 'NEW', 'p')} FROM {patient} p WHERE p.{key} = NEW.{owner})"
    of_patient = _invoice_document(schema, "i", "NEW")
    pad = (
        "printf('%06d', r.number)"
        if dialect == "sqlite"
        else "lpad(r.number::text, greatest(6, length(r.number::text)), '0')"
    )
    of_payment = _payment_document("p").replace("{pad}", pad)
    if dialect == "sqlite":
        of_payment = of_payment.replace("chr(32)", "' '")
    return of_new, of_patient, of_payment


def _upsert(index: str, dialect: str, source: str) -> str:
    """Put ``source`` (a SELECT of id and document) into the index."""
    if dialect == "sqlite":
        return f"INSERT OR REPLACE INTO {index} (rowid, document) {source}"
    return f"INSERT INTO {index} (id, document) {source} ON CONFLICT (id) DO UPDATE SET document = excluded.document"


def storage(dialect: str) -> list[str]:
    """The SQL that makes the two indexes (part of the migration)."""
    if dialect == "sqlite":
        return [
            f"CREATE VIRTUAL TABLE {index} USING fts5(document, tokenize='trigram')" for index in (INVOICES, PAYMENTS)
        ]
    made = [
        (
            f"CREATE FUNCTION {PREFIX}trigrams(document text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
            " RETURN (SELECT coalesce(array_agg(DISTINCT substr(document, n, 3)), '{}')"
            " FROM generate_series(1, length(document) - 2) AS n)"
        )
    ]
    for index in (INVOICES, PAYMENTS):
        made.append(f"CREATE TABLE {index} (id BIGINT CONSTRAINT pk_{index} PRIMARY KEY, document TEXT NOT NULL)")
        made.append(f"CREATE INDEX ix_{index}_trigrams ON {index} USING gin ({PREFIX}trigrams(document))")
    return made


def removal(dialect: str) -> list[str]:
    """The SQL that takes the indexes away again."""
    gone = [f"DROP TABLE {index}" for index in (INVOICES, PAYMENTS)]
    return gone if dialect == "sqlite" else [*gone, f"DROP FUNCTION {PREFIX}trigrams"]


def filling(schema: Schema, dialect: str) -> list[str]:
    """The SQL that puts rows into the indexes that were there before them: a hospital's own invoices."""
    n = schema.names
    invoice, patient = (f'"{n.table(name)}"' for name in ("invoice", "patient"))
    key, owner = (f'"{n.column("invoice", c)}"' for c in ("id", "patient_id"))
    patient_key = f'"{n.column("patient", "id")}"'
    index_key = "rowid" if dialect == "sqlite" else "id"
    return [
        (
            f"INSERT INTO {INVOICES} ({index_key}, document) SELECT i.{key}, {_invoice_document(schema, 'i', 'p')}"
            f" FROM {invoice} i JOIN {patient} p ON p.{patient_key} = i.{owner}"
            f" WHERE i.{key} NOT IN (SELECT {index_key} FROM {INVOICES})"
        )
    ]


def triggers(schema: Schema, dialect: str) -> Iterator[str]:
    """The SQL of the triggers that keep the indexes, on a database that has none of them."""
    n = schema.names
    invoice, patient = (f'"{n.table(name)}"' for name in ("invoice", "patient"))
    key, number, owner = (f'"{n.column("invoice", c)}"' for c in ("id", "number", "patient_id"))
    patient_key = f'"{n.column("patient", "id")}"'
    seen = ", ".join(f'"{n.column("patient", c)}"' for c in ("name", "phone", "patient_no"))
    of_new, of_patient, of_payment = _documents(schema, dialect)
    one = _upsert(INVOICES, dialect, f"SELECT NEW.{key}, {of_new}" + (" WHERE true" if dialect != "sqlite" else ""))
    all_of = _upsert(
        INVOICES, dialect, f"SELECT i.{key}, {of_patient} FROM {invoice} i WHERE i.{owner} = NEW.{patient_key}"
    )
    by_id = _upsert(PAYMENTS, dialect, f"SELECT p.id, {of_payment} FROM payment_transaction p WHERE p.id = NEW.id")
    by_uid = _upsert(
        PAYMENTS, dialect, f"SELECT p.id, {of_payment} FROM payment_transaction p WHERE p.uid = NEW.payment_uid"
    )
    gone = f"DELETE FROM {INVOICES} WHERE {'rowid' if dialect == 'sqlite' else 'id'} = OLD.{key}"
    watched = "account_reference, provider_request, provider_receipts"
    changed = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in watched.split(", "))
    plan = (
        ("invoice_found_new", f"INSERT ON {invoice}", "", one),
        ("invoice_found", f"UPDATE OF {number}, {owner} ON {invoice}", "", one),
        ("invoice_found_gone", f"DELETE ON {invoice}", "", gone),
        ("patient_found", f"UPDATE OF {seen} ON {patient}", "", all_of),
        ("payment_found_new", "INSERT ON payment_transaction", "", by_id),
        ("payment_found", f"UPDATE OF {watched} ON payment_transaction", changed, by_id),
        ("receipt_found", "INSERT ON receipt", "", by_uid),
    )
    for name, event, condition, work in plan:
        when = f" WHEN ({condition})" if condition else ""
        if dialect == "sqlite":
            yield f"CREATE TRIGGER {PREFIX}{name} AFTER {event}{when} BEGIN {work}; END"
        else:
            # With the owner's rights: whoever may write an invoice need not know of the index.
            yield (
                f"CREATE FUNCTION {PREFIX}{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
                f" SET search_path FROM CURRENT AS $$ BEGIN {work}; RETURN NULL; END $$"
            )
            yield f"CREATE TRIGGER {PREFIX}{name} AFTER {event} FOR EACH ROW{when} EXECUTE FUNCTION {PREFIX}{name}()"


__all__ = ["INVOICES", "PAYMENTS", "among", "containing", "ids", "storage", "terms", "triggers"]
