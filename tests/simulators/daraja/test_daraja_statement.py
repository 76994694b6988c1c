"""The portal's statement of the simulator's own ledger: layout, sums, and the styles files come in."""

import csv
import io
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from hmis_pos.simulators.asgi import json_response
from hmis_pos.simulators.daraja.statement import COLUMNS, StatementStyle
from hmis_pos.simulators.daraja.statement_files import as_csv, as_xlsx
from tests.support.daraja_till import EAT, Open, Till

PHONE = "254712345678"
HEADER = 6


async def a_day(open_till: Open, **settings: Any) -> Till:
    """A till with a push, two payments with a borne fee, a payout, a reversal and a settlement."""
    settings = {"opening_utility": Decimal(100000), "c2b_fee": "business", "c2b_validation": True, **settings}
    till = await open_till(**settings)
    await till.register()
    await till.pushed()
    daraja = till.daraja
    ledger = daraja.state.ledger
    paid = await daraja.pay(msisdn=PHONE, amount=2500, account=" inv-002 ")
    await daraja.pay(business="ACME INSURANCE LTD", amount="10000.50", account="INV-003")
    till.merchant.validation_answer = json_response({"ResultCode": "C2B00012"})
    await daraja.pay(msisdn=PHONE, amount=77, account="NOBODY")
    now = daraja.state.clock.now()
    usual: dict[str, Any] = {"msisdn": PHONE, "account": "", "shortcode": "174379", "at": now, "direction": "out"}
    ledger.move("AG_1", amount=Decimal(300), kind="b2c", payer="JANE", **usual)
    ledger.move("AG_2", amount=Decimal(2500), kind="reversal", linked=paid.receipt, payer="JANE", **usual)
    daraja.portal.settle(Decimal(50000))
    await daraja.idle()
    return till


def whole(till: Till, **style: Any) -> bytes:
    now = till.daraja.state.clock.now()
    made = till.daraja.statement(now - timedelta(days=1), now + timedelta(hours=1), style=StatementStyle(**style))
    return as_csv(made)


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def figure(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


async def test_the_preamble_and_the_header(open_till: Open) -> None:
    till = await a_day(open_till)
    rows = read(whole(till))
    assert rows[0] == ["Account Holder:", "Mwangaza County Hospital"]
    assert rows[1] == ["Short Code:", "174379"]
    assert rows[2] == ["Account:", "Utility Account"]
    assert rows[3][0] == "Time Period:"
    assert (rows[3][2][:5], rows[3][4][:3]) == ("From ", "To ")
    assert re.fullmatch(r"From \d\d-\d\d-\d{4} \d\d:\d\d:\d\d", rows[3][2])
    assert (rows[4][0], rows[4][1], rows[4][4]) == ("Operator:", "testapi", "Date of Report:")
    assert rows[5][::2] == [
        "Opening Balance:",
        "Closing Balance:",
        "Available Balance:",
        "Total Paid In:",
        "Total Withdrawn:",
    ]
    assert tuple(rows[HEADER]) == COLUMNS


async def test_everything_adds_up(open_till: Open) -> None:
    till = await a_day(open_till)
    rows = read(whole(till))
    opening, closing, _, came, went = (figure(rows[5][n]) for n in (1, 3, 5, 7, 9))
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in rows[HEADER + 1 :]]
    assert opening == 100000
    assert closing == opening + came - went == till.daraja.state.ledger.balance()
    assert came == sum(figure(line["Paid In"]) for line in lines if line["Paid In"])
    assert went == sum(figure(line["Withdrawn"]) for line in lines if line["Withdrawn"])
    running = opening
    for line in lines:
        running += figure(line["Paid In"] or "0") - figure(line["Withdrawn"] or "0")
        assert figure(line["Balance"]) == running
    assert {line["Balance Confirmed"] for line in lines} == {"true"}


async def test_every_kind_of_row(open_till: Open) -> None:
    till = await a_day(open_till)
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in read(whole(till))[HEADER + 1 :]]
    assert [line["Reason Type"] for line in lines] == [
        "Pay Utility",
        "Pay Bill Charge",
        "Pay Utility",
        "Pay Bill Charge",
        "Organization To Organization Transfer",
        "Pay Bill Charge",
        "Business Payment to Customer via API",
        "Transaction Reversal",
        "Utility Account to Organization Settlement Account",
    ]
    push, fee, paid, _, business, _, payout, taken_back, settled = lines
    assert (push["Paid In"], push["A/C No."]) == ("1,500.00", "INV20931")
    assert (fee["Receipt No."], fee["Withdrawn"], fee["Paid In"]) == (push["Receipt No."], "15.00", "")
    assert paid["A/C No."] == " inv-002 "
    assert paid["Details"].startswith("Pay Bill from 25471****678 - ")
    assert paid["Other Party Info"].startswith("25471****678 - ")
    assert (business["Paid In"], business["Other Party Info"]) == ("10,000.50", "ACME INSURANCE LTD")
    assert (payout["Withdrawn"], payout["Linked Transaction ID"]) == ("300.00", "")
    assert taken_back["Linked Transaction ID"] == paid["Receipt No."]
    assert settled["Withdrawn"] == "50,000.00"
    assert {line["Transaction Status"] for line in lines} == {"Completed"}
    at = datetime.strptime(push["Completion Time"], "%d-%m-%Y %H:%M:%S").replace(tzinfo=EAT)
    assert at == till.daraja.state.ledger.movements()[0].at.replace(microsecond=0)


async def test_a_part_of_the_time_begins_with_what_was_there(open_till: Open) -> None:
    till = await a_day(open_till)
    between = till.daraja.state.clock.now()
    till.daraja.advance(60)
    till.merchant.validation_answer = json_response({"ResultCode": 0})
    await till.daraja.pay(msisdn=PHONE, amount=40)
    now = till.daraja.state.clock.now()
    made = till.daraja.statement(between + timedelta(seconds=1), now)
    assert (made.opening, made.closing, len(made.lines)) == (
        till.daraja.state.ledger.balance() - 40,
        till.daraja.state.ledger.balance(),
        1,
    )
    with pytest.raises(ValueError, match="before it begins"):
        till.daraja.statement(now, between)


@pytest.mark.parametrize(
    ("style", "column", "told"),
    [
        ({"withdrawn": "negative"}, "Withdrawn", "-300.00"),
        ({"thousands": False}, "Balance", "113608.50"),
        ({"parties": "full"}, "Other Party Info", "254712345678 - JANE"),
    ],
)
async def test_styles_of_a_cell(open_till: Open, style: Any, column: str, told: str) -> None:
    till = await a_day(open_till)
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in read(whole(till, **style))[HEADER + 1 :]]
    (payout,) = [line for line in lines if line["Reason Type"].startswith("Business Payment to")]
    assert payout[column] == told


async def test_a_file_saved_again_by_a_person(open_till: Open) -> None:
    till = await a_day(open_till)
    rows = read(whole(till, columns="few", headers="respelt", currency=True, preamble=False, dates="iso"))
    assert rows[0] == ["Receipt No", "Completion  time", "Details", "PAID IN", "Withdrawals", "Account No.", "Currency"]
    assert rows[1][-1] == "KES"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[1][1])


async def test_declined_rows_and_the_other_order(open_till: Open) -> None:
    till = await a_day(open_till)
    oldest = read(whole(till, declined=True))[HEADER + 1 :]
    assert read(whole(till, declined=True, newest_first=True))[HEADER + 1 :] == oldest[::-1]
    (declined,) = [row for row in oldest if row[4] == "Declined"]
    assert (declined[5], declined[12]) == ("77.00", "NOBODY")
    assert read(whole(till, declined=True))[5] == read(whole(till))[5], "refused money is in no total"


async def test_serial_dates(open_till: Open) -> None:
    till = await a_day(open_till)
    at = till.daraja.state.ledger.movements()[0].at.astimezone(EAT).replace(tzinfo=None, microsecond=0)
    days = float(read(whole(till, dates="serial"))[HEADER + 1][1])
    assert abs(datetime(1899, 12, 30) + timedelta(days=days) - at) < timedelta(seconds=0.01)  # noqa: DTZ001


async def test_a_workbook(open_till: Open) -> None:
    till = await a_day(open_till)
    now = till.daraja.state.clock.now()
    for style, kind in ((StatementStyle(), str), (StatementStyle(dates="serial"), datetime)):
        made = till.daraja.statement(now - timedelta(days=1), now + timedelta(hours=1), style=style)
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)), read_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
        assert rows[HEADER][:13] == COLUMNS
        assert isinstance(rows[HEADER + 1][1], kind)
        assert rows[HEADER + 1][5] == "1,500.00"


async def test_download(open_till: Open) -> None:
    till = await a_day(open_till)
    today = f"{till.daraja.state.clock.now().astimezone(EAT):%Y-%m-%d}"
    answer = await till.client.get("/sim/statement", params={"from": today, "to": today, "currency": "true"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="ORG_174379_Utility_')
    rows = read(answer.content)
    assert (rows[HEADER][-1], len(rows)) == ("Currency", HEADER + 10)
    everything = await till.client.get("/sim/statement", params={"format": "xlsx"})
    assert everything.content.startswith(b"PK")
    assert len(read((await till.client.get("/sim/statement")).content)) == HEADER + 10


@pytest.mark.parametrize(
    "query",
    [{"format": "pdf"}, {"from": "yesterday"}, {"dates": "roman"}, {"colour": "red"}, {"from": "2030-01-01"}],
)
async def test_bad_downloads(open_till: Open, query: dict[str, str]) -> None:
    till = await open_till()
    answer = await till.client.get("/sim/statement", params=query)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_money_to_and_from_the_bank(open_till: Open) -> None:
    till = await open_till(opening_utility=Decimal(100), b2c_shortcode="600000", b2c_opening_utility=Decimal(7))
    assert (await till.client.post("/sim/top-ups", json={"amount": "50"})).json()["balance"] == "150.00"
    told = (await till.client.post("/sim/top-ups", json={"amount": 3, "shortcode": "600000"})).json()
    assert told["balance"] == "10.00"
    assert (await till.client.post("/sim/settlements", json={})).json()["balance"] == "0.00"
    accounts = (await till.client.get("/sim/accounts")).json()["accounts"]
    assert accounts["174379"]["Utility Account"] == "0.00"
    assert accounts["600000"]["Utility Account"] == "10.00"
    for path, body in (
        ("settlements", {"amount": "1"}),
        ("top-ups", {"amount": "0"}),
        ("top-ups", {"amount": "x"}),
        ("top-ups", {"amount": 1, "account": "Purse"}),
    ):
        assert (await till.client.post(f"/sim/{path}", json=body)).status_code == 400
