"""What every use case of the relay is given: the books, the clock, chance, the gateways, the house rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

from hmis_pos.cashier.ports import Clock, Database, Gateway, Ids
from hmis_pos.cashier.ports_mobile_money import MobileMoney
from hmis_pos.domain.errors import Unavailable
from hmis_pos.domain.money import Money


def _seconds(*values: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=value) for value in values)


class PaybillRefusal(StrEnum):
    """Why a payment at the Paybill may be refused before the money moves; each only where the hospital wants it."""

    UNKNOWN_ACCOUNT = "unknown-account"
    CLOSED_INVOICE = "closed-invoice"
    WRONG_AMOUNT = "wrong-amount"


def _no_fee(_channel: str, _amount: Money, _at: datetime) -> Money | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """House rules, all from settings.

    ``chase_plan``: when to ask the gateway about an attempt, counted from asking (sparse: Daraja throttles queries); after
    the last entry every ``chase_every`` until ``give_up``. ``silence``: without a result for so long, an attempt is
    unknown. ``callback_base``: the public URL that gateways reach, without a slash at its end. ``check_plan``: the same for a
    receipt number to be proven. ``confirm_above``: what a callback says of more is believed only once the provider, asked by us,
    agrees. ``fee_of``: what the provider charges the hospital for an amount (arguments: channel, amount, when), None: unknown.
    """

    callback_base: str
    chase_plan: tuple[timedelta, ...] = field(default=_seconds(20, 45, 75, 180, 600, 1800))
    chase_every: timedelta = timedelta(hours=1)
    silence: timedelta = timedelta(seconds=75)
    give_up: timedelta = timedelta(hours=48)
    serving_lease: timedelta = timedelta(seconds=90)
    same_phone_gap: timedelta = timedelta(seconds=60)  #: Daraja: allow a minute between prompts to one phone
    same_amount_gap: timedelta = timedelta(seconds=120)  #: Daraja: result 17 inside two minutes
    answer_lease: timedelta = timedelta(seconds=120)
    refresh_life: timedelta = timedelta(hours=16)
    shortcodes: frozenset[str] = frozenset()  #: ours; C2B money of another shortcode is quarantined (threat T4)
    home_facility: int = 1  #: whose money it is that tells of no facility
    refuse_paybill: frozenset[PaybillRefusal] = frozenset()
    confirm_above: Money | None = None
    check_plan: tuple[timedelta, ...] = field(default=_seconds(0, 60, 300, 1800, 7200))
    check_every: timedelta = timedelta(hours=6)
    code_window: timedelta = timedelta(days=7)  #: an older SMS needs a supervisor
    pull_every: timedelta = timedelta(minutes=10)
    pull_overlap: timedelta = timedelta(minutes=30)
    pull_sweep: timedelta = timedelta(hours=6)  #: so often all of the list is read again, for rows that appear late
    pull_reach: timedelta = timedelta(hours=48)  #: Daraja section 9: nothing older is listed
    feed_late: timedelta = timedelta(hours=24)  #: reliability, finding 9: the alarm
    refund_plan: tuple[timedelta, ...] = field(default=_seconds(60, 180, 600, 1800, 7200))
    refund_every: timedelta = timedelta(hours=6)
    statement_margin: timedelta = timedelta(minutes=30)  #: so near the edge of a statement nobody can say
    fee_of: Callable[[str, Money, datetime], Money | None] = _no_fee


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The world of the use cases."""

    database: Database
    clock: Clock
    ids: Ids
    gateways: Mapping[str, Gateway]
    policy: Policy

    def gateway(self, provider: str) -> Gateway:
        """The gateway of a provider.

        Raises:
            Unavailable: it is not configured here.
        """
        gateway = self.gateways.get(provider)
        if gateway is None:
            raise Unavailable(
                f"{provider} is not set up on this relay",
                code="gateway-missing",
                cure="Ask IT to give the relay this provider's settings.",
            )
        return gateway

    def mobile(self, provider: str) -> MobileMoney:
        """The same, for what mobile money can do beyond collecting; every gateway named ``mpesa`` can.

        Raises:
            Unavailable: it is not configured here.
        """
        return cast("MobileMoney", self.gateway(provider))
