"""Terminals and who serves what, sign-in, idempotency keys, tasks, the event feed, the audit trail."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from hmis_pos.db.central.columns import Amount, Instant, RowNumber, Uid, Words
from hmis_pos.db.central.shapes import currency, must, number, where, words
from hmis_pos.db.central.tables_hmis import HmisTables


def terminal_table(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "terminal",
        metadata,
        Column("install_uid", Uid(), primary_key=True),
        must("series", String(10), unique=True),
        must("facility_id", RowNumber, ForeignKey(hmis.facility.c.id)),
        must("counter", Words()),
        must("terminal_number", Integer()),
        must("install_number", Integer()),
        must("enrolled_at", Instant()),
        UniqueConstraint("terminal_number", "install_number"),
        Index("ix_terminal_counter", "facility_id", "counter"),
    )


def serving_table(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "invoice_serving",
        metadata,
        Column("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id), primary_key=True, autoincrement=False),
        must("terminal", Words()),
        words("counter"),
        words("cashier"),
        must("until", Instant()),
    )


def answer_table(metadata: MetaData) -> Table:
    return Table(
        "idempotency",
        metadata,
        Column("key", Words(), primary_key=True),
        must("request_hash", Words()),
        words("route"),
        must("user_id", RowNumber),
        must("status", Integer(), server_default=text("0")),
        must("body", LargeBinary()),
        Column("locked_until", Instant()),
        must("begun_at", Instant(), index=True),
    )


def session_table(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "session",
        metadata,
        Column("uid", Uid(), primary_key=True),
        must("user_id", RowNumber, ForeignKey(hmis.user.c.id), index=True),
        must("token_hash", Words()),
        must("expires_at", Instant()),
        must("opened_at", Instant()),
        must("revoked", Boolean(), server_default=false()),
    )


def sign_in_table(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "sign_in",
        metadata,
        Column("user_id", RowNumber, ForeignKey(hmis.user.c.id), primary_key=True, autoincrement=False),
        must("failures", Integer(), server_default=text("0")),
        Column("locked_until", Instant()),
    )


def task_table(metadata: MetaData) -> Table:
    return Table(
        "task",
        metadata,
        number(),
        must("facility_id", RowNumber),
        must("kind", String(40)),
        must("subject", Words()),
        words("text"),
        Column("amount", Amount(12)),
        currency(),
        must("opened_at", Instant()),
        Column("closed_at", Instant()),
        where("task", "open", "kind", "subject", condition="closed_at IS NULL", unique=True),
        where("task", "facility", "facility_id", "id", condition="closed_at IS NULL"),
        sqlite_autoincrement=True,
    )


def event_table(metadata: MetaData) -> Table:
    return Table(
        "event",
        metadata,
        Column("seq", RowNumber, primary_key=True, autoincrement=False),
        must("kind", String(40)),
        must("facility_id", RowNumber),
        must("at", Instant()),
        must("data", Words()),
    )


def audit_table(metadata: MetaData) -> Table:
    return Table(
        "audit_log",
        metadata,
        Column("seq", RowNumber, primary_key=True, autoincrement=False),
        must("at", Words()),
        must("actor", Words()),
        must("action", Words()),
        must("subject", Words(), index=True),
        words("origin"),
        must("detail", Words()),
        must("previous", String(64), unique=True),
        must("digest", String(64), unique=True),
        CheckConstraint("seq > 0", name="seq_positive"),
    )
