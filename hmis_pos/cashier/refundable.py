"""What of a payment, or of unmatched money, may go back, and what waits until finance knows whether it ever came."""

from __future__ import annotations

from uuid import UUID

from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Channel, PaymentRecord
from hmis_pos.cashier.records_back_office import RefundRecord, UnmatchedMoney
from hmis_pos.domain import phone as phones
from hmis_pos.domain.errors import CashierMistake, Conflict
from hmis_pos.domain.money import Money, total
from hmis_pos.domain.payment import MONEY_STATES, Method
from hmis_pos.domain.refund import RESERVING, Original


def of_payment(books: Books, record: PaymentRecord) -> Original:
    """Phase: what may go back of a payment.

    Raises:
        Conflict: it is not of M-Pesa, holds no receipt, or a statement doubts it.
    """
    method = record.payment.method
    if method is not Method.MPESA:
        raise Conflict(
            f"a {method.value} payment is not given back this way",
            code="no-route",
            field="transaction_id",
            cure="Give it back the way it came.",
        )
    if record.state not in MONEY_STATES or not record.receipts:
        raise Conflict(
            "this payment has no receipt of Safaricom yet, so nothing can be given back",
            code="no-money",
            field="transaction_id",
            cure="Wait until its receipt number is here.",
        )
    if books.statements.is_doubted(record.uid):
        raise frozen("transaction_id")
    received = record.received or Money.zero(record.payment.asked.currency)
    reserved = total(
        (r.amount for r in books.refunds.of_payment(record.uid) if r.state in RESERVING), received.currency
    )
    placed = record.channel in (Channel.UNMATCHED, Channel.CODE) and bool(books.unmatched.parts_of(record.uid))
    return Original(
        # A part of a receipt that was split cannot be reversed by itself.
        receipts=len(record.receipts) if not placed or _is_whole(books, record, received) else 2,
        received=received,
        refundable=received - reserved,
        paid_at=record.paid_at or record.completed_at or record.payment.asked_at,
        payer_phone=record.phone if record.channel is Channel.COUNTER else "",
    )


def of_unmatched(books: Books, money: UnmatchedMoney) -> Original:
    """Phase: what may go back of unmatched money.

    Raises:
        Conflict: a statement doubts it.
    """
    if books.statements.doubts_receipt(money.money.provider, money.money.receipt_no):
        raise frozen("unmatched_id")
    return Original(
        # What is left of a receipt cannot be reversed by itself.
        receipts=1 if _is_all_of_its_receipt(books, money) else 2,
        received=money.money.amount,
        refundable=money.remaining,
        paid_at=money.money.paid_at or money.at,
        payer_phone=_known_phone(money.money.payer_phone),
    )


def is_frozen(books: Books, record: RefundRecord) -> bool:
    """Phase: whether a statement doubts the money that this refund would give back."""
    if record.payment_uid is not None:
        return books.statements.is_doubted(record.payment_uid)
    money = books.unmatched.get(record.unmatched_id) if record.unmatched_id is not None else None
    return money is not None and books.statements.doubts_receipt(record.provider, money.money.receipt_no)


def frozen(field: str) -> Conflict:
    """The refusal of what a statement doubts."""
    return Conflict(
        "Safaricom's statement does not show this payment, so refunds on it wait",
        code="refund-frozen",
        field=field,
        cure="Finance has to find out first whether the money really came.",
    )


def _is_whole(books: Books, record: PaymentRecord, received: Money) -> bool:
    """Whether a placed payment took all of its receipt."""
    (part, *more) = books.unmatched.parts_of(record.uid)
    money = books.unmatched.get(part.unmatched_id)
    if more or money is None or money.money.amount != received:
        return False
    return _is_all_of_its_receipt(books, money)


def _is_all_of_its_receipt(books: Books, money: UnmatchedMoney) -> bool:
    """False for what was moved back from a payment that had given a part back before."""
    held, _, name = (books.payments.owner_of(money.money.provider, money.money.receipt_no) or "").partition(":")
    first = books.payments.get(UUID(name)) if held == "payment" else None
    return first is None or first.received == money.money.amount


def _known_phone(payer_phone: str) -> str:
    """A payer's number in full, normalised; empty where it is masked or none."""
    try:
        return phones.normalise(payer_phone)
    except CashierMistake:
        return ""
