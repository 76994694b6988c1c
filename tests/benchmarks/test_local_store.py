"""100,000 invoices in the encrypted store: order and search against a floor measured in the same run; told, not judged tightly."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest

from hmis_pos.db.local.store import LocalStore
from tests.support.till import NOW, enrol, for_queue, invoice, open_store, sell

COUNT = 100_000
_FIRST = (
    "Amina",
    "Brian",
    "Chebet",
    "Daudi",
    "Esther",
    "Fatuma",
    "George",
    "Halima",
    "Ian",
    "Joyce",
    "Kamau",
    "Lilian",
)
_LAST = (
    "Otieno",
    "Wanjiru",
    "Kiprono",
    "Mwangi",
    "Achieng",
    "Njoroge",
    "Hassan",
    "Mutua",
    "Nekesa",
    "Omondi",
    "Wafula",
)


async def fill(store: LocalStore) -> float:
    chance = random.Random(4)
    rows = [
        for_queue(
            invoice(
                n,
                patient_name=f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {chance.choice(_LAST)}",
                patient_phone=f"07{chance.randrange(10**8):08d}",
                queued_at=NOW - timedelta(seconds=chance.randrange(10**6)),
            )
        )
        for n in range(1, COUNT + 1)
    ]
    started = time.perf_counter()
    await store.worklist.begin_reading()
    for at in range(0, COUNT, 500):
        await store.worklist.upsert(rows[at : at + 500])
    await store.worklist.end_reading(1)
    return time.perf_counter() - started


async def timed(call: Callable[[], Awaitable[object]], times: int = 9) -> float:
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        await call()
        spent.append(time.perf_counter() - started)
    return median(spent) * 1000


@pytest.mark.deep
@pytest.mark.timeout(600)
async def test_a_hundred_thousand_invoices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = await open_store(tmp_path)
    await enrol(store)
    filled = await fill(store)
    await store.close()
    started = time.perf_counter()
    store = await open_store(tmp_path)
    opened = time.perf_counter() - started

    floor = await timed(lambda: store._worker.run(lambda c: c.exec_driver_sql("SELECT 1").scalar_one()))
    told = {
        "ids in order": await timed(store.worklist.ids),
        "search 'wanji' (many)": await timed(lambda: store.worklist.search("wanji")),
        "search '0712345'": await timed(lambda: store.worklist.search("0712345")),
        "search 'INV-99999'": await timed(lambda: store.worklist.search("INV-99999")),
        "search 'am' (prefix)": await timed(lambda: store.worklist.search("am")),
        "search 'o' (prefix, most)": await timed(lambda: store.worklist.search("o")),
        "scan": await timed(lambda: store.worklist.exact("INV-99999")),
        "30 rows": await timed(lambda: store.worklist.rows(range(500, 530))),
        "count": await timed(store.worklist.count),
    }
    at = iter(range(1, 100))
    told["cash sale committed"] = await timed(lambda: sell(store, invoice(next(at))))
    with capsys.disabled():
        print(f"\nfill {filled:.1f} s, open and check {opened:.2f} s, round trip {floor:.2f} ms")
        for name, spent in told.items():
            print(f"  {name:28} {spent:8.2f} ms  {spent / floor:8.0f} x a round trip")
    assert len(await store.worklist.search("INV-119999")) == 1
    await store.close()
