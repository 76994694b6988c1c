from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode


@pytest.fixture(scope="session")
def _appearance(qapp: QApplication) -> Appearance:
    return Appearance(qapp, Mode.LIGHT)


@pytest.fixture
def appearance(_appearance: Appearance) -> Iterator[Appearance]:
    """The light theme; it can be changed, and is light again afterwards."""
    _appearance.set_mode(Mode.LIGHT)
    yield _appearance
    _appearance.set_mode(Mode.LIGHT)


@pytest.fixture
def show(qtbot: QtBot, appearance: Appearance) -> Callable[[QWidget], None]:
    """Show a widget as the active window, so that keys and focus go there."""

    def show_it(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        with qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()

    return show_it


@pytest.fixture
def inks() -> Callable[[QImage], set[int]]:
    """The colours of a picture, as `QColor.rgb()` gives them."""

    def inks_of(image: QImage) -> set[int]:
        plain = image.convertToFormat(QImage.Format.Format_RGB32)
        return {0xFF000000 | word for word in set(memoryview(plain.constBits()).cast("I"))}

    return inks_of
