"""Icons of one colour, drawn from `resources/icons/*.svg` in the colour asked for.

An icon that is missing is drawn as an empty square and logged once; a test sees to it that none is.
"""

import logging
from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hmis_pos import resources

_log = logging.getLogger(__name__)

#: Every icon there is.
NAMES: tuple[str, ...] = (
    "arrow-left",
    "arrow-right",
    "barcode",
    "calendar",
    "card",
    "cash",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "clock",
    "close",
    "cloud-done",
    "cloud-up",
    "copy",
    "counter",
    "cross",
    "dot",
    "external",
    "eye",
    "eye-off",
    "filter",
    "info",
    "keyboard",
    "lock",
    "minus",
    "moon",
    "payments",
    "phone",
    "phone-ringing",
    "plus",
    "printer",
    "question",
    "receipt",
    "refresh",
    "refunds",
    "reports",
    "search",
    "settings",
    "shift",
    "sign-out",
    "split",
    "sun",
    "unmatched",
    "user",
    "wallet",
    "warning",
    "wifi-off",
)


def icon(name: str, colour: QColor, size: int = 20) -> QIcon:
    """An icon for Qt's own widgets, sharp at 100, 150 and 200 %."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        made.addPixmap(pixmap(name, colour, size, ratio))
    return made


def pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """A picture of an icon; the same one is handed out again.

    Args:
        name: one of `NAMES`.
        colour: the ink; see-through ink works.
        size: edge in logical pixels.
        ratio: device pixels in a logical one.
    """
    return _pixmap(name, colour.rgba(), size, ratio)


def paint_icon(painter: QPainter, rect: QRectF, name: str, colour: QColor) -> None:
    """Draw an icon into a square of logical pixels."""
    ratio = painter.device().devicePixelRatioF()
    picture = pixmap(name, colour, round(rect.width()), ratio)
    painter.drawPixmap(rect.topLeft(), picture)


@lru_cache(maxsize=512)
def _pixmap(name: str, rgba: int, size: int, ratio: float) -> QPixmap:
    edge = max(1, round(size * ratio))
    picture = QPixmap(QSize(edge, edge))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing = _drawing(name)
    if drawing is None:
        inset = edge * 0.2
        painter.setPen(QColor.fromRgba(rgba))
        painter.drawRect(QRectF(inset, inset, edge - 2 * inset, edge - 2 * inset))
    else:
        drawing.render(painter, QRectF(0, 0, edge, edge))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(picture.rect(), QColor.fromRgba(rgba))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def _drawing(name: str) -> QSvgRenderer | None:
    try:
        source = resources.path("icons", f"{name}.svg").read_bytes()
    except OSError:
        _log.warning("resources/icons has no %s.svg; an empty square stands for it", name)
        return None
    drawing = QSvgRenderer(QByteArray(source))
    if not drawing.isValid():
        _log.warning("resources/icons/%s.svg cannot be drawn; an empty square stands for it", name)
        return None
    return drawing
