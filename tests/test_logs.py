"""Nothing that names a patient or opens a door reaches a log line (threat T18)."""

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos import logs

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "canary"),
    [
        ("asked 254712345678 for 4850", "254712345678"),
        ("asked +254 712 345 678", "712 345 678"),
        ("phone 0712345678.", "0712345678"),
        ("phone 0112-345-678", "345-678"),
        (f"Authorization: Bearer {JWT}", "eyJ"),
        (f"token={JWT}", "c2lnbmF0dXJl"),
        ("Basic Y29uc3VtZXI6c2VjcmV0", "Y29uc3VtZXI6c2VjcmV0"),
        ("card 4111 1111 1111 1111", "1111 1111"),
        ("card 378282246310005", "378282246310005"),
        ("key sk_live_abcdefgh12345678", "abcdefgh12345678"),
        ("POST /cb/" + "ab" * 32, "ab" * 32),
        ("postgresql://hmis:opensesame@db/hmis", "opensesame"),
        ('{"patient_name": "Wanjiru \\"K\\"", "amount": "1"}', "Wanjiru"),
        ('{"PhoneNumber": 254712345678}', "254712345678"),
        ("[parameters: {'name': 'Wanjiru'}]", "Wanjiru"),
        ("DETAIL:  Failing row contains (7, Wanjiru, 0712).", "Wanjiru"),
    ],
)
def test_secrets_in_text_are_masked(text, canary):
    assert canary not in logs.redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "payment 0192f5a4-7b1c-7def-8123-456789abcdef pending",
        "2026-11-22T11:31:04.123456Z",
        "invoice INV-20931 owes 4850.00",
        "receipt T03A-000417",
        "ws_CO_22112026113104123",
        "SLI7XK2QPT",
    ],
)
def test_what_support_needs_stays(text):
    assert logs.redact_text(text) == text


def test_fields_are_redacted_by_name_however_deep():
    said = {"request": {"phone_number": "12", "items": [{"Password": "x"}]}, "X-Api": 1, "msisdn": 254712345678}
    assert logs.redact(said) == {
        "request": {"phone_number": logs.REDACTED, "items": [{"Password": logs.REDACTED}]},
        "X-Api": 1,
        "msisdn": logs.REDACTED,
    }
    assert logs.redact({"anything": 254712345678}) == {"anything": "[phone]"}
    assert logs.redact(b"254712345678") == "[12 bytes]"


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none() | st.binary(), st.lists))
def test_redaction_never_breaks_a_line(value):
    json.dumps(logs.redact(value))


@given(st.from_regex(r"254[17][0-9]{8}", fullmatch=True), st.sampled_from(["", "to ", '"', "=", "/", ","]))
def test_every_number_of_a_phone_is_masked(phone, before):
    assert phone not in logs.redact_text(f"{before}{phone} done")


@pytest.fixture
def stream():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    out = io.StringIO()
    logs.configure("info", stream=out)
    yield out
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_is_json_and_carries_what_is_bound(stream):
    with logs.bound(payment_uid="0192"):
        logs.logger("here").info("asked", phone="0712345678", to="254712345678")
        logging.getLogger("somebody.else").warning("calling %s", "0712345678")
    logs.logger("here").debug("not at this level")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], first["payment_uid"], first["part"], first["level"]) == ("asked", "0192", "here", "info")
    assert (first["phone"], first["to"]) == (logs.REDACTED, "[phone]")
    assert (second["event"], second["payment_uid"]) == ("calling [phone]", "0192")


def test_an_exception_is_logged_without_what_it_names(stream):
    def explode(patient: str) -> None:
        raise ValueError(f'{{"patient_name": "{patient}"}} with 0712345678 and {JWT}')

    name = str(bytes([87, 97, 110, 106, 105, 114, 117]), "ascii")  # a traceback shows source lines, so not in one
    try:
        explode(name)
    except ValueError:
        logs.logger("here").exception("broke")
    line = stream.getvalue()
    assert "ValueError" in json.loads(line)["exception"]
    for canary in ("Wanjiru", "0712345678", "eyJ"):
        assert canary not in line
