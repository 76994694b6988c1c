"""Complaints about settings: said so before the start or as IT's task, and never held against the patient."""

import os
import time
from datetime import UTC, datetime

import pytest
from cryptography import x509

from hmis_pos.gateways.mpesa.config import TransactionType
from hmis_pos.relay.settings import BadSettings, load
from hmis_pos.simulators.daraja import Behaviour, Daraja, DarajaConfig
from hmis_pos.simulators.daraja.commands.script import CommandScript, CommandSubmit
from tests.support.complaints import PHONE, asked, open_tasks, threads

SANDBOX = {
    "HMIS_DATABASE_URL": "sqlite:////tmp/central.sqlite3",
    "HMIS_JWT_SECRET": "0123456789abcdef0123456789abcdef",
    "MPESA_API_URL": "https://sandbox.safaricom.co.ke",
    "MPESA_BUSINESS_SHORTCODE": "174379",
    "MPESA_PASSKEY": "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
    "MPESA_CONSUMER_KEY": "key",
    "MPESA_CONSUMER_SECRET": "secret",
    "PUBLIC_BASE_URL": "https://pay.hospital.example",
}


def refused(**changes):
    """What the relay says instead of starting."""
    with pytest.raises(BadSettings) as caught:
        load(SANDBOX | changes)
    return caught.value.problems


async def refused_at_the_door(house):
    """A prompt that Safaricom refuses for our settings; returns the payment."""
    uid = await asked(house)
    payment = await house.transaction(uid)
    assert (payment["status"], payment["advice"]) == ("failed", "fix")
    assert (await house.invoice("INV-20931"))["payable"] == "4850.00"
    return payment


async def refund_of(house, payment, amount):
    """A refund, asked for and approved, and sent; returns it."""
    await house.sign_in("cashier")
    body = {"transaction_id": payment["transaction_id"], "amount": amount, "reason": "paid for the wrong visit"}
    refund = (await house.post("/api/payments/refund", body)).json()
    await house.sign_in("supervisor")
    await house.post(f"/api/refunds/{refund['refund_uid']}/approve", {"note": "seen"})
    await house.work("refunds")
    return await house.get(f"/api/refunds/{refund['refund_uid']}")


# ---------------------------------------------------------------- the operator


@threads(
    "newtonmunene99/mpesa-api#12",
    "safaricom/mpesa-php-sdk#41",
    "safaricom/mpesa-node-library#13",
    "safaricom/mpesa-node-library#17",
)
async def test_the_initiator_information_is_invalid(open_house, tmp_path, thread):
    """Result 2001 to balances and payouts alike: a wrong name or password, or the portal's certificate of another key."""
    wrong = {
        "newtonmunene99/mpesa-api#12": {"initiator_password": "Wrong#2026"},
        "safaricom/mpesa-php-sdk#41": {"initiator": "credential-for-username"},
        "safaricom/mpesa-node-library#13": {"initiator_password": "Wrong#2026"},
        "safaricom/mpesa-node-library#17": {"certificate": str(tmp_path / "portal.pem")},
    }[thread]
    Daraja(DarajaConfig()).initiator.write_certificate(tmp_path / "portal.pem")  # of nobody's key
    async with open_house(mpesa=wrong) as house:
        payment = await house.transaction(await asked(house))
        if thread.endswith("#41"):
            await house.sign_in("supervisor")
            assert (await house.post("/api/mpesa/balance", None)).status_code == 200
            await house.settle()
        else:
            refund = await refund_of(house, payment, "850")
            assert (refund["state"], refund["failure_code"]) == ("failed", "2001")
        waits = await refund_of(house, payment, "900")
        assert (waits["state"], len(house.daraja.commands.all())) == ("approved", 1)  # no login is burnt any more
        assert (await house.get("/api/mpesa"))["payouts_halted"].startswith("2001")
        assert "mend the operator's password and certificate" in (await open_tasks(house, "payouts-halted"))[0]
        kept = await house.transaction(payment["transaction_id"])
        assert (kept["status"], kept["refundable"], kept["failure_code"]) == ("completed", "3950.00", "")
        assert await house.breaches() == []


async def test_an_expired_certificate_is_no_reason_to_refuse_it(open_house):
    """Certificates in circulation ended in 2016 and 2018: their key is what counts, their dates are not looked at."""
    async with open_house() as house:
        certificate = x509.load_pem_x509_certificate(house.daraja.initiator.certificate())
        assert certificate.not_valid_after_utc < datetime(2017, 1, 1, tzinfo=UTC)
        payment = await house.transaction(await asked(house))
        assert (await refund_of(house, payment, "4850"))["state"] == "completed"
        assert await house.breaches() == []


async def test_newtonmunene99_mpesa_api_8_invalid_initiator_name_while_it_is_set(open_house):
    """The payout had its InitiatorName but no JSON content type, and Safaricom blamed the name."""
    async with open_house() as house:
        payment = await house.transaction(await asked(house))
        assert (await refund_of(house, payment, "850"))["state"] == "completed"
        (sent,) = house.daraja.commands.requests
        assert (sent.kind, sent.error, sent.body["InitiatorName"]) == ("b2c", None, "testapi")
        blamed = CommandSubmit(fault="reject", reject="invalid:InitiatorName")
        house.daraja.commands.script("b2c", CommandScript(submit=blamed))
        refund = await refund_of(house, payment, "900")
        assert (refund["state"], refund["failure_code"]) == ("failed", "400.002.02:Initiator")
        assert "Invalid InitiatorName" in (await open_tasks(house, "configuration"))[0]
        assert (await house.transaction(payment["transaction_id"]))["refundable"] == "4000.00"
        assert await house.breaches() == []


# ---------------------------------------------------------------- the merchant


@threads("safaricom/LNMOnlineAndroidSample#8", "safaricom/LNMOnlineAndroidSample#50")
async def test_wrong_credentials_or_no_such_merchant(open_house, thread):
    """500.001.1001 to every prompt: a passkey of another shortcode, or a shortcode that is not live."""
    wrong, says = {"passkey": "a passkey of another shortcode"}, "Wrong credentials"
    if thread.endswith("#50"):
        wrong, says = {"shortcode": "600123"}, "Merchant does not exist"
    async with open_house(mpesa=wrong) as house:
        payment = await refused_at_the_door(house)
        (told,) = await open_tasks(house, "configuration")
        assert says in told
        assert "IT has to look at its settings" in told
        await house.pass_time(121)
        again = await house.ask_phone(payment["invoice_id"], "4850", PHONE)  # who knows whether IT has mended it
        assert (again.status_code, again.json()["status"]) == (200, "failed")
        assert len(await open_tasks(house, "configuration")) == 1
        assert await house.breaches() == []


def test_safaricom_mpesa_node_library_47_the_encoded_password_is_given_as_passkey():
    """The sample's encoded password was taken for the passkey, and every prompt refused."""
    encoded = "MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQyYzkxOTIwMTkxMjEzMTA1NzEz"
    assert refused(MPESA_PASSKEY=encoded) == [
        "MPESA_PASSKEY: this is an encoded password, not the passkey Safaricom sent at go-live"
    ]


async def test_iankumu_mpesa_12_wrong_credentials_though_they_are_right(open_house):
    """The credentials had been checked again and again: a line end had been pasted with them."""
    pasted = {"passkey": f"  {SANDBOX['MPESA_PASSKEY']}\n", "consumer_secret": "demo-secret \r\n"}
    async with open_house(mpesa=pasted) as house:
        assert (await house.transaction(await asked(house)))["status"] == "completed"
        assert await house.breaches() == []


async def test_osenco_osen_wc_mpesa_48_sfc_ic0003_with_a_till(open_house):
    """The till's own number was used for the store's: the payer entered the PIN, and no operator existed."""
    till = {"transaction_type": TransactionType.TILL, "party_b": "5555555"}
    async with open_house(mpesa=till, tills=("6666666",)) as house:
        payment = await house.transaction(await asked(house))
        assert (payment["status"], payment["failure_code"], payment["advice"]) == ("failed", "SFC_IC0003", "fix")
        (told,) = await open_tasks(house, "configuration")
        assert "SFC_IC0003" in told
        assert await house.breaches() == []


def test_osenco_osen_wc_mpesa_48_a_till_without_its_number():
    """Which of store, head office and till number goes where is asked for before the start."""
    assert refused(MPESA_TRANSACTION_TYPE="CustomerBuyGoodsOnline") == [
        "MPESA_PARTY_B: a till needs the till number here, beside the store number"
    ]


async def test_osenco_osen_wc_mpesa_65_invalid_phone_number_when_the_prompt_is_sent_again(open_house):
    """The first prompt went out, the second one's phone was written another way and was refused."""
    async with open_house(default_behaviour=(Behaviour(outcome="cancel"), Behaviour(outcome="pay"))) as house:
        await asked(house, phone="0712 345 418")
        await house.pass_time(121)
        again = await asked(house, phone="+254-712345418")
        assert (await house.transaction(again))["status"] == "completed"
        sent = [(one.body["PhoneNumber"], one.body["PartyA"]) for one in house.daraja.state.requests]
        assert sent == [("254712345418", "254712345418")] * 2
        assert await house.breaches() == []


# ---------------------------------------------------------------- the time


@pytest.fixture
def offshore(monkeypatch):
    """This machine stands elsewhere, twenty hours behind Nairobi's day at worst."""
    monkeypatch.setenv("TZ", "Pacific/Honolulu")
    time.tzset()
    yield
    monkeypatch.undo()
    os.environ.pop("TZ", None)
    time.tzset()


@threads("bnjunge/MPESA-API-Tutorial#1", "safaricom/mpesa-php-sdk#43")
async def test_the_server_stands_in_another_zone(open_house, offshore, thread):
    """Prompts, or the queries about them, were refused until the server's zone was set to Nairobi's."""
    lost = Behaviour(outcome="pay", deliveries=())
    async with open_house(default_behaviour=lost, timestamp_max_age=5, mpesa={"pull": False}) as house:
        uid = await asked(house)
        assert (await house.transaction(uid))["status"] == "pending"
        assert house.daraja.state.requests[0].body["Timestamp"] == "20261122143100"
        if thread.endswith("#43"):
            await house.pass_time(21)
            assert [query.answer for query in house.daraja.state.queries] == ["truth"]
            assert (await house.transaction(uid))["status"] == "completed"
        assert await house.breaches(settled=False) == []


async def test_safaricom_lnmonlineandroidsample_36_invalid_timestamp_after_many_prompts_that_worked(open_house):
    """It had worked, then every prompt was refused: the machine's clock is told to be wrong, not the patient."""
    async with open_house(timestamp_max_age=3600) as house:
        assert (await house.transaction(await asked(house, "INV-20934", "1200", "0722418903")))["status"] == "completed"
        house.daraja.advance(2 * 3600)  # ours falls behind
        payment = await refused_at_the_door(house)
        assert payment["failure_code"] == "400.002.02"
        (told,) = await open_tasks(house, "configuration")
        assert "Invalid Timestamp" in told
        assert await house.breaches() == []
