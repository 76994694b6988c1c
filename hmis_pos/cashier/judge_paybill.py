"""Should a payment at the Paybill be refused before the money moves? Only for what the hospital chose; in doubt never.

Asked by Daraja's external validation, with the payer waiting: one read of the books, no writing.
"""

from __future__ import annotations

from hmis_pos.cashier.context import Context, PaybillRefusal
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.receive_money import meant_by, request_of
from hmis_pos.cashier.records_back_office import ProviderMoney
from hmis_pos.domain.matching import account_keys


async def judge(ctx: Context, money: ProviderMoney) -> PaybillRefusal | None:
    """None: let it come."""
    if not ctx.policy.refuse_paybill:
        return None
    verdict = await ctx.database.read(lambda books: _judge(books, money))
    return verdict if verdict in ctx.policy.refuse_paybill else None


def _judge(books: Books, money: ProviderMoney) -> PaybillRefusal | None:
    request = request_of(books, money)
    invoice = books.invoices.get(request.payment.invoice_id) if request is not None else meant_by(books, money.account)
    if invoice is None:
        return None if _is_somebodys(books, money.account) else PaybillRefusal.UNKNOWN_ACCOUNT
    if not invoice.owed:
        return PaybillRefusal.CLOSED_INVOICE
    if money.amount > invoice.owed.rounded_up:
        return PaybillRefusal.WRONG_AMOUNT
    return None


def _is_somebodys(books: Books, account: str) -> bool:
    """An account that means several, or a patient: known, only not beyond doubt."""
    return bool(books.accounts.holders(account_keys(account)))
