"""Each promise, broken on purpose, is found and named; books that are in order have no breach."""

from dataclasses import replace
from typing import Any

import pytest

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentRecord, Task, TaskKind
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.invariants import find_breaches
from hmis_pos.domain.errors import Conflict
from hmis_pos.domain.ledger import Transfer, deposit_account, invoice_account
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from tests.db.central.conftest import RawSql, StoppedClock
from tests.db.central.test_stores import receipt_for
from tests.support.hospital import Hospital


@pytest.fixture
def settled(hospital: Hospital, database: CentralDatabase, clock: StoppedClock) -> Any:
    """500.00 by M-Pesa: 400.00 to the invoice, 100.00 deposited, everything as it should be."""
    record = hospital.prove(hospital.intend(), receipt_no="RKT91XQ2LM")

    def work(books: Books) -> Any:
        now, subject = clock.now(), f"payment:{record.uid}"
        books.ledger.allocate(record.uid, hospital.invoice, Money(400_00), now)
        books.invoices.add_paid(hospital.invoice, Money(400_00))
        books.ledger.deposit(record.uid, hospital.patient, Money(100_00), "over", now)
        books.ledger.transfer(
            Transfer("received:mpesa", invoice_account(hospital.invoice), Money(400_00)), subject, now
        )
        books.ledger.transfer(
            Transfer("received:mpesa", deposit_account(hospital.patient), Money(100_00)), subject, now
        )
        books.trail.open_task(Task(kind=TaskKind.OVERPAID, subject=subject, text="tell"), hospital.facility)

    database.write_now(work)
    return record


def promises(database: CentralDatabase) -> Any:
    return [breach.promise for breach in database.snapshot_now(find_breaches)]


async def test_books_in_order_have_no_breach(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord
) -> None:
    hospital.intend(hospital.draft(invoice=hospital.add_invoice()))
    database.write_now(lambda books: books.receipts.add(receipt_for(hospital, settled, 1)))

    assert await database.snapshot(find_breaches) == []


async def test_p1_money_that_no_evidence_proves(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord, raw: RawSql
) -> None:
    other = hospital.intend(hospital.draft(invoice=hospital.add_invoice()))
    raw(f"UPDATE payment_transaction SET status = 'completed' WHERE id = {other.id}")

    (breach,) = database.snapshot_now(find_breaches)

    assert (breach.promise, breach.text) == ("P1", f"payment {other.uid} is completed, its evidence says created")


async def test_p1_money_received_and_not_posted(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord
) -> None:
    hospital.prove(hospital.intend(hospital.draft(invoice=hospital.add_invoice())))

    assert set(promises(database)) == {"P1", "P4"}


async def test_p1_the_hmis_was_told_another_amount(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord
) -> None:
    hospital.change("invoice", hospital.invoice, amount_paid=400_01)

    assert promises(database) == ["P1"]


async def test_p1_a_receipt_number_with_another_owner(
    hospital: Hospital, database: CentralDatabase, raw: RawSql, settled: PaymentRecord
) -> None:
    drop = "DROP TRIGGER hmis_pos_provider_receipt_no_update"
    raw(drop if raw.dialect == "sqlite" else f"{drop} ON provider_receipt")
    raw("UPDATE provider_receipt SET owner = 'unmatched:1'")

    assert promises(database) == ["P1"]


async def test_p1_a_receipt_for_a_payment_that_did_not_come(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord
) -> None:
    waiting = hospital.intend(hospital.draft(invoice=hospital.add_invoice()))
    database.write_now(lambda books: books.receipts.add(receipt_for(hospital, waiting, 1)))

    assert promises(database) == ["P1"]


async def test_p2_an_invoice_above_what_it_asks_for_until_somebody_is_told(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord
) -> None:
    hospital.change("invoice", hospital.invoice, total=399_99)
    # The task about the deposit of the payment speaks of it already; an invoice without one is a breach.
    assert promises(database) == []
    other = hospital.add_invoice(total=500_00)
    cash = hospital.prove(hospital.intend(hospital.draft(method=Method.CASH, invoice=other)))

    def work(books: Books) -> Any:
        books.ledger.allocate(cash.uid, other, Money(500_00), hospital.clock.now())
        books.invoices.add_paid(other, Money(500_00))
        books.ledger.transfer(
            Transfer("received:cash", invoice_account(other), Money(500_00)),
            f"payment:{cash.uid}",
            hospital.clock.now(),
        )

    database.write_now(work)
    assert promises(database) == []
    hospital.change("invoice", other, waiver=1_00)
    assert promises(database) == ["P2"]
    told = Task(kind=TaskKind.OVERPAID, subject=f"invoice:{other}", text="the waiver came late")
    database.write_now(lambda books: books.trail.open_task(told, hospital.facility))
    assert promises(database) == []


async def test_p2_a_deposit_nobody_was_told_of(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord, raw: RawSql
) -> None:
    raw("UPDATE task SET subject = 'payment:other'")

    assert promises(database) == ["P2"]


async def test_p3_a_hole_in_a_series_until_there_is_an_alarm(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord, raw: RawSql
) -> None:
    database.write_now(lambda books: books.receipts.add(receipt_for(hospital, settled, 3)))
    assert promises(database) == ["P3"]

    gap = Task(kind=TaskKind.RECEIPT_GAP, subject="series:T03A:1", text="1 to 2 are missing")
    database.write_now(lambda books: books.trail.open_task(gap, hospital.facility))
    assert promises(database) == []

    raw("UPDATE receipt_series SET highest = 2")
    assert promises(database) == ["P3"]


async def test_p4_a_transfer_that_nothing_stands_beside(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord, clock: StoppedClock
) -> None:
    database.write_now(
        lambda books: books.ledger.transfer(Transfer("received:cash", "unmatched", Money(1_00)), "x", clock.now())
    )

    breaches = database.snapshot_now(find_breaches)

    assert [breach.promise for breach in breaches] == ["P4", "P4"]
    assert "received:cash stands at 1.00" in breaches[0].text


async def test_p5_a_payment_that_the_audit_trail_does_not_know(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord
) -> None:
    quiet = hospital.draft(invoice=hospital.add_invoice())
    database.write_now(lambda books: books.payments.add(quiet))

    assert promises(database) == ["P5"]


async def test_p6_an_open_attempt_nobody_looks_for(
    hospital: Hospital, database: CentralDatabase, settled: PaymentRecord
) -> None:
    forgotten = replace(hospital.draft(invoice=hospital.add_invoice()), next_check_at=None)
    hospital.intend(forgotten)

    assert promises(database) == ["P6"]


async def test_a_refusal_is_no_breach(hospital: Hospital, database: CentralDatabase, settled: PaymentRecord) -> None:
    with pytest.raises(Conflict):
        hospital.intend(settled)

    assert promises(database) == []
