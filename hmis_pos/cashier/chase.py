"""Look for what nobody confirmed: ask the gateway again on a sparse plan, call silence by its name, give up after 48 h.

All state is in the books (``next_check_at``, ``checks_done``), so a restart goes on where the last run stopped. A payment is never
called failed by guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from hmis_pos import logs
from hmis_pos.cashier import answer_checks, look_again, settle
from hmis_pos.cashier.context import Context, Policy
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentRecord
from hmis_pos.domain.errors import OutcomeUnknown, Unavailable
from hmis_pos.domain.evidence import Evidence, EvidenceKind, Source
from hmis_pos.domain.payment import PaymentState

#: Payments looked at in one run; the next run takes the rest.
BATCH = 50
#: Our own code on a claim above the hospital's limit, from the attempt's own address: the gateway's yes makes it a proof.
OVER_LIMIT = "over-limit"
#: A query that got no usable answer is repeated this soon, without counting as a check.
SOON = timedelta(seconds=15)

_log = logs.logger("cashier.chase")


async def run_due(ctx: Context) -> int:
    """Look at every payment whose time has come; returns how many were looked at.

    Once a provider gives no usable answer it is not asked again in this run: it is away, or we asked too often.
    """
    now = ctx.clock.now()
    due = await ctx.database.read(lambda books: books.payments.due(now, BATCH))
    away: set[str] = set()
    for uid in due:
        try:
            await _check(ctx, uid, away)
        except (Unavailable, OutcomeUnknown):
            raise
        except Exception:  # noqa: BLE001 - one payment that nobody foresaw must not keep all others from being looked for
            _log.exception("payment not looked at", payment=str(uid))
            await ctx.database.write(partial(_put_off, ctx=ctx, uid=uid))
    return len(due)


def _put_off(books: Books, *, ctx: Context, uid: UUID) -> None:
    """Its turn comes again, behind those that can be looked at."""
    record = books.payments.lock(uid)
    if record is not None and record.next_check_at is not None:
        books.payments.save(replace(record, next_check_at=ctx.clock.now() + ctx.policy.chase_every))


async def _check(ctx: Context, uid: UUID, away: set[str]) -> None:
    """One look at one payment; a provider without a usable answer joins ``away``."""
    record = await ctx.database.read(lambda books: books.payments.get(uid))
    if record is None or record.next_check_at is None:
        return
    facts: list[Evidence] = []
    provider = record.payment.method.value
    if record.provider_request and provider not in away:
        try:
            facts.append(await ctx.gateway(provider).ask(record.provider_request))
        except Unavailable:
            away.add(provider)
    usable = not record.provider_request or provider not in away
    now = ctx.clock.now()
    facts.extend(_by_the_clock(ctx, record, now))

    def phase(books: Books) -> None:
        current = books.payments.lock(uid)
        # A claim may have come while the gateway was asked.
        agreed = _agreed_claims(current, facts) if current is not None else []
        for fact in (*facts, *agreed):
            current = settle.apply(books, ctx, uid, fact, actor="relay", origin="chase")
        if current is None:
            return
        for receipt in current.receipts if agreed else ():
            answer_checks.prove(books, ctx, current, receipt)
        if current.next_check_at is not None:
            books.payments.save(_plan_next(ctx.policy, current, now, usable=usable))

    await look_again.write(ctx, phase)


def _agreed_claims(record: PaymentRecord, said: Sequence[Evidence]) -> list[Evidence]:
    """Claims that were too large to believe unasked, now that the gateway says paid: proofs, with their receipt."""
    if not any(fact.kind is EvidenceKind.ASSURED for fact in said):
        return []
    claims = (fact for fact in record.payment.evidence if fact.kind is EvidenceKind.CLAIMED)
    return [replace(fact, kind=EvidenceKind.PAID) for fact in claims if fact.code == OVER_LIMIT]


def _by_the_clock(ctx: Context, record: PaymentRecord, now: datetime) -> list[Evidence]:
    """What our own clock says: silence past the deadline, nothing found past the end."""
    age = now - record.payment.asked_at
    if record.state in (PaymentState.CREATED, PaymentState.PENDING) and age >= ctx.policy.silence:
        return [_note(ctx, EvidenceKind.SILENCE, "no-result", f"no result after {int(age.total_seconds())} s")]
    looked_for = (PaymentState.UNKNOWN, PaymentState.CANCELLED)
    if record.state in looked_for and age >= ctx.policy.give_up:
        return [_note(ctx, EvidenceKind.NOTHING_FOUND, "nothing-found", "nothing found in any source")]
    return []


def _note(ctx: Context, kind: EvidenceKind, code: str, text: str) -> Evidence:
    return Evidence(kind=kind, source=Source.WORKER, observed_at=ctx.clock.now(), code=code, text=text)


def _plan_next(policy: Policy, record: PaymentRecord, now: datetime, *, usable: bool) -> PaymentRecord:
    """When to look again: the first entry of the plan still ahead; after the plan every ``chase_every``."""
    done = record.checks_done + (1 if usable else 0)
    if record.state is PaymentState.FAILED and now - record.payment.asked_at >= policy.give_up:
        return replace(record, next_check_at=None, checks_done=done)
    if not usable and now - record.payment.asked_at < policy.give_up:
        return replace(record, next_check_at=now + min(SOON, policy.chase_every), checks_done=done)
    ahead = [record.payment.asked_at + step for step in policy.chase_plan]
    later = next((at for at in ahead if at > now), None)
    return replace(record, next_check_at=later or now + policy.chase_every, checks_done=done)
