"""Many values in one statement come through as they are, whatever they hold, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, literal, select
from sqlalchemy import Text as Plain

from hmis_pos.db.central.columns import Amount, Instant, Words, storable
from hmis_pos.db.central.stores.many import is_among, put
from tests.db.central.conftest import RawSql

ODD = st.text("\"\\{},'` NUL\n\tnull\u0000\u00e9\U0001f3e5", max_size=12) | st.text(max_size=12)
STORABLE = ODD.map(storable)
NAIROBI = timezone(timedelta(hours=3))

ROWS = Table(
    "many_rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Words, nullable=False),
    Column("more", Plain),
    Column("amount", Amount(12)),
    Column("at", Instant),
)


async def test_a_word_is_among_those_that_hold_it_and_no_others(raw: RawSql) -> None:
    with raw.transaction() as connection:

        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(STORABLE, st.lists(STORABLE, max_size=8))
        @example("", [])
        @example("", [""])
        @example("NULL", ["NULL"])
        @example('a","b', ["a", "b"])
        @example("\\", ["\\\\"])
        @example("{}", ["{}", '"'])
        def look(word: str, words: list[str]) -> None:
            found = connection.execute(select(is_among(connection, literal(word, Plain), words))).scalar_one()
            assert bool(found) is (word in words)

        look()


async def test_rows_are_stored_as_they_are_and_those_that_are_there_stay(raw: RawSql) -> None:
    moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=NAIROBI))  # noqa: DTZ001
    amounts = st.integers(-(10**12) + 1, 10**12 - 1)
    row = st.tuples(ODD, st.none() | STORABLE, st.none() | amounts, st.none() | moments)
    with raw.transaction() as connection:
        ROWS.create(connection)

        @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.lists(row, min_size=1, max_size=6))
        def store(rows: list[tuple[str, str | None, int | None, datetime | None]]) -> None:
            connection.execute(ROWS.delete())
            names = ("words", "more", "amount", "at")
            values = [{"id": n, **dict(zip(names, one, strict=True))} for n, one in enumerate(rows)]
            put(connection, ROWS, values)
            put(connection, ROWS, [one | {"words": "another", "amount": 1} for one in values])
            kept = connection.execute(select(ROWS).order_by(ROWS.c.id)).all()
            assert [tuple(one) for one in kept] == [
                (n, storable(words), more, amount, None if at is None else at.astimezone(UTC))
                for n, (words, more, amount, at) in enumerate(rows)
            ]

        store()
