"""Search as you type: any part of name, number or phone; what is typed is never a pattern or a command."""

from collections.abc import Callable
from string import printable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hmis_pos.cashier.records import InvoiceFilter, PaymentFilter
from hmis_pos.db.central.database import CentralDatabase
from tests.db.central.conftest import RawSql, StoppedClock
from tests.support.hospital import Hospital

Search = Callable[[str], list[str]]


@pytest.fixture
def found(hospital: Hospital, database: CentralDatabase, clock: StoppedClock) -> Any:
    """Searches; there are Grace's invoice INV-20931 and Brian's INV-100%_5."""
    brian = hospital.add_patient(patient_no="OP-77", name="O'Tieno, BRIAN", phone="+254 722-418 903")
    hospital.add_invoice(number="INV-100%_5", patient_id=brian)

    def search(text: str) -> Any:
        page = database.read_now(
            lambda books: books.invoices.page(InvoiceFilter(facility_id=hospital.facility, text=text), clock.now())
        )
        return [invoice.number for invoice in page.invoices]

    return search


GRACE, BRIAN = "INV-20931", "INV-100%_5"


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", [GRACE, BRIAN]),
        ("   ", [GRACE, BRIAN]),
        ("wanj", [GRACE]),
        ("WANJIKU", [GRACE]),
        ("grace wanjiku", [GRACE]),
        ("grace brian", []),
        ("anji", [GRACE]),
        ("w", [GRACE]),
        ("ra", [GRACE]),
        ("gr wa", [GRACE]),
        ("brian o", [BRIAN]),
        ("o'tieno", [BRIAN]),
        ("OP-118204", [GRACE]),
        ("118204", [GRACE]),
        ("20931", [GRACE]),
        ("0712345418", [GRACE]),
        ("254712345418", [GRACE]),
        ("+254712345418", [GRACE]),
        ("0712 345 418", [GRACE]),
        ("0722418903", [BRIAN]),
        ("inv-", [GRACE, BRIAN]),
        ("%", [BRIAN]),
        ("_", [BRIAN]),
        ("0%_5", [BRIAN]),
        ("%%%", []),
        ("___", []),
        ("\\", []),
        ('"', []),
        ('grace" OR "x', []),
        ("wanj*", []),
        ("'; DROP TABLE invoice; --", []),
        ("NEAR(grace)", []),
    ],
)
async def test_what_is_typed_is_found_wherever_it_stands(found: Search, typed: str, numbers: list[str]) -> None:
    assert found(typed) == numbers


async def test_the_hmis_changes_what_is_found(hospital: Hospital, found: Search) -> None:
    hospital.change("patient", hospital.patient, name="Njeri, Lucy", phone="0745 208 816")
    hospital.change("invoice", hospital.invoice, number="INV-5")

    assert found("wanjiku") == found("20931") == found("0712345418") == []
    assert found("lucy inv-5") == found("254745208816") == ["INV-5"]


async def test_a_deleted_invoice_is_not_found(hospital: Hospital, found: Search, raw: RawSql) -> None:
    number = hospital.add_invoice(number="INV-GONE")
    assert found("gone") == ["INV-GONE"]

    raw(f"DELETE FROM invoice WHERE id = {number}")

    assert found("gone") == []


async def test_no_text_breaks_a_search(hospital: Hospital, database: CentralDatabase, found: Search) -> None:
    """Anything at all may be typed; and what is found has it."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=12) | st.text(printable, max_size=6) | st.sampled_from(["\x00", "a\x00b", "\ud800", "AND"]))
    def search(text: str) -> Any:
        found(text)
        database.read_now(lambda books: books.payments.page(PaymentFilter(facility_id=hospital.facility, text=text)))

    search()


async def test_the_index_is_used(database: CentralDatabase, dialect: str, hospital: Hospital, raw: RawSql) -> None:
    """A term of three characters is looked up, not compared with every row."""
    if dialect == "sqlite":
        plan = raw("EXPLAIN QUERY PLAN SELECT rowid FROM invoice_search WHERE invoice_search MATCH '\"wanj\"'")
        assert "VIRTUAL TABLE INDEX" in plan[0][-1]
        return
    with raw.transaction() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        lines = connection.exec_driver_sql(
            "EXPLAIN SELECT id FROM invoice_search WHERE hmis_pos_trigrams(document) @> ARRAY['wan', 'anj']"
        ).all()
    assert any("ix_invoice_search_trigrams" in line for (line,) in lines)
