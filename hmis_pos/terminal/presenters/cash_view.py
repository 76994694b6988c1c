"""What the cash panel shows, and the small sums it offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hmis_pos.domain.money import Money
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Words

#: Notes and coins a cashier adds up, in whole shillings.
ADDERS = (1000, 500, 200, 100, 50)
_STEPS = (100, 500, 1000)
_SMALL = 50
_OFFERED = 3


class CashState(StrEnum):
    """How far the sale is."""

    CLOSED = "closed"  #: no invoice, or nothing is owed on it
    OPEN = "open"
    TAKING = "taking"
    TAKEN = "taken"


class CashMode(StrEnum):
    """How much of the invoice is to be taken."""

    FULL = "full"
    PART = "part"
    SPLIT = "split"  #: a part now in cash, the rest by M-Pesa right after


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A button with what the patient may hand over."""

    label: str
    minor: int
    active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CashView:
    """The cash panel. Fields of amounts come as cents too (``…_minor``), for the money fields."""

    state: CashState = CashState.CLOSED
    mode: CashMode = CashMode.FULL
    to_pay: str = ""
    received_minor: int | None = None
    received: str = ""
    received_problem: str = ""
    applied_minor: int | None = None  #: what is taken for the invoice; typed in PART and SPLIT
    applied: str = ""
    applied_problem: str = ""
    change_minor: int = 0
    change: str = ""  #: empty until enough was handed over
    change_pieces: str = ""  #: ``100 + 50``
    change_note: str = ""  #: about cents that no coin can give
    rest: str = ""  #: what stays owed after this, empty for nothing
    notes: tuple[NoteView, ...] = ()  #: the first is Exact
    adders: tuple[NoteView, ...] = ()
    primary: ActionView = NO_ACTION
    part: ActionView = NO_ACTION
    split: ActionView = NO_ACTION
    warning: Words | None = None  #: a phone rings for this invoice
    problem: Words | None = None  #: why nothing can be taken, or what went wrong
    receipt_no: str = ""  #: once it is taken
    payment_uid: str = ""  #: the payment whose receipt that is


def offers(payable: Money) -> tuple[Money, ...]:
    """Round amounts a patient may hand over for ``payable``, smallest first: 4,850 -> 4,900, 5,000, 6,000.

    Cents have no coin, so the next whole shilling is offered first where there are any.
    """
    whole = payable.whole_units + (1 if payable.fraction else 0)
    found = [whole] if payable.fraction else []
    steps = (_SMALL, *_STEPS) if whole < _SMALL else _STEPS
    for step in steps:
        up = -(-whole // step) * step
        if up > whole and up not in found:
            found.append(up)
    largest = _STEPS[-1]
    while len(found) < _OFFERED:
        found.append((max([whole, *found]) // largest + 1) * largest)
    return tuple(Money.whole(units, payable.currency) for units in found[:_OFFERED])
