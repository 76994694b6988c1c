from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hmis_pos.domain.audit import GENESIS, AuditEntry, digest, first_break


def chain(length):
    entries, previous = [], GENESIS
    for seq in range(1, length + 1):
        bare = AuditEntry(
            seq=seq,
            at=f"2026-11-22T11:32:{seq:02d}Z",
            actor="amina",
            action="payment.confirm",
            subject=f"payment:{seq}",
            origin="T03A",
            detail="{}",
            previous=previous,
            digest="",
        )
        entries.append(replace(bare, digest=digest(bare)))
        previous = entries[-1].digest
    return entries


def row_of(broken):
    assert broken is not None
    assert broken.reason
    return broken.seq


def test_an_untouched_chain_verifies():
    assert first_break(chain(9)) is None
    assert first_break([]) is None


def test_a_chain_can_be_walked_in_pages():
    whole = chain(9)
    assert first_break(whole[4:], after=4, previous=whole[3].digest) is None
    assert row_of(first_break(whole[5:], after=4, previous=whole[3].digest)) == 5


@pytest.mark.parametrize("field", ["at", "actor", "action", "subject", "origin", "detail"])
def test_any_changed_field_names_its_row(field):
    entries = chain(9)
    entries[4] = replace(entries[4], **{field: "changed"})
    assert row_of(first_break(entries)) == 5


def test_a_row_rewritten_with_its_own_digest_breaks_the_next():
    entries = chain(9)
    bare = replace(entries[4], actor="mallory", digest="")
    entries[4] = replace(bare, digest=digest(bare))
    assert row_of(first_break(entries)) == 6


@given(st.integers(0, 7))
def test_a_missing_row_is_named(gone):
    entries = chain(9)
    del entries[gone]
    assert row_of(first_break(entries)) == gone + 1


def test_swapped_rows_are_named():
    entries = chain(9)
    entries[2], entries[3] = entries[3], entries[2]
    assert row_of(first_break(entries)) == 3


def test_fields_cannot_borrow_from_their_neighbours():
    bare = chain(1)[0]
    one = digest(replace(bare, actor="ab", action="c"))
    other = digest(replace(bare, actor="a", action="bc"))
    assert one != other
