"""Statements of the provider, and what comparing them with our books found."""

from __future__ import annotations

from msgspec import Struct

from hmis_pos.contract.fields import SignedAmount


class ClassCount(Struct, frozen=True, kw_only=True):
    """How many lines of one class, and their sum."""

    line_class: str
    count: int
    total: SignedAmount


class Statement(Struct, frozen=True, kw_only=True):
    """An imported statement. ``state``: ``reading``, ``comparing``, ``done``, ``broken`` (``trouble`` says why).

    ``balance_gap`` is opening + paid in - withdrawn - closing as the file itself says; not "0.00": the export is incomplete.
    """

    statement_id: int
    name: str
    file_hash: str
    shortcode: str
    since: str
    until: str
    opening: str
    closing: str
    paid_in: str
    withdrawn: str
    balance_gap: str
    lines: int
    bad_lines: int
    state: str
    trouble: str
    imported_by: str
    imported_at: str
    finished_at: str
    #: 0 to 100 while it is read; None where nobody can tell
    percent: int | None = None
    counts: list[ClassCount] = []


class StatementPage(Struct, frozen=True, kw_only=True):
    """``GET /api/statements``, newest first."""

    statements: list[Statement]
    next: str


class Item(Struct, frozen=True, kw_only=True):
    """What was found of one receipt: ``here`` in our books, ``there`` in the statement (empty where it is not)."""

    item_id: int
    line_class: str
    receipt_no: str
    row: int | None
    here: str
    there: str
    at: str
    owner: str
    text: str


class ItemPage(Struct, frozen=True, kw_only=True):
    """``GET /api/statements/{id}/items``."""

    items: list[Item]
    next: str


class BadRow(Struct, frozen=True, kw_only=True):
    """A row that could not be read: its line in the file, and why."""

    row: int
    text: str
    cells: str


class BadRows(Struct, frozen=True, kw_only=True):
    """``GET /api/statements/{id}/bad-rows``."""

    rows: list[BadRow]
