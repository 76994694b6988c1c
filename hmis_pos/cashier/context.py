"""What every use case of the relay is given: the books, the clock, chance, the gateways, the house rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hmis_pos.cashier.ports import Clock, Database, Gateway, Ids
from hmis_pos.domain.errors import Unavailable


def _seconds(*values: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=value) for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """House rules, all from settings.

    ``chase_plan``: when to ask the gateway about an attempt, counted from asking (sparse: Daraja throttles queries); after
    the last entry every ``chase_every`` until ``give_up``. ``silence``: without a result for so long, an attempt is
    unknown. ``callback_base``: the public URL that gateways reach, without a slash at its end.
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
