"""Account numbers as payers type them: keys made in SQL are the domain's, follow the HMIS's writes, and lead to invoices."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from string import printable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url, text

from hmis_pos.cashier.records import Serving
from hmis_pos.cashier.records_back_office import KeyHolders, ProviderMoney
from hmis_pos.db.central import account_keys, migrate
from hmis_pos.db.central.columns import storable
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.seed import demo, many
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.matching import Arrived, Reason, Suggestion, rank
from hmis_pos.domain.matching import account_keys as keys_of_domain
from hmis_pos.domain.money import Money
from tests.db.central.conftest import RawSql, StoppedClock
from tests.support.back_office import provider_money
from tests.support.hospital import Hospital

_ODD = "ß\u0131ŉ\u017fǰẖẚﬀﬃﬆéŻK\u212a\u0130\u00bd²٣Ⅷ O0oOiIl-./_ #"


async def test_keys_made_in_sql_are_those_of_the_domain_for_any_text(raw: RawSql) -> None:
    statement = text(account_keys.keys_of("SELECT 1 AS id, CAST(:number AS TEXT) AS number", raw.dialect))
    with raw.transaction() as connection:

        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.text(max_size=40) | st.text(printable, max_size=40) | st.text(_ODD + "0123456789ABCabc", max_size=40))
        @example("INV-2026-O471")
        @example("O" * 30 + "123")
        @example("A" * 23 + "1234")
        @example("12")
        @example("ßßßßßßßßßßßßßßßßß123")
        def compare(typed: str) -> None:
            number = storable(typed)
            made = {row.key for row in connection.execute(statement, {"number": number})}
            assert made == set(keys_of_domain(number))

        compare()


def keys(raw: RawSql) -> list[Any]:
    return raw("SELECT kind, target_id, key, tail FROM account_key ORDER BY kind, target_id, key")


async def test_keys_follow_what_the_hmis_writes(hospital: Hospital, raw: RawSql) -> None:
    assert keys(raw) == [
        ("invoice", hospital.invoice, "20931", "0931"),
        ("invoice", hospital.invoice, "INV20931", "0931"),
        ("patient", hospital.patient, "0P118204", "8204"),
        ("patient", hospital.patient, "118204", "8204"),
    ]

    hospital.change("invoice", hospital.invoice, number="777 888")
    hospital.change("patient", hospital.patient, patient_no="none")
    assert keys(raw) == [("invoice", hospital.invoice, "777888", "7888")]

    gone = hospital.add_invoice(number="GONE-1234")
    raw(f"DELETE FROM invoice WHERE id = {gone}")
    assert keys(raw) == [("invoice", hospital.invoice, "777888", "7888")]


async def test_migrating_makes_the_keys_of_what_was_there_before(hospital: Hospital, url: str, raw: RawSql) -> None:
    before = keys(raw)
    raw("DELETE FROM account_key")

    migrate.upgrade(url)

    assert keys(raw) == before


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_an_hmis_with_an_older_sqlite_writes_and_the_keys_follow(
    hospital: Hospital, url: str, raw: RawSql
) -> None:
    with closing(sqlite3.connect(make_url(url).database or "")) as hmis, hmis:
        hmis.execute("UPDATE invoice SET number = 'ﬃ ß-447' WHERE id = ?", (hospital.invoice,))
        hmis.execute("UPDATE patient SET patient_no = 'none' WHERE id = ?", (hospital.patient,))

    assert keys(raw) == [("invoice", hospital.invoice, "447", "447"), ("invoice", hospital.invoice, "FFISS447", "S447")]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_no_trigger_is_nested_deeper_than_any_sqlite_reads(raw: RawSql) -> None:
    """Below 3.46 a parser holds 100 things that are still open, about 30 brackets; Python's own may be newer."""
    triggers = [sql for (sql,) in raw("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
    assert triggers
    assert max(map(_depth, triggers)) <= _DEEPEST


_DEEPEST = 12


def _depth(sql: str) -> int:
    steps = [1 if letter == "(" else -1 for letter in sql if letter in "()"]
    return max(accumulate(steps), default=0)


async def test_numbers_are_found_however_they_are_typed(hospital: Hospital, database: CentralDatabase) -> None:
    other = hospital.add_invoice(number="BIL-20931")

    def found(*keys: str) -> Any:
        return database.read_now(lambda books: books.accounts.holders(keys))

    assert found(*keys_of_domain("inv 2O931")) == {
        "INV20931": KeyHolders((hospital.invoice,)),
        "20931": KeyHolders((hospital.invoice, other)),
    }
    assert list(found("20931", "INV20931")) == ["20931", "INV20931"]
    assert set(found(*keys_of_domain("op/118204")).values()) == {KeyHolders((), (hospital.patient,))}
    assert found(*keys_of_domain("999")) == found(*keys_of_domain("12")) == found() == {}


async def test_a_number_that_many_share_brings_twenty_of_them_and_hides_nobody_else(
    hospital: Hospital, database: CentralDatabase
) -> None:
    many_of_them = [hospital.add_invoice(number=f"{'ABCDEFGHIJKLMNOPQRSTUVWXY'[n]}-118204") for n in range(25)]
    held = database.read_now(lambda books: books.accounts.holders(("118204", "OP118204")))
    assert held["118204"] == KeyHolders(tuple(many_of_them[:20]), (hospital.patient,))


async def test_what_a_patient_owes_is_listed_oldest_first(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    paid = hospital.add_invoice(amount_paid=1_000_00, status="paid")
    nothing = hospital.add_invoice(insurance=1_000_00)
    older = hospital.add_invoice(queued_at=clock.now() - timedelta(days=2))

    owed = await database.read(lambda books: books.accounts.open_of_patient(hospital.patient))

    assert [invoice.id for invoice in owed] == [older, hospital.invoice]
    assert not {paid, nothing} & {invoice.id for invoice in owed}


# ---------------------------------------------------------------- candidates


@pytest.fixture
def queue(hospital: Hospital, clock: StoppedClock) -> Any:
    """An invoice of somebody else beside Grace's INV-20931 over 1,000.00."""
    brian = hospital.add_patient(patient_no="OP-77777", name="Otieno, Brian", phone="+254 722-418 903")
    return hospital.add_invoice(
        number="INV-2026-555666", patient_id=brian, total=640_50, queued_at=clock.now() - timedelta(days=5)
    )


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"account": "INV-20265556666"}, Reason.NEAR_ACCOUNT),
        ({"account": "inv 2026 55566"}, Reason.NEAR_ACCOUNT),
        ({"account": "INV-2026555656"}, Reason.NEAR_ACCOUNT),
        ({"account": "op 77777"}, Reason.SAME_ACCOUNT),
        ({"account": "OP-77778"}, Reason.NEAR_ACCOUNT),
        ({"account": "5666"}, Reason.PART_OF_ACCOUNT),
        ({"amount": 641_00}, Reason.SAME_AMOUNT),
        ({"payer_name": "BRIAN", "payer_phone": "2547 ***** 903"}, Reason.PHONE),
    ],
)
async def test_what_speaks_for_an_invoice_makes_it_a_candidate(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock, queue: int, said: dict[str, Any], reason: Reason
) -> None:
    nothing = {"account": "", "payer_name": "", "payer_phone": "", "amount": 3_00}
    money = provider_money(hospital, **{**nothing, **said})

    suggestions = look(database, clock, money)

    assert suggestions[0].invoice.id == queue
    assert reason in suggestions[0].reasons


def look(database: CentralDatabase, clock: StoppedClock, money: ProviderMoney) -> Any:
    found = database.read_now(lambda books: books.accounts.candidates(money, clock.now()))
    arrived = Arrived(
        amount=money.amount,
        account=money.account,
        payer_name=money.payer_name,
        payer_phone=money.payer_phone,
        paid_at=clock.now(),
    )
    return rank(arrived, found)


async def test_money_that_nothing_speaks_for_has_no_suggestion(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock, queue: int
) -> None:
    for phone in ("", "ab" * 32, "2547 ***** 000", "***", "*"):
        money = provider_money(hospital, 3_00, account="", payer_name="", payer_phone=phone)
        assert look(database, clock, money) == []


async def test_an_invoice_closed_long_ago_is_no_candidate_one_closed_today_is(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock, raw: RawSql
) -> None:
    hospital.change("invoice", hospital.invoice, status="paid", amount_paid=1_000_00)
    money = provider_money(hospital, 3_00, account="INV-20932", payer_name="", payer_phone="")
    ((changed,),) = await database.read(lambda books: [row[2:] for row in books.invoices.changes(_long_ago(clock), 9)])

    def found(after: timedelta) -> Any:
        return database.read_now(lambda books: books.accounts.candidates(money, changed + after))

    assert [invoice.id for invoice in found(timedelta(hours=1))] == [hospital.invoice]
    assert found(timedelta(days=4)) == []


def _long_ago(clock: StoppedClock) -> Any:
    return clock.now() - timedelta(days=3000)


async def test_the_counter_is_who_is_served_and_whose_phone_rings_or_rang(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    served, ringing, given_up = (hospital.add_invoice() for _ in range(3))
    claim = Serving(
        invoice_id=served, terminal="T01A", counter="1", cashier="x", until=clock.now() + timedelta(minutes=1)
    )
    await database.write(lambda books: books.invoices.serve(claim))
    hospital.intend(hospital.draft(invoice=ringing))
    record = hospital.intend(hospital.draft(invoice=given_up))
    fact = hospital.said(EvidenceKind.ABANDONED)
    hospital.save(replace(record, payment=record.payment.apply(fact)), fact)

    def at_counter() -> Any:
        return database.read_now(lambda books: books.accounts.at_counter(clock.now()))

    assert at_counter() == {served, ringing, given_up}
    clock.forward(minutes=20)
    assert at_counter() == {ringing}
    clock.forward(hours=2)
    assert at_counter() == frozenset()


@pytest.fixture
def crowd(url: str, clock: StoppedClock, database: CentralDatabase) -> CentralDatabase:
    demo(url, clock)
    many(url, 3_000, clock)
    return database


async def test_candidates_are_bounded_and_the_best_are_among_them(crowd: CentralDatabase, clock: StoppedClock) -> None:
    money = ProviderMoney(
        provider="mpesa",
        source=Source.C2B,
        receipt_no="X",
        amount=Money(100_00),
        observed_at=clock.now(),
        paid_at=clock.now(),
        account="BULK 501 234",
        payer_name="GRACE BRIAN LUCY",
        payer_phone="2547 ***** 126",
    )

    found = await crowd.read(lambda books: books.accounts.candidates(money, clock.now()))
    best = await crowd.read(lambda books: books.accounts.candidates(money, clock.now(), limit=1))

    assert 1 < len(found) <= 300
    assert [invoice.number for invoice in best] == ["BULK-501234"]
    suggestions: list[Suggestion] = look(crowd, clock, money)
    assert "BULK-501234" in {suggestion.invoice.number for suggestion in suggestions}
