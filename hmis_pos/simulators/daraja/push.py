"""One STK push from acceptance to the last callback, and the record of every request for one."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hmis_pos.simulators.daraja.behaviour import MANUAL, Behaviour
from hmis_pos.simulators.daraja.ledger import Movement
from hmis_pos.simulators.daraja.results import Result
from hmis_pos.simulators.daraja.validation import StkOrder

PROMPT_LIMIT = 182

Stage = Literal["accepted", "ringing", "delivering", "held", "done"]


@dataclass(slots=True)
class Push:
    """A push that was accepted. `result` is set once and never changes; `movement` only when it paid.

    `due` is when a report that waits goes out.
    """

    order: StkOrder
    merchant_id: str
    checkout_id: str
    accepted_at: datetime
    behaviour: Behaviour
    prompt: str
    stage: Stage = "accepted"
    started: bool = False
    result: Result | None = None
    closed_at: datetime | None = None
    movement: Movement | None = None
    queries: int = 0
    due: datetime | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> bool:
        """Whether a person can still answer it on the phone."""
        return self.result is None

    @property
    def quiet(self) -> bool:
        """Whether nothing more happens to it unless somebody acts."""
        if self.stage == "ringing":
            return self.behaviour.outcome == MANUAL
        return self.stage in {"held", "done"}


@dataclass(slots=True)
class PushRequest:
    """A push request as it came in, accepted or not. `error` is the code of the refusal."""

    no: int
    at: datetime
    body: Mapping[str, Any]
    checkout_id: str | None = None
    error: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A status query as it came in, and what it was answered: a code, a fault or a result."""

    at: datetime
    checkout_id: str | None
    answer: str


def prompt_text(order: StkOrder, shop: str) -> str:
    return f"Do you want to pay KES {order.amount:,} to {shop} account {order.reference}?"
