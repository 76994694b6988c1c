"""Reading server-sent events: lines in, typed messages of the feed out."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass

import msgspec

from hmis_pos import logs
from hmis_pos.contract import events

FeedMessage = (
    events.InvoiceChanged
    | events.InvoiceServing
    | events.PaymentChanged
    | events.TaskOpened
    | events.TaskClosed
    | events.UnmatchedChanged
    | events.CheckChanged
    | events.RefundChanged
    | events.StatementChanged
    | events.Reset
)
_KINDS: dict[str, type[FeedMessage]] = {
    events.INVOICE_CHANGED: events.InvoiceChanged,
    events.INVOICE_SERVING: events.InvoiceServing,
    events.PAYMENT_CHANGED: events.PaymentChanged,
    events.TASK_OPENED: events.TaskOpened,
    events.TASK_CLOSED: events.TaskClosed,
    events.UNMATCHED_CHANGED: events.UnmatchedChanged,
    events.CHECK_CHANGED: events.CheckChanged,
    events.REFUND_CHANGED: events.RefundChanged,
    events.STATEMENT_CHANGED: events.StatementChanged,
    events.RESET: events.Reset,
}
_log = logs.logger("terminal.events")


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event. ``id`` is the feed's position behind it; ``message`` is None for a kind this terminal does not know."""

    id: int
    message: FeedMessage | None


async def read_events(lines: AsyncIterable[str]) -> AsyncIterator[FeedEvent]:
    """Events of one stream. Comments (signs of life) and unfinished events at its end are dropped.

    A newer relay may send kinds or messages we cannot read: they are logged and passed as None, so that the position moves.
    """
    kind, data, position = "", [], ""
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                kind = value
            elif name == "data":
                data.append(value)
            elif name == "id":
                position = value
            continue
        if data and position.isdigit():
            yield FeedEvent(int(position), _message(kind, "\n".join(data)))
        kind, data, position = "", [], ""


def _message(kind: str, data: str) -> FeedMessage | None:
    wanted = _KINDS.get(kind)
    if wanted is None:
        _log.warning("event of an unknown kind", kind=kind)
        return None
    try:
        return msgspec.json.decode(data, type=wanted)
    except msgspec.DecodeError as e:
        _log.error("event cannot be read", kind=kind, reason=str(e))
        return None
