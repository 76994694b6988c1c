"""What a statement may not be talked into: one edge, one repeat, one retry and one slip at a time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from hmis_pos.cashier import reconcile
from hmis_pos.domain.errors import Unavailable
from hmis_pos.simulators.daraja import PaymentBehaviour
from hmis_pos.simulators.daraja.commands.script import CommandScript
from hmis_pos.simulators.daraja.statement_files import as_csv
from tests.flows.test_refund_flow import approved, asked, paid, refund_of
from tests.support.house import opened

NO_PULL = {"pull": False}  # else the list tells of what nothing else does
LOST = PaymentBehaviour(deliveries=())
#: Somebody's own confirmation, with a number of his own, comes instead of Safaricom's.
FORGED = PaymentBehaviour(deliveries=("forged",))
PAYER = "254722000111"


@pytest.fixture
async def house(sqlite_url):
    async with opened(sqlite_url, mpesa=NO_PULL, c2b_confirmation_url="ours") as house:
        yield house
        assert await house.breaches() == []


@pytest.fixture
async def doubtful(sqlite_url):
    """A house in which somebody forges: its books are not Safaricom's, and must say so."""
    async with opened(sqlite_url, mpesa=NO_PULL, c2b_confirmation_url="ours") as house:
        yield house


def classes(found):
    return {one["line_class"]: one["count"] for one in found["counts"]}


async def forged_payment(house):
    """A payment to INV-20931 by its owner, who is not believed; what somebody forged of it."""
    true = await house.pay(4850, "INV-20931", PAYER, behaviour=FORGED)
    invoice = await house.invoice("INV-20931")
    (payment,) = [one for one in await house.payments(invoice["id"]) if one["received"] == "4850.00"]
    assert payment["provider_receipt"] != true.receipt
    return payment


async def taken_back(house, payment, amount=4850):
    """Somebody reverses it on the portal."""
    house.daraja.state.ledger.move(
        "portal",
        msisdn=payment["phone"],
        amount=Decimal(amount),
        account="",
        shortcode="174379",
        at=house.clock.now(),
        kind="reversal",
        direction="out",
        linked=payment["provider_receipt"],
    )


# ---------------------------------------------------------------- refunds


async def test_a_line_proves_the_reversal_that_was_asked_for_again_and_not_the_one_that_failed(house):
    house.daraja.commands.script("reversal", (CommandScript(outcome="1"), CommandScript(deliveries=())))
    payment = await paid(house)
    first = (await asked(house, payment, "4850")).json()
    await approved(house, first)
    assert (await refund_of(house, first["refund_uid"]))["state"] == "failed"
    await house.sign_in("cashier")
    second = (await asked(house, payment, "4850")).json()
    await approved(house, second)  # it is done, and nobody tells
    await house.pass_time(3600)
    found = await house.import_statement()
    await house.sign_in("supervisor")
    assert (await refund_of(house, first["refund_uid"]))["state"] == "failed"
    assert (await refund_of(house, second["refund_uid"]))["state"] == "completed"
    assert classes(found) == {"MATCHED": 2}


async def test_a_refund_nobody_has_agreed_to_yet_is_overtaken_by_a_reversal_at_the_portal(house):
    payment = await paid(house)
    refund = (await asked(house, payment, "4850")).json()
    await taken_back(house, payment)
    await house.pass_time(3600)
    found = await house.import_statement()
    assert classes(found) == {"MATCHED": 1, "REVERSED_THERE": 1}
    assert (await house.invoice("INV-20931"))["payable"] == "4850.00"
    await house.sign_in("supervisor")
    overtaken = await refund_of(house, refund["refund_uid"])
    assert (overtaken["state"], overtaken["decided_by"].partition(":")[0]) == ("rejected", "statement")
    answer = await house.post(f"/api/refunds/{refund['refund_uid']}/approve", {"note": "seen"})
    assert answer.status_code == 409
    assert "refund-approval" not in await house.tasks()


async def test_a_payout_from_before_a_refund_was_asked_for_is_not_that_refund(doubtful):
    house = doubtful
    payment = await paid(house)
    house.daraja.state.ledger.move(
        "portal",
        msisdn="254712345418",
        amount=Decimal(850),
        account="",
        shortcode="174379",
        at=house.clock.now(),
        kind="b2c",
        direction="out",
    )
    await house.pass_time(86400)
    house.daraja.commands.script("b2c", CommandScript(outcome="2040"))
    refund = (await asked(house, payment, "850")).json()
    await approved(house, refund)
    found = await house.import_statement()
    await house.sign_in("supervisor")
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "failed"
    assert classes(found) == {"MATCHED": 1, "MISSING_HERE": 1}
    assert "payout-unknown" in await house.tasks()


# ---------------------------------------------------------------- edges


async def test_what_lay_at_the_edge_of_two_days_is_decided_by_the_second(doubtful):
    house = doubtful
    await house.pass_time(7200)
    midnight = house.clock.now() + timedelta(minutes=10)
    forged = await forged_payment(house)
    await house.pass_time(7200)
    first = house.daraja.statement(house.began, midnight - timedelta(seconds=1))
    assert classes(await house.import_statement(as_csv(first))) == {"TIMING": 1, "MISSING_HERE": 1}
    assert "missing-there" not in await house.tasks()
    second = house.daraja.statement(midnight, house.clock.now())
    found = await house.import_statement(as_csv(second))
    assert classes(found) == {"MISSING_THERE": 1}
    await house.sign_in("supervisor")
    (doubted,) = (await house.get(f"/api/statements/{found['statement_id']}/items"))["items"]
    assert doubted["receipt_no"] == forged["provider_receipt"]
    assert "missing-there" in await house.tasks()


async def test_two_days_imported_the_wrong_way_round_decide_it_too(doubtful):
    house = doubtful
    await house.pass_time(7200)
    midnight = house.clock.now() + timedelta(minutes=10)
    await forged_payment(house)
    await house.pass_time(7200)
    second = house.daraja.statement(midnight, house.clock.now())
    assert classes(await house.import_statement(as_csv(second))) == {}
    first = house.daraja.statement(house.began, midnight - timedelta(seconds=1))
    assert classes(await house.import_statement(as_csv(first))) == {"MISSING_THERE": 1, "MISSING_HERE": 1}


async def test_an_edge_lifts_no_freeze(doubtful):
    house = doubtful
    await house.pass_time(7200)
    payment = await forged_payment(house)
    edge = house.clock.now() + timedelta(minutes=10)
    await house.pass_time(7200)
    await house.import_statement()
    await house.import_statement(as_csv(house.daraja.statement(house.began, edge)))
    await house.sign_in("cashier")
    answer = await asked(house, payment, "4850")
    assert (answer.status_code, answer.json()["code"]) == (409, "refund-frozen")


async def test_a_payment_that_a_statement_has_shown_is_not_forged_by_the_next_one(house):
    """It was proven late, so our time of it is another day's."""
    await house.pay(4850, "INV-20931", PAYER, behaviour=LOST)
    await house.pass_time(86400)
    noon = house.clock.now() - timedelta(hours=6)
    await house.import_statement(as_csv(house.daraja.statement(house.began, noon)))
    assert (await house.invoice("INV-20931"))["payable"] == "0.00"
    await house.pass_time(7200)
    found = await house.import_statement(as_csv(house.daraja.statement(noon + timedelta(seconds=1), house.clock.now())))
    assert classes(found) == {}
    assert "missing-there" not in await house.tasks()


# ---------------------------------------------------------------- lines


async def test_a_declined_line_vouches_for_nobody(doubtful):
    house = doubtful
    await house.pass_time(3600)
    forged = await forged_payment(house)
    true = await house.pay(100, "INV-20934", PAYER)
    await house.pass_time(7200)
    lines = as_csv(house.daraja.statement(house.began, house.clock.now())).decode().splitlines()
    (row,) = [line for line in lines if true.receipt in line]
    declined = row.replace(true.receipt, forged["provider_receipt"]).replace("Completed", "Declined")
    found = await house.import_statement("\n".join([*lines, declined]).encode())
    assert classes(found) == {"MATCHED": 1, "MISSING_HERE": 1, "MISSING_THERE": 1}


async def test_a_row_that_cannot_be_read_accuses_nobody(house):
    await house.pass_time(3600)
    await house.pay(4850, "INV-20931", PAYER)
    await house.pass_time(7200)
    text = as_csv(house.daraja.statement(house.began, house.clock.now())).decode()
    (row,) = [line for line in text.splitlines() if "INV-20931" in line]
    found = await house.import_statement(text.replace(row, row.replace("850.00", "85o.oo", 1)).encode())
    assert (found["lines"], found["bad_lines"], classes(found)) == (0, 1, {})
    assert "missing-there" not in await house.tasks()


async def test_a_row_taken_out_of_the_file_shows_in_its_balances(house):
    await house.pay(4850, "INV-20931", PAYER)
    await house.pay(100, "INV-20934", PAYER, behaviour=LOST)
    await house.pass_time(3600)
    lines = as_csv(house.daraja.statement(house.began, house.clock.now())).decode().splitlines()
    kept = [line for line in lines if "INV-20934" not in line]
    assert len(kept) == len(lines) - 1
    found = await house.import_statement("\n".join(kept).encode())
    assert (found["balance_gap"], classes(found)) == ("-100.00", {"MATCHED": 1})
    whole = await house.import_statement("\n".join(lines).encode(), name="whole.csv")
    assert (whole["balance_gap"], classes(whole)) == ("0.00", {"MATCHED": 1, "MISSING_HERE": 1})


# ---------------------------------------------------------------- interruptions


async def test_an_interrupted_comparison_tells_every_line_once(house, monkeypatch):
    for number in range(25):
        await house.pay(10 + number, f"NOBODY{number}", PAYER, behaviour=LOST)
    await house.pay(4850, "INV-20931", PAYER)
    await house.pass_time(3600)
    content = as_csv(house.daraja.statement(house.began, house.clock.now()))
    only_here = reconcile._only_here

    async def away(*_):
        raise Unavailable("the database is away", code="database-away")

    monkeypatch.setattr(reconcile, "_only_here", away)
    broken = await house.import_statement(content)
    assert (broken["state"], broken["lines"]) == ("broken", 26)
    monkeypatch.setattr(reconcile, "_only_here", only_here)
    found = await house.import_statement(content)
    assert (found["state"], classes(found)) == ("done", {"MISSING_HERE": 25, "MATCHED": 1})
