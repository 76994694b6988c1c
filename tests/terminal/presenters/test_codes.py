"""A patient shows an M-Pesa code: read kindly, asked about once, told in plain words, and never counted before it is proven."""

from __future__ import annotations

from typing import Any

import pytest

from hmis_pos.terminal import relay_http
from hmis_pos.terminal.presenters import code_words
from hmis_pos.terminal.presenters.codes import CodeStage
from hmis_pos.terminal.presenters.mpesa_view import MpesaStage
from hmis_pos.terminal.presenters.views import StepState, Tone
from tests.support.paybill import CODE, Paybill, used_before


@pytest.fixture
def paybill(stand: Any) -> Paybill:
    return Paybill.around(stand.wire, stand.services, stand.clock)


async def send(stand: Any, invoice_id: int = 1, text: str = CODE) -> None:
    await stand.choose(invoice_id)
    stand.board.codes.begin()
    stand.board.codes.set_text(text)
    stand.board.codes.enter()
    await stand.settled()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("tab1cd2efg", CODE),
        (" TAB1 CD2 EFG ", CODE),
        ("TAB1-CD2-EFG", CODE),
        ("TAB1CD2EFG Confirmed. Ksh4,850.00 sent to DEMO", CODE),
        ("tab1 cd", "TAB1CD"),
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_type_paste_and_scan_it(typed: str, code: str) -> None:
    assert code_words.read_code(typed) == code


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("", "10 letters and digits at the beginning of the M-Pesa message"),
        ("TAB1", "4 of 10"),
        ("0AB1CD2EFG", "Codes begin with a letter: is the 0 the letter O?"),
        ("1AB1CD2EFG", "Codes begin with a letter: is the 1 the letter I?"),
        ("TAB1CDOEFG", "Look closely: O or 0, I or 1?"),
        ("TAB2CD3EFG", ""),
    ],
)
def test_what_is_easily_confused_is_said_while_typing(code: str, hint: str) -> None:
    assert code_words.code_hint(code) == hint


async def test_only_a_whole_code_is_sent_and_pressing_twice_sends_once(stand: Any, paybill: Paybill) -> None:
    codes = stand.board.codes
    await stand.choose(1)
    codes.begin()
    codes.set_text("tab1cd2")
    assert not codes.view.primary.enabled
    codes.enter()
    codes.set_text("tab1cd2efgh")
    assert codes.view.field_problem == "A code has 10 letters and digits; this has 11."
    assert not codes.view.primary.enabled
    codes.set_text("tab1cd2efg")
    assert (codes.view.text, codes.view.primary.label) == (CODE, "Check the code")
    codes.enter()
    codes.enter()
    await stand.settled()
    assert [wanted for _, wanted in paybill.asked] == [{"invoice_id": 1, "code": CODE}]


async def test_checking_tells_how_long_and_what_happens_next(stand: Any, paybill: Paybill) -> None:
    await send(stand)
    await stand.beat(7)
    view = stand.board.codes.view
    assert (view.stage, view.code) == (CodeStage.CHECKING, "TAB1 CD2 EFG")
    assert (view.notice.tone, view.notice.title, view.notice.time) == (Tone.WAIT, "Checking the code", "0:07")
    assert "serve the next patient meanwhile" in view.notice.text
    assert [one.state for one in view.steps] == [StepState.DONE, StepState.CURRENT, StepState.FUTURE]
    await stand.beat(60)
    assert "takes its time" in stand.board.codes.view.notice.text


async def test_proven_pays_the_invoice_and_its_receipt_comes_by_itself(stand: Any, paybill: Paybill) -> None:
    await send(stand)
    said = await paybill.pays(1, 4850, channel="code", terminal="T01A", processed_by="cashier")
    await paybill.decides(next(iter(paybill.checks.values())), "proven", payment_uid=said.uid)
    await stand.settled()
    assert stand.board.codes.view.stage is CodeStage.CLOSED
    assert stand.mpesa.view.stage is MpesaStage.PAID
    assert stand.mpesa.view.notice.title == "Paid: the code is good"
    assert stand.paper.printed == [("T01A-000001", 1)]


async def test_proven_for_a_patient_who_left_the_counter(stand: Any, paybill: Paybill) -> None:
    await send(stand)
    stand.board.codes.enter()  # the next patient
    await stand.settled()
    assert stand.counter.invoice_id == 2
    said = await paybill.pays(1, 4850)  # the payer's own account found the invoice first
    await paybill.decides(next(iter(paybill.checks.values())), "proven", payment_uid=said.uid)
    await stand.settled()
    assert stand.counter.invoice_id == 2
    assert stand.paper.printed == [("T01A-000001", 1)]
    assert stand.toasts[-1].invoice_id == 1


async def test_the_check_is_there_when_the_cashier_comes_back(stand: Any, paybill: Paybill) -> None:
    await send(stand)
    await stand.choose(2)
    assert stand.board.codes.view.stage is CodeStage.CLOSED
    await stand.choose(1)
    assert stand.board.codes.view.stage is CodeStage.CHECKING
    assert stand.board.codes.close()
    assert stand.board.codes.view.stage is CodeStage.CLOSED
    stand.board.codes.begin()
    assert stand.board.codes.view.stage is CodeStage.CHECKING
    assert len(paybill.asked) == 1


async def test_a_used_code_says_where_when_and_by_whom(stand: Any, paybill: Paybill) -> None:
    paybill.answer = paybill.check(1, state="refused", reason="used", used=used_before())
    await send(stand)
    view = stand.board.codes.view
    assert (view.stage, view.notice.tone, view.notice.title) == (
        CodeStage.REFUSED,
        Tone.NO,
        "This code was used before",
    )
    assert view.notice.text.startswith(
        "This code paid INV-20931 for Grace N. Wanjiku on today 10:42, receipt T01A-000417, by Jane."
    )
    assert view.primary.label == "Type another code"
    stand.board.codes.enter()
    assert (stand.board.codes.view.stage, stand.board.codes.view.text) == (CodeStage.ENTRY, "")


@pytest.mark.parametrize(
    "reason", ["unknown", "not-ours", "too-old", "not-completed", "reversed", "other-invoice", "", "new-one"]
)
async def test_every_reason_has_its_words(stand: Any, paybill: Paybill, reason: str) -> None:
    await send(stand)
    await paybill.decides(next(iter(paybill.checks.values())), "refused", reason=reason)
    notice = stand.board.codes.view.notice
    assert notice.tone is Tone.NO
    assert notice.title
    assert notice.text
    assert stand.paper.printed == []
    assert stand.mpesa.view.stage is MpesaStage.DRAFT


async def test_a_no_is_told_while_the_next_patient_is_served(stand: Any, paybill: Paybill) -> None:
    await send(stand)
    await stand.choose(2)
    await paybill.decides(next(iter(paybill.checks.values())), "refused", reason="unknown")
    toast = stand.toasts[-1]
    assert (toast.tone, toast.invoice_id) == (Tone.NO, 1)
    assert toast.title == f"Wanjiru Canary 1, code {CODE}: Safaricom knows no such code"
    await stand.choose(1)
    assert stand.board.codes.view.stage is CodeStage.REFUSED


async def test_a_relay_that_does_not_answer_is_asked_again_with_the_same_key(
    stand: Any, paybill: Paybill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_http, "WRITE_TRIES", 1)
    await stand.choose(1)
    stand.wire.lose_answers = True
    await send(stand)
    assert stand.board.codes.view.stage is CodeStage.CHECKING
    assert stand.board.codes.view.notice.tone in (Tone.WAIT, Tone.UNKNOWN)
    stand.wire.lose_answers = False
    await stand.come_back()
    await stand.beat(30)
    assert len({key for key, _ in paybill.asked}) == 1
    assert len(paybill.asked) > 1
    assert stand.board.codes.view.problem is None


async def test_what_the_relay_refuses_is_said_at_the_field(stand: Any, paybill: Paybill) -> None:
    problem = {"title": "cancelled", "status": 409, "code": "invoice-cancelled", "detail": "-"}
    paybill.refusal = (409, problem)
    await send(stand)
    view = stand.board.codes.view
    assert (view.stage, view.text) == (CodeStage.ENTRY, CODE)
    assert view.problem.title == "The hospital withdrew this invoice"
    paybill.refusal = None
    stand.board.codes.enter()
    await stand.settled()
    assert len({key for key, _ in paybill.asked}) == 2


async def test_without_the_relay_the_message_is_kept_for_later(stand: Any, paybill: Paybill) -> None:
    await stand.go_down()
    await stand.choose(1)
    stand.board.codes.begin()
    stand.board.codes.set_text(CODE)
    view = stand.board.codes.view
    assert not view.primary.enabled
    assert view.problem.title == "A code needs the relay, and the relay is away"


async def test_a_silent_feed_is_made_up_for_by_looking(stand: Any, paybill: Paybill) -> None:
    await send(stand)
    [check] = paybill.checks.values()
    paybill.checks[check.check_uid] = paybill.check(1, state="expired", check_uid=check.check_uid)
    await stand.beat(30)
    assert stand.board.codes.view.notice.title == "No such payment was found in two days"
