"""Every row of the reference's STK result table, and every callback oddity, from the simulated phone to the invoice."""

import asyncio

import pytest

from hmis_pos.simulators.daraja import Behaviour, CallbackShape, Delivery, Submit
from tests.support.house import opened

PHONE = "0712345418"
MSISDN = "254712345418"
NO_PULL = {"pull": False}  # else the list tells of what nothing else does

#: outcome in the simulator, our state at once, the state after the grace period, advice then (Daraja section 2).
RESULTS = [
    ("insufficient", "failed", "failed", "now"),
    ("below_minimum", "failed", "failed", "fix"),
    ("above_maximum", "failed", "failed", "fix"),
    ("daily_limit", "failed", "failed", "fix"),
    ("receiver_limit", "failed", "failed", "fix"),
    ("repeated", "failed", "failed", "wait"),
    ("cancel", "failed", "failed", "now"),
    ("wrong_pin", "failed", "failed", "now"),
    ("not_permitted", "failed", "failed", "fix"),
    ("till_mismatch", "failed", "failed", "fix"),
    ("pin_locked", "failed", "failed", "fix"),
    ("no_operator", "failed", "failed", "fix"),
    ("ignore", "unknown", "failed", "now"),
    ("expire", "unknown", "failed", "now"),
]


@pytest.mark.parametrize(("outcome", "at_once", "later", "advice"), RESULTS, ids=[row[0] for row in RESULTS])
async def test_every_no_of_the_table(open_house, outcome, at_once, later, advice):
    async with open_house(default_behaviour=Behaviour(outcome=outcome)) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        payment = await house.transaction(uid)
        assert payment["status"] == at_once
        await house.pass_time(80)
        payment = await house.transaction(uid)
        assert (payment["status"], payment["advice"], payment["agreed"]) == (later, advice, True)
        assert (await house.invoice("INV-20931"))["payable"] == "4850.00"
        assert await house.breaches() == []


@pytest.mark.parametrize("code", ["32", "7777", "SFC_IC9999"])
async def test_a_code_nobody_documented_is_unknown(open_house, code):
    async with open_house(default_behaviour=Behaviour(outcome=code)) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        assert (await house.transaction(uid))["status"] == "unknown"
        again = await house.ask_phone(invoice["id"], "4850", PHONE)
        assert (again.status_code, again.json()["code"]) == (409, "attempt-open")


SHAPES = {
    "codes as text": CallbackShape(codes="string"),
    "amount as a whole number": CallbackShape(amount="integer"),
    "amount as text": CallbackShape(amount="string"),
    "amount as decimal text": CallbackShape(amount="string_decimal"),
    "amount with one decimal": CallbackShape(amount="one_decimal"),
    "receipt in lower case": CallbackShape(receipt="lower"),
    "receipt with spaces": CallbackShape(receipt="padded"),
    "no balance": CallbackShape(balance="absent"),
    "balance null": CallbackShape(balance="null"),
    "date as text": CallbackShape(date="string"),
    "date formatted": CallbackShape(date="formatted"),
    "phone masked": CallbackShape(phone="masked"),
    "phone absent": CallbackShape(phone="absent"),
    "items in another order": CallbackShape(shuffle=True),
    "unknown items": CallbackShape(unknown_items=True),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
async def test_every_oddity_of_a_success_is_the_same_money(open_house, shape):
    async with open_house(default_behaviour=Behaviour(outcome="pay", shape=shape)) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        payment = await house.transaction(uid)
        (movement,) = house.daraja.state.ledger.movements()
        assert (payment["status"], payment["received"], payment["provider_receipt"]) == (
            "completed",
            "4850.00",
            movement.receipt,
        )
        assert (await house.invoice("INV-20931"))["payable"] == "0.00"
        assert await house.breaches() == []


DELIVERIES = {
    "twice": [Delivery(say="truth", times=2)],
    "twenty times at once": [Delivery(say="truth", times=20)],
    "ten minutes late": [600, Delivery(say="truth")],
    "a no, then the yes": [Delivery(say="cancel"), Delivery(say="truth")],
    "the yes, then a no": [Delivery(say="truth"), Delivery(say="cancel")],
    "rubbish first": [Delivery(say="garbage"), Delivery(say="truth")],
    "no answer from the phone, then the yes": [Delivery(say="ignore"), 300, Delivery(say="truth")],
    "a no that a query agrees with, then the yes": [Delivery(say="cancel"), 100, Delivery(say="truth")],
}


@pytest.mark.parametrize("story", DELIVERIES.values(), ids=DELIVERIES)
async def test_order_repeats_and_delay_end_in_the_same_place(open_house, story):
    behaviour = Behaviour(outcome="pay", deliveries=(), query=("processing", "cancel"))
    async with open_house(default_behaviour=behaviour) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        for chapter in story:
            await (house.send(chapter) if isinstance(chapter, Delivery) else house.pass_time(chapter))
        payment = await house.transaction(uid)
        assert (payment["status"], payment["received"], payment["allocated"]) == ("completed", "4850.00", "4850.00")
        assert await house.breaches() == []


async def test_a_lost_callback_is_found_by_asking(open_house):
    async with open_house(default_behaviour=Behaviour(outcome="pay", deliveries=()), mpesa=NO_PULL) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        assert (await house.transaction(uid))["status"] == "pending"
        await house.pass_time(21)
        payment = await house.transaction(uid)
        assert (payment["status"], payment["received"], payment["provider_receipt"]) == ("completed", "4850.00", "")
        assert await house.breaches() == []


@pytest.mark.parametrize("query", ["processing", "4999", "unknown_id", "spike", "error", "html", "empty", "reset"])
async def test_with_callback_lost_and_query_useless_it_is_unknown(open_house, query):
    behaviour = Behaviour(outcome="pay", deliveries=(), query=(query,))
    async with open_house(default_behaviour=behaviour, mpesa=NO_PULL) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        for seconds in (21, 25, 30, 20):
            await house.pass_time(seconds)
        assert (await house.transaction(uid))["status"] == "unknown"
        assert await house.breaches(settled=False) == []
        await house.send(Delivery(say="truth"))
        assert (await house.transaction(uid))["status"] == "completed"
        assert await house.breaches() == []


async def test_a_query_that_contradicts_never_takes_money_back(open_house):
    """Daraja section 3: the sandbox said failed for receipts that existed."""
    async with open_house(default_behaviour=Behaviour(outcome="pay", query=("cancel",))) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        await house.pass_time(100)
        assert (await house.transaction(uid))["status"] == "completed"
        assert await house.breaches() == []


SUBMITS = {
    "500 after it was taken": ("error", True),
    "cut off after it was taken": ("reset", True),
    "a web page for an answer": ("html", True),
    "nothing for an answer": ("empty", True),
    "unavailable, and not taken": ("unavailable", False),
    "500, and not taken": ("error", False),
}


@pytest.mark.parametrize(("fault", "accepted"), SUBMITS.values(), ids=SUBMITS)
async def test_a_request_without_a_readable_answer_is_unknown_and_asked_once(open_house, fault, accepted):
    behaviour = Behaviour(outcome="pay", submit=Submit(fault=fault, accepted=accepted), deliveries=("truth",))
    async with open_house(default_behaviour=behaviour) as house:
        invoice = await house.invoice("INV-20931")
        answer = await house.ask_phone(invoice["id"], "4850", PHONE)
        assert answer.json()["status"] == "unknown"
        again = await house.ask_phone(invoice["id"], "4850", PHONE)
        assert again.json()["code"] == "attempt-open"
        await house.settle()
        payment = await house.transaction(answer.json()["transaction_id"])
        assert payment["status"] == ("completed" if accepted else "unknown")
        assert len(house.daraja.state.requests) == 1
        assert await house.breaches() == []


async def test_another_amount_than_asked_is_what_counts(open_house):
    shape = CallbackShape(report_amount="4000")
    async with open_house(default_behaviour=Behaviour(outcome="pay", shape=shape)) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        payment = await house.transaction(uid)
        assert (payment["received"], payment["allocated"]) == ("4000.00", "4000.00")
        assert (await house.invoice("INV-20931"))["payable"] == "850.00"
        assert "amount-differs" in await house.tasks()


@pytest.mark.parametrize("twin", ["before", "after"])
async def test_the_c2b_twin_of_a_prompt_is_counted_once(open_house, twin):
    """navari 53: an STK payment on a registered Paybill also produces a C2B confirmation."""
    async with open_house(c2b_confirmation_url="ours", c2b_twin=twin) as house:
        before = await house.tasks()
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.settle()
        payment = await house.transaction(uid)
        assert (payment["status"], payment["received"], payment["deposited"]) == ("completed", "4850.00", "0.00")
        assert await house.tasks() == before
        assert await house.breaches() == []


async def test_fifty_identical_submits_in_parallel_are_one_push(url):
    async with opened(url, default_behaviour=Behaviour(outcome="manual")) as house:
        invoice = await house.invoice("INV-20931")

        async def submit():
            while True:
                answer = await house.ask_phone(invoice["id"], "4850", PHONE, key="one-intent")
                if answer.status_code != 409:
                    return answer
                assert answer.json()["code"] == "idempotency-running"
                await asyncio.sleep(0)

        answers = await asyncio.gather(*(submit() for _ in range(50)))
        assert len(house.daraja.state.requests) == 1
        assert len({answer.json()["transaction_id"] for answer in answers}) == 1
        assert {answer.status_code for answer in answers} <= {200, 201}


async def test_both_databases_take_the_whole_way(url):
    async with opened(url) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "3000", PHONE)).json()["transaction_id"]
        await house.settle()
        assert (await house.transaction(uid))["status"] == "completed"
        assert (await house.invoice("INV-20931"))["payable"] == "1850.00"
        cash = {"invoice_id": invoice["id"], "amount": "1850.00", "payment_method": "cash", "tendered": "2000"}
        answer = await house.post("/api/payments/confirm", cash)
        assert (answer.json()["status"], answer.json()["change"]) == ("completed", "150.00")
        assert (await house.invoice("INV-20931"))["status"] == "paid"
        assert await house.breaches() == []
