"""Laying text out for paper: measured blocks that stack, in twentieths of a point, whatever the device's resolution.

A font's size is a whole number of units, so half points and tenths of a millimetre are exact on every printer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache

import segno
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from hmis_pos import resources

#: Units of a point, a millimetre, an inch.
PT = 20.0
MM = 1440.0 / 25.4
INCH = 1440.0
_FAMILY = "Inter"


class Tint(Enum):
    """Inks. A thermal roll has only the first."""

    BLACK = "#000000"
    SOFT = "#4A5560"
    LINE = "#B4BDC5"


class Align(Enum):
    """Where a paragraph's lines stand in their width."""

    LEFT = Qt.AlignmentFlag.AlignLeft
    CENTRE = Qt.AlignmentFlag.AlignHCenter
    RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Style:
    """Size in points, weight 400 to 700, ink, and the height of a line as a multiple of the size.

    ``tabular``: figures of one width, for amounts that stand under each other (it also widens hyphens, so not for names).
    """

    size: float
    weight: int = 400
    tint: Tint = Tint.BLACK
    leading: float = 1.32
    tabular: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a known height. ``draw(painter, y)`` paints it with its top at ``y``; ``keep``: never the last on a page."""

    height: float
    draw: Callable[[QPainter, float], None]
    keep: bool = False


def register_fonts() -> None:
    """Make the bundled Inter known to Qt; needs an application object. Safe to repeat."""
    if _FAMILY in QFontDatabase.families():
        return
    for file in sorted(resources.path("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


@cache
def font(style: Style) -> QFont:
    made = QFont(_FAMILY)
    made.setPixelSize(round(style.size * PT))
    made.setWeight(QFont.Weight(style.weight))
    # Inter's contextual forms have no Unicode value: "T03A-000417" copied or searched in the PDF would miss its hyphen.
    made.setFeature(QFont.Tag("calt"), 0)
    if style.tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def width_of(text: str, style: Style) -> float:
    return QFontMetricsF(font(style)).horizontalAdvance(text)


class Paragraph:
    """Wrapped text. A word too long for the line is broken rather than pushed off the paper."""

    def __init__(self, text: str, style: Style, width: float, align: Align = Align.LEFT) -> None:
        self._style = style
        self._layout = QTextLayout(text, font(style))
        option = QTextOption(align.value)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._step = style.size * PT * style.leading
        self._layout.beginLayout()
        count = 0
        while True:
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            # The glyphs sit in the middle of the line's height, so that rows of mixed sizes breathe evenly.
            line.setPosition(QPointF(0, count * self._step + (self._step - line.height()) / 2))
            count += 1
        self._layout.endLayout()
        self.height = max(1, count) * self._step
        self.lines = count

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        ink = QColor(self._style.tint.value)
        if not self._style.tabular:
            painter.setPen(ink)
            self._layout.draw(painter, QPointF(x, y))
            return
        # Tabular figures have no Unicode value: as text, a PDF's reader would find no amount. So they are drawn as shapes,
        # over the same words in the paper's colour, which can be searched and copied.
        plain = replace(self._style, tabular=False)
        for at in range(self._layout.lineCount()):
            line = self._layout.lineAt(at)
            text = self._layout.text()[line.textStart() : line.textStart() + line.textLength()].rstrip()
            box = line.naturalTextRect()
            baseline = y + line.y() + line.ascent()
            painter.setPen(QColor("white"))
            painter.setFont(font(plain))
            painter.drawText(QPointF(x + box.right() - width_of(text, plain), baseline), text)
            shape = QPainterPath()
            shape.addText(QPointF(x + box.left(), baseline), font(self._style), text)
            painter.fillPath(shape, ink)


@dataclass(frozen=True, slots=True)
class Cell:
    """A paragraph at a place in a row."""

    text: str
    style: Style
    x: float
    width: float
    align: Align = Align.LEFT


def row(cells: Sequence[Cell], *, above: float = 0, below: float = 0, keep: bool = False) -> Block:
    """Cells side by side; the first lines stand on one line, the highest cell makes the height."""
    made = [(Paragraph(c.text, c.style, c.width, c.align), c) for c in cells if c.text]
    top = max((c.style.size * c.style.leading for c in cells), default=0) * PT
    placed = [(p, c, (top - c.style.size * c.style.leading * PT) / 2) for p, c in made]
    height = above + max((p.height + shift for p, _, shift in placed), default=0) + below

    def draw(painter: QPainter, y: float) -> None:
        for paragraph, cell, shift in placed:
            paragraph.draw(painter, cell.x, y + above + shift)

    return Block(height, draw, keep)


def pair(
    label: str,
    value: str,
    *,
    x: float,
    width: float,
    label_style: Style,
    value_style: Style,
    above: float = 0,
    below: float = 0,
    keep: bool = False,
) -> Block:
    """A label at the left edge, its value at the right; the value is never wrapped before the label is."""
    value_style = replace(value_style, tabular=True)
    needed = min(width_of(value, value_style) + PT, width * 0.7)
    gap = 3 * MM
    return row(
        [
            Cell(label, label_style, x, width - needed - gap),
            Cell(value, value_style, x + width - needed, needed, Align.RIGHT),
        ],
        above=above,
        below=below,
        keep=keep,
    )


def rule(x: float, width: float, *, above: float, below: float, weight: float = 0.5, tint: Tint = Tint.LINE) -> Block:
    """A hairline across."""

    def draw(painter: QPainter, y: float) -> None:
        painter.setPen(QPen(QColor(tint.value), weight * PT))
        painter.drawLine(QPointF(x, y + above), QPointF(x + width, y + above))

    return Block(above + below, draw)


def space(height: float) -> Block:
    return Block(height, lambda _painter, _y: None)


def stack(blocks: Sequence[Block]) -> Block:
    """Several as one that no page break divides."""

    def draw(painter: QPainter, y: float) -> None:
        for block in blocks:
            block.draw(painter, y)
            y += block.height

    return Block(sum(block.height for block in blocks), draw)


def beside(*columns: Block) -> Block:
    """Blocks that begin at the same height (each knows its own x)."""

    def draw(painter: QPainter, y: float) -> None:
        for block in columns:
            block.draw(painter, y)

    return Block(max(block.height for block in columns), draw)


def framed(inner: Block, x: float, width: float, *, padding: float) -> Block:
    """``inner`` in a frame."""

    def draw(painter: QPainter, y: float) -> None:
        painter.setPen(QPen(QColor(Tint.BLACK.value), 0.6 * PT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(x, y, width, inner.height + 2 * padding), 1.5 * MM, 1.5 * MM)
        inner.draw(painter, y + padding)

    return Block(inner.height + 2 * padding, draw)


def qr(text: str, x: float, size: float) -> Block:
    """A QR code (error correction M) of ``size``, without quiet zone: the caller leaves four modules of white around."""
    modules = [list(line) for line in segno.make(text, error="m", micro=False).matrix]
    step = size / len(modules)

    def draw(painter: QPainter, y: float) -> None:
        for at, line in enumerate(modules):
            start = 0
            while start < len(line):
                end = start
                while end < len(line) and line[end]:
                    end += 1
                if end > start:
                    painter.fillRect(
                        QRectF(x + start * step, y + at * step, (end - start) * step, step), QColor("black")
                    )
                start = end + 1

    return Block(size, draw)
