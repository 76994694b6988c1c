"""What supervisors and finance work with, to messages: unmatched money, refunds, checks, statements, the merchant's M-Pesa."""

from __future__ import annotations

import base64

from hmis_pos.cashier.check_code import CheckView
from hmis_pos.cashier.give_refund import RefundView
from hmis_pos.cashier.import_statement import StatementView
from hmis_pos.cashier.look_at_mpesa import MpesaView, QrView
from hmis_pos.cashier.match_money import PartView, UnmatchedView
from hmis_pos.cashier.records_back_office import (
    AccountBalance,
    BadLine,
    ReceiptUse,
    ReconciliationItem,
    UnmatchedMoney,
)
from hmis_pos.contract import codes, mpesa, refunds, statements, unmatched
from hmis_pos.contract.mapping import evidence_line, invoice_message, iso
from hmis_pos.domain.matching import Suggestion
from hmis_pos.domain.money import Money


def _text(amount: Money | None) -> str:
    return "" if amount is None else amount.text


# ---------------------------------------------------------------- unmatched money


def unmatched_message(one: UnmatchedMoney) -> unmatched.Unmatched:
    money = one.money
    return unmatched.Unmatched(
        unmatched_id=one.id,
        provider=money.provider,
        receipt_no=money.receipt_no,
        amount=money.amount.text,
        remaining=one.remaining.text,
        currency=money.amount.currency,
        account=money.account,
        payer_name=money.payer_name,
        payer_phone=money.payer_phone,
        kind=money.kind,
        source=money.source.value,
        reason=one.reason,
        owner=one.owner,
        paid_at=iso(money.paid_at),
        since=iso(one.at),
    )


def unmatched_detail(view: UnmatchedView) -> unmatched.UnmatchedDetail:
    return unmatched.UnmatchedDetail(
        money=unmatched_message(view.money),
        parts=[_part(one) for one in view.parts],
        suggestions=[_suggestion(one) for one in view.suggestions],
    )


def _part(view: PartView) -> unmatched.Part:
    part = view.part
    return unmatched.Part(
        amount=part.amount.text,
        at=iso(part.at),
        by=part.by,
        note=part.note,
        payment_uid=str(part.payment_uid or ""),
        invoice_id=view.invoice_id,
        invoice_number=view.invoice_number,
        patient_name=view.patient_name,
        refund_uid=str(part.refund_uid or ""),
        refund_state=view.refund_state,
    )


def _suggestion(one: Suggestion) -> unmatched.Suggestion:
    return unmatched.Suggestion(
        invoice=invoice_message(one.invoice), score=one.score, reasons=[reason.value for reason in one.reasons]
    )


# ---------------------------------------------------------------- refunds


def refund_message(view: RefundView, *, with_evidence: bool = True) -> refunds.Refund:
    record = view.record
    return refunds.Refund(
        refund_uid=str(record.uid),
        transaction_id=str(record.payment_uid or ""),
        unmatched_id=record.unmatched_id,
        invoice_number=view.invoice_number,
        patient_name=view.patient_name,
        amount=record.amount.text,
        currency=record.amount.currency,
        route=record.route.value,
        phone=record.phone,
        state=record.state.value,
        reason=record.reason,
        receipt_no=record.receipt_no,
        provider_receipt=record.provider_receipt,
        requested_by=record.requested_by,
        requested_at=iso(record.requested_at),
        decided_by=record.decided_by,
        decided_at=iso(record.decided_at),
        decision_note=record.decision_note,
        failure_code=record.failure_code,
        failure_text=record.failure_text,
        completed_at=iso(record.completed_at),
        next_check_at=iso(record.next_check_at),
        evidence=[evidence_line(e) for e in record.evidence] if with_evidence else [],
    )


# ---------------------------------------------------------------- codes


def check_message(view: CheckView) -> codes.CodeCheck:
    check = view.check
    return codes.CodeCheck(
        check_uid=str(check.uid),
        invoice_id=check.invoice_id,
        code=check.receipt_no,
        state=check.state.value,
        reason=check.code,
        text=check.text,
        asked_by=check.asked_by,
        asked_at=iso(check.asked_at),
        decided_at=iso(check.decided_at),
        next_check_at=iso(check.next_check_at),
        payment_uid=str(check.payment_uid or ""),
        used=None if view.used is None else _use(view.used),
    )


def _use(use: ReceiptUse) -> codes.CodeUse:
    kind, _, number = use.owner.partition(":")
    return codes.CodeUse(
        amount=use.amount.text,
        at=iso(use.at),
        by=use.by,
        invoice_number=use.invoice_number,
        patient_name=use.patient_name,
        receipt_no=use.receipt_no,
        payment_uid=str(use.payment_uid or ""),
        unmatched_id=int(number) if kind == "unmatched" else None,
    )


# ---------------------------------------------------------------- statements


def statement_message(view: StatementView) -> statements.Statement:
    file = view.file
    return statements.Statement(
        statement_id=file.id,
        name=file.name,
        file_hash=file.file_hash,
        shortcode=file.shortcode,
        since=iso(file.since),
        until=iso(file.until),
        opening=_text(file.opening),
        closing=_text(file.closing),
        paid_in=_text(file.paid_in),
        withdrawn=_text(file.withdrawn),
        balance_gap=_text(balance_gap(view)),
        lines=file.lines,
        bad_lines=file.bad_lines,
        state=file.state,
        trouble=file.trouble,
        imported_by=file.imported_by,
        imported_at=iso(file.imported_at),
        finished_at=iso(file.finished_at),
        percent=view.percent,
        counts=[
            statements.ClassCount(line_class=line_class.value, count=count, total=amount.text)
            for line_class, (count, amount) in view.counts.items()
        ],
    )


def balance_gap(view: StatementView) -> Money | None:
    """Opening + paid in - withdrawn - closing, as the file itself says; None where it does not say all four."""
    file = view.file
    if file.opening is None or file.closing is None or file.paid_in is None or file.withdrawn is None:
        return None
    return file.opening + file.paid_in - file.withdrawn - file.closing


def item_message(item: ReconciliationItem) -> statements.Item:
    return statements.Item(
        item_id=item.id,
        line_class=item.line_class.value,
        receipt_no=item.receipt_no,
        row=item.row,
        here=_text(item.here),
        there=_text(item.there),
        at=iso(item.at),
        owner=item.owner,
        text=item.text,
    )


def bad_row_message(line: BadLine) -> statements.BadRow:
    return statements.BadRow(row=line.row, text=line.text, cells=line.cells)


# ---------------------------------------------------------------- the merchant's M-Pesa


def mpesa_message(view: MpesaView) -> mpesa.MpesaStatus:
    feed = view.feed
    return mpesa.MpesaStatus(
        shortcode=view.shortcode,
        is_till=view.is_till,
        features=sorted(feature.value for feature in view.features),
        balances=[balance_message(one) for one in view.balances],
        pull_good_at=iso(feed.good_at) if feed is not None else "",
        pull_trouble=feed.trouble if feed is not None else "",
        pull_is_late=view.is_late,
        payouts_halted=view.halted,
    )


def balance_message(one: AccountBalance) -> mpesa.Balance:
    return mpesa.Balance(account=one.account, available=one.available.text, at=iso(one.at))


def qr_message(view: QrView) -> mpesa.PayQr:
    return mpesa.PayQr(
        shortcode=view.shortcode,
        is_till=view.is_till,
        account=view.account,
        amount=view.amount.text,
        png=base64.b64encode(view.png).decode(),
        why_not=view.why_not,
    )
