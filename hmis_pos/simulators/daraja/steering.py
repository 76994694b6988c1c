"""How an admin request is read and answered: JSON in and out, one clear line for what cannot be done."""

import re
from typing import Any

import msgspec

from hmis_pos.simulators import exact_json
from hmis_pos.simulators.asgi import Answer, Handler, Request, json_response

MAX_WAIT = 60.0
_MSISDN = re.compile(r"254[71][0-9]{8}")


class Wrong(Exception):
    """An admin request that cannot be done."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def answering(handler: Handler) -> Handler:
    """Answer `Wrong` and bad values with `{"error": …}`."""

    async def answer(request: Request) -> Answer:
        try:
            return await handler(request)
        except Wrong as wrong:
            return json_response({"error": str(wrong)}, wrong.status)
        except (ValueError, msgspec.ValidationError) as error:
            return json_response({"error": str(error)}, 400)

    return answer


def json_of(request: Request) -> Any:
    return exact_json.read(request.body or b"{}")


def object_of(request: Request) -> dict[str, Any]:
    value = json_of(request)
    if not isinstance(value, dict):
        raise Wrong(400, "the body must be a JSON object")
    return value


def msisdn_of(request: Request) -> str:
    msisdn = request.args["msisdn"]
    if not _MSISDN.fullmatch(msisdn):
        raise Wrong(400, f"{msisdn!r} is not a number like 254712345678")
    return msisdn


def number_of(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isdecimal():
        raise Wrong(400, f"{name} must be a whole number, got {text!r}")
    return int(text)


def timeout_of(request: Request) -> float:
    text = request.query.get("timeout", "0")
    try:
        return max(0.0, min(float(text), MAX_WAIT))
    except ValueError as error:
        raise Wrong(400, f"timeout must be a number of seconds, got {text!r}") from error
