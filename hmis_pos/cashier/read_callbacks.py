"""The callback inbox: store raw first, answer, interpret later.

``receive`` commits a callback before anybody answers the gateway. ``process_waiting`` reads each message, finds its payment and applies
it; it may run twice over the same message and changes nothing the second time. What cannot be read or matched becomes a task or
unmatched money, never a silent loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from hmis_pos import logs
from hmis_pos.cashier import answer_checks, chase, check_code, look_again, read_results, receive_money, settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books, CallbackReading
from hmis_pos.cashier.receive_money import TakenAs
from hmis_pos.cashier.records import InboxMessage, PaymentRecord, Task, TaskKind
from hmis_pos.cashier.records_back_office import CheckCause, ProviderMoney
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind
from hmis_pos.domain.payment import normal_receipt

#: Messages read in one run.
BATCH = 100
#: A callback by the alias may overtake the answer to our own request (30 s at most); so long we wait for its payment to
#: know it. Not longer: whatever a stranger sends there waits with it.
OVERTAKING = timedelta(seconds=90)

_log = logs.logger("cashier.inbox")


async def receive(ctx: Context, message: InboxMessage) -> int:
    """Store a raw callback durably; returns its number. Only after this may the gateway be answered."""
    return await ctx.database.write(lambda books: books.inbox.add(message))


async def process_waiting(ctx: Context) -> int:
    """Interpret what waits, oldest first, each in a transaction of its own; returns how many were dealt with."""
    dealt, after = 0, 0
    while True:  # to the end: messages that wait for their payment must not stand before those that need not
        page = await ctx.database.read(partial(_waiting, after=after))
        for message in page:
            dealt += await _deal(ctx, message)
        if len(page) < BATCH:
            return dealt
        after = page[-1].id


def _waiting(books: Books, *, after: int) -> Sequence[InboxMessage]:
    return books.inbox.waiting(BATCH, after)


async def _deal(ctx: Context, message: InboxMessage) -> int:
    """One message; what cannot be dealt with is set aside, whatever the reason, so that it cannot stop those behind it."""
    try:
        return await look_again.write(ctx, partial(_process, ctx=ctx, message=message))
    except (Unavailable, OutcomeUnknown):
        raise
    except PosError as e:
        why = f"was refused by the books: {e.code}"
        _log.warning("callback set aside", inbox=message.id, why=e.message)
    except Exception as e:  # noqa: BLE001 - a message that nobody foresaw must not be read again and again before all others
        why = f"could not be dealt with: {type(e).__name__}"
        _log.exception("callback set aside", inbox=message.id)
    return await ctx.database.write(lambda books: _set_aside(books, ctx, message, why))


def _process(books: Books, *, ctx: Context, message: InboxMessage) -> int:
    gateway = ctx.gateways.get(message.provider)
    if gateway is None:
        return 0  # it waits until the provider is set up again
    if message.channel in ("result", "late"):
        return read_results.process(books, ctx, message)
    channel = "c2b" if message.channel == "c2b-claim" else message.channel
    try:
        reading = gateway.read_callback(channel, message.body, message.received_at)
    except (ValueError, PosError) as e:
        return _set_aside(books, ctx, message, f"cannot be read: {e}")
    if message.channel in ("c2b", "c2b-claim"):
        return _customer_paid(books, ctx, message, reading)
    return _attempt_answered(books, ctx, message, reading)


def _attempt_answered(books: Books, ctx: Context, message: InboxMessage, reading: CallbackReading) -> int:
    """The result of a prompt: by the token of its own URL, or for the alias by the provider's request id."""
    reference = reading.evidence.reference
    if message.token:
        record = books.payments.by_token(message.token)
    else:
        record = books.payments.by_request(message.provider, reference) if reference else None
    if record is None:
        if ctx.clock.now() - message.received_at < OVERTAKING:
            return 0
        return _set_aside(books, ctx, message, "belongs to no payment of ours")
    if record.provider_request and reference and reference != record.provider_request:
        return _set_aside(books, ctx, message, f"names request {reference}, the payment is {record.provider_request}")
    return _apply(books, ctx, message, reading, record)


def _apply(books: Books, ctx: Context, message: InboxMessage, reading: CallbackReading, record: PaymentRecord) -> int:
    evidence = _within_limit(ctx, books.payments.lock(record.uid) or record, reading.evidence)
    changed = settle.apply(
        books,
        ctx,
        record.uid,
        evidence,
        actor=f"gateway:{message.provider}",
        origin=message.source_ip,
        paid_at=reading.paid_at,
    )
    if evidence.kind is EvidenceKind.PAID and normal_receipt(evidence.receipt_no) in changed.receipts:
        answer_checks.prove(books, ctx, changed, evidence.receipt_no)
    if evidence.kind is EvidenceKind.CLAIMED and changed.next_check_at is not None:
        _ask_at_once(books, ctx, changed)
    books.inbox.done(message.id, f"payment:{record.uid}", ctx.clock.now())
    return 1


def _within_limit(ctx: Context, record: PaymentRecord, evidence: Evidence) -> Evidence:
    """Above the hospital's limit a callback's word is a claim until the gateway, asked by us, agrees, or where it did not yet."""
    limit, amount = ctx.policy.confirm_above, evidence.amount
    agreed = any(fact.kind is EvidenceKind.ASSURED for fact in record.payment.evidence)
    too_large = limit is not None and amount is not None and amount > limit
    if evidence.kind is EvidenceKind.PAID and too_large and not agreed:
        return replace(evidence, kind=EvidenceKind.CLAIMED, code=chase.OVER_LIMIT)
    return evidence


def _ask_at_once(books: Books, ctx: Context, record: PaymentRecord) -> None:
    """A claim of an unproven sender counts only once the gateway, asked by us, agrees."""
    books.payments.save(replace(record, next_check_at=ctx.clock.now()))


def _customer_paid(books: Books, ctx: Context, message: InboxMessage, reading: CallbackReading) -> int:
    """Money that arrived at the Paybill: the twin of a prompt, or a payer's own transfer."""
    money = reading.money
    if money is None:
        return _set_aside(books, ctx, message, "names no money")
    if ctx.policy.shortcodes and money.shortcode and money.shortcode not in ctx.policy.shortcodes:
        return _set_aside(books, ctx, message, f"is for shortcode {money.shortcode}, which is not ours")
    known = books.payments.owner_of(message.provider, normal_receipt(money.receipt_no)) is not None
    limit = ctx.policy.confirm_above
    if not known and message.channel == "c2b-claim":
        return _doubt(books, ctx, message, money, CheckCause.ADDRESS)
    too_large = limit is not None and money.amount > limit
    if not known and too_large and not receive_money.is_assured(books, money):
        return _doubt(books, ctx, message, money, CheckCause.LIMIT)
    if known and message.channel == "c2b-claim":
        books.inbox.done(message.id, "repeated by an address we do not know", ctx.clock.now())
        return 1
    taken = receive_money.take_in(
        books, ctx, money, actor=f"gateway:{message.provider}", origin=message.source_ip, inbox_id=message.id
    )
    repeated = taken.how is TakenAs.KNOWN and not taken.owner.startswith("payment:")
    books.inbox.done(message.id, f"repeated:{taken.owner}" if repeated else taken.owner, ctx.clock.now())
    return 1


def _doubt(books: Books, ctx: Context, message: InboxMessage, money: ProviderMoney, cause: CheckCause) -> int:
    """A confirmation that must be proven by asking the provider before it counts (threat T1)."""
    claimed = any(c.claim is not None for c in books.checks.waiting_for(message.provider, money.receipt_no))
    if not claimed:
        check_code.open_claim(books, ctx, money, cause, origin=message.source_ip)
    books.inbox.done(message.id, f"to be proven: {cause.value}", ctx.clock.now())
    return 1


def _set_aside(books: Books, ctx: Context, message: InboxMessage, why: str) -> int:
    subject = f"callback:{message.id}"
    # Anybody may post to the alias: one open task a sender, not one a message.
    about = subject if message.token else f"callback-alias:{message.source_ip}"
    books.trail.open_task(
        Task(kind=TaskKind.BAD_CALLBACK, subject=about, text=f"A callback from {message.source_ip} {why}."),
        ctx.policy.home_facility,
    )
    books.trail.audit("relay", "callback.set-aside", subject, message.source_ip, {"why": why})
    books.inbox.done(message.id, f"set aside: {why}"[:200], ctx.clock.now())
    return 1
