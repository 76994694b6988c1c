"""The statements of the simulated portal, which was written from the reference by itself, read in every style it has."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from hmis_pos.domain.money import Money, total
from hmis_pos.gateways.mpesa.statement import LineKind, Statement, StatementLine, open_statement
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.ledger import UTILITY, Ledger
from hmis_pos.simulators.daraja.statement import StatementStyle, make_statement
from hmis_pos.simulators.daraja.statement_files import as_csv, as_xlsx

START = datetime(2026, 1, 5, 7, 15, 30, tzinfo=UTC)
PHONE = "254712345678"
KINDS = {
    "stk": LineKind.COLLECTION,
    "c2b": LineKind.COLLECTION,
    "b2c": LineKind.PAYOUT,
    "reversal": LineKind.REVERSAL,
    "charge": LineKind.CHARGE,
    "settlement": LineKind.SETTLEMENT,
    "transfer": LineKind.SETTLEMENT,
}


def a_day() -> Ledger:
    ledger = Ledger(random.Random(7), "174379", {("174379", UTILITY): Decimal(100_000)})

    def move(number: int, kind: str, amount: str, **more: Any) -> Any:
        usual = {"msisdn": PHONE, "account": "", "shortcode": "174379", "payer": "JANE ACHIENG"}
        at = START + timedelta(minutes=number)
        return ledger.move(f"C{number}", kind=kind, amount=Decimal(amount), at=at, **{**usual, **more})

    push = move(1, "stk", "1250", account="INV20931A")
    move(2, "charge", "15", receipt=push.receipt, msisdn="", payer="", direction="out")
    paid = move(3, "c2b", "2500", account=" fees, 12 ")
    move(4, "c2b", "10000.50", account="INV-003", msisdn="", payer="", other_party="600999 - ACME INSURANCE LTD")
    move(5, "b2c", "300", direction="out")
    move(6, "reversal", "2500", direction="out", linked=paid.receipt)
    move(7, "settlement", "50000", msisdn="", payer="", direction="out")
    move(8, "transfer", "700", msisdn="", payer="")
    ledger.decline(replace(paid, receipt=ledger.new_receipt(), cause="D", status="Declined", amount=Decimal(77)))
    return ledger


def exported(path: Path, ledger: Ledger, form: str, **style: Any) -> Path:
    made = make_statement(
        ledger,
        DarajaConfig(shortcode="174379"),
        START,
        START + timedelta(hours=1),
        made_at=START + timedelta(hours=2),
        style=StatementStyle(**style),
    )
    path.write_bytes(as_csv(made) if form == "csv" else as_xlsx(made))
    return path


def read(path: Path) -> tuple[Statement, list[StatementLine]]:
    with open_statement(path) as statement:
        lines = [line for line in statement if isinstance(line, StatementLine)]
        assert statement.progress == 1.0
    return statement, lines


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("columns", ["all", "few"])
@pytest.mark.parametrize("dates", ["day_first", "iso", "serial"])
def test_every_style_says_what_the_ledger_holds(tmp_path: Path, form: str, columns: str, dates: str) -> None:
    ledger = a_day()
    held = [(m.receipt, m.at, KINDS[m.kind], Money(int(m.amount * 100)), m.direction) for m in ledger.movements()]
    assert {kind for _, _, kind, _, _ in held} == set(LineKind) - {LineKind.OTHER}
    for withdrawn, headers, thousands, currency in product(
        ("positive", "negative"), ("portal", "respelt"), (True, False), (True, False)
    ):
        style: dict[str, Any] = {
            "withdrawn": withdrawn,
            "headers": headers,
            "thousands": thousands,
            "currency": currency,
        }
        path = exported(tmp_path / "s.xls", ledger, form, columns=columns, dates=dates, **style)
        _, lines = read(path)
        assert [
            (
                line.receipt_no,
                line.completed_at,
                line.kind,
                line.paid_in or line.withdrawn,
                "in" if line.paid_in else "out",
            )
            for line in lines
        ] == held


def test_the_rest_of_the_portals_columns(tmp_path: Path) -> None:
    ledger = a_day()
    statement, lines = read(exported(tmp_path / "s.csv", ledger, "csv", declined=True, newest_first=True))
    told = statement.preamble
    assert (told.shortcode, told.account, told.since, told.until) == (
        "174379",
        "Utility Account",
        START,
        START + timedelta(hours=1),
    )
    completed = [line for line in lines if line.kind is not LineKind.OTHER]
    (declined,) = (line for line in lines if line.kind is LineKind.OTHER)
    assert (declined.status, declined.paid_in) == ("Declined", Money.whole(77))
    assert told.paid_in == total(line.paid_in for line in completed)
    assert told.withdrawn == total(line.withdrawn for line in completed)
    assert told.opening is not None
    assert told.withdrawn is not None
    assert told.opening + told.paid_in - told.withdrawn == told.closing == completed[0].balance
    by_kind = {line.kind: line for line in completed}
    paid = next(line for line in completed if line.account == "fees, 12")
    assert by_kind[LineKind.REVERSAL].linked_receipt == paid.receipt_no
    assert paid.other_party == "25471****678 - JANE ACHIENG"


def test_a_saved_file_without_preamble_still_has_its_lines(tmp_path: Path) -> None:
    statement, lines = read(exported(tmp_path / "s.csv", a_day(), "csv", preamble=False))
    assert statement.preamble.shortcode == ""
    assert statement.header_row == 1
    assert len(lines) == 8
