"""How money, time, ids and words are stored, the same for both databases.

| here | PostgreSQL | SQLite |
|---|---|---|
| money, ``int`` minor units | NUMERIC(n, 2) | INTEGER, minor units |
| instant, aware ``datetime`` | TIMESTAMP WITH TIME ZONE | INTEGER, microseconds since 1970 UTC |
| ``UUID`` | UUID | CHAR(36) |
| words | TEXT | TEXT |
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, DateTime, Dialect, Integer, Numeric, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EXPONENT = 2

#: A row's own number: BIGINT, and SQLite's rowid there.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")


class Amount(TypeDecorator[int]):
    """Minor units (cents) as ``int``; never a float. ``digits`` counts those before and behind the point."""

    impl = Numeric
    cache_ok = True

    def __init__(self, digits: int = 12) -> None:
        super().__init__(digits, _EXPONENT)
        self.digits = digits

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.digits, _EXPONENT))

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if type(value) is not int:
            raise TypeError(f"an amount is stored from a whole number of cents, not from {type(value).__name__}")
        return value if dialect.name == "sqlite" else Decimal(value).scaleb(-_EXPONENT)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int(value) if dialect.name == "sqlite" else int(Decimal(value).scaleb(_EXPONENT).to_integral_exact())


class Instant(TypeDecorator[datetime]):
    """An aware instant; naive ones are refused, since nobody knows what they mean. Comes back in UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + int(value) * _MICROSECOND
        moment: datetime = value
        # A hospital's own table may hold TIMESTAMP without zone; HMIS time is UTC (brief: created_at UTC).
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Uid(TypeDecorator[UUID]):
    """A UUID."""

    impl = CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(CHAR(36))
        return dialect.type_descriptor(Uuid(as_uuid=True))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ARG002 - as below
        return value if value is None or isinstance(value, UUID) else UUID(value)


class Words(TypeDecorator[str]):
    """Text that came from anywhere. What no database can hold (NUL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """``text`` as the databases can hold it."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
