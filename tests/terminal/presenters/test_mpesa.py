"""M-Pesa as the cashier sees it: every state in words, no blind second prompt, results that find their way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from hmis_pos.cashier import chase
from hmis_pos.cashier.records import TaskKind
from hmis_pos.domain.errors import OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.invoice import InvoiceStatus
from hmis_pos.domain.money import Money
from hmis_pos.terminal import relay_http
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage
from hmis_pos.terminal.presenters.services import HouseRules
from hmis_pos.terminal.presenters.views import StepState, Tone
from hmis_pos.terminal.settings import Fraction
from tests.support.till import for_queue, invoice

CODE = "TAB1CD2EFG"


async def ask(stand: Any, invoice_id: int = 1) -> None:
    await stand.choose(invoice_id)
    stand.mpesa.ask()
    await stand.settled()


async def answer(
    stand: Any, request: str = "ws_CO_1", code: int = 0, *, receipt: str = CODE, amount: int = 4850
) -> None:
    """Safaricom's callback, through the relay's own intake and worker, and its news to the till."""
    result: dict[str, Any] = {
        "CheckoutRequestID": request,
        "MerchantRequestID": "m",
        "ResultCode": code,
        "ResultDesc": "-",
    }
    if code == 0:
        items = [{"Name": "Amount", "Value": amount}, {"Name": "MpesaReceiptNumber", "Value": receipt}]
        result["CallbackMetadata"] = {"Item": items}
    token = stand.hospital.gateway.orders[int(request.rpartition("_")[2]) - 1].callback_url.rpartition("/")[2]
    stored = await stand.hospital.http.post(f"/cb/{token}", json={"Body": {"stkCallback": result}})
    assert stored.status_code == 200
    assert await stand.hospital.work_inbox() == 1
    assert [task.text for task in await stand.hospital.tasks() if task.kind == TaskKind.BAD_CALLBACK] == []
    await stand.feed()


async def look_again(stand: Any) -> None:
    """What the relay's worker does when its time has come, and its news."""
    await chase.run_due(stand.hospital.relay.ctx)
    await stand.feed()


def queried(kind: EvidenceKind, code: str) -> Evidence:
    from_query = Evidence(kind=kind, source=Source.QUERY, observed_at=stand_time(), code=code)
    return replace(from_query, reference="ws_CO_1")


def stand_time() -> Any:
    from tests.relay.conftest import BEGAN  # noqa: PLC0415 - replaced by the gateway's own clock

    return BEGAN


async def test_the_form_is_filled_from_the_patient(stand: Any) -> None:
    await stand.choose(1)
    view = stand.mpesa.view
    assert (view.stage, view.phone, view.amount_minor) == (MpesaStage.DRAFT, "0712 345 001", 4850_00)
    assert (view.lead, view.amount, view.primary.label) == ("Ask 0712 345 001 for", "4,850", "Ask for 4,850")
    assert view.primary.enabled


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0712", "Digits are missing"),
        ("07123456789", "too many digits"),
        ("0512345678", "begins with 07 or 01"),
        ("0712E45678", "only digits"),
    ],
)
async def test_a_wrong_phone_is_said_and_not_asked(stand: Any, typed: str, words: str) -> None:
    await stand.choose(1)
    stand.mpesa.set_phone(typed)
    assert words in stand.mpesa.view.phone_problem
    stand.mpesa.ask()
    await stand.settled()
    assert stand.wire.asked("initiate") == 0


@pytest.mark.parametrize(
    ("minor", "words"),
    [(0, "one shilling"), (100_50, "Whole shillings only"), (4851_00, "Only 4,850.00 is owed")],
)
async def test_a_wrong_amount_is_said_and_not_asked(stand: Any, minor: int, words: str) -> None:
    await stand.choose(1)
    stand.mpesa.set_amount(minor)
    assert words in stand.mpesa.view.amount_problem
    assert not stand.mpesa.view.primary.enabled


@pytest.mark.parametrize(
    ("fraction", "amount", "note"),
    [
        (Fraction.STAYS_DUE, 2075_00, "0.50 stays due: M-Pesa moves whole shillings."),
        (Fraction.ROUND_UP, 2076_00, "Rounded up from 2,075.50: M-Pesa moves whole shillings."),
    ],
)
async def test_the_screen_says_what_becomes_of_the_cents(
    open_stand: Any, fraction: Fraction, amount: int, note: str
) -> None:
    stand = await open_stand(rules=HouseRules(fraction=fraction))
    await stand.store.worklist.upsert([for_queue(invoice(61, total=Money(2075_50)))])
    await stand.choose(61)
    assert (stand.mpesa.view.amount_minor, stand.mpesa.view.amount_note) == (amount, note)
    assert stand.mpesa.view.amount_problem == ""


async def test_waiting_is_a_story_with_times(stand: Any) -> None:
    await ask(stand)
    await stand.beat(41)
    view = stand.mpesa.view
    assert view.stage is MpesaStage.WAITING
    assert (view.lead, view.amount) == ("Asking 0712 345 001 for", "4,850")
    assert (view.notice.tone, view.notice.title, view.notice.time) == (
        Tone.WAIT,
        "Waiting for the patient\u2019s PIN",
        "0:41",
    )
    assert 0.5 < view.notice.progress < 0.6
    assert [(one.title, one.state) for one in view.steps] == [
        ("Request accepted by Safaricom", StepState.DONE),
        ("Phone prompted, no answer yet", StepState.CURRENT),
        ("Receipt prints by itself", StepState.FUTURE),
    ]
    assert view.steps[0].note.startswith("11:31:00 · ws_CO_1")
    assert view.primary.label == "Serve next patient"
    assert view.stop.enabled
    assert "may still be charged" in view.footnote


async def test_pressing_twice_asks_once(stand: Any) -> None:
    await stand.choose(1)
    stand.mpesa.ask()
    stand.mpesa.ask()
    stand.mpesa.enter()
    await stand.settled()
    assert stand.wire.asked("initiate") == 1
    assert len(stand.hospital.gateway.orders) == 1


async def test_paid_issues_and_prints_one_receipt(stand: Any) -> None:
    await ask(stand)
    await answer(stand)
    await answer(stand)  # Safaricom repeats itself
    view = stand.mpesa.view
    assert view.stage is MpesaStage.PAID
    assert view.notice.tone is Tone.OK
    assert view.notice.text == f"4,850.00 received · {CODE}"
    assert [one.state for one in view.steps] == [StepState.DONE] * 3
    assert view.steps[-1].title == "Receipt T01A-000001 printed"
    assert view.receipt_no == "T01A-000001"
    assert stand.paper.printed == [("T01A-000001", 1)]
    kept = (await stand.store.receipts.latest(9))[0].receipt
    assert (kept.provider_receipt, kept.tender.applied.minor, kept.balance.minor) == (CODE, 4850_00, 0)
    assert stand.counter.view.invoice.paid_in_full
    assert await stand.store.watched.all() == []
    assert stand.toasts[-1].title == "Wanjiru Canary 1 paid 4,850.00"

    assert await stand.sync()
    assert stand.hospital.rows("receipt") == 1


async def test_the_result_comes_back_while_the_next_patient_is_served(stand: Any) -> None:
    await ask(stand)
    stand.mpesa.enter()
    await stand.settled()
    assert stand.counter.invoice_id == 2
    assert stand.mpesa.view.stage is MpesaStage.DRAFT
    assert stand.mpesa.view.ringing_elsewhere == 1

    await answer(stand)
    assert stand.counter.invoice_id == 2
    assert (stand.toasts[-1].invoice_id, stand.toasts[-1].tone) == (1, Tone.OK)
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert stand.mpesa.view.ringing_elsewhere == 0


async def test_several_phones_ring_at_once_each_with_its_own_story(stand: Any) -> None:
    await ask(stand, 1)
    await ask(stand, 2)
    await ask(stand, 3)
    await answer(stand, "ws_CO_2", 1032)
    await answer(stand, "ws_CO_3", 0, receipt="TAB3")
    stages = []
    for one in (1, 2, 3):
        await stand.choose(one)
        stages.append(stand.mpesa.view.stage)
    assert stages[0] is MpesaStage.WAITING
    assert stages[1] is MpesaStage.DRAFT  # the no was told; who comes back may ask again
    assert stages[2] is MpesaStage.PAID
    assert [toast.invoice_id for toast in stand.toasts] == [2, 3]


@pytest.mark.parametrize(
    ("code", "title", "again"),
    [
        (1032, "The patient cancelled on the phone", True),
        (2001, "The PIN was wrong", True),
        (1, "Not enough money on M-Pesa", True),
        (4, "The patient's daily M-Pesa limit is used up", False),
        (2028, "The hospital's M-Pesa number is set up wrongly", False),
    ],
)
async def test_a_no_says_why_and_whether_to_ask_again(stand: Any, code: int, title: str, *, again: bool) -> None:
    await ask(stand)
    await answer(stand, code=code)
    view = stand.mpesa.view
    assert view.stage is MpesaStage.NOT_PAID
    assert (view.notice.tone, view.notice.title) == (Tone.NO, title)
    assert view.steps[-1].state is StepState.FAILED
    assert view.ask_again.enabled is again
    if not again:
        assert view.ask_again.why_not
        assert view.primary.label == "Serve next patient"


async def test_asking_again_after_a_no_is_a_new_intent_once_the_network_allows_it(stand: Any) -> None:
    await ask(stand)
    await answer(stand, code=1032)
    stand.mpesa.enter()  # ask again, too early for Safaricom: the relay says until when
    await stand.settled()
    view = stand.mpesa.view
    assert view.stage is MpesaStage.DRAFT
    assert (view.problem.title, view.countdown) == ("This phone was asked a moment ago", "2:00")
    assert not view.primary.enabled
    assert "2:00" in view.primary.why_not

    await stand.beat(121)
    assert stand.mpesa.view.countdown == ""
    stand.mpesa.enter()
    await stand.settled()
    assert stand.mpesa.view.stage is MpesaStage.WAITING
    orders = stand.hospital.gateway.orders
    assert len(orders) == 2
    assert orders[0].uid != orders[1].uid


async def test_a_wait_counts_down_and_then_opens(stand: Any) -> None:
    await ask(stand)
    await stand.beat(30)
    await answer(stand, code=17)
    view = stand.mpesa.view
    assert (view.stage, view.countdown, view.ask_again.enabled) == (MpesaStage.NOT_PAID, "2:00", False)
    await stand.beat(60)
    assert stand.mpesa.view.countdown == "1:00"
    assert "1:00" in stand.mpesa.view.ask_again.why_not
    await stand.beat(60)
    assert stand.mpesa.view.ask_again.enabled


async def test_silence_is_unknown_never_failed(stand: Any) -> None:
    await ask(stand)
    stand.clock.forward(seconds=80)
    await look_again(stand)
    view = stand.mpesa.view
    assert view.stage is MpesaStage.UNKNOWN
    assert (view.notice.tone, view.notice.title) == (Tone.UNKNOWN, "We do not know yet")
    assert "Do not take the money again" in view.notice.text
    assert view.steps[1].state is StepState.UNKNOWN
    assert view.steps[1].title == "No result after 80 s"
    assert "check" in view.steps[1].note
    assert not view.ask_again.enabled
    assert "failed" not in str(view).casefold()
    assert stand.toasts[-1].tone is Tone.UNKNOWN

    await answer(stand)
    assert stand.mpesa.view.stage is MpesaStage.PAID


async def test_a_phone_that_was_off_counts_only_after_a_second_no(stand: Any) -> None:
    await ask(stand)
    await answer(stand, code=1037)
    view = stand.mpesa.view
    assert view.stage is MpesaStage.UNKNOWN
    assert view.notice.text.startswith("The phone could not be reached, but that is not certain yet.")

    stand.clock.forward(seconds=90)
    stand.hospital.gateway.answers.append(queried(EvidenceKind.UNREACHED, "1037"))
    await look_again(stand)
    assert stand.mpesa.view.stage is MpesaStage.NOT_PAID
    assert stand.mpesa.view.ask_again.enabled


async def test_an_undocumented_code_is_not_called_a_failure(stand: Any) -> None:
    await ask(stand)
    await answer(stand, code=7777)
    view = stand.mpesa.view
    assert view.stage is MpesaStage.UNKNOWN
    assert "7777" in view.notice.text


async def test_stopping_says_that_the_patient_may_still_pay_and_a_late_success_is_told(stand: Any) -> None:
    await ask(stand)
    stand.mpesa.stop()
    await stand.settled()
    view = stand.mpesa.view
    assert (view.stage, view.notice.tone) == (MpesaStage.STOPPED, Tone.UNKNOWN)
    assert "may still be charged" in view.notice.text
    assert not view.ask_again.enabled
    assert view.ask_again.why_not

    await stand.choose(2)
    await answer(stand)
    assert stand.toasts[-1].title == "Wanjiru Canary 1 paid after all: 4,850.00"
    assert stand.paper.printed == [("T01A-000001", 1)]


async def test_a_late_success_lifts_a_no(stand: Any) -> None:
    await ask(stand)
    await answer(stand, code=1032)
    await stand.choose(2)
    await answer(stand)
    assert stand.toasts[-1].tone is Tone.OK
    assert len(await stand.store.receipts.latest(9)) == 1


async def test_refused_at_the_door_says_that_the_phone_did_not_ring(stand: Any) -> None:
    stand.hospital.gateway.answers.append(
        replace(queried(EvidenceKind.REFUSED, "400.002.02:PhoneNumber"), source=Source.SUBMIT, reference="")
    )
    await ask(stand)
    view = stand.mpesa.view
    assert (view.stage, view.notice.title) == (MpesaStage.NOT_PAID, "Safaricom does not accept this phone number")
    assert [one.title for one in view.steps] == ["Request refused, the phone did not ring"]
    assert view.change.enabled
    stand.mpesa.change()
    assert (stand.mpesa.view.stage, stand.mpesa.view.phone) == (MpesaStage.DRAFT, "0712 345 001")


async def test_safaricom_unreachable_asks_nobody_and_may_be_repeated(stand: Any) -> None:
    stand.hospital.gateway.answers.append(Unavailable("no route", code="mpesa-unreachable"))
    await ask(stand)
    view = stand.mpesa.view
    assert (view.stage, view.notice.title) == (MpesaStage.NOT_PAID, "Safaricom could not be reached")
    assert view.ask_again.enabled
    stand.mpesa.enter()
    await stand.settled()
    assert stand.mpesa.view.stage is MpesaStage.WAITING


async def test_a_gateway_that_does_not_answer_leaves_it_unknown(stand: Any) -> None:
    stand.hospital.gateway.answers.append(OutcomeUnknown("silence", code="mpesa-no-answer"))
    await ask(stand)
    view = stand.mpesa.view
    assert view.stage is MpesaStage.UNKNOWN
    assert view.notice.text.startswith("Safaricom did not answer")


async def test_the_relay_away_closes_m_pesa_with_its_reason_and_cash_goes_on(stand: Any) -> None:
    await stand.go_down()
    await stand.choose(1)
    view = stand.mpesa.view
    assert not view.primary.enabled
    assert view.unavailable.title == "M-Pesa needs the relay, and the relay is away"
    stand.cash.exact()
    assert stand.cash.view.primary.enabled

    await stand.come_back()
    assert stand.mpesa.view.primary.enabled


async def test_the_relay_going_away_while_it_rings_is_unknown_until_it_is_back(stand: Any) -> None:
    await ask(stand)
    await stand.go_down()
    await stand.beat()
    view = stand.mpesa.view
    assert (view.notice.tone, view.notice.title) == (Tone.UNKNOWN, "The relay is away")
    assert view.steps[1].state is StepState.UNKNOWN
    assert not view.stop.enabled

    stand.wire.down = False
    token = stand.hospital.gateway.orders[0].callback_url.rpartition("/")[2]
    items = [{"Name": "Amount", "Value": 4850}, {"Name": "MpesaReceiptNumber", "Value": CODE}]
    said = {"CheckoutRequestID": "ws_CO_1", "MerchantRequestID": "m", "ResultCode": 0, "ResultDesc": "-"}
    await stand.hospital.http.post(
        f"/cb/{token}", json={"Body": {"stkCallback": said | {"CallbackMetadata": {"Item": items}}}}
    )
    await stand.hospital.work_inbox()
    await stand.come_back()  # looked up at once, before any event
    assert stand.mpesa.view.stage is MpesaStage.PAID


async def test_an_answer_that_is_lost_is_looked_up_never_asked_twice(
    stand: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_http, "WRITE_TRIES", 1)
    await stand.choose(1)
    stand.wire.lose_answers = True
    stand.mpesa.ask()
    await stand.settled()
    view = stand.mpesa.view
    assert view.stage is MpesaStage.UNKNOWN
    assert view.notice.text.startswith("The relay did not answer. The phone may have rung")
    assert not view.ask_again.enabled

    stand.wire.lose_answers = False
    stand.mpesa.check()
    await stand.settled()
    assert stand.mpesa.view.stage is MpesaStage.WAITING
    assert len(stand.hospital.gateway.orders) == 1


async def test_a_request_the_relay_never_got_is_let_go_in_time(stand: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(**_: object) -> None:
        raise OutcomeUnknown("gone", code="relay-silent")

    monkeypatch.setattr(stand.services.relay, "initiate_mpesa", lost)
    await ask(stand)
    assert stand.mpesa.view.stage is MpesaStage.UNKNOWN
    stand.mpesa.check()
    await stand.settled()
    assert stand.mpesa.view.stage is MpesaStage.UNKNOWN  # it may still be on its way

    stand.clock.forward(seconds=95)
    stand.mpesa.check()
    await stand.settled()
    assert stand.mpesa.view.stage is MpesaStage.DRAFT
    assert stand.toasts[-1].title == "The phone was not asked"
    assert await stand.store.watched.all() == []


async def test_a_restart_goes_on_watching_and_hands_out_the_receipt(open_stand: Any) -> None:
    before = await open_stand("Counter 1")
    await ask(before)
    await before.close()

    after = await open_stand("Counter 1")
    await after.attempts.resume()
    await after.settled()
    await after.choose(1)
    assert after.mpesa.view.stage is MpesaStage.WAITING
    assert after.mpesa.view.steps[0].title == "Request accepted by Safaricom"

    await answer(after)
    assert after.mpesa.view.stage is MpesaStage.PAID
    kept = (await after.store.receipts.latest(9))[0].receipt
    assert (kept.no, kept.balance.minor, kept.invoice.payable.minor) == ("T01A-000001", 0, 4850_00)


async def test_what_was_paid_while_the_till_was_off_is_handed_out_at_its_start(open_stand: Any) -> None:
    before = await open_stand("Counter 1")
    await ask(before)
    await before.close()
    token = before.hospital.gateway.orders[0].callback_url.rpartition("/")[2]
    items = [{"Name": "Amount", "Value": 4850}, {"Name": "MpesaReceiptNumber", "Value": CODE}]
    said = {"CheckoutRequestID": "ws_CO_1", "MerchantRequestID": "m", "ResultCode": 0, "ResultDesc": "-"}
    await before.hospital.http.post(
        f"/cb/{token}", json={"Body": {"stkCallback": said | {"CallbackMetadata": {"Item": items}}}}
    )
    await before.hospital.work_inbox()

    after = await open_stand("Counter 1")
    await after.attempts.resume()
    await after.settled()
    assert after.paper.printed == [("T01A-000001", 1)]
    assert after.toasts[-1].tone is Tone.OK
    kept = (await after.store.receipts.latest(9))[0].receipt
    assert (kept.invoice.payable.minor, kept.invoice.status) == (4850_00, InvoiceStatus.PAID)
    assert kept.balance.minor == 0
    assert await after.sync()
    assert after.hospital.rows("receipt") == 1


async def test_another_amount_than_asked_is_said(stand: Any) -> None:
    await ask(stand)
    await answer(stand, amount=5000)
    view = stand.mpesa.view
    assert view.stage is MpesaStage.PAID
    assert "4,850.00 was asked: tell the patient" in view.notice.text
    assert "150.00 of it is the patient\u2019s deposit now" in view.notice.text
    assert "150.00 of it is the patient's deposit now" in stand.toasts[-1].text


async def test_an_attempt_of_another_counter_is_shown_and_blocks_a_second_prompt(open_stand: Any) -> None:
    here, there = await open_stand("Counter 1"), await open_stand("Counter 2")
    await ask(there)
    await there.choose(2)
    await here.feed()
    await here.choose(1)
    assert here.mpesa.view.stage is MpesaStage.WAITING
    assert here.mpesa.view.steps[-1].title == "Its own counter issues the receipt"
    assert not here.mpesa.view.stop.enabled

    await answer(here)
    await there.feed()
    assert here.mpesa.view.stage is MpesaStage.PAID
    assert (await here.store.receipts.latest(9), here.paper.printed) == ([], [])
    assert there.paper.printed == [("T02A-000001", 1)]


async def test_cash_beside_a_ringing_phone_is_warned_of(stand: Any) -> None:
    await ask(stand)
    await stand.feed()
    assert "was asked to pay" in stand.cash.view.warning.title


async def test_an_answer_older_than_what_is_known_changes_nothing(stand: Any) -> None:
    await ask(stand)
    uid = UUID(str(stand.hospital.gateway.orders[0].uid))
    early = await stand.services.relay.transaction(uid)
    await answer(stand)
    stand.attempts.heard(early)
    await stand.settled()
    assert stand.mpesa.view.stage is MpesaStage.PAID


async def test_the_split_rest_is_asked_and_both_receipts_add_up(stand: Any) -> None:
    await stand.choose(1)
    stand.cash.split()
    stand.cash.receive(2000_00)
    stand.cash.take()
    await stand.settled()
    await stand.sync()
    await stand.feed()
    stand.mpesa.ask()
    await stand.settled()
    await answer(stand, amount=2850)
    kept = [one.receipt for one in await stand.store.receipts.latest(9)]
    assert [(one.no, one.tender.applied.minor, one.balance.minor) for one in kept] == [
        ("T01A-000002", 2850_00, 0),
        ("T01A-000001", 2000_00, 2850_00),
    ]
    assert stand.counter.view.invoice.paid_in_full
