from __future__ import annotations

from collections.abc import AsyncIterator

from hmis_pos.contract import events
from hmis_pos.terminal.event_stream import FeedEvent, read_events


async def lines(text: str) -> AsyncIterator[str]:
    for line in text.split("\n"):
        yield line


async def read(text: str) -> list[FeedEvent]:
    return [event async for event in read_events(lines(text))]


async def test_events_comments_and_an_unfinished_end() -> None:
    found = await read(
        ": following\nretry: 1000\n\n"
        'id: 7\nevent: invoice.serving\ndata: {"invoice_id":3,"served_by":null}\n\n'
        ": here\n\n"
        'id:8\nevent:reset\ndata:{"last_event":8}\n\n'
        'id: 9\nevent: invoice.serving\ndata: {"invoice_id":4,"served'
    )
    assert found == [
        FeedEvent(7, events.InvoiceServing(invoice_id=3, served_by=None)),
        FeedEvent(8, events.Reset(last_event=8)),
    ]


async def test_what_a_newer_relay_says_moves_the_position_only() -> None:
    found = await read(
        'id: 1\nevent: shift.closed\ndata: {"a":1}\n\n'
        'id: 2\nevent: invoice.serving\ndata: {"invoice_id":"x"}\n\n'
        "id: x\nevent: reset\ndata: {}\n\n"
    )
    assert found == [FeedEvent(1, None), FeedEvent(2, None)]
