"""The receipt on A5: letterhead, who paid for what, the money, a code to check it. Long ones go on to further pages."""

from __future__ import annotations

from collections.abc import Sequence

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
    pair,
    panel,
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
_FOOT = 5 * MM  #: kept free at the bottom for the page number

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
_SUM = Style(9)
_STRONG = Style(10, 600)
_PAID = Style(12, 700)
_NOTE = Style(7.5, tint=Tint.SOFT)
_FOOTER = Style(8)


def pages(content: ReceiptContent) -> list[list[tuple[float, Block]]]:
    """Blocks with their place on each page."""
    head = [*_letterhead(content), *_who(content)]
    again = [*_short_head(content)]
    body = [*_services(content), *_money(content)]
    end = _end(content)
    room = HEIGHT - _BOTTOM - _FOOT
    made: list[list[tuple[float, Block]]] = [[]]
    y = _TOP
    for block in head:
        made[-1].append((y, block))
        y += block.height
    for at, block in enumerate(body):
        needed = block.height
        if block.keep and at + 1 < len(body):
            needed += body[at + 1].height
        if y + needed > room:
            made.append([])
            y = _place(made[-1], again, _TOP)
        made[-1].append((y, block))
        y += block.height
    if y + 4 * MM + end.height > HEIGHT - _BOTTOM - (_FOOT if len(made) > 1 else 0):
        made.append([])
        y = _place(made[-1], again, _TOP)
    last = HEIGHT - _BOTTOM - end.height - (_FOOT if len(made) > 1 else 0)
    made[-1].append((last, end))
    if len(made) > 1:
        for number, page in enumerate(made, 1):
            text = content.page.format(page=number, pages=len(made))
            page.append((HEIGHT - _BOTTOM - 3.5 * MM, _wide(text, _NOTE, Align.RIGHT)))
    return made


def _place(page: list[tuple[float, Block]], blocks: Sequence[Block], y: float) -> float:
    for block in blocks:
        page.append((y, block))
        y += block.height
    return y


def _wide(text: str, style: Style, align: Align = Align.LEFT) -> Block:
    return row([Cell(text, style, _LEFT, _INNER, align)])


def _letterhead(c: ReceiptContent) -> list[Block]:
    right = max(width_of(c.no, _NO) + 2 * PT, 40 * MM)
    left = _INNER - right - 6 * MM
    house = stack(
        [row([Cell(c.hospital, _HOSPITAL, _LEFT, left)]), *(row([Cell(text, _HOUSE, _LEFT, left)]) for text in c.house)]
    )
    x = _LEFT + _INNER - right
    number = [row([Cell(c.title, _TITLE, x, right, Align.RIGHT)]), row([Cell(c.no, _NO, x, right, Align.RIGHT)])]
    if c.copy_mark:
        number += [space(1 * MM), _copy_mark(c.copy_mark)]
    return [beside(house, stack(number)), rule(_LEFT, _INNER, above=3.5 * MM, below=4 * MM, weight=0.8)]


def _copy_mark(text: str) -> Block:
    width = width_of(text, _COPY) + 5 * MM
    x = _LEFT + _INNER - width
    return panel(
        row([Cell(text, _COPY, x, width, Align.CENTRE)]), x, width, padding=0.6 * MM, fill=None, border=Tint.BLACK
    )


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
    made[0] = Block(made[0].height, made[0].draw, keep=True)
    for line in c.lines:
        texts = (line.description, line.quantity, line.unit_price, line.amount)
        made.append(row(cells(texts, _LINE), above=0.35 * MM, below=0.35 * MM))
    made.append(rule(_LEFT, _INNER, above=1.2 * MM, below=1.6 * MM))
    return made


def _money(c: ReceiptContent) -> list[Block]:
    width = _INNER * 0.56
    x = _LEFT + _INNER - width
    sums = [
        pair(f.label, f.value, x=x, width=width, label_style=_SUM, value_style=_SUM, below=0.3 * MM) for f in c.sums
    ]
    if len(c.sums) > 1:
        sums.append(rule(x, width, above=0.8 * MM, below=0.8 * MM))
        sums.append(pair(c.to_pay.label, c.to_pay.value, x=x, width=width, label_style=_STRONG, value_style=_STRONG))
    note = row([Cell(c.currency_note, _NOTE, _LEFT, _INNER * 0.4)])
    pad = 2.6 * MM
    inner_x, inner = x, width
    paid = [
        pair(c.payment.label, c.payment.value, x=inner_x, width=inner, label_style=_PAID, value_style=_PAID),
        *(
            pair(f.label, f.value, x=inner_x, width=inner, label_style=_SUM, value_style=_SUM, above=0.3 * MM)
            for f in c.payment_details
        ),
        rule(inner_x, inner, above=1.2 * MM, below=1 * MM),
        pair(c.balance.label, c.balance.value, x=inner_x, width=inner, label_style=_STRONG, value_style=_STRONG),
    ]
    box = panel(stack(paid), x - pad, width + 2 * pad, padding=2.2 * MM, fill=Tint.PALE, border=None)
    return [beside(note, stack(sums)), space(2.5 * MM), box]


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
