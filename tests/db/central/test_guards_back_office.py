"""What the database refuses to raw SQL about unmatched money, refunds, checks and commands."""

import itertools
import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentRecord
from hmis_pos.cashier.records_back_office import GatewayRequest, RefundRecord, RequestKind, UnmatchedMoney
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import REFUND_TRANSITIONS, RefundState, Route
from tests.db.central.conftest import RawSql, StoppedClock
from tests.db.central.test_back_office_stores import a_check
from tests.support.back_office import decided, placed, statement_file, waiting, wanted_refund
from tests.support.hospital import Hospital


@pytest.fixture
def held(hospital: Hospital) -> UnmatchedMoney:
    return waiting(hospital, 100_00)


@pytest.fixture
def paid(hospital: Hospital, held: UnmatchedMoney) -> PaymentRecord:
    return placed(hospital, held, 70_00, hospital.invoice)


@pytest.fixture
def refund(hospital: Hospital, paid: PaymentRecord) -> RefundRecord:
    wanted = wanted_refund(hospital, 50_00, payment_uid=paid.uid, phone="254712345418")
    return hospital.database.write_now(lambda books: books.refunds.add(wanted))


def stored(raw: RawSql, shillings: int) -> int:
    return shillings * 100 if raw.dialect == "sqlite" else shillings


def put_refund(raw: RawSql, shillings: int = 1, **said: Any) -> None:
    values: dict[str, Any] = {
        "uid": "0192ffff-0000-7000-8000-000000000001",
        "facility_id": 1,
        "provider": "mpesa",
        "amount": stored(raw, shillings),
        "route": "payout",
        "requested_by": "cashier",
        "requested_at": 1 if raw.dialect == "sqlite" else "2026-11-23",
        "state": "requested",
        **said,
    }
    raw(f"INSERT INTO refund ({', '.join(values)}) VALUES ({', '.join(repr(value) for value in values.values())})")


# ---------------------------------------------------------------- unmatched money


@pytest.mark.parametrize("shillings", [31, -71])
def test_parts_stay_within_what_came(raw: RawSql, held: UnmatchedMoney, paid: PaymentRecord, shillings: int) -> None:
    moment = "1" if raw.dialect == "sqlite" else "now()"

    def put(shillings: int) -> None:
        raw(
            "INSERT INTO unmatched_part (unmatched_id, amount, payment_uid, at)"
            f" VALUES ({held.id}, {stored(raw, shillings)}, '{paid.uid}', {moment})"
        )

    with pytest.raises(IntegrityError, match="placed_within"):
        put(shillings)
    put(30)
    put(-100)
    with pytest.raises(IntegrityError):
        put(0)


def test_what_is_placed_is_the_sum_of_the_parts(raw: RawSql, held: UnmatchedMoney, paid: PaymentRecord) -> None:
    with pytest.raises(IntegrityError, match="sum of its parts"):
        raw("UPDATE unmatched_money SET placed = 0")
    with pytest.raises(IntegrityError, match="sum of its parts"):
        raw(
            "INSERT INTO unmatched_money (provider, amount, at, placed)"
            " SELECT provider, amount, at, amount FROM unmatched_money"
        )


def test_a_part_goes_to_a_payment_or_a_refund(raw: RawSql, held: UnmatchedMoney) -> None:
    moment = "1" if raw.dialect == "sqlite" else "now()"

    with pytest.raises(IntegrityError, match="goes_somewhere"):
        raw(f"INSERT INTO unmatched_part (unmatched_id, amount, at) VALUES ({held.id}, 1, {moment})")
    with pytest.raises(IntegrityError):
        raw(
            "INSERT INTO unmatched_part (unmatched_id, amount, refund_uid, at)"
            f" VALUES ({held.id}, 1, '0192ffff-0000-7000-8000-000000000009', {moment})"
        )


# ---------------------------------------------------------------- refunds


def test_reserving_refunds_never_exceed_what_was_received(
    raw: RawSql, refund: RefundRecord, paid: PaymentRecord, held: UnmatchedMoney
) -> None:
    for shillings, origin in ((21, {"payment_uid": str(paid.uid)}), (101, {"unmatched_id": held.id})):
        with pytest.raises(IntegrityError, match="on its way back than came"):
            put_refund(raw, shillings, **origin)
    put_refund(raw, 21, payment_uid=str(paid.uid), state="rejected", decided_by="supervisor")
    put_refund(raw, 20, payment_uid=str(paid.uid), uid="0192ffff-0000-7000-8000-000000000002")


def test_a_refund_that_failed_is_not_lifted_above_what_was_received(
    raw: RawSql, refund: RefundRecord, paid: PaymentRecord
) -> None:
    raw("UPDATE refund SET state = 'approved', decided_by = 'supervisor'")
    raw("UPDATE refund SET state = 'failed'")
    put_refund(raw, 21, payment_uid=str(paid.uid))

    with pytest.raises(IntegrityError, match="on its way back than came"):
        raw(f"UPDATE refund SET state = 'unknown' WHERE id = {refund.id}")


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_two_refunds_at_once_do_not_both_find_the_money(hospital: Hospital, paid: PaymentRecord, url: str) -> None:
    """Past our own lock too: the trigger waits for the other transaction before it sums."""
    first, second = RawSql(url), RawSql(url)
    refused: list[str] = []
    began = threading.Event()

    def late() -> None:
        began.set()
        try:
            put_refund(second, 40, payment_uid=str(paid.uid), uid="0192ffff-0000-7000-8000-000000000002")
        except IntegrityError as e:
            refused.append(str(e.orig))

    thread = threading.Thread(target=late)
    with first.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO refund (uid, facility_id, provider, amount, route, payment_uid, requested_by, requested_at, state)"
            f" VALUES ('0192ffff-0000-7000-8000-000000000001', 1, 'mpesa', 40, 'payout', '{paid.uid}', 'c', now(), 'requested')"
        )
        thread.start()
        assert began.wait(10)
        waited = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while not connection.exec_driver_sql(waited).scalar_one():
            assert thread.is_alive()
            # A transaction sees one state of the statistics, unless told to look again.
            connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
    thread.join(10)

    assert len(refused) == 1
    assert "on its way back than came" in refused[0]
    for raw in (first, second):
        raw.engines.dispose()


def test_the_state_of_a_refund_follows_the_table_of_the_domain(raw: RawSql, refund: RefundRecord) -> None:
    for number, (old, new) in enumerate(itertools.permutations(RefundState, 2)):
        with raw.transaction() as connection:
            connection.exec_driver_sql("SAVEPOINT before")
            uid = f"0192eeee-0000-7000-8000-{number:012}"
            connection.exec_driver_sql(
                "INSERT INTO refund (uid, facility_id, provider, amount, route, payment_uid, requested_by, requested_at,"
                f" state, decided_by) SELECT '{uid}', facility_id, provider, {stored(raw, 1)}, route, payment_uid,"
                f" requested_by, requested_at, '{old}', 'supervisor' FROM refund"
            )
            refused = False
            try:
                connection.exec_driver_sql("SAVEPOINT move")
                connection.exec_driver_sql(f"UPDATE refund SET state = '{new}' WHERE uid = '{uid}'")
            except IntegrityError:
                refused = True
                connection.exec_driver_sql("ROLLBACK TO SAVEPOINT move")
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before")
        assert refused == (new not in REFUND_TRANSITIONS[old]), f"{old} -> {new}"


def test_a_second_person_decides(raw: RawSql, refund: RefundRecord, paid: PaymentRecord) -> None:
    with pytest.raises(IntegrityError, match="second_person"):
        raw("UPDATE refund SET state = 'approved', decided_by = requested_by")
    with pytest.raises(IntegrityError, match="somebody_decided"):
        raw("UPDATE refund SET state = 'approved'")
    raw("UPDATE refund SET state = 'approved', decided_by = 'supervisor'")
    with pytest.raises(IntegrityError, match="decided once"):
        raw("UPDATE refund SET decided_by = 'admin'")
    # No money of ours is sent: the provider did it, or it never leaves.
    for number, route in enumerate(("provider", "unmatched"), 2):
        put_refund(
            raw,
            payment_uid=str(paid.uid),
            route=route,
            decided_by="cashier",
            uid=f"0192ffff-0000-7000-8000-{number:012}",
        )


def test_a_refund_has_one_origin(raw: RawSql, refund: RefundRecord, paid: PaymentRecord, held: UnmatchedMoney) -> None:
    for origin in ({}, {"payment_uid": str(paid.uid), "unmatched_id": held.id}):
        with pytest.raises(IntegrityError, match="one_origin"):
            put_refund(raw, 1, **origin)


def test_completed_refunds_and_postings_stay_within_what_was_received(
    hospital: Hospital, database: CentralDatabase, refund: RefundRecord, raw: RawSql
) -> None:
    """On PostgreSQL by a trigger at the commit; on SQLite our own code looks before it commits."""
    raw("UPDATE refund SET state = 'approved', decided_by = 'supervisor'")
    if raw.dialect == "postgresql":
        with pytest.raises(IntegrityError, match="or refunded, than the payment received"):
            raw("UPDATE refund SET state = 'completed'")
    fact = hospital.said(EvidenceKind.PAID, Source.CALLBACK)
    done = replace(decided(hospital, refund, RefundState.COMPLETED), evidence=(fact,))
    with pytest.raises(PromiseBroken, match="or refunded, than"):
        database.write_now(lambda books: books.refunds.save(done, fact))


# ---------------------------------------------------------------- what never changes


@pytest.mark.parametrize(
    ("table", "assignment"),
    [
        ("refund", "amount = amount - 1"),
        ("refund", "payment_uid = NULL"),
        ("refund", "route = 'reversal'"),
        ("refund", "phone = '254700000000'"),
        ("refund", "requested_by = 'x'"),
        ("unmatched_money", "amount = amount + 1"),
        ("unmatched_money", "facility_id = 2"),
        ("unmatched_money", "payer_phone = 'x'"),
        ("gateway_request", "token = 'x'"),
        ("gateway_request", "subject = 'x'"),
        ("receipt_check", "receipt_no = 'x'"),
        ("receipt_check", "asked_by = 'x'"),
        ("statement_file", "file_hash = 'x'"),
    ],
)
def test_what_identifies_a_row_never_changes(
    raw: RawSql, hospital: Hospital, refund: RefundRecord, table: str, assignment: str
) -> None:
    put_rest(hospital)

    with pytest.raises(IntegrityError, match="never change"):
        raw(f"UPDATE {table} SET {assignment}")
    with pytest.raises(IntegrityError, match="DELETE is refused"):
        raw(f"DELETE FROM {table}")


def put_rest(hospital: Hospital) -> GatewayRequest:
    request = GatewayRequest(
        uid=hospital.uid(),
        provider="mpesa",
        kind=RequestKind.STATUS,
        subject="refund:1",
        token="ab",
        asked_at=hospital.clock.now(),
    )

    def store(books: Books) -> None:
        books.requests.add(request)
        books.checks.add(a_check(hospital))
        books.statements.add(statement_file(hospital))

    hospital.database.write_now(store)
    return request


def test_a_command_keeps_its_first_answer_and_a_proof_stays(
    raw: RawSql, hospital: Hospital, paid: PaymentRecord, clock: StoppedClock
) -> None:
    request = put_rest(hospital)
    hospital.database.write_now(lambda books: books.requests.answered(request.uid, "done", clock.now()))
    raw(f"UPDATE receipt_check SET state = 'proven', payment_uid = '{paid.uid}'")

    with pytest.raises(IntegrityError, match="first answer"):
        raw("UPDATE gateway_request SET outcome = 'other'")
    with pytest.raises(IntegrityError, match="stays proven"):
        raw("UPDATE receipt_check SET state = 'waiting'")
    with pytest.raises(IntegrityError, match="stays proven"):
        raw("UPDATE receipt_check SET payment_uid = NULL")


def test_a_refund_of_unmatched_money_is_held_against_what_came(
    hospital: Hospital, database: CentralDatabase, held: UnmatchedMoney
) -> None:
    refund = wanted_refund(hospital, 100_00, unmatched_id=held.id, route=Route.PAYOUT)
    assert database.write_now(lambda books: books.refunds.add(refund)).amount == Money(100_00)
    assert [r.uid for r in database.read_now(lambda books: books.refunds.of_unmatched(held.id))] == [refund.uid]
