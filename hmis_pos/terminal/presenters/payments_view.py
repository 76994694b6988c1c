"""What the list of payments shows, and how it is narrowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from hmis_pos.domain.payment import MONEY_STATES, OPEN_STATES, Method, PaymentState
from hmis_pos.terminal.presenters.texts import EAT
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Tone, Words


class PaymentsState(StrEnum):
    """What the list shows."""

    LOADING = "loading"
    READY = "ready"
    EMPTY = "empty"
    NO_HITS = "no_hits"  #: the filter leaves nothing
    ERROR = "error"


class StateFilter(StrEnum):
    """Groups of payment states a cashier asks for."""

    ALL = "all"
    PAID = "paid"
    OPEN = "open"  #: still waiting, or not known
    NOT_PAID = "not_paid"

    @property
    def states(self) -> tuple[PaymentState, ...]:
        """The states of the group; empty: all."""
        match self:
            case StateFilter.PAID:
                return tuple(sorted(MONEY_STATES))
            case StateFilter.OPEN:
                return tuple(sorted({*OPEN_STATES, PaymentState.CANCELLED}))
            case StateFilter.NOT_PAID:
                return (PaymentState.FAILED, PaymentState.EXPIRED)
            case _:
                return ()


class Way(StrEnum):
    """How money came, as a cashier asks for it: a method, or one of the ways M-Pesa comes by."""

    ALL = "all"
    CASH = "cash"
    MPESA = "mpesa"
    ASKED = "asked"  #: the phone was asked from a counter
    PAYBILL = "paybill"  #: paid to the Paybill by the patient's own doing
    CODE = "code"  #: a code that a patient showed
    PLACED = "placed"  #: unmatched money that a person gave its invoice

    @property
    def method(self) -> Method | None:
        """None: any."""
        match self:
            case Way.ALL:
                return None
            case Way.CASH:
                return Method.CASH
            case _:
                return Method.MPESA

    @property
    def channel(self) -> str:
        """As the relay names it (``Transaction.channel``); empty: any."""
        return _CHANNELS.get(self, "")


_CHANNELS = {Way.ASKED: "counter", Way.PAYBILL: "paybill", Way.CODE: "code", Way.PLACED: "unmatched"}


class Period(StrEnum):
    """Days a cashier asks for, by the calendar of Kenya."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"  #: the last seven days
    ALL = "all"
    DATES = "dates"  #: from one day to another, both included


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsFilter:
    """How the list is narrowed."""

    search: str = ""
    state: StateFilter = StateFilter.ALL
    way: Way = Way.ALL
    mine: bool = False
    period: Period = Period.TODAY
    first: date | None = None
    last: date | None = None

    def span(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """From (included) and until (excluded), aware."""
        today = now.astimezone(EAT).date()
        match self.period:
            case Period.TODAY:
                return _midnight(today), None
            case Period.YESTERDAY:
                return _midnight(today - timedelta(days=1)), _midnight(today)
            case Period.WEEK:
                return _midnight(today - timedelta(days=6)), None
            case Period.DATES:
                first = _midnight(self.first) if self.first is not None else None
                return first, _midnight(self.last + timedelta(days=1)) if self.last is not None else None
            case _:
                return None, None

    @property
    def narrows(self) -> bool:
        return self != PaymentsFilter(period=self.period, first=self.first, last=self.last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), EAT).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One line of the list. ``local``: a receipt of this till that the relay does not hold yet."""

    uid: str
    when: str
    patient: str
    invoice: str
    method: str
    amount: str
    state: str
    tone: Tone
    receipt: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the detail: what, and how much or which."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One piece of evidence: when, what it says, who said it, with code, amount and receipt where it has them."""

    when: str
    what: str
    who: str
    more: str = ""
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDetail:
    """One payment in full. ``reprint`` prints its receipt again, marked as a copy."""

    uid: str
    title: str
    state: str
    tone: Tone
    why: Words | None = None  #: a no, or an open question, in words
    facts: tuple[Fact, ...] = ()
    evidence: tuple[EvidenceView, ...] = ()
    reprint: ActionView = NO_ACTION
    issue: ActionView = NO_ACTION  #: its receipt, where it came while nobody served the invoice
    refund: ActionView = NO_ACTION  #: asks for money to go back
    invoice_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsView:
    """The list around its model."""

    state: PaymentsState = PaymentsState.LOADING
    filter: PaymentsFilter = field(default_factory=PaymentsFilter)
    shown: int = 0
    more: bool = False  #: further pages wait
    loading_more: bool = False
    message: Words | None = None
    offline: bool = False  #: only what this till took itself is shown
    selected: str = ""  #: uid
    detail: PaymentDetail | None = None
    detail_problem: Words | None = None
