"""What the use cases need of a mobile money provider beyond collecting: give back, look up, list, tell the balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from hmis_pos.cashier.ports import Gateway, RetryAdvice
from hmis_pos.cashier.records_back_office import ProviderMoney, RequestKind
from hmis_pos.domain.evidence import Evidence
from hmis_pos.domain.money import Money
from hmis_pos.domain.refund import RefundRules, Route


class Feature(StrEnum):
    """What a relay's settings make possible beyond collecting."""

    REVERSAL = "reversal"
    PAYOUT = "payout"
    STATUS = "status"
    BALANCE = "balance"
    PULL = "pull"
    QR = "qr"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """What a provider is asked to give back.

    ``originator`` is ours and unique: where the provider knows such a key (Daraja: B2C v3) the same one twice pays once.
    """

    uid: UUID
    route: Route
    amount: Money
    receipt_no: str  #: the receipt to reverse
    phone: str  #: where a payout goes
    originator: str
    remarks: str
    result_url: str
    timeout_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusQuestion:
    """Ask about one receipt, or about a command of ours whose answer was lost (one of the two is set).

    ``about`` says which command it was: a payout may leave from another account of ours than what a reversal draws on.
    """

    receipt_no: str
    originator: str
    result_url: str
    timeout_url: str
    about: Route = Route.PAYOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The provider took a question; the answer comes by callback. ``originator`` and ``conversation`` are its ids."""

    originator: str
    conversation: str


class StatusOutcome(StrEnum):
    """What a status answer says of the transaction asked about."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not-completed"  #: cancelled, declined, expired: a final no
    UNDECIDED = "undecided"  #: initiated, authorized: not final
    NOT_FOUND = "not-found"  #: the provider does not know it (now)
    NO_ANSWER = "no-answer"  #: the question itself failed


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReading:
    """A status answer. ``money`` is set where a completed transaction paid us; ``to_us`` False: to somebody else."""

    outcome: StatusOutcome
    receipt_no: str
    code: str
    text: str
    money: ProviderMoney | None = None
    to_us: bool = False
    is_reversed: bool = False
    originator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReading:
    """A Result callback, or a queue's time-out, of a command of ours; which parts are set depends on the command.

    ``evidence`` for payouts and reversals, ``status`` for status questions, ``balances`` for the balance. Ids as the provider
    gave them, to be held against the request's own.
    """

    originator: str
    conversation: str
    evidence: Evidence | None = None
    status: StatusReading | None = None
    balances: tuple[tuple[str, Money], ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """One page of a provider's list. ``rows`` counts what the page held, readable or not; 0 ends the list."""

    payments: Sequence[ProviderMoney]
    rows: int
    unreadable: Sequence[str] = ()


class MobileMoney(Gateway, Protocol):
    """A provider such as M-Pesa. What is asked for without its feature raises Unavailable with code ``feature-missing``."""

    @property
    def features(self) -> frozenset[Feature]: ...

    @property
    def shortcodes(self) -> frozenset[str]:
        """Under which money is ours."""
        ...

    @property
    def pay_to(self) -> str:
        """The number a payer types: the Paybill, or the till."""
        ...

    @property
    def is_till(self) -> bool:
        """A till asks for no account number."""
        ...

    @property
    def refund_rules(self) -> RefundRules: ...

    async def give_back(self, order: RefundOrder) -> Evidence:
        """Ask once for money to go back. Moves money; never repeats itself after a timeout or a 5xx.

        Returns:
            ACCEPTED with ``reference``, the id to ask by what became of it (Daraja: OriginatorConversationID), or REFUSED with
            the provider's code and text, or with ours where it could not be said to the provider (``mpesa-order``); a
            "duplicate" of our originator is UNCLEAR: the first one may have run.

        Raises:
            Unavailable: nothing was asked.
            OutcomeUnknown: it may have been asked.
        """
        ...

    async def ask_status(self, question: StatusQuestion) -> Accepted:
        """Ask; read-only.

        Raises:
            Unavailable: no usable answer this time.
        """
        ...

    async def ask_balance(self, result_url: str, timeout_url: str) -> Accepted:
        """Ask; read-only. Raises as ``ask_status``."""
        ...

    def read_result(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        """Interpret a Result callback.

        Raises:
            ValueError: it is none.
        """
        ...

    def read_timeout(self, kind: RequestKind, body: bytes, heard_at: datetime) -> ResultReading:
        """Interpret a queue time-out: never a no. Any body will do."""
        ...

    def halts_payouts(self, code: str) -> bool:
        """Whether a result code means that every further command burns a login (Daraja: 2001, 8006)."""
        ...

    def advise_refund(self, kind: RequestKind, code: str) -> RetryAdvice:
        """May the money be sent again, once a payout or a reversal ended in a final no with this code?"""
        ...

    async def pull(self, since: datetime, until: datetime, offset: int) -> FeedPage:
        """A page of the payments between two instants, from row ``offset`` on.

        Raises:
            Unavailable: no usable answer this time.
        """
        ...

    async def qr(self, account: str, amount: Money, pixels: int) -> bytes:
        """A PNG that the provider's app scans to pay ``amount`` to ``account``.

        Raises:
            Unavailable: no usable answer this time.
        """
        ...
