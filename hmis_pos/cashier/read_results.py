"""What providers post to the address of a command of ours: its result, or word that their queue was too slow."""

from __future__ import annotations

from uuid import UUID

from hmis_pos.cashier import check_code, halt_commands, send_refunds
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.ports_mobile_money import ResultReading
from hmis_pos.cashier.records import InboxMessage, Task, TaskKind
from hmis_pos.cashier.records_back_office import AccountBalance, GatewayRequest, RequestKind
from hmis_pos.domain.errors import PosError


def process(books: Books, ctx: Context, message: InboxMessage) -> int:
    """Phase: interpret a message of the channels ``result`` and ``late``; a repeat changes nothing."""
    request = books.requests.by_token(message.token)
    if request is None:
        return _set_aside(books, ctx, message, "belongs to no command of ours")
    gateway = ctx.mobile(message.provider)
    read = gateway.read_result if message.channel == "result" else gateway.read_timeout
    try:
        reading = read(request.kind, message.body, message.received_at)
    except (ValueError, PosError) as e:
        return _set_aside(books, ctx, message, f"cannot be read: {e}")
    if _is_anothers(request, reading):
        return _set_aside(
            books, ctx, message, f"names conversation {reading.conversation or reading.originator}, not ours"
        )
    _hear(books, ctx, message, request, reading)
    if message.channel == "result":
        books.requests.answered(request.uid, f"inbox:{message.id}", ctx.clock.now())
    books.inbox.done(message.id, request.subject, ctx.clock.now())
    return 1


def _is_anothers(request: GatewayRequest, reading: ResultReading) -> bool:
    """Ids that both sides know and that differ. The token was right, so a missing id is no reason to doubt."""
    pairs = ((request.conversation, reading.conversation), (request.originator, reading.originator))
    known = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
    return bool(known) and all(ours != theirs for ours, theirs in known)


def _hear(books: Books, ctx: Context, message: InboxMessage, request: GatewayRequest, reading: ResultReading) -> None:
    about, _, name = request.subject.partition(":")
    origin = message.source_ip
    if reading.status is not None:
        halt_commands.hear_code(books, ctx, request.provider, reading.status.code, reading.status.text)
    if request.kind is RequestKind.BALANCE and reading.evidence is not None:
        halt_commands.hear_code(books, ctx, request.provider, reading.evidence.code, reading.evidence.text)
    if request.kind is RequestKind.BALANCE:
        at = reading.as_of or message.received_at
        books.feeds.save_balances(
            [
                AccountBalance(provider=request.provider, account=account, available=amount, at=at)
                for account, amount in reading.balances
            ]
        )
    elif about == "check" and reading.status is not None:
        check_code.hear_status(books, ctx, UUID(name), reading.status, origin=origin)
    elif about == "refund" and reading.status is not None:
        send_refunds.hear_status(books, ctx, UUID(name), reading.status, origin=origin)
    elif about == "refund" and reading.evidence is not None:
        send_refunds.apply(books, ctx, UUID(name), reading.evidence, actor=f"gateway:{request.provider}", origin=origin)


def _set_aside(books: Books, ctx: Context, message: InboxMessage, why: str) -> int:
    books.trail.open_task(
        Task(
            kind=TaskKind.BAD_CALLBACK,
            subject=f"callback:{message.id}",
            text=f"A result from {message.source_ip} {why}.",
        ),
        ctx.policy.home_facility,
    )
    books.trail.audit("relay", "callback.set-aside", f"callback:{message.id}", message.source_ip, {"why": why})
    books.inbox.done(message.id, f"set aside: {why}"[:200], ctx.clock.now())
    return 1
