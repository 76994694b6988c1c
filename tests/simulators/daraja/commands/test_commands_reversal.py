"""Reversals: collected money goes back once, under a receipt of its own."""

import re
from decimal import Decimal
from typing import Any

import pytest

from hmis_pos.simulators.daraja.ledger import UTILITY
from tests.support.daraja_commands import Office, parameters
from tests.support.daraja_till import PHONE


@pytest.fixture
async def office(open_office: Any) -> Office:
    opened: Office = await open_office(opening_utility=Decimal(0))
    return opened


async def test_a_reversal_has_its_own_receipt(office: Office) -> None:
    receipt = await office.paid_receipt()
    phone = office.till.daraja.state.phones.get(PHONE)
    before = phone.balance
    result = await office.done("reversal", TransactionID=receipt)
    (movement,) = office.till.daraja.state.ledger.movements("reversal")
    assert (result["ResultCode"], result["TransactionID"]) == (0, movement.receipt)
    assert movement.receipt != receipt
    assert (movement.linked, movement.direction, movement.amount, movement.msisdn) == (receipt, "out", 1500, PHONE)
    told = parameters(result)
    assert re.fullmatch(r"[0-9]{14}", str(told.pop("TransCompletedTime")))
    assert told == {
        "DebitAccountBalance": "Utility Account|KES|0.00|0.00|0.00|0.00",
        "Amount": 1500,
        "OriginalTransactionID": receipt,
        "Charge": 0.00,
        "CreditPartyPublicName": f"{PHONE} - {phone.name}",
        "DebitPartyPublicName": "174379 - Mwangaza County Hospital",
    }
    assert phone.balance == before + 1500
    assert receipt in phone.messages[-1].text
    assert office.till.daraja.state.ledger.balance(UTILITY) == 0


async def test_it_happens_once(office: Office) -> None:
    receipt = await office.paid_receipt()
    await office.paid_receipt(Amount=1700)
    codes = [(await office.done("reversal", TransactionID=receipt))["ResultCode"] for _ in range(3)]
    assert codes == [0, "R000001", "R000001"]
    assert len(office.till.daraja.state.ledger.movements("reversal")) == 1


async def test_a_payment_from_the_menu_is_reversed_too(office: Office) -> None:
    payment = await office.till.daraja.pay(amount=200, msisdn=PHONE, account="INV20931")
    await office.till.daraja.idle()
    (paid,) = office.till.daraja.state.ledger.movements("c2b")
    assert payment is not None
    assert (await office.done("reversal", TransactionID=paid.receipt.lower(), Amount=200))["ResultCode"] == 0


async def test_an_unknown_receipt(office: Office) -> None:
    result = await office.done("reversal", TransactionID="TAB1CD2EFG")
    assert result["ResultCode"] == "R000002"
    assert "ResultParameters" not in result


async def test_payouts_and_reversals_are_not_reversed(open_office: Any) -> None:
    office: Office = await open_office()
    paid_out = (await office.done("b2c"))["TransactionID"]
    reversed_ = (await office.done("reversal", TransactionID=await office.paid_receipt()))["TransactionID"]
    for receipt in (paid_out, reversed_):
        assert (await office.done("reversal", TransactionID=receipt))["ResultCode"] == "R000002"


async def test_the_money_must_still_be_there(office: Office) -> None:
    receipt = await office.paid_receipt()
    await office.done("b2c", Amount=10)
    assert (await office.done("reversal", TransactionID=receipt))["ResultCode"] == 1
    assert office.till.daraja.state.ledger.movements("reversal") == []


@pytest.mark.parametrize(("settings", "code"), [({"initiator_roles": ("b2c",)}, 21), ({"products": ("b2c",)}, 2028)])
async def test_settings_that_stop_a_reversal(open_office: Any, settings: dict[str, Any], code: int) -> None:
    office: Office = await open_office(**settings)
    receipt = await office.paid_receipt()
    assert (await office.done("reversal", TransactionID=receipt))["ResultCode"] == code


async def test_another_shortcode_s_money_is_not_ours(office: Office) -> None:
    receipt = await office.paid_receipt()
    assert (await office.done("reversal", TransactionID=receipt, ReceiverParty="600000"))["ResultCode"] == 2028


@pytest.mark.parametrize(("style", "code", "moved"), [("refuse", 25, []), ("honour", 0, [400]), ("whole", 0, [1500])])
async def test_less_than_the_whole(open_office: Any, style: str, code: int, moved: list[int]) -> None:
    office: Office = await open_office(partial_reversal=style)
    receipt = await office.paid_receipt()
    assert (await office.done("reversal", TransactionID=receipt, Amount=400))["ResultCode"] == code
    assert [m.amount for m in office.till.daraja.state.ledger.movements("reversal")] == moved


async def test_more_than_the_whole(open_office: Any) -> None:
    office: Office = await open_office(partial_reversal="honour")
    receipt = await office.paid_receipt()
    assert (await office.done("reversal", TransactionID=receipt, Amount=1501))["ResultCode"] == 25


@pytest.mark.parametrize("code", ["1", "11", "21", "2001", "2006", "2028", "8006", "R000001", "R000002"])
async def test_every_code_of_the_table_on_demand(office: Office, code: str) -> None:
    receipt = await office.paid_receipt()
    office.till.daraja.commands.script("reversal", code, receipt)
    assert str((await office.done("reversal", TransactionID=receipt))["ResultCode"]) == code
    assert office.till.daraja.state.ledger.movements("reversal") == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"RecieverIdentifierType": None, "ReceiverIdentifierType": "11"}, "RecieverIdentifierType"),
        ({"RecieverIdentifierType": "4"}, "RecieverIdentifierType"),
        ({"TransactionID": None}, "TransactionID"),
        ({"Amount": "0"}, "Amount"),
        ({"ReceiverParty": ""}, "ReceiverParty"),
        ({"CommandID": "BusinessPayment"}, "CommandID"),
        ({"Initiator": None, "InitiatorName": "testapi"}, "Initiator"),
        ({"Remarks": "R"}, "Remarks"),
        ({"Occasion": "O" * 101}, "Occasion"),
        ({"QueueTimeOutURL": None}, "QueueTimeOutURL"),
    ],
)
async def test_a_bad_field_is_named(office: Office, changed: dict[str, Any], field: str) -> None:
    answer = await office.send("reversal", **{"TransactionID": "TAB1CD2EFG"} | changed)
    assert answer.status_code == 400
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"


async def test_a_number_stands_for_the_identifier_too(office: Office) -> None:
    assert (await office.send("reversal", TransactionID="TAB1CD2EFG", RecieverIdentifierType=11)).status_code == 200
