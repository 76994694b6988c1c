"""Customers pay the paybill from their own phones: registration, validation, confirmation with every oddity."""

import asyncio
import hashlib
import json
import random
import re
from decimal import Decimal
from typing import Any

import pytest

from hmis_pos.simulators.asgi import Hang, Response, json_response
from hmis_pos.simulators.daraja import Behaviour, Delivery
from hmis_pos.simulators.daraja.confirmations import ConfirmationShape, PaymentBehaviour, random_shape
from hmis_pos.simulators.daraja.payments import Payment
from tests.support.daraja_till import Open, Till

PHONE = "254712345678"


async def registered(open_till: Open, **settings: Any) -> Till:
    till = await open_till(**settings)
    answer = await till.register()
    assert answer.status_code == 200, answer.text
    return till


async def paid(till: Till, /, **changed: Any) -> Payment:
    """Pay as a patient does, and see everything about it sent."""
    wanted: dict[str, Any] = {"msisdn": PHONE, "amount": 500, "account": "INV-001"} | changed
    payment = await till.daraja.pay(**wanted)
    await till.daraja.idle()
    return payment


async def shaped(open_till: Open, **shape: Any) -> dict[str, Any]:
    till = await registered(open_till)
    await paid(till, behaviour=PaymentBehaviour(shape=ConfirmationShape(**shape)))
    (told,) = till.confirmed()
    return told


# -- registration


async def test_urls_are_registered(open_till: Open) -> None:
    till = await open_till()
    answer = (await till.register()).json()
    assert answer["OriginatorCoversationID"], "misspelt, as Safaricom does"
    assert (answer["ResponseCode"], answer["ResponseDescription"]) == ("0", "Success")
    (kept,) = (await till.client.get("/sim/registrations")).json()["registrations"]
    assert (kept["shortcode"], kept["version"]) == ("174379", "v2")


async def test_the_right_spelling_exists_too(open_till: Open) -> None:
    till = await open_till(c2b_spelling="right")
    answer = (await till.register()).json()
    assert "OriginatorConversationID" in answer
    assert "OriginatorCoversationID" not in answer


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ShortCode": "600111"}, "ShortCode"),
        ({"ShortCode": "x"}, "ShortCode"),
        ({"ResponseType": "completed"}, "ResponseType"),
        ({"ResponseType": ""}, "ResponseType"),
        ({"ConfirmationURL": "not a url"}, "ConfirmationURL"),
        ({"ValidationURL": ""}, "ValidationURL"),
        *(
            ({"ConfirmationURL": f"https://pay.example.org/{word}/x"}, "ConfirmationURL")
            for word in ("mpesa", "M-PESA", "Safaricom", "exec", "exe", "cmd", "sql", "Query")
        ),
    ],
)
async def test_registration_refuses(open_till: Open, changed: dict[str, str], field: str) -> None:
    till = await open_till()
    answer = await till.register(**changed)
    assert (answer.status_code, answer.json()["errorMessage"]) == (400, f"Bad Request - Invalid {field}")


@pytest.mark.parametrize(
    "url",
    ["http://pay.example.org/c2b", "https://127.0.0.1/c2b", "https://localhost/c2b", "https://a.ngrok.io/c2b"],
)
async def test_production_wants_public_https(open_till: Open, url: str) -> None:
    till = await open_till(environment="production")
    answer = await till.register(ConfirmationURL=url, ValidationURL="https://pay.example.org/v")
    assert answer.json()["errorMessage"] == "Bad Request - Invalid ConfirmationURL"


async def test_production_registers_once(open_till: Open) -> None:
    till = await open_till(environment="production")
    urls = {"ConfirmationURL": "https://pay.example.org/c", "ValidationURL": "https://pay.example.org/v"}
    assert (await till.register(**urls)).status_code == 200
    answer = await till.register(**urls)
    assert (answer.status_code, answer.json()["errorCode"]) == (500, "500.003.1001")
    assert answer.json()["errorMessage"] == "URLs are already registered"


async def test_the_old_platform_still_holds_the_urls(open_till: Open) -> None:
    till = await registered(open_till, c2b_second_registration="duplicate_notification")
    assert "Duplicate notification info" in (await till.register()).json()["errorMessage"]


async def test_the_sandbox_overwrites(open_till: Open) -> None:
    till = await registered(open_till)
    await till.register(ConfirmationURL=f"{till.merchant.url}/cb/elsewhere")
    await paid(till)
    assert till.merchant.confirmations == []
    assert len(till.merchant.bodies) == 1


async def test_a_bad_token_is_400_003_01_here(open_till: Open) -> None:
    till = await open_till()
    till.token = "stale"
    assert (await till.register()).json()["errorCode"] == "400.003.01"


# -- the usual payment


async def test_a_payment_is_confirmed(open_till: Open) -> None:
    till = await registered(open_till, opening_utility=Decimal(1000))
    payment = await paid(till, account=" inv 001")
    (movement,) = till.daraja.state.ledger.movements()
    assert (movement.receipt, movement.kind, movement.account) == (payment.receipt, "c2b", " inv 001")
    (told,) = till.confirmed()
    assert all(isinstance(value, str) for value in told.values())
    assert re.fullmatch(r"[0-9]{14}", told.pop("TransTime"))
    assert told.pop("FirstName")
    assert told == {
        "TransactionType": "Pay Bill",
        "TransID": payment.receipt,
        "TransAmount": "500.00",
        "BusinessShortCode": "174379",
        "BillRefNumber": " inv 001",
        "InvoiceNumber": "",
        "OrgAccountBalance": "1500.00",
        "ThirdPartyTransID": "",
        "MSISDN": "2547 ***** 678",
        "MiddleName": "",
        "LastName": "",
    }
    phone = till.daraja.state.phones.get(PHONE)
    assert phone.balance == Decimal(99500)
    assert phone.messages[0].text.startswith(f"{payment.receipt} Confirmed. KES 500.00 paid to Mwangaza")


async def test_v1_hashes_the_number(open_till: Open) -> None:
    till = await open_till()
    await till.register("v1")
    await paid(till)
    assert till.confirmed()[0]["MSISDN"] == hashlib.sha256(PHONE.encode()).hexdigest()


async def test_a_till_has_no_account(open_till: Open) -> None:
    till = await registered(open_till, tills=("555111",))
    await paid(till, till="555111", account="INV-001")
    (told,) = till.confirmed()
    assert (told["TransactionType"], told["BillRefNumber"], told["BusinessShortCode"]) == ("Buy Goods", "", "555111")


async def test_a_business_pays_without_number_and_names(open_till: Open) -> None:
    till = await registered(open_till)
    payment = await paid(till, msisdn="", business="ACME INSURANCE LTD", account="INV-001")
    (told,) = till.confirmed()
    assert (told["TransactionType"], told["MSISDN"]) == ("Organization To Organization Transfer", "")
    assert not {"FirstName", "MiddleName", "LastName"} & set(told)
    assert payment.paid


async def test_without_urls_nobody_is_told(open_till: Open) -> None:
    till = await open_till()
    assert (await paid(till)).paid
    assert till.daraja.courier.sent == []


@pytest.mark.parametrize(
    ("changed", "balance", "words"),
    [
        ({"amount": 600}, "599", "insufficient funds"),
        ({"pin": "0000"}, "5000", "wrong PIN"),
        ({"amount": 250001}, "900000", "must be between"),
    ],
)
async def test_the_phone_refuses(open_till: Open, changed: Any, balance: str, words: str) -> None:
    till = await registered(open_till, phone_balance=Decimal(balance))
    payment = await paid(till, **changed)
    assert not payment.paid
    assert words in (payment.refused or "")
    assert words in till.daraja.state.phones.get(PHONE).messages[0].text
    assert (till.daraja.state.ledger.movements(), till.merchant.confirmations) == ([], [])


async def test_three_wrong_pins_lock_the_phone(open_till: Open) -> None:
    till = await registered(open_till)
    for _ in range(3):
        await paid(till, pin="0000")
    assert "locked" in ((await paid(till)).refused or "")


@pytest.mark.parametrize(
    "changed",
    [{"amount": 0}, {"amount": "1.001"}, {"amount": "x"}, {"msisdn": "0712"}, {"account": "x" * 21}, {"till": "1"}],
)
async def test_what_no_phone_could_send(open_till: Open, changed: Any) -> None:
    till = await registered(open_till)
    with pytest.raises(ValueError, match=r".+"):
        await paid(till, **changed)


# -- how it is written


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ({"msisdn": "full"}, {"MSISDN": PHONE}),
        ({"msisdn": "empty"}, {"MSISDN": ""}),
        ({"msisdn": "hashed"}, {"MSISDN": hashlib.sha256(PHONE.encode()).hexdigest()}),
        ({"names": "empty"}, {"FirstName": "", "MiddleName": "", "LastName": ""}),
        ({"names": "null"}, {"FirstName": None}),
        ({"transaction_type": ""}, {"TransactionType": ""}),
        ({"transaction_type": "Customer Merchant Payment"}, {"TransactionType": "Customer Merchant Payment"}),
        ({"invoice_number": "77"}, {"InvoiceNumber": "77"}),
        ({"org_balance": "empty"}, {"OrgAccountBalance": ""}),
        ({"amount": "one_decimal"}, {"TransAmount": "500.0"}),
        ({"amount": "integer"}, {"TransAmount": "500"}),
        ({"report_shortcode": "600111"}, {"BusinessShortCode": "600111"}),
    ],
)
async def test_the_oddities(open_till: Open, shape: Any, told: dict[str, Any]) -> None:
    body = await shaped(open_till, **shape)
    assert {key: body[key] for key in told} == told


async def test_names_can_be_missing(open_till: Open) -> None:
    body = await shaped(open_till, names="missing")
    assert not {"FirstName", "MiddleName", "LastName"} & set(body)


async def test_all_three_names(open_till: Open) -> None:
    till = await registered(open_till)
    till.daraja.state.phones.get(PHONE).name = "JANE WANJIKU NJERI KAMAU"
    await paid(till, behaviour=PaymentBehaviour(shape=ConfirmationShape(names="full")))
    (told,) = till.confirmed()
    assert (told["FirstName"], told["MiddleName"], told["LastName"]) == ("JANE", "WANJIKU NJERI", "KAMAU")


@pytest.mark.parametrize("receipt", ["lower", "padded"])
async def test_the_receipt_in_disguise(open_till: Open, receipt: Any) -> None:
    till = await registered(open_till)
    payment = await paid(till, behaviour=PaymentBehaviour(shape=ConfirmationShape(receipt=receipt)))
    told = till.confirmed()[0]["TransID"]
    assert told != payment.receipt
    assert told.strip().upper() == payment.receipt


async def test_random_oddities_repeat_with_their_seed(open_till: Open) -> None:
    shapes = [random_shape(random.Random(3)) for _ in range(2)]
    assert shapes[0] == shapes[1]
    rng = random.Random(3)
    assert len({random_shape(rng) for _ in range(50)}) > 20
    till = await registered(open_till, c2b_oddities=1)
    for amount in range(1, 9):
        await paid(till, amount=amount)
    assert len({(*sorted(told), told["TransactionType"]) for told in till.confirmed()}) > 1


# -- delivery


async def delivered(open_till: Open, *deliveries: str | Delivery, **settings: Any) -> Till:
    till = await registered(open_till, **settings)
    await paid(till, behaviour=PaymentBehaviour(deliveries=deliveries))
    return till


async def test_a_lost_confirmation(open_till: Open) -> None:
    till = await delivered(open_till)
    assert till.merchant.confirmations == []
    assert till.daraja.state.ledger.total() == 500


async def test_duplicates_say_the_same(open_till: Open) -> None:
    till = await delivered(open_till, "truth", Delivery(times=3))
    assert len(till.merchant.confirmations) == 4
    assert len(set(till.merchant.confirmations)) == 1


async def test_two_with_different_content(open_till: Open) -> None:
    till = await delivered(open_till, "truth", Delivery(amount="50", account="OTHER"))
    first, second = till.confirmed()
    assert first["TransID"] == second["TransID"]
    assert (second["TransAmount"], second["BillRefNumber"]) == ("50.00", "OTHER")


async def test_a_forged_one_is_in_no_ledger(open_till: Open) -> None:
    till = await delivered(open_till, "forged", "garbage", Delivery(say="raw", body="<html>"))
    assert till.daraja.state.ledger.find(json.loads(till.merchant.confirmations[0])["TransID"]) is None
    assert till.merchant.confirmations[2] == "<html>"


async def test_late_and_out_of_order(open_till: Open) -> None:
    till = await registered(open_till)
    late = await till.daraja.pay(msisdn=PHONE, amount=1, behaviour=PaymentBehaviour(deliveries=(Delivery(after=600),)))
    soon = await till.daraja.pay(msisdn=PHONE, amount=2)
    await till.daraja.wait_for(lambda _: till.merchant.confirmations)
    till.daraja.advance(601)
    await till.daraja.idle()
    assert [told["TransID"] for told in till.confirmed()] == [soon.receipt, late.receipt]


async def test_a_held_one_waits_for_its_release(open_till: Open) -> None:
    till = await delivered(open_till, Delivery(held=True))
    assert till.merchant.confirmations == []
    assert (await till.client.post("/sim/callbacks/release")).json() == {"released": 1}
    await till.daraja.wait_for(lambda d: d.courier.sent)
    assert len(till.merchant.confirmations) == 1


@pytest.mark.parametrize(("attempts", "sent"), [(1, 1), (3, 3)])
async def test_confirmations_are_repeated_only_when_configured(open_till: Open, attempts: int, sent: int) -> None:
    till = await registered(open_till, c2b_confirmation_attempts=attempts, callback_retry_seconds=0)
    till.merchant.status = 503
    await paid(till)
    assert len(till.merchant.confirmations) == sent


async def test_one_can_be_sent_again(open_till: Open) -> None:
    till = await registered(open_till)
    payment = await paid(till)
    answer = await till.client.post(f"/sim/payments/{payment.receipt}/deliveries", json={"amount": "7"})
    assert answer.status_code == 202
    await till.daraja.wait_for(lambda d: len(d.courier.sent) == 2)
    assert till.confirmed()[1]["TransAmount"] == "7.00"


def test_a_confirmation_cannot_say_no() -> None:
    with pytest.raises(ValueError, match="truth, forged"):
        PaymentBehaviour(deliveries=("cancel",))


async def test_a_registered_url_gets_the_twin_of_a_push_too(open_till: Open) -> None:
    till = await registered(open_till, c2b_twin="before")
    await till.pushed()
    assert till.merchant.order == ["confirmation", "callback"]
    (movement,) = till.daraja.state.ledger.movements()
    assert till.confirmed()[0]["TransID"] == movement.receipt


# -- validation


async def validating(open_till: Open, response_type: str = "Completed", **settings: Any) -> Till:
    till = await open_till(c2b_validation=True, **settings)
    await till.register(ResponseType=response_type)
    return till


async def test_validation_is_off_by_default(open_till: Open) -> None:
    till = await registered(open_till)
    await paid(till)
    assert till.merchant.validations == []


async def test_an_accepted_payment_echoes_the_third_party_id(open_till: Open) -> None:
    till = await validating(open_till)
    till.merchant.validation_answer = json_response({"ResultCode": 0, "ResultDesc": "ok", "ThirdPartyTransID": "H-77"})
    payment = await paid(till)
    assert till.merchant.order == ["validation", "confirmation"]
    asked, told = json.loads(till.merchant.validations[0]), till.confirmed()[0]
    assert (asked["TransID"], asked["OrgAccountBalance"], asked["ThirdPartyTransID"]) == (payment.receipt, "", "")
    assert told["ThirdPartyTransID"] == "H-77"


@pytest.mark.parametrize("code", ["C2B00011", "C2B00012", "C2B00013", "C2B00014", "C2B00015", "C2B00016"])
async def test_a_rejected_payment_moves_nothing(open_till: Open, code: str) -> None:
    till = await validating(open_till)
    till.merchant.validation_answer = json_response({"ResultCode": code, "ResultDesc": "Rejected"})
    payment = await paid(till)
    assert (payment.paid, payment.reject_code) == (False, code)
    phone = till.daraja.state.phones.get(PHONE)
    assert phone.balance == Decimal(100000)
    assert phone.messages[0].text.startswith("Failed. KES 500.00 was not paid")
    assert (till.daraja.state.ledger.movements(), till.merchant.confirmations) == ([], [])
    (declined,) = till.daraja.state.ledger.declined
    assert (declined.receipt, declined.status) == (payment.receipt, "Declined")


@pytest.mark.parametrize(("response_type", "is_paid"), [("Completed", 1), ("Cancelled", 0)])
@pytest.mark.parametrize("answer", [Response(500), Response(200, b"<html>"), json_response([])])
async def test_no_usable_answer_means_the_response_type(
    open_till: Open, response_type: str, is_paid: int, answer: Response
) -> None:
    till = await validating(open_till, response_type)
    till.merchant.validation_answer = answer
    payment = await paid(till)
    assert (payment.paid, payment.validation) == (is_paid, "unreadable")


@pytest.mark.parametrize(("response_type", "is_paid"), [("Completed", 1), ("Cancelled", 0)])
async def test_eight_seconds_of_silence(open_till: Open, response_type: str, is_paid: int) -> None:
    till = await validating(open_till, response_type)
    till.merchant.validation_answer = Hang()
    paying = asyncio.get_running_loop().create_task(till.daraja.pay(msisdn=PHONE, amount=500))
    await till.daraja.wait_for(lambda d: any(e.kind == "validation_asked" for e in d.state.journal.events))
    till.daraja.advance(7)
    await till.client.get("/sim/payments")
    assert not paying.done()
    till.daraja.advance(2)
    payment = await paying
    assert (payment.paid, payment.validation) == (is_paid, "silent")


# -- over HTTP


async def test_simulate_pays(open_till: Open) -> None:
    till = await registered(open_till)
    answer = await till.call(
        "/mpesa/c2b/v2/simulate",
        ShortCode=174379,
        CommandID="CustomerPayBillOnline",
        Amount=150,
        Msisdn="254708374149",
        BillRefNumber="INV-9",
    )
    assert answer.json()["ResponseCode"] == "0"
    await till.daraja.wait_for(lambda d: d.state.ledger.movements())
    await till.daraja.idle()
    assert till.confirmed()[0]["BillRefNumber"] == "INV-9"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"CommandID": "Pay"}, "CommandID"),
        ({"CommandID": "CustomerBuyGoodsOnline"}, "CommandID"),
        ({"Amount": "1.5"}, "Amount"),
        ({"Msisdn": "0712345678"}, "Msisdn"),
        ({"BillRefNumber": None}, "BillRefNumber"),
        ({"BillRefNumber": "x" * 21}, "BillRefNumber"),
    ],
)
async def test_simulate_refuses(open_till: Open, changed: Any, field: str) -> None:
    till = await registered(open_till)
    body = {"ShortCode": "174379", "CommandID": "CustomerPayBillOnline", "Amount": "1", "Msisdn": PHONE}
    answer = await till.call("/mpesa/c2b/v2/simulate", **(body | {"BillRefNumber": "A"} | changed))
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"


async def test_production_has_no_simulate(open_till: Open) -> None:
    till = await open_till(environment="production")
    assert (await till.call("/mpesa/c2b/v2/simulate")).status_code == 401


async def test_paying_over_the_admin_api(open_till: Open) -> None:
    till = await registered(open_till)
    answer = await till.client.post(
        "/sim/payments", json={"msisdn": PHONE, "amount": "500", "account": "INV 1", "pin": "1234"}
    )
    told = answer.json()
    assert (told["paid"], told["refused"]) == (True, None)
    await till.daraja.idle()
    (listed,) = (await till.client.get("/sim/payments")).json()["payments"]
    assert (listed["receipt"], listed["done"]) == (told["receipt"], True)
    wrong = await till.client.post("/sim/payments", json={"msisdn": PHONE, "amount": "500", "pin": "1"})
    assert wrong.json()["refused"] == "You have entered the wrong PIN."
    for bad in ({}, {"amount": "x", "msisdn": PHONE}, {"amount": 1, "msisdn": PHONE, "colour": 1}):
        assert (await till.client.post("/sim/payments", json=bad)).status_code == 400
    assert (await till.client.post("/sim/payments/X/deliveries", json={})).status_code == 404


async def test_a_borne_fee_shares_the_receipt(open_till: Open) -> None:
    till = await registered(open_till, c2b_fee="business")
    payment = await paid(till)
    row, charge = till.daraja.state.ledger.movements()
    assert (charge.receipt, charge.kind, charge.direction, charge.amount) == (payment.receipt, "charge", "out", 5)
    assert (row.balance, charge.balance) == (500, 495)
    assert till.daraja.state.ledger.find(payment.receipt) == row
    assert till.daraja.state.ledger.total() == 500
    await paid(till, amount=100)
    assert len(till.daraja.state.ledger.movements("charge")) == 1


# -- faults of the endpoints


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("spike_arrest", 500, "500.003.02"),
        ("quota", 500, "500.003.03"),
        ("internal", 500, "500.003.1001"),
        ("duplicate_notification", 500, "500.003.1001"),
        ("maintenance", 500, "500.002.1001"),
        ("token_400", 400, "400.003.01"),
        ("bad_request", 400, "400.003.02"),
        ("malformed", 400, "400.002.05"),
        ("invalid:ShortCode", 400, "400.002.02"),
        ("wrong_path", 404, "404.002.01"),
        ("method", 405, "405.001"),
    ],
)
async def test_the_error_table_on_demand(open_till: Open, fault: str, status: int, code: str) -> None:
    till = await open_till()
    answer = await till.client.put("/sim/faults/c2b_register", json=fault)
    assert "c2b_register" in answer.json()["endpoints"]
    refused = await till.register()
    assert (refused.status_code, refused.json()["errorCode"]) == (status, code)
    assert (await till.register()).status_code == 200, "a fault serves once"


async def test_an_answer_can_break_after_the_work_is_done(open_till: Open) -> None:
    till = await open_till()
    await till.client.put(
        "/sim/faults/c2b_register", json=[{"fault": "error", "accepted": True}, "no_product", "spike"]
    )
    assert (await till.register()).status_code == 500
    assert len(till.daraja.c2b_urls.all()) == 1
    assert "no apiproduct match" in (await till.register()).json()["fault"]["faultstring"]
    assert (await till.register()).status_code == 429


async def test_unknown_faults_and_endpoints_are_refused(open_till: Open) -> None:
    till = await open_till()
    assert (await till.client.put("/sim/faults/nothing", json="spike")).status_code == 400
    assert (await till.client.put("/sim/faults/c2b_register", json="nothing")).status_code == 400


async def test_reset_forgets_payments_and_registrations(open_till: Open) -> None:
    till = await registered(open_till, opening_utility=Decimal(50), default_behaviour=Behaviour())
    await paid(till)
    till.daraja.fail("c2b_register", "spike")
    await till.daraja.reset()
    assert (till.daraja.c2b.payments, till.daraja.c2b_urls.all(), till.daraja.state.faults.all()) == ([], [], {})
    assert till.daraja.state.ledger.balance() == 50
