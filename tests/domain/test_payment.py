"""The evidence lattice: order, repeats and delay never change where a payment ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import (
    GRACE,
    TRANSITIONS,
    IllegalTransition,
    Method,
    Payment,
    PaymentState,
    judge,
)

K, S = EvidenceKind, PaymentState
START = datetime(2026, 11, 22, 11, 31, tzinfo=UTC)
ASKED = Money.whole(4850)


def payment():
    return Payment(uid=UUID(int=1), invoice_id=20931, patient_id=1, method=Method.MPESA, asked=ASKED, asked_at=START)


def said(kind, source=Source.CALLBACK, after=30.0, **kw):
    return Evidence(kind=kind, source=source, observed_at=START + timedelta(seconds=after), **kw)


def paid(after=30.0, receipt="TAB1CD2EFG", amount=ASKED, source=Source.CALLBACK):
    return said(K.PAID, source, after, receipt_no=receipt, amount=amount)


ACCEPTED = said(K.ACCEPTED, Source.SUBMIT, 1, reference="ws_CO_1")


def state_of(*facts):
    return judge(facts, asked=ASKED, asked_at=START).state


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ((), S.CREATED),
        ((ACCEPTED,), S.PENDING),
        ((ACCEPTED, paid()), S.COMPLETED),
        ((paid(),), S.COMPLETED),
        ((said(K.NO_ANSWER, Source.SUBMIT, 1),), S.UNKNOWN),
        ((said(K.NO_ANSWER, Source.SUBMIT, 1), paid()), S.COMPLETED),
        ((said(K.REFUSED, Source.SUBMIT, 1, code="400.002.02"),), S.FAILED),
        ((ACCEPTED, said(K.DECLINED, code="1032")), S.FAILED),
        ((ACCEPTED, said(K.UNREACHED, code="1037")), S.UNKNOWN),
        ((ACCEPTED, said(K.UNREACHED, code="1037"), said(K.UNREACHED, Source.QUERY, 90, code="1037")), S.FAILED),
        ((ACCEPTED, said(K.DECLINED, Source.QUERY, 20, code="1032")), S.UNKNOWN),
        ((ACCEPTED, said(K.DECLINED, Source.QUERY, 80, code="1032")), S.FAILED),
        ((ACCEPTED, said(K.PROCESSING, Source.QUERY, 20), said(K.DECLINED, after=30, code="1032")), S.FAILED),
        ((ACCEPTED, said(K.DECLINED, after=30, code="1032"), said(K.PROCESSING, Source.QUERY, 40)), S.FAILED),
        ((ACCEPTED, said(K.DECLINED, after=30, code="1032"), said(K.PROCESSING, Source.QUERY, 90)), S.UNKNOWN),
        ((ACCEPTED, said(K.SILENCE, Source.WORKER, 75)), S.UNKNOWN),
        ((ACCEPTED, said(K.UNCLEAR, code="7777")), S.UNKNOWN),
        ((ACCEPTED, said(K.ABANDONED, Source.CASHIER, 40)), S.CANCELLED),
        ((ACCEPTED, said(K.ABANDONED, Source.CASHIER, 40), said(K.SILENCE, Source.WORKER, 75)), S.CANCELLED),
        ((ACCEPTED, said(K.ABANDONED, Source.CASHIER, 40), paid(600)), S.COMPLETED),
        ((ACCEPTED, said(K.ABANDONED, Source.CASHIER, 40), said(K.DECLINED, after=50, code="1032")), S.FAILED),
        ((ACCEPTED, said(K.SILENCE, Source.WORKER, 75), said(K.NOTHING_FOUND, Source.WORKER, 172800)), S.EXPIRED),
        ((ACCEPTED, said(K.NOTHING_FOUND, Source.WORKER, 172800), paid(180000)), S.COMPLETED),
        ((ACCEPTED, said(K.ASSURED, Source.QUERY, 20)), S.COMPLETED),
        ((ACCEPTED, said(K.CLAIMED, receipt_no="X", amount=ASKED)), S.UNKNOWN),
        ((ACCEPTED, said(K.CLAIMED, receipt_no="X", amount=ASKED), said(K.ASSURED, Source.QUERY, 40)), S.COMPLETED),
        ((ACCEPTED, said(K.CLAIMED, receipt_no="X", amount=ASKED), said(K.DECLINED, Source.QUERY, 90)), S.FAILED),
        ((ACCEPTED, paid(), said(K.DECLINED, Source.QUERY, 90, code="1032")), S.COMPLETED),
    ],
)
def test_what_evidence_adds_up_to(facts, state):
    assert state_of(*facts) is state


def test_the_amount_is_what_was_received_not_what_was_asked():
    verdict = judge([ACCEPTED, paid(amount=Money.whole(4000))], asked=ASKED, asked_at=START)
    assert verdict.received == Money.whole(4000)
    assert verdict.doubts == {"amount-differs"}


def test_an_assurance_without_amount_counts_as_asked_until_the_proof_comes():
    assured = said(K.ASSURED, Source.QUERY, 20)
    assert judge([assured], asked=ASKED, asked_at=START).received == ASKED
    later = judge([assured, paid(amount=Money.whole(4000))], asked=ASKED, asked_at=START)
    assert later.received == Money.whole(4000)
    assert later.receipts == ("TAB1CD2EFG",)


def test_a_claim_lends_neither_its_amount_nor_its_receipt():
    """T1: a forged body on the open alias, beside a true assurance."""
    forged = said(K.CLAIMED, receipt_no="FORGED0001", amount=Money.whole(1))
    verdict = judge([forged, said(K.ASSURED, Source.QUERY, 40)], asked=ASKED, asked_at=START)
    assert (verdict.received, verdict.receipts) == (ASKED, ())


def test_two_receipts_for_one_request_are_both_money():
    verdict = judge([paid(), paid(40, receipt="TAB9ZZ9ZZZ")], asked=ASKED, asked_at=START)
    assert verdict.received == ASKED + ASKED
    assert "second-receipt" in verdict.doubts


def test_one_receipt_heard_on_two_channels_is_one_money():
    twin = paid(31, receipt=" tab1cd2efg ", source=Source.C2B)
    verdict = judge([paid(), twin], asked=ASKED, asked_at=START)
    assert verdict.received == ASKED
    assert verdict.receipts == ("TAB1CD2EFG",)
    assert not verdict.doubts


def test_a_contradicting_amount_trusts_the_callback_and_raises_a_doubt():
    other = paid(20, amount=Money.whole(1), source=Source.C2B)
    for facts in ([paid(), other], [other, paid()]):
        verdict = judge(facts, asked=ASKED, asked_at=START)
        assert verdict.received == ASKED
        assert verdict.doubts == {"amount-differs"}


def test_a_no_is_agreed_only_by_a_query_after_the_grace_period():
    no = said(K.DECLINED, code="1032")
    assert not judge([ACCEPTED, no], asked=ASKED, asked_at=START).agreed
    early = said(K.DECLINED, Source.QUERY, GRACE.total_seconds() - 1, code="1032")
    assert not judge([ACCEPTED, no, early], asked=ASKED, asked_at=START).agreed
    late = said(K.DECLINED, Source.QUERY, GRACE.total_seconds(), code="1032")
    assert judge([ACCEPTED, no, late], asked=ASKED, asked_at=START).agreed


@st.composite
def evidence(draw):
    kind = draw(st.sampled_from(K))
    source = draw(st.sampled_from(Source))
    after = draw(st.sampled_from([1.0, 20.0, 60.0, 75.0, 90.0, 600.0, 172800.0]))
    money = kind in (K.PAID, K.CLAIMED, K.TAKEN)
    return said(
        kind,
        source,
        after,
        receipt_no=draw(st.sampled_from(["TAB1CD2EFG", "TAB9ZZ9ZZZ"])) if money else "",
        amount=draw(st.sampled_from([ASKED, Money.whole(4000), Money.whole(5000)])) if money else None,
        code=draw(st.sampled_from(["0", "1032", "1037", "1", ""])),
    )


histories = st.lists(evidence(), max_size=8)


@settings(max_examples=500)
@given(histories, st.data())
def test_any_order_and_repetition_ends_in_the_same_place(history, data):
    shuffled = data.draw(st.permutations(history + history[: len(history) // 2]))
    one, other = payment(), payment()
    for fact in history:
        one = one.apply(fact)
    for fact in shuffled:
        other = other.apply(fact)
    assert one.verdict == other.verdict
    assert one.state is other.state
    assert len(other.evidence) == len({e.digest for e in history})


@settings(max_examples=500)
@given(histories)
def test_every_step_is_a_move_of_the_table_and_success_is_never_left(history):
    current = payment()
    for fact in history:
        before = current
        current = current.apply(fact)
        if before.state is S.COMPLETED:
            assert current.state is S.COMPLETED


@given(histories)
def test_losing_evidence_never_invents_money(history):
    full = judge(history, asked=ASKED, asked_at=START)
    for lost in range(len(history)):
        less = judge(history[:lost] + history[lost + 1 :], asked=ASKED, asked_at=START)
        if less.state is S.COMPLETED:
            assert full.state is S.COMPLETED


def test_every_state_can_be_reached_and_every_target_is_a_state():
    reached, frontier = {S.CREATED}, [S.CREATED]
    while frontier:
        for state in TRANSITIONS[frontier.pop()]:
            if state not in reached:
                reached.add(state)
                frontier.append(state)
    assert reached == set(S)
    assert set(TRANSITIONS) == set(S)
    assert TRANSITIONS[S.REFUNDED] == {S.PARTIALLY_REFUNDED}  # the same request, paid once more after all went back


def test_a_move_outside_the_table_is_refused():
    """Evidence never takes money back; a stored state that says otherwise is a bug that must not pass."""
    completed_without_proof = replace(payment(), state=S.COMPLETED)
    with pytest.raises(IllegalTransition):
        completed_without_proof.apply(ACCEPTED)


@pytest.mark.parametrize("state", [S.PARTIALLY_REFUNDED, S.REFUNDED])
def test_hearing_again_that_money_came_does_not_undo_a_refund(state):
    assert replace(payment(), state=state).apply(paid()).state is state
