"""Transactions: repeated where that is safe, unknown where nobody can tell, refused where the start would be unsafe."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from hmis_pos.cashier.ports import Books
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.engine import check_sqlite_version, make_engines, parse_url
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.domain.errors import CashierMistake, Misconfigured, OutcomeUnknown, Unavailable
from hmis_pos.domain.money import Money
from tests.db.central.conftest import RawSql, StoppedClock
from tests.support.hospital import Hospital, central

# ---------------------------------------------------------------- URLs and libraries


@pytest.mark.parametrize(
    "url",
    ["", "not a url", "mysql://x/y", "postgres://x/y", "sqlite://", "sqlite:///:memory:", "sqlite:///x.db?mode=ro"],
)
def test_a_url_that_will_not_do_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="HMIS_DATABASE_URL"):
        make_engines(url)


def test_the_refusal_never_shows_the_password() -> None:
    with pytest.raises(Misconfigured) as refused:
        parse_url("mysql://cashier:geheim@host/db")

    assert "geheim" not in refused.value.message + refused.value.cure


@pytest.mark.parametrize("version", ["3.7.0", "3.40.1", "3.51.2"])
def test_a_sqlite_that_can_corrupt_the_file_is_refused(version: str) -> None:
    with pytest.raises(Misconfigured, match=version):
        check_sqlite_version(version)


@pytest.mark.parametrize("version", ["3.51.3", "3.53.4", "4.0.0"])
def test_a_mended_sqlite_is_taken(version: str) -> None:
    check_sqlite_version(version)


async def test_no_file_and_no_directory_are_named(tmp_path: Path, clock: StoppedClock) -> None:
    for path, words in ((tmp_path / "none.db", "hmis-pos migrate"), (tmp_path / "no" / "dir.db", "directory")):
        database = CentralDatabase(f"sqlite:///{path}", clock)
        with pytest.raises(Misconfigured) as refused:
            await database.check()
        assert words in f"{refused.value.message} {refused.value.cure}"
        await database.dispose()
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"no database at all" * 100)
    database = CentralDatabase(f"sqlite:///{garbage}", clock)
    with pytest.raises(Misconfigured, match="no usable database"):
        await database.check()
    await database.dispose()


async def test_every_commit_is_durable(database: CentralDatabase, dialect: str) -> None:
    def settings(books: Books) -> Any:
        run = central(books).connection.exec_driver_sql
        if dialect == "sqlite":
            names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
            return [run(f"PRAGMA {name}").scalar_one() for name in names]
        return [
            run(f"SHOW {name}").scalar_one() for name in ("synchronous_commit", "timezone", "transaction_isolation")
        ]

    expected = ["wal", 2, 1, 1] if dialect == "sqlite" else ["on", "UTC", "read committed"]
    assert await database.write(settings) == expected


async def test_readers_cannot_write(hospital: Hospital, database: CentralDatabase) -> None:
    with pytest.raises((PromiseBroken, Misconfigured), match=r"read-only|cannot be written"):
        await database.read(lambda books: books.invoices.add_paid(hospital.invoice, Money(1)))


# ---------------------------------------------------------------- repeats


class Broken(Exception):
    """What a driver says, with or without an SQLSTATE."""

    def __init__(self, words: str, sqlstate: str | None = None) -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


@contextmanager
def failing(database: CentralDatabase, times: int, error: Callable[[], Exception], when: str) -> Any:
    """Let the writing engine fail at its next ``times`` statements or commits."""
    left = [times]

    def fail(*said: Any) -> Any:
        if left[0] and (when == "commit" or said[2].startswith("UPDATE")):
            left[0] -= 1
            raise error()

    engine = database._engines.writer
    event.listen(engine, when, fail)
    try:
        yield left
    finally:
        event.remove(engine, when, fail)


def again() -> Any:
    return OperationalError("SELECT", {}, Broken("could not serialize", "40001"))


async def test_work_is_repeated_when_the_database_asks_for_it(hospital: Hospital, database: CentralDatabase) -> None:
    runs = []

    def work(books: Books) -> Any:
        runs.append(1)
        books.invoices.add_paid(hospital.invoice, Money(100))

    with failing(database, 2, again, "before_cursor_execute"):
        await database.write(work)

    assert len(runs) == 3
    invoice: Any = await database.read(lambda books: books.invoices.get(hospital.invoice))
    assert invoice.paid == Money(100)


async def test_a_conflict_that_does_not_end_is_unavailable(hospital: Hospital, database: CentralDatabase) -> None:
    with failing(database, 10**6, again, "before_cursor_execute"), pytest.raises(Unavailable):
        await database.write(lambda books: books.invoices.add_paid(hospital.invoice, Money(100)))

    invoice: Any = await database.read(lambda books: books.invoices.get(hospital.invoice))
    assert invoice.paid == Money(0)


async def test_a_commit_nobody_answered_is_unknown(hospital: Hospital, database: CentralDatabase) -> None:
    def cut() -> Any:
        return OperationalError("COMMIT", {}, Broken("server closed the connection unexpectedly"))

    with failing(database, 1, cut, "commit"), pytest.raises(OutcomeUnknown):
        await database.write(lambda books: books.invoices.add_paid(hospital.invoice, Money(100)))

    await database.write(lambda books: books.invoices.add_paid(hospital.invoice, Money(1)))


async def test_a_number_beyond_the_database_is_a_mistake(hospital: Hospital, database: CentralDatabase) -> None:
    with pytest.raises(CashierMistake):
        await database.read(lambda books: books.invoices.get(10**30))


# ---------------------------------------------------------------- at the same time


async def test_two_counters_cannot_both_take_what_is_owed(hospital: Hospital, database: CentralDatabase) -> None:
    """Each looks at what is owed under the lock, and takes it: one of them finds nothing left."""

    def take(books: Books) -> Any:
        invoice: Any = books.invoices.lock(hospital.invoice)
        if invoice.owed:
            books.invoices.add_paid(invoice.id, invoice.owed)
        return invoice.owed

    taken = await asyncio.gather(*(database.write(take) for _ in range(8)))

    assert sorted(amount.minor for amount in taken) == [0] * 7 + [1_000_00]


async def test_allocations_at_the_same_time_never_exceed_what_was_received(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    record = hospital.prove(hospital.intend())

    async def allocate() -> Any:
        try:
            await database.write(
                lambda books: books.ledger.allocate(record.uid, hospital.invoice, Money(200_00), clock.now())
            )
        except PromiseBroken:
            return 0
        return 1

    assert sum(await asyncio.gather(*(allocate() for _ in range(6)))) == 2
    posted = await database.read(lambda books: books.ledger.posted(record.uid))
    assert posted.allocated == Money(400_00)


async def test_readers_do_not_wait_for_a_writer(hospital: Hospital, database: CentralDatabase) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(books: Books) -> Any:
        books.invoices.add_paid(hospital.invoice, Money(100))
        inside.set()
        go_on.wait(30)

    async def look() -> Any:
        await asyncio.to_thread(inside.wait, 30)
        try:
            return await asyncio.wait_for(database.read(lambda books: books.invoices.get(hospital.invoice)), 20)
        finally:
            go_on.set()

    _, seen = await asyncio.gather(database.write(slow), look())

    assert seen.paid == Money(0)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)  # SQLite has one writer: nothing overtakes there
async def test_a_change_is_not_overtaken_by_a_slower_transaction(
    hospital: Hospital, database: CentralDatabase, raw: RawSql
) -> None:
    """A change that commits late must not be behind the cursor of who looked in between."""
    other = hospital.add_invoice()
    start = datetime(2000, 1, 1, tzinfo=UTC)

    def changes(since: datetime) -> Any:
        return database.read_now(lambda books: books.invoices.changes(since, 100))

    since = changes(start)[-1][2]
    with raw.transaction() as slow:
        slow.execute(text(f"UPDATE invoice SET waiver = 1 WHERE id = {other}"))
        hospital.change("invoice", hospital.invoice, waiver=1_00)
        meanwhile = changes(since)
    after = changes(since)

    assert meanwhile == []
    assert [number for number, _, _ in after] == [other, hospital.invoice]
    assert after[0][2] - since < timedelta(minutes=5)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)  # SQLite has no server to lose
async def test_a_connection_lost_before_the_commit_is_made_anew_and_the_work_repeated(
    hospital: Hospital, database: CentralDatabase, raw: RawSql
) -> None:
    runs = []

    def work(books: Books) -> None:
        run = central(books).connection.exec_driver_sql
        runs.append(run("SELECT pg_backend_pid()").scalar_one())
        books.invoices.add_paid(hospital.invoice, Money(100))
        if len(runs) == 1:
            raw(f"SELECT pg_terminate_backend({runs[0]}, 10000)")
        books.invoices.add_paid(hospital.invoice, Money(100))

    await database.write(work)

    assert len(set(runs)) == 2
    invoice: Any = await database.read(lambda books: books.invoices.get(hospital.invoice))
    assert invoice.paid == Money(200)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_deadlock_ends_with_both_done(hospital: Hospital, database: CentralDatabase) -> None:
    other = hospital.add_invoice()
    met = threading.Barrier(2)
    begun: set[int] = set()

    def crosswise(first: int, second: int, books: Books) -> None:
        books.invoices.add_paid(first, Money(100))
        if first not in begun:  # only the first runs meet; a repeat goes straight through
            begun.add(first)
            met.wait(10)
        books.invoices.add_paid(second, Money(100))

    def at_once(first: int, second: int) -> Any:
        return database.write(partial(crosswise, first, second))

    await asyncio.gather(at_once(hospital.invoice, other), at_once(other, hospital.invoice))

    paid: Any = await database.read(lambda books: [books.invoices.get(number) for number in (hospital.invoice, other)])
    assert [invoice.paid for invoice in paid] == [Money(200), Money(200)]
