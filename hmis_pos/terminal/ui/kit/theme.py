"""Colours and sizes of the terminal, read from `resources/themes/tokens.json`.

A widget never keeps a colour: it asks `current_theme()` when it paints. `Appearance` changes the
theme of the application, Qt tells every widget, and each repaints itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from hmis_pos import resources

_PROPERTY = "hmisPosTheme"


class ThemeError(Exception):
    """`tokens.json` is missing, is no JSON, or lacks a value; the text names which."""


class Tone(StrEnum):
    """The meaning a colour carries. A tone never stands alone: a word and an icon go with it."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WAIT = "wait"
    UNKNOWN = "unk"
    NO = "no"


@dataclass(frozen=True, eq=False, kw_only=True)
class Theme:
    """One set of colours. Field names are the token names, with an underscore for the hyphen."""

    name: str
    dark: bool
    bg: QColor
    surface: QColor
    raised: QColor
    sunken: QColor
    line: QColor
    line_strong: QColor
    ink: QColor
    ink_2: QColor
    ink_3: QColor
    accent: QColor
    accent_ink: QColor
    accent_soft: QColor
    ok: QColor
    ok_soft: QColor
    wait: QColor
    wait_soft: QColor
    unk: QColor
    unk_soft: QColor
    no: QColor
    no_soft: QColor
    focus: QColor

    def ink_of(self, tone: Tone) -> QColor:
        """The colour of words and icons of a tone."""
        return self.ink_2 if tone is Tone.NEUTRAL else self.colour(tone.value)

    def soft_of(self, tone: Tone) -> QColor:
        """The quiet ground that words of the same tone may stand on."""
        return self.line if tone is Tone.NEUTRAL else self.colour(f"{tone.value}-soft")

    def colour(self, token: str) -> QColor:
        """A colour by its token name, for example `ink-2`."""
        colour = getattr(self, token.replace("-", "_"), None)
        if not isinstance(colour, QColor):
            raise ThemeError(f"tokens.json knows no colour {token!r}")
        return colour

    @property
    def on_badge(self) -> QColor:
        """Ink of a count on a `no` badge: white in light, near black in dark."""
        return self.surface


#: Every pair of ink and ground that the kit writes with; a test holds each at 4.5:1 or more.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("bg", "surface", "raised", "sunken")),
    *(("accent", ground) for ground in ("surface", "raised", "accent-soft", "bg")),
    *((tone, f"{tone}-soft") for tone in ("ok", "wait", "unk", "no")),
    *((tone, ground) for tone in ("ok", "wait", "unk", "no") for ground in ("surface", "raised", "bg")),
    *((ink, f"{tone}-soft") for ink in ("ink", "ink-2") for tone in ("ok", "wait", "unk", "no", "accent")),
    ("accent-ink", "accent"),
    ("ink-2", "line"),
    ("ink", "line"),
    ("surface", "no"),
)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Lengths in logical pixels; Qt scales them with the screen."""

    rail: int
    queue: int
    payment: int
    top: int
    foot: int
    primary_button: int
    button: int
    field: int
    radius_control: int
    radius_card: int


@cache
def _tokens() -> Mapping[str, Any]:
    try:
        tokens = json.loads(resources.path("themes", "tokens.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ThemeError(f"cannot read the colours of the terminal: {error}") from error
    if not isinstance(tokens, dict):
        raise ThemeError("tokens.json holds no JSON object")
    return tokens


@cache
def themes() -> Mapping[str, Theme]:
    """The themes of the token file by name (`light`, `dark`).

    Raises:
        ThemeError: a colour is missing or is no colour.
    """
    names = [field.name for field in fields(Theme) if field.name not in {"name", "dark"}]
    found: dict[str, Theme] = {}
    for name in ("light", "dark"):
        try:
            colours = _tokens()["themes"][name]["color"]
            values = {field: QColor(colours[field.replace("_", "-")]) for field in names}
        except KeyError as error:
            raise ThemeError(f"tokens.json, theme {name!r}: {error} is missing") from error
        for field, value in values.items():
            if not value.isValid():
                raise ThemeError(f"tokens.json, theme {name!r}: {field!r} is no colour")
        found[name] = Theme(name=name, dark=name == "dark", **values)
    return found


@cache
def sizes() -> Sizes:
    """The lengths of the token file.

    Raises:
        ThemeError: a length is missing.
    """
    try:
        size, radius = _tokens()["size_px"], _tokens()["radius_px"]
        lengths = {name: int(size[name]) for name in Sizes.__dataclass_fields__ if not name.startswith("radius")}
        return Sizes(**lengths, radius_control=int(radius["control"]), radius_card=int(radius["card"]))
    except KeyError as error:
        raise ThemeError(f"tokens.json: size {error} is missing") from error


def current_theme() -> Theme:
    """The theme the application shows now; light before any was applied."""
    app = QCoreApplication.instance()
    theme = app.property(_PROPERTY) if app is not None else None
    return theme if isinstance(theme, Theme) else themes()["light"]


def remember(app: QCoreApplication, theme: Theme) -> None:
    """Make a theme the current one. Only `Appearance` calls this: it also repaints."""
    app.setProperty(_PROPERTY, theme)


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two opaque colours, 1 to 21, as WCAG 2 defines it."""
    lights = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
