"""Faults of an endpoint, one request after the other: the error table on demand, for every path Safaricom serves.

STK pushes carry their faults in the phone's script (`behaviour.Submit`); everything else is asked for here, by the
endpoint's name.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from hmis_pos.simulators.asgi import Answer, Response
from hmis_pos.simulators.daraja.behaviour import Submit
from hmis_pos.simulators.daraja.errors import broken, rejection


class FaultBook:
    """What the next requests to an endpoint meet; each step serves once, then the endpoint is well again."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Submit]] = {}

    def put(self, endpoint: str, steps: Sequence[str | Submit]) -> None:
        """Set the faults of an endpoint; an empty list makes it well at once.

        Args:
            endpoint: its name, see `Endpoint`.
            steps: `ok`, the name of an error (`errors.REJECTIONS`, or `invalid:Field`), of a broken answer
                (`hang`, `reset`, `error`, `unavailable`, `html`, `empty`: the request was not accepted), or a `Submit`.

        Raises:
            ValueError: a step is none of these.
        """
        self._waiting[endpoint] = [_step(step) for step in steps]

    def next(self, endpoint: str) -> Submit | None:
        """Return what the next request meets and forget it; None is nothing."""
        waiting = self._waiting.get(endpoint)
        return waiting.pop(0) if waiting else None

    def all(self) -> dict[str, list[Submit]]:
        return {name: list(steps) for name, steps in self._waiting.items() if steps}


def read_faults(raw: Any) -> list[str | Submit]:
    """Read steps from JSON: one, or a list.

    Raises:
        ValueError: with the path of what is wrong.
    """
    steps = raw if isinstance(raw, list) else [raw]
    return [step if isinstance(step, str) else msgspec.convert(step, Submit) for step in steps]


def _step(step: str | Submit) -> Submit:
    if isinstance(step, Submit):
        return step
    if step == "ok":
        return Submit()
    if step in {"hang", "reset", "error", "unavailable", "html", "empty"}:
        return msgspec.convert({"fault": step, "accepted": False}, Submit)
    return Submit(fault="reject", reject=step)


async def faulty(
    fault: Submit,
    handle: Callable[[], Awaitable[Answer]],
    *,
    sleep: Callable[[float], Awaitable[None]],
    retry_after: bool,
) -> Answer:
    """Answer a request with a fault; `handle` is what would have been done, and is when the fault says accepted.

    Raises:
        Refused: the fault is an error of the table.
    """
    if fault.delay:
        await sleep(fault.delay)
    if fault.fault == "reject":
        raise rejection(fault.reject, retry_after=retry_after)
    if fault.fault == "none":
        return await handle()
    if fault.accepted:
        answer = await handle()
        # What begins once the answer has left begins all the same.
        if isinstance(answer, Response) and answer.after is not None:
            answer.after()
    return broken(fault.fault)
