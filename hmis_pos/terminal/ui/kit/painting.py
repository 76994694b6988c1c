"""The few shapes everything is drawn with: rounded grounds, hairlines, the focus ring."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hmis_pos.terminal.ui.kit.theme import Theme

RING = 2.0  #: width of the focus ring in logical pixels


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    *,
    fill: QColor | None = None,
    line: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Fill and outline a rounded rectangle; the line lies inside `rect`, so edges stay crisp."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
        inner = rect
    else:
        painter.setPen(QPen(line, width))
        half = width / 2
        inner = rect.adjusted(half, half, -half, -half)
        radius -= half
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    radius = min(radius, inner.height() / 2, inner.width() / 2)
    painter.drawRoundedRect(inner, radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, radius: float, theme: Theme, *, gap: QColor | None = None) -> None:
    """Draw the focus ring along the inside of `rect`.

    Args:
        painter: paints on the widget that has the focus.
        rect: the outer edge of the control.
        radius: its corner radius.
        theme: gives the colour.
        gap: on a coloured ground, the colour of a second line that parts ring and ground.
    """
    rounded(painter, rect, radius, line=theme.focus, width=RING)
    if gap is not None:
        inner = rect.adjusted(RING, RING, -RING, -RING)
        rounded(painter, inner, radius - RING, line=gap, width=1.5)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two opaque ones; `share` (0 to 1) is how much of `other` it has."""

    def part(first: float, second: float) -> float:
        return first + (second - first) * share

    return QColor.fromRgbF(
        part(one.redF(), other.redF()),
        part(one.greenF(), other.greenF()),
        part(one.blueF(), other.blueF()),
    )


def faded(colour: QColor, opacity: float) -> QColor:
    """The same colour, see-through."""
    clear = QColor(colour)
    clear.setAlphaF(opacity)
    return clear
