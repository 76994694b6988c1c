"""Complaints of callbacks that never came, came too late, or were turned away: the money is found, and nobody waits for ever."""

from datetime import timedelta

import httpx
import pytest

from hmis_pos.relay.settings import BadSettings, load
from hmis_pos.simulators.daraja import Behaviour, Delivery, Submit
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from tests.support import daraja_bodies
from tests.support.complaints import PAYER, asked, new_unmatched, release, threads
from tests.support.house import C2B_TOKEN

LOST = PaymentBehaviour(deliveries=())
SILENT = Behaviour(outcome="pay", deliveries=())
NO_PULL = {"pull": False}
LIVE = {
    "HMIS_DATABASE_URL": "sqlite:////tmp/central.sqlite3",
    "HMIS_JWT_SECRET": "0123456789abcdef0123456789abcdef",
    "MPESA_API_URL": "https://api.safaricom.co.ke",
    "MPESA_BUSINESS_SHORTCODE": "600123",
    "MPESA_PASSKEY": "a live passkey",
    "MPESA_CONSUMER_KEY": "key",
    "MPESA_CONSUMER_SECRET": "secret",
}


@threads("osenco/osen-wc-mpesa#53", "safaricom/LNMOnlineAndroidSample#16")
async def test_the_payer_paid_and_no_callback_was_made(open_house, thread):
    """The buyer pays by STK push and the shop is never told; or it always was, and from one day on it is not."""
    async with open_house(default_behaviour=SILENT, behaviours={"254722418903": Behaviour(outcome="pay")}) as house:
        if thread.endswith("#16"):
            heard = await asked(house, "INV-20934", "1200", "0722418903")
            assert (await house.transaction(heard))["status"] == "completed"
            await house.pass_time(86_400)
        uid = await asked(house)
        assert (await house.transaction(uid))["status"] == "pending"
        await house.pass_time(21)
        assert (await house.transaction(uid))["status"] == "completed"
        await house.pass_time(600)
        paid = await house.transaction(uid)
        receipt = house.daraja.state.ledger.movements("stk")[-1].receipt
        assert (paid["received"], paid["provider_receipt"]) == ("4850.00", receipt)
        assert (await house.invoice("INV-20931"))["status"] == "paid"
        assert await house.breaches() == []


async def test_safaricom_mpesa_node_library_48_the_client_waits_and_waits_in_vain(open_house):
    """No request reaches the callback URL, so the client waits for ever: after 75 s it is unknown, and said so."""
    silent = Behaviour(outcome="pay", deliveries=(), query=("processing",))
    async with open_house(default_behaviour=silent, mpesa=NO_PULL) as house:
        uid = await asked(house)
        for seconds in (21, 25, 30):
            await house.pass_time(seconds)
        waiting = await house.transaction(uid)
        assert waiting["status"] == "unknown"
        assert waiting["next_check_at"]
        await house.pass_time(49 * 3600)
        assert (await house.transaction(uid))["status"] == "expired"
        await house.import_statement()
        assert (await house.transaction(uid))["received"] == "4850.00"
        assert await house.breaches() == []


@threads("safaricom/mpesa-php-sdk#51", "safaricom/mpesa-php-sdk#62")
async def test_sometimes_a_callback_comes_and_sometimes_nothing(open_house, thread):
    """The URL is reachable, one payer's result comes, the next one's does not, a third's says expired though it was paid."""
    phones = {"254722418903": SILENT, "254711902337": Behaviour(outcome="pay", deliveries=("expire",))}
    async with open_house(behaviours=phones) as house:
        uids = [
            await asked(house),
            await asked(house, "INV-20934", "1200", "0722418903"),
            await asked(house, "INV-20940", "650", "0711902337"),
        ]
        before = [(await house.transaction(uid))["status"] for uid in uids]
        assert before == ["completed", "pending", "unknown"]
        await house.pass_time(46)
        await house.pass_time(35)
        for uid, amount in zip(uids, ("4850.00", "1200.00", "650.00"), strict=True):
            paid = await house.transaction(uid)
            assert (paid["status"], paid["received"]) == ("completed", amount)
        assert await house.breaches() == []


@threads("safaricom/mpesa-php-sdk#17", "safaricom/mpesa-api-C-Sharp#2")
async def test_a_payment_to_the_paybill_is_never_confirmed(open_house, thread):
    """The customer's payment works, and the registered confirmation URL gets no hit at all, or rarely one."""
    async with open_house(c2b_confirmation_url="ours") as house:
        if thread.endswith("#2"):
            await house.pay(150, "INV-20931", PAYER)
        for amount, account in ((700, "INV-20931"), (1200, "inv 20934"), (90, "MAMA")):
            await house.pay(amount, account, PAYER, behaviour=LOST)
        assert (await house.invoice("INV-20934"))["payable"] == "1200.00"
        await house.pass_time(600)
        assert (await house.invoice("INV-20934"))["payable"] == "0.00"
        left = 4850 - 700 - (150 if thread.endswith("#2") else 0)
        assert (await house.invoice("INV-20931"))["payable"] == f"{left}.00"
        (money,) = await new_unmatched(house)
        assert (money["amount"], money["source"]) == ("90.00", "pull")
        assert await house.breaches() == []


async def test_osenco_osen_wc_mpesa_57_payer_paid_screen_stays_at_waiting(open_house):
    """The phone says paid, the screen goes on with "Confirming receipt, please wait": every change of state is an event."""
    late = Behaviour(outcome="pay", deliveries=(Delivery(held=True),), query=("processing",))
    async with open_house(default_behaviour=late, mpesa=NO_PULL) as house:
        uid = await asked(house)
        for seconds in (46, 35):
            await house.pass_time(seconds)
        assert (await house.transaction(uid))["status"] == "unknown"
        seen = (await house.get("/api/invoices"))["last_event"]
        await release(house)
        news = await house.database.read(lambda books: books.trail.events(seen, 100))
        assert any(event.kind == "payment.changed" and uid in event.data for event in news)
        assert (await house.transaction(uid))["status"] == "completed"
        assert await house.breaches() == []


async def test_odoo_odoo_259817_safaricoms_post_is_refused_for_want_of_a_csrf_token(house):
    """Safaricom brings no cookie, no token, no session, and the framework turned it away."""
    payment = await house.pay(90, "INV-20931", PAYER, behaviour=LOST)
    body = daraja_bodies.c2b(
        TransID=payment.receipt, TransAmount="90.00", BusinessShortCode="174379", BillRefNumber="INV-20931"
    )
    async with httpx.AsyncClient(base_url=house.http.base_url) as stranger:
        for kind in ("application/json", "application/x-www-form-urlencoded", ""):
            headers = {"Content-Type": kind, "Origin": "https://api.safaricom.co.ke"}
            answer = await stranger.post(f"/cb/{C2B_TOKEN}", content=body, headers=headers)
            assert (answer.status_code, answer.json()["ResultCode"]) == (200, 0)
    await house.settle()
    assert (await house.invoice("INV-20931"))["paid"] == "90.00"


@pytest.mark.parametrize("address", ["http://pay.hospital.example", "https://10.0.0.7"])
def test_odoo_odoo_259817_an_http_base_url_is_sent_to_safaricom(address):
    """The base URL was http, so every registration failed with "invalid url": here the relay does not start."""
    with pytest.raises(BadSettings) as caught:
        load(LIVE | {"PUBLIC_BASE_URL": address})
    assert caught.value.problems == ["PUBLIC_BASE_URL: the live M-Pesa system needs a public https address"]


async def test_odoo_odoo_259817_the_receipt_number_is_not_stored_on_the_payment(house):
    """What stands on the payer's phone could not be found in the till's books."""
    uid = await asked(house)
    (movement,) = house.daraja.state.ledger.movements("stk")
    assert (await house.transaction(uid))["provider_receipt"] == movement.receipt
    found = await house.get("/api/payments/transactions", search=movement.receipt)
    assert [one["transaction_id"] for one in found["transactions"]] == [uid]


async def test_odoo_pos_safaricom_registered_url_expires_after_6_hours(open_house):
    """The C2B address was signed for six hours and registered once for years: ours stays good."""
    async with open_house(c2b_confirmation_url="ours", mpesa=NO_PULL) as house:
        for after in (timedelta(0), timedelta(hours=6, minutes=1), timedelta(days=200)):
            await house.pass_time(after.total_seconds())
            await house.pay(100, "INV-20931", PAYER)
            assert house.daraja.courier.sent[-1].status == 200
        assert (await house.invoice("INV-20931"))["paid"] == "300.00"
        assert await house.breaches() == []


async def test_odoo_pos_safaricom_result_is_told_to_open_sessions_only(open_house):
    """A result was broadcast to open tills and kept nowhere: whoever opens the invoice later finds it all the same."""
    held = Behaviour(outcome="pay", deliveries=(Delivery(held=True),))
    async with open_house(default_behaviour=held, mpesa=NO_PULL) as house:
        uid = await asked(house)
        house.http.headers.pop("Authorization")  # the till is closed
        await release(house)
        await house.sign_in("supervisor")
        assert (await house.transaction(uid))["status"] == "completed"
        assert (await house.invoice("INV-20931"))["status"] == "paid"
        assert await house.breaches() == []


async def test_kenyaemr_payment_is_booked_only_while_a_browser_polls(open_house):
    """The result was polled for by the cashier's browser, which gave up at its first network error."""
    silent = Behaviour(outcome="pay", deliveries=(), query=("reset", "html", "truth"))
    async with open_house(default_behaviour=silent, mpesa=NO_PULL) as house:
        uid = await asked(house)
        house.http.headers.pop("Authorization")  # nobody looks from here on
        for _ in range(4):
            house.clock.at += timedelta(seconds=21)
            await house.work("chase")
        await house.sign_in()
        assert (await house.transaction(uid))["status"] == "completed"
        assert await house.breaches() == []


async def test_kenyaemr_confirmation_answers_success_and_stores_nothing(open_house):
    """The C2B confirmation was answered "Success" and forgotten: ours is in the books before it is answered."""
    async with open_house(c2b_confirmation_url="ours", mpesa=NO_PULL) as house:
        await house.daraja.pay(amount=850, account="INV-20931", msisdn=PAYER)
        await house.daraja.idle()
        assert house.daraja.courier.sent[-1].status == 200
        assert await house.database.read(lambda books: books.inbox.depth()) == 1  # answered, and not read yet
        await house.settle()
        assert (await house.invoice("INV-20931"))["paid"] == "850.00"
        assert await house.breaches() == []


async def test_kenyaemr_push_recorded_after_it_was_sent(open_house):
    """The push went out, the machine died before its row was written: the callback found no payment of ours."""
    early = Behaviour(outcome="pay", submit=Submit(fault="reset", accepted=True), callback_before_answer=True)
    async with open_house(default_behaviour=early, mpesa=NO_PULL) as house:
        uid = await asked(house)
        paid = await house.transaction(uid)
        assert (paid["status"], paid["received"]) == ("completed", "4850.00")
        assert len(house.daraja.state.requests) == 1
        assert await house.breaches() == []


async def test_juspay_hyperswitch_2380_a_payment_stays_pending_for_ever_after_a_timeout(open_house):
    """After the last look there was no final state: here 48 hours without a trace end it, and a late success lifts it."""
    nobody = Behaviour(outcome="ignore", deliveries=(), query=("unknown_id",))
    async with open_house(default_behaviour=nobody) as house:
        uid = await asked(house)
        await house.pass_time(80)
        assert (await house.transaction(uid))["status"] == "unknown"
        await house.pass_time(48 * 3600)
        ended = await house.transaction(uid)
        assert (ended["status"], ended["next_check_at"]) == ("expired", "")
        assert await house.breaches() == []
