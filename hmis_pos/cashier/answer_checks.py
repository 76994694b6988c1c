"""What those hear who wait for a receipt number, once its money is here: cashiers who typed a code, confirmations nobody believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import PaymentRecord, TaskKind
from hmis_pos.cashier.records_back_office import CheckState, ReceiptCheck
from hmis_pos.domain.payment import normal_receipt


def prove(books: Books, ctx: Context, record: PaymentRecord, receipt_no: str, account: str = "") -> None:
    """Phase: whoever waited for this receipt number hears what it paid. ``account``: as its payer named it, if anybody tells."""
    for check in books.checks.waiting_for(record.payment.method.value, normal_receipt(receipt_no)):
        elsewhere = check.invoice_id is not None and check.invoice_id != record.payment.invoice_id
        books.checks.save(
            replace(
                check,
                state=CheckState.REFUSED if elsewhere else CheckState.PROVEN,
                code="other-invoice" if elsewhere else "",
                text=_whose(account) if elsewhere else "",
                payment_uid=record.uid,
                decided_at=ctx.clock.now(),
                next_check_at=None,
            )
        )
        books.trail.close_task(TaskKind.CLAIM, f"check:{check.uid}")
        books.trail.emit("check.changed", check.facility_id, {"check_uid": str(check.uid)})


def _whose(account: str) -> str:
    if account:
        return f"its payer named another invoice's account, {account}"
    return "it is what the phone was asked for another invoice"


def leave_unmatched(books: Books, ctx: Context, waiting: Sequence[ReceiptCheck]) -> None:
    """Phase: the money is here, and nobody's: that proves a claim by callback, and is no answer to who shows its number."""
    for check in waiting:
        proven = check.invoice_id is None
        books.checks.save(
            replace(
                check,
                state=CheckState.PROVEN if proven else CheckState.REFUSED,
                text="it is unmatched money" if proven else "it may be another invoice's: a supervisor decides",
                decided_at=ctx.clock.now(),
                next_check_at=None,
            )
        )
        books.trail.close_task(TaskKind.CLAIM, f"check:{check.uid}")
        books.trail.emit("check.changed", check.facility_id, {"check_uid": str(check.uid)})
