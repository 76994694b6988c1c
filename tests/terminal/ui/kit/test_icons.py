import ast
import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

import hmis_pos.terminal.ui
from hmis_pos import resources
from hmis_pos.terminal.ui.kit import icons
from hmis_pos.terminal.ui.kit.icons import NAMES, icon, pixmap


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_can_be_drawn(qapp: QApplication, name: str) -> None:
    assert icons._drawing(name) is not None
    image = pixmap(name, QColor("#B3261E"), 20).toImage()
    inked = [image.pixelColor(x, y) for x in range(20) for y in range(20) if image.pixelColor(x, y).alpha() > 110]
    assert inked, "nothing was drawn"
    # All ink has the colour asked for; premultiplied pixels round by one or two.
    assert max(abs(c.red() - 0xB3) + abs(c.blue() - 0x1E) for c in inked) <= 12


def test_every_file_is_listed() -> None:
    assert sorted(file.stem for file in resources.path("icons").glob("*.svg")) == list(NAMES)


def test_icons_named_in_the_program_exist() -> None:
    named = set()
    for file in Path(hmis_pos.terminal.ui.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "icon":
                named |= {c.value for c in ast.walk(node.value) if isinstance(c, ast.Constant)}
    assert "printer" in named
    assert named - set(NAMES) - {"", "dot"} == set()


def test_a_missing_icon_is_a_square_and_a_line_in_the_log(qapp: QApplication, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        picture = pixmap("no-such-icon", QColor("black"), 16, 2.0)
    assert picture.size() == QSize(32, 32)
    assert picture.devicePixelRatio() == 2.0
    assert any(picture.toImage().pixelColor(x, 16).alpha() > 0 for x in range(32))
    assert "no-such-icon.svg" in caplog.text


def test_an_icon_is_sharp_at_every_scale(qapp: QApplication) -> None:
    made = icon("check", QColor("black"), 20)
    assert {size.width() for size in made.availableSizes()} >= {20}
    assert pixmap("check", QColor("black"), 20) is pixmap("check", QColor("black"), 20)
