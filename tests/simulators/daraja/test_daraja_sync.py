"""What is answered at once: tokens, field checks, refusals, faults of the way."""

import base64
from typing import Any

import httpx
import pytest

from hmis_pos.simulators.daraja import Behaviour, Submit
from tests.support.daraja_till import Open


def error(answer: httpx.Response) -> tuple[int, str, str]:
    body = answer.json()
    assert set(body) == {"requestId", "errorCode", "errorMessage"}
    return answer.status_code, body["errorCode"], body["errorMessage"]


async def test_a_token_has_its_life_as_text(open_till: Open) -> None:
    till = await open_till()
    body = (await till.sign_in()).json()
    assert body == {"access_token": till.token, "expires_in": "3599"}
    assert till.token


async def test_the_life_of_a_token_can_be_a_number(open_till: Open) -> None:
    till = await open_till(expires_in="number")
    assert (await till.sign_in()).json()["expires_in"] == 3599


@pytest.mark.parametrize(
    ("auth", "grant", "expected"),
    [
        (None, "client_credentials", "400.008.01"),
        (("demo-key", "demo-secret"), "password", "400.008.02"),
        (("demo-key", "wrong"), "client_credentials", "400.008.01"),
    ],
)
async def test_a_token_is_refused(open_till: Open, auth: Any, grant: str, expected: str) -> None:
    till = await open_till(bad_credentials="json")
    answer = await till.client.get("/oauth/v1/generate", params={"grant_type": grant}, auth=auth)
    assert error(answer)[:2] == (400, expected)


async def test_wrong_keys_get_an_empty_400(open_till: Open) -> None:
    till = await open_till()
    answer = await till.client.get(
        "/oauth/v1/generate", params={"grant_type": "client_credentials"}, auth=("demo-key", "x")
    )
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize(("single", "status"), [(True, 404), (False, 200)])
async def test_a_newer_token_ends_the_older_one_if_so_set(open_till: Open, *, single: bool, status: int) -> None:
    till = await open_till(single_token=single)
    old = till.token
    await till.sign_in()
    till.token = old
    assert (await till.push()).status_code == status


@pytest.mark.parametrize(
    ("code", "status"), [("404.001.03", 404), ("401.002.01", 401), ("401.001", 401), ("400.003.01", 400)]
)
async def test_a_bad_token_gets_one_of_the_family(open_till: Open, code: Any, status: int) -> None:
    till = await open_till(bad_token=code)
    till.daraja.tokens.revoke_all()
    assert error(await till.push()) == (status, code, "Invalid Access Token")


async def test_a_token_runs_out(open_till: Open) -> None:
    till = await open_till(token_seconds=100, timestamp_max_age=None)
    till.daraja.advance(101)
    assert error(await till.push())[1] == "404.001.03"


async def test_token_endpoint_breaks_as_scripted(open_till: Open) -> None:
    till = await open_till(oauth_answers=("truth", "unavailable", "spike", "truth"))
    path = "/oauth/v1/generate?grant_type=client_credentials"
    statuses = [(await till.client.get(path, auth=("demo-key", "demo-secret"))).status_code for _ in range(3)]
    assert statuses == [503, 429, 200]


async def test_path_method_and_header_errors(open_till: Open) -> None:
    till = await open_till()
    assert error(await till.client.post("/mpesa/stkpush/v2/processrequest"))[:2] == (404, "404.001.01")
    assert error(await till.client.get("/mpesa/stkpush/v1/processrequest"))[:2] == (405, "405.001")
    answer = await till.client.post("/mpesa/stkpush/v1/processrequest", json=till.order())
    assert error(answer)[:2] == (404, "404.001.04")


async def test_a_push_is_accepted(open_till: Open) -> None:
    till = await open_till()
    body = (await till.push()).json()
    assert body.pop("CheckoutRequestID").startswith("ws_CO_")
    assert body.pop("MerchantRequestID")
    assert body == {
        "ResponseCode": "0",
        "ResponseDescription": "Success. Request accepted for processing",
        "CustomerMessage": "Success. Request accepted for processing",
    }


async def test_a_form_body_is_blamed_on_a_field(open_till: Open) -> None:
    till = await open_till()
    answer = await till.client.post("/mpesa/stkpush/v1/processrequest", data=till.order(), headers=till.bearer)
    assert error(answer) == (400, "400.002.02", "Bad Request - Invalid BusinessShortCode")


@pytest.mark.parametrize("text", [b"{", b"[]", b"\xff"])
async def test_a_malformed_body(open_till: Open, text: Any) -> None:
    till = await open_till()
    headers = till.bearer | {"content-type": "application/json"}
    answer = await till.client.post("/mpesa/stkpush/v1/processrequest", content=text, headers=headers)
    assert error(answer)[:2] == (400, "400.002.05")


BAD_FIELDS = [
    ("BusinessShortCode", "12"),
    ("Timestamp", "2026-01-31"),
    ("Timestamp", "20261331101530"),
    ("TransactionType", "PayBill"),
    ("Amount", 0),
    ("Amount", 250001),
    ("Amount", 10.5),
    ("Amount", "10.00"),
    ("Amount", True),
    ("Amount", ""),
    ("PartyA", "0712345678"),
    ("PhoneNumber", "0712345678"),
    ("PhoneNumber", "+254712345678"),
    ("PhoneNumber", "254812345678"),
    ("PhoneNumber", "25471234567"),
    ("PartyB", "abc"),
    ("CallBackURL", "not a url"),
    ("CallBackURL", "ftp://hospital.example/cb"),
    ("CallBackURL", "https://hospital.example/MPesa/cb"),
    ("CallBackURL", "https://safaricom.hospital.example/cb"),
    ("CallBackURL", "https://hospital.example/cb?Query=1"),
    ("CallBackURL", "https://hospital.example/EXECute"),
    ("CallBackURL", "https://hospital.example/cmd"),
    ("CallBackURL", "https://hospital.example/sql"),
    ("CallBackURL", "https://hospital.example/a.exe"),
    ("AccountReference", "INV2093100001"),
    ("AccountReference", "INV-20931"),
    ("AccountReference", ""),
    ("TransactionDesc", "fourteen chars"),
]


@pytest.mark.parametrize(("name", "value"), BAD_FIELDS)
async def test_a_bad_field_is_named(open_till: Open, name: str, value: Any) -> None:
    till = await open_till()
    assert error(await till.push(**{name: value})) == (400, "400.002.02", f"Bad Request - Invalid {name}")
    assert till.daraja.state.pushes == {}


async def test_what_is_optional_or_either_way_is_taken(open_till: Open) -> None:
    till = await open_till(repeat_seconds=None)
    order = till.order(Amount="1500", BusinessShortCode=174379, PhoneNumber=254112345678, PartyA=254112345678)
    del order["TransactionDesc"]
    answer = await till.client.post("/mpesa/stkpush/v1/processrequest", json=order, headers=till.bearer)
    assert answer.status_code == 200


async def test_https_is_asked_for_when_set(open_till: Open) -> None:
    till = await open_till(callback_https=True)
    assert error(await till.push())[2] == "Bad Request - Invalid CallBackURL"


async def test_a_utc_timestamp_is_stale_unless_nobody_cares(open_till: Open) -> None:
    utc = "%Y%m%d%H%M%S"
    till = await open_till()
    config = till.daraja.state.config
    stamp = till.daraja.state.clock.now().strftime(utc)
    password = base64.b64encode(f"{config.shortcode}{config.passkey}{stamp}".encode()).decode()
    changed = {"Timestamp": stamp, "Password": password}
    assert error(await till.push(**changed))[2] == "Bad Request - Invalid Timestamp"
    await till.client.put("/sim/config", json={"timestamp_max_age": None})
    assert (await till.push(**changed)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"BusinessShortCode": "600966"}, "Merchant does not exist"), ({"Password": "bad"}, "Wrong credentials")],
)
async def test_500_001_1001_about_the_merchant(open_till: Open, changed: dict[str, Any], message: str) -> None:
    till = await open_till()
    assert error(await till.push(**changed)) == (500, "500.001.1001", message)
    checkout = await till.pushed()
    assert error(await till.query(checkout, **changed)) == (500, "500.001.1001", message)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("locked", 500, "500.001.1001"),
        ("generic", 500, "500.001.1001"),
        ("busy", 500, "500.003.02"),
        ("spike_arrest", 500, "500.003.02"),
        ("quota", 500, "500.003.03"),
        ("maintenance", 500, "500.002.1001"),
        ("internal", 500, "500.003.1001"),
        ("bad_request", 400, "400.003.02"),
        ("malformed", 400, "400.002.05"),
        ("token_404", 404, "404.001.03"),
        ("token_401", 401, "401.002.01"),
        ("token_400", 400, "400.003.01"),
    ],
)
async def test_scripted_rejections_move_nothing(open_till: Open, name: str, status: int, code: Any) -> None:
    till = await open_till(default_behaviour=Behaviour(submit=Submit(fault="reject", reject=name)))
    assert error(await till.push())[:2] == (status, code)
    assert till.daraja.state.ledger.movements() == []
    assert till.daraja.state.requests[0].error == code


@pytest.mark.parametrize(("name", "status"), [("no_product", 401), ("spike", 429)])
async def test_apigee_faults(open_till: Open, name: str, status: int) -> None:
    till = await open_till(default_behaviour=Behaviour(submit=Submit(fault="reject", reject=name)))
    answer = await till.push()
    assert answer.status_code == status
    fault = answer.json()["fault"]
    assert fault["faultstring"]
    assert fault["detail"]["errorcode"]


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        ("error", 500, "application/json"),
        ("unavailable", 503, "text/html; charset=utf-8"),
        ("html", 200, "text/html; charset=utf-8"),
        ("empty", 200, "application/json"),
    ],
)
async def test_a_broken_answer_says_nothing_about_the_money(
    open_till: Open, fault: Any, status: int, kind: str, *, accepted: bool
) -> None:
    till = await open_till(default_behaviour=Behaviour(submit=Submit(fault=fault, accepted=accepted)))
    answer = await till.push()
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    await till.daraja.idle()
    assert len(till.daraja.state.ledger.movements()) == accepted
    assert len(till.merchant.bodies) == accepted


@pytest.mark.parametrize("accepted", [True, False])
async def test_the_connection_is_reset(open_till: Open, *, accepted: bool) -> None:
    till = await open_till(default_behaviour=Behaviour(submit=Submit(fault="reset", accepted=accepted)))
    with pytest.raises(httpx.NetworkError):
        await till.push()
    await till.daraja.idle()
    assert len(till.daraja.state.ledger.movements()) == accepted


async def test_a_hanging_push_that_was_accepted_still_pays(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(submit=Submit(fault="hang")))
    till.client.timeout = httpx.Timeout(5, read=0.05)
    with pytest.raises(httpx.ReadTimeout):
        await till.push()
    await till.daraja.idle()
    assert len(till.daraja.state.ledger.movements()) == 1
    assert till.merchant.callbacks()[0]["ResultCode"] == 0


async def test_a_slow_answer_comes_when_its_time_has(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(submit=Submit(delay=0.05)))
    before = till.daraja.state.clock.now()
    assert (await till.push()).status_code == 200
    assert (till.daraja.state.clock.now() - before).total_seconds() >= 0.05


async def test_an_unwatched_page_of_the_world_is_not_there(open_till: Open) -> None:
    till = await open_till()
    assert error(await till.client.get("/sim/nothing"))[0] == 404
