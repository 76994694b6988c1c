"""The tables of the local store. Amounts are whole cents, times are ISO 8601 text in UTC, uids are text.

What must never happen is refused by the database itself: a receipt changed or deleted, a number given twice, an outbox
row removed before the relay answered for it.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    event,
)

#: Counts up with every change of the schema; the file carries it as ``user_version``.
SCHEMA_VERSION = 1

metadata = MetaData()

install = Table(
    "install",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("install_uid", Text, nullable=False),
    Column("series", Text, nullable=False, server_default=""),
    Column("counter", Text, nullable=False, server_default=""),
    Column("facility_id", Integer, nullable=False, server_default="0"),
    Column("facility_name", Text, nullable=False, server_default=""),
    Column("last_number", Integer, CheckConstraint("last_number >= 0"), nullable=False, server_default="0"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("number", Integer, CheckConstraint("number > 0"), nullable=False),
    Column("payment_uid", Text, nullable=False, unique=True),
    Column("invoice_id", Integer, nullable=False, index=True),
    Column("issued_at", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
    UniqueConstraint("series", "number"),
)

receipt_print = Table(
    "receipt_print",
    metadata,
    Column("uid", Text, ForeignKey("receipt.uid"), primary_key=True),
    Column("copy", Integer, primary_key=True),
    Column("printed_at", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("uid", Text, ForeignKey("receipt.uid"), nullable=False, unique=True),
    Column("invoice_id", Integer, nullable=False),
    Column("applied_minor", Integer, nullable=False),
    # What the relay does not know of yet: the amount for money taken here, 0 for electronic money it told us of.
    Column("reduces_minor", Integer, nullable=False),
    Column("paid_before_minor", Integer, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("last_error", Text, nullable=False, server_default=""),
    Column("refused_code", Text, nullable=False, server_default=""),
    Column("acknowledged_at", Text),
    sqlite_autoincrement=True,
)
Index("outbox_open", outbox.c.invoice_id, outbox.c.reduces_minor, sqlite_where=outbox.c.acknowledged_at.is_(None))

worklist = Table(
    "worklist",
    metadata,
    Column("id", Integer, primary_key=True),
    # Second of queueing and id in one number: the order of the queue, and the row's number in the search indexes, which
    # give their hits in that order without sorting them.
    Column("place", Integer, nullable=False, unique=True),
    Column("queued_at", Text, nullable=False),
    Column("is_open", Integer, nullable=False),
    Column("owed_minor", Integer, nullable=False),
    Column("paid_minor", Integer, nullable=False),
    Column("local_minor", Integer, nullable=False, server_default="0"),
    Column("reading", Integer, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("patient_key", Text, nullable=False),
    Column("searchable", Text, nullable=False),
    Column("served_by", LargeBinary, nullable=False),
    Column("ringing", LargeBinary, nullable=False),
    Column("ringing_uid", Text, nullable=False),
    # Last, since it is the widest: the columns before it are read without walking its overflow pages.
    Column("document", LargeBinary, nullable=False),
)
#: In the queue: open at the relay, and something left after what was taken here.
in_queue = and_(worklist.c.is_open == 1, worklist.c.owed_minor > worklist.c.local_minor)
Index(
    "worklist_queue",
    worklist.c.place,
    worklist.c.id,
    worklist.c.is_open,
    worklist.c.owed_minor,
    worklist.c.local_minor,
)
Index("worklist_number", worklist.c.number_key)
Index("worklist_patient", worklist.c.patient_key)
Index("worklist_closed", worklist.c.id, sqlite_where=worklist.c.is_open == 0)
Index("worklist_reading", worklist.c.reading)

watched = Table(
    "watched_payment",
    metadata,
    Column("uid", Text, primary_key=True),
    Column("invoice_id", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount_minor", Integer, nullable=False),
    Column("phone", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("cashier", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("began_at", Text, nullable=False),
)

known_user = Table(
    "known_user",
    metadata,
    Column("username", Text, primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("facility_id", Integer, nullable=False),
    Column("facility_name", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Text),
)

note = Table("note", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))


def _refusal(name: str, when: str, why: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


def _fts(name: str, options: str) -> str:
    return f"CREATE VIRTUAL TABLE {name} USING fts5(text, content='', contentless_delete=1, {options})"


_AFTER = (
    _refusal("receipt_is_final", "UPDATE ON receipt", "a receipt never changes"),
    _refusal("receipt_stays", "DELETE ON receipt", "a receipt is never deleted"),
    _refusal("receipt_print_is_final", "UPDATE ON receipt_print", "a print record never changes"),
    _refusal("receipt_print_stays", "DELETE ON receipt_print", "a print record is never deleted"),
    _refusal(
        "outbox_waits",
        "DELETE ON outbox WHEN OLD.acknowledged_at IS NULL",
        "the relay has not answered for this receipt",
    ),
    _refusal(
        "number_goes_up",
        "UPDATE OF last_number ON install WHEN NEW.series = OLD.series AND NEW.last_number < OLD.last_number",
        "receipt numbers never go back",
    ),
    # Substrings from three characters on; word beginnings for one or two.
    _fts("worklist_text", "tokenize='trigram remove_diacritics 1'"),
    _fts("worklist_word", "detail=none, prefix='1 2', tokenize='unicode61 remove_diacritics 2'"),
)
for _statement in _AFTER:
    event.listen(metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]
