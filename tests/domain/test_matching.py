"""Whose money is it: keys, slips and the order of suggestions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.invoice import Invoice, InvoiceStatus
from hmis_pos.domain.matching import (
    Arrived,
    Reason,
    account_keys,
    distance,
    neighbours,
    phone_contradicts,
    phone_fits,
    rank,
    settling_keys,
)
from hmis_pos.domain.money import Money

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = st.text("ABCN0123456789", min_size=3, max_size=10)


def invoice(number="INV-20931", **more) -> Invoice:
    fields = {
        "id": 1,
        "number": number,
        "facility_id": 1,
        "patient_id": 7,
        "patient_no": "OP-118204",
        "patient_name": "Wanjiku, Grace N.",
        "patient_phone": "254712345418",
        "patient_sex": "F",
        "patient_birth_year": 1992,
        "status": InvoiceStatus.OPEN,
        "total": Money.whole(4850),
        "insurance": Money.zero(),
        "insurer": "",
        "waiver": Money.zero(),
        "waiver_note": "",
        "paid": Money.zero(),
        "queued_at": NOW - timedelta(hours=1),
    }
    return Invoice(**{**fields, **more})


def arrived(account="", amount=4850, name="", phone="") -> Arrived:
    return Arrived(amount=Money.whole(amount), account=account, payer_name=name, payer_phone=phone, paid_at=NOW)


@pytest.mark.parametrize(
    "typed", ["INV-20931", "inv 20931", "Inv.20931", " INV/20931 ", "inv-2O931", "INV20931", "«INV» 20931"]
)
def test_one_account_written_in_many_ways_has_one_key(typed):
    assert account_keys(typed)[0] == "INV20931"
    assert account_keys(typed)[1] == "20931"


def test_a_number_without_its_letters_shares_the_second_key():
    assert account_keys("20931") == ("20931",)
    assert account_keys("20931")[0] in account_keys("INV-20931")


@pytest.mark.parametrize(
    ("typed", "key"), [("INV-20931", "INV20931"), ("20931", "20931"), ("LAB-20931", "LAB20931"), ("2O931", "20931")]
)
def test_only_the_whole_of_what_was_typed_settles(typed, key):
    assert settling_keys(typed) == (key,)


@pytest.mark.parametrize("typed", ["", "   ", "MAMA", "12", "INV", "A1B2", "---"])
def test_too_little_to_mean_anything_has_no_key(typed):
    assert account_keys(typed) == ()


@given(st.text(max_size=60))
def test_any_text_has_keys_of_capitals_and_digits_only(text):
    for key in account_keys(text):
        assert key.isascii()
        assert key.isalnum()
        assert key == key.upper()
        assert "O" not in key


@given(KEY)
def test_every_neighbour_is_one_slip_away(key):
    found = neighbours(key)
    assert key not in found
    assert all(distance(key, other) == 1 for other in list(found)[::37])


@given(KEY, st.data())
def test_one_slip_lands_among_the_neighbours(key, data):
    at = data.draw(st.integers(0, len(key) - 1))
    slip = data.draw(st.sampled_from(["drop", "change", "add", "swap"]))
    letter = data.draw(st.sampled_from("0123456789ABC"))
    typed = {
        "drop": key[:at] + key[at + 1 :],
        "change": key[:at] + letter + key[at + 1 :],
        "add": key[:at] + letter + key[at:],
        "swap": key[:at] + key[at + 1 : at + 2] + key[at : at + 1] + key[at + 2 :],
    }[slip]
    assert typed in ("", key) or typed in neighbours(key)


@given(KEY, KEY)
def test_distance_is_symmetric_and_zero_only_for_equals(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("payer", "patient", "fits"),
    [
        ("2547 ***** 418", "254712345418", True),
        ("25471****418", "0712345418", True),
        ("2547 ***** 419", "254712345418", False),
        ("2541 ***** 418", "254712345418", False),
        ("254712345418", "0712 345 418", True),
        ("+254712345418", "254712345418", True),
        ("", "254712345418", False),
        ("***", "254712345418", False),
        ("2547 ***** 418", "", False),
        ("a3f5" * 16, "254712345418", False),
    ],
)
def test_a_masked_number_fits_or_not(payer, patient, fits):
    assert phone_fits(payer, patient) is fits


@pytest.mark.parametrize(
    ("payer", "contradicts"),
    [
        ("2547 ***** 418", False),
        ("254712345418", False),
        ("+254 712 345 418", False),
        ("2547 ***** 126", True),
        ("254722000111", True),
        ("", False),
        ("***", False),
        ("a3f5" * 16, False),
        ("1" * 64, False),
    ],
)
def test_a_payers_number_contradicts_only_by_what_it_shows(payer, contradicts):
    assert phone_contradicts(payer, "254712345418") is contradicts


def test_reasons_are_told_and_add_up():
    (best,) = rank(arrived("INV-20913", name="GRACE WANJIKU", phone="2547 ***** 418"), [invoice()])
    assert set(best.reasons) == {Reason.NEAR_ACCOUNT, Reason.SAME_AMOUNT, Reason.PHONE, Reason.NAME, Reason.RECENT}
    assert 0 < best.score <= 100


def test_the_account_counts_more_than_the_amount():
    near = invoice(id=1, number="INV-20931", total=Money.whole(900))
    same_amount = invoice(id=2, number="INV-77777", total=Money.whole(4850), patient_no="OP-1", patient_phone="")
    found = rank(arrived("INV-20913"), [same_amount, near])
    assert [s.invoice.id for s in found] == [1, 2]


def test_noise_is_not_suggested():
    old = invoice(queued_at=NOW - timedelta(days=3))
    assert rank(arrived("XYZ", amount=1), [old]) == []
    assert rank(arrived("XYZ", amount=1), [invoice()]) == []  # queued lately, and nothing else


def test_a_counter_that_served_it_then_is_a_reason():
    (found,) = rank(arrived("XYZ", amount=1), [invoice()], at_counter=frozenset({1}))
    assert Reason.AT_COUNTER in found.reasons


def test_a_paid_invoice_has_no_same_amount():
    paid = invoice(status=InvoiceStatus.PAID, paid=Money.whole(4850))
    (found,) = rank(arrived("INV-20931"), [paid])
    assert Reason.SAME_AMOUNT not in found.reasons
    assert Reason.SAME_ACCOUNT in found.reasons


@given(st.lists(st.integers(1, 30), max_size=30), st.integers(1, 12))
def test_each_invoice_is_suggested_once_best_first(ids, limit):
    found = rank(arrived("INV-20931"), [invoice(id=n, number=f"INV-{20930 + n}") for n in ids], limit=limit)
    assert len(found) <= limit
    assert len({s.invoice.id for s in found}) == len(found)
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
