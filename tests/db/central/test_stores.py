"""Each store gives back what it was given, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import (
    Advice,
    Channel,
    InboxMessage,
    InvoiceFilter,
    InvoicePage,
    PaymentFilter,
    PaymentRecord,
    ReceiptRecord,
    Serving,
    StoredAnswer,
    Task,
    TaskKind,
)
from hmis_pos.db.central.database import CentralDatabase
from hmis_pos.db.central.refusals import PromiseBroken
from hmis_pos.domain.errors import Conflict, NotFound
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.invoice import InvoiceStatus
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import Method, PaymentState
from hmis_pos.domain.receipt import Receipt, Tender
from tests.db.central.conftest import RawSql, StoppedClock
from tests.support.hospital import Hospital, central

# ---------------------------------------------------------------- invoices


async def test_an_invoice_comes_with_its_patient_and_lines_and_the_payable_of_the_domain(
    hospital: Hospital, database: CentralDatabase
) -> None:
    number = hospital.add_invoice(
        total=7_850_00,
        insurance=2_500_00,
        insurer="SHA",
        waiver=500_00,
        waiver_note="approved by M. Were",
        amount_paid=1_000_00,
    )

    invoice: Any = await database.read(lambda books: books.invoices.get(number))
    first: Any = await database.read(lambda books: books.invoices.get(hospital.invoice))

    assert invoice.payable == Money(3_850_00)
    assert (invoice.insurer, invoice.waiver_note) == ("SHA", "approved by M. Were")
    assert (first.patient_no, first.patient_name, first.patient_phone) == (
        "OP-118204",
        "Wanjiku, Grace N.",
        "0712 345 418",
    )
    assert [(line.description, line.amount) for line in first.lines] == [
        ("Consultation", Money(700_00)),
        ("Pharmacy", Money(300_00)),
    ]
    assert first.queued_at.tzinfo is UTC
    assert await database.read(lambda books: books.invoices.get(10**15)) is None


async def test_the_queue_is_paged_in_order_and_open_only(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    numbers = [hospital.invoice, *(hospital.add_invoice() for _ in range(6))]
    same = clock.now() - timedelta(minutes=30)
    for number in numbers[3:6]:
        hospital.change("invoice", number, queued_at=same)
    hospital.change("invoice", numbers[6], status="cancelled")
    elsewhere = hospital.put("facility", code="OTHER", name="Other")
    hospital.add_invoice(facility_id=elsewhere)

    def look(wanted: InvoiceFilter, books: Books) -> InvoicePage:
        return books.invoices.page(wanted, clock.now())

    seen: list[int] = []
    after = None
    while True:
        wanted = InvoiceFilter(facility_id=hospital.facility, after=after, limit=2)
        page = (await database.read(partial(look, wanted))).invoices
        seen += [invoice.id for invoice in page]
        if len(page) < 2:
            break
        after = (page[-1].queued_at, page[-1].id)
    everything = await database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=hospital.facility, open_only=False), clock.now())
    )

    assert seen == [*numbers[3:6], *numbers[:3]]
    assert len(everything.invoices) == 7
    assert await database.read(lambda books: books.invoices.count_open(hospital.facility)) == 6


async def test_what_is_paid_is_told_to_the_hmis_with_the_status_that_follows(
    hospital: Hospital, database: CentralDatabase
) -> None:
    def pay(amount: int) -> Any:
        def work(books: Books) -> Any:
            books.invoices.add_paid(hospital.invoice, Money(amount))
            return books.invoices.get(hospital.invoice)

        return database.write_now(work)

    assert (pay(400_00).status, pay(600_00).status, pay(-1).status) == (
        InvoiceStatus.OPEN,
        InvoiceStatus.PAID,
        InvoiceStatus.OPEN,
    )
    hospital.change("invoice", hospital.invoice, status="cancelled")
    assert pay(1).status is InvoiceStatus.CANCELLED
    with pytest.raises(NotFound):
        database.write_now(lambda books: books.invoices.add_paid(999_999, Money(1)))


async def test_a_claim_on_an_invoice_is_a_lease(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    claim = Serving(
        invoice_id=hospital.invoice,
        terminal="T03A",
        counter="Counter 3",
        cashier="Achieng O.",
        until=clock.now() + timedelta(seconds=90),
    )
    await database.write(lambda books: books.invoices.serve(claim))
    taken = replace(claim, terminal="T01A", counter="Counter 1")
    await database.write(lambda books: books.invoices.serve(taken))

    held = await database.read(lambda books: books.invoices.serving(hospital.invoice, clock.now()))
    page = await database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=hospital.facility), clock.now())
    )
    wrong = await database.write(lambda books: books.invoices.release(hospital.invoice, "T03A"))

    assert held == taken
    assert page.serving == {hospital.invoice: taken}
    assert wrong is False
    assert (
        await database.read(lambda books: books.invoices.serving(hospital.invoice, clock.forward(seconds=90))) is None
    )
    assert await database.write(lambda books: books.invoices.release(hospital.invoice, "T01A")) is True


async def test_a_ringing_phone_is_seen_in_the_queue(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    waiting = hospital.intend()
    hospital.intend(hospital.draft(method=Method.CASH))

    page = await database.read(
        lambda books: books.invoices.page(InvoiceFilter(facility_id=hospital.facility), clock.now())
    )

    assert page.ringing == {hospital.invoice: waiting}


async def test_every_change_of_an_invoice_its_lines_and_its_patient_is_seen_once(
    hospital: Hospital, database: CentralDatabase, raw: RawSql
) -> None:
    def changes(since: datetime, limit: int = 100) -> Any:
        return database.read_now(lambda books: books.invoices.changes(since, limit))

    (start,) = changes(datetime(2000, 1, 1, tzinfo=UTC))
    assert start[:2] == (hospital.invoice, hospital.facility)
    since = start[2]
    touches = (
        lambda: hospital.change("invoice", hospital.invoice, waiver=1_00),
        lambda: hospital.put("invoice_line", invoice_id=hospital.invoice, description="Dressing", amount=1_00),
        lambda: raw("UPDATE invoice_line SET quantity = 2 WHERE description = 'Dressing'"),
        lambda: raw("DELETE FROM invoice_line WHERE description = 'Dressing'"),
        lambda: hospital.change("patient", hospital.patient, phone="254700000000"),
    )
    for touch in touches:
        touch()
        (seen,) = changes(since)
        assert seen[0] == hospital.invoice
        assert seen[2] > since
        since = seen[2]
    assert changes(since) == []
    others = [hospital.add_invoice() for _ in range(5)]
    assert [number for number, _, _ in changes(since, 3)] == others[:3]


# ---------------------------------------------------------------- payments


async def test_a_payment_comes_back_as_it_was_stored(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    full = replace(
        hospital.draft(),
        terminal="T03A",
        idempotency_key="key-1",
        phone="254712345418",
        account_reference="INV20931A",
        callback_token="ab" * 32,
        provider_request="ws_CO_1",
        tendered=Money(1_000_00),
        change=Money(500_00),
        note="Kwa \x00 mtoto",
        failure_code="17",
        failure_text="words",
        agreed=True,
        advice=Advice.WAIT,
        retry_not_before=clock.now() + timedelta(minutes=2),
        checks_done=3,
        attempt=2,
        channel=Channel.PAYBILL,
        account_typed=" inv 20931 ",
        payer="GRACE 2547 ***** 418",
        paid_at=clock.now() - timedelta(minutes=1),
        fee=Money(2_75),
    )
    stored = await database.write(lambda books: books.payments.add(full))

    def look(books: Books) -> Any:
        p = books.payments
        return [
            p.get(full.uid),
            p.lock(full.uid),
            p.by_token("ab" * 32),
            p.by_request("mpesa", "ws_CO_1"),
            p.by_account("mpesa", "INV20931A"),
            p.by_idempotency_key("key-1"),
            p.of_invoice(hospital.invoice)[0],
            p.last_for_phone("254712345418", clock.now() - timedelta(seconds=1)),
        ]

    assert stored == replace(full, id=stored.id, note="Kwa \ufffd mtoto")
    assert await database.read(look) == [stored] * 8
    assert await database.write(look) == [stored] * 8

    def find_nothing(books: Books) -> Any:
        p = books.payments
        return [
            p.by_token(""),
            p.by_request("mpesa", ""),
            p.by_request("stripe", "ws_CO_1"),
            p.by_account("mpesa", ""),
            p.by_idempotency_key(""),
            p.last_for_phone("254712345418", clock.now()),
        ]

    assert await database.read(find_nothing) == [None] * 6


async def test_evidence_is_kept_in_the_order_heard_and_a_repeat_is_not_kept_twice(
    hospital: Hospital, database: CentralDatabase
) -> None:
    record = hospital.intend()
    facts = (
        hospital.said(EvidenceKind.ACCEPTED, Source.SUBMIT, reference="ws_CO_1"),
        hospital.said(EvidenceKind.UNREACHED, code="1037", text="DS timeout \ud800"),
        hospital.said(EvidenceKind.PAID, receipt_no="RKT91XQ2LM", amount=Money(500_00)),
    )
    for fact in (*facts, facts[2]):
        record = replace(record, payment=record.payment.apply(fact))
        hospital.save(record, fact)

    stored: Any = await database.read(lambda books: books.payments.get(record.uid))

    assert [fact.digest for fact in stored.payment.evidence] == [fact.digest for fact in facts]
    assert stored.payment.evidence[2] == facts[2]
    assert stored.state is PaymentState.COMPLETED


async def test_the_whole_answer_of_the_gateway_is_kept_for_the_hmis(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock, raw: RawSql
) -> None:
    body = b'{"Body": {"Amount": 500.10, "Name": "\\u0000 \\ud800"}}'
    message = InboxMessage(
        provider="mpesa",
        channel="stk",
        token="ab",
        source_ip="127.0.0.1",
        headers="{}",
        body=body,
        received_at=clock.now(),
    )
    number = await database.write(lambda books: books.inbox.add(message))
    record = hospital.intend()

    for raw_id, expected in ((number, '"500.10"'), (None, '"17"')):
        fact = hospital.said(EvidenceKind.UNCLEAR, code="17", text=f"{raw_id}", raw_id=raw_id, reference=f"{raw_id}")
        hospital.save(record, fact)
        ((kept,),) = raw("SELECT CAST(gateway_response AS TEXT) FROM payment_transaction")
        assert expected in kept


@pytest.mark.parametrize("column", ["idempotency_key", "account_reference", "callback_token", "provider_request"])
async def test_a_repeated_reference_names_its_field_and_the_transaction_goes_on(
    hospital: Hospital, database: CentralDatabase, column: str
) -> None:
    def given(value: str) -> dict[str, Any]:
        return {column: value}

    hospital.intend(replace(hospital.draft(method=Method.CASH), **given("A1")))

    def work(books: Books) -> Any:
        again = replace(hospital.draft(method=Method.CASH), **given("A1"))
        with pytest.raises(Conflict) as refused:
            books.payments.add(again)
        books.payments.add(replace(again, **given("A2")))
        return refused.value

    refused = await database.write(work)

    assert refused.code == "duplicate-reference"
    assert refused.field == {"idempotency_key": "Idempotency-Key", "provider_request": "gateway_reference"}.get(
        column, column
    )
    assert len(await database.read(lambda books: books.payments.of_invoice(hospital.invoice))) == 2


async def test_a_repeated_uid_and_a_second_open_attempt_are_refused(
    hospital: Hospital, database: CentralDatabase
) -> None:
    first = hospital.intend()

    with pytest.raises(Conflict) as same:
        await database.write(lambda books: books.payments.add(replace(first, payment=first.payment)))
    with pytest.raises(Conflict) as open_attempt:
        await database.write(lambda books: books.payments.add(hospital.draft()))

    assert {same.value.code, open_attempt.value.code} <= {"duplicate-reference", "attempt-open"}
    assert (open_attempt.value.code, open_attempt.value.field) == ("attempt-open", "invoice_id")


async def test_a_receipt_number_of_a_provider_has_one_owner_for_ever(
    hospital: Hospital, database: CentralDatabase
) -> None:
    def work(books: Books) -> Any:
        p = books.payments
        p.claim_receipt("mpesa", " rkt91xq2lm ", "payment:1")
        with pytest.raises(Conflict) as refused:
            p.claim_receipt("mpesa", "RKT91XQ2LM", "unmatched:2")
        p.claim_receipt("stripe", "RKT91XQ2LM", "payment:3")
        return refused.value, p.owner_of("mpesa", "Rkt91xq2lm"), p.owner_of("mpesa", "NONE")

    refused, owner, nobody = await database.write(work)

    assert (refused.code, refused.field) == ("duplicate-reference", "gateway_reference")
    assert (owner, nobody) == ("payment:1", None)


async def test_due_payments_are_those_whose_time_has_come_oldest_first(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    late, soon, never = (
        hospital.intend(
            replace(
                hospital.draft(invoice=hospital.add_invoice()),
                next_check_at=None if seconds is None else clock.now() + timedelta(seconds=seconds),
            )
        )
        for seconds in (60, 20, None)
    )

    def due(seconds: int, limit: int = 10) -> Any:
        return database.read_now(lambda books: books.payments.due(clock.now() + timedelta(seconds=seconds), limit))

    assert due(19) == []
    assert due(20) == [soon.uid]
    assert due(60) == [soon.uid, late.uid]
    assert due(60, 1) == [soon.uid]
    assert never.uid not in due(10**6)


async def test_payments_are_listed_newest_first_with_what_was_posted(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    paid = hospital.prove(hospital.intend(), receipt_no="RKT91XQ2LM")
    cash = hospital.intend(replace(hospital.draft(200_00, method=Method.CASH), cashier="other", terminal="T01A"))

    def post(books: Books) -> Any:
        books.ledger.allocate(paid.uid, hospital.invoice, Money(400_00), clock.now())
        books.ledger.deposit(paid.uid, hospital.patient, Money(100_00), "over", clock.now())
        books.receipts.add(receipt_for(hospital, paid, 1))

    await database.write(post)

    def page(**wanted: Any) -> Any:
        found = database.read_now(
            lambda books: books.payments.page(PaymentFilter(facility_id=hospital.facility, **wanted))
        )
        return [summary.record.uid for summary in found]

    summary: Any = await database.read(lambda books: books.payments.summary(paid.uid))
    assert (summary.allocated, summary.deposited, summary.receipt_no) == (Money(400_00), Money(100_00), "T03A-000001")
    assert (summary.invoice_number, summary.patient_no) == ("INV-20931", "OP-118204")
    assert summary.record.payment.evidence[0].receipt_no == "RKT91XQ2LM"
    both = [cash.uid, paid.uid]
    assert page() == both
    assert page(limit=1) == both[:1]
    assert page(after=cash.id) == both[1:]
    assert page(states=(PaymentState.COMPLETED,)) == both[1:]
    assert page(methods=("cash", "stripe")) == both[:1]
    assert page(channels=(Channel.COUNTER, Channel.CODE)) == both
    assert page(channels=(Channel.PAYBILL,)) == []
    assert page(cashier="other", terminal="T01A") == both[:1]
    assert page(invoice_id=hospital.invoice, patient_id=hospital.patient) == both
    assert page(invoice_id=hospital.invoice + 1) == []
    assert page(since=clock.now(), until=clock.now() + timedelta(seconds=1)) == both
    assert page(until=clock.now()) == []
    for text in ("rkt91", "T03A-000001", "wanjiku", "grace 20931"):
        assert paid.uid in page(text=text), text
    assert page(text="rkt91 wanjiku") == [paid.uid]
    assert page(text="rkt91 otieno") == []
    counted = await database.read(
        lambda books: (books.payments.count(PaymentState.COMPLETED), books.payments.count(PaymentState.FAILED))
    )
    assert counted == (1, 0)


async def test_saving_what_was_never_stored_is_an_error(hospital: Hospital, database: CentralDatabase) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda books: books.payments.save(hospital.draft()))


# ---------------------------------------------------------------- books


async def test_what_was_posted_is_summed_up(hospital: Hospital, database: CentralDatabase, clock: StoppedClock) -> None:
    paid = hospital.prove(hospital.intend())

    def work(books: Books) -> Any:
        nothing = books.ledger.posted(paid.uid)
        books.ledger.allocate(paid.uid, hospital.invoice, Money(500_00), clock.now())
        books.ledger.allocate(paid.uid, hospital.invoice, Money(-100_00), clock.now())
        books.ledger.deposit(paid.uid, hospital.patient, Money(100_00), "over", clock.now())
        return nothing, books.ledger.posted(paid.uid)

    nothing, something = await database.write(work)

    assert (nothing.allocated, nothing.deposited) == (Money(0), Money(0))
    assert (something.allocated, something.deposited) == (Money(400_00), Money(100_00))
    with pytest.raises(PromiseBroken, match="more would be allocated"):
        await database.write(lambda books: books.ledger.allocate(paid.uid, hospital.invoice, Money(1), clock.now()))


def receipt_for(
    hospital: Hospital, record: PaymentRecord, number: int, series: str = "T03A", uid: UUID | None = None
) -> Any:
    invoice: Any = hospital.database.read_now(lambda books: books.invoices.get(record.payment.invoice_id))
    return ReceiptRecord(
        receipt=Receipt(
            uid=uid or hospital.uid(),
            series=series,
            number=number,
            payment_uid=record.uid,
            method=record.payment.method,
            tender=Tender(tendered=Money(1_000_00), applied=record.payment.asked),
            issued_at=hospital.clock.now(),
            cashier="Achieng O.",
            counter="Counter 3",
            invoice=invoice,
            provider_receipt="RKT91XQ2LM",
        ),
        content_hash="h",
        terminal="T03A",
        received_at=hospital.clock.now(),
        outcome="settled",
    )


async def test_a_receipt_comes_back_with_the_invoice_as_the_cashier_saw_it(
    hospital: Hospital, database: CentralDatabase
) -> None:
    record = hospital.intend()
    receipt = receipt_for(hospital, record, 7)
    await database.write(lambda books: books.receipts.add(receipt))
    hospital.change("invoice", hospital.invoice, total=1)

    def look(books: Books) -> Any:
        r = books.receipts
        return [r.by_uid(receipt.receipt.uid), r.by_number("T03A", 7), r.by_payment(record.uid)]

    assert await database.read(look) == [receipt] * 3
    assert await database.read(lambda books: books.receipts.by_number("T03A", 8)) is None


async def test_the_last_number_of_a_series_is_the_one_before_the_first_hole(
    hospital: Hospital, database: CentralDatabase
) -> None:
    def add(number: int) -> Any:
        record = hospital.intend(hospital.draft(method=Method.CASH))
        new = receipt_for(hospital, record, number)
        database.write_now(lambda books: books.receipts.add(new))
        return database.read_now(lambda books: books.receipts.last_number("T03A"))

    assert [add(number) for number in (2, 1, 5, 6, 4, 3, 8)] == [0, 2, 2, 2, 2, 6, 6]
    assert await database.read(lambda books: books.receipts.last_number("T09A")) == 0


async def test_one_receipt_for_a_number_and_one_for_a_payment(hospital: Hospital, database: CentralDatabase) -> None:
    first, second = (hospital.intend(hospital.draft(method=Method.CASH)) for _ in range(2))
    await database.write(lambda books: books.receipts.add(receipt_for(hospital, first, 1)))

    def add(receipt: ReceiptRecord, books: Books) -> None:
        books.receipts.add(receipt)

    for record, number, field in ((second, 1, "number"), (first, 2, "payment_uid")):
        again = receipt_for(hospital, record, number)
        with pytest.raises(Conflict) as refused:
            await database.write(partial(add, again))
        assert (refused.value.code, refused.value.field) == ("duplicate-reference", field)


async def test_a_receipt_without_its_payment_is_not_committed(hospital: Hospital, database: CentralDatabase) -> None:
    nowhere = hospital.draft()

    with pytest.raises(PromiseBroken):
        await database.write(lambda books: books.receipts.add(receipt_for(hospital, nowhere, 1)))

    assert await database.read(lambda books: books.receipts.by_number("T03A", 1)) is None


async def test_callbacks_wait_until_they_are_dealt_with(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    message = InboxMessage(
        provider="mpesa",
        channel="stk",
        token="ab",
        source_ip="196.201.214.200",
        headers='{"user-agent": "x"}',
        body=b"\xff\x00 not text",
        received_at=clock.now(),
    )
    first = await database.write(lambda books: books.inbox.add(message))
    second = await database.write(lambda books: books.inbox.add(message))

    assert await database.read(lambda books: books.inbox.waiting(1)) == [replace(message, id=first)]
    assert await database.read(lambda books: books.inbox.depth()) == 2
    await database.write(lambda books: books.inbox.done(first, "payment:1", clock.now()))
    await database.write(lambda books: books.inbox.done(first, "payment:2", clock.now()))

    assert [m.id for m in await database.read(lambda books: books.inbox.waiting(10))] == [second]


# ---------------------------------------------------------------- people


async def test_a_user_comes_with_the_count_of_failures(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    until = clock.now() + timedelta(minutes=15)
    await database.write(lambda books: books.users.note_failure(hospital.user, 5, until))

    user: Any = await database.read(lambda books: books.users.by_name("cashier"))

    assert (user.failures, user.locked_until, user.active, user.role) == (5, until, True, "billing")
    assert await database.read(lambda books: books.users.by_id(hospital.user)) == user
    await database.write(lambda books: books.users.note_failure(hospital.user, 0, None))
    again: Any = await database.read(lambda books: books.users.by_id(hospital.user))
    assert (again.failures, again.locked_until) == (0, None)
    assert await database.read(lambda books: books.users.by_name("Cashier")) is None


async def test_a_session_is_rotated_and_revoked(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    session, end = hospital.uid(), clock.now() + timedelta(hours=16)
    await database.write(lambda books: books.users.open_session(session, hospital.user, "h1", end, clock.now()))
    await database.write(lambda books: books.users.rotate_session(session, "h2"))

    assert await database.read(lambda books: books.users.session(session)) == (hospital.user, "h2", end, False)
    assert await database.read(lambda books: books.users.session_user(session)) == hospital.user
    await database.write(lambda books: books.users.revoke_session(session))
    assert await database.read(lambda books: books.users.session(session)) == (hospital.user, "h2", end, True)
    assert await database.read(lambda books: books.users.session_user(session)) is None
    assert await database.read(lambda books: books.users.session(hospital.uid())) is None


async def test_each_install_gets_a_series_of_its_own(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    def enrol(install: int, counter: str) -> Any:
        return database.write_now(
            lambda books: books.terminals.enrol(UUID(int=install), counter, hospital.facility, clock.now())
        )

    first, second, again, same = enrol(1, "Counter 3"), enrol(2, "Pharmacy"), enrol(3, "Counter 3"), enrol(1, "Other")

    assert [t.series for t in (first, second, again, same)] == ["T01A", "T02A", "T01B", "T01A"]
    assert first.facility_name == "Test Hospital"
    record = hospital.intend()
    await database.write(lambda books: books.receipts.add(receipt_for(hospital, record, 5, "T01A")))
    known: Any = await database.read(lambda books: books.terminals.by_series("T01A"))
    assert (known.install_uid, known.last_number) == (UUID(int=1), 5)
    assert await database.read(lambda books: books.terminals.get(UUID(int=9))) is None


async def test_an_idempotency_key_is_reserved_answered_and_freed(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    until = clock.now() + timedelta(minutes=2)
    new = StoredAnswer(key="k", request_hash="h", locked_until=until)

    def begin() -> Any:
        return database.write_now(lambda books: books.answers.begin(new, "/api/x", hospital.user, clock.now()))

    def get() -> Any:
        return database.read_now(lambda books: books.answers.get("k"))

    assert (begin(), begin()) == (True, False)
    assert get() == new
    await database.write(lambda books: books.answers.forget("k"))
    assert get() is None
    assert begin()
    await database.write(lambda books: books.answers.relock("k", until + timedelta(minutes=1)))
    assert get().locked_until == until + timedelta(minutes=1)
    await database.write(lambda books: books.answers.finish("k", 201, b"{}"))
    await database.write(lambda books: books.answers.forget("k"))
    assert get() == StoredAnswer(key="k", request_hash="h", status=201, body=b"{}")


async def test_old_answers_go_unless_somebody_works_on_their_key(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    old = clock.now()
    until = old + timedelta(minutes=2)

    def begin(key: str) -> Any:
        new = StoredAnswer(key=key, request_hash="h", locked_until=until)
        return database.write_now(lambda books: books.answers.begin(new, "/api/x", hospital.user, clock.now()))

    for key in ("answered", "left-behind", "worked-on", "answered-2"):
        begin(key)
    clock.forward(days=90)
    begin("new")

    def rest(books: Books) -> Any:
        for key in ("answered", "answered-2", "new"):
            books.answers.finish(key, 201, b"{}")
        books.answers.relock("worked-on", clock.now() + timedelta(minutes=2))

    await database.write(rest)

    def drop(before: Any, limit: int) -> Any:
        return database.write_now(lambda books: books.answers.drop(before, limit))

    assert drop(old, 9) == 0
    assert [drop(clock.now(), 2) for _ in range(3)] == [2, 1, 0]
    for key, stays in (("answered", False), ("left-behind", False), ("worked-on", True), ("new", True)):

        def kept(books: Books, key: str = key) -> bool:
            return books.answers.get(key) is not None

        assert await database.read(kept) is stays


# ---------------------------------------------------------------- trail


async def test_one_open_task_for_a_subject_told_in_the_feed(
    hospital: Hospital, database: CentralDatabase, clock: StoppedClock
) -> None:
    task = Task(kind=TaskKind.OVERPAID, subject="payment:1", text="Tell the patient", amount=Money(100_00))
    await database.write(lambda books: books.trail.open_task(task, hospital.facility))
    await database.write(lambda books: books.trail.open_task(task, hospital.facility))

    (stored,) = await database.read(lambda books: books.trail.tasks(hospital.facility, 10))
    events = await database.read(lambda books: books.trail.events(0, 10))

    assert stored == replace(task, id=stored.id, opened_at=clock.now())
    assert await database.read(lambda books: books.trail.task(stored.id)) == stored
    assert await database.read(lambda books: books.trail.task(stored.id + 1)) is None
    assert [(e.seq, e.kind, e.data) for e in events] == [(1, "task.opened", f'{{"task_id":{stored.id}}}')]


async def test_a_phase_that_fails_leaves_nothing(hospital: Hospital, database: CentralDatabase) -> None:
    def work(books: Books) -> Any:
        books.payments.add(hospital.draft())
        books.trail.audit("a", "b", "c", "d", {})
        books.trail.emit("payment.changed", 1, {})
        central(books).connection.exec_driver_sql("SELECT 1")
        raise RuntimeError("halfway")

    before = await database.read(lambda books: (books.trail.last_event(), len(books.trail.entries(0, 99))))
    with pytest.raises(RuntimeError, match="halfway"):
        await database.write(work)

    after = await database.read(lambda books: (books.trail.last_event(), len(books.trail.entries(0, 99))))
    assert after == before
    assert await database.read(lambda books: books.payments.of_invoice(hospital.invoice)) == []
