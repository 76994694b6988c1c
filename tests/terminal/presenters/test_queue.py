"""The queue: lazy rows, search, scanner, live news, the selection that survives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.modeltest import ModelTester

from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.queue import QueueState
from hmis_pos.terminal.presenters.queue_model import PAGE, LazyRow, Note, QueueModel, Role, RowView
from hmis_pos.terminal.ui.kit.roles import NoteKind, QueueRole
from hmis_pos.terminal.worklist import QueueState as Reading
from tests.support.till import for_queue, invoice

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def row(invoice_id: int, note: str = "1 min") -> LazyRow:
    view = RowView(invoice_id=invoice_id, name=f"N{invoice_id}", amount="1.00", numbers=f"P{invoice_id}")
    return LazyRow(view, lambda _now: Note(note))


class Shelf:
    """Answers a model's wishes when told to."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.model = QueueModel(lambda: NOW, self.asked.append)

    def deliver(self) -> None:
        while self.asked:
            self.model.put_rows(row(one) for one in self.asked.pop())


def test_the_roles_are_those_of_the_kit() -> None:
    ours = {role.name: role.value for role in Role}
    assert {role.name: ours[role.name] for role in QueueRole} == {role.name: role.value for role in QueueRole}
    assert NoteKind.RINGING == "ringing"


def test_the_model_keeps_qts_rules_through_every_change(qtmodeltester: ModelTester, qapp: QCoreApplication) -> None:
    shelf = Shelf()
    qtmodeltester.check(shelf.model)
    for ids in ([], range(100), range(5, 100), [1, 2, 3], [3, 2, 1], range(500), [*range(0, 500, 2)], [7], []):
        shelf.model.set_ids(ids)
        for at in range(0, shelf.model.rowCount(), 10):
            shelf.model.data(shelf.model.index(at), Role.NAME)
        shelf.deliver()
        shelf.model.tick(minute=True)
        assert list(shelf.model.ids) == list(ids)


def test_a_hundred_thousand_rows_fetch_only_what_is_looked_at(qapp: QCoreApplication) -> None:
    shelf = Shelf()
    shelf.model.set_ids(range(1, 100_001))
    assert shelf.model.rowCount() == 100_000
    assert shelf.asked == []

    assert shelf.model.data(shelf.model.index(70_000), Role.NAME) == ""
    shelf.model.data(shelf.model.index(70_001), Role.NAME)
    assert [len(page) for page in shelf.asked] == [PAGE]
    shelf.deliver()
    assert shelf.model.data(shelf.model.index(70_000), Role.NAME) == "N70001"


def test_one_arrival_and_one_departure_are_one_insert_and_one_removal(qapp: QCoreApplication) -> None:
    shelf = Shelf()
    shelf.model.set_ids(range(1, 1001))
    moves: list[tuple[str, int, int]] = []
    shelf.model.rowsInserted.connect(lambda _p, first, last: moves.append(("in", first, last)))
    shelf.model.rowsRemoved.connect(lambda _p, first, last: moves.append(("out", first, last)))
    shelf.model.modelReset.connect(lambda: moves.append(("reset", 0, 0)))

    shelf.model.set_ids([*range(1, 500), *range(501, 1001), 2000])
    assert moves == [("out", 499, 499), ("in", 999, 999)]


def test_only_running_clocks_repaint_each_second(qapp: QCoreApplication) -> None:
    shelf = Shelf()
    shelf.model.set_ids([1, 2, 3])
    shelf.model.put_rows(
        [row(1), LazyRow(row(2).view, lambda _now: Note("phone ringing 0:21", "ringing", ticks=True)), row(3)]
    )
    painted: list[tuple[int, int]] = []
    shelf.model.dataChanged.connect(lambda first, last, _roles: painted.append((first.row(), last.row())))
    shelf.model.tick(minute=False)
    assert painted == [(1, 1)]
    shelf.model.tick(minute=True)
    assert painted[1:] == [(0, 2)]


def texts(stand: Any, at: int) -> dict[str, object]:
    model = stand.queue.model
    return {role.name: model.data(model.index(at), role) for role in (Role.NAME, Role.AMOUNT, Role.NUMBERS, Role.NOTE)}


async def test_the_queue_as_the_cashier_sees_it(stand: Any) -> None:
    stand.clock.forward(minutes=19)
    stand.queue.start()
    await stand.settled()
    texts(stand, 0)
    await stand.settled()
    assert texts(stand, 0) == {
        "NAME": "Wanjiru Canary 1",
        "AMOUNT": "4,850.00",
        "NUMBERS": "P-0001 · INV-20001",
        "NOTE": "18 min",
    }
    view = stand.queue.view
    assert (view.state, view.waiting, view.header) == (QueueState.READY, 9, "9 waiting · longest 18 min")


async def test_search_as_one_types_latest_wins(stand: Any) -> None:
    for text in ("w", "wa", "canary", "canary 7"):
        stand.queue.search(text)
    await stand.settled()
    assert list(stand.queue.model.ids) == [7]
    assert stand.queue.view.header == "1 found · 9 waiting"

    stand.queue.search("nobody of this name")
    await stand.settled()
    view = stand.queue.view
    assert view.state is QueueState.NO_HITS
    assert "nobody of this name" in view.message.title

    stand.queue.clear_search()
    await stand.settled()
    assert stand.queue.model.rowCount() == 9


@pytest.mark.parametrize("code", ["INV-20004", "inv20004", "P-0004", "p0004"])
async def test_a_scan_chooses_by_invoice_or_patient_number(stand: Any, code: str) -> None:
    stand.queue.scanned(code)
    await stand.settled()
    assert stand.queue.view.selected_id == 4
    assert stand.counter.view.invoice.number == "INV-20004"
    assert stand.queue.view.search == ""


async def test_enter_chooses_the_only_hit_and_asks_where_there_are_more(stand: Any) -> None:
    stand.queue.search("canary 3")
    stand.queue.enter()
    await stand.settled()
    assert stand.queue.view.selected_id == 3

    stand.queue.search("canary")
    stand.queue.enter()
    await stand.settled()
    assert stand.queue.view.selected_id == 3
    assert stand.queue.model.rowCount() == 9


async def test_a_patient_with_two_invoices_shows_both_and_chooses_the_first(stand: Any) -> None:
    twins = [for_queue(invoice(n, patient_no="MKP-77")) for n in (51, 52)]
    await stand.store.worklist.upsert(twins)
    stand.queue.scanned("MKP-77")
    await stand.settled()
    assert list(stand.queue.model.ids) == [51, 52]
    assert stand.queue.view.selected_id == 51


async def test_news_come_as_they_happen_and_the_selection_stays(open_stand: Any) -> None:
    here, there = await open_stand("Counter 1"), await open_stand("Counter 2")
    await here.choose(5)
    assert here.queue.view.selected_row == 4
    await there.choose(2)
    there.cash.enter()
    there.cash.enter()
    await there.settled()
    assert await there.sync()

    await here.feed()
    assert list(here.queue.model.ids) == [1, 3, 4, 5, 6, 7, 8, 9]
    assert (here.queue.view.selected_id, here.queue.view.selected_row) == (5, 3)
    assert here.queue.view.waiting == 8


async def test_who_is_at_another_counter_and_whose_phone_rings_is_told_in_the_row(open_stand: Any) -> None:
    here, there = await open_stand("Counter 1"), await open_stand("Counter 2")
    await here.feed()
    texts(here, 0)
    await here.settled()
    await there.choose(2)
    await there.choose(3)
    there.mpesa.ask()
    await there.settled()
    await there.choose(4)
    await here.feed()
    await here.beat(21)

    model = here.queue.model
    assert texts(here, 1)["NOTE"] == "0 min"
    assert texts(here, 2)["NOTE"] == "phone ringing 0:21"
    assert model.data(model.index(2), Role.NOTE_KIND) == NoteKind.RINGING
    assert texts(here, 3)["NOTE"] == "at Counter 2"
    assert model.data(model.index(3), Role.ELSEWHERE) is True


async def test_part_paid_is_told_in_the_row(stand: Any) -> None:
    await stand.store.worklist.upsert([for_queue(invoice(60, paid=Money.whole(1200)))])
    stand.services.worklist.queueChanged.emit()
    await stand.settled()
    at = stand.queue.model.row_of(60)
    texts(stand, at)
    await stand.settled()
    assert texts(stand, at)["NOTE"] == "part paid 1,200"
    assert texts(stand, at)["AMOUNT"] == "3,800.00"


async def test_serving_the_next_skips_ringing_phones_and_other_counters(open_stand: Any) -> None:
    here, there = await open_stand("Counter 1"), await open_stand("Counter 2")
    await there.choose(2)
    await here.choose(3)
    here.mpesa.ask()
    await here.settled()
    await here.feed()
    await here.choose(1)
    here.queue.serve_next()
    await here.settled()
    assert here.queue.view.selected_id == 4


async def test_steps_stop_at_the_ends(stand: Any) -> None:
    await stand.choose(1)
    stand.queue.step(-1)
    assert stand.queue.view.selected_id == 1
    stand.queue.step(1)
    assert stand.queue.view.selected_id == 2
    stand.queue.step(99)
    await stand.settled()
    assert stand.queue.view.selected_id == 9


async def test_reading_offline_and_empty_are_said(stand: Any) -> None:
    worklist = stand.services.worklist
    await stand.store.worklist.remove(range(1, 10))
    worklist._set(Reading.AWAY)
    worklist.queueChanged.emit()
    await stand.settled()
    assert stand.queue.view.state is QueueState.OFFLINE

    worklist._set(Reading.READING)
    worklist.progressed.emit(500, 12_000)
    view = stand.queue.view
    assert (view.state, view.read, view.total) == (QueueState.LOADING, 500, 12_000)
    assert view.message.title == "Reading the queue, 500 of 12,000"

    worklist._set(Reading.LIVE)
    assert stand.queue.view.state is QueueState.EMPTY
    assert stand.queue.view.header == "nobody waiting"


async def test_a_store_that_fails_is_an_error_state_with_a_cure(stand: Any) -> None:
    worker = stand.store._worker
    worker._dispose()
    (stand.store.folder / "till.db").write_bytes(b"not a database any more" * 400)
    stand.queue.search("x")
    await stand.settled()
    view = stand.queue.view
    assert view.state is QueueState.ERROR
    assert view.message.title == "The till's store cannot be read"
    assert "Do not delete it" in view.message.advice


async def test_waiting_times_grow_by_the_minute(stand: Any) -> None:
    stand.clock.forward(minutes=5)
    stand.queue.start()
    await stand.settled()
    assert stand.queue.view.header == "9 waiting · longest 4 min"
    await stand.beat(60)
    assert stand.queue.view.header == "9 waiting · longest 5 min"
