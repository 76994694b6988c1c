import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain import phone
from hmis_pos.domain.errors import CashierMistake


@pytest.mark.parametrize(
    "typed",
    [
        "0712345418",
        "712345418",
        "254712345418",
        "+254712345418",
        "+254 712 345 418",
        "0712-345-418",
        "(0712) 345 418",
        "2540712345418",
        "0712 345\u2013418",
    ],
)
def test_every_way_of_writing_one_number(typed):
    assert phone.normalise(typed) == "254712345418"


def test_the_newer_range():
    assert phone.normalise("0112345678") == "254112345678"
    assert phone.normalise("112345678") == "254112345678"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone-characters"),
        ("071234541", "phone-short"),
        ("07123454188", "phone-long"),
        ("0812345678", "phone-range"),
        ("0212345678", "phone-range"),
        ("07l2345418", "phone-characters"),
        ("٠٧١٢٣٤٥٤١٨", "phone-characters"),
        ("+1 202 555 0147", "phone-long"),
        ("254212345678", "phone-range"),
    ],
)
def test_what_is_wrong_is_said(typed, code):
    with pytest.raises(CashierMistake) as caught:
        phone.normalise(typed, field="phone_number")
    assert caught.value.code == code
    assert caught.value.field == "phone_number"
    assert "0712345678" in caught.value.cure


@given(st.from_regex(r"254[17][0-9]{8}", fullmatch=True))
def test_normal_numbers_stay_and_come_back_from_every_form(msisdn):
    assert phone.normalise(msisdn) == msisdn
    assert phone.normalise(phone.local(msisdn)) == msisdn
    assert phone.normalise(msisdn[3:]) == msisdn


def test_for_people():
    assert phone.local("254712345418") == "0712 345 418"
    assert phone.masked("254712345418") == "0712 ••• 418"
