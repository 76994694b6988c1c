"""What the room of unmatched money shows: the list, one piece of money, and what is to become of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hmis_pos.terminal.presenters.payments_view import Fact
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Tone, Words


class UnmatchedState(StrEnum):
    """What the list shows."""

    LOADING = "loading"
    READY = "ready"
    EMPTY = "empty"
    NO_HITS = "no_hits"
    OFFLINE = "offline"
    ERROR = "error"


class Whose(StrEnum):
    """Which money is listed."""

    OPEN = "open"  #: what still waits
    MINE = "mine"  #: what I look after
    ALL = "all"  #: placed and given back, too


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """Where a part of the money went. ``payment_uid`` is set where it can be moved back."""

    amount: str
    what: str
    note: str
    tone: Tone
    payment_uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyDetail:
    """One piece of money: what is known of it, why nobody was found, and where its parts went."""

    unmatched_id: int
    title: str
    age: str
    age_tone: Tone
    why: Words | None
    facts: tuple[Fact, ...]
    parts: tuple[PartView, ...]
    remains: str  #: empty once nothing waits any more
    take_on: ActionView


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedView:
    """The list around its model, and the money chosen from it."""

    state: UnmatchedState = UnmatchedState.LOADING
    search: str = ""
    whose: Whose = Whose.OPEN
    header: str = ""
    aside: str = ""  #: where the list may be old
    message: Words | None = None
    selected: int = 0
    detail: MoneyDetail | None = None
    detail_problem: Words | None = None


class Doing(StrEnum):
    """What the decision column is at."""

    NOTHING = "nothing"  #: no money chosen
    ASSIGN = "assign"
    SPLIT = "split"
    MOVE_BACK = "move_back"
    REFUND = "refund"
    PLACED = "placed"  #: nothing of it waits any more


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """One share of a split. ``consequence`` says what the amount does to the invoice."""

    invoice_id: int
    name: str
    number: str
    owes: str
    amount_minor: int | None
    problem: str = ""
    consequence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacingView:
    """The decision column. ``consequence`` is what the primary action will do, in one sentence."""

    doing: Doing = Doing.NOTHING
    search: str = ""
    list_title: str = ""
    message: Words | None = None  #: where there is no invoice to choose from
    chosen: str = ""  #: ident of the invoice chosen
    consequence: tuple[str, ...] = ()
    shares: tuple[ShareView, ...] = ()
    remainder: str = ""  #: what a split leaves
    over: bool = False  #: the shares are more than there is
    moving: str = ""  #: what is moved back, in words
    reason: str = ""
    reason_problem: str = ""
    primary: ActionView = NO_ACTION
    split: ActionView = NO_ACTION
    refund: ActionView = NO_ACTION
    move_back: ActionView = NO_ACTION
    busy: bool = False
    problem: Words | None = None
    done: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAskView:
    """The form that asks for money to go back."""

    title: str = ""
    amount_minor: int | None = None
    amount_problem: str = ""
    amount_note: str = ""
    reason: str = ""
    reason_problem: str = ""
    phone: str = ""
    phone_shown: bool = False
    phone_problem: str = ""
    phone_note: str = ""
    way: str = ""  #: which way it goes, as far as it is known before the relay answers
    other_phone: ActionView = NO_ACTION
    primary: ActionView = NO_ACTION
    busy: bool = False
    problem: Words | None = None
    done: Notice | None = None
    shown: bool = False
