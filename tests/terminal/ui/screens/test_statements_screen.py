"""Statements by keyboard: import with progress, what was found, lines with search, bad rows, the file's own sum, balances and feed."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from hmis_pos.contract import events
from hmis_pos.contract.statements import Item
from hmis_pos.terminal.presenters.statement_words import differences_csv, harmless
from hmis_pos.terminal.ui.kit.roles import QueueRole
from hmis_pos.terminal.ui.kit.theme import Tone
from hmis_pos.terminal.ui.screens.statements.list_column import dropped
from tests.support.office import Refused
from tests.support.office_monday import COUNTS, monday
from tests.terminal.ui.screens.rooms import Room, open_room


@pytest.fixture
async def room(tmp_path: Path, qapp: QApplication) -> AsyncIterator[Room]:
    async with open_room(monday(), tmp_path / "till") as opened:
        await opened.sign_in()
        await opened.keys("Ctrl+5")
        yield opened


def cards(room: Room, role: int = QueueRole.NAME) -> list[Any]:
    model = room.part("statementsList").model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def cells(room: Room, table: str, column: int = 0) -> list[str]:
    model = room.part(table).model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


async def test_imports_newest_first_say_how_they_ended(room: Room) -> None:
    assert cards(room) == ["Org_600999_1.csv", "Org_600999_nov22.xlsx", "contacts.csv"]
    assert cards(room, QueueRole.NOTE) == ["differences: 10", "does not add up", "not read"]


async def test_what_was_found_and_whether_the_file_adds_up(room: Room) -> None:
    assert cells(room, "statementClasses")[:2] == ["The same in both", "Only in the statement"]
    assert cells(room, "statementClasses", 1) == ["1,271", "5", "1", "2", "1", "1", "3", "2"]
    assert "120,000.00 + 418,650.00 \u2212 52,200.00 = 486,450.00" in room.part("statementSum").text()
    await room.keys("Down")
    assert "does not add up: 4,850.00" in room.part("statementSumWords").title
    await room.keys("Down")
    assert room.part("statementNotice").title == "The file could not be read"
    assert "no column of receipt numbers" in room.part("statementNotice").text


async def test_lines_of_a_class_with_search(room: Room) -> None:
    await room.keys("Return", "Down", "Return")
    assert room.part("statementClass").text() == "Only in the statement"
    assert len(cells(room, "statementLines")) == 5
    await room.keys("Escape", "Up", "Return")
    await room.keys("/", *"tkm139")
    room.part("statementSearch").tell_now()
    await room.settled()
    assert len(cells(room, "statementLines")) == 1  # it stood on a page that nobody had scrolled to
    await room.keys("Escape", "/", *"nothing")
    room.part("statementSearch").tell_now()
    await room.settled()
    assert room.board.back_office.items.view.message.title == "No such line"


async def test_the_next_page_leaves_the_keyboard_where_it_is(room: Room) -> None:
    room.office.page = 50
    await room.keys("Return", "Return")
    table = room.part("statementLines")
    rows = []
    for _ in range(8):
        await room.keys("PgDown")
        rows.append(table.currentIndex().row())
    assert rows == sorted(set(rows))
    assert rows[-1] > room.office.page
    assert table.selectionModel().isSelected(table.currentIndex())


async def test_rows_that_cannot_be_read_name_their_line_and_the_cure(room: Room) -> None:
    await room.keys("Return", "PgDown", "Return", "Down")
    assert cells(room, "statementBadRows") == ["412", "977"]
    assert (
        room.part("statementBadWords").accessibleName()
        == "Row 977: the date is missing: export the statement once more"
    )
    await room.keys("Escape", "Escape", "Escape")
    assert room.part("counterScreen").isVisible()


async def test_a_file_is_sent_read_and_compared_before_ones_eyes(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "november.csv"
    file.write_bytes(b"x" * 600_000)
    told: list[float] = []
    room.board.back_office.statements.changed.connect(
        lambda view: told.append(view.upload.progress) if view.upload and view.upload.progress is not None else None
    )
    room.board.back_office.statements.import_file(file)
    await room.settled()
    assert len(room.office.uploaded) == 600_000
    assert room.office.asked("statements")[-1][2] == {"name": ["november.csv"]}
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)
    assert room.part("statementTitle").text() == "november.csv"
    await room.tell(
        events.StatementChanged(statement=structs.replace(room.office.statements[4], percent=40, lines=41200))
    )
    assert room.part("statementNotice")._bar.share == 0.4
    assert room.part("statementNotice").text.startswith("41,200 rows so far")
    assert cards(room, QueueRole.NOTE)[0] == "reading, 40 %"
    room.office.statements[4] = structs.replace(room.office.statements[1], statement_id=4, name="november.csv")
    await room.beat(3)  # its news may be late: it is asked about
    assert room.part("statementState").text == "differences: 10"


async def test_the_same_file_again_is_told_and_not_read_twice(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "Org_600999_1.csv"
    file.write_bytes(b"y")
    room.board.back_office.statements.import_file(file)
    await room.settled()
    assert room.part("statementsUpload").title == "This file was imported before"
    assert "By supervisor, today 13:32" in room.part("statementsUpload").text


async def test_a_file_that_cannot_be_read_and_a_no_of_the_relay(room: Room, tmp_path: Path) -> None:
    statements = room.board.back_office.statements
    statements.import_file(tmp_path / "gone.csv")
    await room.settled()
    assert room.part("statementsUpload").title == "The file cannot be read"
    file = tmp_path / "other.csv"
    file.write_bytes(b"z")
    room.office.refusals.append(("statements", Refused(409, "other-shortcode")))
    statements.import_file(file)
    await room.settled()
    assert room.part("statementsUpload").title == "The statement is of another Paybill or Till"


async def test_one_dropped_file_is_imported(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "dropped.csv"
    file.write_bytes(b"d")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    at = QPoint(20, 200)
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(at.toPointF(), Qt.DropAction.CopyAction, mime, button, none)
    room.part("statementsColumn").dropEvent(drop)
    await room.settled()
    assert room.part("statementTitle").text() == "dropped.csv"
    mime.setUrls([QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(file))])
    assert dropped(mime) is None
    mime.setUrls([QUrl("https://example.com/x.csv")])
    assert dropped(mime) is None


async def test_the_file_dialog_lets_the_work_go_on(room: Room) -> None:
    screen = room.part("statementsScreen")
    screen.choose_file()
    assert screen._dialog is not None
    screen._dialog.reject()
    await room.settled()
    assert screen._dialog is None


async def test_the_differences_are_saved_for_a_spreadsheet(room: Room, tmp_path: Path) -> None:
    target = tmp_path / "differences.csv"
    room.board.back_office.items.export(target)
    await room.settled()
    assert room.part("statementExported").title == "Saved: 10 differences"
    with target.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert len(rows) == 1 + sum(count for name, count, _ in COUNTS if name not in ("MATCHED", "TIMING"))
    assert "'=HYPERLINK(0)" in {row[-1] for row in rows}
    room.board.back_office.items.export(tmp_path / "no" / "such" / "folder.csv")
    await room.settled()
    assert room.part("statementExported").title == "The file cannot be written"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+254", "'+254"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-150.00", "-150.00"),
        ("TKM1", "TKM1"),
        ("", ""),
    ],
)
def test_a_cell_never_becomes_a_formula(cell: str, safe: str) -> None:
    assert harmless(cell) == safe
    item = Item(item_id=1, line_class="X", receipt_no=cell, row=None, here="", there="", at="", owner="", text="")
    assert next(iter(csv.reader(differences_csv([item]).splitlines()[1:])))[1] in (safe, safe.strip())


async def test_balances_are_asked_for_and_told_when_they_come(room: Room) -> None:
    assert room.part("mpesaDeskTitle").text() == "Paybill 600999"
    desk = room.board.back_office.mpesa
    assert [one.amount for one in desk.view.balances] == ["486,450.00", "25,000.00", "\u22121,230.00"]
    assert desk.view.balances[0].as_of == "as of today 13:50"
    await room.keys("F6")
    assert len(room.office.asked("balance")) == 1
    assert "Asked." in room.part("mpesaDeskNote").text()
    assert not room.part("mpesaDeskAsk").isEnabled()
    assert room.office.mpesa is not None
    fresh = [structs.replace(one, at="2026-11-23T11:32:09Z") for one in room.office.mpesa.balances]
    room.office.mpesa = structs.replace(room.office.mpesa, balances=fresh)
    await room.beat(5)
    assert desk.view.balances[0].as_of == "as of today 14:32"
    assert room.part("mpesaDeskAsk").isEnabled()


async def test_a_late_list_and_stopped_payouts_are_alarms_with_their_cure(room: Room) -> None:
    assert room.office.mpesa is not None
    room.office.mpesa = structs.replace(
        room.office.mpesa,
        pull_is_late=True,
        pull_good_at="2026-11-22T08:00:00Z",
        pull_trouble="Safaricom answered 500",
        payouts_halted="2001: the initiator information is invalid",
    )
    await room.keys("F5")
    assert room.part("mpesaDeskFeed").tone is Tone.NO
    assert room.part("mpesaDeskFeed").title == "List of payments read 1 day ago"
    assert "credential" in room.part("mpesaDeskHalted").text
    await room.keys("F8")
    assert not room.part("mpesaDeskHalted").isVisible()
    await room.keys("F7")
    assert room.part("mpesaDeskFeed").tone is Tone.OK


async def test_the_relay_is_away(room: Room) -> None:
    await room.go_down()
    assert room.part("statementsAside").text().startswith("The relay is away.")
    assert not room.part("statementsImport").isEnabled()
    await room.come_back()
    assert room.part("statementsImport").isEnabled()
