"""Comparing a statement: lines that were missing share a transaction and still stand or fall each by itself; what is at the edge."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hmis_pos.cashier import reconcile
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.receive_money import take_in
from hmis_pos.cashier.records_back_office import (
    COLLECTION,
    LineClass,
    ProviderMoney,
    ReconciliationItem,
    StatementEntry,
    StatementFile,
)
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.money import Money
from tests.cashier.conftest import HandClock


def entry(clock: HandClock, row: int, receipt_no: str) -> StatementEntry:
    return StatementEntry(
        row=row,
        receipt_no=receipt_no,
        kind=COLLECTION,
        status="Completed",
        completed_at=clock.now(),
        paid_in=Money(70_00),
        withdrawn=Money(0),
        account="",
    )


async def compared(ctx: Context, lines: list[StatementEntry]) -> list[ReconciliationItem]:
    """What comparing a statement over the last two hours says of each line, and of what it lacks."""
    now = ctx.clock.now()

    def put(books: Books) -> StatementFile:
        file = books.statements.add(
            StatementFile(
                file_hash="f" * 64,
                name="statement.csv",
                provider="mpesa",
                shortcode="600100",
                facility_id=1,
                imported_by="finance",
                imported_at=now,
                since=now - timedelta(hours=1),
                until=now + timedelta(hours=1),
            )
        )
        books.statements.add_lines(file.id, lines, [])
        return file

    file = await reconcile.compare(ctx, await ctx.database.write(put), lambda _file: None)
    return list(await ctx.database.read(lambda books: books.statements.items(file.id, (), 0, 999)))


async def test_a_refused_line_takes_none_of_its_neighbours_with_it(
    ctx: Context, clock: HandClock, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "central.sqlite3")) as hospital, hospital:
        hospital.execute(
            "CREATE TRIGGER refuse_one BEFORE INSERT ON unmatched_money WHEN NEW.receipt_no = 'TA0013'"
            " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
        )
    many = [entry(clock, n, f"TA{n:04}") for n in range(1, 2 * reconcile.TOGETHER + 4)]

    items = await compared(ctx, [*many, entry(clock, 999, "TA0002")])

    told = {item.row: (item.line_class, item.owner.partition(":")[0], item.text.partition(":")[0]) for item in items}
    assert told.pop(13) == (LineClass.MISSING_HERE, "", "the books refuse it")
    assert told.pop(999)[:2] == (LineClass.MATCHED, "unmatched")
    assert set(told.values()) == {(LineClass.MISSING_HERE, "unmatched", "it waits as unmatched money")}
    booked = await ctx.database.read(lambda books: books.statements.booked("mpesa", [line.receipt_no for line in many]))
    assert set(booked) == {line.receipt_no for line in many} - {"TA0013"}


@pytest.mark.parametrize(
    ("minutes", "line_class"),
    [
        (-61, None),
        (-60, LineClass.TIMING),
        (-31, LineClass.TIMING),
        (-30, LineClass.MISSING_THERE),
        (30, LineClass.MISSING_THERE),
        (31, LineClass.TIMING),
        (60, LineClass.TIMING),
        (61, None),
    ],
)
async def test_what_only_we_have_is_doubted_unless_it_is_at_the_edge(
    ctx: Context, clock: HandClock, minutes: int, line_class: LineClass | None
) -> None:
    money = ProviderMoney(
        provider="mpesa",
        source=Source.C2B,
        receipt_no="OURS1",
        amount=Money(70_00),
        observed_at=clock.now(),
        paid_at=clock.now() + timedelta(minutes=minutes),
    )
    await ctx.database.write(lambda books: take_in(books, ctx, money, actor="c2b"))

    items = await compared(ctx, [])

    assert [item.line_class for item in items] == ([line_class] if line_class else [])
    tasks = await ctx.database.read(lambda books: books.trail.tasks(1, 99))
    assert [task.subject for task in tasks if task.kind.value == "missing-there"] == (
        ["receipt:OURS1"] if line_class is LineClass.MISSING_THERE else []
    )
