"""A receipt number that has to be proven before it counts: a patient shows an SMS, or a confirmation is too good to be believed.

An SMS on a screen proves nothing: it can be forged, another patient's, a year old. What counts is what the provider says of the number
when we ask it (Daraja: Transaction Status), or lists by itself (pull, statement). Whichever comes first places the money; until
then nothing is credited. A number used before is answered with where, when and by whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from hmis_pos import logs
from hmis_pos.cashier import pull_feed, receive_money
from hmis_pos.cashier.ask_provider import ask_status
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.ports_mobile_money import Feature, StatusOutcome, StatusReading
from hmis_pos.cashier.records import Actor, Task, TaskKind
from hmis_pos.cashier.records_back_office import CheckCause, CheckState, ProviderMoney, ReceiptCheck, ReceiptUse
from hmis_pos.domain.errors import CashierMistake, Conflict, NotFound, OutcomeUnknown, Unavailable
from hmis_pos.domain.ids import uuid_of_key
from hmis_pos.domain.invoice import InvoiceStatus
from hmis_pos.domain.payment import normal_receipt

MPESA = "mpesa"
#: Checks asked about in one run.
BATCH = 20
#: A number whose question broke for a fault of ours is asked about again this much later.
AFTER_A_FAULT = timedelta(minutes=5)
#: So often the provider must say "I do not know it" before we believe that: it may be a minute behind.
UNKNOWN_AFTER = 2
_CODE = re.compile(r"[A-Z0-9]{8,12}")

_log = logs.logger("cashier.check_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check, and where its number was used before, if it was."""

    check: ReceiptCheck
    used: ReceiptUse | None = None


async def check(ctx: Context, actor: Actor, invoice_id: int, code: str, idempotency_key: str) -> CheckView:
    """A patient shows a code for an invoice. Returns at once; the proof may come later (event ``check.changed``).

    The same idempotency key gives the check it led to.

    Raises:
        CashierMistake: it is no M-Pesa code.
        NotFound, Conflict: the invoice is not there, or is cancelled.
        Unavailable: M-Pesa is not set up here.
    """
    receipt = normal_receipt("".join(code.split()))
    if not _CODE.fullmatch(receipt):
        raise CashierMistake(
            f"{receipt[:20]!r} is no M-Pesa code",
            field="code",
            code="code-form",
            cure="Type the 10 letters and digits at the beginning of the SMS, such as TAB1CD2EFG.",
        )
    ctx.gateway(MPESA)
    uid = uuid_of_key(idempotency_key)
    view = await ctx.database.write(lambda books: _open(books, ctx, actor, invoice_id, receipt, uid))
    if view.check.state is CheckState.WAITING and view.check.checks_done == 0:
        await _look(ctx, view.check.uid)
        return await get(ctx, actor, view.check.uid)
    return view


async def get(ctx: Context, actor: Actor, uid: UUID) -> CheckView:
    """A check of the actor's facility.

    Raises:
        NotFound: there is none.
    """
    return await ctx.database.read(lambda books: view_of(books, uid, actor.facility_id))


def view_of(books: Books, uid: UUID, facility_id: int | None = None) -> CheckView:
    found = books.checks.get(uid)
    if found is None or facility_id not in (None, found.facility_id):
        raise NotFound(f"there is no check {uid}", field="check_uid", cure="Check the code again.")
    used = None
    if found.state is CheckState.REFUSED and found.code in ("used", "other-invoice"):
        used = books.checks.use_of(found.provider, found.receipt_no)
    return CheckView(check=found, used=used)


def _open(books: Books, ctx: Context, actor: Actor, invoice_id: int, receipt: str, uid: UUID) -> CheckView:
    if books.checks.get(uid) is not None:
        return view_of(books, uid)
    now = ctx.clock.now()
    invoice = books.invoices.get(invoice_id)
    if invoice is None or invoice.facility_id != actor.facility_id:
        raise NotFound(f"there is no invoice {invoice_id}", field="invoice_id", cure="Search for it again.")
    if invoice.status is InvoiceStatus.CANCELLED:
        raise Conflict(
            f"invoice {invoice.number} was cancelled by the hospital system",
            code="invoice-cancelled",
            field="invoice_id",
            cure="Send the patient back to billing.",
        )
    for earlier in books.checks.waiting_for(MPESA, receipt):
        if earlier.invoice_id == invoice_id:
            return CheckView(check=earlier)
    new = ReceiptCheck(
        uid=uid,
        provider=MPESA,
        receipt_no=receipt,
        cause=CheckCause.CASHIER,
        facility_id=actor.facility_id,
        asked_by=actor.username,
        asked_at=now,
        invoice_id=invoice_id,
        user_id=actor.user_id,
        terminal=actor.terminal,
        next_check_at=now,
    )
    books.checks.add(new)
    books.trail.audit(
        actor.username, "code.check", f"check:{new.uid}", actor.origin, {"code": receipt, "invoice": invoice_id}
    )
    _compare_with_books(books, ctx, new, now)
    return view_of(books, new.uid)


def _compare_with_books(books: Books, ctx: Context, new: ReceiptCheck, now: datetime) -> None:
    """The number may be known here already: used, or waiting for exactly this."""
    owner = books.payments.owner_of(new.provider, new.receipt_no)
    if owner is None:
        return
    held, _, number = owner.partition(":")
    waiting = books.unmatched.lock(int(number)) if held == "unmatched" else None
    if waiting is None or waiting.remaining != waiting.money.amount:
        decide(books, ctx, new, CheckState.REFUSED, "used", "this code was used before")
    elif now - (waiting.money.paid_at or waiting.at) > ctx.policy.code_window:
        decide(books, ctx, new, CheckState.REFUSED, "too-old", _TOO_OLD)
    else:
        receive_money.place_for_check(books, ctx, waiting, new)


_TOO_OLD = "the payment is too old to be taken by its code alone: a supervisor finds it in Unmatched money"


def decide(books: Books, ctx: Context, check: ReceiptCheck, state: CheckState, code: str, text: str) -> None:
    """Phase: end a check without money."""
    changed = replace(check, state=state, code=code, text=text, decided_at=ctx.clock.now(), next_check_at=None)
    books.checks.save(changed)
    books.trail.audit("relay", f"code.{state.value}", f"check:{check.uid}", "", {"code": check.receipt_no, "why": code})
    books.trail.emit("check.changed", check.facility_id, {"check_uid": str(check.uid)})


def open_claim(books: Books, ctx: Context, money: ProviderMoney, cause: CheckCause, *, origin: str) -> ReceiptCheck:
    """Phase: a confirmation that nobody may believe yet."""
    now = ctx.clock.now()
    claim = ReceiptCheck(
        uid=ctx.ids.uuid(),
        provider=money.provider,
        receipt_no=normal_receipt(money.receipt_no),
        cause=cause,
        facility_id=ctx.policy.home_facility,
        asked_by=f"gateway:{money.provider}",
        asked_at=now,
        claim=money,
        next_check_at=now,
    )
    books.checks.add(claim)
    books.trail.audit(
        f"gateway:{money.provider}",
        "money.claimed",
        f"check:{claim.uid}",
        origin,
        {"receipt": claim.receipt_no, "amount": money.amount.text, "cause": cause.value, "account": money.account},
    )
    return claim


# ---------------------------------------------------------------- asking


async def run_due(ctx: Context) -> int:
    """Ask about every number whose time has come; returns how many."""
    now = ctx.clock.now()
    due = await ctx.database.read(lambda books: books.checks.due(now, BATCH))
    for uid in due:
        try:
            await _look(ctx, uid)
        except (Unavailable, OutcomeUnknown):
            raise
        except Exception:  # noqa: BLE001 - one number that nobody foresaw must not keep all others from being asked about
            _log.exception("code not asked about", check=str(uid))
            await ctx.database.write(partial(_put_off, ctx=ctx, uid=uid))
    return len(due)


def _put_off(books: Books, *, ctx: Context, uid: UUID) -> None:
    """Its turn comes again, behind those that can be asked about."""
    check = books.checks.lock(uid)
    if check is not None and check.state is CheckState.WAITING:
        books.checks.save(replace(check, next_check_at=ctx.clock.now() + AFTER_A_FAULT))


async def _look(ctx: Context, uid: UUID) -> None:
    check = await ctx.database.read(lambda books: books.checks.get(uid))
    if check is None:
        return
    await pull_feed.run_for(ctx, check.provider)  # the list also says which account the payer named
    check = await ctx.database.read(lambda books: books.checks.get(uid))
    if check is None or check.state is not CheckState.WAITING:
        return
    asked = False
    if ctx.clock.now() - check.asked_at < ctx.policy.give_up and _can_ask(ctx, check.provider):
        try:
            await ask_status(ctx, check.provider, f"check:{uid}", receipt_no=check.receipt_no)
            asked = True
        except Unavailable:
            pass
    await ctx.database.write(lambda books: _plan_next(books, ctx, uid, asked=asked))


def _can_ask(ctx: Context, provider: str) -> bool:
    return provider in ctx.gateways and Feature.STATUS in ctx.mobile(provider).features


def _plan_next(books: Books, ctx: Context, uid: UUID, *, asked: bool) -> None:
    check = books.checks.lock(uid)
    if check is None or check.state is not CheckState.WAITING:
        return
    now = ctx.clock.now()
    if check.next_check_at is not None and check.next_check_at > now:
        return  # another round asked at the same instant, and it counts once
    if now - check.asked_at >= ctx.policy.give_up:
        decide(books, ctx, check, CheckState.EXPIRED, "unknown", "no source knows this code")
        _tell_expired(books, check)
        return
    ahead = (check.asked_at + step for step in ctx.policy.check_plan)
    later = next((at for at in ahead if at > now), now + ctx.policy.check_every)
    books.checks.save(replace(check, next_check_at=later, checks_done=check.checks_done + (1 if asked else 0)))


def _tell_expired(books: Books, check: ReceiptCheck) -> None:
    """A claim that nobody proved was either forged or lost: a person looks at the provider's portal."""
    if check.claim is None:
        return
    books.trail.open_task(
        Task(
            kind=TaskKind.CLAIM,
            subject=f"check:{check.uid}",
            text=f"A confirmation claimed {check.claim.amount.grouped}, receipt {check.receipt_no}, and nothing proved it in"
            " 48 hours: look it up in the M-Pesa portal; the next statement brings it if it is real.",
            amount=check.claim.amount,
        ),
        check.facility_id,
    )


# ---------------------------------------------------------------- the answer


def hear_status(books: Books, ctx: Context, uid: UUID, said: StatusReading, *, origin: str) -> None:
    """Phase: what the provider says of the number of check ``uid``."""
    check = books.checks.lock(uid)
    if check is None or check.state is not CheckState.WAITING:
        return
    if said.outcome is StatusOutcome.COMPLETED:
        _hear_completed(books, ctx, check, said, origin=origin)
    elif said.outcome is StatusOutcome.NOT_COMPLETED:
        decide(books, ctx, check, CheckState.REFUSED, "not-completed", f"the payment was not completed: {said.text}")
    elif said.outcome is StatusOutcome.NOT_FOUND and check.checks_done >= UNKNOWN_AFTER:
        decide(books, ctx, check, CheckState.REFUSED, "unknown", "Safaricom does not know this code")
        _tell_expired(books, check)


def _hear_completed(books: Books, ctx: Context, check: ReceiptCheck, said: StatusReading, *, origin: str) -> None:
    if normal_receipt(said.receipt_no or check.receipt_no) != check.receipt_no:
        return  # the answer to another question
    if not said.to_us or said.money is None:
        decide(books, ctx, check, CheckState.REFUSED, "not-ours", "this code paid somebody else, not this hospital")
        return
    if said.is_reversed:
        decide(books, ctx, check, CheckState.REFUSED, "reversed", "this payment was taken back")
        return
    money = said.money
    if check.claim is not None:  # a status answer names no account; the confirmation did
        money = replace(money, account=money.account or check.claim.account)
    paid_at = money.paid_at or check.asked_at
    if check.cause is CheckCause.CASHIER and check.asked_at - paid_at > ctx.policy.code_window:
        decide(books, ctx, check, CheckState.REFUSED, "too-old", _TOO_OLD)
    receive_money.take_in(books, ctx, money, actor=f"gateway:{check.provider}", origin=origin)
