"""The demo hospital of the pictures; and many invoices for measurements, still found at once."""

from typing import Any

import pytest
from argon2 import PasswordHasher

from hmis_pos.cashier.records import InvoiceFilter, PaymentFilter, TaskKind
from hmis_pos.cashier.records_back_office import UnmatchedFilter, UnmatchedMoney
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.invariants import find_breaches
from hmis_pos.db.central.seed import HOSPITAL, demo, many
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.matching import Arrived, rank
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method
from hmis_pos.domain.phone import normalise
from tests.db.central.conftest import RawSql, StoppedClock
from tests.support.hospital import Hospital


@pytest.fixture
def seeded(url: str, clock: StoppedClock, database: CentralDatabase) -> Any:
    assert demo(url, clock) is True
    return database


def queue(database: CentralDatabase, clock: StoppedClock, **wanted: Any) -> Any:
    return database.read_now(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=1, **wanted), clock.now())
    ).invoices


async def test_the_queue_is_that_of_the_pictures(seeded: CentralDatabase, clock: StoppedClock) -> None:
    found = queue(seeded, clock)

    assert len(found) == 30
    assert [(i.number, i.patient_name, i.payable.text) for i in found[:8]] == [
        ("INV-20931", "Wanjiku, Grace N.", "4850.00"),
        ("INV-20934", "Otieno, Brian", "1200.00"),
        ("INV-20902", "Hassan, Amina Y.", "12400.00"),
        ("INV-20940", "Kiprono, Daniel", "650.00"),
        ("INV-20929", "Muthoni, Faith W.", "3300.00"),
        ("INV-20943", "Barasa, Peter", "2075.50"),
        ("INV-20946", "Njeri, Lucy", "500.00"),
        ("INV-20947", "Chebet, Ruth", "7900.00"),
    ]
    grace, hassan = found[0], found[2]
    assert (clock.now() - grace.queued_at).total_seconds() == 18 * 60
    assert [line.amount.text for line in grace.lines] == ["500.00", "2850.00", "3200.00", "1300.00"]
    assert (grace.insurer, grace.insurance.text, grace.waiver.text) == ("SHA", "2500.00", "500.00")
    assert hassan.paid == Money(6_000_00)
    for invoice in found:
        assert sum(line.amount.minor for line in invoice.lines) == invoice.total.minor
        assert normalise(invoice.patient_phone) == invoice.patient_phone
    assert len({invoice.patient_phone for invoice in found}) == 30


async def test_earlier_payments_are_real_ones_and_every_promise_holds(seeded: CentralDatabase) -> None:
    paid = await seeded.read(lambda books: books.payments.page(PaymentFilter(facility_id=1)))

    assert [(p.record.payment.method, p.record.received, p.allocated) for p in paid] == [
        (Method.CASH, Money(6_000_00), Money(6_000_00)),
        (Method.MPESA, Money(1_200_00), Money(1_200_00)),
    ]
    assert paid[1].record.receipts == ("RKT91XQ2LM",)
    assert await seeded.snapshot(find_breaches) == []


async def test_money_of_four_kinds_waits_with_a_task_and_what_it_may_be_meant_for(
    seeded: CentralDatabase, clock: StoppedClock
) -> None:
    held = await seeded.read(lambda books: books.unmatched.page(UnmatchedFilter(facility_id=1)))
    tasks = await seeded.read(lambda books: books.trail.tasks(1, 50))

    assert [(m.money.account, m.remaining, bool(m.money.payer_phone)) for m in held] == [
        ("INV-20493", Money(2_076_00), True),
        ("", Money(500_00), True),
        ("Staff bills", Money(12_400_00), False),
        ("OP 11823", Money(650_00), True),
    ]
    assert {task.subject for task in tasks if task.kind is TaskKind.UNMATCHED} == {f"unmatched:{m.id}" for m in held}

    def best(money: UnmatchedMoney) -> str:
        said = money.money
        found = seeded.read_now(lambda books: books.accounts.candidates(said, clock.now()))
        arrived = Arrived(
            amount=said.amount,
            account=said.account,
            payer_name=said.payer_name,
            payer_phone=said.payer_phone,
            paid_at=said.paid_at or money.at,
        )
        return rank(arrived, found)[0].invoice.number

    assert [best(money) for money in held] == ["INV-20943", "INV-20946", "INV-20902", "INV-20940"]


async def test_the_three_users_sign_in_with_the_published_password(seeded: CentralDatabase) -> None:
    users: Any = await seeded.read(lambda books: [books.users.by_name(n) for n in ("cashier", "supervisor", "admin")])

    assert [user.role for user in users] == ["billing", "supervisor", "admin"]
    assert all(PasswordHasher().verify(user.password_hash, "demo-only") for user in users)
    assert HOSPITAL == "Mwangaza County Hospital"


async def test_seeding_again_changes_nothing(
    seeded: CentralDatabase, url: str, clock: StoppedClock, raw: RawSql
) -> None:
    hospital = raw("SELECT count(*) FROM invoice"), raw("SELECT count(*) FROM audit_log")
    clock.forward(hours=1)

    assert demo(url, clock) is False

    assert (raw("SELECT count(*) FROM invoice"), raw("SELECT count(*) FROM audit_log")) == hospital


async def test_a_database_that_holds_anything_else_is_refused(
    hospital: Hospital, url: str, clock: StoppedClock, raw: RawSql
) -> None:
    with pytest.raises(Misconfigured, match="only put into an empty one"):
        demo(url, clock)
    with pytest.raises(Misconfigured, match="not the demo hospital"):
        many(url, 10, clock)

    assert raw("SELECT count(*) FROM invoice") == [(1,)]


async def test_the_demo_and_another_hospital_do_not_mix(
    seeded: CentralDatabase, url: str, clock: StoppedClock, raw: RawSql
) -> None:
    raw("INSERT INTO facility (code, name) VALUES ('KNH', 'Another')")

    with pytest.raises(Misconfigured, match="holds rows in facility, user"):
        demo(url, clock)


async def test_many_invoices_are_searched_and_listed_like_few(
    seeded: CentralDatabase, url: str, clock: StoppedClock
) -> None:
    many(url, 3_000, clock)
    many(url, 10, clock)

    assert await seeded.read(lambda books: books.invoices.count_open(1)) == 3_040
    assert len(queue(seeded, clock, limit=500)) == 500
    (one,) = queue(seeded, clock, text="BULK-501234")
    assert (one.number, one.payable, len(one.lines)) == ("BULK-501234", one.total, 1)
    assert await seeded.snapshot(find_breaches) == []
