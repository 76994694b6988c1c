"""Import a statement and compare it with the books: its time next to merely reading the file, its memory next to a tenth of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from hmis_pos.db.central import migrate, seed
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.relay.clock import SystemClock
from tests.support.postgres import Postgres, postgres_server
from tests.support.statement_export import Style, many, write

__all__ = ["postgres_server"]

EAT = timezone(timedelta(hours=3))
ROWS = 100_000
ALLOWED_SECONDS = 30.0
"""What the issue promises for 100,000 rows, of this process's own time; a database server beside it takes less than that."""
ALLOWED = {"sqlite": 6.0, "postgresql": 8.0}
"""Times the mere reading: storing a line and comparing it may not cost many times what reading it does."""
ALLOWED_GROWTH = 1.25
MISSING = 100
"""Every so many-th payment was never heard of here: its line creates it."""

RUN = """
import asyncio, json, sys, time
from pathlib import Path
import psutil
from sqlalchemy import text
from hmis_pos.cashier import import_statement
from hmis_pos.cashier.context import Context, Policy
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.gateways.mpesa.statement_source import opened
from hmis_pos.relay.clock import SystemClock, SystemIds

url, path = sys.argv[1], Path(sys.argv[2])
process, peak = psutil.Process(), 0

def of_server(books):
    if books.connection.dialect.name == "sqlite":
        return 0.0
    serving = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    times = [psutil.Process(pid).cpu_times() for pid in books.connection.execute(serving).scalars()]
    return sum(time.user + time.system for time in times)

async def main():
    global peak
    clock = SystemClock()
    database = CentralDatabase(url, clock)
    ctx = Context(database=database, clock=clock, ids=SystemIds(), gateways={}, policy=Policy(callback_base=""))
    def told(view):
        global peak
        peak = max(peak, process.memory_info().rss)
    started, wall = time.process_time(), time.monotonic()
    with opened(path) as source:
        view = await import_statement.run(ctx, source, by="finance", facility_id=1, told=told)
    spent, wall = time.process_time() - started, time.monotonic() - wall
    server = await database.read(of_server)
    await database.dispose()
    started = time.process_time()
    with opened(path) as source:
        while source.read(2000):
            pass
    counts = {kind.value: count for kind, (count, _) in view.counts.items()}
    print(json.dumps({"spent": spent, "server": server, "wall": wall, "read": time.process_time() - started, "peak": peak // 1024,
                      "counts": counts}))

asyncio.run(main())
"""


def prepare(url: str, folder: Path, rows: int) -> Path:
    """Books that hold all but every hundredth payment of the statement, each paid when it says, and the statement."""
    migrate.upgrade(url)
    clock = SystemClock()
    seed.demo(url, clock)
    database = CentralDatabase(url, clock)

    def hold(books):
        schema, connection = books.schema, books.connection
        known = [(n, entry) for n, entry in enumerate(many(rows), 1) if n % MISSING]
        now = datetime.now(UTC)
        for first in range(0, len(known), 5000):
            part = known[first : first + 5000]
            connection.execute(
                insert(schema.unmatched),
                [
                    {
                        "id": 10**6 + n,
                        "facility_id": 1,
                        "provider": "mpesa",
                        "source": "c2b",
                        "receipt_no": entry.receipt,
                        "amount": entry.paid_in,
                        "currency": "KES",
                        "account": entry.account,
                        "paid_at": entry.completed.replace(tzinfo=EAT),
                        "at": now,
                    }
                    for n, entry in part
                ],
            )
            connection.execute(
                insert(schema.provider_receipt),
                [
                    {"provider": "mpesa", "receipt_no": entry.receipt, "owner": f"unmatched:{10**6 + n}"}
                    for n, entry in part
                ],
            )

    database.write_now(hold)
    database.dispose_now()
    return write(folder / "statement.csv", many(rows), Style(form="csv"))


def measured(url: str, folder: Path, rows: int) -> dict[str, Any]:
    folder.mkdir()
    path = prepare(url, folder, rows)
    done = subprocess.run([sys.executable, "-c", RUN, url, str(path)], capture_output=True, text=True, check=True)  # noqa: S603 - our own Python
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["counts"] == {"MATCHED": rows - rows // MISSING, "MISSING_HERE": rows // MISSING}
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The URL of a new database, by a name of one's own."""
    if request.param == "sqlite":
        yield lambda name: f"sqlite:///{tmp_path / name}.sqlite3"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    made: list[str] = []

    def create(_name: str) -> str:
        made.append(server.create())
        return server.url(made[-1])

    yield create
    for database in made:
        server.drop(database)


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_a_hundred_thousand_rows_in_half_a_minute_and_flat_memory(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    small = measured(new_url("small"), tmp_path / "small", ROWS // 10)
    whole = measured(new_url("whole"), tmp_path / "whole", ROWS)
    print(
        f"{ROWS:,} rows: {whole['spent']:.1f} s of the processor and {whole['server']:.1f} s of the server's"
        f" ({whole['wall']:.1f} s by the clock), {whole['spent'] / whole['read']:.1f} times reading;"
        f" memory {small['peak']:,} and {whole['peak']:,} KiB"
    )
    assert whole["spent"] < ALLOWED_SECONDS
    assert whole["server"] < whole["spent"]
    assert whole["spent"] / whole["read"] < ALLOWED[new_url("whole").partition(":")[0]]
    assert whole["peak"] / small["peak"] < ALLOWED_GROWTH
