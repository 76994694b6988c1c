"""How often somebody may try: token buckets in memory, one a key, forgotten when full again.

They slow a guesser or a flood of one process down; what must survive a restart (wrong passwords) is counted in the books.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from hmis_pos.relay.problems import TooOften

#: Keys remembered at most; the oldest is forgotten first.
MOST_KEYS = 10_000


class Limit:
    """``burst`` tries at once, then ``per_minute``."""

    def __init__(
        self, name: str, *, burst: int, per_minute: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._burst = float(burst)
        self._rate = per_minute / 60
        self._monotonic = monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """Seconds until the next try is free; 0 where it is free now. Takes nothing."""
        left = self._tokens(key)
        return 0 if left >= 1 else int((1 - left) / self._rate) + 1

    def spend(self, key: str) -> bool:
        """Take a try; False if there is none."""
        left = self._tokens(key)
        free = left >= 1
        self._left[key] = (left - 1 if free else left, self._monotonic())
        self._left.move_to_end(key)
        while len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)
        return free

    def check(self, key: str) -> None:
        """Take a try.

        Raises:
            TooOften: there is none; says how long to wait.
        """
        if not self.spend(key):
            raise TooOften(f"too many {self._name}", wait=self.wait(key))

    def _tokens(self, key: str) -> float:
        left, at = self._left.get(key, (self._burst, self._monotonic()))
        return min(self._burst, left + (self._monotonic() - at) * self._rate)


class Limits:
    """The limits of one relay process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        #: A hospital's terminals may share one address, so the address has room and the account little.
        self.login_address = Limit("sign-ins from this address", burst=60, per_minute=60, monotonic=monotonic)
        self.login_account = Limit("sign-ins of this account", burst=10, per_minute=10, monotonic=monotonic)
        #: The compatible alias has no secret in its URL.
        self.alias = Limit("callbacks from this address", burst=120, per_minute=600, monotonic=monotonic)
        #: Guesses of callback tokens; a real gateway never guesses.
        self.bad_token = Limit("unknown callback addresses", burst=60, per_minute=60, monotonic=monotonic)
        #: Safaricom throttles who asks for its list too often.
        self.pull = Limit("reads of the list", burst=3, per_minute=6, monotonic=monotonic)
        #: One alert row a minute, however many guesses come.
        self.alert = Limit("alerts", burst=1, per_minute=1, monotonic=monotonic)
