"""The audit chain and the feed grow in commit order, whoever writes at once."""

import asyncio
import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from hmis_pos.cashier.ports import Books
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.guards import EVENTS_KEPT
from hmis_pos.db.central.invariants import Breach, find_breaches
from hmis_pos.domain.audit import GENESIS, first_break
from hmis_pos.domain.money import Money
from tests.db.central.conftest import RawSql, StoppedClock


async def test_the_chain_starts_at_its_genesis_and_verifies(database: CentralDatabase, clock: StoppedClock) -> None:
    def work(books: Books) -> Any:
        books.trail.audit(
            "cashier", "payment.initiate", "payment:1", "10.0.0.5", {"z": 1, "a": Money(150), "b": clock.now()}
        )
        books.trail.audit("rélay", "money.posted", "payment:1", "", {"text": "Asante \x00 \ud83d"})

    await database.write(work)
    await database.write(work)

    entries = await database.read(lambda books: books.trail.entries(0, 100))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert entries[0].previous == GENESIS
    assert entries[0].detail == '{"a":"1.50","b":"2026-11-23T11:32:00.000000+00:00","z":1}'
    assert entries[0].at == "2026-11-23T11:32:00.000000+00:00"
    assert first_break(entries) is None
    assert await database.read(lambda books: books.trail.entries(3, 100)) == entries[3:]


async def test_fifty_writers_at_once_make_one_chain_without_a_gap(database: CentralDatabase) -> None:
    def work(n: int) -> Any:
        def phase(books: Books) -> Any:
            books.trail.audit("cashier", "test", f"subject:{n}", "", {"n": n})
            books.trail.emit("invoice.changed", 1, {"invoice_id": n})

        return phase

    await asyncio.gather(*(database.write(work(n)) for n in range(50)))

    entries = await database.read(lambda books: books.trail.entries(0, 100))
    events = await database.read(lambda books: books.trail.events(0, 100))
    assert first_break(entries) is None
    assert len(entries) == 50
    assert [event.seq for event in events] == list(range(1, 51))
    assert {json.loads(event.data)["invoice_id"] for event in events} == set(range(50))
    assert await database.read(lambda books: books.trail.last_event()) == 50
    assert await database.read(lambda books: [e.seq for e in books.trail.events(48, 1)]) == [49]


async def test_old_events_go_from_the_first_on_and_the_newest_stay_whatever_their_age(
    database: CentralDatabase, clock: StoppedClock, raw: RawSql
) -> None:
    def emit(count: int) -> Any:
        def phase(books: Books) -> Any:
            for n in range(count):
                books.trail.emit("invoice.changed", 1, {"invoice_id": n})

        return database.write_now(phase)

    def drop(before: Any, limit: int = 9) -> Any:
        return database.write_now(lambda books: books.trail.drop_events(before, limit))

    def left() -> Any:
        return [event.seq for event in database.read_now(lambda books: books.trail.events(0, 2))]

    assert drop(clock.now()) == 0
    emit(4)
    later = clock.forward(days=1)
    emit(EVENTS_KEPT + 6)
    assert drop(later - timedelta(days=1)) == 0
    assert (drop(later, 3), left()) == (3, [4, 5])
    assert (drop(later), left()) == (1, [5, 6])
    assert drop(later) == 0
    for newer in ("seq = 11", "seq > 5", f"seq = {EVENTS_KEPT + 10}"):
        with pytest.raises(IntegrityError, match="append-only: DELETE is refused"):
            raw(f"DELETE FROM event WHERE {newer}")
    much_later = clock.forward(days=99)
    assert (drop(much_later), left()) == (6, [11, 12])
    assert drop(much_later) == 0
    emit(1)
    assert database.read_now(lambda books: books.trail.last_event()) == EVENTS_KEPT + 11


async def test_detail_holds_only_what_has_one_form(database: CentralDatabase) -> None:
    with pytest.raises(TypeError, match="no place in the audit trail"):
        await database.write(lambda books: books.trail.audit("a", "b", "c", "", {"x": object()}))


async def test_the_first_bad_row_is_named(database: CentralDatabase, raw: RawSql) -> None:
    def work(n: int, books: Books) -> None:
        books.trail.audit("cashier", "test", f"s:{n}", "", {})

    for n in range(3):
        await database.write(partial(work, n))
    if raw.dialect == "sqlite":
        raw("DROP TRIGGER hmis_pos_audit_log_no_update")
    else:
        raw("DROP TRIGGER hmis_pos_audit_log_no_update ON audit_log")
    raw("UPDATE audit_log SET actor = 'somebody' WHERE seq = 2")

    found = await database.snapshot(find_breaches)

    assert found == [Breach("P5", "audit row 2: its content was changed after it was written")]
