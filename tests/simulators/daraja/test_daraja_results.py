"""How pushes end: every row of the reference's result table, the lock, the limits, and money that moves once."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from hmis_pos.simulators.daraja import Behaviour, Delivery
from hmis_pos.simulators.daraja.results import DESCRIPTIONS, NAMES
from tests.support.daraja_till import Open

OTHER = "254722000001"


@pytest.mark.parametrize("code", sorted(DESCRIPTIONS))
async def test_every_row_of_the_table_reaches_callback_and_query(open_till: Open, code: Any) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome=code))
    checkout = await till.pushed()
    (callback,) = till.merchant.callbacks()
    assert callback["CheckoutRequestID"] == checkout
    assert callback["ResultCode"] == (int(code) if code.isdecimal() else code)
    assert callback["ResultDesc"] == DESCRIPTIONS[code]
    assert ("CallbackMetadata" in callback) == (code == "0")
    answer = (await till.query(checkout)).json()
    assert (answer["ResponseCode"], answer["ResultCode"]) == ("0", code)
    assert set(answer) == {
        "ResponseCode",
        "ResponseDescription",
        "MerchantRequestID",
        "CheckoutRequestID",
        "ResultCode",
        "ResultDesc",
    }
    assert len(till.daraja.state.ledger.movements()) == (code == "0")


async def test_every_name_has_a_row(open_till: Open) -> None:
    assert set(NAMES.values()) == set(DESCRIPTIONS)
    till = await open_till(default_behaviour=Behaviour(outcome="R000777", description="Odd"))
    await till.pushed()
    assert till.merchant.callbacks()[0] | {"ResultDesc": "Odd"} == till.merchant.callbacks()[0]


async def test_paying_moves_the_money_and_says_so(open_till: Open) -> None:
    till = await open_till(phone_balance=Decimal(2000))
    await till.pushed()
    (movement,) = till.daraja.state.ledger.movements()
    assert (movement.amount, movement.msisdn, movement.account) == (Decimal(1500), "254712345678", "INV20931")
    assert (movement.shortcode, movement.kind) == ("174379", "stk")
    assert len(movement.receipt) == 10
    assert movement.receipt == movement.receipt.upper()
    assert movement.receipt.isalnum()
    items = {i["Name"]: i.get("Value") for i in till.merchant.callbacks()[0]["CallbackMetadata"]["Item"]}
    assert items["MpesaReceiptNumber"] == movement.receipt
    phone = till.daraja.state.phones.get("254712345678")
    assert phone.balance == Decimal(500)
    assert movement.receipt in phone.messages[0].text


async def test_an_empty_phone_cannot_pay(open_till: Open) -> None:
    till = await open_till(phone_balance=Decimal(1499))
    await till.pushed()
    assert till.merchant.callbacks()[0]["ResultCode"] == 1
    assert till.daraja.state.phones.get("254712345678").balance == Decimal(1499)


async def test_the_daily_limit(open_till: Open) -> None:
    till = await open_till(phone_balance=Decimal(10**6), daily_limit=3000)
    for amount in (1500, 1400, 101):
        await till.pushed(Amount=amount)
    assert [c["ResultCode"] for c in till.merchant.callbacks()] == [0, 0, 4]


async def test_same_amount_same_phone_inside_two_minutes_is_17(open_till: Open) -> None:
    till = await open_till(timestamp_max_age=None)
    await till.pushed()
    await till.pushed()
    await till.pushed(Amount=1501)
    await till.pushed(phone=OTHER)
    till.daraja.advance(121)
    await till.pushed()
    assert [c["ResultCode"] for c in till.merchant.callbacks()] == [0, 17, 0, 0, 0]


@pytest.mark.parametrize(("counts", "second"), [("any", 17), ("paid", 0)])
async def test_whether_an_unpaid_push_counts_as_the_first(open_till: Open, counts: Any, second: int) -> None:
    script = (Behaviour(outcome="cancel"), Behaviour())
    till = await open_till(behaviours={"254712345678": script}, repeat_counts=counts)
    await till.pushed()
    await till.pushed()
    assert [c["ResultCode"] for c in till.merchant.callbacks()] == [1032, second]


async def test_a_ringing_phone_locks_the_subscriber(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome="manual"))
    await till.pushed()
    answer = await till.push(Amount=10)
    assert answer.status_code == 500
    assert answer.json()["errorCode"] == "500.001.1001"
    assert answer.json()["errorMessage"].startswith("Unable to lock subscriber, a transaction is already in process")
    assert (await till.push(phone=OTHER)).status_code == 200


async def test_the_lock_can_outlive_the_prompt(open_till: Open) -> None:
    till = await open_till(lock_seconds=60, timestamp_max_age=None)
    await till.pushed()
    assert (await till.push(Amount=10)).status_code == 500
    till.daraja.advance(61)
    assert (await till.push(Amount=10)).status_code == 200


async def test_a_second_push_can_fail_with_1001(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome="manual"), second_push="result_1001")
    await till.pushed()
    await till.pushed(Amount=10)
    assert [c["ResultCode"] for c in till.merchant.callbacks()] == [1001]


async def test_a_second_push_can_kill_the_first(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome="manual"), second_push="kills_first")
    first = await till.pushed()
    second = await till.pushed(Amount=10)
    assert [(c["CheckoutRequestID"], c["ResultCode"]) for c in till.merchant.callbacks()] == [(first, 1037)]
    assert [p.checkout_id for p in till.daraja.open_prompts()] == [second]


@pytest.mark.parametrize(
    ("kind", "party_b", "code"),
    [
        ("CustomerPayBillOnline", "174379", 0),
        ("CustomerPayBillOnline", "555111", 2029),
        ("CustomerPayBillOnline", "999999", "SFC_IC0003"),
        ("CustomerBuyGoodsOnline", "555111", 0),
        ("CustomerBuyGoodsOnline", "174379", 2029),
        ("CustomerBuyGoodsOnline", "999999", "SFC_IC0003"),
    ],
)
async def test_till_and_paybill_are_not_mixed(open_till: Open, kind: str, party_b: str, code: Any) -> None:
    till = await open_till(tills=("555111",))
    await till.pushed(TransactionType=kind, PartyB=party_b)
    assert till.merchant.callbacks()[0]["ResultCode"] == code


async def test_a_long_reference_can_surface_as_1025(open_till: Open) -> None:
    till = await open_till(long_reference="1025")
    await till.pushed(AccountReference="INV2093100001")
    assert till.merchant.callbacks()[0]["ResultCode"] == 1025


async def test_a_prompt_that_is_too_long_is_1025(open_till: Open) -> None:
    till = await open_till(shop_name="H" * 170)
    await till.pushed()
    assert till.merchant.callbacks()[0]["ResultCode"] == 1025


async def test_an_unanswered_prompt_ends_after_its_time(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome="manual"))
    checkout = await till.pushed()
    till.daraja.advance(59)
    assert till.daraja.open_prompts()
    till.daraja.advance(2)
    await till.daraja.wait_for(lambda d: d.courier.sent)
    assert till.merchant.callbacks()[0]["ResultCode"] == 1037
    assert till.daraja.state.pushes[checkout].movement is None


async def test_a_scripted_phone_rings_for_its_time(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(ring_seconds=30))
    answer = await till.push()
    checkout = answer.json()["CheckoutRequestID"]
    assert (await till.query(checkout)).json()["errorMessage"] == "The transaction is being processed"
    till.daraja.advance(31)
    await till.daraja.idle()
    assert till.merchant.callbacks()[0]["ResultCode"] == 0


async def test_the_script_goes_push_by_push_and_its_last_stays(open_till: Open) -> None:
    script = (Behaviour(outcome="wrong_pin"), Behaviour(outcome="cancel"))
    till = await open_till(behaviours={"254712345678": script}, default_behaviour=Behaviour(outcome="ignore"))
    for amount in (1, 2, 3):
        await till.pushed(Amount=amount)
    await till.pushed(phone=OTHER)
    assert [c["ResultCode"] for c in till.merchant.callbacks()] == [2001, 1032, 1032, 1037]


async def test_money_never_moves_twice_and_none_is_lost(open_till: Open) -> None:
    deliveries = ("truth", Delivery(say="truth", times=5), "cancel", "truth")
    till = await open_till(
        default_behaviour=Behaviour(deliveries=deliveries), phone_balance=Decimal(5000), repeat_seconds=None
    )
    phones = [f"2547220000{n:02d}" for n in range(12)]
    await asyncio.gather(*(till.push(phone=phone, Amount=700) for phone in phones for _ in range(3)))
    await till.daraja.idle()
    movements = till.daraja.state.ledger.movements()
    accepted = [r for r in till.daraja.state.requests if r.checkout_id]
    assert len(movements) == len(accepted) >= len(phones)
    assert len({m.receipt for m in movements}) == len({m.cause for m in movements}) == len(movements)
    left = sum(p.balance for p in till.daraja.state.phones.all())
    assert left + till.daraja.state.ledger.total() == 5000 * len(phones)


async def test_the_same_seed_gives_the_same_receipts_and_a_reset_new_ones(open_till: Open) -> None:
    first = await open_till(seed=42)
    second = await open_till(seed=42)
    for till in (first, second):
        await till.pushed()
    receipts = [till.daraja.state.ledger.movements()[0].receipt for till in (first, second)]
    assert receipts[0] == receipts[1]
    await first.daraja.reset()
    await first.pushed()
    assert first.daraja.state.ledger.movements()[0].receipt != receipts[0]


async def test_without_a_seed_no_two_starts_are_alike(open_till: Open) -> None:
    tills = [await open_till(seed=None) for _ in range(2)]
    for till in tills:
        await till.pushed()
    assert len({till.daraja.state.ledger.movements()[0].receipt for till in tills}) == 2
