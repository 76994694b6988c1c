"""The composition root: what is imported before the first paint, and a till that cannot be opened says why."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from hmis_pos.terminal.app import build
from hmis_pos.terminal.settings import load
from tests.support.till import open_store

#: Imports of a tenth of a second and more each; none of them belongs before the first paint.
HEAVY = ("sqlalchemy", "httpx", "keyring", "argon2", "sqlcipher3", "segno", "PySide6.QtPrintSupport", "hmis_pos.relay")

PROGRAM = """
import asyncio, json, sys, time
began = time.perf_counter()
from PySide6.QtWidgets import QApplication
import qasync
from hmis_pos.terminal.app import build
from hmis_pos.terminal.settings import load
app = QApplication([])
app.setQuitOnLastWindowClosed(False)
loop = qasync.QEventLoop(app)
asyncio.set_event_loop(loop)
terminal = build(load())
seen = {}
def painted():
    seen["modules"] = sorted(sys.modules)
    seen["seconds"] = time.perf_counter() - began
terminal.painted.connect(painted)
async def main():
    await terminal.start()
    seen["opened"] = terminal.board is not None
    await terminal.close()
with loop:
    loop.run_until_complete(main())
print(json.dumps(seen))
"""


def started(folder: Path) -> dict[str, Any]:
    """A till in a process of its own, opened and closed again."""
    environ = os.environ | {
        "HMIS_TERMINAL_DIR": str(folder),
        "HMIS_KEYRING": f"file:{folder / 'keys.json'}",
        "HMIS_RELAY_URL": "http://127.0.0.1:1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def test_nothing_heavy_stands_before_the_first_paint(tmp_path: Path) -> None:
    seen = started(tmp_path / "till")
    assert seen["opened"]
    modules = set(seen["modules"])
    assert [name for name in HEAVY if name in modules] == []
    assert "hmis_pos.terminal.ui.screens.sign_in" in modules


async def test_a_second_window_on_the_same_till_says_so(tmp_path: Path, qapp: QApplication) -> None:
    first = await open_store(tmp_path / "till", key="5a" * 32)
    (tmp_path / "keys.json").write_text(json.dumps({"till/store-key": "5a" * 32}), encoding="ascii")
    (tmp_path / "keys.json").chmod(0o600)
    terminal = build(
        load({"HMIS_TERMINAL_DIR": str(tmp_path / "till"), "HMIS_KEYRING": f"file:{tmp_path / 'keys.json'}"})
    )
    codes: list[str] = []
    terminal.failed.connect(codes.append)
    await terminal.start()
    page = terminal.window.findChild(QWidget, "startProblem")
    assert isinstance(page, QWidget)
    assert "open already" in page.accessibleName()
    assert codes == ["already-open"]
    await first.close()
    page.acted.emit()  # type: ignore[attr-defined]
    async with asyncio.timeout(20):
        while terminal.board is None:
            await asyncio.wait(terminal.tasks._running)
    assert terminal.shell is not None
    await terminal.close()


async def test_no_keyring_is_said_with_its_cure(tmp_path: Path, qapp: QApplication, monkeypatch: Any) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    terminal = build(load({"HMIS_TERMINAL_DIR": str(tmp_path / "till")}))
    await terminal.start()
    page = terminal.window.findChild(QWidget, "startProblem")
    assert page is not None
    assert "keyring" in page.accessibleName()
    await terminal.close()


async def test_closing_twice_is_no_matter(tmp_path: Path, qapp: QApplication) -> None:
    terminal = build(load({"HMIS_TERMINAL_DIR": str(tmp_path), "HMIS_KEYRING": f"file:{tmp_path / 'k.json'}"}))
    await terminal.start()
    await terminal.close()
    await terminal.close()
    assert terminal.tasks.names == []
