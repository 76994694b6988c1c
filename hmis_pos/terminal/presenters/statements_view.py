"""What the room of statements shows: the imports, what one of them found, and the merchant's M-Pesa."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hmis_pos.terminal.presenters.payments_view import Fact
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Tone, Words


class ListState(StrEnum):
    """What a list shows."""

    LOADING = "loading"
    READY = "ready"
    EMPTY = "empty"
    NO_HITS = "no_hits"
    OFFLINE = "offline"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """One import: how far it is, whether the file adds up, and how many lines of each class it has (in the classes' model)."""

    statement_id: int
    title: str
    state: str
    tone: Tone
    notice: Notice | None  #: while it is read, or why it is broken
    facts: tuple[Fact, ...]
    sum_line: str
    sum_words: Words | None
    sum_ok: bool
    differences: int
    export: ActionView


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsView:
    """The imports and the one chosen. ``upload`` is the file on its way, or what became of it."""

    state: ListState = ListState.LOADING
    message: Words | None = None
    header: str = ""
    aside: str = ""
    upload: Notice | None = None
    busy: bool = False
    may_import: ActionView = NO_ACTION
    selected: int = 0
    detail: StatementView | None = None
    problem: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsView:
    """The lines of one class. ``shown`` False: no class is opened."""

    shown: bool = False
    title: str = ""
    meaning: str = ""
    search: str = ""
    state: ListState = ListState.LOADING
    message: Words | None = None
    progress: str = ""
    bad_rows: bool = False
    exported: Notice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceView:
    """One account: what lies in it, and as of when."""

    account: str
    amount: str
    as_of: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaDeskView:
    """The hospital's M-Pesa. ``halted`` and ``feed`` are banners; an action without a label is not possible here."""

    title: str = ""
    balances: tuple[BalanceView, ...] = ()
    balance_note: str = ""
    ask: ActionView = NO_ACTION
    feed: Notice | None = None
    pull: ActionView = NO_ACTION
    halted: Notice | None = None
    resume: ActionView = NO_ACTION
    problem: Words | None = None
    message: Words | None = None  #: instead of everything, where nothing is known
