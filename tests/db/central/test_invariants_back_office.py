"""Each promise about money that waits or goes back, broken on purpose, is found; books in order have no breach."""

from dataclasses import replace
from typing import Any

import pytest

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentRecord, TaskKind
from hmis_pos.cashier.records_back_office import UnmatchedMoney, UnmatchedPart
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.invariants import find_breaches
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.ledger import UNMATCHED, Transfer, paid_back_account
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundState, Route
from tests.db.central.conftest import RawSql, StoppedClock
from tests.db.central.test_back_office_stores import a_check
from tests.support.back_office import decided, given_back, placed, provider_money, waiting, wanted_refund
from tests.support.hospital import Hospital


@pytest.fixture
def held(hospital: Hospital) -> UnmatchedMoney:
    """100.00 of which 70.00 is placed."""
    return waiting(hospital, 100_00)


@pytest.fixture
def paid(hospital: Hospital, held: UnmatchedMoney) -> PaymentRecord:
    return placed(hospital, held, 70_00, hospital.invoice)


def promises(database: CentralDatabase) -> Any:
    return [breach.promise for breach in database.snapshot_now(find_breaches)]


def unguarded(raw: RawSql, table: str, *triggers: str) -> None:
    """Take guards away: somebody with the rights to do so was here."""
    for trigger in triggers:
        on = "" if raw.dialect == "sqlite" else f" ON {table}"
        raw(f"DROP TRIGGER IF EXISTS hmis_pos_{trigger}{on}")


def unplaced(raw: RawSql) -> None:
    names = ("unmatched_placed", "unmatched_placed_new", "unmatched_placed_moves")
    unguarded(raw, "unmatched_money", *names)


async def test_books_in_order_have_no_breach(
    hospital: Hospital, database: CentralDatabase, held: UnmatchedMoney, paid: PaymentRecord
) -> None:
    given_back(hospital, paid, wanted_refund(hospital, 20_00, payment_uid=paid.uid))
    asked = wanted_refund(hospital, 30_00, unmatched_id=held.id)
    part = UnmatchedPart(
        unmatched_id=held.id, amount=Money(30_00), by="x", at=hospital.clock.now(), refund_uid=asked.uid
    )

    def ask(books: Books) -> None:
        books.unmatched.place(part)
        books.refunds.add(asked)

    await database.write(ask)
    await database.write(lambda books: books.checks.add(a_check(hospital)))

    assert await database.snapshot(find_breaches) == []


async def test_a_whole_refund_of_unmatched_money_is_in_order(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    waits = waiting(hospital, 40_00)
    fact = hospital.said(EvidenceKind.PAID, receipt_no="OUT1")
    asked = wanted_refund(hospital, 40_00, unmatched_id=waits.id)

    def work(books: Books) -> None:
        now, subject = clock.now(), f"refund:{asked.uid}"
        books.refunds.add(asked)
        books.unmatched.place(
            UnmatchedPart(unmatched_id=waits.id, amount=Money(40_00), by="x", at=now, refund_uid=asked.uid)
        )
        books.trail.close_task(TaskKind.UNMATCHED, f"unmatched:{waits.id}")
        books.refunds.save(decided(hospital, asked))
        books.ledger.transfer(Transfer(UNMATCHED, paid_back_account("mpesa"), Money(40_00)), subject, now)
        done = replace(decided(hospital, asked, RefundState.COMPLETED), evidence=(fact,))
        books.refunds.save(done, fact)

    await database.write(work)

    assert await database.snapshot(find_breaches) == []


@pytest.mark.parametrize("again", [False, True])
async def test_a_payment_moved_back_among_the_unmatched_is_in_order(
    hospital: Hospital, database: CentralDatabase, held: UnmatchedMoney, paid: PaymentRecord, *, again: bool
) -> None:
    given_back(hospital, paid, wanted_refund(hospital, 70_00, payment_uid=paid.uid, route=Route.UNMATCHED))
    back = UnmatchedPart(
        unmatched_id=held.id, amount=Money(-70_00), by="x", at=hospital.clock.now(), payment_uid=paid.uid
    )
    await database.write(lambda books: books.unmatched.place(back))
    if again:
        placed(hospital, held, 100_00, hospital.add_invoice())

    assert await database.snapshot(find_breaches) == []


async def test_a_payment_matched_by_itself_and_moved_back_is_in_order(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    """Its receipt stays its own; the money waits as a new piece, and may be placed again."""
    own = hospital.prove(hospital.intend(hospital.draft(70_00)), receipt_no="RKT91XQ2LM")

    def settle(books: Books) -> None:
        books.ledger.allocate(own.uid, hospital.invoice, Money(70_00), clock.now())
        books.invoices.add_paid(hospital.invoice, Money(70_00))
        transfer = Transfer("received:mpesa", f"invoice:{hospital.invoice}", Money(70_00))
        books.ledger.transfer(transfer, f"payment:{own.uid}", clock.now())

    await database.write(settle)
    given_back(hospital, own, wanted_refund(hospital, 70_00, payment_uid=own.uid, route=Route.UNMATCHED))
    money = provider_money(hospital, 70_00, receipt_no="RKT91XQ2LM")
    piece = UnmatchedMoney(
        money=money,
        facility_id=hospital.facility,
        reason="moved back",
        owner="x",
        remaining=money.amount,
        at=clock.now(),
    )
    number = await database.write(lambda books: books.unmatched.hold(piece))
    assert await database.snapshot(find_breaches) == []

    other = placed(hospital, replace(piece, id=number), 70_00, hospital.add_invoice())

    assert await database.snapshot(find_breaches) == []
    use: Any = await database.read(lambda books: books.checks.use_of("mpesa", "RKT91XQ2LM"))
    assert (use.owner, use.payment_uid) == (f"payment:{own.uid}", other.uid)


# ---------------------------------------------------------------- P1


async def test_p1_placed_is_not_what_the_parts_say(
    hospital: Hospital, database: CentralDatabase, held: UnmatchedMoney, paid: PaymentRecord, raw: RawSql
) -> None:
    unplaced(raw)
    raw("UPDATE unmatched_money SET placed = 0")

    (breach,) = database.snapshot_now(find_breaches)

    assert (breach.promise, "its parts are 70.00" in breach.text) == ("P1", True)


async def test_p1_a_payment_counts_more_than_was_placed_in_it(
    hospital: Hospital, database: CentralDatabase, held: UnmatchedMoney, paid: PaymentRecord, clock: StoppedClock
) -> None:
    part = UnmatchedPart(unmatched_id=held.id, amount=Money(-5_00), by="x", at=clock.now(), payment_uid=paid.uid)
    await database.write(lambda books: books.unmatched.place(part))

    assert promises(database) == ["P4", "P4", "P1"]


async def test_p1_a_payment_counts_a_receipt_that_was_not_placed_in_it(
    hospital: Hospital, database: CentralDatabase, held: UnmatchedMoney, paid: PaymentRecord, raw: RawSql
) -> None:
    unplaced(raw)
    unguarded(raw, "unmatched_part", "unmatched_part_no_delete")
    raw("DELETE FROM unmatched_part")
    raw("UPDATE unmatched_money SET placed = 0")

    found = database.snapshot_now(find_breaches)

    assert {breach.promise for breach in found} == {"P1", "P4"}
    assert any(f"which unmatched:{held.id} owns" in breach.text for breach in found)


async def test_p1_a_refund_that_keeps_nothing_of_the_unmatched_money(
    hospital: Hospital, database: CentralDatabase, held: UnmatchedMoney
) -> None:
    asked = wanted_refund(hospital, 30_00, unmatched_id=held.id)
    await database.write(lambda books: books.refunds.add(asked))

    assert promises(database) == ["P1"]


async def test_p1_a_refund_completed_that_nobody_proved(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord, raw: RawSql
) -> None:
    given_back(hospital, paid, wanted_refund(hospital, 20_00, payment_uid=paid.uid))
    unguarded(raw, "refund_evidence", "refund_evidence_no_delete")
    raw("DELETE FROM refund_evidence")

    assert promises(database) == ["P1"]


async def test_p1_a_refund_that_is_proven_and_not_completed(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord
) -> None:
    fact = hospital.said(EvidenceKind.PAID, Source.CALLBACK, receipt_no="OUT1")
    asked = replace(wanted_refund(hospital, 20_00, payment_uid=paid.uid), evidence=(fact,))
    await database.write(lambda books: books.refunds.add(asked))

    assert promises(database) == ["P1"]


async def test_p1_money_that_left_the_ledger_for_a_refund_that_did_not_happen(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord, clock: StoppedClock
) -> None:
    asked = wanted_refund(hospital, 20_00, payment_uid=paid.uid)
    gone = Transfer(f"invoice:{hospital.invoice}", paid_back_account("mpesa"), Money(20_00))

    def ask(books: Books) -> None:
        books.refunds.add(asked)
        books.ledger.transfer(gone, f"refund:{asked.uid}", clock.now())

    await database.write(ask)

    assert promises(database) == ["P4", "P4", "P1"]


async def test_p1_a_payment_whose_state_does_not_tell_of_its_refunds(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord, raw: RawSql
) -> None:
    given_back(hospital, paid, wanted_refund(hospital, 20_00, payment_uid=paid.uid))
    raw("UPDATE payment_transaction SET status = 'refunded'")

    (breach,) = database.snapshot_now(find_breaches)

    assert (breach.promise, breach.text) == ("P1", f"payment {paid.uid} is refunded, 20.00 of it went back")


async def test_p1_a_refund_that_stayed_on_the_invoice(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord, raw: RawSql
) -> None:
    given_back(hospital, paid, wanted_refund(hospital, 20_00, payment_uid=paid.uid))
    unguarded(raw, "allocation", "allocation_no_delete")
    raw("DELETE FROM allocation WHERE amount < 0")

    assert set(promises(database)) == {"P1", "P4"}


# ---------------------------------------------------------------- P6


async def test_p6_a_refund_under_way_that_nobody_looks_for(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord, clock: StoppedClock, raw: RawSql
) -> None:
    asked = wanted_refund(hospital, 20_00, payment_uid=paid.uid)
    await database.write(lambda books: books.refunds.add(asked))
    await database.write(lambda books: books.refunds.save(decided(hospital, asked)))
    assert promises(database) == []  # it is sent when its turn comes
    sent = replace(decided(hospital, asked), asked_at=clock.now())
    await database.write(lambda books: books.refunds.save(sent))
    assert promises(database) == ["P6"]
    pending = replace(sent, state=RefundState.PENDING)
    await database.write(lambda books: books.refunds.save(pending))
    assert promises(database) == ["P6"]

    await database.write(lambda books: books.refunds.save(replace(pending, next_check_at=clock.now())))

    assert promises(database) == []


async def test_p6_a_receipt_that_waits_for_its_proof_and_nobody_looks_for(
    hospital: Hospital, database: CentralDatabase
) -> None:
    await database.write(lambda books: books.checks.add(a_check(hospital, next_check_at=None)))

    assert promises(database) == ["P6"]


async def test_p6_unmatched_money_nobody_was_told_of_until_somebody_takes_it_on(
    hospital: Hospital, database: CentralDatabase
) -> None:
    quiet = waiting(hospital, task=False)
    assert promises(database) == ["P6"]

    await database.write(lambda books: books.unmatched.take_on(quiet.id, "supervisor"))

    assert promises(database) == []
