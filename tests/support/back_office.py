"""Hands to put unmatched money, refunds and statements into the central database of a small hospital, past the use cases."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Channel, PaymentRecord, Task, TaskKind
from hmis_pos.cashier.records_back_office import (
    ProviderMoney,
    RefundRecord,
    StatementEntry,
    StatementFile,
    UnmatchedMoney,
    UnmatchedPart,
)
from hmis_pos.domain.evidence import EvidenceKind, Source
from hmis_pos.domain.ledger import UNMATCHED, Transfer, invoice_account, paid_back_account
from hmis_pos.domain.money import Money
from hmis_pos.domain.payment import PaymentState
from hmis_pos.domain.refund import RefundState, Route
from tests.support.hospital import Hospital

_receipts = count(1)


def provider_money(hospital: Hospital, amount: int = 70_00, **said: Any) -> ProviderMoney:
    now = hospital.clock.now()
    values: dict[str, Any] = {
        "provider": "mpesa",
        "source": Source.C2B,
        "receipt_no": f"UNM{next(_receipts):07d}",
        "amount": Money(amount),
        "observed_at": now,
        "account": "INV-999999",
        "payer_name": "GRACE",
        "payer_phone": "2547 ***** 418",
        "shortcode": "600999",
        "kind": "Pay Bill",
        "paid_at": now - timedelta(seconds=4),
    }
    return ProviderMoney(**{**values, **said})


def waiting(hospital: Hospital, amount: int = 70_00, *, task: bool = True, **said: Any) -> UnmatchedMoney:
    """Unmatched money as a use case leaves it: held, owned, in the ledger, told of."""
    now, money = hospital.clock.now(), provider_money(hospital, amount, **said)

    def work(books: Books) -> UnmatchedMoney:
        number = books.unmatched.hold(
            UnmatchedMoney(
                money=money, facility_id=hospital.facility, reason="nobody's", remaining=money.amount, at=now
            )
        )
        subject = f"unmatched:{number}"
        books.payments.claim_receipt("mpesa", money.receipt_no, subject)
        books.ledger.transfer(Transfer("received:mpesa", UNMATCHED, money.amount), subject, now)
        if task:
            new = Task(kind=TaskKind.UNMATCHED, subject=subject, text="find its patient", amount=money.amount)
            books.trail.open_task(new, hospital.facility)
        held = books.unmatched.get(number)
        assert held is not None
        return held

    return hospital.database.write_now(work)


def placed(hospital: Hospital, money: UnmatchedMoney, amount: int, invoice: int) -> PaymentRecord:
    """A payment out of unmatched money, allocated to ``invoice``, as a use case leaves it."""
    now, part = hospital.clock.now(), Money(amount)
    draft = replace(
        hospital.draft(amount, invoice=invoice), channel=Channel.UNMATCHED, next_check_at=None, completed_at=now
    )
    fact = hospital.said(EvidenceKind.PAID, Source.C2B, amount=part, receipt_no=money.money.receipt_no)
    payment = draft.payment.apply(fact)
    proven = replace(draft, payment=payment, received=part, receipts=payment.verdict.receipts)

    def work(books: Books) -> PaymentRecord:
        stored, subject = books.payments.add(proven), f"payment:{proven.uid}"
        books.unmatched.place(
            UnmatchedPart(unmatched_id=money.id, amount=part, by="supervisor", at=now, payment_uid=proven.uid)
        )
        books.ledger.transfer(Transfer(UNMATCHED, "received:mpesa", part), f"unmatched:{money.id}", now)
        books.trail.audit("supervisor", "payment.received", subject, "", {})
        books.ledger.allocate(proven.uid, invoice, part, now)
        books.invoices.add_paid(invoice, part)
        books.ledger.transfer(Transfer("received:mpesa", invoice_account(invoice), part), subject, now)
        return stored

    return hospital.database.write_now(work)


def wanted_refund(hospital: Hospital, amount: int, **said: Any) -> RefundRecord:
    """A refund not yet stored; say of what."""
    now = hospital.clock.now()
    values: dict[str, Any] = {
        "uid": hospital.uid(),
        "facility_id": hospital.facility,
        "provider": "mpesa",
        "amount": Money(amount),
        "route": Route.PAYOUT,
        "reason": "paid twice",
        "requested_by": "cashier",
        "requested_at": now,
    }
    return RefundRecord(**{**values, **said})


def decided(hospital: Hospital, refund: RefundRecord, state: RefundState = RefundState.APPROVED) -> RefundRecord:
    return replace(refund, state=state, decided_by="supervisor", decided_at=hospital.clock.now())


def given_back(hospital: Hospital, payment: PaymentRecord, refund: RefundRecord) -> RefundRecord:
    """A refund of an allocated payment, through to its end, as a use case leaves it."""
    now, amount = hospital.clock.now(), refund.amount
    fact = hospital.said(EvidenceKind.PAID, Source.CALLBACK, receipt_no=f"OUT{next(_receipts):07d}", amount=amount)
    done = replace(
        decided(hospital, refund, RefundState.COMPLETED),
        evidence=(fact,),
        provider_receipt=fact.receipt_no,
        completed_at=now,
    )
    invoice = payment.payment.invoice_id
    goes_to = UNMATCHED if refund.route is Route.UNMATCHED else paid_back_account("mpesa")

    def work(books: Books) -> RefundRecord:
        asked = books.refunds.add(refund)
        books.refunds.save(decided(hospital, asked))
        books.ledger.allocate(payment.uid, invoice, -amount, now)
        books.invoices.add_paid(invoice, -amount)
        books.ledger.transfer(Transfer(invoice_account(invoice), goes_to, amount), f"refund:{refund.uid}", now)
        books.refunds.save(done, fact)
        was = books.payments.lock(payment.uid)
        assert was is not None
        whole = books.ledger.posted(payment.uid).refunded == was.received
        state = PaymentState.REFUNDED if whole else PaymentState.PARTIALLY_REFUNDED
        books.payments.save(replace(was, payment=replace(was.payment, state=state)))
        stored = books.refunds.get(refund.uid)
        assert stored is not None
        return stored

    return hospital.database.write_now(work)


def statement_file(hospital: Hospital, file_hash: str = "f" * 64, **said: Any) -> StatementFile:
    values: dict[str, Any] = {
        "file_hash": file_hash,
        "name": "statement.csv",
        "provider": "mpesa",
        "shortcode": "600999",
        "facility_id": hospital.facility,
        "imported_by": "supervisor",
        "imported_at": hospital.clock.now(),
    }
    return StatementFile(**{**values, **said})


def statement_line(hospital: Hospital, row: int, receipt_no: str, **said: Any) -> StatementEntry:
    values: dict[str, Any] = {
        "row": row,
        "receipt_no": receipt_no,
        "kind": "collection",
        "status": "Completed",
        "completed_at": hospital.clock.now(),
        "paid_in": Money(70_00),
        "withdrawn": Money(0),
    }
    return StatementEntry(**{**values, **said})
