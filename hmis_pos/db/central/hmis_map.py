"""The names a hospital's own HMIS uses for the tables and columns we read and write.

Without a map the reference schema's names hold. A map is a JSON file (setting ``HMIS_TABLE_MAP``) that names only what differs::

    {"invoice": {"table": "billing_invoice", "columns": {"number": "invoice_no", "amount_paid": "paid_so_far"}},
     "patient": {"table": "opd_patient"}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hmis_pos.domain.errors import Misconfigured

#: What we need of the HMIS, by our names. Every column must exist in the hospital's tables, under whatever name.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "facility": ("id", "code", "name"),
    "user": ("id", "username", "display_name", "role", "facility_id", "password_hash", "active"),
    "patient": ("id", "facility_id", "patient_no", "name", "phone", "sex", "birth_year"),
    "patient_visit": ("id", "facility_id", "patient_id", "kind", "visited_at"),
    "bill": ("id", "facility_id", "patient_id", "visit_id", "created_at"),
    "invoice": (
        "id",
        "number",
        "facility_id",
        "patient_id",
        "bill_id",
        "status",
        "currency",
        "total",
        "insurance",
        "insurer",
        "waiver",
        "waiver_note",
        "amount_paid",
        "queued_at",
        "updated_at",
    ),
    "invoice_line": ("id", "invoice_id", "position", "description", "quantity", "unit_price", "amount"),
}

#: Names go into the text of triggers (quoted), so only plain ones are taken.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class HmisMap:
    """Our name -> the hospital's name, for tables and for columns of a table."""

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def table(self, table: str) -> str:
        return self.tables.get(table, table)

    def column(self, table: str, column: str) -> str:
        return self.columns.get(table, {}).get(column, column)

    @classmethod
    def parse(cls, text: str, origin: str = "HMIS_TABLE_MAP") -> HmisMap:
        """Read a map from JSON text.

        Raises:
            Misconfigured: listing everything that is wrong with it.
        """
        try:
            said = json.loads(text)
        except ValueError as e:
            raise _wrong(origin, [f"it is not JSON: {e}"]) from None
        if not isinstance(said, dict):
            raise _wrong(origin, ["it is not a JSON object"])
        problems: list[str] = []
        tables: dict[str, str] = {}
        columns: dict[str, dict[str, str]] = {}
        for table, entry in said.items():
            if table not in NEEDED:
                problems.append(f"there is no table {table!r}; known are {', '.join(NEEDED)}")
            elif not isinstance(entry, dict) or set(entry) - {"table", "columns"}:
                problems.append(f"{table}: give an object with 'table' and 'columns'")
            else:
                tables[table] = _name(entry.get("table", table), table, problems)
                columns[table] = _columns(table, entry.get("columns", {}), problems)
        if len({tables.get(table, table) for table in NEEDED}) < len(NEEDED):
            problems.append("two tables have the same name")
        if problems:
            raise _wrong(origin, problems)
        return cls(tables, columns)

    @classmethod
    def load(cls, path: Path) -> HmisMap:
        """Read a map from a file.

        Raises:
            Misconfigured: the file cannot be read, or is wrong.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            raise _wrong(str(path), [f"it cannot be read: {e}"]) from None
        return cls.parse(text, str(path))


def _columns(table: str, said: object, problems: list[str]) -> dict[str, str]:
    if not isinstance(said, dict):
        problems.append(f"{table}.columns: give an object of our name -> your name")
        return {}
    known = ", ".join(NEEDED[table])
    problems.extend(f"{table} has no column {name!r}; known are {known}" for name in set(said) - set(NEEDED[table]))
    names = {column: _name(name, f"{table}.{column}", problems) for column, name in said.items()}
    if len({names.get(column, column) for column in NEEDED[table]}) < len(NEEDED[table]):
        problems.append(f"{table}: two columns have the same name")
    return names


def _name(said: object, where: str, problems: list[str]) -> str:
    if isinstance(said, str) and _NAME.fullmatch(said):
        return said
    problems.append(f"{where}: {said!r} is no plain name (letters, digits, underscore)")
    return where


def _wrong(origin: str, problems: list[str]) -> Misconfigured:
    return Misconfigured(
        f"{origin}: {'; '.join(problems)}", field="HMIS_TABLE_MAP", cure="Correct the file, or leave the setting out."
    )
