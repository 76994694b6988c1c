"""Complaints of money taken or booked twice: one push at a time, one receipt once, whoever tells of it and however often."""

import asyncio

import pytest

from hmis_pos.simulators.daraja import Behaviour, Delivery, Submit
from hmis_pos.simulators.daraja.commands.script import CommandDelivery, CommandScript
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from tests.support.complaints import PAYER, PHONE, answer_phone, asked, new_unmatched, open_tasks, release, threads

RINGS = Behaviour(outcome="manual")
LOST = PaymentBehaviour(deliveries=())


async def test_hmislk_hmis_5506_the_same_bill_is_paid_from_two_screens(open_house):
    """The bill is open on the token's screen and on the billing screen, and both ask for its money."""
    async with open_house(default_behaviour=RINGS) as house:
        invoice = await house.invoice("INV-20931")

        async def press(phone):
            return await house.ask_phone(invoice["id"], "4850", phone)

        answers = await asyncio.gather(press(PHONE), press("0722000333"))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        refused = next(answer.json() for answer in answers if answer.status_code == 409)
        assert (refused["code"], bool(refused["cure"])) == ("attempt-open", True)
        assert len(house.daraja.state.requests) == 1
        await answer_phone(house)
        assert (await house.invoice("INV-20931"))["paid"] == "4850.00"
        assert await house.breaches() == []


async def test_hmislk_hmis_5508_the_same_bill_is_paid_in_cash_and_by_phone(open_house):
    """Two screens take the same pharmacy bill, one of them in cash: what is over is the patient's deposit, with a task."""
    async with open_house(default_behaviour=RINGS) as house:
        uid = await asked(house)
        invoice = await house.invoice("INV-20931")
        cash = {"invoice_id": invoice["id"], "amount": "4850", "payment_method": "cash", "tendered": "5000"}
        assert (await house.post("/api/payments/confirm", cash)).status_code == 200
        again = await house.post("/api/payments/confirm", cash)
        assert (again.status_code, again.json()["code"]) == (409, "invoice-paid")
        await answer_phone(house)
        late = await house.transaction(uid)
        assert (late["received"], late["allocated"], late["deposited"]) == ("4850.00", "0.00", "4850.00")
        assert "4,850.00 more than invoice" in (await open_tasks(house, "overpaid"))[0]
        assert await house.breaches() == []


async def test_odoo_odoo_219054_a_cancelled_request_swallows_the_next_patients_result(open_house):
    """A payment line that was given up stayed pending, and the next customer's result went to it."""
    late = Behaviour(outcome="pay", deliveries=(Delivery(held=True),))
    async with open_house(behaviours={"254712345418": late}) as house:
        given_up = await asked(house)
        await house.post(f"/api/payments/{given_up}/stop", {"reason": "the patient went away"})
        following = await asked(house, "INV-20934", "1200", "0722418903")
        paid = await house.transaction(following)
        assert (paid["status"], paid["received"], paid["invoice_number"]) == ("completed", "1200.00", "INV-20934")
        assert (await house.transaction(given_up))["status"] == "cancelled"
        await release(house)
        after_all = await house.transaction(given_up)
        assert (after_all["status"], after_all["received"]) == ("completed", "4850.00")
        assert (await house.invoice("INV-20934"))["paid"] == "1200.00"
        assert await house.breaches() == []


async def test_stripe_stripe_terminal_android_470_confirm_times_out_and_says_declined(open_house):
    """The confirmation timed out, the device said declined, the gateway had taken the money."""
    cut_off = Behaviour(outcome="pay", submit=Submit(fault="reset", accepted=True), deliveries=(Delivery(after=60),))
    async with open_house(default_behaviour=cut_off, mpesa={"pull": False}) as house:
        invoice = await house.invoice("INV-20931")
        answer = await house.ask_phone(invoice["id"], "4850", PHONE)
        assert answer.json()["status"] == "unknown"
        second = await house.ask_phone(invoice["id"], "4850", PHONE)
        assert second.json()["code"] == "attempt-open"
        await house.pass_time(61)
        assert (await house.transaction(answer.json()["transaction_id"]))["status"] == "completed"
        assert len(house.daraja.state.requests) == 1
        assert await house.breaches() == []


@threads("ucraft-com/POS-Awesome#257", "ucraft-com/POS-Awesome#281")
async def test_the_second_prompt_of_an_invoice_dies_with_payment_entry_is_already_created(open_house, thread):
    """Nothing was outstanding by its own count, or a first request had been refused: the invoice could not be asked for."""
    phones = {"254712345418": (Behaviour(outcome="cancel"), Behaviour(outcome="pay"))}
    async with open_house(behaviours=phones if thread.endswith("#281") else {}) as house:
        if thread.endswith("#257"):
            await asked(house, amount="2000")
            rest = "2850"
        else:
            await asked(house)
            rest = "4850"
        await house.pass_time(121)
        second = await house.transaction(await asked(house, amount=rest))
        assert (second["status"], second["received"]) == ("completed", f"{rest}.00")
        assert (await house.invoice("INV-20931"))["status"] == "paid"
        assert await house.breaches() == []


@pytest.mark.parametrize("twin", ["before", "after"], ids=lambda twin: f"navariltd/frappe-mpsa-payments#53-{twin}")
async def test_the_prompts_own_c2b_confirmation_is_booked_as_a_second_payment(open_house, twin):
    """An STK payment on a registered Paybill is confirmed twice, as a result and as C2B, and was booked twice."""
    async with open_house(c2b_confirmation_url="ours", c2b_twin=twin) as house:
        uid = await asked(house)
        invoice = await house.invoice("INV-20931")
        assert [one["transaction_id"] for one in await house.payments(invoice["id"])] == [uid]
        assert (invoice["paid"], await new_unmatched(house)) == ("4850.00", [])
        assert await house.breaches() == []


async def test_navariltd_frappe_mpsa_payments_59_result_and_confirmation_race(open_house):
    """Both arrive in the same moment, several times, and are read by two hands at once."""
    story = (Delivery(say="twin", times=4), Delivery(times=4))
    async with open_house(
        c2b_confirmation_url="ours", default_behaviour=Behaviour(outcome="pay", deliveries=story)
    ) as house:
        invoice = await house.invoice("INV-20931")
        uid = (await house.ask_phone(invoice["id"], "4850", PHONE)).json()["transaction_id"]
        await house.daraja.idle()
        await asyncio.gather(*(house.step("inbox") for _ in range(3)))
        assert [one["transaction_id"] for one in await house.payments(invoice["id"])] == [uid]
        assert (await house.transaction(uid))["received"] == "4850.00"
        assert await house.breaches() == []


@threads("navariltd/frappe-mpsa-payments#83", "navariltd/frappe-mpsa-payments#84")
async def test_an_accepted_status_question_is_taken_for_the_answer(open_house, thread):
    """ResponseCode 0 says that the question was taken; the result tells the outcome, and may come more than once."""
    held = CommandDelivery(held=True, times=3)
    async with open_house(c2b_confirmation_url="ours", mpesa={"pull": False}) as house:
        house.daraja.commands.script("status", CommandScript(deliveries=(held,)))
        payment = await house.pay(4850, "MAMA", PAYER, behaviour=LOST)
        invoice = await house.invoice("INV-20931")
        code = {"invoice_id": invoice["id"], "code": payment.receipt}
        check = (await house.post("/api/payments/mpesa/code", code)).json()
        assert check["state"] == "waiting"
        assert (await house.invoice("INV-20931"))["paid"] == "0.00"
        await house.daraja.wait_for(lambda daraja: daraja.commands.all("status")[0].stage == "held")
        house.daraja.commands.release()
        await house.daraja.wait_for(lambda daraja: daraja.commands.all("status")[0].stage == "done")
        await house.settle()
        assert (await house.get(f"/api/payments/mpesa/code/{check['check_uid']}"))["state"] == "proven"
        (paid,) = await house.payments(invoice["id"])
        assert (paid["received"], paid["provider_receipt"]) == ("4850.00", payment.receipt)
        assert await house.breaches() == []


async def test_frappe_press_2715_duplicate_request_logs_are_processed(open_house):
    """The same callback was logged several times, and each log was worked off."""
    thrice = Behaviour(outcome="pay", deliveries=(Delivery(times=3), Delivery(say="twin", times=3)))
    async with open_house(c2b_confirmation_url="ours", default_behaviour=thrice) as house:
        uid = await asked(house, amount="850")
        assert len(house.daraja.courier.sent) == 6
        assert (await house.transaction(uid))["received"] == "850.00"
        assert (await house.invoice("INV-20931"))["payable"] == "4000.00"
        assert await house.breaches() == []


async def test_frappe_press_2730_one_receipt_makes_two_payment_records(open_house):
    """Nothing in the database kept a receipt from being recorded twice: the second use is a task, never money."""
    async with open_house(behaviours={"254722418903": Behaviour(outcome="cancel", deliveries=())}) as house:
        first = await house.transaction(await asked(house))
        second = await asked(house, "INV-20934", "1200", "0722418903")
        push = list(house.daraja.state.pushes.values())[-1]
        claimed = (
            f'{{"Body":{{"stkCallback":{{"MerchantRequestID":"{push.merchant_id}","CheckoutRequestID":"{push.checkout_id}",'
            '"ResultCode":0,"ResultDesc":"ok","CallbackMetadata":{"Item":[{"Name":"Amount","Value":1200},'
            f'{{"Name":"MpesaReceiptNumber","Value":"{first["provider_receipt"].lower()}"}}]}}}}}}}}'
        )
        house.daraja.send(push, Delivery(say="raw", body=claimed))
        await house.daraja.wait_for(lambda daraja: len(daraja.courier.sent) == 2)
        await house.settle()
        assert (await house.transaction(second))["status"] == "pending"
        assert (await house.invoice("INV-20934"))["paid"] == "0.00"
        assert first["provider_receipt"] in (await open_tasks(house, "receipt-reused"))[0]
        assert await house.breaches(settled=False) == []


async def test_kenyaemr_one_code_settles_two_bills(open_house):
    """A code was unique within one bill only: the second patient who shows it is told where it was used."""
    async with open_house(c2b_confirmation_url="ours") as house:
        payment = await house.pay(4850, "INV-20931", PAYER)
        other = await house.invoice("INV-20934")
        code = {"invoice_id": other["id"], "code": payment.receipt}
        check = (await house.post("/api/payments/mpesa/code", code)).json()
        assert (check["state"], check["reason"]) == ("refused", "used")
        assert (check["used"]["invoice_number"], check["used"]["amount"]) == ("INV-20931", "4850.00")
        assert (await house.invoice("INV-20934"))["paid"] == "0.00"
        assert await house.breaches() == []


async def test_kenyaemr_two_tabs_send_the_whole_list_of_payments_again(open_house):
    """No idempotency key anywhere: the same press, sent again by a second tab, is answered with the first one's payment."""
    async with open_house() as house:
        invoice = await house.invoice("INV-20931")
        first = await house.ask_phone(invoice["id"], "4850", PHONE, key="one-press-of-the-button")
        again = await house.ask_phone(invoice["id"], "4850", PHONE, key="one-press-of-the-button")
        assert again.json()["transaction_id"] == first.json()["transaction_id"]
        other = await house.ask_phone(invoice["id"], "4000", PHONE, key="one-press-of-the-button")
        assert other.status_code in (409, 422)
        await house.settle()
        assert len(house.daraja.state.requests) == 1
        assert (await house.invoice("INV-20931"))["paid"] == "4850.00"
        assert await house.breaches() == []


async def test_kenyaemr_reconciler_runs_twice_over_one_result(open_house):
    """A result found when the bill is opened was booked by a hook that could run twice."""
    async with open_house(default_behaviour=Behaviour(outcome="pay", deliveries=())) as house:
        uid = await asked(house)
        house.clock.at += house.relay.ctx.policy.chase_plan[0]
        await asyncio.gather(house.step("chase"), house.step("chase"), house.step("pull"))
        paid = await house.transaction(uid)
        assert (paid["received"], paid["allocated"]) == ("4850.00", "4850.00")
        assert await house.breaches() == []


async def test_odoo_pos_safaricom_trans_id_has_no_unique_constraint(open_house):
    """One confirmation, delivered five times at once: one row, one payment."""
    async with open_house(c2b_confirmation_url="ours") as house:
        often = PaymentBehaviour(deliveries=(Delivery(times=5),))
        await house.pay(850, "INV-20931", PAYER, behaviour=often)
        await house.pay(300, "nobody", PAYER, behaviour=often)
        assert (await house.invoice("INV-20931"))["payable"] == "4000.00"
        assert [one["amount"] for one in await new_unmatched(house)] == ["300.00"]
        assert await house.breaches() == []


async def test_odoo_pos_safaricom_used_row_is_deleted(open_house):
    """A Paybill payment that the cashier used was deleted, and with it every trace of where it went."""
    async with open_house(c2b_confirmation_url="ours") as house:
        payment = await house.pay(1200, "BRIAN", PAYER)
        (money,) = await new_unmatched(house)
        invoice = await house.invoice("INV-20934")
        path = f"/api/unmatched/{money['unmatched_id']}"
        placed = await house.post(f"{path}/assign", {"shares": [{"invoice_id": invoice["id"], "amount": "1200"}]})
        assert placed.status_code == 200, placed.text
        kept = await house.get(path)
        assert (kept["money"]["receipt_no"], kept["money"]["remaining"]) == (payment.receipt, "0.00")
        (part,) = kept["parts"]
        assert (part["invoice_number"], part["amount"], bool(part["by"])) == ("INV-20934", "1200.00", True)
        trail = await house.database.read(lambda books: books.payments.owner_of("mpesa", payment.receipt))
        assert trail == f"unmatched:{money['unmatched_id']}"
        assert await house.breaches() == []
