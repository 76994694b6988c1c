from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hmis_pos.gateways import exact_json


def test_fractions_stay_exact() -> None:
    read = exact_json.read(b'{"Amount":1500.10,"n":20260131101530}')
    assert str(read["Amount"]) == "1500.10"
    assert type(read["Amount"]) is Decimal
    assert read["n"] == 20260131101530


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert exact_json.read_object(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<html></html>", "not JSON"),
        (b'{"a":', "not JSON"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":-Infinity}', "-Infinity"),
        (b"\xff\xfe{", "UTF-8"),
        (b"[" * 100_000, "nested"),
        (b'{"a":' + b"9" * 5000 + b"}", "digits"),
        (b'{"a":1e99999999999999999999}', "a number beyond reason"),
        (b'{"a":-1.5E-99999999999999999999}', "a number beyond reason"),
    ],
)
def test_junk_is_refused_with_its_reason(body: Any, reason: Any) -> None:
    with pytest.raises(ValueError, match=reason):
        exact_json.read(body)


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_other_json_is_no_object(body: Any) -> None:
    with pytest.raises(ValueError, match="an object was expected"):
        exact_json.read_object(body)
