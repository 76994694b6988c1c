from __future__ import annotations

import asyncio

from hmis_pos.terminal.tasks import Tasks


async def test_a_task_is_kept_and_forgotten_when_done() -> None:
    tasks = Tasks()
    go = asyncio.Event()
    task = tasks.spawn(go.wait(), name="waits")
    assert tasks.names == ["waits"]
    go.set()
    assert await task is True
    await asyncio.sleep(0)
    assert tasks.names == []


async def test_a_crash_is_told_with_name_and_error() -> None:
    tasks = Tasks()
    told: list[tuple[str, object]] = []
    tasks.crashed.connect(lambda name, error: told.append((name, error)))

    async def breaks() -> None:
        raise RuntimeError("on purpose")

    await asyncio.wait([tasks.spawn(breaks(), name="breaks")])
    await asyncio.sleep(0)
    assert [(name, str(error)) for name, error in told] == [("breaks", "on purpose")]


async def test_closing_cancels_all_and_starts_nothing_more() -> None:
    tasks = Tasks()
    ended = asyncio.Event()

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = tasks.spawn(tidy(), name="tidy")
    await asyncio.sleep(0)
    await tasks.close()
    assert ended.is_set()
    assert running.cancelled()
    late = tasks.spawn(tidy(), name="late")
    await asyncio.wait([late])
    assert late.cancelled()
    await tasks.close()
