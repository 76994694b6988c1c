"""The envelope that Safaricom puts around the result of every command: payout, reversal, status, balance.

Tolerant of form: parameters as a list or as a single object, entries without a value, keys with spaces inside or in another
case, codes as numbers or text, no parameters at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hmis_pos.gateways import exact_json
from hmis_pos.gateways.mpesa import wire

#: What Safaricom gives as TransactionID to what never became a transaction: MAS0000000.
_DUMMY = re.compile(r".*0{6,}")


@dataclass(frozen=True, slots=True)
class Parameters:
    """ResultParameters as a map from name to its values in the order they came; usually one.

    Names are asked for as the reference prints them, and found without regard to case and spaces.
    """

    values: Mapping[str, tuple[Any, ...]]

    def every(self, name: str) -> tuple[Any, ...]:
        return self.values.get(_folded(name), ())

    def one(self, name: str) -> Any:
        """The value, None where there is none.

        Raises:
            ValueError: there are two that differ, so nobody can say which is meant.
        """
        found = self.every(name)
        if any(value != found[0] for value in found):
            raise ValueError(f"the result gives two different values for {name}")
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first value as text; for what only informs."""
        return next((wire.text_of(value) for value in self.every(name)), "")

    def time(self, *names: str) -> datetime | None:
        """The first of these that can be read."""
        times = (wire.read_time(value) for name in names for value in self.every(name))
        return next((time for time in times if time is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A result. ``transaction`` is empty where Safaricom put a dummy or nothing."""

    code: str
    text: str
    originator: str
    conversation: str
    transaction: str
    parameters: Parameters


def read(body: bytes) -> Envelope:
    """Open the envelope.

    Raises:
        ValueError: it is none; the message says why.
    """
    result = exact_json.read_object(body).get("Result")
    if not isinstance(result, dict):
        raise ValueError("it is no result of a command: Result is missing")  # noqa: TRY004 - junk, not a caller's bug
    if result.get("ResultCode") is None:
        raise ValueError("it is no result of a command: ResultCode is missing")
    transaction = wire.identifier(result.get("TransactionID"), "TransactionID", wire.MAX_RECEIPT)
    return Envelope(
        code=wire.code(result["ResultCode"]),
        text=wire.text_of(result.get("ResultDesc")),
        originator=wire.identifier(result.get("OriginatorConversationID"), "OriginatorConversationID"),
        conversation=wire.identifier(result.get("ConversationID"), "ConversationID"),
        transaction="" if _DUMMY.fullmatch(transaction) else transaction,
        parameters=_parameters(result.get("ResultParameters")),
    )


def find_ids(body: bytes) -> tuple[str, str]:
    """OriginatorConversationID and ConversationID of any body, in an envelope or flat; empty where there is none."""
    try:
        outer = exact_json.read_object(body)
        inner = outer.get("Result")
        fields = inner if isinstance(inner, dict) else outer
        return (
            wire.identifier(fields.get("OriginatorConversationID"), "OriginatorConversationID"),
            wire.identifier(fields.get("ConversationID"), "ConversationID"),
        )
    except ValueError:
        return "", ""


def _parameters(outer: object) -> Parameters:
    listed = outer.get("ResultParameter") if isinstance(outer, dict) else None
    found: dict[str, tuple[Any, ...]] = {}
    for item in listed if isinstance(listed, list) else [listed]:
        if isinstance(item, dict) and item.get("Value") is not None:
            name = _folded(wire.text_of(item.get("Key")))
            found[name] = (*found.get(name, ()), item["Value"])
    return Parameters(found)


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()
