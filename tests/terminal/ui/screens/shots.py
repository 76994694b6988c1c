"""Every state of every screen as a picture: ``python -m tests.terminal.ui.screens.shots OUTDIR`` (from the top of the checkout).

One process draws one combination (a scale is fixed when Qt starts); without options all of them are drawn. Each state is reached by
keys, on the demo hospital's data, with a double for Safaricom.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

#: size in logical pixels, scale, theme, language
COMBINATIONS = (
    ("1366x768", 1.0, "light", "en"),
    ("1366x768", 1.0, "dark", "en"),
    ("1366x768", 1.0, "light", "sw"),
    ("1920x1080", 1.0, "light", "en"),
    ("1280x720", 1.5, "light", "en"),
    ("1280x720", 1.5, "dark", "sw"),
    ("911x512", 1.5, "light", "en"),
)
MONDAY = datetime(2026, 11, 23, 11, 32, tzinfo=UTC)


async def draw(  # noqa: PLR0915 - a walk, state by state
    folder: Path, size: tuple[int, int], *, dark: bool, language: str
) -> None:
    """Walk through the states and write a picture of each."""
    from hmis_pos.db.central import migrate, seed  # noqa: PLC0415 - after Qt's scale was set
    from hmis_pos.domain.errors import OutcomeUnknown  # noqa: PLC0415
    from hmis_pos.terminal.settings import Language  # noqa: PLC0415
    from hmis_pos.terminal.ui.kit.appearance import Mode  # noqa: PLC0415
    from tests.relay.conftest import opened  # noqa: PLC0415
    from tests.support.till import FixedClock  # noqa: PLC0415
    from tests.terminal.ui.screens.house import open_till  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as temporary:
        url = f"sqlite:///{temporary}/central.sqlite3"
        migrate.upgrade(url)
        seed.demo(url, FixedClock(MONDAY))
        async with opened(url) as hospital:
            hospital.clock.at = MONDAY
            async with open_till(hospital, Path(temporary) / "till", language=Language(language), size=size) as till:
                till.terminal.appearance.set_mode(Mode.DARK if dark else Mode.LIGHT)
                number = 0

                async def shoot(name: str) -> None:
                    nonlocal number
                    number += 1
                    till.picture()  # rows that are looked at are read
                    await till.settled()
                    till.picture().save(str(folder / f"{number:02}-{name}.png"))

                await shoot("sign-in")
                await till.keys("Return", "Return")
                await shoot("sign-in-problem")
                await till.keys(*"cashier", "Return", *"demo-only", "Return")
                await shoot("enrol")
                await till.keys("Return")
                await shoot("queue-loading")
                await till.read_queue()
                await shoot("nobody")
                await till.keys("Down")
                await shoot("cash-empty")
                await till.keys(*"5000")
                await shoot("cash-change")
                await till.keys("F10", *"2000")
                await shoot("cash-part")
                await till.keys("F10", "F5")
                await shoot("cash-split")
                await till.keys("F5", *"5000", "Return")
                await shoot("cash-taken")
                await till.keys("Ctrl+R")
                await shoot("receipt")
                await till.keys("Escape", "Return", "F3")
                await shoot("mpesa-ready")
                await till.keys("Return")
                await till.beat(41)
                await shoot("mpesa-waiting")
                await till.keys("F7")
                await shoot("mpesa-stopped")
                await till.safaricom_says(0, amount=1200)
                await shoot("mpesa-paid-late")
                await till.keys("Return", "F3")
                hospital.gateway.answers.append(OutcomeUnknown("no answer", code="mpesa-no-answer"))
                await till.keys("Return")
                await till.feed()
                await shoot("mpesa-unknown")
                await till.keys("Return", "F3", "Return")
                await till.safaricom_says(1032, order=3)
                await shoot("mpesa-not-paid")
                await till.keys("F4")
                await shoot("mpesa-change")
                await till.keys("F2", "/", *"zzzz")
                till.part("queueSearch").tell_now()
                await till.settled()
                await shoot("no-hits")
                await till.keys("Escape", "Ctrl+2", "Down")
                await shoot("payments")
                await till.keys("Down", "Down", "Down")
                await shoot("payments-detail")
                await till.keys("Alt+4", "/", *"zzz")
                till.part("paymentsSearch").tell_now()
                await till.settled()
                await shoot("payments-no-hits")
                await till.keys("Ctrl+1", "F1")
                await shoot("all-keys")
                await till.keys("Escape", "Ctrl+K", *"pri")
                await shoot("palette")
                await till.keys("Escape", "Escape")
                await till.go_down()
                await till.keys("Down", "Down", "F3")
                await shoot("mpesa-relay-away")
                await till.keys("F2", "Return", "Return")
                await shoot("offline-cash")
                await till.keys("Ctrl+2", "Escape", "Escape", "Down")
                await shoot("offline-payments")
                await till.keys("Ctrl+1", "Ctrl+Shift+O")
                await shoot("sign-out-unsent")
                await till.keys("Ctrl+Return")
                await shoot("signed-out")
                till.window.show_problem("The till is open already on this computer", "Use the window that is open.")
                await shoot("start-problem")


def _one(out: Path, given: argparse.Namespace) -> None:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - after the scale is in the environment

    app = QApplication.instance() or QApplication([])
    folder = out / f"{given.size}@{given.scale:g}-{given.theme}-{given.language}"
    folder.mkdir(parents=True, exist_ok=True)
    width, _, height = given.size.partition("x")
    asyncio.run(draw(folder, (int(width), int(height)), dark=given.theme == "dark", language=given.language))
    del app


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw every state of every screen.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", help="logical pixels, 1366x768")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--language", choices=("en", "sw"), default="en")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if given.size:
        _one(given.out, given)
        return 0
    for size, scale, theme, language in COMBINATIONS:
        options = ["--size", size, "--scale", str(scale), "--theme", theme, "--language", language]
        environ = os.environ | {"QT_SCALE_FACTOR": str(scale)}
        command = [sys.executable, "-m", "tests.terminal.ui.screens.shots", str(given.out), *options]
        subprocess.run(command, check=True, env=environ)  # noqa: S603 - our own Python
    return 0


if __name__ == "__main__":
    sys.exit(main())
