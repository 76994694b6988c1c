"""Inter, its sizes and weights.

Amounts and clocks have tabular figures, so that they line up and do not dance while they run. Words
do not: Inter's tabular set widens the hyphen too, and "M-Pesa" would fall apart.
"""

from enum import Enum
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from hmis_pos import resources

_FILE_NAMES = (".ttf", ".otf")
_FAMILY = "Inter"


class Text(Enum):
    """The type scale: size and line height in logical pixels (tokens `type`)."""

    KEY = (11, 14)  #: words on key caps and under rail icons, the one size below captions
    CAPTION = (12, 17)
    BODY = (14, 20)
    ROW = (15, 20)
    TITLE = (18, 24)
    HEADING = (22, 28)
    CHANGE = (30, 36)
    AMOUNT = (40, 46)

    @property
    def size(self) -> int:
        return int(self.value[0])

    @property
    def line(self) -> int:
        return int(self.value[1])


class Weight(Enum):
    """Three weights are enough: reading, strong, and the number one looks for."""

    BODY = 400
    STRONG = 600
    NUMBER = 650


def register() -> tuple[str, ...]:
    """Make the bundled fonts known to Qt.

    Needs a `QApplication`. Safe to repeat. A bare machine has no font at all, so this comes before the first window.

    Returns:
        The families that were found; empty if `resources/fonts` holds none.
    """
    try:
        folder = resources.path("fonts")
    except FileNotFoundError:
        return ()
    if _FAMILY not in QFontDatabase.families():
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() in _FILE_NAMES:
                QFontDatabase.addApplicationFont(str(file))
    return tuple(family for family in QFontDatabase.families() if family.startswith(_FAMILY))


def font(text: Text = Text.BODY, weight: Weight = Weight.BODY, *, tabular: bool = False) -> QFont:
    """A font of the scale. The caller may change what it gets.

    Args:
        text: step of the scale.
        weight: reading, strong or number.
        tabular: every figure is as wide as every other.
    """
    return QFont(_font(text, weight, tabular))


def is_figures(text: str) -> bool:
    """Whether a text is an amount, a time or a count, and so wants tabular figures."""
    return any(sign.isdigit() for sign in text) and not any(sign.isalpha() for sign in text)


@cache
def _font(text: Text, weight: Weight, tabular: bool) -> QFont:  # noqa: FBT001 - a cache key
    made = QFont(_FAMILY)
    made.setPixelSize(text.size)
    made.setWeight(QFont.Weight(weight.value))
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if text.size >= Text.CHANGE.size:
        # Inter is drawn a little loose for text; numbers this big want to close up.
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 99)
    return made
