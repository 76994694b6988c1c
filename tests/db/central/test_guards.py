"""What the database refuses to raw SQL, past all our code."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentRecord
from hmis_pos.cashier.records_back_office import BadLine, LineClass, ReconciliationItem, UnmatchedPart
from hmis_pos.db.central.guards import APPEND_ONLY
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.ledger import Transfer
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import TRANSITIONS, Method, PaymentState
from tests.db.central.conftest import RawSql, StoppedClock
from tests.support.back_office import statement_file, statement_line, waiting, wanted_refund
from tests.support.hospital import Hospital, at


@pytest.fixture
def paid(hospital: Hospital) -> Any:
    """A payment of 500.00, proven, 400.00 allocated and 100.00 deposited, with rows in every append-only table."""
    record = hospital.prove(hospital.intend(), receipt_no="RKT91XQ2LM")

    def work(books: Books) -> Any:
        now = at(hospital)
        books.ledger.allocate(record.uid, hospital.invoice, Money(400_00), now)
        books.ledger.deposit(record.uid, hospital.patient, Money(100_00), "more than was owed", now)
        books.ledger.transfer(Transfer("received:mpesa", f"invoice:{hospital.invoice}", Money(400_00)), "x", now)
        books.trail.emit("payment.changed", 1, {"payment_uid": record.uid})

    hospital.database.write_now(work)
    put_back_office(hospital)
    return record


def put_back_office(hospital: Hospital) -> Any:
    """A row in each append-only table of money that waits or goes back."""
    held = waiting(hospital)
    refund = wanted_refund(hospital, 70_00, unmatched_id=held.id, evidence=(hospital.said(EvidenceKind.ACCEPTED),))

    def work(books: Books) -> Any:
        now = at(hospital)
        books.refunds.add(refund)
        books.unmatched.place(
            UnmatchedPart(unmatched_id=held.id, amount=Money(70_00), by="x", at=now, refund_uid=refund.uid)
        )
        file = books.statements.add(statement_file(hospital))
        line = statement_line(hospital, 8, "RKT91XQ2LM")
        books.statements.add_lines(file.id, [line], [BadLine(row=9, text="no amount", cells="x")])
        books.statements.add_items(
            [ReconciliationItem(file_id=file.id, line_class=LineClass.MATCHED, receipt_no="RKT91XQ2LM", row=8)]
        )

    hospital.database.write_now(work)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_tables_refuse_update_and_delete(raw: RawSql, paid: PaymentRecord, table: str) -> None:
    if table == "receipt":
        put_receipt(raw, paid)
    (before,) = raw(f"SELECT count(*) FROM {table}")
    assert before[0] > 0
    column = {
        "receipt": "cashier",
        "audit_log": "actor",
        "event": "data",
        "provider_receipt": "owner",
        "statement_bad_line": "text",
    }.get(table, "currency")

    with pytest.raises(IntegrityError, match="append-only: UPDATE is refused"):
        raw(f"UPDATE {table} SET {column} = {column}")
    with pytest.raises(IntegrityError, match="append-only: DELETE is refused"):
        raw(f"DELETE FROM {table}")
    if raw.dialect == "postgresql":
        with pytest.raises(IntegrityError, match="TRUNCATE is refused"):
            raw(f"TRUNCATE {table} CASCADE")
    else:
        with pytest.raises(IntegrityError, match="refused"):
            raw(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")

    assert raw(f"SELECT count(*) FROM {table}") == [before]


def put_receipt(raw: RawSql, record: PaymentRecord, number: int = 1, series: str = "T03A") -> Any:
    amount = "50000" if raw.dialect == "sqlite" else "500"
    moment = "1" if raw.dialect == "sqlite" else "now()"
    raw(
        "INSERT INTO receipt (uid, series, number, payment_uid, payment_method, tendered, applied, issued_at, invoice_id,"
        f" invoice_seen, content_hash, received_at, outcome) VALUES ('0192aaaa-0000-7000-8000-{number:012}', '{series}',"
        f" {number}, '{record.uid}', 'mpesa', {amount}, {amount}, {moment}, {record.payment.invoice_id}, '{{}}', 'h',"
        f" {moment}, 'issued')"
    )


@pytest.mark.parametrize(
    ("table", "assignment"),
    [
        ("payment_transaction", "amount = amount + 1"),
        ("payment_transaction", "invoice_id = invoice_id + 1"),
        ("payment_transaction", "patient_id = patient_id + 1"),
        ("payment_transaction", "payment_method = 'cash'"),
        ("payment_transaction", "uid = '0192aaaa-0000-7000-8000-000000000001'"),
        ("payment_transaction", "currency = 'USD'"),
        ("payment_transaction", "idempotency_key = 'another'"),
        ("callback_inbox", "body = 'x'"),
        ("callback_inbox", "source_ip = '10.0.0.1'"),
        ("callback_inbox", "token = 'x'"),
    ],
)
def test_what_identifies_a_row_never_changes(raw: RawSql, paid: PaymentRecord, table: str, assignment: str) -> None:
    put_callback(raw)

    with pytest.raises(IntegrityError, match="never change"):
        raw(f"UPDATE {table} SET {assignment}")


@pytest.mark.parametrize("table", ["payment_transaction", "callback_inbox"])
def test_payments_and_callbacks_are_never_deleted(raw: RawSql, paid: PaymentRecord, table: str) -> None:
    put_callback(raw)

    with pytest.raises(IntegrityError, match="DELETE is refused"):
        raw(f"DELETE FROM {table}")


def put_callback(raw: RawSql) -> Any:
    moment = "1" if raw.dialect == "sqlite" else "now()"
    raw(f"INSERT INTO callback_inbox (provider, channel, body, received_at) VALUES ('mpesa', 'stk', '{{}}', {moment})")


def test_a_callback_is_dealt_with_once(raw: RawSql, hospital: Hospital) -> None:
    put_callback(raw)
    moment = "1" if raw.dialect == "sqlite" else "now()"
    raw(f"UPDATE callback_inbox SET outcome = 'payment:1', done_at = {moment}")

    with pytest.raises(IntegrityError, match="dealt with once"):
        raw("UPDATE callback_inbox SET outcome = 'payment:2'")


def test_the_status_follows_the_table_of_the_domain(raw: RawSql, hospital: Hospital) -> None:
    """Every pair of states, tried on a row that is there."""
    moves = [(old, new) for old, new in itertools.product(PaymentState, PaymentState) if old is not new]
    records = {
        state: hospital.intend(hospital.draft(method=Method.CASH, invoice=hospital.add_invoice()))
        for state in PaymentState
    }
    for old, new in moves:
        number = records[old].id
        with raw.transaction() as connection:
            # Past the trigger: a fresh row may begin in any state, an old one may not change to any.
            connection.exec_driver_sql("SAVEPOINT before")
            copied = copy_with_status(connection, number, old)
            refused = False
            try:
                connection.exec_driver_sql("SAVEPOINT move")
                connection.exec_driver_sql(f"UPDATE payment_transaction SET status = '{new}' WHERE id = {copied}")
            except IntegrityError:
                refused = True
                connection.exec_driver_sql("ROLLBACK TO SAVEPOINT move")
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before")
        assert refused == (new not in TRANSITIONS[old]), f"{old} -> {new}"


def copy_with_status(connection: Connection, number: int, state: str) -> Any:
    uid = "'0192bbbb-0000-7000-8000-000000000001'"
    columns = "facility_id, invoice_id, patient_id, amount, payment_method, created_at, asked_at"
    connection.exec_driver_sql(
        f"INSERT INTO payment_transaction (uid, status, {columns})"
        f" SELECT {uid}, '{state}', {columns} FROM payment_transaction WHERE id = {number}"
    )
    return connection.exec_driver_sql(f"SELECT id FROM payment_transaction WHERE uid = {uid}").scalar_one()


def test_an_unknown_status_or_method_is_refused(raw: RawSql, paid: PaymentRecord) -> None:
    with pytest.raises(IntegrityError):
        raw("UPDATE payment_transaction SET status = 'paid'")
    with pytest.raises(IntegrityError), raw.transaction() as connection:
        copy_with_status(connection, paid.id, "settled")


# ---------------------------------------------------------------- sums


def put_posting(raw: RawSql, table: str, record: PaymentRecord, amount: int, invoice: int = 1) -> Any:
    """``amount`` in shillings."""
    stored = amount * 100 if raw.dialect == "sqlite" else amount
    target, number = ("invoice_id", invoice) if table == "allocation" else ("patient_id", record.payment.patient_id)
    moment = "1" if raw.dialect == "sqlite" else "now()"
    raw(
        f"INSERT INTO {table} (payment_uid, {target}, amount, at) VALUES ('{record.uid}', {number}, {stored}, {moment})"
    )


@pytest.mark.parametrize("table", ["allocation", "deposit"])
def test_no_more_is_posted_than_was_received(raw: RawSql, paid: PaymentRecord, table: str) -> None:
    with pytest.raises(
        IntegrityError, match="more would be allocated and deposited, or refunded, than the payment received"
    ):
        put_posting(raw, table, paid, 1)


def test_nothing_is_posted_for_a_payment_that_received_nothing(raw: RawSql, hospital: Hospital) -> None:
    waiting = hospital.intend()

    with pytest.raises(IntegrityError, match="more would be allocated"):
        put_posting(raw, "allocation", waiting, 1, hospital.invoice)


@pytest.mark.parametrize(("table", "posted"), [("allocation", 400), ("deposit", 100)])
def test_sums_never_go_below_zero(raw: RawSql, paid: PaymentRecord, table: str, posted: int) -> None:
    put_posting(raw, table, paid, -posted)

    with pytest.raises(IntegrityError, match="below zero"):
        put_posting(raw, table, paid, -1)


def test_an_invoice_gives_back_no_more_than_it_got(raw: RawSql, hospital: Hospital, paid: PaymentRecord) -> None:
    other = hospital.add_invoice()

    with pytest.raises(IntegrityError, match="below zero"):
        put_posting(raw, "allocation", paid, -1, other)


def test_a_posting_of_zero_is_refused(raw: RawSql, paid: PaymentRecord) -> None:
    with pytest.raises(IntegrityError):
        put_posting(raw, "deposit", paid, 0)


def test_what_is_received_does_not_sink_below_what_is_posted(
    raw: RawSql, paid: PaymentRecord, hospital: Hospital
) -> None:
    """On PostgreSQL by a trigger at the commit; on SQLite our own code looks before it commits."""
    if raw.dialect == "postgresql":
        with pytest.raises(IntegrityError, match="more would be allocated"):
            raw("UPDATE payment_transaction SET amount_received = 499.99")
    fewer = replace(paid, received=Money(499_99))
    with pytest.raises(PromiseBroken, match="more allocated and deposited"):
        hospital.database.write_now(lambda books: books.payments.save(fewer))


# ---------------------------------------------------------------- one of each


def test_one_receipt_for_one_payment_and_one_number(raw: RawSql, hospital: Hospital, paid: PaymentRecord) -> None:
    put_receipt(raw, paid, 1)
    other = hospital.intend(hospital.draft(method=Method.CASH))

    with pytest.raises(IntegrityError):
        put_receipt(raw, paid, 2)
    with pytest.raises(IntegrityError):
        put_receipt(raw, other, 1)


def test_a_provider_receipt_has_one_owner(raw: RawSql, paid: PaymentRecord) -> None:
    with pytest.raises(IntegrityError):
        raw("INSERT INTO provider_receipt (provider, receipt_no, owner) VALUES ('mpesa', 'RKT91XQ2LM', 'payment:x')")
    with pytest.raises(IntegrityError):
        raw("INSERT INTO provider_receipt (provider, receipt_no, owner) VALUES ('mpesa', '', 'payment:x')")


@pytest.mark.parametrize("column", ["account_reference", "callback_token", "provider_request", "idempotency_key"])
def test_references_of_a_payment_are_its_own_where_they_are_given(raw: RawSql, hospital: Hospital, column: str) -> None:
    first, second, third = (hospital.intend(hospital.draft(method=Method.CASH)) for _ in range(3))
    columns = "facility_id, invoice_id, patient_id, amount, payment_method, created_at, asked_at"

    def put(uid: str, value: str) -> Any:
        raw(
            f"INSERT INTO payment_transaction (uid, {column}, {columns}) SELECT '{uid}', '{value}', {columns}"
            f" FROM payment_transaction WHERE id = {first.id}"
        )

    put("0192cccc-0000-7000-8000-000000000001", "A1")
    put("0192cccc-0000-7000-8000-000000000002", "")
    with pytest.raises(IntegrityError):
        put("0192cccc-0000-7000-8000-000000000003", "A1")
    assert second.id != third.id


def test_one_open_electronic_attempt_for_an_invoice(raw: RawSql, hospital: Hospital) -> None:
    hospital.intend()
    columns = "facility_id, invoice_id, patient_id, amount, payment_method, created_at, asked_at"

    for status in ("created", "pending", "unknown"):
        with pytest.raises(IntegrityError):
            raw(
                f"INSERT INTO payment_transaction (uid, status, {columns})"
                f" SELECT '0192dddd-0000-7000-8000-000000000001', '{status}', {columns} FROM payment_transaction"
            )
    raw(
        f"INSERT INTO payment_transaction (uid, status, {columns})"
        f" SELECT '0192dddd-0000-7000-8000-000000000002', 'failed', {columns} FROM payment_transaction"
    )


def test_a_no_taken_back_is_stored_although_a_second_attempt_is_open(hospital: Hospital, clock: StoppedClock) -> None:
    first = hospital.intend()

    def say(record: PaymentRecord, kind: EvidenceKind, source: Source = Source.CALLBACK) -> Any:
        fact = hospital.said(kind, source)
        grown = replace(record, payment=record.payment.apply(fact))
        hospital.save(grown, fact)
        return grown

    failed = say(say(first, EvidenceKind.ACCEPTED), EvidenceKind.UNREACHED)
    assert failed.state is PaymentState.UNKNOWN
    declined = say(failed, EvidenceKind.DECLINED)
    assert declined.state is PaymentState.FAILED
    hospital.intend()
    clock.forward(minutes=2)

    say(declined, EvidenceKind.PROCESSING, Source.QUERY)

    stored: Any = hospital.database.read_now(lambda books: books.payments.get(first.uid))
    assert stored.state is PaymentState.UNKNOWN


def test_a_transfer_moves_something_between_two_accounts(raw: RawSql, paid: PaymentRecord) -> None:
    moment = "1" if raw.dialect == "sqlite" else "now()"

    for debit, credit, amount in (("a", "a", 1), ("a", "b", 0), ("a", "b", -1)):
        with pytest.raises(IntegrityError):
            raw(
                "INSERT INTO ledger_transfer (debit, credit, amount, subject, at)"
                f" VALUES ('{debit}', '{credit}', {amount}, 's', {moment})"
            )


def test_no_second_row_points_to_the_same_audit_row(raw: RawSql, paid: PaymentRecord) -> None:
    with pytest.raises(IntegrityError):
        raw(
            "INSERT INTO audit_log (seq, at, actor, action, subject, detail, previous, digest)"
            " SELECT 99, at, actor, action, subject, detail, previous, 'other' FROM audit_log WHERE seq = 1"
        )


def test_the_idempotency_key_is_one(raw: RawSql, hospital: Hospital) -> None:
    moment = "1" if raw.dialect == "sqlite" else "now()"
    put = f"INSERT INTO idempotency (key, request_hash, user_id, body, begun_at) VALUES ('k', 'h', 1, '', {moment})"
    raw(put)

    with pytest.raises(IntegrityError):
        raw(put)


def test_amounts_are_numeric_10_2_on_postgresql_and_whole_cents_on_sqlite(raw: RawSql, paid: PaymentRecord) -> None:
    if raw.dialect == "sqlite":
        assert raw("SELECT amount, typeof(amount) FROM payment_transaction") == [(50000, "integer")]
        return
    assert raw(
        "SELECT numeric_precision, numeric_scale FROM information_schema.columns"
        " WHERE table_name = 'payment_transaction' AND column_name = 'amount'"
    ) == [(10, 2)]
    with pytest.raises(DBAPIError, match="numeric field overflow"), raw.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO payment_transaction (uid, facility_id, invoice_id, patient_id, amount, payment_method,"
            " created_at, asked_at) SELECT '0192eeee-0000-7000-8000-000000000001', facility_id, invoice_id,"
            " patient_id, 100000000, payment_method, created_at, asked_at FROM payment_transaction"
        )
