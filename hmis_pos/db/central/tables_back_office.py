"""Money that waits for its owner or is on its way back, commands at providers, statements, account numbers.

``facility_id`` refers to no row here, as in ``task``: money is written down even where nobody can say whose it is.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from hmis_pos.cashier.records_back_office import CheckCause, CheckState, LineClass, RequestKind
from hmis_pos.db.central.columns import Amount, Instant, RowNumber, Uid, Words
from hmis_pos.db.central.shapes import currency, must, number, quoted, where, words
from hmis_pos.db.central.tables_hmis import HmisTables
from hmis_pos.domain.refund import RefundState, Route

#: Routes that no second person has to agree to: no money of ours is sent.
UNDECIDED_ROUTES = quoted((Route.PROVIDER, Route.UNMATCHED))


def unmatched_table(metadata: MetaData) -> Table:
    name = "unmatched_money"
    return Table(
        name,
        metadata,
        number(),
        must("facility_id", RowNumber, server_default=text("1")),
        must("provider", String(20)),
        words("receipt_no"),
        must("amount", Amount(12)),
        currency(),
        words("account"),
        words("payer"),  # name and number in one, as rows of the first version hold them
        words("payer_name"),
        words("payer_phone"),
        words("shortcode"),
        must("source", String(20), server_default="c2b"),
        words("kind"),
        Column("paid_at", Instant()),
        Column("observed_at", Instant()),  # not known of rows of the first version
        words("reason"),
        Column("inbox_id", RowNumber, ForeignKey("callback_inbox.id")),
        words("owner"),
        must("at", Instant()),
        must("placed", Amount(12), server_default=text("0")),  # the sum of its parts, kept by a trigger
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("placed >= 0 AND placed <= amount", name="placed_within"),
        where(name, "receipt_no", "provider", "receipt_no", condition="receipt_no <> ''", unique=True),
        where(name, "open", "facility_id", "id", condition="placed < amount"),
        Index(f"ix_{name}_facility", "facility_id", "id"),
        sqlite_autoincrement=True,
    )


def _deferred(target: str) -> ForeignKey:
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


def unmatched_part_table(metadata: MetaData) -> Table:
    return Table(
        "unmatched_part",
        metadata,
        number(),
        must("unmatched_id", RowNumber, ForeignKey("unmatched_money.id"), index=True),
        must("amount", Amount(12)),
        currency(),
        # Deferred: which of the two is written first is the use case's affair.
        Column("payment_uid", Uid(), _deferred("payment_transaction.uid"), index=True),
        Column("refund_uid", Uid(), _deferred("refund.uid"), index=True),
        words("by"),
        words("note"),
        must("at", Instant()),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("payment_uid IS NOT NULL OR refund_uid IS NOT NULL", name="goes_somewhere"),
        sqlite_autoincrement=True,
    )


def refund_table(metadata: MetaData) -> Table:
    name = "refund"
    return Table(
        name,
        metadata,
        number(),
        must("uid", Uid(), unique=True),
        must("facility_id", RowNumber),
        must("provider", String(20)),
        must("amount", Amount(12)),
        currency(),
        must("route", String(20)),
        Column("payment_uid", Uid(), ForeignKey("payment_transaction.uid"), index=True),
        Column("unmatched_id", RowNumber, ForeignKey("unmatched_money.id"), index=True),
        words("receipt_no"),
        words("phone"),
        words("reason"),
        must("requested_by", Words()),
        must("requested_at", Instant()),
        must("state", String(20)),
        words("decided_by"),
        Column("decided_at", Instant()),
        words("decision_note"),
        Column("asked_at", Instant()),
        words("originator"),
        words("provider_request"),
        words("provider_receipt"),
        words("failure_code"),
        words("failure_text"),
        Column("completed_at", Instant()),
        Column("next_check_at", Instant()),
        must("checks_done", Integer(), server_default=text("0")),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(f"state IN ({quoted(RefundState)})", name="state_known"),
        CheckConstraint(f"route IN ({quoted(Route)})", name="route_known"),
        CheckConstraint("(payment_uid IS NULL) <> (unmatched_id IS NULL)", name="one_origin"),
        CheckConstraint(
            f"decided_by = '' OR decided_by <> requested_by OR route IN ({UNDECIDED_ROUTES})", name="second_person"
        ),
        CheckConstraint(
            f"state = '{RefundState.REQUESTED.value}' OR decided_by <> '' OR route IN ({UNDECIDED_ROUTES})",
            name="somebody_decided",
        ),
        where(name, "originator", "provider", "originator", condition="originator <> ''", unique=True),
        where(name, "provider_receipt", "provider", "provider_receipt", condition="provider_receipt <> ''"),
        where(name, "due", "next_check_at", "id", condition="next_check_at IS NOT NULL"),
        Index(f"ix_{name}_facility", "facility_id", "id"),
        Index(f"ix_{name}_state", "state", "id"),
        sqlite_autoincrement=True,
    )


def refund_evidence_table(metadata: MetaData) -> Table:
    return Table(
        "refund_evidence",
        metadata,
        number(),
        must("refund_id", RowNumber, ForeignKey("refund.id")),
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
        UniqueConstraint("refund_id", "digest"),
        sqlite_autoincrement=True,
    )


def request_table(metadata: MetaData) -> Table:
    return Table(
        "gateway_request",
        metadata,
        number(),
        must("uid", Uid(), unique=True),
        must("provider", String(20)),
        must("kind", String(20)),
        must("subject", Words(), index=True),
        must("token", Words(), unique=True),
        must("asked_at", Instant()),
        words("originator"),
        words("conversation"),
        Column("answered_at", Instant()),
        words("outcome"),
        CheckConstraint(f"kind IN ({quoted(RequestKind)})", name="kind_known"),
        CheckConstraint("token <> ''", name="token_given"),
        sqlite_autoincrement=True,
    )


def check_table(metadata: MetaData, hmis: HmisTables) -> Table:
    name = "receipt_check"
    return Table(
        name,
        metadata,
        number(),
        must("uid", Uid(), unique=True),
        must("facility_id", RowNumber),
        must("provider", String(20)),
        must("receipt_no", Words()),
        must("cause", String(20)),
        words("asked_by"),
        must("asked_at", Instant()),
        Column("invoice_id", RowNumber, ForeignKey(hmis.invoice.c.id)),
        Column("user_id", RowNumber, ForeignKey(hmis.user.c.id)),
        words("terminal"),
        words("claim"),  # JSON: what was said of the money; empty where nothing was
        must("state", String(20)),
        words("code"),
        words("text"),
        Column("payment_uid", Uid(), ForeignKey("payment_transaction.uid")),
        Column("decided_at", Instant()),
        Column("next_check_at", Instant()),
        must("checks_done", Integer(), server_default=text("0")),
        CheckConstraint(f"cause IN ({quoted(CheckCause)})", name="cause_known"),
        CheckConstraint(f"state IN ({quoted(CheckState)})", name="state_known"),
        CheckConstraint("receipt_no <> ''", name="receipt_no_given"),
        where(name, "due", "next_check_at", "id", condition="next_check_at IS NOT NULL"),
        Index(f"ix_{name}_receipt_no", "provider", "receipt_no", "id"),
        sqlite_autoincrement=True,
    )


def feed_table(metadata: MetaData) -> Table:
    return Table(
        "feed_state",
        metadata,
        Column("provider", String(20), primary_key=True),
        Column("feed", String(20), primary_key=True),
        Column("covered_until", Instant()),
        Column("good_at", Instant()),
        Column("tried_at", Instant()),
        words("trouble"),
    )


def balance_table(metadata: MetaData) -> Table:
    return Table(
        "account_balance",
        metadata,
        Column("provider", String(20), primary_key=True),
        Column("account", Words(), primary_key=True),
        must("available", Amount(14)),
        currency(),
        must("at", Instant()),
    )


def halt_table(metadata: MetaData) -> Table:
    return Table(
        "payout_halt",
        metadata,
        Column("provider", String(20), primary_key=True),
        words("why"),
        must("at", Instant()),
    )


def file_table(metadata: MetaData) -> Table:
    return Table(
        "statement_file",
        metadata,
        number(),
        must("facility_id", RowNumber),
        must("file_hash", String(64), unique=True),
        words("name"),
        must("provider", String(20)),
        words("shortcode"),
        words("imported_by"),
        must("imported_at", Instant()),
        Column("since", Instant()),
        Column("until", Instant()),
        Column("opening", Amount(14)),
        Column("closing", Amount(14)),
        Column("paid_in", Amount(14)),
        Column("withdrawn", Amount(14)),
        currency(),
        must("lines", Integer(), server_default=text("0")),
        must("bad_lines", Integer(), server_default=text("0")),
        must("state", String(20)),
        words("trouble"),
        Column("finished_at", Instant()),
        Index("ix_statement_file_facility", "facility_id", "id"),
        sqlite_autoincrement=True,
    )


def line_table(metadata: MetaData) -> Table:
    return Table(
        "statement_line",
        metadata,
        Column("file_id", RowNumber, ForeignKey("statement_file.id"), primary_key=True, autoincrement=False),
        Column("row", Integer(), primary_key=True, autoincrement=False),
        must("receipt_no", Words()),
        must("kind", String(20)),
        words("status"),
        must("completed_at", Instant()),
        must("paid_in", Amount(14)),
        must("withdrawn", Amount(14)),
        currency(),
        words("details"),
        words("reason"),
        words("payer"),
        words("account"),
        words("linked_receipt"),
        Index("ix_statement_line_receipt_no", "file_id", "receipt_no"),
        sqlite_with_rowid=False,  # read and written in the order of its key
    )


def bad_line_table(metadata: MetaData) -> Table:
    return Table(
        "statement_bad_line",
        metadata,
        Column("file_id", RowNumber, ForeignKey("statement_file.id"), primary_key=True, autoincrement=False),
        Column("row", Integer(), primary_key=True, autoincrement=False),
        words("text"),
        words("cells"),
    )


def item_table(metadata: MetaData) -> Table:
    name = "reconciliation_item"
    return Table(
        name,
        metadata,
        number(),
        must("file_id", RowNumber, ForeignKey("statement_file.id")),
        must("line_class", String(20)),
        must("receipt_no", Words()),
        Column("row", Integer()),
        Column("here", Amount(14)),
        Column("there", Amount(14)),
        currency(),
        Column("at", Instant()),
        words("owner"),
        words("text"),
        CheckConstraint(f"line_class IN ({quoted(LineClass)})", name="class_known"),
        UniqueConstraint("file_id", "line_class", "receipt_no"),
        Index(f"ix_{name}_receipt_no", "receipt_no", "id"),
        Index(f"ix_{name}_class", "file_id", "line_class", "id"),
        sqlite_autoincrement=True,
    )


def account_key_table(metadata: MetaData) -> Table:
    """The keys of every account number; ``accounts.py`` keeps it. ``tail`` is what ends the key, for numbers typed in part."""
    return Table(
        "account_key",
        metadata,
        Column("kind", String(10), primary_key=True),
        Column("target_id", RowNumber, primary_key=True, autoincrement=False),
        Column("key", String(24), primary_key=True),
        must("tail", String(4)),
        Index("ix_account_key_key", "key", "kind", "target_id"),
        Index("ix_account_key_tail", "tail", "key", "kind", "target_id"),
        sqlite_with_rowid=False,
    )
