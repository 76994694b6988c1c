"""The tables against the reference, row by row, written out again here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hmis_pos.cashier.records import Advice
from hmis_pos.domain.evidence import EvidenceKind as K
from hmis_pos.gateways.mpesa import results
from hmis_pos.gateways.mpesa.results import Standing

# code, by callback, by query, "safe to re-prompt", shortest and longest wait in seconds
ROWS = [
    ("0", K.PAID, K.ASSURED, Advice.NO, 0, 0),
    ("1", K.DECLINED, K.DECLINED, Advice.NOW, 0, 0),
    ("2", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
    ("3", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
    ("4", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
    ("8", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
    ("17", K.DECLINED, K.DECLINED, Advice.WAIT, 120, 180),
    ("26", K.UNREACHED, K.UNREACHED, Advice.WAIT, 30, 300),
    ("1001", K.DECLINED, K.DECLINED, Advice.WAIT, 60, 180),
    ("1019", K.UNREACHED, K.UNREACHED, Advice.NOW, 0, 0),
    ("1025", K.UNREACHED, K.UNREACHED, Advice.NOW, 0, 0),
    ("9999", K.UNREACHED, K.UNREACHED, Advice.NOW, 0, 0),
    ("1031", K.UNREACHED, K.UNREACHED, Advice.NOW, 0, 0),
    ("1032", K.DECLINED, K.DECLINED, Advice.NOW, 0, 0),
    ("1037", K.UNREACHED, K.UNREACHED, Advice.NOW, 0, 0),
    ("2001", K.DECLINED, K.DECLINED, Advice.NOW, 0, 0),
    ("2028", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
    ("2029", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
    ("4999", K.UNCLEAR, K.PROCESSING, Advice.NO, 0, 0),
    ("8006", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
    ("SFC_IC0003", K.DECLINED, K.DECLINED, Advice.FIX, 0, 0),
]


@pytest.mark.parametrize(("code", "callback", "query", "advice", "shortest", "longest"), ROWS)
def test_every_row_of_the_reference(
    code: Any, callback: Any, query: Any, advice: Any, shortest: Any, longest: Any
) -> None:
    assert results.of_callback(code) is callback
    assert results.of_query(code) is query
    said = results.advise(code)
    assert said.advice is advice
    assert timedelta(seconds=shortest) <= said.wait <= timedelta(seconds=longest)


def test_the_table_holds_these_rows_and_no_other() -> None:
    assert set(results.STK_RESULTS) == {row[0] for row in ROWS}


@pytest.mark.parametrize("code", ["", "5", "05", "29", "32", "35", "43", "1036", "C2B00012", "R000001", "-1", "00"])
def test_an_undocumented_code_is_unclear_and_nobody_is_asked_again(code: Any) -> None:
    assert results.of_callback(code) is K.UNCLEAR
    assert results.of_query(code) is K.UNCLEAR
    assert results.advise(code).advice is Advice.NO


R, T, U = Standing.REFUSED, Standing.TOKEN, Standing.UNKNOWN
#: status, errorCode, errorMessage, key, standing, advice
DOOR = [
    (400, "400.002.02", "Bad Request - Invalid PhoneNumber", "400.002.02:PhoneNumber", R, Advice.FIX),
    (400, "400.002.02", "Bad Request - Invalid Phone Number", "400.002.02:PhoneNumber", R, Advice.FIX),
    (400, "400.002.02", "Bad Request - Invalid PartyA", "400.002.02:PartyA", R, Advice.FIX),
    (400, "400.002.02", "Bad Request - Invalid Amount", "400.002.02:Amount", R, Advice.FIX),
    (400, "400.002.02", "Bad Request - Invalid Timestamp", "400.002.02", R, Advice.FIX),
    (400, "400.002.02", "Bad Request - Invalid CallBackURL", "400.002.02", R, Advice.FIX),
    (400, "400.002.02", "Bad Request - Invalid CheckoutRequestID", "400.002.02:CheckoutRequestID", U, Advice.NO),
    (400, "400.002.05", "Invalid Request Payload", "400.002.05", R, Advice.FIX),
    (400, "400.003.01", "Invalid Access Token", "400.003.01", T, Advice.FIX),
    (400, "400.003.02", "Bad Request", "400.003.02", R, Advice.FIX),
    (401, "401.002.01", "Error Occurred - Invalid Access Token", "401.002.01", T, Advice.FIX),
    (401, "401.001", "Invalid Access Token", "401.001", T, Advice.FIX),
    (401, "", "Invalid API call as no apiproduct match found", "no-apiproduct", R, Advice.FIX),
    (401, "keymanagement.service.X", "Invalid API call as no apiproduct match found", "no-apiproduct", R, Advice.FIX),
    (404, "404.001.03", "Invalid Access Token", "404.001.03", T, Advice.FIX),
    (404, "404.001.01", "Resource not found", "404.001.01", R, Advice.FIX),
    (404, "404.002.01", "Resource not found", "404.002.01", R, Advice.FIX),
    (404, "404.003.01", "Resource not found", "404.003.01", R, Advice.FIX),
    (404, "404.001.04", "Invalid Authentication Header", "404.001.04", R, Advice.FIX),
    (405, "405.001", "Method Not Allowed", "405.001", R, Advice.FIX),
    (429, "policies.ratelimit.SpikeArrestViolation", "Spike arrest violation", "spike-arrest", R, Advice.WAIT),
    (429, "", "", "spike-arrest", R, Advice.WAIT),
    (500, "policies.ratelimit.SpikeArrestViolation", "Spike arrest violation", "spike-arrest", R, Advice.WAIT),
    (500, "500.001.1001", "Merchant does not exist", "500.001.1001:merchant", R, Advice.FIX),
    (500, "500.001.1001", "Wrong credentials", "500.001.1001:credentials", R, Advice.FIX),
    (
        500,
        "500.001.1001",
        "[STK_CB - ]Unable to lock subscriber, a transaction is already in process for the current subscriber",
        "500.001.1001:locked",
        R,
        Advice.WAIT,
    ),
    (500, "500.001.1001", "The transaction is being processed", "500.001.1001:processing", U, Advice.NO),
    (500, "500.001.1001", "Something went wrong", "500.001.1001", U, Advice.NO),
    (500, "500.002.1001", "Duplicate OriginatorConversationID", "500.002.1001", U, Advice.NO),
    (500, "500.002.1001", "Service is currently under maintenance", "500.002.1001", U, Advice.NO),
    (500, "500.003.02", "Error Occurred: Spike Arrest Violation", "500.003.02:spike", R, Advice.WAIT),
    (500, "500.003.02", "System is busy. Please try again in few minutes.", "500.003.02", U, Advice.NO),
    (500, "500.003.03", "Error Occurred: Quota Violation", "500.003.03", R, Advice.WAIT),
    (500, "500.003.1001", "Internal Server Error", "500.003.1001", U, Advice.NO),
]


@pytest.mark.parametrize(("status", "code", "message", "key", "standing", "advice"), DOOR)
def test_every_error_at_the_door(status: Any, code: Any, message: Any, key: Any, standing: Any, advice: Any) -> None:
    row = results.of_error(status, code, message)
    assert row is not None
    assert (row.key, row.standing) == (key, standing)
    assert results.advise(key).advice is advice
    assert row.why


def test_every_row_at_the_door_is_tested() -> None:
    assert {row.key for row in results.DOOR_ERRORS} == {entry[3] for entry in DOOR}


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (503, "", ""),
        (502, "", "Bad Gateway"),
        (500, "", ""),
        (403, "", "Forbidden"),
        (400, "400.008.02", "invalid phone"),  # a third-party catalogue only
        (500, "500.999.1", "who knows"),
        (200, "400.002.02", "Bad Request - Invalid PhoneNumber"),
        (200, "", ""),
    ],
)
def test_an_undocumented_error_is_nobodys_row(status: Any, code: Any, message: Any) -> None:
    assert results.of_error(status, code, message) is None


def test_waits_are_long_enough() -> None:
    assert results.advise("500.001.1001:locked").wait >= timedelta(minutes=1)
    assert results.advise("500.003.03").wait > results.advise("500.003.02:spike").wait


def test_refusals_never_say_that_money_may_come_and_unknowns_never_allow_a_prompt() -> None:
    for row in results.DOOR_ERRORS:
        assert (row.advice.advice is Advice.NO) == (row.standing is Standing.UNKNOWN), row.key


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("mpesa-unreachable", Advice.NOW),
        ("mpesa-token", Advice.NOW),
        ("mpesa-credentials", Advice.FIX),
        ("mpesa-order", Advice.FIX),
        ("mpesa-no-answer", Advice.NO),
        ("mpesa-unreadable", Advice.NO),
        ("unproven", Advice.NO),
    ],
)
def test_our_own_codes(code: Any, advice: Any) -> None:
    assert results.advise(code).advice is advice


def test_what_it_has_to_mend_is_told_from_what_is_this_requests_own() -> None:
    own = (
        "2",
        "3",
        "4",
        "8",
        "8006",
        "400.002.02:PhoneNumber",
        "400.002.02:PartyA",
        "400.002.02:Amount",
        "1032",
        "nobody knows",
    )
    its = ("2028", "2029", "SFC_IC0003", "400.002.02", "404.001.03", "500.001.1001:merchant", "mpesa-credentials")
    assert [code for code in (*own, *its) if results.advise(code).about_settings] == list(its)
