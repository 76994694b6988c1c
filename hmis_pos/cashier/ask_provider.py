"""Questions that a provider answers later, at an address made for each of them. The question is written down first."""

from __future__ import annotations

from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.ports_mobile_money import Accepted, StatusQuestion
from hmis_pos.cashier.records_back_office import GatewayRequest, RequestKind
from hmis_pos.domain.errors import Unavailable
from hmis_pos.domain.refund import Route


def new_request(ctx: Context, provider: str, kind: RequestKind, subject: str, originator: str = "") -> GatewayRequest:
    """A command with an address of its own, to be stored before it is sent."""
    return GatewayRequest(
        uid=ctx.ids.uuid(),
        provider=provider,
        kind=kind,
        subject=subject,
        token=ctx.ids.token(),
        asked_at=ctx.clock.now(),
        originator=originator,
    )


def result_url(ctx: Context, request: GatewayRequest) -> str:
    return f"{ctx.policy.callback_base}/cb/{request.token}"


def timeout_url(ctx: Context, request: GatewayRequest) -> str:
    return f"{result_url(ctx, request)}/late"


async def ask_status(
    ctx: Context,
    provider: str,
    subject: str,
    *,
    receipt_no: str = "",
    originator: str = "",
    about: Route = Route.PAYOUT,
) -> None:
    """Ask what became of a receipt, or of a command of ours (``about`` says of which kind).

    Raises:
        Unavailable: no usable answer this time; nothing is on its way.
    """
    request = new_request(ctx, provider, RequestKind.STATUS, subject)
    await ctx.database.write(lambda books: _begin(books, request))
    accepted = await ctx.mobile(provider).ask_status(
        StatusQuestion(
            receipt_no=receipt_no,
            originator=originator,
            result_url=result_url(ctx, request),
            timeout_url=timeout_url(ctx, request),
            about=about,
        )
    )
    await _accepted(ctx, request, accepted)


async def ask_balance(ctx: Context, provider: str) -> None:
    """Ask what lies in the merchant's accounts. Raises as ``ask_status``."""
    request = new_request(ctx, provider, RequestKind.BALANCE, "balance")
    await ctx.database.write(lambda books: _begin(books, request))
    accepted = await ctx.mobile(provider).ask_balance(result_url(ctx, request), timeout_url(ctx, request))
    await _accepted(ctx, request, accepted)


def refuse_while_halted(books: Books, provider: str) -> None:
    """Phase: no command leaves while the provider refuses our operator.

    Raises:
        Unavailable: code ``commands-halted``.
    """
    why = books.feeds.halted(provider)
    if why:
        raise Unavailable(
            f"commands are stopped: {why}", code="commands-halted", cure="IT has to mend the operator's credential."
        )


def _begin(books: Books, request: GatewayRequest) -> None:
    refuse_while_halted(books, request.provider)
    books.requests.add(request)


async def _accepted(ctx: Context, request: GatewayRequest, said: Accepted) -> None:
    await ctx.database.write(lambda books: books.requests.accepted(request.uid, said.originator, said.conversation))
