from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from hmis_pos.db.local.file import check_sqlite
from hmis_pos.db.local.lock import InstanceLock
from hmis_pos.domain.errors import Conflict, Misconfigured
from tests.support.till import KEY, NOW, enrol, for_queue, invoice, open_store, sell

CANARY = "Zawadi Kanarienvogel"
PHONE = "0799123987"


async def test_no_name_or_phone_lies_in_clear_in_any_file(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await enrol(store)
    patient = invoice(1, patient_name=CANARY, patient_phone=PHONE)
    await store.worklist.upsert([for_queue(patient)])
    receipt = await sell(store, patient)
    await store.receipts.begin_print(receipt.uid, NOW)

    def assert_dark() -> None:
        assert (tmp_path / "till.db").stat().st_size > 0
        for file in tmp_path.iterdir():
            raw = file.read_bytes()
            for canary in (CANARY, "Kanarien", PHONE, "799123987", str(receipt.uid), "SQLite format", KEY):
                assert canary.encode() not in raw, f"{canary} is readable in {file.name}"

    assert_dark()
    await store.close()
    assert_dark()


async def test_another_key_opens_nothing(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    with pytest.raises(Misconfigured, match="cannot be read") as refused:
        await open_store(tmp_path, "6b" * 32)
    assert "do not delete" in refused.value.cure.lower()
    await (await open_store(tmp_path)).close()


@pytest.mark.parametrize("key", ["", "abc", "5A" * 32, "5a" * 31 + "'; "])
async def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(Misconfigured, match="64 hex digits"):
        await open_store(tmp_path, key)


async def test_a_flipped_byte_on_any_page_never_starts_silently(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await enrol(store)
    await store.worklist.upsert([for_queue(invoice(n)) for n in range(1, 60)])
    await sell(store, invoice(1))
    await store.close()
    file = tmp_path / "till.db"
    whole = file.read_bytes()
    pages = range(0, len(whole), 4096)
    for start in [*pages][:: max(1, len(pages) // 12)]:
        rotten = bytearray(whole)
        rotten[start + 1234] ^= 0xFF
        file.write_bytes(rotten)
        with pytest.raises(Misconfigured, match="cannot be read"):
            await open_store(tmp_path)
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Misconfigured, match="cannot be read"):
        await open_store(tmp_path)
    file.write_bytes(whole)
    store = await open_store(tmp_path)
    assert len(await store.receipts.latest()) == 1
    await store.close()


async def test_a_newer_programs_store_is_refused(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store._worker.run(lambda c: c.exec_driver_sql("PRAGMA user_version = 99"))
    await store.close()
    with pytest.raises(Misconfigured, match="newer HMIS POS"):
        await open_store(tmp_path)


@pytest.mark.parametrize(("version", "fine"), [((3, 51, 2), False), ((3, 40, 1), False), ((3, 51, 3), True)])
def test_an_sqlite_that_may_corrupt_the_file_is_refused(version: tuple[int, ...], *, fine: bool) -> None:
    if fine:
        check_sqlite(version)
    else:
        with pytest.raises(Misconfigured, match="can corrupt"):
            check_sqlite(version)


async def test_two_in_one_process_cannot_share_a_store(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    with pytest.raises(Conflict, match=r"already open on this till \(process \d+\)"):
        await open_store(tmp_path)
    await store.close()
    await (await open_store(tmp_path)).close()


_HOLDER = """
import sys
from pathlib import Path
from hmis_pos.db.local.lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


async def test_a_second_process_is_refused_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "till.lock"

    def held_elsewhere() -> None:
        with subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", _HOLDER, str(path)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(Conflict, match=rf"process {other.pid}"):
                InstanceLock(path)
            other.kill()

    await asyncio.to_thread(held_elsewhere)
    InstanceLock(path).release()
