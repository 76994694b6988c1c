"""The event feed: what changed, to everybody who follows, as server-sent events.

Rows of the event table hold references only. One reader a process follows the table (woken after each commit here, looking once a
second for commits elsewhere), reads the present state of what the rows name, and hands the rendered lines to all followers of that
facility. A follower that comes back names the last event it saw and gets what it missed, or ``reset`` if that is too much.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from hmis_pos import logs
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.ports import Books
from hmis_pos.cashier.records import Event
from hmis_pos.contract import events
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.news import news
from hmis_pos.relay.statement_jobs import StatementJobs
from hmis_pos.relay.wakeup import Bell

#: Events a follower may be behind and still be told each of them.
MOST_BEHIND = 2_000
#: Rows read at a time.
PAGE = 500
#: Lines waiting for a slow follower; beyond it is cut off and comes back with its Last-Event-ID.
MOST_WAITING = 1_000
#: Seconds between signs of life.
HEARTBEAT = 15.0
#: Seconds between looks for other processes' commits.
LOOK = 1.0

_log = logs.logger("relay.feed")


@dataclass(frozen=True, slots=True)
class Line:
    """A rendered event."""

    seq: int
    facility_id: int
    data: bytes


class _Follower:
    def __init__(self, facility_id: int) -> None:
        self.facility_id = facility_id
        self.waiting: asyncio.Queue[Line | None] = asyncio.Queue()

    def give(self, line: Line | None) -> None:
        if line is not None and self.waiting.qsize() >= MOST_WAITING:
            line = None  # too slow: end the stream, it resumes by its last id
        self.waiting.put_nowait(line)


class Feed:
    """Followers of this process, and the one reader that serves them."""

    def __init__(self, ctx: Context, bell: Bell, metrics: Metrics, statements: StatementJobs) -> None:
        self._ctx = ctx
        self._renders = news(ctx, metrics, statements)
        self._bell = bell
        self._metrics = metrics
        self._followers: set[_Follower] = set()
        self._position: int | None = None
        self._closed = False

    async def step(self) -> int:
        """Hand on what was committed since the last step; how many events that were."""
        if self._position is None:
            self._position = await self._ctx.database.read(lambda books: books.trail.last_event())
            return 0
        after = self._position
        rows, lines = await self._ctx.database.read(lambda books: self._read(books, after, None))
        for line in lines:
            for follower in self._followers:
                if follower.facility_id == line.facility_id:
                    follower.give(line)
        if rows:
            self._position = rows[-1].seq
        return len(rows)

    async def wait(self) -> None:
        """Until something is worth looking."""
        await self._bell.wait(LOOK)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closed = True
        for follower in self._followers:
            follower.give(None)

    async def follow(self, facility_id: int, after: int | None, until: datetime) -> AsyncIterator[bytes]:
        """The bytes of one stream: what was missed since ``after``, then what comes, until the token ends.

        Args:
            facility_id: whose events.
            after: the last event the follower saw; None begins with what comes next.
            until: when the stream ends, so that a follower shows a fresh token.
        """
        follower = _Follower(facility_id)
        self._followers.add(follower)
        self._metrics.followers.inc()
        try:
            yield b"retry: 1000\n: following\n\n"
            last = await self._ctx.database.read(lambda books: books.trail.last_event())
            seen = last if after is None else after
            if seen > last or last - seen > MOST_BEHIND:
                yield _render(last, events.RESET, events.Reset(last_event=last))
                seen = last
            while seen < last:
                rows, lines = await self._ctx.database.read(_Reading(self, seen, facility_id))
                for line in lines:
                    yield line.data
                if not rows:
                    break
                seen = rows[-1].seq
            async for data in self._live(follower, seen, until):
                yield data
        finally:
            self._followers.discard(follower)
            self._metrics.followers.dec()

    async def _live(self, follower: _Follower, seen: int, until: datetime) -> AsyncIterator[bytes]:
        while not self._closed:
            left = (until - self._ctx.clock.now()).total_seconds()
            if left <= 0:
                return
            try:
                async with asyncio.timeout(min(HEARTBEAT, left)):
                    line = await follower.waiting.get()
            except TimeoutError:
                yield b": here\n\n"
                continue
            if line is None:
                return
            if line.seq > seen:
                seen = line.seq
                yield line.data

    def _read(self, books: Books, after: int, facility_id: int | None) -> tuple[Sequence[Event], list[Line]]:
        rows = books.trail.events(after, PAGE)
        wanted = [row for row in rows if facility_id is None or row.facility_id == facility_id]
        # The present state is rendered, so of several rows about one thing only the last says something.
        last = {(row.kind, row.data): row.seq for row in wanted}
        lines = []
        for row in wanted:
            if last[(row.kind, row.data)] != row.seq:
                continue
            message = self._message(books, row)
            if message is not None:
                lines.append(Line(row.seq, row.facility_id, _render(row.seq, row.kind, message)))
        return rows, lines

    def _message(self, books: Books, row: Event) -> msgspec.Struct | None:
        """The event as told to a follower; None where what it names is gone or the kind is not known here."""
        about: dict[str, Any] = json.loads(row.data)
        render = self._renders.get(row.kind)
        if render is None:
            _log.warning("event of a kind this relay does not know", kind=row.kind, seq=row.seq)
            return None
        return render(books, about)


class _Reading:
    """A page of the feed as a phase, with its arguments bound."""

    def __init__(self, feed: Feed, after: int, facility_id: int) -> None:
        self._feed = feed
        self._after = after
        self._facility_id = facility_id

    def __call__(self, books: Books) -> tuple[Sequence[Event], list[Line]]:
        return self._feed._read(books, self._after, self._facility_id)  # noqa: SLF001 - of this module


def _render(seq: int, kind: str, message: msgspec.Struct) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, kind.encode(), msgspec.json.encode(message))
