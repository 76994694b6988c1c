"""What the simulated Safaricom knows; its desks share it."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime

from hmis_pos.simulators.daraja.behaviour import BehaviourBook
from hmis_pos.simulators.daraja.config import DarajaConfig
from hmis_pos.simulators.daraja.ledger import Ledger
from hmis_pos.simulators.daraja.push import Push, PushRequest, QueryRequest
from hmis_pos.simulators.handset.phone import PhoneBook
from hmis_pos.simulators.journal import Journal
from hmis_pos.simulators.sim_time import Background, SimClock


class State:
    """The settings now in force, the clock, and every record.

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
        self.ledger = Ledger(self.rng)
        self._forget()

    def _forget(self) -> None:
        config = self._first_config
        self.config = config
        self.phones = PhoneBook(config.phone_balance, config.phone_pin)
        self.behaviours = BehaviourBook(config.default_behaviour, config.behaviours)
        self.pushes: dict[str, Push] = {}
        self.requests: list[PushRequest] = []
        self.queries: list[QueryRequest] = []

    def reset(self) -> None:
        """Forget all but the receipts given out, the time, and the numbers of events."""
        self._forget()
        self.ledger.clear()
        self.journal.events.clear()

    def configure(self, config: DarajaConfig) -> None:
        """Take other settings; scripts and new phones follow them where they name something else."""
        before, self.config = self.config, config
        if config.default_behaviour != before.default_behaviour:
            self.behaviours.put("default", config.default_behaviour)
        for msisdn, script in config.behaviours.items():
            if before.behaviours.get(msisdn) != script:
                self.behaviours.put(msisdn, script)
        self.phones.start_with(config.phone_balance, config.phone_pin)
