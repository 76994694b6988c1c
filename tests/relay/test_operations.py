"""Health, numbers, the API's document, and what every answer carries."""

from typing import Any

import pytest

from hmis_pos.domain.errors import Unavailable
from hmis_pos.relay import worker as working
from hmis_pos.relay.worker import Loop
from tests.relay.conftest import Hospital, until

ORIGIN = "https://hmis.hospital.example"


async def test_it_lives_and_with_its_worker_it_is_ready(hospital: Hospital):
    live = (await hospital.http.get("/health/live")).json()
    assert (live["status"], live["server_time"]) == ("ok", "2026-11-22T08:31:00.000000Z")
    idle = await hospital.http.get("/health/ready")
    assert (idle.status_code, idle.json()["checks"]["worker:inbox"]) == (503, "not running")
    async with hospital.app.lifespan():
        ready = await hospital.http.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "ok")
        assert set(ready.json()["checks"].values()) == {""}


async def test_a_database_that_is_away_is_told(hospital: Hospital, monkeypatch: pytest.MonkeyPatch):
    async def away(*_args: Any) -> None:
        raise Unavailable("the database is away")

    monkeypatch.setattr(hospital.relay.ctx.database, "read", away)
    async with hospital.app.lifespan():
        answer = await hospital.http.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "the database is away")
    assert (await hospital.http.get("/metrics")).status_code == 200


async def test_a_loop_survives_its_errors_and_says_so(hospital: Hospital, lines, monkeypatch: pytest.MonkeyPatch):
    lines.errors_expected = True
    monkeypatch.setattr(working, "LONGEST_PAUSE", 0.01)
    loop = hospital.relay.worker.loops[0]
    real, broke = loop.step, 0

    async def breaks_twice() -> int:
        nonlocal broke
        if broke < 2:
            broke += 1
            raise RuntimeError("the world is not as it should be")
        return await real()

    loop.step = breaks_twice
    async with hospital.app.lifespan():
        await until(lambda: broke == 2 and not loop.failures)
        assert loop.trouble == ""
    assert len([line for line in lines if line["event"] == "worker loop broke"]) == 2
    assert 'hmis_pos_worker_failures_total{loop="inbox"} 2.0' in (await hospital.http.get("/metrics")).text


def test_a_silent_loop_is_dead():
    async def never() -> int:
        return 0

    loop = Loop("x", never, never)
    assert loop.trouble == ""
    loop.beat -= working.DEAD_AFTER + 1
    assert "silent" in loop.trouble


async def test_numbers_count_outcomes_and_time_the_gateway(hospital: Hospital):
    await hospital.relay.feed.step()
    uid = (await hospital.initiate(1)).json()["transaction_id"]
    await hospital.post(f"/api/payments/{uid}/stop", {})
    await hospital.post("/api/payments/confirm", {"invoice_id": 2, "amount": "100", "payment_method": "cash"})
    hospital.gateway.answers.append(Unavailable("no connection", code="gateway-unreachable"))
    await hospital.initiate(3)
    await hospital.relay.feed.step()
    await hospital.http.post("/api/payments/mpesa/callback", json={})
    text = (await hospital.http.get("/metrics")).text
    for line in (
        'hmis_pos_payments_total{method="mpesa",outcome="cancelled"} 1.0',
        'hmis_pos_payments_total{method="cash",outcome="completed"} 1.0',
        'hmis_pos_payments_total{method="mpesa",outcome="failed"} 1.0',
        'hmis_pos_gateway_seconds_count{call="start",provider="mpesa",result="accepted"} 1.0',
        'hmis_pos_gateway_seconds_count{call="start",provider="mpesa",result="gateway-unreachable"} 1.0',
        "hmis_pos_inbox_depth 1.0",
        "hmis_pos_unknown_payments 0.0",
        'hmis_pos_callbacks_total{channel="alias",result="stored"} 1.0',
    ):
        assert line in text
    for canary in ("0722", "254722", "Wanjiru", uid):
        assert canary not in text


async def test_only_named_web_pages_may_call(open_hospital):
    async with open_hospital(cors_origins=(ORIGIN,)) as hospital:
        ask = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,idempotency-key,content-type",
        }
        allowed = await hospital.http.options("/api/payments/mpesa/initiate", headers=ask)
        assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "idempotency-key" in allowed.headers["Access-Control-Allow-Headers"].lower()
        refused = await hospital.http.options("/api/payments/mpesa/initiate", headers=ask | {"Origin": "https://evil"})
        assert "Access-Control-Allow-Origin" not in refused.headers
        await hospital.sign_in()
        answer = await hospital.http.get("/api/invoices", headers={"Origin": ORIGIN})
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        wrong = await hospital.http.get("/api/invoices", headers={"Origin": ORIGIN, "Authorization": ""})
        assert (wrong.status_code, wrong.headers["Access-Control-Allow-Origin"]) == (401, ORIGIN)


async def test_without_named_pages_none_may(hospital: Hospital):
    answer = await hospital.http.get("/api/invoices", headers={"Origin": ORIGIN})
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_every_answer_is_numbered_and_kept_out_of_caches(hospital: Hospital):
    for path in ("/api/invoices", "/health/live", "/api/nothing", "/cb/" + "0" * 64):
        answer = await hospital.http.get(path, headers={"X-Request-ID": "0192f5a4-7b1c"})
        assert answer.headers["X-Request-ID"] == "0192f5a4-7b1c"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_document_is_complete(hospital: Hospital):
    document = (await hospital.http.get("/schema/openapi.json")).json()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path in (
        "/api/payments/mpesa/initiate",
        "/api/payments/mpesa/callback",
        "/api/payments/confirm",
        "/api/payments/transactions",
        "/api/auth/login",
        "/api/auth/refresh",
        "/api/invoices",
        "/api/sync/receipts",
        "/api/events",
    ):
        assert path in document["paths"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            for status, response in operation["responses"].items():
                if status.startswith("4"):
                    assert list(response["content"]) == ["application/problem+json"]
    amount = document["components"]["schemas"]["InitiateMpesa"]["properties"]["amount"]
    assert (amount["type"], amount["examples"]) == ("string", ["1250.50"])


async def test_canaries_reach_no_log_line(hospital: Hospital, lines):
    """Threat T18: through every endpoint and every refusal."""
    await hospital.login()
    await hospital.http.post("/api/auth/login", json={"username": "cashier", "password": "Canary-Password-1"})
    uid = (await hospital.initiate(1, phone_number="0722123456")).json()["transaction_id"]
    await hospital.initiate(1, phone_number="0722123457")
    await hospital.initiate(2, phone_number="0722 123 45")
    await hospital.http.get("/api/invoices", params={"search": "Wanjiru Canary"})
    await hospital.http.get(f"/api/payments/transactions/{uid}")
    await hospital.http.get("/api/invoices", headers={"Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln"})
    await hospital.relay.feed.step()
    canaries = ["Wanjiru", "Canary", "0722123", "254722123", "0722 123", "eyJ"]
    canaries.append(hospital.http.headers["Authorization"].removeprefix("Bearer "))
    canaries.append(hospital.gateway.orders[0].callback_url.rpartition("/")[2])
    assert len(list(lines)) > 5
    for canary in canaries:
        assert canary not in lines.text
