"""What the list of refunds shows, one of them in full, and the decision about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hmis_pos.terminal.presenters.payments_view import EvidenceView, Fact
from hmis_pos.terminal.presenters.statements_view import ListState
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Tone, Words


class Which(StrEnum):
    """Which refunds are listed."""

    DECIDE = "decide"  #: waiting for a decision
    OPEN = "open"  #: on their way, or not known
    ALL = "all"

    @property
    def states(self) -> tuple[str, ...]:
        """Of the relay; empty: all."""
        match self:
            case Which.DECIDE:
                return ("requested",)
            case Which.OPEN:
                return ("approved", "pending", "unknown")
            case _:
                return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDetail:
    """One refund: how it stands, where it goes, who asked and decided, and its evidence."""

    title: str
    state: str
    tone: Tone
    notice: Notice
    reason: str
    asked_by: str
    asked_when: str
    goes_to: str
    how: str
    facts: tuple[Fact, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """The decision column. ``checks`` speak for it (OK) or against it (NO); empty where nothing is to be decided."""

    title: str = ""
    checks: tuple[Notice, ...] = ()
    note: str = ""
    note_problem: str = ""
    approve: ActionView = NO_ACTION
    reject: ActionView = NO_ACTION
    problem: Words | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundsView:
    """The list around its model, the refund chosen, and what can be decided about it."""

    state: ListState = ListState.LOADING
    which: Which = Which.DECIDE
    message: Words | None = None
    header: str = ""
    aside: str = ""
    selected: str = ""
    detail: RefundDetail | None = None
    decision: DecisionView = DecisionView()
