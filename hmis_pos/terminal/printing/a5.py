"""The receipt on A5: letterhead, who paid for what, the money, a code to check it. Long ones go on to further pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QPainter

from hmis_pos.terminal.printing.blocks import (
    MM,
    PT,
    Align,
    Block,
    Cell,
    Style,
    Tint,
    beside,
    framed,
    pair,
    qr,
    row,
    rule,
    space,
    stack,
    width_of,
)
from hmis_pos.terminal.printing.content import Fact, ReceiptContent

WIDTH, HEIGHT = 148 * MM, 210 * MM
_SIDE, _TOP, _BOTTOM = 13 * MM, 12 * MM, 11 * MM
_LEFT = _SIDE
_INNER = WIDTH - 2 * _SIDE
_ROOM = HEIGHT - _BOTTOM - 5 * MM  #: lines end above the page number

_HOSPITAL = Style(13, 700, leading=1.22)
_HOUSE = Style(8, tint=Tint.SOFT)
_TITLE = Style(8, 600, Tint.SOFT)
_NO = Style(17, 700, leading=1.22)
_COPY = Style(10, 700)
_LABEL = Style(7.5, 500, Tint.SOFT)
_VALUE = Style(9, 500)
_PATIENT = Style(12, 600, leading=1.25)
_HEAD = Style(7.5, 600, Tint.SOFT)
_LINE = Style(8.5, leading=1.36)
_FIGURE = replace(_LINE, tabular=True)
_SUM = Style(9)
_STRONG = Style(10, 600)
_PAID = Style(12, 700)
_NOTE = Style(7.5, tint=Tint.SOFT)
_FOOTER = Style(8)


def pages(content: ReceiptContent) -> list[list[tuple[float, Block]]]:
    """Blocks with their place on each page. A table that goes on has its head again; the sums stay in one piece."""
    columns, *lines = _services(content)
    again = _short_head(content)
    end = _end(content)
    made: list[list[tuple[float, Block]]] = [[]]
    y = _place(made[-1], [*_letterhead(content), *_who(content), columns], _TOP)
    for block in lines:
        if y + block.height > _ROOM:
            made.append([])
            y = _place(made[-1], [*again, columns], _TOP)
        y = _place(made[-1], [block], y)
    for block, room in ((_money(content), _ROOM), (space(4 * MM + end.height), HEIGHT - _BOTTOM)):
        if y + block.height > room:
            made.append([])
            y = _place(made[-1], again, _TOP)
        y = _place(made[-1], [block], y)
    made[-1].append((HEIGHT - _BOTTOM - end.height, end))
    if len(made) > 1:
        for number, page in enumerate(made, 1):
            text = content.page.format(page=number, pages=len(made))
            page.append((HEIGHT - _BOTTOM - 3.5 * MM, row([Cell(text, _NOTE, _LEFT, _INNER, Align.RIGHT)])))
    return made


def _place(page: list[tuple[float, Block]], blocks: Sequence[Block], y: float) -> float:
    for block in blocks:
        page.append((y, block))
        y += block.height
    return y


def _letterhead(c: ReceiptContent) -> list[Block]:
    right = max(width_of(c.no, _NO) + 2 * PT, 40 * MM)
    left = _INNER - right - 6 * MM
    house = stack(
        [
            row([Cell(c.hospital, _HOSPITAL, _LEFT, left)], below=0.8 * MM),
            *(row([Cell(text, _HOUSE, _LEFT, left)]) for text in c.house),
        ]
    )
    x = _LEFT + _INNER - right
    number = [row([Cell(c.title, _TITLE, x, right, Align.RIGHT)]), row([Cell(c.no, _NO, x, right, Align.RIGHT)])]
    if c.copy_mark:
        number += [space(1 * MM), _copy_mark(c.copy_mark)]
    return [beside(house, stack(number)), rule(_LEFT, _INNER, above=3.5 * MM, below=4 * MM, weight=0.8)]


def _copy_mark(text: str) -> Block:
    width = width_of(text, _COPY) + 5 * MM
    x = _LEFT + _INNER - width
    return framed(row([Cell(text, _COPY, x, width, Align.CENTRE)]), x, width, padding=0.6 * MM)


def _short_head(c: ReceiptContent) -> list[Block]:
    text = f"{c.title} {c.no}" + (f"  ·  {c.copy_mark}" if c.copy_mark else "")
    return [
        row(
            [
                Cell(c.patient, _VALUE, _LEFT, _INNER * 0.52),
                Cell(text, Style(9, 600), _LEFT + _INNER * 0.54, _INNER * 0.46, Align.RIGHT),
            ]
        ),
        rule(_LEFT, _INNER, above=2 * MM, below=3 * MM),
    ]


def _who(c: ReceiptContent) -> list[Block]:
    left = _INNER * 0.5
    patient = stack(
        [
            row([Cell(c.patient, _PATIENT, _LEFT, left)]),
            row([Cell(f"{c.patient_no.label} {c.patient_no.value}", _VALUE, _LEFT, left)], above=0.5 * MM),
        ]
    )
    x = _LEFT + _INNER * 0.56
    width = _INNER * 0.44
    facts = stack([_fact(fact, x, width) for fact in c.facts])
    return [beside(patient, facts), space(4 * MM)]


def _fact(fact: Fact, x: float, width: float) -> Block:
    label = 16 * MM
    return row([Cell(fact.label, _LABEL, x, label), Cell(fact.value, _VALUE, x + label, width - label)])


def _services(c: ReceiptContent) -> list[Block]:
    amount = max([22 * MM, *(width_of(line.amount, _LINE) + 2 * PT for line in c.lines)])
    price = max([20 * MM, *(width_of(line.unit_price, _LINE) + 2 * PT for line in c.lines)])
    quantity = max([10 * MM, *(width_of(line.quantity, _LINE) + 2 * PT for line in c.lines)])
    gap = 2 * MM
    text = _INNER - amount - price - quantity - 3 * gap
    places = [
        (_LEFT, text, Align.LEFT),
        (_LEFT + text + gap, quantity, Align.RIGHT),
        (_LEFT + text + quantity + 2 * gap, price, Align.RIGHT),
        (_LEFT + _INNER - amount, amount, Align.RIGHT),
    ]

    def cells(texts: Sequence[str], style: Style) -> list[Cell]:
        return [Cell(t, style, x, w, a) for t, (x, w, a) in zip(texts, places, strict=True)]

    made = [stack([row(cells(c.columns, _HEAD)), rule(_LEFT, _INNER, above=1 * MM, below=1 * MM)])]
    for line in c.lines:
        texts = (line.description, line.quantity, line.unit_price, line.amount)
        figures = [replace(cell, style=_FIGURE) for cell in cells(texts, _LINE)[1:]]
        made.append(row([cells(texts, _LINE)[0], *figures], above=0.35 * MM, below=0.35 * MM))
    return made


def _money(c: ReceiptContent) -> Block:
    width = _INNER * 0.56
    x = _LEFT + _INNER - width
    sums = [
        pair(f.label, f.value, x=x, width=width, label_style=_SUM, value_style=_SUM, below=0.3 * MM) for f in c.sums
    ]
    if len(c.sums) > 1:
        sums.append(rule(x, width, above=0.8 * MM, below=0.8 * MM))
        sums.append(pair(c.to_pay.label, c.to_pay.value, x=x, width=width, label_style=_STRONG, value_style=_STRONG))
    note = row([Cell(c.currency_note, _NOTE, _LEFT, _INNER * 0.4)])
    paid = [
        rule(x, width, above=2.5 * MM, below=1.6 * MM, weight=1.2, tint=Tint.BLACK),
        pair(c.payment.label, c.payment.value, x=x, width=width, label_style=_PAID, value_style=_PAID),
        *(
            pair(f.label, f.value, x=x, width=width, label_style=_SUM, value_style=_SUM, above=0.3 * MM)
            for f in c.payment_details
        ),
        rule(x, width, above=1.4 * MM, below=1.2 * MM),
        pair(c.balance.label, c.balance.value, x=x, width=width, label_style=_STRONG, value_style=_STRONG),
    ]
    end_of_lines = rule(_LEFT, _INNER, above=1.2 * MM, below=1.6 * MM)
    return stack([end_of_lines, beside(note, stack(sums)), *paid])


def _end(c: ReceiptContent) -> Block:
    size = 21 * MM
    x = _LEFT + size + 5 * MM
    width = _INNER - size - 5 * MM
    words = [row([Cell(text, _FOOTER, x, width)], below=0.6 * MM) for text in c.footer]
    words.append(row([Cell(c.qr_note, _NOTE, x, width)], above=1 * MM))
    return beside(qr(c.qr, _LEFT, size), stack(words))


def paint(painter: QPainter, page: Sequence[tuple[float, Block]]) -> None:
    for y, block in page:
        block.draw(painter, y)
