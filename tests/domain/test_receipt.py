import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.errors import CashierMistake
from hmis_pos.domain.money import Money
from hmis_pos.domain.receipt import Tender, change_in_pieces, is_series, receipt_no, series_name


def test_numbers_as_people_read_them():
    assert receipt_no("T03A", 417) == "T03A-000417"
    assert series_name(3, 1) == "T03A"
    assert series_name(12, 27) == "T12AA"
    assert is_series("T03A")
    assert not is_series("03A")


def test_tendered_applied_and_change_are_three_numbers():
    tender = Tender(tendered=Money.whole(5000), applied=Money.whole(4850))
    assert tender.change == Money.whole(150)


@pytest.mark.parametrize(("tendered", "applied", "code"), [(100, 200, "tendered-short"), (100, 0, "amount-zero")])
def test_a_tender_that_cannot_be(tendered, applied, code):
    with pytest.raises(CashierMistake) as caught:
        Tender(tendered=Money(tendered), applied=Money(applied))
    assert caught.value.code == code


@given(st.integers(0, 10_000_000))
def test_change_pieces_add_up_to_the_whole_shillings(minor):
    pieces = change_in_pieces(Money(minor))
    assert sum(pieces) == minor // 100
    assert list(pieces) == sorted(pieces, reverse=True)


def test_change_of_the_picture():
    assert change_in_pieces(Money.whole(150)) == (100, 50)
