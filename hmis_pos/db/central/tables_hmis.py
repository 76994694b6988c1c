"""The HMIS's own tables, as far as we use them: the reference schema of the embedded default and the demo.

Keys of columns are ours (``invoice.c.number``); names may be the hospital's (``hmis_map``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, String, Table, text, true
from sqlalchemy.types import TypeEngine

from hmis_pos.db.central.columns import Amount, Instant, RowNumber, Words
from hmis_pos.db.central.hmis_map import HmisMap


@dataclass(frozen=True, slots=True)
class HmisTables:
    """The seven tables we need of the HMIS."""

    facility: Table
    user: Table
    patient: Table
    patient_visit: Table
    bill: Table
    invoice: Table
    invoice_line: Table

    @property
    def all(self) -> tuple[Table, ...]:
        """In order of creation."""
        return (
            self.facility,
            self.user,
            self.patient,
            self.patient_visit,
            self.bill,
            self.invoice,
            self.invoice_line,
        )


class _Maker:
    """Makes tables whose columns have our keys and the hospital's names."""

    def __init__(self, metadata: MetaData, names: HmisMap) -> None:
        self.metadata = metadata
        self.names = names

    def table(self, table: str, *columns: Column[Any]) -> Table:
        for column in columns:
            column.name = self.names.column(table, column.key)
        made = Table(self.names.table(table), self.metadata, *columns, sqlite_autoincrement=True)
        made.info["hmis"] = table
        return made

    def to(self, table: str) -> ForeignKey:
        # SQLAlchemy finds the referred column by its key.
        return ForeignKey(f"{self.names.table(table)}.id")


def _id() -> Column[Any]:
    return Column("id", RowNumber, primary_key=True)


def _must(name: str, kind: TypeEngine[Any], *args: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *args, nullable=False, **options)


def _words(name: str) -> Column[Any]:
    return Column(name, Words(), nullable=False, server_default="")


def _amount(name: str) -> Column[Any]:
    return Column(name, Amount(12), nullable=False, server_default=text("0"))


def build_hmis(metadata: MetaData, names: HmisMap) -> HmisTables:
    """The HMIS's tables under the names of ``names``."""
    make = _Maker(metadata, names)
    facility = make.table("facility", _id(), _must("code", String(20), unique=True), _words("name"))
    user = make.table(
        "user",
        _id(),
        _must("username", String(100), unique=True),
        _words("display_name"),
        _must("role", String(40)),
        _must("facility_id", RowNumber, make.to("facility")),
        _words("password_hash"),
        _must("active", Boolean(), server_default=true()),
    )
    patient = make.table(
        "patient",
        _id(),
        _must("facility_id", RowNumber, make.to("facility")),
        _must("patient_no", String(40), index=True),
        _words("name"),
        _words("phone"),
        _must("sex", String(10), server_default=""),
        Column("birth_year", Integer()),
    )
    visit = make.table(
        "patient_visit",
        _id(),
        _must("facility_id", RowNumber, make.to("facility")),
        _must("patient_id", RowNumber, make.to("patient"), index=True),
        _must("kind", String(20), server_default="outpatient"),
        _must("visited_at", Instant()),
    )
    bill = make.table(
        "bill",
        _id(),
        _must("facility_id", RowNumber, make.to("facility")),
        _must("patient_id", RowNumber, make.to("patient"), index=True),
        Column("visit_id", RowNumber, make.to("patient_visit")),
        _must("created_at", Instant()),
    )
    return HmisTables(facility, user, patient, visit, bill, _invoice(make), _invoice_line(make))


def _invoice(make: _Maker) -> Table:
    return make.table(
        "invoice",
        _id(),
        _must("number", String(40), index=True),
        _must("facility_id", RowNumber, make.to("facility")),
        _must("patient_id", RowNumber, make.to("patient"), index=True),
        Column("bill_id", RowNumber, make.to("bill")),
        _must("status", String(20), server_default="open"),
        _must("currency", String(3), server_default="KES"),
        _amount("total"),
        _amount("insurance"),
        _words("insurer"),
        _amount("waiver"),
        _words("waiver_note"),
        _amount("amount_paid"),
        _must("queued_at", Instant()),
        Column("updated_at", Instant()),  # kept by triggers (guards.py); NULL only inside an insert
    )


def _invoice_line(make: _Maker) -> Table:
    return make.table(
        "invoice_line",
        _id(),
        _must("invoice_id", RowNumber, make.to("invoice"), index=True),
        _must("position", Integer(), server_default=text("1")),
        _words("description"),
        _must("quantity", Integer(), server_default=text("1")),
        _amount("unit_price"),
        _amount("amount"),
    )


__all__ = ["HmisTables", "build_hmis"]
