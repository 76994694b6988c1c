"""Our own tables beside the HMIS's: payments and their evidence, the books, receipts, the trail.

Only shapes, keys and indexes here; what may change in a row and which sums must hold is in ``guards.py``. Keys that are searched lead with
the facility, so that the tables can be partitioned by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Index, MetaData, Table

from hmis_pos.db.central.hmis_map import HmisMap
from hmis_pos.db.central.tables_back_office import (
    account_key_table,
    bad_line_table,
    balance_table,
    check_table,
    feed_table,
    file_table,
    halt_table,
    item_table,
    line_table,
    refund_evidence_table,
    refund_table,
    request_table,
    unmatched_part_table,
    unmatched_table,
)
from hmis_pos.db.central.tables_hmis import HmisTables, build_hmis
from hmis_pos.db.central.tables_house import (
    answer_table,
    audit_table,
    event_table,
    serving_table,
    session_table,
    sign_in_table,
    task_table,
    terminal_table,
)
from hmis_pos.db.central.tables_money import (
    allocation_table,
    deposit_table,
    evidence_table,
    inbox_table,
    payment_table,
    provider_receipt_table,
    receipt_table,
    series_table,
    transfer_table,
)

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
    unmatched_part: Table
    refund: Table
    refund_evidence: Table
    request: Table
    check: Table
    feed: Table
    balance: Table
    halt: Table
    file: Table
    line: Table
    bad_line: Table
    item: Table
    account_key: Table
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


def owed(names: HmisMap) -> str:
    """What an invoice asks for less what was paid, as the SQL that its index (migration 0002) is made of."""
    total, *less = (f'coalesce("{names.column("invoice", c)}", 0)' for c in _OWED)
    return f"({total} - {' - '.join(less)})"


_OWED = ("total", "insurance", "waiver", "amount_paid")


def build(names: HmisMap | None = None) -> Schema:
    """The schema for a hospital's names; that of the reference names, the default, is made once in a process."""
    return _built(names) if names is not None else _reference()


@cache
def _reference() -> Schema:
    return _built(HmisMap())


def _built(names: HmisMap) -> Schema:
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
        inbox=inbox_table(metadata),
        payment=payment_table(metadata, hmis),
        evidence=evidence_table(metadata),
        provider_receipt=provider_receipt_table(metadata),
        allocation=allocation_table(metadata, hmis),
        deposit=deposit_table(metadata, hmis),
        unmatched=unmatched_table(metadata),
        unmatched_part=unmatched_part_table(metadata),
        refund=refund_table(metadata),
        refund_evidence=refund_evidence_table(metadata),
        request=request_table(metadata),
        check=check_table(metadata, hmis),
        feed=feed_table(metadata),
        balance=balance_table(metadata),
        halt=halt_table(metadata),
        file=file_table(metadata),
        line=line_table(metadata),
        bad_line=bad_line_table(metadata),
        item=item_table(metadata),
        account_key=account_key_table(metadata),
        transfer=transfer_table(metadata),
        receipt=receipt_table(metadata, hmis),
        series=series_table(metadata),
        terminal=terminal_table(metadata, hmis),
        serving=serving_table(metadata, hmis),
        answer=answer_table(metadata),
        session=session_table(metadata, hmis),
        sign_in=sign_in_table(metadata, hmis),
        task=task_table(metadata),
        event=event_table(metadata),
        audit=audit_table(metadata),
    )
