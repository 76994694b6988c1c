"""Any order, repetition and loss of evidence ends in the same books, and keeps the six promises."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hmis_pos.cashier import settle
from hmis_pos.cashier.context import Context, Policy
from hmis_pos.cashier.records import Actor, InvoiceFilter, Role
from hmis_pos.cashier.take_payment import InitiateOrder, initiate
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.invariants import find_breaches
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.money import Money
from tests.cashier.conftest import HandClock, ScriptedGateway, SeededIds

K = EvidenceKind
ASKED = Money.whole(4850)
CASHIER = Actor(user_id=1, username="cashier", display_name="", role=Role.BILLING, facility_id=1, terminal="T01A")


@st.composite
def facts(draw):
    """What the world may say about one prompt, with the seconds after asking at which it says so."""
    kind = draw(
        st.sampled_from(
            [
                K.PAID,
                K.PAID,
                K.DECLINED,
                K.UNREACHED,
                K.UNCLEAR,
                K.PROCESSING,
                K.ASSURED,
                K.SILENCE,
                K.ABANDONED,
                K.CLAIMED,
                K.NOTHING_FOUND,
            ]
        )
    )
    source = {
        K.SILENCE: Source.WORKER,
        K.NOTHING_FOUND: Source.WORKER,
        K.ABANDONED: Source.CASHIER,
        K.ASSURED: Source.QUERY,
        K.PROCESSING: Source.QUERY,
    }.get(kind, draw(st.sampled_from([Source.CALLBACK, Source.QUERY])))
    money = kind in (K.PAID, K.CLAIMED)
    if money:
        source = draw(st.sampled_from([Source.CALLBACK, Source.C2B]))
    return Evidence(
        kind=kind,
        source=source,
        observed_at=HandClock().at + timedelta(seconds=draw(st.sampled_from([5, 30, 80, 200, 172_900]))),
        receipt_no=draw(st.sampled_from(["TAB1CD2EFG", "tab1cd2efg", "TAB9ZZ9ZZZ"])) if money else "",
        amount=draw(st.sampled_from([ASKED, ASKED, Money.whole(4000), Money.whole(5000)])) if money else None,
        code=draw(st.sampled_from(["1032", "17", "1037"])),
    )


@contextmanager
def books_after(demo_file: Path, history: list[Evidence]) -> Iterator[tuple[CentralDatabase, object]]:
    """The demo hospital in which one prompt was sent and this was heard, in this order."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{shutil.copy(demo_file, folder)}"
        clock = HandClock()
        database = CentralDatabase(url, clock, threads=1)
        ctx = Context(
            database=database,
            clock=clock,
            ids=SeededIds(),
            gateways={"mpesa": ScriptedGateway(clock)},
            policy=Policy(callback_base="https://pos.example"),
        )
        (invoice,) = database.read_now(
            lambda books: books.invoices.page(InvoiceFilter(facility_id=1, text="INV-20931"), clock.now())
        ).invoices
        order = InitiateOrder(invoice_id=invoice.id, amount=ASKED, phone="0712345418", uid=None, idempotency_key="k")
        uid = asyncio.run(initiate(ctx, CASHIER, order)).record.uid
        for fact in history:
            clock.at = max(clock.at, fact.observed_at)
            database.write_now(partial(settle.apply, ctx=ctx, uid=uid, evidence=fact, actor="gateway:mpesa"))
        try:
            yield database, (uid, invoice.id)
        finally:
            database.dispose_now()


def told(books, key):
    uid, invoice_id = key
    record = books.payments.get(uid)
    posted = books.ledger.posted(uid)
    return (
        record.state,
        record.received,
        record.receipts,
        record.agreed,
        posted.allocated,
        posted.deposited,
        books.invoices.get(invoice_id).owed,
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(facts(), min_size=1, max_size=6), st.data())
def test_any_order_and_repetition_keeps_the_promises(demo_file, history, data):
    again = data.draw(st.permutations(history + history[:2]))
    with books_after(demo_file, history) as (one, key), books_after(demo_file, again) as (other, other_key):
        assert one.snapshot_now(find_breaches) == []
        assert other.snapshot_now(find_breaches) == []
        assert one.read_now(lambda books: told(books, key)) == other.read_now(lambda books: told(books, other_key))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(facts(), min_size=1, max_size=6), st.data())
def test_losing_evidence_loses_no_promise(demo_file, history, data):
    kept = [fact for fact in history if data.draw(st.booleans())]
    with books_after(demo_file, kept) as (database, _key):
        assert database.snapshot_now(find_breaches) == []
