"""JSON text in which a number keeps the digits it was given.

A provider that writes `1500.00` today writes `1500` tomorrow. Python's `json` turns both into the same float; here a
`Decimal` is written digit for digit, so a simulator can send either on purpose.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def write(value: Any) -> str:
    """Return JSON text for a value made of dicts, lists, strings, ints, bools, None and Decimals."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(k))}:{write(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ",".join(write(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def read(text: bytes) -> Any:
    """Parse JSON with numbers that have a point as Decimal.

    Raises:
        ValueError: the text is not JSON or not UTF-8.
    """
    return json.loads(text.decode(), parse_float=Decimal)
