"""Apply one piece of evidence to one payment, and post what it newly proves. The only way money enters the books.

Order of work inside the one transaction: lock the payment; claim the provider's receipt (a receipt that settled elsewhere is
quarantined); add the evidence; compare what is received with what is posted; post the difference (invoice first, the rest to
the patient's deposit with a task); write audit and event. Applying the same evidence again changes nothing.

A receipt that waits as unmatched money, whole, is adopted when its own request speaks up after all: a till's C2B
confirmation names no account, and may come before the callback that does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Advice, PaymentRecord, Posted, Task, TaskKind
from hmis_pos.cashier.records_back_office import UnmatchedMoney, UnmatchedPart
from hmis_pos.domain.errors import NotFound
from hmis_pos.domain.evidence import SUCCESS_KINDS, Evidence
from hmis_pos.domain.ledger import UNMATCHED, Transfer, deposit_account, invoice_account, method_account
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import (
    ELECTRONIC,
    MONEY_STATES,
    OPEN_STATES,
    REFUND_STATES,
    PaymentState,
    Verdict,
    normal_receipt,
)

#: Our own failure code: no connection to the gateway, the payer was not asked, asking again is safe.
GATEWAY_UNREACHABLE = "gateway-unreachable"
#: So far the provider's clock may be from ours. A time further off is a slip, and no time when money moved.
CLOCKS_APART = timedelta(minutes=10)


def apply(
    books: Books,
    ctx: Context,
    uid: UUID,
    evidence: Evidence,
    *,
    actor: str,
    origin: str = "",
    paid_at: datetime | None = None,
) -> PaymentRecord:
    """Phase: apply ``evidence`` to payment ``uid`` and post what follows.

    ``paid_at``: when the money moved, as whoever proves it says; the first to say so is believed.

    Raises:
        NotFound: there is no such payment.
    """
    record = books.payments.lock(uid)
    if record is None:
        raise NotFound(f"there is no payment {uid}", field="uid", cure="Look it up in the list of payments.")
    if any(known.digest == evidence.digest for known in record.payment.evidence):
        return record
    if not _claim(books, ctx, record, evidence, actor=actor):
        return _quarantine(books, record, evidence, actor=actor, origin=origin)
    payment = record.payment.apply(evidence)
    verdict = payment.verdict
    if payment.state in REFUND_STATES:  # paid once more after it went back: not all of it is gone any longer
        refunded = books.ledger.posted(uid).refunded
        if refunded > verdict.received:
            return _less_than_refunded(books, record, evidence, refunded, actor=actor, origin=origin)
        payment = payment.with_refunded(refunded)
    moved_at = record.paid_at or _moved_at(ctx, record, evidence, paid_at)
    changed = _with_verdict(ctx, replace(record, payment=payment, paid_at=moved_at), verdict, evidence)
    books.payments.save(changed, evidence)
    books.trail.audit(
        actor,
        f"payment.{evidence.kind.value}",
        f"payment:{uid}",
        origin,
        {
            "source": evidence.source.value,
            "code": evidence.code,
            "state": changed.state.value,
            "was": record.state.value,
            "received": verdict.received.text,
        },
    )
    if changed.state in MONEY_STATES:
        _post(books, ctx, changed, verdict)
    _tell_of_settings(books, ctx, changed)
    books.trail.emit("payment.changed", changed.facility_id, {"payment_uid": str(uid)})
    if (record.state in OPEN_STATES) != (changed.state in OPEN_STATES):
        books.trail.emit("invoice.changed", changed.facility_id, {"invoice_id": payment.invoice_id})
    return changed


def open_paid(
    books: Books,
    ctx: Context,
    record: PaymentRecord,
    evidence: Evidence,
    *,
    actor: str,
    origin: str = "",
    out_of: UnmatchedMoney | None = None,
    note: str = "",
) -> PaymentRecord:
    """Phase: store a payment that nobody asked for at a counter, together with its proof, and post it.

    ``record`` holds no evidence yet. ``out_of``: the unmatched money (locked) that this payment takes its amount from; otherwise
    the receipt number must be nobody's yet.
    """
    payment = record.payment.apply(evidence)
    verdict = payment.verdict
    receipt = normal_receipt(evidence.receipt_no)
    stored = books.payments.add(_with_verdict(ctx, replace(record, payment=payment), verdict, evidence))
    if out_of is None:
        books.payments.claim_receipt(payment.method.value, receipt, f"payment:{record.uid}")
    else:
        _take_out(books, ctx, out_of, stored, verdict.received, by=actor, note=note)
    books.trail.audit(
        actor,
        "payment.received",
        f"payment:{record.uid}",
        origin,
        {
            "source": evidence.source.value,
            "receipt": receipt,
            "received": verdict.received.text,
            "invoice": payment.invoice_id,
            "channel": record.channel.value,
            "account": record.account_typed,
            "unmatched": out_of.id if out_of is not None else 0,
        },
    )
    _post(books, ctx, stored, verdict)
    books.trail.emit("payment.changed", stored.facility_id, {"payment_uid": str(record.uid)})
    return stored


def _take_out(
    books: Books, ctx: Context, money: UnmatchedMoney, record: PaymentRecord, amount: Money, *, by: str, note: str
) -> None:
    """Move an amount from unmatched money into a payment, which then posts it where it belongs."""
    now, subject = ctx.clock.now(), f"unmatched:{money.id}"
    books.unmatched.place(
        UnmatchedPart(unmatched_id=money.id, amount=amount, by=by, at=now, note=note, payment_uid=record.uid)
    )
    books.ledger.transfer(Transfer(UNMATCHED, method_account(money.money.provider), amount), subject, now)
    if amount == money.remaining:
        books.trail.close_task(TaskKind.UNMATCHED, subject)
    books.trail.emit("unmatched.changed", money.facility_id, {"unmatched_id": money.id})


def _claim(books: Books, ctx: Context, record: PaymentRecord, evidence: Evidence, *, actor: str) -> bool:
    """Bind the receipt number of a proof to this payment; False if another owner has it."""
    receipt = normal_receipt(evidence.receipt_no)
    if not receipt or evidence.kind not in SUCCESS_KINDS:
        return True  # a claim binds nothing: a forged one could keep the number from its rightful payment
    provider = record.payment.method.value
    owner = books.payments.owner_of(provider, receipt)
    mine = f"payment:{record.uid}"
    if owner is None:
        books.payments.claim_receipt(provider, receipt, mine)
        return True
    return owner == mine or _is_part(books, ctx, record, evidence, owner, actor=actor)


def _is_part(books: Books, ctx: Context, record: PaymentRecord, evidence: Evidence, owner: str, *, actor: str) -> bool:
    """Whether a receipt held as unmatched money is this payment's: placed here before, or waiting whole to be adopted."""
    held, _, number = owner.partition(":")
    if held != "unmatched":
        return False
    if any(part.unmatched_id == int(number) for part in books.unmatched.parts_of(record.uid)):
        return True
    money = books.unmatched.lock(int(number))
    if money is None or money.remaining != money.money.amount or evidence.amount != money.remaining:
        return False
    _take_out(books, ctx, money, record, money.remaining, by=actor, note="its own request told of it")
    return True


def _quarantine(books: Books, record: PaymentRecord, evidence: Evidence, *, actor: str, origin: str) -> PaymentRecord:
    """A receipt number settles once, ever, anywhere: its second use is a task, never money."""
    receipt = normal_receipt(evidence.receipt_no)
    owner = books.payments.owner_of(record.payment.method.value, receipt)
    books.trail.open_task(
        Task(
            kind=TaskKind.RECEIPT_REUSED,
            subject=f"payment:{record.uid}",
            text=f"Receipt {receipt} was offered for this payment but already settled {owner}.",
            amount=evidence.amount,
        ),
        record.facility_id,
    )
    books.trail.audit(
        actor,
        "payment.receipt-reused",
        f"payment:{record.uid}",
        origin,
        {"receipt": receipt, "owner": owner or "", "source": evidence.source.value},
    )
    return record


def _less_than_refunded(
    books: Books, record: PaymentRecord, evidence: Evidence, refunded: Money, *, actor: str, origin: str
) -> PaymentRecord:
    """What went back did come: who says now that less came is contradicted by our own refund. A task, and nothing changes."""
    said = evidence.amount.grouped if evidence.amount is not None else "less"
    books.trail.open_task(
        Task(
            kind=TaskKind.AMOUNT_DIFFERS,
            subject=f"payment:{record.uid}",
            text=f"{refunded.grouped} of this payment was refunded; {evidence.source.value} now says that {said} came:"
            " nothing was changed, compare it with the statement.",
            amount=evidence.amount,
        ),
        record.facility_id,
    )
    books.trail.audit(
        actor,
        "payment.less-than-refunded",
        f"payment:{record.uid}",
        origin,
        {"receipt": evidence.receipt_no, "amount": said, "refunded": refunded.text, "source": evidence.source.value},
    )
    return record


def _moved_at(ctx: Context, record: PaymentRecord, evidence: Evidence, said: datetime | None) -> datetime | None:
    """When the money moved, by what proves it; None where that cannot be: before it was asked for, or in the future."""
    if said is None or evidence.kind not in SUCCESS_KINDS:
        return None
    earliest, latest = record.payment.asked_at - CLOCKS_APART, ctx.clock.now() + CLOCKS_APART
    return said if earliest <= said <= latest else None


def _fee(ctx: Context, record: PaymentRecord, verdict: Verdict, now: datetime) -> Money | None:
    """What the provider charges for it; nobody charges for money taken by hand."""
    if record.payment.method not in ELECTRONIC:
        return None
    return ctx.policy.fee_of(record.channel.value, verdict.received, record.paid_at or now)


def _with_verdict(ctx: Context, record: PaymentRecord, verdict: Verdict, evidence: Evidence) -> PaymentRecord:
    """The record with the columns that follow from the evidence."""
    now = ctx.clock.now()
    completed = record.state in MONEY_STATES
    advice, not_before = _advice(ctx, record, verdict, evidence)
    reference = evidence.reference if evidence.reference and not record.provider_request else record.provider_request
    return replace(
        record,
        provider_request=reference,
        received=verdict.received if completed else None,
        receipts=verdict.receipts,
        failure_code="" if completed else verdict.code,
        failure_text="" if completed else verdict.text,
        agreed=verdict.agreed,
        fee=_fee(ctx, record, verdict, now) if completed else None,
        advice=advice,
        retry_not_before=not_before,
        completed_at=(record.completed_at or now) if completed else None,
        next_check_at=None if _is_final(record, verdict) else record.next_check_at,
    )


def _is_final(record: PaymentRecord, verdict: Verdict) -> bool:
    """Nothing is left to ask the gateway: money is proven, a no is agreed, or we gave up."""
    agreed_no = record.state is PaymentState.FAILED and verdict.agreed
    return agreed_no or record.state in MONEY_STATES or record.state is PaymentState.EXPIRED


def _advice(
    ctx: Context, record: PaymentRecord, verdict: Verdict, evidence: Evidence
) -> tuple[Advice, datetime | None]:
    """May the patient be asked again, and from when? Only a final no, or giving up, opens the door."""
    unreachable = record.state is PaymentState.FAILED and verdict.code == GATEWAY_UNREACHABLE
    if unreachable or record.state is PaymentState.EXPIRED:
        return Advice.NOW, None
    gateway = ctx.gateways.get(record.payment.method.value)
    if record.state is not PaymentState.FAILED or gateway is None:
        return Advice.NO, None
    if record.advice is not Advice.NO and record.failure_code == verdict.code:
        return record.advice, record.retry_not_before  # the same no, said again, does not restart the wait
    said = gateway.advise(verdict.code)
    if said.advice is Advice.WAIT:
        return said.advice, evidence.observed_at + said.wait
    return said.advice, None


def is_about_settings(ctx: Context, record: PaymentRecord) -> bool:
    """Whether an attempt failed for a setting of the hospital's, and not for anything of its own or its payer's."""
    gateway = ctx.gateways.get(record.payment.method.value)
    if gateway is None or record.state is not PaymentState.FAILED:
        return False
    return gateway.advise(record.failure_code).about_settings


def _tell_of_settings(books: Books, ctx: Context, record: PaymentRecord) -> None:
    """It is no failed payment of the patient's that has to be looked at: one task for IT, however many are refused."""
    if not is_about_settings(ctx, record):
        return
    provider, code = record.payment.method.value, record.failure_code
    books.trail.open_task(
        Task(
            kind=TaskKind.CONFIGURATION,
            subject=f"gateway:{provider}:{code}",
            text=f"{provider} refuses every request with {code}: {record.failure_text}. IT has to look at its settings.",
        ),
        record.facility_id,
    )


def _post(books: Books, ctx: Context, record: PaymentRecord, verdict: Verdict) -> None:
    """Bring the books to what is received: allocation up to what is owed, the rest a deposit."""
    posted = books.ledger.posted(record.uid)
    missing = verdict.received - posted.allocated - posted.deposited - posted.refunded
    if missing.minor > 0:
        _post_more(books, ctx, record, missing)
    elif missing.minor < 0:
        _take_back(books, ctx, record, -missing, posted)
    for doubt in sorted(verdict.doubts):
        kind, words = _DOUBTS[doubt]
        text = words.format(asked=record.payment.asked.grouped, received=verdict.received.grouped)
        books.trail.open_task(
            Task(kind=kind, subject=f"payment:{record.uid}", text=text, amount=verdict.received), record.facility_id
        )


_DOUBTS = {
    "amount-differs": (
        TaskKind.AMOUNT_DIFFERS,
        "{asked} was asked, {received} came: tell the patient, check the statement.",
    ),
    "second-receipt": (
        TaskKind.PAID_TWICE,
        "The patient paid twice for one request, {received} in all: what is over lies in the deposit, offer a refund.",
    ),
    "no-after-yes": (
        TaskKind.CONTRADICTION,
        "The gateway said no and yes about {received}: the yes counts, compare it with the statement.",
    ),
}


def _post_more(books: Books, ctx: Context, record: PaymentRecord, amount: Money) -> None:
    payment, now = record.payment, ctx.clock.now()
    invoice = books.invoices.lock(payment.invoice_id)
    owed = invoice.owed if invoice is not None else Money.zero(amount.currency)
    to_invoice = min(owed, amount)
    to_deposit = amount - to_invoice
    came_from, subject = method_account(payment.method.value), f"payment:{record.uid}"
    if to_invoice:
        books.ledger.allocate(record.uid, payment.invoice_id, to_invoice, now)
        books.invoices.add_paid(payment.invoice_id, to_invoice)
        books.ledger.transfer(Transfer(came_from, invoice_account(payment.invoice_id), to_invoice), subject, now)
    if to_deposit:
        books.ledger.deposit(record.uid, payment.patient_id, to_deposit, "more than was owed", now)
        books.ledger.transfer(Transfer(came_from, deposit_account(payment.patient_id), to_deposit), subject, now)
        books.trail.open_task(
            Task(
                kind=TaskKind.OVERPAID,
                subject=subject,
                text=f"{to_deposit.grouped} more than invoice {payment.invoice_id} owed is now the patient's deposit:"
                " tell the patient, use it for another invoice or refund it.",
                amount=to_deposit,
            ),
            record.facility_id,
        )
    books.trail.audit(
        "relay",
        "money.posted",
        subject,
        "",
        {"invoice": payment.invoice_id, "allocated": to_invoice.text, "deposited": to_deposit.text},
    )
    books.trail.emit("invoice.changed", record.facility_id, {"invoice_id": payment.invoice_id})


def _take_back(books: Books, ctx: Context, record: PaymentRecord, amount: Money, posted: Posted) -> None:
    """Less came than was first believed (an assurance without an amount): undo the difference, deposit first."""
    payment, now = record.payment, ctx.clock.now()
    goes_to, subject = method_account(payment.method.value), f"payment:{record.uid}"
    from_deposit = min(posted.deposited, amount)
    from_invoice = amount - from_deposit
    if from_deposit:
        books.ledger.deposit(record.uid, payment.patient_id, -from_deposit, "less came than was assured", now)
        books.ledger.transfer(Transfer(deposit_account(payment.patient_id), goes_to, from_deposit), subject, now)
    if from_invoice:
        books.ledger.allocate(record.uid, payment.invoice_id, -from_invoice, now)
        books.invoices.add_paid(payment.invoice_id, -from_invoice)
        books.ledger.transfer(Transfer(invoice_account(payment.invoice_id), goes_to, from_invoice), subject, now)
    books.trail.audit(
        "relay", "money.taken-back", subject, "", {"invoice": from_invoice.text, "deposit": from_deposit.text}
    )
    books.trail.emit("invoice.changed", record.facility_id, {"invoice_id": payment.invoice_id})
