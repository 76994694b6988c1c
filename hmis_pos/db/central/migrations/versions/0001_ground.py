"""The ground: payments and their evidence, the books, receipts, sign-in, the trail; and the HMIS's tables where there are none.

Revision: 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hmis_pos.db.central import search
from hmis_pos.db.central.columns import Amount, Instant, RowNumber, Uid, Words
from hmis_pos.db.central.tables import Schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "callback_inbox",
    "payment_transaction",
    "payment_evidence",
    "provider_receipt",
    "allocation",
    "deposit",
    "unmatched_money",
    "ledger_transfer",
    "terminal",
    "receipt_series",
    "receipt",
    "session",
    "sign_in",
    "invoice_serving",
    "idempotency",
    "task",
    "event",
    "audit_log",
)


def schema() -> Schema:
    """The schema under the hospital's names, as ``migrate.py`` handed it over."""
    config = op.get_context().config
    if config is None:
        raise RuntimeError("migrations are run by hmis_pos.db.central.migrate")
    found: Schema = config.attributes["schema"]
    return found


def hmis(table: str) -> str:
    """The id column of a table of the HMIS, under the hospital's names."""
    names = schema().names
    return f"{names.table(table)}.{names.column(table, 'id')}"


def upgrade() -> None:
    bind = op.get_bind()
    schema().metadata.create_all(bind, tables=schema().hmis.all, checkfirst=True)
    for table in schema().hmis.all:
        for index in table.indexes:
            index.create(bind, checkfirst=True)
    _payments()
    _books()
    _receipts()
    _people()
    _trail()
    for statement in search.storage(bind.dialect.name):
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    for statement in search.removal(op.get_bind().dialect.name):
        op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)


def _payments() -> None:
    op.create_table(
        "callback_inbox",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("token", Words(), server_default="", nullable=False),
        sa.Column("source_ip", Words(), server_default="", nullable=False),
        sa.Column("headers", Words(), server_default="", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("outcome", Words(), server_default="", nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_inbox")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_callback_inbox_waiting",
        "callback_inbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "payment_transaction",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("uid", Uid(), nullable=False),
        sa.Column("facility_id", RowNumber, nullable=False),
        sa.Column("invoice_id", RowNumber, nullable=False),
        sa.Column("patient_id", RowNumber, nullable=False),
        sa.Column("amount", Amount(10), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("payment_method", sa.String(length=20), nullable=False),
        sa.Column("gateway_reference", sa.String(length=100), server_default="", nullable=False),
        sa.Column("status", sa.String(length=20), server_default="pending", nullable=False),
        sa.Column("gateway_response", sa.JSON(), nullable=True),
        sa.Column("processed_by", RowNumber, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("cashier", Words(), server_default="", nullable=False),
        sa.Column("terminal", Words(), server_default="", nullable=False),
        sa.Column("idempotency_key", Words(), server_default="", nullable=False),
        sa.Column("phone", Words(), server_default="", nullable=False),
        sa.Column("account_reference", Words(), server_default="", nullable=False),
        sa.Column("callback_token", Words(), server_default="", nullable=False),
        sa.Column("provider_request", Words(), server_default="", nullable=False),
        sa.Column("provider_receipts", Words(), server_default="", nullable=False),
        sa.Column("amount_received", Amount(12), nullable=True),
        sa.Column("tendered", Amount(12), nullable=True),
        sa.Column("change_given", Amount(12), nullable=True),
        sa.Column("note", Words(), server_default="", nullable=False),
        sa.Column("failure_code", Words(), server_default="", nullable=False),
        sa.Column("failure_text", Words(), server_default="", nullable=False),
        sa.Column("failure_agreed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("advice", sa.String(length=10), server_default="no", nullable=False),
        sa.Column("retry_not_before", Instant(), nullable=True),
        sa.Column("next_check_at", Instant(), nullable=True),
        sa.Column("checks_done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("reopened", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "payment_method IN ('cash', 'mpesa', 'stripe', 'paypal', 'card_pdq', 'bank_transfer', 'cheque', 'insurance')",
            name=op.f("ck_payment_transaction_method_known"),
        ),
        sa.CheckConstraint(
            "status IN ('created', 'pending', 'unknown', 'completed', 'failed', 'expired', 'cancelled', 'partially_refunded', 'refunded')",
            name=op.f("ck_payment_transaction_status_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_transaction_amount_positive")),
        sa.CheckConstraint("amount_received >= 0", name=op.f("ck_payment_transaction_received_not_negative")),
        sa.ForeignKeyConstraint(
            ["facility_id"], [hmis("facility")], name=op.f("fk_payment_transaction_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], [hmis("invoice")], name=op.f("fk_payment_transaction_invoice_id_invoice")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], [hmis("patient")], name=op.f("fk_payment_transaction_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["processed_by"], [hmis("user")], name=op.f("fk_payment_transaction_processed_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_transaction")),
        sa.UniqueConstraint("uid", name=op.f("uq_payment_transaction_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_payment_transaction_created", "payment_transaction", ["facility_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_payment_transaction_due",
        "payment_transaction",
        ["next_check_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_check_at IS NOT NULL"),
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.create_index("ix_payment_transaction_facility", "payment_transaction", ["facility_id", "id"], unique=False)
    op.create_index("ix_payment_transaction_invoice", "payment_transaction", ["invoice_id", "id"], unique=False)
    op.create_index("ix_payment_transaction_patient", "payment_transaction", ["patient_id", "id"], unique=False)
    op.create_index(
        "ix_payment_transaction_phone",
        "payment_transaction",
        ["phone", "asked_at"],
        unique=False,
        sqlite_where=sa.text("phone <> ''"),
        postgresql_where=sa.text("phone <> ''"),
    )
    op.create_index(
        "ix_payment_transaction_status", "payment_transaction", ["facility_id", "status", "id"], unique=False
    )
    op.create_index(
        "uq_payment_transaction_account_reference",
        "payment_transaction",
        ["payment_method", "account_reference"],
        unique=True,
        sqlite_where=sa.text("account_reference <> ''"),
        postgresql_where=sa.text("account_reference <> ''"),
    )
    op.create_index(
        "uq_payment_transaction_callback_token",
        "payment_transaction",
        ["callback_token"],
        unique=True,
        sqlite_where=sa.text("callback_token <> ''"),
        postgresql_where=sa.text("callback_token <> ''"),
    )
    op.create_index(
        "uq_payment_transaction_idempotency_key",
        "payment_transaction",
        ["idempotency_key"],
        unique=True,
        sqlite_where=sa.text("idempotency_key <> ''"),
        postgresql_where=sa.text("idempotency_key <> ''"),
    )
    op.create_index(
        "uq_payment_transaction_open_attempt",
        "payment_transaction",
        ["invoice_id"],
        unique=True,
        sqlite_where=sa.text(
            "payment_method IN ('mpesa', 'paypal', 'stripe') AND status IN ('created', 'pending', 'unknown') AND NOT reopened"
        ),
        postgresql_where=sa.text(
            "payment_method IN ('mpesa', 'paypal', 'stripe') AND status IN ('created', 'pending', 'unknown') AND NOT reopened"
        ),
    )
    op.create_index(
        "uq_payment_transaction_provider_request",
        "payment_transaction",
        ["payment_method", "provider_request"],
        unique=True,
        sqlite_where=sa.text("provider_request <> ''"),
        postgresql_where=sa.text("provider_request <> ''"),
    )
    op.create_table(
        "payment_evidence",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("payment_id", RowNumber, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("observed_at", Instant(), nullable=False),
        sa.Column("receipt_no", Words(), server_default="", nullable=False),
        sa.Column("amount", Amount(12), nullable=True),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("code", Words(), server_default="", nullable=False),
        sa.Column("text", Words(), server_default="", nullable=False),
        sa.Column("reference", Words(), server_default="", nullable=False),
        sa.Column("raw_id", RowNumber, nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment_transaction.id"], name=op.f("fk_payment_evidence_payment_id_payment_transaction")
        ),
        sa.ForeignKeyConstraint(
            ["raw_id"], ["callback_inbox.id"], name=op.f("fk_payment_evidence_raw_id_callback_inbox")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_evidence")),
        sa.UniqueConstraint("payment_id", "digest", name=op.f("uq_payment_evidence_payment_id_digest")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "provider_receipt",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("receipt_no", Words(), nullable=False),
        sa.Column("owner", Words(), nullable=False),
        sa.CheckConstraint("receipt_no <> ''", name=op.f("ck_provider_receipt_receipt_no_given")),
        sa.PrimaryKeyConstraint("provider", "receipt_no", name=op.f("pk_provider_receipt")),
    )
    op.create_index(op.f("ix_provider_receipt_owner"), "provider_receipt", ["owner"], unique=False)


def _books() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("payment_uid", Uid(), nullable=False),
        sa.Column("invoice_id", RowNumber, nullable=False),
        sa.Column("amount", Amount(12), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_allocation_amount_not_zero")),
        sa.ForeignKeyConstraint(["invoice_id"], [hmis("invoice")], name=op.f("fk_allocation_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["payment_uid"], ["payment_transaction.uid"], name=op.f("fk_allocation_payment_uid_payment_transaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_allocation_invoice_id"), "allocation", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_allocation_payment_uid"), "allocation", ["payment_uid"], unique=False)
    op.create_table(
        "deposit",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("payment_uid", Uid(), nullable=False),
        sa.Column("patient_id", RowNumber, nullable=False),
        sa.Column("amount", Amount(12), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("reason", Words(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_deposit_amount_not_zero")),
        sa.ForeignKeyConstraint(["patient_id"], [hmis("patient")], name=op.f("fk_deposit_patient_id_patient")),
        sa.ForeignKeyConstraint(
            ["payment_uid"], ["payment_transaction.uid"], name=op.f("fk_deposit_payment_uid_payment_transaction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deposit_patient_id"), "deposit", ["patient_id"], unique=False)
    op.create_index(op.f("ix_deposit_payment_uid"), "deposit", ["payment_uid"], unique=False)
    op.create_table(
        "unmatched_money",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("receipt_no", Words(), server_default="", nullable=False),
        sa.Column("amount", Amount(12), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("account", Words(), server_default="", nullable=False),
        sa.Column("payer", Words(), server_default="", nullable=False),
        sa.Column("paid_at", Instant(), nullable=True),
        sa.Column("reason", Words(), server_default="", nullable=False),
        sa.Column("inbox_id", RowNumber, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_unmatched_money_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["callback_inbox.id"], name=op.f("fk_unmatched_money_inbox_id_callback_inbox")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_money")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_unmatched_money_receipt_no",
        "unmatched_money",
        ["provider", "receipt_no"],
        unique=True,
        sqlite_where=sa.text("receipt_no <> ''"),
        postgresql_where=sa.text("receipt_no <> ''"),
    )
    op.create_table(
        "ledger_transfer",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("debit", Words(), nullable=False),
        sa.Column("credit", Words(), nullable=False),
        sa.Column("amount", Amount(12), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_transfer_amount_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_transfer_two_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transfer")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ledger_transfer_credit"), "ledger_transfer", ["credit"], unique=False)
    op.create_index(op.f("ix_ledger_transfer_debit"), "ledger_transfer", ["debit"], unique=False)
    op.create_index(op.f("ix_ledger_transfer_subject"), "ledger_transfer", ["subject"], unique=False)


def _receipts() -> None:
    op.create_table(
        "terminal",
        sa.Column("install_uid", Uid(), nullable=False),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("facility_id", RowNumber, nullable=False),
        sa.Column("counter", Words(), nullable=False),
        sa.Column("terminal_number", sa.Integer(), nullable=False),
        sa.Column("install_number", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], [hmis("facility")], name=op.f("fk_terminal_facility_id_facility")),
        sa.PrimaryKeyConstraint("install_uid", name=op.f("pk_terminal")),
        sa.UniqueConstraint("series", name=op.f("uq_terminal_series")),
        sa.UniqueConstraint(
            "terminal_number", "install_number", name=op.f("uq_terminal_terminal_number_install_number")
        ),
    )
    op.create_index("ix_terminal_counter", "terminal", ["facility_id", "counter"], unique=False)
    op.create_table(
        "receipt_series",
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("contiguous", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("highest", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_receipt_series")),
    )
    op.create_table(
        "receipt",
        sa.Column("uid", Uid(), nullable=False),
        sa.Column("series", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("payment_uid", Uid(), nullable=False),
        sa.Column("payment_method", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("tendered", Amount(12), nullable=False),
        sa.Column("applied", Amount(12), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("cashier", Words(), server_default="", nullable=False),
        sa.Column("counter", Words(), server_default="", nullable=False),
        sa.Column("invoice_id", RowNumber, nullable=False),
        sa.Column("invoice_seen", Words(), nullable=False),
        sa.Column("provider_receipt", Words(), server_default="", nullable=False),
        sa.Column("content_hash", Words(), nullable=False),
        sa.Column("terminal", Words(), server_default="", nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.CheckConstraint("applied > 0", name=op.f("ck_receipt_applied_positive")),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipt_number_positive")),
        sa.CheckConstraint("tendered >= applied", name=op.f("ck_receipt_tendered_enough")),
        sa.ForeignKeyConstraint(["invoice_id"], [hmis("invoice")], name=op.f("fk_receipt_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["payment_uid"],
            ["payment_transaction.uid"],
            name=op.f("fk_receipt_payment_uid_payment_transaction"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_receipt")),
        sa.UniqueConstraint("payment_uid", name=op.f("uq_receipt_payment_uid")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_receipt_series_number")),
    )
    op.create_index(op.f("ix_receipt_invoice_id"), "receipt", ["invoice_id"], unique=False)


def _people() -> None:
    op.create_table(
        "session",
        sa.Column("uid", Uid(), nullable=False),
        sa.Column("user_id", RowNumber, nullable=False),
        sa.Column("token_hash", Words(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("revoked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], [hmis("user")], name=op.f("fk_session_user_id_user")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_user_id"), "session", ["user_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("user_id", RowNumber, autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], [hmis("user")], name=op.f("fk_sign_in_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_sign_in")),
    )
    op.create_table(
        "invoice_serving",
        sa.Column("invoice_id", RowNumber, autoincrement=False, nullable=False),
        sa.Column("terminal", Words(), nullable=False),
        sa.Column("counter", Words(), server_default="", nullable=False),
        sa.Column("cashier", Words(), server_default="", nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], [hmis("invoice")], name=op.f("fk_invoice_serving_invoice_id_invoice")),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_invoice_serving")),
    )
    op.create_table(
        "idempotency",
        sa.Column("key", Words(), nullable=False),
        sa.Column("request_hash", Words(), nullable=False),
        sa.Column("route", Words(), server_default="", nullable=False),
        sa.Column("user_id", RowNumber, nullable=False),
        sa.Column("status", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_begun_at"), "idempotency", ["begun_at"], unique=False)


def _trail() -> None:
    op.create_table(
        "task",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("facility_id", RowNumber, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("text", Words(), server_default="", nullable=False),
        sa.Column("amount", Amount(12), nullable=True),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_task_facility",
        "task",
        ["facility_id", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_task_open",
        "task",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "event",
        sa.Column("seq", RowNumber, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facility_id", RowNumber, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("data", Words(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    op.create_table(
        "audit_log",
        sa.Column("seq", RowNumber, autoincrement=False, nullable=False),
        sa.Column("at", Words(), nullable=False),
        sa.Column("actor", Words(), nullable=False),
        sa.Column("action", Words(), nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("origin", Words(), server_default="", nullable=False),
        sa.Column("detail", Words(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_log_seq_positive")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_log_digest")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_log_previous")),
    )
    op.create_index(op.f("ix_audit_log_subject"), "audit_log", ["subject"], unique=False)
