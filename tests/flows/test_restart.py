"""The relay is killed without warning in the middle of payments; what it had promised, it finds again."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.demo.phones import moved
from hmis_pos.demo.processes import Hospital
from hmis_pos.demo.promises import Movement, World, check_all, seeded_movements
from hmis_pos.relay.clock import SystemClock

PHONE = "0712345418"


class Counter:
    """An HMIS web page at a counter: it speaks the API and waits by the event feed."""

    def __init__(self, hospital: Hospital) -> None:
        assert hospital.relay is not None
        self.http = httpx.Client(base_url=hospital.relay.url, timeout=30)
        answer = self.http.post("/api/auth/login", json={"username": "cashier", "password": "demo-only"})
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    def post(self, path, body, key=None):
        return self.http.post(path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})

    def invoice(self, number):
        found = self.http.get("/api/invoices", params={"search": number, "open_only": "false"}).json()
        return found["invoices"][0] | {"last_event": found["last_event"]}

    def until(self, uid, status, after):
        """Follow the feed from ``after`` until the payment has this status."""
        with self.http.stream("GET", "/api/events", headers={"Last-Event-ID": str(after)}) as feed:
            for line in feed.iter_lines():
                if line.startswith("data:"):
                    payment = json.loads(line[5:]).get("payment")
                    if payment and payment["transaction_id"] == uid and payment["status"] == status:
                        return payment
        raise AssertionError("the feed ended")


@pytest.fixture
def hospital(tmp_path: Path, request: pytest.FixtureRequest, dialect: str) -> Iterator[Hospital]:
    url = str(request.getfixturevalue("postgres_url")) if dialect == "postgresql" else ""
    hospital = Hospital(tmp_path / "demo hospital", database_url=url, extra={"HMIS_CHASE_PLAN": "1,2,3,4,5,6,7,8"})
    hospital.start()
    yield hospital
    hospital.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def broken_promises(hospital: Hospital, before: dict[str, Movement]):
    assert hospital.daraja is not None
    came, _back = moved(hospital.daraja.url)
    database = CentralDatabase(hospital.database_url, SystemClock())
    try:
        return database.snapshot_now(lambda books: check_all(books, World(mpesa={**before, **came})))
    finally:
        database.dispose_now()


def seeded(hospital: Hospital) -> dict[str, Movement]:
    database = CentralDatabase(hospital.database_url, SystemClock())
    try:
        return database.read_now(seeded_movements)
    finally:
        database.dispose_now()


def test_a_relay_killed_while_the_phone_rings_finds_the_money(hospital):
    before = seeded(hospital)
    with Counter(hospital) as counter:
        invoice = counter.invoice("INV-20931")
        asked = {"invoice_id": invoice["id"], "amount": "4850", "phone_number": PHONE}
        uid = counter.post("/api/payments/mpesa/initiate", asked).json()["transaction_id"]
    hospital.relay.kill()
    (prompt,) = httpx.get(f"{hospital.daraja.url}/sim/prompts").json()["prompts"]
    httpx.post(f"{hospital.daraja.url}/sim/prompts/{prompt['id']}/pin").raise_for_status()
    httpx.get(f"{hospital.daraja.url}/sim/idle", params={"timeout": 20}).raise_for_status()  # its callback found nobody
    hospital.start_relay()
    with Counter(hospital) as counter:
        payment = counter.until(uid, "completed", invoice["last_event"])
    assert (payment["received"], payment["allocated"]) == ("4850.00", "4850.00")
    assert len(httpx.get(f"{hospital.daraja.url}/sim/requests").json()["requests"]) == 1
    assert broken_promises(hospital, before) == []


def test_the_same_key_after_the_restart_gives_the_same_payment(hospital):
    before = seeded(hospital)
    with Counter(hospital) as counter:
        invoice = counter.invoice("INV-20931")
        cash = {"invoice_id": invoice["id"], "amount": "4850.00", "payment_method": "cash", "tendered": "5000"}
        first = counter.post("/api/payments/confirm", cash, key="one-intent-one-key").json()
    hospital.relay.kill()
    hospital.start_relay()
    with Counter(hospital) as counter:
        second = counter.post("/api/payments/confirm", cash, key="one-intent-one-key").json()
    assert second["transaction_id"] == first["transaction_id"]
    assert broken_promises(hospital, before) == []
