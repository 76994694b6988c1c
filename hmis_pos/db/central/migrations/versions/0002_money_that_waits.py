"""Money that waits for its owner or goes back: unmatched money placed in parts, refunds, receipt checks, statements, account keys.

Revision: 0002, from 0001. Nothing of an existing database is lost: unmatched money of the first version came by C2B, belongs to facility
1, and keeps its payer (name and number in one) as the name.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hmis_pos.db.central.columns import Amount, Instant, RowNumber, Uid, Words
from hmis_pos.db.central.tables import Schema, owed

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "refund",
    "unmatched_part",
    "refund_evidence",
    "gateway_request",
    "receipt_check",
    "feed_state",
    "account_balance",
    "payout_halt",
    "statement_file",
    "statement_line",
    "statement_bad_line",
    "reconciliation_item",
    "account_key",
)
_PAYMENT = ("channel", "account_typed", "payer", "paid_at", "fee")
_UNMATCHED = (
    "facility_id",
    "payer_name",
    "payer_phone",
    "shortcode",
    "source",
    "kind",
    "observed_at",
    "owner",
    "placed",
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
    _grow_payments()
    _grow_unmatched()
    _waiting()
    _providers()
    _statements()
    _accounts()
    invoice, status = schema().names.table("invoice"), schema().names.column("invoice", "status")
    op.execute(f'CREATE INDEX "ix_{invoice}_owed" ON "{invoice}" ("{status}", {owed(schema().names)})')


def downgrade() -> None:
    op.execute(f'DROP INDEX "ix_{schema().names.table("invoice")}_owed"')
    for table in reversed(TABLES):
        op.drop_table(table)
    for index in ("open", "facility"):
        op.drop_index(f"ix_unmatched_money_{index}", table_name="unmatched_money")
    if op.get_bind().dialect.name != "sqlite":  # SQLite drops it with its column
        op.drop_constraint(op.f("ck_unmatched_money_placed_within"), "unmatched_money")
    for table, columns in (("unmatched_money", _UNMATCHED), ("payment_transaction", _PAYMENT)):
        for column in reversed(columns):
            op.drop_column(table, column)


def _grow_payments() -> None:
    for column in (
        sa.Column("channel", sa.String(length=20), server_default="counter", nullable=False),
        sa.Column("account_typed", Words(), server_default="", nullable=False),
        sa.Column("payer", Words(), server_default="", nullable=False),
        sa.Column("paid_at", Instant(), nullable=True),
        sa.Column("fee", Amount(12), nullable=True),
    ):
        op.add_column("payment_transaction", column)


def _grow_unmatched() -> None:
    """Columns added in place: a table made anew on SQLite would lose its checks and its numbering."""
    for column in (
        sa.Column("facility_id", RowNumber, server_default=sa.text("1"), nullable=False),
        sa.Column("payer_name", Words(), server_default="", nullable=False),
        sa.Column("payer_phone", Words(), server_default="", nullable=False),
        sa.Column("shortcode", Words(), server_default="", nullable=False),
        sa.Column("source", sa.String(length=20), server_default="c2b", nullable=False),
        sa.Column("kind", Words(), server_default="", nullable=False),
        sa.Column("observed_at", Instant(), nullable=True),
        sa.Column("owner", Words(), server_default="", nullable=False),
    ):
        op.add_column("unmatched_money", column)
    kind = "BIGINT" if op.get_bind().dialect.name == "sqlite" else "NUMERIC(12, 2)"
    op.execute(
        f"ALTER TABLE unmatched_money ADD COLUMN placed {kind} DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_unmatched_money_placed_within CHECK (placed >= 0 AND placed <= amount)"
    )
    op.execute("UPDATE unmatched_money SET payer_name = payer")
    op.create_index(
        "ix_unmatched_money_open",
        "unmatched_money",
        ["facility_id", "id"],
        unique=False,
        sqlite_where=sa.text("placed < amount"),
        postgresql_where=sa.text("placed < amount"),
    )
    op.create_index("ix_unmatched_money_facility", "unmatched_money", ["facility_id", "id"], unique=False)


def _waiting() -> None:
    op.create_table(
        "refund",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("uid", Uid(), nullable=False),
        sa.Column("facility_id", RowNumber, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("amount", Amount(12), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("payment_uid", Uid(), nullable=True),
        sa.Column("unmatched_id", RowNumber, nullable=True),
        sa.Column("receipt_no", Words(), server_default="", nullable=False),
        sa.Column("phone", Words(), server_default="", nullable=False),
        sa.Column("reason", Words(), server_default="", nullable=False),
        sa.Column("requested_by", Words(), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", Words(), server_default="", nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decision_note", Words(), server_default="", nullable=False),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("originator", Words(), server_default="", nullable=False),
        sa.Column("provider_request", Words(), server_default="", nullable=False),
        sa.Column("provider_receipt", Words(), server_default="", nullable=False),
        sa.Column("failure_code", Words(), server_default="", nullable=False),
        sa.Column("failure_text", Words(), server_default="", nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.Column("next_check_at", Instant(), nullable=True),
        sa.Column("checks_done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "decided_by = '' OR decided_by <> requested_by OR route IN ('provider', 'unmatched')",
            name=op.f("ck_refund_second_person"),
        ),
        sa.CheckConstraint(
            "route IN ('reversal', 'payout', 'provider', 'unmatched')", name=op.f("ck_refund_route_known")
        ),
        sa.CheckConstraint(
            "state = 'requested' OR decided_by <> '' OR route IN ('provider', 'unmatched')",
            name=op.f("ck_refund_somebody_decided"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'rejected', 'approved', 'pending', 'unknown', 'completed', 'failed')",
            name=op.f("ck_refund_state_known"),
        ),
        sa.CheckConstraint("(payment_uid IS NULL) <> (unmatched_id IS NULL)", name=op.f("ck_refund_one_origin")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount_positive")),
        sa.ForeignKeyConstraint(
            ["payment_uid"], ["payment_transaction.uid"], name=op.f("fk_refund_payment_uid_payment_transaction")
        ),
        sa.ForeignKeyConstraint(
            ["unmatched_id"], ["unmatched_money.id"], name=op.f("fk_refund_unmatched_id_unmatched_money")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("uid", name=op.f("uq_refund_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_refund_due",
        "refund",
        ["next_check_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_check_at IS NOT NULL"),
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.create_index("ix_refund_facility", "refund", ["facility_id", "id"], unique=False)
    op.create_index(op.f("ix_refund_payment_uid"), "refund", ["payment_uid"], unique=False)
    op.create_index(
        "ix_refund_provider_receipt",
        "refund",
        ["provider", "provider_receipt"],
        unique=False,
        sqlite_where=sa.text("provider_receipt <> ''"),
        postgresql_where=sa.text("provider_receipt <> ''"),
    )
    op.create_index("ix_refund_state", "refund", ["state", "id"], unique=False)
    op.create_index(op.f("ix_refund_unmatched_id"), "refund", ["unmatched_id"], unique=False)
    op.create_index(
        "uq_refund_originator",
        "refund",
        ["provider", "originator"],
        unique=True,
        sqlite_where=sa.text("originator <> ''"),
        postgresql_where=sa.text("originator <> ''"),
    )
    op.create_table(
        "unmatched_part",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("unmatched_id", RowNumber, nullable=False),
        sa.Column("amount", Amount(12), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("payment_uid", Uid(), nullable=True),
        sa.Column("refund_uid", Uid(), nullable=True),
        sa.Column("by", Words(), server_default="", nullable=False),
        sa.Column("note", Words(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_unmatched_part_amount_not_zero")),
        sa.CheckConstraint(
            "payment_uid IS NOT NULL OR refund_uid IS NOT NULL", name=op.f("ck_unmatched_part_goes_somewhere")
        ),
        sa.ForeignKeyConstraint(
            ["payment_uid"],
            ["payment_transaction.uid"],
            name=op.f("fk_unmatched_part_payment_uid_payment_transaction"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["refund_uid"],
            ["refund.uid"],
            name=op.f("fk_unmatched_part_refund_uid_refund"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["unmatched_id"], ["unmatched_money.id"], name=op.f("fk_unmatched_part_unmatched_id_unmatched_money")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_part")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_unmatched_part_payment_uid"), "unmatched_part", ["payment_uid"], unique=False)
    op.create_index(op.f("ix_unmatched_part_refund_uid"), "unmatched_part", ["refund_uid"], unique=False)
    op.create_index(op.f("ix_unmatched_part_unmatched_id"), "unmatched_part", ["unmatched_id"], unique=False)
    op.create_table(
        "refund_evidence",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("refund_id", RowNumber, nullable=False),
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
            ["raw_id"], ["callback_inbox.id"], name=op.f("fk_refund_evidence_raw_id_callback_inbox")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_evidence_refund_id_refund")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_evidence")),
        sa.UniqueConstraint("refund_id", "digest", name=op.f("uq_refund_evidence_refund_id_digest")),
        sqlite_autoincrement=True,
    )


def _providers() -> None:
    op.create_table(
        "gateway_request",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("uid", Uid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", Words(), nullable=False),
        sa.Column("token", Words(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("originator", Words(), server_default="", nullable=False),
        sa.Column("conversation", Words(), server_default="", nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("outcome", Words(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('payout', 'reversal', 'status', 'balance')", name=op.f("ck_gateway_request_kind_known")
        ),
        sa.CheckConstraint("token <> ''", name=op.f("ck_gateway_request_token_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_request")),
        sa.UniqueConstraint("token", name=op.f("uq_gateway_request_token")),
        sa.UniqueConstraint("uid", name=op.f("uq_gateway_request_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_gateway_request_subject"), "gateway_request", ["subject"], unique=False)
    op.create_table(
        "receipt_check",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("uid", Uid(), nullable=False),
        sa.Column("facility_id", RowNumber, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("receipt_no", Words(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("asked_by", Words(), server_default="", nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("invoice_id", RowNumber, nullable=True),
        sa.Column("user_id", RowNumber, nullable=True),
        sa.Column("terminal", Words(), server_default="", nullable=False),
        sa.Column("claim", Words(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("code", Words(), server_default="", nullable=False),
        sa.Column("text", Words(), server_default="", nullable=False),
        sa.Column("payment_uid", Uid(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("next_check_at", Instant(), nullable=True),
        sa.Column("checks_done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("cause IN ('cashier', 'limit', 'address')", name=op.f("ck_receipt_check_cause_known")),
        sa.CheckConstraint("receipt_no <> ''", name=op.f("ck_receipt_check_receipt_no_given")),
        sa.CheckConstraint(
            "state IN ('waiting', 'proven', 'refused', 'expired')", name=op.f("ck_receipt_check_state_known")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], [hmis("invoice")], name=op.f("fk_receipt_check_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["payment_uid"], ["payment_transaction.uid"], name=op.f("fk_receipt_check_payment_uid_payment_transaction")
        ),
        sa.ForeignKeyConstraint(["user_id"], [hmis("user")], name=op.f("fk_receipt_check_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_check")),
        sa.UniqueConstraint("uid", name=op.f("uq_receipt_check_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_receipt_check_due",
        "receipt_check",
        ["next_check_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_check_at IS NOT NULL"),
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.create_index("ix_receipt_check_receipt_no", "receipt_check", ["provider", "receipt_no", "id"], unique=False)
    op.create_table(
        "feed_state",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("feed", sa.String(length=20), nullable=False),
        sa.Column("covered_until", Instant(), nullable=True),
        sa.Column("good_at", Instant(), nullable=True),
        sa.Column("tried_at", Instant(), nullable=True),
        sa.Column("trouble", Words(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("provider", "feed", name=op.f("pk_feed_state")),
    )
    op.create_table(
        "account_balance",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("account", Words(), nullable=False),
        sa.Column("available", Amount(14), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "account", name=op.f("pk_account_balance")),
    )
    op.create_table(
        "payout_halt",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("why", Words(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_payout_halt")),
    )


def _statements() -> None:
    op.create_table(
        "statement_file",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("facility_id", RowNumber, nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("name", Words(), server_default="", nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("shortcode", Words(), server_default="", nullable=False),
        sa.Column("imported_by", Words(), server_default="", nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.Column("since", Instant(), nullable=True),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("opening", Amount(14), nullable=True),
        sa.Column("closing", Amount(14), nullable=True),
        sa.Column("paid_in", Amount(14), nullable=True),
        sa.Column("withdrawn", Amount(14), nullable=True),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("lines", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("bad_lines", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("trouble", Words(), server_default="", nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_file")),
        sa.UniqueConstraint("file_hash", name=op.f("uq_statement_file_file_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_statement_file_facility", "statement_file", ["facility_id", "id"], unique=False)
    op.create_table(
        "statement_line",
        sa.Column("file_id", RowNumber, autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("receipt_no", Words(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", Words(), server_default="", nullable=False),
        sa.Column("completed_at", Instant(), nullable=False),
        sa.Column("paid_in", Amount(14), nullable=False),
        sa.Column("withdrawn", Amount(14), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("details", Words(), server_default="", nullable=False),
        sa.Column("reason", Words(), server_default="", nullable=False),
        sa.Column("payer", Words(), server_default="", nullable=False),
        sa.Column("account", Words(), server_default="", nullable=False),
        sa.Column("linked_receipt", Words(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["statement_file.id"], name=op.f("fk_statement_line_file_id_statement_file")
        ),
        sa.PrimaryKeyConstraint("file_id", "row", name=op.f("pk_statement_line")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_statement_line_receipt_no", "statement_line", ["file_id", "receipt_no"], unique=False)
    op.create_table(
        "statement_bad_line",
        sa.Column("file_id", RowNumber, autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", Words(), server_default="", nullable=False),
        sa.Column("cells", Words(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["statement_file.id"], name=op.f("fk_statement_bad_line_file_id_statement_file")
        ),
        sa.PrimaryKeyConstraint("file_id", "row", name=op.f("pk_statement_bad_line")),
    )
    op.create_table(
        "reconciliation_item",
        sa.Column("id", RowNumber, nullable=False),
        sa.Column("file_id", RowNumber, nullable=False),
        sa.Column("line_class", sa.String(length=20), nullable=False),
        sa.Column("receipt_no", Words(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("here", Amount(14), nullable=True),
        sa.Column("there", Amount(14), nullable=True),
        sa.Column("currency", sa.String(length=3), server_default="KES", nullable=False),
        sa.Column("at", Instant(), nullable=True),
        sa.Column("owner", Words(), server_default="", nullable=False),
        sa.Column("text", Words(), server_default="", nullable=False),
        sa.CheckConstraint(
            "line_class IN ('MATCHED', 'MISSING_HERE', 'MISSING_THERE', 'AMOUNT_DIFF', 'REVERSED_THERE', 'DUPLICATE', 'TIMING')",
            name=op.f("ck_reconciliation_item_class_known"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["statement_file.id"], name=op.f("fk_reconciliation_item_file_id_statement_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_item")),
        sa.UniqueConstraint(
            "file_id", "line_class", "receipt_no", name=op.f("uq_reconciliation_item_file_id_line_class_receipt_no")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_reconciliation_item_class", "reconciliation_item", ["file_id", "line_class", "id"], unique=False
    )
    op.create_index("ix_reconciliation_item_receipt_no", "reconciliation_item", ["receipt_no", "id"], unique=False)


def _accounts() -> None:
    op.create_table(
        "account_key",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target_id", RowNumber, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.PrimaryKeyConstraint("kind", "target_id", "key", name=op.f("pk_account_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_account_key_key", "account_key", ["key", "kind", "target_id"], unique=False)
    op.create_index("ix_account_key_tail", "account_key", ["tail", "key", "kind", "target_id"], unique=False)
