"""Transaction Status: what it finds, what it calls it, and how oddly it says so."""

import json
from typing import Any

import pytest

from hmis_pos.simulators.daraja.commands import CommandScript, ResultShape
from tests.support.daraja_commands import Office, parameters
from tests.support.daraja_till import PHONE


@pytest.fixture
async def office(open_office: Any) -> Office:
    opened: Office = await open_office()
    return opened


async def test_a_collected_payment_by_its_receipt(office: Office) -> None:
    receipt = await office.paid_receipt()
    result = await office.done("status", TransactionID=receipt)
    assert result["ResultCode"] == 0
    assert result["TransactionID"] != receipt, "the query has no receipt of its own"
    told = parameters(result)
    name = office.till.daraja.state.phones.get(PHONE).name
    (movement,) = office.till.daraja.state.ledger.movements()
    assert len(str(told.pop("InitiatedTime"))) == len(str(told.pop("FinalisedTime"))) == 14
    assert movement.receipt == receipt
    assert told == {
        "ReceiptNo": receipt,
        "TransactionStatus": "Completed",
        "Amount": 1500,
        "DebitPartyName": f"{PHONE} - {name}",
        "CreditPartyName": "174379 - Mwangaza County Hospital",
        "DebitPartyCharges": None,
        "DebitAccountType": "MMF Account For Customer",
        "ReasonType": "Pay Utility",
        "TransactionReason": None,
        "ConversationID": None,
        "OriginatorConversationID": None,
    }


@pytest.mark.parametrize("by", ["TransactionID", "OriginalConversationID"])
async def test_a_payout_by_receipt_and_by_its_lost_id(office: Office, by: str) -> None:
    paid = await office.done("b2c", originator="refund-1")
    key = paid["TransactionID"] if by == "TransactionID" else "refund-1"
    told = parameters(await office.done("status", **{by: key}))
    assert told["ReceiptNo"] == paid["TransactionID"]
    assert told["TransactionStatus"] == "Completed"
    assert told["DebitPartyName"] == "174379 - Mwangaza County Hospital"
    assert told["CreditPartyName"].startswith(f"{PHONE} - ")
    assert told["DebitPartyCharges"] == "Fee For B2C Payment|KES|5.00"
    assert told["DebitAccountType"] == "Utility Account"
    assert told["ReasonType"] == "Business Payment to Customer via API"
    assert (told["ConversationID"], told["OriginatorConversationID"]) == (paid["ConversationID"], "refund-1")


async def test_a_payment_taken_back_stays_completed(office: Office) -> None:
    receipt = await office.paid_receipt()
    back = (await office.done("reversal", TransactionID=receipt))["TransactionID"]
    first = parameters(await office.done("status", TransactionID=receipt))
    second = parameters(await office.done("status", TransactionID=back))
    assert (first["ReceiptNo"], first["TransactionStatus"]) == (receipt, "Completed")
    assert (second["ReceiptNo"], second["TransactionStatus"]) == (back, "Completed")
    assert second["CreditPartyName"] == first["DebitPartyName"]


async def test_a_request_whose_answer_was_lost(office: Office) -> None:
    office.till.daraja.commands.script("b2c", "error_accepted")
    assert (await office.send("b2c", originator="refund-1")).status_code == 500
    await office.till.daraja.idle()
    told = parameters(await office.done("status", OriginalConversationID="refund-1"))
    assert (told["TransactionStatus"], told["Amount"]) == ("Completed", 1500)


@pytest.mark.parametrize("trouble", ["error_refused", "error_id_taken"])
async def test_a_request_that_never_ran_is_not_found(office: Office, trouble: str) -> None:
    office.till.daraja.commands.script("b2c", trouble)
    await office.send("b2c", originator="refund-1")
    assert (await office.done("status", OriginalConversationID="refund-1"))["ResultCode"] == 25


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("1", "Declined"),
        ("cancel", "Cancelled"),
        ("expire", "Expired"),
        (CommandScript(outcome="busy", status="Cancelled"), "Cancelled"),
        (CommandScript(held=True), "Initiated"),
        (CommandScript(held=True, pending_status="Authorized"), "Authorized"),
    ],
)
async def test_a_payout_that_was_not_made(office: Office, script: Any, status: str) -> None:
    office.till.daraja.commands.script("b2c", script)
    await office.send("b2c", originator="refund-1")
    await office.till.daraja.idle()
    told = parameters(await office.done("status", OriginalConversationID="refund-1"))
    assert told["TransactionStatus"] == status
    assert told["ReceiptNo"] is None
    assert (told["FinalisedTime"] is None) == (status in {"Initiated", "Authorized"})


async def test_a_reversal_that_was_declined(office: Office) -> None:
    receipt = await office.paid_receipt()
    office.till.daraja.commands.script("reversal", "insufficient")
    lost = await office.done("reversal", TransactionID=receipt)
    told = parameters(await office.done("status", OriginalConversationID=lost["OriginatorConversationID"]))
    assert (told["TransactionStatus"], told["ReasonType"]) == ("Declined", "Transaction Reversal")


@pytest.mark.parametrize("status", ["Completed", "Cancelled", "Declined", "Expired", "Initiated", "Authorized"])
async def test_every_status_on_demand(office: Office, status: Any) -> None:
    receipt = await office.paid_receipt()
    office.till.daraja.commands.script("status", CommandScript(status=status), receipt)
    result = await office.done("status", TransactionID=receipt)
    assert result["ResultCode"] == 0, "the query worked"
    assert parameters(result)["TransactionStatus"] == status


@pytest.mark.parametrize(("setting", "code"), [("25", 25), ("R000002", "R000002"), ("2001", 2001)])
async def test_nothing_found_is_a_failed_query(open_office: Any, setting: str, code: Any) -> None:
    office: Office = await open_office(unknown_transaction=setting)
    result = await office.done("status", TransactionID="TAB1CD2EFG")
    assert result["ResultCode"] == code
    single = result["ResultParameters"]["ResultParameter"]
    assert isinstance(single, dict), "one object where a success has a list"
    assert single["Key"] == "BOCompletedTime"


async def test_a_query_is_nothing_to_ask_about(office: Office) -> None:
    asked = await office.done("balance")
    result = await office.done("status", OriginalConversationID=asked["OriginatorConversationID"])
    assert result["ResultCode"] == 25


async def test_a_shortcode_that_is_not_ours(office: Office) -> None:
    receipt = await office.paid_receipt()
    assert (await office.done("status", TransactionID=receipt, PartyA="600000"))["ResultCode"] == 21


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, "TransactionID"),
        ({"TransactionID": "TAB1CD2EFG", "IdentifierType": "11"}, "IdentifierType"),
        ({"TransactionID": "TAB1CD2EFG", "PartyA": None}, "PartyA"),
        ({"TransactionID": "TAB1CD2EFG", "CommandID": None, "Command ID": "TransactionStatusQuery"}, "CommandID"),
        ({"OriginatorConversationID": "refund-1"}, "TransactionID"),
        ({"TransactionID": "TAB1CD2EFG", "Remarks": "R" * 101}, "Remarks"),
    ],
)
async def test_a_bad_field_is_named(office: Office, changed: dict[str, Any], field: str) -> None:
    answer = await office.send("status", **changed)
    assert answer.status_code == 400
    assert answer.json()["errorMessage"] == f"Bad Request - Invalid {field}"


async def told_text(office: Office, **shape: Any) -> str:
    await office.done("b2c", originator="refund-1")
    office.till.daraja.commands.script("status", CommandScript(shape=ResultShape(**shape)))
    await office.done("status", OriginalConversationID="refund-1")
    return office.till.daraja.courier.sent[-1].body


async def test_the_transaction_reason_has_no_value(office: Office) -> None:
    assert '{"Key":"TransactionReason"}' in await told_text(office)


async def test_the_debit_party_is_printed_twice(office: Office) -> None:
    body = await told_text(office, parties="debit_twice")
    names = [
        item["Value"]
        for item in json.loads(body)["Result"]["ResultParameters"]["ResultParameter"]
        if item["Key"] == "DebitPartyName"
    ]
    assert len(names) == 2
    assert names[1].startswith(PHONE)
    assert "CreditPartyName" not in body


async def test_keys_with_spaces(office: Office) -> None:
    body = await told_text(office, older_keys=True)
    assert '"Key":"Conversation ID"' in body
    assert '"Key":"Originator Conversation ID"' in body


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ({"numbers": "decimal"}, '"Key":"Amount","Value":1500.00}'),
        ({"numbers": "string"}, '"Key":"Amount","Value":"1500.00"}'),
        ({"codes": "string"}, '"ResultCode":"0"'),
        ({"reference": "list"}, '"ReferenceItem":[{"Key"'),
        ({"unknown_parameters": True}, '{"Key":"Reserved"}'),
    ],
)
async def test_other_ways_to_write_it(office: Office, shape: dict[str, Any], text: str) -> None:
    assert text in await told_text(office, **shape)


async def test_no_reference_and_another_order(office: Office) -> None:
    body = await told_text(office, reference="absent", shuffle=True)
    assert "ReferenceData" not in body
    keys = [item["Key"] for item in json.loads(body)["Result"]["ResultParameters"]["ResultParameter"]]
    assert keys[:3] != ["DebitPartyName", "CreditPartyName", "OriginatorConversationID"]
    assert len(keys) == 13


@pytest.mark.parametrize(
    ("shape", "rest"),
    [
        ({"failure_parameters": "absent"}, {}),
        ({"failure_parameters": "null"}, {"ResultParameters": None}),
        ({"failure_parameters": "empty"}, {"ResultParameters": {"ResultParameter": []}}),
        ({"failure_parameters": "absent", "failure_transaction": "empty"}, {"TransactionID": ""}),
        ({"failure_parameters": "absent", "failure_transaction": "absent"}, {}),
    ],
)
async def test_ways_to_write_a_failure(office: Office, shape: dict[str, Any], rest: dict[str, Any]) -> None:
    script = CommandScript(outcome="bad_parameter", shape=ResultShape(**shape))
    office.till.daraja.commands.script("status", script)
    result = await office.done("status", TransactionID="TAB1CD2EFG")
    told = {key: result[key] for key in ("ResultParameters", "TransactionID") if key in result}
    if "failure_transaction" not in shape:
        assert told.pop("TransactionID").endswith("0000000")
    assert told == rest
