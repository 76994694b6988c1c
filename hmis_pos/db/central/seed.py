"""A demo hospital, clearly invented: Mwangaza County Hospital, its users, patients and a morning's queue.

Nothing here is a real person; the users' password is ``demo-only``. A database that holds anything else is refused, so that the demo
can never mix with real records.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import Connection, Table, func, insert, select, text

from hmis_pos.cashier import settle
from hmis_pos.cashier.context import Context, Policy
from hmis_pos.cashier.ports import Books, Clock
from hmis_pos.cashier.receive_money import take_in
from hmis_pos.cashier.records import InvoiceFilter, PaymentRecord
from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.db.central import migrate
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.demo_patients import EARLIER, QUEUE, WAITING, DemoInvoice, EarlierPayment, WaitingMoney
from hmis_pos.db.central.engine import make_engines
from hmis_pos.db.central.hmis_map import HmisMap
from hmis_pos.db.central.stores.books import CentralBooks
from hmis_pos.db.central.stores.statements import new_number
from hmis_pos.db.central.tables import Schema, build
from hmis_pos.domain.errors import Misconfigured
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.ids import uuid7
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method, Payment

HOSPITAL = "Mwangaza County Hospital"
CODE = "MCH-DEMO"
PASSWORD = "demo-only"  # noqa: S105 - published on purpose; it opens nothing but the demo
#: User name, display name, role.
USERS = (
    ("cashier", "Achieng O.", "billing"),
    ("supervisor", "M. Were", "supervisor"),
    ("admin", "J. Mutua", "admin"),
)
_BATCH = 5_000
_FIRST_MANY = 500_000


def demo(url: str, clock: Clock, *, names: HmisMap | None = None, waiting: bool = True) -> bool:
    """Seed the demo hospital into a migrated, empty database.

    ``waiting``: with a few pieces of unmatched money and their tasks, so that the back office has something to do.

    Returns:
        True if it was seeded now, False if it was there already (nothing is changed then).

    Raises:
        Misconfigured: the database holds something else.
    """
    database = CentralDatabase(url, clock, names=names, threads=1)
    try:
        return database.write_now(lambda books: _demo(books, database, clock, WAITING if waiting else ()))
    finally:
        database.dispose_now()


def many(url: str, count: int, clock: Clock, *, names: HmisMap | None = None) -> None:
    """Add ``count`` open invoices of invented patients to the demo hospital, in bulk, for measurements.

    Raises:
        Misconfigured: it is not the demo hospital.
    """
    schema = build(names)
    engines = make_engines(url, threads=1)
    try:
        with engines.writer.connect() as connection, connection.begin():
            facility = _facility(connection, schema)
            if facility is None:
                raise _refused("is not the demo hospital")
            start = _FIRST_MANY + _count(connection, schema.hmis.invoice)
            end = start + count
            with migrate.guards_off(connection, schema):
                for first in range(start, end, _BATCH):
                    _add_many(connection, schema, facility, clock.now(), range(first, min(first + _BATCH, end)))
            connection.execute(text("ANALYZE"))
    finally:
        engines.dispose()


def _demo(books: Books, database: CentralDatabase, clock: Clock, waiting: Iterable[WaitingMoney]) -> bool:
    """Everything in one transaction: the whole demo hospital, or nothing of it."""
    if not isinstance(books, CentralBooks):
        raise TypeError("the demo is written by the central database only")
    if not _lay_out(books.connection, books.schema, clock.now()):
        return False
    for earlier in EARLIER:
        _pay(books, database, clock, earlier)
    for money in waiting:
        _let_wait(books, database, clock, money)
    return True


@cache
def _published_hash() -> str:
    """One hash for all: a password that everybody knows needs no salt of its own for each user."""
    return PasswordHasher().hash(PASSWORD)


def _lay_out(connection: Connection, schema: Schema, now: datetime) -> bool:
    """Facility, users, patients, invoices; False if they are there."""
    if _facility(connection, schema) is not None:
        return False
    held = [t.name for t in (*schema.hmis.all, schema.payment, schema.inbox) if _count(connection, t)]
    if held:
        raise _refused(f"holds rows in {', '.join(held)}")
    facility = _insert(connection, schema.hmis.facility, code=CODE, name=HOSPITAL)
    password_hash = _published_hash()
    for username, display_name, role in USERS:
        _insert(
            connection,
            schema.hmis.user,
            username=username,
            display_name=display_name,
            role=role,
            facility_id=facility,
            password_hash=password_hash,
            active=True,
        )
    patients: dict[str, int] = {}
    for invoice in QUEUE:
        _add_invoice(connection, schema, facility, patients, invoice, now)
    return True


def _facility(connection: Connection, schema: Schema) -> int | None:
    """The demo facility's id, if this database is the demo hospital and nothing else."""
    f, u = schema.hmis.facility.c, schema.hmis.user.c
    facilities = connection.execute(select(f.id.label("id"), f.code.label("code"))).all()
    if [row.code for row in facilities] != [CODE]:
        return None
    users = set(connection.execute(select(u.username)).scalars())
    return int(facilities[0].id) if {name for name, _, _ in USERS} <= users else None


def _refused(why: str) -> Misconfigured:
    return Misconfigured(
        f"this database {why}: the demo hospital is only put into an empty one",
        field="HMIS_DATABASE_URL",
        cure="Name a new file or an empty database for the demo.",
    )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _insert(connection: Connection, table: Table, **values: object) -> int:
    return new_number(connection.execute(insert(table).values(**values)))


def _add_invoice(
    connection: Connection, schema: Schema, facility: int, patients: dict[str, int], demo: DemoInvoice, now: datetime
) -> None:
    hmis, queued_at = schema.hmis, now - timedelta(minutes=demo.waiting)
    who = demo.patient
    if who.no not in patients:
        patients[who.no] = _insert(
            connection,
            hmis.patient,
            facility_id=facility,
            patient_no=who.no,
            name=who.name,
            phone=who.phone,
            sex=who.sex,
            birth_year=who.born,
        )
    patient = patients[who.no]
    of_patient = {"facility_id": facility, "patient_id": patient}
    kind = "inpatient" if who.no.startswith(("IP-", "MAT-")) else "outpatient"
    visit = _insert(
        connection, hmis.patient_visit, **of_patient, kind=kind, visited_at=queued_at - timedelta(minutes=50)
    )
    bill = _insert(connection, hmis.bill, **of_patient, visit_id=visit, created_at=queued_at)
    invoice = _insert(
        connection,
        hmis.invoice,
        **of_patient,
        number=demo.number,
        bill_id=bill,
        status="open",
        total=sum(quantity * price for _, quantity, price in demo.lines),
        insurance=demo.insurance,
        insurer=demo.insurer,
        waiver=demo.waiver,
        waiver_note=demo.waiver_note,
        queued_at=queued_at,
    )
    for position, (description, quantity, price) in enumerate(demo.lines, 1):
        _insert(
            connection,
            hmis.invoice_line,
            invoice_id=invoice,
            position=position,
            description=description,
            quantity=quantity,
            unit_price=price,
            amount=quantity * price,
        )


class _At:
    """A clock of one moment: when an earlier payment was taken."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


class _Ids:
    """Chance for the demo's own payments."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def uuid(self) -> UUID:
        return uuid7(int(self._moment.timestamp() * 1000), os.urandom(10))

    def token(self) -> str:
        return os.urandom(32).hex()

    def random(self, count: int) -> bytes:
        return os.urandom(count)


def _context(database: CentralDatabase, moment: datetime, *, facility: int = 1) -> Context:
    """The world as it was at ``moment``."""
    policy = Policy(callback_base="", home_facility=facility)
    return Context(database=database, clock=_At(moment), ids=_Ids(moment), gateways={}, policy=policy)


def _let_wait(books: Books, database: CentralDatabase, clock: Clock, waiting: WaitingMoney) -> None:
    """Take money in the way all money of a provider is taken in: it matches nothing, so it waits."""
    moment = clock.now() - timedelta(minutes=waiting.minutes)
    money = ProviderMoney(
        provider=Method.MPESA.value,
        source=Source.C2B,
        receipt_no=waiting.receipt_no,
        amount=Money(waiting.amount),
        observed_at=moment,
        account=waiting.account,
        payer_name=waiting.payer_name,
        payer_phone=waiting.payer_phone,
        kind=waiting.kind,
        paid_at=moment - timedelta(seconds=3),
    )
    user = books.users.by_name("cashier")
    facility = user.facility_id if user is not None else 1
    take_in(books, _context(database, moment, facility=facility), money, actor="gateway:mpesa", origin="demo")


def _pay(books: Books, database: CentralDatabase, clock: Clock, earlier: EarlierPayment) -> None:
    """Take an earlier payment the way every payment is taken: intent, evidence, settled."""
    moment = clock.now() - timedelta(days=earlier.days_ago)
    ctx = _context(database, moment)
    amount = Money(earlier.amount)
    uid = ctx.ids.uuid()

    user = books.users.by_name("cashier")
    if user is None:
        raise LookupError("the demo's users were not laid out")
    wanted = InvoiceFilter(facility_id=user.facility_id, text=earlier.invoice)
    (invoice,) = books.invoices.page(wanted, moment).invoices
    books.payments.add(
        PaymentRecord(
            payment=Payment(
                uid=uid,
                invoice_id=invoice.id,
                patient_id=invoice.patient_id,
                method=earlier.method,
                asked=amount,
                asked_at=moment,
            ),
            facility_id=invoice.facility_id,
            cashier=user.username,
            processed_by=user.id,
            idempotency_key=f"demo:{earlier.invoice}",
            phone=invoice.patient_phone if earlier.receipt_no else "",
            tendered=None if earlier.receipt_no else amount,
            change=None if earlier.receipt_no else Money.zero(),
        )
    )
    said = Evidence(
        kind=EvidenceKind.PAID if earlier.receipt_no else EvidenceKind.TAKEN,
        source=Source.CALLBACK if earlier.receipt_no else Source.CASHIER,
        observed_at=moment,
        receipt_no=earlier.receipt_no,
        amount=amount,
    )
    settle.apply(books, ctx, uid, said, actor=user.username, origin="demo")


_FIRST = ("Grace", "Brian", "Amina", "Daniel", "Faith", "Peter", "Lucy", "Ruth", "Moses", "Mercy", "Yusuf", "Naomi")
_LAST = ("Wanjiru", "Ochieng", "Ibrahim", "Cheruiyot", "Mwende", "Simiyu", "Nekesa", "Kimani", "Okoth", "Jepkorir")


def _add_many(connection: Connection, schema: Schema, facility: int, now: datetime, numbers: range) -> None:
    """A batch of invoices, each of a patient of its own, ids given by us (far above the demo's own)."""
    patients, invoices = [], []
    for n in numbers:
        patients.append(
            {
                "id": n,
                "facility_id": facility,
                "patient_no": f"OP-{n}",
                "name": f"{_LAST[n % len(_LAST)]}, {_FIRST[n // 7 % len(_FIRST)]} {chr(65 + n % 26)}.",
                "phone": f"2547{n * 7919 % 10**8:08d}",
                "sex": "FM"[n % 2],
                "birth_year": 1940 + n % 80,
            }
        )
        invoices.append(
            {
                "id": n,
                "number": f"BULK-{n}",
                "facility_id": facility,
                "patient_id": n,
                "status": "open",
                "total": 100_00 + n % 5000 * 100,
                "queued_at": now - timedelta(seconds=10**6 - n % 10**6),
                "updated_at": now - timedelta(seconds=1000) + timedelta(microseconds=n),
            }
        )
    connection.execute(insert(schema.hmis.patient), patients)
    connection.execute(insert(schema.hmis.invoice), invoices)
    connection.execute(
        insert(schema.hmis.invoice_line),
        [
            {
                "invoice_id": invoice["id"],
                "position": 1,
                "description": "Consultation, outpatient",
                "quantity": 1,
                "unit_price": invoice["total"],
                "amount": invoice["total"],
            }
            for invoice in invoices
        ],
    )
