"""Money that a provider tells of, whichever way we hear it: find whose it is, or keep it where somebody will look.

The one way in for a C2B confirmation, a row of a pull, a status answer and a line of a statement. In this order:

1. the receipt number is known: the same money, told again; its source is added to the evidence, nothing is posted twice;
2. the account is the reference of a prompt of ours, which has no receipt yet and asked for this amount: it is that prompt's
   result (or its twin); with another amount, or after the prompt was paid, it is a payment of its own to the same invoice.
   A till's money and a status answer name no account: then it is the result of the one prompt that was paid at that time without
   telling its receipt number, and a person's to decide where there are several;
3. the account means exactly one invoice, or a patient with exactly one open invoice: it settles that;
4. a cashier is waiting for this very receipt number: it settles the invoice it was shown for;
5. else it is unmatched money, with a task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from hmis_pos.cashier import answer_checks, settle
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Channel, PaymentRecord, Task, TaskKind
from hmis_pos.cashier.records_back_office import KeyHolders, ProviderMoney, ReceiptCheck, UnmatchedMoney
from hmis_pos.domain.evidence import Evidence, EvidenceKind
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.ledger import UNMATCHED, Transfer, method_account
from hmis_pos.domain.matching import account_keys, phone_contradicts, settling_keys
from hmis_pos.domain.payment import MONEY_STATES, Method, Payment, normal_receipt

#: From a prompt to its money: the phone rings for a minute or two, and Safaricom may take its time.
LONGEST_RINGING = timedelta(minutes=10)
#: So far Safaricom's clock may be behind ours.
CLOCKS_APART = timedelta(minutes=1)


class TakenAs(StrEnum):
    """What became of it."""

    KNOWN = "known"  #: it was in the books before
    REQUEST = "request"  #: the result of a prompt of ours
    INVOICE = "invoice"  #: a payment of its own
    UNMATCHED = "unmatched"  #: it waits for a person


@dataclass(frozen=True, slots=True)
class Taken:
    """``owner`` is ``payment:<uid>`` or ``unmatched:<id>``. ``was_paid``: the books held this money, perhaps without its number."""

    how: TakenAs
    owner: str
    was_paid: bool = False


def take_in(
    books: Books, ctx: Context, money: ProviderMoney, *, actor: str, origin: str = "", inbox_id: int | None = None
) -> Taken:
    """Phase: place money, once. ``actor`` is who told of it, for the audit trail.

    Raises:
        ValueError: it has no receipt number, or no amount above zero.
    """
    money = replace(money, receipt_no=normal_receipt(money.receipt_no))
    if not money.receipt_no or money.amount.minor <= 0:
        raise ValueError("money needs a receipt number and an amount above zero")
    owner = books.payments.owner_of(money.provider, money.receipt_no)
    if owner is not None:
        return _told_again(books, ctx, money, owner, actor=actor, origin=origin)
    proof = proof_of(money, inbox_id)
    prompts = _prompts_of(books, money)
    request = prompts[0] if len(prompts) == 1 else None
    if request is not None and _is_result_of(request, money):
        was_paid = request.state in MONEY_STATES
        changed = settle.apply(books, ctx, request.uid, proof, actor=actor, origin=origin, paid_at=money.paid_at)
        answer_checks.prove(books, ctx, changed, money.receipt_no, money.account)
        return Taken(TakenAs.REQUEST, f"payment:{changed.uid}", was_paid)
    waiting = books.checks.waiting_for(money.provider, money.receipt_no)
    checks = [check for check in waiting if check.invoice_id is not None and len(prompts) <= 1]
    held_by = books.accounts.holders(settling_keys(money.account)) if request is None else {}
    invoice = books.invoices.get(request.payment.invoice_id) if request is not None else _meant(books, held_by)
    channel = Channel.PAYBILL
    if invoice is None and checks:
        invoice, channel = books.invoices.get(checks[0].invoice_id or 0), Channel.CODE
    if invoice is None:
        reason = _may_be_of(books, prompts) if prompts else _why_not(books, money.account, held_by)
        advice = f"{reason}, a supervisor decides" if prompts else "find its patient"
        taken = _hold(books, ctx, money, (reason, advice), actor=actor, origin=origin, inbox_id=inbox_id)
        answer_checks.leave_unmatched(books, ctx, waiting)
        return taken
    check = checks[0] if channel is Channel.CODE else None
    record = settle.open_paid(
        books,
        ctx,
        payment_for(books, ctx, money, invoice, channel=channel, check=check),
        proof,
        actor=check.asked_by if check is not None else actor,
        origin=origin,
    )
    answer_checks.prove(books, ctx, record, money.receipt_no, money.account)
    return Taken(TakenAs.INVOICE, f"payment:{record.uid}")


def proof_of(money: ProviderMoney, inbox_id: int | None = None) -> Evidence:
    """What this money says, as evidence."""
    return Evidence(
        kind=EvidenceKind.PAID,
        source=money.source,
        observed_at=money.observed_at,
        receipt_no=normal_receipt(money.receipt_no),
        amount=money.amount,
        text=money.kind,
        raw_id=inbox_id,
    )


def meant_by(books: Books, account: str) -> Invoice | None:
    """The one invoice that an account number means beyond doubt; None where there is none, or more than one."""
    return _meant(books, books.accounts.holders(settling_keys(account)))


def _meant(books: Books, held_by: Mapping[str, KeyHolders]) -> Invoice | None:
    """Of those who have the key of what was typed."""
    for holders in held_by.values():
        if len(holders.invoices) == 1:
            invoice = books.invoices.get(holders.invoices[0])
            return invoice if invoice is not None and set(holders.patients) <= {invoice.patient_id} else None
        if not holders.invoices and len(holders.patients) == 1:
            owed = books.accounts.open_of_patient(holders.patients[0])
            return owed[0] if len(owed) == 1 else None
    return None


def payment_for(
    books: Books,
    ctx: Context,
    money: ProviderMoney,
    invoice: Invoice,
    *,
    channel: Channel,
    check: ReceiptCheck | None = None,
) -> PaymentRecord:
    """A payment as it is before its proof is applied: all that came is what was asked.

    Its terminal is the counter that serves the patient now, so that one counter and no other issues the receipt.
    """
    method, now = Method(money.provider), ctx.clock.now()
    serving = books.invoices.serving(invoice.id, now)
    earlier = sum(1 for record in books.payments.of_invoice(invoice.id) if record.payment.method is method)
    return PaymentRecord(
        payment=Payment(
            uid=ctx.ids.uuid(),
            invoice_id=invoice.id,
            patient_id=invoice.patient_id,
            method=method,
            asked=money.amount,
            asked_at=now,
        ),
        facility_id=invoice.facility_id,
        cashier=check.asked_by if check is not None else "",
        processed_by=check.user_id if check is not None else None,
        terminal=check.terminal if check is not None else serving.terminal if serving is not None else "",
        attempt=earlier + 1,
        channel=channel,
        account_typed=money.account,
        payer=" ".join(part for part in (money.payer_name, money.payer_phone) if part),
        paid_at=money.paid_at,
    )


def request_of(books: Books, money: ProviderMoney) -> PaymentRecord | None:
    """The prompt of ours whose reference this money's account is."""
    account = "".join(money.account.split()).upper()
    return books.payments.by_account(money.provider, account) if account else None


def _prompts_of(books: Books, money: ProviderMoney) -> Sequence[PaymentRecord]:
    """The prompts of ours whose result this may be.

    By the account, or where there is none by amount and time among those that Safaricom, asked by us, called paid without telling
    the receipt number: theirs is still to come, and this may be it.
    """
    if money.account.strip():
        request = request_of(books, money)
        return [request] if request is not None else []
    at = money.paid_at or money.observed_at
    silent = books.payments.assured_without_receipt(
        money.provider, money.amount, at - LONGEST_RINGING, at + CLOCKS_APART
    )
    return [record for record in silent if not phone_contradicts(money.payer_phone, record.phone)]


def is_assured(books: Books, money: ProviderMoney) -> bool:
    """Whether this is the twin of a prompt that the provider, asked by us, called paid: only its receipt number is news."""
    prompts = _prompts_of(books, money)
    return len(prompts) == 1 and prompts[0].state in MONEY_STATES and _is_result_of(prompts[0], money)


def _may_be_of(books: Books, prompts: Sequence[PaymentRecord]) -> str:
    found = (books.invoices.get(record.payment.invoice_id) for record in prompts)
    return f"it may be what the phone was asked for {' or '.join(i.number for i in found if i is not None)}"


def _is_result_of(request: PaymentRecord, money: ProviderMoney) -> bool:
    """Whether this is what the prompt asked for, and not one more payment with the same account."""
    return not request.receipts and request.payment.asked == money.amount


def _told_again(books: Books, ctx: Context, money: ProviderMoney, owner: str, *, actor: str, origin: str) -> Taken:
    held, _, name = owner.partition(":")
    if held == "payment":
        record = settle.apply(
            books, ctx, UUID(name), proof_of(money), actor=actor, origin=origin, paid_at=money.paid_at
        )
        _compare_account(books, record, money)
        answer_checks.prove(books, ctx, record, money.receipt_no, money.account)
        return Taken(TakenAs.KNOWN, owner)
    waiting = books.unmatched.lock(int(name))
    if waiting is not None and waiting.money.amount != money.amount:
        _differs(books, waiting, money)
    if waiting is None or waiting.remaining != waiting.money.amount:
        return Taken(TakenAs.KNOWN, owner)
    checks = [c for c in books.checks.waiting_for(money.provider, money.receipt_no) if c.invoice_id is not None]
    if _give_to_prompt(books, ctx, waiting, money, actor=actor, origin=origin) is None and checks:
        place_for_check(books, ctx, waiting, checks[0])
    return Taken(TakenAs.KNOWN, owner)


def _give_to_prompt(
    books: Books, ctx: Context, waiting: UnmatchedMoney, money: ProviderMoney, *, actor: str, origin: str
) -> PaymentRecord | None:
    """Unmatched money (locked, whole) whose prompt was not known to be paid when it came, or is named only now."""
    prompts = _prompts_of(books, money)
    if len(prompts) != 1 or money.amount != waiting.remaining or not _is_result_of(prompts[0], money):
        return None
    record = settle.apply(
        books, ctx, prompts[0].uid, proof_of(money), actor=actor, origin=origin, paid_at=money.paid_at
    )
    answer_checks.prove(books, ctx, record, money.receipt_no, money.account)
    return record


def _compare_account(books: Books, record: PaymentRecord, money: ProviderMoney) -> None:
    """A payment taken by its code may have been meant for another invoice: only later sources tell the account."""
    if record.channel is not Channel.CODE or record.account_typed or not money.account:
        return
    meant = meant_by(books, money.account)
    if meant is not None and meant.id != record.payment.invoice_id:
        books.trail.open_task(
            Task(
                kind=TaskKind.CONTRADICTION,
                subject=f"payment:{record.uid}",
                text=f"Receipt {money.receipt_no} was taken by its code; its payer had named the account of invoice"
                f" {meant.number}. Ask whose payment it was; a supervisor can move it.",
                amount=money.amount,
            ),
            record.facility_id,
        )


def place_for_check(books: Books, ctx: Context, waiting: UnmatchedMoney, check: ReceiptCheck) -> PaymentRecord | None:
    """Phase: unmatched money (locked, whole) settles the invoice for which its receipt number was shown.

    Unless it is what a prompt of ours brought: then that prompt's payment has it. Where it may be one of several prompts' a person
    decides, and the check is refused.
    """
    given = _give_to_prompt(books, ctx, waiting, waiting.money, actor=check.asked_by, origin="")
    if given is not None:
        return given
    if len(_prompts_of(books, waiting.money)) > 1:
        answer_checks.leave_unmatched(books, ctx, [check])
        return None
    invoice = books.invoices.get(check.invoice_id or 0)
    if invoice is None:
        return None
    record = settle.open_paid(
        books,
        ctx,
        payment_for(books, ctx, waiting.money, invoice, channel=Channel.CODE, check=check),
        proof_of(waiting.money),
        actor=check.asked_by,
        out_of=waiting,
        note="the patient showed its code",
    )
    answer_checks.prove(books, ctx, record, waiting.money.receipt_no, waiting.money.account)
    return record


def _differs(books: Books, waiting: UnmatchedMoney, money: ProviderMoney) -> None:
    books.trail.open_task(
        Task(
            kind=TaskKind.AMOUNT_DIFFERS,
            subject=f"unmatched:{waiting.id}",
            text=f"Receipt {money.receipt_no} came as {waiting.money.amount.grouped}, its {money.source.value} says"
            f" {money.amount.grouped}: compare it with the statement before it is used.",
            amount=money.amount,
        ),
        waiting.facility_id,
    )


def _hold(
    books: Books,
    ctx: Context,
    money: ProviderMoney,
    words: tuple[str, str],
    *,
    actor: str,
    origin: str,
    inbox_id: int | None,
) -> Taken:
    """``words``: why it matched nothing, and what is to be done."""
    now, facility = ctx.clock.now(), ctx.policy.home_facility
    reason, advice = words
    number = books.unmatched.hold(
        UnmatchedMoney(
            money=money, facility_id=facility, reason=reason, inbox_id=inbox_id, remaining=money.amount, at=now
        )
    )
    subject = f"unmatched:{number}"
    books.payments.claim_receipt(money.provider, money.receipt_no, subject)
    books.ledger.transfer(Transfer(method_account(money.provider), UNMATCHED, money.amount), subject, now)
    books.trail.audit(
        actor,
        "money.unmatched",
        subject,
        origin,
        {
            "receipt": money.receipt_no,
            "amount": money.amount.text,
            "account": money.account,
            "source": money.source.value,
        },
    )
    where = f"for account {money.account!r}" if money.account else "without an account"
    books.trail.open_task(
        Task(
            kind=TaskKind.UNMATCHED,
            subject=subject,
            text=f"{money.amount.grouped} came to the Paybill {where}: {advice}.",
            amount=money.amount,
        ),
        facility,
    )
    books.trail.emit("unmatched.changed", facility, {"unmatched_id": number})
    return Taken(TakenAs.UNMATCHED, subject)


def _why_not(books: Books, account: str, held_by: Mapping[str, KeyHolders]) -> str:
    if not account.strip():
        return "no account was given"
    if not account_keys(account):
        return "the account is no number of ours"
    invoices = {invoice for holders in held_by.values() for invoice in holders.invoices}
    patients = {patient for holders in held_by.values() for patient in holders.patients}
    if len(invoices) > 1:
        return "several invoices answer to this account"
    if len(patients) > 1:
        return "several patients answer to this account"
    if patients:
        count = len(books.accounts.open_of_patient(min(patients)))
        return (
            f"the account is a patient with {count} open invoices"
            if count
            else "the account is a patient who owes nothing"
        )
    return "no invoice and no patient has this account"
