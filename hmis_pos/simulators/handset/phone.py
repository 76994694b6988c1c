"""The customers' phones: what each holds in M-Pesa, its PIN, and the messages it got."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

FIRST_NAMES = ("JANE", "BRIAN", "AMINA", "DANIEL", "FAITH", "PETER", "LUCY", "RUTH")


@dataclass(frozen=True, slots=True)
class Message:
    """An SMS on a phone."""

    at: datetime
    text: str


@dataclass(slots=True)
class Phone:
    """One customer's phone. `balance` is KES."""

    msisdn: str
    name: str
    balance: Decimal
    pin: str
    wrong_pins: int = 0
    messages: list[Message] = field(default_factory=list)


class PhoneBook:
    """Every phone that was ever asked for money; an unknown number gets a phone with the usual balance."""

    def __init__(self, balance: Decimal, pin: str) -> None:
        self._phones: dict[str, Phone] = {}
        self.start_with(balance, pin)

    def start_with(self, balance: Decimal, pin: str) -> None:
        """Give phones that appear from now on this balance and PIN."""
        self._balance = balance
        self._pin = pin

    def get(self, msisdn: str) -> Phone:
        phone = self._phones.get(msisdn)
        if phone is None:
            name = FIRST_NAMES[int(msisdn) % len(FIRST_NAMES)]
            phone = Phone(msisdn, name, self._balance, self._pin)
            self._phones[msisdn] = phone
        return phone

    def all(self) -> list[Phone]:
        return list(self._phones.values())
