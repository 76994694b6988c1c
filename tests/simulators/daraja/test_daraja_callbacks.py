"""What the merchant is sent: every oddity of the callback, its delivery, and the C2B twin."""

import hashlib
import json
import re
from typing import Any

import pytest

from hmis_pos.simulators.daraja import Behaviour, CallbackShape, Delivery
from tests.support.daraja_till import Open, Till

PHONE = "254712345678"


def items_of(callback: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = callback["CallbackMetadata"]["Item"]
    return items


async def shaped(open_till: Open, **shape: Any) -> tuple[Till, str]:
    """Pay one push with this shape; gives the till and the raw text of its callback."""
    till = await open_till(default_behaviour=Behaviour(shape=CallbackShape(**shape)))
    await till.pushed()
    (body,) = till.merchant.bodies
    return till, body


async def test_the_usual_success(open_till: Open) -> None:
    till, body = await shaped(open_till)
    assert set(json.loads(body)) == {"Body"}
    (callback,) = till.merchant.callbacks()
    assert callback["ResultCode"] == 0
    names = [item["Name"] for item in items_of(callback)]
    assert names == ["Amount", "MpesaReceiptNumber", "Balance", "TransactionDate", "PhoneNumber"]
    assert items_of(callback)[2] == {"Name": "Balance"}
    assert items_of(callback)[4]["Value"] == int(PHONE)
    assert re.search(r'"TransactionDate","Value":[0-9]{14}}', body)
    assert "INV20931" not in body, "the account reference is never echoed"


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("decimal", "1500.00"),
        ("one_decimal", "1500.0"),
        ("integer", "1500"),
        ("string", '"1500"'),
        ("string_decimal", '"1500.00"'),
    ],
)
async def test_the_amount_is_written_every_way(open_till: Open, style: Any, text: Any) -> None:
    _, body = await shaped(open_till, amount=style)
    assert f'"Amount","Value":{text}}}' in body


@pytest.mark.parametrize("amount", ["1400", "1500.50", "0"])
async def test_another_amount_than_moved_is_reported(open_till: Open, amount: str) -> None:
    till, body = await shaped(open_till, report_amount=amount)
    assert f'"Amount","Value":{float(amount):.2f}}}' in body
    assert till.daraja.state.ledger.total() == 1500


@pytest.mark.parametrize(("codes", "text"), [("int", "0"), ("string", '"0"')])
async def test_codes_as_numbers_or_text(open_till: Open, codes: Any, text: Any) -> None:
    _, body = await shaped(open_till, codes=codes)
    assert f'"ResultCode":{text},' in body


@pytest.mark.parametrize(
    ("balance", "text"),
    [
        ("no_value", '{"Name":"Balance"}'),
        ("null", '{"Name":"Balance","Value":null}'),
        ("value", '{"Name":"Balance","Value":98500}'),
    ],
)
async def test_the_balance_item(open_till: Open, balance: Any, text: Any) -> None:
    _, body = await shaped(open_till, balance=balance)
    assert text in body


@pytest.mark.parametrize("shape", [{"balance": "absent"}, {"phone": "absent"}])
async def test_items_left_out(open_till: Open, shape: Any) -> None:
    till, _ = await shaped(open_till, **shape)
    assert len(items_of(till.merchant.callbacks()[0])) == 4


@pytest.mark.parametrize(("phone", "text"), [("int", PHONE), ("string", f'"{PHONE}"'), ("masked", '"2547 ***** 678"')])
async def test_the_phone_number(open_till: Open, phone: Any, text: Any) -> None:
    _, body = await shaped(open_till, phone=phone)
    assert f'"PhoneNumber","Value":{text}}}' in body


@pytest.mark.parametrize(
    ("date", "pattern"), [("string", r'"[0-9]{14}"'), ("formatted", r'"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"')]
)
async def test_the_date_as_text(open_till: Open, date: Any, pattern: str) -> None:
    _, body = await shaped(open_till, date=date)
    assert re.search(f'"TransactionDate","Value":{pattern}}}', body)


@pytest.mark.parametrize("receipt", ["lower", "padded"])
async def test_the_receipt_in_disguise(open_till: Open, receipt: Any) -> None:
    till, _ = await shaped(open_till, receipt=receipt)
    told = items_of(till.merchant.callbacks()[0])[1]["Value"]
    (movement,) = till.daraja.state.ledger.movements()
    assert told != movement.receipt
    assert told.strip().upper() == movement.receipt


async def test_items_in_another_order_and_unknown_ones(open_till: Open) -> None:
    till, _ = await shaped(open_till, shuffle=True, unknown_items=True)
    names = [item["Name"] for item in items_of(till.merchant.callbacks()[0])]
    assert {"Amount", "MpesaReceiptNumber", "ChannelSessionID", "Extras", "Reserved"} < set(names)
    assert names[:5] != ["Amount", "MpesaReceiptNumber", "Balance", "TransactionDate", "PhoneNumber"]


@pytest.mark.parametrize(
    ("style", "rest"),
    [("absent", {}), ("null", {"CallbackMetadata": None}), ("empty", {"CallbackMetadata": {"Item": []}})],
)
async def test_a_failure_has_no_metadata(open_till: Open, style: Any, rest: dict[str, Any]) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome="cancel", shape=CallbackShape(failure_metadata=style)))
    await till.pushed()
    (callback,) = till.merchant.callbacks()
    first = ("MerchantRequestID", "CheckoutRequestID", "ResultCode", "ResultDesc")
    assert {k: v for k, v in callback.items() if k not in first} == rest


# -- delivery


async def delivered(open_till: Open, *deliveries: str | Delivery, outcome: str = "pay", **settings: Any) -> Till:
    till = await open_till(default_behaviour=Behaviour(outcome=outcome, deliveries=deliveries), **settings)
    await till.pushed()
    return till


async def test_a_dropped_callback(open_till: Open) -> None:
    till = await delivered(open_till)
    assert till.merchant.bodies == []
    assert len(till.daraja.state.ledger.movements()) == 1


async def test_repeats_say_the_same(open_till: Open) -> None:
    till = await delivered(open_till, "truth", Delivery(say="truth", times=4))
    assert len(till.merchant.bodies) == 5
    assert len(set(till.merchant.bodies)) == 1


@pytest.mark.parametrize(
    ("deliveries", "codes"),
    [
        (("cancel", "truth"), [1032, 0]),
        (("truth", "cancel"), [0, 1032]),
        (("ignore", Delivery(say="truth", after=0.01)), [1037, 0]),
    ],
)
async def test_contradictions(open_till: Open, deliveries: Any, codes: Any) -> None:
    till = await delivered(open_till, *deliveries)
    assert [c["ResultCode"] for c in till.merchant.callbacks()] == codes


async def test_a_repeat_with_another_amount(open_till: Open) -> None:
    till = await delivered(open_till, "truth", Delivery(say="truth", amount="1"))
    amounts = [items_of(c)[0]["Value"] for c in till.merchant.callbacks()]
    assert amounts == [1500, 1]


async def test_garbage_and_any_text_first(open_till: Open) -> None:
    till = await delivered(open_till, "garbage", Delivery(say="raw", body="<html>"), "truth")
    assert till.merchant.bodies[1] == "<html>"
    with pytest.raises(json.JSONDecodeError):
        json.loads(till.merchant.bodies[0])
    assert json.loads(till.merchant.bodies[2])["Body"]["stkCallback"]["ResultCode"] == 0


async def test_a_forged_success_is_in_no_ledger(open_till: Open) -> None:
    till = await delivered(open_till, "forged", "truth", outcome="cancel")
    forged, true = till.merchant.callbacks()
    assert (forged["ResultCode"], true["ResultCode"]) == (0, 1032)
    assert items_of(forged)[1]["Value"]
    assert till.daraja.state.ledger.movements() == []


async def test_a_held_callback_waits_for_its_release(open_till: Open) -> None:
    till = await delivered(open_till, Delivery(say="truth", held=True))
    assert till.merchant.bodies == []
    assert (await till.client.post("/sim/callbacks/release", json={"checkout": "ws_CO_other"})).json() == {
        "released": 0
    }
    assert (await till.client.post("/sim/callbacks/release")).json() == {"released": 1}
    await till.daraja.idle()
    assert len(till.merchant.bodies) == 1


async def test_a_late_callback_follows_the_clock(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(deliveries=(Delivery(after=300),)))
    await till.push()
    await till.daraja.wait_for(lambda d: d.state.ledger.movements())
    assert till.merchant.bodies == []
    till.daraja.advance(301)
    await till.daraja.idle()
    assert len(till.merchant.bodies) == 1


async def test_a_callback_before_the_answer(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(callback_before_answer=True))
    answer = await till.push()
    assert till.merchant.callbacks()[0]["CheckoutRequestID"] == answer.json()["CheckoutRequestID"]
    await till.daraja.idle()
    assert len(till.merchant.bodies) == 1


async def test_more_can_be_sent_afterwards(open_till: Open) -> None:
    till = await open_till()
    checkout = await till.pushed()
    answer = await till.client.post(f"/sim/pushes/{checkout}/deliveries", json={"say": "truth"})
    assert answer.status_code == 202
    await till.daraja.wait_for(lambda d: len(d.courier.sent) == 2)
    assert len(set(till.merchant.bodies)) == 1


@pytest.mark.parametrize(("attempts", "sent"), [(1, 1), (3, 3)])
async def test_whether_a_refused_callback_is_tried_again(open_till: Open, attempts: int, sent: int) -> None:
    till = await open_till(callback_attempts=attempts, callback_retry_seconds=0)
    till.merchant.status = 503
    await till.pushed()
    assert [letter.status for letter in till.daraja.courier.sent] == [503] * sent


async def test_nobody_at_the_callback_url(open_till: Open) -> None:
    till = await open_till()
    await till.pushed(CallBackURL="http://127.0.0.1:1/cb")
    (letter,) = till.daraja.courier.sent
    assert letter.status is None
    assert letter.error


# -- the C2B twin


async def test_the_twin_tells_the_same_receipt(open_till: Open) -> None:
    till = await open_till(c2b=True)
    await till.pushed()
    (movement,) = till.daraja.state.ledger.movements()
    (body,) = till.merchant.confirmations
    twin = json.loads(body)
    assert all(isinstance(value, str) for value in twin.values())
    assert len(twin.pop("TransTime")) == 14
    assert twin.pop("FirstName")
    assert twin == {
        "TransactionType": "Pay Bill",
        "TransID": movement.receipt,
        "TransAmount": "1500.00",
        "BusinessShortCode": "174379",
        "BillRefNumber": "INV20931",
        "InvoiceNumber": "",
        "OrgAccountBalance": "1500.00",
        "ThirdPartyTransID": "",
        "MSISDN": "2547 ***** 678",
        "MiddleName": "",
        "LastName": "",
    }


@pytest.mark.parametrize(
    ("when", "order"), [("after", ["callback", "confirmation"]), ("before", ["confirmation", "callback"])]
)
async def test_the_order_of_the_twins(open_till: Open, when: Any, order: list[str]) -> None:
    till = await open_till(c2b=True, c2b_twin=when)
    await till.pushed()
    assert till.merchant.order == order


async def test_the_twin_can_be_all_there_is(open_till: Open) -> None:
    till = await delivered(open_till, "twin", "twin", c2b=True)
    assert till.merchant.order == ["confirmation"] * 2


async def test_an_unpaid_push_has_no_twin(open_till: Open) -> None:
    till = await open_till(c2b=True, default_behaviour=Behaviour(outcome="cancel"))
    await till.pushed()
    assert till.merchant.order == ["callback"]


@pytest.mark.parametrize(
    ("style", "text"), [("full", PHONE), ("hashed", hashlib.sha256(PHONE.encode()).hexdigest()), ("empty", "")]
)
async def test_the_number_in_the_twin(open_till: Open, style: Any, text: Any) -> None:
    till = await open_till(c2b=True, c2b_msisdn=style)
    await till.pushed()
    assert json.loads(till.merchant.confirmations[0])["MSISDN"] == text


async def test_buy_goods_has_no_account(open_till: Open) -> None:
    till = await open_till(c2b=True, tills=("555111",))
    await till.pushed(TransactionType="CustomerBuyGoodsOnline", PartyB="555111")
    twin = json.loads(till.merchant.confirmations[0])
    assert (twin["TransactionType"], twin["BillRefNumber"], twin["BusinessShortCode"]) == ("Buy Goods", "", "555111")
