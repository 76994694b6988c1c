"""The queue and who serves whom."""

import asyncio

from tests.relay.conftest import Hospital


async def test_the_queue_pages_in_order_and_names_where_the_feed_stands(hospital: Hospital):
    first = (await hospital.http.get("/api/invoices", params={"limit": 4})).json()
    assert [one["id"] for one in first["invoices"]] == [1, 2, 3, 4]
    assert first["open_count"] == 9
    assert first["invoices"][0]["payable"] == "4850.00"
    second = (await hospital.http.get("/api/invoices", params={"limit": 4, "cursor": first["next"]})).json()
    third = (await hospital.http.get("/api/invoices", params={"limit": 4, "cursor": second["next"]})).json()
    assert [one["id"] for one in second["invoices"] + third["invoices"]] == [5, 6, 7, 8, 9]
    assert third["next"] == ""
    before = first["last_event"]
    await hospital.initiate(1)
    assert (await hospital.http.get("/api/invoices")).json()["last_event"] > before


async def test_search_finds_by_number_name_and_patient(hospital: Hospital):
    async def found(text: str) -> list[int]:
        answer = await hospital.http.get("/api/invoices", params={"search": text})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["invoices"]]

    assert await found("INV-20007") == [7]
    assert await found("P-0003") == [3]
    assert len(await found("wanjiru")) == 9
    for hostile in ("%", "_", "'", '"', "' OR 1=1 --", "\\", '") OR 1=1 --', "NEAR(", "*", "🙂", "x AND", "(", "-"):
        assert isinstance(await found(hostile), list)
        assert await found(f"nobody{hostile}nobody") == []


async def test_ringing_and_paid_are_seen(hospital: Hospital):
    uid = (await hospital.initiate(1)).json()["transaction_id"]
    invoice = (await hospital.http.get("/api/invoices/1")).json()
    assert (invoice["ringing"]["uid"], invoice["ringing"]["status"]) == (uid, "pending")
    await hospital.post("/api/payments/confirm", {"invoice_id": 2, "amount": "4850", "payment_method": "cash"})
    assert 2 not in [one["id"] for one in (await hospital.http.get("/api/invoices")).json()["invoices"]]
    page = (await hospital.http.get("/api/invoices", params={"open_only": "false"})).json()
    assert next(one for one in page["invoices"] if one["id"] == 2)["status"] == "paid"


async def test_two_counters_never_take_one_invoice_unknowingly(hospital: Hospital):
    second = await hospital.enrol("Counter 2")
    assert (await hospital.post("/api/invoices/1/serve", {"counter": "Counter 2"})).status_code == 200
    hospital.http.headers["X-Terminal"] = "T01A"
    refused = await hospital.post("/api/invoices/1/serve", {"counter": "Counter 1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "served-elsewhere")
    assert "Counter 2" in refused.json()["detail"]
    taken = await hospital.post("/api/invoices/1/serve", {"counter": "Counter 1", "take_over": True})
    assert taken.json()["terminal"] == "T01A"
    hospital.http.headers["X-Terminal"] = second
    assert (await hospital.post("/api/invoices/1/release")).status_code == 204
    assert (await hospital.http.get("/api/invoices/1")).json()["served_by"]["terminal"] == "T01A"
    hospital.http.headers["X-Terminal"] = "T01A"
    assert (await hospital.post("/api/invoices/1/release")).status_code == 204
    assert (await hospital.http.get("/api/invoices/1")).json()["served_by"] is None


async def test_of_many_counters_at_once_one_wins(hospital: Hospital):
    names = [await hospital.enrol(f"Counter {n}") for n in range(2, 8)]

    async def serve(terminal: str) -> int:
        answer = await hospital.post("/api/invoices/5/serve", {"counter": terminal}, headers={"X-Terminal": terminal})
        return answer.status_code

    assert sorted(await asyncio.gather(*(serve(name) for name in names))) == [200] + [409] * 5


async def test_enrolling_twice_gives_the_same_series(hospital: Hospital):
    body = {"install_uid": "0192f5a4-7b1c-7def-8123-456789abcdef", "counter": "Counter 9"}
    first, second = [(await hospital.post("/api/terminals", body)).json() for _ in range(2)]
    assert first == second
    assert first["series"] == "T02A"
    again = await hospital.post("/api/terminals", body | {"install_uid": "0192f5a4-7b1c-7def-8123-456789abcde0"})
    assert again.json()["series"] == "T02B"
