"""Circles are collected by the Qt thread alone, and a closed till leaves nothing behind."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from hmis_pos.terminal.app import build
from hmis_pos.terminal.garbage import GarbageCollector
from hmis_pos.terminal.settings import load


class Circle(QObject):
    """Only a collector can end it; tells in which thread that was."""

    def __init__(self, ended_in: list[threading.Thread]) -> None:
        super().__init__()
        self.me = self
        weakref.finalize(self, lambda: ended_in.append(threading.current_thread()))


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GarbageCollector]:
    enabled = gc.isenabled()
    gc.enable()
    made = GarbageCollector()
    yield made
    made.stop()
    assert gc.isenabled()
    if not enabled:
        gc.disable()


def allocate_much() -> None:
    """Far more than makes Python collect by itself."""
    kept: list[list[None]] = [[] for _ in range(200_000)]
    assert len(kept) == 200_000


def test_a_busy_thread_never_ends_a_window(collector: GarbageCollector) -> None:
    ended: list[threading.Thread] = []
    Circle(ended)
    other = threading.Thread(target=allocate_much)
    other.start()
    other.join()
    assert ended == []
    gc.collect()
    assert ended == [threading.main_thread()]


def test_it_collects_by_itself_what_is_due(collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[threading.Thread] = []
    Circle(ended)
    allocated: list[list[None]] = [[] for _ in range(2_000)]
    looked = QSignalSpy(collector._timer.timeout)
    assert looked.wait(10_000)
    assert ended == [threading.main_thread()], len(allocated)


def test_what_lives_long_is_gone_through_too(collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[threading.Thread] = []
    circle = Circle(ended)
    gc.collect(1)  # it is of the oldest generation now
    del circle
    kept: list[list[list[None]]] = []
    for _ in range(200):
        kept.append([[] for _ in range(2_000)])
        collector.look()
    assert ended == []  # not due yet: all that lives is gone through once a minute
    monkeypatch.setattr("hmis_pos.terminal.garbage.time.monotonic", lambda: collector._whole_at + 1)
    collector.look()
    assert len(ended) == 1


async def test_a_closed_till_is_gone_whole(tmp_path: Path, qapp: QApplication) -> None:
    async def one_shift(folder: Path) -> None:
        terminal = build(load({"HMIS_TERMINAL_DIR": str(folder), "HMIS_KEYRING": f"file:{folder / 'k.json'}"}))
        # A person's script that holds the till and hears it: a circle Python cannot see through.
        heard: list[object] = []
        terminal.opened.connect(lambda: heard.append(terminal))
        await terminal.start()
        assert terminal.board is not None
        terminal.board.session.changed.connect(lambda: heard.append(terminal.board))
        await terminal.close()

    await one_shift(tmp_path / "first")
    await asyncio.sleep(0)
    gc.collect()
    before = sum(isinstance(thing, QObject) for thing in gc.get_objects())
    await one_shift(tmp_path / "second")
    await asyncio.sleep(0)
    gc.collect()
    left = sum(isinstance(thing, QObject) for thing in gc.get_objects()) - before
    assert left < 10  # of more than a thousand: Qt keeps a style and a drawing or two
