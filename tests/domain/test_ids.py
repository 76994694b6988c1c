import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain import ids


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_uuid7_has_version_variant_and_time(milliseconds, noise):
    made = ids.uuid7(milliseconds, noise)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == milliseconds


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_uuid7_keeps_its_chance(milliseconds, one, other):
    mask = (1 << 74) - 1  # six of eighty bits give way to version and variant
    if int.from_bytes(one, "big") & mask != int.from_bytes(other, "big") & mask:
        assert ids.uuid7(milliseconds, one) != ids.uuid7(milliseconds, other)


def test_known_answer_of_rfc_9562():
    """Appendix A.6: 2022-02-22T19:22:22Z, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F."""
    noise = ((0xCC3 << 62) | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert str(ids.uuid7(0x017F22E279B0, noise)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_a_key_names_one_thing_in_every_version_of_ours():
    assert str(ids.uuid_of_key("1:one-intent")) == "6f24a18e-3c44-5824-a07d-fdf3d414442c"
    assert ids.uuid_of_key("2:one-intent") != ids.uuid_of_key("1:one-intent")


@pytest.mark.parametrize(
    ("number", "attempt", "reference"),
    [
        ("INV-20931", 1, "INV20931A"),
        ("INV-20931", 2, "INV20931B"),
        ("inv 20931", 24, "INV20931Z"),
        ("INV-20931", 25, "INV20931AA"),
        ("HOSPITAL/2026/0020931", 1, "20260020931A"),
    ],
)
def test_account_reference_fits_daraja(number, attempt, reference):
    made = ids.account_reference(number, attempt)
    assert made == reference
    assert re.fullmatch(r"[A-Z0-9]{1,12}", made)


@given(st.text(), st.integers(1, 5000))
def test_account_reference_is_always_twelve_alphanumerics_at_most(number, attempt):
    assert re.fullmatch(r"[A-Z0-9]{1,12}", ids.account_reference(number, attempt))


def test_attempt_letters_never_repeat():
    letters = [ids.attempt_letter(n) for n in range(1, 1000)]
    assert len(set(letters)) == len(letters)
    assert not set("IO") & set("".join(letters))


@given(st.binary(min_size=12, max_size=12))
def test_fallback_reference(noise):
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{12}", ids.fallback_reference(noise))
