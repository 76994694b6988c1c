import json
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hmis_pos import resources
from hmis_pos.terminal.ui.kit import theme as theme_module
from hmis_pos.terminal.ui.kit.appearance import Appearance, Mode, palette_of
from hmis_pos.terminal.ui.kit.label import Label
from hmis_pos.terminal.ui.kit.stylesheet import stylesheet
from hmis_pos.terminal.ui.kit.theme import (
    TEXT_PAIRS,
    ThemeError,
    Tone,
    contrast,
    current_theme,
    sizes,
    themes,
)
from hmis_pos.terminal.ui.kit.typeface import Text, Weight, font, is_figures, register


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS, ids=lambda token: token)
def test_every_text_can_be_read(name: str, ink: str, ground: str) -> None:
    theme = themes()[name]
    assert contrast(theme.colour(ink), theme.colour(ground)) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("ground", ["bg", "surface", "raised", "sunken", "accent-soft"])
def test_the_focus_ring_can_be_seen(name: str, ground: str) -> None:
    theme = themes()[name]
    assert contrast(theme.focus, theme.colour(ground)) >= 3


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_the_kit_writes_is_in_the_list_of_pairs(name: str) -> None:
    theme = themes()[name]
    for tone in Tone:
        assert contrast(theme.ink_of(tone), theme.soft_of(tone)) >= 4.5
    assert contrast(theme.on_badge, theme.no) >= 4.5


def test_sizes_are_those_of_the_tokens() -> None:
    tokens = json.loads(resources.path("themes", "tokens.json").read_text())
    for field in fields(sizes()):
        group, name = ("size_px", field.name)
        if name.startswith("radius_"):
            group, name = "radius_px", name.removeprefix("radius_")
        assert getattr(sizes(), field.name) == tokens[group][name]
    for text in Text:
        assert text.size == tokens["type"]["sizes_px"][text.name.lower()]
        assert text.line == tokens["type"]["line_px"][text.name.lower()]
    assert [weight.value for weight in Weight] == list(tokens["type"]["weights"].values())


def test_a_colour_that_is_not_there_is_named() -> None:
    with pytest.raises(ThemeError, match="'pink'"):
        themes()["light"].colour("pink")
    with pytest.raises(ThemeError, match="'dark'"):
        themes()["light"].colour("dark")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot read the colours"),
        ("[]", "no JSON object"),
        ('{"themes": {"light": {"color": {}}}}', "theme 'light': 'bg' is missing"),
    ],
)
def test_a_broken_token_file_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    broken = tmp_path / "tokens.json"
    broken.write_text(text)
    monkeypatch.setattr(resources, "path", lambda *_parts: broken)
    theme_module._tokens.cache_clear()
    try:
        with pytest.raises(ThemeError, match=message):
            themes.__wrapped__()
    finally:
        theme_module._tokens.cache_clear()


def test_the_theme_changes_while_it_runs(appearance: Appearance, qapp: QApplication, qtbot: QtBot) -> None:
    label = Label("4,850.00", tone="accent")
    qtbot.addWidget(label)
    label.show()
    assert current_theme() is themes()["light"]
    assert label.palette().color(label.foregroundRole()) == themes()["light"].accent
    with qtbot.waitSignal(appearance.changed) as told:
        appearance.set_mode(Mode.DARK)
    assert told.args == [themes()["dark"]]
    assert qapp.palette().window().color() == themes()["dark"].bg
    assert label.palette().color(label.foregroundRole()) == themes()["dark"].accent
    appearance.toggle()
    assert appearance.theme is themes()["light"]


def test_it_follows_the_desktop_only_when_asked(appearance: Appearance, qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(appearance.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    appearance.set_mode(Mode.SYSTEM)
    with qtbot.waitSignal(appearance.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert not appearance.theme.dark  # offscreen does not say, and that is light


def test_the_stylesheet_names_no_colour_of_the_other_theme() -> None:
    light, dark = themes()["light"], themes()["dark"]
    sheet = stylesheet(dark)
    assert "$" not in sheet
    assert dark.ink.name() in sheet
    assert light.bg.name() not in sheet
    assert palette_of(light).text().color() == light.ink


def test_inter_is_there_with_tabular_figures_that_line_up(appearance: Appearance) -> None:
    assert any(family.startswith("Inter") for family in register())
    assert "Inter" in QFontDatabase.families()
    for text in Text:
        metrics = QFontMetricsF(font(text, Weight.NUMBER, tabular=True))
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")
    one = font(Text.BODY)
    one.setPixelSize(99)
    assert font(Text.BODY).pixelSize() == 14


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("4,850.00", True),
        ("\u2212500.00", True),
        ("0:41", True),
        ("M-Pesa", False),
        ("18 min", False),
        ("", False),
        ("·", False),
    ],
)
def test_amounts_and_times_are_figures(text: str, *, figures: bool) -> None:
    assert is_figures(text) is figures


def test_current_theme_is_light_before_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QCoreApplication, "instance", lambda: None)
    assert current_theme() is themes()["light"]


def test_qt_widgets_get_the_font(appearance: Appearance, qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("Plain")
    qtbot.addWidget(label)
    assert label.font().family() == "Inter"
