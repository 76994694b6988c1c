"""What lies in `resources/` is there, is ours to ship, and does what the theme counts on."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from hmis_pos import resources

ICONS = sorted(resources.path("icons").glob("*.svg"))
FONTS = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")
COLOUR = re.compile(r'(?:fill|stroke|color)="([^"]+)"')


@pytest.fixture(scope="module")
def inter(qapp: QGuiApplication) -> str:
    for name in FONTS:
        number = QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))
        assert "Inter" in QFontDatabase.applicationFontFamilies(number), name
    return "Inter"


@pytest.mark.parametrize("weight", [QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold])
def test_every_weight_the_theme_uses_is_a_real_cut(inter: str, weight: QFont.Weight) -> None:
    info = QFontInfo(QFont(inter, 14, weight))

    assert (info.family(), info.weight()) == ("Inter", weight)


def test_figures_can_be_made_equally_wide(inter: str) -> None:
    font = QFont(inter, 30)
    proportional = QFontMetricsF(font)
    assert proportional.horizontalAdvance("1111") < proportional.horizontalAdvance("8888")

    font.setFeature(QFont.Tag.fromString("tnum"), 1)
    tabular = QFontMetricsF(font)

    assert {tabular.horizontalAdvance(digit * 4) for digit in "0123456789"} == {tabular.horizontalAdvance("0000")}


def test_the_fonts_licence_goes_with_them() -> None:
    licence = resources.path("fonts", "OFL.txt").read_text(encoding="utf-8")

    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "The Inter Project Authors" in licence


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_an_icon_is_drawn_in_the_one_style_and_shows_something(qapp: QGuiApplication, icon: Path) -> None:
    text = icon.read_text(encoding="utf-8")

    assert ET.fromstring(text).attrib["viewBox"] == "0 0 24 24"  # noqa: S314 - our own file
    assert set(COLOUR.findall(text)) <= {"none", "currentColor"}
    drawing = QSvgRenderer(QByteArray(text.replace("currentColor", "#12202B").encode()))
    image = QImage(24, 24, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    drawing.render(painter)
    painter.end()
    inked = sum(image.pixelColor(x, y).alpha() > 0 for x in range(24) for y in range(24))
    assert 8 <= inked <= 24 * 24 * 0.75


def test_every_picture_of_a_payment_state_is_there() -> None:
    assert {"check", "clock", "question", "cross"} <= {icon.stem for icon in ICONS}


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/no-such-icon\.svg"):
        resources.path("icons", "no-such-icon.svg")


def test_the_stand_alone_program_brings_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "fonts").mkdir(parents=True)
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    resources.root.cache_clear()
    try:
        assert resources.path("fonts") == tmp_path / "resources" / "fonts"
    finally:
        resources.root.cache_clear()


def test_a_package_without_its_resources_says_how_to_run_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    resources.root.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match="make demo"):
            resources.root()
    finally:
        resources.root.cache_clear()
