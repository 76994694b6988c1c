"""B2C: the fields, the money and the fee, the result's shape, and every way it fails."""

import re
from decimal import Decimal
from typing import Any

import pytest

from hmis_pos.simulators.daraja import Submit
from hmis_pos.simulators.daraja.commands import CommandScript, CommandSubmit
from hmis_pos.simulators.daraja.ledger import CHARGES_PAID, UTILITY
from tests.support.daraja_commands import Office, parameters
from tests.support.daraja_till import PHONE


async def test_a_payout_is_accepted_then_told(open_office: Any) -> None:
    office: Office = await open_office(opening_working=Decimal(700))
    answer = (await office.send("b2c", originator="refund-0001")).json()
    assert answer["OriginatorConversationID"] == "refund-0001"
    assert answer["ConversationID"].startswith("AG_")
    assert (answer["ResponseCode"], answer["ResponseDescription"]) == (
        "0",
        "Accept the service request successfully.",
    )
    await office.till.daraja.idle()
    (result,) = office.results()
    (movement,) = office.till.daraja.state.ledger.movements("b2c")
    assert {k: v for k, v in result.items() if k not in {"ResultParameters", "ReferenceData"}} == {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "The service request is processed successfully.",
        "OriginatorConversationID": "refund-0001",
        "ConversationID": answer["ConversationID"],
        "TransactionID": movement.receipt,
    }
    told = parameters(result)
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d", told.pop("TransactionCompletedDateTime"))
    assert told == {
        "TransactionAmount": 1500,
        "TransactionReceipt": movement.receipt,
        "ReceiverPartyPublicName": f"{PHONE} - {office.till.daraja.state.phones.get(PHONE).name}",
        "B2CUtilityAccountAvailableFunds": 98500.00,
        "B2CWorkingAccountAvailableFunds": 700.00,
        "B2CRecipientIsRegisteredCustomer": "Y",
        "B2CChargesPaidAccountAvailableFunds": -5.00,
    }
    item = result["ReferenceData"]["ReferenceItem"]
    assert item == {"Key": "QueueTimeoutURL", "Value": f"{office.till.merchant.url}/cb/3d4e5f"}


async def test_money_and_fee_are_in_the_ledger(open_office: Any) -> None:
    office: Office = await open_office()
    phone = office.till.daraja.state.phones.get(PHONE)
    before = phone.balance
    await office.done("b2c")
    ledger = office.till.daraja.state.ledger
    paid, fee = ledger.movements()
    assert (paid.kind, paid.direction, paid.amount, paid.msisdn) == ("b2c", "out", 1500, PHONE)
    assert (fee.kind, fee.direction, fee.amount, fee.receipt) == ("charge", "out", 5, paid.receipt)
    assert (ledger.balance(UTILITY), ledger.balance(CHARGES_PAID)) == (98500, -5)
    assert phone.balance == before + 1500
    assert phone.messages[-1].text.startswith(f"{paid.receipt} Confirmed. You have received KES 1,500.00")


async def test_a_small_payout_costs_nothing(open_office: Any) -> None:
    office: Office = await open_office()
    await office.done("b2c", Amount="100")
    assert [m.kind for m in office.till.daraja.state.ledger.movements()] == ["b2c"]


async def test_the_older_path_makes_its_own_id(open_office: Any) -> None:
    office: Office = await open_office()
    first = (await office.send("b2c_v1", OriginatorConversationID="mine")).json()
    second = (await office.send("b2c_v1", OriginatorConversationID="mine")).json()
    assert len({"mine", first["OriginatorConversationID"], second["OriginatorConversationID"]}) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("OriginatorConversationID", None),
        ("InitiatorName", None),
        ("SecurityCredential", ""),
        ("CommandID", "BusinessPayBill"),
        ("Amount", 9),
        ("Amount", 250001),
        ("Amount", "10.50"),
        ("Amount", 10.0),
        ("PartyA", "12"),
        ("PartyB", "0712345678"),
        ("PartyB", "+254712345678"),
        ("Remarks", "R"),
        ("Remarks", "R" * 101),
        ("Remarks", None),
        ("Occassion", "O" * 101),
        ("ResultURL", None),
        ("ResultURL", "http://example.com/mpesa/result"),
        ("QueueTimeOutURL", "result"),
    ],
)
async def test_a_bad_field_is_named(open_office: Any, field: str, value: Any) -> None:
    office: Office = await open_office()
    body = {name: v for name, v in (office.fields("b2c") | {field: value}).items() if v is not None}
    answer = await office.till.client.post("/mpesa/b2c/v3/paymentrequest", json=body, headers=office.till.bearer)
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "400.002.02"
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"


async def test_initiator_is_called_otherwise_here(open_office: Any) -> None:
    office: Office = await open_office()
    answer = await office.send("b2c", InitiatorName=None, Initiator="testapi")
    assert answer.json()["errorMessage"] == "Bad Request - Invalid InitiatorName"


async def test_a_form_is_blamed_on_the_initiator(open_office: Any) -> None:
    office: Office = await open_office()
    answer = await office.till.client.post(
        "/mpesa/b2c/v3/paymentrequest", data=office.fields("b2c"), headers=office.till.bearer
    )
    assert answer.json()["errorMessage"] == "Bad Request - Invalid InitiatorName"


async def test_amounts_outside_the_limits_can_end_later(open_office: Any) -> None:
    office: Office = await open_office(b2c_limits="result", opening_utility=Decimal(900000))
    assert (await office.done("b2c", Amount=9))["ResultCode"] == 2
    assert (await office.done("b2c", Amount=250001))["ResultCode"] == 3


# -- the id


async def test_an_id_used_twice_pays_once(open_office: Any) -> None:
    office: Office = await open_office()
    await office.done("b2c", originator="refund-1")
    answer = await office.send("b2c", originator="refund-1")
    assert answer.status_code == 500
    assert (answer.json()["errorCode"], answer.json()["errorMessage"]) == (
        "500.002.1001",
        "Duplicate OriginatorConversationID",
    )
    assert len(office.till.daraja.state.ledger.movements("b2c")) == 1


@pytest.mark.parametrize(
    ("submit", "again", "paid"),
    [
        (CommandSubmit(fault="error", accepted=True), 500, 1),
        (CommandSubmit(fault="error", accepted=False), 200, 1),
        (CommandSubmit(fault="error", accepted=False, takes_id=True), 500, 0),
        (CommandSubmit(fault="reject", reject="spike_arrest"), 200, 1),
        (CommandSubmit(fault="reject", reject="internal", takes_id=True), 500, 0),
    ],
)
async def test_a_duplicate_does_not_tell_whether_the_first_ran(
    open_office: Any, submit: CommandSubmit, again: int, paid: int
) -> None:
    office: Office = await open_office()
    office.till.daraja.commands.script("b2c", (CommandScript(submit=submit), CommandScript()))
    assert (await office.send("b2c", originator="refund-1")).status_code >= 429
    answer = await office.send("b2c", originator="refund-1")
    assert answer.status_code == again
    await office.till.daraja.idle()
    assert len(office.till.daraja.state.ledger.movements("b2c")) == paid


async def test_a_refused_field_leaves_the_id_free(open_office: Any) -> None:
    office: Office = await open_office()
    assert (await office.send("b2c", originator="refund-1", Amount=0)).status_code == 400
    assert (await office.send("b2c", originator="refund-1")).status_code == 200


# -- failures


async def test_a_failure_is_told_without_parameters(open_office: Any) -> None:
    office: Office = await open_office(opening_utility=Decimal(1499), opening_working=Decimal(90000))
    result = await office.done("b2c")
    assert result["ResultCode"] == 1
    assert "ResultParameters" not in result
    assert re.fullmatch(r"[A-Z]{3}0{7}", result["TransactionID"])
    assert office.till.daraja.state.ledger.movements() == []


async def test_reserved_money_cannot_be_paid(open_office: Any) -> None:
    office: Office = await open_office(opening_utility=Decimal(2000), utility_reserved=Decimal(501))
    assert (await office.done("b2c"))["ResultCode"] == 1


async def test_a_separate_shortcode_pays_from_its_own(open_office: Any) -> None:
    office: Office = await open_office(b2c_shortcode="600984", b2c_opening_utility=Decimal(1500))
    assert (await office.done("b2c", PartyA="174379"))["ResultCode"] == 2028
    assert (await office.done("b2c"))["ResultCode"] == 0
    ledger = office.till.daraja.state.ledger
    assert (ledger.balance(UTILITY), ledger.balance(UTILITY, "600984")) == (100000, 0)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"products": ()}, 2028),
        ({"initiator_roles": ("status",)}, 21),
        ({"customer_balance_limit": Decimal(100000)}, 8),
    ],
)
async def test_settings_that_stop_a_payout(open_office: Any, settings: dict[str, Any], code: int) -> None:
    office: Office = await open_office(**settings)
    assert (await office.done("b2c"))["ResultCode"] == code
    assert office.till.daraja.state.ledger.movements() == []


@pytest.mark.parametrize(
    "code",
    [
        "1",
        "2",
        "3",
        "4",
        "8",
        "11",
        "2006",
        "15",
        "17",
        "18",
        "20",
        "2001",
        "21",
        "24",
        "25",
        "26",
        "2028",
        "2040",
        "8006",
        "SFC_IC0003",
        "TP40153",
    ],
)
async def test_every_code_of_the_table_on_demand(open_office: Any, code: str) -> None:
    office: Office = await open_office()
    office.till.daraja.commands.script("b2c", code, PHONE)
    result = await office.done("b2c")
    assert result["ResultCode"] == (int(code) if code.isdecimal() else code)
    assert result["ResultDesc"] not in {"", f"Result {code}"}
    assert office.till.daraja.state.ledger.movements() == []
    assert (await office.done("b2c", PartyB="254711000000"))["ResultCode"] == 0, "another phone is paid"


async def test_a_script_of_one_phone_is_no_other_s(open_office: Any) -> None:
    office: Office = await open_office()
    commands = office.till.daraja.commands
    commands.script("b2c", "busy")
    commands.script("b2c", ("not_registered", CommandScript()), "254711000000")
    codes = [(await office.done("b2c", PartyB=p))["ResultCode"] for p in (PHONE, "254711000000", "254711000000")]
    assert codes == [26, 2040, 0]


# -- the operator


async def test_wrong_passwords_lock_the_operator(open_office: Any) -> None:
    office: Office = await open_office(initiator_attempts=3)
    wrong = office.till.daraja.initiator.encrypt("Wrong#2026")
    codes = [(await office.done("b2c", SecurityCredential=wrong))["ResultCode"] for _ in range(4)]
    assert codes == [2001, 2001, 2001, 8006]
    for kind in ("b2c", "balance"):
        assert (await office.done(kind))["ResultCode"] == 8006, "the right password does not open it either"
    office.till.daraja.commands.operator.unlock()
    assert (await office.done("b2c"))["ResultCode"] == 0


async def test_the_right_password_starts_the_count_again(open_office: Any) -> None:
    office: Office = await open_office(initiator_attempts=2)
    codes = []
    for password in ("wrong", None, "wrong", None):
        credential = office.till.daraja.initiator.encrypt(password)
        codes.append((await office.done("balance", SecurityCredential=credential))["ResultCode"])
    assert codes == [2001, 0, 2001, 0]


@pytest.mark.parametrize("credential", ["Demo#2026", "RGVtbyMyMDI2", "A" * 344])
async def test_what_is_no_credential_is_a_wrong_one(open_office: Any, credential: str) -> None:
    office: Office = await open_office()
    assert (await office.done("b2c", SecurityCredential=credential))["ResultCode"] == 2001
    assert office.till.daraja.commands.operator.wrong == 1


async def test_another_name_burns_nobody_s_attempts(open_office: Any) -> None:
    office: Office = await open_office()
    assert (await office.done("b2c", InitiatorName="nobody"))["ResultCode"] == 2001
    assert office.till.daraja.commands.operator.wrong == 0


async def test_a_scripted_wrong_password_burns_as_well(open_office: Any) -> None:
    office: Office = await open_office(initiator_attempts=2)
    office.till.daraja.commands.script("b2c", ("bad_credential", "bad_credential", CommandScript()))
    assert [(await office.done("b2c"))["ResultCode"] for _ in range(3)] == [2001, 2001, 8006]


# -- the token


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("b2c", 401, "401.002.01"),
        ("reversal", 404, "404.001.03"),
        ("status", 400, "400.003.01"),
        ("balance", 401, "401.002.01"),
    ],
)
async def test_each_path_has_its_own_word_for_a_bad_token(open_office: Any, kind: Any, status: int, code: str) -> None:
    office: Office = await open_office()
    office.till.token = "old"
    answer = await office.send(kind, TransactionID="TAB1CD2EFG")
    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)


async def test_faults_of_the_path_meet_commands_too(open_office: Any) -> None:
    office: Office = await open_office()
    office.till.daraja.fail("b2c", "spike", "invalid:Remarks", Submit(fault="empty", accepted=True))
    codes = [(await office.send("b2c")).status_code for _ in range(3)]
    assert codes == [429, 400, 200]
    await office.till.daraja.idle()
    assert len(office.results()) == 1
