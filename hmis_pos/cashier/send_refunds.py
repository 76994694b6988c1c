"""Send approved money back, once, and find out what became of it.

The intent is written before the provider is asked. No answer is "unknown": the money may be on its way, so the same refund is
looked up (Daraja: Transaction Status), never sent again. One is in flight at a time, and a credential that the provider refuses
stops all, since every further try would burn a login (2001, 8006). What nobody can tell after 48 hours becomes a task; the
statement settles it.
"""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from hmis_pos import logs
from hmis_pos.cashier import give_refund, halt_commands
from hmis_pos.cashier.ask_provider import ask_status, new_request, refuse_while_halted, result_url, timeout_url
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.ports_mobile_money import Feature, RefundOrder, StatusOutcome, StatusReading
from hmis_pos.cashier.records import Task, TaskKind
from hmis_pos.cashier.records_back_office import GatewayRequest, RefundRecord, RequestKind
from hmis_pos.cashier.refundable import is_frozen
from hmis_pos.domain.errors import NotFound, OutcomeUnknown, PosError, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.ledger import UNMATCHED, Transfer, deposit_account, invoice_account, paid_back_account
from hmis_pos.domain.refund import REFUND_TRANSITIONS, SENT, RefundState, Route, judge_refund

#: Refunds sent or asked about in one run.
BATCH = 20
#: One that met a fault of ours is looked at again this much later.
AFTER_A_FAULT = timedelta(minutes=5)
_OPEN = SENT | {RefundState.APPROVED}

_log = logs.logger("cashier.send_refunds")


async def run_due(ctx: Context) -> int:
    """Send what is approved, ask after what is open; returns how many were looked at."""
    now = ctx.clock.now()
    sending = await ctx.database.read(lambda books: books.refunds.to_send(now, BATCH))
    due = await ctx.database.read(lambda books: books.refunds.due(now, BATCH))
    sent = 0
    for uid in sending:
        try:
            sent += await _guarded(ctx, uid, _send(ctx, uid))
        except Unavailable:
            break  # the provider is away, commands are stopped, or one is in flight: later
    for uid in due:
        await _guarded(ctx, uid, _chase(ctx, uid))
    return sent + len(due)


async def _guarded(ctx: Context, uid: UUID, work: Awaitable[bool]) -> bool:
    """What ``work`` says; a fault of ours in it is logged, and the refund's turn comes again behind the others."""
    try:
        return await work
    except (Unavailable, OutcomeUnknown):
        raise
    except Exception:  # noqa: BLE001 - one refund that nobody foresaw must not keep all others from being sent or found
        _log.exception("refund not looked at", refund=str(uid))
        await ctx.database.write(partial(_put_off, ctx=ctx, uid=uid))
        return False


def _put_off(books: Books, *, ctx: Context, uid: UUID) -> None:
    record = books.refunds.lock(uid)
    if record is not None and record.state in _OPEN:
        books.refunds.save(replace(record, next_check_at=ctx.clock.now() + AFTER_A_FAULT))


# ---------------------------------------------------------------- sending


async def _send(ctx: Context, uid: UUID) -> bool:
    """Ask the provider once; False where this one is not to be sent now, and others may be.

    Raises:
        Unavailable: nothing was asked, and nothing else need be tried now.
    """
    begun = await ctx.database.write(lambda books: _begin(books, ctx, uid))
    if begun is None:
        return False
    record, request = begun
    try:
        said = await ctx.mobile(record.provider).give_back(_order(ctx, record, request))
    except Unavailable as e:
        why = e.code
        await ctx.database.write(lambda books: _not_asked(books, ctx, uid, why))
        raise
    except OutcomeUnknown as e:
        said = Evidence(
            kind=EvidenceKind.NO_ANSWER,
            source=Source.SUBMIT,
            observed_at=ctx.clock.now(),
            code=e.code,
            text=e.message,
        )
    await ctx.database.write(lambda books: _answered(books, ctx, uid, request, said))
    return True


def _begin(books: Books, ctx: Context, uid: UUID) -> tuple[RefundRecord, GatewayRequest] | None:
    record = books.refunds.lock(uid)
    if record is None or record.state is not RefundState.APPROVED or record.asked_at is not None:
        return None
    refuse_while_halted(books, record.provider)
    if is_frozen(books, record):
        _try_later(books, ctx, record)
        return None
    now = ctx.clock.now()
    if books.refunds.in_flight(record.provider, now - ctx.policy.refund_plan[0]):
        raise Unavailable("the result of another refund is awaited", code="refund-in-flight", cure="It goes out next.")
    kind = _kind(record)
    originator = record.originator if kind is RequestKind.PAYOUT else ""
    request = new_request(ctx, record.provider, kind, f"refund:{uid}", originator)
    asked = replace(record, asked_at=now, next_check_at=now + ctx.policy.refund_plan[0])
    books.refunds.save(asked)
    books.requests.add(request)
    books.trail.audit("relay", "refund.send", f"refund:{uid}", "", {"route": record.route.value})
    return asked, request


def _order(ctx: Context, record: RefundRecord, request: GatewayRequest) -> RefundOrder:
    return RefundOrder(
        uid=record.uid,
        route=record.route,
        amount=record.amount,
        receipt_no=record.receipt_no,
        phone=record.phone,
        originator=record.originator,
        remarks="Hospital refund",
        result_url=result_url(ctx, request),
        timeout_url=timeout_url(ctx, request),
    )


def _not_asked(books: Books, ctx: Context, uid: UUID, why: str) -> None:
    """No connection, no token, no such feature: nothing was asked, so it is sent later, behind the others that wait."""
    record = books.refunds.lock(uid)
    if record is not None and record.state is RefundState.APPROVED:
        _try_later(books, ctx, replace(record, asked_at=None))
        books.trail.audit("relay", "refund.not-sent", f"refund:{uid}", "", {"why": why})


def _try_later(books: Books, ctx: Context, record: RefundRecord) -> None:
    books.refunds.save(replace(record, next_check_at=ctx.clock.now() + ctx.policy.refund_plan[0]))


def _answered(books: Books, ctx: Context, uid: UUID, request: GatewayRequest, said: Evidence) -> None:
    if said.kind is EvidenceKind.ACCEPTED:
        books.requests.accepted(request.uid, said.reference, "")
    apply(books, ctx, uid, said, actor="relay")


# ---------------------------------------------------------------- evidence


def apply(books: Books, ctx: Context, uid: UUID, evidence: Evidence, *, actor: str, origin: str = "") -> RefundRecord:
    """Phase: apply evidence to a refund and post what it newly proves. A repeat changes nothing.

    Raises:
        NotFound: there is no such refund.
    """
    record = books.refunds.lock(uid)
    if record is None:
        raise NotFound(f"there is no refund {uid}", field="refund_uid")
    if any(known.digest == evidence.digest for known in record.evidence):
        return record
    grown = replace(record, evidence=(*record.evidence, evidence))
    changed = _with_verdict(ctx, grown, evidence)
    done = changed.state is RefundState.COMPLETED and record.state is not RefundState.COMPLETED
    if done:
        _reclaim(books, ctx, record, actor)
        post(books, ctx, changed)
    books.refunds.save(changed, evidence)
    if done and changed.payment_uid is not None:
        mark_payment(books, changed.payment_uid)
    _follow(books, ctx, record, changed, actor)
    _compare_amount(books, record, evidence)
    books.trail.audit(
        actor,
        f"refund.{evidence.kind.value}",
        f"refund:{uid}",
        origin,
        {
            "source": evidence.source.value,
            "code": evidence.code,
            "state": changed.state.value,
            "was": record.state.value,
            "receipt": evidence.receipt_no,
        },
    )
    give_refund.tell(books, changed)
    return changed


def _with_verdict(ctx: Context, record: RefundRecord, evidence: Evidence) -> RefundRecord:
    verdict = judge_refund(record.evidence)
    state = verdict.state or record.state
    if state is not record.state and state not in REFUND_TRANSITIONS[record.state]:
        state = record.state
    completed = state is RefundState.COMPLETED
    final = completed or state is RefundState.FAILED
    return replace(
        record,
        state=state,
        provider_request=evidence.reference if evidence.kind is EvidenceKind.ACCEPTED else record.provider_request,
        provider_receipt=verdict.receipt_no or record.provider_receipt,
        failure_code="" if completed else verdict.code,
        failure_text="" if completed else verdict.text,
        completed_at=(record.completed_at or ctx.clock.now()) if completed else None,
        next_check_at=None if final else record.next_check_at,
    )


def post(books: Books, ctx: Context, record: RefundRecord) -> None:
    """Phase: take the money out of the books: a payment's deposit first, then its invoice, which is owed again."""
    now, subject = ctx.clock.now(), f"refund:{record.uid}"
    goes_to = UNMATCHED if record.route is Route.UNMATCHED else paid_back_account(record.provider)
    if record.unmatched_id is not None and record.payment_uid is None:
        books.ledger.transfer(Transfer(UNMATCHED, goes_to, record.amount), subject, now)
        return
    payment = books.payments.lock(record.payment_uid) if record.payment_uid is not None else None
    if payment is None:
        raise NotFound(f"refund {record.uid} is of no payment", field="refund_uid")
    posted = books.ledger.posted(payment.uid)
    from_deposit = min(posted.deposited, record.amount)
    from_invoice = record.amount - from_deposit
    patient, invoice = payment.payment.patient_id, payment.payment.invoice_id
    if from_deposit:
        books.ledger.deposit(payment.uid, patient, -from_deposit, f"given back: {record.reason}", now)
        books.ledger.transfer(Transfer(deposit_account(patient), goes_to, from_deposit), subject, now)
        if from_deposit == posted.deposited:
            books.trail.close_task(TaskKind.OVERPAID, f"payment:{payment.uid}")
            books.trail.close_task(TaskKind.PAID_TWICE, f"payment:{payment.uid}")
    if from_invoice:
        books.ledger.allocate(payment.uid, invoice, -from_invoice, now)
        books.invoices.add_paid(invoice, -from_invoice)
        books.ledger.transfer(Transfer(invoice_account(invoice), goes_to, from_invoice), subject, now)
    books.trail.emit("invoice.changed", payment.facility_id, {"invoice_id": invoice})


def mark_payment(books: Books, payment_uid: UUID) -> None:
    """Phase: the payment's own state follows the sum of its completed refunds."""
    record = books.payments.lock(payment_uid)
    if record is not None:
        payment = record.payment.with_refunded(books.ledger.posted(payment_uid).refunded)
        books.payments.save(replace(record, payment=payment))


def _reclaim(books: Books, ctx: Context, record: RefundRecord, actor: str) -> None:
    """A late success of a refund of unmatched money that had failed: its amount was free meanwhile."""
    if record.unmatched_id is None or record.state not in (RefundState.FAILED, RefundState.REJECTED):
        return
    money = books.unmatched.lock(record.unmatched_id)
    if money is None or money.remaining < record.amount:
        raise PosError(f"unmatched money {record.unmatched_id} was placed, and its refund went through after all")
    give_refund.reserve(books, ctx, money, record, actor)


def _follow(books: Books, ctx: Context, was: RefundRecord, now: RefundRecord, actor: str) -> None:
    """Tasks that a change of state opens and closes."""
    subject = f"refund:{now.uid}"
    if now.state in (RefundState.COMPLETED, RefundState.FAILED):
        books.trail.close_task(TaskKind.REFUND_UNKNOWN, subject)
    if now.state is RefundState.FAILED and was.state is not RefundState.FAILED:
        give_refund.release(books, ctx, now, actor, f"its refund failed ({now.failure_code})")
        halt_commands.hear_code(books, ctx, now.provider, now.failure_code, now.failure_text)
        _tell_of_settings(books, ctx, now)


def _compare_amount(books: Books, record: RefundRecord, evidence: Evidence) -> None:
    """The books give back what two people agreed to; that the provider says otherwise is for a person to explain."""
    gone = evidence.amount if evidence.kind is EvidenceKind.PAID else None
    if gone is None or gone == record.amount or evidence.source is Source.STATEMENT:  # reconciliation tells of its own
        return
    books.trail.open_task(
        Task(
            kind=TaskKind.AMOUNT_DIFFERS,
            subject=f"refund:{record.uid}",
            text=f"{record.amount.grouped} was to go back, and Safaricom says {gone.grouped} went ({evidence.receipt_no}):"
            " look it up in the M-Pesa portal.",
            amount=gone,
        ),
        record.facility_id,
    )


def _tell_of_settings(books: Books, ctx: Context, record: RefundRecord) -> None:
    """One task for IT, however many refunds fail for the same setting."""
    kind, code = _kind(record), record.failure_code
    if not ctx.mobile(record.provider).advise_refund(kind, code).about_settings:
        return
    books.trail.open_task(
        Task(
            kind=TaskKind.CONFIGURATION,
            subject=f"gateway:{record.provider}:{kind.value}:{code}",
            text=f"{record.provider} refuses every {kind.value} with {code}: {record.failure_text}. IT has to look at its settings.",
        ),
        record.facility_id,
    )


def _kind(record: RefundRecord) -> RequestKind:
    return RequestKind.PAYOUT if record.route is Route.PAYOUT else RequestKind.REVERSAL


# ---------------------------------------------------------------- looking for it


async def _chase(ctx: Context, uid: UUID) -> bool:
    """Look one up; False where nothing of it is open any more."""
    record = await ctx.database.read(lambda books: books.refunds.get(uid))
    if record is None or record.state not in _OPEN or record.asked_at is None:
        return False
    if record.provider in ctx.gateways and Feature.STATUS in ctx.mobile(record.provider).features:
        by_receipt = record.route is Route.REVERSAL and not record.provider_request
        with suppress(Unavailable):
            await ask_status(
                ctx,
                record.provider,
                f"refund:{uid}",
                receipt_no=record.receipt_no if by_receipt else "",
                originator="" if by_receipt else _asked_as(record),
                about=record.route,
            )
    now = ctx.clock.now()
    await ctx.database.write(lambda books: _plan_next(books, ctx, uid, now))
    return True


def _asked_as(record: RefundRecord) -> str:
    """The id by which the provider knows the command: its own of a reversal it accepted, ours of a payout."""
    return record.originator if record.route is Route.PAYOUT else record.provider_request


def _plan_next(books: Books, ctx: Context, uid: UUID, now: datetime) -> None:
    record = books.refunds.lock(uid)
    if record is None or record.state not in _OPEN or record.asked_at is None:
        return
    if record.state is not RefundState.UNKNOWN:
        silence = Evidence(
            kind=EvidenceKind.SILENCE,
            source=Source.WORKER,
            observed_at=now,
            code="no-result",
            text=f"no result after {int((now - record.asked_at).total_seconds())} s",
        )
        record = apply(books, ctx, uid, silence, actor="relay")
    asked_at = record.asked_at or now
    later = next((at for at in (asked_at + step for step in ctx.policy.refund_plan) if at > now), None)
    books.refunds.save(
        replace(record, next_check_at=later or now + ctx.policy.refund_every, checks_done=record.checks_done + 1)
    )
    if now - asked_at >= ctx.policy.give_up:
        books.trail.open_task(
            Task(
                kind=TaskKind.REFUND_UNKNOWN,
                subject=f"refund:{uid}",
                text=f"Nobody can tell whether {record.amount.grouped} went back: look it up in the M-Pesa portal or import"
                " the statement. Do not pay it out again.",
                amount=record.amount,
            ),
            record.facility_id,
        )


def hear_status(books: Books, ctx: Context, uid: UUID, said: StatusReading, *, origin: str) -> None:
    """Phase: what a status answer says of refund ``uid``; whatever it leaves open stays unknown."""
    record = books.refunds.lock(uid)
    if record is None or record.state not in _OPEN | {RefundState.FAILED}:
        return
    about_original = record.route is Route.REVERSAL and said.receipt_no.upper() in ("", record.receipt_no)
    if about_original:  # or nobody can say about which of the two: only "reversed" says something of the refund
        kind = EvidenceKind.ASSURED if said.is_reversed else None
    else:
        kind = {
            StatusOutcome.COMPLETED: EvidenceKind.PAID,
            StatusOutcome.NOT_COMPLETED: EvidenceKind.DECLINED,
            StatusOutcome.UNDECIDED: EvidenceKind.PROCESSING,
        }.get(said.outcome)
    if kind is None:
        return
    fact = Evidence(
        kind=kind,
        source=Source.STATUS,
        observed_at=ctx.clock.now(),
        receipt_no="" if about_original else said.receipt_no,
        code=said.code,
        text=said.text,
    )
    apply(books, ctx, uid, fact, actor=f"gateway:{record.provider}", origin=origin)
