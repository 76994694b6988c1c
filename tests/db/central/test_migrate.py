"""From nothing to head and back; drift is seen; a hospital's own tables and names are left alone and used."""

import json
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from hmis_pos.cashier.records import InvoiceFilter, PaymentFilter
from hmis_pos.cashier.records_back_office import UnmatchedFilter
from hmis_pos.db.central import migrate
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.hmis_map import NEEDED, HmisMap
from hmis_pos.db.central.invariants import find_breaches
from hmis_pos.db.central.seed import demo
from hmis_pos.domain.errors import Misconfigured, Unavailable
from hmis_pos.domain.evidence import Source
from hmis_pos.domain.money import Money
from tests.db.central.conftest import RawSql, StoppedClock

#: Everything has another name.
ALL_RENAMED = HmisMap.parse(
    json.dumps(
        {
            table: {"table": f"his_{table}", "columns": {column: f"X_{column}" for column in columns}}
            for table, columns in NEEDED.items()
        }
    )
)


def test_up_down_and_up_again(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    assert migrate.upgrade(empty_url) == migrate.head()
    assert migrate.upgrade(empty_url) == migrate.head()
    assert migrate.drift(empty_url) == []
    migrate.downgrade(empty_url)
    assert migrate.current(empty_url) is None
    assert migrate.upgrade(empty_url) == migrate.current(empty_url) == migrate.head()
    assert migrate.drift(empty_url) == []


def test_money_of_the_first_version_is_kept_up_and_down(empty_url: str) -> None:
    migrate.upgrade(empty_url, to="0001")
    raw = RawSql(empty_url)
    moment = "1" if raw.dialect == "sqlite" else "'2026-11-23'"
    raw(
        "INSERT INTO unmatched_money (provider, receipt_no, amount, account, payer, reason, at)"
        f" VALUES ('mpesa', 'RKT1', 7000, 'INV9', 'GRACE 2547 ***** 126', 'nobody', {moment})"
    )
    columns = "provider, receipt_no, amount, account, payer, reason, inbox_id, at"
    before = raw(f"SELECT {columns} FROM unmatched_money")
    assert migrate.upgrade(empty_url) == migrate.head()

    assert raw(f"SELECT {columns} FROM unmatched_money") == before
    assert raw("SELECT facility_id, source, payer_name, payer_phone, owner, placed FROM unmatched_money") == [
        (1, "c2b", "GRACE 2547 ***** 126", "", "", 0)
    ]
    with pytest.raises(IntegrityError):
        raw("UPDATE unmatched_money SET placed = 7001")
    migrate.downgrade(empty_url, to="0001")
    assert raw(f"SELECT {columns} FROM unmatched_money") == before
    with pytest.raises(DBAPIError):
        raw("SELECT placed FROM unmatched_money")
    assert migrate.upgrade(empty_url) == migrate.head()
    assert raw(f"SELECT {columns} FROM unmatched_money") == before
    assert migrate.drift(empty_url) == []
    raw.engines.dispose()


async def test_a_row_of_the_first_version_reads_as_unmatched_money(url: str, database: CentralDatabase) -> None:
    raw = RawSql(url)
    moment = "1" if raw.dialect == "sqlite" else "'2026-11-23'"
    raw(
        "INSERT INTO unmatched_money (provider, receipt_no, amount, payer, payer_name, at)"
        f" VALUES ('mpesa', 'RKT1', 7000, 'GRACE', 'GRACE', {moment})"
    )
    raw.engines.dispose()

    (money,) = await database.read(lambda books: books.unmatched.page(UnmatchedFilter(facility_id=1)))

    assert (money.money.source, money.money.payer_name, money.money.observed_at) == (Source.C2B, "GRACE", money.at)


def test_drift_names_what_differs(url: str) -> None:
    raw = RawSql(url)
    raw("ALTER TABLE task ADD COLUMN urgent INTEGER")
    raw("DROP TRIGGER hmis_pos_receipt_no_delete" + (" ON receipt" if raw.dialect == "postgresql" else ""))
    raw.engines.dispose()

    found = " ".join(migrate.drift(url))

    assert "urgent" in found
    assert "hmis_pos_receipt_no_delete is missing" in found
    assert migrate.upgrade(url) == migrate.head()
    assert "hmis_pos_receipt_no_delete" not in " ".join(migrate.drift(url))


async def test_another_version_is_refused_at_the_start(empty_url: str, url: str, clock: StoppedClock) -> None:
    nothing = CentralDatabase(empty_url, clock)
    with pytest.raises(Misconfigured) as refused:
        await nothing.check()
    assert "hmis-pos migrate" in refused.value.cure
    await nothing.dispose()
    raw = RawSql(url)
    raw("UPDATE alembic_version SET version_num = '9999'")
    raw.engines.dispose()
    newer = CentralDatabase(url, clock)
    with pytest.raises(Misconfigured, match="newer"):
        await newer.check()
    with pytest.raises(Misconfigured, match="newer"):
        migrate.upgrade(url)
    await newer.dispose()


async def test_the_present_version_is_fit_to_start(database: CentralDatabase) -> None:
    await database.check()
    await database.ping()


async def test_a_hospitals_own_names_work_throughout(empty_url: str, clock: StoppedClock) -> None:
    migrate.upgrade(empty_url, names=ALL_RENAMED)
    raw = RawSql(empty_url)
    tables = (
        "sqlite_master WHERE type = 'table'" if raw.dialect == "sqlite" else "pg_tables WHERE schemaname = 'public'"
    )
    column = "name" if raw.dialect == "sqlite" else "tablename"
    names = {name for (name,) in raw(f"SELECT {column} FROM {tables}")}
    assert {f"his_{table}" for table in NEEDED} <= names
    assert not set(NEEDED) & names

    assert demo(empty_url, clock, names=ALL_RENAMED)
    database = CentralDatabase(empty_url, clock, names=ALL_RENAMED)
    await database.check()
    page = await database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=1, text="wanj 20931"), clock.now())
    )
    (grace,) = page.invoices
    assert (grace.payable, len(grace.lines)) == (Money(4_850_00), 4)
    (paid,) = await database.read(lambda books: books.payments.page(PaymentFilter(facility_id=1, text="RKT91XQ2LM")))
    assert paid.patient_name == "Wanjiku, Grace N."
    before = (await database.read(lambda books: books.invoices.changes(clock.now().replace(year=2000), 999)))[-1][2]
    raw("UPDATE his_patient SET \"X_name\" = 'Wanjiku, Gracious' WHERE \"X_patient_no\" = 'OP-118204'")
    changed = await database.read(lambda books: books.invoices.changes(before, 999))
    assert grace.id in {number for number, _, _ in changed}
    assert await database.snapshot(find_breaches) == []
    assert migrate.drift(empty_url, names=ALL_RENAMED) == []
    await database.dispose()
    raw.engines.dispose()


async def test_tables_that_the_hospital_has_are_kept_and_their_invoices_found(
    empty_url: str, clock: StoppedClock
) -> None:
    migrate.upgrade(empty_url)
    demo(empty_url, clock)
    raw = RawSql(empty_url)
    kept = raw("SELECT count(*) FROM invoice")
    for table in ("payment_evidence", "allocation", "deposit", "audit_log", "event"):
        for event in ("delete", "truncate"):
            name = f"hmis_pos_{table}_no_{event}"
            if raw.dialect == "sqlite":
                raw(f"DROP TRIGGER IF EXISTS {name}")
            else:
                raw(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    raw.engines.dispose()
    migrate.downgrade(empty_url)

    migrate.upgrade(empty_url)

    database = CentralDatabase(empty_url, clock)
    page = await database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=1, text="otieno"), clock.now())
    )
    assert [invoice.number for invoice in page.invoices] == ["INV-20934"]
    assert kept == [(31,)]
    await database.dispose()


def test_a_hospitals_table_without_a_column_we_need_is_named(empty_url: str) -> None:
    names = HmisMap.parse('{"patient": {"table": "opd_patient", "columns": {"name": "full_name"}}}')
    raw = RawSql(empty_url)
    raw("CREATE TABLE opd_patient (id BIGINT PRIMARY KEY, facility_id BIGINT, patient_no VARCHAR(40), phone TEXT)")
    raw.engines.dispose()

    with pytest.raises(Misconfigured, match=r"lack opd_patient.full_name, opd_patient.sex, opd_patient.birth_year"):
        migrate.upgrade(empty_url, names=names)

    assert migrate.current(empty_url) is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"invoices": {}}', "no table 'invoices'"),
        ('{"invoice": "x"}', "give an object"),
        ('{"invoice": {"tables": "x"}}', "give an object"),
        ('{"invoice": {"table": "x; DROP TABLE y"}}', "no plain name"),
        ('{"invoice": {"columns": {"nummer": "x"}}}', "no column 'nummer'"),
        ('{"invoice": {"columns": {"number": 3}}}', "no plain name"),
        ('{"invoice": {"columns": []}}', "our name -> your name"),
        ('{"invoice": {"columns": {"number": "status"}}}', "two columns"),
        ('{"invoice": {"table": "patient"}}', "two tables"),
    ],
)
def test_a_map_that_will_not_do_says_what_is_wrong(text: str, wrong: str) -> None:
    with pytest.raises(Misconfigured, match="HMIS_TABLE_MAP") as refused:
        HmisMap.parse(text)

    assert wrong in refused.value.message


def test_a_map_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_text('{"invoice": {"table": "billing_invoice"}}')

    assert HmisMap.load(file).table("invoice") == "billing_invoice"
    assert HmisMap.load(file).table("patient") == "patient"
    with pytest.raises(Misconfigured, match="cannot be read"):
        HmisMap.load(tmp_path / "nowhere.json")


def test_a_server_that_is_away_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="away"):
        migrate.current(f"postgresql://nobody@/x?host={tmp_path}")
