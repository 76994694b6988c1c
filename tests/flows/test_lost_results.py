"""What was lost on its way is found by asking: Safaricom's list, the query plan, and validation that loses no payment."""

import asyncio
from datetime import timedelta

import pytest

from hmis_pos.cashier import judge_paybill, receive_money
from hmis_pos.cashier.context import PaybillRefusal
from hmis_pos.demo.processes import free_port
from hmis_pos.relay import validation
from hmis_pos.simulators.daraja import Behaviour, Delivery
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from tests.support.complaints import PAYER, asked, new_unmatched, open_tasks, release
from tests.support.house import replace_config

LOST = PaymentBehaviour(deliveries=())
PULL_EVERY = 600
NO_PULL = {"pull": False}


@pytest.fixture
async def paybill(open_house):
    """A Paybill whose list has been read once; its pages hold two rows."""
    async with open_house(c2b_confirmation_url="ours", pull_page=2) as house:
        await house.work("pull")
        yield house
        assert await house.breaches() == []


async def paid(house, number="INV-20931"):
    return (await house.invoice(number))["paid"]


async def trouble(house):
    return (await house.get("/api/mpesa"))["pull_trouble"]


# ---------------------------------------------------------------- the list of payments


async def test_windows_overlap_so_a_row_that_is_late_is_found(paybill):
    """The list is a feed behind its own time: a row of 11:31 that shows at 11:56 lies in the windows read until 12:01."""
    payment = await paybill.pay(850, "INV-20931", PAYER, behaviour=LOST)
    paybill.daraja.pull.hide(payment.receipt, 25 * 60)
    for _ in range(2):
        await paybill.pass_time(PULL_EVERY)
    assert await paid(paybill) == "0.00"
    await paybill.pass_time(PULL_EVERY)
    assert await paid(paybill) == "850.00"
    reads = paybill.daraja.pull.queries
    await paybill.pass_time(60)
    assert paybill.daraja.pull.queries == reads  # it is not read more often than it has to be


async def test_a_row_that_appears_hours_late_is_found_by_reading_all_of_the_list_again(paybill):
    """Its own window is long past; a few times a day everything the list reaches back to is read."""
    payment = await paybill.pay(850, "INV-20931", PAYER, behaviour=LOST)
    paybill.daraja.pull.hide(payment.receipt, 4 * 3600)
    for _ in range(2):
        await paybill.pass_time(150 * 60)
    assert await paid(paybill) == "0.00"
    await paybill.pass_time(61 * 60)
    assert await paid(paybill) == "850.00"


@pytest.mark.parametrize("fault", ["ok", "repeat", "reverse", "flat"])
async def test_rows_repeated_turned_round_or_not_nested_count_once_each(paybill, fault):
    """Five lost payments on three pages, each page written in an odd way; the next windows list them all again."""
    for number in range(5):
        await paybill.pay(100 + number, "INV-20931", PAYER, behaviour=LOST)
    await paybill.pay(300, "MAMA", PAYER, behaviour=LOST)
    paybill.daraja.pull.next_pages(fault, fault, fault)
    for _ in range(2):
        await paybill.pass_time(PULL_EVERY)
    assert await paid(paybill) == "510.00"
    assert [one["amount"] for one in await new_unmatched(paybill)] == ["300.00"]
    assert await trouble(paybill) == ""


async def test_a_row_the_callback_told_of_changes_nothing(paybill):
    await paybill.pay(850, "INV-20931", PAYER)
    before = await paybill.payments((await paybill.invoice("INV-20931"))["id"])
    await paybill.pass_time(PULL_EVERY)
    after = await paybill.payments((await paybill.invoice("INV-20931"))["id"])
    assert (len(after), after[0]["received"], before[0]["transaction_id"]) == (1, "850.00", after[0]["transaction_id"])


async def test_a_row_nobody_foresaw_does_not_keep_the_others_from_being_read(paybill, monkeypatch):
    odd = await paybill.pay(100, "INV-20931", PAYER, behaviour=LOST)
    await paybill.pay(850, "INV-20931", PAYER, behaviour=LOST)
    real = receive_money.take_in

    def broken(books, ctx, money, **more):
        if money.receipt_no == odd.receipt:
            raise ZeroDivisionError("nobody foresaw this")
        return real(books, ctx, money, **more)

    with monkeypatch.context() as patched:
        patched.setattr(receive_money, "take_in", broken)
        await paybill.pass_time(PULL_EVERY)
    assert (await paid(paybill), await trouble(paybill)) == ("850.00", "")
    (task,) = [text for text in await open_tasks(paybill, "bad-callback") if odd.receipt in text]
    assert "ZeroDivisionError" in task
    await paybill.pass_time(PULL_EVERY)  # windows overlap: it is tried again
    assert await paid(paybill) == "950.00"


async def test_a_broken_page_is_told_and_read_again(paybill):
    """The second page is cut off: what was read stays, the window stays open, the next read brings the rest once."""
    for number in range(3):
        await paybill.pay(100 + number, "INV-20931", PAYER, behaviour=LOST)
    good_at = (await paybill.get("/api/mpesa"))["pull_good_at"]
    paybill.daraja.pull.next_pages("ok", "broken")
    await paybill.pass_time(PULL_EVERY)
    assert await paid(paybill) == "201.00"
    assert "no usable answer" in await trouble(paybill)
    assert (await paybill.get("/api/mpesa"))["pull_good_at"] == good_at
    await paybill.pass_time(PULL_EVERY)
    assert await paid(paybill) == "303.00"
    assert await trouble(paybill) == ""


@pytest.mark.parametrize("refusal", ["spike", "spike_arrest", "busy", "quota"], ids=["429", "spike", "busy", "quota"])
async def test_a_throttled_read_is_not_repeated_and_loses_nothing(paybill, refusal):
    """429, or 500.003.02 and .03: asking again at once would only eat the next turn."""
    await paybill.pay(850, "INV-20931", PAYER, behaviour=LOST)
    paybill.daraja.fail("pull_query", refusal, refusal)
    reads = paybill.daraja.pull.queries
    await paybill.pass_time(PULL_EVERY)
    assert (await paid(paybill), bool(await trouble(paybill))) == ("0.00", True)
    asked_again = await paybill.post("/api/feeds/pull", None)  # somebody wants to know now: the second refusal
    assert (asked_again.status_code, paybill.daraja.pull.queries) == (200, reads)
    await paybill.pass_time(PULL_EVERY)
    assert (await paid(paybill), await trouble(paybill)) == ("850.00", "")


async def test_the_alarm_rises_once_at_24_hours_and_the_next_good_read_ends_it(paybill):
    paybill.daraja.fail("pull_query", *["internal"] * 4)
    await paybill.pass_time(86_400 - 60)
    assert await open_tasks(paybill, "feed-silent") == []
    assert not (await paybill.get("/api/mpesa"))["pull_is_late"]
    await paybill.pass_time(PULL_EVERY)
    (alarm,) = await open_tasks(paybill, "feed-silent")
    assert "24 hours ago" in alarm
    assert (await paybill.get("/api/mpesa"))["pull_is_late"]
    for _ in range(2):
        await paybill.pass_time(PULL_EVERY)
    assert len(await open_tasks(paybill, "feed-silent")) == 1
    await paybill.pass_time(PULL_EVERY)
    assert await open_tasks(paybill, "feed-silent") == []
    assert not (await paybill.get("/api/mpesa"))["pull_is_late"]


async def test_a_hole_of_more_than_48_hours_is_told_and_a_statement_fills_it(paybill):
    """The list reaches back two days: what was lost before that only a statement brings."""
    await paybill.pass_time(PULL_EVERY)
    await paybill.pay(850, "INV-20931", PAYER, behaviour=LOST)
    paybill.daraja.fail("pull_query", "internal", "internal")
    await paybill.pass_time(30 * 3600)
    await paybill.pay(400, "INV-20931", PAYER, behaviour=LOST)
    await paybill.pass_time(20 * 3600)
    await paybill.pass_time(PULL_EVERY)
    assert await paid(paybill) == "400.00"
    (hole,) = await open_tasks(paybill, "feed-silent")
    assert "No list covers 22 Nov 2026 11:41 to 22 Nov 2026 13:51 (UTC)" in hole
    await paybill.import_statement()
    assert await paid(paybill) == "1250.00"


# ---------------------------------------------------------------- the query plan


async def test_the_query_plan_is_sparse_and_ends_with_the_answer(open_house):
    """Daraja lets five queries a minute through: a prompt is asked about after 20, 45 and 75 seconds, then seldom."""
    silent = Behaviour(outcome="pay", deliveries=(), query=("processing", "processing", "processing", "truth"))
    async with open_house(default_behaviour=silent, mpesa=NO_PULL, query_per_minute=5) as house:
        uid = await asked(house)
        began = house.clock.now()
        for _ in range(20):
            house.clock.at += timedelta(seconds=10)
            await house.work("chase")
        ages = [round((query.at - began).total_seconds()) for query in house.daraja.state.queries]
        assert ages == [20, 50, 80, 180]
        assert (await house.transaction(uid))["status"] == "completed"
        assert await house.breaches() == []


async def test_a_query_that_says_no_is_lifted_by_the_c2b_twin(open_house):
    """Result lost, query wrongly "cancelled" after the grace period, then the Paybill's own confirmation: the money counts."""
    wrong = Behaviour(outcome="pay", deliveries=(Delivery(say="twin", held=True),), query=("cancel",))
    async with open_house(c2b_confirmation_url="ours", default_behaviour=wrong, mpesa=NO_PULL) as house:
        uid = await asked(house)
        for seconds in (46, 35):
            await house.pass_time(seconds)
        failed = await house.transaction(uid)
        assert (failed["status"], failed["failure_code"], failed["agreed"]) == ("failed", "1032", True)
        await release(house)
        lifted = await house.transaction(uid)
        assert (lifted["status"], lifted["received"], lifted["failure_code"]) == ("completed", "4850.00", "")
        assert lifted["provider_receipt"] == house.daraja.state.ledger.movements("stk")[0].receipt
        assert "said no and yes" in (await open_tasks(house, "contradiction"))[0]
        assert (await house.invoice("INV-20931"))["status"] == "paid"
        assert await new_unmatched(house) == []
        assert await house.breaches() == []


# ---------------------------------------------------------------- validation


REFUSALS = [
    (PaybillRefusal.UNKNOWN_ACCOUNT, "WANGARI 99999", 100, "C2B00012"),
    (PaybillRefusal.CLOSED_INVOICE, "INV-20934", 100, "C2B00012"),
    (PaybillRefusal.WRONG_AMOUNT, "INV-20931", 4851, "C2B00013"),
]


@pytest.mark.parametrize("setting", PaybillRefusal)
async def test_what_the_hospital_refuses_is_refused_with_its_code_and_nothing_else_is(open_house, setting):
    async with open_house(
        c2b_confirmation_url="ours", c2b_validation=True, rules={"refuse_paybill": frozenset({setting})}
    ) as house:
        settled = await house.pay(1200, "INV-20934", PAYER)
        assert (settled.validation, settled.paid) == ("accepted", True)
        for one, typed, shillings, code in REFUSALS:
            said = await house.pay(shillings, typed, PAYER)
            refused = (said.validation, said.reject_code, said.paid)
            assert refused == (("rejected", code, False) if one is setting else ("accepted", None, True))
        assert len(house.daraja.state.ledger.movements("c2b")) == 3
        assert await house.breaches() == []


async def test_nothing_is_refused_where_the_hospital_says_nothing(open_house):
    async with open_house(c2b_confirmation_url="ours", c2b_validation=True) as house:
        for account, amount in (("WANGARI 99999", 100), ("INV-20931", 9000), ("INV-20931", 10), ("", 5)):
            said = await house.pay(amount, account, PAYER)
            assert (said.validation, said.paid) == ("accepted", True)
        assert await house.breaches() == []


@pytest.mark.parametrize("trouble", ["silent", "slow"])
async def test_a_relay_that_is_away_or_slow_sends_no_patient_away(open_house, monkeypatch, trouble):
    """Registered as "Completed": a payment goes on when nobody answers; a relay that takes too long says yes by itself."""
    everything = {"refuse_paybill": frozenset(PaybillRefusal)}
    async with open_house(c2b_confirmation_url="ours", c2b_validation=True, rules=everything) as house:
        state = house.daraja.state
        if trouble == "silent":
            away = f"http://127.0.0.1:{free_port()}/gone"
            state.configure(replace_config(state.config, c2b_validation_url=away))

        async def hangs(*_args):
            await asyncio.Event().wait()

        if trouble == "slow":
            monkeypatch.setattr(judge_paybill, "judge", hangs)
            monkeypatch.setattr(validation, "LIMIT", 0.05)
        said = await house.pay(100, "WANGARI 99999", PAYER)
        assert (said.paid, said.validation) == (True, "silent" if trouble == "silent" else "accepted")
        assert [one["account"] for one in await new_unmatched(house)] == ["WANGARI 99999"]
        assert await house.breaches() == []


async def test_twenty_payers_at_once_are_answered_within_the_time(open_house):
    """Safaricom waits about 8 seconds; we take 2 at the very most."""
    everything = {"refuse_paybill": frozenset(PaybillRefusal)}
    async with open_house(c2b_confirmation_url="ours", c2b_validation=True, rules=everything) as house:
        async with asyncio.timeout(8):
            said = await asyncio.gather(
                *(house.daraja.pay(amount=10, account="INV-20931", msisdn=PAYER) for _ in range(20))
            )
        assert {one.validation for one in said} == {"accepted"}
        await house.settle()
        assert await paid(house) == "200.00"
        assert await house.breaches() == []
