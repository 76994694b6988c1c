"""The relay's own role on PostgreSQL: it does its work, and can do nothing else."""

import uuid
from typing import Any

import psycopg
import pytest
from psycopg import sql

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import InvoiceFilter
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.grants import script
from hmis_pos.db.central.guards import APPEND_ONLY
from hmis_pos.db.central.invariants import find_breaches
from hmis_pos.db.central.seed import demo
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.ledger import Transfer, invoice_account
from hmis_pos.domain.money import Money
from tests.db.central.conftest import StoppedClock
from tests.support.hospital import Hospital
from tests.support.postgres import Postgres


@pytest.fixture
def role(postgres_server: Postgres, postgres_url: str, clock: StoppedClock) -> Any:
    """A role with the relay's rights on a database with the demo hospital."""
    name = f"relay_{uuid.uuid4().hex[:12]}"
    demo(postgres_url, clock)
    postgres_server.run(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    with psycopg.connect(postgres_url) as connection:
        for statement in script(name):
            connection.execute(sql.SQL(statement))
    yield name
    with psycopg.connect(postgres_url) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
    postgres_server.run(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def relay_url(role: str, postgres_url: str) -> Any:
    return postgres_url.replace("//postgres@", f"//{role}@")


async def test_the_relay_does_its_work(relay_url: str, clock: StoppedClock) -> None:
    database = CentralDatabase(relay_url, clock)
    await database.check()
    page = await database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=1, text="INV-20931"), clock.now())
    )
    (grace,) = page.invoices
    hospital = Hospital(database, clock, invoice=grace.id, patient=grace.patient_id)
    record = hospital.prove(hospital.intend(), receipt_no="RKT0000001")

    def settle(books: Books) -> Any:
        invoice: Any = books.invoices.lock(grace.id)
        books.ledger.allocate(record.uid, invoice.id, Money(500_00), clock.now())
        books.invoices.add_paid(invoice.id, Money(500_00))
        account = invoice_account(invoice.id)
        books.ledger.transfer(Transfer("received:mpesa", account, Money(500_00)), f"payment:{record.uid}", clock.now())
        books.answers.forget("none")
        books.invoices.release(invoice.id, "T01A")
        return books.terminals.enrol(record.uid, "Counter 3", 1, clock.now())

    assert (await database.write(settle)).series == "T01A"
    changes = await database.read(lambda books: books.invoices.changes(clock.now().replace(year=2000), 99))
    assert changes[-1][0] == grace.id
    assert await database.snapshot(find_breaches) == []
    await database.dispose()


def test_the_relay_cannot_rewrite_what_was_written(relay_url: str) -> None:
    statements = [f"{verb} {table}" for table in APPEND_ONLY for verb in ("DELETE FROM", "TRUNCATE")]
    statements.remove("DELETE FROM event")  # the triggers keep the newest
    statements += [
        "UPDATE audit_log SET actor = 'x'",
        "UPDATE allocation SET amount = 1",
        "DELETE FROM payment_transaction",
        "DELETE FROM callback_inbox",
        "UPDATE invoice SET total = 0",
        "DELETE FROM invoice",
        "UPDATE patient SET name = 'x'",
        """UPDATE "user" SET role = 'admin'""",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
        "DROP TRIGGER hmis_pos_audit_log_no_update ON audit_log",
        "UPDATE invoice_search SET document = ''",
    ]
    with psycopg.connect(relay_url, autocommit=True) as connection:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        connection.execute("INSERT INTO event (seq, kind, facility_id, at, data) VALUES (99, 'x', 1, now(), '{}')")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("DELETE FROM event")


def test_a_role_name_is_never_sql() -> None:
    with pytest.raises(Misconfigured, match="no plain role name"):
        script("relay; DROP TABLE invoice")
