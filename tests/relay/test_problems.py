"""Bad input of every field of every endpoint: a problem that names the field and the cure, and nothing stored."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.cashier import take_payment
from hmis_pos.contract import auth, invoices, payments, receipts
from hmis_pos.contract.problem import MEDIA_TYPE, Problem
from hmis_pos.relay import problems
from tests.relay.conftest import Hospital
from tests.relay.sent_receipts import receipt

UID = "0192f5a4-7b1c-7def-8123-456789abcdef"
INITIATE = {"invoice_id": 1, "amount": "4850", "phone_number": "0722000001"}
CONFIRM = {"invoice_id": 1, "amount": "100", "payment_method": "cash"}
SLIP = {"invoice_id": 1, "amount": "100", "payment_method": "card_pdq", "gateway_reference": "123456"}
#: Path, a good body, the type of the body.
WRITES: dict[str, tuple[str, dict[str, Any], type[msgspec.Struct]]] = {
    "initiate": ("/api/payments/mpesa/initiate", INITIATE, payments.InitiateMpesa),
    "confirm": ("/api/payments/confirm", CONFIRM, payments.Confirm),
    "stop": (f"/api/payments/{UID}/stop", {"reason": "left"}, payments.StopWaiting),
    "serve": ("/api/invoices/1/serve", {"counter": "Counter 1"}, invoices.Serve),
    "enrol": ("/api/terminals", {"install_uid": UID, "counter": "Counter 5"}, auth.Enrol),
    "sync": ("/api/sync/receipts", {"receipts": [receipt()]}, receipts.Batch),
    "login": ("/api/auth/login", {"username": "cashier", "password": "wrong"}, auth.Login),
    "refresh": ("/api/auth/refresh", {"refresh_token": "x"}, auth.Refresh),
}
#: Beyond the type: values of the right type that cannot be met. (route, field, value, status)
WRONG = [
    ("initiate", "invoice_id", 0, 400),
    ("initiate", "invoice_id", -1, 400),
    ("initiate", "invoice_id", 2**63, 400),
    ("initiate", "invoice_id", 1.5, 400),
    ("initiate", "invoice_id", "1", 400),
    ("initiate", "invoice_id", True, 400),
    ("initiate", "invoice_id", 99, 404),
    ("initiate", "amount", 4850, 400),
    ("initiate", "amount", "4,850", 400),
    ("initiate", "amount", "-1", 400),
    ("initiate", "amount", "1e3", 400),
    ("initiate", "amount", "4850.001", 400),
    ("initiate", "amount", "٤٨٥٠", 422),
    ("initiate", "amount", "1\n", 422),
    ("initiate", "amount", "NaN", 400),
    ("initiate", "amount", "100.50", 422),
    ("initiate", "amount", "0", 422),
    ("initiate", "amount", "4851", 409),
    ("initiate", "amount", "99999999", 422),
    ("initiate", "phone_number", "", 400),
    ("initiate", "phone_number", "07220000010722000001", 422),
    ("initiate", "phone_number", "0" * 21, 400),
    ("initiate", "phone_number", "0422000001", 422),
    ("initiate", "phone_number", "072200000x", 422),
    ("initiate", "phone_number", "07220000\u0000", 400),
    ("initiate", "uid", "not a uuid", 422),
    ("initiate", "surprise", 1, 400),
    ("confirm", "amount", "0", 422),
    ("confirm", "amount", "5000", 409),
    ("confirm", "payment_method", "mpesa", 400),
    ("confirm", "payment_method", "CASH", 400),
    ("confirm", "tendered", "50", 422),
    ("confirm", "tendered", "", 400),
    ("confirm", "note", "x" * 501, 400),
    ("confirm", "note", "a\u0000b", 400),
    ("confirm", "gateway_reference", "x" * 101, 400),
    ("confirm", "invoice_id", 10, 404),
    ("stop", "reason", "x" * 501, 400),
    ("stop", "reason", "a\u0000b", 400),
    ("serve", "counter", "", 400),
    ("serve", "counter", "x" * 101, 400),
    ("serve", "take_over", "yes", 400),
    ("enrol", "install_uid", "x", 422),
    ("enrol", "counter", "", 400),
    ("enrol", "counter", "   ", 422),
    ("login", "username", "", 400),
    ("login", "password", "", 400),
    ("login", "terminal", "T1", 400),
    ("login", "username", "x\u0000", 400),
    ("sync", "receipts", [], 400),
]
#: Fields of a receipt in a batch that break its form.
WRONG_RECEIPT = [
    ("uid", 7),
    ("series", "T3"),
    ("number", 0),
    ("number", 1.5),
    ("payment_uid", None),
    ("method", "bitcoin"),
    ("currency", "kes"),
    ("tendered", 100),
    ("applied", "-1"),
    ("change", "x"),
    ("cashier", ""),
    ("counter", ""),
    ("provider_receipt", "x" * 101),
    ("invoice_id", 0),
    ("invoice", []),
]


def other_types(value: object) -> list[object]:
    """Values of JSON types that ``value`` does not have."""
    candidates: tuple[object, ...] = (None, True, 7, 7.5, "text", [], {})
    return [one for one in candidates if type(one) is not type(value)]


def fields_of(kind: type[msgspec.Struct]) -> tuple[Any, ...]:
    return msgspec.structs.fields(kind)


def cases() -> list[tuple[str, str, object, int]]:
    found: list[tuple[str, str, object, int]] = []
    for name, (_, body, kind) in WRITES.items():
        for one in fields_of(kind):
            like = body.get(one.encode_name, True if one.type is bool else "text")
            found.extend((name, one.encode_name, value, 400) for value in other_types(like))
    return found + WRONG


def stored(hospital: Hospital) -> dict[str, int]:
    tables = ("payment", "evidence", "receipt", "inbox", "terminal", "serving", "answer", "session", "allocation")
    return {table: hospital.rows(table) for table in tables}


def check_problem(answer: Any, status: int, field: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert answer.headers["X-Request-ID"]
    problem = msgspec.json.decode(answer.content, type=Problem)
    assert problem.status == status
    assert problem.code
    assert problem.detail
    (error,) = problem.errors
    assert error.field == field
    assert error.message
    assert error.cure
    for word in ("Traceback", "msgspec", "Struct", "sqlite", "$."):
        assert word not in answer.text
    said: dict[str, Any] = answer.json()
    return said


@pytest.fixture
def no_limits(hospital: Hospital) -> None:
    hospital.relay.limits.login_account._burst = 1e9
    hospital.relay.limits.login_address._burst = 1e9


async def test_each_wrong_field_is_named_with_a_cure_and_nothing_is_stored(hospital: Hospital, no_limits: None):
    before, wrong = stored(hospital), []
    for name, field, value, status in cases():
        path, body, _ = WRITES[name]
        answer = await hospital.post(path, {**copy.deepcopy(body), field: value})
        try:
            check_problem(answer, status, field)
        except AssertionError as e:
            wrong.append(f"{name}.{field} = {value!r}: {e}")
    assert wrong == []
    assert stored(hospital) == before
    assert hospital.gateway.orders == []


async def test_each_missing_field_is_named(hospital: Hospital):
    for path, body, kind in WRITES.values():
        for one in fields_of(kind):
            if not one.required:
                continue
            rest = {name: value for name, value in body.items() if name != one.encode_name}
            problem = check_problem(await hospital.post(path, rest), 400, one.encode_name)
            assert "missing" in problem["detail"]


@pytest.mark.parametrize(("field", "value"), WRONG_RECEIPT)
async def test_a_field_of_a_receipt_is_named_with_its_place(hospital: Hospital, field: str, value: object):
    batch = {"receipts": [receipt(), receipt() | {field: value}]}
    check_problem(await hospital.post("/api/sync/receipts", batch), 400, f"receipts[1].{field}")
    assert hospital.rows("receipt") == 0


@pytest.mark.parametrize("name", ["quantity", "description", "amount", "unit_price"])
async def test_a_field_of_a_receipts_invoice_line_is_named(hospital: Hospital, name: str):
    sent = receipt()
    sent["invoice"]["lines"] = [sent["invoice"]["lines"][0] | {name: []}]
    answer = await hospital.post("/api/sync/receipts", {"receipts": [sent]})
    check_problem(answer, 400, f"receipts[0].invoice.lines[0].{name}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"invoice_id": 1,}',
        b"\xff\xfe",
        b'{"amount": "\xff"}',
        b'{"amount": "\\ud800"}',
        b"[]",
        b"null",
        b"7",
        b"[" * 30_000,
        b'{"surprise": ' + b"[" * 30_000,
    ],
)
async def test_a_body_that_is_no_message_is_said_to_be_none(hospital: Hospital, content: bytes):
    for path, _, _ in WRITES.values():
        answer = await hospital.http.post(path, content=content, headers={"Idempotency-Key": "body-is-bad"})
        assert answer.status_code == 400, (path, answer.text)
        assert answer.json()["code"] in {"invalid-input", "malformed"}
        assert answer.json()["errors"][0]["field"] in {"body", "surprise", "amount", "invoice_id"}


@pytest.mark.parametrize("name", [name for name in WRITES if name not in {"login", "refresh"}])
async def test_a_write_without_its_key_is_refused(hospital: Hospital, name: str):
    path, body, _ = WRITES[name]
    check_problem(await hospital.http.post(path, json=body), 400, "Idempotency-Key")
    for bad in ("", "short", "x" * 65, "has a blank in it", "tab\tinside-it"):
        check_problem(
            await hospital.http.post(path, json=body, headers={"Idempotency-Key": bad}), 400, "Idempotency-Key"
        )
    assert hospital.rows("payment") == 0


@pytest.mark.parametrize(
    ("path", "field", "values"),
    [
        ("/api/invoices", "limit", ["0", "501", "x", "1.5", "", "1" * 30]),
        ("/api/invoices", "open_only", ["maybe", "2"]),
        ("/api/invoices", "cursor", ["x", "AAAA", "é", "MjAyNnwx", "=" * 5, "x" * 201]),
        ("/api/invoices", "search", ["x" * 101]),
        ("/api/payments/transactions", "limit", ["0", "501", "x"]),
        ("/api/payments/transactions", "invoice_id", ["0", "x", "99999999999999999999"]),
        ("/api/payments/transactions", "patient_id", ["-1", "x"]),
        ("/api/payments/transactions", "status", ["done", ""]),
        ("/api/payments/transactions", "payment_method", ["bitcoin"]),
        ("/api/payments/transactions", "channel", ["post", ""]),
        ("/api/payments/transactions", "since", ["yesterday", "2026-11-22", "2026-11-22T10:00:00"]),
        ("/api/payments/transactions", "until", ["x", "0001-01-01T00:00:00+14:00"]),
        ("/api/payments/transactions", "cursor", ["x", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OQ"]),
        ("/api/payments/transactions", "processed_by", ["x" * 101]),
        ("/api/payments/transactions", "terminal", ["x" * 9]),
        ("/api/tasks", "limit", ["0", "x"]),
        ("/api/events", "after", ["-1", "x"]),
    ],
)
async def test_a_wrong_query_is_named(hospital: Hospital, path: str, field: str, values: list[str]):
    for value in values:
        answer = await hospital.http.get(path, params={field: value})
        assert answer.status_code in {400, 422}, (value, answer.text)
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert answer.json()["errors"][0]["cure"]


async def test_a_wrong_last_event_id_is_named(hospital: Hospital):
    check_problem(await hospital.http.get("/api/events", headers={"Last-Event-ID": "x"}), 400, "Last-Event-ID")


@pytest.mark.parametrize("query", ["search=%00", "search=a%00b", "cursor=%00", "%00=1"])
async def test_a_nul_in_a_query_is_refused(hospital: Hospital, query: str):
    answer = await hospital.http.get(f"/api/invoices?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, MEDIA_TYPE)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/nothing", 404),
        ("GET", "/", 404),
        ("GET", "/api/invoices/x", 404),
        ("GET", "/api/invoices/99999999999999999999999", 400),
        ("GET", "/api/payments/transactions/x", 404),
        ("GET", f"/api/payments/transactions/{UID}", 404),
        ("DELETE", "/api/invoices", 405),
        ("GET", "/api/payments/mpesa/initiate", 405),
        ("POST", "/health/live", 405),
    ],
)
async def test_addresses_that_are_none_answer_in_the_same_form(hospital: Hospital, method, path, status):
    answer = await hospital.http.request(method, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, MEDIA_TYPE)
    assert msgspec.json.decode(answer.content, type=Problem).status == status


async def test_a_body_over_the_limit_is_refused(hospital: Hospital):
    answer = await hospital.post("/api/payments/mpesa/initiate", INITIATE | {"uid": "x" * 70_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-long")


async def test_our_own_mistake_tells_nothing_but_its_number(hospital: Hospital, lines, monkeypatch):
    lines.errors_expected = True

    async def broken(*_args: object) -> None:
        raise RuntimeError("SELECT secret FROM users WHERE phone = '0722000001'")

    monkeypatch.setattr(take_payment, "initiate", broken)
    number = "support-needs-this"
    headers = {"X-Request-ID": number}
    answer = await hospital.post("/api/payments/mpesa/initiate", INITIATE, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, MEDIA_TYPE)
    assert "SELECT" not in answer.text
    assert number in answer.json()["cure"]
    (line,) = [line for line in lines if line["level"] == "error"]
    assert line["request_id"] == number
    assert "RuntimeError" in line["exception"]
    assert "0722000001" not in lines.text


async def test_a_made_up_request_number_is_not_taken_over(hospital: Hospital):
    answer = await hospital.http.get("/health/live", headers={"X-Request-ID": "x\\n<script>"})
    assert answer.headers["X-Request-ID"] != "x\\n<script>"


def test_every_kind_of_msgspec_message_is_put_into_words():
    said = {
        "Expected `int`, got `str` - at `$.invoice_id`": ("invoice_id", "whole number"),
        "Object missing required field `uid` - at `$.receipts[0]`": ("receipts[0].uid", "missing"),
        "Object contains unknown field `x`": ("x", "not a field"),
        "Expected `str` of length >= 1 - at `$.counter`": ("counter", "empty"),
        "Expected `array` of length <= 500 - at `$.receipts`": ("receipts", "at most 500 entries"),
        "Expected `int` >= 1 - at `$.invoice_id`": ("invoice_id", "at least 1"),
        "Expected `str | null`, got `int` - at `$.a[...].b`": ("a[...].b", "a text or nothing"),
        "Invalid enum value 'x' - at `$.method`": ("method", "known values"),
        "something nobody has seen": ("body", "cannot be read"),
    }
    for message, (field, word) in said.items():
        found = problems.field_error(message)
        assert found.field == field
        assert word in found.message


@given(st.text())
def test_no_message_breaks_the_reading_of_messages(message: str):
    json.dumps(msgspec.to_builtins(problems.field_error(message)))
