from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hmis_pos.cashier.issue_receipt import ProvenPayment, issue_receipt
from hmis_pos.cashier.ports import Till
from hmis_pos.db.local.file import check_space
from hmis_pos.db.local.store import LocalStore
from hmis_pos.domain.errors import Conflict, Misconfigured, Unavailable
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from tests.support.till import IDS, NOW, FixedClock, enrol, for_queue, invoice, open_store, sell

ROOT = Path(__file__).parents[3]


async def test_a_sale_is_receipt_outbox_row_and_local_balance_together(store: LocalStore) -> None:
    await store.worklist.upsert([for_queue(invoice(1))])
    heard: list[str] = []
    store.on_receipt(lambda receipt: heard.append(receipt.no))

    receipt = await sell(store, invoice(1), 3000)

    assert receipt.no == "T03A-000001"
    assert heard == ["T03A-000001"]
    kept = await store.receipts.by_no("T03A", 1)
    assert kept is not None
    assert (kept.receipt, kept.acknowledged_at, kept.copies) == (receipt, None, 0)
    [waiting] = await store.outbox.pending()
    assert (waiting.uid, waiting.number) == (receipt.uid, 1)
    row = await store.worklist.get(1)
    assert row is not None
    assert (row.payable_minor, row.local_minor) == (200_000, 300_000)


async def test_the_same_payment_twice_is_one_receipt(store: LocalStore) -> None:
    payment = IDS.uuid()
    first = await sell(store, invoice(1), payment_uid=payment)
    again = await sell(store, invoice(1), payment_uid=payment)
    assert again == first
    assert (await store.outbox.counts()).unsent == 1


async def test_a_commit_that_fails_gives_its_number_back(store: LocalStore) -> None:
    def fails_late(till: Till) -> None:
        till.next_number()
        raise RuntimeError("the power of imagination")

    with pytest.raises(RuntimeError):
        await store.write(fails_late)
    assert (await sell(store, invoice(1))).number == 1


async def test_an_unnumbered_receipt_is_refused(store: LocalStore) -> None:
    receipt = await sell(store, invoice(1))
    with pytest.raises(ValueError, match="T03A-000009 was not numbered"):
        await store.write(lambda till: till.commit_receipt(replace(receipt, number=9)))


async def test_electronic_money_takes_nothing_off_the_relays_own_balance(store: LocalStore) -> None:
    await store.worklist.upsert([for_queue(invoice(1))])
    proven = ProvenPayment(
        payment_uid=IDS.uuid(),
        method=Method.MPESA,
        received=Money.whole(5000),
        provider_receipt="SKL3X7Y2QP",
        invoice=invoice(1),
        cashier="cashier",
        counter="Counter 3",
    )
    receipt, new = await issue_receipt(store, FixedClock(), IDS, proven)
    assert new
    row = await store.worklist.get(1)
    assert row is not None
    assert row.payable_minor == 500_000
    assert [i.uid for i in await store.outbox.pending()] == [receipt.uid]


async def test_without_a_series_nothing_is_sold(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    with pytest.raises(Misconfigured, match="no receipt series") as refused:
        await sell(store, invoice(1))
    assert refused.value.code == "not-enrolled"
    await store.close()


async def test_a_nearly_full_disk_refuses_the_sale_before_it_is_written(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hmis_pos.db.local.till.check_space", lambda folder: check_space(folder, 2**62))
    with pytest.raises(Unavailable, match="MB left") as refused:
        await sell(store, invoice(1))
    assert refused.value.code == "disk-full"
    assert (await store.outbox.counts()).unsent == 0


async def test_a_clock_set_back_refuses_the_sale(store: LocalStore) -> None:
    await sell(store, invoice(1), at=NOW)
    await sell(store, invoice(2), at=NOW - timedelta(seconds=30))
    with pytest.raises(Conflict) as refused:
        await sell(store, invoice(3), at=NOW - timedelta(minutes=5))
    assert refused.value.code == "clock-behind"
    with pytest.raises(Conflict, match="clock"):
        await store.check_ready_to_sell(NOW - timedelta(minutes=5))
    await store.check_ready_to_sell(NOW)
    assert (await sell(store, invoice(3), at=NOW)).number == 3


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE receipt SET number = 7", "a receipt never changes"),
        ("DELETE FROM receipt", "a receipt is never deleted"),
        ("INSERT OR REPLACE INTO receipt SELECT * FROM receipt", "a receipt is never deleted"),
        ("DELETE FROM outbox", "the relay has not answered"),
        ("UPDATE install SET last_number = 0", "numbers never go back"),
        ("DELETE FROM receipt_print", "never deleted"),
    ],
)
async def test_the_file_itself_refuses_to_forget(store: LocalStore, statement: str, why: str) -> None:
    receipt = await sell(store, invoice(1))
    await store.receipts.begin_print(receipt.uid, NOW)
    with pytest.raises(IntegrityError, match=why):
        await store._worker.run(lambda c: c.exec_driver_sql(statement))
    assert len(await store.outbox.pending()) == 1


async def test_a_restored_old_store_is_refused(store: LocalStore) -> None:
    await sell(store, invoice(1))
    await enrol(store, last_number=1)
    with pytest.raises(Misconfigured) as refused:
        await enrol(store, last_number=2)
    assert refused.value.code == "series-behind"
    with pytest.raises(Misconfigured, match="another install"):
        await enrol(store, series="T04A")


async def test_each_print_is_counted(store: LocalStore) -> None:
    receipt = await sell(store, invoice(1))
    assert [await store.receipts.begin_print(receipt.uid, NOW) for _ in range(3)] == [1, 2, 3]
    kept = await store.receipts.by_payment(receipt.payment_uid)
    assert kept is not None
    assert kept.copies == 3
    assert [k.receipt.no for k in await store.receipts.of_invoice(1)] == [receipt.no]
    assert await store.receipts.latest(before=1) == []


def _killed_after(folder: Path, lines: int) -> list[str]:
    program = [sys.executable, "-m", "tests.support.till", str(folder)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=ROOT) as seller:  # noqa: S603 - our own
        assert seller.stdout is not None
        said = [seller.stdout.readline().strip() for _ in range(lines)]
        seller.kill()  # SIGKILL
        said += [line.strip() for line in seller.stdout.readlines()]
    return [line for line in said if line]


@pytest.mark.parametrize("sales", [1, 2, 5, 17])
async def test_what_was_said_to_be_committed_survives_kill_9(tmp_path: Path, sales: int) -> None:
    store = await open_store(tmp_path)
    await enrol(store)
    await store.close()

    said = await asyncio.to_thread(_killed_after, tmp_path, sales)

    store = await open_store(tmp_path)
    kept = await store.receipts.latest(10_000)
    numbers = sorted(k.receipt.number for k in kept)
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(said) <= len(numbers) <= len(said) + 1  # one may be committed and not said: the screen asks for it
    by_no = {k.receipt.no: str(k.receipt.payment_uid) for k in kept}
    assert all(by_no[no] == payment for no, payment in (line.split() for line in said))
    assert (await store.outbox.counts()).unsent == len(numbers)
    assert (await sell(store, invoice(1))).number == len(numbers) + 1
    await store.close()


async def test_a_full_disk_in_the_middle_is_said_and_nothing_is_half_there(store: LocalStore) -> None:
    def no_room(c: Connection) -> None:
        pages = c.exec_driver_sql("PRAGMA page_count").scalar_one()
        c.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await store._worker.run(no_room)
    long = invoice(1, waiver_note="n" * 200_000)
    with pytest.raises(Unavailable, match="disk is full") as refused:
        await sell(store, long)
    assert refused.value.code == "store-failed"
    assert await store.receipts.latest() == []  # the file was opened anew, its limit is gone
    assert (await sell(store, long)).number == 1


async def test_the_wal_is_synced_fully_at_each_commit(store: LocalStore) -> None:
    def pragmas(c: Connection) -> list[object]:
        run = c.exec_driver_sql
        return [run(f"PRAGMA {p}").scalar_one() for p in ("synchronous", "journal_mode", "foreign_keys", "temp_store")]

    assert await store._worker.run(pragmas) == [2, "wal", 1, 2]
