"""Statements in words: what each class of line means, whether a file adds up, and how an import stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from hmis_pos.cashier.records_back_office import LineClass
from hmis_pos.contract.mapping import instant, money
from hmis_pos.contract.statements import BadRow, Item, Statement
from hmis_pos.terminal.presenters.cards import Card
from hmis_pos.terminal.presenters.payments_view import Fact
from hmis_pos.terminal.presenters.rows import Row
from hmis_pos.terminal.presenters.statements_view import StatementView
from hmis_pos.terminal.presenters.texts import EAT, QT_TRANSLATE_NOOP, day, moment
from hmis_pos.terminal.presenters.views import NO_ACTION, ActionView, Notice, Tone, Words

BAD_ROWS = "bad-rows"
_KES = "KES"
_WORKING = frozenset({"reading", "comparing"})

_C = LineClass
_CLASSES: Mapping[str, tuple[str, str, Tone]] = {
    _C.MATCHED: (
        QT_TRANSLATE_NOOP("statement", "The same in both"),
        QT_TRANSLATE_NOOP("statement", "Same receipt, same amount. Nothing to do."),
        Tone.OK,
    ),
    _C.MISSING_HERE: (
        QT_TRANSLATE_NOOP("statement", "Only in the statement"),
        QT_TRANSLATE_NOOP(
            "statement",
            "It was missing here and is in the books now; what matched no invoice waits as unmatched money.",
        ),
        Tone.WAIT,
    ),
    _C.MISSING_THERE: (
        QT_TRANSLATE_NOOP("statement", "Only in our books"),
        QT_TRANSLATE_NOOP(
            "statement", "Safaricom does not show it. Refunds on it are stopped until somebody finds out why."
        ),
        Tone.NO,
    ),
    _C.AMOUNT_DIFF: (
        QT_TRANSLATE_NOOP("statement", "Another amount"),
        QT_TRANSLATE_NOOP("statement", "Same receipt, other amount. Look at the payment and its evidence."),
        Tone.NO,
    ),
    _C.REVERSED_THERE: (
        QT_TRANSLATE_NOOP("statement", "Taken back by Safaricom"),
        QT_TRANSLATE_NOOP("statement", "The money is gone there; its invoice is due again here."),
        Tone.UNKNOWN,
    ),
    _C.DUPLICATE: (
        QT_TRANSLATE_NOOP("statement", "Paid a second time"),
        QT_TRANSLATE_NOOP(
            "statement", "A second receipt for what was paid already. Give it back, or keep it as a deposit."
        ),
        Tone.UNKNOWN,
    ),
    _C.TIMING: (
        QT_TRANSLATE_NOOP("statement", "Too near its edge"),
        QT_TRANSLATE_NOOP("statement", "So near to the statement's beginning or end that only the next one can say."),
        Tone.NEUTRAL,
    ),
    BAD_ROWS: (
        QT_TRANSLATE_NOOP("statement", "Rows that cannot be read"),
        QT_TRANSLATE_NOOP(
            "statement", "Everything else was read. Mend these rows, or export the statement again, and import it."
        ),
        Tone.NO,
    ),
}
#: Classes that somebody has to look at, as the list of differences holds them.
DIFFERENCES = tuple(one.value for one in LineClass if one not in (LineClass.MATCHED, LineClass.TIMING))


def class_words(line_class: str) -> tuple[str, str, Tone]:
    """Title, what it means and what to do, tone. What a newer relay says is shown as it says it."""
    found = _CLASSES.get(line_class)
    if found is None:
        return line_class, "", Tone.NEUTRAL
    title, meaning, tone = found
    return (
        QCoreApplication.translate("statement", title),
        QCoreApplication.translate("statement", meaning),
        tone,
    )


def is_working(one: Statement) -> bool:
    """Whether it is being read or compared still."""
    return one.state in _WORKING


def differences(one: Statement) -> int:
    """How many lines somebody has to look at."""
    return sum(count.count for count in one.counts if count.line_class in DIFFERENCES)


def class_heads() -> tuple[str, ...]:
    return (
        QCoreApplication.translate("statement", "What was found"),
        QCoreApplication.translate("statement", "Lines"),
        QCoreApplication.translate("statement", "KES"),
    )


def class_rows(one: Statement) -> list[Row]:
    """A line a class, in the order of the classes; rows that cannot be read last."""
    order = [known.value for known in LineClass]
    counts = sorted(one.counts, key=lambda c: order.index(c.line_class) if c.line_class in order else len(order))
    rows = []
    for count in counts:
        title, _, tone = class_words(count.line_class)
        tone = tone if count.count else Tone.NEUTRAL
        rows.append(Row(count.line_class, (title, f"{count.count:,}", grouped(count.total)), tone))
    if one.bad_lines:
        title, _, tone = class_words(BAD_ROWS)
        rows.append(Row(BAD_ROWS, (title, f"{one.bad_lines:,}", ""), tone))
    return rows


def item_heads() -> tuple[str, ...]:
    return (
        QCoreApplication.translate("statement", "Receipt"),
        QCoreApplication.translate("statement", "Time"),
        QCoreApplication.translate("statement", "Our books"),
        QCoreApplication.translate("statement", "Statement"),
        QCoreApplication.translate("statement", "Row"),
        QCoreApplication.translate("statement", "Where it is"),
    )


def item_row(one: Item, now: datetime) -> Row:
    """One receipt: what each side says of it."""
    return Row(
        str(one.item_id),
        (
            one.receipt_no,
            moment(instant(one.at), now) if one.at else "",
            grouped(one.here),
            grouped(one.there),
            str(one.row) if one.row is not None else "",
            " · ".join(part for part in (owner_words(one.owner), one.text) if part),
        ),
    )


def bad_heads() -> tuple[str, ...]:
    return (
        QCoreApplication.translate("statement", "Row"),
        QCoreApplication.translate("statement", "What is wrong, and what to do"),
        QCoreApplication.translate("statement", "What stands there"),
    )


def bad_row(one: BadRow) -> Row:
    return Row(str(one.row), (str(one.row), one.text, one.cells), Tone.NO)


def owner_words(owner: str) -> str:
    """``payment:…`` -> ``a payment``."""
    kind = owner.partition(":")[0]
    return {
        "payment": QCoreApplication.translate("statement", "a payment"),
        "unmatched": QCoreApplication.translate("statement", "unmatched money"),
        "refund": QCoreApplication.translate("statement", "a refund"),
    }.get(kind, kind)


def grouped(text: str) -> str:
    """An amount of the wire for people; empty stays empty."""
    return money(text, _KES).grouped.replace("-", "\u2212") if text else ""


def card_of(one: Statement, now: datetime) -> Card:
    """A row of the imports."""
    note, kind = one.state, "plain"
    count = differences(one)
    if is_working(one):
        note, kind = working_words(one), "ringing"
    elif one.state == "broken":
        note, kind = QCoreApplication.translate("statement", "not read"), "not_paid"
    elif has_gap(one):
        note, kind = QCoreApplication.translate("statement", "does not add up"), "unknown"
    elif one.state == "done" and count:
        note, kind = QCoreApplication.translate("statement", "differences: {n}").format(n=f"{count:,}"), "unknown"
    elif one.state == "done":
        note, kind = QCoreApplication.translate("statement", "no differences"), "paid"
    span = _span(one, now)
    rows = QCoreApplication.translate("statement", "{n} rows").format(n=f"{one.lines:,}") if one.lines else ""
    return Card(
        ident=str(one.statement_id),
        name=one.name,
        numbers=" · ".join(part for part in (span, rows) if part) or moment(instant(one.imported_at), now),
        note=note,
        kind=kind,
    )


def working_words(one: Statement) -> str:
    """How far it is, in a few words."""
    if one.state == "comparing":
        return QCoreApplication.translate("statement", "comparing")
    if one.percent is None:
        return QCoreApplication.translate("statement", "reading")
    return QCoreApplication.translate("statement", "reading, {percent} %").format(percent=one.percent)


def _span(one: Statement, now: datetime) -> str:
    days = [day(instant(text), now) for text in (one.since, one.until) if text]
    return " \u2013 ".join(dict.fromkeys(days))


def has_gap(one: Statement) -> bool:
    """Whether the file's own sums contradict each other: lines are missing in the export."""
    return bool(one.balance_gap) and bool(money(one.balance_gap, _KES))


def detail_of(one: Statement, now: datetime, *, exporting: bool) -> StatementView:
    """One import in full."""
    state, tone = {
        "reading": (QCoreApplication.translate("statement", "being read"), Tone.WAIT),
        "comparing": (QCoreApplication.translate("statement", "being compared"), Tone.WAIT),
        "done": (QCoreApplication.translate("statement", "done"), Tone.OK),
        "broken": (QCoreApplication.translate("statement", "not read"), Tone.NO),
    }.get(one.state, (one.state, Tone.NEUTRAL))
    count = differences(one)
    if one.state == "done":
        state = (
            QCoreApplication.translate("statement", "no differences")
            if not count
            else QCoreApplication.translate("statement", "differences: {n}").format(n=f"{count:,}")
        )
        tone = Tone.OK if not count else Tone.UNKNOWN
        if not count and has_gap(one):
            state, tone = QCoreApplication.translate("statement", "does not add up"), Tone.UNKNOWN
    line, words, fine = _sum(one)
    export = ActionView(label=QCoreApplication.translate("statement", "Save the differences…"), enabled=not exporting)
    return StatementView(
        statement_id=one.statement_id,
        title=one.name,
        state=state,
        tone=tone,
        notice=_notice(one),
        facts=tuple(fact for fact in _facts(one, now) if fact.value),
        sum_line=line,
        sum_words=words,
        sum_ok=fine,
        differences=count,
        export=export if count else NO_ACTION,
    )


def _notice(one: Statement) -> Notice | None:
    if one.state == "reading":
        share = None if one.percent is None else one.percent / 100
        rows = QCoreApplication.translate("statement", "{n} rows so far. You may go on with other work.").format(
            n=f"{one.lines:,}"
        )
        time = "" if one.percent is None else f"{one.percent} %"
        return Notice(
            tone=Tone.WAIT,
            title=QCoreApplication.translate("statement", "The file is being read"),
            text=rows,
            time=time,
            progress=share,
        )
    if one.state == "comparing":
        rows = QCoreApplication.translate("statement", "{n} rows are read and compared with our books.").format(
            n=f"{one.lines:,}"
        )
        return Notice(tone=Tone.WAIT, title=QCoreApplication.translate("statement", "Being compared"), text=rows)
    if one.state == "broken":
        text = QCoreApplication.translate(
            "statement", "{why}. Export it from the M-Pesa portal once more and import that file."
        )
        return Notice(
            tone=Tone.NO,
            title=QCoreApplication.translate("statement", "The file could not be read"),
            text=text.format(why=one.trouble[:1].upper() + one.trouble[1:].rstrip(".")) if one.trouble else "",
        )
    return None


def _facts(one: Statement, now: datetime) -> list[Fact]:
    who = f"{one.imported_by}, {moment(instant(one.imported_at), now)}"
    return [
        Fact(QCoreApplication.translate("statement", "Days"), _span(one, now)),
        Fact(QCoreApplication.translate("statement", "Paybill or Till"), one.shortcode),
        Fact(QCoreApplication.translate("statement", "Rows"), f"{one.lines:,}" if one.lines else ""),
        Fact(QCoreApplication.translate("statement", "Imported by"), who),
    ]


def _sum(one: Statement) -> tuple[str, Words | None, bool]:
    """Opening + in - out = closing, as the file itself says, and what it means where it does not add up."""
    if not (one.opening and one.closing):
        if one.state != "done":
            return "", None, True
        words = Words(
            QCoreApplication.translate("statement", "The file does not say what lay in the account"),
            QCoreApplication.translate("statement", "So nobody can tell whether lines are missing in it."),
        )
        return "", words, False
    line = f"{grouped(one.opening)} + {grouped(one.paid_in)} \u2212 {grouped(one.withdrawn).lstrip(chr(0x2212))}"
    if not has_gap(one):
        return f"{line} = {grouped(one.closing)}", None, True
    gap = grouped(one.balance_gap).lstrip("\u2212")
    words = Words(
        QCoreApplication.translate("statement", "The file does not add up: {gap} is unexplained").format(gap=gap),
        QCoreApplication.translate(
            "statement", "Lines are missing in the export. Export the same days once more, whole, and import that file."
        ),
    )
    return f"{line} \u2260 {grouped(one.closing)}", words, False


# ---------------------------------------------------------------- a file for a spreadsheet

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run: what begins as a formula gets an apostrophe; a plain number stays one."""
    if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def differences_csv(items: Iterable[Item]) -> str:
    """The list of differences for a spreadsheet: amounts plain, times in EAT."""
    made = io.StringIO()
    out = csv.writer(made, lineterminator="\r\n")
    out.writerow(
        (
            QCoreApplication.translate("statement", "What was found"),
            *item_heads(),
            QCoreApplication.translate("statement", "Remark"),
        )
    )
    for one in items:
        at = instant(one.at).astimezone(EAT).strftime("%Y-%m-%d %H:%M:%S") if one.at else ""
        row = "" if one.row is None else str(one.row)
        cells = (class_words(one.line_class)[0], one.receipt_no, at, one.here, one.there, row, one.owner, one.text)
        out.writerow([harmless(cell) for cell in cells])
    return made.getvalue()
