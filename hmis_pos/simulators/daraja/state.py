"""What the simulated Safaricom knows; its desks share it."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from hmis_pos.simulators.daraja.behaviour import BehaviourBook
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.faults import FaultBook
from hmis_pos.simulators.daraja.ledger import CHARGES_PAID, UTILITY, WORKING, Ledger
from hmis_pos.simulators.daraja.push import Push, PushRequest, QueryRequest
from hmis_pos.simulators.handset.phone import PhoneBook
from hmis_pos.simulators.journal import Journal
from hmis_pos.simulators.sim_time import Background, SimClock


class State:
    """The settings now in force, the clock, and every record. `live_pushes` are those not reported to the end.

    Args:
        config: the settings it starts with and goes back to.
        base_clock: where time comes from; aware, UTC.
    """

    def __init__(self, config: DarajaConfig, base_clock: Callable[[], datetime]) -> None:
        self._first_config = config
        self.config = config
        self.stopping = asyncio.Event()
        self.clock = SimClock(base_clock)
        self.journal = Journal(self.clock.now, self.stopping)
        self.background = Background()
        self.rng = random.Random(config.seed)  # noqa: S311  a replayable test, not a secret
        self.ledger = Ledger(self.rng, config.shortcode, _openings(config))
        self._forget()

    def _forget(self) -> None:
        config = self._first_config
        self.config = config
        self.phones = PhoneBook(config.phone_balance, config.phone_pin)
        self.behaviours = BehaviourBook(config.default_behaviour, config.behaviours)
        self.pushes: dict[str, Push] = {}
        self.live_pushes: dict[str, Push] = {}
        self.requests: list[PushRequest] = []
        self.queries: list[QueryRequest] = []
        self.faults = FaultBook()
        self.ledger.start_over(config.shortcode, _openings(config))

    def reset(self) -> None:
        """Forget all but the receipts given out, the time, and the numbers of events."""
        self._forget()
        self.journal.events.clear()

    def configure(self, config: DarajaConfig) -> None:
        """Take other settings; scripts and new phones follow them where they name something else.

        Raises:
            ValueError: opening balances or shortcodes differ, and money has moved already.
        """
        before, self.config = self.config, config
        if _openings(config) != _openings(before):
            if self.ledger.movements():
                self.config = before
                raise ValueError("opening balances and shortcodes change only before the first movement; reset first")
            self.ledger.start_over(config.shortcode, _openings(config))
        if config.default_behaviour != before.default_behaviour:
            self.behaviours.put("default", config.default_behaviour)
        for msisdn, script in config.behaviours.items():
            if before.behaviours.get(msisdn) != script:
                self.behaviours.put(msisdn, script)
        self.phones.start_with(config.phone_balance, config.phone_pin)


def _openings(config: DarajaConfig) -> dict[tuple[str, str], Decimal]:
    opened = {
        (config.shortcode, UTILITY): config.opening_utility,
        (config.shortcode, WORKING): config.opening_working,
        (config.shortcode, CHARGES_PAID): config.opening_charges_paid,
    }
    if config.paying_shortcode != config.shortcode:
        opened[config.paying_shortcode, UTILITY] = config.b2c_opening_utility
    return opened
