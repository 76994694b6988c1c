"""The stores of unmatched money, refunds, commands, receipt checks, feeds and statements give back what they were given."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentRecord, Task, TaskKind
from hmis_pos.cashier.records_back_office import (
    AccountBalance,
    BadLine,
    CheckCause,
    CheckState,
    FeedState,
    GatewayRequest,
    LineClass,
    ReceiptCheck,
    ReconciliationItem,
    RefundFilter,
    RequestKind,
    UnmatchedFilter,
    UnmatchedPart,
)
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.domain.errors import Conflict, NotFound
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import PaymentState
from hmis_pos.domain.refund import RefundState, Route
from tests.db.central.conftest import StoppedClock
from tests.db.central.test_stores import receipt_for
from tests.support.back_office import (
    decided,
    given_back,
    placed,
    provider_money,
    statement_file,
    statement_line,
    waiting,
    wanted_refund,
)
from tests.support.hospital import Hospital

# ---------------------------------------------------------------- unmatched money


async def test_unmatched_money_comes_back_as_it_was_held(hospital: Hospital, database: CentralDatabase) -> None:
    held = waiting(hospital)

    assert held.remaining == held.money.amount
    assert (held.is_open, held.owner, held.facility_id) == (True, "", hospital.facility)
    assert held.money == provider_money(hospital, receipt_no=held.money.receipt_no)
    assert await database.write(lambda books: books.unmatched.lock(held.id)) == held
    assert await database.read(lambda books: books.unmatched.get(held.id + 1)) is None
    with pytest.raises(Conflict, match="gateway_reference"):
        await database.write(lambda books: books.unmatched.hold(held))


async def test_unmatched_money_is_listed_oldest_first_searched_and_summed(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    first = waiting(hospital, 70_00, account="A%1", payer_name="Otieno")
    clock.forward(minutes=1)
    second = waiting(hospital, 30_00, account="", payer_name="", payer_phone="", source=Source.STATEMENT)
    gone = waiting(hospital, 10_00)
    placed(hospital, gone, 10_00, hospital.invoice)
    await database.write(lambda books: books.unmatched.take_on(second.id, "supervisor"))

    def page(**wanted: Any) -> Any:
        found = database.read_now(
            lambda books: books.unmatched.page(UnmatchedFilter(facility_id=hospital.facility, **wanted))
        )
        return [money.id for money in found]

    assert page() == [first.id, second.id]
    assert page(open_only=False) == [first.id, second.id, gone.id]
    assert page(limit=1) == [first.id]
    assert page(after=first.id) == [second.id]
    assert page(owner="supervisor") == [second.id]
    assert page(text="otie a%1") == page(text=first.money.receipt_no.lower()) == [first.id]
    assert page(text="a_1") == page(text="%%") == []
    totals = await database.read(lambda books: books.unmatched.totals(hospital.facility))
    assert totals == (2, Money(100_00), first.at)
    assert await database.read(lambda books: books.unmatched.totals(99)) == (0, Money(0), None)
    with pytest.raises(NotFound):
        await database.write(lambda books: books.unmatched.take_on(999, "x"))


async def test_parts_are_kept_and_never_more_than_came(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    held = waiting(hospital, 70_00)
    payment = placed(hospital, held, 50_00, hospital.invoice)
    more = UnmatchedPart(
        unmatched_id=held.id, amount=Money(20_01), by="x", at=clock.now(), payment_uid=payment.uid, note="n"
    )

    with pytest.raises(PromiseBroken):
        await database.write(lambda books: books.unmatched.place(more))
    with pytest.raises(PromiseBroken):
        await database.write(lambda books: books.unmatched.place(replace(more, amount=Money(-50_01))))
    await database.write(lambda books: books.unmatched.place(replace(more, amount=Money(-50_00))))

    back: Any = await database.read(lambda books: books.unmatched.get(held.id))
    parts = await database.read(lambda books: books.unmatched.parts(held.id))
    assert back.remaining == Money(70_00)
    assert [(part.amount, part.payment_uid, part.note) for part in parts] == [
        (Money(50_00), payment.uid, ""),
        (Money(-50_00), payment.uid, "n"),
    ]
    assert await database.read(lambda books: books.unmatched.parts_of(payment.uid)) == parts


async def test_a_payment_is_stored_with_its_proof_in_one_go(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    waiting_attempt = hospital.intend()
    payment = placed(hospital, waiting(hospital, 70_00), 70_00, hospital.invoice)

    assert payment.state is PaymentState.COMPLETED
    assert [fact.kind for fact in payment.payment.evidence] == [EvidenceKind.PAID]
    assert (payment.received, payment.completed_at, len(payment.receipts)) == (Money(70_00), clock.now(), 1)
    assert waiting_attempt.payment.invoice_id == payment.payment.invoice_id


# ---------------------------------------------------------------- refunds


@pytest.fixture
def paid(hospital: Hospital) -> PaymentRecord:
    """70.00 out of unmatched money, allocated."""
    return placed(hospital, waiting(hospital, 70_00), 70_00, hospital.invoice)


async def test_a_refund_comes_back_as_it_was_stored(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock, paid: PaymentRecord
) -> None:
    refund = wanted_refund(
        hospital, 30_00, payment_uid=paid.uid, phone="254712345418", originator="ab12", receipt_no="RKT91XQ2LM"
    )
    stored = await database.write(lambda books: books.refunds.add(refund))
    assert stored == replace(refund, id=stored.id)
    approved = replace(decided(hospital, stored), decision_note="ok")
    await database.write(lambda books: books.refunds.save(approved))
    assert await database.read(lambda books: books.refunds.to_send(clock.now(), 9)) == [refund.uid]
    sent = replace(approved, asked_at=clock.now(), next_check_at=clock.now() + timedelta(seconds=60), checks_done=1)
    fact = hospital.said(EvidenceKind.ACCEPTED, Source.SUBMIT, reference="AG_1")
    pending = replace(sent, state=RefundState.PENDING, provider_request="AG_1", evidence=(fact,))
    await database.write(lambda books: books.refunds.save(pending, fact))
    await database.write(lambda books: books.refunds.save(pending, fact))

    def look(books: Books) -> Any:
        r = books.refunds
        return [
            r.get(refund.uid),
            r.lock(refund.uid),
            r.of_payment(paid.uid)[0],
            r.of_receipt("mpesa", "rkt91xq2lm ")[0],
            r.by_originator("mpesa", "ab12"),
            r.page(RefundFilter(facility_id=hospital.facility, states=(RefundState.PENDING,), payment_uid=paid.uid))[0],
        ]

    assert await database.write(look) == [pending] * 6
    assert await database.read(lambda books: books.refunds.to_send(clock.now(), 9)) == []
    assert await database.read(lambda books: books.refunds.due(clock.now(), 9)) == []
    assert await database.read(lambda books: books.refunds.due(clock.forward(seconds=60), 9)) == [refund.uid]
    assert await database.read(lambda books: books.refunds.in_flight("mpesa", clock.now() - timedelta(seconds=61)))
    assert not await database.read(lambda books: books.refunds.in_flight("stripe", clock.now() - timedelta(seconds=61)))
    assert not await database.read(lambda books: books.refunds.in_flight("mpesa", clock.now()))
    assert await database.read(lambda books: books.refunds.count(RefundState.PENDING)) == 1
    assert await database.read(lambda books: books.refunds.by_originator("mpesa", "")) is None
    assert await database.read(lambda books: books.refunds.of_receipt("mpesa", "")) == []
    assert await database.read(lambda books: books.refunds.page(RefundFilter(facility_id=99))) == []
    with pytest.raises(NotFound):
        await database.write(lambda books: books.refunds.save(wanted_refund(hospital, 1, payment_uid=paid.uid)))


async def test_no_more_is_on_its_way_back_than_came(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord
) -> None:
    first = wanted_refund(hospital, 50_00, payment_uid=paid.uid)
    again = wanted_refund(hospital, 20_01, payment_uid=paid.uid)
    await database.write(lambda books: books.refunds.add(first))

    with pytest.raises(Conflict) as refused:
        await database.write(lambda books: books.refunds.add(again))

    assert (refused.value.code, refused.value.field) == ("above-refundable", "amount")
    rejected = decided(hospital, first, RefundState.REJECTED)
    await database.write(lambda books: books.refunds.save(rejected))
    await database.write(lambda books: books.refunds.add(again))
    held = waiting(hospital, 10_00)
    with pytest.raises(Conflict) as refused:
        await database.write(lambda books: books.refunds.add(wanted_refund(hospital, 10_01, unmatched_id=held.id)))
    assert refused.value.code == "above-refundable"


async def test_what_was_given_back_is_posted_as_refunded(
    hospital: Hospital, database: CentralDatabase, paid: PaymentRecord
) -> None:
    asked = wanted_refund(hospital, 10_00, payment_uid=paid.uid)
    await database.write(lambda books: books.refunds.add(asked))
    given = [
        given_back(hospital, paid, wanted_refund(hospital, 20_00, payment_uid=paid.uid)),
        given_back(hospital, paid, wanted_refund(hospital, 30_00, payment_uid=paid.uid, route=Route.UNMATCHED)),
    ]

    posted = await database.read(lambda books: books.ledger.posted(paid.uid))

    assert (posted.allocated, posted.deposited, posted.refunded) == (Money(20_00), Money(0), Money(50_00))
    found = await database.read(
        lambda books: books.refunds.by_provider_receipt("mpesa", f" {given[0].provider_receipt.lower()}")
    )
    assert found == given[0]
    assert await database.read(lambda books: books.refunds.by_provider_receipt("mpesa", "")) is None


# ---------------------------------------------------------------- commands, checks, feeds


async def test_a_command_is_known_by_its_token_and_keeps_its_first_answer(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    request = GatewayRequest(
        uid=hospital.uid(),
        provider="mpesa",
        kind=RequestKind.PAYOUT,
        subject="refund:1",
        token="ab" * 32,
        asked_at=clock.now(),
        originator="ours",
    )
    await database.write(lambda books: books.requests.add(request))
    await database.write(lambda books: books.requests.accepted(request.uid, "theirs", "AG_1"))
    await database.write(lambda books: books.requests.answered(request.uid, "first", clock.now()))
    await database.write(lambda books: books.requests.answered(request.uid, "second", clock.forward(seconds=9)))

    stored: Any = await database.read(lambda books: books.requests.by_token("ab" * 32))

    assert (stored.originator, stored.conversation, stored.outcome) == ("theirs", "AG_1", "first")
    assert stored.answered_at == request.asked_at
    assert await database.read(lambda books: books.requests.by_token("")) is None
    with pytest.raises(Conflict):
        await database.write(lambda books: books.requests.add(replace(request, uid=hospital.uid())))
    with pytest.raises(NotFound):
        await database.write(lambda books: books.requests.accepted(hospital.uid(), "x", "y"))


def a_check(hospital: Hospital, **said: Any) -> ReceiptCheck:
    values: dict[str, Any] = {
        "uid": hospital.uid(),
        "provider": "mpesa",
        "receipt_no": "RKT91XQ2LM",
        "cause": CheckCause.CASHIER,
        "facility_id": hospital.facility,
        "asked_by": "cashier",
        "asked_at": hospital.clock.now(),
        "invoice_id": hospital.invoice,
        "user_id": hospital.user,
        "terminal": "T03A",
        "next_check_at": hospital.clock.now(),
    }
    return ReceiptCheck(**{**values, **said})


async def test_a_receipt_check_waits_until_it_is_decided(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    claim = provider_money(hospital, receipt_no="RKT91XQ2LM")
    check = a_check(hospital, claim=claim)
    bare = a_check(hospital, receipt_no="other", claim=None, next_check_at=None)
    for one in (check, bare):
        await database.write(lambda books, one=one: books.checks.add(one))  # type: ignore[misc]

    (found,) = await database.read(lambda books: books.checks.waiting_for("mpesa", "rkt91xq2lm "))

    assert found == replace(check, id=found.id)
    assert await database.write(lambda books: books.checks.lock(check.uid)) == found
    assert await database.read(lambda books: books.checks.due(clock.now(), 9)) == [check.uid]
    decided = replace(
        found,
        state=CheckState.REFUSED,
        code="used",
        text="t",
        decided_at=clock.now(),
        next_check_at=None,
        checks_done=2,
    )
    await database.write(lambda books: books.checks.save(decided))
    assert await database.read(lambda books: books.checks.get(check.uid)) == decided
    assert await database.read(lambda books: books.checks.waiting_for("mpesa", "RKT91XQ2LM")) == []
    with pytest.raises(NotFound):
        await database.write(lambda books: books.checks.save(a_check(hospital)))


async def test_a_cashier_is_told_where_a_receipt_number_was_used(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    def use(receipt_no: str) -> Any:
        return database.read_now(lambda books: books.checks.use_of("mpesa", receipt_no))

    prompted = hospital.prove(hospital.intend(), receipt_no="RKT91XQ2LM")
    await database.write(lambda books: books.receipts.add(receipt_for(hospital, prompted, 7)))
    held = waiting(hospital, 70_00, receipt_no="UNM1")
    split = waiting(hospital, 60_00, receipt_no="UNM2")
    payment = placed(hospital, split, 20_00, hospital.invoice)
    await database.write(lambda books: books.unmatched.take_on(held.id, "supervisor"))

    used = use("rkt91xq2lm")
    assert (used.owner, used.amount, used.at) == (f"payment:{prompted.uid}", Money(500_00), clock.now())
    assert (used.by, used.invoice_id, used.invoice_number) == ("Achieng O.", hospital.invoice, "INV-20931")
    assert (used.patient_name, used.receipt_no, used.payment_uid) == ("Wanjiku, Grace N.", "T03A-000007", prompted.uid)
    waits = use("UNM1")
    assert (waits.owner, waits.amount, waits.by) == (f"unmatched:{held.id}", Money(70_00), "supervisor")
    assert (waits.invoice_id, waits.payment_uid) == (None, None)
    part = use("UNM2")
    assert (part.owner, part.amount, part.payment_uid) == (f"unmatched:{split.id}", Money(60_00), payment.uid)
    assert part.invoice_number == "INV-20931"
    assert use("NEVER") is None


async def test_feeds_balances_and_the_stop_of_payouts_are_remembered(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    now = clock.now()
    feed = FeedState(provider="mpesa", feed="pull", covered_until=now, good_at=now, tried_at=now, trouble="")
    balances = [
        AccountBalance(provider="mpesa", account="Charges Paid", available=Money(-12_00), at=now),
        AccountBalance(provider="mpesa", account="Utility", available=Money(10**12), at=now),
    ]

    def work(books: Books) -> None:
        books.feeds.save(replace(feed, covered_until=None, trouble="away"))
        books.feeds.save(feed)
        books.feeds.save_balances([replace(balances[0], available=Money(0)), balances[1]])
        books.feeds.save_balances(balances[:1])
        books.feeds.halt("mpesa", "2001: wrong initiator", now)

    await database.write(work)
    assert await database.read(lambda books: books.feeds.state("mpesa", "pull")) == feed
    assert await database.read(lambda books: books.feeds.state("mpesa", "other")) is None
    assert await database.read(lambda books: books.feeds.balances("mpesa")) == balances
    assert await database.read(lambda books: books.feeds.halted("mpesa")) == "2001: wrong initiator"
    await database.write(lambda books: books.feeds.halt("mpesa", "", now))
    assert await database.read(lambda books: (books.feeds.halted("mpesa"), books.feeds.halted("x"))) == ("", "")


# ---------------------------------------------------------------- statements


async def test_a_statement_is_imported_once_and_its_lines_are_kept(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    file = await database.write(lambda books: books.statements.add(statement_file(hospital)))
    with pytest.raises(Conflict):
        await database.write(lambda books: books.statements.add(statement_file(hospital)))
    whole = replace(
        file,
        since=clock.now() - timedelta(days=1),
        until=clock.now(),
        opening=Money(1),
        closing=Money(-2),
        paid_in=Money(3),
        withdrawn=Money(10**13),
        lines=3,
        bad_lines=1,
        state="done",
        trouble="t",
        finished_at=clock.now(),
    )
    lines = [
        statement_line(hospital, 8, "RKT1", details="d", reason="r", payer="p", account="a"),
        statement_line(hospital, 9, "RKT1", kind="charge", withdrawn=Money(5_00), linked_receipt="RKT0"),
        statement_line(hospital, 11, "RKT2"),
    ]
    bad = [BadLine(row=10, text="no amount", cells="x;y")]
    await database.write(lambda books: books.statements.save(whole))
    await database.write(lambda books: books.statements.add_lines(file.id, lines[:2], bad))
    again = [replace(lines[0], paid_in=Money(1)), *lines[1:]]
    await database.write(lambda books: books.statements.add_lines(file.id, again, bad))

    def look(books: Books) -> Any:
        s = books.statements
        return [s.get(file.id), s.by_hash("f" * 64), *s.page(hospital.facility, None, 9)]

    assert await database.read(look) == [whole] * 3
    assert await database.read(lambda books: books.statements.page(hospital.facility, file.id, 9)) == []
    assert await database.read(lambda books: books.statements.lines(file.id, (), 0, 9)) == lines
    assert await database.read(lambda books: books.statements.lines(file.id, ("charge",), 0, 9)) == lines[1:2]
    assert await database.read(lambda books: books.statements.lines(file.id, (), 8, 1)) == lines[1:2]
    assert await database.read(lambda books: books.statements.bad_lines(file.id, 9)) == bad
    with pytest.raises(NotFound):
        await database.write(lambda books: books.statements.save(replace(file, id=99)))


async def test_what_we_hold_is_told_by_receipt_and_what_the_statement_lacks(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    hospital.prove(hospital.intend(), receipt_no="B1")
    twice = hospital.prove(hospital.intend(hospital.draft(invoice=hospital.add_invoice())), 300_00, receipt_no="C1")
    second = hospital.said(EvidenceKind.PAID, amount=Money(40_00), receipt_no="C2")
    grown = twice.payment.apply(second)
    both = replace(twice, payment=grown, received=Money(340_00), receipts=grown.verdict.receipts)
    await database.write(lambda books: books.payments.claim_receipt("mpesa", "C2", f"payment:{twice.uid}"))
    hospital.save(both, second)
    held = waiting(hospital, 70_00, receipt_no="A1", paid_at=None)
    other = hospital.prove(hospital.intend(hospital.draft(invoice=hospital.add_invoice())), receipt_no="D1")
    await database.write(
        lambda books: books.ledger.deposit(other.uid, hospital.patient, Money(1_00), "over", clock.now())
    )

    booked = await database.read(lambda books: books.statements.booked("mpesa", [" a1", "B1", "C1", "C2", "NONE"]))
    assert booked == {
        "A1": (f"unmatched:{held.id}", Money(70_00)),
        "B1": (f"payment:{await owner(database, 'B1')}", Money(500_00)),
        "C1": (f"payment:{twice.uid}", Money(300_00)),
        "C2": (f"payment:{twice.uid}", Money(40_00)),
    }
    assert await database.read(lambda books: books.statements.booked("stripe", ["B1"])) == {}
    numbers = ["A1", "B1", "C1", "C2", "D1", "NONE"]
    deposits = await database.read(lambda books: books.statements.with_deposits("mpesa", numbers))
    assert deposits == {"C1": twice.uid, "C2": twice.uid, "D1": other.uid}

    file = await database.write(lambda books: books.statements.add(statement_file(hospital)))
    await database.write(lambda books: books.statements.add_lines(file.id, [statement_line(hospital, 8, "B1")], []))

    def absent(after: str = "", limit: int = 9, **moved: float) -> Any:
        since = clock.now() + timedelta(**moved)
        items, last = database.read_now(
            lambda books: books.statements.ours_absent(file.id, since, since + timedelta(minutes=1), after, limit)
        )
        return [(item.receipt_no, item.here, item.owner, item.line_class) for item in items], last

    missing = LineClass.MISSING_THERE
    items, last = absent()
    assert items == [
        ("A1", Money(70_00), f"unmatched:{held.id}", missing),
        ("C1", Money(300_00), f"payment:{twice.uid}", missing),
        ("C2", Money(40_00), f"payment:{twice.uid}", missing),
        ("D1", Money(500_00), f"payment:{other.uid}", missing),
    ]
    assert last == "D1"
    assert [([item[0] for item in some], at) for some, at in (absent(limit=1), absent("A1", 1), absent("C1"))] == [
        (["A1"], "A1"),
        ([], "B1"),  # looked at, and known there
        (["C2", "D1"], "D1"),
    ]
    assert absent("D1") == absent(minutes=2) == absent(minutes=-2) == ([], "")
    with pytest.raises(NotFound):
        await database.read(lambda books: books.statements.ours_absent(99, clock.now(), clock.now(), "", 9))


async def owner(database: CentralDatabase, receipt: str) -> str:
    said = await database.read(lambda books: books.payments.owner_of("mpesa", receipt))
    return (said or "").removeprefix("payment:")


async def test_what_was_found_is_kept_once_counted_and_the_newest_word_counts(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    record = hospital.prove(hospital.intend(), receipt_no="RKT91XQ2LM")

    def item(file_id: int, line_class: LineClass, receipt_no: str = "RKT91XQ2LM", **said: Any) -> ReconciliationItem:
        return ReconciliationItem(file_id=file_id, line_class=line_class, receipt_no=receipt_no, **said)

    def doubted() -> Any:
        return database.read_now(lambda books: books.statements.is_doubted(record.uid))

    def add(items: list[ReconciliationItem], books: Books) -> None:
        books.statements.add_items(items)

    first, second = (
        database.write_now(
            partial(lambda letter, books: books.statements.add(statement_file(hospital, letter * 64)), x)
        )
        for x in "ab"
    )
    assert doubted() is False
    absent = item(first.id, LineClass.MISSING_THERE, here=Money(500_00), at=clock.now(), owner="payment:x", text="t")
    other = item(first.id, LineClass.MATCHED, "OTHER", row=8, here=Money(2), there=Money(1))
    await database.write(partial(add, [absent, other]))
    await database.write(partial(add, [absent, other]))

    stored = await database.read(lambda books: books.statements.items(first.id, (), 0, 9))
    assert [replace(one, id=0) for one in stored] == [absent, other]
    assert await database.read(
        lambda books: books.statements.items(first.id, (LineClass.MATCHED,), stored[0].id, 9)
    ) == [stored[1]]
    assert await database.read(lambda books: books.statements.counts(first.id)) == {
        LineClass.MISSING_THERE: (1, Money(500_00)),
        LineClass.MATCHED: (1, Money(1)),
    }
    assert doubted() is True
    await database.write(partial(add, [item(second.id, LineClass.MATCHED)]))
    assert doubted() is False
    assert await database.read(lambda books: books.statements.is_doubted(hospital.uid())) is False


# ---------------------------------------------------------------- tasks


async def test_a_task_is_closed_once_and_told_in_the_feed(hospital: Hospital, database: CentralDatabase) -> None:
    task = Task(kind=TaskKind.UNMATCHED, subject="unmatched:1", text="t")
    await database.write(lambda books: books.trail.open_task(task, hospital.facility))
    (opened,) = await database.read(lambda books: books.trail.tasks(hospital.facility, 9))

    for _ in range(2):
        await database.write(lambda books: books.trail.close_task(TaskKind.UNMATCHED, "unmatched:1"))
    await database.write(lambda books: books.trail.close_task(TaskKind.OVERPAID, "unmatched:1"))

    assert await database.read(lambda books: books.trail.tasks(hospital.facility, 9)) == []
    _, *closed = await database.read(lambda books: books.trail.events(0, 9))
    assert [(event.kind, event.facility_id, json.loads(event.data)) for event in closed] == [
        ("task.closed", hospital.facility, {"task_id": opened.id, "kind": "unmatched", "subject": "unmatched:1"})
    ]
    await database.write(lambda books: books.trail.open_task(task, hospital.facility))
    assert len(await database.read(lambda books: books.trail.tasks(hospital.facility, 9))) == 1
