"""The admin API: what tests in another process see and steer, and the handset page."""

import asyncio
import re
from decimal import Decimal
from typing import Any

import httpx
import pytest

from hmis_pos.simulators.daraja import Behaviour, DarajaConfig
from hmis_pos.simulators.daraja.behaviour import read_script
from tests.support.daraja_till import Open, Till

PHONE = "254712345678"
MANUAL = Behaviour(outcome="manual")


async def act(till: Till, checkout: str, action: str, **body: Any) -> httpx.Response:
    return await till.client.post(f"/sim/prompts/{checkout}/{action}", json=body)


async def test_ledger_requests_queries_and_callbacks_are_told(open_till: Open) -> None:
    till = await open_till()
    checkout = await till.pushed()
    await till.push(Amount=0)
    await till.query(checkout)
    ledger = (await till.client.get("/sim/ledger")).json()
    (movement,) = ledger["movements"]
    assert ledger["total"] == movement["amount"] == "1500.00"
    assert (movement["msisdn"], movement["account"], movement["kind"]) == (PHONE, "INV20931", "stk")
    first, second = (await till.client.get("/sim/requests")).json()["requests"]
    assert (first["accepted"], first["checkout_id"], first["result_code"]) == (True, checkout, "0")
    assert (second["accepted"], second["error"]) == (False, "400.002.02")
    assert "Password" not in first["body"]
    assert (await till.client.get("/sim/requests?phone=254700000000")).json()["requests"] == []
    (query,) = (await till.client.get("/sim/queries")).json()["queries"]
    assert (query["checkout_id"], query["answer"]) == (checkout, "truth")
    (letter,) = (await till.client.get("/sim/callbacks")).json()["callbacks"]
    assert (letter["status"], letter["say"], letter["checkout_id"]) == (200, "truth", checkout)
    push = (await till.client.get(f"/sim/pushes/{checkout}")).json()
    assert (push["receipt"], push["stage"], push["open"]) == (movement["receipt"], "done", False)


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("pin", {}, "0"),
        ("pin", {"pin": "1234"}, "0"),
        ("pin", {"pin": "9999"}, "2001"),
        ("cancel", {}, "1032"),
        ("ignore", {}, "1037"),
        ("poor", {}, "1"),
        ("expire", {}, "1019"),
        ("SFC_IC0003", {}, "SFC_IC0003"),
    ],
)
async def test_a_person_answers_the_prompt(open_till: Open, action: str, body: Any, code: Any) -> None:
    till = await open_till(default_behaviour=MANUAL)
    checkout = await till.pushed()
    assert (await act(till, checkout, action, **body)).json()["result_code"] == code
    await till.daraja.idle()
    assert str(till.merchant.callbacks()[0]["ResultCode"]) == code
    again = await act(till, checkout, "pin")
    assert again.status_code == 409
    assert len(till.daraja.state.ledger.movements()) == (code == "0")


async def test_three_wrong_pins_lock_it(open_till: Open) -> None:
    till = await open_till(default_behaviour=MANUAL)
    codes = []
    for amount, pin in ((1, "0000"), (2, "0000"), (3, "0000"), (4, "1234")):
        codes.append((await act(till, await till.pushed(Amount=amount), "pin", pin=pin)).json()["result_code"])
    assert codes == ["2001", "2001", "2001", "8006"]
    await till.client.put(f"/sim/phones/{PHONE}", json={"pin": "4321"})
    checkout = await till.pushed(Amount=5)
    assert (await act(till, checkout, "pin", pin="4321")).json()["result_code"] == "0"


async def test_two_answers_at_once_are_one(open_till: Open) -> None:
    till = await open_till(default_behaviour=MANUAL)
    checkout = await till.pushed()
    answers = await asyncio.gather(*(act(till, checkout, action) for action in ("pin", "cancel", "pin", "poor")))
    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
    await till.daraja.idle()
    assert len(till.merchant.bodies) == 1


async def test_waiting_for_a_prompt(open_till: Open) -> None:
    till = await open_till(default_behaviour=MANUAL)
    waiting = asyncio.get_running_loop().create_task(
        till.client.get("/sim/prompts", params={"wait": 1, "timeout": 5, "phone": PHONE})
    )
    checkout = await till.pushed()
    (prompt,) = (await waiting).json()["prompts"]
    assert prompt["id"] == checkout
    assert prompt["prompt"] == "Do you want to pay KES 1,500 to Mwangaza County Hospital account INV20931?"


async def test_waiting_ends_with_nothing(open_till: Open) -> None:
    till = await open_till()
    answer = await till.client.get("/sim/prompts?wait=1&timeout=0.05")
    assert answer.json()["prompts"] == []


async def test_waiting_for_anything_since(open_till: Open) -> None:
    till = await open_till(default_behaviour=MANUAL)
    last = (await till.client.get("/sim/prompts")).json()["last"]
    waiting = asyncio.get_running_loop().create_task(till.client.get(f"/sim/prompts?since={last}&timeout=5"))
    await till.pushed()
    assert (await waiting).json()["last"] > last


async def test_waiting_for_events(open_till: Open) -> None:
    till = await open_till(c2b=True)
    waiting = asyncio.get_running_loop().create_task(
        till.client.get("/sim/events", params={"kind": "callback_sent", "count": 2, "timeout": 5})
    )
    checkout = await till.pushed()
    events = (await waiting).json()["events"]
    assert [(e["about"]["say"], e["about"]["checkout"]) for e in events] == [("truth", checkout), ("twin", checkout)]
    kinds = [e["kind"] for e in (await till.client.get(f"/sim/events?checkout={checkout}")).json()["events"]]
    assert kinds == [
        "prompt_opened",
        "push_received",
        "money_moved",
        "prompt_closed",
        "callback_sent",
        "callback_sent",
        "push_done",
    ]


async def test_idle_is_told(open_till: Open) -> None:
    till = await open_till(default_behaviour=Behaviour(ring_seconds=30))
    await till.push()
    assert (await till.client.get("/sim/idle")).json() == {"idle": False}
    till.daraja.advance(31)
    assert (await till.client.get("/sim/idle?timeout=5")).json() == {"idle": True}


async def test_wait_for_says_what_it_saw(open_till: Open) -> None:
    till = await open_till()
    with pytest.raises(TimeoutError, match="token_issued"):
        await till.daraja.wait_for(lambda d: d.courier.sent, timeout=0.01)


async def test_scripts_are_put_and_taken_back(open_till: Open) -> None:
    till = await open_till()
    script = [{"outcome": "cancel", "shape": {"codes": "string"}}, "wrong_pin"]
    told = (await till.client.put(f"/sim/behaviours/{PHONE}", json=script)).json()
    assert [b["outcome"] for b in told[PHONE]] == ["cancel", "wrong_pin"]
    await till.client.put("/sim/behaviours/default", json="ignore")
    await till.pushed(Amount=1)
    await till.pushed(Amount=2)
    await till.client.delete(f"/sim/behaviours/{PHONE}")
    await till.pushed(Amount=3)
    assert [c["ResultCode"] for c in till.merchant.callbacks()] == ["1032", 2001, 1037]
    assert set((await till.client.get("/sim/behaviours")).json()["behaviours"]) == {"default"}


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("chancel", "unknown outcome"),
        ({"outcome": "x"}, "unknown outcome"),
        ({"outcom": "pay"}, "outcom"),
        ({"submit": {"fault": "odd"}}, "odd"),
        ({"submit": {"fault": "reject", "reject": "odd"}}, "unknown rejection"),
        ({"deliveries": ["pay"]}, "forged"),
        ({"query": []}, "query"),
        ({"callback_before_answer": True, "outcome": "manual"}, "callback_before_answer"),
        ([], "at least one"),
    ],
)
async def test_a_bad_script_is_refused_in_words(open_till: Open, script: Any, word: str) -> None:
    till = await open_till()
    answer = await till.client.put(f"/sim/behaviours/{PHONE}", json=script)
    assert answer.status_code == 400
    assert word in answer.json()["error"]
    with pytest.raises(ValueError, match=word):
        read_script(script)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/sim/behaviours/0712345678", "pay", 400),
        ("PUT", "/sim/config", {"nothing": 1}, 400),
        ("PUT", "/sim/config", {"query_per_minute": -1}, 400),
        ("PUT", "/sim/config", [], 400),
        ("PUT", f"/sim/phones/{PHONE}", {"balance": "much"}, 400),
        ("PUT", f"/sim/phones/{PHONE}", {"colour": "red"}, 400),
        ("POST", "/sim/clock", {"advance": -1}, 400),
        ("POST", "/sim/clock", {"advance": "x"}, 400),
        ("POST", "/sim/prompts/ws_CO_1/pin", {}, 404),
        ("GET", "/sim/events?since=x", None, 400),
        ("GET", "/sim/events?timeout=x", None, 400),
    ],
)
async def test_bad_admin_requests(open_till: Open, method: str, path: str, body: Any, status: int) -> None:
    till = await open_till()
    answer = await till.client.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_settings_change_while_it_runs(open_till: Open) -> None:
    till = await open_till()
    answer = await till.client.put(
        "/sim/config", json={"shop_name": "Clinic", "default_behaviour": {"outcome": "cancel"}, "phone_balance": "5"}
    )
    assert answer.json()["shop_name"] == "Clinic"
    assert answer.json()["seed"] == 7
    checkout = await till.pushed()
    assert "to Clinic account" in till.daraja.state.pushes[checkout].prompt
    assert till.merchant.callbacks()[0]["ResultCode"] == 1032
    assert till.daraja.state.phones.get(PHONE).balance == Decimal(5)


async def test_phones_are_told_and_changed(open_till: Open) -> None:
    till = await open_till()
    told = (await till.client.put(f"/sim/phones/{PHONE}", json={"balance": "1499.50", "name": "GRACE"})).json()
    assert (told["balance"], told["name"], told["messages"]) == ("1499.50", "GRACE", [])
    await till.pushed()
    assert till.merchant.callbacks()[0]["ResultCode"] == 1
    assert (await till.client.get("/sim/phones")).json()["phones"] == [told]


async def test_the_clock_is_moved_over_http(open_till: Open) -> None:
    till = await open_till(default_behaviour=MANUAL)
    await till.pushed()
    await till.client.post("/sim/clock", json={"advance": 60.5})
    assert (await till.client.get("/sim/idle?timeout=5")).json() == {"idle": True}
    await till.daraja.wait_for(lambda d: d.courier.sent)
    assert till.merchant.callbacks()[0]["ResultCode"] == 1037


async def test_tokens_are_revoked_over_http(open_till: Open) -> None:
    till = await open_till()
    await till.client.post("/sim/tokens/revoke")
    assert (await till.push()).json()["errorCode"] == "404.001.03"


async def test_reset_forgets_all_but_tokens_and_receipts(open_till: Open) -> None:
    till = await open_till(default_behaviour=MANUAL)
    await till.pushed()
    await till.client.put("/sim/config", json={"shop_name": "Clinic"})
    await till.client.put(f"/sim/behaviours/{PHONE}", json="pay")
    await till.client.post("/sim/reset")
    for path, key in (("ledger", "movements"), ("requests", "requests"), ("prompts", "prompts"), ("phones", "phones")):
        assert (await till.client.get(f"/sim/{path}")).json()[key] == []
    assert (await till.client.get("/sim/config")).json()["shop_name"] == "Mwangaza County Hospital"
    await till.pushed()
    assert len(till.daraja.open_prompts()) == 1
    assert till.merchant.bodies == [], "the prompt of before the reset says nothing any more"


@pytest.mark.parametrize(
    ("path", "calls"),
    [
        ("/", {"/sim/offer", "/sim/accounts", "/sim/registrations", "/sim/statement"}),
        ("/handset", {"/sim/prompts", "/sim/phones", "/sim/payments", "/sim/offer"}),
    ],
)
async def test_the_pages_stand_alone(open_till: Open, path: str, calls: set[str]) -> None:
    till = await open_till()
    answer = await till.client.get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    linked = re.findall(r"""(?:src|href)=["'](?!data:)([^"']*)""", answer.text)
    assert all(re.match(r"/(?!/)", link) for link in linked), "nothing comes from elsewhere"
    assert re.search(r'<html lang="en">', answer.text)
    assert set(re.findall(r"/sim/[a-z]+", answer.text)) == calls
    for link in linked:
        assert (await till.client.get(link)).status_code == 200


async def test_the_offer_names_every_endpoint(open_till: Open) -> None:
    till = await open_till(tills=("555111",))
    offer = (await till.client.get("/sim/offer")).json()
    assert offer["merchant"] == {"name": "Mwangaza County Hospital", "paybill": "174379", "tills": ["555111"]}
    paths = {endpoint["path"] for endpoint in offer["endpoints"]}
    assert {
        "/oauth/v1/generate",
        "/mpesa/stkpush/v1/processrequest",
        "/mpesa/stkpushquery/v1/query",
        "/mpesa/c2b/v2/registerurl",
        "/mpesa/c2b/v2/simulate",
        "/mpesa/b2c/v3/paymentrequest",
        "/mpesa/reversal/v1/request",
        "/mpesa/transactionstatus/v1/query",
        "/mpesa/accountbalance/v1/query",
        "/mpesa/qrcode/v1/generate",
        "/pulltransactions/v1/register",
        "/pulltransactions/v1/query",
    } <= paths
    for path in offer["look"]:
        assert (await till.client.get(path)).status_code == 200, path


def test_the_defaults_are_the_public_sandbox() -> None:
    config = DarajaConfig()
    assert (config.consumer_key, config.consumer_secret, config.shortcode) == ("demo-key", "demo-secret", "174379")
    assert len(config.passkey) == 64
