from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.db.local.records import RingingMark, ServingMark, SyncAnswer
from hmis_pos.db.local.store import LocalStore
from hmis_pos.db.local.worklist import _matches
from hmis_pos.domain.invoice import InvoiceStatus
from hmis_pos.domain.money import Money
from hmis_pos.terminal.queue_document import QueueItem, item
from tests.support.till import NOW, for_queue, invoice, sell

AMINA = invoice(1)
NGANGA = invoice(2, patient_name="Peter Ng'ang'a Kamau", patient_phone="+254 112 000 777", number="INV-31007")
ZOE = invoice(3, patient_name="Zoë Achieng", patient_phone="", patient_no="KNH/77/26")


@pytest.fixture
async def queue(store: LocalStore) -> LocalStore:
    await store.worklist.upsert([for_queue(i) for i in (ZOE, NGANGA, AMINA)])
    return store


async def test_order_is_by_waiting_time(queue: LocalStore) -> None:
    assert await queue.worklist.ids() == [1, 2, 3]
    assert await queue.worklist.count() == 3
    assert await queue.worklist.waiting_since() == AMINA.queued_at


async def test_rows_come_back_whole_and_in_the_order_asked(queue: LocalStore) -> None:
    assert [item(r).invoice for r in await queue.worklist.rows([3, 99, 1])] == [ZOE, AMINA]
    assert await queue.worklist.get(99) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("wanjiru", [1]),
        ("WANJ", [1]),
        ("jiru oti", [1]),  # every word counts, in any order
        ("otieno amina", [1]),
        ("ng'ang'a", [2]),
        ("nganga", [2]),
        ("zoe", [3]),
        ("20001", [1]),
        ("inv-31007", [2]),
        ("inv31007", [2]),
        ("mkp004001", [1]),
        ("KNH/77/26", [3]),
        ("knh7726", [3]),
        ("0712345418", [1]),
        ("0712 345", [1]),
        ("254712345418", [1]),
        ("+254 712", [1]),
        ("0112000777", [2]),
        ("+254112", [2]),
        ("am", [1]),
        ("k", [2, 3]),  # the beginning of any word: Kamau, KNH
        ("ac zo", [3]),
        ("07", [1]),
        ("amina k", []),
        ("", [1, 2, 3]),
        ("  ", [1, 2, 3]),
        ("nobody", []),
        ('"', [1, 2, 3]),
        ("' OR 1=1 --", []),
        ("NEAR(a b)", []),
        ("text:amina", []),
    ],
)
async def test_search(queue: LocalStore, typed: str, found: list[int]) -> None:
    assert await queue.worklist.search(typed) == found


@given(st.text(max_size=30))
def test_no_text_breaks_the_search_expression(typed: str) -> None:
    for index, expression in _matches(typed):
        assert index in {"worklist_text", "worklist_word"}
        assert expression.count('"') % 2 == 0


@pytest.mark.parametrize(
    "typed", ["\x00", 'a"b', "a*", "^ab", "(", "AND OR NOT", "\ud800x", "ab\x00cd", "💊💊💊", "-", "*"]
)
async def test_odd_text_searches_without_an_error(queue: LocalStore, typed: str) -> None:
    assert isinstance(await queue.worklist.search(typed), list)


@pytest.mark.parametrize("code", ["INV-31007", "inv31007", " INV 31007 ", "MKP-004002"])
async def test_a_scanned_code_finds_its_invoice(queue: LocalStore, code: str) -> None:
    assert await queue.worklist.exact(code) == [2]


async def test_a_scan_of_part_of_a_number_finds_nothing(queue: LocalStore) -> None:
    assert await queue.worklist.exact("3100") == []
    assert await queue.worklist.exact("--") == []


async def test_a_paid_invoice_leaves_queue_and_search(queue: LocalStore) -> None:
    await queue.worklist.upsert([for_queue(invoice(1, paid=AMINA.total, status=InvoiceStatus.PAID))], event=12)
    assert await queue.worklist.ids() == [2, 3]
    assert await queue.worklist.search("wanjiru") == []
    assert await queue.worklist.position() == 12
    assert await queue.worklist.get(1) is not None  # the screen may still show it


async def test_a_renamed_patient_is_found_by_the_new_name_only(queue: LocalStore) -> None:
    await queue.worklist.upsert([for_queue(invoice(1, patient_name="Fatuma Hassan"))])
    assert await queue.worklist.search("wanjiru") == []
    assert await queue.worklist.search("fatu") == [1]


async def test_an_invoice_queued_anew_changes_its_place_and_leaves_no_ghost(queue: LocalStore) -> None:
    await queue.worklist.upsert([for_queue(invoice(1, queued_at=NOW))])
    assert await queue.worklist.ids() == [2, 3, 1]
    assert await queue.worklist.search("wanjiru") == [1]
    await queue.worklist.remove([1])
    assert await queue.worklist.search("wanjiru") == []
    await queue.worklist.upsert([for_queue(invoice(1))])
    assert await queue.worklist.search("wanjiru") == [1]


async def test_what_was_taken_here_leaves_the_queue_at_once_and_stays_away_after_the_answer(queue: LocalStore) -> None:
    receipt = await sell(queue, AMINA)
    assert await queue.worklist.ids() == [2, 3]
    await queue.outbox.acknowledge([SyncAnswer(uid=receipt.uid, refused=False, deposited=Money.zero())], NOW)
    row = await queue.worklist.get(1)
    assert row is not None
    assert (row.paid_minor, row.local_minor, row.payable_minor) == (500_000, 0, 0)
    assert item(row).invoice.payable == Money.zero()
    assert await queue.worklist.ids() == [2, 3]


async def test_the_event_may_overtake_the_answer_and_nothing_counts_twice(queue: LocalStore) -> None:
    receipt = await sell(queue, AMINA, 2000)
    await queue.worklist.upsert([for_queue(invoice(1, paid=Money.whole(2000)))], event=5)
    await queue.outbox.acknowledge([SyncAnswer(uid=receipt.uid, refused=False, deposited=Money.zero())], NOW)
    row = await queue.worklist.get(1)
    assert row is not None
    assert row.payable_minor == 300_000


async def test_a_refused_receipt_still_counts_as_taken(queue: LocalStore) -> None:
    receipt = await sell(queue, AMINA)
    no = SyncAnswer(uid=receipt.uid, refused=True, deposited=Money.zero(), code="gap", message="number 1 is missing")
    await queue.outbox.acknowledge([no], NOW)
    row = await queue.worklist.get(1)
    assert row is not None
    assert row.payable_minor == 0


async def test_a_new_reading_drops_what_no_page_named(queue: LocalStore) -> None:
    await queue.worklist.moved_to(3)
    await queue.worklist.begin_reading()
    assert await queue.worklist.position() is None  # cut off here, the next start reads anew
    await queue.worklist.upsert([for_queue(NGANGA)])
    assert await queue.worklist.end_reading(40) == 2
    assert await queue.worklist.ids() == [2]
    assert await queue.worklist.search("wanjiru") == []
    assert await queue.worklist.position() == 40


async def test_marks_come_and_go(queue: LocalStore) -> None:
    held = b'{"terminal":"T04A","counter":"4","cashier":"x","until":"2026-11-23T09:00:00Z"}'
    rings = b'{"uid":"u1","method":"mpesa","status":"pending","amount":"9.00","terminal":"T03A","since":""}'
    await queue.worklist.apply([ServingMark(1, held), RingingMark(1, "u1", rings), RingingMark(1, "u0", b"")], event=8)
    seen = await shown(queue, 1)
    assert seen.served_elsewhere("T03A", NOW)
    assert not seen.served_elsewhere("T04A", NOW)
    assert seen.ringing is not None  # u0 ending does not stop u1 ringing
    await queue.worklist.apply([RingingMark(1, "u1", b""), ServingMark(1, b"")], event=9)
    again = await shown(queue, 1)
    assert (again.served_by, again.ringing) == (None, None)
    assert await queue.worklist.position() == 9


async def shown(store: LocalStore, invoice_id: int) -> QueueItem:
    row = await store.worklist.get(invoice_id)
    assert row is not None
    return item(row)
