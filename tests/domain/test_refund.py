"""Money that goes back: which way, and what evidence adds up to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import (
    REFUND_TRANSITIONS,
    RESERVING,
    Original,
    RefundRules,
    RefundState,
    Route,
    choose_route,
    judge_refund,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PHONE = "254712345418"
KINDS = [
    EvidenceKind.ACCEPTED,
    EvidenceKind.REFUSED,
    EvidenceKind.NO_ANSWER,
    EvidenceKind.PROCESSING,
    EvidenceKind.SILENCE,
    EvidenceKind.PAID,
    EvidenceKind.ASSURED,
    EvidenceKind.DECLINED,
    EvidenceKind.UNCLEAR,
    EvidenceKind.NOTHING_FOUND,
]


def fact(kind, minute=0, receipt=""):
    at = NOW + timedelta(minutes=minute)
    return Evidence(kind=kind, source=Source.CALLBACK, observed_at=at, receipt_no=receipt, code=f"c{minute}")


FACTS = st.lists(st.builds(fact, st.sampled_from(KINDS), st.integers(0, 5)), max_size=8)


@given(FACTS, st.randoms())
def test_order_and_repeats_never_change_where_it_ends(facts, rng):
    shuffled = facts * 2
    rng.shuffle(shuffled)
    assert judge_refund(shuffled) == judge_refund(facts)


@given(FACTS)
def test_a_success_is_never_taken_back(facts):
    proven = judge_refund([*facts, fact(EvidenceKind.PAID, 9, "SG632NMUAB")])
    assert proven.state is RefundState.COMPLETED


@given(FACTS)
def test_failed_only_where_somebody_said_no(facts):
    if judge_refund(facts).state is RefundState.FAILED:
        assert any(f.kind in (EvidenceKind.REFUSED, EvidenceKind.DECLINED) for f in facts)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], None),
        (["accepted"], RefundState.PENDING),
        (["accepted", "no_answer"], RefundState.UNKNOWN),
        (["accepted", "silence"], RefundState.UNKNOWN),
        (["no_answer"], RefundState.UNKNOWN),
        (["unclear"], RefundState.UNKNOWN),
        (["refused"], RefundState.FAILED),
        (["no_answer", "declined"], RefundState.FAILED),
        (["declined", "paid"], RefundState.COMPLETED),
        (["no_answer", "assured"], RefundState.COMPLETED),
    ],
)
def test_what_is_known_is_said(kinds, state):
    assert judge_refund([fact(EvidenceKind(kind)) for kind in kinds]).state is state


def test_nothing_leaves_completed_and_a_late_success_lifts_failed():
    assert REFUND_TRANSITIONS[RefundState.COMPLETED] == frozenset()
    assert RefundState.COMPLETED in REFUND_TRANSITIONS[RefundState.FAILED]
    assert RefundState.FAILED not in RESERVING
    assert RefundState.REJECTED not in RESERVING


def original(received=4850, refundable=None, receipts=1, age=timedelta(hours=1), phone=PHONE):
    return Original(
        receipts=receipts,
        received=Money.whole(received),
        refundable=Money.whole(received if refundable is None else refundable),
        paid_at=NOW - age,
        payer_phone=phone,
    )


def route(amount, known=None, phone="", **rules):
    return choose_route(amount, known or original(), phone, now=NOW, rules=RefundRules(**rules))


def test_all_of_a_recent_payment_is_reversed():
    assert route(Money.whole(4850)) is Route.REVERSAL
    assert route(Money.whole(4850), original(phone="")) is Route.REVERSAL  # a masked payer need not be known
    assert route(Money.whole(4850), phone=PHONE) is Route.REVERSAL


@pytest.mark.parametrize(
    ("amount", "known", "phone", "rules"),
    [
        (Money.whole(850), original(), "", {}),
        (Money.whole(4850), original(age=timedelta(days=3)), "", {}),
        (Money.whole(4850), original(), "254722000111", {}),
        (Money.whole(4850), original(receipts=2), "", {}),
        (Money.whole(4850), original(), "", {"reversal": False}),
    ],
    ids=["a part", "old", "another phone", "two receipts", "no right to reverse"],
)
def test_everything_else_is_paid_out(amount, known, phone, rules):
    assert route(amount, known, phone, **rules) is Route.PAYOUT


def test_a_hospital_may_let_parts_be_reversed():
    assert route(Money.whole(850), partial_reversal=True) is Route.REVERSAL


@pytest.mark.parametrize(
    ("amount", "known", "phone", "rules", "code"),
    [
        (Money.zero(), original(), "", {}, "amount-zero"),
        (Money.whole(4851), original(), "", {}, "above-refundable"),
        (Money.whole(4850), original(refundable=4000), "", {}, "above-refundable"),
        (Money.whole(850), original(phone=""), "", {}, "phone-needed"),
        (Money(850_50), original(), "", {}, "amount-fraction"),
        (
            Money(4850_50),
            replace(original(), received=Money(4850_50), refundable=Money(4850_50)),
            "",
            {},
            "amount-fraction",
        ),
        (Money.whole(9), original(), "", {}, "amount-low"),
        (Money.whole(250_001), original(received=300_000), "", {}, "amount-high"),
        (Money.whole(850), original(), "", {"payout": False}, "no-route"),
    ],
)
def test_what_cannot_go_back_is_refused_with_its_cure(amount, known, phone, rules, code):
    with pytest.raises(CashierMistake) as refused:
        route(amount, known, phone, **rules)
    assert refused.value.code == code
    assert refused.value.field
    assert refused.value.cure


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.booleans(), st.integers(0, 100))
def test_never_more_than_may_go_back(amount, refundable, known_phone, hours):
    known = Original(
        receipts=1,
        received=Money(max(refundable, 1)),
        refundable=Money(refundable),
        paid_at=NOW - timedelta(hours=hours),
        payer_phone=PHONE if known_phone else "",
    )
    try:
        chosen = choose_route(Money(amount), known, "", now=NOW, rules=RefundRules())
    except CashierMistake:
        return
    assert amount <= refundable
    assert chosen is not Route.REVERSAL or amount == refundable
