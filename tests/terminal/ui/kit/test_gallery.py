import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from hmis_pos.terminal.ui.kit import gallery
from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode
from hmis_pos.terminal.ui.kit.gallery import PAGES, main, picture


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_drawn(
    appearance: Appearance, inks: Callable[[QImage], set[int]], page: str, mode: Mode
) -> None:
    appearance.set_mode(mode)
    image = picture(page, QSize(1366, 900))
    assert (image.width(), image.height()) == (1366, 900)
    assert len(inks(image)) > 100
    assert appearance.theme.ink.rgb() in inks(image)


@pytest.mark.parametrize("page", ["cash", "mpesa", "unknown"])
def test_the_counter_fits_the_smallest_screen(appearance: Appearance, page: str) -> None:
    counter = PAGES[page]()
    least = counter.minimumSizeHint()
    assert least.width() <= 1280
    assert least.height() <= 720
    counter.deleteLater()


def test_it_writes_one_picture_of_all(appearance: Appearance, tmp_path: Path) -> None:
    out = tmp_path / "kit.png"
    assert main([str(out), "--page", "states", "--size", "1280x720"]) == 0
    assert QImage(str(out)).size() == QSize(1280, 720)
    assert main([str(tmp_path / "no-folder" / "kit.png"), "--page", "states"]) == 1


def test_it_runs_at_150_percent(tmp_path: Path) -> None:
    out = tmp_path / "kit.png"
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", gallery.__name__, str(out), "--page", "mpesa", "--size", "1366x768", "--dark"],
        env={**os.environ, "QT_SCALE_FACTOR": "1.5", "QT_QPA_PLATFORM": "offscreen"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert QImage(str(out)).size() == QSize(1366 * 3 // 2, 768 * 3 // 2)
