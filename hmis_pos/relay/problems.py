"""Every error as problem details (RFC 9457): which field, what is wrong, what would be right. Never a stack trace.

400 the message itself cannot be read or a field breaks its form; 401 no or a bad token; 403 this person may not; 404 no such thing;
409 the world moved; 413 too long; 422 well formed, but it cannot be done as asked; 429 too often; 503 a service is away; 504 asked, and
nobody can tell; 500 our own mistake, logged with the request's id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, InternalServerException, ValidationException
from litestar.openapi import ResponseSpec

from hmis_pos import logs
from hmis_pos.cashier.sign_in import SignInRefused
from hmis_pos.contract import fields
from hmis_pos.contract.problem import MEDIA_TYPE, FieldError, Problem
from hmis_pos.domain.errors import (
    CashierMistake,
    Conflict,
    Misconfigured,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    PosError,
    Unavailable,
)

_log = logs.logger("relay.problems")


class BadInput(CashierMistake):
    """A message that cannot be read, or a field that breaks its form."""

    code = "invalid-input"

    def __init__(self, message: str, errors: list[FieldError] | None = None, *, code: str | None = None) -> None:
        first = errors[0] if errors else None
        super().__init__(message, code=code, field=first.field if first else None, cure=first.cure if first else "")
        self.errors = errors or []


class NotSignedIn(NotAllowed):
    """No token, or one that is not believed."""

    code = "not-signed-in"


class TooOften(PosError):
    """A limit on tries was reached. ``wait`` is in seconds."""

    code = "too-often"

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message, cure=f"Wait {wait} s and try again.")
        self.wait = wait


#: What routes may answer beside their success; shown in the OpenAPI document.
_DESCRIPTIONS = {
    400: "The message cannot be read or a field breaks its form; `errors` names the fields.",
    401: "No token, or one that is not believed.",
    403: "This person may not do this.",
    404: "There is no such thing.",
    409: "The world moved: paid meanwhile, at another counter, already ringing, the same key still running.",
    413: "The message is too long.",
    422: "Well formed, but it cannot be done as asked; or the Idempotency-Key was used for another body.",
    429: "Too often; Retry-After says when to come back.",
    503: "A service the relay needs is away; trying again is safe.",
}


def responses(*statuses: int) -> dict[int, ResponseSpec]:
    """Problem responses of a route, for its OpenAPI operation."""
    return {
        status: ResponseSpec(
            data_container=Problem,
            description=_DESCRIPTIONS[status],
            media_type=MEDIA_TYPE,  # the document wants the real name
            generate_examples=False,
        )
        for status in statuses
    }


# ---------------------------------------------------------------- msgspec's words into ours

_AT = re.compile(r" - at (?:the )?`(?P<path>[^`]*)`$|`(?P<key>\$[^`]*)`$")
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "nothing",
    "uuid": "a UUID",
    "datetime": "an instant",
}
_PATTERN_CURES: Mapping[str, str] = {}


def _patterns() -> Mapping[str, str]:
    def pattern(annotated: Any) -> str:
        return str(annotated.__metadata__[0].pattern)

    return {
        pattern(fields.Amount): 'Give a decimal string with at most two decimals, such as "1250.50".',
        pattern(fields.SignedAmount): 'Give a decimal string with at most two decimals, such as "1250.50".',
        pattern(fields.Currency): 'Give an ISO 4217 code, such as "KES".',
        pattern(fields.Series): 'Give a receipt series, such as "T03A".',
    }


_PATTERN_CURES = _patterns()


def read_path(text: str) -> str:
    """``$.receipts[0].invoice.total`` -> ``receipts[0].invoice.total``; the whole body is ``body``."""
    path = re.sub(r"^\$\.?", "", text)
    return path or "body"


def field_error(message: str, field: str = "") -> FieldError:
    """A message of msgspec as a field, what is wrong with it, and what would be right."""
    where = _AT.search(message)
    path, text = "body", message
    if where is not None:
        path, text = read_path(where["path"] or where["key"] or ""), message[: where.start()].rstrip(" -")
    if field:
        path = field if path == "body" else f"{field}.{path}"
    missing = re.match(r"Object missing required field `(\w+)`", text)
    if missing:
        name = missing[1] if path == "body" else f"{path}.{missing[1]}"
        return FieldError(field=name, message=f"{name} is missing", cure=f"Send {name}.")
    unknown = re.match(r"Object contains unknown field `(.+)`", text)
    if unknown:
        name = unknown[1][:60] if path == "body" else f"{path}.{unknown[1][:60]}"
        return FieldError(field=name, message=f"{name} is not a field of this message", cure="Leave it out.")
    what, cure = _plain(text, path)
    return FieldError(field=path, message=f"{path} {what}", cure=cure)


def _plain(text: str, path: str) -> tuple[str, str]:
    pattern = re.match(r"Expected `str` matching regex (['\"])(.*)\1$", text)
    if pattern:
        written = pattern[2].replace("\\\\", "\\")
        return "has not the right form", _PATTERN_CURES.get(written, f"Give a text that matches {written}")
    length = re.match(r"Expected `(str|array)` of length (>=|<=) (\d+)", text)
    if length:
        limit, unit = int(length[3]), "characters" if length[1] == "str" else "entries"
        if length[2] == ">=" and limit == 1:
            return "is empty", f"Give {path}."
        word = "at least" if length[2] == ">=" else "at most"
        return f"must have {word} {limit} {unit}", f"Give {word} {limit} {unit}."
    bound = re.match(r"Expected `(?:int|float)` (>=|<=|>|<) ?(-?\d+)", text)
    if bound:
        word = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}[bound[1]]
        return f"must be {word} {bound[2]}", f"Give a number of {word} {bound[2]}."
    wanted = re.match(r"Expected `([^`]+)`(?:, got `([^`]+)`)?", text)
    if wanted:
        kinds = " or ".join(_TYPES.get(kind.strip(), kind.strip()) for kind in wanted[1].split("|"))
        got = f", not {_TYPES.get(wanted[2], wanted[2])}" if wanted[2] else ""
        return f"must be {kinds}{got}", f"Give {kinds}."
    if text.startswith("Invalid enum value"):
        return "is not one of the known values", "See the list in the API's document."
    return f"cannot be read: {text[:120]}", "See the API's document."


def bad_body(error: Exception) -> BadInput:
    """What is wrong with a JSON body, from msgspec's error."""
    if isinstance(error, msgspec.ValidationError):
        found = field_error(str(error))
        return BadInput(found.message, [found])
    if isinstance(error, RecursionError):
        return BadInput("the body is nested too deep", [FieldError(field="body", message="is nested too deep")])
    found = FieldError(field="body", message="the body is not JSON", cure="Send a JSON object in UTF-8.")
    return BadInput(found.message, [found], code="malformed")


#: Names of parameters as they stand in the request, where Python names them otherwise.
_PARAMETERS = {"idempotency_key": "Idempotency-Key", "last_event_id": "Last-Event-ID"}
_MISSING = re.compile(r"Missing required (\w+) parameter '([^']+)'")


def _bad_parameters(error: ValidationException) -> BadInput:
    found: list[FieldError] = []
    for entry in error.extra if isinstance(error.extra, list) else []:
        name = str(entry.get("key", "")) if isinstance(entry, dict) else ""
        if entry.get("source") == "body":
            name = "" if name == "data" else name
            found.append(field_error(str(entry.get("message", "")), name or "body"))
        else:
            name = _PARAMETERS.get(name, name) or "request"
            found.append(field_error(str(entry.get("message", "")).split(" - at ")[0], name))
    missing = _MISSING.search(error.detail)
    if missing:
        name = missing[2]
        cure = f"Send the header {name}, a new one for each new intent." if missing[1] == "header" else f"Send {name}."
        found.append(FieldError(field=name, message=f"{name} is missing", cure=cure))
    if not found:
        found.append(FieldError(field="request", message="the request cannot be read", cure="See the API's document."))
    return BadInput("; ".join(one.message for one in found), found)


# ---------------------------------------------------------------- errors into answers


def status_of(error: PosError) -> int:
    """The HTTP status of one of our errors."""
    by_code = {"idempotency-mismatch": HTTPStatus.UNPROCESSABLE_ENTITY}
    if error.code in by_code:
        return by_code[error.code]
    if isinstance(error, SignInRefused):
        return HTTPStatus.FORBIDDEN if error.code == "role-not-allowed" else HTTPStatus.UNAUTHORIZED
    table: tuple[tuple[type[PosError], int], ...] = (
        (BadInput, HTTPStatus.BAD_REQUEST),
        (NotFound, HTTPStatus.NOT_FOUND),
        (Conflict, HTTPStatus.CONFLICT),
        (CashierMistake, HTTPStatus.UNPROCESSABLE_ENTITY),
        (NotSignedIn, HTTPStatus.UNAUTHORIZED),
        (NotAllowed, HTTPStatus.FORBIDDEN),
        (TooOften, HTTPStatus.TOO_MANY_REQUESTS),
        (OutcomeUnknown, HTTPStatus.GATEWAY_TIMEOUT),
        (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
        (Misconfigured, HTTPStatus.SERVICE_UNAVAILABLE),
    )
    return next((status for kind, status in table if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def problem_of(error: PosError) -> Problem:
    """One of our errors as problem details."""
    status = status_of(error)
    errors = error.errors if isinstance(error, BadInput) else []
    if not errors and error.field:
        errors = [FieldError(field=error.field, message=error.message, cure=error.cure)]
    return Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        code=error.code,
        type=f"urn:hmis-pos:{error.code}",
        detail=error.message,
        cure=error.cure,
        errors=errors,
        retry_at=(error.retry_at or "") if isinstance(error, Conflict) else "",
    )


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """The HTTP response of a problem."""
    return Response(
        content=msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def _headers(error: PosError) -> dict[str, str]:
    status = status_of(error)
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="hmis-pos"'}
    if isinstance(error, TooOften):
        return {"Retry-After": str(error.wait)}
    if error.code == "idempotency-running":
        return {"Retry-After": "1"}
    if isinstance(error, Unavailable):
        return {"Retry-After": "5"}
    return {}


def handle_pos_error(request: Request[Any, Any, Any], error: PosError) -> Response[bytes]:
    """Litestar's handler for the errors raised on purpose."""
    problem = problem_of(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return handle_unexpected(request, error)  # a promise broken inside: its words are not for a screen
    _log.info("refused", status=problem.status, code=problem.code, fields=[one.field for one in problem.errors])
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.warning("unavailable", code=problem.code, why=error.message)
    return answer(problem, _headers(error))


_HTTP_CODES = {
    404: ("no-such-route", "There is nothing at this address."),
    405: ("method-not-allowed", "This address knows other methods."),
    413: ("too-long", "The message is too long."),
}


def handle_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own refusals: routing, parameters, sizes."""
    if isinstance(error, ValidationException):
        return handle_pos_error(request, _bad_parameters(error))
    if isinstance(error, InternalServerException):
        if "disconnected" in error.detail:
            return answer(Problem(title="Bad Request", status=400, code="cut-off", detail="The message was cut off."))
        return handle_unexpected(request, error)
    code, detail = _HTTP_CODES.get(error.status_code, ("refused", error.detail))
    problem = Problem(
        title=HTTPStatus(error.status_code).phrase,
        status=error.status_code,
        code=code,
        type=f"urn:hmis-pos:{code}",
        detail=detail,
    )
    return answer(problem, {k: v for k, v in (error.headers or {}).items() if k.lower() in {"allow", "retry-after"}})


def handle_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Our own mistake: logged in full (redacted), told in one sentence that leaks nothing."""
    if isinstance(error, RecursionError):
        return handle_pos_error(request, bad_body(error))
    _log.error("unexpected error", exc_info=error)
    number = request.scope.get("state", {}).get("request_id", "")
    return answer(
        Problem(
            title="Internal Server Error",
            status=500,
            code="internal",
            type="urn:hmis-pos:internal",
            detail=f"The relay made a mistake at {datetime.now(UTC).isoformat(timespec='seconds')}.",
            cure=f"Look the payment up before you repeat it, and give IT the request number {number}.",
        )
    )


#: For ``Litestar(exception_handlers=…)``.
HANDLERS: dict[type[Exception] | int, Any] = {
    PosError: handle_pos_error,
    HTTPException: handle_http_error,
    Exception: handle_unexpected,
}
