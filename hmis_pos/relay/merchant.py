"""``hmis-pos mpesa …``: what the merchant tells Safaricom once, and asks it now and then."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from hmis_pos import logs
from hmis_pos.cashier import look_at_mpesa
from hmis_pos.cashier.check_code import MPESA
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.records import Actor, Role
from hmis_pos.cashier.records_back_office import AccountBalance
from hmis_pos.domain.errors import Misconfigured, Unavailable
from hmis_pos.gateways.http import ProviderHttp
from hmis_pos.gateways.mpesa import urls
from hmis_pos.gateways.mpesa.config import PRODUCTION, MpesaConfig
from hmis_pos.gateways.mpesa.gateway import MpesaGateway
from hmis_pos.gateways.mpesa.urls import ResponseType
from hmis_pos.relay.clock import SystemClock
from hmis_pos.relay.settings import Settings, load
from hmis_pos.relay.settings.addresses import CHECK, PREFIX
from hmis_pos.relay.settings.paybill import EAT

T = TypeVar("T")

#: Whoever stands at the relay's own shell.
OPERATOR = "command-line"
#: Seconds between looks whether the relay has heard the answer.
_LOOK = 0.5


def register_urls(response_type: str, *, dry_run: bool = False, environ: Mapping[str, str] = os.environ) -> int:
    """Tell Safaricom where to confirm what customers pay; with ``dry_run`` only show it.

    Raises:
        Misconfigured, Unavailable, OutcomeUnknown: with the cure.
    """
    settings = load(environ)
    config, token = _merchant(settings), _token(settings)
    chosen = ResponseType(response_type)
    confirmation = f"{settings.public_base_url}{PREFIX}/{token}"
    validation = f"{confirmation}/{CHECK}"

    def masked(url: str) -> str:
        return url.replace(token, f"{token[:6]}…")

    _say(f"shortcode {config.shortcode} at {config.base_url}")
    _say(f"confirmation: {masked(confirmation)}")
    _say(f"validation:   {masked(validation)}")
    _say(f"when validation does not answer, a payment is {chosen.value.lower()}")
    live = config.base_url.casefold() == PRODUCTION
    for name, url in (("confirmation", confirmation), ("validation", validation)):
        if why := urls.problem(url, live=live):
            raise Misconfigured(
                f"the {name} address {why}; nothing was asked", code="url-refused", cure="Change PUBLIC_BASE_URL."
            )
    if dry_run:
        _say("not registered: this was a dry run")
        return 0
    try:
        done = _asked(config, lambda gateway: gateway.register_urls(confirmation, validation, chosen))
    except Misconfigured as e:
        if e.code not in ("urls-registered", "urls-held-elsewhere"):
            raise
        _complain(f"{e.message}. {e.cure}")
        return 1
    _say(f"registered: {done.text or 'accepted'}")
    return 0


def register_pull(*, environ: Mapping[str, str] = os.environ) -> int:
    """Have the shortcode's payments listed; registered before is as good.

    Raises:
        Misconfigured, Unavailable: with the cure.
    """
    settings = load(environ)
    config, token = _merchant(settings), _token(settings)
    address = f"{settings.public_base_url}{PREFIX}/{token}"
    words = _asked(config, lambda gateway: gateway.register_pull(address))
    _say(f"shortcode {config.shortcode} is registered for pulls: {words}")
    if not config.pull:
        _say("the relay does not read the list yet: set MPESA_PULL=on and start it again")
    return 0


def balance(wait: float, *, environ: Mapping[str, str] = os.environ) -> int:
    """Ask what lies in the merchant's accounts, wait until the relay has heard the answer, and show it.

    Raises:
        Misconfigured, Unavailable: with the cure.
    """
    settings = load(environ)
    _merchant(settings)
    logs.configure("error", stream=sys.stderr)
    return asyncio.run(_balance(settings, wait))


async def _balance(settings: Settings, wait: float) -> int:
    from hmis_pos.relay.app import open_world  # noqa: PLC0415 - registering needs no server and no database

    world = open_world(settings)
    try:
        await world.check()
        before = await _known(world.ctx)
        actor = Actor(
            user_id=0,
            username=OPERATOR,
            display_name=OPERATOR,
            role=Role.ADMIN,
            facility_id=world.ctx.policy.home_facility,
            origin=OPERATOR,
        )
        await look_at_mpesa.ask_balance(world.ctx, actor)
        _say("asked; Safaricom answers the relay")
        found = await _heard(world.ctx, before, wait)
    finally:
        await world.close()
    width = max(len(one.account) for one in found)
    for one in found:
        _say(
            f"{one.account:<{width}}  {one.available.currency} {one.available.grouped:>16}  {one.at.astimezone(EAT):%d %b %Y %H:%M:%S}"
        )
    return 0


async def _heard(ctx: Context, before: Sequence[AccountBalance], wait: float) -> Sequence[AccountBalance]:
    try:
        async with asyncio.timeout(wait):
            while (found := await _known(ctx)) == before:  # noqa: ASYNC110 - another process writes it: nothing to await
                await asyncio.sleep(_LOOK)
    except TimeoutError:
        raise Unavailable(
            f"the relay has heard no answer within {wait:.0f} s",
            code="no-answer-heard",
            cure="Is it running, and can Safaricom reach PUBLIC_BASE_URL? A late answer is shown next time.",
        ) from None
    return found


async def _known(ctx: Context) -> Sequence[AccountBalance]:
    return await ctx.database.read(lambda books: list(books.feeds.balances(MPESA)))


def _merchant(settings: Settings) -> MpesaConfig:
    if settings.mpesa is None:
        raise Misconfigured("M-Pesa is not among HMIS_METHODS", cure='Set it to "cash,mpesa" and give its settings.')
    return settings.mpesa


def _token(settings: Settings) -> str:
    if not settings.c2b_tokens:
        raise Misconfigured(
            "HMIS_C2B_TOKEN is missing: without it Safaricom has no address for the Paybill's payments",
            cure='Make one with "openssl rand -hex 32" and give it to the relay too.',
        )
    return settings.c2b_tokens[0].text


def _asked(config: MpesaConfig, work: Callable[[MpesaGateway], Awaitable[T]]) -> T:
    logs.configure("error", stream=sys.stderr)

    async def run() -> T:
        http = ProviderHttp()
        try:
            return await work(MpesaGateway(config, SystemClock(), http))
        finally:
            await http.aclose()

    return asyncio.run(run())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(line: str) -> None:
    sys.stderr.write(f"hmis-pos mpesa: {line}\n")
