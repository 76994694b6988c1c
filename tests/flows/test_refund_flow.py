"""Money goes back: two people, the right way, once, and unknown where nobody can tell."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from hmis_pos.cashier import send_refunds
from hmis_pos.domain.errors import Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.refund import RefundRules, Route
from hmis_pos.gateways.mpesa.command_desk import CommandDesk
from hmis_pos.gateways.mpesa.config import MpesaConfig
from hmis_pos.simulators.daraja.commands.script import CommandDelivery, CommandScript, CommandSubmit
from hmis_pos.simulators.daraja.confirmations import PaymentBehaviour
from tests.support.house import opened

PAID_BY = "254722000111"
FORGED = PaymentBehaviour(deliveries=("forged",))


@pytest.fixture
async def house(sqlite_url):
    async with opened(sqlite_url, c2b_confirmation_url="ours") as house:
        yield house
        assert await house.breaches() == []


async def paid(house, amount="4850", number="INV-20931", phone="0712345418"):
    """An invoice paid by a prompt; returns its payment."""
    await house.sign_in()
    invoice = await house.invoice(number)
    uid = (await house.ask_phone(invoice["id"], amount, phone)).json()["transaction_id"]
    await house.settle()
    payment = await house.transaction(uid)
    assert payment["status"] == "completed"
    return payment


async def asked(house, payment, amount, **more):
    body = {"transaction_id": payment["transaction_id"], "amount": amount, "reason": "paid for the wrong visit", **more}
    return await house.post("/api/payments/refund", body)


async def agreed(house, refund, by="supervisor"):
    """The second person agrees; nothing is sent yet."""
    await house.sign_in(by)
    return await house.post(f"/api/refunds/{refund['refund_uid']}/approve", {"note": "seen"})


async def approved(house, refund, by="supervisor"):
    answer = await agreed(house, refund, by)
    await house.work("refunds")
    return answer


async def audited(house, action):
    """How often something stands on the trail."""
    rows = await house.database.read(lambda books: books.connection.exec_driver_sql("SELECT action FROM audit_log"))
    return [row.action for row in rows].count(action)


async def refund_of(house, uid):
    return await house.get(f"/api/refunds/{uid}")


async def test_a_whole_recent_payment_is_reversed_to_whoever_paid(house):
    payment = await paid(house)
    refund = (await asked(house, payment, "4850")).json()
    assert (refund["state"], refund["route"], refund["phone"]) == ("requested", "reversal", "")
    await approved(house, refund)
    refund = await refund_of(house, refund["refund_uid"])
    assert (refund["state"], refund["decided_by"]) == ("completed", "supervisor")
    assert refund["provider_receipt"]
    assert (await house.transaction(payment["transaction_id"]))["status"] == "refunded"
    invoice = await house.invoice("INV-20931")
    assert (invoice["payable"], invoice["status"]) == ("4850.00", "open")


async def test_a_part_is_paid_out_to_the_phone_that_paid(house):
    payment = await paid(house)
    refund = (await asked(house, payment, "850")).json()
    assert (refund["route"], refund["phone"]) == ("payout", "254712345418")
    await approved(house, refund)
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "completed"
    payment = await house.transaction(payment["transaction_id"])
    assert (payment["status"], payment["refunded"], payment["refundable"]) == (
        "partially_refunded",
        "850.00",
        "4000.00",
    )


async def test_one_person_cannot_refund_alone(house):
    payment = await paid(house)
    await house.sign_in("supervisor")
    refund = (await asked(house, payment, "4850")).json()
    own = await house.post(f"/api/refunds/{refund['refund_uid']}/approve", {})
    assert (own.status_code, own.json()["code"]) == (403, "own-refund")
    await house.sign_in("cashier")
    low = await house.post(f"/api/refunds/{refund['refund_uid']}/approve", {})
    assert low.status_code == 403
    await house.work("refunds")
    assert house.daraja.commands.all("reversal") == []
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "requested"


async def test_refunds_together_never_exceed_what_came(house):
    payment = await paid(house)
    await asked(house, payment, "3000")
    second = await asked(house, payment, "1850.01")
    assert second.status_code in (400, 409, 422)
    third = await asked(house, payment, "1850")
    assert third.status_code == 200
    fourth = await asked(house, payment, "10")
    assert "refundable" in fourth.json()["code"]


async def test_a_rejected_refund_moves_nothing(house):
    payment = await paid(house)
    refund = (await asked(house, payment, "4850")).json()
    await house.sign_in("supervisor")
    answer = await house.post(f"/api/refunds/{refund['refund_uid']}/reject", {"note": "the visit did take place"})
    assert answer.json()["state"] == "rejected"
    await house.work("refunds")
    assert (await house.transaction(payment["transaction_id"]))["refundable"] == "4850.00"


@pytest.mark.parametrize("shape", ["envelope", "flat", "echo", "object", "list", "text", "empty"])
async def test_a_queue_timeout_is_unknown_and_the_late_result_completes(house, shape):
    late = CommandScript(early=(CommandDelivery(say="timeout", timeout_shape=shape),), held=True)
    house.daraja.commands.script("reversal", late)
    payment = await paid(house)
    refund = (await asked(house, payment, "4850")).json()
    await approved(house, refund)
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "unknown"
    assert (await house.transaction(payment["transaction_id"]))["status"] == "completed"
    house.daraja.commands.release()
    await house.daraja.wait_for(lambda daraja: all(one.stage == "done" for one in daraja.commands.all()))
    await house.settle()
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "completed"


@pytest.mark.parametrize("route", ["reversal", "payout"])
async def test_a_lost_answer_is_looked_up_and_never_sent_again(house, route):
    """The request was taken, its answer and its result were lost: Transaction Status finds it."""
    lost = CommandScript(submit=CommandSubmit(fault="reset", accepted=True), deliveries=())
    kind = "b2c" if route == "payout" else "reversal"
    house.daraja.commands.script(kind, lost)
    payment = await paid(house)
    refund = (await asked(house, payment, "4850" if route == "reversal" else "850")).json()
    assert refund["route"] == route
    await approved(house, refund)
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "unknown"
    for _ in range(4):
        await house.pass_time(600)
    assert len(house.daraja.commands.all(kind)) == 1
    found = await refund_of(house, refund["refund_uid"])
    if route == "payout":
        assert (found["state"], bool(found["provider_receipt"])) == ("completed", True)
    else:  # Daraja gives a reversal no name of ours; a statement or its result will tell
        assert found["state"] in ("unknown", "completed")
        if found["state"] == "unknown":
            await house.import_statement()
            assert (await refund_of(house, refund["refund_uid"]))["state"] == "completed"


async def test_a_failed_payout_can_be_asked_for_again(house):
    house.daraja.commands.script("b2c", (CommandScript(outcome="2040"), CommandScript()))
    payment = await paid(house)
    refund = (await asked(house, payment, "850")).json()
    await approved(house, refund)
    failed = await refund_of(house, refund["refund_uid"])
    assert (failed["state"], failed["failure_code"]) == ("failed", "2040")
    assert (await house.transaction(payment["transaction_id"]))["refundable"] == "4850.00"
    await house.sign_in("cashier")
    again = (await asked(house, payment, "850", phone_number="0722000333")).json()
    assert (again["route"], again["phone"]) == ("payout", "254722000333")
    await approved(house, again)
    assert (await refund_of(house, again["refund_uid"]))["state"] == "completed"


async def test_a_wrong_credential_stops_all_payouts_before_the_operator_is_locked(sqlite_url):
    async with opened(sqlite_url, mpesa={"initiator_password": "Wrong#1"}, c2b_confirmation_url="ours") as house:
        payment = await paid(house)
        first = (await asked(house, payment, "850")).json()
        second = (await asked(house, payment, "900")).json()
        await approved(house, first)
        await approved(house, second)
        assert (await refund_of(house, first["refund_uid"]))["failure_code"] == "2001"
        assert (await refund_of(house, second["refund_uid"]))["state"] == "approved"
        assert len(house.daraja.commands.all("b2c")) == 1
        assert (await house.get("/api/mpesa"))["payouts_halted"].startswith("2001")
        assert "payouts-halted" in await house.tasks()
        assert await house.breaches() == []


async def test_a_wrong_credential_burns_one_login_however_many_refunds_wait(sqlite_url):
    async with opened(sqlite_url, mpesa={"initiator_password": "Wrong#1"}, c2b_confirmation_url="ours") as house:
        payment = await paid(house)
        refunds = [(await asked(house, payment, str(100 + n))).json() for n in range(5)]
        for refund in refunds:
            await agreed(house, refund)
        for _ in range(3):
            await house.step("refunds")
        assert len(house.daraja.commands.all("b2c")) == 1
        await house.settle()
        await house.work("refunds")
        assert len(house.daraja.commands.all("b2c")) == 1
        assert (await house.get("/api/mpesa"))["payouts_halted"].startswith("2001")


async def test_one_that_is_silent_lets_the_next_one_go_after_a_minute(house):
    house.daraja.commands.script("b2c", (CommandScript(deliveries=()), CommandScript()))
    payment = await paid(house)
    refunds = [(await asked(house, payment, amount)).json() for amount in ("100", "200", "300")]
    for refund in refunds:
        await agreed(house, refund)
    await house.work("refunds")
    await house.work("refunds")
    assert len(house.daraja.commands.all("b2c")) == 1
    await house.pass_time(61)
    await house.work("refunds")
    assert len(house.daraja.commands.all("b2c")) == 3
    states = {(await refund_of(house, refund["refund_uid"]))["state"] for refund in refunds[1:]}
    assert states == {"completed"}


async def test_a_second_no_about_an_old_refund_stops_nothing_again(sqlite_url):
    async with opened(sqlite_url, mpesa={"initiator_password": "Wrong#1"}, c2b_confirmation_url="ours") as house:
        refund = (await asked(house, await paid(house), "850")).json()
        await approved(house, refund)
        await house.sign_in("admin")
        assert (await house.post("/api/mpesa/resume-payouts", {})).json()["payouts_halted"] == ""
        again = Evidence(
            kind=EvidenceKind.DECLINED, source=Source.STATUS, observed_at=house.clock.now(), code="2001", text="again"
        )
        uid = UUID(refund["refund_uid"])
        await house.database.write(
            lambda books: send_refunds.apply(books, house.relay.ctx, uid, again, actor="gateway:mpesa")
        )
        assert (await house.get("/api/mpesa"))["payouts_halted"] == ""


async def test_a_payment_reversed_at_the_portal_before_counts_as_done(house):
    """R000001: somebody reversed it already; the money is back with the payer."""
    house.daraja.commands.script("reversal", CommandScript(deliveries=()))
    payment = await paid(house)
    first = (await asked(house, payment, "4850")).json()
    await approved(house, first)  # it happens, and we never hear of it
    await house.import_statement()
    assert (await refund_of(house, first["refund_uid"]))["state"] == "completed"


async def test_unmatched_money_goes_back_to_whoever_paid(house):
    await house.pay(700, "NOBODY", PAID_BY)
    (money,) = [one for one in await house.unmatched() if one not in house.seeded_unmatched]
    answer = await house.post(
        f"/api/unmatched/{money['unmatched_id']}/refund", {"amount": "700", "reason": "the payer asks for it"}
    )
    assert answer.status_code == 200, answer.text
    refund = answer.json()
    assert (refund["route"], refund["unmatched_id"]) == ("reversal", money["unmatched_id"])
    assert await house.breaches() == []
    await approved(house, refund)
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "completed"
    detail = await house.get(f"/api/unmatched/{money['unmatched_id']}")
    assert detail["money"]["remaining"] == "0.00"


async def test_what_is_left_of_a_receipt_is_never_reversed_by_itself(house):
    """A part went back, the rest was moved back and is given to another patient: it is still a part of its receipt."""
    await house.pay(1000, "INV-20931", PAID_BY)
    payment = next(one for one in await house.payments((await house.invoice("INV-20931"))["id"]) if one["received"])
    await approved(house, (await asked(house, payment, "300", phone_number="0722000111")).json())
    body = {"payment_uid": payment["transaction_id"], "reason": "the wrong patient"}
    money = (await house.post("/api/unmatched/move-back", body)).json()["money"]
    assert money["remaining"] == "700.00"
    path = f"/api/unmatched/{money['unmatched_id']}"
    refused = await house.post(f"{path}/refund", {"amount": "700", "reason": "the payer asks for it"})
    assert refused.json()["code"] == "phone-needed"  # a payout
    invoice = await house.invoice("INV-20934")
    parts = (await house.post(f"{path}/assign", {"shares": [{"invoice_id": invoice["id"], "amount": "700"}]})).json()
    (placed,) = [part for part in parts["parts"] if part["invoice_id"] == invoice["id"]]
    refused = await asked(house, {"transaction_id": placed["payment_uid"]}, "700")
    assert refused.json()["code"] == "phone-needed"


async def test_all_of_a_receipt_that_was_moved_back_is_reversed(house):
    await house.pay(1000, "INV-20931", PAID_BY)
    payment = next(one for one in await house.payments((await house.invoice("INV-20931"))["id"]) if one["received"])
    await house.sign_in("supervisor")
    body = {"payment_uid": payment["transaction_id"], "reason": "the wrong patient"}
    money = (await house.post("/api/unmatched/move-back", body)).json()["money"]
    await house.sign_in()
    refund = await house.post(
        f"/api/unmatched/{money['unmatched_id']}/refund", {"amount": "1000", "reason": "the payer asks for it"}
    )
    assert refund.json()["route"] == "reversal"
    await approved(house, refund.json())
    assert (await refund_of(house, refund.json()["refund_uid"]))["state"] == "completed"


async def test_a_refund_waits_while_safaricom_is_away_and_is_sent_once_it_is_back(house):
    payment = await paid(house)
    refund = (await asked(house, payment, "4850")).json()
    house.daraja.fail("oauth", "unavailable", "unavailable", "unavailable")
    house.daraja.advance(4000)  # the token ran out
    house.clock.at = house.clock.at.replace(minute=59)
    await approved(house, refund)
    for _ in range(4):
        await house.pass_time(61)
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "completed"
    assert len(house.daraja.commands.all("reversal")) == 1


async def test_one_that_cannot_be_sent_holds_up_no_other(house, monkeypatch):
    """Its way is not set up any more: it is tried again each minute, and those behind it go out."""
    send = CommandDesk.give_back

    async def without_payouts(desk, order):
        if order.route is Route.PAYOUT:
            raise Unavailable("M-Pesa is not set up for payout; nothing was asked", code="feature-missing")
        return await send(desk, order)

    monkeypatch.setattr(CommandDesk, "give_back", without_payouts)
    stuck = (await asked(house, await paid(house), "850")).json()
    await agreed(house, stuck)
    behind = (await asked(house, await paid(house, "1200", "INV-20934", "0712345419"), "1200")).json()
    await agreed(house, behind)
    for _ in range(5):
        await house.work("refunds")
    assert (await refund_of(house, behind["refund_uid"]))["state"] == "completed"
    assert (await refund_of(house, stuck["refund_uid"]))["state"] == "approved"
    assert (await audited(house, "refund.send"), await audited(house, "refund.not-sent")) == (2, 1)

    monkeypatch.undo()
    await house.pass_time(61)
    assert (await refund_of(house, stuck["refund_uid"]))["state"] == "completed"


async def test_what_can_never_be_said_fails_and_can_be_asked_for_in_another_way(house, monkeypatch):
    """Its limit was lowered after two people had agreed."""
    payment = await paid(house)
    refund = (await asked(house, payment, "850")).json()
    monkeypatch.setattr(MpesaConfig, "refund_rules", property(lambda _: RefundRules(payout_maximum=800)))
    await approved(house, refund)
    failed = await refund_of(house, refund["refund_uid"])
    assert (failed["state"], failed["failure_code"]) == ("failed", "mpesa-order")
    assert house.daraja.commands.all("b2c") == []
    assert (await house.transaction(payment["transaction_id"]))["refundable"] == "4850.00"


async def test_money_that_a_statement_doubts_is_neither_asked_for_nor_agreed_to_nor_sent(sqlite_url):
    """A forged confirmation looked like money until Safaricom's own list came without it."""

    async with opened(sqlite_url, mpesa={"pull": False}, c2b_confirmation_url="ours") as house:
        await house.pass_time(3600)
        await house.pay(4850, "INV-20931", PAID_BY, behaviour=FORGED)
        await house.pay(700, "NOBODY", PAID_BY, behaviour=FORGED)
        (forged,) = await house.payments((await house.invoice("INV-20931"))["id"])
        (money,) = [one for one in await house.unmatched() if one not in house.seeded_unmatched]
        house.clock.at += timedelta(hours=2)
        unmatched = f"/api/unmatched/{money['unmatched_id']}/refund"

        async def ask(house, amount):
            await house.sign_in()
            body = {"amount": amount, "reason": "the payer asks for it", "phone_number": "0722000333"}
            return [await asked(house, forged, **body), await house.post(unmatched, body)]

        wanted = [one.json() for one in await ask(house, "100")]
        sending = [one.json() for one in await ask(house, "200")]
        behind = (await asked(house, await paid(house, "1200", "INV-20934"), "1200")).json()
        for one in (*sending, behind):
            assert (await agreed(house, one)).status_code == 200
        await house.import_statement()
        assert "missing-there" in await house.tasks()

        refused = [*await ask(house, "50")]
        refused += [await agreed(house, one) for one in wanted]
        assert [(one.status_code, one.json()["code"]) for one in refused] == [(409, "refund-frozen")] * 4
        assert all(one.json()["cure"] for one in refused)
        for _ in range(3):
            await house.work("refunds")
        assert [(await refund_of(house, one["refund_uid"]))["state"] for one in sending] == ["approved"] * 2
        assert house.daraja.commands.all("b2c") == []
        assert (await refund_of(house, behind["refund_uid"]))["state"] == "completed"
        for one in wanted:  # nothing of it leaves, so the other word may be said
            answer = await house.post(f"/api/refunds/{one['refund_uid']}/reject", {"note": "it never came"})
            assert answer.json()["state"] == "rejected"


async def test_a_status_that_names_no_receipt_proves_no_reversal(house):
    """Asked by the receipt to be reversed, "Completed" may tell of the payment itself."""
    lost = CommandScript(submit=CommandSubmit(fault="reset", accepted=False), deliveries=())
    house.daraja.commands.script("reversal", lost)
    told = [{"Key": "TransactionStatus", "Value": "Completed"}, {"Key": "ReceiptNo"}, {"Key": "Amount", "Value": 4850}]
    result = {"ResultType": 0, "ResultCode": 0, "ResultDesc": "ok", "TransactionID": "X"}
    body = json.dumps({"Result": result | {"ResultParameters": {"ResultParameter": told}}})
    house.daraja.commands.script("status", CommandScript(deliveries=(CommandDelivery(say="raw", body=body),)))
    payment = await paid(house)
    refund = (await asked(house, payment, "4850")).json()
    await approved(house, refund)
    await house.pass_time(61)
    assert len(house.daraja.commands.all("status")) == 1
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "unknown"
    assert (await house.transaction(payment["transaction_id"]))["refunded"] == "0.00"


async def test_a_result_with_another_amount_is_for_a_person(house):
    house.daraja.commands.script("reversal", CommandScript(deliveries=(CommandDelivery(amount="4000"),)))
    refund = (await asked(house, await paid(house), "4850")).json()
    await approved(house, refund)
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "completed"
    assert "amount-differs" in await house.tasks()


async def test_a_fault_of_ours_with_one_refund_holds_up_no_other_and_is_never_sent_again(house, monkeypatch):
    send = CommandDesk.give_back

    async def faulty(desk, order):
        if order.route is Route.PAYOUT:
            raise RuntimeError("nobody foresaw this")
        return await send(desk, order)

    monkeypatch.setattr(CommandDesk, "give_back", faulty)
    stuck = (await asked(house, await paid(house), "850")).json()
    await agreed(house, stuck)
    behind = (await asked(house, await paid(house, "1200", "INV-20934", "0712345419"), "1200")).json()
    await agreed(house, behind)
    await house.work("refunds")
    await house.pass_time(61)
    assert (await refund_of(house, behind["refund_uid"]))["state"] == "completed"
    monkeypatch.undo()
    await house.pass_time(400)
    assert (await refund_of(house, stuck["refund_uid"]))["state"] == "unknown"
    assert house.daraja.commands.all("b2c") == []


async def test_a_supervisor_who_looked_it_up_ends_what_nobody_can_tell(house):
    """Not at once, not by whoever asked; the money is free again, and a late success still counts."""
    lost = CommandScript(submit=CommandSubmit(fault="reset", accepted=True), held=True)
    house.daraja.commands.script("b2c", lost)
    payment = await paid(house)
    await house.sign_in("admin")
    refund = (await asked(house, payment, "850")).json()
    await approved(house, refund)
    path = f"/api/refunds/{refund['refund_uid']}/not-done"
    early = await house.post(path, {"note": "not in the portal"})
    assert (early.status_code, early.json()["code"]) == (409, "refund-too-early")
    for _ in range(2):
        await house.pass_time(25 * 3600)
    assert "refund-unknown" in await house.tasks()

    await house.sign_in("cashier")
    assert (await house.post(path, {"note": "not in the portal"})).status_code == 403
    await house.sign_in("admin")
    assert (await house.post(path, {"note": "not in the portal"})).json()["code"] == "own-refund"
    await house.sign_in("supervisor")
    assert (await house.post(path, {"note": ""})).status_code == 400
    for _ in range(2):
        answer = await house.post(path, {"note": "not in the portal"})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["state"], answer.json()["failure_code"]) == ("failed", "looked-up")
    assert await audited(house, "refund.not-done") == 1
    assert "refund-unknown" not in await house.tasks()
    assert (await house.transaction(payment["transaction_id"]))["refundable"] == "4850.00"
    assert await house.breaches() == []

    house.daraja.commands.release()
    await house.daraja.wait_for(lambda daraja: all(one.stage == "done" for one in daraja.commands.all("b2c")))
    await house.settle()
    assert (await refund_of(house, refund["refund_uid"]))["state"] == "completed"
    late = await house.post(path, {"note": "not in the portal"})
    assert (late.status_code, late.json()["code"]) == (409, "refund-not-unknown")
