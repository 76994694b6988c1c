"""One initiator command from acceptance to the last result, and the record of every request for one."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, Literal, Protocol, TypeVar

from hmis_pos.simulators.daraja.commands.codes import result
from hmis_pos.simulators.daraja.commands.orders import Order
from hmis_pos.simulators.daraja.commands.script import CommandScript, Kind
from hmis_pos.simulators.daraja.ledger import Movement
from hmis_pos.simulators.daraja.results import Result

Stage = Literal["accepted", "undecided", "waiting", "delivering", "held", "done"]
Value = Decimal | int | str
OrderT = TypeVar("OrderT", bound=Order)

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One Key and Value of a result; None writes the key alone."""

    key: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Decision:
    """How a command ended, as its result tells it.

    Attributes:
        result: code and description.
        transaction_id: a receipt where money moved, else a dummy.
        parameters: of a success.
        movement: the money it moved.
    """

    result: Result
    transaction_id: str
    parameters: tuple[Parameter, ...] = ()
    movement: Movement | None = None


def dummy_id(rng: random.Random) -> str:
    """Return the TransactionID of a result about which no money moved: no receipt, though it looks like one."""
    return "".join(rng.choices(_LETTERS, k=3)) + "0000000"


def failed(outcome: str, rng: random.Random, description: str | None = None) -> Decision:
    """Return the decision of a command that did not do what it was sent for."""
    return Decision(result(outcome, description), dummy_id(rng))


@dataclass(slots=True)
class Command(Generic[OrderT]):
    """A command that was accepted. `decision` is set once and never changes.

    `waiting` is undecided until somebody releases it; `held` has a result that waits for a release.
    """

    order: OrderT
    conversation_id: str
    originator_id: str
    accepted_at: datetime
    script: CommandScript
    body: Mapping[str, Any]
    stage: Stage = "accepted"
    started: bool = False
    decision: Decision | None = None
    closed_at: datetime | None = None

    @property
    def kind(self) -> Kind:
        return self.order.kind

    @property
    def quiet(self) -> bool:
        """Whether nothing more happens to it unless somebody acts."""
        return self.stage in {"waiting", "held", "done"}


class Processor(Protocol[OrderT]):
    """What carries a kind of command out, once operator and role have been checked."""

    def decide(self, command: Command[OrderT]) -> Decision:
        """Do what the rules allow, moving money at most once, and return how it ended."""

    def forge(self, command: Command[OrderT]) -> Decision | None:
        """Return a success that never was, with a receipt the ledger does not know; None cannot be forged."""


@dataclass(slots=True)
class CommandRequest:
    """A request for a command as it came in, accepted or not. `error` is the code of the refusal.

    The body is without its SecurityCredential: a record of it would be a record of the password.
    """

    no: int
    at: datetime
    kind: Kind
    body: Mapping[str, Any]
    conversation_id: str | None = None
    error: str | None = None
    fault: str | None = None
