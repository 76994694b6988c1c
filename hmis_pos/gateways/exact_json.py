"""JSON as providers send it, read without losing a digit: fractions become ``Decimal``, never a binary float."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

_BOM = b"\xef\xbb\xbf"


def read(body: bytes) -> Any:
    """Parse a JSON document.

    Raises:
        ValueError: empty, not UTF-8, not JSON, nested beyond reason, or with NaN or a number beyond reason in it; the message
            says which.
    """
    body = body.removeprefix(_BOM)
    if not body.strip():
        raise ValueError("the body is empty")
    try:
        return json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ValueError("the body is not UTF-8 text") from error
    except RecursionError as error:
        raise ValueError("the body is nested too deeply") from error
    except ArithmeticError as error:  # an exponent that no Decimal holds
        raise ValueError("the body holds a number beyond reason") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"the body is not JSON: {error.msg} at character {error.pos}") from error


def read_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object.

    Raises:
        ValueError: as :func:`read`, or it is JSON of another kind.
    """
    document = read(body)
    if not isinstance(document, dict):
        raise ValueError(f"the body is a JSON {type(document).__name__}, an object was expected")  # noqa: TRY004 - junk
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"the body holds {name}, which is no JSON number")
