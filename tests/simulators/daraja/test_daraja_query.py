"""The status query: its three ways to say "not yet", its limit, and its lies."""

from typing import Any

import httpx
import pytest

from hmis_pos.simulators.daraja import Behaviour
from tests.support.daraja_till import Open


@pytest.mark.parametrize(
    ("style", "status", "code", "message"),
    [
        ("500", 500, "500.001.1001", "The transaction is being processed"),
        ("unknown_id", 400, "400.002.02", "Bad Request - Invalid CheckoutRequestID"),
    ],
)
async def test_pending_as_an_error(open_till: Open, style: Any, status: int, code: Any, message: str) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome="manual"), query_pending=style)
    answer = await till.query(await till.pushed())
    body = answer.json()
    assert (answer.status_code, body["errorCode"], body["errorMessage"]) == (status, code, message)


async def test_pending_as_4999(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(outcome="manual"), query_pending="4999")
    answer = await till.query(await till.pushed())
    assert (answer.status_code, answer.json()["ResultCode"]) == (200, "4999")


async def test_an_unknown_id(open_till: Open) -> None:
    till = await open_till()
    answer = await till.query("ws_CO_never")
    assert answer.json()["errorMessage"] == "Bad Request - Invalid CheckoutRequestID"


async def test_too_early(open_till: Open) -> None:
    till = await open_till(query_too_early_seconds=10, timestamp_max_age=None)
    checkout = await till.pushed()
    assert (await till.query(checkout)).status_code == 400
    till.daraja.advance(11)
    assert (await till.query(checkout)).json()["ResultCode"] == "0"


@pytest.mark.parametrize(("style", "code"), [("string", "1032"), ("int", 1032)])
async def test_the_code_is_text_unless_set(open_till: Open, style: Any, code: Any) -> None:
    till = await open_till(query_codes=style, default_behaviour=Behaviour(outcome="cancel"))
    assert (await till.query(await till.pushed())).json()["ResultCode"] == code


async def test_spike_arrest(open_till: Open) -> None:
    till = await open_till(query_per_minute=5)
    checkout = await till.pushed()
    assert (await till.query(checkout)).status_code == 200
    answer = await till.query(checkout)
    assert answer.status_code == 429
    assert answer.json()["fault"]["detail"]["errorcode"] == "policies.ratelimit.SpikeArrestViolation"
    assert 0 < int(answer.headers["retry-after"]) <= 12
    till.daraja.advance(13)
    assert (await till.query(checkout)).status_code == 200


async def test_spike_arrest_without_advice(open_till: Open) -> None:
    till = await open_till(query_per_minute=5, retry_after=False)
    checkout = await till.pushed()
    await till.query(checkout)
    assert "retry-after" not in (await till.query(checkout)).headers


@pytest.mark.parametrize(
    ("said", "status", "part"),
    [
        ("processing", 500, "being processed"),
        ("4999", 200, '"ResultCode":"4999"'),
        ("unknown_id", 400, "Invalid CheckoutRequestID"),
        ("spike", 429, "SpikeArrest"),
        ("error", 500, "500.003.1001"),
        ("unavailable", 503, "<html>"),
        ("html", 200, "<html>"),
        ("empty", 200, ""),
        ("cancel", 200, '"ResultCode":"1032"'),
        ("1", 200, '"ResultCode":"1"'),
    ],
)
async def test_the_query_of_a_paid_push_says_as_scripted(open_till: Open, said: str, status: int, part: str) -> None:
    till = await open_till(default_behaviour=Behaviour(query=(said,)))
    checkout = await till.pushed()
    for _ in range(2):
        answer = await till.query(checkout)
        assert answer.status_code == status
        assert part in answer.text
    assert len(till.daraja.state.ledger.movements()) == 1


async def test_the_query_goes_through_its_script(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(query=("processing", "cancel", "truth")))
    checkout = await till.pushed()
    statuses = [(await till.query(checkout)).json().get("ResultCode") for _ in range(4)]
    assert statuses == [None, "1032", "0", "0"]
    assert [q.answer for q in till.daraja.state.queries] == ["500.001.1001", "cancel", "truth", "truth"]


@pytest.mark.parametrize(("said", "error"), [("hang", httpx.ReadTimeout), ("reset", httpx.NetworkError)])
async def test_the_query_gets_no_answer(open_till: Open, said: str, error: type[Exception]) -> None:
    till = await open_till(default_behaviour=Behaviour(query=(said, "truth")))
    checkout = await till.pushed()
    till.client.timeout = httpx.Timeout(5, read=0.1)
    with pytest.raises(error):
        await till.query(checkout)
    till.client.timeout = httpx.Timeout(5)
    assert (await till.query(checkout)).json()["ResultCode"] == "0"


async def test_a_query_tells_before_the_callback_does(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(deliveries=()))
    answer = (await till.query(await till.pushed())).json()
    assert answer["ResultCode"] == "0"
    assert "INV20931" not in str(answer)
    assert till.daraja.state.ledger.movements()[0].receipt not in str(answer)


async def test_a_bad_token(open_till: Open) -> None:
    till = await open_till()
    checkout = await till.pushed()
    till.daraja.tokens.revoke_all()
    assert (await till.query(checkout)).json()["errorCode"] == "404.001.03"
