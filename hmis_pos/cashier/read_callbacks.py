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
from uuid import UUID

from hmis_pos.cashier import settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books, CallbackReading
from hmis_pos.cashier.records import InboxMessage, PaymentRecord, Task, TaskKind, UnmatchedMoney
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.evidence import EvidenceKind
from hmis_pos.domain.ledger import UNMATCHED, Transfer, method_account
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import normal_receipt

#: Messages read in one run.
BATCH = 100
#: A callback by the alias may overtake the answer to our own request (30 s at most); so long we wait for its payment to
#: know it. Not longer: whatever a stranger sends there waits with it.
OVERTAKING = timedelta(seconds=90)
#: The facility of money that no payment tells of.
NO_FACILITY = 1


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
    """One message; what the books refuse is set aside, so that it cannot stop those behind it."""
    try:
        return await ctx.database.write(partial(_process, ctx=ctx, message=message))
    except (Unavailable, OutcomeUnknown):
        raise
    except PosError as e:
        why = f"was refused by the books: {e.code}"
        return await ctx.database.write(lambda books: _set_aside(books, ctx, message, why))


def _process(books: Books, *, ctx: Context, message: InboxMessage) -> int:
    gateway = ctx.gateways.get(message.provider)
    if gateway is None:
        return 0  # it waits until the provider is set up again
    try:
        reading = gateway.read_callback(message.channel, message.body, message.received_at)
    except (ValueError, PosError) as e:
        return _set_aside(books, ctx, message, f"cannot be read: {e}")
    if message.channel == "c2b":
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
    changed = settle.apply(
        books, ctx, record.uid, reading.evidence, actor=f"gateway:{message.provider}", origin=message.source_ip
    )
    if reading.evidence.kind is EvidenceKind.CLAIMED and changed.next_check_at is not None:
        _ask_at_once(books, ctx, changed)
    books.inbox.done(message.id, f"payment:{record.uid}", ctx.clock.now())
    return 1


def _ask_at_once(books: Books, ctx: Context, record: PaymentRecord) -> None:
    """A claim of an unproven sender counts only once the gateway, asked by us, agrees."""
    books.payments.save(replace(record, next_check_at=ctx.clock.now()))


def _customer_paid(books: Books, ctx: Context, message: InboxMessage, reading: CallbackReading) -> int:
    """Money that arrived at the Paybill: the twin of a prompt, or a payer's own transfer."""
    if ctx.policy.shortcodes and reading.shortcode and reading.shortcode not in ctx.policy.shortcodes:
        return _set_aside(books, ctx, message, f"is for shortcode {reading.shortcode}, which is not ours")
    receipt = normal_receipt(reading.evidence.receipt_no)
    owner = books.payments.owner_of(message.provider, receipt)
    if owner is not None and not owner.startswith("payment:"):
        books.inbox.done(message.id, f"repeated:{owner}", ctx.clock.now())
        return 1
    record = _payment_of(books, message, reading, owner)
    if record is not None:
        return _apply(books, ctx, message, reading, record)
    return _hold(books, ctx, message, reading, receipt)


def _payment_of(
    books: Books, message: InboxMessage, reading: CallbackReading, owner: str | None
) -> PaymentRecord | None:
    if owner is not None:
        return books.payments.get(UUID(owner.removeprefix("payment:")))
    account = "".join(reading.account.split()).upper()
    return books.payments.by_account(message.provider, account) if account else None


def _hold(books: Books, ctx: Context, message: InboxMessage, reading: CallbackReading, receipt: str) -> int:
    now = ctx.clock.now()
    amount = reading.evidence.amount or Money.zero()
    number = books.ledger.hold_unmatched(
        UnmatchedMoney(
            provider=message.provider,
            receipt_no=receipt,
            amount=amount,
            account=reading.account,
            payer=reading.payer,
            paid_at=reading.paid_at,
            reason="no open request has this account",
            inbox_id=message.id,
        ),
        now,
    )
    subject = f"unmatched:{number}"
    books.payments.claim_receipt(message.provider, receipt, subject)
    if amount.minor > 0:
        books.ledger.transfer(Transfer(method_account(message.provider), UNMATCHED, amount), subject, now)
    books.trail.audit(
        f"gateway:{message.provider}",
        "money.unmatched",
        subject,
        message.source_ip,
        {"receipt": receipt, "amount": amount.text},
    )
    books.trail.open_task(
        Task(
            kind=TaskKind.UNMATCHED,
            subject=subject,
            text=f"{amount.grouped} came to the Paybill for account {reading.account!r}: find its patient.",
            amount=amount,
        ),
        NO_FACILITY,
    )
    books.inbox.done(message.id, subject, now)
    return 1


def _set_aside(books: Books, ctx: Context, message: InboxMessage, why: str) -> int:
    subject = f"callback:{message.id}"
    # Anybody may post to the alias: one open task a sender, not one a message.
    about = subject if message.token else f"callback-alias:{message.source_ip}"
    books.trail.open_task(
        Task(kind=TaskKind.BAD_CALLBACK, subject=about, text=f"A callback from {message.source_ip} {why}."),
        NO_FACILITY,
    )
    books.trail.audit("relay", "callback.set-aside", subject, message.source_ip, {"why": why})
    books.inbox.done(message.id, f"set aside: {why}"[:200], ctx.clock.now())
    return 1
