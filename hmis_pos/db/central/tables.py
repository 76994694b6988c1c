"""Our own tables beside the HMIS's: payments and their evidence, the books, receipts, the trail.

Only shapes, keys and indexes here; what may change in a row and which sums must hold is in ``guards.py``. Keys that are searched lead with
the facility, so that the tables can be partitioned by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
from sqlalchemy.types import TypeEngine

from hmis_pos.db.central.columns import Amount, Instant, RowNumber, Uid, Words
from hmis_pos.db.central.hmis_map import HmisMap
from hmis_pos.db.central.tables_hmis import HmisTables, build_hmis
from hmis_pos.domain.payment import ELECTRONIC, OPEN_STATES, Method, PaymentState

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables of the central database, under the HMIS names of one hospital."""

    names: HmisMap
    metadata: MetaData
    hmis: HmisTables
    payment: Table
    evidence: Table
    inbox: Table
    provider_receipt: Table
    allocation: Table
    deposit: Table
    unmatched: Table
    transfer: Table
    receipt: Table
    series: Table
    terminal: Table
    serving: Table
    answer: Table
    session: Table
    sign_in: Table
    task: Table
    event: Table
    audit: Table

    @property
    def ours(self) -> tuple[Table, ...]:
        """Our tables, in order of creation."""
        hmis = set(self.hmis.all)
        return tuple(table for table in self.metadata.sorted_tables if table not in hmis)


def quoted(values: Iterable[str]) -> str:
    """``'a', 'b'``: an SQL list of our own constant words."""
    return ", ".join(f"'{value}'" for value in values)


def _id() -> Column[Any]:
    return Column("id", RowNumber, primary_key=True)


def _must(name: str, kind: TypeEngine[Any], *args: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *args, nullable=False, **options)


def _words(name: str) -> Column[Any]:
    return Column(name, Words(), nullable=False, server_default="")


def _currency() -> Column[Any]:
    return _must("currency", String(3), server_default="KES")


def _where(table: str, name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """A partial index, the same on both databases."""
    prefix = "uq" if unique else "ix"
    return Index(
        f"{prefix}_{table}_{name}",
        *columns,
        unique=unique,
        sqlite_where=text(condition),
        postgresql_where=text(condition),
    )


def build(names: HmisMap | None = None) -> Schema:
    """The schema for a hospital's names (the reference names by default)."""
    names = names or HmisMap()
    metadata = MetaData(naming_convention=_NAMING)
    hmis = build_hmis(metadata, names)
    # The queue's order, the HMIS's changes, and the list of open invoices.
    invoice = hmis.invoice
    prefix = f"ix_{invoice.name}"
    Index(f"{prefix}_queue", invoice.c.facility_id, invoice.c.status, invoice.c.queued_at, invoice.c.id)
    Index(f"{prefix}_facility_queued", invoice.c.facility_id, invoice.c.queued_at, invoice.c.id)
    Index(f"{prefix}_updated_at", invoice.c.updated_at)
    return Schema(
        names=names,
        metadata=metadata,
        hmis=hmis,
        inbox=_inbox(metadata),
        payment=_payment(metadata, hmis),
        evidence=_evidence(metadata),
        provider_receipt=_provider_receipt(metadata),
        allocation=_allocation(metadata, hmis),
        deposit=_deposit(metadata, hmis),
        unmatched=_unmatched(metadata),
        transfer=_transfer(metadata),
        receipt=_receipt(metadata, hmis),
        series=_series(metadata),
        terminal=_terminal(metadata, hmis),
        serving=_serving(metadata, hmis),
        answer=_answer(metadata),
        session=_session(metadata, hmis),
        sign_in=_sign_in(metadata, hmis),
        task=_task(metadata),
        event=_event(metadata),
        audit=_audit(metadata),
    )


def _payment(metadata: MetaData, hmis: HmisTables) -> Table:
    name = "payment_transaction"
    return Table(
        name,
        metadata,
        _id(),
        _must("uid", Uid(), unique=True),
        _must("facility_id", RowNumber, ForeignKey(hmis.facility.c.id)),
        _must("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id)),
        _must("patient_id", RowNumber, ForeignKey(hmis.patient.c.id)),
        _must("amount", Amount(10)),
        _currency(),
        _must("payment_method", String(20)),
        _must("gateway_reference", String(100), server_default=""),
        _must("status", String(20), server_default="pending"),
        Column("gateway_response", JSON()),
        Column("processed_by", RowNumber, ForeignKey(hmis.user.c.id)),
        _must("created_at", Instant()),
        Column("completed_at", Instant()),
        # ours beyond the hospital's own list
        _must("asked_at", Instant()),
        _words("cashier"),
        _words("terminal"),
        _words("idempotency_key"),
        _words("phone"),
        _words("account_reference"),
        _words("callback_token"),
        _words("provider_request"),
        _words("provider_receipts"),
        Column("amount_received", Amount(12)),
        Column("tendered", Amount(12)),
        Column("change_given", Amount(12)),
        _words("note"),
        _words("failure_code"),
        _words("failure_text"),
        _must("failure_agreed", Boolean(), server_default=false()),
        _must("advice", String(10), server_default="no"),
        Column("retry_not_before", Instant()),
        Column("next_check_at", Instant()),
        _must("checks_done", Integer(), server_default=text("0")),
        _must("attempt", Integer(), server_default=text("1")),
        # A later "still processing" may take a no back while a second attempt is open: evidence is never refused.
        _must("reopened", Boolean(), server_default=false()),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("amount_received >= 0", name="received_not_negative"),
        CheckConstraint(f"status IN ({quoted(PaymentState)})", name="status_known"),
        CheckConstraint(f"payment_method IN ({quoted(Method)})", name="method_known"),
        _where(name, "idempotency_key", "idempotency_key", condition="idempotency_key <> ''", unique=True),
        _where(
            name,
            "account_reference",
            "payment_method",
            "account_reference",
            condition="account_reference <> ''",
            unique=True,
        ),
        _where(name, "callback_token", "callback_token", condition="callback_token <> ''", unique=True),
        _where(
            name,
            "provider_request",
            "payment_method",
            "provider_request",
            condition="provider_request <> ''",
            unique=True,
        ),
        _where(
            name,
            "open_attempt",
            "invoice_id",
            condition=f"payment_method IN ({quoted(sorted(ELECTRONIC))})"
            f" AND status IN ({quoted(sorted(OPEN_STATES))}) AND NOT reopened",
            unique=True,
        ),
        _where(name, "due", "next_check_at", "id", condition="next_check_at IS NOT NULL"),
        _where(name, "phone", "phone", "asked_at", condition="phone <> ''"),
        Index(f"ix_{name}_invoice", "invoice_id", "id"),
        Index(f"ix_{name}_patient", "patient_id", "id"),
        Index(f"ix_{name}_facility", "facility_id", "id"),
        Index(f"ix_{name}_created", "facility_id", "created_at"),
        Index(f"ix_{name}_status", "facility_id", "status", "id"),
        sqlite_autoincrement=True,
    )


def _evidence(metadata: MetaData) -> Table:
    return Table(
        "payment_evidence",
        metadata,
        _id(),
        _must("payment_id", RowNumber, ForeignKey("payment_transaction.id")),
        _must("kind", String(20)),
        _must("source", String(20)),
        _must("observed_at", Instant()),
        _words("receipt_no"),
        Column("amount", Amount(12)),
        _currency(),
        _words("code"),
        _words("text"),
        _words("reference"),
        Column("raw_id", RowNumber, ForeignKey("callback_inbox.id")),
        _must("digest", String(64)),
        UniqueConstraint("payment_id", "digest"),
        sqlite_autoincrement=True,
    )


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "callback_inbox",
        metadata,
        _id(),
        _must("provider", String(20)),
        _must("channel", String(20)),
        _words("token"),
        _words("source_ip"),
        _words("headers"),
        _must("body", LargeBinary()),
        _must("received_at", Instant()),
        _words("outcome"),
        Column("done_at", Instant()),
        _where("callback_inbox", "waiting", "id", condition="done_at IS NULL"),
        sqlite_autoincrement=True,
    )


def _provider_receipt(metadata: MetaData) -> Table:
    return Table(
        "provider_receipt",
        metadata,
        Column("provider", String(20), primary_key=True),
        Column("receipt_no", Words(), primary_key=True),
        _must("owner", Words(), index=True),
        CheckConstraint("receipt_no <> ''", name="receipt_no_given"),
    )


def _allocation(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "allocation",
        metadata,
        _id(),
        _must("payment_uid", Uid(), ForeignKey("payment_transaction.uid"), index=True),
        _must("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id), index=True),
        _must("amount", Amount(12)),
        _currency(),
        _must("at", Instant()),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        sqlite_autoincrement=True,
    )


def _deposit(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "deposit",
        metadata,
        _id(),
        _must("payment_uid", Uid(), ForeignKey("payment_transaction.uid"), index=True),
        _must("patient_id", RowNumber, ForeignKey(hmis.patient.c.id), index=True),
        _must("amount", Amount(12)),
        _currency(),
        _words("reason"),
        _must("at", Instant()),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        sqlite_autoincrement=True,
    )


def _unmatched(metadata: MetaData) -> Table:
    return Table(
        "unmatched_money",
        metadata,
        _id(),
        _must("provider", String(20)),
        _words("receipt_no"),
        _must("amount", Amount(12)),
        _currency(),
        _words("account"),
        _words("payer"),
        Column("paid_at", Instant()),
        _words("reason"),
        Column("inbox_id", RowNumber, ForeignKey("callback_inbox.id")),
        _must("at", Instant()),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        _where("unmatched_money", "receipt_no", "provider", "receipt_no", condition="receipt_no <> ''", unique=True),
        sqlite_autoincrement=True,
    )


def _transfer(metadata: MetaData) -> Table:
    return Table(
        "ledger_transfer",
        metadata,
        _id(),
        _must("debit", Words(), index=True),
        _must("credit", Words(), index=True),
        _must("amount", Amount(12)),
        _currency(),
        _must("subject", Words(), index=True),
        _must("at", Instant()),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        sqlite_autoincrement=True,
    )


def _receipt(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "receipt",
        metadata,
        Column("uid", Uid(), primary_key=True),
        _must("series", String(10)),
        _must("number", Integer()),
        _must(
            "payment_uid",
            Uid(),
            ForeignKey("payment_transaction.uid", deferrable=True, initially="DEFERRED"),
            unique=True,
        ),
        _must("payment_method", String(20)),
        _currency(),
        _must("tendered", Amount(12)),
        _must("applied", Amount(12)),
        _must("issued_at", Instant()),
        _words("cashier"),
        _words("counter"),
        _must("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id), index=True),
        _must("invoice_seen", Words()),  # JSON: the invoice as the cashier saw it
        _words("provider_receipt"),
        _must("content_hash", Words()),
        _words("terminal"),
        _must("received_at", Instant()),
        _must("outcome", String(20)),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("applied > 0", name="applied_positive"),
        CheckConstraint("tendered >= applied", name="tendered_enough"),
        UniqueConstraint("series", "number"),
    )


def _series(metadata: MetaData) -> Table:
    return Table(
        "receipt_series",
        metadata,
        Column("series", String(10), primary_key=True),
        _must("contiguous", Integer(), server_default=text("0")),
        _must("highest", Integer(), server_default=text("0")),
    )


def _terminal(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "terminal",
        metadata,
        Column("install_uid", Uid(), primary_key=True),
        _must("series", String(10), unique=True),
        _must("facility_id", RowNumber, ForeignKey(hmis.facility.c.id)),
        _must("counter", Words()),
        _must("terminal_number", Integer()),
        _must("install_number", Integer()),
        _must("enrolled_at", Instant()),
        UniqueConstraint("terminal_number", "install_number"),
        Index("ix_terminal_counter", "facility_id", "counter"),
    )


def _serving(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "invoice_serving",
        metadata,
        Column("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id), primary_key=True, autoincrement=False),
        _must("terminal", Words()),
        _words("counter"),
        _words("cashier"),
        _must("until", Instant()),
    )


def _answer(metadata: MetaData) -> Table:
    return Table(
        "idempotency",
        metadata,
        Column("key", Words(), primary_key=True),
        _must("request_hash", Words()),
        _words("route"),
        _must("user_id", RowNumber),
        _must("status", Integer(), server_default=text("0")),
        _must("body", LargeBinary()),
        Column("locked_until", Instant()),
        _must("begun_at", Instant(), index=True),
    )


def _session(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "session",
        metadata,
        Column("uid", Uid(), primary_key=True),
        _must("user_id", RowNumber, ForeignKey(hmis.user.c.id), index=True),
        _must("token_hash", Words()),
        _must("expires_at", Instant()),
        _must("opened_at", Instant()),
        _must("revoked", Boolean(), server_default=false()),
    )


def _sign_in(metadata: MetaData, hmis: HmisTables) -> Table:
    return Table(
        "sign_in",
        metadata,
        Column("user_id", RowNumber, ForeignKey(hmis.user.c.id), primary_key=True, autoincrement=False),
        _must("failures", Integer(), server_default=text("0")),
        Column("locked_until", Instant()),
    )


def _task(metadata: MetaData) -> Table:
    return Table(
        "task",
        metadata,
        _id(),
        _must("facility_id", RowNumber),
        _must("kind", String(40)),
        _must("subject", Words()),
        _words("text"),
        Column("amount", Amount(12)),
        _currency(),
        _must("opened_at", Instant()),
        Column("closed_at", Instant()),
        _where("task", "open", "kind", "subject", condition="closed_at IS NULL", unique=True),
        _where("task", "facility", "facility_id", "id", condition="closed_at IS NULL"),
        sqlite_autoincrement=True,
    )


def _event(metadata: MetaData) -> Table:
    return Table(
        "event",
        metadata,
        Column("seq", RowNumber, primary_key=True, autoincrement=False),
        _must("kind", String(40)),
        _must("facility_id", RowNumber),
        _must("at", Instant()),
        _must("data", Words()),
    )


def _audit(metadata: MetaData) -> Table:
    return Table(
        "audit_log",
        metadata,
        Column("seq", RowNumber, primary_key=True, autoincrement=False),
        _must("at", Words()),
        _must("actor", Words()),
        _must("action", Words()),
        _must("subject", Words(), index=True),
        _words("origin"),
        _must("detail", Words()),
        _must("previous", String(64), unique=True),
        _must("digest", String(64), unique=True),
        CheckConstraint("seq > 0", name="seq_positive"),
    )
