"""Hold a statement against our books, line by line, and say of each what it is (reliability reference, section 6).

What is missing here is created from the line, the same way in as any money. What is missing there freezes refunds until it is
explained. What the provider took back is taken back here. Nothing is ever deleted, and no amount of ours is changed by a
statement: a person decides about a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from hmis_pos.cashier import receive_money
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.receive_money import TakenAs
from hmis_pos.cashier.reconcile_out import compare_out, item_of
from hmis_pos.cashier.records import Task, TaskKind
from hmis_pos.cashier.records_back_office import (
    COLLECTION,
    PAYOUT,
    REVERSAL,
    LineClass,
    ProviderMoney,
    ReconciliationItem,
    StatementEntry,
    StatementFile,
)
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.evidence import SUCCESS_KINDS, Source
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import MONEY_STATES

#: Lines compared in one step.
BATCH = 1000
#: Lines missing here that are taken in by one transaction: a flush to the disk each would be most of the time, many hold up the counters.
TOGETHER = 10
#: A statement that ends at 23:59:59 is continued by one that begins at midnight.
_STEP = timedelta(seconds=1)

Told = Callable[[StatementFile], None]


async def compare(ctx: Context, file: StatementFile, told: Told) -> StatementFile:
    """Compare all stored lines of a file with the books; safe to repeat. Returns the file, done."""
    begun = bool(await ctx.database.read(lambda books: books.statements.counts(file.id)))
    for kinds in ((COLLECTION,), (REVERSAL, PAYOUT)):  # what came in first, so that what went out finds it
        after = 0
        while True:
            page = await ctx.database.read(partial(_page, file_id=file.id, kinds=kinds, after=after))
            if not page:
                break
            after = page[-1].row
            if begun:  # by an import that was interrupted: a line is told once
                told_rows = await ctx.database.read(partial(_told_rows, file_id=file.id, page=page))
                page = [line for line in page if line.row not in told_rows]
            if kinds == (COLLECTION,):
                await _collections(ctx, file, page)
            else:
                await compare_out(ctx, file, page)
            told(file)
    await _only_here(ctx, file)

    def done(books: Books) -> StatementFile:
        changed = replace(file, state="done", trouble="", finished_at=ctx.clock.now())
        books.statements.save(changed)
        counts = {kind.value: count for kind, (count, _) in books.statements.counts(file.id).items()}
        books.trail.audit(file.imported_by, "statement.compared", f"statement:{file.id}", "", {"counts": counts})
        books.trail.emit("statement.changed", file.facility_id, {"statement_id": file.id})
        return changed

    return await ctx.database.write(done)


def _page(books: Books, *, file_id: int, kinds: Sequence[str], after: int) -> Sequence[StatementEntry]:
    return books.statements.lines(file_id, kinds, after, BATCH)


def _told_rows(books: Books, *, file_id: int, page: Sequence[StatementEntry]) -> frozenset[int]:
    return books.statements.told_rows(file_id, page[0].row, page[-1].row)


# ---------------------------------------------------------------- money that came


async def _collections(ctx: Context, file: StatementFile, page: Sequence[StatementEntry]) -> None:
    receipts = [line.receipt_no for line in page]

    def held(books: Books) -> tuple[Mapping[str, tuple[str, Money]], Mapping[str, UUID]]:
        store = books.statements
        return store.booked(file.provider, receipts), store.with_deposits(file.provider, receipts)

    booked, doubtful = await ctx.database.read(held)
    await _missing_here(ctx, file, [line for line in page if line.receipt_no not in booked])
    items = []
    for line in page:
        if line.receipt_no not in booked:
            continue
        owner, amount = booked[line.receipt_no]
        line_class, text = LineClass.MATCHED, ""
        if amount != line.paid_in:
            line_class, text = LineClass.AMOUNT_DIFF, "the amounts differ: look at both before anything is given back"
        elif line.receipt_no in doubtful:
            look = partial(_is_second, payment_uid=doubtful[line.receipt_no], receipt=line.receipt_no)
            if await ctx.database.read(look):
                line_class, text = LineClass.DUPLICATE, "paid a second time: what is over lies in the patient's deposit"
        items.append(item_of(file, line, line_class, here=amount, there=line.paid_in, owner=owner, text=text))
    await ctx.database.write(lambda books: _store(books, file, items))


def _store(books: Books, file: StatementFile, items: Sequence[ReconciliationItem]) -> None:
    books.statements.add_items(items)
    missing = books.trail.open_subjects(TaskKind.MISSING_THERE)
    for item in items:
        if item.line_class in (LineClass.MATCHED, LineClass.DUPLICATE) and _about(item) in missing:
            books.trail.close_task(TaskKind.MISSING_THERE, _about(item))
        if item.line_class is LineClass.AMOUNT_DIFF:
            here, there = (amount.grouped if amount else "nothing" for amount in (item.here, item.there))
            books.trail.open_task(
                Task(
                    kind=TaskKind.AMOUNT_DIFF_THERE,
                    subject=_about(item),
                    text=f"Receipt {item.receipt_no}: our books say {here}, the statement {there}. {item.text}",
                    amount=item.there,
                ),
                file.facility_id,
            )


def _about(item: ReconciliationItem) -> str:
    return f"receipt:{item.receipt_no}"


async def _missing_here(ctx: Context, file: StatementFile, lines: Sequence[StatementEntry]) -> None:
    """A few lines share a transaction; where the books refuse one of them, each is tried by itself."""
    for first in range(0, len(lines), TOGETHER):
        part = lines[first : first + TOGETHER]
        try:
            await ctx.database.write(partial(_take_lines, ctx=ctx, file=file, lines=part))
        except (Unavailable, OutcomeUnknown):
            raise
        except PosError:
            for line in part:
                await _take_alone(ctx, file, line)


async def _take_alone(ctx: Context, file: StatementFile, line: StatementEntry) -> None:
    try:
        await ctx.database.write(partial(_take_lines, ctx=ctx, file=file, lines=[line]))
    except (Unavailable, OutcomeUnknown):
        raise
    except PosError as e:
        await ctx.database.write(partial(_refused, file=file, line=line, why=e.message))


def _take_lines(books: Books, *, ctx: Context, file: StatementFile, lines: Sequence[StatementEntry]) -> None:
    """The money and what its line turned out to be, together or not at all."""
    _store(books, file, [_take_line(books, ctx, file, line) for line in lines])


def _refused(books: Books, *, file: StatementFile, line: StatementEntry, why: str) -> None:
    item = item_of(file, line, LineClass.MISSING_HERE, there=line.paid_in, text=f"the books refuse it: {why}")
    books.statements.add_items([item])
    books.trail.open_task(
        Task(
            kind=TaskKind.BAD_CALLBACK,
            subject=_about(item),
            text=f"Receipt {line.receipt_no}, {line.paid_in.grouped}, stands in Safaricom's statement {file.name}, and our books refuse"
            f" it: {why}. It is not in the books.",
            amount=line.paid_in,
        ),
        file.facility_id,
    )


def _take_line(books: Books, ctx: Context, file: StatementFile, line: StatementEntry) -> ReconciliationItem:
    if not line.status:  # a person cut the column away, and a declined payment looks like a completed one
        text = "the file does not say whether it was completed: export the statement anew, with all columns"
        return item_of(file, line, LineClass.MISSING_HERE, there=line.paid_in, text=text)
    money = ProviderMoney(
        provider=file.provider,
        source=Source.STATEMENT,
        receipt_no=line.receipt_no,
        amount=line.paid_in,
        observed_at=ctx.clock.now(),
        account=line.account,
        payer_name=line.payer,
        kind=line.reason,
        paid_at=line.completed_at,
    )
    taken = receive_money.take_in(books, ctx, money, actor=f"statement:{file.id}")
    owner = taken.owner
    if taken.was_paid or taken.how is TakenAs.KNOWN:
        return item_of(
            file,
            line,
            LineClass.MATCHED,
            here=line.paid_in,
            there=line.paid_in,
            owner=owner,
            text="Safaricom had confirmed it before; its receipt number came with this line",
        )
    text = "placed by its account" if owner.startswith("payment:") else "it waits as unmatched money"
    return item_of(file, line, LineClass.MISSING_HERE, there=line.paid_in, owner=owner, text=text)


def _is_second(books: Books, *, payment_uid: UUID, receipt: str) -> bool:
    """Whether this receipt paid for what another receipt had paid for already."""
    record = books.payments.get(payment_uid)
    if record is None:
        return False
    if len(record.receipts) > 1:
        proofs = [fact for fact in record.payment.evidence if fact.kind in SUCCESS_KINDS and fact.receipt_no]
        first = min(proofs, key=lambda fact: (fact.observed_at, fact.receipt_no), default=None)
        return first is not None and first.receipt_no.strip().upper() != receipt
    if books.ledger.posted(payment_uid).allocated.minor > 0:
        return False
    mine = record.paid_at or record.completed_at or record.payment.asked_at
    return any(
        other.uid != record.uid
        and other.payment.method is record.payment.method
        and other.state in MONEY_STATES
        and other.received == record.received
        and (other.paid_at or other.completed_at or other.payment.asked_at) <= mine
        for other in books.payments.of_invoice(record.payment.invoice_id)
    )


# ---------------------------------------------------------------- what only we have


@dataclass(frozen=True, slots=True)
class _Span:
    """Whose payments are looked for, and between which instants their absence is sure.

    An end that another statement continues is no edge: what neither of the two names was not there.
    """

    since: datetime
    until: datetime
    sure_since: datetime
    sure_until: datetime

    @classmethod
    def of(cls, books: Books, since: datetime, until: datetime, file: StatementFile, margin: timedelta) -> _Span:
        goes_back = books.statements.is_covered(file, since - 2 * margin, since - _STEP)
        goes_on = books.statements.is_covered(file, until + _STEP, until + 2 * margin)
        return cls(
            since=since - margin if goes_back else since,
            until=until + margin if goes_on else until,
            sure_since=since - margin if goes_back else since + margin,
            sure_until=until + margin if goes_on else until - margin,
        )


async def _only_here(ctx: Context, file: StatementFile) -> None:
    since, until = file.since, file.until
    if since is None or until is None:
        return
    margin = ctx.policy.statement_margin
    span = await ctx.database.read(lambda books: _Span.of(books, since, until, file, margin))
    after = ""
    while True:
        after = await ctx.database.write(partial(_absent, file=file, span=span, after=after))
        if not after:
            return


def _absent(books: Books, *, file: StatementFile, span: _Span, after: str) -> str:
    """Write down those of a batch; the last receipt number looked at, empty when there are no more."""
    items = []
    absent, last = books.statements.ours_absent(file.id, span.since, span.until, after, BATCH)
    for found in absent:
        is_sure = found.at is not None and span.sure_since <= found.at <= span.sure_until
        line_class = LineClass.MISSING_THERE if is_sure else LineClass.TIMING
        items.append(replace(found, line_class=line_class, text=_ABSENT[line_class]))
    books.statements.add_items(items)
    for item in items:
        if item.line_class is LineClass.MISSING_THERE:
            _tell_absent(books, file, item)
    return last


_ABSENT = {
    LineClass.MISSING_THERE: "in our books, not in the statement: refunds on it wait until it is explained",
    LineClass.TIMING: "at the edge of the statement: the next one will show it",
}


def _tell_absent(books: Books, file: StatementFile, item: ReconciliationItem) -> None:
    here = item.here.grouped if item.here is not None else ""
    books.trail.open_task(
        Task(
            kind=TaskKind.MISSING_THERE,
            subject=_about(item),
            text=f"Receipt {item.receipt_no}, {here}, is in our books and not in Safaricom's statement {file.name}: was its"
            " confirmation forged? Refunds on it wait.",
            amount=item.here,
        ),
        file.facility_id,
    )
