"""Synchronous refusals: Safaricom's error body, and the faults of the Apigee gateway in front of it."""

from collections.abc import Mapping
from typing import Any

from hmis_pos.simulators.asgi import Answer, Hang, Reset, Response, json_response


class Refused(Exception):
    """The request gets `{"requestId", "errorCode", "errorMessage"}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message

    def body(self, request_id: str) -> Mapping[str, Any]:
        return {"requestId": request_id, "errorCode": self.code, "errorMessage": self.message}

    @property
    def headers(self) -> Mapping[str, str]:
        return {}


class ApigeeFault(Refused):
    """The gateway refuses before Safaricom sees it: `{"fault": …}`."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(status, code, message)
        self._retry_after = retry_after

    def body(self, request_id: str) -> Mapping[str, Any]:  # noqa: ARG002  Apigee gives none
        return {"fault": {"faultstring": self.message, "detail": {"errorcode": self.code}}}

    @property
    def headers(self) -> Mapping[str, str]:
        return {} if self._retry_after is None else {"Retry-After": str(self._retry_after)}


SUBSCRIBER_LOCKED = "Unable to lock subscriber, a transaction is already in process for the current subscriber"
TOO_MANY = 429
SPIKE = "policies.ratelimit.SpikeArrestViolation"


def invalid(field: str) -> Refused:
    return Refused(400, "400.002.02", f"Bad Request - Invalid {field}")


def spike_arrest(retry_after: int | None = None) -> ApigeeFault:
    return ApigeeFault(TOO_MANY, SPIKE, "Spike arrest violation. Allowed rate : MessageRate", retry_after)


BAD_TOKEN_STATUS = {"404.001.03": 404, "401.002.01": 401, "401.001": 401, "400.003.01": 400}


def bad_token(code: str) -> Refused:
    return Refused(BAD_TOKEN_STATUS[code], code, "Invalid Access Token")


REJECTIONS: Mapping[str, Refused] = {
    "locked": Refused(500, "500.001.1001", SUBSCRIBER_LOCKED),
    "merchant": Refused(500, "500.001.1001", "Merchant does not exist"),
    "credentials": Refused(500, "500.001.1001", "Wrong credentials"),
    "generic": Refused(500, "500.001.1001", "[MpesaCB - ]The service is unable to process this"),
    "busy": Refused(500, "500.003.02", "System is busy. Please try again in few minutes."),
    "spike_arrest": Refused(500, "500.003.02", "Error Occurred: Spike Arrest Violation"),
    "quota": Refused(500, "500.003.03", "Error Occurred: Quota Violation"),
    "maintenance": Refused(500, "500.002.1001", "Service is currently under maintenance"),
    "internal": Refused(500, "500.003.1001", "Internal Server Error"),
    "bad_request": Refused(400, "400.003.02", "Bad Request"),
    "malformed": Refused(400, "400.002.05", "Invalid Request Payload"),
    "bad_phone": invalid("PhoneNumber"),
    "bad_timestamp": invalid("Timestamp"),
    "token_404": bad_token("404.001.03"),
    "token_401": bad_token("401.002.01"),
    "token_400": bad_token("400.003.01"),
    "token_pull": bad_token("401.001"),
    "method": Refused(405, "405.001", "Method Not Allowed"),
    "wrong_path": Refused(404, "404.002.01", "Resource not found"),
    "already_registered": Refused(500, "500.003.1001", "URLs are already registered"),
    "duplicate_notification": Refused(500, "500.003.1001", "Duplicate notification info, SP ID is not unique"),
    "duplicate_id": Refused(500, "500.002.1001", "Duplicate OriginatorConversationID"),
    "auth_header": Refused(404, "404.001.04", "Invalid Authentication Header"),
    "not_found": Refused(404, "404.001.01", "Resource not found"),
    "no_product": ApigeeFault(
        401,
        "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound",
        "Invalid API call as no apiproduct match found",
    ),
    "spike": spike_arrest(),
}


INVALID = "invalid:"


def known_rejection(name: str) -> bool:
    """Whether `rejection` has an error of this name."""
    return name in REJECTIONS or (name.startswith(INVALID) and name != INVALID)


def rejection(name: str, *, retry_after: bool) -> Refused:
    """Return a fresh refusal by its name in `REJECTIONS`; an exception raised twice drags its past along.

    `invalid:Amount` is the 400.002.02 that blames that field.
    """
    if name.startswith(INVALID):
        return invalid(name.removeprefix(INVALID))
    kept = REJECTIONS[name]
    if isinstance(kept, ApigeeFault):
        wait = 1 if retry_after and kept.status == TOO_MANY else None
        return ApigeeFault(kept.status, kept.code, kept.message, wait)
    return Refused(kept.status, kept.code, kept.message)


_HTML = b"<html><head><title>M-PESA</title></head><body><h1>Request could not be served</h1></body></html>"


def broken(fault: str) -> Answer:
    """Return the answer of a fault that says nothing about the request."""
    if fault == "hang":
        return Hang()
    if fault == "reset":
        return Reset()
    if fault == "html":
        return Response(200, _HTML, "text/html; charset=utf-8")
    if fault == "empty":
        return Response(200)
    if fault == "unavailable":
        return Response(503, _HTML, "text/html; charset=utf-8")
    return json_response({"requestId": "", "errorCode": "500.003.1001", "errorMessage": "Internal Server Error"}, 500)
