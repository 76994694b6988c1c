"""Complaints of doors that stood open: who may post a payment, and who may read who owes what."""

import ipaddress

import httpx

from hmis_pos.simulators.daraja import Behaviour, Delivery
from tests.support import daraja_bodies
from tests.support.complaints import asked, open_tasks, release
from tests.support.house import C2B_TOKEN

SAFARICOM = (ipaddress.ip_network("196.201.214.200/32"),)


READABLE = (
    "/api/invoices",
    "/api/payments/transactions",
    "/api/unmatched",
    "/api/refunds",
    "/api/statements",
    "/api/mpesa",
    "/api/mpesa/qr?invoice_id=1",
    "/api/tasks",
    "/api/events",
)


async def test_navari_unpaid_invoices_listed_for_guests(house):
    """Whoever knew the address could list unpaid invoices and payments."""
    async with httpx.AsyncClient(base_url=house.http.base_url) as guest:
        answers = [await guest.get(path) for path in READABLE]
    assert [answer.status_code for answer in answers] == [401] * len(READABLE)
    assert not any("INV-" in answer.text for answer in answers)


async def test_navari_confirmation_open_to_guests(open_house):
    """Anybody could post a confirmation and pay an invoice with it: without our token there is no such address."""
    async with open_house(c2b_confirmation_url="ours") as house:
        forged = daraja_bodies.c2b(BusinessShortCode="174379", BillRefNumber="INV-20931", TransAmount="4850.00")
        async with httpx.AsyncClient(base_url=house.http.base_url) as guest:
            for path in (f"/cb/{C2B_TOKEN[:-1]}3", "/cb/", "/cb/confirmation", f"/cb/{'0' * 64}/late"):
                assert (await guest.post(path, content=forged)).status_code == 404
            alias = await guest.post("/api/payments/mpesa/callback", content=forged)
        await house.settle()
        assert alias.status_code < 500
        assert await house.database.read(lambda books: books.payments.owner_of("mpesa", "TAB1CD2EFG")) is None
        assert (await house.invoice("INV-20931"))["paid"] == "0.00"
        assert await house.breaches() == []


async def test_kenyaemr_callback_of_any_origin_is_believed(open_house):
    """Any sender's result was taken for Safaricom's: from an address we do not know it only makes us ask."""
    forged = Behaviour(outcome="cancel", deliveries=("forged",), query=("processing",))
    async with open_house(
        default_behaviour=forged, rules={"callback_allow": SAFARICOM}, mpesa={"pull": False}
    ) as house:
        uid = await asked(house)
        await house.pass_time(46)
        assert (await house.transaction(uid))["received"] == "0.00"
        assert (await house.invoice("INV-20931"))["paid"] == "0.00"
        assert "127.0.0.1" in (await open_tasks(house, "bad-callback"))[0]
        assert await house.breaches(settled=False) == []


async def test_kenyaemr_callback_matched_by_merchant_request_id_alone(open_house):
    """A result was matched by one id of its body: ours comes to its payment's own address and must name its own request."""
    held = Behaviour(outcome="pay", deliveries=(Delivery(held=True),))
    async with open_house(behaviours={"254722418903": held}, mpesa={"pull": False}) as house:
        rings = await asked(house, "INV-20934", "1200", "0722418903")
        await asked(house)
        other, mine = house.daraja.state.pushes.values()
        swapped = house.daraja.courier.sent[0].body
        assert mine.checkout_id in swapped
        house.daraja.send(other, Delivery(say="raw", body=swapped))
        await house.daraja.wait_for(lambda daraja: len(daraja.courier.sent) == 2)
        await house.settle()
        assert (await house.transaction(rings))["status"] == "pending"
        assert mine.checkout_id in (await open_tasks(house, "bad-callback"))[0]
        await release(house)
        assert (await house.transaction(rings))["status"] == "completed"
        assert await house.breaches() == []
