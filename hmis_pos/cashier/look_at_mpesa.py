"""The merchant's side of M-Pesa: what lies in its accounts, how the lists are read, and what a patient needs to pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hmis_pos.cashier import ask_provider, halt_commands, pull_feed
from hmis_pos.cashier.check_code import MPESA
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.ports_mobile_money import Feature
from hmis_pos.cashier.records import Actor
from hmis_pos.cashier.records_back_office import AccountBalance, FeedState
from hmis_pos.domain.errors import Conflict, NotFound, Unavailable
from hmis_pos.domain.invoice import Invoice
from hmis_pos.domain.money import Money

#: Daraja: a payer may type 20 characters as the account.
LONGEST_ACCOUNT = 20
QR_PIXELS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaView:
    """What is known of the shortcode."""

    shortcode: str
    is_till: bool
    features: frozenset[Feature]
    balances: Sequence[AccountBalance]
    feed: FeedState | None
    is_late: bool
    halted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QrView:
    """What a patient pays to. ``png`` empty: ``why_not`` says why; the numbers are right all the same."""

    shortcode: str
    is_till: bool
    account: str
    amount: Money
    png: bytes = b""
    why_not: str = ""


async def status(ctx: Context) -> MpesaView:
    """As last heard; asks nobody.

    Raises:
        Unavailable: M-Pesa is not set up here.
    """
    mobile = ctx.mobile(MPESA)

    def phase(books: Books) -> MpesaView:
        feed = books.feeds.state(MPESA, pull_feed.PULL)
        late = Feature.PULL in mobile.features and pull_feed.is_late(ctx, feed, ctx.clock.now())
        return MpesaView(
            shortcode=mobile.pay_to,
            is_till=mobile.is_till,
            features=mobile.features,
            balances=books.feeds.balances(MPESA),
            feed=feed,
            is_late=late,
            halted=books.feeds.halted(MPESA),
        )

    return await ctx.database.read(phase)


async def ask_balance(ctx: Context, actor: Actor) -> MpesaView:
    """Ask for the balance; the answer comes by callback a little later.

    Raises:
        Unavailable: no usable answer, or the feature is not set up.
    """
    await ask_provider.ask_balance(ctx, MPESA)
    await ctx.database.write(
        lambda books: books.trail.audit(actor.username, "mpesa.ask-balance", "balance", actor.origin, {})
    )
    return await status(ctx)


async def let_payouts_go_on(ctx: Context, actor: Actor) -> MpesaView:
    """The operator's credential was mended: refunds may be sent again."""
    await ctx.database.write(lambda books: halt_commands.go_on(books, ctx, MPESA, actor.username, actor.origin))
    return await status(ctx)


async def qr(ctx: Context, actor: Actor, invoice_id: int, amount: Money | None = None) -> QrView:
    """Where to pay an invoice, with the provider's QR where it can be had.

    Raises:
        NotFound, Conflict: there is no such invoice, or it owes nothing.
        Unavailable: M-Pesa is not set up here.
    """
    mobile = ctx.mobile(MPESA)
    invoice = await ctx.database.read(lambda books: _invoice(books, actor, invoice_id))
    due = (amount or invoice.owed).rounded_up
    view = QrView(shortcode=mobile.pay_to, is_till=mobile.is_till, account=account_of(invoice), amount=due)
    if Feature.QR not in mobile.features:
        return _without(view, "the QR service is not set up")
    try:
        png = await mobile.qr(view.account, due, QR_PIXELS)
    except Unavailable as e:
        return _without(view, e.message)
    return QrView(shortcode=view.shortcode, is_till=view.is_till, account=view.account, amount=due, png=png)


def _without(view: QrView, why: str) -> QrView:
    return QrView(shortcode=view.shortcode, is_till=view.is_till, account=view.account, amount=view.amount, why_not=why)


def account_of(invoice: Invoice) -> str:
    """What the payer types: the invoice's number, as long as a phone lets them."""
    return invoice.number[:LONGEST_ACCOUNT]


def _invoice(books: Books, actor: Actor, invoice_id: int) -> Invoice:
    invoice = books.invoices.get(invoice_id)
    if invoice is None or invoice.facility_id != actor.facility_id:
        raise NotFound(f"there is no invoice {invoice_id}", field="invoice_id", cure="Search for it again.")
    if not invoice.owed:
        raise Conflict(
            f"invoice {invoice.number} owes nothing",
            code="invoice-paid",
            field="invoice_id",
            cure="Take no more money.",
        )
    return invoice
