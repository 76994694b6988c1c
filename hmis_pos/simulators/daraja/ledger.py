"""Safaricom's own record of money moved. The tests hold ours against it."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

EAT = timezone(timedelta(hours=3), "EAT")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHANUMERIC = _LETTERS + "0123456789"
RECEIPT_LENGTH = 10


def compact_eat(at: datetime) -> str:
    """Return `YYYYMMDDHHmmss` in East Africa Time."""
    return at.astimezone(EAT).strftime("%Y%m%d%H%M%S")


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that left a customer's phone for the merchant. `amount` is KES; `kind` is `stk`."""

    receipt: str
    msisdn: str
    amount: Decimal
    account: str
    shortcode: str
    at: datetime
    kind: str
    cause: str


class AlreadyMoved(Exception):
    """The same cause has moved its money before."""


class Ledger:
    """Movements in order, each with a receipt that no other has or had, and each for one cause only."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._issued: set[str] = set()
        self._movements: dict[str, Movement] = {}

    def move(
        self,
        cause: str,
        *,
        msisdn: str,
        amount: Decimal,
        account: str,
        shortcode: str,
        at: datetime,
        kind: str,
    ) -> Movement:
        """Write a movement down; `cause` (a CheckoutRequestID) can move money once.

        Raises:
            AlreadyMoved: it has.
        """
        if cause in self._movements:
            raise AlreadyMoved(cause)
        movement = Movement(self.new_receipt(), msisdn, amount, account, shortcode, at, kind, cause)
        self._movements[cause] = movement
        return movement

    def new_receipt(self) -> str:
        """Return a receipt number that was never given out, by a reset neither."""
        while True:
            receipt = self._rng.choice(_LETTERS) + "".join(self._rng.choices(_ALPHANUMERIC, k=RECEIPT_LENGTH - 1))
            if receipt not in self._issued:
                self._issued.add(receipt)
                return receipt

    def movements(self) -> list[Movement]:
        return list(self._movements.values())

    def total(self) -> Decimal:
        return sum((m.amount for m in self._movements.values()), Decimal(0))

    def sent_on_day(self, msisdn: str, at: datetime) -> Decimal:
        """KES this phone has sent on the day (EAT) of `at`."""
        day = at.astimezone(EAT).date()
        return sum(
            (m.amount for m in self._movements.values() if m.msisdn == msisdn and m.at.astimezone(EAT).date() == day),
            Decimal(0),
        )

    def clear(self) -> None:
        """Forget the movements. Receipts stay taken."""
        self._movements.clear()
