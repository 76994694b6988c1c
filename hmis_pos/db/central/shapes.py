"""The shapes that columns and indexes of our tables repeat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Index, String, text
from sqlalchemy.types import TypeEngine

from hmis_pos.db.central.columns import RowNumber, Words

#: Every trigger and function of ours begins so, to be found and dropped.
PREFIX = "hmis_pos_"


def quoted(values: Iterable[str]) -> str:
    """``'a', 'b'``: an SQL list of our own constant words."""
    return ", ".join(f"'{value}'" for value in values)


def number() -> Column[Any]:
    return Column("id", RowNumber, primary_key=True)


def must(name: str, kind: TypeEngine[Any], *args: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *args, nullable=False, **options)


def words(name: str) -> Column[Any]:
    return Column(name, Words(), nullable=False, server_default="")


def currency() -> Column[Any]:
    return must("currency", String(3), server_default="KES")


def where(table: str, name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """A partial index, the same on both databases."""
    prefix = "uq" if unique else "ix"
    return Index(
        f"{prefix}_{table}_{name}",
        *columns,
        unique=unique,
        sqlite_where=text(condition),
        postgresql_where=text(condition),
    )
