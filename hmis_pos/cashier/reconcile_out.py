"""The lines of a statement that tell of money gone back: refunds of ours, what the provider took back, what nobody here asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from hmis_pos.cashier import give_refund, send_refunds
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Task, TaskKind
from hmis_pos.cashier.records_back_office import (
    REVERSAL,
    LineClass,
    ReconciliationItem,
    RefundFilter,
    RefundRecord,
    StatementEntry,
    StatementFile,
)
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.matching import phone_fits
from hmis_pos.domain.money import Money, total
from hmis_pos.domain.refund import RESERVING, RefundState, Route

#: Safaricom's clock and ours.
_CLOCKS = timedelta(minutes=5)
_NOT_DONE = (RefundState.APPROVED, RefundState.PENDING, RefundState.UNKNOWN, RefundState.FAILED)


async def compare_out(ctx: Context, file: StatementFile, page: Sequence[StatementEntry]) -> None:
    """Compare these lines, each in a transaction of its own, and write down what each is."""
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
    refunds = books.refunds.of_receipt(file.provider, original)
    known = next((one for one in refunds if _is_done(one) and one.provider_receipt == line.receipt_no), None)
    if known is not None:
        return _ours(books, file, line, known)
    meant = _meant_by_reversal(refunds)
    if meant is not None:
        if meant.state in _NOT_DONE:
            _prove(books, ctx, file, line, meant)
        return _ours(books, file, line, meant, "our refund, proven by this line")
    for refund in refunds:
        if refund.route is Route.REVERSAL and refund.state is RefundState.REQUESTED:
            give_refund.overtaken(books, ctx, refund, by=f"statement:{file.id}", note=f"line {line.row} of {file.name}")
    return _reversed_there(books, ctx, file, line, original, owner)


def _is_done(refund: RefundRecord) -> bool:
    return refund.state is RefundState.COMPLETED


def _meant_by_reversal(refunds: Sequence[RefundRecord]) -> RefundRecord | None:
    """Of the refunds of one receipt the reversal that a line without a known number tells of.

    One that Safaricom had refused was done after all only where no other can be meant.
    """
    open_ones = [
        refund
        for refund in refunds
        if refund.route is Route.REVERSAL
        and (refund.state in _NOT_DONE or (_is_done(refund) and not refund.provider_receipt))
    ]
    return min(open_ones, key=lambda refund: refund.state is RefundState.FAILED, default=None)


def _ours(
    books: Books, file: StatementFile, line: StatementEntry, refund: RefundRecord, text: str = ""
) -> ReconciliationItem:
    """A refund of ours, as the line tells it; another amount is for a person to explain."""
    line_class = LineClass.MATCHED
    if refund.amount != line.withdrawn:
        line_class, text = LineClass.AMOUNT_DIFF, "the amounts of this refund differ"
        books.trail.open_task(
            Task(
                kind=TaskKind.AMOUNT_DIFF_THERE,
                subject=f"receipt:{line.receipt_no}",
                text=f"Refund {line.receipt_no}: our books say {refund.amount.grouped} went back, the statement"
                f" {line.withdrawn.grouped}. Find out which is right.",
                amount=line.withdrawn,
            ),
            file.facility_id,
        )
    return item_of(file, line, line_class, here=refund.amount, there=line.withdrawn, owner=_name(refund), text=text)


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
    return item_of(
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
        return _ours(books, file, line, known)
    wanted = RefundFilter(facility_id=file.facility_id, states=_NOT_DONE, limit=500)
    fitting = [refund for refund in books.refunds.page(wanted) if _may_be(refund, line)]
    living = [refund for refund in fitting if refund.state is not RefundState.FAILED] or fitting
    if len(living) == 1:
        _prove(books, ctx, file, line, living[0])
        return _ours(books, file, line, living[0], "our refund, proven by this line")
    return _unknown_out(books, file, line, "money left the paybill without a refund of ours")


def _may_be(refund: RefundRecord, line: StatementEntry) -> bool:
    """Whether a line can be this payout: nothing is paid out before it is asked for."""
    return (
        refund.route is Route.PAYOUT
        and refund.amount == line.withdrawn
        and refund.asked_at is not None
        and line.completed_at >= refund.asked_at - _CLOCKS
        and phone_fits(line.payer.split(" - ")[0], refund.phone)
    )


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
    return item_of(file, line, LineClass.MISSING_HERE, there=line.paid_in, owner=owner, text=text)


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
    return item_of(file, line, LineClass.MISSING_HERE, there=line.withdrawn, text=why)


def _name(refund: RefundRecord) -> str:
    return f"refund:{refund.uid}"


def item_of(
    file: StatementFile,
    line: StatementEntry,
    line_class: LineClass,
    *,
    here: Money | None = None,
    there: Money | None = None,
    owner: str = "",
    text: str = "",
) -> ReconciliationItem:
    """What a line turned out to be."""
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
