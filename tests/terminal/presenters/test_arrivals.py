"""M-Pesa money that comes without our asking: it shows at once, and one till issues its receipt."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hmis_pos.contract import events
from hmis_pos.domain.payment import PaymentState
from hmis_pos.terminal.presenters import attempt_news
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage
from hmis_pos.terminal.presenters.views import StepState, Tone
from tests.support.paybill import CODE, Paybill


@pytest.fixture
def paybill(stand: Any) -> Paybill:
    return Paybill.around(stand.wire, stand.services, stand.clock)


async def pays(stand: Any, paybill: Paybill, invoice_id: int = 1, amount: int = 4850, **more: Any) -> Any:
    said = await paybill.pays(invoice_id, amount, **more)
    await stand.settled()
    return said


async def test_the_open_invoice_shows_it_at_once_and_its_receipt_comes_by_itself(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    await pays(stand, paybill)
    banner = stand.counter.view.arrived
    assert (banner.tone, banner.title) == (Tone.OK, "Paid by Paybill: KSh 4,850.00")
    assert banner.text == f"from JANE 2547 ***** 126 · code {CODE}\nNothing more is owed."
    assert stand.counter.view.invoice.paid_in_full
    view = stand.mpesa.view
    assert (view.stage, view.lead, view.amount) == (MpesaStage.PAID, "Paid by JANE 2547 ***** 126", "4,850")
    assert (view.notice.tone, view.notice.title, view.notice.text) == (
        Tone.OK,
        "Paid by Paybill",
        f"4,850.00 received · {CODE}",
    )
    assert [(one.title, one.state) for one in view.steps] == [
        ("The patient paid", StepState.DONE),
        ("It found its invoice by the account", StepState.DONE),
        ("Receipt T01A-000001 printed", StepState.DONE),
    ]
    assert view.primary.label == "Serve next patient"
    assert not view.issue.label
    assert stand.paper.printed == [("T01A-000001", 1)]
    kept = (await stand.store.receipts.latest(9))[0].receipt
    assert (kept.provider_receipt, kept.tender.applied.minor, kept.balance.minor) == (CODE, 4850_00, 0)
    assert kept.cashier == "cashier"
    assert stand.toasts[-1].title == "Wanjiru Canary 1 paid 4,850.00 by Paybill"


async def test_news_told_twice_issues_one_receipt(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    said = await pays(stand, paybill)
    await paybill.tells(events.PaymentChanged(payment=said), events.PaymentChanged(payment=said))
    await stand.settled()
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert [toast.invoice_id for toast in stand.toasts] == [1]


async def test_a_part_leaves_the_panel_asking_for_the_rest(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    await pays(stand, paybill, amount=1500)
    view = stand.mpesa.view
    assert (view.stage, view.amount_minor, view.primary.label) == (MpesaStage.DRAFT, 3350_00, "Ask for 3,350")
    assert view.arrived.title == "Paid by Paybill: KSh 1,500.00"
    assert stand.counter.view.arrived.text.endswith("3,350.00 is still owed.")
    assert stand.counter.view.arrived.title == "Paid by Paybill: KSh 1,500.00"
    assert stand.cash.view.to_pay == "3,350.00"
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert (await stand.store.receipts.latest(9))[0].receipt.balance.minor == 3350_00


async def test_too_much_says_what_became_a_deposit(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    await pays(stand, paybill, amount=5000)
    assert stand.counter.view.arrived.text.endswith("150.00 of it is the patient\u2019s deposit now.")
    assert stand.mpesa.view.notice.text.endswith("150.00 of it is the patient\u2019s deposit now")


async def test_another_patients_money_is_told_and_left_alone(stand: Any, paybill: Paybill) -> None:
    await stand.choose(2)
    await pays(stand, paybill, invoice_id=1)
    toast = stand.toasts[-1]
    assert (toast.title, toast.text, toast.invoice_id) == (
        "Wanjiru Canary 1 paid 4,850.00 by Paybill",
        f"INV-20001 · {CODE}",
        1,
    )
    assert stand.paper.printed == []
    assert stand.counter.view.arrived is None
    assert stand.mpesa.view.stage is MpesaStage.DRAFT


async def test_the_counter_that_serves_it_issues_it_and_nobody_else(
    stand: Any, paybill: Paybill, open_stand: Any
) -> None:
    other = await open_stand("Counter 2")
    twin = Paybill.around(other.wire, other.services, other.clock)
    await stand.choose(1)
    await other.choose(1)  # refused: Counter 1 has it
    said = await pays(stand, paybill)
    twin.payments[said.uid], twin.paid = said, paybill.paid
    await twin.tells(
        events.InvoiceChanged(invoice=await other.services.relay.invoice(1)), events.PaymentChanged(payment=said)
    )
    await other.settled()
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert other.paper.printed == []
    assert other.toasts == []  # the counter that serves the patient knows
    assert not other.mpesa.view.issue.enabled


async def test_what_came_before_this_counter_took_the_patient_waits_for_a_person(stand: Any, paybill: Paybill) -> None:
    said = await pays(stand, paybill)
    stand.clock.forward(seconds=30)
    await stand.choose(1)
    await paybill.tells(events.PaymentChanged(payment=msgspec.structs.replace(said, fee="16.00")))
    await stand.settled()
    assert stand.paper.printed == []
    view = stand.mpesa.view
    assert (view.stage, view.primary.label) == (MpesaStage.PAID, "Issue the receipt")
    assert view.problem.title == "No receipt yet"
    stand.mpesa.enter()
    await stand.settled()
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert stand.mpesa.view.primary.label == "Serve next patient"


async def test_a_part_that_came_before_waits_for_a_person_too(stand: Any, paybill: Paybill) -> None:
    await pays(stand, paybill, amount=1500)
    stand.clock.forward(seconds=30)
    await stand.choose(1)
    assert stand.mpesa.view.stage is MpesaStage.DRAFT
    assert stand.counter.view.issue.label == "Issue the receipt of 1,500.00"
    stand.counter.issue_receipt()
    await stand.settled()
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert not stand.counter.view.issue.label


async def test_a_receipt_that_another_till_issued_is_not_issued_again(stand: Any, paybill: Paybill) -> None:
    said = await pays(stand, paybill)
    await stand.choose(1)
    paybill.payments[said.uid] = msgspec.structs.replace(said, receipt_no="T02A-000007")
    stand.mpesa.issue_receipt()
    await stand.settled()
    assert stand.paper.printed == []
    assert stand.mpesa.view.receipt_no == "T02A-000007"
    assert not stand.mpesa.view.issue.label


async def test_the_relay_names_the_till_whose_receipt_it_is(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    await pays(stand, paybill, terminal="T09A")
    assert stand.paper.printed == []
    await pays(stand, paybill, invoice_id=2, code="TAB2", terminal="T01A")
    assert stand.paper.printed == [("T01A-000001", 1)]


async def test_while_a_phone_rings_the_cashier_reads_not_to_enter_the_pin(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    stand.mpesa.ask()
    await stand.settled()
    await pays(stand, paybill)
    notice = stand.mpesa.view.notice
    assert (notice.tone, notice.title) == (Tone.UNKNOWN, "Do not enter the PIN: it is paid")
    assert f"4,850.00 came by Paybill while the phone rings ({CODE})" in notice.text
    assert stand.mpesa.view.stop.enabled
    assert stand.paper.printed == [("T01A-000001", 1)]
    stand.mpesa.stop()
    await stand.settled()
    assert stand.mpesa.view.stage is MpesaStage.PAID
    assert stand.mpesa.view.notice.title == "Paid by Paybill"


async def test_a_part_while_a_phone_rings(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    stand.mpesa.ask()
    await stand.settled()
    await pays(stand, paybill, amount=1500)
    notice = stand.mpesa.view.notice
    assert notice.title == "Do not enter the PIN: a part is paid"
    assert "then ask for the 3,350.00 that is left" in notice.text


async def test_asking_for_the_rest_of_a_part_is_no_contradiction(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    await pays(stand, paybill, amount=1500)
    stand.clock.forward(seconds=20)
    stand.mpesa.ask()
    await stand.settled()
    assert stand.mpesa.view.notice.title == "Waiting for the patient\u2019s PIN"
    assert stand.mpesa.view.amount == "3,350"


async def test_money_found_long_after_it_moved_is_no_news_at_the_counter(stand: Any, paybill: Paybill) -> None:
    await stand.choose(2)
    await pays(stand, paybill, paid_at="2026-11-21T06:00:00Z")
    assert stand.toasts == []


async def test_a_receipt_that_could_not_be_issued_comes_with_the_connection(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    said = paybill.payment(
        await stand.services.relay.invoice(1),
        *(2 * [stand.counter._item.payable]),
        code=CODE,
        channel="paybill",
    )
    stand.wire.down = True
    await paybill.tells(events.PaymentChanged(payment=said))
    await stand.settled()
    assert stand.paper.printed == []
    assert stand.toasts[0].title == "Paid, but the receipt is not issued yet"
    paybill.paid[1] = stand.counter._item.payable
    await stand.come_back()
    assert stand.paper.printed == [("T01A-000001", 1)]


async def test_money_that_was_moved_away_is_not_shown_as_paid(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    said = await pays(stand, paybill)
    paybill.paid.clear()
    gone = msgspec.structs.replace(said, status=PaymentState.REFUNDED.value, refunded=said.received)
    await paybill.tells(
        events.InvoiceChanged(invoice=await stand.services.relay.invoice(1)), events.PaymentChanged(payment=gone)
    )
    await stand.settled()
    assert stand.counter.view.arrived is None
    assert stand.mpesa.view.stage is MpesaStage.DRAFT


async def test_a_whole_number_is_masked_where_the_payer_is_told(stand: Any, paybill: Paybill) -> None:
    await stand.choose(1)
    await pays(stand, paybill, channel="code", payer="JOSEPH M KAMAU 254715664272")
    masked = "JOSEPH M KAMAU 0715 \u2022\u2022\u2022 272"
    assert stand.counter.view.arrived.text.startswith(f"from {masked} \u00b7 code {CODE}")
    assert stand.mpesa.view.lead == f"Paid by {masked}"


async def test_money_found_without_its_code_is_told_without_one(stand: Any, paybill: Paybill) -> None:
    said = await pays(stand, paybill)
    assert attempt_news.paid(said, "T01A-000009", late=False).text == f"M-Pesa {CODE} \u00b7 receipt T01A-000009"
    nameless = msgspec.structs.replace(said, provider_receipt="")
    assert attempt_news.paid(nameless, "T01A-000009", late=False).text == "receipt T01A-000009"
