"""The receipt on an 80 mm thermal roll: one column, black only, as long as it needs to be."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from hmis_pos.terminal.printing.blocks import (
    MM,
    Align,
    Block,
    Cell,
    Style,
    Tint,
    framed,
    pair,
    qr,
    row,
    rule,
    space,
    width_of,
)
from hmis_pos.terminal.printing.content import Fact, ReceiptContent

WIDTH = 80 * MM
#: A print head covers 72 of the 80 mm.
_SIDE = 4.5 * MM
_INNER = WIDTH - 2 * _SIDE
_TOP, _BOTTOM = 4 * MM, 6 * MM

_HOSPITAL = Style(12, 700, leading=1.22)
_HOUSE = Style(8.5)
_TITLE = Style(9, 600)
_NO = Style(17, 700, leading=1.25)
_COPY = Style(11, 700)
_LABEL = Style(8.5, 500)
_VALUE = Style(9, 500)
_PATIENT = Style(11, 600, leading=1.25)
_LINE = Style(9, 500)
_SMALL = Style(8.5)
_FOOTER = Style(8)
_STRONG = Style(10.5, 700)
_PAID = Style(12.5, 700)


def blocks(c: ReceiptContent) -> list[Block]:
    """From top to bottom."""
    return [*_head(c), *_who(c), *_services(c), *_money(c), *_end(c)]


def height(made: list[Block]) -> float:
    """Of the whole paper, margins in."""
    return _TOP + sum(block.height for block in made) + _BOTTOM


def paint(painter: QPainter, made: list[Block]) -> None:
    y = _TOP
    for block in made:
        block.draw(painter, y)
        y += block.height


def _centre(text: str, style: Style) -> Block:
    return row([Cell(text, style, _SIDE, _INNER, Align.CENTRE)])


def _line(above: float = 1.8, below: float = 1.8) -> Block:
    return rule(_SIDE, _INNER, above=above * MM, below=below * MM, weight=0.7, tint=Tint.BLACK)


def _head(c: ReceiptContent) -> list[Block]:
    made = [_centre(c.hospital, _HOSPITAL), space(0.8 * MM)]
    made += [*(_centre(text, _HOUSE) for text in c.house), space(2.2 * MM)]
    made += [_centre(c.title, _TITLE), _centre(c.no, _NO)]
    if c.copy_mark:
        width = width_of(c.copy_mark, _COPY) + 8 * MM
        x = (WIDTH - width) / 2
        inner = row([Cell(c.copy_mark, _COPY, x, width, Align.CENTRE)])
        made += [space(1 * MM), framed(inner, x, width, padding=0.8 * MM)]
    return [*made, _line()]


def _who(c: ReceiptContent) -> list[Block]:
    label = 20 * MM
    facts = (c.patient_no, *c.facts)
    return [
        row([Cell(c.patient, _PATIENT, _SIDE, _INNER)], below=0.8 * MM),
        *(
            row([Cell(f.label, _LABEL, _SIDE, label), Cell(f.value, _VALUE, _SIDE + label, _INNER - label)])
            for f in facts
        ),
        _line(),
    ]


def _services(c: ReceiptContent) -> list[Block]:
    made: list[Block] = []
    for line in c.lines:
        made.append(row([Cell(line.description, _LINE, _SIDE, _INNER)]))
        counted = f"{line.quantity} × {line.unit_price}"  # noqa: RUF001 - the sign of multiplication is meant
        made.append(_pair(Fact(counted, line.amount), _SMALL, below=0.7))
    return [*made, _line(1.2, 1.4)]


def _money(c: ReceiptContent) -> list[Block]:
    made = [_pair(fact, _VALUE) for fact in c.sums]
    if len(c.sums) > 1:
        made.append(_pair(c.to_pay, _STRONG, above=0.6))
    made.append(_line(1.4, 1.4))
    made.append(_pair(c.payment, _PAID))
    made += [_pair(fact, _VALUE, above=0.3) for fact in c.payment_details]
    made.append(_pair(c.balance, _STRONG, above=1))
    made.append(row([Cell(c.currency_note, _SMALL, _SIDE, _INNER)], above=0.8 * MM))
    return [*made, _line(1.6, 4)]


def _pair(fact: Fact, style: Style, *, above: float = 0, below: float = 0) -> Block:
    return pair(
        fact.label,
        fact.value,
        x=_SIDE,
        width=_INNER,
        label_style=style,
        value_style=style,
        above=above * MM,
        below=below * MM,
    )


def _end(c: ReceiptContent) -> list[Block]:
    size = 27 * MM
    return [
        qr(c.qr, (WIDTH - size) / 2, size),
        space(2.5 * MM),
        _centre(c.qr_note, _SMALL),
        space(2 * MM),
        *(_centre(text, _FOOTER) for text in c.footer),
    ]
