"""Complaints about what callbacks and codes say, or do not say: amounts, accounts, payers, and numbers nobody documented."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from hmis_pos.simulators.daraja import Behaviour, CallbackShape, Delivery
from hmis_pos.simulators.daraja.confirmations import ConfirmationShape, PaymentBehaviour
from tests.support.complaints import PAYER, all_told, asked, new_unmatched, open_tasks

#: Listed by njenga-kariuki/daraja-mcp; no official page and no log knows them.
HEARSAY = ("32", "33", "34", "35", "43", "29", "05")


async def test_safaricom_mpesa_php_sdk_5_the_account_reference_is_missing_from_the_callback(open_house):
    """Two patients pay at once, the results come the other way round, and neither says what it is for."""
    held = Behaviour(outcome="pay", deliveries=(Delivery(held=True),))
    async with open_house(behaviours={"254712345418": held}, mpesa={"pull": False}) as house:
        first = await asked(house)
        second = await asked(house, "INV-20934", "1200", "0722418903")
        house.daraja.courier.release()
        await all_told(house)
        assert all("INV20" not in letter.body for letter in house.daraja.courier.sent)
        for uid, number, amount in ((first, "INV-20931", "4850.00"), (second, "INV-20934", "1200.00")):
            paid = await house.transaction(uid)
            assert (paid["invoice_number"], paid["received"], paid["status"]) == (number, amount, "completed")
        assert await house.breaches() == []


async def test_safaricom_lnmonlineandroidsample_13_being_processed_is_read_as_an_error(open_house):
    """The query's "The transaction is being processed" comes as HTTP 500: it is no failure, the phone still rings."""
    rings = Behaviour(outcome="manual", query=("processing", "4999", "unknown_id", "truth"))
    async with open_house(default_behaviour=rings, prompt_seconds=600) as house:
        uid = await asked(house)
        for seconds in (21, 25):
            await house.pass_time(seconds)
            assert (await house.transaction(uid))["status"] == "pending"
        await house.pass_time(30)
        assert (await house.transaction(uid))["status"] == "unknown"
        house.daraja.prompts.decide(house.daraja.open_prompts()[0], "pay")
        await all_told(house)
        assert (await house.transaction(uid))["status"] == "completed"
        assert await house.breaches() == []


async def test_one_insurer_20_rows_stuck_because_a_business_has_no_msisdn(open_house):
    """Twenty production rows of one insurer, paid from its business account, stopped a parser that wanted a phone and names."""
    shape = ConfirmationShape(msisdn="empty", names="missing", invoice_number="000123")
    async with open_house(c2b_confirmation_url="ours", mpesa={"pull": False}) as house:
        queue = [one for one in await house.invoices() if Decimal(one["payable"]) == int(Decimal(one["payable"]))][:20]
        assert len(queue) == 20
        for invoice in queue:
            await house.daraja.pay(
                amount=invoice["payable"],
                account=invoice["number"],
                business="BIMA YA AFYA LTD",
                behaviour=PaymentBehaviour(shape=shape),
            )
        await house.settle()
        assert await house.database.read(lambda books: books.inbox.depth()) == 0
        still_open = {one["number"] for one in await house.invoices()}
        assert not still_open & {one["number"] for one in queue}
        (payment,) = await house.payments(queue[0]["id"])
        assert payment["payer"] == ""
        assert await house.breaches() == []


async def test_njenga_kariuki_daraja_mcp_codes_32_to_35_43_29_05_that_nobody_documented(open_house):
    """A list of codes without a source: each leaves the outcome unknown, and nobody is asked again."""
    text = CallbackShape(codes="string")
    phones = {f"2547000000{code}": Behaviour(outcome=code, shape=text) for code in HEARSAY}
    async with open_house(behaviours=phones, mpesa={"pull": False}) as house:
        queue = (await house.invoices())[: len(HEARSAY)]
        uids = [await asked(house, one["number"], "100", phone) for one, phone in zip(queue, phones, strict=True)]
        await house.pass_time(200)
        for uid, code, invoice, phone in zip(uids, HEARSAY, queue, phones, strict=True):
            payment = await house.transaction(uid)
            assert (payment["status"], payment["failure_code"], payment["advice"]) == ("unknown", code, "no")
            again = await house.ask_phone(invoice["id"], "100", phone)
            assert again.json()["code"] == "attempt-open"
        assert await house.breaches(settled=False) == []


async def test_kenyaemr_amount_not_compared(open_house):
    """One shilling came for a bill of 4,850 (a trial system asks for 1 and books the bill): what came is what counts."""
    told = Behaviour(outcome="pay", shape=CallbackShape(report_amount="1"))
    async with open_house(default_behaviour=told, mpesa={"pull": False}) as house:
        uid = await asked(house)
        assert house.daraja.state.requests[0].body["Amount"] in (4850, "4850")
        payment = await house.transaction(uid)
        assert (payment["received"], payment["allocated"]) == ("1.00", "1.00")
        assert (await house.invoice("INV-20931"))["payable"] == "4849.00"
        assert "4,850.00 was asked, 1.00 came" in (await open_tasks(house, "amount-differs"))[0]


async def test_kenyaemr_parse_int_drops_cents(open_house):
    """A bill of 2,075.50 was asked and booked as 2,075: ours asks for the next shilling, and the rest is the patient's."""
    async with open_house() as house:
        invoice = await house.invoice("INV-20943")
        assert invoice["payable"] == "2075.50"
        cents = await house.ask_phone(invoice["id"], "2075.50", "0720117845")
        assert (cents.status_code, cents.json()["code"]) == (422, "amount-fraction")
        assert house.daraja.state.requests == []
        paid = await house.transaction(await asked(house, "INV-20943", "2076", "0720117845"))
        assert (paid["received"], paid["allocated"], paid["deposited"]) == ("2076.00", "2075.50", "0.50")
        assert (await house.invoice("INV-20943"))["payable"] == "0.00"
        assert await house.breaches() == []


async def test_odoo_pos_safaricom_amount_truncated(open_house):
    """A C2B amount went through int(float()): 850.75 was booked as 850."""
    async with open_house(c2b_confirmation_url="ours") as house:
        await house.pay("850.75", "INV-20931", PAYER)
        await house.pay("4.35", "nobody", PAYER)  # 434.999… cents as a binary float
        assert (await house.invoice("INV-20931"))["payable"] == "3999.25"
        assert [one["amount"] for one in await new_unmatched(house)] == ["4.35"]
        assert await house.breaches() == []


@pytest.mark.parametrize("number", ["13939#0f6bb0a1-5d5f-4a8e-9a0e-1f6f2f9d7c11", "INV-2026-000000020931"])
async def test_kenyaemr_account_reference_of_42_characters(open_house, number):
    """The reference was facility and bill UUID, 42 characters of the 12 that Daraja takes."""
    async with open_house(long_reference="1025") as house:
        invoice = await house.invoice("INV-20931")

        def rename(books):
            table = books.schema.hmis.invoice
            books.connection.execute(update(table).where(table.c.id == invoice["id"]).values(number=number))

        await house.database.write(rename)
        answer = await house.ask_phone(invoice["id"], "4850", "0712345418")
        await house.settle()
        sent = house.daraja.state.requests[0].body["AccountReference"]
        assert len(sent) <= 12
        assert sent.isalnum()
        assert (await house.transaction(answer.json()["transaction_id"]))["status"] == "completed"
        assert await house.breaches() == []


async def test_kenyaemr_refund_drops_the_reference_of_the_payment(open_house):
    """A refund was saved without the receipt of what it gave back: ours names both receipts."""
    async with open_house(c2b_confirmation_url="ours") as house:
        payment = await house.transaction(await asked(house))
        body = {"transaction_id": payment["transaction_id"], "amount": "4850", "reason": "the visit was cancelled"}
        refund = (await house.post("/api/payments/refund", body)).json()
        await house.sign_in("supervisor")
        await house.post(f"/api/refunds/{refund['refund_uid']}/approve", {"note": "seen"})
        await house.work("refunds")
        done = await house.get(f"/api/refunds/{refund['refund_uid']}")
        (back,) = house.daraja.state.ledger.movements("reversal")
        assert (done["state"], done["transaction_id"]) == ("completed", payment["transaction_id"])
        assert (done["receipt_no"], done["provider_receipt"]) == (payment["provider_receipt"], back.receipt)
        assert await house.breaches() == []
