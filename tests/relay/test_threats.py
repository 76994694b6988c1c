"""The threats of the model that end at this door, each by its number (reference: reliability, section 2)."""

import asyncio
import ipaddress
import json
import random

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hmis_pos.domain.money import Money
from hmis_pos.relay.callbacks import LONGEST_BODY
from tests.relay.conftest import C2B_TOKEN, Hospital
from tests.relay.test_paybill import SAFARICOM, paid
from tests.support import daraja_bodies

PROXY = (ipaddress.ip_network("10.1.1.7/32"),)


async def credited(hospital: Hospital) -> Money:
    """All money in the books, matched or not."""
    found = await hospital.database.read(lambda books: [books.invoices.get(n) for n in range(1, 10)])
    unmatched = await hospital.database.read(lambda books: books.unmatched.totals(1))
    total = unmatched[1]
    for invoice in found:
        assert invoice is not None
        total = total + invoice.paid
    return total


async def test_T01_forged_c2b_with_a_guessed_token_credits_nothing_and_leaves_an_alert(hospital: Hospital):  # noqa: N802
    for token in ("0" * 64, C2B_TOKEN[:-1] + "d", C2B_TOKEN[:32], C2B_TOKEN.upper()):
        assert (await hospital.confirm(paid(), token=token)).status_code == 404
    assert (hospital.rows("inbox"), await credited(hospital)) == (0, Money.zero())
    assert [task.subject for task in await hospital.tasks()] == ["callback-guess"]


async def test_T01_a_right_token_from_a_wrong_address_credits_nothing_until_safaricom_agrees(open_hospital):  # noqa: N802
    async with open_hospital(callback_allow=SAFARICOM, trusted_proxies=PROXY) as hospital:
        await hospital.sign_in()
        spoofed = {"X-Forwarded-For": "196.201.214.200, 203.0.113.9"}  # the right-most hop wrote itself
        assert (await hospital.confirm(paid(), headers=spoofed)).status_code == 200
        assert await credited(hospital) == Money.zero()
        assert "callback-address:203.0.113.9" in [task.subject for task in await hospital.tasks()]
        await hospital.step("checks")
        (question,) = hospital.gateway.questions
        assert question.receipt_no == "TAB1CD2EFG"
        said = daraja_bodies.result(
            daraja_bodies.told(
                ReceiptNo="TAB1CD2EFG", Amount=4850, CreditPartyName="600999 - Hospital", FinalisedTime=20261122113140
            ),
            OriginatorConversationID="ours-1",
            ConversationID="AG_Q1",
        )
        genuine = {"X-Forwarded-For": "203.0.113.9, 196.201.214.200"}
        path = httpx.URL(question.result_url).path
        assert (await hospital.http.post(path, content=said, headers=genuine)).status_code == 200
        await hospital.work_inbox()
        assert await credited(hospital) == Money.whole(4850)
        assert (await hospital.http.get("/api/invoices/1")).json()["status"] == "paid"


async def test_T01_a_forged_header_without_a_named_proxy_is_a_claim(open_hospital):  # noqa: N802
    async with open_hospital(callback_allow=SAFARICOM) as hospital:
        await hospital.confirm(paid(), headers={"X-Forwarded-For": "196.201.214.200"})
        assert await credited(hospital) == Money.zero()


async def test_T01_a_confirmation_above_the_limit_counts_only_once_it_is_proven(open_hospital):  # noqa: N802
    async with open_hospital(confirm_above=Money.whole(1000)) as hospital:
        await hospital.confirm(paid(TransAmount="1000.00"))
        await hospital.confirm(paid(TransID="TAB1CD2EFH", TransAmount="1000.01", BillRefNumber="INV-20002"))
        assert await credited(hospital) == Money.whole(1000)
        await hospital.step("checks")
        assert [question.receipt_no for question in hospital.gateway.questions] == ["TAB1CD2EFH"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 3), min_size=4, max_size=14), seed=st.integers(0, 2**32))
def test_T02_any_order_and_repeats_of_confirmations_end_in_the_same_books(open_hospital, order, seed):  # noqa: N802
    bodies = [paid(TransID=f"TAB1CD2EF{n}", TransAmount="100.00", BillRefNumber=f"INV-2000{n + 1}") for n in range(4)]
    deliveries = [*order, *range(4)]
    random.Random(seed).shuffle(deliveries)

    async def run() -> None:
        async with open_hospital() as hospital:
            before = (hospital.rows("payment"), hospital.rows("provider_receipt"))
            await asyncio.gather(*(hospital.http.post(f"/cb/{C2B_TOKEN}", content=bodies[n]) for n in deliveries))
            while await hospital.work_inbox():
                pass
            for n in range(1, 5):
                invoice = await hospital.database.read(lambda books, n=n: books.invoices.get(n))
                assert invoice is not None
                assert invoice.paid >= Money.whole(100)
            if before == (0, 0):
                assert hospital.rows("payment") == 4
            assert hospital.rows("provider_receipt") == 4

    asyncio.run(run())


async def test_T03_what_came_counts_not_what_was_asked(hospital: Hospital):  # noqa: N802
    await hospital.initiate(1)
    reference = hospital.gateway.orders[0].account_reference
    await hospital.confirm(paid(BillRefNumber=reference, TransAmount="5000.00"))
    listed = (await hospital.http.get("/api/payments/transactions")).json()["transactions"]
    found = {one["channel"]: (one["received"], one["allocated"], one["deposited"]) for one in listed}
    assert found == {"counter": ("0.00", "0.00", "0.00"), "paybill": ("5000.00", "4850.00", "150.00")}
    assert {task.kind.value for task in await hospital.tasks()} >= {"overpaid"}


async def test_T04_money_of_a_foreign_shortcode_is_set_aside(hospital: Hospital):  # noqa: N802
    assert (await hospital.confirm(paid(BusinessShortCode="174379"))).status_code == 200
    assert await credited(hospital) == Money.zero()
    assert [task.kind for task in await hospital.tasks()] == ["bad-callback"]


async def test_T05_fifty_identical_assignments_place_the_money_once(hospital: Hospital):  # noqa: N802
    await hospital.confirm(paid(BillRefNumber="nobody's 99999"))
    share = {"shares": [{"invoice_id": 1, "amount": "4850"}]}
    answers = await asyncio.gather(*(hospital.post("/api/unmatched/1/assign", share) for _ in range(20)))
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    assert [answer.status_code for answer in answers].count(200) == 1
    assert await credited(hospital) == Money.whole(4850)
    assert (await hospital.http.get("/api/unmatched/1")).json()["money"]["remaining"] == "0.00"


async def test_T08_paybill_money_is_on_the_trail_whoever_looks_away(hospital: Hospital):  # noqa: N802
    """No cashier is needed for it, and none can drop it: it is in the feed, the books and the audit chain at once."""
    start = await hospital.database.read(lambda books: books.trail.last_event())
    await hospital.confirm(paid(BillRefNumber="nobody's 99999"))
    entries = await hospital.database.read(lambda books: books.trail.entries(0, 100))
    assert "money.unmatched" in [entry.action for entry in entries]
    news = await hospital.database.read(lambda books: books.trail.events(start, 100))
    assert {"unmatched.changed", "task.opened"} <= {event.kind for event in news}


async def test_T15_addresses_that_others_send_are_never_asked(hospital: Hospital):  # noqa: N802
    """Our callback addresses come from settings alone, whatever a body or a host header says."""
    lure = json.dumps({"ResultURL": "http://169.254.169.254/latest", "QueueTimeOutURL": "file:///etc/passwd"}).encode()
    await hospital.http.post(f"/cb/{C2B_TOKEN}", content=lure, headers={"Host": "169.254.169.254"})
    await hospital.work_inbox()
    await hospital.sign_in("supervisor")
    await hospital.post("/api/mpesa/balance", headers={"Host": "evil.example"})
    assert [url.split("/cb/")[0] for url in hospital.gateway.result_urls] == ["https://pay.hospital.example"]


@pytest.mark.parametrize("path", ["", "/check"])
async def test_T19_an_oversized_body_is_refused_and_nothing_is_stored(open_hospital, path: str):  # noqa: N802
    async with open_hospital(refuse_paybill=frozenset({"unknown-account"})) as hospital:
        answer = await hospital.http.post(f"/cb/{C2B_TOKEN}{path}", content=b"x" * (LONGEST_BODY + 1))
        assert (answer.status_code, hospital.rows("inbox")) == (413, 0)
