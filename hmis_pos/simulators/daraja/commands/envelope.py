"""The bodies Safaricom sends about commands: the result with its oddities, and calls of QueueTimeOutURL."""

import random
from decimal import Decimal
from typing import Any

from hmis_pos.simulators import exact_json
from hmis_pos.simulators.daraja.commands.command import Command, Decision, Parameter
from hmis_pos.simulators.daraja.commands.script import CommandDelivery, ResultShape, TimeoutShape
from hmis_pos.simulators.daraja.ledger import compact_eat
from hmis_pos.simulators.daraja.results import SUCCESS

GARBAGE = '{"Result":{"ResultType":0,"ResultCode":'
AMOUNTS = ("TransactionAmount", "Amount")
_CENT = Decimal("0.01")
_OLDER = {"ConversationID": "Conversation ID", "OriginatorConversationID": "Originator Conversation ID"}


def result_body(command: Command[Any], said: Decision, delivery: CommandDelivery, rng: random.Random) -> str:
    """Return the text that is sent to ResultURL.

    Args:
        command: what it is about.
        said: what it says, true or not.
        delivery: may replace the amount.
        rng: decides the order of shuffled parameters.
    """
    shape = command.script.shape
    code = said.result.code
    told: dict[str, Any] = {
        "ResultType": 0,
        "ResultCode": int(code) if shape.codes == "int" and code.isdecimal() else code,
        "ResultDesc": said.result.description,
        "OriginatorConversationID": command.originator_id,
        "ConversationID": command.conversation_id,
    }
    if code == SUCCESS or shape.failure_transaction == "dummy":
        told["TransactionID"] = said.transaction_id
    elif shape.failure_transaction == "empty":
        told["TransactionID"] = ""
    if code == SUCCESS:
        told["ResultParameters"] = {"ResultParameter": _success(said, delivery, shape, rng)}
    else:
        told |= _failure(command, shape)
    item = {"Key": "QueueTimeoutURL", "Value": command.order.caller.timeout_url}
    if shape.reference != "absent":
        told["ReferenceData"] = {"ReferenceItem": [item] if shape.reference == "list" else item}
    return exact_json.write({"Result": told})


def _success(said: Decision, delivery: CommandDelivery, shape: ResultShape, rng: random.Random) -> list[dict[str, Any]]:
    items = [_item(parameter, delivery, shape) for parameter in said.parameters]
    if shape.unknown_parameters:
        items += [{"Key": "Extras", "Value": {"tier": 1, "tags": ["x"]}}, {"Key": "Reserved"}]
    if shape.shuffle:
        before = list(items)
        rng.shuffle(items)
        if items == before:
            items.reverse()
    if shape.parties == "debit_twice":
        items = [item | {"Key": "DebitPartyName"} if item["Key"] == "CreditPartyName" else item for item in items]
    return items


def _item(parameter: Parameter, delivery: CommandDelivery, shape: ResultShape) -> dict[str, Any]:
    key, value = parameter.key, parameter.value
    if value is None:
        return {"Key": key}
    if key in AMOUNTS and delivery.amount is not None:
        value = Decimal(delivery.amount)
    if isinstance(value, Decimal):
        value = value if shape.numbers == "usual" else value.quantize(_CENT)
        value = str(value) if shape.numbers == "string" else value
    return {"Key": _OLDER.get(key, key) if shape.older_keys else key, "Value": value}


def _failure(command: Command[Any], shape: ResultShape) -> dict[str, Any]:
    style = shape.failure_parameters
    if style == "usual":
        # Money commands come back without; the queries were seen with one object where others have a list.
        style = "single" if command.kind in {"status", "balance"} else "absent"
    if style == "absent":
        return {}
    if style == "null":
        return {"ResultParameters": None}
    if style == "empty":
        return {"ResultParameters": {"ResultParameter": []}}
    at = int(compact_eat(command.closed_at or command.accepted_at))
    return {"ResultParameters": {"ResultParameter": {"Key": "BOCompletedTime", "Value": at}}}


def timeout_body(command: Command[Any], shape: TimeoutShape) -> str:
    """Return what is sent to QueueTimeOutURL: nobody has described it, so it comes in every shape."""
    if shape == "text":
        return "Request timed out in the queue"
    if shape == "empty":
        return ""
    ids = {"OriginatorConversationID": command.originator_id, "ConversationID": command.conversation_id}
    bodies: dict[TimeoutShape, Any] = {
        "envelope": {
            "Result": {
                "ResultType": 1,
                "ResultCode": 1,
                "ResultDesc": "The service request timed out in the queue.",
                **ids,
                "TransactionID": "",
            }
        },
        "flat": {**ids, "ResponseDescription": "The service request timed out."},
        "echo": command.body,
        "object": {},
        "list": [],
    }
    return exact_json.write(bodies[shape])
