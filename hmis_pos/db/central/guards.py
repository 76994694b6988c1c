"""What the database itself refuses, whoever asks: triggers for both databases, generated from one list.

- append-only tables: no UPDATE, no DELETE (and no TRUNCATE on PostgreSQL); of events all but the newest may go;
- what identifies a row never changes (a payment's amount, a callback's body);
- a payment's status moves only along ``domain.payment.TRANSITIONS``, a refund's along ``domain.refund.REFUND_TRANSITIONS``;
- allocations, deposits and refunds of a payment never exceed what was received, and no sum goes below zero;
- what is placed of unmatched money is the sum of its parts (and a CHECK of its table keeps that within what came).

A refusal carries SQLSTATE 23514 on PostgreSQL and SQLITE_CONSTRAINT on SQLite, so both arrive as IntegrityError. The triggers hold
no data: ``migrate.upgrade`` drops and makes them again at every run, so they always match this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from hmis_pos.db.central import guards_back_office
from hmis_pos.db.central.shapes import PREFIX, quoted
from hmis_pos.db.central.tables import Schema
from hmis_pos.domain.payment import TRANSITIONS
from hmis_pos.domain.refund import REFUND_TRANSITIONS, RefundState

T = TypeVar("T", bound=StrEnum)

APPEND_ONLY = (
    "payment_evidence",
    "allocation",
    "deposit",
    "ledger_transfer",
    "audit_log",
    "receipt",
    "event",
    "provider_receipt",
    "unmatched_part",
    "refund_evidence",
    "statement_line",
    "statement_bad_line",
    "reconciliation_item",
)
#: So many of the newest events stay: more than a follower of the feed may be behind, and the last number is never given again.
EVENTS_KEPT = 10_000
#: Rows that stay; of their columns only those not listed may change.
FIXED = {
    "payment_transaction": (
        "id",
        "uid",
        "facility_id",
        "invoice_id",
        "patient_id",
        "amount",
        "currency",
        "payment_method",
        "created_at",
        "idempotency_key",
    ),
    "callback_inbox": ("id", "provider", "channel", "token", "source_ip", "headers", "body", "received_at"),
    "unmatched_money": (
        "id",
        "facility_id",
        "provider",
        "receipt_no",
        "amount",
        "currency",
        "account",
        "payer_name",
        "payer_phone",
        "shortcode",
        "source",
        "kind",
        "paid_at",
        "inbox_id",
        "at",
    ),
    "refund": (
        "id",
        "uid",
        "facility_id",
        "provider",
        "amount",
        "currency",
        "route",
        "payment_uid",
        "unmatched_id",
        "receipt_no",
        "phone",
        "requested_by",
        "requested_at",
    ),
    "gateway_request": ("id", "uid", "provider", "kind", "subject", "token", "asked_at"),
    "receipt_check": (
        "id",
        "uid",
        "facility_id",
        "provider",
        "receipt_no",
        "cause",
        "asked_by",
        "asked_at",
        "invoice_id",
        "claim",
    ),
    "statement_file": ("id", "facility_id", "file_hash", "provider", "imported_by", "imported_at"),
    "terminal": ("install_uid", "series", "facility_id", "terminal_number", "install_number"),
}


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A row change that is refused where ``condition`` holds."""

    name: str
    table: str
    event: str
    condition: str
    words: str


def _refusals() -> Iterator[_Refusal]:
    for table in APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            if (table, event) != ("event", "DELETE"):
                yield _Refusal(
                    f"{table}_no_{event.lower()}", table, event, "", f"{table} is append-only: {event} is refused"
                )
    for table, columns in FIXED.items():
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
        words = f"{table}: {', '.join(columns)} never change"
        yield _Refusal(f"{table}_fixed", table, "UPDATE", changed, words)
        yield _Refusal(f"{table}_no_delete", table, "DELETE", "", f"{table}: DELETE is refused")
    yield _Refusal(
        "payment_status",
        "payment_transaction",
        "UPDATE",
        f"NEW.status <> OLD.status AND NOT ({_allowed_moves('status', TRANSITIONS)})",
        "payment_transaction: this status does not follow from the one before",
    )
    yield _Refusal(
        "refund_state",
        "refund",
        "UPDATE",
        f"NEW.state <> OLD.state AND NOT ({_allowed_moves('state', REFUND_TRANSITIONS)})",
        "refund: this state does not follow from the one before",
    )
    yield _Refusal(
        "refund_decided_once",
        "refund",
        "UPDATE",
        "OLD.decided_by <> '' AND NEW.decided_by <> OLD.decided_by",
        "refund: it is decided once",
    )
    yield _Refusal(
        "receipt_check_proven",
        "receipt_check",
        "UPDATE",
        "OLD.state = 'proven' AND (NEW.state <> OLD.state OR NEW.payment_uid IS DISTINCT FROM OLD.payment_uid)",
        "receipt_check: what is proven stays proven",
    )
    yield _Refusal(
        "gateway_request_answered_once",
        "gateway_request",
        "UPDATE",
        "OLD.answered_at IS NOT NULL AND (NEW.answered_at IS DISTINCT FROM OLD.answered_at OR NEW.outcome <> OLD.outcome)",
        "gateway_request: the first answer is kept",
    )
    yield _Refusal(
        "callback_inbox_done_once",
        "callback_inbox",
        "UPDATE",
        "OLD.done_at IS NOT NULL AND (NEW.done_at IS DISTINCT FROM OLD.done_at OR NEW.outcome <> OLD.outcome)",
        "callback_inbox: a message is dealt with once",
    )


def _allowed_moves(column: str, table: Mapping[T, frozenset[T]]) -> str:
    return " OR ".join(
        f"(OLD.{column} = '{old.value}' AND NEW.{column} IN ({quoted(sorted(news))}))"
        for old, news in table.items()
        if news
    )


_IS_KEPT = f"OLD.seq > (SELECT max(e.seq) FROM event e) - {EVENTS_KEPT}"
_KEPT = f"event is append-only: DELETE is refused for the newest {EVENTS_KEPT}"
_OVER = "more would be allocated and deposited, or refunded, than the payment received"
_BELOW = "a sum of allocations or deposits would go below zero"
#: What a payment has posted so far, and what it received, for the payment ``{uid}``.
_POSTED = (
    "(SELECT coalesce(sum(a.amount), 0) FROM allocation a WHERE a.payment_uid = {uid})"
    " + (SELECT coalesce(sum(d.amount), 0) FROM deposit d WHERE d.payment_uid = {uid})"
    " + (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r.payment_uid = {uid}"
    f" AND r.state = '{RefundState.COMPLETED.value}')"
)
_RECEIVED = "(SELECT coalesce(p.amount_received, 0) FROM payment_transaction p WHERE p.uid = {uid})"
#: Sums that a negative row of the table may not push below zero.
_SUMS = {
    "allocation": (
        "(SELECT sum(a.amount) FROM allocation a WHERE a.payment_uid = NEW.payment_uid)",
        "(SELECT sum(a.amount) FROM allocation a WHERE a.invoice_id = NEW.invoice_id)",
    ),
    "deposit": ("(SELECT sum(d.amount) FROM deposit d WHERE d.payment_uid = NEW.payment_uid)",),
}


def _over() -> str:
    # A row that takes money back may leave the sum above what is received: it is one of several on the way down.
    return f"NEW.amount > 0 AND {_is_over()}"


def _is_over() -> str:
    return f"{_POSTED.format(uid='NEW.payment_uid')} > {_RECEIVED.format(uid='NEW.payment_uid')}"


def _below(table: str) -> str:
    return "NEW.amount < 0 AND (" + " OR ".join(f"{term} < 0" for term in _SUMS[table]) + ")"


# ---------------------------------------------------------------- SQLite


def _sqlite(schema: Schema) -> Iterator[str]:
    for refusal in _refusals():
        when = f" WHEN {refusal.condition}" if refusal.condition else ""
        yield (
            f"CREATE TRIGGER {PREFIX}{refusal.name} BEFORE {refusal.event} ON {refusal.table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{refusal.words}'); END"
        )
    yield (
        f"CREATE TRIGGER {PREFIX}event_no_delete BEFORE DELETE ON event WHEN {_IS_KEPT}"
        f" BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
    )
    for table in _SUMS:
        yield (
            f"CREATE TRIGGER {PREFIX}{table}_sums AFTER INSERT ON {table} BEGIN"
            f" SELECT RAISE(ABORT, '{_OVER}') WHERE {_over()};"
            f" SELECT RAISE(ABORT, '{_BELOW}') WHERE {_below(table)}; END"
        )
    yield from guards_back_office.sqlite()
    yield from _sqlite_touch(schema)


def _sqlite_touch(schema: Schema) -> Iterator[str]:
    """``invoice.updated_at`` follows every change of an invoice, its lines and its patient; never the same value twice."""
    n = schema.names
    invoice, line, patient = (f'"{n.table(name)}"' for name in ("invoice", "invoice_line", "patient"))
    at, key = (f'"{n.column("invoice", name)}"' for name in ("updated_at", "id"))
    owner = f'"{n.column("invoice", "patient_id")}"'
    line_of = f'"{n.column("invoice_line", "invoice_id")}"'
    patient_key = f'"{n.column("patient", "id")}"'
    now = f"max(CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000, coalesce((SELECT max({at}) FROM {invoice}), 0) + 1)"
    columns = ", ".join(f'"{column.name}"' for column in schema.hmis.invoice.columns if column.key != "updated_at")
    seen = ", ".join(f'"{n.column("patient", name)}"' for name in ("name", "phone", "patient_no"))

    def touch(where: str) -> str:
        return f"UPDATE {invoice} SET {at} = {now} WHERE {where}"

    def trigger(name: str, event: str, where: str) -> str:
        return f"CREATE TRIGGER {PREFIX}{name} AFTER {event} BEGIN {touch(where)}; END"

    yield trigger("invoice_touch_new", f"INSERT ON {invoice}", f"{key} = NEW.{key}")
    yield trigger("invoice_touch", f"UPDATE OF {columns} ON {invoice}", f"{key} = NEW.{key}")
    yield trigger("line_touch_new", f"INSERT ON {line}", f"{key} = NEW.{line_of}")
    yield trigger("line_touch", f"UPDATE ON {line}", f"{key} IN (NEW.{line_of}, OLD.{line_of})")
    yield trigger("line_touch_gone", f"DELETE ON {line}", f"{key} = OLD.{line_of}")
    yield trigger("patient_touch", f"UPDATE OF {seen} ON {patient}", f"{owner} = NEW.{patient_key}")


# ---------------------------------------------------------------- PostgreSQL


def _postgresql(schema: Schema) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION {PREFIX}refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = TG_ARGV[0]; END $$"
    )
    for refusal in _refusals():
        when = f" WHEN ({refusal.condition})" if refusal.condition else ""
        yield (
            f"CREATE TRIGGER {PREFIX}{refusal.name} BEFORE {refusal.event} ON {refusal.table} FOR EACH ROW{when}"
            f" EXECUTE FUNCTION {PREFIX}refuse('{refusal.words}')"
        )
    for table in (*APPEND_ONLY, *FIXED):
        yield (
            f"CREATE TRIGGER {PREFIX}{table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            f" EXECUTE FUNCTION {PREFIX}refuse('{table}: TRUNCATE is refused')"
        )
    # No trigger's own condition may look into a table.
    yield (
        f"CREATE FUNCTION {PREFIX}event_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {_IS_KEPT} THEN RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = '{_KEPT}'; END IF;"
        " RETURN OLD; END $$"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}event_no_delete BEFORE DELETE ON event FOR EACH ROW"
        f" EXECUTE FUNCTION {PREFIX}event_kept()"
    )
    yield from _postgresql_sums()
    yield from guards_back_office.postgresql(_is_over(), _OVER)
    yield from _postgresql_touch(schema)


def _postgresql_sums() -> Iterator[str]:
    # Each plpgsql statement sees what is committed when it starts: lock first, then sum.
    for table in _SUMS:
        lock_invoice = ""
        if table == "allocation":
            lock_invoice = (
                " IF NEW.amount < 0 THEN"
                " PERFORM pg_advisory_xact_lock(hashtextextended('hmis-pos:invoice:' || NEW.invoice_id, 0)); END IF;"
            )
        yield (
            f"CREATE FUNCTION {PREFIX}{table}_sums() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM 1 FROM payment_transaction p WHERE p.uid = NEW.payment_uid FOR NO KEY UPDATE;"
            f"{lock_invoice}"
            f" IF {_over()} THEN RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = '{_OVER}'; END IF;"
            f" IF {_below(table)} THEN RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = '{_BELOW}'; END IF;"
            " RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER {PREFIX}{table}_sums AFTER INSERT ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION {PREFIX}{table}_sums()"
        )
    # "Less came than was assured" lowers what is received before it takes the posting back: look at the end.
    yield (
        f"CREATE FUNCTION {PREFIX}received() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {_POSTED.format(uid='NEW.uid')} > {_RECEIVED.format(uid='NEW.uid')} THEN"
        f" RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = '{_OVER}'; END IF; RETURN NULL; END $$"
    )
    yield (
        f"CREATE CONSTRAINT TRIGGER {PREFIX}received AFTER UPDATE OF amount_received ON payment_transaction"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " WHEN (NEW.amount_received IS DISTINCT FROM OLD.amount_received)"
        f" EXECUTE FUNCTION {PREFIX}received()"
    )


def _postgresql_touch(schema: Schema) -> Iterator[str]:
    n = schema.names
    invoice, line, patient = (f'"{n.table(name)}"' for name in ("invoice", "invoice_line", "patient"))
    at, key = (f'"{n.column("invoice", name)}"' for name in ("updated_at", "id"))
    owner = f'"{n.column("invoice", "patient_id")}"'
    line_of = f'"{n.column("invoice_line", "invoice_id")}"'
    patient_key = f'"{n.column("patient", "id")}"'
    seen = ", ".join(f'"{n.column("patient", name)}"' for name in ("name", "phone", "patient_no"))
    yield (
        f"CREATE FUNCTION {PREFIX}invoice_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" NEW.{at} := clock_timestamp(); RETURN NEW; END $$"
    )
    yield (
        f"CREATE FUNCTION {PREFIX}line_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP <> 'INSERT' THEN UPDATE {invoice} SET {at} = NULL WHERE {key} = OLD.{line_of}; END IF;"
        f" IF TG_OP <> 'DELETE' THEN UPDATE {invoice} SET {at} = NULL WHERE {key} = NEW.{line_of}; END IF;"
        " RETURN NULL; END $$"
    )
    yield (
        f"CREATE FUNCTION {PREFIX}patient_touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" UPDATE {invoice} SET {at} = NULL WHERE {owner} = NEW.{patient_key}; RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}invoice_touch BEFORE INSERT OR UPDATE ON {invoice} FOR EACH ROW"
        f" EXECUTE FUNCTION {PREFIX}invoice_touch()"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}line_touch AFTER INSERT OR UPDATE OR DELETE ON {line} FOR EACH ROW"
        f" EXECUTE FUNCTION {PREFIX}line_touch()"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}patient_touch AFTER UPDATE OF {seen} ON {patient} FOR EACH ROW"
        f" EXECUTE FUNCTION {PREFIX}patient_touch()"
    )


def statements(schema: Schema, dialect: str) -> list[str]:
    """The SQL that makes all guards on a database that has none of them."""
    return list(_sqlite(schema) if dialect == "sqlite" else _postgresql(schema))
