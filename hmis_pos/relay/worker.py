"""What goes on by itself, each in a loop of its own.

Stored callbacks are interpreted, what nobody confirmed is chased, receipt numbers are proven, refunds sent, statements and the provider's
list read, the HMIS's invoices watched, the feed served, once a day what is old pruned.

Every loop survives its own errors with a growing pause, and keeps nothing that the database does not hold: killed at any point, the
next process goes on where the books stand.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from hmis_pos import logs
from hmis_pos.cashier import chase, check_code, prune, pull_feed, read_callbacks, send_refunds
from hmis_pos.cashier.context import Context
from hmis_pos.cashier.watch_invoices import InvoiceWatch
from hmis_pos.relay.feed import Feed
from hmis_pos.relay.metrics import Metrics
from hmis_pos.relay.statement_jobs import StatementJobs
from hmis_pos.relay.wakeup import Bell

#: Seconds between looks without being woken.
INBOX_EVERY = 2.0
CHASE_EVERY = 1.0
CHECKS_EVERY = 2.0
REFUNDS_EVERY = 2.0
PULL_EVERY = 5.0
WATCH_EVERY = 2.0
PRUNE_EVERY = 86_400.0
#: The longest pause after errors, in seconds.
LONGEST_PAUSE = 30.0
#: A loop that has not come round for so long (seconds) is not alive: a gateway's query may take a minute.
DEAD_AFTER = 120.0
#: The same for a loop that asks about many things in one round, each for up to half a minute.
DEAD_AFTER_MANY = 900.0

_log = logs.logger("relay.worker")


@dataclass(slots=True)
class Loop:
    """One thing done again and again: ``step`` returns how much it did, ``wait`` pauses after an idle step."""

    name: str
    step: Callable[[], Awaitable[int]]
    wait: Callable[[], Awaitable[object]]
    dead_after: float = DEAD_AFTER
    beat: float = field(default_factory=time.monotonic)
    failures: int = 0

    async def run(self, metrics: Metrics) -> None:
        """Until cancelled."""
        while True:
            try:
                done = await self.step()
            except Exception:  # noqa: BLE001 - whatever broke, the next round may succeed; a dead worker loses money
                self.failures += 1
                pause = min(LONGEST_PAUSE, 0.5 * 2**self.failures)
                metrics.loop_failures.labels(self.name).inc()
                _log.exception("worker loop broke", loop=self.name, failures=self.failures, pause=pause)
                await asyncio.sleep(pause)
                continue
            self.failures, self.beat = 0, time.monotonic()
            if not done:
                await self.wait()

    @property
    def trouble(self) -> str:
        """What is wrong with it; empty if nothing."""
        silent = time.monotonic() - self.beat
        if self.failures:
            return f"broke {self.failures} times in a row"
        return f"silent for {int(silent)} s" if silent > self.dead_after else ""


class Worker:
    """The loops of one relay process."""

    def __init__(self, ctx: Context, feed: Feed, metrics: Metrics, statements: StatementJobs) -> None:
        self.inbox_bell = Bell()
        self.refund_bell = Bell()
        self._metrics = metrics
        watch = InvoiceWatch(ctx)
        self.loops = (
            Loop("inbox", lambda: read_callbacks.process_waiting(ctx), lambda: self.inbox_bell.wait(INBOX_EVERY)),
            Loop("chase", lambda: chase.run_due(ctx), lambda: asyncio.sleep(CHASE_EVERY)),
            Loop("invoices", watch.poll, lambda: asyncio.sleep(WATCH_EVERY)),
            Loop("feed", feed.step, feed.wait),
            Loop("checks", lambda: check_code.run_due(ctx), lambda: asyncio.sleep(CHECKS_EVERY), DEAD_AFTER_MANY),
            Loop(
                "refunds",
                lambda: send_refunds.run_due(ctx),
                lambda: self.refund_bell.wait(REFUNDS_EVERY),
                DEAD_AFTER_MANY,
            ),
            Loop("statements", statements.step, statements.wait, dead_after=math.inf),
            Loop("prune", lambda: prune.run(ctx), lambda: asyncio.sleep(PRUNE_EVERY), 2 * PRUNE_EVERY),
            Loop("pull", lambda: pull_feed.run_due(ctx), lambda: asyncio.sleep(PULL_EVERY), DEAD_AFTER_MANY),
        )
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, group: asyncio.TaskGroup) -> None:
        """Run all loops in the group."""
        self._tasks = [group.create_task(loop.run(self._metrics), name=f"worker:{loop.name}") for loop in self.loops]

    def stop(self) -> None:
        """Stop all loops where they stand; the books hold what is left to do."""
        for task in self._tasks:
            task.cancel()

    @property
    def trouble(self) -> dict[str, str]:
        """What is wrong with each loop."""
        ended = {task.get_name().removeprefix("worker:") for task in self._tasks if task.done()}
        if not self._tasks:
            ended = {loop.name for loop in self.loops}
        return {loop.name: "not running" if loop.name in ended else loop.trouble for loop in self.loops}
