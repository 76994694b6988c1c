"""Hold a statement against our books, line by line, and say of each what it is (reliability reference, section 6).

What is missing here is created from the line, the same way in as any money. What is missing there freezes refunds until it is
explained. What the provider took back is taken back here. Nothing is ever deleted, and no amount of ours is changed by a
statement: a person decides about a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from hmis_pos.cashier import give_refund, receive_money, send_refunds
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.receive_money import TakenAs
from hmis_pos.cashier.records import Task, TaskKind
from hmis_pos.cashier.records_back_office import (
    LineClass,
    ProviderMoney,
    ReconciliationItem,
    RefundFilter,
    RefundRecord,
    StatementEntry,
    StatementFile,
)
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.evidence import SUCCESS_KINDS, Evidence, EvidenceKind, Source
from hmis_pos.domain.matching import phone_fits
from hmis_pos.domain.money import Money, total
from hmis_pos.domain.payment import MONEY_STATES
from hmis_pos.domain.refund import RESERVING, RefundState, Route

#: Lines compared in one step.
BATCH = 1000
#: Lines missing here that are taken in by one transaction: a flush to the disk each would be most of the time, many hold up the counters.
TOGETHER = 10
COLLECTION, REVERSAL, PAYOUT = "collection", "reversal", "payout"
_NOT_DONE = (RefundState.APPROVED, RefundState.PENDING, RefundState.UNKNOWN, RefundState.FAILED)

Told = Callable[[StatementFile], None]


async def compare(ctx: Context, file: StatementFile, told: Told) -> StatementFile:
    """Compare all stored lines of a file with the books; safe to repeat. Returns the file, done."""
    for kinds in ((COLLECTION,), (REVERSAL, PAYOUT)):  # what came in first, so that what went out finds it
        after = 0
        while True:
            page = await ctx.database.read(partial(_page, file_id=file.id, kinds=kinds, after=after))
            if not page:
                break
            after = page[-1].row
            if kinds == (COLLECTION,):
                await _collections(ctx, file, page)
            else:
                await _taken_back(ctx, file, page)
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


# ---------------------------------------------------------------- money that came


async def _collections(ctx: Context, file: StatementFile, page: Sequence[StatementEntry]) -> None:
    receipts = [line.receipt_no for line in page]

    def held(books: Books) -> tuple[Mapping[str, tuple[str, Money]], Mapping[str, UUID]]:
        store = books.statements
        return store.booked(file.provider, receipts), store.with_deposits(file.provider, receipts)

    booked, doubtful = await ctx.database.read(held)
    missing = await _missing_here(ctx, file, [line for line in page if line.receipt_no not in booked])
    items = []
    for line in page:
        ours = booked.get(line.receipt_no)
        if ours is None:
            items.append(missing[line.row])
            continue
        owner, amount = ours
        line_class, text = LineClass.MATCHED, ""
        if amount != line.paid_in:
            line_class, text = LineClass.AMOUNT_DIFF, "the amounts differ: look at both before anything is given back"
        elif line.receipt_no in doubtful:
            look = partial(_is_second, payment_uid=doubtful[line.receipt_no], receipt=line.receipt_no)
            if await ctx.database.read(look):
                line_class, text = LineClass.DUPLICATE, "paid a second time: what is over lies in the patient's deposit"
        items.append(_item(file, line, line_class, here=amount, there=line.paid_in, owner=owner, text=text))
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


async def _missing_here(
    ctx: Context, file: StatementFile, lines: Sequence[StatementEntry]
) -> Mapping[int, ReconciliationItem]:
    """By row. A few lines share a transaction; where the books refuse one of them, each is tried by itself."""
    made: dict[int, ReconciliationItem] = {}
    for first in range(0, len(lines), TOGETHER):
        part = lines[first : first + TOGETHER]
        try:
            items = await ctx.database.write(partial(_take_lines, ctx=ctx, file=file, lines=part))
        except (Unavailable, OutcomeUnknown):
            raise
        except PosError:
            items = [await _taken_alone(ctx, file, line) for line in part]
        made |= {line.row: item for line, item in zip(part, items, strict=True)}
    return made


async def _taken_alone(ctx: Context, file: StatementFile, line: StatementEntry) -> ReconciliationItem:
    try:
        return await ctx.database.write(lambda books: _take_line(books, ctx, file, line))
    except (Unavailable, OutcomeUnknown):
        raise
    except PosError as e:
        return _item(file, line, LineClass.MISSING_HERE, there=line.paid_in, text=f"the books refuse it: {e.message}")


def _take_lines(
    books: Books, *, ctx: Context, file: StatementFile, lines: Sequence[StatementEntry]
) -> Sequence[ReconciliationItem]:
    return [_take_line(books, ctx, file, line) for line in lines]


def _take_line(books: Books, ctx: Context, file: StatementFile, line: StatementEntry) -> ReconciliationItem:
    if not line.status:  # a person cut the column away, and a declined payment looks like a completed one
        text = "the file does not say whether it was completed: export the statement anew, with all columns"
        return _item(file, line, LineClass.MISSING_HERE, there=line.paid_in, text=text)
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
    owner, known = _take(books, ctx, money, f"statement:{file.id}")
    if known:
        return _item(
            file,
            line,
            LineClass.MATCHED,
            here=line.paid_in,
            there=line.paid_in,
            owner=owner,
            text="Safaricom had confirmed it before; its receipt number came with this line",
        )
    text = "placed by its account" if owner.startswith("payment:") else "it waits as unmatched money"
    return _item(file, line, LineClass.MISSING_HERE, there=line.paid_in, owner=owner, text=text)


def _take(books: Books, ctx: Context, money: ProviderMoney, by: str) -> tuple[str, bool]:
    """(owner, whether the money itself was in the books before, only without its receipt number)."""
    request = receive_money.request_of(books, money)
    known = request is not None and request.state in MONEY_STATES and receive_money.is_result_of(request, money)
    taken = receive_money.take_in(books, ctx, money, actor=by)
    return taken.owner, known or taken.how is TakenAs.KNOWN


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


# ---------------------------------------------------------------- money that went back


async def _taken_back(ctx: Context, file: StatementFile, page: Sequence[StatementEntry]) -> None:
    for line in page:

        def phase(books: Books, line: StatementEntry = line) -> None:
            if line.withdrawn.minor <= 0:
                item = _came_back(books, file, line)
            else:
                item = (_reversed if line.kind == REVERSAL else _paid_out)(books, ctx, file, line)
            books.statements.add_items([item])

        try:
            await ctx.database.write(phase)
        except (Unavailable, OutcomeUnknown):
            raise
        except PosError as e:
            await ctx.database.write(partial(_refused, file=file, line=line, why=e.message))


def _refused(books: Books, *, file: StatementFile, line: StatementEntry, why: str) -> None:
    """What the books refuse to do by themselves, a person does; the other lines go on."""
    books.statements.add_items([_unknown_out(books, file, line, f"the books refuse it: {why}")])


def _reversed(books: Books, ctx: Context, file: StatementFile, line: StatementEntry) -> ReconciliationItem:
    original = line.linked_receipt or line.receipt_no
    owner = books.payments.owner_of(file.provider, original)
    if owner is None:
        return _unknown_out(books, file, line, f"it takes back receipt {original}, which our books do not know")
    for refund in _refunds_of(books, owner):
        if refund.provider_receipt == line.receipt_no and refund.state is RefundState.COMPLETED:
            return _item(file, line, LineClass.MATCHED, here=refund.amount, there=line.withdrawn, owner=_name(refund))
        if refund.route is Route.REVERSAL and refund.receipt_no == original:
            if refund.state in _NOT_DONE:
                _prove(books, ctx, file, line, refund)
            if refund.state is not RefundState.REJECTED:
                text = "" if refund.state is RefundState.COMPLETED else "our refund, proven by this line"
                return _item(
                    file,
                    line,
                    LineClass.MATCHED,
                    here=refund.amount,
                    there=line.withdrawn,
                    owner=_name(refund),
                    text=text,
                )
    return _reversed_there(books, ctx, file, line, original, owner)


def _prove(books: Books, ctx: Context, file: StatementFile, line: StatementEntry, refund: RefundRecord) -> None:
    fact = Evidence(
        kind=EvidenceKind.PAID,
        source=Source.STATEMENT,
        observed_at=ctx.clock.now(),
        receipt_no=line.receipt_no,
        amount=line.withdrawn,
        text=line.reason,
    )
    send_refunds.apply(books, ctx, refund.uid, fact, actor=f"statement:{file.id}")


def _refunds_of(books: Books, owner: str) -> Sequence[RefundRecord]:
    held, _, name = owner.partition(":")
    if held == "payment":
        return books.refunds.of_payment(UUID(name))
    placed = {part.payment_uid for part in books.unmatched.parts(int(name)) if part.payment_uid is not None}
    return [
        *books.refunds.of_unmatched(int(name)),
        *(refund for uid in sorted(placed) for refund in books.refunds.of_payment(uid)),
    ]


def _reversed_there(
    books: Books, ctx: Context, file: StatementFile, line: StatementEntry, original: str, owner: str
) -> ReconciliationItem:
    """The provider took back what is live here: so do we, and the invoice is owed again."""
    refund = _provider_refund(books, ctx, file, line, original, owner)
    if refund is None:
        text = f"Safaricom took back {line.withdrawn.grouped} of receipt {original}, and our books hold less of it:"
        text += " find out where it went."
    else:
        text = f"Safaricom took back {line.withdrawn.grouped} of receipt {original}: the invoice is owed again."
    books.trail.open_task(
        Task(kind=TaskKind.REVERSED_THERE, subject=f"receipt:{original}", text=text, amount=line.withdrawn),
        file.facility_id,
    )
    return _item(
        file, line, LineClass.REVERSED_THERE, there=line.withdrawn, owner=_name(refund) if refund else owner, text=text
    )


def _provider_refund(
    books: Books, ctx: Context, file: StatementFile, line: StatementEntry, original: str, owner: str
) -> RefundRecord | None:
    payment_uid, unmatched_id = _holder(books, owner, line.withdrawn)
    if payment_uid is None and unmatched_id is None:
        return None
    now = ctx.clock.now()
    refund = RefundRecord(
        uid=ctx.ids.uuid(),
        facility_id=file.facility_id,
        provider=file.provider,
        amount=line.withdrawn,
        route=Route.PROVIDER,
        reason=f"taken back by the provider, statement {file.name}, line {line.row}",
        requested_by=f"statement:{file.id}",
        requested_at=now,
        state=RefundState.COMPLETED,
        payment_uid=payment_uid,
        unmatched_id=unmatched_id,
        receipt_no=original,
        provider_receipt=line.receipt_no,
        decided_by=f"statement:{file.id}",
        decided_at=now,
        completed_at=line.completed_at,
    )
    send_refunds.post(books, ctx, refund)
    added = books.refunds.add(refund)
    if payment_uid is not None:
        send_refunds.mark_payment(books, payment_uid)
    money = books.unmatched.lock(unmatched_id) if unmatched_id is not None else None
    if money is not None:
        give_refund.reserve(books, ctx, money, added, file.imported_by)
    books.trail.audit(
        f"statement:{file.id}",
        "refund.by-provider",
        f"refund:{refund.uid}",
        "",
        {"receipt": original, "amount": line.withdrawn.text, "owner": owner},
    )
    give_refund.tell(books, added)
    return added


def _holder(books: Books, owner: str, amount: Money) -> tuple[UUID | None, int | None]:
    """Who holds this much of a receipt: (a payment, None), (None, unmatched money) or nobody."""
    held, _, name = owner.partition(":")
    if held == "payment":
        return (UUID(name), None) if _free(books, UUID(name)) >= amount else (None, None)
    money = books.unmatched.lock(int(name))
    if money is not None and money.remaining >= amount:
        return None, money.id
    for part in books.unmatched.parts(int(name)):
        if part.payment_uid is not None and part.amount >= amount and _free(books, part.payment_uid) >= amount:
            return part.payment_uid, None
    return None, None


def _free(books: Books, payment_uid: UUID) -> Money:
    """What a payment holds and no refund of ours is about to take."""
    posted = books.ledger.posted(payment_uid)
    on_its_way = (
        refund.amount
        for refund in books.refunds.of_payment(payment_uid)
        if refund.state in RESERVING - {RefundState.COMPLETED}
    )
    return posted.allocated + posted.deposited - total(on_its_way, posted.allocated.currency)


def _paid_out(books: Books, ctx: Context, file: StatementFile, line: StatementEntry) -> ReconciliationItem:
    known = books.refunds.by_provider_receipt(file.provider, line.receipt_no)
    if known is not None:
        same = known.amount == line.withdrawn
        return _item(
            file,
            line,
            LineClass.MATCHED if same else LineClass.AMOUNT_DIFF,
            here=known.amount,
            there=line.withdrawn,
            owner=_name(known),
            text="" if same else "the amounts of this refund differ",
        )
    wanted = RefundFilter(facility_id=file.facility_id, states=_NOT_DONE, limit=500)
    fitting = [
        refund
        for refund in books.refunds.page(wanted)
        if refund.route is Route.PAYOUT
        and refund.amount == line.withdrawn
        and refund.asked_at is not None
        and phone_fits(line.payer.split(" - ")[0], refund.phone)
    ]
    if len(fitting) == 1:
        _prove(books, ctx, file, line, fitting[0])
        return _item(
            file,
            line,
            LineClass.MATCHED,
            here=line.withdrawn,
            there=line.withdrawn,
            owner=_name(fitting[0]),
            text="our refund, proven by this line",
        )
    return _unknown_out(books, file, line, "money left the paybill without a refund of ours")


def _came_back(books: Books, file: StatementFile, line: StatementEntry) -> ReconciliationItem:
    """Money that had gone out and is in the paybill again: whoever was to have it has not."""
    refund = books.refunds.by_provider_receipt(file.provider, line.linked_receipt) if line.linked_receipt else None
    what = f"refund {refund.provider_receipt}" if refund is not None else f"receipt {line.linked_receipt or '?'}"
    text = f"{line.paid_in.grouped} of {what} came back to the paybill: the payer did not get it. Decide anew."
    books.trail.open_task(
        Task(kind=TaskKind.PAYOUT_UNKNOWN_HERE, subject=f"receipt:{line.receipt_no}", text=text, amount=line.paid_in),
        file.facility_id,
    )
    owner = _name(refund) if refund is not None else ""
    return _item(file, line, LineClass.MISSING_HERE, there=line.paid_in, owner=owner, text=text)


def _unknown_out(books: Books, file: StatementFile, line: StatementEntry, why: str) -> ReconciliationItem:
    books.trail.open_task(
        Task(
            kind=TaskKind.PAYOUT_UNKNOWN_HERE,
            subject=f"receipt:{line.receipt_no}",
            text=f"{line.withdrawn.grouped} went out with receipt {line.receipt_no}: {why}. Find out who did it.",
            amount=line.withdrawn,
        ),
        file.facility_id,
    )
    return _item(file, line, LineClass.MISSING_HERE, there=line.withdrawn, text=why)


# ---------------------------------------------------------------- what only we have


async def _only_here(ctx: Context, file: StatementFile) -> None:
    if file.since is None or file.until is None:
        return
    after = ""
    while True:
        look = partial(_absent, file=file, since=file.since, until=file.until, margin=ctx.policy.statement_margin)
        after = await ctx.database.write(partial(look, after=after))
        if not after:
            return


def _absent(
    books: Books, *, file: StatementFile, since: datetime, until: datetime, margin: timedelta, after: str
) -> str:
    """Write down a batch of them; the last receipt number, empty when there are no more."""
    items = []
    for found in books.statements.ours_absent(file.id, since, until, after, BATCH):
        is_sure = found.at is not None and since + margin <= found.at <= until - margin
        line_class = LineClass.MISSING_THERE if is_sure else LineClass.TIMING
        items.append(replace(found, line_class=line_class, text=_ABSENT[line_class]))
    books.statements.add_items(items)
    for item in items:
        if item.line_class is LineClass.MISSING_THERE:
            _tell_absent(books, file, item)
    return items[-1].receipt_no if items else ""


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


def _item(
    file: StatementFile,
    line: StatementEntry,
    line_class: LineClass,
    *,
    here: Money | None = None,
    there: Money | None = None,
    owner: str = "",
    text: str = "",
) -> ReconciliationItem:
    return ReconciliationItem(
        file_id=file.id,
        line_class=line_class,
        receipt_no=line.receipt_no,
        row=line.row,
        here=here,
        there=there,
        at=line.completed_at,
        owner=owner,
        text=text,
    )


def _name(refund: RefundRecord) -> str:
    return f"refund:{refund.uid}"
