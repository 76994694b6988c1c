"""Payments and what was said about them, the books, receipts."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
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
from hmis_pos.db.central.shapes import currency, must, number, quoted, where, words
from hmis_pos.db.central.tables_hmis import HmisTables
from hmis_pos.domain.payment import ELECTRONIC, OPEN_STATES, Method, PaymentState


def payment_table(metadata: MetaData, hmis: HmisTables) -> Table:
    name = "payment_transaction"
    return Table(
        name,
        metadata,
        number(),
        must("uid", Uid(), unique=True),
        must("facility_id", RowNumber, ForeignKey(hmis.facility.c.id)),
        must("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id)),
        must("patient_id", RowNumber, ForeignKey(hmis.patient.c.id)),
        must("amount", Amount(10)),
        currency(),
        must("payment_method", String(20)),
        must("gateway_reference", String(100), server_default=""),
        must("status", String(20), server_default="pending"),
        Column("gateway_response", JSON()),
        Column("processed_by", RowNumber, ForeignKey(hmis.user.c.id)),
        must("created_at", Instant()),
        Column("completed_at", Instant()),
        # ours beyond the hospital's own list
        must("asked_at", Instant()),
        words("cashier"),
        words("terminal"),
        words("idempotency_key"),
        words("phone"),
        words("account_reference"),
        words("callback_token"),
        words("provider_request"),
        words("provider_receipts"),
        Column("amount_received", Amount(12)),
        Column("tendered", Amount(12)),
        Column("change_given", Amount(12)),
        words("note"),
        words("failure_code"),
        words("failure_text"),
        must("failure_agreed", Boolean(), server_default=false()),
        must("advice", String(10), server_default="no"),
        Column("retry_not_before", Instant()),
        Column("next_check_at", Instant()),
        must("checks_done", Integer(), server_default=text("0")),
        must("attempt", Integer(), server_default=text("1")),
        # A later "still processing" may take a no back while a second attempt is open: evidence is never refused.
        must("reopened", Boolean(), server_default=false()),
        must("channel", String(20), server_default="counter"),
        words("account_typed"),
        words("payer"),
        Column("paid_at", Instant()),
        Column("fee", Amount(12)),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("amount_received >= 0", name="received_not_negative"),
        CheckConstraint(f"status IN ({quoted(PaymentState)})", name="status_known"),
        CheckConstraint(f"payment_method IN ({quoted(Method)})", name="method_known"),
        where(name, "idempotency_key", "idempotency_key", condition="idempotency_key <> ''", unique=True),
        where(
            name,
            "account_reference",
            "payment_method",
            "account_reference",
            condition="account_reference <> ''",
            unique=True,
        ),
        where(name, "callback_token", "callback_token", condition="callback_token <> ''", unique=True),
        where(
            name,
            "provider_request",
            "payment_method",
            "provider_request",
            condition="provider_request <> ''",
            unique=True,
        ),
        where(
            name,
            "open_attempt",
            "invoice_id",
            condition=f"payment_method IN ({quoted(sorted(ELECTRONIC))})"
            f" AND status IN ({quoted(sorted(OPEN_STATES))}) AND NOT reopened",
            unique=True,
        ),
        where(name, "due", "next_check_at", "id", condition="next_check_at IS NOT NULL"),
        where(name, "phone", "phone", "asked_at", condition="phone <> ''"),
        Index(f"ix_{name}_invoice", "invoice_id", "id"),
        Index(f"ix_{name}_patient", "patient_id", "id"),
        Index(f"ix_{name}_facility", "facility_id", "id"),
        Index(f"ix_{name}_created", "facility_id", "created_at"),
        Index(f"ix_{name}_status", "facility_id", "status", "id"),
        sqlite_autoincrement=True,
    )


def evidence_table(metadata: MetaData) -> Table:
    return Table(
        "payment_evidence",
        metadata,
        number(),
        must("payment_id", RowNumber, ForeignKey("payment_transaction.id")),
        must("kind", String(20)),
        must("source", String(20)),
        must("observed_at", Instant()),
        words("receipt_no"),
        Column("amount", Amount(12)),
        currency(),
        words("code"),
        words("text"),
        words("reference"),
        Column("raw_id", RowNumber, ForeignKey("callback_inbox.id")),
        must("digest", String(64)),
        UniqueConstraint("payment_id", "digest"),
        sqlite_autoincrement=True,
    )


def inbox_table(metadata: MetaData) -> Table:
    return Table(
        "callback_inbox",
        metadata,
        number(),
        must("provider", String(20)),
        must("channel", String(20)),
        words("token"),
        words("source_ip"),
        words("headers"),
        must("body", LargeBinary()),
        must("received_at", Instant()),
        words("outcome"),
        Column("done_at", Instant()),
        where("callback_inbox", "waiting", "id", condition="done_at IS NULL"),
        sqlite_autoincrement=True,
    )


def provider_receipt_table(metadata: MetaData) -> Table:
    return Table(
        "provider_receipt",
        metadata,
        Column("provider", String(20), primary_key=True),
        Column("receipt_no", Words(), primary_key=True),
        must("owner", Words(), index=True),
        CheckConstraint("receipt_no <> ''", name="receipt_no_given"),
    )


def allocation_table(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "allocation",
        metadata,
        number(),
        must("payment_uid", Uid(), ForeignKey("payment_transaction.uid"), index=True),
        must("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id), index=True),
        must("amount", Amount(12)),
        currency(),
        must("at", Instant()),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        sqlite_autoincrement=True,
    )


def deposit_table(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "deposit",
        metadata,
        number(),
        must("payment_uid", Uid(), ForeignKey("payment_transaction.uid"), index=True),
        must("patient_id", RowNumber, ForeignKey(hmis.patient.c.id), index=True),
        must("amount", Amount(12)),
        currency(),
        words("reason"),
        must("at", Instant()),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        sqlite_autoincrement=True,
    )


def transfer_table(metadata: MetaData) -> Table:
    return Table(
        "ledger_transfer",
        metadata,
        number(),
        must("debit", Words(), index=True),
        must("credit", Words(), index=True),
        must("amount", Amount(12)),
        currency(),
        must("subject", Words(), index=True),
        must("at", Instant()),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        sqlite_autoincrement=True,
    )


def receipt_table(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "receipt",
        metadata,
        Column("uid", Uid(), primary_key=True),
        must("series", String(10)),
        must("number", Integer()),
        must(
            "payment_uid",
            Uid(),
            ForeignKey("payment_transaction.uid", deferrable=True, initially="DEFERRED"),
            unique=True,
        ),
        must("payment_method", String(20)),
        currency(),
        must("tendered", Amount(12)),
        must("applied", Amount(12)),
        must("issued_at", Instant()),
        words("cashier"),
        words("counter"),
        must("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id), index=True),
        must("invoice_seen", Words()),  # JSON: the invoice as the cashier saw it
        words("provider_receipt"),
        must("content_hash", Words()),
        words("terminal"),
        must("received_at", Instant()),
        must("outcome", String(20)),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("applied > 0", name="applied_positive"),
        CheckConstraint("tendered >= applied", name="tendered_enough"),
        UniqueConstraint("series", "number"),
    )


def series_table(metadata: MetaData) -> Table:
    return Table(
        "receipt_series",
        metadata,
        Column("series", String(10), primary_key=True),
        must("contiguous", Integer(), server_default=text("0")),
        must("highest", Integer(), server_default=text("0")),
    )
